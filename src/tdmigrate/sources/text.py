"""Bytes on disk ↔ source text, without losing a byte.

Text is handed on with its newlines as they stand in the file (LF, CRLF, CR, mixed) and without its byte order mark.
"""

from __future__ import annotations

import codecs
import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from tdmigrate.records import NamedTuple
from tdmigrate.results import FileError

if TYPE_CHECKING:
    from mmap import mmap

    from tdmigrate.sources.janitor import Janitor

    Buffer = bytes | mmap

# Parsing takes some 200 bytes of memory for a byte of source; what people write by hand is far smaller than this.
LIMIT = 5_000_000  # bytes
_NOTEBOOK = ".ipynb"
NOTEBOOK_LIMIT = 100_000_000  # images stand in it

_UTF16_BOMS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
# patterns are kept as text, since few files need any of them compiled
_COOKIE = rb"[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)"  # PEP 263
_BLANK = rb"[ \t\f]*(?:#.*)?$"
_NEWLINE = rb"\r\n|\r|\n"
_NAMELESS = "/proc/self/fd/{}"  # where Linux shows open files that have no name


class SourceError(Exception):
    """A file that is left as it is; ``error`` says why."""

    def __init__(self, code: str, row: int | None, message: str, advice: str, cell: int | None = None) -> None:
        self.error = FileError(code, row, message, advice, cell)
        super().__init__(self.error.show())


class Source(NamedTuple):
    """One file as it was read."""

    path: str
    data: bytes  # all of the file
    text: str
    encoding: str  # name of a Python codec
    bom: bytes  # UTF-8's, or nothing


def scan(path: str, matters: Callable[[Buffer], bool]) -> bytes | None:
    """All of a regular file; None where ``matters`` says that nothing in it does.

    A file above its limit is looked through without being read in. Raises ``SourceError`` (E902).
    """
    descriptor, size = _open(path)
    try:
        with open(descriptor, "rb") as file:
            if size <= limit(path):
                data = file.read()
                return data if matters(data) else None
            from mmap import ACCESS_READ, mmap  # hardly ever needed

            with mmap(file.fileno(), 0, access=ACCESS_READ) as view:
                found = matters(view)
    except (OSError, ValueError) as error:
        raise SourceError("E902", None, f"cannot be read ({_reason(error)})", "check the disk") from None
    if found:
        raise _too_large(path)
    return None


def limit(path: str) -> int:
    """How large a file may be, in bytes."""
    return NOTEBOOK_LIMIT if is_notebook(path) else LIMIT


def is_notebook(path: str) -> bool:
    """Told by its name, in capitals or not."""
    return path.lower().endswith(_NOTEBOOK)


def read_bytes(path: str) -> bytes:
    """All of a regular file. Raises ``SourceError`` (E902)."""
    return scan(path, lambda data: True) or b""


def read(path: str) -> Source:
    """Read and decode one file. Raises ``SourceError`` (E902 unreadable, E903 encoding)."""
    return decode(path, read_bytes(path))


def decode(path: str, data: bytes) -> Source:
    """Text of a Python source by its byte order mark, its PEP 263 cookie, else UTF-8; of a notebook UTF-8.

    Raises ``SourceError`` (E902, E903).
    """
    if len(data) > limit(path):
        raise _too_large(path)
    if data.startswith(_UTF16_BOMS):
        raise SourceError("E903", None, "is UTF-16, which Python does not read", "save it as UTF-8")
    zero = data.find(b"\0")
    if zero >= 0:
        raise SourceError(
            "E903", _row(data, zero), "holds a NUL byte, so it is not Python text", "leave it out with --exclude"
        )
    bom = codecs.BOM_UTF8 if data.startswith(codecs.BOM_UTF8) else b""
    body = data[len(bom) :]
    encoding = "utf-8" if is_notebook(path) else _encoding(body, bool(bom))
    try:
        text = body.decode(encoding)
    except UnicodeDecodeError as error:
        row = _row(body, error.start)
        byte = body[error.start : error.start + 1].hex()
        raise SourceError(
            "E903",
            row,
            f"byte 0x{byte} at offset {len(bom) + error.start} is not {encoding}",
            "save it as UTF-8, or name its encoding in a PEP 263 comment in its first line",
        ) from None
    except (LookupError, UnicodeError, ValueError) as error:
        raise SourceError(
            "E903", None, f"cannot be decoded as {encoding} ({_reason(error)})", "save it as UTF-8"
        ) from None
    return Source(path, data, text, encoding, bom)


