from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tarfile
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tdmigrate.verification.legacy import install as installing
from tdmigrate.verification.legacy.install import (
    LegacyUnavailable,
    Release,
    default_path,
    digest,
    install,
    is_intact,
    take,
)

FILES = {"keras/__init__.py": b"__version__ = '9.9.9'\n", "keras/layers/core.py": b"\xff\r\n"}


def sdist(folder: Path, files: Mapping[str, bytes] = FILES, links: Mapping[str, str] | None = None) -> Release:
    """A source distribution in ``folder`` and the release that it is."""
    name = "Keras-9.9.9"
    others = {"setup.py": b"raise SystemExit('never run')", "docs/keras/__init__.py": b"", "PKG-INFO": b"Name: Keras\n"}
    folder.mkdir(exist_ok=True)
    archive = folder / f"{name}.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for path, content in {**others, **files}.items():
            member = tarfile.TarInfo(f"{name}/{path}")
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
        for path, target in (links or {}).items():
            member = tarfile.TarInfo(f"{name}/{path}")
            member.type, member.linkname = tarfile.SYMTYPE, target
            tar.addfile(member)
    model = folder / "model"
    for path, content in FILES.items():
        place = model / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(content)
    sha256 = hashlib.sha256(archive.read_bytes()).hexdigest()
    return Release("keras", "9.9.9", name, sha256, digest(model / "keras"))


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - {".lock"}


@pytest.fixture
def place(tmp_path: Path) -> Path:
    folder = tmp_path / "legacy"
    folder.mkdir()
    return folder


def offline(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)


def test_only_the_package_is_unpacked(place: Path) -> None:
    release = sdist(place)
    assert install(place, [release]) == place
    assert names(place / "keras-9.9.9") == set(FILES)
    assert (place / "keras-9.9.9/keras/layers/core.py").read_bytes() == b"\xff\r\n"
    assert is_intact(place, release)
    assert not list(place.glob(".part-*"))


def test_links_and_other_folders_of_an_archive_are_left_out(place: Path) -> None:
    release = sdist(place, links={"keras/secret": "/etc/passwd", "keras/out": "../../.."})
    install(place, [release])
    assert names(place / "keras-9.9.9") == set(FILES)


@pytest.mark.parametrize("path", ["keras/../../../evil.py", "keras//evil.py", "keras/./evil.py"])
def test_a_file_outside_of_the_package_is_refused(place: Path, path: str) -> None:
    release = sdist(place, {**FILES, path: b"evil"})
    with pytest.raises(LegacyUnavailable, match="unsafe name"):
        install(place, [release])
    assert not list(place.parent.rglob("evil.py"))
    assert not (place / "keras-9.9.9").exists()


def test_another_file_of_that_name_is_refused(place: Path) -> None:
    release = sdist(place)
    (place / "Keras-9.9.9.tar.gz").write_bytes(b"something else")
    with pytest.raises(LegacyUnavailable, match="not the file that was published: delete it") as error:
        install(place, [release])
    assert "\n" not in str(error.value)
    assert not (place / "keras-9.9.9").exists()


def change(folder: Path) -> None:
    (folder / "keras/__init__.py").write_text("import os\n")


def cut(folder: Path) -> None:
    (folder / "keras/layers/core.py").unlink()


def add(folder: Path) -> None:
    (folder / "keras/layers/extra.py").write_text("")


def empty(folder: Path) -> None:
    folder.rename(folder.parent / "moved")
    folder.write_text("a file")


@pytest.mark.parametrize("spoil", [change, cut, add, empty])
def test_what_was_spoilt_is_put_right(place: Path, spoil: Callable[[Path], None]) -> None:
    release = sdist(place)
    install(place, [release])
    spoil(place / "keras-9.9.9")
    assert not is_intact(place, release)
    install(place, [release])
    assert is_intact(place, release)


def test_compiled_files_spoil_nothing(place: Path) -> None:
    release = sdist(place)
    install(place, [release])
    cache = place / "keras-9.9.9/keras/__pycache__"
    cache.mkdir()
    (cache / "core.cpython-311.pyc").write_bytes(b"x")
    assert is_intact(place, release)


@pytest.mark.parametrize("path", ["keras/layers/more", "keras/extra.py", "keras/__pycache__", "numpy.py"])
def test_what_lies_beside_the_published_files_is_not_taken_for_them(place: Path, path: str) -> None:
    release = sdist(place)
    install(place, [release])
    (place / "keras-9.9.9" / path).symlink_to(place)
    assert not is_intact(place, release)


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The user's cache, still empty."""
    monkeypatch.setenv("TDMIGRATE_LEGACY", str(tmp_path / "own"))
    offline(monkeypatch)
    return tmp_path / "own"


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    found = {path: path.read_bytes() if path.is_file() else b"" for path in (folder, *folder.rglob("*"))}
    return {str(path): (path.stat().st_mtime_ns, content) for path, content in found.items()}


