"""Calls for the functions of keras.backend, as expressions of two inputs, and the programs that compute them.

A program has one model whose outputs are Lambda layers, one for each expression, so that a family is one proof.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

import function_calls
from layer_calls import Trial
from legacy_api import LegacyFunction
from tdmigrate.keras1 import registry
from tdmigrate.keras1.versions import parse
from tdmigrate.understanding.calls import Signature, in_force, signature


class Family(NamedTuple):
    """Expressions of ``x``, and of ``y`` (both of ``shape``), that are proved together."""

    name: str
    shape: str  # without the batch axis
    expressions: tuple[str, ...]
    version: str = "1.2.2"
    before: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        lines = [
            "from keras import backend as K",
            "from keras.layers import Input, Lambda",
            "from keras.models import Model",
            *self.before,
            "",
            f"a = Input(shape={self.shape})",
            f"b = Input(shape={self.shape})",
            "outputs = [",
            *(f"    Lambda({_function(one)}, output_shape=(1,))([a, b])," for one in self.expressions),
            "]",
            "model = Model(input=[a, b], output=outputs)",
            "",
        ]
        return "\n".join(lines)

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"


def _function(expression: str) -> str:
    """The inputs are called ``t``; ``x`` and ``y`` are its members."""
    return f"lambda t: (lambda x, y: {expression})(t[0], t[1])"


POSITIVE = "K.abs(x) + 0.1"
FAMILIES = (
    Family(
        "elementwise",
        "(4,)",
        (
            "K.abs(x)",
            "K.square(x)",
            "K.exp(x)",
            f"K.log({POSITIVE})",
            "K.round(x * 3)",
            "K.sign(x)",
            "K.sin(x)",
            "K.cos(x)",
            "K.sqrt(x)",
            "K.sqrt(K.sum(K.square(x), axis=-1))",
            "K.sqrt(K.maximum(x, K.epsilon()))",
            "K.pow(x, 2)",
            f"K.pow({POSITIVE}, a=0.3)",
            "K.clip(x, -0.1, 0.2)",
            "K.clip(x, 0, None)",
            "K.clip(x, min_value=0.1, max_value=0.3)",
            "K.maximum(x, y)",
            "K.minimum(x, y=0.1)",
            "K.maximum(0.0, x)",
            "K.sigmoid(x)",
            "K.tanh(x)",
            "K.softplus(x)",
            "K.softsign(x)",
            "K.elu(x)",
            "K.elu(x, alpha=0.3)",
            "K.hard_sigmoid(x)",
            "K.relu(x)",
            "K.relu(x, 0.25)",
            "K.relu(x, alpha=0.5, max_value=0.25)",
            "K.relu(x, max_value=0.125)",
            "K.stop_gradient(x) * 2",
            "K.cast(x, 'float64') * 2",
            "K.cast(x, dtype='int32')",
        ),
    ),
    Family(
        "comparisons",
        "(4,)",
        (
            "K.equal(x, x)",
            "K.not_equal(x, y)",
            "K.greater(x, y)",
            "K.greater_equal(x, 0)",
            "K.lesser(x, y=y)",
            "K.lesser_equal(x, y)",
            "K.equal(x, x) * y",
            "1 - K.greater(x, y)",
            "x * K.cast(K.lesser(x, y), 'float64')",
            "K.switch(K.greater(x, y), x, y)",
            "K.switch(condition=x > 0, then_expression=x, else_expression=2 * y)",
            "K.any(K.greater(x, 0), axis=-1)",
            "K.all(K.greater(x, 0), axis=1, keepdims=True)",
            "x * K.any(K.greater(x, y), axis=1, keepdims=True)",
            "K.mean(K.equal(x, x))",
        ),
    ),
    Family(
        "reductions",
        "(4, 3)",
        (
            *(f"K.{name}(x)" for name in ("max", "mean", "min", "prod", "std", "sum", "var")),
            *(f"K.{name}(x, axis=1)" for name in ("max", "mean", "min", "prod", "std", "sum", "var")),
            *(f"K.{name}(x, 2, True)" for name in ("max", "mean", "min", "prod", "std", "sum", "var")),
            "K.mean(x, axis=[1, 2])",
            "K.sum(x, axis=(1, 2), keepdims=True)",
            "K.argmax(x)",
            "K.argmin(x)",
            "K.argmax(x, axis=1)",
            "K.argmin(x, 2)",
            "K.l2_normalize(x, 1)",
            "K.l2_normalize(x, axis=-1)",
            "K.softmax(K.sum(x, axis=1))",
        ),
    ),
    Family(
        "shapes",
        "(4, 3)",
        (
            "K.reshape(x, (-1, 12))",
            "K.reshape(x, shape=(K.shape(x)[0], 2, 6))",
            "K.permute_dimensions(x, (0, 2, 1))",
            "K.permute_dimensions(x, pattern=(1, 0, 2))",
            "K.transpose(x)",
            "K.expand_dims(x)",
            "K.expand_dims(x, 1)",
            "K.expand_dims(x, dim=2)",
            "K.expand_dims(x, dim=-2)",
            "K.squeeze(x[:, :1], 1)",
            "K.squeeze(K.expand_dims(x), axis=3)",
            "K.concatenate([x, y])",
            "K.concatenate([x, y], axis=1)",
            "K.concatenate(tensors=[x, 2 * y], axis=-1)",
            "K.stack([x, y])",
            "K.repeat_elements(x, 2, 1)",
            "K.repeat_elements(x, rep=3, axis=2)",
            "K.repeat(x[:, 0], 3)",
            "K.repeat(x=K.sum(x, axis=1), n=2)",
            "K.tile(x, (1, 2, 1))",
            "K.tile(x, n=[1, 1, 3])",
            "K.flatten(x)",
            "K.batch_flatten(x)",
            "K.batch_flatten(K.permute_dimensions(x, (0, 2, 1)))",
            "K.reverse(x, 1)",
            "K.reverse(x, axes=[1, 2])",
            "K.gather(x, [0, 1, 1])",
            "K.gather(reference=x[0], indices=K.argmax(y[0]))",
            "K.one_hot(K.argmax(x), 3)",
            "K.one_hot(indices=K.argmax(x), nb_classes=5)",
            "x * K.one_hot(K.argmax(x), 3)",
            "K.temporal_padding(x)",
            "K.temporal_padding(x, padding=2)",
            "K.asymmetric_temporal_padding(x, 2, right_pad=0)",
            "x * K.ndim(x)",
            "x * K.ndim(x + y)",
            "x / K.cast(K.shape(x)[1], 'float64')",
            "K.cast(K.shape(x) * 2, 'float64')",
            "x * K.int_shape(y)[-1]",
        ),
    ),
    Family(
        "images",
        "(4, 6, 2)",
        (
            "K.resize_images(x, 2, 3, 'th')",
            "K.resize_images(x, 2, width_factor=3, dim_ordering='tf')",
            "K.spatial_2d_padding(x, (1, 2), 'th')",
            "K.spatial_2d_padding(x, dim_ordering='tf')",
            "K.spatial_2d_padding(x)",
            "K.asymmetric_spatial_2d_padding(x, 1, 2, left_pad=0, right_pad=3, dim_ordering='th')",
            "K.asymmetric_spatial_2d_padding(x, bottom_pad=2, dim_ordering='tf')",
            "K.asymmetric_spatial_2d_padding(x)",
            "K.batch_flatten(x)",
            "K.pool2d(x, (2, 3))",
            "K.pool2d(x, (2, 2), (2, 1), 'valid', 'th')",
            "K.pool2d(x, pool_size=(2, 3), strides=(1, 2), dim_ordering='tf', pool_mode='max')",
            "K.pool2d(x, (2, 2), dim_ordering='th', pool_mode='avg')",
            "K.pool2d(x, (3, 2), border_mode='valid', pool_mode='avg')",
            "K.conv2d(x, last)",
            "K.conv2d(x, kernel=last, strides=(2, 1), border_mode='valid', dim_ordering='tf')",
            "K.conv2d(x, first, dim_ordering='th')",
            "K.conv2d(x, first, (2, 1), 'valid', 'th')",
            "K.conv2d(x, last, (1, 1), filter_dilation=(1, 2))",
            "K.conv2d(x, first, dim_ordering='th', image_shape=(None, 4, 6, 2), filter_shape=(3, 4, 2, 2))",
        ),
        before=(
            "import numpy as np",
            "last = K.variable(np.sin(np.arange(48.0)).reshape((3, 2, 2, 4)))",
            "first = K.variable(np.cos(np.arange(48.0)).reshape((3, 4, 2, 2)))",
        ),
    ),
    Family(
        "volumes",
        "(6, 4, 5, 2)",
        (
            "K.spatial_3d_padding(x, (1, 2, 0), 'th')",
            "K.spatial_3d_padding(x, padding=(1, 2, 1), dim_ordering='tf')",
            "K.spatial_3d_padding(x)",
            "K.resize_volumes(x, 2, 1, 3, 'th')",
            "K.resize_volumes(x, depth_factor=1, height_factor=2, width_factor=3, dim_ordering='tf')",
            "K.pool3d(x, (2, 2, 2))",
            "K.pool3d(x, (1, 2, 3), (1, 2, 1), 'valid', 'tf', 'avg')",
            "K.pool3d(x, pool_size=(2, 3, 1), strides=(2, 1, 1), dim_ordering='th')",
        ),
    ),
    Family(
        "products",
        "(4, 4)",
        (
            "K.dot(x, K.transpose(y[0]))",
            "K.dot(x, y=y[0])",
            "K.dot(x[0], y)",
            "K.dot(x, y)",
            "K.dot(x[0, 0], y[0])",
            "K.batch_dot(x, y)",
            "K.batch_dot(x, y, axes=[1, 1])",
            "K.batch_dot(x, y, axes=2)",
            "K.batch_dot(x, y, (1, 2))",
            "K.batch_dot(x[:, 0], y[:, 0], axes=1)",
            "K.batch_dot(x[:, 0], y, axes=(1, 2))",
            "K.batch_dot(x, y[:, 1], axes=1)",
            "K.batch_dot(x, y[:, 1], axes=[2, 1])",
        ),
    ),
    Family(
        "normalized",
        "(4, 3)",
        (
            "K.batch_normalization(x, K.mean(x, 1, True), K.var(x, 1, True), K.min(y, 1, True), 2 + K.min(x, 1, True))",
            "2 * K.batch_normalization(x, K.mean(x, axis=1, keepdims=True) - 1, K.var(y, axis=1, keepdims=True), "
            "beta=K.mean(y, axis=1, keepdims=True), gamma=K.max(y, axis=1, keepdims=True), epsilon=0.01)",
        ),
    ),
    Family(
        "steps",
        "(5, 3)",
        (
            "K.rnn(lambda i, s: (K.tanh(i) + s[0], [i * s[0]]), x, [K.ones_like(x[:, 0])])[1]",
            "K.rnn(lambda i, s: (i + s[0], [i * s[0]]), x, [K.ones_like(x[:, 0])], True)[2][0]",
            "K.rnn(lambda i, s: (i + s[0], [i * s[0]]), x, [y[:, 0]], mask=K.greater(y, 0)[:, :, 0])[0]",
            "K.rnn(step_function=lambda i, s: (i + s[0] + s[2], [i * s[0], s[1] + i]), inputs=x, "
            "initial_states=[y[:, 0], y[:, 1]], go_backwards=True, mask=K.greater(y, 0)[:, :, 1], "
            "constants=[y[:, 2]])[1]",
            "K.rnn(lambda i, s: (i + s[0] * s[1], [i + s[0]]), x, [y[:, 0]], constants=[y[:, 1]], unroll=True, "
            "input_length=5)[1]",
            "K.foldl(lambda made, r: made * 2 + r, x)",
            "K.foldl(fn=lambda made, r: made - 2 * r, elems=x, initializer=K.ones_like(x[0]), name='fold')",
            "K.foldr(lambda made, r: made * 2 + r, x)",
            "K.foldr(lambda made, r: made - 2 * r, x, K.ones_like(x[0]))",
        ),
    ),
    Family(
        "losses",
        "(4,)",
        (
            "K.binary_crossentropy(K.sigmoid(x), K.softmax(y))",
            "K.binary_crossentropy(output=x, target=K.sigmoid(y), from_logits=True)",
            "K.categorical_crossentropy(K.softmax(x), K.softmax(y))",
            "K.categorical_crossentropy(K.sigmoid(x), K.softmax(y))",
            "K.categorical_crossentropy(x, K.softmax(y), True)",
            "K.sparse_categorical_crossentropy(K.softmax(x), K.argmax(y))",
            "K.in_top_k(K.cast(x, 'float32'), K.argmax(y), 2)",
        ),
    ),
    Family(
        "made",
        "(4,)",
        (
            "x + K.zeros((4,))",
            "x * K.ones((4,), name='ones')",
            "K.dot(x, K.eye(4))",
            "x + K.variable([1, 2, 3, 4])",
            "K.dot(x, K.variable(value=[[1], [2], [3], [4]], dtype='float64'))",
            "x + K.zeros_like(y)",
            "K.ones_like(x)",
            "K.ones_like(x, dtype='float64', name='ones')",
            "x + K.cast(K.arange(4), 'float64')",
            "K.arange(1, 7, 2)",
            "K.random_uniform((2, 3), 0.5, 0.5)",
            "K.random_normal((2, 3), mean=2.0, std=0.0)",
            "K.random_binomial(K.shape(x), p=1.0)",
            "K.random_binomial((3, 2))",
            "K.dropout(x, 0.0)",
        ),
    ),
    Family(
        "settings",
        "(4,)",
        (
            "x + K.epsilon()",
            "K.cast(x, K.floatx()) * 2",
            "K.map_fn(lambda r: r * 2, x)",
            "K.map_fn(fn=lambda r: K.sum(r), elems=x)",
            "x + _EPSILON",
            "K.cast(x, _FLOATX) * 2",
            "K.cast(x, K.dtype(y)) * 2",
        ),
        before=("from keras.backend.common import _EPSILON, _FLOATX",),
    ),
    Family(
        "values",
        "(4,)",
        (
            "x + K.eval(w)",
            "x + K.get_value(w)",
            "x + K.batch_get_value([w, w])[1]",
            "x * K.count_params(w)",
            "x * K.get_variable_shape(w)[0]",
            "x + K.cast_to_floatx([1, 2, 3, 4])",
            "x * w",
            "x + uniform - normal",
        ),
        before=(
            "w = K.variable([1, 2, 3, 4])",
            "uniform = K.random_uniform_variable((4,), 0.5, high=0.5)",
            "normal = K.random_normal_variable((4,), mean=0.0, scale=0.0, name='drawn')",
        ),
    ),
    Family(
        "old",
        "(4, 3)",
        (
            "K.pack([x, y])",
            "K.sum(x, axis=1)",
            "K.squeeze(x[:, :1], 1)",
            "K.argmax(x)",
            "K.sqrt(x)",
            "K.zeros_like(x)",
            "K.dot(x, K.transpose(y[0]))",
            "K.relu(x, alpha=0.5, max_value=0.25)",
            "K.batch_dot(x, y, axes=(2, 2))",
            "K.clip(x, 0., 1.)",
        ),
        "1.0.8",
    ),
)


class _Spelled(ast.NodeTransformer):
    """Calls of ``K`` with all arguments by keyword, or as many as can be by position."""

    def __init__(self, version: str, keywords: bool) -> None:
        self.version = version
        self.keywords = keywords

    def visit_Call(self, node: ast.Call) -> ast.Call:
        self.generic_visit(node)
        func = node.func
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "K":
            entry = registry.lookup(f"keras.backend.{func.attr}")
            assert entry is not None, func.attr
            form = signature(entry.signatures[in_force(entry, parse(self.version))[0]])
            given = dict(zip(form.names(), node.args, strict=False))
            given.update({one.arg: one.value for one in node.keywords if one.arg is not None})
            node.args = [] if self.keywords else _placed(form, given)
            placed = form.names()[: len(node.args)]
            node.keywords = [ast.keyword(name, given[name]) for name in given if name not in placed]
        return node


def _placed(form: Signature, given: dict[str, ast.expr]) -> list[ast.expr]:
    """The arguments by position, up to the last that is given; old defaults between them."""
    last = max((index for index, name in enumerate(form.names()) if name in given), default=-1)
    names = form.names()[: last + 1]
    return [given[name] if name in given else ast.parse(repr(form.default(name)), mode="eval").body for name in names]


def spelled(family: Family, keywords: bool) -> Family:
    """The family with its calls spelled otherwise."""

    def other(expression: str) -> str:
        return ast.unparse(_Spelled(family.version, keywords).visit(ast.parse(expression)))

    name = f"{family.name}, {'by keyword' if keywords else 'by position'}"
    return family._replace(
        name=name,
        expressions=tuple(dict.fromkeys(map(other, family.expressions))),
        before=tuple(map(other, family.before)),
    )


def calls() -> dict[str, list[tuple[Family, str]]]:
    """Function → the expressions that call it, with the family that they stand in."""
    found: dict[str, list[tuple[Family, str]]] = {}
    for family in FAMILIES:
        for expression in (*family.expressions, *family.before):
            for name in dict.fromkeys(re.findall(r"\bK\.(\w+)\(", expression)):
                found.setdefault(name, []).append((family, expression))
    return found


def trials(functions: list[LegacyFunction], release: str) -> Iterator[tuple[Trial, bool]]:
    """Calls of every function of a release's keras.backend, and whether they can be run.

    The expressions are written for images with their channels last, which was the default from 1.1 on.
    """
    known: dict[str, list[LegacyFunction]] = {}
    for function in functions:
        known.setdefault(function.name, []).append(function)
    shown = calls()
    tried: set[tuple[Family, str]] = set()  # an expression that calls several is tried once
    for name, made in known.items():
        found = [(family, one) for family, one in shown.get(name, ()) if _is_of(one, known, release >= "1.1")]
        for family, expression in found:
            if (family, expression) not in tried:
                tried.add((family, expression))
                yield Trial(name, "", expression, _program(family, expression)), True
        if not found:
            alone = max(made, key=lambda one: len(one.parameters))._replace(module="keras.backend")
            yield from ((trial, False) for trial in function_calls.trials(alone))


def _is_of(expression: str, known: Mapping[str, list[LegacyFunction]], last: bool) -> bool:
    """Whether some backend of a release takes all calls in an expression; ``last``: where channels are by default."""
    called = [one for one in ast.walk(ast.parse(expression)) if isinstance(one, ast.Call)]
    for call in called:
        func = call.func
        if isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name) and func.value.id == "K":
            forms = [[one.name for one in each.parameters] for each in known.get(func.attr, ())]
            if not any(_binds(call, names) and (last or _is_ordered(call, names)) for names in forms):
                return False
    return True


def _binds(call: ast.Call, names: list[str]) -> bool:
    return len(call.args) <= len(names) and all(one.arg in names for one in call.keywords)


def _is_ordered(call: ast.Call, names: list[str]) -> bool:
    """Whether the call names the ordering of axes, where the function takes one."""
    if "dim_ordering" not in names:
        return True
    return names.index("dim_ordering") < len(call.args) or any(one.arg == "dim_ordering" for one in call.keywords)


def _program(family: Family, expression: str) -> str:
    statement = re.match(r"\w+ = ", expression) is not None
    lines = [
        "from keras import backend as K",
        "import numpy as np",
        *family.before,
        "",
        "",
        "def compute(x, y):",
        f"    {'' if statement else 'return '}{expression}",
        "",
        "",
        f"numbers = np.sin(np.arange(2 * np.prod({family.shape}))).reshape((2, *{family.shape}))",
        "compute(K.variable(numbers), K.variable(numbers ** 2))",
    ]
    return "\n".join(lines).replace("float64", "float32") + "\n"  # they are proved in float64, and run in float32 here
