from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path

import pytest

from tdmigrate.discovery import JUNK, Discovery, Excludes, discover, may_hold_legacy


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def make(*names: str, text: str = "x = 1\n") -> None:
    for name in names:
        path = Path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(*paths: str, exclude: tuple[str, ...] = ()) -> list[str]:
    return [file.path for file in whole(*paths, exclude=exclude).files]


def whole(*paths: str, exclude: tuple[str, ...] = ()) -> Discovery:
    return discover(paths, Excludes(".", exclude))


def errors(discovery: Discovery) -> list[tuple[str, str, str]]:
    return [(e.path, e.error.code, e.error.message) for e in discovery.errors if e.error is not None]


def test_sources_of_a_folder_in_order() -> None:
    make("b.py", "a.pyw", "z/c.py", "m/d.py", "m/n/e.py", "readme.txt", "f.pyc", "py", "m.py")
    assert found(".") == found() == found("./") == ["a.pyw", "b.py", "m.py", "m/d.py", "m/n/e.py", "z/c.py"]
    assert found("m") == found("m/") == ["m/d.py", "m/n/e.py"]
    assert found("./m") == ["m/d.py", "m/n/e.py"]


def test_paths_are_shown_as_typed(tmp_path: Path) -> None:
    make("m/d.py")
    assert found(str(tmp_path)) == [f"{tmp_path}/m/d.py"]
    os.chdir("m")
    assert found("..") == ["../m/d.py"]
    assert found("../m/d.py") == ["../m/d.py"]


def test_named_paths_are_always_looked_at() -> None:
    make(".gitignore", text="*.py\n")
    make("a.py", "build/b.py", "script", ".venv/lib/c.py")
    assert found("a.py", "build", "script", ".venv/lib/c.py", exclude=("*",)) == [
        "a.py",
        "script",
        ".venv/lib/c.py",
    ]
    Path(".gitignore").unlink()
    assert found("a.py", "build", "script") == ["a.py", "build/b.py", "script"]


@pytest.mark.parametrize("folder", sorted(JUNK))
def test_junk_folders_are_left_out(folder: str) -> None:
    make("a.py", f"{folder}/b.py", f"deep/{folder}/c.py")
    assert found(".") == ["a.py"]
    assert found(folder) == [f"{folder}/b.py"]


def test_a_virtual_environment_is_known_whatever_its_name() -> None:
    make("a.py", "env38/pyvenv.cfg", "env38/lib/b.py")
    assert found(".") == ["a.py"]
    assert found("env38") == ["env38/lib/b.py"]


def test_each_file_comes_once_and_keeps_that_it_was_named() -> None:
    make("m/a.py", "m/b.py")
    Path("m/link.py").symlink_to("a.py")
    discovery = whole("m", "m/b.py", "m", "./m/b.py", "m/../m/a.py")
    assert [(file.path, file.named) for file in discovery.files] == [("m/a.py", True), ("m/b.py", True)]
    assert [(file.path, file.named) for file in whole("m").files] == [("m/a.py", False), ("m/b.py", False)]


def test_hard_links_are_files_of_their_own() -> None:
    make("a.py")
    os.link("a.py", "b.py")
    assert found(".") == ["a.py", "b.py"]


def test_links_to_folders_are_not_followed_so_cycles_end() -> None:
    make("m/a.py")
    Path("m/up").symlink_to("..")
    Path("m/self.py").symlink_to("../m")
    Path("other").symlink_to("m")
    assert found(".") == ["m/a.py"]
    assert found("other") == ["other/a.py"]  # named, so it is looked at


def test_a_linked_file_outside_is_looked_at() -> None:
    make("outside.py", "m/.keep")
    Path("m/in.py").symlink_to("../outside.py")
    assert found("m") == ["m/in.py"]


def test_gitignore_nested_and_negated() -> None:
    make(".gitignore", text="gen/\n*_pb2.py\n/top.py\n")
    make("m/.gitignore", text="!keep_pb2.py\nlocal.py\n")
    make("top.py", "m/top.py", "gen/a.py", "m/gen/b.py", "a_pb2.py", "keep_pb2.py", "m/keep_pb2.py", "m/local.py")
    make("local.py")
    assert found(".") == ["local.py", "m/keep_pb2.py", "m/top.py"]


def test_gitignore_of_the_folders_above_counts_in_a_repository() -> None:
    make(".gitignore", text="*_pb2.py\n")
    make("m/n/a_pb2.py", "m/n/a.py")
    assert found("m/n") == ["m/n/a.py", "m/n/a_pb2.py"]  # no repository: nothing says that the folder above bears on it
    Path(".git").mkdir()
    assert found("m/n") == ["m/n/a.py"]


