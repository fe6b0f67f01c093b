"""Functions of keras.backend where they stand: calls, values, imports, and what is left for a person."""

from __future__ import annotations

from typing import Any

import pytest

from tdmigrate.findings import Applicability, Severity
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module

PROOF = "from keras.layers import TimeDistributedDense\n"  # that it is a source of Keras 0.x/1.x; the line goes


def findings(text: str) -> list[tuple[int, str, str]]:
    """What a person has to do: row, code, message."""
    found = check(Module(text), CheckSettings(keras_version="1.2")).findings
    return [(one.span.row, one.code, one.message) for one in found if one.fix is None]


def rewritten(text: str) -> str:
    """The new text; a second run has nothing more to write."""
    settings = CheckSettings(keras_version="1.2")
    fixes = [one.fix for one in check(Module(text), settings).findings if one.fix is not None]
    assert all(fix.applicability is Applicability.SAFE for fix in fixes)
    new = apply(text, fixes)
    assert [one.message for one in check(Module(new), settings).findings if one.fix is not None] == []
    return new


IMPORTS = [
    ("from keras import backend as K\n\ny = K.mean(x)\n", "from keras import ops\n\ny = ops.mean(x)\n"),
    ("import keras.backend as K\n\ny = K.mean(x)\n", "from keras import ops\n\ny = ops.mean(x)\n"),
    ("import keras\n\ny = keras.backend.pow(x, 2)\n", "import keras\n\ny = keras.ops.power(x, 2)\n"),
    (
        "from keras.backend import mean, lesser as less\n\ny = mean(less(x, 2))\n",
        "from keras.ops import mean, less\n\ny = mean(less(x, 2))\n",
    ),
    (
        "from keras.backend import theano_backend as K\n\ny = K.tanh(x)\n",
        "from keras import ops\n\ny = ops.tanh(x)\n",
    ),
    (
        "from keras import backend as K\n\ny = K.maximum(x, K.epsilon())\n",
        "from keras import backend as K, ops\n\ny = ops.maximum(x, K.epsilon())\n",
    ),
    (
        "from keras import backend as K\n\nops = []\ny = K.exp(x)\n",
        "from keras import ops as keras_ops\n\nops = []\ny = keras_ops.exp(x)\n",
    ),
    (
        "import random\nfrom keras import backend as K\n\ny = K.random_normal((2,), std=0.1)\n",
        "import random\nfrom keras import random as keras_random\n\ny = keras_random.normal((2,), stddev=0.1)\n",
    ),
    (
        "def f(x):\n    from keras import backend as K\n    return K.tanh(x)\n",
        "def f(x):\n    from keras import ops\n    return ops.tanh(x)\n",
    ),
    (
        "from keras import backend as K\n\n__all__ = ['K']\ny = K.tanh(x)\n",
        "from keras import backend as K, ops\n\n__all__ = ['K']\ny = ops.tanh(x)\n",
    ),
    (
        "from keras import backend as K\n\nsquash = K.tanh\ny = squash(x)\n",
        "from keras import ops\n\nsquash = ops.tanh\ny = squash(x)\n",
    ),
    (
        "import theano\nfrom keras import backend\n\ny = backend.tanh(x) if backend else 0\n",
        "import theano\nfrom keras import backend, ops\n\ny = ops.tanh(x) if backend else 0\n",
    ),
    (
        "from keras.backend.common import _EPSILON\n\ny = x + _EPSILON\n",
        "from keras.config import epsilon\n\ny = x + epsilon()\n",
    ),
]


@pytest.mark.parametrize(("before", "after"), IMPORTS)
def test_imports_follow(before: str, after: str) -> None:
    assert rewritten(before) == after


