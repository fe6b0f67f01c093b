"""K701, K702: layers of the source's own in the form of Keras 0.x."""

from __future__ import annotations

from tdmigrate.rules.context import Context
from tdmigrate.understanding.custom import LayerClass


def check_old(ctx: Context, found: LayerClass) -> None:
    pass
