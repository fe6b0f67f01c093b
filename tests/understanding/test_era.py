"""Which Keras and which backend single lines of a source prove."""

from __future__ import annotations

import pytest

from tdmigrate.keras1.versions import ALL, parse
from tdmigrate.understanding.claims import Claim
from tdmigrate.understanding.era import Era, conclude
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

LEGACY = "from keras.layers.core import Dense\n"


def era(text: str, *claims: Claim, pinned: str | None = None, backend: str | None = None) -> Era:
    module = Module(text)
    return conclude(module, Names(module, ALL), pinned, backend, claims)


def claim(path: str = "requirements.txt", **said: object) -> Claim:
    return Claim(path, "1", "said", **said)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("text", "versions"),
    [
        ("from keras.layers.timedistributed import TimeDistributed\n", "0.3.2-0.3"),
        ("from keras import backend as K\n", "0.3-1.2"),
        ("from keras.engine.topology import Layer\n", "1.0-1.2"),
        ("from keras.layers.wrappers import Bidirectional\n", "1.0.8-1.2"),
        ("from keras.callbacks import CSVLogger\n", "1.1.1-1.2"),
        ("import keras.callbacks as C\nC.CSVLogger('log')\n", "1.1.1-1.2"),
        ("from keras.callbacks import TensorBoard\n", "0.3.1-1.2"),
        ("from keras.constraints import MinMaxNorm\n", "1.2.2"),
        ("from keras.layers.core import Activation\nActivation('elu')\n", "1.1.1-1.2"),
        ("from keras.layers.core import Dense\nDense(3, activation='softsign')\n", "1.0.3-1.2"),
        ("from keras.layers.core import Dense\nDense(3, bias=False)\n", "1.0.2-1.2"),
        ("from keras.layers.core import Dense\nDense(3, activation=b'elu')\n", "0.1-1.2"),
        ("from keras.layers.advanced_activations import PReLU\nPReLU((n,))\n", "0.1"),
        ("from keras.layers.advanced_activations import PReLU\nshape = (3, 8)\nPReLU(shape, 'one')\n", "0.1"),
        ("from keras.layers.advanced_activations import PReLU\nPReLU(init)\n", "0.1-1.2"),
        ("from keras.layers.normalization import BatchNormalization\nBatchNormalization((512,))\n", "0.1"),
        ("from keras.layers.normalization import BatchNormalization\nBatchNormalization(1e-6)\n", "0.1-1.2"),
        ("from keras.layers.core import Dense\nDense(3, activation='of_their_own')\n", "0.1-1.2"),
    ],
)
def test_the_releases_that_a_construct_is_for(text: str, versions: str) -> None:
    assert era(text).versions == parse(versions)


@pytest.mark.parametrize(
    "text",
    [
        "try:\n    from keras.engine import Layer\nexcept ImportError:\n    from keras.layers.core import Layer\n",
        "import keras.callbacks as C\ntry:\n    C.CSVLogger('log')\nexcept AttributeError:\n    pass\n",
    ],
)
def test_one_of_several_ways_proves_no_release(text: str) -> None:
    assert era(text).versions == ALL


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        ("import theano\n", "theano"),
        ("import theano.tensor as T\n", "theano"),
        ("from tensorflow.python.framework import ops\n", "tensorflow"),
        ("import os\nos.environ['KERAS_BACKEND'] = 'theano'\n", "theano"),
        ("from os import environ\nenviron.setdefault('KERAS_BACKEND', 'theano')\n", "theano"),
        ("import os\nos.environ.update(KERAS_BACKEND='tensorflow')\n", "tensorflow"),
        ("import os\nos.environ.update({'KERAS_BACKEND': 'theano'})\n", "theano"),
        ("import os\nos.putenv('KERAS_BACKEND', 'theano')\n", "theano"),
        ("import os\nos.environ['THEANO_FLAGS'] = 'device=gpu'\n", "theano"),
        # what is asked for stands above what is imported
        ("import os, tensorflow\nos.environ['KERAS_BACKEND'] = 'theano'\n", "theano"),
        # a source that can do with either is for none
        ("import theano\nimport tensorflow\n", None),
        ("if K.backend() == 'theano':\n    import theano\nelse:\n    import tensorflow as tf\n", None),
        ("import os\nos.environ['KERAS_BACKEND'] = name\n", None),
        ("import os\nos.environ['OTHER'] = 'theano'\n", None),
        ("numbers.update({'KERAS_BACKEND': 'theano'})\n", None),
        ("import theanolike\n", None),
    ],
)
def test_the_backend_that_a_line_proves(text: str, backend: str | None) -> None:
    got = era(LEGACY + text)
    assert (got.backend_told, got.backend) == (backend is not None, backend or "tensorflow")
    assert bool(got.backend_evidence) == got.backend_told


