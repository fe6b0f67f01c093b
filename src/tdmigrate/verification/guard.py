"""What a program under proof may not do, wherever Python runs: an audit hook denies it with a sentence.

The floor on every platform, for code that goes through Python; ``confine`` has Linux deny the rest. A denied act raises
in the program, at its line.
"""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

_AT_HANDLES = "/proc/self/fd"  # where a folder's name can be read that a call knows by its handle

_NETWORK = (
    "socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.getnameinfo",
    "socket.gethostbyname", "socket.gethostbyaddr",
)  # fmt: skip
_PROCESSES = (
    "os.fork", "os.forkpty", "os.exec", "os.posix_spawn", "os.spawn", "os.system", "os.startfile", "subprocess.Popen",
    "pty.spawn",
)  # fmt: skip
_SIGNALS = ("os.kill", "os.killpg")
_MADE = {  # where the paths stand that the call makes or changes, and the handle of the folder of each (None: none)
    "os.mkdir": ((0, 2),), "os.truncate": ((0, None),), "os.chmod": ((0, 2),), "os.chown": ((0, 3),),
    "os.utime": ((0, 3),), "os.setxattr": ((0, None),), "os.removexattr": ((0, None),), "os.chflags": ((0, None),),
    "os.symlink": ((1, 2),), "os.link": ((0, 2), (1, 3)),
}  # fmt: skip
_REMOVED = {"os.remove": ((0, 1),), "os.rmdir": ((0, 1),), "os.rename": ((0, 2), (1, 3))}
_LISTED = ("os.listdir", "os.scandir")
_WRITES = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND

_Check = Callable[[tuple[Any, ...]], None]


class Denied(PermissionError):  # noqa: N818
    """``act``: what was tried, "open a network connection"."""

    def __init__(self, act: str) -> None:
        super().__init__(f"a program under proof may not {act}")
        self.act = act


def denied(error: BaseException) -> Denied | None:
    """The act behind an error, where it is one that was denied."""
    seen: set[int] = set()
    one: BaseException | None = error
    while one is not None and id(one) not in seen:
        if isinstance(one, Denied):
            return one
        seen.add(id(one))
        one = one.__cause__ or one.__context__
    return None


def guard(folder: Path, free: Sequence[Path], reads: Sequence[Path]) -> None:
    """Guard this process from now on; ``folder``, ``free``, ``reads``: as ``confine.confine`` has them."""
    whole = os.path.realpath(folder)
    parts = tuple(os.path.realpath(place) for place in free)
    checks: dict[str, _Check] = dict.fromkeys(_NETWORK, _deny("open a network connection"))
    checks |= dict.fromkeys(_PROCESSES, _deny("start a process"))
    checks |= dict.fromkeys(_SIGNALS, _others(os.getpid()))
    checks["socket.__new__"] = _internet
    places = tuple(map(os.path.realpath, reads))
    checks["open"] = _opened((whole,), places)
    checks |= dict.fromkeys(_LISTED, _listed(places))
    checks |= {name: _paths(at, "write to", (whole,), os.path.realpath) for name, at in _MADE.items()}
    checks |= {name: _paths(at, "delete or move", parts, _unlinked) for name, at in _REMOVED.items()}
    find = checks.get

    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        check = find(event)
        if check is not None:
            check(arguments)

    sys.addaudithook(hook)


def _deny(act: str) -> _Check:
    def check(_: tuple[Any, ...]) -> None:
        raise Denied(act)

    return check


def _others(process: int) -> _Check:
    def check(arguments: tuple[Any, ...]) -> None:
        if arguments[0] not in (process, 0):
            raise Denied("send a signal to another process")

    return check


def _internet(arguments: tuple[Any, ...]) -> None:
    if arguments[1] != getattr(socket, "AF_UNIX", None):  # pairs of those are how event loops wake themselves
        raise Denied("open a network connection")


def _opened(places: tuple[str, ...], reads: tuple[str, ...]) -> _Check:
    def check(arguments: tuple[Any, ...]) -> None:
        path, mode, flags = arguments
        if isinstance(path, int):
            return
        writes = flags & _WRITES if isinstance(flags, int) else 0
        if isinstance(mode, str):
            writes = any(letter in mode for letter in "wax+")
        real = os.fsdecode(os.path.realpath(path))
        if writes:
            if real != os.devnull and not _is_in(real, places):
                raise Denied(f"write to {_shown(path)}")
        elif real not in reads and not _is_in(real, reads):
            raise Denied(f"read {_shown(path)}")

    return check


def _listed(reads: tuple[str, ...]) -> _Check:
    def check(arguments: tuple[Any, ...]) -> None:
        path = arguments[0]
        if isinstance(path, int):
            return
        real = os.fsdecode(os.path.realpath(os.curdir if path is None else path))
        if real not in reads and not _is_in(real, reads):
            raise Denied(f"read {_shown(os.curdir if path is None else path)}")

    return check


def _paths(
    positions: tuple[tuple[int, int | None], ...], act: str, places: tuple[str, ...], resolve: Callable[[str], str]
) -> _Check:
    def check(arguments: tuple[Any, ...]) -> None:
        for at, handle in positions:
            path = arguments[at]
            if isinstance(path, int):  # an open file: it was judged when it was opened
                continue
            whole = _whole(path, None if handle is None else arguments[handle])
            if not _is_in(resolve(whole), places):
                raise Denied(f"{act} {_shown(path)}")

    return check


def _is_in(text: str, places: tuple[str, ...]) -> bool:
    return any(text.startswith(place + os.sep) for place in places)


def _whole(path: Any, handle: Any = None) -> str:
    """The path from the root, links not followed; ``handle``: of the folder that it starts from."""
    text = os.fsdecode(path)
    if isinstance(handle, int) and handle >= 0 and not os.path.isabs(text):
        text = os.path.join(os.path.realpath(f"{_AT_HANDLES}/{handle}"), text)
    return os.path.abspath(text)


def _unlinked(path: str) -> str:
    """Links followed but for the last, which is deleted or moved itself."""
    return os.path.join(os.path.realpath(os.path.dirname(path)), os.path.basename(path))


def _shown(path: Any) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in os.fsdecode(path))[:200]
