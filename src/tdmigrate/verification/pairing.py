"""Which layer of the new model has the weights of which layer of the old one."""

from __future__ import annotations

import re
from collections.abc import Sequence

from tdmigrate.records import NamedTuple


class Named(NamedTuple):
    """A layer that has weights."""

    name: str
    kinds: tuple[str, ...]  # the names of its class, and of that of the layer it wraps


def pairs(old: Sequence[Named], new: Sequence[Named]) -> list[int]:
    """For each old layer the index of its new one: of that with the same name, else the next in order of creation.

    Names that Keras made up don't count: "dense_1" is the first of Keras 1 and the second of Keras 3. The list is
    shorter than ``old`` where new layers are too few.
    """
    named = {one.name: index for index, one in enumerate(new) if not _is_made_up(one)}
    named = {name: index for name, index in named.items() if sum(one.name == name for one in new) == 1}
    same = {
        index: named[one.name]
        for index, one in enumerate(old)
        if one.name in named and not _is_made_up(one) and sum(other.name == one.name for other in old) == 1
    }
    rest = (index for index in range(len(new)) if index not in same.values())
    found = []
    for index in range(len(old)):
        partner = same[index] if index in same else next(rest, None)
        if partner is None:
            break
        found.append(partner)
    return found


def _is_made_up(layer: Named) -> bool:
    """Keras 1 takes the class in small letters, Keras 3 with underscores, and both may add a number."""
    stem = re.sub(r"(_\d+)+$", "", layer.name).replace("_", "")
    return stem in {kind.lower() for kind in layer.kinds}
