"""Run by test_against_keras.py: ``genuine.py LEGACY RELEASE JOBS RESULTS``, one release of genuine Keras on Theano.

JOBS is JSON, a list of [index, program]; RESULTS gets all that each leaves in ``found``, by names like ``3/words``.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np


def main() -> None:
    legacy, release, jobs, results = sys.argv[1:]
    if legacy:
        from tdmigrate.verification.legacy.worker import start

        start(legacy, release)
    warnings.simplefilter("ignore")
    found: dict[str, Any] = {}
    for index, program in json.loads(Path(jobs).read_text()):
        names: dict[str, Any] = {}
        exec(program, names)
        found.update({f"{index}/{name}": value for name, value in names["found"].items()})
    np.savez(results, **found)


if __name__ == "__main__":
    main()
