from __future__ import annotations

import ast
import time
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tdmigrate.keras1.versions import ALL, Versions, parse
from tdmigrate.understanding.facts import Facts, LayerUse
from tdmigrate.understanding.models import run
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.shapes import show

IMPORTS = """\
from functools import partial
from keras.models import Sequential, Graph, Model
from keras.layers import containers, Input, Merge, merge, TimeDistributed, Bidirectional
from keras.layers.core import *
from keras.layers.core import TimeDistributedDense as TDD
from keras.layers.core import Dense, Dropout, Activation, Flatten, Reshape, RepeatVector, Masking, Lambda, Permute
from keras.layers.recurrent import LSTM, GRU, SimpleRNN
from keras.layers.embeddings import Embedding
from keras.layers.convolutional import Convolution1D, MaxPooling1D
from keras.layers.normalization import BatchNormalization
"""
LINES = IMPORTS.count("\n")
ANY = "a shape of unknown rank"


def facts_of(text: str, versions: Versions = ALL) -> Facts:
    module = Module(IMPORTS + dedent(text))
    return run(module, Names(module, versions), versions)


def layers(facts: Facts, name: str = "TimeDistributedDense") -> list[LayerUse]:
    return [use for use in facts.layers if use.entry.name == name]


def inputs(text: str, name: str = "TimeDistributedDense", versions: Versions = ALL) -> list[str]:
    """The input shape of every call of a layer, in order of place."""
    return [show(use.inputs) for use in layers(facts_of(text, versions), name)]


def kinds(text: str, name: str = "TimeDistributedDense") -> list[list[str]]:
    return [[place.kind for place in use.places] for use in layers(facts_of(text), name)]


def why(text: str, name: str = "TimeDistributedDense") -> list[tuple[int, str]]:
    """The evidence of the first call: row of the text, message."""
    return [(piece.span.row - LINES, piece.message) for piece in layers(facts_of(text), name)[0].evidence]


# --- Sequential


@pytest.mark.parametrize(
    ("before", "shape"),
    [
        ("LSTM(128, return_sequences=True, input_shape=(7, 6))", "(None, 7, 128)"),
        ("LSTM(128, return_sequences=True, input_shape=(None, 6))", "(None, None, 128)"),
        ("LSTM(128, return_sequences=True, batch_input_shape=(32, 7, 6))", "(32, 7, 128)"),
        ("LSTM(128, return_sequences=True, input_dim=6, input_length=7)", "(None, 7, 128)"),
        ("LSTM(128, return_sequences=True, input_dim=6)", "(None, None, 128)"),
        ("LSTM(128, return_sequences=True)", "(None, ?, 128)"),
        ("LSTM(128, input_shape=(7, 6))", "(None, 128)"),
        ("LSTM(6, 128, return_sequences=True)", "(None, None, 128)"),
        ("LSTM(128, return_sequences=flag, input_shape=(7, 6))", ANY),
        ("LSTM(128, return_sequence=True, input_shape=(7, 6))", "(None, 128)"),
        ("Embedding(1000, 64)", "(None, None, 64)"),
        ("Embedding(1000, 64, input_length=20)", "(None, 20, 64)"),
        ("Embedding(1000, 64, input_length=maxlen)", "(None, ?, 64)"),
        ("Masking(mask_value=0., input_shape=(5, 4))", "(None, 5, 4)"),
        ("RepeatVector(9, input_shape=(4,))", "(None, 9, 4)"),
        ("Convolution1D(8, 3, input_shape=(10, 4))", "(None, 8, 8)"),
        ("Reshape((6, 2), input_shape=(12,))", "(None, 6, 2)"),
        ("Reshape(shape, input_shape=(12,))", ANY),
        ("TimeDistributed(Dense(3), input_shape=(5, 4))", "(None, 5, 3)"),
        ("Bidirectional(LSTM(8, return_sequences=True), input_shape=(5, 4))", "(None, 5, 16)"),
        ("Bidirectional(LSTM(8), input_shape=(5, 4))", "(None, 16)"),
        ("Dense(8, input_dim=4)", "(None, 8)"),
        ("Lambda(f, input_shape=(5, 4))", ANY),
        ("Unknown(3)", ANY),
    ],
)
def test_what_stands_before_gives_the_input(before: str, shape: str) -> None:
    assert inputs(f"model = Sequential()\nmodel.add({before})\nmodel.add(TDD(10))\n")[-1] == shape


@pytest.mark.parametrize(
    "form",
    [
        "model = Sequential([{}, {}])",
        "model = Sequential(layers=[{}, {}])",
        "layers = [{}, {}]\nmodel = Sequential(layers)",
        "model = containers.Sequential([{}, {}])",
        "model = Sequential()\nfor layer in [{}, {}]:\n    model.add(layer)",
        "layers = []\nlayers.append({})\nlayers += [{}]\nmodel = Sequential(layers)",
        "model = Sequential()\nfirst, second = {}, {}\nmodel.add(first)\nmodel.add(second)",
        "class Net(Sequential):\n    def __init__(self):\n"
        "        super(Net, self).__init__()\n        self.add({})\n        self.add({})",
        "class Net(Sequential):\n    def build_it(self):\n        self.add({})\n        self.add({})\n"
        "net = Net()\nnet.build_it()",
        "class Net(Sequential):\n    def __init__(self):\n        Sequential.__init__(self)\n"
        "        self.add({})\n        self.add({})\nNet()",
        "class Net:\n    def __init__(self):\n        self.model = Sequential()\n"
        "        self.build()\n    def build(self):\n        self.model.add({})\n        self.model.add({})",
        "class Net:\n    def build(self):\n        self.model = m = Sequential()\n        m.add({})\n"
        "        self.finish()\n    def finish(self):\n        self.model.add({})",
        "def build(model=None):\n    if model is None:\n        model = Sequential()\n        model.add({})\n"
        "        model.add({})\n    return model",
        "def put(model, layer):\n    model.add(layer)\nmodel = Sequential()\nput(model, {})\nput(model, {})",
        "def make(kind):\n    return kind\nmodel = Sequential()\nmodel.add(make({}))\nmodel.add(make({}))",
        "model = Sequential()\nadd = model.add\nadd({})\nadd({})",
        "model = Sequential()\nlayers = dict(a={}, b={})\nmodel.add(layers['a'])\nmodel.add(layers.get('b'))",
        "model = Sequential()\nwith scope():\n    model.add({})\n    model.add({})",
        "model = Sequential()\ntry:\n    model.add({})\nexcept ValueError:\n    raise\nmodel.add({})",
        "model = Sequential()\nlist(map(model.add, [{}, {}]))",
        "model = Sequential()\n[model.add(layer) for layer in ({}, {})]",
    ],
)
def test_ways_into_a_sequential(form: str) -> None:
    text = form.format("LSTM(8, return_sequences=True, input_shape=(7, 6))", "TDD(3)")
    assert inputs(text) == ["(None, 7, 8)"]
    assert inputs(text, "LSTM") == ["(None, 7, 6)"]
    assert kinds(text) == [["later"]]
    assert kinds(text, "LSTM") == [["first"]]


