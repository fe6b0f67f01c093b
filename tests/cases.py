"""The cases of tests/fixtures, as their README describes them."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, NamedTuple

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

FIXTURES = Path(__file__).parent / "fixtures"


class Case(NamedTuple):
    name: str
    before: bytes
    after: bytes
    about: dict[str, Any]

    @property
    def options(self) -> list[str]:
        return list(self.about.get("options", []))


def load(folder: Path) -> Case:
    about = tomllib.loads((folder / "case.toml").read_text(encoding="utf-8"))
    return Case(folder.name, (folder / "before.py").read_bytes(), (folder / "after.py").read_bytes(), about)


CASES = [load(path.parent) for path in sorted(FIXTURES.glob("*/case.toml"))]
