"""What Graph of Keras 0.1.2–1.1.1 put nodes together with (keras/layers/core.py, keras/engine/topology.py: Merge)."""

from __future__ import annotations

from collections.abc import Mapping

MERGES: Mapping[str, str] = {
    "sum": "keras.layers.Add",
    "mul": "keras.layers.Multiply",
    "ave": "keras.layers.Average",
    "max": "keras.layers.Maximum",
    "concat": "keras.layers.Concatenate",
    "dot": "keras.layers.Dot",
    "cos": "keras.layers.Dot",
}