def test_evidence_names_the_step_that_fixed_the_rank() -> None:
    text = """\
    model = Sequential()
    model.add(LSTM(128, return_sequences=True, input_shape=(7, 6)))
    model.add(Dropout(0.5))
    model.add(TDD(10))
    """
    assert why(text) == [(2, "LSTM(return_sequences=True) gives (None, 7, 128)")]
    assert why(text, "LSTM") == [(2, "LSTM(input_shape=(7, 6)) takes (None, 7, 6)")]


def test_evidence_of_a_step_that_hangs_on_its_input_names_both() -> None:
    text = """\
    model = Sequential()
    model.add(Dense(8, input_shape=(5, 4)))
    model.add(TDD(10))
    """
    assert why(text) == [
        (2, "Dense(input_shape=(5, 4)) takes (None, 5, 4)"),
        (2, "Dense gives (None, 5, 8)"),
    ]


def test_evidence_of_branches_is_of_both() -> None:
    text = """\
    model = Sequential()
    if deep:
        model.add(LSTM(8, return_sequences=True, input_dim=4))
    else:
        model.add(GRU(8, return_sequences=True, input_dim=4))
    model.add(TDD(10))
    """
    assert why(text) == [
        (3, "LSTM(return_sequences=True) gives (None, None, 8)"),
        (5, "GRU(return_sequences=True) gives (None, None, 8)"),
    ]
    assert kinds(text, "GRU") == [["first"]]


def test_an_unproved_rank_has_no_evidence() -> None:
    text = "model = Sequential()\nmodel.add(LSTM(8, input_dim=3, return_sequences=flag))\nmodel.add(TDD(10))\n"
    (use,) = layers(facts_of(text))
    assert (use.inputs, use.evidence, use.applied) == (None, (), 1)


@pytest.mark.parametrize(
    ("arguments", "shape", "message"),
    [
        ("10, input_dim=4", "(None, None, 4)", "TimeDistributedDense(input_dim=4) takes (None, None, 4)"),
        ("10, input_shape=(5, 4)", "(None, 5, 4)", "TimeDistributedDense(input_shape=(5, 4)) takes (None, 5, 4)"),
        ("10, input_dim=n, input_length=None", "(None, None, ?)", None),
        ("4, 10", "(None, None, 4)", "TimeDistributedDense(input_dim=4) takes (None, None, 4)"),
        ("10", ANY, None),
        ("10, input_shape=shape", ANY, None),
        ("10, input_shape=(8, 5, 4)", "(None, 8, 5, 4)", None),
    ],
)
def test_a_first_layer_tells_its_input(arguments: str, shape: str, message: str | None) -> None:
    text = f"model = Sequential()\nmodel.add(TDD({arguments}))\n"
    assert inputs(text) == [shape]
    assert kinds(text) == [["first"]]
    if message is not None:
        assert why(text) == [(2, message)]


def test_layers_of_unlike_ranks_are_no_rank() -> None:
    text = """\
    def build(deep):
        model = Sequential()
        model.add(LSTM(8, return_sequences=True, input_dim=4) if deep else Dense(8, input_dim=4))
        model.add(TDD(10))
    """
    assert inputs(text) == [ANY]


def test_one_call_reached_with_unlike_ranks_is_no_rank() -> None:
    text = """\
    def head(model):
        model.add(TDD(10))
    a = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
    head(a)
    b = Sequential([LSTM(8, input_dim=4)])
    head(b)
    """
    (use,) = layers(facts_of(text))
    assert use.inputs is None
    assert use.applied == 2


# --- loops


def test_loop_of_known_length_is_run_out() -> None:
    text = """\
    model = Sequential()
    for i in range(3):
        model.add(LSTM(2 ** i, return_sequences=i < 2, input_shape=(7, 6)))
    model.add(TDD(10))
    """
    assert inputs(text) == ["(None, 4)"]
    assert kinds(text, "LSTM") == [["maybe"]]


def test_loop_of_unknown_length_covers_none_and_many() -> None:
    text = """\
    def build(n):
        model = Sequential()
        model.add(LSTM(8, return_sequences=True, input_shape=(7, 6)))
        for i in range(n):
            model.add(GRU(9, return_sequences=True))
        model.add(TDD(10))
    """
    assert inputs(text) == ["(None, 7, ?)"]
    assert inputs(text, "GRU") == ["(None, 7, ?)"]
    assert why(text) == [
        (3, "LSTM(return_sequences=True) gives (None, 7, 8)"),
        (5, "GRU(return_sequences=True) gives (None, 7, 9)"),
    ]


def test_first_turn_of_a_loop_of_unknown_length() -> None:
    text = """\
    def build(n):
        model = Sequential()
        for i in range(n):
            if i == 0:
                model.add(LSTM(8, return_sequences=True, input_shape=(7, 6)))
            else:
                model.add(GRU(9, return_sequences=True))
        model.add(TDD(10))
    """
    assert kinds(text, "LSTM") == [["first"]]
    assert kinds(text, "GRU") == [["later"]]
    assert inputs(text, "GRU") == ["(None, 7, ?)"]
    # with n = 0 the layer would be the first
    assert kinds(text) == [["maybe"]]


def test_a_rank_that_changes_in_a_loop_is_no_rank() -> None:
    text = """\
    def build(n):
        model = Sequential([Dense(8, input_dim=4)])
        while more():
            model.add(TDD(3))
            model.add(RepeatVector(n))
    """
    assert inputs(text) == [ANY]


@pytest.mark.parametrize(
    "loop",
    [
        "for units in [8, 9]:\n    model.add(LSTM(units, return_sequences=True))",
        "for i, units in enumerate((8, 9)):\n    model.add(LSTM(units, return_sequences=True))",
        "for units, kind in zip([8, 9], [GRU, LSTM]):\n    model.add(kind(units, return_sequences=True))",
        "for key, units in sorted_of({'a': 8}.items()):\n    pass\nmodel.add(LSTM(9, return_sequences=True))",
        "i = 0\nwhile i < 2:\n    model.add(LSTM(8 + i, return_sequences=True))\n    i += 1",
        "while True:\n    model.add(LSTM(9, return_sequences=True))\n    break",
        "for units in range(100):\n    if units == 1:\n        break\nmodel.add(LSTM(9, return_sequences=True))",
        "for units in [8, 9, 10]:\n    if units == 10:\n        continue\n"
        "    model.add(LSTM(units, return_sequences=True))",
        "for units in [LSTM(n, return_sequences=True) for n in (8, 9)]:\n    model.add(units)",
        "for units in reversed([9, 8]):\n    model.add(LSTM(units, return_sequences=True))",
        "model.add(LSTM(max(8, 9), return_sequences=True))",
        "model.add(LSTM(len('nine chars'[:9]), return_sequences=True))",
        "options = {'return_sequences': True}\nmodel.add(LSTM(9, **options))",
        "options = dict(return_sequences=True)\noptions['output_dim'] = 9\nmodel.add(LSTM(9, return_sequences=True))",
        "sizes = {'big': 9}\nmodel.add(LSTM(sizes['big'], return_sequences=True))",
    ],
)
def test_python_around_the_layers(loop: str) -> None:
    text = f"model = Sequential([LSTM(7, return_sequences=True, input_shape=(5, 4))])\n{loop}\nmodel.add(TDD(3))\n"
    assert inputs(text) == ["(None, 5, 9)"]


