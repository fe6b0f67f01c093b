from __future__ import annotations

import signal
import threading
import time

import pytest

from tdmigrate.patience import patience
from tdmigrate.sources.text import SourceError


def spin() -> None:
    while True:
        pass


def test_what_takes_too_long_is_ended() -> None:
    before = signal.getsignal(signal.SIGALRM)
    started = time.monotonic()
    with pytest.raises(SourceError, match=r"E908 takes longer than 0\.05 seconds"), patience(0.05):
        spin()
    assert time.monotonic() - started < 5
    assert signal.getsignal(signal.SIGALRM) is before


def test_an_error_that_is_swallowed_comes_again() -> None:
    swallowed: list[SourceError] = []

    def stubborn() -> None:
        try:
            spin()
        except SourceError as error:
            swallowed.append(error)
        spin()

    with pytest.raises(SourceError), patience(0.05):
        stubborn()
    assert len(swallowed) == 1


def test_what_is_in_time_is_left_alone() -> None:
    with patience(0.05):
        pass
    time.sleep(0.1)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)


def test_another_thread_runs_without_a_limit() -> None:
    done: list[bool] = []

    def work() -> None:
        with patience(0.01):
            time.sleep(0.05)
            done.append(True)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert done == [True]


def test_the_time_around_goes_on_behind_that_inside() -> None:
    def twice() -> None:
        with pytest.raises(SourceError, match=r"0\.05 seconds"), patience(0.05):
            spin()
        spin()

    with pytest.raises(SourceError, match=r"0\.2 seconds"), patience(0.2):
        twice()
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
