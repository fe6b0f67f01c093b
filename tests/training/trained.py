"""Run by the tests of this folder: ``trained.py JOBS RESULTS [LEGACY RELEASE]``, programs that compile a ``model``.

JOBS is JSON, a list of programs with weights, inputs and targets by index. Each model makes ``steps`` steps (one) with
``train_on_batch``, of all inputs or of ``batches`` equal parts of them in turn; RESULTS gets its last loss and its
weights afterwards by names like ``3/loss`` and ``3/weight/0``, and before that what it evaluates to in batches of
``evaluated``, where that is given, as ``3/evaluated``, and with ``predicted`` what it predicts afterwards. With LEGACY
this is genuine Keras on Theano, else Keras 3 on the backend of KERAS_BACKEND, all in float64.
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
    y = targets if len(targets) > 1 else targets[0]
    found: dict[str, Any] = {}
    if "evaluated" in job:
        found["evaluated"] = np.asarray(model.evaluate(x, y, batch_size=job["evaluated"], verbose=0), dtype="float64")
    count = job.get("batches", 1)
    batches = [(x, y)] if count == 1 else list(zip(np.split(x, count), np.split(y, count), strict=True))
    for number in range(job.get("steps", 1)):
        loss = model.train_on_batch(*batches[number % count])
    found["loss"] = np.ravel(np.asarray(loss, dtype="float64"))[0]
    if job.get("predicted"):
        found["predicted"] = np.asarray(model.predict(x, verbose=0))
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
