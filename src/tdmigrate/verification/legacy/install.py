"""Genuine Keras 0.2–1.2 and Theano, in a folder of their own, never among the packages of the environment.

They come as source distributions by the environment's own pip, pinned by SHA-256; only the package folder of each is
unpacked, byte for byte, and is checked against a pinned digest whenever it is used. Nothing of a source distribution
runs here but what pip runs itself to read its metadata.

The folder holds ``keras-1.2.2/keras/…``, ``theano-1.0.5/theano/…``. It may be filled by hand: source distributions
that lie in it (``Keras-1.2.2.tar.gz``) are unpacked without a network.

A folder that ``--legacy-path`` names is only read: what it holds is copied into that folder, file by file against the
same digests. Nothing is imported from it, so that no compiled file in it is run either.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import IO

from tdmigrate.records import NamedTuple


class LegacyUnavailable(Exception):  # noqa: N818
    """Genuine Keras isn't there and can't be fetched; the message is one line and says what to do."""


class Release(NamedTuple):
    """One source distribution: what it is called, and what must come out of it."""

    package: str  # "keras", the folder that is unpacked
    version: str
    sdist: str  # file name, without ".tar.gz"
    sha256: str  # of the file
    tree: str  # of the unpacked package folder, as ``digest`` makes it

    @property
    def folder(self) -> str:
        return f"{self.package}-{self.version}"


THEANO = Release(
    "theano", "1.0.5", "Theano-1.0.5",
    "6e9439dd53ba995fcae27bf20626074bfc2fff446899dc5c53cb28c1f9202e89",
    "86b9e0cd2bbc55f31fb8a4f900a30259ae279ca251a048544c1d5da0ea96dee5",
)  # fmt: skip
KERAS = {
    version: Release("keras", version, f"Keras-{version}", sha256, tree)
    for version, sha256, tree in (
        (
            "0.2.0",
            "82442aef9fc8ea4a251dad9c394b5ad637edd806bf68dc759f9b551a041b9f3a",
            "2843665b5d544bb3b026f61d81ff4e513085c611d014b3079e3c0e0a9dea6008",
        ),
        (
            "0.3.3",
            "d958852b187c25e7868f39aea4ac4f87cbc906971c476f1cc4fbf1e673b176ab",
            "590375f66801699103aaccab0462d1cecb23386887c9175d4598d5d41dd8d2bb",
        ),
        (
            "1.0.8",
            "d3eb98905013ef258163ea77d98786d04d282e1e8f707b4efbb9f218596f0c9f",
            "89405df48832916de931ed32f5bfe663acbbde7916a03ba64027b1b791a55d22",
        ),
        (
            "1.1.2",
            "cfde0a424961ead4982a7ebefd77d8ca382810b5a69b566fa64c57d8f340eeb4",
            "efbe81b7732aad3bcd2c7b3a3d2c6811cfad5c122debbbe88e312bb13828db5c",
        ),
        (
            "1.2.2",
            "d2b18c4336eb9c4f0d03469870257efa7980a9b036c9d46dcf4d49e7f4487e2d",
            "a167a3643ef70102720983b46214aa5f641e1671f3401afa60c2cbcded51f402",
        ),
    )
}
RELEASES = (THEANO, *KERAS.values())
ON_TENSORFLOW = ("0.3.3", "1.0.8", "1.1.2", "1.2.2")  # Keras 0.2 knew Theano alone

# Theano's setup.py asks configparser for names that went away in Python 3.12; Python runs a sitecustomize module first
_SITECUSTOMIZE = """\
import configparser


class SafeConfigParser(configparser.ConfigParser):
    def readfp(self, file, filename=None):
        self.read_file(file, filename)


configparser.SafeConfigParser = SafeConfigParser
"""


def default_path() -> Path:
    """``TDMIGRATE_LEGACY``, else a folder in the user's cache."""
    named = os.environ.get("TDMIGRATE_LEGACY")
    if named:
        return Path(named).absolute()
    import platformdirs  # only a run that verifies pays for it

    return Path(platformdirs.user_cache_dir("tdmigrate")) / "legacy"


