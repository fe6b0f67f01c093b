from __future__ import annotations

import pytest

from tdmigrate.verification.pairing import Named, pairs


def named(*layers: str) -> list[Named]:
    """ "name Kind" each; "name Outer/Inner" of a wrapper."""
    return [Named(name, tuple(kinds.split("/"))) for name, kinds in (layer.split() for layer in layers)]


CASES: dict[str, tuple[list[Named], list[Named], list[int]]] = {
    "made-up names: by order": (
        named("dense_1 Dense", "dense_2 Dense", "lstm_1 LSTM"), named("dense Dense", "dense_1 Dense", "lstm LSTM"),
        [0, 1, 2],
    ),
    "made-up names in one word and in several": (
        named("batchnormalization_1 BatchNormalization", "batchnormalization_2 BatchNormalization"),
        named("batch_normalization BatchNormalization", "batch_normalization_1 BatchNormalization"), [0, 1],
    ),
    "numbered twice": (named("lstm_1_2 LSTM", "a LSTM"), named("a LSTM", "lstm_1_2 LSTM"), [1, 0]),
    "given names: by name": (named("a Dense", "b Dense"), named("b Dense", "a Dense"), [1, 0]),
    "one named, the rest by order": (
        named("dense_1 Dense", "top Dense", "dense_2 Dense"), named("top Dense", "dense Dense", "dense_1 Dense"),
        [1, 0, 2],
    ),
    "named on one side": (named("a Dense", "b Dense"), named("dense Dense", "b Dense"), [0, 1]),
    "a name of a class that is another": (
        named("dense_1 LSTM", "lstm_1 Dense"), named("lstm_1 Dense", "dense_1 LSTM"), [1, 0],
    ),
    "a name twice": (named("a Dense", "a Dense"), named("b Dense", "a Dense"), [0, 1]),
    "a wrapper's made-up name": (
        named("bidirectional_1 Bidirectional/GRU", "x Dense"), named("x Dense", "bidirectional Bidirectional"), [1, 0],
    ),
    "too few": (named("a Dense", "dense_2 Dense", "c Dense"), named("c Dense", "dense Dense"), [1]),
    "too many": (named("a Dense"), named("dense Dense", "a Dense"), [1]),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_pairs(case: str) -> None:
    old, new, order = CASES[case]
    assert pairs(old, new) == order


@pytest.mark.parametrize("case", CASES)
def test_no_layer_is_taken_twice(case: str) -> None:
    old, new, _ = CASES[case]
    found = pairs(old, new)
    assert len(set(found)) == len(found) <= min(len(old), len(new))
