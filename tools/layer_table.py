"""Every layer of Keras 0.1-1.2, what it is in Keras 3, and what of it cannot be equal: docs/layers.md.

    python tools/layer_table.py [--check]

Reads the entries that the rules read. With --check nothing is written; exits 1 where the page is not what they say.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

from pages import DOCS, kept
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Caution, Dropped, Instead, Layer, Renamed, Spelling

PAGE = DOCS / "layers.md"
HEAD = """\
# The layers of Keras 0.1–1.2 in Keras 3

Written by `python tools/layer_table.py`, from the entries that tdmigrate's rules read. Outputs, loss and one step of
training are those of genuine Keras, but for what stands in the last column: there the report has a finding or a note
with the same words. The trap's number stands for the same change in every message.

| Keras 0.1–1.2 | releases | Keras 3 | what only a person can decide, or is told |
|---|---|---|---|
"""


def page() -> str:
    return HEAD + "".join(_row(entry) for entry in registry.all_entries() if isinstance(entry, Layer))


def _row(entry: Layer) -> str:
    releases = next(iter(entry.paths.values())).replace("-", "–")
    cells = (f"`{entry.name}`", releases, "; ".join(_spellings(entry)), "; ".join(dict.fromkeys(_told(entry))))
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _spellings(entry: Layer) -> Iterator[str]:
    if entry.keras3 is None:
        yield "(a person)"
        return
    yield f"`{entry.keras3.path}`"
    for one in entry.instead:
        yield f"{_where(one)} `{one.spelling.path}` ({_short(one.why)})"


def _where(one: Instead) -> str:
    words = [f"in {one.versions.replace('-', '–')}"] if one.versions else []
    if one.argument is not None:
        name, alike = one.argument
        words.append(f"where `{name}` is not {' or '.join(map(repr, alike))}")
    if one.masked:
        words.append("behind a mask")
    if one.backend:
        words.append(f"on {one.backend.capitalize()}")
    if one.styles:
        words.append(f"in {' and '.join(one.styles)} style")
    return " ".join(words) or "instead"


def _told(entry: Layer) -> Iterator[str]:
    if entry.person is not None:
        yield _short(entry.person)
    stands = {one.argument[0] for one in entry.instead if one.argument is not None}
    yield from _arguments(entry.keras3, stands)
    for caution in entry.inside:
        yield _caution(caution)
    for caution in entry.masked_inside:
        yield f"behind a mask: {_caution(caution)}"
    for one in entry.behind_mask:
        yield f"behind a mask, in {one.versions.replace('-', '–')}: {_short(one.why)}"
    for caution in entry.theano:
        yield f"on Theano: {_caution(caution)}"
    if entry.frozen is not None:
        yield f"`trainable`: {_short(entry.frozen)}"


def _arguments(spelling: Spelling | None, stands: set[str]) -> Iterator[str]:
    for name, parameter in spelling.parameters.items() if spelling is not None else ():
        if isinstance(parameter, Dropped) and (parameter.ask or parameter.note) and name not in stands:
            yield f"`{name}`: {_short(parameter.why)}{_trap(parameter.trap)}"
        elif isinstance(parameter, Renamed) and parameter.values is not None:
            for value, why in parameter.values.gone.items():
                yield f"`{name}={value!r}`: {_short(why)}{_trap(parameter.trap)}"


def _caution(caution: Caution) -> str:
    return f"`{caution.parameter}`: {_short(caution.note)}{_trap(caution.trap)}"


def _trap(number: str | None) -> str:
    return f" (trap {number})" if number else ""


def _short(text: str) -> str:
    return " ".join(text.split())


if __name__ == "__main__":
    sys.exit(kept(PAGE, page(), __doc__, "layer_table.py"))
