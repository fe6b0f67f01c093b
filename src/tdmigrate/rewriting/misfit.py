"""The error of fixes that do not fit the text."""

from __future__ import annotations


class Misfit(Exception):  # noqa: N818 (the word says what is wrong)
    """A fix names a place that is not there, contradicts another fix, or its result does not parse."""
