"""The tool's side of a worker: starts it, gives it jobs, outlives whatever happens to it."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import site
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, InvalidStateError
from concurrent.futures import TimeoutError as TookTooLong  # another class before Python 3.11
from pathlib import Path

import tdmigrate
from tdmigrate.records import NamedTuple
from tdmigrate.verification.jobs import PRIVATE

_Answer = dict[str, object] | None

START_SECONDS = 180.0  # to import a framework, from a cold disk
GRACE_SECONDS = 15.0  # for a worker to say that a program's time was over

# what a worker may know of the tool's own environment: where programs and packages are, and the language
_INHERITED = (
    "PATH",
    "PYTHONPATH",
    "LD_LIBRARY_PATH",
    "DYLD_LIBRARY_PATH",
    "VIRTUAL_ENV",
    "LANG",
    "LC_ALL",
    "SYSTEMROOT",
)
# one thread each: models are small, and threads reserve address space, which is limited
_QUIET = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1", "MALLOC_ARENA_MAX": "2", "PYTHONHASHSEED": "0", "PYTHONIOENCODING": "utf-8",
}  # fmt: skip


class End(NamedTuple):
    """How a job ended.

    ``kind``: "exit", "signal", "timeout", "output" (it printed too much) or "disk" (it wrote too much) of the forked
    process, "lost" (the worker itself died), "absent" (it never started). ``code``: exit code or signal number.
    ``output``: the last that was printed. ``made``: the name of the folder, in the job's, of what it made.
    """

    kind: str
    code: int | None = None
    output: str = ""
    made: str = ""


class _Room:
    """Where jobs run beside each other, or one alone."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._inside = 0
        self._waiting = 0  # to be alone, and then alone: meanwhile nobody else comes in

    @contextlib.contextmanager
    def shared(self) -> Iterator[None]:
        with self._changed:
            self._changed.wait_for(lambda: not self._waiting)
            self._inside += 1
        try:
            yield
        finally:
            self._leave()

    @contextlib.contextmanager
    def alone(self) -> Iterator[None]:
        with self._changed:
            self._waiting += 1
            self._changed.wait_for(lambda: not self._inside)
            self._inside += 1
        try:
            yield
        finally:
            self._leave(1)

    def _leave(self, waited: int = 0) -> None:
        with self._changed:
            self._inside -= 1
            self._waiting -= waited
            self._changed.notify_all()


class _Life:
    """One process of a worker, from its start to its end, and the jobs it has."""

    def __init__(self, command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        self._log = folder / "log"
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                command, cwd=folder, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._input, self._output = self._process.stdin, self._process.stdout
        self._lock = threading.Lock()
        self._jobs: dict[int, Future[_Answer]] = {}
        self._begun = 0
        self._over = False
        self.lost = 0  # jobs that it had when it ended
        self.ready: Future[str | None] = Future()  # what it has imported; None: it ended before
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def give(self, folder: Path, seconds: float, memory: int) -> Future[_Answer] | None:
        """Have a job done; the answer is None where the process ends before it. None: it has ended already."""
        with self._lock:
            answer: Future[_Answer] = Future()
            self._begun += 1
            job = {"job": self._begun, "folder": str(folder), "seconds": seconds, "bytes": memory}
            self._jobs[self._begun] = answer
            try:
                if self._over:
                    raise BrokenPipeError
                self._input.write(json.dumps(job).encode() + b"\n")
                self._input.flush()
            except (OSError, ValueError):  # ValueError: let go of meanwhile
                del self._jobs[self._begun]
                return None
            return answer

    def _read(self) -> None:
        """Hand out the answers, in a thread of its own."""
        for line in self._output:
            try:
                answer = json.loads(line)
                if "ready" in answer:
                    self.ready.set_result(str(answer["ready"]))
                    continue
                with self._lock:
                    job = self._jobs.pop(int(answer["job"]))
                job.set_result(answer)
            except (ValueError, LookupError, TypeError, InvalidStateError):
                break  # that is no answer
        with self._lock:
            self._over = True
            left, self._jobs = list(self._jobs.values()), {}
            self.lost = len(left)
        for job in left:
            job.set_result(None)
        if not self.ready.done():
            self.ready.set_result(None)

    @property
    def last_words(self) -> str:
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1][:300] if lines else "it did not start"

    def let_go(self) -> None:
        """Have it end its jobs and itself, soon."""
        if not self.ready.done():  # it does not listen yet
            self._kill()
        with contextlib.suppress(OSError), self._lock:  # unsent bytes of a job for a process that is gone
            self._input.close()

    def end(self) -> None:
        """End it; it ends the programs that it runs."""
        self.let_go()
        try:
            self._process.wait(5)
        except subprocess.TimeoutExpired:
            self._kill()
            self._process.wait()
        self._reader.join(5)
        self._output.close()

    def _kill(self) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)


