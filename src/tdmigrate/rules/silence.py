"""`# tdmigrate: ignore[TD001]`, `# tdmigrate: ignore` and `# noqa: TD001` at the end of a line."""

from __future__ import annotations

import re
import tokenize
from collections.abc import Mapping
from io import StringIO

from tdmigrate.findings import Span

# kept as text, since few sources need them compiled
_IGNORE = r"(?i)#\s*tdmigrate:\s*ignore(?![\w-])(?:\[([^\]]*)\])?"
_NOQA = r"(?i)#\s*noqa:\s*([A-Z]+[0-9]+(?:[,\s]+[A-Z]+[0-9]+)*)"
EVERY = frozenset(("",))  # the prefix of every code


def silenced(text: str) -> dict[int, frozenset[str]]:
    """Row → the codes, or prefixes of codes, that are silenced on it."""
    lowered = text.lower()
    if "tdmigrate:" not in lowered and "noqa" not in lowered:
        return {}
    found: dict[int, frozenset[str]] = {}
    lines = StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))
    try:
        for token in tokenize.generate_tokens(lines.readline):
            if token.type == tokenize.COMMENT:
                codes = _silences(token.string)
                if codes:
                    found[token.start[0]] = found.get(token.start[0], frozenset()) | codes
    except (tokenize.TokenError, SyntaxError):  # the parser took it; what was read until here holds
        pass
    return found


def is_silenced(code: str, span: Span, rows: Mapping[int, frozenset[str]]) -> bool:
    """Whether a comment silences a finding of this code at this place; ``rows``: as ``silenced`` gives them."""
    return any(code.startswith(prefix) for row in (span.row, span.end_row) for prefix in rows.get(row, ()))


def _silences(comment: str) -> frozenset[str]:
    ignore, noqa = re.search(_IGNORE, comment), re.search(_NOQA, comment)
    codes = _codes(noqa.group(1)) if noqa is not None else frozenset()
    if ignore is not None:
        codes |= EVERY if ignore.group(1) is None else _codes(ignore.group(1))
    return codes


def _codes(text: str) -> frozenset[str]:
    return frozenset(code.upper() for code in re.split(r"[,\s]+", text.strip()) if code)