def digest(folder: Path) -> str:
    """SHA-256 over names and contents of all files under a folder, compiled ones set aside.

    Raises OSError where a link lies in it: what a link leads to may change.
    """
    total = hashlib.sha256()
    files = []
    for where, folders, names in os.walk(folder):
        for name in (*folders, *names):
            if os.path.islink(os.path.join(where, name)):
                raise OSError(errno.ELOOP, "is a link", os.path.join(where, name))
        folders[:] = [name for name in folders if name != "__pycache__"]
        files += [os.path.join(where, name) for name in names]
    for name in sorted(files, key=lambda name: os.path.relpath(name, folder).split(os.sep)):
        content = hashlib.sha256(Path(name).read_bytes()).hexdigest()
        total.update(f"{content} {Path(name).relative_to(folder).as_posix()}\n".encode("utf-8", "surrogateescape"))
    return total.hexdigest()


def is_intact(path: Path, release: Release) -> bool:
    """Whether a release is unpacked under ``path``, with the very bytes that were published and nothing beside them."""
    folder = path / release.folder
    try:
        return os.listdir(folder) == [release.package] and digest(folder / release.package) == release.tree
    except OSError:
        return False


def install(path: Path | None = None, releases: Sequence[Release] = RELEASES, progress: IO[str] | None = None) -> Path:
    """Make sure that these releases are under ``path`` (None: ``default_path()``), and return the path.

    What is there and intact stays. Several processes may call this at once. ``progress``: where a line per release is
    written. Raises LegacyUnavailable.
    """
    path = default_path() if path is None else path.absolute()
    return _make(path, releases, lambda release: _install_one(path, release, progress, path))


def _make(path: Path, releases: Sequence[Release], make: Callable[[Release], None]) -> Path:
    """Have ``make`` put into ``path`` what is not there or not intact; one process at a time."""
    missing = [release for release in releases if not is_intact(path, release)]
    if not missing:
        return path
    try:
        path.mkdir(parents=True, exist_ok=True)
        with _lock(path):
            for release in missing:
                if not is_intact(path, release):  # another process may have been faster
                    make(release)
    except OSError as error:
        raise LegacyUnavailable(f"genuine Keras can't be put into {path}: {error.strerror or error}") from error
    return path


def take(named: Path, releases: Sequence[Release] = RELEASES) -> Path:
    """Make sure that these releases are in ``default_path()``, copied from ``named`` if need be; return that path.

    ``named`` holds each as a source distribution or unpacked, and is only read. Raises LegacyUnavailable where it does
    not have the bytes that were published.
    """
    path = default_path()
    if named.absolute() == path:
        return install(path, releases)
    for release in releases:
        if not (is_intact(named, release) or (named / f"{release.sdist}.tar.gz").is_file()):
            raise LegacyUnavailable(
                f"{named} has neither {release.folder}/{release.package} as it was published nor {release.sdist}.tar.gz"
                ": put that file there, or leave --legacy-path out and run `tdmigrate legacy install`"
            )
    return _make(path, releases, lambda release: _install_one(path, release, None, named))


def remove(path: Path | None = None) -> bool:
    """Delete what ``install`` put there, and nothing else; False: there was nothing."""
    path = default_path() if path is None else path.absolute()
    found = False
    for release in RELEASES:
        folder = path / release.folder
        if folder.is_dir():
            found = True
            shutil.rmtree(folder)
    if found or (path / _LOCK).exists():
        (path / _LOCK).unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # whatever else lies there stays
            path.rmdir()
    return found


_LOCK = ".lock"


