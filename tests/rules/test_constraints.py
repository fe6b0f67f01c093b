"""Constraints on kernels whose axes are others now: which axis, or which wrapper, each of them gets."""

from __future__ import annotations

import pytest

from .migrating import migrate

HEAD = """\
from keras.constraints import maxnorm, unitnorm, nonneg
from keras.layers import Convolution1D, Convolution2D, Convolution3D, SeparableConvolution2D, Dense
"""
FIRST = "Convolution2D(4, 3, 3, W_constraint={}, dim_ordering='th')"
LAST = "Convolution2D(4, 3, 3, W_constraint={}, dim_ordering='tf')"
SEQUENCE = "Convolution1D(4, 3, W_constraint={})"
VOLUME = "Convolution3D(4, 3, 3, 3, W_constraint={}, dim_ordering='th')"


def given(layer: str, constraint: str, version: str = "1.2.2", before: str = "") -> str:
    """The new constraint of a layer."""
    new, _ = migrate(f"{HEAD}\n{before}layer = {layer.format(constraint)}\n", version)
    text = new.rpartition("kernel_constraint=")[2]
    depth = 0
    for index, letter in enumerate(text):
        depth += (letter in "([") - (letter in ")]")
        if depth < 0 or (letter == "," and depth == 0):
            return text[:index]
    raise AssertionError(text)


@pytest.mark.parametrize(
    ("layer", "version", "old", "new"),
    [
        (FIRST, "1.2.2", "'maxnorm'", "max_norm(axis=3)"),
        (FIRST, "1.2.2", "'nonneg'", "'non_neg'"),
        (FIRST, "1.2.2", "maxnorm(2)", "max_norm(2, axis=3)"),
        (FIRST, "1.2.2", "maxnorm(2, 1)", "max_norm(2, 2)"),
        (FIRST, "1.2.2", "maxnorm(2, axis=-1)", "max_norm(2, axis=1)"),
        (FIRST, "1.2.2", "maxnorm(axis=[1, 2, 3])", "max_norm(axis=(0, 1, 2))"),
        (FIRST, "1.2.2", "unitnorm((-4,))", "unit_norm((3,))"),
        (FIRST, "1.2.2", "nonneg()", "non_neg()"),
        (FIRST, "1.2.2", "maxnorm(2) if big else None", "max_norm(2, axis=3) if big else None"),
        (FIRST, "1.2.2", "maxnorm(2, axis=k)", "InOldLayout(max_norm(2, axis=k), (3, 2, 0, 1))"),
        (FIRST, "1.2.2", "maxnorm(2, axis=7)", "InOldLayout(max_norm(2, axis=7), (3, 2, 0, 1))"),
        (FIRST, "1.2.2", "limit", "InOldLayout(limit, (3, 2, 0, 1))"),
        (FIRST, "1.2.2", "None", "None"),
        (FIRST, "0.2.0", "'unitnorm'", "unit_norm(axis=1)"),
        (FIRST, "0.2.0", "unitnorm()", "unit_norm(axis=1)"),
        (FIRST, "0.2.0", "maxnorm(2)", "max_norm(2, axis=3)"),
        (LAST, "1.2.2", "maxnorm(2)", "max_norm(2)"),
        (LAST, "1.2.2", "maxnorm(2, axis=[0, 1, 2])", "max_norm(2, axis=[0, 1, 2])"),
        (LAST, "1.2.2", "limit", "limit"),
        (LAST, "0.2.0", "'unitnorm'", "unit_norm(axis=-1)"),
        (SEQUENCE, "1.2.2", "'maxnorm'", "'max_norm'"),
        (SEQUENCE, "1.2.2", "maxnorm(2)", "max_norm(2)"),
        (SEQUENCE, "1.2.2", "maxnorm(2, axis=[0, 1, 2])", "max_norm(2, axis=(0, 1))"),
        (SEQUENCE, "1.2.2", "maxnorm(2, axis=1)", "InOldLayout(max_norm(2, axis=1), (0, None, 1, 2))"),
        (SEQUENCE, "1.0.8", "maxnorm(2)", "max_norm(2, axis=2)"),
        (SEQUENCE, "1.0.8", "maxnorm(2, axis=[1, 2, 3])", "max_norm(2, axis=(0, 1))"),
        (SEQUENCE, "0.2.0", "'unitnorm'", "InOldLayout(unit_norm(axis=-1), (2, 1, 0, None))"),
        (VOLUME, "1.2.2", "maxnorm(2, axis=[1, 2, 3, 4])", "max_norm(2, axis=(0, 1, 2, 3))"),
    ],
)
def test_the_norms_are_those_that_were_taken(layer: str, version: str, old: str, new: str) -> None:
    assert given(layer, old, version) == new