CALLS = [
    ("K.sqrt(x)", "ops.sqrt(ops.maximum(x, 0.0))"),
    ("K.sqrt(K.square(x) + 1e-7)", "ops.sqrt(ops.square(x) + 1e-7)"),
    ("K.sqrt(K.sum((x - y) ** 2, axis=1))", "ops.sqrt(ops.sum((x - y) ** 2, axis=1))"),
    ("K.sqrt(K.maximum(K.sum(x), 1e-7))", "ops.sqrt(ops.maximum(ops.sum(x), 1e-7))"),
    ("K.sqrt(K.sum(x * y))", "ops.sqrt(ops.maximum(ops.sum(x * y), 0.0))"),
    ("K.sqrt(K.sum(axis=1, x=y))", "ops.sqrt(ops.maximum(ops.sum(axis=1, x=y), 0.0))"),
    ("K.sqrt(x * x + y ** 2)", "ops.sqrt(x * x + y ** 2)"),
    ("K.sqrt(draw() * draw())", "ops.sqrt(ops.maximum(draw() * draw(), 0.0))"),
    ("K.sqrt(K.mean(K.square(x)) - 1)", "ops.sqrt(ops.maximum(ops.mean(ops.square(x)) - 1, 0.0))"),
    ("K.one_hot(x, nb_classes=3)", "ops.one_hot(x, num_classes=3, dtype=floatx())"),
    ("K.expand_dims(x)", "ops.expand_dims(x, axis=-1)"),
    ("K.argmax(x)", "ops.argmax(x, axis=-1)"),
    ("K.concatenate([x, K.abs(y)])", "ops.concatenate([x, ops.abs(y)], axis=-1)"),
    ("K.repeat(K.sum(x, 1), n=3)", "ops.repeat(ops.expand_dims(ops.sum(x, 1), 1), 3, axis=1)"),
    ("K.ndim(x + y)", "len((x + y).shape)"),
    ("K.int_shape(K.dot(x, y))[0]", "tuple(ops.dot(x, y).shape)[0]"),
    ("K.gather(x, y)", "ops.take(x, y, axis=0)"),
    ("K.clip(x, 0, None)", "ops.clip(x, 0, float('inf'))"),
    ("K.relu(x, 0.1, max_value=6)", "activations.relu(x, 0.1, max_value=6)"),
    ("K.equal(x, y)", "ops.equal(x, y)"),
    ("2 * K.equal(x, y)", "2 * ops.cast(ops.equal(x, y), floatx())"),
    ("-K.mean(x)", "-ops.mean(x)"),
    ("K.set_value(w, K.get_value(v))", "w.assign(ops.convert_to_numpy(v))"),
    ("K.get_value(model.optimizer.lr)", "ops.convert_to_numpy(model.optimizer.learning_rate)"),
    ("K.batch_set_value(zip(a, b))", "[x.assign(value) for x, value in zip(a, b)]"),
    ("K.get_variable_shape(w)", "tuple(w.shape)"),
    ("K.to_dense(x)", "ops.convert_to_tensor(x, sparse=False)"),
    ("K.placeholder((None, n))", "Input(batch_shape=(None, n))"),
    ("K.placeholder(ndim=2, dtype='int32', name='ids')", "Input(batch_shape=(None,) * 2, dtype='int32')"),
    ("K.conv2d(x, w)", "ops.conv(x, w, (1, 1), 'valid', 'channels_last')"),
    (
        "K.conv2d(x, w, (2, 2), 'same', 'th')",
        "ops.conv(x, ops.transpose(w, (2, 3, 1, 0)), (2, 2), 'same', 'channels_first')",
    ),
    ("K.pool2d(x, (2, 2), pool_mode='avg')", "ops.average_pool(x, (2, 2), (1, 1), data_format='channels_last')"),
    ("K.spatial_2d_padding(x)", "layers.ZeroPadding2D((1, 1), data_format='channels_last')(x)"),
    ("K.batch_normalization(x, m, v, b, g)", "((x - m) / ops.sqrt(v + 0.001) * g + b)"),
    (
        "-K.batch_normalization(x - 1, m, v + 1, -b, g, e)",
        "-(((x - 1) - m) / ops.sqrt((v + 1) + e) * g + (-b))",
    ),
    ("K.random_uniform_variable((3,), -1, 1)", "Variable(random.uniform((3,), -1, 1), dtype=floatx())"),
    (
        "K.rnn(step, x, [s], mask=m, unroll=True, input_length=3)",
        "rnn(step, x, [s], mask=m, unroll=True, input_length=3)",
    ),
    ("K.ctc_batch_cost(a, b, input_length=c, label_length=d)", "ctc_batch_cost(a, b, c, d)"),
    ("K.foldl(f, x, name='f')", "foldl(f, x)"),
    ("K.function([a], b)([c])", "function([a], b)([c])"),
    ("K.function(inputs=[a], outputs=[b], updates=[])", "function(inputs=[a], outputs=[b])"),
    ("K.function([a, K.learning_phase()], [b])", "function([a, 'training'], [b])"),
    ("K.function([a] + [K.learning_phase()], [b])", "function([a] + ['training'], [b])"),
    ("[K.mean, K.softmax, K.maximum]", "[ops.mean, ops.softmax, ops.maximum]"),
    ("K.ones_like(x, name='ones')", "ops.ones_like(x)"),
    ("K.mean(  # over time\n    x, axis=1)", "ops.mean(  # over time\n    x, axis=1)"),
]


