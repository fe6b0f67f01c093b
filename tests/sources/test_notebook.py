"""Notebooks: their code as one module, and back into their JSON."""

from __future__ import annotations

import json
from difflib import unified_diff
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.findings import Span
from tdmigrate.sources import notebook
from tdmigrate.sources.notebook import Notebook
from tdmigrate.sources.text import SourceError

Cell = list[str] | str

PYTHON2 = {"kernelspec": {"display_name": "Python 2", "language": "python", "name": "python2"}}


def made(*cells: Cell, metadata: Any = None, indent: int | None = 1, ascii_only: bool = False, version: int = 4) -> str:
    name = "source" if version == 4 else "input"
    code: list[dict[str, Any]] = [{"cell_type": "code", "metadata": {}, "outputs": [], name: cell} for cell in cells]
    text = {"cell_type": "markdown", "metadata": {}, "source": ["keras `x = (`"]}
    holder = {"cells": [text, *code]}
    whole = {"metadata": metadata or {}, "nbformat": version, "nbformat_minor": 0}
    whole.update(holder if version == 4 else {"worksheets": [holder]})
    return json.dumps(whole, indent=indent, ensure_ascii=ascii_only) + "\n"


def sources(text: str) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(text)["cells"] if cell["cell_type"] == "code"]


def changed(old: str, new: str) -> list[str]:
    lines = unified_diff(old.split("\n"), new.split("\n"), n=0, lineterm="")
    return [line for line in lines if not line.startswith(("---", "+++", "@@"))]


def put(read: Notebook, old: str, new: str) -> str:
    assert old in read.module
    return notebook.put(read, read.module.replace(old, new))


TWO = (["import keras\n", "x = 'é'"], ["!ls\n", "y = 1\n"])


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize("ascii_only", [False, True])
def test_a_notebook_without_a_change_keeps_every_byte(version: int, indent: int | None, ascii_only: bool) -> None:
    text = made(*TWO, "z = 2", [], indent=indent, ascii_only=ascii_only, version=version)
    read = notebook.read(text)
    assert notebook.put(read, read.module) == text


def test_all_cells_are_one_module() -> None:
    read = notebook.read(made(*TWO, ["%%bash\n", "exit"], "z = 2"))
    assert read.module == (
        "import keras\nx = 'é'\n# tdmigrate-0-cell-2\n\"tdmigrate-0-2-1\"\ny = 1\n# tdmigrate-0-cell-4\nz = 2\n"
    )
    assert notebook.shown(read, read.module) == "import keras\nx = 'é'\n\n!ls\ny = 1\n\nz = 2\n"
    assert [(one.number, one.row) for one in notebook.cell_lines(read)] == [(1, 1), (2, 4), (4, 7)]


def test_only_changed_lines_change() -> None:
    text = made(*TWO)
    assert changed(text, put(notebook.read(text), "y = 1", "y = 2")) == ['-    "y = 1\\n"', '+    "y = 2\\n"']
    assert changed(text, put(notebook.read(text), "import keras\n", "import keras\nimport os\n")) == [
        '+    "import os\\n",'
    ]


@pytest.mark.parametrize("ascii_only", [False, True])
def test_new_lines_are_escaped_as_the_others(ascii_only: bool) -> None:
    text = made(*TWO, ascii_only=ascii_only)
    new = put(notebook.read(text), "x = 'é'", "x = 'éé'")
    assert sources(new)[0] == "import keras\nx = 'éé'"
    assert new.isascii() is ascii_only


def test_of_one_text_that_stays_one() -> None:
    text = made("x = 'é'\ny = 1", ascii_only=True)
    assert changed(text, put(notebook.read(text), "y = 1", "y = 2")) == [
        "-   \"source\": \"x = '\\u00e9'\\ny = 1\"", "+   \"source\": \"x = '\\u00e9'\\ny = 2\"",
    ]  # fmt: skip


