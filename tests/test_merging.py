"""Every merge of Keras 0.x and 1.x through the whole tool: what is rewritten is proved against genuine Keras."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.proof import Job, prove
from test_company import EARLY, LAST, LATE, migrate

VECTORS, SEQUENCES, IMAGES = "(6,)", "(4, 6)", "(2, 4, 6)"
WORDS = ("sum", "mul", "ave", "max", "concat")


class Merged(NamedTuple):
    """A program of one functional model with an output for each merge."""

    name: str
    version: str
    shapes: tuple[str, ...]  # of the inputs a, b, …
    merges: tuple[str, ...]
    head: str = ""  # statements before them

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def text(self) -> str:
        names = "abcdefgh"[: len(self.shapes)]
        lines = [
            "from keras.layers import Input, Dense, Embedding, Flatten, LSTM, Masking, Merge, Reshape, merge",
            "from keras.models import Model",
            "",
            *(f"{name} = Input(shape={shape})" for name, shape in zip(names, self.shapes, strict=True)),
            *self.head.splitlines(),
            *(f"y{index} = {call}" for index, call in enumerate(self.merges)),
            f"model = Model(input=[{', '.join(names)}], output=["
            + ", ".join(f"y{index}" for index in range(len(self.merges)))
            + "])",
        ]
        return "\n".join([*lines, ""])


def elementwise(version: str) -> list[Merged]:
    calls = [f"merge([a, b], mode='{mode}')" for mode in WORDS]
    calls += [f"merge([a, b, a], '{mode}')" for mode in WORDS]
    calls += [f"Merge(mode='{mode}')([b, a])" for mode in WORDS]
    calls += ["merge([a, b])", "merge(inputs=[a, b], mode='sum', name='named')"]
    return [
        Merged(f"words-of-{len(shape.split(','))}", version, (shape, shape), tuple(calls))
        for shape in (VECTORS, SEQUENCES, IMAGES)
    ]


def concatenated(version: str) -> list[Merged]:
    return [
        Merged("last", version, ("(4, 6)", "(4, 5)"), tuple(
            f"merge([a, b], mode='concat'{axis})" for axis in ("", ", concat_axis=-1", ", concat_axis=2"))),
        Merged("middle", version, ("(4, 6)", "(3, 6)"), tuple(
            f"merge([a, b], mode='concat', concat_axis={axis})" for axis in (1, -2))),
        Merged("free", version, ("(None, 6)", "(None, 5)"), ("merge([a, b], 'concat')",)),
        Merged("channels", version, ("(2, 4, 6)", "(3, 4, 6)"), ("merge([a, b], 'concat', 1)",)),
    ]  # fmt: skip


def dotted(version: str) -> list[Merged]:
    dot = "merge([a, b], mode='dot'{})"
    return [
        Merged("vectors", version, (VECTORS, VECTORS), tuple(dot.format(axes) for axes in (
            "", ", dot_axes=-1", ", dot_axes=1", ", dot_axes=[1, 1]", ", dot_axes=(1, 1)"))),
        Merged("matrices", version, ("(4, 6)", "(5, 6)"), tuple(dot.format(axes) for axes in (
            "", ", dot_axes=2", ", dot_axes=(2, 2)"))),
        Merged("crossed", version, ("(4, 6)", "(6, 5)"), tuple(dot.format(axes) for axes in (", dot_axes=(2, 1)",))),
        Merged("attention", version, ("(4,)", "(4, 6)"), (dot.format(", dot_axes=(1, 1)"), dot.format(", dot_axes=1"))),
        Merged("attended", version, ("(4, 6)", "(6,)"), (dot.format(", dot_axes=(2, 1)"), dot.format(", dot_axes=-1"))),
    ]  # fmt: skip


def cosines(version: str) -> list[Merged]:
    cos = "merge([a, b], mode='cos'{})"
    calls = [cos.format(axes) for axes in ("", ", dot_axes=1", ", dot_axes=[1, 1]")]
    calls += ["Merge(mode='cos')([a, b])", "Reshape((1,))(merge([a, b], 'cos'))", "Flatten()(merge([a, b], 'cos'))"]
    if version >= "1.2":  # before, Dense saw the three axes and refused them
        calls += ["Dense(3)(merge([b, a], mode='cos'))"]
    return [Merged("cosines", version, (VECTORS, VECTORS), tuple(calls))]


def functions(version: str) -> list[Merged]:
    head = "def gap(tensors):\n    return tensors[0] - tensors[1]\n"
    calls = [
        "merge([a, b], mode=lambda x: x[0] * x[1] + 1, output_shape=(6,))",
        "merge([a, b], mode=gap, output_shape=lambda shapes: shapes[0])",
        "merge([a, b], gap, output_shape=[6], name='gap')",
        "Dense(3)(Merge(mode=gap, output_shape=(6,))([a, b]))",
    ]
    if version >= "1.1.2":
        calls += ["merge([a, b], mode=lambda x, k: x[0] * k, output_shape=(6,), arguments={'k': 3})"]
    return [Merged("functions", version, (VECTORS, VECTORS), tuple(calls), head)]


def masked(version: str) -> list[Merged]:
    head = (
        "m = Masking()(a)\n"
        "forth = LSTM(3, return_sequences=True)(m)\n"
        "back = LSTM(3, return_sequences=True, go_backwards=True)(m)\n"
    )
    calls = [f"LSTM(2)(merge([forth, back], mode='{mode}'))" for mode in ("sum", "mul", "ave", "concat")]
    calls += [f"merge([forth, back], mode='{mode}')" for mode in ("sum", "ave", "concat", "mul")]
    return [Merged("masked", version, (SEQUENCES,), tuple(calls), head)]


FAMILIES = (elementwise, concatenated, dotted, cosines, functions, masked)
TENSORS = [one for family in FAMILIES for version in (EARLY, LATE, LAST) for one in family(version)]


@pytest.mark.parametrize("program", TENSORS, ids=str)
def test_nothing_is_left_and_a_second_run_is_quiet(program: Merged) -> None:
    done = migrate(program.text, program.version)
    assert done.left == ()
    assert done.again == ()
    assert "merge(" not in done.text.lower()


def jobs(programs: Sequence[Merged]) -> list[Job]:
    return [
        Job(str(one), 1, one.text, "model", migrate(one.text, one.version).text, "model", one.version, finished=True)
        for one in programs
    ]


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    made = jobs(TENSORS)
    return {job.model: proof for job, proof in zip(made, prove(made, legacy_path), strict=True)}


@pytest.mark.legacy
@pytest.mark.parametrize("program", TENSORS, ids=str)
def test_it_computes_what_the_old_one_did(program: Merged, proofs: dict[str, Proof]) -> None:
    proof = proofs[str(program)]
    assert proof.status == "equal", proof