def encode(source: Source, text: str) -> bytes:
    """``text`` as bytes in the encoding of ``source``.

    Raises ``SourceError`` (E903) where the encoding has no such character, or does not give back the bytes it read.
    """
    try:
        if source.bom + source.text.encode(source.encoding) != source.data:
            raise SourceError(
                "E903", None, f"{source.encoding} does not give back the bytes it was read from", "save it as UTF-8"
            )
        data = source.bom + text.encode(source.encoding)
    except UnicodeEncodeError as error:
        before = text[: error.start].encode("utf-8", "surrogatepass")
        row = _row(before, len(before))
        raise SourceError(
            "E903", row, f"the new text does not fit into {source.encoding}", "save the file as UTF-8 first"
        ) from None
    if decode(source.path, data).text != text:
        raise SourceError(
            "E903", None, f"the new text does not survive {source.encoding}", "save the file as UTF-8 first"
        )
    return data


def replace(source: Source, new_text: str, janitor: Janitor | None = None) -> None:
    """Put ``new_text`` in the place of the file, atomically, keeping mode, owner, extended attributes and encoding.

    A symbolic link stays one: its target is replaced. Raises ``SourceError`` (E902 not writable, E903 encoding, E905
    changed since it was read); the file is then as it was, and nothing else is left behind: not even where the process
    is killed, if a ``janitor`` waits.
    """
    data = encode(source, new_text)
    target = os.path.realpath(source.path)
    try:
        status = os.stat(target)
        if not status.st_mode & 0o222 or not os.access(target, os.W_OK):
            raise SourceError("E902", None, "is read-only, so it was not written", "make it writable")
        _replace(source, target, status, data, janitor)
    except FileNotFoundError:
        raise SourceError("E905", None, "was deleted meanwhile, so it was not written", "run again") from None
    except OSError as error:
        raise SourceError(
            "E902", None, f"cannot be written ({_reason(error)})", "check its folder's permissions and space"
        ) from None


def create(path: str, text: str) -> None:
    """A new file, as UTF-8. Raises ``SourceError`` (E902 not writable, E905 there is one by now); nothing is left."""
    try:
        with open(path, "x", encoding="utf-8", newline="\n") as file:
            try:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            except BaseException:
                os.unlink(path)
                raise
    except FileExistsError:
        raise SourceError("E905", None, "was made meanwhile, so it was not written", "run again") from None
    except OSError as error:
        raise SourceError(
            "E902", None, f"cannot be written ({_reason(error)})", "check its folder's permissions and space"
        ) from None
    _sync_folder(os.path.dirname(path) or os.curdir)