def test_before_0_3_there_was_theano_alone() -> None:
    got = era("from keras.layers.core import Dense\nDense(3, activation='time_distributed_softmax')\n")
    assert (got.backend, got.backend_told) == ("theano", True)


def test_a_shape_by_position_proves_keras_1_unless_it_may_be_axes() -> None:
    text = "from keras.layers import BatchNormalization\nBatchNormalization({})\n"
    assert era(text.format("(512,)")).legacy
    assert not era(text.format("[1, 2]")).legacy  # tf.keras
    assert not era(text.format("-1")).legacy


@pytest.mark.parametrize("value", ["activity_l2", "activity_l1l2", "l1l2"])
def test_a_name_that_is_gone_proves_keras_1_as_a_string_too(value: str) -> None:
    text = "from keras.layers import Dense\nDense(3, activity_regularizer={!r})\n"
    assert era(text.format(value)).legacy
    assert not era(text.format("l2")).legacy
    assert not era("from keras.layers import Dense\nthing(3, init='uniform', loss='mse', activation='relu')\n").legacy


def test_the_ordering_that_is_set_last_stands() -> None:
    text = "from keras import backend as K\nK.set_image_dim_ordering('tf')\nK.set_image_dim_ordering('th')\n"
    got = era(text)
    assert (got.ordering, got.ordering_told) == ("th", True)
    assert [one.span.row for one in got.ordering_evidence] == [3]


def test_what_keras_3_has_too_proves_nothing_in_a_source_migrated_in_part() -> None:
    old = "from keras.layers import Dense, Input\nmodel.fit(x, y, show_accuracy=True)\n"
    both = old + "from tdmigrate.compat import hard_sigmoid\n"
    assert (era(both).versions, era(both).contradictions) == (parse("0.1-0.3"), ())
    assert era(both).modern
    called = "from keras.layers import Dense, Input\nmodel.fit(x, y, show_accuracy=True, epochs=3)\n"
    assert (era(called).versions, era(called).modern) == (parse("0.1-0.3"), True)
    assert len(era(old).contradictions) == 1


def test_what_the_project_says_decides_what_the_source_leaves_open() -> None:
    pin = claim(versions=parse("1.0.4"), legacy_only=True)
    settings = claim("keras.json", backend="theano", ordering="th")
    got = era(LEGACY, pin, settings)
    assert got.versions == got.assumed == parse("1.0.4")
    assert (got.backend, got.backend_told, got.ordering, got.ordering_told) == ("theano", True, "th", True)
    assert got.claims == (pin, settings)
    assert got.at_odds == ()


def test_the_source_stands_above_the_project_and_what_says_otherwise_is_told() -> None:
    text = "from keras.engine import Layer\nimport theano\n"
    pin, usual = claim(versions=parse("0.3"), legacy_only=True), claim("keras.json", backend="tensorflow")
    got = era(text, pin, usual)
    assert (got.versions, got.backend) == (parse("1.0-1.2"), "theano")
    assert got.at_odds == (pin, usual)


def test_the_weightier_file_of_the_project_stands_above_the_others() -> None:
    first, second = claim(versions=parse("1.0.4")), claim("setup.py", versions=parse("1.2"))
    got = era(LEGACY, first, second)
    assert (got.versions, got.claims, got.at_odds) == (parse("1.0.4"), (first,), (second,))


def test_what_the_user_says_stands_above_all() -> None:
    got = era(LEGACY, claim(versions=parse("1.0.4"), backend="theano"), pinned="1.2", backend="tensorflow")
    assert (got.versions, got.backend, got.claims, got.at_odds) == (parse("1.2"), "tensorflow", (), ())


def test_a_backend_that_the_source_asks_for_is_no_contradiction() -> None:
    text = LEGACY + "import os\nos.environ['KERAS_BACKEND'] = 'theano'\n"
    got = era(text, claim("keras.json", backend="tensorflow"))
    assert (got.backend, got.at_odds) == ("theano", ())


def test_a_project_for_keras_1_alone_makes_its_sources_legacy() -> None:
    plain = "from keras.layers import LSTM\nLSTM(3)\n"
    pin = claim(versions=parse("1.0.4"), legacy_only=True)
    assert not era(plain).legacy
    assert era(plain).maybe
    assert era(plain, pin).legacy
    assert not era(plain, pin._replace(legacy_only=False)).legacy
    moved = era("from keras.layers import LSTM\nfrom tdmigrate.compat import PerGate\nLSTM(3)\n", pin)
    assert not moved.legacy
    assert not moved.maybe


def test_imports_of_the_vendored_module_are_of_keras_3() -> None:
    module = Module("from keras.layers import LSTM\nfrom mine.keras1 import hard_sigmoid\nLSTM(3)\n")
    names = Names(module, ALL)
    assert conclude(module, names, "1.0").legacy
    assert not conclude(module, names, "1.0", vendor="mine.keras1").legacy