def test_escapes_of_one_text_stay_as_they_are() -> None:
    text = made("x = 'a/b\\\\n'\ny = 1\nz = 'c/d'").replace("a/b", "a\\/b").replace("c/d", "c\\/d")
    assert put(notebook.read(text), "y = 1", "y = 2") == text.replace("y = 1", "y = 2")


def test_cells_of_nbformat_3_say_their_language() -> None:
    text = made("x = 1", "ls (", version=3)
    first, second = text.split('"input": "ls ("')
    read = notebook.read(f'{first}"language": "bash", "input": "ls ("{second}')
    assert read.module == "x = 1\n"


def test_a_last_line_gets_no_newline() -> None:
    text = made(["a = 1\n", "b = 2"], ["c = 3"])
    read = notebook.read(text)
    assert sources(put(read, "b = 2\n", "b = 2\nd = 4\n")) == ["a = 1\nb = 2\nd = 4", "c = 3"]
    assert sources(put(read, "a = 1\nb = 2\n", "")) == ["", "c = 3"]


def test_what_is_put_before_an_empty_cell_goes_into_it() -> None:
    read = notebook.read(made([], ["c = 3"]))
    assert sources(notebook.put(read, f"import os\n{read.module}")) == ["import os\n", "c = 3"]


def test_a_text_of_other_cells_is_refused() -> None:
    read = notebook.read(made(*TWO))
    with pytest.raises(ValueError, match="cell 1 would not end where it ended"):
        notebook.put(read, "x = 1\n")
    with pytest.raises(ValueError, match="'!ls' would be lost"):
        notebook.put(read, read.module.replace('"tdmigrate-0-2-1"\n', ""))


def test_a_kernel_of_python_2_becomes_one_of_python_3() -> None:
    about = {"name": "python", "pygments_lexer": "ipython2", "codemirror_mode": {"name": "ipython", "version": 2}}
    text = made("x = 1", metadata={**PYTHON2, "language_info": about})
    read = notebook.read(text)
    assert read.kernel is not None
    assert json.loads(notebook.put(read, read.module))["metadata"] == {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {**about, "pygments_lexer": "ipython3", "codemirror_mode": {"name": "ipython", "version": 3}},
    }


@pytest.mark.parametrize(
    "metadata", [{"kernelspec": {"name": "ir", "language": "R"}}, {"language_info": {"name": "R"}}]
)
def test_of_another_language_nothing_is_read(metadata: Any) -> None:
    assert notebook.read(made("x <- 1", metadata=metadata)).module == ""


