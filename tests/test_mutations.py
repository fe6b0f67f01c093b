"""tools/mutate.py: what it breaks, that it mends it again, and what it says of it."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import mutate
from mutate import Verdict
from mutation_programs import GENUINE, programs, weighty_programs
from mutations import AREAS, ASIDE, EQUIVALENT, OF_LAYER, Mutation, broken, mutations
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Layout
from tdmigrate.verification import weights as converting
from weight_mutations import BACK, OF_WEIGHTS, broken_bodies, in_place, kinds_of, weight_mutations

MUTATIONS = list(mutations())
WEIGHTS = list(weight_mutations())


def labelled(label: str) -> Mutation:
    return next(one for one in MUTATIONS if one.label == label)


RESET = labelled("GRU.keras3.written['reset_after'] is not written")


def test_each_breaks_something_of_its_own_and_is_mended() -> None:
    before = dict(registry._ENTRIES)
    for one in MUTATIONS:
        assert one.items, one.label
        sound = [table[key] for table, key, _ in one.items]
        with broken(one):
            assert all(table[key] is value for table, key, value in one.items), one.label
        assert [table[key] for table, key, _ in one.items] == sound
        assert all(value != other for (_, _, value), other in zip(one.items, sound, strict=True)), one.label
    assert before == registry._ENTRIES
    assert [label for label, count in Counter((one.area, one.label) for one in MUTATIONS).items() if count > 1] == []


def test_every_family_and_reason_occurs() -> None:
    assert {one.family for one in MUTATIONS} == {"default", "mapping", "value", "form"}
    assert {one.area for one in MUTATIONS} == {"layers", "merging", *AREAS.values()}
    assert {one.aside for one in MUTATIONS if one.aside} >= {*ASIDE.values(), *OF_LAYER.values(), *EQUIVALENT.values()}


def test_what_is_said_to_change_nothing_is_there() -> None:
    assert {one.label for one in MUTATIONS if EQUIVALENT.get(one.label) == one.aside} == set(EQUIVALENT)
    aside = [one for one in WEIGHTS if one.aside]
    assert {(one.owner, one.what.partition(": ")[2]) for one in aside} == set(OF_WEIGHTS)


def test_everywhere_breaks_what_layers_share_in_each() -> None:
    everywhere = list(mutations(everywhere=True))
    assert len(everywhere) > 2 * len(MUTATIONS)
    assert {one.label for one in MUTATIONS} <= {one.label for one in everywhere}


def test_a_broken_entry_is_migrated_by() -> None:
    program = next(iter(programs(RESET)))
    right = mutate.migrate(program)
    assert "reset_after=False" in right
    with broken(RESET):
        assert "reset_after" not in mutate.migrate(program)
    assert mutate.migrate(program) == right


@pytest.mark.parametrize(
    ("label", "release", "words"),
    [
        ("Dense.signatures['1.1.2']", "1.2.2", ""),
        ("BatchNormalization.instead[1] never stands for it", "0.3.3", "BatchNormalization(input_shape=(6,))"),
        ("Convolution2D.window.strides is 1", "1.2.2", "border_mode='same', subsample=(2, 1)"),
    ],
)
def test_programs_give_what_it_can_show_with(label: str, release: str, words: str) -> None:
    found = [one for one in MUTATIONS if one.label == label]
    assert bool(found) is bool(words)
    for one in found:
        assert any(program.release == release and words in program.text for program in programs(one))


def test_weights_of_each_way_are_laid_out_by_some_program() -> None:
    for kind in set(converting._FORTH) - {"same"}:
        found = list(weighty_programs(frozenset((kind,))))
        assert {one.release for one in found} <= set(GENUINE)
        assert found
    both = "".join(one.text for one in weighty_programs(frozenset(("gates",))))
    assert "Bidirectional(layer=LSTM(3)" in both
    assert "Bidirectional(layer=GRU(3)" in both


def fold(values: list[int]) -> list[int]:
    if not values:
        raise ValueError("nothing to fold")
    return [*values[::-1], 1] if len(values) < 3 else sorted(values)


def test_each_step_of_a_function_is_broken() -> None:
    found = dict(broken_bodies(fold))  # type: ignore[arg-type]
    said = {what.partition(": ")[2] for what in found}
    assert said == {
        "`[*values[::-1], 1] if len(values) < 3 else sorted(values)` is `[*values[::-1], 1]`",
        "`[*values[::-1], 1] if len(values) < 3 else sorted(values)` is `sorted(values)`",
        "`len(values) < 3` is `len(values) >= 3`",
        "`sorted(values)` is `values`",
        "`values[::-1]` is `values`",
        "`1` is `2`",
        "`len(values) < 3` is `len(values) < 4`",
    }
    names: dict[str, object] = {}
    for source in found.values():
        exec(source, names)
        assert callable(names["fold"])


def test_functions_are_mended() -> None:
    before = {name: function.__code__ for name, function in converting._FORTH.items()}
    entries = dict(registry._ENTRIES)
    for one in WEIGHTS:
        with in_place(one.code):
            pass
    assert {name: function.__code__ for name, function in converting._FORTH.items()} == before
    assert entries == registry._ENTRIES


def test_a_broken_function_is_the_one_that_runs() -> None:
    one = next(one for one in WEIGHTS if one.label.endswith("`np.flip(one, tuple(range(one.ndim - 2)))` is `one`"))
    assert kinds_of(one) >= {"convolution", "conv1d", "deconvolution", "convolution_gates"}
    kernel = np.arange(6.0).reshape(1, 1, 2, 3)
    (right,) = converting.to_keras3(Layout("convolution"), [kernel], "1.2.2")
    with in_place(one.code):
        (wrong,) = converting.to_keras3(Layout("convolution"), [kernel], "1.2.2")
    assert right.ravel().tolist() == wrong.ravel().tolist()[::-1]
    assert {one.area for one in WEIGHTS} == {"weights", BACK}


VERDICTS = [
    Verdict("killed", "the outputs differ"),
    Verdict("failed", "TypeError"),
    Verdict("survived", "1.2.2: GRU(3)"),
    Verdict("idle", ""),
]


def test_the_share_is_of_what_can_show() -> None:
    assert mutate.share(VERDICTS) == pytest.approx(2 / 3)
    assert mutate.share([]) == 0


def test_the_page_lists_what_is_not_noticed() -> None:
    chosen = MUTATIONS[:4]
    text = mutate.page(chosen, VERDICTS, 90)
    assert "4 of 90 mutations" in text
    assert "**66.7%**" in text
    assert f"`{chosen[2].label}`" in text
    assert f"`{chosen[0].label}`" not in text


def test_verdicts_are_kept(tmp_path: Path) -> None:
    kept = tmp_path / "kept.jsonl"
    assert mutate.known(kept) == mutate.known(None) == {}
    kept.write_text(f'["{RESET.area} {RESET.label}", "killed", "the outputs differ", 1]\n')
    assert mutate.tried([RESET], 1, kept) == [Verdict("killed", "the outputs differ", 1)]


@pytest.mark.legacy
@pytest.mark.slow
def test_a_mutation_is_killed_and_one_survives() -> None:
    trier = mutate.Trier()
    try:
        assert trier.verdict(RESET).outcome == "killed"
        harmless = RESET._replace(items=tuple((table, key, table[key]) for table, key, _ in RESET.items))
        assert trier.verdict(harmless).outcome == "idle"
        assert trier.verdict(labelled("Dense.keras3.parameters['name'] is not carried over")).outcome == "aside"
    finally:
        trier.close()