@pytest.mark.parametrize("unpacked", [True, False])
def test_a_named_folder_is_only_read(place: Path, own: Path, unpacked: bool) -> None:
    release = sdist(place)
    if unpacked:
        install(place, [release])
        (place / "Keras-9.9.9.tar.gz").unlink()
        (place / ".lock").unlink()
        compiled = place / "keras-9.9.9/keras/__pycache__"
        compiled.mkdir()
        (compiled / "__init__.cpython-311.pyc").write_bytes(b"planted")
    (place / ".part-mine").mkdir()
    before = state(place)
    assert take(place, [release]) == own
    assert state(place) == before
    assert is_intact(own, release)
    assert names(own / "keras-9.9.9") == set(FILES)


@pytest.mark.parametrize("spoil", [change, cut, add, empty])
def test_a_named_folder_that_was_spoilt_is_refused(place: Path, own: Path, spoil: Callable[[Path], None]) -> None:
    release = sdist(place)
    install(place, [release])
    (place / "Keras-9.9.9.tar.gz").unlink()
    spoil(place / "keras-9.9.9")
    with pytest.raises(LegacyUnavailable, match=r"neither keras-9.9.9/keras .* nor Keras-9.9.9.tar.gz") as error:
        take(place, [release])
    assert "\n" not in str(error.value)
    assert not own.exists()


def test_the_folder_of_the_environment_is_filled_when_it_is_named(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TDMIGRATE_LEGACY", str(place))
    release = sdist(place)
    assert take(place, [release]) == place
    assert is_intact(place, release)


def test_a_second_time_nothing_is_done(place: Path) -> None:
    release = sdist(place)
    install(place, [release])
    (place / "Keras-9.9.9.tar.gz").unlink()
    progress = io.StringIO()
    install(place, [release], progress)
    assert progress.getvalue() == ""


def test_what_is_intact_is_used_from_a_folder_without_leave_to_write(place: Path) -> None:
    release = sdist(place)
    install(place, [release])
    before = names(place)
    (place / ".lock").unlink()
    assert install(place, [release]) == place
    assert names(place) == before
    assert not (place / ".lock").exists()


def test_what_a_killed_install_left_goes(place: Path) -> None:
    release = sdist(place)
    (place / ".part-old").mkdir()
    (place / ".part-old/half").write_text("x")
    install(place, [release])
    assert not list(place.glob(".part-*"))


def test_many_at_once(place: Path) -> None:
    release = sdist(place)
    program = (
        "import sys; from pathlib import Path; from tdmigrate.verification.legacy.install import *; "
        "install(Path(sys.argv[1]), [Release(*sys.argv[2:])])"
    )

    def one(_: int) -> int:
        return subprocess.run([sys.executable, "-c", program, str(place), *release]).returncode

    with ThreadPoolExecutor(4) as pool:
        assert list(pool.map(one, range(4))) == [0, 0, 0, 0]
    assert is_intact(place, release)
    assert not list(place.glob(".part-*"))


def test_offline_says_what_to_do_in_one_line(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    offline(monkeypatch)
    progress = io.StringIO()
    with pytest.raises(LegacyUnavailable) as error:
        install(place, [sdist(place.parent / "elsewhere")], progress)
    assert "go online once and run `tdmigrate legacy install`" in str(error.value)
    assert "Keras-9.9.9.tar.gz" in str(error.value)
    assert "\n" not in str(error.value)
    assert progress.getvalue() == f"fetching genuine Keras 9.9.9 into {place}\n"
    assert names(place) == set()


def test_without_pip_too(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(LegacyUnavailable, match="exit code 1"):
        install(place, [sdist(place.parent / "elsewhere")])


def test_an_environment_that_has_no_pip(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bare = place.parent / "bare"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(bare)], check=True)
    monkeypatch.setattr(sys, "executable", str(bare / "bin" / "python"))
    monkeypatch.delenv("PYTHONPATH", raising=False)
    with pytest.raises(LegacyUnavailable) as error:
        install(place, [sdist(place.parent / "elsewhere")])
    assert "this environment has no pip" in str(error.value)
    assert "-m ensurepip" in str(error.value)
    assert "\n" not in str(error.value)


def test_a_place_that_is_a_file(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LegacyUnavailable, match="can't be put into"):
        install(tmp_path / "file" / "legacy", [sdist(tmp_path / "elsewhere")])


def test_the_place_can_be_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TDMIGRATE_LEGACY", str(tmp_path / "there"))
    assert default_path() == tmp_path / "there"
    monkeypatch.delenv("TDMIGRATE_LEGACY")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert default_path().name == "legacy"


def test_removing_takes_only_what_was_installed(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = sdist(place)
    monkeypatch.setattr(installing, "RELEASES", [release])
    install(place, [release])
    assert installing.remove(place)
    assert (place / "Keras-9.9.9.tar.gz").exists()
    assert not (place / "keras-9.9.9").exists()
    assert not installing.remove(place)


def test_removing_leaves_no_empty_folder(place: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    release = sdist(place.parent / "elsewhere")
    monkeypatch.setattr(installing, "RELEASES", [release])
    (place / "keras-9.9.9/keras").mkdir(parents=True)
    assert installing.remove(place)
    assert not place.exists()


@pytest.mark.legacy
def test_genuine_releases_come_as_published(legacy_path: Path) -> None:
    for release in installing.RELEASES:
        assert is_intact(legacy_path, release)
    core = (legacy_path / "keras-1.2.2/keras/__init__.py").read_text()
    assert "__version__ = '1.2.2'" in core
