from __future__ import annotations

import ast

import pytest

from rewriting.places_of import fix, only, where
from tdmigrate.findings import Import, ImportEdit, StatementEdit, TextEdit
from tdmigrate.rewriting.apply import Misfit, apply
from tdmigrate.understanding.module import Module


def on_import(before: str, **what: object) -> str:
    kind = ast.ImportFrom if "from" in before else ast.Import
    return apply(before, [fix(ImportEdit(only(before, kind), **what))])  # type: ignore[arg-type]


EDITS = [
    # before, edit, after
    ("from m import a\n", {"module": "n.o"}, "from n.o import a\n"),
    ("from  m\timport (a)  # it\n", {"module": "n"}, "from  n\timport (a)  # it\n"),
    ("from m . o import a\n", {"module": "n"}, "from n import a\n"),
    ("from ..m import a\n", {"module": "n"}, "from n import a\n"),
    ("from . import a\n", {"module": "n"}, "from n import a\n"),
    ("from.import a\n", {"module": "n"}, "from n import a\n"),
    ("from m import *\n", {"module": "n"}, "from n import *\n"),
    ("from m import *\n", {"rename": ((0, "a, b"),)}, "from m import a, b\n"),
    ("from m import *\n", {"drop": (0,)}, ""),
    ("from m \\\n  import a\n", {"module": "n"}, "from n \\\n  import a\n"),
    ("from m import a, b\n", {"rename": ((1, "c"),)}, "from m import a, c\n"),
    ("from m import a as b\n", {"rename": ((0, "c as b"),)}, "from m import c as b\n"),
    ("from m import a, b, c\n", {"drop": (0,)}, "from m import b, c\n"),
    ("from m import a, b, c\n", {"drop": (1, 2)}, "from m import a\n"),
    ("from m import a, b, \\\n    c, d\n", {"drop": (1,)}, "from m import a, \\\n    c, d\n"),
    ("from m import a, b, \\\n    c\n", {"drop": (2,)}, "from m import a, b\n"),
    ("from m import a, \\\n    b, \\\n    c\n", {"drop": (1,)}, "from m import a, \\\n    c\n"),
    ("from m import (a,\n               b)\n", {"drop": (0,)}, "from m import (b)\n"),
    (
        "from m import (\n    a,  # one\n    b,  # two\n)\n",
        {"drop": (0,)},
        "from m import (\n    # one\n    b,  # two\n)\n",
    ),
    ("from m import (\n    a,\n    b,\n)\n", {"drop": (1,), "module": "n"}, "from n import (\n    a,\n)\n"),
    ("from m import (\n    a,\n    b,\n)\n", {"drop": (0, 1)}, ""),
    ("x\nfrom m import (  # why\n    a,  # one\n)\ny\n", {"drop": (0,)}, "x\n# why\n# one\ny\n"),
    ("x\nfrom m import a  # it\ny\n", {"drop": (0,)}, "x\n# it\ny\n"),
    ("from m import a, b\n", {"drop": (0, 1), "after": ("import c",)}, "import c\n"),
    ("from m import a, b  # it\n", {"drop": (0, 1), "after": ("import c",)}, "import c  # it\n"),
    ("from m import a, b  # it\n", {"drop": (0,), "after": ("import c",)}, "from m import b  # it\nimport c\n"),
    ("if a:\n\tfrom m import b\n", {"drop": (0,)}, "if a:\n\tpass\n"),
    ("if a:\n\tfrom m import b\n", {"drop": (0,), "after": ("import c",)}, "if a:\n\timport c\n"),
    ("try: from m import a\nexcept E: b\n", {"drop": (0,)}, "try: pass\nexcept E: b\n"),
    ("try: from m import a\nexcept E: b\n", {"module": "n"}, "try: from n import a\nexcept E: b\n"),
    (
        "try:\n  from m import (\n    a,  # it\n  )\nexcept E: b\n",
        {"drop": (0,)},
        "try:\n  # it\n  pass\nexcept E: b\n",
    ),
    ("def f():\n    from m import a; a()\n", {"drop": (0,)}, "def f():\n    a()\n"),
    ("import a, b\n", {"drop": (0,)}, "import b\n"),
    ("import a.b as c, d\n", {"rename": ((0, "e.f as c"),)}, "import e.f as c, d\n"),
    ("import a\n", {"drop": (0,), "after": ("from b import c", "import d")}, "from b import c\nimport d\n"),
    ("import a; import b\n", {"drop": (0,)}, "import b\n"),
    ("from m import (\r\n    a,\r\n    b,\r\n)\r\n", {"drop": (0,)}, "from m import (\r\n    b,\r\n)\r\n"),
]


