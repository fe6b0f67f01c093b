"""States of recurrent layers between batches."""

from __future__ import annotations

from typing import Any


def reset_states(model: Any) -> None:
    """Set the states of every stateful layer of ``model`` back, also in the models inside of it.

    ``model.reset_states()`` of Keras 0.3-1.2 (Container.reset_states in keras/engine/topology.py of 1.2.2), which Keras
    3 has for layers only. As there, what a wrapper such as TimeDistributed holds keeps its states.
    """
    for layer in model.layers:
        if hasattr(layer, "layers"):
            reset_states(layer)
        elif getattr(layer, "stateful", False) and hasattr(layer, "reset_states"):
            layer.reset_states()
