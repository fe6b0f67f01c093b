"""What the files of a project say of the Keras that its sources were written for.

A project's files are read, never run; what cannot be read says nothing. Nothing here depends on which files of the
project a run is for, so a file gets the same answer alone and among all others.
"""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator, Mapping, Sequence

from tdmigrate.discovery import Excludes, may_hold_legacy, sources_under
from tdmigrate.keras1.versions import RELEASES, Versions
from tdmigrate.patience import patience
from tdmigrate.sources.requirements import Requirement, is_wanted, requirements
from tdmigrate.sources.text import SourceError, decode, scan
from tdmigrate.understanding.claims import Claim, Claims
from tdmigrate.understanding.era import BACKENDS, Era, conclude
from tdmigrate.view import View, view

LIMIT = 250_000  # bytes of a project's file, far more than people write
SOURCES = 100  # of a project that are looked at for what they prove

_SETTINGS = "keras.json"
_SETS_VARIABLES = ("Dockerfile", ".travis.yml", "tox.ini")  # and Dockerfile.gpu
_VARIABLE = rb"KERAS_BACKEND(?:=|\s+|:\s*)[\"']?(theano|tensorflow)\b"
_LATER = ("2.0.0", "2.3.1", "2.15.0", "3.0.0", "3.15.1", "9999")  # releases that Keras 0.x/1.x sources do not run on
_PACKAGES = {"theano": "theano", **dict.fromkeys(("tensorflow", "tensorflow-gpu", "tensorflow-cpu"), "tensorflow")}
_AT_LEAST_2 = r"(?:===?|>=?|~=)\s*(?:[2-9]|\d\d)"


def own_claims(seen: View, era: Era) -> Claims:
    """What one source proves by itself for the others of its project.

    Nothing where it is none of Keras 0.x/1.x, or migrated in part.
    """
    claims: list[Claim] = []
    path = shown(seen.source.path)
    if era.proof is None or era.modern:
        return ()
    claims.append(Claim(path, seen.where(era.proof.span), era.proof.message, proof=True))
    if era.version_evidence:
        last = era.version_evidence[-1]
        claims.append(Claim(path, seen.where(last.span), last.message, versions=era.versions))
    if era.backend_evidence:
        first = era.backend_evidence[0]
        claims.append(Claim(path, seen.where(first.span), first.message, backend=era.backend))
    if era.ordering_evidence:
        last = era.ordering_evidence[-1]
        claims.append(Claim(path, seen.where(last.span), last.message, ordering=era.ordering))
    return tuple(claims)


class Projects:
    """The claims of projects, each file read once."""

    def __init__(self, excludes: Excludes, known: Mapping[str, Claims]) -> None:
        """``known``: real path of a source → what it says by itself, where that is known already."""
        self._excludes = excludes
        self._known = known
        self._chains: dict[str, list[str]] = {}
        self._folders: dict[str, Claims] = {}
        self._names: dict[str, frozenset[str]] = {}
        self._sources: dict[str, tuple[tuple[str, Claims], ...]] = {}

    def written(self, path: str) -> Claims:
        """What the project's files other than sources say, those nearest to the source at ``path`` first."""
        return tuple(claim for folder in self._chain(path) for claim in self._folder(folder))

    def claims(self, path: str) -> Claims:
        """As ``written``, then what the other sources of the project say, where these agree."""
        real = os.path.realpath(path)
        others = [claims for source, claims in self._surveyed(self._chain(path)) if source != real]
        return (*self.written(path), *_agreed([claim for claims in others for claim in claims]))

    def legacy(self, path: str) -> str | None:
        """Another source of the project that proves Keras 0.x/1.x, as a user types it."""
        real = os.path.realpath(path)
        others = (claims for source, claims in self._surveyed(self._chain(path)) if source != real)
        return next((claim.path for claims in others for claim in claims if claim.proof), None)

    def _chain(self, path: str) -> list[str]:
        """The folders from the source's own up to the root of its repository.

        Without a repository, up to the folder above the packages that it is in and one more.
        """
        folder = os.path.dirname(os.path.realpath(path))
        if folder not in self._chains:
            self._chains[folder] = self._climb(folder)
        return self._chains[folder]

    def _climb(self, folder: str) -> list[str]:
        chain = [folder]
        while not os.path.lexists(os.path.join(chain[-1], ".git")):
            parent = os.path.dirname(chain[-1])
            if parent == chain[-1]:
                break
            chain.append(parent)
        else:
            return chain
        packages = 0
        while "__init__.py" in self._list(chain[packages]):
            packages += 1
        near = chain[: packages + 2]
        return [near[0], *(one for one in near[1:] if one not in (os.path.expanduser("~"), os.path.sep))]

    def _list(self, folder: str) -> frozenset[str]:
        if folder not in self._names:
            try:
                self._names[folder] = frozenset(os.listdir(folder))
            except OSError:
                self._names[folder] = frozenset()
        return self._names[folder]

    def _folder(self, folder: str) -> Claims:
        if folder not in self._folders:
            self._folders[folder] = tuple(self._read(folder))
        return self._folders[folder]

    def _read(self, folder: str) -> Iterator[Claim]:
        names = self._list(folder)
        for name in sorted({_SETTINGS, ".keras"} & names, reverse=True):
            yield from _settings(os.path.join(folder, name if name == _SETTINGS else os.path.join(name, _SETTINGS)))
        for name in sorted(names):
            if name.startswith(_SETS_VARIABLES):
                yield from _variables(os.path.join(folder, name))
        files = [os.path.join(folder, name) for name in sorted(names, key=_weight) if is_wanted(name)]
        if "requirements" in names:
            inner = os.path.join(folder, "requirements")
            files += [os.path.join(inner, name) for name in sorted(self._list(inner)) if name.endswith(".txt")]
        found = [(path, one) for path in files for one in _requirements(path)]
        for path, one in found:
            claim = _pin(path, one) if one.name == "keras" and one.specifier else None
            if claim is not None:
                yield claim
        backends = [(path, one) for path, one in found if one.name in _PACKAGES]
        ran = [(path, one) for path, one in backends if not re.search(_AT_LEAST_2, one.specifier)]
        if len({_PACKAGES[one.name] for _, one in ran}) == 1:  # Keras itself brought Theano, so both say nothing
            path, one = ran[0]
            yield Claim(shown(path), str(one.row), one.written, backend=_PACKAGES[one.name])

    def _surveyed(self, chain: Sequence[str]) -> tuple[tuple[str, Claims], ...]:
        """Real paths of the sources of the nearest project on the way up, and what each says; some of a huge one."""
        home = next((folder for folder in chain if any(n == ".git" or is_wanted(n) for n in self._list(folder))), None)
        place = home or chain[0]
        if place not in self._sources:
            found: list[tuple[str, Claims]] = []
            for path in sources_under(place, self._excludes, below=home is not None):
                claims = self._known.get(path)
                if claims is None:
                    claims = _survey(path)
                if claims is not None:
                    found.append((path, claims))
                if len(found) == SOURCES:
                    break
            self._sources[place] = tuple(found)
        return self._sources[place]


