"""What the Linux kernel denies a program under proof: the network, other processes, and files outside of its folder.

For the forked process of one program, before it runs; nothing takes it back. Needs neither root nor a package: the
calls are made by number, through ctypes. What a kernel does not have is left out, and ``guard`` alone stands there.

Landlock (Linux 5.13; its versions: Documentation/userspace-api/landlock.rst) holds files, and from its versions 4 and
6 TCP and signals too. A seccomp filter (Linux 3.5, x86-64 and ARM64) holds sockets, new processes and signals.
"""

from __future__ import annotations

import ctypes
import errno
import os
import platform
import sys
from collections.abc import Sequence
from pathlib import Path

from tdmigrate.records import NamedTuple

_NO_NEW_PRIVS, _GET_SECCOMP, _SET_SECCOMP, _FILTER = 38, 21, 22, 2  # of prctl, include/uapi/linux/prctl.h and seccomp.h

# Landlock: the same numbers on every machine
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_READ = 1 << 2 | 1 << 3  # files, folders
_READ_FILE = 1 << 2
_WRITE_FILE, _REMOVE_DIR, _REMOVE_FILE, _MAKE_DIR, _MAKE_REG = 1 << 1, 1 << 4, 1 << 5, 1 << 7, 1 << 8
_MAKE_ANY = sum(1 << bit for bit in range(6, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14  # from versions 2 and 3
_TCP, _SIGNALS = 3, 2  # bind and connect, from version 4; from version 6

_CAPABILITIES = 0x20080522  # version 3 of capset
_READ_SEARCH = 1 << 2  # CAP_DAC_READ_SEARCH: root may go on reading what it can read


class _Machine(NamedTuple):
    """System calls by number (arch/x86/entry/syscalls/syscall_64.tbl; include/uapi/asm-generic/unistd.h)."""

    arch: int  # AUDIT_ARCH_*
    denied: tuple[int, ...]  # what no model is built with
    own: tuple[int, ...]  # whose first argument must be this process, or 0
    clone: int
    fcntl: int
    ioctl: int


_OWNERS = (8, 10, 15)  # F_SETOWN, F_SETSIG, F_SETOWN_EX: whom the kernel sends signals to
_IOCTL_OWNERS = (0x8901, 0x8902)  # FIOSETOWN, SIOCSPGRP
_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE3 = 435  # its flags can't be seen by a filter: "not implemented", and the C library calls clone
_THREAD = 0x10000  # CLONE_THREAD
_MACHINES = {
    "x86_64": _Machine(
        0xC000003E,
        (
            57, 58, 101, 310, 311, 424, 425, 438,  # fork, vfork, ptrace, process_vm_readv, process_vm_writev,
            # pidfd_send_signal, io_uring_setup, pidfd_getfd
            90, 91, 268, 452, 92, 93, 94, 260,  # chmod, fchmod, fchmodat, fchmodat2, chown, fchown, lchown, fchownat
            132, 235, 261, 280,  # utime, utimes, futimesat, utimensat
            188, 189, 190, 197, 198, 199, 463, 466,  # setxattr, removexattr and their like
            319, 447, 29, 64, 68, 304,  # memfd_create, memfd_secret, shmget, semget, msgget, open_by_handle_at
        ),
        (62, 200, 234, 129, 297, 302),  # kill, tkill, tgkill, rt_sigqueueinfo, rt_tgsigqueueinfo, prlimit64
        56,
        72,
        16,
    ),
    "aarch64": _Machine(
        0xC00000B7,
        (
            117, 270, 271, 424, 425, 438,
            52, 53, 452, 54, 55, 88, 5, 6, 7, 14, 15, 16, 463, 466,
            279, 447, 194, 190, 186, 265,
        ),  # as above, but for what this machine never had
        (129, 130, 131, 138, 240, 261),
        220,
        25,
        29,
    ),
}


def confine(folder: Path, free: Sequence[Path], reads: Sequence[Path]) -> tuple[str, ...]:
    """Confine this process, which must have one thread; what holds from now on, of "landlock" and "seccomp".

    In ``folder`` it may make files and folders; in those of ``free``, inside of it, delete them too. It reads what lies
    in ``reads`` alone.
    """
    if sys.platform != "linux":
        return ()
    libc = ctypes.CDLL(None, use_errno=True)
    _drop_capabilities(libc)
    if libc.prctl(_NO_NEW_PRIVS, 1, 0, 0, 0):
        return ()
    holds = []
    if _landlock(libc, folder, free, reads):
        holds.append("landlock")
    machine = _MACHINES.get(platform.machine())
    if machine is not None and _seccomp(libc, machine, _SOCKET[platform.machine()]):
        holds.append("seccomp")
    return tuple(holds)


def missing() -> tuple[str, ...]:
    """What this system lacks of it: what a program under proof could then do past the audit hook, in words."""
    lacks = []
    libc = ctypes.CDLL(None, use_errno=True) if sys.platform == "linux" else None
    if libc is None or libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION) < 1:
        lacks.append("Landlock (reading and writing files by native code)")
    if libc is None or platform.machine() not in _MACHINES or libc.prctl(_GET_SECCOMP, 0, 0, 0, 0) < 0:
        lacks.append("seccomp (network and processes by native code)")
    return tuple(lacks)


def _drop_capabilities(libc: ctypes.CDLL) -> None:
    """Root without its powers can't raise its limits again."""
    header = (ctypes.c_uint32 * 2)(_CAPABILITIES, 0)
    data = (ctypes.c_uint32 * 6)()  # effective, permitted, inheritable; then their upper halves
    if libc.capget(header, data) == 0:
        kept = data[1] & _READ_SEARCH
        libc.capset(header, (ctypes.c_uint32 * 6)(kept, kept, 0, 0, 0, 0))


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("allowed", ctypes.c_uint64), ("parent", ctypes.c_int32))


