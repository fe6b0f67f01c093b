"""Run by test_losses.py: ``trained.py JOBS RESULTS [LEGACY RELEASE]``, programs that compile a ``model``.

JOBS is JSON, a list of programs with weights, inputs and targets by index. Each model makes one step with
``train_on_batch``; RESULTS gets its loss and its weights afterwards by names like ``3/loss`` and ``3/weight/0``. With
LEGACY this is genuine Keras on Theano, else Keras 3 on the backend of KERAS_BACKEND, all in float64.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def step(job: dict[str, Any]) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(job["program"], names)
    model = names["model"]
    model.set_weights([np.asarray(one) for one in job["weights"]])
    x = np.asarray(job["x"])
    targets = [np.asarray(one) for one in job["targets"]]
    loss = model.train_on_batch(x, targets if len(targets) > 1 else targets[0])
    found = {"loss": np.ravel(np.asarray(loss, dtype="float64"))[0]}
    found.update({f"weight/{index}": np.asarray(one) for index, one in enumerate(model.get_weights())})
    return found


def main() -> None:
    jobs, results, *legacy = sys.argv[1:]
    if legacy:
        from tdmigrate.verification.legacy.worker import start

        start(*legacy)
    else:
        import keras

        keras.config.set_floatx("float64")
    found: dict[str, Any] = {}
    for index, job in json.loads(Path(jobs).read_text()):
        found.update({f"{index}/{name}": value for name, value in step(job).items()})
    np.savez(results, **found)


if __name__ == "__main__":
    main()
