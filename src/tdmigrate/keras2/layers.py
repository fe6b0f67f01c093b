"""Layers of Keras 2 whose arguments Keras 3 refuses, or takes otherwise."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import inf

from tdmigrate.keras1.entry import Dropped, Function, Parameter, Renamed, Shaped, Text, Values, Weights, Written
from tdmigrate.keras2.modules import PUBLIC
from tdmigrate.keras2.words import ACTIVATION, Silent, function

LAYER = "layer"

# what any layer took
_ANY: Mapping[str, Parameter] = {
    "input_shape": Shaped(),
    "batch_input_shape": Shaped(),
    "input_dim": Shaped(),
    "input_length": Shaped(),
    "input_dtype": Shaped(),
    "weights": Weights(),
    "batch_size": Dropped("`keras.Input(batch_size=…)` takes it", ask=True, harmless=(None,)),
    "dynamic": Dropped(
        "Keras 3 runs every layer so, or none: `compile(run_eagerly=True)`", ask=True, harmless=(False,)
    ),
    "experimental_autocast": Dropped("it is `autocast` now", ask=True, harmless=(True,)),
    "activation": Renamed("activation", ACTIVATION),
    "recurrent_activation": Renamed("recurrent_activation", ACTIVATION),
}

_RECURRENT = "units, activation='tanh', {}use_bias=True"
_GATED = _RECURRENT.format("recurrent_activation='sigmoid', ")
_TIME: Mapping[str, Parameter] = {
    "time_major": Dropped(
        "Keras 3 takes (samples, timesteps, features) only: transpose what goes in and what comes out",
        ask=True,
        harmless=(False,),
    )
}
_BATCHES: Mapping[str, Parameter] = {
    "fused": Dropped("it chose an implementation, which Keras 3 does itself"),
    "virtual_batch_size": Dropped("Keras 3 takes all of a batch together", ask=True, harmless=(None,)),
    "adjustment": Dropped("Keras 3 does not adjust", ask=True, harmless=(None,)),
}

# name → positional parameters, and what it has besides what any layer has
_OWN: Mapping[str, tuple[str, Mapping[str, Parameter]]] = {
    "Activation": ("activation", {}),
    "Dense": ("units, activation=None", {}),
    "LSTM": (_GATED, _TIME),
    "GRU": (_GATED, _TIME),
    "SimpleRNN": (_RECURRENT.format(""), _TIME),
    "RNN": ("cell", _TIME),
    "BatchNormalization": ("axis=-1, momentum=0.99, epsilon=0.001", _BATCHES),
    "LeakyReLU": ("alpha=0.3", {"alpha": Renamed("negative_slope")}),
    # it is the number of ids; Keras 3 takes its `weights`
    "Embedding": ("input_dim, output_dim", {}),
}

_MODERN = {"LeakyReLU": "negative_slope=0.3"}
_LESS = {"Embedding": ("input_dim", "weights")}

_THRESHOLDED = function(
    "ThresholdedReLU",
    "keras.layers.ThresholdedReLU",
    LAYER,
    "theta=1.0",
    "keras.layers.ReLU",
    # Keras 3's ReLU takes no negative threshold
    {**_ANY, "theta": Renamed("threshold", Values(bounds=(0, inf)), pin=True)},
    "max_value=None, negative_slope=0.0, threshold=0.0, **kwargs",
)


def _cudnn(name: str, written: tuple[Written, ...]) -> Function:
    return function(
        f"CuDNN{name}",
        f"keras.layers.CuDNN{name}",
        LAYER,
        "units",
        f"keras.layers.{name}",
        {**_ANY, **_TIME},
        "units, **kwargs",
        written,
    )


_SIGMOID = Written("recurrent_activation", Text("'sigmoid'"), "")

RENAMED: tuple[Function, ...] = (
    _THRESHOLDED,
    _cudnn("LSTM", (_SIGMOID,)),
    _cudnn("GRU", (_SIGMOID, Written("reset_after", Text("True"), ""))),
)

# layers that Keras 1 had not → what of it stood in a model as they do
ALIKE: Mapping[str, str] = {
    **{
        f"keras.layers.{module}CuDNN{name}": f"keras.layers.{name}"
        for name in ("GRU", "LSTM")
        for module in ("", "cudnn_recurrent.")
    },
    **{f"keras.layers.{name}": "keras.layers.advanced_activations.ELU" for name in ("ReLU", "Softmax")},
    **{
        f"keras.layers.{short}{axes}D": f"keras.layers.{long}{axes}D"
        for axes in (1, 2, 3)
        for short, long in (("AvgPool", "AveragePooling"), ("MaxPool", "MaxPooling"))
    },
    **{
        f"keras.layers.Global{short}{axes}D": f"keras.layers.Global{long}{axes}D"
        for axes in (1, 2, 3)
        for short, long in (("AvgPool", "AveragePooling"), ("MaxPool", "MaxPooling"))
    },
}

_NOT_LAYERS = frozenset(("Input", "InputLayer", "InputSpec", "Layer", "Wrapper"))

_HARD = (
    "Keras 2.0–2.2, and TensorFlow 1, had recurrent_activation='hard_sigmoid' by default; Keras 3 has 'sigmoid', as "
    "2.3 had: other numbers from the same weights"
)
_RESET = (
    "Keras 2.0–2.3, and TensorFlow 1, had reset_after=False by default; Keras 3 has True, as tf.keras of TensorFlow 2 "
    "had: other weights and other numbers"
)
SILENT: Mapping[str, tuple[Silent, ...]] = {
    "LSTM": (Silent(("recurrent_activation",), _HARD),),
    "GRU": (Silent(("recurrent_activation",), _HARD), Silent(("reset_after",), _RESET)),
    "ConvLSTM2D": (Silent(("recurrent_activation",), _HARD),),
}


def as_in_keras3(parameters: Mapping[str, Parameter]) -> Mapping[str, Parameter]:
    """Without the values that mean something else in Keras 3."""
    return {
        name: one._replace(values=None) if isinstance(one, Renamed) and one.values is ACTIVATION else one
        for name, one in parameters.items()
    }


@cache
def layer(name: str) -> Function | None:
    """The entry of a layer that Keras 3 has under its name; None: there is none of that name."""
    if name not in PUBLIC["keras.layers"] or name in _NOT_LAYERS or not name[0].isupper():
        return None
    positional, own = _OWN.get(name, ("", {}))
    known = {key: one for key, one in {**_ANY, **own}.items() if key not in _LESS.get(name, ())}
    modern = _MODERN.get(name, positional)
    return function(
        name,
        f"keras.layers.{name}",
        LAYER,
        positional,
        None,
        known,
        f"{modern}, **kwargs" if modern else "**kwargs",
    )