def _agreed(claims: Sequence[Claim]) -> Iterator[Claim]:
    """Of what several sources say, that which decides; nothing where they contradict each other."""
    told = [claim for claim in claims if claim.versions is not None]
    if told:
        low = max(told, key=lambda claim: claim.versions.lo if claim.versions is not None else 0)
        high = min(told, key=lambda claim: claim.versions.hi if claim.versions is not None else 0)
        if low.versions is not None and high.versions is not None and low.versions.lo <= high.versions.hi:
            yield from dict.fromkeys((low, high))
    for some in ([c for c in claims if c.backend is not None], [c for c in claims if c.ordering is not None]):
        if len({(claim.backend, claim.ordering) for claim in some}) == 1:
            yield some[0]


def _survey(path: str) -> Claims | None:
    """What a source that nobody asked about says; None: it does not mention Keras."""
    from tdmigrate.keras1.versions import ALL
    from tdmigrate.understanding.names import Names

    try:
        data = scan(path, may_hold_legacy)
        if data is None:
            return None
        with patience():
            seen = view(decode(path, data))
            names = Names(seen.module, ALL)
            era = conclude(seen.module, names) if names.bindings else None
    except Exception:  # what is wrong with a file is said when its own turn comes
        return ()
    return own_claims(seen, era) if era is not None else ()


def shown(path: str) -> str:
    """A path as a user types it: from the working folder where it is below that, else from the root."""
    real = os.path.realpath(path)
    below = os.path.relpath(real, os.path.realpath(os.curdir))
    return real if below.startswith(os.pardir) else below


def _weight(name: str) -> tuple[int, str]:
    """Pins of what was installed before what a package asks for at least."""
    return (name in ("setup.py", "setup.cfg", "pyproject.toml"), name)


def _bytes(path: str) -> bytes:
    """What stands in a file of a project, as UTF-8."""
    try:
        if os.path.getsize(path) > LIMIT:
            return b""
        data = scan(path, lambda data: True) or b""
    except (OSError, SourceError):
        return b""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):  # as PowerShell writes what it is given
        return data.decode("utf-16", "replace").encode("utf-8", "replace")
    return data


def _requirements(path: str) -> list[Requirement]:
    data = _bytes(path)
    lower = data.lower()
    if not any(word in lower for word in (b"keras", b"theano", b"tensorflow")):
        return []
    name = os.path.basename(path)
    name = name if is_wanted(name) else "requirements.txt"
    return list(requirements(name, data.decode("utf-8-sig", "replace")))


def _pin(path: str, one: Requirement) -> Claim | None:
    """What a requirement of Keras says; nothing where it admits no Keras 0.x/1.x, for the project has moved on."""
    from packaging.specifiers import SpecifierSet

    try:
        allowed = SpecifierSet(one.specifier, prereleases=True)
        fitting = [index for index, release in enumerate(RELEASES) if release in allowed]
        only = not any(release in allowed for release in _LATER)
    except ValueError:  # no specifier, or one with more digits than a number may have
        return None
    if not fitting:
        return None
    return Claim(shown(path), str(one.row), one.written, Versions(fitting[0], fitting[-1]), legacy_only=only)


def _settings(path: str) -> Iterator[Claim]:
    """keras.json as Keras 1.x wrote it; from 2.0 on it has other keys."""
    data = _bytes(path)
    if not data:
        return
    import json

    try:
        told = json.loads(data)
    except (ValueError, RecursionError):
        return
    if not isinstance(told, dict) or "image_data_format" in told:
        return
    for key, known in (("backend", BACKENDS), ("image_dim_ordering", ("th", "tf"))):
        value = told.get(key)
        if value in known:
            row = data[: max(data.find(f'"{key}"'.encode()), 0)].count(b"\n") + 1
            message = f'"{key}": "{value}"'
            backend, ordering = (value, None) if key == "backend" else (None, value)
            yield Claim(shown(path), str(row), message, backend=backend, ordering=ordering)


def _variables(path: str) -> Iterator[Claim]:
    """A file that sets KERAS_BACKEND, always to the same."""
    data = _bytes(path)
    found = list(re.finditer(_VARIABLE, data))
    if len({one[1] for one in found}) == 1:
        backend = found[0][1].decode()
        row = data[: found[0].start()].count(b"\n") + 1
        yield Claim(shown(path), str(row), f"KERAS_BACKEND is {backend}", backend=backend)
