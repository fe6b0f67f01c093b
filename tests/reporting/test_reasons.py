from __future__ import annotations

import pytest

from tdmigrate.reporting.reasons import LONGEST, grouped


@pytest.mark.parametrize(
    ("reasons", "counted"),
    [
        ([], []),
        (["a", "b", "a"], [(2, "a"), (1, "b")]),
        (
            [
                "no call of the source tells what the parameter `x` is (line 3 of the old source)",
                "with kind='a': no call of the source tells what the parameter `long` is (line 9 of the old utils.py)",
            ],
            [(2, "no call of the source tells what the parameter `x` is")],
        ),
        (
            ["the old program needs more memory than 4.0 GB", "the old program needs more memory than 12 GB"],
            [(2, "the old program needs more memory than 4.0 GB")],
        ),
        (["the old one failed", "the new one failed"], [(1, "the old one failed"), (1, "the new one failed")]),
    ],
)  # fmt: skip
def test_reasons_of_one_sort_are_counted_together(reasons: list[str], counted: list[tuple[int, str]]) -> None:
    assert grouped(reasons) == counted


def test_a_long_reason_is_cut_short() -> None:
    ((_, words),) = grouped(["x" * 500])
    assert len(words) == LONGEST
    assert words.endswith("…")