def _replace(
    source: Source, target: str, status: os.stat_result, data: bytes, janitor: Janitor | None = None
) -> None:
    folder = os.path.dirname(target)
    descriptor = _nameless(folder)
    temporary = ""
    try:
        if descriptor is None:
            temporary = _name(folder, janitor)
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with open(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            new = os.fstat(file.fileno())
            if (new.st_uid, new.st_gid) != (status.st_uid, status.st_gid):
                _give(file.fileno(), status)
            _copy_attributes(target, file.fileno())
            os.fchmod(file.fileno(), stat.S_IMODE(status.st_mode))  # last: the owner's change clears set-id bits
            os.fsync(file.fileno())
            if not holds(target, source.data):
                raise SourceError("E905", None, "changed meanwhile, so it was not written", "run again")
            if not temporary:
                temporary = _name(folder, janitor)
                # with a descriptor Python takes linkat, which alone follows the link to the file
                os.link(_NAMELESS.format(file.fileno()), temporary, src_dir_fd=file.fileno(), follow_symlinks=True)
            os.replace(temporary, target)
            if janitor is not None:
                janitor.gone()
    except BaseException:
        if temporary:
            with suppress(FileNotFoundError):  # it may be in its place already
                os.unlink(temporary)
        raise
    _sync_folder(folder)


def _nameless(folder: str) -> int | None:
    """A descriptor of a new file without a name, of which nothing stays; None: this system has no such files."""
    if hasattr(os, "O_TMPFILE") and os.path.exists(_NAMELESS.format("")):
        try:
            return os.open(folder, os.O_TMPFILE | os.O_WRONLY | os.O_CLOEXEC, 0o600)
        except OSError:  # not every file system has them; what else is wrong is told next
            pass
    return None


def _name(folder: str, janitor: Janitor | None) -> str:
    name = os.path.join(folder, f".tdmigrate-{os.urandom(8).hex()}")
    if janitor is not None:
        janitor.expect(name)
    return name


def _give(descriptor: int, status: os.stat_result) -> None:
    try:
        os.fchown(descriptor, status.st_uid, status.st_gid)
    except PermissionError:
        what = "would lose its owner or group, so it was not written"
        raise SourceError("E902", None, what, "run as its owner, in its group") from None


def _copy_attributes(old: str, new: int) -> None:
    if not hasattr(os, "listxattr"):
        return
    for name in os.listxattr(old):
        value = os.getxattr(old, name)
        try:
            os.setxattr(new, name, value)
        except OSError:
            # labels such as security.* belong to the system, which has set its own
            if not name.startswith("security."):
                raise


def _sync_folder(folder: str) -> None:
    """So that the new name survives a power cut too; some file systems cannot, and the file itself is safe by then."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def _open(path: str) -> tuple[int, int]:
    """A descriptor of a regular file and its size in bytes."""
    try:
        # a pipe would block here; all that is not a regular file is told apart below
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        if os.path.islink(path):
            raise SourceError("E902", None, "is a broken link", "remove it, or mend its target") from None
        raise SourceError("E902", None, "no such file or folder", "check the path") from None
    except (OSError, ValueError) as error:
        advice = "check the path and its permissions"
        raise SourceError("E902", None, f"cannot be read ({_reason(error)})", advice) from None
    status = os.fstat(descriptor)
    if not stat.S_ISREG(status.st_mode):
        os.close(descriptor)
        raise SourceError("E902", None, "is not a regular file", "name a file or a folder, or - for standard input")
    return descriptor, status.st_size


def holds(path: str, data: bytes) -> bool:
    """Whether a file can be read and is these bytes."""
    try:
        return read_bytes(path) == data
    except SourceError:
        return False


def _too_large(path: str) -> SourceError:
    size = f"is larger than {limit(path) // 1_000_000} MB"
    return SourceError("E902", None, size, "split it, or leave it out with --exclude")


def _encoding(body: bytes, bom: bool) -> str:
    """The codec that PEP 263 names in the first two lines."""
    head = body[:4096]
    if b"coding" not in head:
        return "utf-8"
    for row, line in enumerate(re.split(_NEWLINE, head, maxsplit=2)[:2], 1):
        cookie = re.match(_COOKIE, line)
        if cookie is not None:
            return _codec(cookie[1].decode("ascii", "replace"), row, bom)
        if not re.match(_BLANK, line):
            break
    return "utf-8"


def _codec(name: str, row: int, bom: bool) -> str:
    advice = "mend the PEP 263 comment, or save it as UTF-8"
    try:
        codec = codecs.lookup(name)
        # hex, rot13 and their like are no encodings of text, and others do not hold ASCII as it stands
        known = b"#".decode(name) == "#"
    except (LookupError, ValueError):
        known = False
    if not known:
        raise SourceError("E903", row, f"names {name} as its encoding, which no Python source can have", advice)
    if codec.name in ("utf-8", "utf-8-sig"):
        return "utf-8"
    if bom:
        raise SourceError("E903", row, f"begins with UTF-8's byte order mark, but names {name} as its encoding", advice)
    return codec.name


def _row(data: bytes, offset: int) -> int:
    return len(re.findall(_NEWLINE, data[:offset])) + 1


def _reason(error: Exception) -> str:
    return error.strerror or str(error) if isinstance(error, OSError) else str(error)
