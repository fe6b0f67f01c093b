"""The tool that measures how far proofs reach: what it counts."""

from __future__ import annotations

from typing import Any

import pytest

from reach import Reach, counted, lines, share
from real_code import Package

DRAGONN = Package("dragonn", "0.4.1", {})


def proof(model: str, status: str, reason: str | None = None) -> dict[str, Any]:
    return {"model": model, "row": 3, "status": status, "reason": reason}


def test_models_are_counted_by_verdict() -> None:
    proofs = [proof("m", "equal"), proof("n", "different", "it differs")]
    others = [proof("o", "unproved", "data"), proof("TimeDistributedDense alone", "equal")]
    report = {
        "files": [
            {"path": "a.py", "findings": [{"code": "P201"}, {"code": "P203"}], "proofs": proofs},
            {"path": "b.py", "findings": [{"code": "TD001"}], "proofs": others},
            {"path": "c.py", "findings": [], "proofs": []},
        ]
    }
    found = counted(DRAGONN, report)
    assert found == Reach("dragonn 0.4.1", True, 1, 1, ("a.py:3: n: it differs",), ("data",))
    assert found.found == 3


def test_only_some_packages_count() -> None:
    few = Reach("dragonn 0.4.1", True, 0, 1, (), ("a", "b"))
    many = Reach("deepcpg 1.0.4", False, 0, 9, (), ())
    none = Reach("keras-toolbox 0.1.2", True, 0, 0, (), ())
    assert share([few, many, none]) == pytest.approx(1 / 3)
    assert share([many, none]) == 0
    assert counted(Package("deepcpg", "1.0.4", {}), {"files": []}).counts is False


def test_the_table_ends_with_reasons() -> None:
    text = lines([Reach("dragonn 0.4.1", True, 0, 1, ("x",), ("no `a`", "no `b`"))])
    assert text[1].split() == ["dragonn", "0.4.1", "0", "4", "1", "1", "2"]
    assert text[-1] == "   2 × no `a`"
