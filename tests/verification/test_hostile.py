"""Programs that a stranger's file may hold, on either side of a proof: each costs itself only."""

from __future__ import annotations

import os
import pwd
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import Prover

OLD = """
from keras.models import Sequential
from keras.layers.core import Dense
model = Sequential()
model.add(Dense(3, input_dim=4))
"""
NEW = """
from keras import Input, Sequential
from keras.layers import Dense
model = Sequential([Input((4,)), Dense(3)])
"""
HOME = Path(pwd.getpwuid(os.getuid()).pw_dir)
MINE = HOME / f".tdmigrate-test-{os.getpid()}"

FORGED = """
import json, os, numpy
from pathlib import Path
here = Path("..").resolve()
for place in [here, *(one for one in here.iterdir() if one.is_dir() and not one.is_symlink())]:
    try:
        data = {"framework": "keras", "parameters": 15, "penalty": 0.0, "inputs": [], "layers": []}
        (place / "record.json").write_text(json.dumps(data | {"runs": [[["x"], [["dense", "", "x", None]], []]]}))
        numpy.savez(place / "arrays.npz", x=numpy.ones((3, 3)))
    except OSError:
        pass
os._exit(0)
"""
CAUSES = {
    "20 GB at once": ("x = bytearray(20 * 2**30)", "needs more memory than 2.0 GB"),
    "20 GB in pieces": ("x = []\nwhile True: x.append(bytearray(2**24))", "needs more memory than 2.0 GB"),
    "os._exit": ("import os; os._exit(0)", "ended its process (exit code 0) before the model had run"),
    "a crash": ("import ctypes; ctypes.string_at(0)", "crashed (signal 11)"),
    "a missing file": ("open('corpus.txt')", "failed at `open('corpus.txt')`: FileNotFoundError"),
    "megabytes": ("for _ in range(40): print('x' * 2**20)", "printed too much: more than a megabyte"),
    "a socket": (
        "import socket\nsocket.create_connection(('127.0.0.1', 9))",
        "tried to open a network connection at `socket.create_connection(('127.0.0.1', 9))`",
    ),
    "a download": (
        "import urllib.request\nurllib.request.urlopen('http://127.0.0.1:9/corpus.txt')",
        "tried to open a network connection at `urllib.request.urlopen(",
    ),
    "the home folder": (f"open({str(MINE)!r}, 'w').write('x')", f"tried to write to {MINE} at `open("),
    "the home folder, past Python": (
        "import ctypes, os\nif ctypes.CDLL(None).open(outside.encode(), os.O_WRONLY) < 0: raise OSError('refused')",
        "OSError: refused",
    ),
    "what is not its own": ("import os\nos.remove(outside)", "tried to delete or move "),
    "forks": ("import os\nfor _ in range(4): os.fork()", "tried to start a process at `for _ in range(4): os.fork()`"),
    "a shell": ("import os\nos.system('sleep 1000')", "tried to start a process"),
    "its parent": ("import os\nos.kill(os.getppid(), 9)", "tried to send a signal to another process"),
    "its folder": ("import shutil\nshutil.rmtree('..')", "tried to delete or move "),
    "threads without end": (
        "import threading, time\nwhile True: threading.Thread(target=time.sleep, args=(1000,)).start()",
        "can't start new thread",
    ),
    "a forged record": (FORGED, "ended its process (exit code 0) before the model had run"),
}
ENDLESS = {
    "a loop": "while True: pass",
    "a loop behind handlers": (
        "import signal\nfor one in range(1, 32):\n    try: signal.signal(one, lambda *_: None)\n"
        "    except (OSError, ValueError): pass\nwhile True: pass"
    ),
    "a stopped process": "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
}
# odd, but the model is there all the same
HARMLESS = {
    "closed files": "import os\nos.closerange(0, 3)",
    "handlers": "import signal\nsignal.signal(signal.SIGTERM, lambda *_: None)",
    "a thread that never ends": "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,)).start()",
    "an exit that never ends": "import atexit, time\natexit.register(time.sleep, 1000)",
    "files in its own home": "import os\nopen(os.path.expanduser('~/x'), 'w').write('x')",
}
SIDES = ("old", "new")
GOOD = Job("good", 1, OLD, "model", NEW, "model", "1.2.2")


