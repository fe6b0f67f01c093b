"""A tree of 300 sources as strangers have them: none stops the run, none loses a byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from .tree import seen


@pytest.mark.slow
def test_no_stranger_stops_the_run_or_loses_a_byte(tmp_path: Path) -> None:
    found = seen(tmp_path)
    assert len(found) >= 300
    assert {one.outcome for one in found} >= {"rewritten", "clean", "E901", "E902", "E903", "E904"}
    assert [(one.stranger.kind, one.stranger.name, one.lost) for one in found if one.lost] == []
