"""Run by test_fitting.py: ``fitted.py JOBS RESULTS [LEGACY RELEASE]``, programs that train and say what they see.

As trained.py. A program calls ``start(model)``, which gives the model its weights, and has ``X`` (20 samples of 4),
``labels`` (of 3 classes) and ``classes`` (the same, one-hot) to train on; ``seen`` takes numbers, arrays and names.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

import numpy as np

SAMPLES, FEATURES, CLASSES = 20, 4, 3


def start(model: Any) -> None:
    random = np.random.default_rng(5)
    model.set_weights([random.normal(0, 0.7, np.shape(one)) for one in model.get_weights()])


def run(program: str) -> dict[str, Any]:
    random = np.random.default_rng(7)
    labels = random.integers(0, CLASSES, SAMPLES)
    seen: dict[str, Any] = {}
    names = {
        "X": random.normal(size=(SAMPLES, FEATURES)),
        "labels": labels,
        "classes": np.eye(CLASSES)[labels],
        "start": start,
        "seen": seen,
        "np": np,
    }
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        exec(program, names)
        seen["files"] = sorted(os.listdir("."))
        os.chdir("/")
    return seen


def plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [plain(one) for one in value]
    return value if isinstance(value, str) else np.asarray(value).tolist()


def main() -> None:
    jobs, results, *legacy = (sys.argv[1], os.path.abspath(sys.argv[2]), *sys.argv[3:])
    if legacy:
        from tdmigrate.verification.legacy.worker import start as start_keras

        start_keras(*legacy)
    else:
        import keras

        keras.config.set_floatx("float64")
    found = [[index, plain(run(program))] for index, program in json.loads(Path(jobs).read_text())]
    Path(results).write_text(json.dumps(found))


if __name__ == "__main__":
    main()
