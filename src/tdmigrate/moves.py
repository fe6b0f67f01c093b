"""Where findings of the old text stand in the new one."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Callable, Sequence
from difflib import SequenceMatcher

from tdmigrate.findings import Finding, Span
from tdmigrate.records import NamedTuple

_NEWLINE = re.compile(r"\r\n|\r|\n")


class _Moves(NamedTuple):
    """Blocks of lines, by index from 0: first old line, first and last new one, and whether they are the same."""

    old: list[int]
    new: list[int]
    last: list[int]
    same: list[bool]
    lengths: list[int]  # of the new lines, in characters

    def row(self, row: int) -> tuple[int, bool]:
        """The new row of an old one, and whether the line is the same; both from 1."""
        block = bisect_right(self.old, row - 1) - 1
        at = min(self.new[block] + (row - 1 - self.old[block]), self.last[block])
        return at + 1, self.same[block]

    def span(self, span: Span) -> Span:
        row, same = self.row(span.row)
        end_row, end_same = self.row(span.end_row)
        column = span.column if same else min(span.column, self.lengths[row - 1] + 1)
        end_column = span.end_column if end_same else min(span.end_column, self.lengths[end_row - 1] + 1)
        if (end_row, end_column) < (row, column):
            end_row, end_column = row, column
        return Span(row, column, end_row, end_column)


def standing(unfixed: Sequence[Finding], again: Sequence[Finding], old: str, new: str) -> tuple[Finding, ...]:
    """What is left after a rewrite: the findings in the ``new`` text, and those that were not fixed in the ``old`` one.

    The second is not always in the first: the rewrite takes away the evidence that a source was written for Keras 1.
    """
    moves = _moves(old, new)
    moved = [
        finding._replace(
            span=moves.span(finding.span),
            evidence=tuple(evidence._replace(span=moves.span(evidence.span)) for evidence in finding.evidence),
        )
        for finding in unfixed
    ]
    # the same finding stands in the same row, or says the same elsewhere: statements move when imports are rewritten
    lost = _unmatched(moved, again, lambda finding: (finding.code, finding.span.row))
    lost = _unmatched(lost[0], lost[1], lambda finding: (finding.code, finding.message))
    left = [*again, *lost[0]]
    return tuple(sorted(left, key=lambda finding: (finding.span, finding.code)))


def _unmatched(
    ours: Sequence[Finding], theirs: Sequence[Finding], key: Callable[[Finding], tuple[str, object]]
) -> tuple[list[Finding], list[Finding]]:
    """Those of both that have no partner with the same key."""
    counts = Counter(map(key, theirs))
    taken: Counter[tuple[str, object]] = Counter()
    alone = []
    for finding in ours:
        if taken[key(finding)] < counts[key(finding)]:
            taken[key(finding)] += 1
        else:
            alone.append(finding)
    rest = []
    for finding in theirs:
        if taken[key(finding)]:
            taken[key(finding)] -= 1
        else:
            rest.append(finding)
    return alone, rest


def _moves(old: str, new: str) -> _Moves:
    old_lines, new_lines = _NEWLINE.split(old), _NEWLINE.split(new)
    moves = _Moves([], [], [], [], [len(line) for line in new_lines])
    for tag, old_start, old_end, new_start, new_end in SequenceMatcher(None, old_lines, new_lines).get_opcodes():
        if old_end > old_start:
            moves.old.append(old_start)
            moves.new.append(min(new_start, len(new_lines) - 1))
            moves.last.append(min(max(new_end - 1, new_start), len(new_lines) - 1))
            moves.same.append(tag == "equal")
    return moves
