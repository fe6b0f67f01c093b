"""What a program under proof may read: Python, its packages, the system's libraries, genuine Keras, and its own folder.

Nothing else is needed to build a model, and what a program cannot read cannot stand in a report.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

_SYSTEM = (
    "/usr", "/lib", "/lib32", "/lib64", "/opt", "/nix/store", "/System", "/Library", "/etc/ld.so.cache",
    "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/alternatives", "/etc/ssl", "/sys/devices",
    "/sys/fs/cgroup", "/sys/kernel/mm", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/version",
    "/proc/filesystems", "/proc/sys", "/dev/null", "/dev/zero", "/dev/random", "/dev/urandom",
)  # fmt: skip


def readable(folder: Path, home: Path) -> tuple[Path, ...]:
    """What there is of it, links followed.

    Args:
        folder: of the program's job; links in it lead to what the job gives.
        home: of the worker, which has settings and compiled files of its framework.
    """
    found = dict.fromkeys(os.path.realpath(place) for place in _places(folder, home) if os.path.exists(place))
    return tuple(Path(place) for place in found if place != os.sep)


def _places(folder: Path, home: Path) -> Iterator[str]:
    yield from _SYSTEM
    yield from (sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix)
    yield from (place for place in sys.path if place)
    yield from _listed(("LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH"))
    yield f"/proc/{os.getpid()}"
    yield str(home)
    yield str(folder)
    yield from (entry.path for entry in os.scandir(folder) if entry.is_symlink())


def _listed(variables: Iterable[str]) -> Iterator[str]:
    for name in variables:
        yield from (place for place in os.environ.get(name, "").split(os.pathsep) if os.path.isabs(place))
