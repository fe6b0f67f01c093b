"""TensorFlow 0.x and 1.0 as Keras 0.3–1.2 and programs of their time know it, over ``tensorflow.compat.v1``.

The module that ``import tensorflow`` finds in the worker's process: names that TensorFlow has dropped, arguments in
the order of then where today's is another, and operations that a CPU lacks in float64. All others are TensorFlow's.
"""

from __future__ import annotations

import importlib
import sys
import types
from collections.abc import Callable, Sequence
from typing import Any

_RENAMED = {
    "mul": "multiply", "sub": "subtract", "neg": "negative", "inv": "reciprocal", "pack": "stack", "unpack": "unstack",
    "select": "where", "concat_v2": "concat", "merge_summary": "summary.merge", "scalar_summary": "summary.scalar",
}  # fmt: skip
_OF_0 = ("pack", "unpack", "select", "concat_v2")  # Keras 1.2 takes TensorFlow for 0.x where it has them


def install(release: str) -> None:
    """Let ``tensorflow`` be that of the time of this release of Keras, in this process."""
    tf = importlib.import_module("tensorflow.compat.v1")
    tf.disable_v2_behavior()
    tf.logging.set_verbosity(tf.logging.ERROR)
    old = _facade("tensorflow", tf)
    old.__version__ = "1.0.1" if release >= "1.2" else "0.10.0"  # what Keras 1.2 asks
    for name, today in _RENAMED.items():
        if release < "1.2" or name not in _OF_0:
            setattr(old, name, _resolve(tf, today))
    members: dict[str, Callable[..., Any]] = {
        "concat": _concat, "split": _split, "reverse": _reverse, "batch_matmul": _batch_matmul,
        "convert_to_tensor": _convert_to_tensor, "cast": _cast, "to_float": _to_float,
        "ConfigProto": _as_written,
    }  # fmt: skip
    vars(old).update(members)
    old.nn = _facade("tensorflow.nn", tf.nn)
    old.nn.max_pool3d = _plane_by_plane(tf, tf.nn.max_pool)
    old.nn.avg_pool3d = _plane_by_plane(tf, tf.nn.avg_pool)
    for name in ("softmax_cross_entropy_with_logits", "sparse_softmax_cross_entropy_with_logits",
                 "sigmoid_cross_entropy_with_logits"):  # fmt: skip
        setattr(old.nn, name, _logits_first(getattr(tf.nn, name)))
    _modules(tf, old)
    sys.modules["tensorflow"] = old


def _facade(name: str, module: Any) -> Any:
    """A module of its own members, and else those of another."""
    made = types.ModuleType(name, module.__doc__)

    def find(member: str) -> Any:
        return getattr(module, member)

    vars(made).update(__getattr__=find, __path__=[], __dir__=lambda: sorted({*dir(module), *vars(made)}))
    return made


def _resolve(module: Any, path: str) -> Any:
    for part in path.split("."):
        module = getattr(module, part)
    return module


def _modules(tf: Any, old: Any) -> None:
    """What Keras takes from the inside of TensorFlow."""
    ops = importlib.import_module("tensorflow.python.ops.control_flow_ops")
    for name in ("while_loop", "cond", "group"):
        if not hasattr(ops, name):
            setattr(ops, name, getattr(tf, name))
    arrays = importlib.import_module("tensorflow.python.ops.tensor_array_ops").TensorArray
    arrays.pack, arrays.unpack = arrays.stack, arrays.unstack
    averages: Any = importlib.import_module("tensorflow.python.training.moving_averages")
    averages.assign_moving_average = _assign_moving_average
    old.python = types.SimpleNamespace(control_flow_ops=ops)
    importlib.import_module("tensorflow.python.ops.rnn")


def _v1() -> Any:
    return importlib.import_module("tensorflow.compat.v1")


def _concat(first: Any = None, second: Any = None, name: str = "concat", **named: Any) -> Any:
    """(axis, values) before 1.0, (values, axis) from then on."""
    axis = named.get("concat_dim", named.get("axis"))
    given = [one for one in (first, second) if one is not None]
    if axis is None:
        axis = next(one for one in given if not isinstance(one, (list, tuple)))
    values = named.get("values", next((one for one in given if isinstance(one, (list, tuple))), None))
    return _v1().concat(values, axis, name)


def _split(first: Any = None, second: Any = None, third: Any = None, **named: Any) -> Any:
    """(axis, number, value) before 1.0, (value, number, axis) from then on."""
    tf = _v1()
    if "split_dim" in named:
        named["axis"] = named.pop("split_dim")
    if "num_split" in named:
        named["num_or_size_splits"] = named.pop("num_split")
    if isinstance(first, int) and third is not None:
        first, third = third, first
    given = {"value": first, "num_or_size_splits": second, "axis": third}
    return tf.split(**{**{name: value for name, value in given.items() if value is not None}, **named})


