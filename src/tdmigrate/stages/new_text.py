"""Findings → the new text of a file: fixes are applied, and what comes out is checked again."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from tdmigrate.config import Settings
from tdmigrate.findings import Finding
from tdmigrate.results import FileResult, applies
from tdmigrate.rules import check as rules
from tdmigrate.rules.check import CheckResult
from tdmigrate.rules.context import CheckSettings
from tdmigrate.sources.text import SourceError, decode, encode
from tdmigrate.stages.guarding import in_words
from tdmigrate.stages.looked import Looked, Read
from tdmigrate.syntax import check_depth, parse
from tdmigrate.view import View, rewritten_notebook

if TYPE_CHECKING:
    from tdmigrate.understanding.claims import Claims
    from tdmigrate.understanding.module import Module


def with_new_text(
    looked: Looked,
    read: Read,
    checked: CheckResult,
    findings: Sequence[Finding],
    claims: Claims,
    settings: Settings,
) -> Looked:
    """The same file with its new text, if that is another; with the error that stands against it, if one does.

    ``checked``: all that was found. ``findings``: what of it is told, and fixed.
    """
    seen, module, era = read.view, read.view.module, checked.era
    wanted = CheckSettings.of(settings)
    # the rewrite may take away all that proved Keras 0.x/1.x; what is left of that is none of Keras 2 for it
    ours = wanted._replace(from_keras2=False) if era is not None and era.legacy else wanted

    def recheck(text: str) -> tuple[Finding, ...]:
        new = parse(text, seen.source.path)
        reading = rules.read(new, ours, read.origin) if read.origin else None
        found = rules.check(new, ours, claims, reading).findings
        return found if settings.vendor is None else vendoring(new, found, wanted)

    try:
        if any(finding.fix is not None for finding in findings):
            check_depth(module)
        new_module, left = _rewritten(module.text, findings, settings, recheck)
        if new_module == module.text and not _converts(seen, findings):
            return looked
        result, left = _with_new(looked.result, seen, new_module, left)
    except Exception as error:
        return Looked(looked.result._replace(error=in_words(error)))
    looked = looked._replace(result=result, source=seen.source, new_module=new_module, left=left)
    # what only an importer in Python 2 brings in is not proved
    return looked._replace(check=checked, seen=seen) if settings.verify and not read.importer else looked


def _converts(seen: View, findings: Sequence[Finding]) -> bool:
    """Whether the file is Python 2 and becomes Python 3, whatever its findings change besides."""
    if seen.python2 is None:
        return False
    from tdmigrate.python2.check import SYNTAX

    return any(finding.code == SYNTAX for finding in findings)


def _rewritten(
    text: str, findings: Sequence[Finding], settings: Settings, recheck: Callable[[str], tuple[Finding, ...]]
) -> tuple[str, tuple[Finding, ...]]:
    """The module with its fixes applied, and what is left in it. Raises ``SourceError`` where it does not hold."""
    fixes = [finding.fix for finding in findings if finding.fix and applies(finding, settings.unsafe_fixes)]
    if not fixes:
        return text, tuple(findings)
    from tdmigrate.moves import places, standing
    from tdmigrate.rewriting.apply import Misfit, rewrite

    unfixed = [finding for finding in findings if not applies(finding, settings.unsafe_fixes)]
    try:
        new_text, moved = rewrite(text, fixes, list(places(unfixed)))
        again = recheck(new_text)
    except Misfit as misfit:
        raise _does_not_hold(str(misfit)) from None
    except SourceError as refused:
        if refused.error.code == "E901":
            raise _does_not_hold(f"the new text has a {refused.error.message}") from None
        raise
    unfinished = next((finding for finding in again if applies(finding, settings.unsafe_fixes)), None)
    if unfinished is not None:
        row = unfinished.span.row
        raise _does_not_hold(f"row {row} of the new text would be fixed once more, {unfinished.code}")
    return new_text, standing(unfixed, again, moved)


def _does_not_hold(what: str) -> SourceError:
    advice = "the file is as it was; mend it by hand, and report it"
    return SourceError("E907", None, f"cannot be rewritten ({what.splitlines()[0]})", advice)


def _with_new(
    result: FileResult, seen: View, module: str, left: tuple[Finding, ...]
) -> tuple[FileResult, tuple[Finding, ...]]:
    """The result with the file that holds the new module, and what is left in it. ``SourceError``: it cannot."""
    try:
        module = seen.settled(module)
        text = seen.file(module)
    except ValueError as error:
        raise _does_not_hold(str(error)) from None
    data = encode(seen.source, text)
    if seen.notebook is None:
        return result._replace(new_text=text), left
    new = rewritten_notebook(decode(result.path, data), module)
    if new is None:
        raise _does_not_hold("the new cells do not give the new text")
    result = result._replace(new_text=new.shown, new_cells=new.cells, new_file=text)
    return result, tuple(map(new.placed, left))


def vendoring(module: Module, findings: tuple[Finding, ...], wanted: CheckSettings) -> tuple[Finding, ...]:
    """The findings with the module of --vendor for tdmigrate.compat, and those of imports that move to it."""
    from tdmigrate.rules.vendored import check_vendored, imports_compat
    from tdmigrate.vendoring.module import vendored

    assert wanted.vendor is not None
    findings = vendored(findings, wanted.vendor)
    if not imports_compat(module):
        return findings
    from tdmigrate.vendoring.library import library

    moved = check_vendored(module, wanted, library().pieces)
    return tuple(sorted((*findings, *moved), key=lambda one: one.span))
