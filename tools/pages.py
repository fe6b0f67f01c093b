"""Pages of the docs that a tool writes: the command line that such a tool has."""

from __future__ import annotations

import argparse
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def kept(page: Path, text: str, about: str | None, tool: str) -> int:
    """Write a page or, with ``--check``, see that it has this text; the exit code. ``about``: the tool's docstring."""
    parser = argparse.ArgumentParser(description=about, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true")
    wanted = parser.parse_args()
    if not wanted.check:
        page.write_text(text, encoding="utf-8")
    elif page.read_text(encoding="utf-8") != text:
        print(f"{page.name} is out of date: python tools/{tool}")
        return 1
    return 0
