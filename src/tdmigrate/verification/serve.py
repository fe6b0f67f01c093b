"""The child side of a worker: a process that has imported its framework once, and forks one process per program.

A forked process has its own limits, its own session and a private folder; what it prints is kept up to a bound. It
speaks to the worker only by files in that folder, so that nothing it does (a crash, a hang, ``os._exit``) ends more
than itself.

Lines of JSON go both ways: a job ``{"folder": …, "seconds": …, "bytes": …}`` in, its end ``{"end": "exit" | "signal" |
"timeout", "code": …, "output": …}`` out.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import os
import resource
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

from tdmigrate.records import NamedTuple
from tdmigrate.verification import step
from tdmigrate.verification.record import Failure, Record, save
from tdmigrate.verification.step import Trained, Untrained

OUTPUT_KEPT = 4096  # bytes of what a program printed last
FILE_LIMIT = 4 * 2**30  # bytes; a program that fills the disk is stopped


class Worked(NamedTuple):
    """A job's record, and the step of training that may follow; it raises Untrained."""

    record: Record
    train: Callable[[], Trained]


def serve(framework: str, work: Callable[[Path], Worked]) -> NoReturn:
    """Take jobs from standard input, and end with it; ``work``, in a forked process, makes a job's record."""
    channel = os.dup(1)
    os.dup2(2, 1)  # standard output carries the answers alone
    _say(channel, {"ready": framework})
    waiting = b""
    while True:
        line, found, rest = waiting.partition(b"\n")
        if not found:
            more = os.read(0, 65536)
            if not more:
                os._exit(0)  # taking a framework down in order takes half a second
            waiting += more
            continue
        waiting = rest
        job = json.loads(line)
        end = _run(Path(job["folder"]), float(job["seconds"]), int(job["bytes"]), work, channel)
        if end is None:
            os._exit(0)
        _say(channel, end)


def _say(channel: int, message: dict[str, object]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(channel, data) :]


def _run(
    folder: Path, seconds: float, memory: int, work: Callable[[Path], Worked], channel: int
) -> dict[str, object] | None:
    """Fork, wait, and say how it ended; None: the tool has gone away meanwhile."""
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            os.close(channel)
            os.close(reader)
            code = _child(folder, seconds, memory, work, writer)
        finally:
            os._exit(code)  # never back into the worker's own loop
    os.close(writer)
    deadline = time.monotonic() + seconds
    kept = b""
    end: dict[str, object] | None = {"end": "timeout", "code": None}
    sources = [0, reader]
    while (left := deadline - time.monotonic()) > 0:
        ready, _, _ = select.select(sources, [], [], min(left, 0.01))
        if reader in ready:
            chunk = os.read(reader, 65536)
            kept = (kept + chunk)[-OUTPUT_KEPT:]
            if not chunk:
                sources.remove(reader)
        if 0 in ready:  # no job comes while one runs: the tool has closed its end
            end = None
            break
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            code = os.waitstatus_to_exitcode(status)
            end = {"end": "signal", "code": -code} if code < 0 else {"end": "exit", "code": code}
            break
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(child, signal.SIGKILL)  # it and what it has started
    if end is None or end["end"] == "timeout":
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    if end is not None:
        os.set_blocking(reader, False)
        with contextlib.suppress(BlockingIOError):
            while chunk := os.read(reader, 65536):
                kept = (kept + chunk)[-OUTPUT_KEPT:]
        end["output"] = kept.decode("utf-8", "replace")
    os.close(reader)
    return end


def _child(folder: Path, seconds: float, memory: int, work: Callable[[Path], Worked], writer: int) -> int:
    """In the forked process: limits, then the work, then its record or why there is none."""
    os.setsid()
    _end_with_parent()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (writer, 1), (writer, 2)):
        os.dup2(source, target)
    for name in ("home", "work"):
        (folder / name).mkdir()
    os.environ["HOME"] = str(folder / "home")
    os.environ["TMPDIR"] = str(folder / "work")
    os.chdir(folder / "work")
    _limit(memory, seconds)
    try:
        worked = work(folder)
        save(folder, worked.record)  # before the step, which may take all the time that is left
        step.save(folder, _step(worked.train))
    except Failure as failure:
        _fail(folder, failure)
    except Exception as error:
        if is_out_of_memory(error):
            _fail(folder, Failure("memory", "it needs more memory than it may use"))
        else:
            _fail(folder, Failure("internal", describe(error, placed=True)))
    sys.stdout.flush()
    sys.stderr.flush()
    return 0


def _step(train: Callable[[], Trained]) -> Trained | Untrained:
    try:
        return train()
    except Untrained as untrained:
        return untrained
    except Exception as error:
        if is_out_of_memory(error):
            return Untrained("the training step needs more memory than it may use")
        return Untrained(f"the training step could not be made: {describe(error)}")


def _end_with_parent() -> None:
    """Be killed when the worker goes, where the system can do that: without it nobody would watch the clock."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG of Linux


def _fail(folder: Path, failure: Failure) -> None:
    data = {"stage": failure.stage, "reason": failure.reason, "layer": failure.layer}
    (folder / "failure.json").write_text(json.dumps(data))


def _limit(memory: int, seconds: float) -> None:
    """At most ``memory`` bytes beyond the address space that the framework has taken, where the system can tell."""
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _lower(resource.RLIMIT_CPU, int(4 * seconds) + 60)  # should the process that watches the clock be gone
    _lower(resource.RLIMIT_FSIZE, FILE_LIMIT)
    with contextlib.suppress(OSError):  # no /proc: no limit but the wall clock's
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        _lower(resource.RLIMIT_AS, pages * resource.getpagesize() + memory)


def _lower(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    value = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (value, value))


def describe(error: BaseException, placed: bool = False) -> str:
    """An exception in one line; where it came from too, if wanted or if it says nothing by itself."""
    text = " ".join(str(error).partition("\nApply node that caused")[0].split())  # Theano tells its whole graph
    described = f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    if (text and not placed) or not frames or frames[-1].filename.startswith("<"):  # of the program: its line is told
        return described
    return f"{described} (line {frames[-1].lineno} of {Path(frames[-1].filename).name}, in {frames[-1].name})"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the memory limit is behind it; TensorFlow has an exception of its own for that."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"


def _line(source: str, row: int) -> str:
    line = source.split("\n")[row - 1].strip()
    return line if len(line) <= 80 else f"{line[:77]}..."


def run_program(source: str, target: str, name: str) -> object:
    """Run a program as ``__main__`` would run, and give the value of the expression ``target`` in it.

    Raises Failure with the line of the program that failed. ``name`` says which program it is, "the old program".
    """
    filename = f"<{name}>"
    namespace: dict[str, object] = {"__name__": "__main__", "__file__": filename}
    try:
        exec(compile(source, filename, "exec"), namespace)
        return eval(compile(target, f"<{target}>", "eval"), namespace)
    except BaseException as error:  # SystemExit too: a program may end itself
        if is_out_of_memory(error):
            raise MemoryError from error
        rows = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == filename]
        where = f" at `{_line(source, rows[-1])}`" if rows and rows[-1] else ""  # rows here are not those of the file
        raise Failure("program", f"{name} failed{where}: {describe(error)}") from error


def watch(base: Any) -> list[Any]:
    """From now on, all layers in order of their creation: old and new source make theirs in the same order."""
    created: list[Any] = []
    make = base.__new__

    def new(cls: Any, *args: Any, **keywords: Any) -> Any:
        layer = object.__new__(cls) if make is object.__new__ else make(cls, *args, **keywords)
        created.append(layer)
        return layer

    base.__new__ = new
    return created
