"""What Keras 3 runs on in a proof: TensorFlow, JAX or torch on the processor, each in float64.

A worker begins with the environment of its backend, for Keras reads it when it is imported; ``prepare`` comes then.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_COMMON = {"CUDA_VISIBLE_DEVICES": ""}
ENVIRONMENT = {
    "tensorflow": {**_COMMON, "TF_CPP_MIN_LOG_LEVEL": "3", "TF_ENABLE_ONEDNN_OPTS": "0"},
    "jax": {**_COMMON, "JAX_PLATFORMS": "cpu", "JAX_ENABLE_X64": "1"},
    "torch": _COMMON,
}

_Loss = Callable[[Any, Sequence[Any]], Any]


def prepare() -> None:
    """Have Keras, imported by now, compute in float64 whatever its backend would make of it by itself."""
    import keras

    from tdmigrate.verification.modern import kernels, precision

    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    if keras.config.backend() == "tensorflow":
        from keras.src.backend import nn

        kernels.install(nn)
        precision.keep_double()
    else:
        precision.keep_double_anywhere()


def differentiate(model: Any, inputs: Any, training: bool, loss: _Loss) -> tuple[float, list[Any]]:
    """The loss, and its gradient by each trainable variable; the others move as in that phase.

    ``loss``: of the model's outputs and of what its regularisation adds, a scalar tensor in float64.
    """
    import keras

    ways = {"tensorflow": _tensorflow, "jax": _jax, "torch": _torch}
    value, gradients = ways[keras.config.backend()](model, inputs, training, loss)
    return float(value), gradients


def _tensorflow(model: Any, inputs: Any, training: bool, loss: _Loss) -> tuple[Any, list[Any]]:
    import tensorflow as tf

    with tf.GradientTape() as tape:
        value = loss(model(inputs, training=training), model.losses)
    variables = [one.value for one in model.trainable_variables]
    found = tape.gradient(value, variables, unconnected_gradients="zero")
    return value, [tf.convert_to_tensor(one) for one in found]  # of an Embedding only the rows that were used


def _jax(model: Any, inputs: Any, training: bool, loss: _Loss) -> tuple[Any, list[Any]]:
    import jax

    def of(trainable: Any, others: Any) -> tuple[Any, Any]:
        outputs, moved, losses = model.stateless_call(
            trainable, others, inputs, training=training, return_losses=True
        )
        return loss(outputs, losses), moved

    variables = [one.value for one in model.trainable_variables]
    others = [one.value for one in model.non_trainable_variables]
    (value, moved), gradients = jax.value_and_grad(of, has_aux=True)(variables, others)
    for variable, new in zip(model.non_trainable_variables, moved, strict=True):
        variable.assign(new)
    return value, gradients


def _torch(model: Any, inputs: Any, training: bool, loss: _Loss) -> tuple[Any, list[Any]]:
    import torch

    variables = [one.value for one in model.trainable_variables]
    for one in variables:
        one.grad = None
    value = loss(model(inputs, training=training), model.losses)
    value.backward()
    gradients = [torch.zeros_like(one) if one.grad is None else one.grad for one in variables]
    return value.detach(), gradients