@pytest.mark.parametrize("metadata", [None, [], {"kernelspec": None}, {"kernelspec": {"name": "python3"}}])
def test_without_a_language_it_is_python(metadata: Any) -> None:
    read = notebook.read(made("x = 1", metadata=metadata))
    assert (read.module, read.kernel) == ("x = 1\n", None)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "no JSON: Expecting value"),
        ('{"nbformat": 4', "no JSON"),
        ("[]", "no nbformat"),
        ('{"nbformat": "4"}', "no nbformat"),
        ('{"nbformat": 2}', "nbformat 2, not 3 or 4"),
        ('{"nbformat": 4, "cells": {}}', "no array"),
        ('{"nbformat": 4, "cells": [1]}', "no object"),
        ('{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}', "no text"),
        ('{"nbformat": 3, "worksheets": 3}', "no array"),
    ],
)
def test_what_is_no_notebook_is_refused(text: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        notebook.read(text)
    assert said in caught.value.error.message
    assert caught.value.error.code == "E903"


def test_json_that_is_nested_too_deeply_is_refused() -> None:
    with pytest.raises(SourceError) as caught:
        notebook.read("[" * 100_000)
    assert caught.value.error.code == "E904"


@pytest.mark.parametrize("cell", ["x = (", "x = '''", "f(\n  1,"])
def test_what_a_later_cell_would_close_is_refused(cell: str) -> None:
    with pytest.raises(SourceError) as caught:
        notebook.check_closed(notebook.read(made("a = 1", cell, ")\n'''\n")), "mend it")
    assert (caught.value.error.code, caught.value.error.cell) == ("E901", 2)


def test_rows_and_columns_are_those_of_a_cell() -> None:
    second = ["a = 1\n", "%time f(x)  # é\n", "b = !ls -l\n", "%time f(x); b\n"]
    read = notebook.read(made(["import os\n"], second, ["    %time f(x)\n"], [">>> a\n", ">>> f(x)\n"]))
    shown = notebook.shown(read, read.module).split("\n")
    lines = read.module.split("\n")
    rows = [row for row, line in enumerate(lines, 1) if "f(x)" in line]
    assert len(rows) == 4
    for row in rows:
        column = lines[row - 1].index("f(x)") + 1
        placed = notebook.place(read.cells, Span(row, column, row, column + 4))
        assert placed.row == row
        assert placed.column - 1 == shown[row - 1].index("f(x)")
        assert placed.end_column - placed.column == 4


def test_rows_of_the_json_text_are_known() -> None:
    text = made(["a = 1\n", "b = 2\n", "c = 3"], "d = 4\ne = 5", ["f = 6\ng = 7\n", "h = 8"])
    lines = text.split("\n")
    for cell in notebook.cell_lines(notebook.read(text)):
        for line, row in zip(notebook.read(text).module.split("\n")[cell.row - 1 :], cell.rows, strict=False):
            assert json.dumps(line)[1:-1] in lines[row - 1]


@pytest.mark.parametrize(
    ("cell", "new"),
    [
        ("a\r\nb\r\n", "a\r\nc\r\nd\r\n"),
        ("a\r\nb", "a\r\nc\r\nd"),
        ("a\nb", "a\nc\nd"),
        ("a\rb", "a\rc\rd"),
        ("a\r\na\nb", "a\r\na\nc\nd"),
    ],
)
def test_new_lines_have_the_newlines_of_their_cell(cell: str, new: str) -> None:
    read = notebook.read(made("x\n", cell, "y\r\n"))
    module = notebook.settle(read, read.module.replace("b", "c\nd"))
    assert sources(notebook.put(read, module)) == ["x\n", new, "y\r\n"]
    assert notebook.read(notebook.put(read, module)).module == module


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_a_last_line_that_goes_takes_its_newline_along(newline: str) -> None:
    read = notebook.read(made("x\n", f"a{newline}b", "y\n"))
    module = notebook.settle(read, read.module.replace("b\n", ""))
    assert sources(notebook.put(read, module)) == ["x\n", "a", "y\n"]
    assert notebook.read(notebook.put(read, module)).module == module


@pytest.mark.parametrize(("cell", "said"), [("a\nb = '\0'", "a NUL stands in it"), ("a\n'\ud800'", r"\ud800 alone")])
def test_what_no_source_can_hold_is_refused_where_it_stands(cell: str, said: str) -> None:
    with pytest.raises(SourceError) as caught:
        notebook.check_characters(notebook.read(made("'\U0001f600'", cell, ascii_only=True)))
    error = caught.value.error
    assert (error.code, error.cell, error.row) == ("E903", 2, 2)
    assert said in error.message


LINES = st.sampled_from(
    ["    a = 1", ">>> a", "... b", "In [1]: c", "   ...: d", "%time e", "  %time f  # g",
     "a = 1", "é = '\u2028\x0c'", "%m x", "y = !l", "", "  ", "%%time", "%%sh", "'''", "(", "# k", "\\", "x\r"]
)  # fmt: skip


@given(
    st.lists(st.lists(LINES).map("\n".join) | st.lists(LINES.map(lambda line: f"{line}\n"))), st.sampled_from([None, 1])
)
def test_any_notebook_comes_back(cells: list[Cell], indent: int | None) -> None:
    text = made(*cells, indent=indent)
    read = notebook.read(text)
    assert notebook.put(read, read.module) == text
    assert notebook.settle(read, read.module) == read.module
    assert len(notebook.shown(read, read.module).split("\n")) == len(read.module.split("\n"))
