"""Why models could not be proved, counted: reasons that differ in names and numbers only are one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from typing import Final

LONGEST: Final = 100  # characters of one that are shown

_WAY: Final = re.compile(r"^with \w+=.*?: ")
_LINE: Final = re.compile(r" \(line \d+ of the [^()]*\)")
_NAME: Final = re.compile(r"`[^`]*`")
_NUMBER: Final = re.compile(r"\b\d+(\.\d+)*\b")


def grouped(reasons: Iterable[str]) -> list[tuple[int, str]]:
    """How often each sort of reason is given, the most frequent first; of those of a sort, the words of the first."""
    counts: Counter[str] = Counter()
    words: dict[str, str] = {}
    for reason in reasons:
        said = _LINE.sub("", _WAY.sub("", reason))
        sort = _NUMBER.sub("", _NAME.sub("", said))
        counts[sort] += 1
        words.setdefault(sort, said)
    return [(number, _short(words[sort])) for sort, number in counts.most_common()]


def _short(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1].rstrip() + "…"
