"""Any bytes, and sources with anything done to them: no crash, nothing lost, and one rewrite is enough."""

from __future__ import annotations

import json
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cases import CASES
from fuzz.anything import check

TOKENS = (
    b"\n", b"\r\n", b"\t", b"    ", b"(", b")", b"[", b"]", b":", b",", b"'", b'"""', b"#", b"\\\n", b"\x0c", b"\0",
    b"\xef\xbb\xbf", b"print ", b"print >>f, ", b"exec ", b"`", b"0777", b"10L", b"ur'", b" / 2", b"except A, b:",
    b"lambda (a, b): ", b"import keras\n", b"from keras.layers.core import *\n", b"TimeDistributedDense(", b"\xff",
    b"model.add(", b"*", b"**", b"=", "é日".encode(), b"# -*- coding: latin-1 -*-\n", b"%time ", b"!ls\n", b"async ",
    b"await ", b"yield ", b"return ", b"del ", b"if x: ",
)  # fmt: skip
SEED = st.integers(0, 2**32)


def spoiled(chance: Random) -> bytes:
    """A fixture with a few pieces taken out, doubled, put elsewhere or put in."""
    data = chance.choice(CASES).before
    for _ in range(chance.randrange(1, 6)):
        start = chance.randrange(len(data) + 1)
        end = min(len(data), start + chance.choice((1, 3, 10, 60)))
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data = data[:start] + data[end:]
            case 1:
                data = data[:place] + data[start:end] + data[place:]
            case 2:
                data = data[:start] + chance.choice(TOKENS) + data[end:]
            case _:
                data = data[:place] + chance.choice(TOKENS) + data[place:]
    return data


@settings(deadline=None, derandomize=True)
@given(st.binary(max_size=200).map(lambda data: b"keras" + data))
def test_any_bytes(data: bytes) -> None:
    check("a.py", data)
    check("a.ipynb", data)


@pytest.mark.slow
@settings(max_examples=600, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(SEED)
def test_a_spoiled_source(seed: int) -> None:
    check("a.py", spoiled(Random(seed)))


@pytest.mark.slow
@settings(max_examples=300, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow])
@given(SEED)
def test_a_spoiled_notebook(seed: int) -> None:
    chance = Random(seed)
    text = spoiled(chance).decode("utf-8", "replace")
    cuts = sorted(chance.randrange(len(text) + 1) for _ in range(chance.randrange(3)))
    cells = [text[start:end] for start, end in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    code = [
        {"cell_type": "code", "source": chance.choice((str, lambda cell: cell.splitlines(keepends=True)))(cell)}
        for cell in cells
    ]
    whole = {"nbformat": 4, "metadata": {"kernelspec": {"name": chance.choice(("python2", "python3"))}}, "cells": code}
    check("a.ipynb", json.dumps(whole, indent=chance.choice((None, 1))).encode())
