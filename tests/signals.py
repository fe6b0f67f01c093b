"""What children of a test do with signals."""

from __future__ import annotations

import signal


def heed() -> None:
    """Run in a child before its program: whoever runs the tests in the background has had Ctrl-C ignored."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
