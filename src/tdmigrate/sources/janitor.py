"""A second process that takes away what this one leaves beside a source, should it be killed in the middle."""

from __future__ import annotations

import os
import signal
import warnings
from types import TracebackType

_DONE = b"\0"  # ends a path; alone: it has gone


class Janitor:
    """Waits while it is entered; knows one path at a time."""

    def __enter__(self) -> Janitor:
        reading, self._writing = os.pipe()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of threads, which the child does without
            self._child = os.fork()
        if not self._child:
            os.close(self._writing)
            _wait(reading)
        os.close(reading)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        os.close(self._writing)
        os.waitpid(self._child, 0)

    def expect(self, path: str) -> None:
        """There may be a file of this name from now on, which must not stay."""
        os.write(self._writing, os.fsencode(path) + _DONE)

    def gone(self) -> None:
        """The last one has gone, or stands in its place under another name."""
        os.write(self._writing, _DONE)


def _wait(reading: int) -> None:
    """The child: until the other end is closed, which a killed process does too."""
    try:
        os.setsid()  # what is sent to the group of the terminal, or to that of the parent, is not meant
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        said = b""
        while piece := os.read(reading, 65_536):
            said = (said + piece)[-65_536:]
        words = said.split(_DONE)[:-1]
        if words and words[-1]:
            os.unlink(words[-1])
    finally:
        os._exit(0)
