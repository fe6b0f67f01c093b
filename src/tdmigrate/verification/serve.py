"""The child side of a worker: a process that has imported its framework once, and forks one process per program.

A forked process has its own limits, its own session and a private folder, outside of which it writes nothing
(``guard``, ``confine``); what it prints is kept up to a bound. It speaks to the worker only by files in that folder, so
that nothing it does (a crash, a hang, ``os._exit``) ends more than itself. Jobs that come while others run run beside
them.

Lines of JSON go both ways: a job ``{"job": …, "folder": …, "seconds": …, "bytes": …}`` in, its end ``{"job": …, "end":
…, "code": …, "output": …, "made": …}`` out (see ``runner.End``). ``made``: the folder in the job's with its record, or
why there is none. Its name is drawn for each job, and the forked process makes it after the program: whoever only
writes files forges no record. A program that takes the proof apart in their common process still can.
"""

from __future__ import annotations

import contextlib
import ctypes
import json
import linecache
import os
import re
import resource
import secrets
import select
import signal
import sys
import time
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NoReturn

from tdmigrate.records import NamedTuple
from tdmigrate.verification import step
from tdmigrate.verification.confine import confine
from tdmigrate.verification.guard import denied, guard
from tdmigrate.verification.jobs import PRIVATE
from tdmigrate.verification.readable import readable
from tdmigrate.verification.record import Failure, Record, save
from tdmigrate.verification.step import Trained, Untrained

WATCH_SECONDS = 0.01  # between two looks at the clock
OUTPUT_KEPT = 4096  # bytes of what a program printed last
OUTPUT_LIMIT = 2**20  # bytes; no model needs to be told of in more
FILE_LIMIT = 4 * 2**30  # bytes in a job's folder; a program that fills the disk is stopped
FILES_LIMIT = 10_000  # files and folders in it
LOOK_SECONDS = 0.5  # between two looks at that folder


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
    running: list[_Program] = []
    while True:
        readers = [program.reader for program in running if program.prints]
        ready, _, _ = select.select([0, *readers], [], [], WATCH_SECONDS if running else None)
        if 0 in ready:
            more = os.read(0, 65536)
            if not more:
                for program in running:
                    program.kill()
                os._exit(0)  # taking a framework down in order takes half a second
            *lines, waiting = (waiting + more).split(b"\n")
            for line in lines:
                running.append(_begin(json.loads(line), work, channel, running))
        for program in list(running):
            if program.reader in ready:
                program.read()
            end = program.end()
            if end is not None:
                running.remove(program)
                _say(channel, {"job": program.job, **end})


def _say(channel: int, message: dict[str, object]) -> None:
    data = json.dumps(message).encode() + b"\n"
    while data:
        data = data[os.write(channel, data) :]


class _Program:
    """A forked process that works on a job."""

    def __init__(self, job: object, process: int, reader: int, made: Path, seconds: float) -> None:
        self.job = job
        self.reader = reader
        self.prints = True
        self._process = process
        self._made = made
        self._deadline = time.monotonic() + seconds
        self._look = time.monotonic() + LOOK_SECONDS
        self._kept = b""
        self._printed = 0

    def read(self) -> None:
        """Take what it has printed."""
        chunk = os.read(self.reader, 65536)
        self._kept = (self._kept + chunk)[-OUTPUT_KEPT:]
        self._printed += len(chunk)
        self.prints = bool(chunk)

    def end(self) -> dict[str, object] | None:
        """How it ended; None: it goes on."""
        ended, status = os.waitpid(self._process, os.WNOHANG)
        full = not ended and self._fills_the_disk()
        if not ended and not full and self._printed <= OUTPUT_LIMIT and time.monotonic() < self._deadline:
            return None
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process, signal.SIGKILL)  # it and what it has started
        end: dict[str, object] = {"end": "timeout", "code": None}
        if ended:
            code = os.waitstatus_to_exitcode(status)
            end = {"end": "signal", "code": -code} if code < 0 else {"end": "exit", "code": code}
        else:
            self.kill()
        os.set_blocking(self.reader, False)
        with contextlib.suppress(BlockingIOError):
            while self.prints:
                self.read()
        os.close(self.reader)
        if self._printed > OUTPUT_LIMIT:
            end = {"end": "output", "code": None}
        elif full:
            end = {"end": "disk", "code": None}
        return {**end, "output": self._kept.decode("utf-8", "replace"), "made": self._made.name}

    def _fills_the_disk(self) -> bool:
        """Whether all that lies in the folder of the job is too much; looked at now and then."""
        if time.monotonic() < self._look:
            return False
        size, count = 0, 0
        for where, folders, names in os.walk(self._made.parent):
            count += len(folders) + len(names)
            for name in names:
                with contextlib.suppress(OSError):  # deleted meanwhile
                    size += os.lstat(os.path.join(where, name)).st_blocks * 512
            if size > FILE_LIMIT or count > FILES_LIMIT:
                return True
        self._look = time.monotonic() + LOOK_SECONDS
        return False

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.kill(self._process, signal.SIGKILL)
        os.waitpid(self._process, 0)


