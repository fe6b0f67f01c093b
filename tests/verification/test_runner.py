from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import mkdtemp

import pytest

from tdmigrate.verification import step
from tdmigrate.verification.record import load
from tdmigrate.verification.runner import End, Worker
from tdmigrate.verification.serve import describe
from tdmigrate.verification.step import Trained

# a worker without any framework: the program gives the record
WORKER = """
import json, os, sys
if sys.argv[1:] == ["broken"]:
    print("noise", file=sys.stderr)
    raise SystemExit("nothing is installed here")
from tdmigrate.verification.serve import Worked, run_program, serve
def work(folder):
    job = json.loads((folder / "job.json").read_text())
    return Worked(*run_program(job["source"], "(" + job["target"] + ", train)", "the program"))
print("chatter on standard output")
serve("none", work)
"""
RECORD = """
import numpy as np
from tdmigrate.verification.record import LayerOutput, Record, Run
from tdmigrate.verification.step import Trained, Untrained
record = Record("none", 1, (), (Run((), (LayerOutput("x", "", np.ones(3)),)),))
def train():
    return Trained(True, 2.5, ())
"""
MEMORY = 2**29


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    (tmp_path / "trial_worker.py").write_text(WORKER)
    return tmp_path


@pytest.fixture
def worker(folder: Path) -> Iterator[Worker]:
    with make(folder) as worker:
        yield worker


def make(folder: Path, *arguments: str) -> Worker:
    paths = os.pathsep.join([str(folder), *sys.path])
    return Worker("trial_worker", arguments, folder / "home", {"PYTHONPATH": paths})


def run(worker: Worker, folder: Path, program: str, target: str = "record", seconds: float = 20) -> tuple[End, Path]:
    place = Path(mkdtemp(prefix="job", dir=folder))
    (place / "job.json").write_text(json.dumps({"source": RECORD + textwrap.dedent(program), "target": target}))
    end = worker.run(place, seconds, MEMORY)
    return end, place / end.made


def test_a_record_comes_back(worker: Worker, folder: Path) -> None:
    end, place = run(worker, folder, "print('hello')")
    assert (end.kind, end.code, end.output) == ("exit", 0, "hello\n")
    assert load(place).runs[0].outputs[0].value.tolist() == [1, 1, 1]
    assert step.load(place) == Trained(True, 2.5, ())


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("raise Untrained('so')", "so"),
        ("raise MemoryError", "the training step needs more memory than it may use"),
        ("raise ValueError('not today')", "the training step could not be made: ValueError: not today"),
    ],
)
def test_a_step_that_is_not_made_leaves_the_record(worker: Worker, folder: Path, program: str, reason: str) -> None:
    end, place = run(worker, folder, f"def train():\n    {program}")
    assert (end.kind, end.code) == ("exit", 0)
    assert load(place).parameters == 1
    assert str(step.load(place)) == reason
    assert not (place / "failure.json").exists()


def test_a_step_without_end_leaves_the_record(worker: Worker, folder: Path) -> None:
    end, place = run(worker, folder, "def train():\n    while True:\n        pass", seconds=3)
    assert end.kind == "timeout"
    assert load(place).parameters == 1
    assert step.load(place) is None


def test_programs_know_nothing_of_each_other(worker: Worker, folder: Path) -> None:
    run(worker, folder, "import numpy; numpy.ones = None; open('left', 'w').close()")
    end, place = run(worker, folder, "import os; assert not os.listdir(), os.listdir()")
    assert end.kind == "exit"
    assert not (place / "failure.json").exists()


