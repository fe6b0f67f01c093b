"""``built.py JOBS RESULTS [LEGACY RELEASE]``: programs that make a ``model`` with layers of their own.

JOBS is JSON, a list of (name, program, inputs, targets). Each model gets weights drawn one after the other by their
shapes, predicts, and makes one step; RESULTS gets outputs, loss and weights afterwards, or what went wrong. With LEGACY
this is genuine Keras on Theano, else Keras 3, all in float64.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np


def step(program: str, inputs: list[Any], targets: Any, legacy: bool) -> dict[str, Any]:
    names: dict[str, Any] = {}
    exec(program, names)
    model = names["model"]
    random = np.random.default_rng(5)
    model.set_weights([random.normal(0, 0.5, np.shape(one)) for one in model.get_weights()])
    x = [np.asarray(one) for one in inputs]
    given: Any = x if len(x) > 1 else x[0]
    found = {"output": np.asarray(model.predict(given) if legacy else model.predict(given, verbose=0))}
    loss = model.train_on_batch(given, np.asarray(targets))
    found["loss"] = np.ravel(np.asarray(loss, dtype="float64"))[0]
    found.update({f"weight/{index}": np.asarray(one) for index, one in enumerate(model.get_weights())})
    if not legacy:
        for layer in model.layers:
            if type(layer) in names.values() and "get_config" in vars(type(layer)):
                config = json.loads(json.dumps(layer.get_config()))
                assert type(type(layer).from_config(config)) is type(layer)
    return found


def main() -> None:
    jobs, results, *legacy = sys.argv[1:]
    if legacy:
        from tdmigrate.verification.legacy.worker import start

        start(*legacy)
    else:
        import keras

        keras.config.set_floatx("float64")
        if keras.backend.backend() == "tensorflow":
            from tdmigrate.verification.modern.precision import keep_double

            keep_double()
    found: dict[str, Any] = {}
    for name, program, inputs, targets in json.loads(Path(jobs).read_text()):
        try:
            made = step(program, inputs, targets, bool(legacy))
            found.update({f"{name}/{key}": value for key, value in made.items()})
        except Exception:
            found[f"{name}/error"] = np.asarray(traceback.format_exc()[-1500:] + program)
    np.savez(results, **found)


if __name__ == "__main__":
    main()
