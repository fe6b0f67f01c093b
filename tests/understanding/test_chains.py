"""What is known of what a merge puts together, and which models are built step by step."""

from __future__ import annotations

import ast
from textwrap import dedent

import pytest

from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.versions import parse
from tdmigrate.understanding.chains import Chain, chain
from tdmigrate.understanding.facts import Merging
from tdmigrate.understanding.models import run
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.tree import Tree, key

IMPORTS = """\
from keras.layers import Dense, Embedding, GRU, Input, LSTM, Masking, Merge, merge
from keras.models import Sequential
"""


def mergings(text: str) -> list[Merging]:
    module, versions = Module(IMPORTS + dedent(text)), parse("1.2.2")
    functions = run(module, Names(module, versions), versions).functions
    return [use.merging for use in functions if isinstance(use.entry, Function) and use.entry.kind == "merge"]


@pytest.mark.parametrize(
    ("text", "masks"),
    [
        ("a, b = Input(shape=(4,)), Input(shape=(4,))\nmerge([a, b])", "none"),
        ("m = Masking()(Input(shape=(4, 3)))\nmerge([LSTM(2, return_sequences=True)(m), m])", "same"),
        ("m = Masking()(Input(shape=(4, 3)))\nmerge([LSTM(2)(m), GRU(2)(m)])", "none"),
        ("m = Masking()\na = Input(shape=(4, 3))\nmerge([m(a), m(a)])", "several"),
        ("a = Input(shape=(4, 3))\nmerge([Masking()(a), a])", "several"),
        ("m = Sequential([Masking(input_shape=(4, 3))])\na = Input(shape=(4, 3))\nmerge([m(a), m(a)])", "several"),
        ("def f(a, b):\n    return merge([a, b])", "open"),
        ("for i in x:\n    a = Masking()(Input(shape=(4, 3)))\n    merge([a, Masking()(a)])", "several"),
        ("def f(a):\n    m = Masking()(a)\n    return merge([m, m, m])\nf(Input(shape=(4, 3)))", "same"),
        ("a = Masking()(Input(shape=(4, 3)))\nfor i in x:\n    b = a\n    a = Masking()(b)\nmerge([a, b])", "several"),
        ("if q:\n    a = Masking()(Input(shape=(4, 3)))\nelse:\n    a = Input(shape=(4, 3))\nmerge([a, a])", "open"),
        ("a = Embedding(9, 3, mask_zero=flag)(Input(shape=(4,)))\nmerge([a, a])", "open"),
    ],
)  # fmt: skip
def test_masks(text: str, masks: str) -> None:
    assert [one.masks for one in mergings(text)] == [masks]


def test_shapes_are_joined_over_every_run() -> None:
    text = "def f(n):\n    return merge([Input(shape=(n,)), Input(shape=(4, 2))])\nf(3)\nf(4)\n"
    inputs = mergings(text)[0].inputs
    assert [len(dims or ()) for dims in inputs] == [2, 3]
    assert inputs[1] == (None, 4, 2)


@pytest.mark.parametrize(
    ("merged", "bare"),
    [("[Dense(3, input_dim=2), other]", True), ("[Sequential(), other]", False), ("unknown", False)],
)
def test_layers_among_what_is_merged(merged: str, bare: bool) -> None:
    text = f"other = Sequential([Dense(3, input_dim=2)])\nmodel = Sequential()\nmodel.add(Merge({merged}))\n"
    assert mergings(text)[0].bare is bare


def found(text: str) -> Chain | None:
    module = Module(dedent(text))
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    return chain(Tree(module), next(call for call in calls if getattr(call.func, "id", "") == "Sequential"))


@pytest.mark.parametrize(
    ("text", "layers"),
    [
        ("m = Sequential()\nm.add(a)\nm.add(b)\nm.compile()", "a b"),
        ("m = Sequential([a, b])\nm.add(c)", "a b c"),
        ("m = Sequential(layers=[a], name='m')\n", "a"),
        ("m = Sequential()\nm.add(a)\nfor i in x:\n    if i:\n        m.add(b)\n    else: m.add(c)\n", "a b c"),
        ("m = Sequential()\nm.add(a)\nm.compile()\nm = Sequential()\nm.add(b)", "a"),
        ("self.m = Sequential()\nself.m.add(a)\nself.m.add(b)", "a b"),
        ("def f():\n    m.add(a)\ndef g():\n    m = Sequential()\n    m.add(a)\n", "a"),
        ("if x:\n    m = Sequential()\n    m.add(a)\nelse:\n    m = other()\n    m.add(b)\n", "a"),
        ("if x:\n    m = Sequential()\n    m.add(a)\nelse:\n    m.add(b)\n", "a"),
    ],
)
def test_steps(text: str, layers: str) -> None:
    one = found(text)
    assert one is not None
    assert " ".join(key(step.layer) or "?" for step in one.steps) == layers


@pytest.mark.parametrize(
    "text",
    [
        "m = n = Sequential()\nm.add(a)\nn.add(b)",
        "f(Sequential())",
        "m = Sequential(layers)\nm.add(a)",
        "m = Sequential([*a])\nm.add(b)",
        "m = Sequential()\nm.compile()",
        "m = Sequential()\nm.add(a)\nm.add(b(m.output_shape))",
        "m = Sequential()\nm.add(a)\n[m.add(b) for b in c]",
        "m = Sequential()\nfor i in x:\n    m.add(a)\n",
        "m = Sequential()\nm.add(a)\nif x:\n    m = n\nm.add(b)\n",
        "m = Sequential()\nm.add(a)\nlast = m.add(b)\nm.add(c)\n",
        "m = Sequential()\nm.add(a)\nm.layers.insert(0, b)\n",
        "for i in x:\n    if i:\n        m.add(b)\n    m = Sequential()\n    m.add(a)\n",
        "if x:\n    m = Sequential()\n    m.add(a)\nm.add(b)\n",
        "def f():\n    m.add(b)\nm = Sequential()\nm.add(a)\n",
        "def f():\n    global m\n    m = Sequential()\n    m.add(a)\n",
        "self.m = Sequential()\nself.m.add(a)\nself.more()\nself.m.add(b)\n",
    ],
)
def test_no_steps(text: str) -> None:
    assert found(text) is None
