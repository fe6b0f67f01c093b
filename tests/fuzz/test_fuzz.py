"""Random legacy programs through the whole tool: they compute the same, or the tool says what is otherwise."""

from __future__ import annotations

import ast
import re
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Layer
from tdmigrate.results import Proof
from tdmigrate.verification.prover import Prover

from .grammar import VERSIONS, Program, program, programs
from .layers import ABSENT, at_release
from .shrinking import shrunk, smaller
from .verdict import DIFFERENT, LEFT, PROVED, TOLD, UNPROVED, Verdict, migrated, of_proof, verdict

PROGRAMS = 120
# why a program may be left to a person, by the code of the finding and words of it
ACCEPTED_LEFT = {
    "K302": r"Merge",  # a model of its own begins with what is no plain list of models
    "K102": r"import of Merge",
    "K205": r"up to 0\.2 a step that the mask leaves out|over an axis of length 1",
    "K522": r"filters and as many columns",  # a fault of Keras 3 on TensorFlow
}
# why genuine Keras does not run a program of its time
ACCEPTED_UNPROVED = (
    r"Regularizers cannot be reused",  # TimeDistributed of a layer with penalties, up to 1.1
    r"negative dimensions are not allowed",  # of what pooling with 'same' gives on Theano
    r"AssertionError \(line \d+ of topology\.py, in __init__\)",  # a layer that hands its Input on takes its place
)


def is_accepted(found: Verdict) -> bool:
    code, _, message = found.reason.partition(": ")
    if found.kind == LEFT:
        return code in ACCEPTED_LEFT and re.search(ACCEPTED_LEFT[code], message) is not None
    if found.kind == UNPROVED:
        return any(re.search(pattern, found.reason) for pattern in ACCEPTED_UNPROVED)
    return found.kind in (PROVED, TOLD)


def test_every_layer_is_drawn_or_named_with_the_reason() -> None:
    drawn = {entry.name for release in VERSIONS for entry in at_release(release)}
    known = {entry.name for entry in registry.all_entries() if isinstance(entry, Layer)}
    assert drawn | set(ABSENT) == known
    assert not drawn & set(ABSENT)


def test_programs_hold_every_layer() -> None:
    """The draw reaches each of them, and is the same for the same seed."""
    texts = [program(Random(f"all-{index}")).text for index in range(600)]
    assert texts[0] == program(Random("all-0")).text
    names = set(re.findall(r"\b\w+", " ".join(texts)))
    drawn = {entry.name for release in VERSIONS for entry in at_release(release)}
    assert drawn - names == set()


def test_programs_are_python() -> None:
    for index in range(100):
        compile(program(Random(f"python-{index}")).text, "drawn.py", "exec")


@pytest.mark.legacy
@pytest.mark.slow
def test_they_compute_what_they_did(prover: Prover) -> None:
    """Each program of a fixed draw, one after the other, so that one that fails is shrunk."""

    @settings(
        max_examples=PROGRAMS, derandomize=True, database=None, deadline=None,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(programs())
    def holds(one: Program) -> None:
        found = verdict(one, prover)
        assert is_accepted(found), f"{one.release} {one.style}: {found}\n{one.text}\n--- is now\n{found.new}"

    holds()


WRONG = [  # programs whose migration is taken for another one, and what is wrong with that
    ("Dense(4, activation='hard_sigmoid', input_dim=3)", "activation=hard_sigmoid", "activation='hard_sigmoid'"),
    ("GRU(4, input_shape=(5, 3))", "reset_after=False", "go_backwards=True, reset_after=False"),
    ("Dense(4, activity_regularizer='activity_l2', input_dim=3)", "activity_l2()", "'l2'"),
]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize(("call", "right", "wrong"), WRONG)
def test_a_wrong_migration_is_a_difference(call: str, right: str, wrong: str, prover: Prover) -> None:
    name = call.partition("(")[0]
    head = f"from keras.layers import {name}\nfrom keras.models import Sequential\n"
    text = f"{head}model = Sequential()\nmodel.add({call})\n"
    made = migrated(Program(text, "1.2.2"))
    assert not isinstance(made, Verdict)
    assert right in made.job.new
    [proof] = prover.prove([made.job._replace(new=made.job.new.replace(right, wrong))])
    assert of_proof(proof, made.job.new, made.notes).kind == DIFFERENT


def test_a_difference_is_told_only_by_the_note_that_is_for_it() -> None:
    proof = Proof("model", 1, "different", "the outputs differ by up to 1.0e+00")
    assert of_proof(proof, "", ["Theano padded both sides alike (trap C15)"]).kind == TOLD
    assert of_proof(proof, "", ["penalty of weights that are not trained"]).kind == DIFFERENT
    assert of_proof(proof, "", []).kind == DIFFERENT


def test_a_program_is_made_as_small_as_it_may_be() -> None:
    text = "import a\nx = f(1, g=2)(a)\ny = h(k(3, m=4), 5)(x)\nz = y\n"
    asked: list[str] = []

    def keeps(one: Program) -> bool:
        asked.append(one.text)
        return "m=4" in one.text and one.release == "1.2.2"

    assert shrunk(Program(text, "1.2.2"), keeps).text == "y = h(k(m=4))()\nz = y"
    asked.clear()
    assert shrunk(Program(text, "1.2.2"), keeps, tries=1).text != ""
    assert len(asked) == 1


def test_what_is_smaller_has_one_part_less() -> None:
    texts = list(smaller("a = 1\nb = f(2, g=3)(a)\nc = b\n"))
    assert "b = f(2, g=3)(a)\nc = b" in texts
    assert "a = 1\nb = a\nc = b" in texts
    assert "a = 1\nb = f(2)(a)\nc = b" in texts
    assert all(ast.unparse(ast.parse(text)) == text for text in texts)