@contextlib.contextmanager
def _lock(path: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process that holds it."""
    import fcntl

    with open(path / _LOCK, "w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _install_one(path: Path, release: Release, progress: IO[str] | None, source: Path) -> None:
    """Put a release into ``path``: from what lies in ``source``, else from the registry."""
    local = source / f"{release.sdist}.tar.gz"
    # what a killed install left behind
    for left in path.glob(".part-*"):
        shutil.rmtree(left, ignore_errors=True)
    part = Path(tempfile.mkdtemp(prefix=".part-", dir=path))
    unpacked = part / "unpacked"
    try:
        if source != path and is_intact(source, release):
            _copy(source / release.folder / release.package, unpacked / release.package)
            archive = source / release.folder
        else:
            archive = local if local.is_file() else _fetch(path, release, part, progress)
            if hashlib.sha256(archive.read_bytes()).hexdigest() != release.sha256:
                raise LegacyUnavailable(f"{archive.name} is not the file that was published: delete it and try again")
            _unpack(archive, release, unpacked)
        if digest(unpacked / release.package) != release.tree:
            raise LegacyUnavailable(f"{archive.name} did not unpack to the files that were published")
        target = path / release.folder
        if target.exists() or target.is_symlink():  # incomplete or changed: make room in one step
            os.replace(target, part / "spoilt")
        os.replace(unpacked, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _copy(source: Path, target: Path) -> None:
    """Copy the files of a package, but for compiled ones."""
    for where, folders, names in os.walk(source):
        folders[:] = [name for name in folders if name != "__pycache__"]
        for name in names:
            place = target / Path(where).relative_to(source) / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes((Path(where) / name).read_bytes())


def _fetch(path: Path, release: Release, part: Path, progress: IO[str] | None) -> Path:
    if progress is not None:
        progress.write(f"fetching genuine {release.package.capitalize()} {release.version} into {path}\n")
        progress.flush()
    return _download(release, part)


def _download(release: Release, part: Path) -> Path:
    """The source distribution, by the environment's own pip with the user's own settings."""
    requirement = part / "requirement.txt"
    requirement.write_text(f"{release.package}=={release.version} --hash=sha256:{release.sha256}\n")
    (part / "startup").mkdir()
    (part / "startup" / "sitecustomize.py").write_text(_SITECUSTOMIZE)
    (part / "sdist").mkdir()
    environment = dict(os.environ)
    environment["PYTHONPATH"] = os.pathsep.join([str(part / "startup"), *filter(None, [os.environ.get("PYTHONPATH")])])
    command = [
        sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-input",
        "--retries", "2", "--no-deps", "--no-binary", ":all:", "--require-hashes", "--dest", str(part / "sdist"),
        "--requirement", str(requirement),
    ]  # fmt: skip
    run = subprocess.run(
        command, env=environment, cwd=part, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
        errors="replace",
    )  # fmt: skip
    found = list((part / "sdist").glob("*.tar.gz"))
    if run.returncode or len(found) != 1:
        lines = [line.strip() for line in run.stderr.splitlines() if line.strip()]
        if any(line.endswith("No module named pip") for line in lines):
            raise LegacyUnavailable(
                f"genuine {release.package.capitalize()} {release.version} could not be fetched, this environment has "
                f"no pip: `{sys.executable} -m ensurepip` (or `uv pip install pip`), or put {release.sdist}.tar.gz "
                "into a folder and name it by --legacy-path"
            )
        errors = [line for line in lines if line.startswith("ERROR")] or lines[-1:] or [f"exit code {run.returncode}"]
        raise LegacyUnavailable(
            f"genuine {release.package.capitalize()} {release.version} could not be fetched by pip "
            f"({errors[-1].removeprefix('ERROR: ')[:200]}): go online once and run `tdmigrate legacy install`, "
            f"or put {release.sdist}.tar.gz into a folder and name it by --legacy-path"
        )
    return found[0]


def _unpack(archive: Path, release: Release, target: Path) -> None:
    """Write the regular files of the package folder, and nothing that isn't plainly under it."""
    prefix = f"{release.sdist}/{release.package}/"
    with tarfile.open(archive, "r:gz") as tar:
        for member in tar:
            if not member.name.startswith(prefix) or not member.isreg():
                continue
            parts = member.name.removeprefix(f"{release.sdist}/").split("/")
            if any(part in ("", ".", "..") for part in parts):
                raise LegacyUnavailable(f"{archive.name} holds a file with an unsafe name")
            source = tar.extractfile(member)
            assert source is not None  # a regular file
            place = target.joinpath(*parts)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(source.read())