def _reverse(tensor: Any, axis: Any = None, name: str | None = None, dims: Any = None) -> Any:
    """A flag for every axis before 1.0, the axes from then on. Another number of flags is a ValueError."""
    axes = axis if dims is None else dims
    if isinstance(axes, (list, tuple)) and all(isinstance(one, bool) for one in axes):
        if len(axes) != len(tensor.get_shape()):
            raise ValueError(f"{len(axes)} flags to reverse {len(tensor.get_shape())} axes")
        axes = [place for place, flag in enumerate(axes) if flag]
    return _v1().reverse(tensor, axes, name)


def _batch_matmul(x: Any, y: Any, adj_x: bool | None = None, adj_y: bool | None = None, name: Any = None) -> Any:
    """Products of batches of matrices; one matrix is a ValueError, as before 1.0."""
    for one in (x, y):
        if len(one.get_shape()) < 3:
            raise ValueError(f"shape must be at least rank 3 but is rank {len(one.get_shape())}")
    return _v1().matmul(x, y, adjoint_a=bool(adj_x), adjoint_b=bool(adj_y), name=name)


def _convert_to_tensor(value: Any, dtype: Any = None, **named: Any) -> Any:
    """A Python float keeps its precision: Keras makes a tensor of it before it casts that."""
    tf = _v1()
    return tf.convert_to_tensor(value, tf.float64 if dtype is None and isinstance(value, float) else dtype, **named)


def _cast(x: Any, dtype: Any, name: str | None = None) -> Any:
    """A cast to float32, which everything was in, goes to float64: of a program, and of convolutions and poolings of
    Keras, whose TensorFlow had them in float32 alone. Python floats keep their precision.
    """
    tf = _v1()
    wanted = tf.float64 if tf.as_dtype(dtype) == tf.float32 else dtype
    return tf.cast(_convert_to_tensor(x) if isinstance(x, float) else x, wanted, name)


def _to_float(x: Any, name: str | None = None) -> Any:
    return _cast(x, "float32", name)


def _as_written(**named: Any) -> Any:
    """Settings of a session that computes a graph as it stands: the optimizer takes out even a reshape that fails."""
    made = _v1().ConfigProto(**named)
    made.graph_options.rewrite_options.disable_meta_optimizer = True
    made.graph_options.optimizer_options.opt_level = -1  # L0: nothing is computed ahead
    return made


def _assign_moving_average(variable: Any, value: Any, decay: float, name: str | None = None, **_: object) -> Any:
    """As TensorFlow until 0.10 had it (tensorflow/python/training/moving_averages.py), and 1.0 as Keras 1.2 calls it:
    without the correction of the first averages; today's rounds the decay to float32.
    """
    return variable.assign_sub((variable - value) * (1.0 - decay), name=name)


def _logits_first(function: Callable[..., Any]) -> Callable[..., Any]:
    """(logits, labels) before 1.0; from then on by name."""

    def ordered(*given: Any, **named: Any) -> Any:
        return function(**dict(zip(("logits", "labels", "dim"), given, strict=False)), **named)

    return ordered


def _plane_by_plane(tf: Any, pool: Callable[..., Any]) -> Callable[..., Any]:
    """Pooling of volumes (batch, d, h, w, channels), for which a CPU has no float64: over h and w, then over d.

    A maximum is one of maxima; an average over a window, what is padded left out, is one of averages.
    """

    def pooled(value: Any, ksize: Sequence[int], strides: Sequence[int], padding: str, name: Any = None) -> Any:
        shape = tf.shape(value)
        planes = tf.reshape(value, tf.concat([[shape[0] * shape[1]], shape[2:]], 0))
        planes.set_shape([None, *value.shape[2:]])
        planes = pool(planes, [1, *ksize[2:]], [1, *strides[2:]], padding)
        _, rows, columns, channels = tf.unstack(tf.shape(planes))
        lines = tf.reshape(planes, [shape[0], shape[1], rows * columns, channels])
        lines = pool(lines, [1, ksize[1], 1, 1], [1, strides[1], 1, 1], padding)
        result = tf.reshape(lines, [shape[0], tf.shape(lines)[1], rows, columns, channels], name=name)
        result.set_shape([value.shape[0], lines.shape[1], *planes.shape[1:3], value.shape[4]])
        return result

    return pooled
