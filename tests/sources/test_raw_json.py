"""Places of values in JSON text."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tdmigrate.sources.raw_json import Place, elements, members, root

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


def found(text: str, place: Place) -> Any:
    """The value at a place, taken apart as far as it goes."""
    if text[place.start] == "{":
        return {key: found(text, value) for key, value in members(text, place).items()}
    if text[place.start] == "[":
        return [found(text, value) for value in elements(text, place)]
    return json.loads(text[place.start : place.end])


@given(VALUES, st.sampled_from([None, 0, 1, 3]), st.booleans())
def test_every_value_stands_where_it_is_said_to(value: Any, indent: int | None, ascii_only: bool) -> None:
    text = json.dumps(value, indent=indent, ensure_ascii=ascii_only)
    for one in (text, f" \n{text}\r\n"):
        place = root(one)
        assert one[place.start : place.end] == text
        assert found(one, place) == value


def test_of_two_with_one_key_the_last_counts() -> None:
    text = '{"a": 1, "a" : [2,3 ] }'
    assert found(text, root(text)) == {"a": [2, 3]}


@pytest.mark.parametrize("text", ["3", '"a"', "[1]"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no object"):
        members(text, root(text))


@pytest.mark.parametrize("text", ["3", '"a"', '{"a": 1}'])
def test_what_is_no_array_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no array"):
        list(elements(text, root(text)))
