"""Several edits of one place that must say the same."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TypeVar

from tdmigrate.rewriting.misfit import Misfit

T = TypeVar("T")


def agreed(values: Iterable[T | None], what: str) -> T | None:
    """The one value that the edits agree on; None when none of them says any. ``Misfit`` when they differ."""
    said = {value for value in values if value is not None}
    if len(said) > 1:
        raise Misfit(f"two fixes want another {what}")
    return said.pop() if said else None