def test_the_environment_is_not_handed_on(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MY_SECRET", "s3cret")
    with make(folder) as worker:
        end, place = run(worker, folder, "import os; print('MY_SECRET' in os.environ, os.environ['HOME'], os.getcwd())")
    assert end.output.split() == ["False", str(place.parent / "home"), str(place.parent / "work")]


@pytest.mark.parametrize(
    ("program", "end"),
    [
        ("import os; os._exit(3)", ("exit", 3)),
        ("import os; os.abort()", ("signal", 6)),
        ("import ctypes; ctypes.string_at(0)", ("signal", 11)),
        ("while True: pass", ("timeout", None)),
        ("import time; time.sleep(1000)", ("timeout", None)),
        ("import os, signal; os.kill(os.getpid(), signal.SIGSTOP)", ("timeout", None)),
        ("while True: print('x' * 10**5)", ("output", None)),
        ("import signal\nfor s in range(1, 32):\n    try: signal.signal(s, lambda *_: None)\n"
         "    except (OSError, ValueError): pass\nwhile True: pass", ("timeout", None)),
        ("import threading, time; threading.Thread(target=time.sleep, args=(1000,)).start()", ("exit", 0)),
    ],
)  # fmt: skip
def test_others_go_on(worker: Worker, folder: Path, program: str, end: tuple[str, int | None]) -> None:
    began = time.monotonic()
    assert run(worker, folder, program, seconds=1)[0][:2] == end
    assert time.monotonic() - began < 10
    assert run(worker, folder, "")[0].kind == "exit"


def failure(place: Path) -> dict[str, object]:
    found = json.loads((place / "failure.json").read_text())
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("program", "stage", "words"),
    [
        ("x = bytearray(20 * 2**30)", "memory", ""),
        ("xs = []\nwhile True: xs.append(bytearray(2**20))", "memory", ""),
        ("raise SystemExit(4)", "program", "SystemExit: 4"),
        ("import sys; sys.exit()", "program", "SystemExit"),
        ("\n1 / 0", "program", "the program failed at `1 / 0`: ZeroDivisionError: division by zero"),
        ("def f(): f()\nf()", "program", "RecursionError"),
        ("raise KeyboardInterrupt", "program", "KeyboardInterrupt"),
        ("raise ValueError('two\\nlines')", "program", "ValueError: two lines"),
        ("x = (", "program", "SyntaxError"),
        ("'\\0'\nopen('nowhere')", "program", "FileNotFoundError"),
        ("record = 3", "internal", "AttributeError: 'int' object has no attribute"),
        ("record = 3", "internal", " of record.py, in save)"),
        ("import queue\nqueue.Queue().get(False)", "program", "get(False)`: Empty (line"),
        ("import os; os.unlink('../job.json'); raise OSError(28, 'No space left')", "program", "No space left"),
    ],
)
def test_a_reason_comes_back(worker: Worker, folder: Path, program: str, stage: str, words: str) -> None:
    end, place = run(worker, folder, program)
    assert end.kind == "exit"
    assert failure(place)["stage"] == stage
    assert words in str(failure(place)["reason"])


@pytest.mark.parametrize("target", ["nothing", "1 +", "record.absent", "x\0"])
def test_a_target_that_is_none(worker: Worker, folder: Path, target: str) -> None:
    _, place = run(worker, folder, "", target)
    assert failure(place)["stage"] == "program"


def test_the_end_of_what_is_printed_is_kept(worker: Worker, folder: Path) -> None:
    end, place = run(worker, folder, "for _ in range(20): print('x' * 10**4)\nprint('the end')")
    assert end.kind == "exit"
    assert end.output.endswith("the end\n")
    assert len(end.output) < 10_000
    assert (place / "record.json").exists()


def running_pids(folder: Path, count: int) -> list[int]:
    """The processes of so many programs that write theirs beside their working folder."""
    deadline = time.monotonic() + 20
    while True:
        found = [text for path in folder.glob("job*/*/pid") if (text := path.read_text())]
        if len(found) >= count or time.monotonic() > deadline:
            return [int(text) for text in found]
        time.sleep(0.02)


def test_an_error_is_told_without_what_hangs_on_one_run() -> None:
    theano = ValueError("shapes differ\nApply node that caused the error: Dot22(x, y)")
    assert describe(theano) == "ValueError: shapes differ"
    missing = ValueError("Input 0 was not given. Use the Theano flag exception_verbosity='high', for more.")
    assert describe(missing) == "ValueError: Input 0 was not given."
    assert describe(TypeError("unknown: <L2 object at 0x7f4162c84950>")) == "TypeError: unknown: <L2 object>"