@pytest.mark.parametrize(("before", "what", "after"), EDITS)
def test_an_import_is_rewritten_name_by_name(before: str, what: dict[str, object], after: str) -> None:
    assert on_import(before, **what) == after


def test_edits_of_one_import_add_up() -> None:
    before = "from m import a, b, c  # it\n"
    span = only(before, ast.ImportFrom)
    edits = [
        ImportEdit(span, module="n"),
        ImportEdit(span, drop=(1,), module="n"),
        ImportEdit(span, rename=((2, "d"),), after=("import e",)),
        ImportEdit(span, after=("import e",), drop=(1,)),
    ]
    assert apply(before, [fix(edit) for edit in edits]) == "from n import a, d  # it\nimport e\n"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ({"module": "n"}, {"module": "o"}),
        ({"rename": ((0, "b"),)}, {"rename": ((0, "c"),)}),
        ({"rename": ((0, "b"),)}, {"drop": (0,)}),
        ({"drop": (1,)}, {}),
        ({"rename": ((-1, "b"),)}, {}),
        ({"rename": ((0, "b c"),)}, {}),
    ],
)
def test_edits_of_an_import_that_cannot_be_are_refused(one: dict[str, object], other: dict[str, object]) -> None:
    before = "from m import a\n"
    span = only(before, ast.ImportFrom)
    with pytest.raises(Misfit):
        apply(before, [fix(ImportEdit(span, **one)), fix(ImportEdit(span, **other))])  # type: ignore[arg-type]


def test_a_plain_import_has_no_module_to_rename() -> None:
    with pytest.raises(Misfit):
        on_import("import a\n", module="n")


