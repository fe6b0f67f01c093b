"""K109, K111: what was concluded of release and backend against some line that says otherwise; asking for Theano."""

from __future__ import annotations

from tdmigrate.findings import Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.rule import Example, Rule

RULES = (
    Rule(
        code="K109",
        name="contradicting-evidence",
        title="Lines say otherwise which Keras a source was written for",
        what="Finds lines of a source, and of its project's files, that contradict what was concluded from others.",
        why="Where release or backend changes the numbers, the rewrite follows the conclusion.",
        safety="A note. The source stands above its project, the nearer file above the farther; say --keras-version or "
        "--source-backend to decide.",
        examples=(
            Example(
                "from keras.layers.timedistributed import TimeDistributed\nfrom keras.engine.topology import Layer\n",
                None,
            ),
        ),
    ),
    Rule(
        code="K111",
        name="backend-gone",
        title="Keras 3 does not run on Theano",
        what="Finds `os.environ['KERAS_BACKEND'] = 'theano'` and its like.",
        why="Keras 3 raises as it is imported.",
        safety="Nothing is changed: until the rest is migrated, the line tells which numbers to keep.",
        examples=(
            Example(
                "import os\n"
                "os.environ['KERAS_BACKEND'] = 'theano'\n"
                "from keras.layers.core import TimeDistributedDense\n",
                None,
            ),
        ),
    ),
)


def check_evidence(ctx: Context) -> None:
    """One note for what in the source contradicts itself, and one for each file of the project at odds with it."""
    era = ctx.era
    for one in era.theano_asked:
        message = (
            "Keras 3 does not run on Theano: take this out, or say 'tensorflow', 'jax' or 'torch', once all else here "
            "is migrated (until then it tells which numbers to keep)"
        )
        ctx.add("K111", Severity.ERROR, one.span, message)
    if era.contradictions:
        first = era.contradictions[0]
        message = f"{first.message}, but Keras {era.versions.show()} is assumed (say --keras-version)"
        ctx.add("K109", Severity.NOTE, first.span, message, evidence=era.version_evidence)
    told: set[str] = set()
    for claim in era.at_odds:
        if claim.path in told:
            continue
        told.add(claim.path)
        own = era.version_evidence if claim.versions is not None else era.backend_evidence
        place = (*own, *era.version_evidence, *((era.proof,) if era.proof is not None else ()))
        top = ctx.names.bindings[0].statement if ctx.names.bindings else ctx.module.tree.body[0]
        span = place[0].span if place else ctx.span(top)
        what = f"Keras {era.versions.show()} on {era.backend}"
        message = f"{claim.show()} says otherwise: {what} is assumed (say --keras-version or --source-backend)"
        ctx.add("K109", Severity.NOTE, span, message, evidence=own)
