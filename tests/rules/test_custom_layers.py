"""Layers of the source's own: what is asked, what is noted, and what is left alone."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Applicability, Severity
from tdmigrate.rules.context import CheckSettings

from .migrating import findings, migrate

HEAD = """\
from keras import backend as K
from keras import initializations, regularizers
from keras.engine.topology import Layer, InputSpec
from keras.layers import Dense, GRU, LSTM
from keras.layers.normalization import BatchNormalization
from keras.layers.recurrent import Recurrent


"""


def layer(body: str, base: str = "Layer") -> str:
    return HEAD + f"class Own({base}):\n" + "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())


def asked(text: str, version: str = "1.2.2") -> list[str]:
    _, found = migrate(text, version)
    return [one.message for one in found if one.fix is None and one.severity is not Severity.NOTE]


BUILD = "def build(self, input_shape):\n"


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (f"{BUILD}    self.W = K.zeros((3,))", "in no list of weights"),
        (f"{BUILD}    self.trainable_weights = make(self)", "make each with self.add_weight"),
        (
            f"{BUILD}    self.W = K.zeros((3,))\n    self.b = K.zeros((3,))\n"
            "    self.trainable_weights = [self.b, self.W]",
            "in the order in which they are made (W, b)",
        ),
        (
            f"{BUILD}    self.b = K.zeros((3,))\n    if self.bias:\n        self.trainable_weights = [self.b]\n"
            "    self.trainable_weights += []",
            "make each with self.add_weight",
        ),
        (f"{BUILD}    self.regularizers = [regularizers.l2(0.1)]", "give `regularizer=`"),
        (f"{BUILD}    self.constraints = {{}}\n    self.constraints[self.W[0]] = 3", "give `constraint=`"),
        ("def call(self, x, mask=None):\n    return x + self.input_shape[0]", "self.input_shape"),
        ("def call(self, x, mask=None):\n    self.output = x\n    return x", "refuses this"),
        ("def call(self, x, mask=None):\n    self.updates = [(x, x)]\n    return x", "runs no such list"),
        ("def call(self, x, mask=None):\n    self.add_update((x, x))\n    return x", "assign to the variable"),
        ("def __init__(self, a=None):\n    self.activity_regularizer = regularizers.get(a)", "its sum over the batch"),
        (
            "def __init__(self, **kwargs):\n    self.W = K.zeros((3,))\n    self.trainable_weights = [self.W]\n"
            "    super(Own, self).__init__(**kwargs)",
            "only behind super().__init__()",
        ),
        ("def __call__(self, x, mask=None):\n    return x", "__call__: Keras 3 has its own way"),
    ],
)  # fmt: skip
def test_what_no_rewrite_can_know_is_asked(body: str, words: str) -> None:
    assert [message for message in asked(layer(body)) if words in message]


@pytest.mark.parametrize(
    ("base", "body", "words"),
    [
        ("LSTM", "pass", "inner_activation='hard_sigmoid'"),
        ("GRU", "pass", "reset_after"),
        ("BatchNormalization", "pass", "derive from tdmigrate.compat.BatchNormalization"),
        ("Dense", "def __init__(self, n):\n    super().__init__(output_dim=n)", "give it what Keras 3's Dense takes"),
        ("Dense", "def call(self, x, mask=None):\n    return super().call(x, mask)", "takes no mask"),
        ("Dense", "def build(self, s):\n    self.k = self.init((s[1], 3))\n", "it is `self.kernel_initializer` now"),
    ],
)
def test_what_comes_from_another_layer_is_asked(base: str, body: str, words: str) -> None:
    assert [message for message in asked(layer(body, base)) if words in message]


def test_weights_of_the_base_have_the_names_that_it_gives_them() -> None:
    body = "def call(self, x, mask=None):\n    return K.dot(x, K.abs(self.W)) + self.b * self.output_dim"
    new, _ = migrate(layer(body, "Dense"))
    assert "ops.dot(x, ops.abs(self.kernel)) + self.bias * self.units" in new


def test_a_step_gets_the_skeleton_of_a_cell() -> None:
    body = (
        "def __init__(self, units, **kwargs):\n    self.units = units\n    super().__init__(**kwargs)\n\n"
        "def build(self, s):\n    self.W = K.zeros((3,))\n\n"
        "def step(self, x, states):\n    return x, [x, states[0]]"
    )
    settings = CheckSettings(keras_version="1.2")
    found = [one for one in findings(layer(body, "Recurrent"), settings) if one.code == "K704"]
    assert len(found) == 1
    fix = found[0].fix
    assert fix is not None
    assert fix.applicability is Applicability.DISPLAY
    text = fix.replacement or ""
    compile(text, "skeleton", "exec")
    assert "class OwnCell(keras.layers.Layer):" in text
    assert "self.state_size = [self.units, self.units]" in text
    assert "self.W = self.add_weight(" in text


def test_penalties_count_as_the_release_counted_them() -> None:
    body = (
        f"{BUILD}    self.W = K.zeros((3,))\n    self.R = regularizers.get('l2')\n"
        "    self.trainable_weights = [self.W]\n    self.R.set_param(self.W)\n    self.regularizers = [self.R]"
    )
    assert "regularizer=self.R" in migrate(layer(body), "1.1.2")[0]
    new, found = migrate(layer(body), "1.2.2")
    assert "regularizer=" not in new
    assert [one.code for one in found if one.severity is Severity.NOTE] == ["K703"]


def test_comments_of_what_goes_stay() -> None:
    body = (
        f"{BUILD}    self.W = K.zeros((3,))\n    self.trainable_weights = [self.W]  # both\n    if self.R:  # given\n"
        "        # counts\n        self.R.set_param(self.W)\n"
    )
    new, _ = migrate(layer(body), "1.1.2")
    assert "        # both\n        # given\n        # counts\n" in new
    assert "if self.R" not in new


def test_a_class_for_both_is_left_alone() -> None:
    text = (
        "from keras.layers import Layer\n\n\nclass Own(Layer):\n    def call(self, x):\n        return x\n\n"
        "    def compute_output_shape(self, s):\n        return s\n\n    get_output_shape_for = compute_output_shape\n"
    )
    assert findings(text) == ()
    method = "    def get_output_shape_for(self, s):\n        return s\n    other = "
    both = text.replace("    get_output_shape_for = ", method)
    assert findings(both) == ()


def test_a_class_for_keras_2_is_left_alone() -> None:
    text = (
        "from keras import backend as K\nfrom keras.engine.topology import Layer\n\n\nclass Own(Layer):\n"
        "    def build(self, input_shape):\n        self.W = self.add_weight('W', (3,), initializer='uniform')\n"
        "        super(Own, self).build(input_shape)\n\n    def call(self, x):\n        return K.dot(x, self.W)\n"
    )
    assert findings(text) == ()


def test_names_have_no_slash() -> None:
    body = f"{BUILD}    self.W = self.add_weight((3,), 'one', self.name + '/W')"
    assert "self.add_weight((3,), initializer='one', name=self.name + '_W')" in migrate(layer(body))[0]


def test_masking_is_said_behind_the_constructor() -> None:
    body = "def __init__(self, **kwargs):\n    self.supports_masking = True\n    super(Own, self).__init__(**kwargs)"
    new, _ = migrate(layer(body))
    assert "        super(Own, self).__init__(**kwargs)\n        self.supports_masking = True\n" in new


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("def get_output(self, a, b):\n    return self.get_input(a)", "it is call(self, inputs"),
        ("def get_output(self, train=False):\n    return self.get_input(train) + self.output_shape[0]", "output_shape"),
        (
            "def get_output(self, train=False):\n    return self.helper()\n\n"
            "def helper(self):\n    return self.get_input()",
            "self.get_input: it is the first argument",
        ),
    ],
)
def test_what_an_old_layer_reads_elsewhere_is_asked(body: str, words: str) -> None:
    text = "from keras.layers.core import Layer\n\n\nclass Own(Layer):\n"
    text += "".join(f"    {line}\n" if line else "\n" for line in body.splitlines())
    assert [message for message in asked(text, "0.3.3") if words in message]


def test_imports_of_what_made_weights_go() -> None:
    text = (
        "from keras.initializations import get\nfrom keras.layers.core import Layer\n"
        "from keras.utils.theano_utils import shared_zeros\n\n\nclass Own(Layer):\n"
        "    def __init__(self, n):\n        super(Own, self).__init__()\n        self.init = get('zero')\n"
        "        self.W = self.init((n, n))\n        self.b = shared_zeros((n,))\n"
        "        self.params = [self.W, self.b]\n"
    )
    new, found = migrate(text, "0.2.0")
    assert [one.message for one in found if one.fix is None and one.severity is not Severity.NOTE] == []
    assert "theano_utils" not in new
    assert "initializations" not in new
    assert "from keras.initializers import get" in new
    assert "self.init = get('zeros')" in new
    assert "self.b = self.add_weight(shape=(n,), initializer='zeros')" in new


def test_the_kind_of_numbers_stays() -> None:
    body = (
        f"{BUILD}    self.n = K.zeros((3,), dtype='int32')\n    self.m = K.variable(3, dtype='int32')\n"
        "    self.non_trainable_weights = [self.n, self.m]"
    )
    new, _ = migrate(layer(body))
    assert "self.add_weight(shape=(3,), initializer='zeros', dtype='int32', trainable=False)" in new
    assert "Variable(3, dtype='int32', trainable=False)" in new


def test_initializers_of_the_source_itself_are_asked() -> None:
    text = layer("def __init__(self, init, **kwargs):\n    self.init = initializations.get(init)")
    text += "\n\none = Own(init=lambda shape, name=None: K.ones(shape))\n"
    assert [message for message in asked(text) if "f(shape, dtype=...)" in message]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("x = x * mask", 1),
        ("x *= mask", 1),
        ("x = x * (1 - K.expand_dims(mask))", 1),
        ("n = K.sum(mask, axis=1) + K.cast(mask, 'float32')", 1),
        ("x = x * K.cast(mask, K.floatx())", 0),
        ("x = x if mask is None else 2 * x", 0),
        ("x = x if not mask else 2 * x", 0),
        ("x = K.switch(K.any(mask), x, 2 * x)", 0),
        ("x = self.inner(x, mask)", 0),
        ("mask = K.cast(mask, 'float32'); x = x * mask", 0),
        ("x = x * mask[0]", 0),
    ],
)
def test_masks_that_are_computed_with(line: str, told: int) -> None:
    text = (
        "from keras import backend as K\nfrom keras.engine.topology import Layer\n\n\nclass Own(Layer):\n"
        "    def get_output_shape_for(self, input_shape):\n        return input_shape\n\n"
        f"    def call(self, x, mask=None):\n        {line}\n        return x\n"
    )
    assert [one.code for one in findings(text)].count("K705") == told