NEEDED = [
    # before (uses the name "old"), import, after
    ("from m import a\nold\n", Import("m", "b"), "from m import a, b\nnew\n"),
    ("from m import a  # it\nold\n", Import("m", "b"), "from m import a, b  # it\nnew\n"),
    ("from m import a\nold\n", Import("m", "b", "c"), "from m import a, b as c\nnew\n"),
    ("from m import a\nold\n", Import("m", "a"), "from m import a\nnew\n"),
    ("from m import (a  as b)\nold\n", Import("m", "a", "b"), "from m import (a  as b)\nnew\n"),
    ("from m import a as b\nold\n", Import("m", "a"), "from m import a as b, a\nnew\n"),
    ("from m import b, a\nfrom m import c\nold\n", Import("m", "d"), "from m import b, a, d\nfrom m import c\nnew\n"),
    ("from m import a\nfrom m import c\nold\n", Import("m", "c"), "from m import a\nfrom m import c\nnew\n"),
    ("from m import c, d, e\nold\n", Import("m", "a"), "from m import c, d, e, a\nnew\n"),
    ("from m import b, c, d, e\nold\n", Import("m", "a"), "from m import a, b, c, d, e\nnew\n"),
    ("from m import A, b, D, e\nold\n", Import("m", "C"), "from m import A, b, C, D, e\nnew\n"),
    ("from m import A, D, b, e\nold\n", Import("m", "C"), "from m import A, C, D, b, e\nnew\n"),
    ("from m import b, c, d, e\nold\n", Import("m", "f"), "from m import b, c, d, e, f\nnew\n"),
    (
        "from m import (\n    b,\n    c,\n)\nold\n",
        Import("m", "d"),
        "from m import (\n    b,\n    c,\n    d,\n)\nnew\n",
    ),
    (
        "from m import (\n    b,\n    c,\n    e,\n    f,  # last\n)\nold\n",
        Import("m", "d"),
        "from m import (\n    b,\n    c,\n    d,\n    e,\n    f,  # last\n)\nnew\n",
    ),
    (
        "from m import (a,\n               b)\nold\n",
        Import("m", "c"),
        "from m import (a,\n               b,\n               c)\nnew\n",
    ),
    ("from m import a, \\\n    b\nold\n", Import("m", "c"), "from m import a, \\\n    b, c\nnew\n"),
    ("from m import *\nold\n", Import("m", "a"), "from m import *\nfrom m import a\nnew\n"),
    ("from m import a\nold\n", Import("n", "b"), "from m import a\nfrom n import b\nnew\n"),
    ("import m\nold\n", Import("m", "a"), "import m\nfrom m import a\nnew\n"),
    ("import m\nold\n", Import("m"), "import m\nnew\n"),
    ("import m\nold\n", Import("m", None, "n"), "import m\nimport m as n\nnew\n"),
    ("import m as n, o\nold\n", Import("m", None, "n"), "import m as n, o\nnew\n"),
    ("from m import a\nold\n", Import("m"), "from m import a\nimport m\nnew\n"),
    ("old\n", Import("m", "a"), "from m import a\nnew\n"),
    (
        "#!/usr/bin/python\n# -*- coding: latin-1 -*-\n\nold\n",
        Import("m", "a"),
        "#!/usr/bin/python\n# -*- coding: latin-1 -*-\n\nfrom m import a\nnew\n",
    ),
    ("'''doc'''\nold\n", Import("m", "a"), "'''doc'''\nfrom m import a\nnew\n"),
    (
        "'''doc'''\nfrom __future__ import division\n\nold\n",
        Import("m", "a"),
        "'''doc'''\nfrom __future__ import division\nfrom m import a\n\nnew\n",
    ),
    ("@old\ndef f(): pass\n", Import("m", "a"), "from m import a\n@new\ndef f(): pass\n"),
    ("# it\nclass A(old): pass\n", Import("m", "a"), "# it\nfrom m import a\nclass A(new): pass\n"),
    ("if old: pass\n", Import("m", "a"), "from m import a\nif new: pass\n"),
    (
        "try:\n    from m import a\nexcept E:\n    pass\nold\n",
        Import("m", "b"),
        "from m import b\ntry:\n    from m import a\nexcept E:\n    pass\nnew\n",
    ),
    (
        "import x\ntry:\n    import y\nexcept E:\n    y = None\nimport z\nold\n",
        Import("m", "b"),
        "import x\ntry:\n    import y\nexcept E:\n    y = None\nimport z\nfrom m import b\nnew\n",
    ),
    (
        "import x\nx.seed(1)\nx.a['b'] = 1\n__all__ = []\nimport z\n\nold\n",
        Import("m", "b"),
        "import x\nx.seed(1)\nx.a['b'] = 1\n__all__ = []\nimport z\nfrom m import b\n\nnew\n",
    ),
    (
        "import x\n\na = x.f()\nimport z\nold\n",
        Import("m", "b"),
        "import x\nfrom m import b\n\na = x.f()\nimport z\nnew\n",
    ),
    ("import x; import y  # it\nold\n", Import("m", "b"), "import x; import y  # it\nfrom m import b\nnew\n"),
    ("import x; old\n", Import("m", "b"), "import x\nfrom m import b\nnew\n"),
    ("from __future__ import x; old\n", Import("m", "b"), "from __future__ import x\nfrom m import b\nnew\n"),
    # not in force where it is used
    ("old\nfrom m import a\n", Import("m", "b"), "from m import b\nnew\nfrom m import a\n"),
    ("import x\nold\nfrom m import a\n", Import("m", "a"), "import x\nfrom m import a\nnew\nfrom m import a\n"),
    ("def g():\n    from m import a\nold\n", Import("m", "b"), "from m import b\ndef g():\n    from m import a\nnew\n"),
    (
        "def g():\n    if a:\n        from m import a\n    old\n",
        Import("m", "b"),
        "from m import b\ndef g():\n    if a:\n        from m import a\n    new\n",
    ),
    (
        "class A:\n    from m import a\n    def f(): old\n",
        Import("m", "b"),
        "from m import b\nclass A:\n    from m import a\n    def f(): new\n",
    ),
    # a function with imports of its own
    (
        "import x\ndef g():\n    from m import a\n    old\n",
        Import("m", "b"),
        "import x\ndef g():\n    from m import a, b\n    new\n",
    ),
    (
        "from m import c\ndef g():\n    from m import a\n    old\n",
        Import("m", "b"),
        "from m import c, b\ndef g():\n    from m import a\n    new\n",
    ),
    (
        "def g():\n    from m import a\n    def h(): return old\n",
        Import("m", "a"),
        "def g():\n    from m import a\n    def h(): return new\n",
    ),
    ("import x\r\nold\r\n", Import("m", "b"), "import x\r\nfrom m import b\r\nnew\r\n"),
    ("import x\n\x0cold\n", Import("m", "b"), "import x\nfrom m import b\n\x0cnew\n"),
]


@pytest.mark.parametrize(("before", "needed", "after"), NEEDED)
def test_a_needed_name_is_imported(before: str, needed: Import, after: str) -> None:
    assert apply(before, [fix(TextEdit(where(before, "old"), "new"), imports=(needed,))]) == after


