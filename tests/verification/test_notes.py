"""Which notes a difference names: those on the layer that differs first, and no others."""

from __future__ import annotations

import pytest

from tdmigrate.config import Settings
from tdmigrate.results import Proof, applies
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification import verify
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.notes import Noted, hint
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.tasks import Task, tasks_of

HEAD = "from keras.models import *\nfrom keras.layers import *\nmodel = Sequential()\n"
NOTED = "Dense(2, W_regularizer='l2', trainable=False{})"  # its penalty counts no longer


def task(text: str, mistake: tuple[str, str] | None = None) -> Task:
    """What is to be proved; ``mistake``: a text of the new version and what takes its place."""
    checked = check(Module(text), CheckSettings((), (), "faithful", "auto", "1.2", "theano", False))
    new = apply(text, [one.fix for one in checked.findings if one.fix and applies(one, False)])
    if mistake is not None:
        assert mistake[0] in new, new
        new = new.replace(*mistake)
    [found] = [
        one
        for _, one in tasks_of([Changed("model.py", text, new, checked)], Settings(), Texts())
        if one.jobs or one.unproved
    ]
    return found


def stack(*layers: str) -> str:
    """A model whose first layer stands in row 4."""
    return HEAD + "".join(f"model.add({layer})\n" for layer in layers)


@pytest.mark.parametrize(
    ("text", "first", "rows"),
    [
        (stack(NOTED.format(", input_dim=4")), "dense_1", (4,)),
        (stack(NOTED.format(", input_dim=4")), "dense", (4,)),  # of 0.x
        (stack(NOTED.format(", input_dim=4")), "lstm_1", ()),
        (stack(NOTED.format(", input_dim=4")), None, ()),  # it is not known where they part
        (stack("Highway(input_dim=4)", NOTED.format("")), "highway_1", ()),
        (stack("Highway(input_dim=4)", NOTED.format("")), "dense_1", (5,)),
        (stack("Dense(3, input_dim=4)", NOTED.format(""), "Dense(3)"), "dense_1", ()),
        (stack("Dense(3, input_dim=4)", NOTED.format(""), "Dense(3)"), "dense_2", (5,)),
        (stack("Dense(3, input_dim=4)", NOTED.format(""), "Dense(3)"), "dense_3", ()),
        (stack("Dense(3, input_dim=4)", NOTED.format(", name='top'"), "Dense(3)"), "top", (5,)),
        (stack("Dense(3, input_dim=4)", NOTED.format(", name='top'"), "Dense(3)"), "dense_1", ()),
        (stack("Dense(3, input_dim=4, name='top')", NOTED.format("")), "top", ()),
        (stack("Dense(3, input_dim=4, name='top')", NOTED.format("")), "dense_1", (5,)),
        (stack("TimeDistributed(BatchNormalization(), input_shape=(5, 4))"), "batchnormalization_1", (4,)),
        (stack("Bidirectional(LSTM(3, dropout_W=0.2), input_shape=(5, 4))"), "bidirectional_1", (4,)),
        # which of them it is cannot be told
        (
            stack(NOTED.format(", input_dim=4")) + "for n in range(2):\n    model.add(Dense(3))\n", "dense_2", (),
        ),
    ],
)  # fmt: skip
def test_a_note_is_named_where_its_layer_differs_first(text: str, first: str | None, rows: tuple[int, ...]) -> None:
    assert hint(first, task(text).noted) == rows


def test_layers_without_notes_are_not_told_of() -> None:
    assert task(stack("Dense(2, W_regularizer='l2', input_dim=4)")).noted == ()


def test_layers_that_may_be_of_another_module_are_not_counted() -> None:
    here, there = Noted("dense", None, (4,)), Noted("dense", None, (), False)
    assert hint("dense_1", [here, there]) == ()
    assert hint("dense_1", [here, there._replace(rows=(9,))]) == (4, 9)


def weighed(text: str, prover: Prover, *mistake: str) -> Proof:
    found = task(text, (mistake[0], mistake[1]) if mistake else None)
    ((_, job),) = found.jobs
    assert isinstance(job, Job)
    (proof,) = prover.prove([job])
    return verify._weighed(proof, found)


NORMALIZED = stack("Dense(3, input_dim=4, activation='tanh')", "BatchNormalization()", "Dense(2)")


@pytest.mark.legacy
@pytest.mark.slow
def test_a_difference_at_the_layer_of_a_note_names_it(prover: Prover) -> None:
    proof = weighed(NORMALIZED, prover, "BatchNormalization()", "BatchNormalization(epsilon=0.1)")
    assert (proof.status, proof.first_difference) == ("different", "batchnormalization_1")
    assert (proof.reason or "").endswith(" (the note on line 5 may say why)"), proof.reason


@pytest.mark.legacy
@pytest.mark.slow
def test_a_difference_before_the_layer_of_a_note_names_none(prover: Prover) -> None:
    proof = weighed(NORMALIZED, prover, "activation='tanh'", "activation='sigmoid'")
    assert (proof.status, proof.first_difference) == ("different", "dense_1")
    assert "note" not in (proof.reason or ""), proof.reason
    assert proof.difference is not None
    assert proof.difference.trap is None


@pytest.mark.legacy
@pytest.mark.slow
def test_a_difference_behind_the_layer_of_a_note_names_none(prover: Prover) -> None:
    proof = weighed(NORMALIZED, prover, "Dense(2)", "Dense(2, activation='tanh')")
    assert (proof.status, proof.first_difference) == ("different", "dense_2")
    assert "note" not in (proof.reason or ""), proof.reason


COLUMNS = {  # as many columns as filters, with the channels first; one column more
    "convolution3d_1": ("Convolution3D(4, 3, 3, 3, input_shape=(2, 5, 5, 6), dim_ordering='th')", "5, 6)", "5, 7)"),
    "atrousconvolution2d_1": (
        "AtrousConvolution2D(4, 3, 3, atrous_rate=(2, 2), input_shape=(2, 7, 8), dim_ordering='th')", "7, 8)", "7, 9)",
    ),
    "deconvolution2d_1": (
        "Deconvolution2D(8, 3, 3, output_shape=(None, 8, 7, 8), input_shape=(2, 5, 6), dim_ordering='th')",
        "8, 3, 3, output_shape=(None, 8,", "9, 3, 3, output_shape=(None, 9,",
    ),
}  # fmt: skip


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("first", COLUMNS)
def test_a_bias_along_the_columns_is_named(prover: Prover, first: str) -> None:
    layer, before, after = COLUMNS[first]
    proof = weighed(stack(layer, "Flatten()"), prover)
    assert (proof.status, proof.first_difference) == ("different", first)
    assert (proof.reason or "").endswith(" (the note on line 4 may say why)"), proof.reason
    assert weighed(stack(layer.replace(before, after), "Flatten()"), prover).status == "equal"
