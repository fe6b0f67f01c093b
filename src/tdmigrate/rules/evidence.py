"""K109: what was concluded of release and backend against some line that says otherwise."""

from __future__ import annotations

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

RULE = Rule(
    code="K109",
    name="contradicting-evidence",
    title="Lines say otherwise which Keras a source was written for",
    what="Finds lines of a source, and of its project's files, that contradict what was concluded from others.",
    why="Where release or backend changes the numbers, the rewrite follows the conclusion.",
    safety="A note. The source stands above its project, the nearer file above the farther; say --keras-version or "
    "--source-backend to decide.",
    examples=(
        Example(
            "from keras.layers.timedistributed import TimeDistributed\nfrom keras.engine.topology import Layer\n", None
        ),
    ),
)


def check_evidence(ctx: Context) -> None:
    """One note for what in the source contradicts itself, and one for each file of the project at odds with it."""
    era = ctx.era
    if era.contradictions:
        first = era.contradictions[0]
        message = f"{first.message}, but Keras {era.versions.show()} is assumed (say --keras-version)"
        ctx.add(RULE.code, Severity.NOTE, first.span, message, evidence=era.version_evidence)
    told: set[str] = set()
    for claim in era.at_odds:
        if claim.path in told:
            continue
        told.add(claim.path)
        own = era.version_evidence if claim.versions is not None else era.backend_evidence
        place = (*own, *era.version_evidence, *((era.proof,) if era.proof is not None else ()))
        span = place[0].span if place else ctx.span(ctx.names.bindings[0].statement)
        what = f"Keras {era.versions.show()} on {era.backend}"
        message = f"{claim.show()} says otherwise: {what} is assumed (say --keras-version or --source-backend)"
        ctx.add(RULE.code, Severity.NOTE, span, message, evidence=own)
