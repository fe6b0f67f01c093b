"""What a legacy source may write for each argument, by the name of the parameter."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from random import Random
from typing import NamedTuple

Shape = tuple[int | None, ...]  # of one sample: without the batch


class Scene(NamedTuple):
    """What a value may depend on."""

    chance: Random
    release: str
    ordering: str  # of the channels of images, "th" or "tf", where a layer names none
    layer: str
    shape: Shape
    named: str | None  # the ``dim_ordering`` that this call names
    batch: int | None = None  # of a model that keeps states
    unsafe: bool = False  # whether its output may be of rank 4 or more, which softmax refused

    @property
    def channels(self) -> str:
        return self.named or self.ordering

    @property
    def lengths(self) -> tuple[int | None, ...]:
        """Of the axes that a window slides along; time, where the layer is none over images."""
        if len(self.shape) <= 2:
            return self.shape[:1]
        shape = self.shape[1:] if self.layer == "ConvLSTM2D" else self.shape
        return shape[1:] if self.channels == "th" else shape[:-1]

    def pick(self, *texts: str) -> str:
        return self.chance.choice(texts)

    def number(self, low: int, high: int) -> str:
        return str(self.chance.randint(low, high))

    def is_since(self, release: str) -> bool:
        return tuple(map(int, self.release.split("."))) >= tuple(map(int, release.split(".")))


Value = Callable[[Scene], str | None]  # None: the call does not give it


def one_of(*texts: str) -> Value:
    return lambda scene: scene.pick(*texts)


def number(low: int, high: int) -> Value:
    return lambda scene: scene.number(low, high)


def _activation(scene: Scene) -> str:
    names = ["relu", "tanh", "sigmoid", "hard_sigmoid", "linear", "softplus"]
    if not scene.unsafe:
        names.append("softmax")
    if scene.is_since("1.0.0"):
        names.append("softsign")
    return repr(scene.chance.choice(names))


def _init(scene: Scene) -> str:
    names = ("uniform", "normal", "lecun_uniform", "glorot_uniform", "glorot_normal", "he_uniform", "he_normal", "zero")
    return repr(scene.chance.choice(names))


def _weights_penalty(scene: Scene) -> str:
    return scene.pick(
        "'l1'", "'l2'", "'l1l2'", "l1(0.02)", "l2(0.1)", "l2(l=0.03)", "l1l2()", "l1l2(l1=0.02, l2=0.1)",
        "WeightRegularizer(l1=0.1)", "None",
    )  # fmt: skip


def _activity(scene: Scene) -> str:
    return scene.pick(
        "'activity_l1'", "'activity_l2'", "'activity_l1l2'", "activity_l1(0.02)", "activity_l2(0.1)",
        "activity_l1l2(l2=0.2)", "ActivityRegularizer(l1=0.1)", "None",
    )  # fmt: skip


def _constraint(scene: Scene) -> str:
    texts = ["'maxnorm'", "'nonneg'", "maxnorm()", "maxnorm(0.5)", "maxnorm(m=0.3)", "nonneg()", "NonNeg()",
             "MaxNorm(0.3)"]  # fmt: skip
    if scene.is_since("0.3.3"):  # before, it divided by the norm alone, later by the norm and epsilon
        texts += ["'unitnorm'", "unitnorm()", "UnitNorm()"]
    if scene.is_since("1.0.0"):
        texts += ["maxnorm(0.5, axis=0)", "unitnorm(axis=0)"]
    return scene.chance.choice(texts)


def _window(scene: Scene, index: int) -> str:
    lengths = scene.lengths
    length = lengths[index] if index < len(lengths) else None
    return scene.number(1, min(3, length if length is not None else 3))


def _tuple(members: list[str]) -> str:
    return f"({', '.join(members)}{',' if len(members) == 1 else ''})"


def _windows(scene: Scene) -> str:
    return _tuple([_window(scene, index) for index in range(len(scene.lengths))])


def _steps(scene: Scene) -> str:
    return _tuple([scene.number(1, 2) for _ in scene.lengths])


def _border(scene: Scene) -> str:
    if "Pooling" in scene.layer:
        return "'valid'" if scene.release < "1" or "3D" in scene.layer else scene.pick("'valid'", "'valid'", "'same'")
    if scene.layer.startswith("LocallyConnected"):
        return "'valid'"
    modes = ["'valid'", "'same'"]
    full = {"Convolution1D": "0.3", "Convolution2D": "1"}  # the first release that refused it
    if scene.release < full.get(scene.layer, "0"):
        modes.append("'full'")
    return scene.chance.choice(modes)


def _padding(scene: Scene) -> str:
    if scene.layer == "ZeroPadding1D":
        return scene.pick("1", "2", "3", *(("(1, 2)",) if scene.is_since("1.1.1") else ()))
    texts = [_tuple([scene.number(0, 2) for _ in scene.lengths])]
    if scene.layer == "ZeroPadding2D" and scene.is_since("1.1.1"):
        texts += ["(1, 2, 0, 1)", "{'top_pad': 1, 'right_pad': 2}"]
    return scene.chance.choice(texts)


def _cropping(scene: Scene) -> str:
    pairs = [f"({scene.number(0, 1)}, {scene.number(0, 1)})" for _ in scene.lengths]
    return pairs[0] if scene.layer == "Cropping1D" else _tuple(pairs)


def _axis(scene: Scene) -> str | None:
    choices = [index + 1 for index, dim in enumerate(scene.shape) if dim is not None]
    return str(scene.chance.choice([-1, *choices])) if scene.shape[-1] is not None else None


def _shared_axes(scene: Scene) -> str | None:
    axes = list(range(1, len(scene.shape)))
    return f"[{scene.chance.choice(axes)}]" if axes else None


def _rate(scene: Scene) -> str:
    return scene.pick("0.1", "0.25", "0.5", ".3")


def _alpha(scene: Scene) -> str:
    if scene.layer == "LRN2D":
        return scene.pick("0.1", "1e-4", "0.3")
    return scene.pick("0.1", "0.3", "0.5", "1.0")


def _unroll(scene: Scene) -> str | None:
    # of a single step genuine Keras makes another graph, and of none that is known it makes none
    return "True" if scene.shape[0] is not None and scene.shape[0] > 1 else None


def _mode(scene: Scene) -> str:
    if scene.layer == "TimeDistributedMerge":
        return scene.pick("'sum'", "'ave'", "'mul'")
    return scene.pick("0", "1", "2") if scene.is_since("1.0.0") else scene.pick("0", "1")


def _function(scene: Scene) -> str:
    texts = ["lambda x: x * 2", "lambda x: x ** 2 + 1", "lambda x: 1. - x", "lambda t: t / 4."]
    if scene.is_since("1.0.0"):
        texts += ["lambda x: K.square(x)", "lambda x: K.abs(x) + K.exp(x)", "K.tanh", "lambda x: K.clip(x, -0.2, 0.4)"]
    return scene.chance.choice(texts)


VALUES: Mapping[str, Value] = {
    "output_dim": number(2, 6),
    "proj_dim": number(2, 6),
    "nb_filter": number(2, 5),
    "nb_feature": number(2, 4),
    "depth": one_of("2", "3"),
    "init": _init,
    "inner_init": one_of("'orthogonal'", "'glorot_uniform'", "'normal'"),
    "forget_bias_init": one_of("'one'", "'zero'"),
    "activation": _activation,
    "inner_activation": one_of("'sigmoid'", "'hard_sigmoid'", "'tanh'", "'linear'"),
    "W_regularizer": _weights_penalty,
    "U_regularizer": _weights_penalty,
    "b_regularizer": _weights_penalty,
    "gamma_regularizer": _weights_penalty,
    "beta_regularizer": _weights_penalty,
    "activity_regularizer": _activity,
    "W_constraint": _constraint,
    "b_constraint": one_of("'maxnorm'", "nonneg()", "maxnorm(0.1)", "None"),
    "bias": one_of("True", "False"),
    "return_sequences": one_of("True", "True", "False"),
    "go_backwards": one_of("True", "False"),
    "unroll": _unroll,
    "consume_less": one_of("'cpu'", "'mem'", "'gpu'"),
    "dropout_W": _rate,
    "dropout_U": _rate,
    "dropout": one_of("0.3", "0."),
    "truncate_gradient": one_of("-1"),
    "p": _rate,
    "sigma": _rate,
    "seed": one_of("1337"),
    "filter_length": lambda scene: _window(scene, 0),
    "nb_row": lambda scene: _window(scene, 0),
    "nb_col": lambda scene: _window(scene, 1),
    "kernel_dim1": lambda scene: _window(scene, 0),
    "kernel_dim2": lambda scene: _window(scene, 1),
    "kernel_dim3": lambda scene: _window(scene, 2),
    "subsample_length": number(1, 2),
    "subsample": _steps,
    "atrous_rate": lambda scene: scene.number(1, 2) if scene.layer.endswith("1D") else _steps(scene),
    "pool_length": lambda scene: _window(scene, 0),
    "pool_size": _windows,
    "poolsize": _windows,
    "stride": lambda scene: scene.number(1, 2) if scene.layer.endswith("1D") else _steps(scene),
    "strides": _steps,
    "ignore_border": one_of("True"),
    "border_mode": _border,
    "length": number(2, 3),
    "size": _steps,
    "padding": _padding,
    "cropping": _cropping,
    "n": lambda scene: scene.pick("3", "5") if scene.layer == "LRN2D" else scene.number(2, 5),
    "k": one_of("1", "2"),
    "beta": one_of("0.75", "0.5"),
    "epsilon": one_of("1e-3", "1e-5", "0.01"),
    "mode": _mode,
    "axis": _axis,
    "momentum": one_of("0.9", "0.5", "0.99"),
    "beta_init": one_of("'zero'", "'one'"),
    "gamma_init": one_of("'one'", "'uniform'"),
    "mask_value": one_of("0", "0.", "-0.5"),
    "l1": one_of("0.01", "0.1"),
    "l2": one_of("0.01", "0.1"),
    "alpha": _alpha,
    "theta": one_of("0.1", "0.3", "1.0"),
    "alpha_init": one_of("0.2", "0.4"),
    "t_left_init": one_of("'zero'", "'normal'"),
    "a_left_init": one_of("'glorot_uniform'", "'uniform'"),
    "t_right_init": one_of("'glorot_uniform'", "'uniform'"),
    "a_right_init": one_of("'one'"),
    "shared_axes": _shared_axes,
    "transform_bias": one_of("-1", "-3"),
    "mask_zero": one_of("True", "False"),
    "function": _function,
    "merge_mode": one_of("'concat'", "'sum'", "'mul'", "'ave'"),
    "trainable": one_of("True", "False"),
}

# by layer and parameter, where the layer's is another thing
OWN: Mapping[tuple[str, str], Value] = {
    ("ParametricSoftplus", "beta_init"): one_of("5.0", "2"),
    ("PReLU", "init"): one_of("'zero'", "'one'", "'uniform'"),
    ("SReLU", "init"): one_of("'zero'"),
    ("SimpleRNN", "activation"): one_of("'tanh'", "'sigmoid'", "'relu'", "'linear'", "'hard_sigmoid'"),
    ("LSTM", "activation"): one_of("'tanh'", "'sigmoid'", "'relu'", "'linear'", "'hard_sigmoid'"),
    ("GRU", "activation"): one_of("'tanh'", "'sigmoid'", "'relu'", "'linear'", "'hard_sigmoid'"),
}

# parameters that no program gives, and why
NEVER: Mapping[str, str] = {
    "weights": "arrays of their own, which the random weights of the proof would replace",
    "input_shape": "the first layer of a chain draws one of the forms",
    "input_dim": "the first layer of a chain draws one of the forms",
    "input_length": "the first layer of a chain draws one of the forms",
    "noise_shape": "of random numbers, which no proof compares",
    "target": "kept and never used",
    "arguments": "the function of a Lambda takes none here",
    "output_shape": "a Lambda keeps its shape here",
    "stateful": "the chains with a batch size draw it",
}

# how often a parameter that need not be given is
OFTEN: Mapping[str, float] = {
    "activation": 0.45, "return_sequences": 0.6, "border_mode": 0.3, "subsample": 0.3, "subsample_length": 0.3,
    "pool_size": 0.6, "pool_length": 0.6, "padding": 0.7, "cropping": 0.7, "size": 0.7, "mode": 0.4, "mask_zero": 0.5,
    "dim_ordering": 0.7, "strides": 0.3, "stride": 0.3, "mask_value": 0.5, "merge_mode": 0.6, "l1": 0.6, "l2": 0.6,
    "dropout_W": 0.08, "dropout_U": 0.08, "alpha": 0.5, "theta": 0.5, "trainable": 0.04,
}  # fmt: skip
RARE = 0.14
