"""The proofs of all files whose text changes; nothing else runs a user's code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tdmigrate.config import Settings
from tdmigrate.results import FileError, FileResult, Proof
from tdmigrate.stages.guarding import internal
from tdmigrate.stages.looked import Looked, Progress
from tdmigrate.syntax import quiet
from tdmigrate.verification.changed import Changed

if TYPE_CHECKING:
    from tdmigrate.verification.modules import Texts


Proofs = Mapping[str, "tuple[Proof, ...] | FileError"]  # by path


def proofs_of(
    looked: Sequence[Looked], settings: Settings, compat: str | None, progress: Progress | None, roots: Sequence[str]
) -> Proofs:
    """The proofs of every file that gets a new text, or why there are none.

    ``compat``: the text of the module of --vendor. ``roots``: folders that imports of the project may start from.
    """
    changed = _changed(looked, settings, compat)
    if not changed:
        return {}
    from tdmigrate.verification.verify import verify_files

    tell = None if progress is None else progress.proving
    try:
        with quiet():
            proofs = verify_files(changed, settings, tell, _texts(looked, settings, roots))
        return {path: tuple(found) for path, found in proofs.items()}
    except Exception as error:
        failed = internal(error)
        return {item.path: failed for item in changed}


def judged(looked: Sequence[Looked], proofs: Proofs, mode: str) -> tuple[list[FileResult], list[int]]:
    """The results with their proofs, and the places of those whose new text nothing stands against."""
    results, proved = [], []
    for place, one in enumerate(looked):
        result = one.result
        if one.source is not None and result.error is None and result.new_text is not None:
            found = proofs.get(result.path, ())
            if isinstance(found, FileError):
                result = result._replace(error=found)
            else:
                result = result._replace(proofs=found if one.seen is None else tuple(map(one.seen.placed_proof, found)))
                if not any(proof.status == "different" for proof in found):
                    proved.append(place)
                elif mode == "write":
                    result = result._replace(kept="a proof came out different")
        results.append(result)
    return results, proved


def shown(looked: Sequence[Looked], settings: Settings, roots: Sequence[str]) -> str:
    """The programs that the proofs would run, as text."""
    from tdmigrate.verification.shown import programs_shown

    changed = _changed([one for one in looked if one.result.error is None], settings, None)
    with quiet():
        return "\n".join(programs_shown(changed, settings, _texts(looked, settings, roots)))


def _changed(looked: Sequence[Looked], settings: Settings, compat: str | None) -> list[Changed]:
    return [
        Changed(one.result.path, _old_module(one), _provable(one.new_module, settings), one.check, compat)
        for one in looked
        if one.check is not None and one.new_module is not None
    ]


def _old_module(looked: Looked) -> str:
    """What is understood of the old text, as proofs want it."""
    from tdmigrate.verification.cutting.division import Divided

    return Divided(looked.module) if looked.divides else looked.module


def _texts(looked: Sequence[Looked], settings: Settings, roots: Sequence[str]) -> Texts:
    """What the files' imports may find."""
    from tdmigrate.verification.modules import Texts

    known: dict[str, tuple[str, str] | None] = {}
    for one in looked:
        result = one.result
        if result.error is not None:
            known[result.path] = None
        elif one.module:
            new = one.module if one.new_module is None else one.new_module
            known[result.path] = (_old_module(one), _provable(new, settings))
    return Texts(known, [one.result.path for one in looked], roots)


def _provable(new_text: str, settings: Settings) -> str:
    """The new text for a proof, in which the module of --vendor runs under the name of what it was taken from."""
    if settings.vendor is None:
        return new_text
    from tdmigrate.vendoring.module import from_compat

    return from_compat(new_text, settings.vendor)