@pytest.mark.parametrize(("before", "after"), CALLS)
def test_calls_become_ops(before: str, after: str) -> None:
    text = rewritten(f"from keras import backend as K\n{PROOF}\nz = {before}\n")
    assert text.endswith(f"\nz = {after}\n")
    assert "backend" not in text


def test_a_comparison_that_arithmetic_reads_later_is_a_number() -> None:
    before = "def loss(a, b):\n    m = K.equal(a, 0)\n    n = K.equal(b, 0)\n    return K.mean(a * m), n\n"
    text = rewritten(f"from keras import backend as K\n{PROOF}\n{before}")
    assert "    m = ops.cast(ops.equal(a, 0), floatx())\n    n = ops.equal(b, 0)\n" in text


PERSON = [
    ("K.in_train_phase(x, y)", "`x if training else alt`"),
    ("K.function([x], [y], updates=[(w, w + 1)])", "x.assign(value)"),
    ("K.function([x], [model.total_loss])", "jax.value_and_grad"),
    ("K.function([x], [y], givens=g)", "`givens`: of theano.function"),
    ("K.learning_phase()", "`training`"),
    ("[K.learning_phase()]", "`training`"),
    ("K.gradients(x, y)", "tf.GradientTape"),
    ("K.deconv2d(x, y, (3, 4))", "flipped"),
    ("K.conv2d(x, y, dim_ordering=ordering)", "flipped"),
    ("K.pool2d(x, (2, 2), border_mode='same')", "max_pool"),
    ("K.placeholder((3, 4), sparse=True)", "sparse=True"),
    ("print(K.set_value(model.optimizer.lr, 3))", "the statement"),
    ("K.random_uniform((2, 3), seed=1)", "SeedGenerator"),
    ("K.no_such_thing(x)", "does not have it"),
    ("K.temporal_padding(x, pad())", "name its arguments first"),
    ("K.switch(x, lambda: y, z)", "ops.cond"),
    ("K.repeat(*given)", "ops.repeat(ops.expand_dims(x, 1), n, axis=1)"),
    ("map(K.expand_dims, x)", "other arguments"),
    ("partial(K.permute_dimensions, pattern=(1, 0))", "other arguments"),
    ("K.spatial_2d_padding(x, dim_ordering=ordering)", "data_format"),
    ("(lambda: K.random_uniform_variable((3,), 0, 1))", "outside of the function"),
]


@pytest.mark.parametrize(("call", "words"), PERSON)
def test_a_person_is_told_what_to_write(call: str, words: str) -> None:
    before = f"from keras import backend as K\n{PROOF}\nz = {call}\n"
    found = findings(before)
    assert [(row, code) for row, code, _ in found] == [(4, "K502")], found
    assert words in found[0][2]
    assert f"z = {call}\n" in rewritten(before)


def test_the_learning_phase_in_a_variable_among_inputs() -> None:
    body = "phase = K.learning_phase()\ninputs = [x, phase]\n{}f = K.function(inputs, [y])\n"
    before = f"from keras import backend as K\n{PROOF}\n" + body
    after = "phase = 'training'\ninputs = [x, phase]\nf = function(inputs, [y])\n"
    assert rewritten(before.format("")).endswith(after)
    assert [row for row, _, _ in findings(before.format("print(phase)\n"))] == [4]


def test_the_learning_phase_in_variables_of_one_name_in_several_functions() -> None:
    one = "def {}(model):\n    inputs = model.inputs + [K.learning_phase()]\n{}    return K.function(inputs, [y])\n"
    before = f"from keras import backend as K\n{PROOF}\n" + one.format("f", "") + one.format("g", "    inputs.pop()\n")
    assert [row for row, _, _ in findings(before)] == [8]
    assert rewritten(before).count("[K.learning_phase()]") == 1


def test_gradients_are_followed_to_the_functions_that_compute_them() -> None:
    before = (
        f"from keras import backend as K\n{PROOF}\ngrads = K.gradients(loss, x)[0]\ngrads /= 2\n"
        "f = K.function([x], [loss, grads])\ng = K.function([x], [loss])\n"
    )
    assert [(row, code) for row, code, _ in findings(before)] == [(4, "K502"), (6, "K502")]
    assert "\ng = function([x], [loss])\n" in rewritten(before)


