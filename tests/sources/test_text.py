from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from tdmigrate.sources import text
from tdmigrate.sources.text import LIMIT, SourceError, decode, encode, read, replace, scan

NEWLINES = ["a = 1\nb = 2\n", "a = 1\r\nb = 2\r\n", "a = 1\rb = 2\r", "a\r\nb\nc\rd", "no newline at the end", ""]


def refusal(call: Callable[[], object]) -> str:
    with pytest.raises(SourceError) as caught:
        call()
    error = caught.value.error
    assert "\n" not in error.show()
    return f"{error.code}:{error.row}"


@pytest.mark.parametrize("body", NEWLINES)
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_text_keeps_newlines_and_gives_back_the_same_bytes(tmp_path: Path, body: str, bom: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(bom + body.encode())
    source = read(str(path))
    assert source.text == body
    assert source.bom == bom
    assert encode(source, source.text) == path.read_bytes()


@pytest.mark.parametrize(
    ("data", "encoding", "text"),
    [
        ("# -*- coding: latin-1 -*-\nx = 'é'\n".encode("latin-1"), "iso8859-1", "# -*- coding: latin-1 -*-\nx = 'é'\n"),
        ("#!/bin/env python\r\n# vim: set fileencoding=cp1251 :\r\nж = 1".encode("cp1251"), "cp1251", None),
        ("# coding=koi8-r\rж = 1\r".encode("koi8-r"), "koi8-r", "# coding=koi8-r\rж = 1\r"),
        ("\n# coding: shift_jis\nx = '表'\n".encode("shift_jis"), "shift_jis", None),
        (
            "x = 1\n# coding: latin-1\ny = 'é'\n".encode(),
            "utf-8",
            None,
        ),  # not after a statement
        ("# a\n# b\n# coding: latin-1\ny = 'é'\n".encode(), "utf-8", None),
        (b"\xef\xbb\xbf# coding: UTF8\nx = 1\n", "utf-8", "# coding: UTF8\nx = 1\n"),
        (b"# coding: utf-8-sig\nx = 1\n", "utf-8", "# coding: utf-8-sig\nx = 1\n"),
    ],
)
def test_pep_263(data: bytes, encoding: str, text: str | None) -> None:
    source = decode("a.py", data)
    assert source.encoding == encoding
    assert text is None or source.text == text
    assert encode(source, source.text) == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        ("import keras\n".encode("utf-16"), "E903:None"),
        ("import keras\n".encode("utf-16-be"), "E903:1"),
        (b"x = 1\r\ny = '\0'\r\n", "E903:2"),
        (b"x = 1\ny = '\xe9'\n", "E903:2"),
        (b"x = 1\ry = 2\rz = '\xe9'\r", "E903:3"),
        (b"# coding: nonesuch\n", "E903:1"),
        (b"\n# coding: rot13\n", "E903:2"),
        (b"# coding: hex\n", "E903:1"),
        (b"\xef\xbb\xbf# coding: latin-1\n", "E903:1"),
        (b"# coding: undefined\nx = 1\n", "E903:1"),
        (b"\x7fELF\x02\x01\x01\0\0\0keras", "E903:1"),
        (b"x = 1\n" * (LIMIT // 6 + 1), "E902:None"),
    ],
)
def test_what_is_no_text_is_refused_with_its_row(data: bytes, expected: str) -> None:
    assert refusal(lambda: decode("a.py", data)) == expected


def test_undecodable_byte_is_named_by_its_offset_in_the_file() -> None:
    with pytest.raises(SourceError, match="byte 0xe9 at offset 8 is not utf-8"):
        decode("a.py", b"\xef\xbb\xbfx = '\xe9'\n")


@pytest.mark.parametrize("kind", ["missing", "broken link", "folder", "pipe", "loop", "zero byte"])
def test_what_is_no_file_is_refused(tmp_path: Path, kind: str) -> None:
    path = tmp_path / "a.py"
    if kind == "broken link":
        path.symlink_to("nowhere")
    elif kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "loop":
        path.symlink_to("a.py")
    name = "a\0.py" if kind == "zero byte" else str(path)
    assert refusal(lambda: read(name)) == "E902:None"


@pytest.mark.parametrize("size", [10, LIMIT + 10])
@pytest.mark.parametrize("holds", [False, True])
def test_scan_looks_through_files_of_any_size(tmp_path: Path, size: int, holds: bool) -> None:
    path = tmp_path / "a.py"
    path.write_bytes((b"#" * size) + (b"keras" if holds else b"karas"))

    def search() -> bytes | None:
        return scan(str(path), lambda data: data.find(b"keras") >= 0)

    if holds and size > LIMIT:
        assert refusal(search) == "E902:None"
    else:
        assert search() == (path.read_bytes() if holds else None)


@pytest.mark.parametrize("body", [body for body in NEWLINES if body])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_replace_touches_nothing_but_the_text(tmp_path: Path, body: str, bom: bytes) -> None:
    path = tmp_path / "a.py"
    path.write_bytes(bom + body.encode())
    path.chmod(0o640)
    replace(read(str(path)), body.replace("b", "é"))
    assert path.read_bytes() == bom + body.replace("b", "é").encode()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["a.py"]


@pytest.mark.parametrize("mode", [0o644, 0o755, 0o600, 0o4755])
def test_replace_keeps_the_mode_whatever_the_umask(tmp_path: Path, mode: int) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    path.chmod(mode)
    umask = os.umask(0o077)
    try:
        replace(read(str(path)), "x = 2\n")
    finally:
        os.umask(umask)
    assert stat.S_IMODE(path.stat().st_mode) == mode


def test_replace_keeps_the_owner(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    if os.geteuid() == 0:
        os.chown(path, 4242, 4243)
    before = path.stat()
    replace(read(str(path)), "x = 2\n")
    after = path.stat()
    assert path.read_text() == "x = 2\n"
    assert (after.st_uid, after.st_gid) == (before.st_uid, before.st_gid)


def test_a_file_whose_owner_cannot_be_kept_is_left(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    source = read(str(path))
    real = os.stat

    def foreign(*args: object, **kwargs: object) -> os.stat_result:
        found = real(*args, **kwargs)  # type: ignore[arg-type]
        return os.stat_result([*found[:4], found.st_uid + 1, *found[5:10]])

    def denied(*args: object) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "stat", foreign)
    monkeypatch.setattr(os, "fchown", denied)
    with pytest.raises(SourceError, match="would lose its owner or group"):
        replace(source, "x = 2\n")
    monkeypatch.undo()
    assert path.read_text() == "x = 1\n"
    assert os.listdir(tmp_path) == ["a.py"]


def test_replace_goes_through_a_link_and_keeps_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    target = tmp_path / "real" / "b.py"
    target.write_text("x = 1\n")
    link = tmp_path / "a.py"
    link.symlink_to(Path("real") / "b.py")
    replace(read(str(link)), "x = 2\n")
    assert link.is_symlink()
    assert os.readlink(link) == "real/b.py"
    assert target.read_text() == "x = 2\n"
    assert os.listdir(tmp_path / "real") == ["b.py"]


def test_replace_leaves_a_file_that_changed_meanwhile(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    source = read(str(path))
    path.write_text("x = 3\n")
    assert refusal(lambda: replace(source, "x = 2\n")) == "E905:None"
    assert path.read_text() == "x = 3\n"
    assert os.listdir(tmp_path) == ["a.py"]


def test_replace_does_not_bring_back_a_deleted_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    source = read(str(path))
    path.unlink()
    assert refusal(lambda: replace(source, "x = 2\n")) == "E905:None"
    assert os.listdir(tmp_path) == []


def test_replace_does_not_bring_back_a_file_deleted_at_the_last_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    source = read(str(path))
    monkeypatch.setattr(os, "fsync", lambda descriptor: path.unlink(missing_ok=True))
    assert refusal(lambda: replace(source, "x = 2\n")) == "E905:None"
    assert os.listdir(tmp_path) == []


def test_replace_leaves_a_read_only_file(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    path.chmod(0o444)
    assert refusal(lambda: replace(read(str(path)), "x = 2\n")) == "E902:None"
    assert path.read_text() == "x = 1\n"


@pytest.mark.parametrize("nameless", [True, False])
@pytest.mark.parametrize("step", ["fsync", "link", "replace", "fchmod"])
@pytest.mark.parametrize("failure", [OSError(28, "No space left on device"), KeyboardInterrupt()])
def test_no_temporary_file_survives_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, step: str, failure: BaseException, nameless: bool
) -> None:
    if not nameless:
        monkeypatch.delattr(os, "O_TMPFILE", raising=False)
        step = "fsync" if step == "link" else step
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    source = read(str(path))

    def fail(*args: object, **more: object) -> None:
        raise failure

    monkeypatch.setattr(os, step, fail)
    with pytest.raises((SourceError, KeyboardInterrupt)) as caught:
        replace(source, "x = 2\n")
    if isinstance(caught.value, SourceError):
        assert "No space left on device" in caught.value.error.show()
    assert path.read_text() == "x = 1\n"
    assert os.listdir(tmp_path) == ["a.py"]


def test_an_interrupt_behind_the_last_step_leaves_the_new_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    genuine = os.replace

    def late(*args: str) -> None:
        genuine(*args)
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "replace", late)
    with pytest.raises(KeyboardInterrupt):
        replace(read(str(path)), "x = 2\n")
    assert path.read_text() == "x = 2\n"
    assert os.listdir(tmp_path) == ["a.py"]


def test_new_text_must_fit_the_encoding(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    data = "# coding: latin-1\nx = 'é'\n".encode("latin-1")
    path.write_bytes(data)
    assert refusal(lambda: replace(read(str(path)), "# coding: latin-1\nx = 'ж'\n")) == "E903:2"
    assert path.read_bytes() == data


def test_an_encoding_that_does_not_give_back_its_bytes_is_not_written(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    data = b"# coding: utf-7\nx = '+AGs-'\n"  # utf-7 writes this k plainly
    path.write_bytes(data)
    assert refusal(lambda: replace(read(str(path)), "# coding: utf-7\ny = 'k'\n")) == "E903:None"
    assert path.read_bytes() == data


def test_new_text_must_not_change_the_cookie_to_another_meaning() -> None:
    source = decode("a.py", "# coding: latin-1\nx = 'é'\n".encode("latin-1"))
    assert refusal(lambda: encode(source, "x = 'é'\n")).startswith("E903")


def test_extended_attributes_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "a.py"
    path.write_text("x = 1\n")
    try:
        os.setxattr(path, "user.origin", b"2016")
    except OSError:
        kept: dict[str, bytes] = {}  # this file system has none
    else:
        kept = {"user.origin": b"2016"}
    replace(read(str(path)), "x = 2\n")
    assert {name: os.getxattr(path, name) for name in os.listxattr(path)} == kept


def test_limit_is_far_above_what_people_write() -> None:
    assert text.LIMIT >= 5_000_000
