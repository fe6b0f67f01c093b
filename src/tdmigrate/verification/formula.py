"""Layers of Keras 1 as formulas in NumPy, for the proof of a single call where genuine Keras can't be had.

Written from the sources of genuine Keras and tried against it (tests/verification/test_formula.py). What is proved by
them is reported as "reference formula", never as genuine Keras.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from tdmigrate.verification import samples
from tdmigrate.verification.jobs import Call
from tdmigrate.verification.record import Array, LayerOutput, LayerWeights, Record, Run

FRAMEWORK = "reference formula"


class NoFormula(Exception):  # noqa: N818
    """There is no formula for this call; the message is one line."""


def record_of(call: Call, release: str) -> Record:
    """What the layer makes of random weights and inputs; as the legacy worker would say it. Raises NoFormula.

    ``release``: of Keras, whose defaults are in force.
    """
    make = _LAYERS.get(call.layer)
    if make is None:
        raise NoFormula(f"genuine Keras is not here, and there is no reference formula of {call.layer}")
    arguments = dict(call.arguments)
    if len(call.shape) < 2 or call.shape[-1] is None:
        raise NoFormula(f"the size of the input of {call.layer} is not known")
    shapes, compute = make(arguments, call.shape[-1], call.layer, release)
    unknown = [name for name in arguments if name not in _WITHOUT_EFFECT]
    if unknown:
        raise NoFormula(f"the reference formula of {call.layer} does not know {unknown[0]}")
    random = samples.source("weights")
    weights = tuple(samples.weight(shape, random) for shape in shapes)
    lengths = samples.LENGTHS[0] if None in call.shape[1:] else samples.LENGTHS[0][:1]
    runs = []
    for length in lengths:
        inputs = samples.numbers(samples.filled(call.shape, length), samples.source("inputs"))
        output = LayerOutput(call.layer.lower(), call.layer, compute(inputs, weights))
        runs.append(Run((inputs,), (output,), (output,)))
    layers = (LayerWeights(call.layer.lower(), call.layer, weights),) if weights else ()
    return Record(FRAMEWORK, sum(one.size for one in weights), layers, tuple(runs))


# arguments that don't bear on the output once the weights are set
_WITHOUT_EFFECT = frozenset((
    "init", "inner_init", "forget_bias_init", "weights", "W_regularizer", "U_regularizer", "b_regularizer",
    "activity_regularizer", "W_constraint", "b_constraint", "input_dim", "input_length", "input_shape",
    "batch_input_shape", "name", "trainable", "dropout_W", "dropout_U", "consume_less", "unroll", "p",
))  # fmt: skip

_Activation = Callable[[Array], Array]


def _sigmoid(x: Array) -> Array:
    return np.asarray(1 / (1 + np.exp(-x)))


def _hard_sigmoid(x: Array) -> Array:
    """clip(0.2 x + 0.5, 0, 1): keras/backend/theano_backend.py, hard_sigmoid (0.3.3–1.2.2)."""
    return np.clip(0.2 * x + 0.5, 0, 1)


def _softmax(x: Array) -> Array:
    """exp(x − max) over its sum along the last axis: keras/activations.py, softmax (1.2.2)."""
    powers = np.exp(x - np.max(x, axis=-1, keepdims=True))
    return np.asarray(powers / np.sum(powers, axis=-1, keepdims=True))


_ACTIVATIONS: dict[object, _Activation] = {
    None: lambda x: x,
    "linear": lambda x: x,
    "tanh": np.tanh,
    "sigmoid": _sigmoid,
    "hard_sigmoid": _hard_sigmoid,
    "relu": lambda x: np.maximum(x, 0),
    "softplus": lambda x: np.logaddexp(x, 0),
    "softsign": lambda x: np.asarray(x / (1 + np.abs(x))),
    "softmax": _softmax,
    "time_distributed_softmax": _softmax,
}


def _activation(arguments: dict[str, object], name: str, default: str | None) -> _Activation:
    value = arguments.pop(name, default)
    try:
        return _ACTIVATIONS[value]
    except (KeyError, TypeError):
        raise NoFormula(f"there is no reference formula of the activation {value!r}") from None


def _flag(arguments: dict[str, object], name: str, default: bool) -> bool:
    value = arguments.pop(name, default)
    if not isinstance(value, (bool, int)):
        raise NoFormula(f"{name} is not known")
    return bool(value)


def _units(arguments: dict[str, object]) -> int:
    units = arguments.pop("output_dim", None)
    if not isinstance(units, int) or isinstance(units, bool) or units < 1:
        raise NoFormula("output_dim is not known")
    return units


_Compute = Callable[[Array, Sequence[Array]], Array]
_Made = tuple[list[tuple[int, ...]], _Compute]


def _dense(arguments: dict[str, object], size: int, layer: str, release: str) -> _Made:
    """activation(x W + b), for every step: keras/layers/core.py, Dense and TimeDistributedDense (0.2.0–1.2.2)."""
    units, activation = _units(arguments), _activation(arguments, "activation", "linear")
    bias = _flag(arguments, "bias", True)

    def compute(x: Array, weights: Sequence[Array]) -> Array:
        return activation(x @ weights[0] + (weights[1] if bias else 0))

    return [(size, units), (units,)][: 1 + bias], compute


def _activate(arguments: dict[str, object], size: int, layer: str, release: str) -> _Made:
    """keras/layers/core.py, Activation."""
    activation = _activation(arguments, "activation", "linear")
    return [], lambda x, weights: activation(x)


def _pass(arguments: dict[str, object], size: int, layer: str, release: str) -> _Made:
    """keras/layers/core.py, Dropout, when it predicts."""
    return [], lambda x, weights: x


def _recurrent(arguments: dict[str, object], size: int, layer: str, release: str) -> _Made:
    """SimpleRNN, LSTM and GRU from a state of zeros: keras/layers/recurrent.py, ``step`` of each (1.2.2)."""
    gates, step = {"SimpleRNN": ("h", _simple_step), "LSTM": ("icfo", _lstm_step), "GRU": ("zrh", _gru_step)}[layer]
    units = _units(arguments)
    old = layer != "LSTM" and release < "0.3"  # numeric trap C40
    activation = _activation(arguments, "activation", "sigmoid" if old else "tanh")
    inner = _activation(arguments, "inner_activation", "hard_sigmoid") if layer != "SimpleRNN" else activation
    sequences = _flag(arguments, "return_sequences", False)
    backwards = _flag(arguments, "go_backwards", False)
    if _flag(arguments, "stateful", False):
        raise NoFormula("there is no reference formula of a stateful layer")

    def compute(x: Array, weights: Sequence[Array]) -> Array:
        parts = {gate: weights[3 * index : 3 * index + 3] for index, gate in enumerate(gates)}
        state = (np.zeros((x.shape[0], units)),) * 2
        outputs = []
        for index in range(x.shape[1]):
            now = x[:, -1 - index if backwards else index]
            inputs = {gate: now @ w + b for gate, (w, _, b) in parts.items()}
            state = step(inputs, {gate: u for gate, (_, u, _) in parts.items()}, state, activation, inner)
            outputs.append(state[0])
        return np.stack(outputs, axis=1) if sequences else outputs[-1]

    return [(size, units), (units, units), (units,)] * len(gates), compute


_Inputs = Mapping[str, Array]
_State = tuple[Array, Array]


def _simple_step(x: _Inputs, u: _Inputs, state: _State, activation: _Activation, inner: _Activation) -> _State:
    """h = act(x W + b + h U)."""
    h = activation(x["h"] + state[0] @ u["h"])
    return h, h


def _lstm_step(x: _Inputs, u: _Inputs, state: _State, activation: _Activation, inner: _Activation) -> _State:
    """c = f c + i act(x_c + h U_c); h = o act(c)."""
    h, c = state
    i, f, o = (inner(x[gate] + h @ u[gate]) for gate in "ifo")
    c = f * c + i * activation(x["c"] + h @ u["c"])
    return o * activation(c), c


def _gru_step(x: _Inputs, u: _Inputs, state: _State, activation: _Activation, inner: _Activation) -> _State:
    """h = z h + (1 − z) act(x_h + (r h) U_h)."""
    h = state[0]
    z, r = (inner(x[gate] + h @ u[gate]) for gate in "zr")
    h = z * h + (1 - z) * activation(x["h"] + (r * h) @ u["h"])
    return h, h


_LAYERS: dict[str, Callable[[dict[str, object], int, str, str], _Made]] = {
    "TimeDistributedDense": _dense,
    "Dense": _dense,
    "Activation": _activate,
    "Dropout": _pass,
    "SimpleRNN": _recurrent,
    "LSTM": _recurrent,
    "GRU": _recurrent,
}
