"""Programs whose metrics have masked steps, and whose losses of evaluation have no penalties (traps D11, C29)."""

from __future__ import annotations

from .program import Program

PROGRAMS = (
    Program("masked_heads", "1.2.2"),
    Program("masked_own_layer", "1.1.2"),
    Program("masked_reload", "1.1.2"),
    Program("masked_shown", "0.3.3"),
    Program("masked_steps", "1.0.8"),
    Program("masked_temporal", "1.2.2"),
    Program("penalties_early_stop", "1.1.2"),
    Program("penalties_graph", "0.3.3"),
    Program("penalties_heads", "1.0.8"),
)
