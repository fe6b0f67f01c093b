"""E9xx: why a file could not be done, in the words of the rules, for ``explain`` and ``rules``."""

from __future__ import annotations

from tdmigrate.rules.rule import Rule

_SAFETY = "The file is left as it was; the other files are still done, and the exit code is 2."
_NEVER_HIDDEN = "--select, --ignore and comments cannot hide it: a file that was not looked at is not clean."


def _error(code: str, name: str, title: str, what: str) -> Rule:
    return Rule(code, name, title, what, _NEVER_HIDDEN, _SAFETY, ())


ERRORS = (
    _error(
        "E901",
        "syntax-error",
        "Python cannot parse the file",
        "The row is where the parser stopped: Python 3's, or that for Python 2 where it gets further. In a notebook it "
        "is the row of a cell.",
    ),
    _error(
        "E902",
        "unreadable",
        "The file cannot be read or written",
        "It is missing, a broken link, not a regular file, too large, or its permissions do not allow it.",
    ),
    _error(
        "E903",
        "encoding",
        "The file's bytes are not text in the encoding it names",
        "A source is UTF-8 unless a PEP 263 comment in its first two lines names another encoding. "
        "New text that this encoding cannot hold is an error too; so is a notebook that is none of nbformat 3 or 4.",
    ),
    _error(
        "E904",
        "too-deep",
        "The file is nested too deeply",
        "Python's parser, or tdmigrate, ran out of stack or memory on it.",
    ),
    _error(
        "E905",
        "changed-meanwhile",
        "The file changed while tdmigrate worked on it",
        "Its bytes are no longer those that were read, so the new text was not written over them.",
    ),
    _error("E906", "internal-error", "tdmigrate itself failed on the file", "This is a bug of tdmigrate: report it."),
    _error(
        "E907",
        "rewrite-refused",
        "The rewritten file did not hold",
        "The new text would not parse, would be fixed once more by a second run, or its fixes contradict each other. "
        "This is a bug of tdmigrate: report it.",
    ),
    _error(
        "E908",
        "too-slow",
        "The file takes too long",
        "It is larger than what can be looked at in some seconds (130,000 nodes in its tree, far more than people "
        "write; of Python 2, which is converted first, 10,000 rows), or tdmigrate gave up on it after a minute.",
    ),
)