def test_the_phase_is_what_training_says_where_a_function_has_it() -> None:
    before = (
        f"from keras import backend as K\n{PROOF}\ndef call(x, training=None):\n    return K.in_train_phase(x + 1, x)\n"
    )
    assert rewritten(before).endswith("    return (x + 1 if training else x)\n")


def test_a_learning_rate_is_set_by_a_statement() -> None:
    text = rewritten(f"from keras import backend as K\n{PROOF}\nK.set_value(model.optimizer.lr, 0.5 * lr)  # halve\n")
    assert text.endswith("\nmodel.optimizer.learning_rate = 0.5 * lr  # halve\n")


@pytest.mark.parametrize(
    ("made", "rate"),
    [
        ("model.optimizer", "learning_rate = 0.1"),
        ("keras.optimizers.SGD()", "learning_rate = 0.1"),
        ("Own()", "lr.assign(0.1)"),
    ],
)
def test_only_optimizers_of_keras_have_their_rate_by_another_name(made: str, rate: str) -> None:
    text = rewritten(f"import keras\nfrom keras import backend as K\n{PROOF}o = {made}\nK.set_value(o.lr, 0.1)\n")
    assert text.endswith(f"\no.{rate}\n")


def test_variables_that_are_assigned_to_are_variables() -> None:
    before = (
        f"from keras import backend as K\n{PROOF}\nw = K.variable(3, name='w')\nz = K.zeros((2,))\nK.set_value(w, 4)\n"
    )
    assert findings(before) == []
    new = rewritten(before)
    assert "w = Variable(3, dtype=floatx())\nz = Variable(ops.zeros((2,)), dtype=floatx())\nw.assign(4)\n" in new
    names: dict[str, Any] = {}
    exec(new, names)
    assert float(names["w"].numpy()) == 4.0


def test_a_layer_s_variables_stay_a_person_s() -> None:
    before = (
        f"from keras import backend as K\n{PROOF}\nclass Own(Layer):\n"
        "    def build(self, input_shape):\n        self.w = K.zeros((3,))\n"
    )
    (found,) = findings(before)
    assert found[:2] == (6, "K502")
    assert "add_weight" in found[2]


def test_theano_is_never_the_backend_now() -> None:
    text = f"from keras import backend as K\n{PROOF}\nif K.backend() == 'theano':\n    pass\n"
    found = check(Module(text), CheckSettings(keras_version="1.2")).findings
    assert [(one.code, one.severity) for one in found if one.fix is None] == [("K503", Severity.NOTE)]


@pytest.mark.parametrize(
    ("call", "legacy"),
    [
        ("K.random_binomial((3,), p=0.5)", False),
        ("K.random_uniform_variable((3,), low=0, high=1)", False),
        ("K.squeeze(x, axis=1)", False),
        ("K.expand_dims(x, axis=1)", False),
        ("K.expand_dims(x, dim=1)", True),
        ("K.random_normal((3,), std=2.0)", True),
        ("K.one_hot(x, nb_classes=3)", True),
        ("K.resize_images(x, 2, 2, dim_ordering='th')", True),
    ],
)
def test_what_keras_2_had_too_proves_nothing(call: str, legacy: bool) -> None:
    text = f"from keras import backend as K\n\ny = {call}\n"
    era = check(Module(text), CheckSettings()).era
    assert era is not None
    assert era.legacy is legacy


def test_what_is_no_backend_is_left_alone() -> None:
    text = "from keras.layers import Dense\n\nK = object()\nd = Dense(output_dim=3)\ny = K.mean(d)\n"
    assert "K.mean(d)" in rewritten(text)


# --- Lambda ----------------------------------------------------------------------------------------------------------