def test_a_loop_over_one_of_two_lists() -> None:
    text = """\
    def build(kind):
        def softmax():
            return [TDD(3), Activation('softmax')]
        linear = lambda: [TDD(4)]
        model = Sequential([LSTM(8, return_sequences=True, input_shape=(7, 6))])
        for layer in (softmax() if kind == 'softmax' else linear()):
            model.add(layer)
        model.add(TDD(5))
    """
    assert inputs(text) == ["(None, 7, 8)", "(None, 7, 8)", "(None, 7, ?)"]


def test_a_loop_that_adds_who_knows_what() -> None:
    text = """\
    def build(layers):
        model = Sequential([LSTM(8, return_sequences=True, input_shape=(7, 6))])
        for layer in layers:
            model.add(layer)
        model.add(TDD(3))
        model.add(TDD(4))
    """
    assert inputs(text) == [ANY, "(None, ?, 3)"]
    assert inputs(text, "LSTM") == ["(None, 7, 6)"]


def test_break_leaves_with_the_state_it_had() -> None:
    text = """\
    model = Sequential([LSTM(8, return_sequences=True, input_shape=(7, 6))])
    for i in [1, 2]:
        if stop():
            break
        model.add(LSTM(9))
    model.add(TDD(3))
    """
    assert inputs(text) == [ANY]


def test_a_model_made_anew_in_each_turn() -> None:
    text = """\
    while more():
        model = Sequential()
        model.add(LSTM(8, return_sequences=True, input_shape=(7, 6)))
        model.add(TDD(3))
    """
    assert inputs(text) == ["(None, 7, 8)"]
    assert kinds(text, "LSTM") == [["first"]]


def test_models_kept_in_a_loop_are_not_the_newest() -> None:
    text = """\
    old = Sequential([LSTM(8, return_sequences=True, input_dim=3)])
    while more():
        old.add(TDD(3))
        old = model
        model = Sequential([Dense(8, input_dim=3)])
    """
    assert inputs(text) == [ANY]


# --- branches


def test_a_known_condition_decides() -> None:
    text = """\
    deep = False
    model = Sequential()
    if deep:
        model.add(Dense(8, input_dim=4))
    elif not deep:
        model.add(LSTM(8, return_sequences=True, input_dim=4))
    else:
        raise ValueError
    model.add(TDD(3))
    """
    assert inputs(text) == ["(None, None, 8)"]
    # what is not reached is looked at all the same
    assert inputs(text, "Dense") == ["(None, 4)"]


@pytest.mark.parametrize(
    "exit_", ["return None", "raise ValueError('no')", "import sys; sys.exit(1)", "exit()", "assert 0; return"]
)
def test_a_branch_that_leaves_does_not_join(exit_: str) -> None:
    text = f"""\
    def build(kind):
        model = Sequential()
        if kind == 'lstm':
            model.add(LSTM(8, return_sequences=True, input_dim=4))
        else:
            model.add(Dense(3, input_dim=4))
            {exit_}
        model.add(TDD(3))
    """
    assert inputs(text) == ["(None, None, 8)"]


def test_a_handler_may_begin_after_any_step() -> None:
    text = """\
    model = Sequential([LSTM(8, return_sequences=True, input_shape=(7, 6))])
    try:
        model.add(LSTM(9))
        work()
        model.add(RepeatVector(3))
    except ValueError:
        model.add(TDD(3))
    """
    assert inputs(text) == [ANY]


def test_a_variable_of_one_branch_only() -> None:
    text = """\
    if cond():
        model = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
    model.add(TDD(3))
    """
    assert inputs(text) == ["(None, None, 8)"]


# --- functions and classes


def test_parameters_of_an_uncalled_function_are_not_their_defaults() -> None:
    text = """\
    def build(sequences=True):
        model = Sequential([LSTM(8, return_sequences=sequences, input_dim=4)])
        model.add(TDD(3))
    """
    assert inputs(text) == [ANY]


def test_parameters_of_a_called_function_are_those_of_its_calls() -> None:
    text = """\
    def build(sequences=True, *rest, **more):
        model = Sequential([LSTM(8, return_sequences=sequences, input_dim=4, **more)])
        model.add(TDD(3))
        return model
    build(activation='tanh')
    """
    assert inputs(text) == ["(None, None, 8)"]


def test_a_function_handed_to_other_code_may_get_anything() -> None:
    text = """\
    def build(sequences=True):
        model = Sequential([LSTM(8, return_sequences=sequences, input_dim=4)])
        model.add(TDD(3))
        return model
    build()
    search(build)
    """
    assert inputs(text) == [ANY]


def test_a_decorated_function_may_get_anything() -> None:
    text = """\
    @experiment.capture
    def build(sequences=True):
        model = Sequential([LSTM(8, return_sequences=sequences, input_dim=4)])
        model.add(TDD(3))
    build()
    """
    assert inputs(text) == [ANY]


def test_helper_functions_are_followed() -> None:
    text = """\
    def recurrent(size, last=False):
        return LSTM(size, return_sequences=not last)
    def stack(x, sizes):
        for size in sizes:
            x = recurrent(size)(x)
        return x
    def build():
        x = Input(shape=(7, 6))
        y = TDD(3)(stack(x, [8, 9]))
        z = TDD(4)(recurrent(5, last=True)(x))
        return Model(input=x, output=y)
    """
    assert inputs(text) == ["(None, 7, 9)", "(None, 5)"]


def test_recursion_ends() -> None:
    text = """\
    def deep(x, n):
        if n == 0:
            return x
        return deep(LSTM(8, return_sequences=True)(x), n - 1)
    y = TDD(3)(deep(Input(shape=(7, 6)), 5))
    def a(): return b()
    def b(): return a()
    a()
    """
    assert inputs(text) == [ANY]


def test_closures_see_their_function() -> None:
    text = """\
    def build(n):
        model = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
        def finish(units):
            model.add(TDD(units))
        finish(3)
        return model
    """
    assert inputs(text) == ["(None, None, 8)"]


