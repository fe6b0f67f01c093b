"""Paths → the files to look at, in an order that is the same on every machine."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from tdmigrate.records import NamedTuple
from tdmigrate.results import FileResult
from tdmigrate.sources.text import SourceError, is_notebook

if TYPE_CHECKING:
    from mmap import mmap

    from tdmigrate.ignore import Patterns

SOURCES = (".py", ".pyw")
VENDORED = b"# Made by tdmigrate "  # begins what --vendor writes: never a source to migrate
# each stands for a whole family: val_samples is in nb_val_samples as well
_TRAINING = (
    b"nb_epoch", b"samples_per_epoch", b"val_samples", b"predict_classes", b"show_accuracy", b"fit_generator",
    b"train_on_batch", b"test_on_batch", b"evaluate_generator", b"predict_generator", b"save_weights",
)  # fmt: skip
FOLDERS = 2_000  # of a project that ``sources_under`` looks into
_LOCK = ".#"  # a broken link that Emacs puts next to a file being edited
JUNK = frozenset(
    {
        "__pycache__", "__pypackages__", "_build", ".bzr", "build", "buck-out", ".direnv", "dist", ".eggs", ".git",
        ".hg", ".ipynb_checkpoints", ".mypy_cache", "node_modules", ".nox", ".pants.d", ".pyenv", ".pytest_cache",
        ".pytype", ".ruff_cache", "site-packages", ".svn", ".tox", ".venv", "venv", ".vscode",
    }
)  # fmt: skip


class Found(NamedTuple):
    """A file to look at."""

    path: str  # as a user would type it
    named: bool  # by the user, not come upon in a folder


class Excludes(NamedTuple):
    """``--exclude``: patterns as in .gitignore, and the folder they start from."""

    base: str
    lines: tuple[str, ...] = ()


class Discovery(NamedTuple):
    files: tuple[Found, ...]
    errors: tuple[FileResult, ...]
    notes: tuple[str, ...]  # for standard error; they change no exit code


def may_hold_legacy(data: bytes | mmap) -> bool:
    """Whether a file can hold legacy Keras at all, told from its bytes (nearly none can)."""
    return data.find(b"keras") >= 0


def may_train(data: bytes | mmap) -> bool:
    """Whether a file without Keras can train or ask a model in the words of Keras 1, told from its bytes."""
    return any(data.find(word) >= 0 for word in _TRAINING)


def discover(paths: Sequence[str], excludes: Excludes) -> Discovery:
    """All files that ``paths`` (files and folders; none: the current folder) name or hold, each once."""
    return _Walk(excludes).run(paths or ["."])


def sources_under(folder: str, excludes: Excludes, below: bool) -> Iterator[str]:
    """Real paths of the Python sources in a folder, ``below``: and in those below, as ``discover`` finds them.

    What cannot be read is left out, and so is what lies beyond FOLDERS folders.
    """
    walk = _Walk(excludes)
    root = os.path.realpath(folder)
    todo = [(root, _above(root))]
    seen = 0
    while todo and seen < FOLDERS:
        seen += 1
        inner, patterns = todo.pop()
        try:
            entries = walk.entries(inner, inner == root, patterns)
        except OSError:
            continue
        if entries is None:
            continue
        yield from (os.path.realpath(entry.path) for entry in entries.files if entry.name.endswith(SOURCES))
        if below:
            todo.extend((entry.path, entries.patterns) for entry in reversed(entries.folders))


class _Entries(NamedTuple):
    """What is to be looked at in one folder, and the patterns that hold in those below."""

    files: tuple[os.DirEntry[str], ...]
    folders: tuple[os.DirEntry[str], ...]
    patterns: tuple[Patterns, ...]


class _Walk:
    def __init__(self, excludes: Excludes) -> None:
        self.files: list[Found] = []
        self.errors: list[FileResult] = []
        self.notes: list[str] = []
        self.seen: set[str] = set()
        self.named: set[str] = set()
        self.excludes: Patterns | None = None
        if excludes.lines:
            from tdmigrate.ignore import parse

            self.excludes = parse(excludes.lines, os.path.realpath(excludes.base))

    def run(self, paths: Sequence[str]) -> Discovery:
        self.named = {os.path.realpath(path) for path in paths if not os.path.isdir(path)}
        for path in paths:
            if os.path.isdir(path):
                self.folder(path)
            else:
                self.add(path, os.path.realpath(path))
        return Discovery(tuple(self.files), tuple(self.errors), tuple(self.notes))

    def add(self, path: str, real: str) -> None:
        if real in self.seen:
            return
        self.seen.add(real)
        named = real in self.named
        self.files.append(Found(path, named))

    def fail(self, path: str, refused: SourceError) -> None:
        self.errors.append(FileResult(path, error=refused.error))

    def folder(self, path: str) -> None:
        root = os.path.realpath(path)
        shown = path.rstrip("/") + "/" if path.strip("/") else path
        while shown.startswith("./"):
            shown = shown[2:].lstrip("/")
        any_source = False
        todo = [(root, shown, _above(root))]  # the next folder stands last
        while todo:
            folder, shown, patterns = todo.pop()
            try:
                entries = self.entries(folder, folder == root, patterns)
            except OSError as error:
                refused = SourceError(
                    "E902", None, f"cannot be read ({error.strerror})", "check the folder's permissions"
                )
                self.fail(shown or ".", refused)
                any_source = True
                continue
            if entries is None:
                continue
            for entry in entries.files:
                any_source = True
                self.add(shown + entry.name, os.path.realpath(entry.path) if entry.is_symlink() else entry.path)
            todo.extend((e.path, f"{shown}{e.name}/", entries.patterns) for e in reversed(entries.folders))
        if not any_source:
            self.notes.append(f"no Python files under {path}")

    def entries(self, folder: str, is_root: bool, patterns: tuple[Patterns, ...]) -> _Entries | None:
        """What is to be looked at in a folder; None: it is a virtual environment. Raises ``OSError``."""
        with os.scandir(folder) as scanned:
            entries = sorted(scanned, key=lambda entry: entry.name)
        names = {entry.name for entry in entries}
        if "pyvenv.cfg" in names and not is_root:
            return None
        if ".gitignore" in names:
            patterns = (*patterns, *_gitignore(folder))
        files, below = [], []
        for entry in entries:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if name not in JUNK and not self.left_out(entry.path, True, patterns):
                    below.append(entry)
            elif (name.endswith(SOURCES) or is_notebook(name)) and not name.startswith(_LOCK):
                link = entry.is_symlink() and os.path.isdir(entry.path)  # which does not raise, wherever it leads
                if not (link or self.left_out(entry.path, False, patterns)):
                    files.append(entry)
        return _Entries(tuple(files), tuple(below), patterns)

    def left_out(self, path: str, is_folder: bool, patterns: tuple[Patterns, ...]) -> bool:
        if self.excludes is not None and self.excludes.decide(path, is_folder):
            return True
        for level in reversed(patterns):
            decision = level.decide(path, is_folder)
            if decision is not None:
                return decision
        return False


def _gitignore(folder: str) -> tuple[Patterns, ...]:
    from tdmigrate.ignore import parse

    path = os.path.join(folder, ".gitignore")
    try:
        if not os.path.isfile(path):
            return ()  # a pipe would be waited for
        with open(path, "rb") as file:
            text = file.read().decode("utf-8-sig", "surrogateescape")
    except OSError:
        return ()
    return (parse(text.split("\n"), folder),)


def _above(root: str) -> tuple[Patterns, ...]:
    """The patterns of the folders above, up to the repository's root; none where they leave out ``root`` itself.

    (The user named it, so it is looked at.)
    """
    chain = [root]
    while not os.path.lexists(os.path.join(chain[-1], ".git")):
        parent = os.path.dirname(chain[-1])
        if parent == chain[-1]:
            return ()  # no repository
        chain.append(parent)
    chain.reverse()
    patterns: tuple[Patterns, ...] = ()
    for folder, child in pairwise(chain):
        if os.path.lexists(os.path.join(folder, ".gitignore")):
            patterns = (*patterns, *_gitignore(folder))
        for level in reversed(patterns):
            decision = level.decide(child, True)
            if decision is not None:
                if decision:
                    return ()
                break
    return patterns
