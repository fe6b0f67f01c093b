"""Lambdas with parameters in parentheses mean in Python 3 what they meant in Python 2."""

from __future__ import annotations

import pytest

from tdmigrate.sources.fixers import parsed
from tdmigrate.sources.lambdas import unpack_lambdas


def unpacked(text: str) -> str:
    tree = parsed(f"{text}\n", False)
    unpack_lambdas(tree)
    return str(tree).removesuffix("\n")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("lambda (a, b): b", "lambda a_b: a_b[1]"),
        ("lambda(a): a", "lambda a: a"),
        ("lambda ((a)): a", "lambda a: a"),
        ("lambda (a,): a", "lambda a_: a_[0]"),
        ("lambda (a, b), c=3: a + b + c", "lambda a_b, c=3: a_b[0] + a_b[1] + c"),
        ("lambda x, (a, b): x - b", "lambda x, a_b: x - a_b[1]"),
        ("lambda (a, b), (c, d): a - d", "lambda a_b, c_d: a_b[0] - c_d[1]"),
        ("lambda (a, b)=(1, b), *c, **d: b", "lambda a_b=(1, b), *c, **d: a_b[1]"),
        ("lambda (a, (b, (c, d))): (a, b, c, d)", None),
        ("lambda ((a, b), c): (a, b, c)", None),
        ("lambda (a, b): (b.a, f(a=b), a.b)", "lambda a_b: (a_b[1].a, f(a=a_b[1]), a_b[0].b)"),
        ("lambda (a, b): a_b + a", "lambda a_b_: a_b + a_b_[0]"),
        ("lambda (a, b): lambda (a, c): a + b", "lambda a_b: lambda a_c: a_c[0] + a_b[1]"),
        ("lambda (a, b): lambda (a, b): a", "lambda a_b: lambda a_b: a_b[0]"),
        ("lambda: 3", "lambda: 3"),
        ("lambda a, b: a", "lambda a, b: a"),
    ],
)
def test_a_tuple_is_one_parameter(old: str, new: str | None) -> None:
    text = unpacked(old)
    if new is not None:
        assert text == new
    compile(text, "", "eval")


def test_however_deep_it_is() -> None:
    assert eval(unpacked("lambda (a, (b, (c, d))): (d, c, b, a)"))((1, (2, (3, 4)))) == (4, 3, 2, 1)
    assert eval(unpacked("lambda ((a, b), c): (c, b, a)"))(((1, 2), 3)) == (3, 2, 1)


@pytest.mark.parametrize(
    "text", ["lambda (a, b): [a for a in b]", "lambda (a, b): (lambda a: a)(b)", "lambda (a, b): {c: a for c, a in b}"]
)
def test_what_binds_a_parameter_anew_stays(text: str) -> None:
    assert unpacked(text) == text