def test_attributes_are_joined_over_methods() -> None:
    text = """\
    class Net:
        sequences = True
        def __init__(self, hidden=8):
            self.hidden = hidden
            self.rank = 3
        def build(self):
            model = Sequential([LSTM(self.hidden, return_sequences=self.sequences, input_dim=4)])
            model.add(TDD(self.hidden))
            if self.rank == 3:
                model.add(Activation('relu'))
            self.model = model
        def flatten(self):
            self.rank = 2
    """
    assert inputs(text) == ["(None, None, ?)"]


def test_an_attribute_that_a_later_method_sets_is_not_its_first_value() -> None:
    text = """\
    class Net:
        def __init__(self):
            self.sequences = True
        def build(self):
            model = Sequential([LSTM(8, return_sequences=self.sequences, input_dim=4)])
            model.add(TDD(3))
        def flatten(self):
            self.sequences = False
    """
    assert inputs(text) == [ANY]


def test_methods_are_found_by_class() -> None:
    text = """\
    class Base(object):
        def build(self):
            self.model = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
            self.head()
        def head(self):
            raise NotImplementedError
    class Tagger(Base):
        def head(self):
            self.model.add(TDD(3))
            super(Tagger, self).head()
    Tagger().build()
    """
    assert inputs(text) == ["(None, None, 8)"]


def test_two_instances_of_one_class_join() -> None:
    text = """\
    class Net:
        def __init__(self, sequences):
            self.model = Sequential([LSTM(8, return_sequences=sequences, input_dim=4)])
        def finish(self):
            self.model.add(TDD(3))
    Net(True).finish()
    Net(False).finish()
    """
    assert inputs(text) == [ANY]


def test_a_method_that_nothing_calls_runs_on_the_instances_there_are() -> None:
    text = """\
    class Net:
        def __init__(self, sequences):
            self.sequences = sequences
        def build(self):
            model = Sequential([LSTM(8, return_sequences=self.sequences, input_dim=4)])
            model.add(TDD(3))
    net = Net(True)
    """
    assert inputs(text) == ["(None, None, 8)"]


def test_a_parameter_used_as_a_model() -> None:
    text = """\
    def finish(model):
        model.add(TDD(4))
        model.add(LSTM(8, return_sequences=True))
        model.add(TDD(3))
        save(model)
        model.add(TDD(2))
    """
    assert inputs(text) == [ANY, "(None, ?, 8)", ANY]
    assert kinds(text) == [["maybe"], ["later"], ["later"]]


def test_two_parameters_may_be_one_model() -> None:
    text = """\
    def finish(a, b):
        a.add(LSTM(8, return_sequences=True))
        b.add(Dense(3))
        a.add(TDD(3))
    """
    assert inputs(text) == [ANY]


def test_unknown_code_may_change_a_model() -> None:
    text = """\
    model = Sequential()
    model.add(LSTM(8, return_sequences=True, input_dim=4))
    print(model)
    model.add(TDD(3))
    extend(model)
    model.add(TDD(4))
    other.model = model
    model.add(LSTM(8, return_sequences=True))
    other.model.add(Flatten())
    model.add(TDD(5))
    """
    assert inputs(text) == ["(None, None, 8)", ANY, ANY]


def test_a_global_model_may_be_extended_more_than_once() -> None:
    text = """\
    model = Sequential([Dense(8, input_dim=4)])
    def grow():
        model.add(TDD(3))
        model.add(RepeatVector(3))
    """
    assert inputs(text) == [ANY]


def test_globals_that_functions_change_are_unknown_to_others() -> None:
    text = """\
    sequences = True
    def flatten():
        global sequences
        sequences = False
    def build():
        model = Sequential([LSTM(8, return_sequences=sequences, input_dim=4)])
        model.add(TDD(3))
    """
    assert inputs(text) == [ANY]


@pytest.mark.parametrize("hole", ["exec(code)", "from settings import *", "exec(open('x').read())"])
def test_names_that_may_be_replaced(hole: str) -> None:
    text = f"sequences = True\n{hole}\nmodel = Sequential([LSTM(8, return_sequences=sequences), TDD(3)])\n"
    assert inputs(text) == [ANY]


# --- layers as values


def test_a_layer_class_as_an_argument() -> None:
    text = """\
    def head(model, layer_type=TimeDistributedDense):
        model.add(layer_type(3))
    model = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
    head(model)
    """
    facts = facts_of(text)
    (use,) = layers(facts)
    assert show(use.inputs) == "(None, None, 8)"
    (reference,) = [r for r in facts.references if r.role == "default"]
    assert reference.calls == (use.node,)


def test_a_call_that_may_make_something_else_is_not_sure() -> None:
    text = """\
    def head(model, layer_type=TimeDistributedDense):
        model.add(layer_type(3))
    """
    facts = facts_of(text)
    assert layers(facts) == []
    (use,) = [use for use in facts.unsure if use.entry.name == "TimeDistributedDense"]
    (reference,) = [r for r in facts.references if r.role == "default"]
    assert reference.calls == (use.node,)


def test_one_of_two_layers_gives_what_both_give() -> None:
    text = """\
    rnn = GRU if gru else LSTM
    model = Sequential()
    model.add(rnn(8, return_sequences=True, input_dim=4))
    model.add(TDD(3))
    """
    facts = facts_of(text)
    assert show(layers(facts)[0].inputs) == "(None, None, 8)"
    assert sorted(use.entry.name for use in facts.unsure) == ["GRU", "LSTM"]


def test_partial() -> None:
    text = """\
    recurrent = partial(LSTM, return_sequences=True, input_dim=4)
    head = partial(TimeDistributedDense, 3)
    model = Sequential([recurrent(8), head(activation='relu')])
    """
    facts = facts_of(text)
    (use,) = layers(facts)
    assert show(use.inputs) == "(None, None, 8)"
    assert use.partial is not None
    assert use.bound.arguments["output_dim"].value == 3
    assert use.bound.arguments["activation"].value == "relu"
    assert [r.role for r in facts.references] == ["partial", "partial"]
    assert all(r.calls for r in facts.references)


def test_a_layer_that_goes_to_unknown_code_may_get_anything() -> None:
    text = """\
    head = TDD(3)
    model = Sequential([LSTM(8, return_sequences=True, input_dim=4), head])
    share(head)
    """
    assert inputs(text) == [ANY]


def test_shared_layer_joins_its_inputs() -> None:
    text = """\
    head = TDD(3)
    a, b = Input(shape=(7, 6)), Input(shape=(9, 6))
    y, z = head(a), head(b)
    """
    (use,) = layers(facts_of(text))
    assert show(use.inputs) == "(None, ?, 6)"
    assert use.applied == 2
    assert [place.kind for place in use.places] == ["call"]


def test_own_class_of_the_name_is_not_keras() -> None:
    text = """\
    class TimeDistributedDense(object):
        def __init__(self, n): pass
    TimeDistributedDense(3)
    """
    assert layers(facts_of(text)) == []


