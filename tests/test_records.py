"""Our named tuples are to their users what those of ``typing`` are."""

from __future__ import annotations

import copy
import pickle
import typing

import pytest

from tdmigrate import records


class Place(records.NamedTuple):
    row: int
    column: int = 0
    note: str = ""

    @property
    def shown(self) -> str:
        return f"{self.row}:{self.column}"


class StandardPlace(typing.NamedTuple):
    row: int
    column: int = 0
    note: str = ""


class Empty(records.NamedTuple):
    pass


class Marked(Place):
    def mark(self) -> str:
        return f"{self.note}!"


@pytest.mark.parametrize(
    ("values", "named"),
    [
        ((1,), {}),
        ((1, 2), {}),
        ((1, 2, "x"), {}),
        ((), {"row": 3}),
        ((1,), {"note": "x"}),
        ((), {"note": "n", "row": 1}),
    ],
)
def test_values_names_and_defaults(values: tuple[typing.Any, ...], named: dict[str, typing.Any]) -> None:
    ours, standard = Place(*values, **named), StandardPlace(*values, **named)
    assert tuple(ours) == tuple(standard)
    assert repr(ours) == repr(standard).replace("StandardPlace", "Place")
    assert (ours.row, ours.column, ours.note) == tuple(ours)
    assert tuple(ours._replace(note="other")) == (*standard[:2], "other")
    assert hash(ours) == hash(standard)


@pytest.mark.parametrize(
    ("values", "named", "message"),
    [
        ((), {}, r"Place\(\) needs a value for 'row'"),
        ((1, 2, "x", 4), {}, r"Place\(\) takes 3 values, 4 were given"),
        ((1,), {"row": 2}, r"Place\(\) got two values for 'row'"),
        ((1,), {"rows": 2}, r"Place\(\) has no field 'rows'"),
    ],
)
def test_what_does_not_fit_is_refused(
    values: tuple[typing.Any, ...], named: dict[str, typing.Any], message: str
) -> None:
    with pytest.raises(TypeError, match=message):
        Place(*values, **named)
    with pytest.raises(TypeError):
        StandardPlace(*values, **named)


def test_replacing_what_is_no_field_is_refused() -> None:
    with pytest.raises(TypeError, match="Place has no field 'rows'"):
        Place(1)._replace(rows=2)  # type: ignore[call-arg]


def test_no_field_without_a_default_follows_one_with() -> None:
    with pytest.raises(TypeError, match="'row' has a default"):

        class _Wrong(records.NamedTuple):
            row: int = 0
            column: int  # type: ignore[misc]


def test_it_is_a_tuple_without_a_dictionary() -> None:
    place = Place(4, 5)
    row, column, note = place
    assert (row, column, note) == (4, 5, "")
    assert place.shown == "4:5"
    with pytest.raises(AttributeError):
        place.row = 1  # type: ignore[misc]
    with pytest.raises(AttributeError):
        place.other = 1  # type: ignore[attr-defined]
    match place:
        case Place(4, second):
            assert second == 5
        case _:
            raise AssertionError("the fields do not match by position")


def test_copies_and_pickles_keep_the_class() -> None:
    for place in (Place(1, 2, "x"), Marked(1), Empty()):
        for other in (pickle.loads(pickle.dumps(place)), copy.copy(place), copy.deepcopy(place)):
            assert type(other) is type(place)
            assert other == place


def test_a_subclass_keeps_the_fields() -> None:
    assert Marked(1, note="so").mark() == "so!"
    assert Marked(1)._fields == Place._fields == ("row", "column", "note")
