from __future__ import annotations

import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tdmigrate.config import ConfigError, Settings, settings, split
from tdmigrate.discovery import Excludes


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(autouse=True)
def _rules(monkeypatch: pytest.MonkeyPatch) -> None:
    registry = ModuleType("tdmigrate.rules.registry")
    registry.codes = lambda: ("TD001", "TD006", "K101", "K201")  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "tdmigrate.rules.registry", registry)


def write(text: str, path: str = "pyproject.toml") -> str:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    Path(path).write_text(text)
    return path


def read(*paths: str, config: str | None = None, isolated: bool = False, **options: Any) -> Settings:
    return settings(options, paths, config, isolated)


def refusal(*paths: str, config: str | None = None, **options: Any) -> str:
    with pytest.raises(ConfigError) as caught:
        read(*paths, config=config, **options)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def codes(option: str, name: str) -> dict[str, Any]:
    return {option: (name,)}


def test_defaults_are_those_of_the_contract() -> None:
    assert read() == Settings(
        mode="check",
        verify=False,
        require_proof=False,
        select=(),
        ignore=(),
        style="faithful",
        unsafe_fixes=False,
        td_style="auto",
        keras_version="auto",
        source_backend="auto",
        output_format="text",
        jobs=0,
    )


def test_every_key_of_pyproject(tmp_path: Path) -> None:
    write(
        """
        [tool.tdmigrate]
        verify = true
        require-proof = true
        select = ["TD", "K1"]
        ignore = ["K101"]
        style = "exact"
        unsafe-fixes = true
        td-style = "dense"
        keras-version = "1.2"
        source-backend = "theano"
        from-keras2 = true
        output-format = "concise"
        jobs = 3
        exclude = ["old/"]
        legacy-path = "keras1"
        """
    )
    assert read(config="pyproject.toml") == Settings(
        mode="check",
        verify=True,
        require_proof=True,
        select=("TD", "K1"),
        ignore=("K101",),
        style="exact",
        unsafe_fixes=True,
        td_style="dense",
        keras_version="1.2",
        source_backend="theano",
        from_keras2=True,
        output_format="concise",
        jobs=3,
        exclude=Excludes(str(tmp_path), ("old/",)),
        legacy_path=str(tmp_path / "keras1"),
        source="pyproject.toml",
    )


def test_a_discovered_file_makes_nothing_run_or_be_written() -> None:
    write(
        '[project]\nname = "verify = true"\n\n[tool.tdmigrate]\nstyle = "exact"\nverify = true\n'
        'legacy-path = "lib"\nvendor = "os.path"\nreport = "~/.bashrc"\nwrite = true\n'
    )
    found = read()
    assert found._replace(source=None, warnings=()) == Settings(style="exact")
    places = [warning.partition(" is ignored")[0] for warning in found.warnings]
    path = os.path.abspath("pyproject.toml")
    assert places == [
        f"{path}:6: `verify`", f"{path}:7: `legacy-path`", f"{path}:8: `vendor`", f"{path}:10: `write`",
        f"{path}:9: `report`",
    ]  # fmt: skip
    assert "--verify on the command line" in found.warnings[0]
    assert "--config" in found.warnings[0]
    assert "--config" not in found.warnings[-1]  # no file may say this


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("# tdmigrate\n\ntool.tdmigrate.verify = true\n", 3),
        ("[tool]\ntdmigrate = {style = 'exact', 'verify' = true}\n", 2),
        ('[tool.tdmigrate]\n"\\u0076erify" = true\n', 1),  # the key in other letters: the table's row
    ],
)
def test_the_row_of_an_ignored_setting(text: str, row: int) -> None:
    write(text)
    found = read()
    assert not found.verify
    assert [warning.split(": ")[0].rpartition(":")[2] for warning in found.warnings] == [str(row)]


def test_the_command_line_stands_above_the_file() -> None:
    write('[tool.tdmigrate]\nstyle = "exact"\nverify = true\nselect = ["TD"]\n')
    merged = read(style="modern", verify=False, select=("K1",), jobs=None, config="pyproject.toml")
    assert (merged.style, merged.verify, merged.select, merged.jobs) == ("modern", False, ("K1",), 0)


def test_isolated_reads_nothing() -> None:
    write("[tool.tdmigrate]\nnonsense")
    assert read(isolated=True) == Settings()


def test_the_nearest_file_that_has_the_table_counts() -> None:
    write('[tool.tdmigrate]\nstyle = "exact"\n')
    write('[project]\nname = "b"\n', "m/pyproject.toml")
    write('[tool.tdmigrate]\nstyle = "modern"\n', "m/n/pyproject.toml")
    write("", "m/n/a.py")
    write("", "m/o/b.py")
    assert read("m").style == "exact"
    assert read("m/n").style == read("m/n/a.py").style == "modern"
    assert read("m/n/a.py", "m/o").style == "exact"  # from the folder they share
    assert read("m/n/missing.py").style == "modern"


def test_a_file_that_is_named_is_read_whatever_its_name() -> None:
    write('[tool.tdmigrate]\nstyle = "modern"\n')
    write('[tool.tdmigrate]\nstyle = "exact"\n', "other.toml")
    assert read(config="other.toml").style == "exact"