def _landlock(libc: ctypes.CDLL, folder: Path, free: Sequence[Path], reads: Sequence[Path]) -> bool:
    version = libc.syscall(_CREATE_RULESET, None, ctypes.c_size_t(0), _VERSION)
    if version < 1:
        return False
    everything = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_ANY
    everything |= (_REFER if version >= 2 else 0) | (_TRUNCATE if version >= 3 else 0)
    wanted = _Ruleset(everything | _READ, _TCP if version >= 4 else 0, _SIGNALS if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    rules = libc.syscall(_CREATE_RULESET, ctypes.byref(wanted), ctypes.c_size_t(size), 0)
    if rules < 0:
        return False
    try:
        making = everything & (_WRITE_FILE | _MAKE_DIR | _MAKE_REG | _TRUNCATE)
        allowed = [(folder, making), *((place, everything) for place in free)]
        allowed.append((Path(os.devnull), everything & (_WRITE_FILE | _TRUNCATE)))
        allowed += [(place, _READ if place.is_dir() else _READ_FILE) for place in reads]
        for place, rights in allowed:
            parent = os.open(place, os.O_PATH | os.O_CLOEXEC)
            rule = _Beneath(rights, parent)
            refused = libc.syscall(_ADD_RULE, rules, _PATH_BENEATH, ctypes.byref(rule), 0)
            os.close(parent)
            if refused:
                return False
        return bool(libc.syscall(_RESTRICT_SELF, rules, 0) == 0)
    finally:
        os.close(rules)


class _Instruction(ctypes.Structure):
    """Of a BPF program, include/uapi/linux/filter.h."""

    _fields_ = (("code", ctypes.c_uint16), ("yes", ctypes.c_uint8), ("no", ctypes.c_uint8), ("k", ctypes.c_uint32))


class _Program(ctypes.Structure):
    _fields_ = (("length", ctypes.c_uint16), ("start", ctypes.POINTER(_Instruction)))


_LOAD, _EQUAL, _AT_LEAST, _ANY_BIT, _RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
_NUMBER, _ARCH, _FIRST, _SECOND = 0, 4, 16, 24  # where struct seccomp_data has them; of an argument the lower half
_ALLOW, _ERRNO = 0x7FFF0000, 0x00050000
_X32 = 0x40000000  # calls of another convention of x86-64


def _seccomp(libc: ctypes.CDLL, machine: _Machine, socket: int) -> bool:
    lines = _filter(machine, socket, os.getpid())
    code = (_Instruction * len(lines))(*(_Instruction(*line) for line in lines))
    program = _Program(len(lines), code)
    return bool(libc.prctl(_SET_SECCOMP, _FILTER, ctypes.byref(program), 0, 0) == 0)


def _filter(machine: _Machine, socket: int, process: int) -> list[tuple[int, int, int, int]]:
    """Instructions (code, jump if so, jump if not, value) of which each call takes one way to an end."""

    def fail(number: int) -> tuple[int, int, int, int]:
        return (_RETURN, 0, 0, _ERRNO | number)

    allow = (_RETURN, 0, 0, _ALLOW)
    lines = [(_LOAD, 0, 0, _ARCH), (_EQUAL, 1, 0, machine.arch), fail(errno.ENOSYS), (_LOAD, 0, 0, _NUMBER)]
    lines += [(_AT_LEAST, 0, 1, _X32), fail(errno.ENOSYS)]
    for number in machine.denied:
        lines += [(_EQUAL, 0, 1, number), fail(errno.EPERM)]
    lines += [(_EQUAL, 0, 1, socket), fail(errno.EACCES), (_EQUAL, 0, 1, _CLONE3), fail(errno.ENOSYS)]
    for number in machine.own:
        lines += [(_EQUAL, 0, 5, number), (_LOAD, 0, 0, _FIRST), (_EQUAL, 2, 0, process), (_EQUAL, 1, 0, 0)]
        lines += [fail(errno.EPERM), allow]
    for number, commands in ((machine.fcntl, _OWNERS), (machine.ioctl, _IOCTL_OWNERS)):
        lines += [(_EQUAL, 0, 2 * len(commands) + 2, number), (_LOAD, 0, 0, _SECOND)]
        for command in commands:
            lines += [(_EQUAL, 0, 1, command), fail(errno.EPERM)]
        lines += [allow]
    lines += [(_EQUAL, 0, 4, machine.clone), (_LOAD, 0, 0, _FIRST), (_ANY_BIT, 1, 0, _THREAD), fail(errno.EPERM)]
    return [*lines, allow, allow]
