"""What is left after a rewrite, and where."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence

from tdmigrate.findings import Finding, Span


def places(findings: Sequence[Finding]) -> Iterator[Span]:
    """Every span that findings tell."""
    for finding in findings:
        yield finding.span
        yield from (evidence.span for evidence in finding.evidence)


def standing(unfixed: Sequence[Finding], again: Sequence[Finding], moved: Mapping[Span, Span]) -> tuple[Finding, ...]:
    """What is left: the findings in the new text, and those that were not fixed in the old one.

    The second is not always in the first: the rewrite takes away the evidence that a source was written for Keras 1.
    ``moved``: where in the new text their ``places`` are.
    """
    ours = [
        finding._replace(
            span=moved[finding.span],
            evidence=tuple(evidence._replace(span=moved[evidence.span]) for evidence in finding.evidence),
        )
        for finding in unfixed
    ]
    # the same finding stands in the same row, or says the same elsewhere: imports are written anew
    lost, rest = _unmatched(ours, again, lambda finding: (finding.code, finding.span.row))
    lost, _ = _unmatched(lost, rest, lambda finding: (finding.code, finding.message))
    return tuple(sorted([*again, *lost], key=lambda finding: (finding.span, finding.code)))


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