PID = "import os, time\nopen('pid', 'w').write(str(os.getpid()))\n"


def test_jobs_run_beside_each_other(worker: Worker, folder: Path) -> None:
    wait = "while len(list(Path('../..').glob('job*/*/pid'))) < 3: time.sleep(0.01)"
    with ThreadPoolExecutor(3) as threads:
        ends = [threads.submit(run, worker, folder, f"{PID}from pathlib import Path\n{wait}") for _ in range(3)]
        assert [end.result()[0].kind for end in ends] == ["exit"] * 3
    assert len({path.read_text() for path in folder.glob("job*/*/pid")}) == 3


def test_jobs_that_were_lost_with_the_worker_run_again(worker: Worker, folder: Path) -> None:
    once = "import os.path\nif not os.path.exists('../../gone'): time.sleep(1000)"
    with ThreadPoolExecutor(2) as threads:
        ends = [threads.submit(run, worker, folder, PID + once) for _ in range(2)]
        pids = running_pids(folder, 2)
        assert len(pids) == 2
        (folder / "gone").touch()
        os.kill(parent(pids[0]), signal.SIGKILL)
        assert [end.result()[0].kind for end in ends] == ["exit", "exit"]
    assert not any(map(is_running, pids))


def test_a_job_that_is_lost_alone_is_lost(worker: Worker, folder: Path) -> None:
    with ThreadPoolExecutor(1) as threads:
        end = threads.submit(run, worker, folder, PID + "time.sleep(1000)")
        (process,) = running_pids(folder, 1)
        os.kill(parent(process), signal.SIGKILL)
        assert end.result()[0] == End("lost")
    assert run(worker, folder, "")[0].kind == "exit"


def parent(process: int) -> int:
    told = subprocess.run(["ps", "-o", "ppid=", "-p", str(process)], capture_output=True, text=True, check=True)
    return int(told.stdout)


def is_running(process: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(process)], capture_output=True, text=True).stdout.strip()
    return bool(state) and not state.startswith("Z")


def test_giving_up_ends_the_programs(folder: Path) -> None:
    worker = make(folder)
    assert run(worker, folder, "")[0].kind == "exit"
    with ThreadPoolExecutor(2) as threads:
        ends = [threads.submit(run, worker, folder, PID + "time.sleep(1000)", seconds=600) for _ in range(2)]
        pids = running_pids(folder, 2)
        assert len(pids) == 2
        worker.abandon()
        assert [end.result(10)[0].kind for end in ends] == ["lost", "lost"]
    assert not any(map(is_running, pids))
    assert run(worker, folder, "")[0] == End("absent", None, "interrupted")
    worker.close()


FORGED = """
import os
from tdmigrate.verification.record import save
from pathlib import Path
here = Path("..").resolve()
for place in [here, here / "made", *(one for one in here.iterdir() if one.is_dir())]:
    place.mkdir(exist_ok=True)
    save(place, record)
os._exit(0)
"""


def test_a_record_that_the_program_writes_is_none(worker: Worker, folder: Path) -> None:
    end, place = run(worker, folder, FORGED)
    assert (end.kind, end.code) == ("exit", 0)
    assert (place.parent / "record.json").exists()
    assert not place.exists()


def test_a_worker_that_does_not_start_says_why_and_is_not_tried_again(folder: Path) -> None:
    with make(folder, "broken") as worker:
        first, second = (run(worker, folder, "")[0] for _ in range(2))
    assert first == second == End("absent", None, "nothing is installed here")


def test_a_record_that_is_a_pipe_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "record.json")
    (tmp_path / "arrays.npz").write_bytes(b"")
    with pytest.raises(ValueError, match="is not a file"):
        load(tmp_path)


def test_pickles_are_refused(tmp_path: Path) -> None:
    import numpy as np

    layers = [["x", "Dense", ["a0"], 1, "th"]]
    data = {"framework": "none", "parameters": 1, "penalty": None, "layers": layers, "runs": [[[], layers, []]]}
    (tmp_path / "record.json").write_text(json.dumps(data))
    np.savez(tmp_path / "arrays.npz", a0=np.array([print], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        load(tmp_path)
