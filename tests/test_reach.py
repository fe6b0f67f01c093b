"""The tool that measures how far proofs reach: what it counts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from reach import Reach, counted, lines, share, to_python3
from real_code import Package

DRAGONN = Package("dragonn", "0.4.1", {})


def proof(model: str, status: str, reason: str | None = None) -> dict[str, Any]:
    return {"model": model, "row": 3, "status": status, "reason": reason}


def test_models_are_counted_by_verdict() -> None:
    report = {
        "files": [
            {"path": "a.py", "proofs": [proof("m", "equal"), proof("n", "different", "it differs")]},
            {"path": "b.py", "proofs": [proof("o", "unproved", "data"), proof("TimeDistributedDense alone", "equal")]},
            {"path": "c.py", "proofs": []},
        ]
    }
    found = counted(DRAGONN, 2, report)
    assert found == Reach("dragonn 0.4.1", True, 2, 1, ("a.py:3: n: it differs",), ("data",))
    assert found.found == 3


def test_only_some_packages_count() -> None:
    few = Reach("dragonn 0.4.1", True, 0, 1, (), ("a", "b"))
    many = Reach("deepcpg 1.0.4", False, 0, 9, (), ())
    none = Reach("keras-toolbox 0.1.2", True, 0, 0, (), ())
    assert share([few, many, none]) == pytest.approx(1 / 3)
    assert share([many, none]) == 0
    assert counted(Package("deepcpg", "1.0.4", {}), 0, {"files": []}).counts is False


def test_the_table_ends_with_reasons() -> None:
    text = lines([Reach("dragonn 0.4.1", True, 0, 1, ("x",), ("no `a`", "no `b`"))])
    assert text[1].split() == ["dragonn", "0.4.1", "0", "4", "1", "1", "2"]
    assert text[-1] == "   2 × no `a`"


def test_python_2_is_converted(tmp_path: Path) -> None:
    (tmp_path / "old.py").write_text("print 'x'\n")
    (tmp_path / "new.py").write_text("print( 'x' )\n")
    (tmp_path / "broken.py").write_text("def (:\n")
    assert to_python3(tmp_path) == 1
    assert (tmp_path / "old.py").read_text() == "print('x')\n"
    assert (tmp_path / "new.py").read_text() == "print( 'x' )\n"