def test_new_imports_go_by_module_and_once() -> None:
    before = "import x\nold; old2\n"
    fixes = [
        fix(TextEdit(where(before, "old"), "new"), imports=(Import("m", "b"), Import("n", "c"))),
        fix(TextEdit(where(before, "old2"), "new2"), imports=(Import("m", "a"), Import("m", "b"), Import("o"))),
    ]
    after = "import x\nimport o\nfrom m import b, a\nfrom n import c\nnew; new2\n"
    assert apply(before, fixes) == after


def test_a_name_stands_before_its_first_use_of_all_fixes() -> None:
    before = "import x\nold\nfrom m import a\nold2\n"
    late = fix(TextEdit(where(before, "old2"), "new2"), imports=(Import("m", "b"),))
    early = fix(TextEdit(where(before, "old"), "new"), imports=(Import("m", "b"),))
    assert apply(before, [late]) == "import x\nold\nfrom m import a, b\nnew2\n"
    assert apply(before, [late, early]) == "import x\nfrom m import b\nnew\nfrom m import a\nnew2\n"


IMPORTS_AFTER_EDITS = [
    # before, edit of the import, needed, after
    ("from m.o import a\nold\n", {"module": "m"}, Import("m", "b"), "from m import a, b\nnew\n"),
    ("from m import a\nold\n", {"module": "n"}, Import("m", "b"), "from n import a\nfrom m import b\nnew\n"),
    ("from m import a, b\nold\n", {"drop": (1,)}, Import("m", "b"), "from m import a, b\nnew\n"),
    ("from m import a\nold\n", {"drop": (0,)}, Import("m", "b"), "from m import b\nnew\n"),
    ("from m import a\nold\n", {"drop": (0,)}, Import("n", "b"), "from n import b\nnew\n"),
    ("from m import a\nold\n", {"rename": ((0, "b"),)}, Import("m", "b"), "from m import b\nnew\n"),
    (
        "from m import a\nold\n",
        {"after": ("from n import b",)},
        Import("n", "b"),
        "from m import a\nfrom n import b\nnew\n",
    ),
    ("from m import a\nold\n", {"after": ("import n",)}, Import("n"), "from m import a\nimport n\nnew\n"),
    (
        "from m import a\nold\n",
        {"drop": (0,), "after": ("from n import b",)},
        Import("o", "b"),
        "from n import b\nfrom o import b\nnew\n",
    ),
    (
        "from m import (\n    a,  # it\n)\nold\n",
        {"drop": (0,)},
        Import("m", "b"),
        "from m import (\n    # it\n    b,\n)\nnew\n",
    ),
]


@pytest.mark.parametrize(("before", "what", "needed", "after"), IMPORTS_AFTER_EDITS)
def test_needed_names_see_the_imports_as_they_become(
    before: str, what: dict[str, object], needed: Import, after: str
) -> None:
    edit = ImportEdit(only(before, ast.ImportFrom), **what)  # type: ignore[arg-type]
    assert apply(before, [fix(TextEdit(where(before, "old"), "new"), imports=(needed,)), fix(edit)]) == after


def test_an_import_without_a_use_goes_to_the_top() -> None:
    assert apply("import x\ny\n", [fix(imports=(Import("m", "a"),))]) == "import x\nfrom m import a\ny\n"
    with pytest.raises(Misfit):
        apply("# nothing\n", [fix(imports=(Import("m", "a"),))])


def test_lines_and_imports_behind_one_statement_add_up() -> None:
    before = "import x\nold\n"
    fixes = [
        fix(StatementEdit(only(before, ast.Import), after=("x.start()",))),
        fix(TextEdit(where(before, "old"), "new"), imports=(Import("m", "b"),)),
    ]
    assert apply(before, fixes) == "import x\nfrom m import b\nx.start()\nnew\n"


def test_an_import_that_another_edit_takes_away_takes_no_names() -> None:
    before = "from m import a\nold\n"
    fixes = [
        fix(StatementEdit(only(before, ast.ImportFrom), before=("import o",), replace=True)),
        fix(TextEdit(where(before, "old"), "new"), imports=(Import("m", "a"),)),
    ]
    assert apply(before, fixes) == "import o\nfrom m import a\nnew\n"


