"""P205: files that are opened for text and are read as bytes, or the other way round; modes that are gone."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Final

from tdmigrate.findings import Added, ArgumentEdit, CallEdit, Finding
from tdmigrate.python2.base import FILES, GONE, Source
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.opened import OPENERS, calls_of_open, mode_of

_PICKLE: Final = frozenset(("pickle.load", "pickle.dump"))
_CSV: Final = frozenset(("csv.reader", "csv.DictReader", "csv.writer", "csv.DictWriter"))
_LATIN: Final = "what Python 2 pickled with bytes in it (arrays, too) loads with encoding='latin1' alone"


class Wanted(NamedTuple):
    """The mode that a file has to be opened in."""

    mode: str
    why: str
    newline: bool = False


def files(source: Source) -> Iterator[Finding]:
    wanted: dict[ast.Call, list[Wanted]] = {}
    calls = [node for node in source.nodes if isinstance(node, ast.Call)]
    for node in calls:
        name = source.full(node.func)
        if name in ("pickle.load", "pickle.loads") and len(node.args) == 1 and not node.keywords:
            edit = CallEdit(source.span(node), added=(Added("encoding", "'latin1'"),))
            yield source.one(FILES, node, _LATIN, edit)
        place = 1 if name == "pickle.dump" else 0
        if (name in _PICKLE or name in _CSV) and len(node.args) > place:
            file = node.args[place]
            for call in calls_of_open(source, [file] if isinstance(file, ast.Call) else source.origins(file)):
                _, mode = mode_of(call)
                if mode is not None:
                    wanted.setdefault(call, []).append(_wants(name, mode))
    for call, wants in wanted.items():
        yield from _modes(source, call, wants)
    for node in calls:
        if source.full(node.func) in (*OPENERS, "codecs.open"):
            mode = mode_of(node)[1]
            if all(one.mode == mode for one in wanted.get(node, ())):
                yield from _universal(source, node)
        if source.full(node.func) in (*OPENERS, "os.fdopen") and node not in wanted:
            yield from _unbuffered(source, node)


def _wants(name: str, mode: str) -> Wanted:
    """The mode that a call wants its file in, which was opened in another or the same."""
    if name in _PICKLE:
        if "b" in mode:
            return Wanted(mode, "pickle takes bytes")
        kept = mode.replace("U", "").replace("t", "") or "r"
        return Wanted(f"{kept}b", "pickle reads bytes" if name == "pickle.load" else "pickle writes bytes")
    if "b" not in mode:
        return Wanted(mode, "csv takes text")
    return Wanted(mode.replace("b", "").replace("U", "") or "r", "csv takes text", newline=True)


def _modes(source: Source, call: ast.Call, wants: list[Wanted]) -> Iterator[Finding]:
    index, mode = mode_of(call)
    for want in wants:
        if want.mode == mode:
            continue
        message = f"{want.why}: the mode is {want.mode!r} in Python 3"
        if len({one.mode for one in wants}) > 1:
            yield source.one(FILES, call, f"{message}, but what else uses the file wants another")
            return
        if want.newline and len(call.args) > 2:
            yield source.one(FILES, call, message)  # text is never without a buffer
            return
        added = (Added("newline", "''"),) if want.newline else ()
        if index is None:
            edit = CallEdit(source.span(call), added=(Added("mode", repr(want.mode)), *added))
        else:
            changed = ArgumentEdit(index, value=repr(want.mode))
            edit = CallEdit(source.span(call), arguments=(changed,), added=added)
        yield source.one(FILES, call, message, edit)
        return


def _universal(source: Source, call: ast.Call) -> Iterator[Finding]:
    index, mode = mode_of(call)
    if index is not None and mode is not None and "U" in mode:
        kept = mode.replace("U", "")
        new = kept if kept[:1] in ("r", "w", "a") and kept else f"r{kept}"
        edit = CallEdit(source.span(call), arguments=(ArgumentEdit(index, value=repr(new)),))
        yield source.one(GONE, call, f"Python 3.11 has no mode {mode!r}, text is read so anyway: write {new!r}", edit)


def _unbuffered(source: Source, call: ast.Call) -> Iterator[Finding]:
    _, mode = mode_of(call)
    size = call.args[2] if len(call.args) > 2 else None
    if mode is not None and "b" not in mode and isinstance(size, ast.Constant) and size.value == 0:
        edit = CallEdit(source.span(call), arguments=(ArgumentEdit(2, value="1"),))
        yield source.one(GONE, call, "Python 3 has no text without a buffer: 1 writes line by line", edit)