# --- places


def test_places_of_statements_and_displays() -> None:
    text = """\
    model = Sequential()
    model.add(TDD(3, input_dim=4))
    d = Dense(5)
    model.add(d)
    other = Sequential([LSTM(8, input_dim=3), Dense(9)])
    """
    facts = facts_of(text)
    (place,) = layers(facts)[0].places
    assert place.statement is not None
    assert (place.kind, place.receiver, place.statement.lineno - LINES) == ("first", "model", 2)
    held, listed = layers(facts, "Dense")
    (place,) = held.places
    assert place.statement is not None
    assert place.statement.lineno - LINES == 4
    (place,) = listed.places
    assert place.sequence is not None
    assert (place.kind, place.position, place.statement) == ("later", 1, None)


def test_a_statement_that_adds_several_layers_is_not_told() -> None:
    text = """\
    model = Sequential()
    for layer in [TDD(3, input_dim=4), Activation('relu')]:
        model.add(layer)
    """
    (place,) = layers(facts_of(text))[0].places
    assert place.statement is None
    assert place.kind == "first"


def test_places_of_other_kinds() -> None:
    text = """\
    graph = Graph()
    graph.add_input('x', input_shape=(7, 6))
    graph.add_node(TDD(3), 'y', input='x')
    TDD(4)
    TimeDistributed(TDD(5))(Input(shape=(7, 6, 5)))
    """
    facts = facts_of(text)
    assert [use.places[0].kind for use in layers(facts)] == ["node", "loose", "inner"]
    assert [use.applied for use in layers(facts)] == [1, 0, 1]


# --- functional API


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("x = Input(shape=(7, 6))\ny = TDD(3)(x)", "(None, 7, 6)"),
        ("x = Input((None, 6))\ny = TDD(3)(x)", "(None, None, 6)"),
        ("x = Input(batch_shape=(32, 7, 6))\ny = TDD(3)(x)", "(32, 7, 6)"),
        ("x = Input(shape=(n, 6))\ny = TDD(3)(x)", "(None, ?, 6)"),
        ("x = Input(shape=shape)\ny = TDD(3)(x)", ANY),
        ("a, b = Input(shape=(7, 6)), Input(shape=(7, 5))\ny = TDD(3)(merge([a, b], mode='concat'))", "(None, 7, 11)"),
        ("a, b = Input(shape=(7, 6)), Input(shape=(7, 6))\ny = TDD(3)(merge([a, b], 'sum'))", "(None, 7, 6)"),
        ("a, b = Input(shape=(7, 6)), other\ny = TDD(3)(merge([a, b], mode='mul'))", "(None, 7, 6)"),
        ("a, b = Input(shape=(7, 6)), Input(shape=(7, 6))\ny = TDD(3)(merge([a, b], mode=f))", ANY),
        ("a, b = Input(shape=(7, 6)), Input(shape=(7, 6))\ny = TDD(3)(Merge(mode='concat')([a, b]))", "(None, 7, 12)"),
        ("x = Input(shape=(7, 6))\nm = Model(input=x, output=LSTM(8)(x))\ny = TDD(3)(m(x))", "(None, 8)"),
        ("x = Input(shape=(7, 6))\nm = Model(x, RepeatVector(2)(LSTM(8)(x)))\ny = TDD(3)(m(x))", "(None, 2, 8)"),
        ("m = Sequential([LSTM(8, return_sequences=True, input_dim=4)])\ny = TDD(3)(m.output)", "(None, None, 8)"),
        ("x = Input(shape=(7, 6))\nif deep:\n    x = LSTM(9, return_sequences=True)(x)\ny = TDD(3)(x)", "(None, 7, ?)"),
        ("x = Input(shape=(7, 6))\nx = K.sum(x)\ny = TDD(3)(x)", ANY),
    ],
)
def test_functional(text: str, shape: str) -> None:
    assert inputs(text) == [shape]


def test_merge_layer_in_a_sequential() -> None:
    text = """\
    left = Sequential([LSTM(8, return_sequences=True, input_shape=(7, 6))])
    right = Sequential([Embedding(100, 5, input_length=7)])
    model = Sequential()
    model.add(Merge([left, right], mode='concat'))
    model.add(TDD(3))
    """
    assert inputs(text) == ["(None, 7, 13)"]
    assert [m.outermost for m in facts_of(text).models] == [False, False, True]


def test_nested_models_of_untold_input() -> None:
    text = """\
    head = containers.Sequential([Dropout(0.5), TDD(3)])
    model = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
    model.add(head)
    model.add(TDD(4))
    alone = containers.Sequential([Dropout(0.5), TDD(5)])
    """
    assert inputs(text) == ["(None, None, 8)", "(None, None, 3)", ANY]


def test_autoencoder_hands_its_input_on() -> None:
    text = """\
    model = Sequential([LSTM(8, return_sequences=True, input_dim=4)])
    model.add(AutoEncoder(encoder=containers.Sequential([TDD(3)]), decoder=TDD(8)))
    """
    assert inputs(text) == ["(None, None, 8)", "(None, None, 3)"]


def test_wrappers_give_their_layer_less_or_the_same() -> None:
    text = """\
    x = Input(shape=(7, 6, 5))
    y = TimeDistributed(LSTM(8, return_sequences=True))(x)
    z = TDD(3)(y)
    w = Bidirectional(GRU(4))(Input(shape=(7, 6)))
    """
    assert inputs(text, "LSTM") == ["(None, 6, 5)"]
    assert inputs(text, "GRU") == ["(None, 7, 6)"]
    assert inputs(text) == ["(None, 7, 6, 8)"]


@pytest.mark.parametrize(
    ("function", "shape"),
    [
        ("lambda x: x * 2.", "(None, 7, 6)"),
        ("lambda x: 1 - x / 3 + x", "(None, 7, 6)"),
        ("lambda x: x[:, 0]", ANY),
        ("lambda x: K.sum(x, axis=1)", ANY),
        ("lambda x: x * K.ones((3, 4, 5, 6))", ANY),
        ("scale", "(None, 7, 6)"),
    ],
)
def test_lambda_layers_that_only_do_arithmetic(function: str, shape: str) -> None:
    text = f"def scale(x, by=2.): return -x * 3\nm = Sequential([Lambda({function}, input_shape=(7, 6)), TDD(3)])\n"
    assert inputs(text) == [shape]


def test_pop_takes_the_last_layer_away() -> None:
    text = """\
    model = Sequential([LSTM(8, return_sequences=True, input_dim=4), Flatten()])
    model.pop()
    model.add(TDD(3))
    model.layers.pop()
    model.add(TDD(4))
    """
    assert inputs(text) == ["(None, None, 8)", ANY]


# --- Graph


