"""What a layer's weights are before anything is done: equal numbers, or numbers drawn alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

import numpy as np

from tdmigrate.keras1.entry import Layer
from tdmigrate.keras1.registry import lookup
from tdmigrate.keras1.versions import parse, since
from tdmigrate.understanding.calls import signature
from tdmigrate.verification.record import Array

_FEW: Final = 2  # numbers that chance may make alike
_SOME: Final = 16  # drawn numbers that are never all alike
_MANY: Final = 256  # drawn numbers that tell their deviation to 5 %
_WIDER: Final = 1.35  # times the deviation, which is another one: 6 times that error
_EVEN: Final = 1.9  # deviations that even numbers do not reach; 256 normal ones do but once in a million times
# names of initializations that hang on no size (keras/initializations.py of 1.2.2)
_FIXED: Final = frozenset(("uniform", "normal", "zero", "one"))


def settled(first: Array) -> Array:
    """A first weight in float64, NaN where it was drawn: neither Keras draws what the other does.

    Not drawn are those of a single value, vectors of 0 and 1 (the bias of fused gates) and multiples of the identity.
    """
    values = np.asarray(first, dtype="float64")
    alike = _is_alike(values)
    whole = bool(np.all((values == 0) | (values == 1)))
    is_square = values.ndim == 2 and values.shape[0] == values.shape[1]
    known = (
        (alike and (whole or values.size > _FEW))
        or (whole and values.ndim < 2)
        or (is_square and len(values) > 1 and np.array_equal(values, np.eye(len(values)) * values[0, 0]))
    )
    return values if known else np.full(values.shape, np.nan)


def hangs_on_no_size(config: Mapping[str, Any]) -> bool:
    """Whether a legacy layer with these settings draws all its weights by scales that are fixed."""
    given = [value for name, value in config.items() if name.endswith("init")]
    return bool(given) and all(value in _FIXED for value in given)


def gives_its_own(kind: str, config: Mapping[str, Any], release: str) -> bool:
    """Whether the source gives an initialization: the defaults of a release are kept in exact style alone."""
    entry = lookup(f"keras.layers.{kind}")
    if not isinstance(entry, Layer):
        return False
    form = signature(entry.signatures[since(tuple(entry.signatures), parse(release).lo)])
    given = [name for name in config if name.endswith("init") and name in form.names()]
    return any(form.default(name) != config[name] for name in given)


def is_by_style(kind: str, release: str, index: int) -> bool:
    """Whether exact style alone keeps how the weight with this index, in today's order, begins.

    1.2 made the recurrent kernels of LSTM and GRU by ``init`` (trap B4); what the source gives as ``inner_init`` stays.
    """
    return kind in ("LSTM", "GRU") and release >= "1.2" and index % 3 == 1


def is_other_chance(old: Array, new: Array, fixed: bool) -> bool:
    """Whether ``new`` was not drawn as ``old`` was: not at all or, with a scale that is ``fixed``, otherwise."""
    if old.size < _SOME or _is_alike(old):
        return False
    if _is_alike(new):
        return True
    if not fixed or old.size < _MANY:
        return False
    before, after = float(np.std(old)), float(np.std(new))
    is_even = [float(np.max(np.abs(one))) < _EVEN * scale for one, scale in ((old, before), (new, after))]
    return not before / _WIDER < after < before * _WIDER or is_even[0] is not is_even[1]


def _is_alike(values: Array) -> bool:
    return bool(np.all(values == values.flat[0])) if values.size else True
