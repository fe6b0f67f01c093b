"""What a program under proof may not do, in a worker without a framework; ``test_hostile`` has the genuine ones."""

from __future__ import annotations

import json
import os
import sys
import textwrap
from collections.abc import Iterator
from pathlib import Path

import pytest

from tdmigrate.verification import confine
from tdmigrate.verification.runner import Worker

WORKER = """
import json, sys
from tdmigrate.verification import serve
if sys.argv[1] == "floor":
    serve.confine = lambda *_: ()
def work(folder):
    serve.run_program((folder / "program.py").read_text(), "None", "the program")
    raise serve.Failure("program", "it ran")
serve.serve("none", work)
"""
OFF_LINUX = "Landlock and seccomp are of Linux; elsewhere the audit hook stands alone"
LINUX = pytest.mark.skipif(sys.platform != "linux", reason=OFF_LINUX)


@pytest.fixture(scope="module", params=["floor", "kernel"])
def worker(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    """With the audit hook alone, and with what the kernel has besides."""
    with make(tmp_path_factory.mktemp("worker"), request.param) as one:
        yield one


@pytest.fixture(scope="module")
def kernel(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Worker]:
    with make(tmp_path_factory.mktemp("worker"), "kernel") as one:
        yield one


def make(folder: Path, kind: str) -> Worker:
    (folder / "guarded_worker.py").write_text(WORKER)
    paths = os.pathsep.join([str(folder), *sys.path])
    return Worker("guarded_worker", (kind,), folder, {"PYTHONPATH": paths})


def reason(worker: Worker, folder: Path, program: str) -> str:
    """What came of a program; ``outside``: a file there that is none of its business."""
    (folder / "outside").write_text("precious")
    place = folder / "job"
    place.mkdir()
    (place / "program.py").write_text(f"outside = {str(folder / 'outside')!r}\n" + textwrap.dedent(program))
    end = worker.run(place, 20, 2**29)
    assert (folder / "outside").read_text() == "precious"
    assert sorted(one.name for one in folder.iterdir()) == ["job", "outside"]
    if end.kind != "exit":
        return f"{end.kind} {end.code}"
    told = json.loads((place / end.made / "failure.json").read_text())["reason"]
    assert isinstance(told, str)
    return told


SOCKET = "open a network connection"
DENIED = {
    "import socket\nsocket.create_connection(('127.0.0.1', 9))": SOCKET,
    "import socket\nsocket.socket().connect(('127.0.0.1', 9))": SOCKET,
    "import socket\nsocket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b'x', ('127.0.0.1', 9))": SOCKET,
    "import socket\nsocket.gethostbyname('localhost')": SOCKET,
    "import urllib.request\nurllib.request.urlopen('http://localhost:9/x')": SOCKET,
    "import urllib.request\ntry: urllib.request.urlopen('http://x')\nexcept OSError: raise Exception(3)": SOCKET,
    "open(outside, 'w')": "write to ",
    "open(outside, 'r+')": "write to ",
    "open(outside + '2', 'x')": "write to ",
    "from pathlib import Path\nPath(outside).write_text('x')": "write to ",
    "import os\nos.open(outside, os.O_WRONLY | os.O_TRUNC)": "write to ",
    "import os\nos.symlink(outside, 'link')\nopen('link', 'w')": "write to link",
    "import os\nos.link(outside, 'link')": "write to ",
    "import os\nos.truncate(outside, 0)": "write to ",
    "import os\nos.chmod(outside, 0)": "write to ",
    "import os\nos.utime(outside, (0, 0))": "write to ",
    "import os\nos.mkdir(outside + '3')": "write to ",
    "import os\nos.symlink('x', outside + '4')": "write to ",
    "import os\nos.remove(outside)": "delete or move ",
    "import os\nos.rename(outside, 'mine')": "delete or move ",
    "import os\nopen('mine', 'w').close()\nos.replace('mine', outside)": "delete or move ",
    "import os, shutil\nshutil.rmtree(os.path.dirname(outside))": "read ",
    "open(outside).read()": "read ",
    "from pathlib import Path\nraise Exception(Path(outside).read_text())": "read ",
    "import os\nos.read(os.open(outside, os.O_RDONLY), 9)": "read ",
    "import os\nos.symlink(outside, 'link')\nopen('link')": "read link",
    "import os\nos.listdir(os.path.dirname(outside))": "read ",
    "import os\nlist(os.scandir(os.path.dirname(outside)))": "read ",
    "open('/etc/passwd')": "read /etc/passwd",
    "import os\nos.listdir('/')": "read /",
    "import os\nopen(f'/proc/{os.getppid()}/environ')": "read /proc/",
    "import os, shutil\nshutil.rmtree(os.getcwd())": "delete or move ",
    "import os, shutil\nshutil.rmtree('..')": "delete or move ",
    "import os\nos.remove('../program.py')": "delete or move ../program.py",
    "import os\nos.system('true')": "start a process",
    "import subprocess\nsubprocess.run(['true'])": "start a process",
    "import os\nfor _ in range(3): os.fork()": "start a process",
    "import os\nos.execv('/bin/true', ['true'])": "start a process",
    "import multiprocessing\nmultiprocessing.get_context('fork').Process(target=print).start()": "start a process",
    "import os\nos.kill(os.getppid(), 9)": "send a signal to another process",
    "import os\nos.kill(-1, 0)": "send a signal to another process",
    "import os\nos.killpg(os.getpgid(os.getppid()), 9)": "send a signal to another process",
}  # fmt: skip


@pytest.mark.parametrize("program", DENIED)
def test_denied(worker: Worker, tmp_path: Path, program: str) -> None:
    told = reason(worker, tmp_path, program)
    assert told.startswith(f"the program tried to {DENIED[program]}")
    assert " at `" in told
    assert "\n" not in told


ALLOWED = [
    "open('mine', 'w').write('x')\nassert open('mine').read() == 'x'",
    "import os\nopen(os.path.expanduser('~/mine'), 'w').close()",
    "import tempfile\nwith tempfile.TemporaryDirectory() as d: open(d + '/x', 'w').close()",
    "import tempfile\ntempfile.TemporaryFile().write(b'x')",
    "import os\nos.makedirs('a/b')\nos.rename('a/b', 'c')\nos.rmdir('c')",
    "import os\nos.symlink(outside, 'link')\nos.remove('link')",
    "import os, shutil\nos.mkdir('a')\nopen('a/b', 'w').close()\nshutil.rmtree('a')",
    "import os\nopen(os.devnull, 'w').write('x')",
    "import os\nassert 'program.py' in os.listdir('..')",
    "import os, sys\nos.listdir(os.path.dirname(os.__file__))\nopen(os.__file__).read()",
    "open('/proc/self/status').read()\nopen('/proc/meminfo').read()",
    "import os, signal\nsignal.signal(signal.SIGUSR1, lambda *_: None)\nos.kill(os.getpid(), signal.SIGUSR1)",
    "import asyncio\nasyncio.run(asyncio.sleep(0))",
    "import threading\nt = threading.Thread(target=print)\nt.start()\nt.join()",
    "import os\nassert os.makedirs(os.path.dirname(outside), exist_ok=True) is None",
    "import sqlite3\nsqlite3.connect(':memory:').execute('create table x (y)')",
    "import platform, ctypes.util\nplatform.uname()\nctypes.util.find_library('m')",
]


@pytest.mark.parametrize("program", ALLOWED)
def test_allowed(worker: Worker, tmp_path: Path, program: str) -> None:
    assert reason(worker, tmp_path, program) == "it ran"


# past Python, where only the kernel can see it
C = """
import ctypes, os
libc = ctypes.CDLL(None, use_errno=True)
def call(name, *arguments):
    if getattr(libc, name)(*arguments) == -1:
        raise OSError(ctypes.get_errno(), name)
"""
BEYOND_PYTHON = {
    "call('socket', 2, 1, 0)": "PermissionError: [Errno 13] socket",
    "call('open', outside.encode(), os.O_WRONLY)": "PermissionError: [Errno 13] open",
    "call('open', outside.encode(), os.O_RDONLY)": "PermissionError: [Errno 13] open",
    "call('open', os.path.dirname(outside).encode(), os.O_DIRECTORY)": "PermissionError: [Errno 13] open",
    "call('chmod', outside.encode(), 0)": "PermissionError: [Errno 1] chmod",
    "call('fchmodat', -100, outside.encode(), 0, 0)": "PermissionError: [Errno 1] fchmodat",
    "call('chown', outside.encode(), 0, 0)": "PermissionError: [Errno 1] chown",
    "call('lchown', outside.encode(), 0, 0)": "PermissionError: [Errno 1] lchown",
    "call('utimes', outside.encode(), None)": "PermissionError: [Errno 1] utimes",
    "call('setxattr', outside.encode(), b'user.x', b'y', 1, 0)": "PermissionError: [Errno 1] setxattr",
    "call('removexattr', outside.encode(), b'user.x')": "PermissionError: [Errno 1] removexattr",
    "os.fchmod(os.open(os.__file__, os.O_RDONLY), 0)": "PermissionError: [Errno 1]",
    "os.utime(os.open(os.__file__, os.O_RDONLY))": "PermissionError: [Errno 1]",
    "call('memfd_create', b'x', 0)": "PermissionError: [Errno 1] memfd_create",
    "call('shmget', 0, 2**30, 0o1600)": "PermissionError: [Errno 1] shmget",
    "call('fcntl', 1, 8, os.getppid())": "PermissionError: [Errno 1] fcntl",
    "call('fcntl', 1, 10, 9)": "PermissionError: [Errno 1] fcntl",
    "call('ioctl', 1, 0x8901, ctypes.byref(ctypes.c_int(os.getppid())))": "PermissionError: [Errno 1] ioctl",
    "call('truncate', outside.encode(), ctypes.c_long(0))": "PermissionError: [Errno 13] truncate",
    "call('unlink', outside.encode())": "PermissionError: [Errno 13] unlink",
    "call('rename', outside.encode(), b'mine')": "PermissionError: [Errno 13] rename",
    "call('link', outside.encode(), b'mine')": "OSError: [Errno 18] link",
    "call('fork')": "PermissionError: [Errno 1] fork",
    "call('kill', os.getppid(), 9)": "PermissionError: [Errno 1] kill",
    "call('kill', -1, 0)": "PermissionError: [Errno 1] kill",
    "call('ptrace', 16, os.getppid(), None, None)": "PermissionError: [Errno 1] ptrace",
    "import resource as r\nr.prlimit(os.getppid(), r.RLIMIT_CPU, (0, 0))": "PermissionError: [Errno 1]",
    "import resource as r\nr.setrlimit(r.RLIMIT_AS, (-1, -1))": "ValueError: not allowed to raise maximum limit",
    "import sqlite3\nsqlite3.connect(outside + '.db').execute('create table x (y)')": "sqlite3.OperationalError",
}  # fmt: skip


@LINUX
@pytest.mark.parametrize("program", BEYOND_PYTHON)
def test_denied_by_the_kernel(kernel: Worker, tmp_path: Path, program: str) -> None:
    assert BEYOND_PYTHON[program].removeprefix("sqlite3.") in reason(kernel, tmp_path, C + program)


FULL = {
    "many files": "for n in range(20_000): open(str(n), 'w').close()",
    "large files": "for n in range(2): os.posix_fallocate(os.open(str(n), os.O_CREAT | os.O_WRONLY), 0, 3 * 2**30)",
}


@pytest.mark.parametrize("what", FULL)
def test_the_disk_is_not_filled(worker: Worker, tmp_path: Path, what: str) -> None:
    told = reason(worker, tmp_path, f"import os, time\n{FULL[what]}\ntime.sleep(9)")
    assert told == "disk None"


@LINUX
def test_what_the_system_lacks_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    assert confine.missing() == ()
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    assert confine.missing() == ("seccomp (network and processes by native code)",)
    monkeypatch.setattr("sys.platform", "darwin")
    assert len(confine.missing()) == 2
