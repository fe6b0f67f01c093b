"""``unroll=True`` of a recurrent layer inside a Bidirectional behind a mask, which Keras 3 computes wrongly.

With it the mask, the first step first, is laid on the outputs of the layer that goes backwards, the last step first
(keras/src/backend/tensorflow/rnn.py of 3.15, ``zero_output_for_mask``).
"""

from __future__ import annotations

import ast

from tdmigrate.keras1.entry import Dropped, Layer, Spelling
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import LayerUse

_DROPPED = Dropped(
    "behind a mask Keras 3's Bidirectional computes it wrongly; it chose an implementation, and no numbers"
)


def settle(ctx: Context, use: LayerUse, spelling: Spelling) -> Spelling:
    """The spelling without ``unroll``, where it may be wrong."""
    if use.bound.arguments["unroll"].value is False or not any(_holds(ctx, one, use) for one in ctx.facts.layers):
        return spelling
    return spelling._replace(parameters={**spelling.parameters, "unroll": _DROPPED})


def _holds(ctx: Context, outer: LayerUse, use: LayerUse) -> bool:
    """Whether it is a wrapper around this layer that works with a copy of it, and a mask may reach it."""
    if not isinstance(outer.entry, Layer) or not outer.entry.copies or outer.entry.wraps is None:
        return False
    held = outer.bound.arguments.get(outer.entry.wraps)
    node = held.node if held is not None else None
    made = ctx.maker(node.id) if isinstance(node, ast.Name) else node
    return made is use.node and ctx.may_be_masked(outer)
