"""Shapes with unknown dimensions: the field's `(batch, timesteps, features)`, as far as a source tells it.

A dimension is an ``int``, ``None`` (free: it may differ from batch to batch, as in Keras's own ``None``), or
``UNKNOWN`` (some fixed number that the source does not tell). A shape is a tuple of dimensions with the batch first, or
``None`` where not even the rank is known.
"""

from enum import Enum
from typing import Final


class Unknown(Enum):
    """A value the source does not tell."""

    UNKNOWN = "?"

    def __repr__(self) -> str:
        return "?"


UNKNOWN: Final = Unknown.UNKNOWN

Dim = int | None | Unknown
Dims = tuple[Dim, ...]


def show(dims: Dims | None) -> str:
    """``(None, 7, ?)`` as it stands in messages; ``?`` for a shape of unknown rank."""
    if dims is None:
        return "a shape of unknown rank"
    inner = ", ".join(str(d) if not isinstance(d, Unknown) else "?" for d in dims)
    return f"({inner},)" if len(dims) == 1 else f"({inner})"


def join_dim(a: Dim, b: Dim) -> Dim:
    """The one dimension that covers both: equal stays, free wins over all, else unknown."""
    if a is None or b is None:
        return None
    return a if a == b else UNKNOWN


def join(a: Dims | None, b: Dims | None) -> Dims | None:
    """The one shape that covers both; ranks that disagree give no rank."""
    if a is None or b is None or len(a) != len(b):
        return None
    return tuple(join_dim(x, y) for x, y in zip(a, b, strict=True))