@pytest.mark.parametrize(
    ("node", "shape"),
    [
        ("graph.add_node(TDD(3), 'out', input='rnn')", "(None, 7, 8)"),
        ("graph.add_node(layer=TDD(3), name='out', input='rnn')", "(None, 7, 8)"),
        ("graph.add_node(TDD(3), 'out', 'x')", "(None, 7, 6)"),
        ("graph.add_node(TDD(3), 'out', inputs=['rnn', 'x'])", "(None, 7, 14)"),
        ("graph.add_node(TDD(3), 'out', inputs=['rnn', 'x'], concat_axis=1)", "(None, 14, ?)"),
        ("graph.add_node(TDD(3), 'out', inputs=['rnn', 'rnn'], merge_mode='ave')", "(None, 7, 8)"),
        ("graph.add_node(TDD(3), 'out', None, ['rnn', 'x'], 'concat')", "(None, 7, 14)"),
        ("graph.add_node(TDD(3), 'out', input='nowhere')", ANY),
        ("graph.add_node(TDD(3), 'out', input=which)", ANY),
        ("graph.add_node(TDD(3), 'out', inputs=names)", ANY),
        ("graph.add_shared_node(TDD(3), name='s', inputs=['rnn', 'rnn'], merge_mode='sum')", "(None, 7, 8)"),
        ("for i in ['a', 'b']:\n    graph.add_node(TDD(3), 'n_%s' % i, input='rnn')", "(None, 7, 8)"),
    ],
)
def test_graph_nodes(node: str, shape: str) -> None:
    text = f"""\
graph = Graph()
graph.add_input(name='x', input_shape=(7, 6))
graph.add_node(LSTM(8, return_sequences=True), name='rnn', input='x')
{node}
graph.add_output(name='y', input='out')
"""
    assert inputs(text) == [shape]


def test_graph_of_other_ages_and_places() -> None:
    old = "g = Graph()\ng.add_input(name='x', ndim=3)\ng.add_node(TDD(6, 3), name='y', input='x')\n"
    assert inputs(old) == ["(None, None, None)"]
    positional = "g = Graph()\ng.add_input('x', 3)\ng.add_node(TDD(6, 3), 'y', 'x')\n"
    assert inputs(positional) == ["(None, None, None)"]
    parameter = """\
    def f(g):
        g.add_node(LSTM(8, return_sequences=True), 'a', 'x')
        g.add_node(TDD(3), 'y', 'a')
    """
    assert inputs(parameter) == ["(None, ?, 8)"]
    own = """\
    class Net(Graph):
        def __init__(self):
            super(Net, self).__init__()
            self.add_input('x', (7, 6))
            self.add_node(TDD(3), 'y', 'x', create_output=True)
    """
    assert inputs(own) == ["(None, 7, 6)"]


def test_graph_heads_of_a_shared_node() -> None:
    text = """\
    g = Graph()
    g.add_input('a', (7, 6))
    g.add_input('b', (9, 6))
    g.add_shared_node(LSTM(8, return_sequences=True), 's', ['a', 'b'], outputs=['p', 'q'])
    g.add_node(TDD(3), 'y', 'q')
    """
    assert inputs(text) == ["(None, 9, 8)"]
    assert inputs(text, "LSTM") == ["(None, ?, 6)"]


# --- masks


@pytest.mark.parametrize(
    ("before", "masked"),
    [
        ("Masking(0., input_shape=(7, 6))", True),
        ("Embedding(10, 4, mask_zero=True)", True),
        ("Embedding(10, 4)", False),
        ("Embedding(10, 4, mask_zero=flag)", None),
        ("LSTM(8, input_dim=4, return_sequences=True)", False),
    ],
)
def test_masks(before: str, masked: bool | None) -> None:
    facts = facts_of(f"m = Sequential([{before}, Dropout(.5), LSTM(8, return_sequences=True), TDD(3)])")
    assert layers(facts)[0].masked is masked


@pytest.mark.parametrize("between", ["SpatialDropout1D(.5)", "BatchNormalization()", "Activation('tanh')"])
def test_a_mask_passes(between: str) -> None:
    facts = facts_of(f"m = Sequential([Embedding(10, 4, mask_zero=True), {between}, TDD(3)])")
    assert layers(facts)[0].masked is True


def test_a_mask_ends_with_the_time_axis() -> None:
    facts = facts_of("m = Sequential([Embedding(10, 4, mask_zero=True), LSTM(8), RepeatVector(3), TDD(3)])")
    assert layers(facts)[0].masked is False


# --- other facts


def owners(text: str) -> list[tuple[str, str]]:
    return [(use.owner, use.method.name) for use in facts_of(text).methods if use.method.name != "add"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("m = Sequential()\nm.fit(x, y, nb_epoch=3)", [("Sequential", "fit")]),
        ("m = Sequential()\nm.fit(x, y)", [("Sequential", "fit")]),
        ("m = Model(input=a, output=b)\nm.compile('sgd', 'mse')", [("Model", "compile")]),
        ("g = Graph()\ng.compile('sgd', {})", [("Graph", "compile")]),
        ("def train(m):\n    m.fit(x, y, nb_epoch=3)", [("", "fit")]),
        ("def train(m):\n    m.fit(x, y, epochs=3)", []),
        ("load().fit(x, y, show_accuracy=True)", [("", "fit")]),
        ("class Own:\n    def fit(self, x, nb_epoch): pass\nOwn().fit(x, nb_epoch=3)", []),
        ("class Own:\n    def go(self): self.fit(1, nb_epoch=2)\n    def fit(self, x, nb_epoch): pass", []),
        ("class Net(Sequential): pass\nn = Net()\nn.fit(x, y, nb_epoch=2)", [("Sequential", "fit")]),
        ("class Net(Sequential):\n    def go(self):\n        self.fit(x, y, nb_epoch=2)", [("Sequential", "fit")]),
        ("m = Sequential() if s else Model(input=a, output=b)\nm.fit(x, y, nb_epoch=3)", [("", "fit")]),
        ("class T:\n    def __init__(s): s.m = Sequential()\n    def go(s): s.m.fit(x, y)", [("Sequential", "fit")]),
        (
            "class T:\n    m = None\n    def b(s): s.m = Sequential()\n    def go(s): s.m.fit(x, y)",
            [("Sequential", "fit")],
        ),
    ],
)
def test_methods(text: str, found: list[tuple[str, str]]) -> None:
    assert owners(text) == found


def test_references() -> None:
    text = """\
    import keras.layers.core as core
    T = TimeDistributedDense
    class Own(TimeDistributedDense): pass
    def f(kind=TDD): pass
    kinds = {'td': core.TimeDistributedDense}
    ok = isinstance(layer, (TDD, Dense))
    same = type(layer) == TDD
    __all__ = ['Dense']
    """
    found = [(r.node.lineno - LINES, r.role) for r in facts_of(text).references]
    assert found == [
        (2, "alias"), (3, "base"), (4, "default"), (5, "value"), (6, "isinstance"), (6, "isinstance"),
        (7, "isinstance"), (8, "export"),
    ]  # fmt: skip


