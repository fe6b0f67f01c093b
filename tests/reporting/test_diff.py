from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tdmigrate.reporting.diff import changes, unified
from tdmigrate.results import CellLines, FileResult

PAIRS = {
    "plain": ("a\nb\nc\n", "a\nB\nc\n"),
    "no final newline": ("a\nb", "a\nB"),
    "final newline added": ("a\nb", "a\nb\n"),
    "final newline gone": ("a\nb\n", "a\nb"),
    "windows newlines": ("a\r\nb\r\nc\r\n", "a\r\nB\r\nc\r\n"),
    "old Mac newlines": ("a\rb\rc", "a\rB\rc"),
    "mixed newlines": ("a\r\nb\nc\rd\n", "a\r\nB\nc\rd\n"),
    "separators inside lines": ("a\x0cb\u2028c\x1c\nx\n", "a\x0cB\u2028c\x1c\nx\n"),
    "far apart": ("".join(f"{n}\n" for n in range(99)), "".join(f"{n if n % 40 else -n - 1}\n" for n in range(99))),
    "all gone": ("a\n", ""),
    "diff syntax": ("--- a\n+++ b\n@@ -1 +1 @@\n", "--- a\n+++ c\n@@ -1 +1 @@\n"),
}
NAMES = ["m.py", "a dir/m n.py", "é日.py", 'q"uo\\te.py', "tab\tnew\nline.py", "\udcff.py", "-m.py"]


def test_golden() -> None:
    assert unified("./x/m.py", "a\nb", "a\nc\n") == (
        "--- a/x/m.py\n+++ b/x/m.py\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+c\n"
    )


def test_no_change_no_diff() -> None:
    assert unified("m.py", "a\nb", "a\nb") == ""


def test_a_file_that_is_new() -> None:
    assert unified("m.py", "", "a\n", created=True) == "--- /dev/null\n+++ b/m.py\n@@ -0,0 +1 @@\n+a\n"


def test_cells_with_any_newlines_read_line_by_line() -> None:
    cells = (CellLines(1, 1, ()), CellLines(2, 4, ()))
    old, new = "a\rb\r\n\nc\r\nd\r\n", "a\rB\r\n\nc\r\nd\r\n"
    file = FileResult("m.ipynb", old_text=old, new_text=new, old_cells=cells, new_cells=cells)
    assert changes(file) == "--- a/m.ipynb:cell 1\t\n+++ b/m.ipynb:cell 1\t\n@@ -1,2 +1,2 @@\n a\n-b\n+B\n"


def test_an_absolute_path_stays_below_the_prefix() -> None:
    assert unified("/srv/m.py", "a\n", "b\n").startswith("--- a/srv/m.py\n+++ b/srv/m.py\n")


@pytest.mark.parametrize("encoding", ["latin-1", "utf-8"])
@pytest.mark.parametrize("name", NAMES)
def test_the_head_is_ascii_whatever_the_name(name: str, encoding: str) -> None:
    head = unified(name, "é\n", "e\n").split("@@")[0]
    assert head.isascii()
    assert head.count("\n") == 2


GIT = ("git", "apply")
PATCH = ("patch", "-p1", "--binary", "-s", "-i")


@pytest.mark.parametrize(
    ("pair", "name", "command"),
    [
        *((pair, "m.py", command) for pair in PAIRS for command in (GIT, PATCH)),
        *(("plain", name, GIT) for name in NAMES),
        *(("plain", name, PATCH) for name in NAMES if "\n" not in name),  # which patch refuses of any diff
    ],
)
def test_patch_programs_take_it(pair: str, name: str, command: tuple[str, ...], tmp_path: Path) -> None:
    old, new = PAIRS[pair]
    file = tmp_path / name
    file.parent.mkdir(exist_ok=True)
    file.write_bytes(old.encode())
    change = tmp_path / "change.patch"
    change.write_bytes(unified(name, old, new).encode())
    subprocess.run([*command, str(change)], cwd=tmp_path, check=True, capture_output=True)
    assert (file.read_bytes() if file.exists() else b"") == new.encode()
