"""Functions of theano.tensor and TensorFlow 0.x/1.x that stood in layers and losses, and those of keras.ops for them.

"": keras.ops has one of the same name. Otherwise the new text, "…" standing for the arguments.
"""

from __future__ import annotations

from collections.abc import Mapping

_BOTH = dict.fromkeys(
    (
        "abs", "any", "all", "argmax", "argmin", "ceil", "concatenate", "cos", "cumprod", "cumsum", "diag", "dot",
        "equal", "erf", "exp", "expm1", "eye", "floor", "log", "log1p", "max", "maximum", "mean", "min", "minimum",
        "ones", "ones_like", "outer", "prod", "repeat", "reshape", "round", "sin", "sort", "argsort", "sqrt", "squeeze",
        "stack", "std", "sum", "tan", "tanh", "tensordot", "tile", "transpose", "var", "where", "zeros", "zeros_like",
        "arange", "clip", "arccos", "arcsin", "arctan", "arctan2", "cosh", "sinh", "cast", "power", "sign", "isnan",
        "isinf", "trace", "swapaxes", "matmul",
    ),
    "",
)  # fmt: skip
_NN = {
    **dict.fromkeys(("sigmoid", "relu", "softplus", "elu", "softsign", "tanh"), ""),
    "softmax": "softmax(…, axis=-1)",
    "hard_sigmoid": "tdmigrate.compat.hard_sigmoid(…)",
    "binary_crossentropy": "binary_crossentropy(target, output)",
    "categorical_crossentropy": "categorical_crossentropy(target, output)",
}
THEANO: Mapping[str, str] = {
    **_BOTH,
    **{f"nnet.{name}": text for name, text in _NN.items()},
    "abs_": "abs",
    "sqr": "square",
    "square": "",
    "pow": "power",
    "inv": "reciprocal",
    "neg": "negative",
    "sgn": "sign",
    "eq": "equal",
    "neq": "not_equal",
    "gt": "greater",
    "ge": "greater_equal",
    "lt": "less",
    "le": "less_equal",
    "and_": "logical_and",
    "or_": "logical_or",
    "switch": "where",
    "join": "concatenate(tensors, axis)",
    "flatten": "reshape(…, (-1,))",
    "shape_padleft": "expand_dims(…, 0)",
    "shape_padright": "expand_dims(…, -1)",
    "shape_padaxis": "expand_dims",
    "batched_dot": "tdmigrate.compat.batch_dot(…)",
    "batched_tensordot": "tdmigrate.compat.batch_dot(…)",
    "alloc": "broadcast_to",
    "set_subtensor": "slice_update",
    "inc_subtensor": "scatter_update",
    "extra_ops.repeat": "repeat",
    "extra_ops.cumsum": "cumsum",
    "nnet.conv2d": "conv",
    "nnet.conv.conv2d": "conv",
    "signal.pool.pool_2d": "max_pool",
    "signal.downsample.max_pool_2d": "max_pool",
    "nlinalg.matrix_inverse": "linalg.inv",
    "nlinalg.matrix_dot": "matmul",
    "nlinalg.trace": "trace",
    "slinalg.cholesky": "cholesky",
}
TENSORFLOW: Mapping[str, str] = {
    **{name: text for name, text in _BOTH.items() if name not in ("concatenate", "max", "min", "sum")},
    **{f"nn.{name}": text for name, text in _NN.items()},
    **{f"reduce_{name}": name for name in ("all", "any", "max", "mean", "min", "prod", "sum", "logsumexp")},
    "sigmoid": "",
    "square": "",
    "pow": "power",
    "neg": "negative",
    "negative": "",
    "sub": "subtract",
    "subtract": "",
    "mul": "multiply",
    "multiply": "",
    "div": "divide",
    "add": "",
    "add_n": "sum(keras.ops.stack(…), axis=0)",
    "greater": "",
    "less": "",
    "not_equal": "",
    "select": "where",
    "concat": "concatenate(tensors, axis)",
    "pack": "stack",
    "unpack": "unstack",
    "unstack": "",
    "split": "",
    "expand_dims": "expand_dims(…, axis)",
    "gather": "take(…, axis=0)",
    "one_hot": "",
    "pad": "",
    "range": "arange",
    "shape": "",
    "slice": "slice",
    "reverse": "flip",
    "to_float": "cast(…, 'float32')",
    "to_int32": "cast(…, 'int32')",
    "batch_matmul": "matmul",
    "clip_by_value": "clip",
    "nn.l2_normalize": "normalize",
    "nn.conv2d": "conv",
    "nn.conv2d_transpose": "conv_transpose",
    "nn.max_pool": "max_pool",
    "nn.avg_pool": "average_pool",
    "nn.moments": "moments",
    "nn.softmax_cross_entropy_with_logits": "categorical_crossentropy(target, output, from_logits=True)",
    "nn.sigmoid_cross_entropy_with_logits": "binary_crossentropy(target, output, from_logits=True)",
    "nn.top_k": "top_k",
    "image.resize_images": "image.resize",
    "image.resize_nearest_neighbor": "image.resize(…, interpolation='nearest')",
    "image.resize_bilinear": "image.resize",
    "random_normal": "keras.random.normal(…)",
    "random_uniform": "keras.random.uniform(…)",
    "stop_gradient": "",
    "scan": "",
    "while_loop": "",
    "cond": "",
}


def instead(package: str, name: str) -> str | None:
    """What keras.ops computes it with, in full; None: nothing known."""
    known = (THEANO if package == "theano" else TENSORFLOW).get(name)
    if known is None:
        return None
    text = known or name.rpartition(".")[2]
    return text if text.startswith(("keras.", "tdmigrate.")) else f"keras.ops.{text}"
