from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tdmigrate.ignore import parse

FILES = (
    "a.py", "b.py", "x1.py", "x[1].py", "#h.py", "!n.py", "foo bar.py", "end ", "gen/a.py", "gen/deep/b.py",
    "src/gen/c.py", "src/a.py", "src/gen.py", "docs/build/a.py", "build", "a/b/c/d.py", "a/d.py", "ab.PY", "x-y.py",
)  # fmt: skip

CASES: list[tuple[str, ...]] = [
    ("a.py",),
    ("/a.py",),
    ("gen/",),
    ("gen",),
    ("src/gen",),
    ("/gen/",),
    ("*.py", "!a.py"),
    ("gen/*", "!gen/deep"),
    ("gen/", "!gen/deep/b.py"),  # nothing comes back out of a folder that is left out
    ("a/**/d.py",),
    ("**/gen/*.py",),
    ("a/**",),
    ("a/*",),
    ("x?.py",),
    ("x[0-9].py",),
    ("x[!0-9]y.py",),
    ("x[^a]y.py",),
    ("x\\[1\\].py",),
    ("\\#h.py",),
    ("#h.py",),
    ("\\!n.py",),
    ("foo bar.py  ",),
    ("end\\ ",),
    ("end ",),
    ("build/",),
    ("docs/build/",),
    ("*.py\r",),
    ("", "   ", "# only comments"),
    ("[a",),
    ("[z-a].py",),
    ("a\\",),
    ("[]a].py",),
    ("*b*",),
    ("**",),
    ("a**y",),
    ("/",),
    ("!a.py",),
    ("s?c/g*n",),
    ("a/b/**/d.py",),
]


def git(*arguments: str, stdin: str = "") -> str:
    clean = {"PATH": os.environ["PATH"], "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}
    return subprocess.run(["git", *arguments], input=stdin, capture_output=True, text=True, env=clean).stdout


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("repository")
    git("init", "-q", str(root))
    for name in FILES:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).touch()
    return root


@pytest.mark.parametrize("lines", CASES, ids="|".join)
def test_patterns_leave_out_what_git_leaves_out(repository: Path, lines: tuple[str, ...]) -> None:
    (repository / ".gitignore").write_bytes("\n".join(lines).encode() + b"\n")
    said = git("-C", str(repository), "check-ignore", "-z", "--no-index", "--stdin", stdin="\0".join(FILES))
    patterns = parse(lines, str(repository))

    def left_out(name: str) -> bool:
        parts = name.split("/")
        folders = ["/".join(parts[:depth]) for depth in range(1, len(parts))]
        return any(patterns.decide(f"{repository}/{folder}", True) for folder in folders) or bool(
            patterns.decide(f"{repository}/{name}", False)
        )

    assert {name for name in FILES if left_out(name)} == set(filter(None, said.split("\0")))


def test_nothing_said_is_told_from_kept() -> None:
    patterns = parse(["*.py", "!a.py"], "/base")
    assert patterns.decide("/base/a.py", False) is False
    assert patterns.decide("/base/b.py", False) is True
    assert patterns.decide("/base/c.txt", False) is None


def test_stars_without_end_match_nothing_and_cost_nothing() -> None:
    patterns = parse([f"{'a*' * 30}b", "*.pyc"], "/x")
    assert [patterns.decide(f"/x/{name}", False) for name in ("a" * 200, "c.pyc")] == [None, True]