def test_both_kernels_of_a_separable_convolution() -> None:
    call = "SeparableConvolution2D(4, 3, 3, depthwise_constraint=maxnorm(2), pointwise_constraint='maxnorm', {})"
    new, _ = migrate(f"{HEAD}\nlayer = {call.format(chr(34).join(('dim_ordering=', 'th', '')))}\n")
    assert "depthwise_constraint=max_norm(2, axis=3), pointwise_constraint=max_norm(axis=3)" in new


def test_a_constraint_that_a_variable_holds() -> None:
    before = "limit = maxnorm(2)\n"
    new, _ = migrate(f"{HEAD}\n{before}layers = [{FIRST.format('limit')}, {FIRST.format('limit')}]\n")
    assert "limit = max_norm(2, axis=3)\n" in new
    assert new.count("kernel_constraint=limit") == 2


@pytest.mark.parametrize("other", [LAST.format("limit"), "Dense(4, W_constraint=limit)", "print(limit)"])
def test_a_constraint_that_is_for_other_kernels_too(other: str) -> None:
    before = "limit = maxnorm(2)\n"
    new, _ = migrate(f"{HEAD}\n{before}first = {FIRST.format('limit')}\nsecond = {other}\n")
    assert "limit = max_norm(2)\n" in new
    assert "kernel_constraint=InOldLayout(limit, (3, 2, 0, 1))" in new
    assert "from tdmigrate.compat import InOldLayout\n" in new


def test_a_variable_that_is_set_twice() -> None:
    before = "limit = maxnorm(2)\nlimit = maxnorm(3)\n"
    assert given(FIRST, "limit", before=before) == "InOldLayout(limit, (3, 2, 0, 1))"


def test_arguments_in_a_dict() -> None:
    text = f"{HEAD}\noptions = {{'W_constraint': limit, 'dim_ordering': 'th'}}\n"
    new, _ = migrate(f"{text}layer = Convolution2D(4, 3, 3, **options)\n")
    assert "'kernel_constraint': InOldLayout(limit, (3, 2, 0, 1))" in new


@pytest.mark.parametrize(
    ("layer", "old"),
    [
        ("Convolution2D(4, 3, 3, W_constraint={}, dim_ordering=order)", "maxnorm(2)"),
        ("Convolution2D(4, 3, 3, W_constraint={}, dim_ordering=order)", "limit"),
        (FIRST, "limit if big else None"),
    ],
)
def test_what_cannot_be_said_is_told(layer: str, old: str) -> None:
    new, findings = migrate(f"{HEAD}\nlayer = {layer.format(old)}\n")
    assert "compat" not in new
    assert [one.code for one in findings if "trap C32" in one.message] == ["K206"]


@pytest.mark.parametrize("old", ["nonneg()", "'nonneg'", "None"])
def test_what_has_no_axis_is_not_told(old: str) -> None:
    _, findings = migrate(f"{HEAD}\nlayer = Convolution2D(4, 3, 3, W_constraint={old}, dim_ordering=order)\n")
    assert not any("trap C32" in one.message for one in findings)


def test_modern_style_wraps_nothing() -> None:
    new, findings = migrate(f"{HEAD}\nlayer = {FIRST.format('limit')}\n", style="modern")
    assert "kernel_constraint=limit" in new
    assert any("trap C32" in one.message for one in findings)