def _begin(
    job: dict[str, Any], work: Callable[[Path], Worked], channel: int, others: Sequence[_Program]
) -> _Program:
    """Fork a process for a job."""
    folder, seconds, memory = Path(job["folder"]), float(job["seconds"]), int(job["bytes"])
    made = folder / secrets.token_hex(16)  # a name that the program does not know, so that it forges no record
    reader, writer = os.pipe()
    sys.stdout.flush()
    sys.stderr.flush()
    child = os.fork()
    if child == 0:
        code = 1
        try:
            for handle in (channel, reader, *(program.reader for program in others)):
                os.close(handle)
            code = _child(folder, made, seconds, memory, work, writer)
        finally:
            os._exit(code)  # never back into the worker's own loop
    os.close(writer)
    return _Program(job["job"], child, reader, made, seconds)


def _child(
    folder: Path, made: Path, seconds: float, memory: int, work: Callable[[Path], Worked], writer: int
) -> int:
    """In the forked process: limits, then the work, then its record or why there is none, in ``made``."""
    os.setsid()
    _end_with_parent()
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (writer, 1), (writer, 2)):
        os.dup2(source, target)
    free = [folder / name for name in PRIVATE]
    for place in free:
        place.mkdir()
    reads = readable(folder, Path(os.environ["HOME"]))
    os.environ["HOME"] = str(folder / "home")
    os.environ["TMPDIR"] = str(folder / "work")
    os.chdir(folder / "work")
    _limit(memory, seconds)
    sys.dont_write_bytecode = True
    guard(folder, free, reads)
    confine(folder, free, reads)
    try:
        record, train = work(folder)
        made.mkdir()
        save(made, record)  # before the step, which may take all the time that is left
        del record  # with a copy of all weights
        step.save(made, _step(train))
    except Failure as failure:
        _fail(made, failure)
    except Exception as error:
        if is_out_of_memory(error):
            _fail(made, Failure("memory", "it needs more memory than it may use"))
        else:
            _fail(made, Failure("internal", f"{describe(error, placed=True)}{where(error)}"))
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
    folder.mkdir(exist_ok=True)
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


# what Theano adds to the words of an error (its whole graph, hints, where a variable was made), and Keras 3 (arguments)
_ASIDE = (
    "\nApply node that caused",
    "Use the Theano flag",
    "Backtrace when that variable is created",
    "\n\nArguments received by ",
)
# what Keras 3 sets before the words of an error in a layer: bold type, which layer was called, and what it wanted of it
_AROUND = re.compile(
    r"\x1b\[\d*m|^Exception encountered when calling [^\n]*\n+"
    r"|Could not automatically infer the output shape / dtype of .*?Error encountered:\s*",
    re.DOTALL,
)


def describe(error: BaseException, placed: bool = False) -> str:
    """An exception in one line; where it came from too, if wanted or if it says nothing by itself."""
    text = str(error)
    for beginning in _ASIDE:
        text = text.partition(beginning)[0]
    text = _AROUND.sub("", text)
    text = " ".join(re.sub(r" at 0x[0-9a-f]+", "", text).split())
    described = f"{type(error).__name__}: {text[:300]}" if text else type(error).__name__
    frames = traceback.extract_tb(error.__traceback__)
    if (text and not placed) or not frames or frames[-1].filename.startswith("<"):  # of the program: its line is told
        return described
    return f"{described} (line {frames[-1].lineno} of {Path(frames[-1].filename).name}, in {frames[-1].name})"


def is_out_of_memory(error: BaseException) -> bool:
    """Whether the memory limit is behind it; TensorFlow has an exception of its own for that."""
    return isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError"


def where(error: BaseException) -> str:
    """" at `…`": the last line of a program that an exception came through; "": it came through none.

    The line is told, not its number: rows of a program are not those of the file.
    """
    lines = [frame.line for frame in traceback.extract_tb(error.__traceback__) if frame.filename in _programs]
    if not lines or not lines[-1]:
        return ""
    line = lines[-1].strip()
    return f" at `{line if len(line) <= 80 else f'{line[:77]}...'}`"


_programs: set[str] = set()  # the file names of those that were run here


def run_program(source: str, target: str, name: str) -> object:
    """Run a program as ``__main__`` would run, and give the value of the expression ``target`` in it.

    Raises Failure with the line of the program that failed. ``name`` says which program it is, "the old program".
    """
    filename = f"<{name}>"
    _programs.add(filename)
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    namespace: dict[str, object] = {"__name__": "__main__", "__file__": filename}
    try:
        exec(compile(source, filename, "exec"), namespace)
        return eval(compile(target, f"<{target}>", "eval"), namespace)
    except BaseException as error:  # SystemExit too: a program may end itself
        if is_out_of_memory(error):
            raise MemoryError from error
        act, place = denied(error), where(error)
        if act is not None:
            raise Failure("program", f"{name} tried to {act.act}{place}, which no program under proof may") from error
        raise Failure("program", f"{name} failed{place}: {describe(error)}") from error


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