LAMBDAS = [
    ("Lambda(lambda x: x * 2, output_shape=[n])", "Lambda(lambda x: x * 2, output_shape=(n,))"),
    ("Lambda(lambda x: x * 2, [3, n + 1])", "Lambda(lambda x: x * 2, (3, n + 1))"),
    ("Lambda(lambda x: x.sum(axis=1))", "Lambda(lambda x: ops.sum(x, axis=1))"),
    ("Lambda(lambda x: (x[0] - x[1]).max(1))", "Lambda(lambda x: ops.max((x[0] - x[1]), 1))"),
    ("Lambda(lambda x: x.dimshuffle(0, 2, 1))", "Lambda(lambda x: ops.transpose(x, (0, 2, 1)))"),
    ("Lambda(lambda x: x.dimshuffle(0, 'x', 1))", "Lambda(lambda x: ops.expand_dims(x, 1))"),
    ("Lambda(lambda x: x.T.dot(K.exp(x)))", "Lambda(lambda x: ops.dot(ops.transpose(x), ops.exp(x)))"),
    ("Lambda(lambda x: x.reshape((-1, 4)))", "Lambda(lambda x: ops.reshape(x, (-1, 4)))"),
    (
        "Lambda(lambda x, k: 2 * K.in_train_phase(K.dropout(x, k), x), arguments={'k': 0.1})",
        "Lambda(lambda x, k, training=None: 2 * (random.dropout(x, k) if training else x), arguments={'k': 0.1})",
    ),
    (
        "Lambda(lambda x: K.in_test_phase(x, K.in_train_phase(x + 1, alt=x)))",
        "Lambda(lambda x, training=None: ((x + 1 if training else x) if training else x))",
    ),
    (
        "Lambda(lambda x, train: x * train, (3,), {'train': 2})",
        "Lambda(lambda x, train: x * train, (3,), arguments={'train': 2})",
    ),
    ("Lambda(K.softmax)", "Lambda(ops.softmax)"),
    ("Lambda(K.mean, arguments={'axis': 1})", "Lambda(ops.mean, arguments={'axis': 1})"),
]


@pytest.mark.parametrize(("before", "after"), LAMBDAS)
def test_lambdas(before: str, after: str) -> None:
    text = rewritten(f"from keras import backend as K\nfrom keras.layers import Lambda\n{PROOF}\nlayer = {before}\n")
    assert text.endswith(f"\nlayer = {after}\n")


FOREIGN = [
    ("Lambda(lambda x: T.sum(x))", "`T.sum`: Keras 3 does not run on Theano: keras.ops.sum is its like"),
    ("Lambda(lambda x: T.nnet.relu(x))", "keras.ops.relu"),
    ("Lambda(lambda x: T.batched_dot(x, x))", "tdmigrate.compat.batch_dot"),
    ("Lambda(lambda x: T.no_such(x))", "write it with keras.ops"),
    ("Lambda(lambda x: tf.reduce_sum(x, 1))", "`tf.reduce_sum`: it needs TensorFlow"),
    ("Lambda(lambda x: tf.reduce_sum(x, 1))", "keras.ops.sum"),
    ("Lambda(lambda x: tf.contrib.layers.flatten(x))", "keras.ops runs"),
    ("K.T.mean(x)", "`K.T.mean`: Keras 3 does not run on Theano: keras.ops.mean is its like"),
    ("K.tf.pack(x)", "keras.ops.stack"),
    ("K.theano.shared(3)", "write it with keras.ops"),
    ("Lambda(lambda x: K.in_train_phase(lambda: x, x))", "`x if training else alt`"),
    ("Lambda(lambda *x: K.in_train_phase(x[0], x[1]))", "`x if training else alt`"),
    ("Lambda(lambda x: x.norm(2, axis=1))", "`.norm`"),
    ("Lambda(lambda x: x.flatten(2))", "`.flatten`"),
    ("Lambda(lambda x: x.sum(1, 'float32'))", "`.sum`"),
    ("Lambda(lambda x, training: x * training, arguments={'training': 2})", "otherwise"),
    ("Lambda(K.permute_dimensions, arguments={'pattern': (0, 2, 1)})", "other arguments"),
]


@pytest.mark.parametrize(("call", "words"), FOREIGN)
def test_what_a_lambda_has_of_a_backend_itself_is_told(call: str, words: str) -> None:
    imports = "import tensorflow as tf\nfrom theano import tensor as T\nfrom keras import backend as K\n"
    found = findings(f"{imports}from keras.layers import Lambda\n{PROOF}\nlayer = {call}\n")
    assert [row for row, _, _ in found] == [7]
    assert words in found[0][2]


SHAPES = [
    ("n = x.get_shape()[1]", "n = x.shape[1]"),
    ("n = x.get_shape().as_list()[1:]", "n = list(x.shape)[1:]"),
    ("n = (x + 1).get_shape()[-1].value * 2", "n = (x + 1).shape[-1] * 2"),
    ("n = x.get_shape(1)", "n = x.get_shape(1)"),
    ("n = x.get_shape()\n\ndef get_shape(self):\n    pass", "n = x.get_shape()\n\ndef get_shape(self):\n    pass"),
]


@pytest.mark.parametrize(("before", "after"), SHAPES)
def test_shapes_of_tensors(before: str, after: str) -> None:
    assert rewritten(f"from keras import backend as K\n{PROOF}{before}\n").endswith(f"\n{after}\n")


