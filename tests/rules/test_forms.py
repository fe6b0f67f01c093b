"""Every form of a function of keras.backend, with arguments that fall apart without brackets."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

import pytest

from tdmigrate.findings import Applicability, Fix, Recast
from tdmigrate.keras1 import backend
from tdmigrate.keras1.entry import Function, Text
from tdmigrate.keras1.versions import ALL
from tdmigrate.keras2 import backend as keras2
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.context import CheckSettings
from tdmigrate.rules.forms import in_form
from tdmigrate.understanding.calls import bind, signature
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.shapes import UNKNOWN

from .migrating import GRAPH, findings, migrate, rewrite

ARGUMENTS = (
    "p if q else r", "lambda: p", "p or q", "not p", "p < q", "p in q", "p + q", "-p", "p ** q", "(p := q)",
    "(yield p)", "await p", "(q for p in q)", "[p, *q]", "p +\n    q", "'p' 'q'", "3", "{p: q}",
)  # fmt: skip


def entries() -> Iterator[Function]:
    yield from backend.ENTRIES
    yield from keras2.ENTRIES.values()


def texts() -> Iterator[tuple[Function, Text]]:
    for entry in entries():
        forms = [form.text for form in (*entry.forms, *entry.variable)]
        for text in dict.fromkeys([*forms, *filter(None, (entry.operand, entry.phase))]):
            yield entry, text


FORMS = list(texts())


@pytest.mark.parametrize(("entry", "text"), FORMS, ids=lambda one: getattr(one, "name", ""))
def test_an_argument_stays_one_expression(entry: Function, text: Text) -> None:
    names = re.findall(r"\{(\w+)\}", text.text)
    for name in dict.fromkeys(names):
        for argument in ARGUMENTS:
            given = ", ".join(f"{one}={argument if one == name else 'z'}" for one in dict.fromkeys(names))
            source = f"async def f():\n    v = f({given})\n"
            module = Module(source)
            call = next(node for node in ast.walk(module.tree) if isinstance(node, ast.Call))
            bound = bind(call, entry, ALL, lambda node: UNKNOWN)
            pieces = in_form(module, entry, bound, text.text)
            if pieces is None:
                assert names.count(name) > 1 or ":=" in argument
                continue
            new = apply(source, [Fix(Applicability.SAFE, (Recast(module.span(call), pieces),))])
            compile(new, "new", "exec")
            meant = ast.dump(ast.parse(f"({argument})", mode="eval").body)
            made = [ast.dump(node) for node in ast.walk(ast.parse(new))]
            assert made.count(meant) >= names.count(name), new


def test_there_are_forms_of_both() -> None:
    assert len(FORMS) > 60
    assert all(signature(text) for entry, _ in FORMS for text in entry.signatures.values())


BACKEND = "from keras import backend as K\n\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("K.batch_get_value(a if b else c)", "[ops.convert_to_numpy(x) for x in (a if b else c)]"),
        ("K.batch_get_value(a or b)", "[ops.convert_to_numpy(x) for x in a or b]"),
        ("K.batch_set_value(lambda: 3)", "[x.assign(value) for x, value in (lambda: 3)]"),
        ("K.get_value(a if b else c)", "ops.convert_to_numpy(a if b else c)"),
        ("K.ndim(lambda: a)", "len((lambda: a).shape)"),
        ("K.ndim((a + b))", "len((a + b).shape)"),
        ("K.int_shape(a\n.b)", "tuple(a\n.b.shape)"),
        ("K.any(x, y := 1) + 2", "ops.cast(ops.any(x, axis=(y := 1), keepdims=False), floatx()) + 2"),
    ],
)
def test_brackets(before: str, after: str) -> None:
    new, _ = migrate(f"{BACKEND}v = {before}\n")
    assert new.endswith(f"\nv = {after}\n")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("K.set_value(model.optimizer.lr, (a := 3))", "model.optimizer.learning_rate = (a := 3)"),
        ("K.set_value(model.optimizer.lr,\n  a +\n  b)", "model.optimizer.learning_rate = (a +\n  b)"),
        ("K.set_value(model.optimizer.lr, a or b)", "model.optimizer.learning_rate = a or b"),
    ],
)
def test_statements(before: str, after: str) -> None:
    new, _ = migrate(f"{BACKEND}{before}\n")
    assert new.endswith(f"\n{after}\n")


def test_what_a_comprehension_goes_over_assigns_to_nothing() -> None:
    text = f"{BACKEND}v = K.batch_get_value(a := b)\n"
    settings = CheckSettings(keras_version="1.2")
    assert rewrite(text, settings) == text
    (found,) = findings(text, settings)
    assert found.code == "K502"
    assert "name its arguments first" in found.message


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("Dense(3, a := 'uniform')", "Dense(3, kernel_initializer=(a := 'uniform'))"),
        ("Dense(3, (x for x in a))", "Dense(3, kernel_initializer=(x for x in a))"),
        ("Dense(x for x in a)", "Dense(x for x in a)"),
        (
            "Convolution2D(3, 3, 3, dim_ordering=a or b)",
            "Conv2D(3, (3, 3), data_format='channels_first' if (a or b) == 'th' else 'channels_last')",
        ),
        (
            "Convolution2D(3, a if b else c, lambda: 3)",
            "Conv2D(3, (a if b else c, lambda: 3))",
        ),
    ],
)
def test_layers(before: str, after: str) -> None:
    new, _ = migrate(f"from keras.layers import Dense, Convolution2D\n\nv = {before}\n")
    assert new.endswith(f"\nv = {after}\n")


@pytest.mark.parametrize(
    ("given", "batches"),
    [
        ("a if b else c", "(a if b else c)"),
        ("a or b", "a or b"),
        ("(b for b in c)", "(b for b in c)"),
        ("lambda: a", "(lambda: a)"),
    ],
)
def test_the_generator_of_a_graph(given: str, batches: str) -> None:
    new, _ = migrate(f"{GRAPH}graph.fit_generator({given}, 64, 2)\n")
    assert f"(({{'x': batch['x']}}, {{'y': batch['y']}}) for batch in {batches})" in new


def test_the_generator_of_a_graph_assigns_to_nothing() -> None:
    text = f"{GRAPH}graph.fit_generator(a := b, 64, 2)\n"
    found = findings(text, CheckSettings(keras_version="1.0"))
    assert "`generator`: give it a name first" in " ".join(one.message for one in found)
    assert "for batch in" not in rewrite(text, CheckSettings(keras_version="1.0"))