JOINED = [
    # before, modules that the statements come from now by index, after
    ("from m import a\nfrom n import b\n", {0: "k", 1: "k"}, "from k import a, b\n"),
    ("from m import a\nimport x\n\nfrom n import b\ny\n", {0: "k", 2: "k"}, "from k import a, b\nimport x\n\ny\n"),
    ("from k import a\nfrom n import b\n", {1: "k"}, "from k import a, b\n"),
    ("from m import a\nfrom k import b\n", {0: "k"}, "from k import a, b\n"),
    ("from k import a\nfrom k import b\nfrom m import c\n", {2: "k"}, "from k import a, c\nfrom k import b\n"),
    ("from k import a\nfrom m import a, b\n", {1: "k"}, "from k import a, b\n"),
    ("from m import a  # one\nfrom n import b\n", {0: "k", 1: "k"}, "from k import a, b  # one\n"),
    ("from m import a\nfrom n import b  # two\n", {0: "k", 1: "k"}, None),
    ("from m import a\n# two\nfrom n import b\n", {0: "k", 1: "k"}, None),
    ("from m import a\nfrom n import (\n    b,  # two\n)\n", {0: "k", 1: "k"}, None),
    ("from m import (\n    a,\n)\nfrom n import b\n", {0: "k", 1: "k"}, "from k import (\n    a,\n    b,\n)\n"),
    (f"from m import a\n{'#' * 60}\nx = 1\nfrom n import b\n", {0: "k", 1: "k"}, None),
    ("from m import a\nx = 1\nfrom n import b\n", {0: "k", 1: "k"}, None),
    ("from m import a\nif x:\n    y\nfrom n import b\n", {0: "k", 1: "k"}, None),
    ("from m import a\nfrom x import b\nfrom n import b\n", {0: "k", 2: "k"}, None),
    ("from m import a\nimport b.c\nfrom n import b\n", {0: "k", 2: "k"}, None),
    ("from m import a\nfrom x import *\nfrom n import b\n", {0: "k", 2: "k"}, None),
    ("from m import *\nfrom n import b\n", {0: "k", 1: "k"}, None),
    ("from m import a\nfrom n import *\n", {0: "k", 1: "k"}, None),
    ("from m import a; x\nfrom n import b\n", {0: "k", 1: "k"}, None),
    ("from m import a\nfrom n import b; x\n", {0: "k", 1: "k"}, None),
    ("if x:\n\tfrom m import a\n\tfrom n import b\n", {0: "k", 1: "k"}, "if x:\n\tfrom k import a, b\n"),
    ("try: from m import a\nexcept E: from n import b\n", {0: "k", 1: "k"}, None),
    (
        "from m import abcdefghijklm, nopqrstuvwxyz\nfrom n import Abcdefghijklm, Nopqrstuvwxyz, alpha as beta\n",
        {0: "keras.layers", 1: "keras.layers"},
        "from keras.layers import (abcdefghijklm, nopqrstuvwxyz, Abcdefghijklm,\n"
        "                          Nopqrstuvwxyz, alpha as beta)\n",
    ),
    (
        "def f():\r\n\tfrom m import abcdefghijklm, nopqrstuvwxyz\r\n\tfrom n import Abcdefghijklm, Nopqrstuvwxyz\r\n",
        {0: "keras.layers", 1: "keras.layers"},
        "def f():\r\n\tfrom keras.layers import (abcdefghijklm, nopqrstuvwxyz, Abcdefghijklm,\r\n"
        "\t                          Nopqrstuvwxyz)\r\n",
    ),
]


@pytest.mark.parametrize(("before", "modules", "after"), JOINED)
def test_names_that_moved_to_one_module_come_in_one_statement(
    before: str, modules: dict[int, str], after: str | None
) -> None:
    module = Module(before)
    found = [node for node in ast.walk(module.tree) if isinstance(node, (ast.Import, ast.ImportFrom))]
    places = [module.span(node) for node in sorted(found, key=lambda node: node.lineno)]
    text = apply(before, [fix(ImportEdit(places[index], module=new)) for index, new in modules.items()])
    apart = before
    for old in ("m", "n"):
        apart = apart.replace(f"from {old} ", "from k ")
    assert text == (apart if after is None else after)
    ast.parse(text)


def test_of_many_imports_only_near_ones_are_joined() -> None:
    module = Module("".join(f"from m import a as b{index}\n" for index in range(250)))
    text = apply(module.text, [fix(ImportEdit(module.span(row), module="k")) for row in module.tree.body])
    assert [len(row.names) for row in ast.parse(text).body if isinstance(row, ast.ImportFrom)] == [100, 100, 50]
