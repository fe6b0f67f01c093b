"""Programs whose subject is a kind of model."""

from __future__ import annotations

from .program import Program

PROGRAMS = (
    Program("attention", "1.2.2"),
    Program("autoencoder", "1.2.2"),
    Program("gan", "1.0.8"),
    Program("gan", "1.2.2"),
    Program("graph_tagger", "0.3.3"),
    Program("grid_search", "1.2.2"),
    Program("images", "1.1.2"),
    Program("seq2seq", "1.0.8"),
    Program("seq2seq", "1.2.2"),
    Program("siamese", "1.1.2", quick=True),
    Program("stateful", "1.1.2"),
    Program("text_generation", "1.1.2"),
)