def test_alias_calls_are_told() -> None:
    facts = facts_of("T = TimeDistributedDense\nm = Sequential([T(3, input_dim=4)])\n")
    (reference,) = facts.references
    (use,) = layers(facts)
    assert reference.calls == (use.node,)


def test_strings_that_name_the_layer() -> None:
    text = '''\
    """TimeDistributedDense in a docstring."""
    Activation('time_distributed_softmax')
    Dense(3, activation='time_distributed_softmax')
    load('m', custom_objects={'TimeDistributedDense': Own})
    if layer.name == 'timedistributeddense': pass
    if layer.name in ('dense', 'timedistributeddense'): pass
    config = '{"class_name": "TimeDistributedDense", "n": 1}'
    spec = {'class_name': 'TimeDistributedDense'}
    print('TimeDistributedDense')
    print('about TimeDistributedDense and others')
    '''
    assert [(use.node.lineno - LINES, use.role) for use in facts_of(text).texts] == [
        (2, "activation"), (3, "activation"), (4, "custom_objects"), (5, "comparison"), (6, "comparison"), (7, "json"),
        (8, "json"), (9, "other"),
    ]  # fmt: skip


def test_functions() -> None:
    facts = facts_of("""\
    from keras.regularizers import l2
    from keras.optimizers import SGD
    from keras import backend as K
    LSTM(8, W_regularizer=l2(0.01))
    rate = 0.1
    SGD(lr=rate)
    K.no_such(x)
    """)
    found = {use.symbol.path: use for use in facts.functions}
    assert found["keras.regularizers.l2"].bound is not None
    sgd = found["keras.optimizers.SGD"].bound
    assert sgd is not None
    assert sgd.arguments["lr"].value == 0.1
    assert found["keras.backend.no_such"].entry is None


def test_models() -> None:
    facts = facts_of("""\
    def build():
        model = Sequential()
        model.add(LSTM(8, return_sequences=True, input_shape=(7, 6)))
        model.add(TDD(3))
        return model
    class Net:
        def __init__(self):
            x = Input(shape=(7, 6))
            self.model = Model(input=x, output=TDD(3)(LSTM(8, return_sequences=True)(x)))
    unknown = Sequential([load()])
    """)
    found = {use.name: use for use in facts.models}
    first = found["model"]
    assert (first.kind, first.scope, first.complete) == ("Sequential", "build", True)
    assert [ast.unparse(call.func) for call in first.layers] == ["LSTM", "TDD"]
    assert first.inputs == ((None, 7, 6),)
    second = found["self.model"]
    assert (second.kind, second.scope, second.complete) == ("Model", "Net.__init__", True)
    assert [ast.unparse(call.func) for call in second.layers] == ["TDD", "LSTM"]
    assert not found["unknown"].complete


def test_constants_of_arguments() -> None:
    facts = facts_of("hidden = 64\nmodel = Sequential([LSTM(hidden * 2, input_dim=n, return_sequences=True)])\n")
    known = {ast.unparse(node): value for node, value in facts.constants.items()}
    assert known["hidden * 2"] == 128
    assert "n" not in known


def test_resolved_dict_is_spread() -> None:
    text = "options = {'output_dim': 3, 'input_dim': 4}\nm = Sequential([TDD(**options)])\n"
    (use,) = layers(facts_of(text))
    assert show(use.inputs) == "(None, None, 4)"
    assert [name for name, _, _ in use.bound.spread] == ["output_dim", "input_dim"]
    assert not use.bound.starred


def test_unresolved_dict_is_starred() -> None:
    (use,) = layers(facts_of("m = Sequential([TDD(3, **load())])\n"))
    assert use.bound.starred


def test_calls_that_nothing_reaches_are_still_there() -> None:
    text = """\
    def f():
        return 1
        TDD(3)
    raise SystemExit
    TDD(4, activation='relu')
    """
    found = layers(facts_of(text))
    assert [use.inputs for use in found] == [None, None]
    assert [use.places[0].kind for use in found] == ["loose", "loose"]
    assert found[1].bound.arguments["activation"].value == "relu"


def test_the_old_order_tells_the_input() -> None:
    text = "m = Sequential()\nm.add(LSTM(256, 128, return_sequences=True))\nm.add(TDD(128, 10))\n"
    assert inputs(text, versions=parse("0.1")) == ["(None, None, 128)"]


# --- hostile sources


@pytest.mark.parametrize(
    "text",
    [
        "",
        "x = 10 ** 10 ** 10",
        "x = 'a' * 10 ** 9\ny = [1] * 10 ** 9\nz = '%1000000000d' % 1\nw = '{:1000000000}'.format(1)",
        "x = x",
        "del x\nx += 1\nx.y.z = 3\nx[1][2] = 3\n(a, *b), c = d = e",
        "class A(A): pass\nclass B(A, B): pass\nA().x\nB()()",
        "f = lambda: f()\nf()",
        "def f(*a, b, c=1, **k): return f(*a, b=b, **k)\nf(1, b=2, **f)",
        "xs = []\nxs.append(xs)\nfor x in xs: x.append(x)\nm = Sequential(xs)",
        "d = {}\nd[d] = d\nd[1] = d\nm = Sequential(**d)",
        "m = Sequential()\nm.add(m)\nm.add(TDD(3))\nm(m)",
        "m = Model(input=m, output=m)",
        "Sequential(3)\nSequential.add()\nSequential.add(Sequential())\nGraph().add_node()\nMerge()\nmerge()\nInput()\nInput(3)",
        "LSTM()\nTDD()\nReshape(dims='x')\nPermute(dims=None)\nTimeDistributed()\nBidirectional(3)(4)",
        "m = Sequential([Reshape('ab', input_shape=(3,)), Permute((9, 9)), RepeatVector(None), TDD(3)])",
        "m = Sequential([Convolution1D(3, 0, subsample_length=0, input_shape=(3, 3)), MaxPooling1D(0), TDD(3)])",
        "while 1: pass\nTDD(3)",
        "for x in y:\n    break\nelse:\n    TDD(3)\ncontinue_ = 1",
        "match x:\n    case {'a': TDD(3), **rest}: TDD(4)\n    case [1, *b] | b: pass\n    case _: TDD(5)",
        "async def f():\n    async with a as b: await c\n    async for x in y: yield TDD(3)\n",
        "x: int\ny: int = TDD(3)\nprint(f'{x!r:>{y}}' f'{TDD(4)}')\n(z := TDD(5))\n{**x}\n[*x]\n{*x}",
        "try:\n    pass\nexcept (A, B) as e:\n    raise e from e\nelse:\n    TDD(3)\nfinally:\n    TDD(4)",
        "getattr(x, 'y')(1)\nsetattr(x, y, z)\nsuper().__init__()\nsuper(A, b).c\ntype(x)(y)\nvars(x)['y'] = z",
        "sum([1, 'a'])\nmax()\nmin([])\nint('x')\nstr(1, 2, 3, 4)\nround('a')\nabs(None)",
        "divmod(1, 0)\nrange(0, 5, 0)\nzip()\nenumerate()\nreversed()\nlen()\nmap()\ndict(1)\nlist(1)\ntuple(2)",
        "1 / 0\n1 % 0\n'a' - 1\n-'a'\n1 << 10 ** 9\n(-8) ** 0.5\n[1] + (2,)\n[1][5]\n{}['a']\n'abc'[9]\n[1][::0]",
        "'{0.__class__}'.format(1)\n'{} {}'.format(1)\n'%s' % (1, 2)\n'%(a)s' % 3\nb'%s' % 1",
        "'a'.join([1])\n'a'.encode('x')\n'a'.replace()\n'{a}'.format(b=1)\n'{'.format(1)\n'a' 'b'.upper(1)",
    ],
)
def test_odd_sources_do_not_fail(text: str) -> None:
    facts_of(text)


