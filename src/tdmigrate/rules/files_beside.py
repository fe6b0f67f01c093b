"""K325: names of files that other sources of the project save to, of which only their text is read."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping

from tdmigrate.rules.context import Context
from tdmigrate.understanding.elsewhere import Modules

_MOST = 200  # sources that are read
_LARGEST = 1_000_000  # bytes of one
_TEXT = r"[uUrR]?(['\"])(?P<name>[^'\"\n]+)\2"
_SAVES = re.compile(rf"(\.save_weights|\.save|\bModelCheckpoint)\(\s*(?:filepath\s*=\s*)?{_TEXT}(?P<rest>[^\n]*)")


def endings_beside(ctx: Context, weights: str, model: str) -> Mapping[str, set[str]]:
    """The names that such sources save to, each with the endings that Keras 3 wants for it."""
    found: dict[str, set[str]] = {}
    for text in _texts(ctx):
        for match in _SAVES.finditer(text):
            only = match[1] == ".save_weights" or (match[1] != ".save" and "save_weights_only=True" in match["rest"])
            found.setdefault(match["name"], set()).add(weights if only else model)
    return found


def _texts(ctx: Context) -> Iterator[str]:
    """The sources beside this one, and those of the project that it imports."""
    own = ctx.module.path
    if own.startswith("<") or own == "-":
        return
    folder = os.path.dirname(os.path.abspath(own))
    try:
        beside = [os.path.join(folder, name) for name in sorted(os.listdir(folder)) if name.endswith(".py")]
    except OSError:
        return
    paths = dict.fromkeys((*beside, *Modules(own).imported(ctx.module)))
    for path in list(paths)[:_MOST]:
        try:
            if os.path.samefile(path, own) or os.path.getsize(path) > _LARGEST:
                continue
            with open(path, "rb") as file:
                yield file.read().decode("utf-8", "replace")
        except OSError:
            continue