class Worker:
    """A worker process of ``module``; it starts with the first job, and again after it was lost.

    Threads may give it jobs at the same time: it runs them beside each other.
    """

    def __init__(self, module: str, arguments: Sequence[str], folder: Path, environment: Mapping[str, str]) -> None:
        """``folder``: existing, private to this worker: its home and working folder."""
        self._command = [sys.executable, "-m", module, *arguments]
        self._folder = folder
        self._environment = {name: os.environ[name] for name in _INHERITED if name in os.environ}
        here = str(Path(tdmigrate.__file__).resolve().parents[1])
        paths = [*filter(None, [self._environment.get("PYTHONPATH")]), here]
        self._environment |= {
            "PYTHONPATH": os.pathsep.join(paths),
            "PYTHONUSERBASE": site.getuserbase(),  # HOME moves, packages of the user stay
            "HOME": str(folder),
            "TMPDIR": str(folder),
            **_QUIET,
            **environment,
        }
        self._lock = threading.Lock()
        self._life: _Life | None = None
        self._absent: str | None = None  # why it does not start
        self._abandoned = False
        self._room = _Room()
        self.framework: str | None = None  # what it has imported, "keras 1.2.2 theano"; None: not started yet

    def run(self, folder: Path, seconds: float, memory: int) -> End:
        """Have one job done; ``folder`` holds its files. Never raises for what the program or the worker does.

        A job that was lost beside others may not be what killed the worker: it gets another try, alone.
        """
        with self._room.shared():
            end, company = self._run(folder, seconds, memory)
        if end.kind != "lost" or not company or self._abandoned:
            return end
        with self._room.alone():
            for name in PRIVATE:
                shutil.rmtree(folder / name, ignore_errors=True)
            return self._run(folder, seconds, memory)[0]

    def start(self) -> None:
        """Start the process and wait for its framework, if it isn't there."""
        self._started()

    def _run(self, folder: Path, seconds: float, memory: int) -> tuple[End, bool]:
        """How the job ended, and whether that may be another's doing."""
        life = self._started()
        if isinstance(life, str):
            return End("absent", None, life), False
        given = life.give(folder, seconds, memory)
        try:
            answer = None if given is None else given.result(seconds + GRACE_SECONDS)
        except TookTooLong:
            answer = None
        if answer is None:
            self._lost(life)
            return End("lost"), given is None or life.lost > 1
        code = answer.get("code")
        words = (str(answer.get("output", "")), str(answer.get("made", "")))
        return End(str(answer.get("end")), code if isinstance(code, int) else None, *words), False

    def _started(self) -> _Life | str:
        """The process with its framework; why there is none, in one line."""
        with self._lock:
            if self._abandoned:
                return "interrupted"
            if self._absent is not None:
                return self._absent
            if self._life is None:
                self._life = _Life(self._command, self._folder, self._environment)
            life = self._life
        try:
            framework = life.ready.result(START_SECONDS)
        except TookTooLong:
            framework = None
        if framework is not None:
            self.framework = framework
            return life
        self._lost(life)
        with self._lock:
            if self._abandoned:
                return "interrupted"
            self._absent = self._absent or life.last_words
            return self._absent

    def _lost(self, life: _Life) -> None:
        with self._lock:
            if self._life is life:
                self._life = None
        life.end()

    def abandon(self) -> None:
        """Make the jobs end that other threads wait for: the worker ends them, and itself; it takes no more."""
        with self._lock:
            self._abandoned = True
            life = self._life
        if life is not None:
            life.let_go()

    def close(self) -> None:
        """End the worker; it ends the programs that it runs."""
        with self._lock:
            life, self._life = self._life, None
        if life is not None:
            life.end()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
