from __future__ import annotations

import pytest

from tdmigrate.rules.silence import silenced


@pytest.mark.parametrize(
    ("line", "codes"),
    [
        ("x = 1  # tdmigrate: ignore", {""}),
        ("x = 1  # tdmigrate: ignore[TD001]", {"TD001"}),
        ("x = 1  # tdmigrate: ignore[td001, K2]", {"TD001", "K2"}),
        ("x = 1  # TDMIGRATE: IGNORE[TD001]  because", {"TD001"}),
        ("x = 1  # noqa: TD001", {"TD001"}),
        ("x = 1  # NOQA: E501, TD001", {"E501", "TD001"}),
        ("x = 1  # tdmigrate: ignore[TD001] # noqa: K201", {"TD001", "K201"}),
    ],
)
def test_comments_that_silence(line: str, codes: set[str]) -> None:
    assert silenced(f"pass\n{line}\n") == {2: frozenset(codes)}


@pytest.mark.parametrize(
    "line",
    [
        "x = 1  # tdmigrate: ignored by us",
        "x = 1  # tdmigrate: ignore[]",
        "x = 1  # noqa",  # ruff's and flake8's, of everything they know
        "x = '# tdmigrate: ignore'",
    ],
)
def test_comments_that_do_not(line: str) -> None:
    assert silenced(line) == {}


def test_rows_count_any_line_end() -> None:
    assert silenced("a = 1\r\nb = 2\rc = 3  # noqa: TD001\n") == {3: frozenset(("TD001",))}