def job(side: str, name: str, program: str, outside: Path) -> Job:
    program = f"\noutside = {str(outside)!r}\n{program}\n"
    old, new = (OLD + program, NEW) if side == "old" else (OLD, NEW + program)
    return Job(name, 1, old, "model", new, "model", "1.2.2")


@pytest.fixture(scope="module")
def outside(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("outside") / "precious"
    path.write_text("as it was")
    return path


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Where the run has its folders."""
    with pytest.MonkeyPatch.context() as patch:
        path = tmp_path_factory.mktemp("scratch")
        patch.setattr(tempfile, "tempdir", str(path))
        yield path


@pytest.fixture(scope="module")
def proofs(legacy_path: Path, outside: Path, scratch: Path) -> Mapping[tuple[str, str], Proof]:
    """All of them in one run, a good model behind each."""
    cases = {
        (side, name): job(side, name, program, outside)
        for side in SIDES
        for name, program in [*((name, case[0]) for name, case in CAUSES.items()), *HARMLESS.items()]
    }
    endless = {(side, name): job(side, name, program, outside) for side in SIDES for name, program in ENDLESS.items()}
    with Prover(legacy_path) as prover:
        mixed = prover.prove([one for case in cases.values() for one in (case, GOOD)], seconds=60, memory=2**31)
        late = prover.prove(list(endless.values()), seconds=4, memory=2**31)
        again = prover.prove([GOOD])
    found = dict(zip(cases, mixed[::2], strict=True)) | dict(zip(endless, late, strict=True))
    good = {("good", str(index)): proof for index, proof in enumerate([*mixed[1::2], *again])}
    return found | good


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", CAUSES)
def test_unproved_for_its_reason(proofs: Mapping[tuple[str, str], Proof], side: str, name: str) -> None:
    proof = proofs[side, name]
    assert proof.status == "unproved"
    assert str(proof.reason).startswith(f"the {side} program")
    assert CAUSES[name][1] in str(proof.reason)
    assert "\n" not in str(proof.reason)


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", ENDLESS)
def test_unproved_for_its_time(proofs: Mapping[tuple[str, str], Proof], side: str, name: str) -> None:
    proof = proofs[side, name]
    assert (proof.status, proof.reason) == ("unproved", f"the {side} program did not finish within 4 seconds")


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("side", SIDES)
@pytest.mark.parametrize("name", HARMLESS)
def test_proved_all_the_same(proofs: Mapping[tuple[str, str], Proof], side: str, name: str) -> None:
    assert (proofs[side, name].status, proofs[side, name].reason) == ("equal", None)


@pytest.mark.legacy
@pytest.mark.slow
def test_the_run_goes_on(proofs: Mapping[tuple[str, str], Proof]) -> None:
    good = [proof.status for (side, _), proof in proofs.items() if side == "good"]
    assert good == ["equal"] * (len(SIDES) * (len(CAUSES) + len(HARMLESS)) + 1)


@pytest.mark.legacy
@pytest.mark.slow
def test_nothing_is_touched(proofs: Mapping[tuple[str, str], Proof], outside: Path) -> None:
    assert proofs
    assert not MINE.exists()
    assert outside.read_text() == "as it was"
    assert [one.name for one in outside.parent.iterdir()] == ["precious"]


@pytest.mark.legacy
@pytest.mark.slow
def test_nothing_is_left(proofs: Mapping[tuple[str, str], Proof], scratch: Path) -> None:
    assert proofs
    assert not list(scratch.iterdir())
    assert not [where for path in Path("/proc").glob("[0-9]*/cwd") if str(scratch) in (where := _target(path))]


def _target(link: Path) -> str:
    try:
        return os.readlink(link)
    except OSError:  # its process has ended, or is another's
        return ""
