"""Many files over several processes, their results in the files' order."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import InvalidStateError, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial

import tdmigrate.rules.check  # noqa: F401  # once, before the fork
from tdmigrate.config import Settings
from tdmigrate.results import FileError, FileResult
from tdmigrate.stages.looked import Looked, Progress, Task
from tdmigrate.stages.one_file import look_at


def look_at_many(tasks: Sequence[Task], settings: Settings, jobs: int, progress: Progress) -> list[Looked]:
    """As ``look_at`` for each file. A file that kills its process is an error of that file alone."""
    with _thread_dies_quietly():
        return _look_at_many(tasks, settings, jobs, progress)


def _look_at_many(tasks: Sequence[Task], settings: Settings, jobs: int, progress: Progress) -> list[Looked]:
    looked: list[Looked] = []
    pool = _pool(jobs)
    try:
        for one in pool.map(partial(look_at, settings=settings), tasks, chunksize=4):
            looked.append(one)
            progress(len(looked), len(tasks))
    except BrokenProcessPool:
        # which file it was is not told, so each that is not done gets a process of its own
        for task in tasks[len(looked) :]:
            looked.append(_alone(task, settings))
            progress(len(looked), len(tasks))
    except BaseException:
        for child in multiprocessing.active_children():
            child.terminate()
        raise
    finally:
        pool.shutdown(cancel_futures=True)
    return looked


@contextmanager
def _thread_dies_quietly() -> Iterator[None]:
    """After Ctrl-C the pool's own thread may fail at what is cancelled already (Python 3.10 and 3.11)."""
    before = threading.excepthook

    def hook(args: threading.ExceptHookArgs) -> None:
        if args.exc_type is not InvalidStateError:
            before(args)

    threading.excepthook = hook
    try:
        yield
    finally:
        threading.excepthook = before


def _alone(task: Task, settings: Settings) -> Looked:
    with _pool(1) as pool:
        try:
            return pool.submit(look_at, task, settings).result()
        except BrokenProcessPool:
            what = "internal error (the process that read it died)"
            advice = "the file is as it was; leave it out with --exclude, and report it"
            return Looked(FileResult(task.found.path, error=FileError("E906", None, what, advice)))


def _pool(jobs: int) -> ProcessPoolExecutor:
    # a fork has everything imported already, and no thread runs here that it could catch in the middle
    fork = "fork" in multiprocessing.get_all_start_methods()
    context = multiprocessing.get_context("fork" if fork else None)
    return ProcessPoolExecutor(jobs, context, initializer=_die_quietly)


def _die_quietly() -> None:
    """Ctrl-C reaches every process of the terminal; only the first one has something to say."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