def test_a_named_folder_that_git_ignores_is_looked_at() -> None:
    Path(".git").mkdir()
    make(".gitignore", text="generated/\n")
    make("generated/a.py", "generated/deep/b.py")
    assert found(".") == []
    assert found("generated") == ["generated/a.py", "generated/deep/b.py"]
    assert found("generated/deep") == ["generated/deep/b.py"]


def test_gitignore_with_hostile_bytes() -> None:
    Path(".gitignore").write_bytes(b"\xef\xbb\xbfa.py\r\n\xff\xfe\n[\n\\\n")
    make("a.py", "b.py")
    assert found(".") == ["b.py"]


def test_gitignore_that_is_a_folder() -> None:
    make(".gitignore/x", "a.py")
    assert found(".") == ["a.py"]


def test_exclude_is_as_in_gitignore_and_stands_above_it() -> None:
    make(".gitignore", text="!tests/\n")
    make("a.py", "tests/b.py", "m/tests/c.py", "m/d_old.py", "docs/conf.py")
    assert found(".", exclude=("tests/", "*_old.py", "/docs")) == ["a.py"]
    assert found("tests", exclude=("tests/*", "!tests/b.py")) == ["tests/b.py"]
    assert found("m", exclude=("/m/tests",)) == ["m/d_old.py"]  # from the folder of the settings, not the one named


def test_exclude_does_not_reach_beside_its_folder(tmp_path: Path) -> None:
    make("ab/a.py", "a/a.py")
    assert [f.path for f in discover(["."], Excludes("a", ("a.py",))).files] == ["ab/a.py"]


@pytest.mark.parametrize(
    ("kind", "message"),
    [("missing", "no such file or folder"), ("link", "is a broken link"), ("pipe", "is not a regular file")],
)
def test_what_cannot_be_read_is_left_to_its_turn(kind: str, message: str) -> None:
    if kind == "link":
        Path("a.py").symlink_to("nowhere")
    elif kind == "pipe":
        os.mkfifo("a.py")
    assert found("a.py") == ["a.py"]  # reading says what is wrong with it
    if kind != "missing":
        assert found(".") == ["a.py"]


def test_lock_files_of_editors_are_no_sources() -> None:
    make("a.py")
    Path(".#a.py").symlink_to("someone@somewhere.1234")
    assert found(".") == ["a.py"]


def test_an_unreadable_folder_is_an_error_and_the_others_are_done(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py", "m/b.py", "z/c.py")
    real = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("/m"):
            raise PermissionError(13, "Permission denied")
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)
    discovery = whole(".")
    assert [file.path for file in discovery.files] == ["a.py", "z/c.py"]
    assert errors(discovery) == [("m/", "E902", "cannot be read (Permission denied)")]


def test_a_folder_without_sources_is_noted() -> None:
    make("m/readme.txt", "n/a.py")
    assert whole("m", "n").notes == ("no Python files under m",)
    assert whole("m").errors == ()


def test_notebooks_are_sources() -> None:
    make("a.ipynb", "m/b.IPYNB", ".ipynb_checkpoints/a.ipynb", text="{}")
    make("d.py")
    assert [file.path for file in whole(".").files] == ["a.ipynb", "d.py", "m/b.IPYNB"]


def test_names_that_are_no_text() -> None:
    name = b"caf\xe9\n\x1b[31m.py"
    with open(name, "wb") as file:
        file.write(b"x = 1\n")
    assert found(".") == [os.fsdecode(name)]
    assert found(os.fsdecode(name)) == [os.fsdecode(name)]


def test_folders_deeper_than_python_recurses() -> None:
    make("d/" * 100 + "a.py")
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 60)
    try:
        paths = found(".")
    finally:
        sys.setrecursionlimit(limit)
    assert paths == ["d/" * 100 + "a.py"]


def test_byte_search() -> None:
    assert may_hold_legacy(b"from keras.layers.core import TimeDistributedDense\n")
    assert not may_hold_legacy(b"import torch\n")
    assert not may_hold_legacy(b"")


def test_a_link_that_leads_nowhere_hides_no_other_file() -> None:
    make("good.py", "t.txt")
    os.symlink("t.txt/x.py", "through.py")
    os.symlink("loop.py", "loop.py")
    os.symlink("a" * 300, "long.py")
    assert found(".") == ["good.py", "long.py", "loop.py", "through.py"]
    assert errors(whole(".")) == []


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes with names are of POSIX")
def test_a_pipe_is_not_waited_for() -> None:
    make("good.py")
    os.mkfifo(".gitignore")
    assert found(".") == ["good.py"]
