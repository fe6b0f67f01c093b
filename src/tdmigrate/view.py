"""A file as one module that Python 3 parses, and the way back from it: through cells of a notebook, and Python 2."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from tdmigrate.config import STDIN
from tdmigrate.findings import Finding, Span
from tdmigrate.records import NamedTuple
from tdmigrate.results import CellLines, Proof, where
from tdmigrate.sources.text import Source, SourceError, is_notebook
from tdmigrate.syntax import advice, check_rows, parse
from tdmigrate.understanding.dialect import python2_rows
from tdmigrate.understanding.division import divisions, operator_place
from tdmigrate.understanding.module import Module

if TYPE_CHECKING:
    from tdmigrate.sources.notebook import Notebook
    from tdmigrate.sources.python2 import Converted


_OPEN: Final = ("was never closed", "unterminated")  # Python 3 tells where; fissix finds out behind it


class Told(NamedTuple):
    """What a conversion from Python 2 met; ``span`` of the module.

    ``kind``: "syntax" (the first row that Python 3 does not run), "dict", "filter", "map", "range", "zip" (what gives
    no list any more), "imap" (a ``map`` that was that), "import" (from beside the file), "beside" (the same, not
    mended), "/" (a division of integers), "?" (one of what is not known), "kernel" (of a notebook).
    """

    kind: str
    span: Span
    why: str = ""


class View(NamedTuple):
    """What of a file is understood; spans in ``module`` have to be placed before a person reads them."""

    source: Source
    module: Module
    notebook: Notebook | None = None
    python2: Converted | None = None
    told: tuple[Told, ...] = ()  # what there is to say of Python 2

    @property
    def divides(self) -> bool:
        """Whether ``/`` of two integers gave an integer."""
        return self.python2 is not None and self.python2.divides

    @property
    def shown(self) -> str:
        """The text that placed spans point into."""
        if self.notebook is None:
            return self.source.text
        from tdmigrate.sources.notebook import shown

        return shown(self.notebook, self.notebook.module)

    @property
    def cells(self) -> tuple[CellLines, ...]:
        """Of a notebook: where its cells begin in ``shown``."""
        if self.notebook is None:
            return ()
        from tdmigrate.sources.notebook import cell_lines

        return cell_lines(self.notebook)

    def place(self, span: Span) -> Span:
        """The span of ``shown`` for one of ``module``."""
        if self.python2 is not None:
            span = self.python2.origins.span(span)
        if self.notebook is None:
            return span
        from tdmigrate.sources.notebook import place

        return place(self.notebook.cells, span)

    def where(self, span: Span) -> str:
        """The row of a span of ``module`` in words: "12", in a notebook "cell 3:12"."""
        return where(self.cells, self.place(span).row)

    def placed(self, finding: Finding) -> Finding:
        """The same of a finding and its evidence."""
        if self.python2 is None and self.notebook is None:
            return finding
        evidence = tuple(one._replace(span=self.place(one.span)) for one in finding.evidence)
        return finding._replace(span=self.place(finding.span), evidence=evidence)

    def placed_proof(self, proof: Proof) -> Proof:
        return proof._replace(row=self.place(Span(proof.row, 1, proof.row, 1)).row)

    def settled(self, text: str) -> str:
        """Another text of the module as the file can hold it, row by row. Raises ``ValueError``: it cannot."""
        if self.notebook is None:
            return text
        from tdmigrate.sources.notebook import settle

        return settle(self.notebook, text)

    def file(self, text: str) -> str:
        """The text of the file whose module is ``text``. Raises ``ValueError``: it cannot hold that."""
        if self.notebook is None:
            return text
        from tdmigrate.sources.notebook import put

        return put(self.notebook, text)


def view(source: Source, importer: str = "", origin: str = "") -> View:
    """``importer``: what uses Keras and imports the source, so that Python 2 is converted without Keras in it, too.
    ``origin``: the same of what makes the models that the source uses.

    Raises ``SourceError``: E901 syntax, E903 no text or no notebook, E904 nested too deeply, E908 too large.
    """
    if not is_notebook(source.path):
        return _view(source, source.text, None, importer, origin)
    from tdmigrate.sources import notebook

    read = notebook.read(source.text)
    if not origin and "keras" not in read.module:  # in its outputs alone, or its text
        return View(source, parse("", source.path))
    notebook.check_characters(read)
    notebook.check_closed(read, advice())
    try:
        return _view(source, read.module, read, origin=origin)
    except SourceError as refused:
        raise notebook.within(read.cells, refused) from None


def rewritten_notebook(source: Source, module: str) -> View | None:
    """The view of a notebook whose cells are to give ``module``; None: they do not."""
    from tdmigrate.sources.notebook import read

    new = read(source.text)
    return View(source, parse(module, source.path), new) if new.module == module else None


def _view(
    source: Source, text: str, notebook: Notebook | None = None, importer: str = "", origin: str = ""
) -> View:
    matters = bool(importer or origin) or "keras" in text
    why = f"{importer} imports it" if importer else f"it is of a program with {origin}" if origin else ""
    try:
        module = parse(text, source.path)
    except SourceError as refused:
        if refused.error.code != "E901" or not matters:
            raise
        check_rows(text)
        return _converted(source, text, notebook, refused.error.row or 1, refused, why)
    if not matters:
        return View(source, module, notebook)
    rows = python2_rows(module)
    kernel = notebook is not None and notebook.kernel is not None
    if rows or kernel:
        check_rows(text)
        try:
            seen = _converted(source, text, notebook, rows[0] if rows else 1, why=why)
        except SourceError:  # ported in part: Python 3 parses it, Python 2 would not
            return View(source, module, notebook._replace(kernel=None) if notebook is not None else None)
        if kernel or len(python2_rows(seen.module)) < len(rows):
            return seen
    return View(source, module, notebook)  # what looks like Python 2 may be the source's own


def _converted(
    source: Source, text: str, notebook: Notebook | None, row: int, refused: SourceError | None = None, why: str = ""
) -> View:
    """The view of Python 2; ``refused``: why Python 3 does not parse it; ``why`` it matters, if not for itself."""
    from tdmigrate.sources.python2 import Conversion, Python2Error

    try:
        conversion = Conversion(text, None if source.path == STDIN else source.path)
    except Python2Error as neither:
        if refused is not None and ((neither.row or 0) <= row or any(word in refused.error.message for word in _OPEN)):
            raise refused from None
        raise SourceError("E901", neither.row, f"syntax error ({neither}), for Python 2 as well", advice()) from None
    python2 = conversion.converted()
    module = _parsed(python2, source.path)
    told = [Told(one.name, one.span) for one in python2.taken]
    if python2.divides:
        found = divisions(module)
        told += [
            Told("/" if one.is_whole else "?", module.span(one.node), one.why)
            for one in found
            if one.is_whole is not False
        ]
        whole = [one.node for one in found if one.is_whole]
        if whole:
            places = sorted(operator_place(module, node) for node in whole)
            conversion.floor(places)
            python2 = conversion.converted()
            module = _parsed(python2, source.path)
            told = [one._replace(span=_behind(places, one.span)) for one in told]
    if notebook is not None and notebook.kernel is not None:
        told.append(Told("kernel", Span(1, 1, 1, 1)))
    said = "; ".join(filter(None, (refused.error.message if refused is not None else "", why)))
    told.insert(0, Told("syntax", python2.origins.first(row), said))
    return View(source, module, notebook, python2, tuple(told))


def _behind(places: Sequence[tuple[int, int]], span: Span) -> Span:
    """The span once there is one more character at each of the places before it."""

    def moved(row: int, column: int) -> int:
        return column + bisect_left(places, (row, column)) - bisect_left(places, (row, 0))

    return span._replace(column=moved(span.row, span.column), end_column=moved(span.end_row, span.end_column))


def _parsed(python2: Converted, path: str) -> Module:
    try:
        return parse(python2.text, path)
    except SourceError as refused:
        if refused.error.code != "E901" or refused.error.row is None:
            raise
        old = python2.origins.span(Span(refused.error.row, 1, refused.error.row, 1)).row
        what = f"is Python 2 that cannot be converted ({refused.error.message})"
        raise SourceError("E901", old, what, "make this line Python 3 by hand") from None
