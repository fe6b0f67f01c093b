"""The tool's side of a worker: starts it, gives it jobs, outlives whatever happens to it."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import site
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import tdmigrate
from tdmigrate.records import NamedTuple

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

    ``kind``: "exit", "signal" or "timeout" (of the forked process), "lost" (the worker itself died), "absent" (it
    never started). ``code``: exit code or signal number. ``output``: the last that was printed.
    """

    kind: str
    code: int | None = None
    output: str = ""


class Worker:
    """A worker process of ``module``; it starts with the first job, and again after it was lost."""

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
        self._process: subprocess.Popen[bytes] | None = None
        self._absent: str | None = None  # why it does not start
        self.framework: str | None = None  # what it has imported, "keras 1.2.2 theano"; None: not started yet
        self._log = folder / "log"
        self._buffer = b""

    def run(self, folder: Path, seconds: float, memory: int) -> End:
        """Have one job done; ``folder`` holds its files. Never raises for what the program or the worker does."""
        if self._process is None and self._absent is None:
            self._absent = self._start()
        if self._absent is not None:
            return End("absent", None, self._absent)
        assert self._process is not None
        job = json.dumps({"folder": str(folder), "seconds": seconds, "bytes": memory}).encode() + b"\n"
        try:
            assert self._process.stdin is not None
            self._process.stdin.write(job)
            self._process.stdin.flush()
        except (OSError, ValueError):  # ValueError: abandoned meanwhile
            self.close()
            return End("lost")
        answer = self._read(seconds + GRACE_SECONDS)
        if answer is None:
            self.close()
            return End("lost")
        code = answer.get("code")
        return End(str(answer.get("end")), code if isinstance(code, int) else None, str(answer.get("output", "")))

    def _start(self) -> str | None:
        """Start the process and wait for its framework; the trouble in one line, None: it is ready."""
        self._buffer = b""
        with open(self._log, "wb") as log:
            self._process = subprocess.Popen(
                self._command, cwd=self._folder, env=self._environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                stderr=log, start_new_session=True,
            )  # fmt: skip
        answer = self._read(START_SECONDS)
        if answer is not None and "ready" in answer:
            self.framework = str(answer["ready"])
            return None
        self.close()
        lines = [line for line in self._log.read_text(errors="replace").splitlines() if line.strip()]
        return lines[-1][:300] if lines else "it did not start"

    def _read(self, seconds: float) -> dict[str, object] | None:
        """One answer; None: none came."""
        assert self._process is not None
        assert self._process.stdout is not None
        channel = self._process.stdout.fileno()
        deadline = time.monotonic() + seconds
        while b"\n" not in self._buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([channel], [], [], left)[0]:
                return None
            more = os.read(channel, 65536)
            if not more:
                return None
            self._buffer += more
        line, _, self._buffer = self._buffer.partition(b"\n")
        try:
            answer = json.loads(line)
        except ValueError:
            return None
        return answer if isinstance(answer, dict) else None

    def abandon(self) -> None:
        """Make the job end that another thread waits for: the worker ends it, and itself, when its input closes."""
        process = self._process
        if process is not None and process.stdin is not None:
            with contextlib.suppress(OSError):
                process.stdin.close()

    def close(self) -> None:
        """End the worker; it ends the program that it runs."""
        process, self._process = self._process, None
        if process is None:
            return
        for stream in (process.stdin, process.stdout):
            if stream is not None:
                with contextlib.suppress(OSError):  # unsent bytes of a job for a worker that is gone
                    stream.close()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()

    def __enter__(self) -> Worker:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
