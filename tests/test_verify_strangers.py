"""Sources in Python 2 and notebooks are proved as all others, at the rows that their owners know."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tdmigrate.cli import main

PYTHON_2 = """\
# -*- coding: utf-8 -*-
import sys
from keras.models import Sequential
from keras.layers.core import TimeDistributedDense
from keras.layers.recurrent import GRU
def build((units, classes)):
\tprint >>sys.stderr, 'é', 7 / 4
        model = Sequential()
\tmodel.add(GRU(units / 4, input_shape=(7, 6), return_sequences=True))
\tfor size in map(lambda n: n, [classes]):
\t\tmodel.add(TimeDistributedDense(size, init='uniform'))
\treturn model
model = build((18, 5))
"""
CELLS = (
    "%matplotlib inline\nfrom keras.models import Sequential\nfrom keras.layers.core import TimeDistributedDense",
    "units = 9 / 2\nprint units",
    "%%bash\nexit 1",
    "model = Sequential()\nmodel.add(TimeDistributedDense(units, input_shape=(7, 4)))\n",
    "%time model.compile('sgd', 'mse')",
)


def verified(path: Path, legacy_path: Path, capfd: pytest.CaptureFixture[str]) -> dict[str, object]:
    arguments = ["--write", "--verify", "--isolated", "--output-format", "json", "--legacy-path", str(legacy_path)]
    with pytest.raises(SystemExit) as ended:
        main([*arguments, str(path)])
    out, err = capfd.readouterr()
    assert (ended.value.code, err) == (0, "")
    (file,) = json.loads(out)["files"]
    (proof,) = file["proofs"]
    found: dict[str, object] = proof
    return found


@pytest.mark.slow
@pytest.mark.legacy
def test_python_2_is_proved(tmp_path: Path, legacy_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.py"
    path.write_text(PYTHON_2)
    proof = verified(path, legacy_path, capfd)
    assert (proof["status"], proof["row"]) == ("equal", 8)
    assert "GRU(units // 4, " in path.read_text()


@pytest.mark.slow
@pytest.mark.legacy
def test_a_notebook_is_proved(tmp_path: Path, legacy_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    code = [{"cell_type": "code", "metadata": {}, "outputs": [], "source": cell.splitlines(True)} for cell in CELLS]
    kernel = {"name": "python2", "display_name": "Python 2", "language": "python"}
    path = tmp_path / "a.ipynb"
    whole = {"cells": code, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 0}
    path.write_text(json.dumps(whole, indent=1))
    proof = verified(path, legacy_path, capfd)
    assert (proof["status"], proof["cell"], proof["row"]) == ("equal", 4, 1)