def timed(text: str) -> Facts:
    start = time.process_time()
    facts = facts_of(text)
    assert time.process_time() - start < 20
    return facts


def test_work_is_bounded() -> None:
    calls = "\n".join(f"def f{i}(x): return f{i + 1}(x) if a else f{i + 1}(f{i + 1}(x))" for i in range(40))
    timed(f"{calls}\ndef f40(x): return TDD(3)(x)\nf0(Input(shape=(7, 6)))\n")
    loops = "".join("    " * i + f"for x{i} in range(30):\n" for i in range(10))
    facts = timed(f"m = Sequential([LSTM(3, return_sequences=True, input_dim=3)])\n{loops}{'    ' * 10}m.add(TDD(3))\n")
    # what a run that broke off saw is not all there is
    assert layers(facts)[0].inputs is None


OUTSIDE = """\
while x:
    if m:
        f = C()
    f = Sequential()
while x:
    for x in m:
        x = m
        C.y = C
        C.y.add(Flatten())
        C = [LSTM(8, return_sequences=True, input_dim=4), m]
        C.y = f
        C.y.add(TDD(3))
    for x in [1, 2]:
        C = C(x)
        m.add(Input(shape=(7, 6)))
        C = f(f)
        while x:
            continue
            f = f(C())
            m = Sequential()
    m.y = x
    m.y.add(x)
while x:
    for x in [1, 2]:
        x.y = f
        x.y.add(Flatten())
        while x:
            m.pop()
            m.y = C
            m.y.add(f)
while x:
    while x:
        f = x(Dense(3))
        m.y = m
        m.y.add(Flatten())
    f = C()
while x:
    while x:
        x.y = C
        x.y.add(m)
        m = LSTM(8, return_sequences=True, input_dim=4)
        m = Sequential()
        x.add(LSTM(8, return_sequences=True, input_dim=4))
    with m as x:
        f.add(TDD(3))
"""
CHAIN = """\
for x in [1, 2]:
    while x:
        def f(x):
            x = C()
            m = C(C())
            return x
            break
        while x:
            m = [Flatten(), m]
        for x in [1, 2]:
            C.add(m)
        x = Sequential()
"""


@pytest.mark.parametrize("text", [OUTSIDE, CHAIN])
def test_work_on_what_came_from_outside_is_bounded(text: str) -> None:
    start = time.process_time()
    facts_of(text)
    assert time.process_time() - start < 5


def test_a_run_that_breaks_off_leaves_the_others_alone() -> None:
    loops = "".join("    " * (i + 1) + f"for x{i} in range(30):\n" for i in range(10))
    text = f"""\
def heavy():
{loops}{"    " * 11}TDD(3)(Input(shape=(7, 6)))
def light():
    return TDD(4)(Input(shape=(7, 6)))
"""
    assert inputs(text) == [ANY, "(None, 7, 6)"]


def test_deep_and_long_sources() -> None:
    timed("x = " + "+".join(["'a'"] * 900) + "\nTDD(3)\n")
    timed("x = " + "[" * 80 + "TDD(3)" + "]" * 80 + "\n")
    ways = (f"elif a == {i}: m.add(LSTM({i}, return_sequences=True))\n" for i in range(1, 400))
    branches = "if a == 0: pass\n" + "".join(ways)
    facts = timed(f"m = Sequential([LSTM(8, return_sequences=True, input_dim=3)])\n{branches}m.add(TDD(3))\n")
    assert show(layers(facts)[0].inputs) == "(None, None, ?)"
    timed("".join(f"x{i} = Dense({i})(x{i - 1})\n" for i in range(2000)))
    timed("m = Sequential()\n" + "".join(f"m.add(Dense({i}))\n" for i in range(2000)))


NAMES = st.sampled_from(["m", "x", "f", "C"])
LAYERS = st.sampled_from(
    [
        "TDD(3)", "LSTM(8, return_sequences=True, input_dim=4)", "Dense(3)", "Flatten()", "Input(shape=(7, 6))", "x",
        "m", "f", "C()",
    ]
)  # fmt: skip
SIMPLE = st.one_of(
    st.builds("{} = Sequential()".format, NAMES),
    st.builds("{} = {}".format, NAMES, LAYERS),
    st.builds("{}.add({})".format, NAMES, LAYERS),
    st.builds("{} = {}({})".format, NAMES, NAMES, LAYERS),
    st.builds("{} = [{}, {}]".format, NAMES, LAYERS, LAYERS),
    st.builds("{0}.y = {1}\n{0}.y.add({2})".format, NAMES, NAMES, LAYERS),
    st.sampled_from(["return x", "break", "continue", "raise x", "global x", "x += [m]", "del x", "m.pop()"]),
)


HEADS = st.sampled_from(
    [
        "if m:", "for x in m:", "for x in [1, 2]:", "while x:", "while True:", "def f(x):", "class C(Sequential):",
        "with m as x:",
    ]
)  # fmt: skip


def block(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    bodies = st.lists(inner, min_size=1, max_size=4).map(lambda lines: indent("\n".join(lines), "    "))
    return st.builds("{}\n{}".format, HEADS, bodies)


@settings(max_examples=150, deadline=None)
@given(st.lists(st.recursive(SIMPLE, block, max_leaves=12), min_size=1, max_size=6))
def test_any_program_is_run(lines: list[str]) -> None:
    text = "\n".join(lines)
    try:
        ast.parse(text)
    except SyntaxError:
        return
    first, second = facts_of(text), facts_of(text)
    assert [(use.inputs, use.evidence, use.applied) for use in first.layers] == [
        (use.inputs, use.evidence, use.applied) for use in second.layers
    ]
