"""A limit of time for one file, so that no source can hold up a run."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

from tdmigrate.sources.text import SourceError

SECONDS = 60.0  # a file of a thousand models takes two


@contextmanager
def patience(seconds: float = SECONDS) -> Iterator[None]:
    """Raise ``SourceError`` (E908) in what runs inside and takes longer; only in a main thread, which gets signals."""

    def give_up(number: int, frame: FrameType | None) -> None:
        what = f"takes longer than {seconds:g} seconds"
        raise SourceError("E908", None, what, "split it, or leave it out with --exclude; report it if it is small")

    try:
        before = signal.signal(signal.SIGALRM, give_up)
    except ValueError:  # another thread
        yield
        return
    # again and again, in case that somebody inside takes the error for one of his own
    around = signal.setitimer(signal.ITIMER_REAL, seconds, 1.0)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *around)  # where one file's time holds another's