@pytest.mark.parametrize("header", ["[tool.tdmigrate]", "[ tool . tdmigrate ]", '[tool]\n[tool."tdmigrate"]'])
def test_the_table_in_any_spelling(header: str) -> None:
    write(f'{header}\nstyle = "exact"\n')
    assert read().style == "exact"


def test_toml_is_not_loaded_for_a_file_that_has_no_table(monkeypatch: pytest.MonkeyPatch) -> None:
    write('[project]\nname = "other"\n')
    monkeypatch.setitem(sys.modules, "tomllib", None)
    monkeypatch.setitem(sys.modules, "tomli", None)
    assert read() == Settings()


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("styles = 'exact'", ("styles", "did you mean style?")),
        ("unsafe_fixes = true", ("unsafe_fixes", "did you mean unsafe-fixes?")),
        ("qwerty = 1", ("qwerty", "known are verify")),
        ("style = 'old'", ("style", "must be one of modern, faithful, exact", "'old'")),
        ("style = 3", ("style", "3")),
        ("style = []", ("style", "[]")),
        ("verify = 1", ("verify", "true or false")),
        ("verify = 'yes'", ("verify", "true or false")),
        ("jobs = true", ("jobs", "whole number")),
        ("jobs = -1", ("jobs", "whole number")),
        ("jobs = 1.5", ("jobs", "whole number")),
        ("select = 'TD'", ("select", "list of strings")),
        ("exclude = [1]", ("exclude", "list of strings")),
        ("select = ['']", ("select", "list of strings")),
        ("legacy-path = 1", ("legacy-path", "a string")),
        ("keras-version = 1.2", ("keras-version", "1.2")),
        ("style = ", ("is not TOML",)),
        ("source = 'x'", ("source", "no such setting")),
        ("mode = 'write'", ("mode", "no such setting")),
    ],
)
def test_what_is_wrong_is_named_with_its_file_and_key(line: str, names: tuple[str, ...]) -> None:
    write(f"[tool.tdmigrate]\n{line}\n")
    message = refusal(config="pyproject.toml")
    assert "pyproject.toml" in message
    for name in names:
        assert name in message


@pytest.mark.parametrize("text", ["[tool]\ntdmigrate = 3\n", "tool = 'tdmigrate'\n[a]\n"])
def test_a_table_that_is_none(text: str) -> None:
    write(text)
    if "= 3" in text:
        assert "must be a table" in refusal()
    else:
        assert read() == Settings()


def test_a_file_of_bytes_that_are_no_text() -> None:
    Path("pyproject.toml").write_bytes(b"# tdmigrate \xff\n")
    assert "is not TOML" in refusal()


@pytest.mark.parametrize("text", [None, "", "[project]\n", "[project]\nname = 'tdmigrate'\n"])
def test_a_named_file_must_be_there_and_have_the_table(text: str | None) -> None:
    if text is not None:
        write(text, "my.toml")
    message = refusal(config="my.toml")
    assert message.startswith("my.toml: ")
    assert ("cannot be read" in message) == (text is None)


def test_the_nearest_file_that_cannot_be_read_is_an_error() -> None:
    Path("pyproject.toml").mkdir()
    assert "cannot be read" in refusal()


@pytest.mark.parametrize("name", ["T", "TD", "TD0", "TD001", "K", "K1", "K201"])
@pytest.mark.parametrize("option", ["select", "ignore"])
def test_codes_and_prefixes(option: str, name: str) -> None:
    merged = read(**codes(option, name))
    assert getattr(merged, option) == (name,)


@pytest.mark.parametrize(
    ("name", "hint"),
    [("TD002", "did you mean TD0"), ("td001", "did you mean TD001?"), ("TDD001", "TD001"), ("F401", "tdmigrate rules")],
)
@pytest.mark.parametrize("option", ["select", "ignore"])
def test_unknown_codes(option: str, name: str, hint: str) -> None:
    message = refusal(**codes(option, name))
    assert message.startswith(f"--{option}: no rule has the code {name}; ")
    assert hint in message


@pytest.mark.parametrize("option", ["select", "ignore"])
def test_errors_can_be_neither_selected_nor_hidden(option: str) -> None:
    assert "always reported" in refusal(**codes(option, "E901"))


def test_unknown_codes_in_the_file() -> None:
    write("[tool.tdmigrate]\nselect = ['TDX']\n")
    assert "TDX" in refusal()


def test_require_proof_needs_verify() -> None:
    assert "--verify" in refusal(require_proof=True)
    assert read(require_proof=True, verify=True).require_proof
    write("[tool.tdmigrate]\nrequire-proof = true\n")
    assert read().require_proof  # waits for a run that verifies


def test_split() -> None:
    assert split(" TD001, K2 ,,") == ("TD001", "K2")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX")
def test_a_pipe_is_not_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    os.mkfifo("pyproject.toml")
    with pytest.raises(ConfigError, match="is no regular file"):
        settings({}, (), None, False)
