"""Run by test_functions.py: ``compiled.py PROGRAM RESULTS [LEGACY RELEASE]``, a program that makes a list ``results``.

RESULTS gets its arrays. With LEGACY this is genuine Keras on Theano, else Keras 3 on the backend of KERAS_BACKEND, all
in float64.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    program, results, *legacy = sys.argv[1:]
    if legacy:
        from tdmigrate.verification.legacy.worker import start

        start(*legacy)
    else:
        import keras

        keras.config.set_floatx("float64")
    names: dict[str, Any] = {}
    exec(Path(program).read_text(), names)
    np.savez(results, *names["results"])


if __name__ == "__main__":
    main()
