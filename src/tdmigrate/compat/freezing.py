"""Models that train what was trainable when they were compiled, whatever `trainable` is set to later."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

_TRAINING = ("fit", "train_on_batch")


def keep_trainable(model: Any) -> None:
    """Let a compiled model train, until its next ``compile``, the weights that are trainable now.

    Keras 0.x and 1.1 to 1.2.2 took the list of these weights in ``compile`` (``_collected_trainable_weights`` of
    keras/engine/training.py of 1.2.2). Keras 3 looks at ``trainable`` when it makes a step of training.

    Args:
        model: a model that has just been compiled.
    """
    flags = [(layer, layer.trainable) for layer in model._flatten_layers()]
    genuine = {name: functools.partial(getattr(type(model), name), model) for name in (*_TRAINING, "compile")}
    for name in _TRAINING:
        setattr(model, name, _with(flags, genuine[name]))

    @functools.wraps(genuine["compile"])
    def compile(*args: Any, **keywords: Any) -> Any:
        for name in genuine:
            delattr(model, name)
        return genuine["compile"](*args, **keywords)

    model.compile = compile


def _with(flags: list[tuple[Any, bool]], train: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(train)
    def method(*args: Any, **keywords: Any) -> Any:
        with _set(flags):
            return train(*args, **keywords)

    return method


@contextmanager
def _set(flags: list[tuple[Any, bool]]) -> Iterator[None]:
    """Give each layer its flag; afterwards each has again what it had, or what was set meanwhile."""
    before = [(layer, layer.trainable) for layer, _ in flags]
    for layer, flag in flags:
        _give(layer, flag)
    try:
        yield
    finally:
        for (layer, flag), (_, earlier) in zip(flags, before, strict=True):
            if layer.trainable == flag:
                _give(layer, earlier)


def _give(layer: Any, flag: bool) -> None:
    """Set the flag of one layer; the setter of ``trainable`` sets those of the layers in it as well."""
    layer._trainable = flag
    for variable in layer._trainable_variables:
        variable.trainable = flag
