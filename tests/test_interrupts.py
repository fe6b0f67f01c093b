"""Runs that end in the middle: every file is old or new, nothing else stays, and the report tells which."""

from __future__ import annotations

import os
import random
import resource
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from signals import heed

OLD = (
    "from keras.layers.core import TimeDistributedDense\nx = TimeDistributedDense(3, init='zero')\n" + "# line\n" * 500
)
FILES = 40
# each file is written once more before it stands in its place, so that many writes are under way
SLOWLY = """
import sys
from tdmigrate.sources import text
from tdmigrate.cli import main
genuine = text.replace
def replace(source, new_text, janitor):
    for _ in range(3):
        genuine(source, new_text, janitor)
        source = text.read(source.path)
text.replace = replace
main(["--write", "--isolated", "--jobs", "1", "."])
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(FILES):
        (tmp_path / f"m{number:02}.py").write_text(OLD)
    return tmp_path


@pytest.fixture(scope="module")
def new(tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("new") / "a.py"
    path.write_text(OLD)
    subprocess.run(
        [sys.executable, "-m", "tdmigrate", "--write", "--isolated", str(path)], check=True, capture_output=True
    )
    text = path.read_text()
    assert text != OLD
    return text


def start(folder: Path, program: str | None = None) -> subprocess.Popen[str]:
    command = ["-m", "tdmigrate", "--write", "--isolated", "."] if program is None else ["-c", program]
    output = subprocess.PIPE
    return subprocess.Popen(
        [sys.executable, *command], cwd=folder, stdout=output, stderr=output, text=True, preexec_fn=heed
    )


def written(folder: Path, new: str) -> int:
    """How many files are new; the others are old, and there is nothing else."""
    assert sorted(os.listdir(folder)) == [f"m{number:02}.py" for number in range(FILES)]
    texts = [path.read_text() for path in sorted(folder.iterdir())]
    assert set(texts) <= {OLD, new}
    return texts.count(new)


def once_written(folder: Path, number: int) -> None:
    """Wait until so many files are new."""
    deadline = time.monotonic() + 60
    while sum("TimeDistributedDense" not in path.read_text() for path in folder.glob("*.py")) < number:
        assert time.monotonic() < deadline
        time.sleep(0.001)


@pytest.mark.slow
def test_killed_at_random_moments(folder: Path, new: str) -> None:
    counts = []
    for seed in range(50):
        for path in folder.iterdir():
            path.write_text(OLD)
        chance = random.Random(seed)
        process = start(folder)
        once_written(folder, chance.randrange(FILES // 2))
        time.sleep(chance.random() * 0.01)
        process.kill()
        process.communicate()
        counts.append(written(folder, new))
    assert len(set(counts)) > 5  # they were killed in the middle


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_an_interrupt_tells_what_was_written(folder: Path, new: str, ending: signal.Signals) -> None:
    process = start(folder, SLOWLY)
    once_written(folder, 3)
    process.send_signal(ending)
    out, err = process.communicate(timeout=60)
    done = written(folder, new)
    assert process.returncode == 130
    assert "Traceback" not in err
    assert err.splitlines()[-1].startswith("tdmigrate: interrupted")
    assert 3 <= done < FILES
    assert out.count(": rewritten") == done
    assert out.count("not written: the run was interrupted") == FILES - done
    assert f"Interrupted: {done} files written, {FILES - done} files as they were." in out


def test_a_full_disk(folder: Path, new: str) -> None:
    def no_space() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)

    command = [sys.executable, "-B", "-m", "tdmigrate", "--write", "--isolated", "."]
    ran = subprocess.run(command, cwd=folder, capture_output=True, text=True, preexec_fn=no_space, check=False)
    assert ran.returncode == 2
    assert written(folder, new) == 0
    assert ran.stderr.count("E902 cannot be written (File too large)") == FILES
    assert "Traceback" not in ran.stderr
