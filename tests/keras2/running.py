"""Run by test_rows.py: ``running.py JOBS RESULTS``, each program of JOBS by itself on Keras 3.

JOBS is JSON, lists of a name and a program; RESULTS gets for each name the exception that it ended in, "" for none.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path

import numpy as np


def outcome(text: str) -> str:
    known = {"np": np, "X": np.ones((4, 3), "float32"), "Y": np.ones((4, 1), "float32"), "__name__": "program"}
    try:
        exec(compile(text, "program", "exec"), known)
    except Exception as error:
        return type(error).__name__
    return ""


def main(jobs: str, results: str) -> None:
    warnings.simplefilter("ignore")
    found = {name: outcome(text) for name, text in json.loads(Path(jobs).read_text(encoding="utf-8"))}
    Path(results).write_text(json.dumps(found), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
