"""Run by test_against_keras.py: ``genuine.py LEGACY RELEASE JOBS RESULTS``, one release of genuine Keras on Theano.

JOBS is JSON, a list of cases; RESULTS gets an array for every weight, input, output, gradient and update, by names
like ``3/weight/0``.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np


def model_of(case: dict[str, Any], modern: bool) -> Any:
    from keras.models import Sequential

    names: dict[str, Any] = {}
    exec("\n".join(case["imports"]), names)
    model = Sequential()
    for call in case["old"]:
        model.add(eval(call, names))
    if modern and model.model is None:
        model.build()
    return model


def run(case: dict[str, Any], release: str, random: np.random.Generator) -> dict[str, Any]:
    import theano
    import theano.tensor as tensor

    modern = release >= "1"
    model = model_of(case, modern)
    layer = model.layers[-1]
    weights = [random.normal(0, 0.6, array.shape) for array in layer.get_weights()]
    if case["spread"]:
        weights[-1] = random.uniform(0.5, 1.5, weights[-1].shape)
    layer.set_weights(weights)
    phase = int(case["training"])
    x = model.inputs[0] if modern else model.layers[0].input
    y = model.outputs[0] if modern else model.get_output(train=bool(phase))
    given = {}
    if modern:
        from keras import backend

        if not isinstance(backend.learning_phase(), int):
            given = {backend.learning_phase(): np.uint8(phase)}
    trained = layer.trainable_weights if release >= "0.3.1" else layer.params
    loss = tensor.mean(y**2)
    inputs = np.asarray(case["inputs"], dtype="int32" if case["ids"] else "float64")
    updates = [value for _, value in getattr(layer, "updates", ())] if phase else []
    sources = list(trained) if case["ids"] else [x, *trained]
    gradients = theano.grad(loss, sources, disconnected_inputs="ignore") if sources else []
    function = theano.function(
        [x], [y, *gradients, *updates], givens=given, on_unused_input="ignore", allow_input_downcast=True
    )
    output, *others = function(inputs)
    found = {"input": inputs, "output": output}
    if not case["ids"]:
        found["input_gradient"] = others.pop(0)
    for kind, values in (
        ("weight", weights), ("gradient", others[: len(trained)]), ("update", others[len(trained) :])
    ):  # fmt: skip
        found.update({f"{kind}/{index}": value for index, value in enumerate(values)})
    return found


def main() -> None:
    legacy, release, jobs, results = sys.argv[1:]
    from tdmigrate.verification.legacy.worker import start

    start(legacy, release)
    random = np.random.default_rng(11)
    found: dict[str, Any] = {}
    for index, case in json.loads(Path(jobs).read_text()):
        found.update({f"{index}/{name}": value for name, value in run(case, release, random).items()})
    np.savez(results, **found)


if __name__ == "__main__":
    main()