IN_FUNCTIONS = [
    ("class Own(Dense):\n    def call(self, x, mask=None):\n        return T.sqr(x)\n", 7, "keras.ops.square"),
    ("def loss(a, b):\n    return T.sqr(a - b)\n\nmodel.compile('sgd', loss=loss)\n", 6, "keras.ops.square"),
    ("def metric(a, b):\n    return T.eq(a, b)\n\nmodel.compile('sgd', 'mse', metrics=[metric])\n", 6, "ops.equal"),
    ("f = theano.function([model.get_input(train=False)], model.get_output())\n", 5, "tdmigrate.compat.function"),
]


@pytest.mark.parametrize(("text", "row", "words"), IN_FUNCTIONS)
def test_theano_in_layers_and_losses_is_told_and_no_other(text: str, row: int, words: str) -> None:
    head = "from keras.layers import Dense, TimeDistributedDense\nimport theano, theano.tensor as T\n"
    aside = "f = theano.function([T.matrix()], T.dscalar())\n"
    found = [(row, message) for row, code, message in findings(f"{head}{aside}\n{text}") if code == "K502"]
    assert [row for row, _ in found] == [row]
    assert words in found[0][1]


def test_methods_of_tensors_in_losses() -> None:
    before = f"{PROOF}\ndef loss(a, b):\n    return ((a - b) ** 2).mean(axis=-1)\n\nmodel.compile('sgd', loss)\n"
    assert "    return ops.mean(((a - b) ** 2), axis=-1)\n" in rewritten(f"import theano\n{before}")


def test_names_of_a_star_come_from_where_they_are_now() -> None:
    before = (
        f"from keras.backend import *\n{PROOF}\ny = mean(sum([1, 2]), epsilon())\nz = map(tanh, [sqrt(x)])\n"
        "f = function([a, learning_phase()], [b])\ng = lambda max: max(x)\n"
    )
    after = (
        "from keras.backend import *\nfrom keras import ops\nfrom keras.ops import mean, sum, tanh\n"
        "from tdmigrate.compat import function\n\ny = mean(sum([1, 2]), epsilon())\n"
        "z = map(tanh, [ops.sqrt(ops.maximum(x, 0.0))])\nf = function([a, 'training'], [b])\ng = lambda max: max(x)\n"
    )
    assert rewritten(before) == after
    assert findings(before) == []


def test_what_may_be_of_the_backend_is_told() -> None:
    start = "try:\n    from keras import backend as K\nexcept ImportError:\n    import theano.tensor as K\n"
    found = findings(f"{start}{PROOF}y = K.sum(x)\nz = K.epsilon()\n")
    assert [(row, code) for row, code, _ in found] == [(6, "K502")]
    assert "`K.sum` may be keras.backend.sum, which Keras 3 does not have: there it is `keras.ops.sum`" in found[0][2]


@pytest.mark.parametrize(("version", "codes"), [("0.3", ["K205"]), ("1.2", [])])
def test_only_keras_0_3_told_a_function_the_phase_as_train(version: str, codes: list[str]) -> None:
    text = f"from keras.layers import Lambda\n{PROOF}\nlayer = Lambda(lambda x, train=False: x)\n"
    found = check(Module(text), CheckSettings(keras_version=version)).findings
    assert [one.code for one in found if one.fix is None] == codes


@pytest.mark.parametrize(
    "text",
    [
        "def f(x, K=K):\n    return K.sum(x)\n",
        "class A(object):\n    K = K\n\n    def f(self, x):\n        return self.K.sum(x)\n",
        "class A(object):\n    def __init__(self, backend=K):\n        self.K = backend\n",
        "self.K = K\n",
        "tools = {'K': K}\n",
        "y = run(K, x)\n",
        "y = getattr(K, name)(x)\n",
        "f = lambda x, K=K: K.sum(x)\n",
    ],
)
def test_the_module_itself_is_handed_on(text: str) -> None:
    ((_, code, message),) = findings(f"{PROOF}from keras import backend as K\n\n{text}")
    assert code == "K502"
    assert message == "`K` is handed on, and what is called on it there is not seen: call keras.ops there"


def test_other_names_of_the_module_are_followed() -> None:
    text = f"{PROOF}from keras import backend as K\n\nB = K\ny = B.sum(x)\nz = getattr(K, 'mean')(x)\n"
    assert findings(text) == []
    assert rewritten(text).endswith("y = ops.sum(x)\nz = ops.mean(x)\n")
