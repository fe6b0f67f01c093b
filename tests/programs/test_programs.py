"""Whole programs in the manner of 2015–2017: run as they were by genuine Keras, and as they are now by Keras 3.

Both are run as they stand, in float64, and start from the same weights (see running.py). What each fit, evaluate and
predict of a program gives, and what the program prints, must be the same.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tdmigrate.verification.proof import TOLERANCE
from test_company import migrate

from .whole import Job, gap, run

HERE = Path(__file__).parent


class Program(NamedTuple):
    name: str
    release: str
    quick: bool = False

    def __str__(self) -> str:
        return f"{self.name}-{self.release}"

    @property
    def path(self) -> Path:
        return HERE / self.name / "before.py"


PROGRAMS = (
    Program("attention", "1.2.2"),
    Program("autoencoder", "1.2.2"),
    Program("gan", "1.0.8"),
    Program("gan", "1.2.2"),
    Program("graph_tagger", "0.3.3"),
    Program("grid_search", "1.2.2"),
    Program("images", "1.1.2"),
    Program("seq2seq", "1.0.8"),
    Program("seq2seq", "1.2.2"),
    Program("siamese", "1.1.2", quick=True),
    Program("stateful", "1.1.2"),
    Program("text_generation", "1.1.2"),
)


def marked(program: Program) -> Any:
    marks = () if program.quick else (pytest.mark.slow,)
    return pytest.param(program, id=str(program), marks=marks)


@pytest.mark.parametrize("style", ["faithful", "exact"])
@pytest.mark.parametrize("program", PROGRAMS, ids=str)
def test_nothing_is_left_to_a_person(program: Program, style: str) -> None:
    done = migrate(program.path.read_text(), program.release, style, "theano")
    assert done.left == ()
    assert done.again == ()


@pytest.mark.legacy
@pytest.mark.parametrize("program", map(marked, PROGRAMS))
def test_it_trains_and_predicts_as_it_did(program: Program, legacy_path: Path, tmp_path: Path) -> None:
    after = tmp_path / "after.py"
    after.write_text(migrate(program.path.read_text(), program.release, "exact", "theano").text)
    [(old, printed, failed)] = run(tmp_path, [Job(program.path, tmp_path)], program.release, str(legacy_path))
    assert failed is None
    [(new, now, failed)] = run(tmp_path, [Job(after, tmp_path)], program.release, KERAS_BACKEND="tensorflow")
    assert failed is None
    assert [name for name, _ in old] == [name for name, _ in new]
    gaps = [gap(one, other) for (_, one), (_, other) in zip(old, new, strict=True)]
    assert max(gaps) < TOLERANCE, list(zip((name for name, _ in old), gaps, strict=True))
    assert now == printed
