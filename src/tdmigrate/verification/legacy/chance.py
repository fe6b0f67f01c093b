"""Random numbers of Theano for a proof: numbers that hang on their place alone, which both sides draw alike.

What a Dropout sets to 0 and what a GaussianNoise adds are then the same in genuine Keras and in Keras 3
(verification/modern/chance.py has the same numbers), so that a step of training compares rates and scales as well.
"""

from __future__ import annotations

from typing import Any

from tdmigrate.verification.samples import RATIO, SPREAD


def install() -> None:
    """Replace what the generator draws that Keras 0.2–1.2 uses; call it after Theano is imported."""
    from theano.sandbox.rng_mrg import MRG_RandomStreams

    MRG_RandomStreams.uniform = _uniform
    MRG_RandomStreams.normal = _normal
    MRG_RandomStreams.binomial = _binomial


def _drawn(size: Any, dtype: str) -> Any:
    """Symbolic, of shape ``size``: the place in row-major order, from 1, times the golden ratio, whole part off."""
    import theano.tensor as T  # noqa: N812

    ndim = T.get_vector_length(size)
    steps = (T.arange(T.prod(T.as_tensor_variable(size))) + 1) * RATIO if ndim else T.constant(RATIO)
    values = steps - T.floor(steps)
    return T.cast(values.reshape(size, ndim=ndim) if ndim else values, dtype)


def _uniform(
    self: object, size: Any, low: Any = 0.0, high: Any = 1.0, ndim: Any = None, dtype: Any = None, nstreams: Any = None
) -> Any:
    return low + (high - low) * _drawn(size, _of(dtype))


def _normal(
    self: object, size: Any, avg: Any = 0.0, std: Any = 1.0, ndim: Any = None, dtype: Any = None, nstreams: Any = None
) -> Any:
    return avg + std * ((_drawn(size, _of(dtype)) - 0.5) * SPREAD)


def _binomial(
    self: object, size: Any = None, n: int = 1, p: Any = 0.5, ndim: Any = None, dtype: str = "int64",
    nstreams: Any = None,
) -> Any:  # fmt: skip
    import theano.tensor as T  # noqa: N812

    if n != 1:
        raise ValueError("a binomial of more than one trial is drawn, which Keras never did")
    return T.cast(_drawn(size, "float64") >= 1 - p, dtype)


def _of(dtype: str | None) -> str:
    import theano

    return str(dtype or theano.config.floatX)
