"""``outputs.py JOBS RESULTS [LEGACY RELEASE]``: programs under Keras 3 on TensorFlow, or genuine Keras on Theano.

JOBS is JSON, a list of (name, source, expression); RESULTS gets the value of each expression, an array in float64, by
its name, or what went wrong.
"""

from __future__ import annotations

import json
import sys
import traceback
from pathlib import Path
from typing import Any

import numpy as np


def start_keras3() -> None:
    import keras
    from keras.src.backend import nn

    from tdmigrate.verification.modern import kernels
    from tdmigrate.verification.modern.precision import keep_double

    kernels.install(nn)
    keras.config.set_floatx("float64")
    keras.config.set_dtype_policy("float64")
    keep_double()


def main() -> None:
    jobs, results, *release = sys.argv[1:]
    if release:
        from tdmigrate.verification.legacy.worker import start

        start(*release)
    else:
        start_keras3()
    found: dict[str, Any] = {}
    for name, source, expression in json.loads(Path(jobs).read_text()):
        names: dict[str, Any] = {}
        try:
            exec(source, names)
            found[name] = eval(expression, names)
        except Exception:
            found[name] = f"{traceback.format_exc()}\n{source}"
    np.savez(results, **found)


if __name__ == "__main__":
    main()
