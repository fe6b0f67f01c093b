"""Import statements, rewritten alias by alias, and the imports that new text needs."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

import libcst as cst

from tdmigrate.findings import Import, ImportEdit
from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.agree import agreed
from tdmigrate.rewriting.canvas import Level, Region, Render
from tdmigrate.rewriting.listing import Listing
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.places import Places
from tdmigrate.rewriting.skeleton import leads, tree
from tdmigrate.rewriting.statements import Change, blocks, suites

ImportNode = cst.Import | cst.ImportFrom

# fewer names are in order by chance
_SORTED_FROM = 4
# columns; a source with longer lines than the first is written as it is, up to the second
_NARROW, _WIDE = 79, 120
_NEAR = 100  # imports of which each is looked at for the next
# between two statements of which nothing stands that could matter to either
_APART = re.compile(r"(?:[ \t\f\r\n]|#[^\r\n]*(?:[\r\n]|\Z))*")
_END_OF_LINE = re.compile(r"[ \t\f]*(?=[\r\n]|\Z)")


class ImportStatement:
    """One import statement as its edits leave it; it can take more names."""

    def __init__(self, places: Places, node: ImportNode, edits: Sequence[ImportEdit]) -> None:
        self._places = places
        self.start, self.end = places.of(node)
        aliases = [node.names] if isinstance(node.names, cst.ImportStar) else list(node.names)
        names = [places.of(alias) for alias in aliases]
        self._first, self._last = names[0][0], names[-1][1]
        self._bracketed = isinstance(node, cst.ImportFrom) and node.lpar is not None
        if isinstance(node, cst.ImportFrom) and node.lpar is not None and node.rpar is not None:
            self._first, self._last = places.of(node.lpar)[0] + 1, places.of(node.rpar)[1] - 1
        self._names = names
        self._items = {key: places.text[start:end] for key, (start, end) in enumerate(names)}
        self._added: list[str] = []
        self._module = _module_range(places, node) if isinstance(node, cst.ImportFrom) else None
        self._new_module = agreed((edit.module for edit in edits), "module")
        if self._new_module is not None and self._module is None:
            raise Misfit("an import statement without a module to rename")
        self._after = tuple(dict.fromkeys(line for edit in edits for line in edit.after))
        self._changed = bool(edits)
        self._rename(edits)

    def _rename(self, edits: Sequence[ImportEdit]) -> None:
        dropped = {index for edit in edits for index in edit.drop}
        renamed: dict[int, str] = {}
        for index, text in (pair for edit in edits for pair in edit.rename):
            if renamed.setdefault(index, text) != text or index in dropped:
                raise Misfit(f"two fixes rename imported name {index}")
        for index in (*dropped, *renamed):
            if index not in self._items:
                raise Misfit(f"the import has no name {index}")
        self._items = {key: renamed.get(key, item) for key, item in self._items.items() if key not in dropped}

    @property
    def module(self) -> str | None:
        """The module that names come from now; None for ``import a``."""
        if self._new_module is not None or self._module is None:
            return self._new_module
        return re.sub(r"[\s\\]+", "", self._places.text[self._module[0] : self._module[1]])

    @property
    def keras(self) -> bool:
        """Whether it imports Keras or something of it."""
        names = (self.module,) if self._module is not None else self._items.values()
        return any(re.match(r"keras\b", name or "") for name in names)

    @property
    def empty(self) -> bool:
        return not self._items and not self._added

    @property
    def star(self) -> bool:
        return "*" in self._items.values()

    def gives(self, needed: Import) -> bool:
        """Whether this import binds the same name to the same thing, now."""
        wanted = _alias(needed)
        statement = None if needed.name is None else needed.module
        if self.module == statement and any(_spaced(item) == wanted for item in (*self._items.values(), *self._added)):
            return True
        return any(_gives(line, needed) for line in self._after)

    def add(self, needed: Import) -> None:
        """Take one more name."""
        self._added.append(_alias(needed))
        self._changed = True

    @property
    def locals(self) -> set[str]:
        """The names that it binds."""
        return {_spaced(item).rpartition(" as ")[2].partition(".")[0] for item in (*self._items.values(), *self._added)}

    def joins(self, other: ImportStatement) -> bool:
        """Whether it can take the names of another one, which comes from the same module since one of them moved."""
        moved = self._new_module is not None or other._new_module is not None
        return moved and self.module is not None and self.module == other.module and not self.empty and not self.star

    def is_movable(self, gap: str) -> bool:
        """Whether its names can go elsewhere and no comment is lost; ``gap``: what stands between it and the last."""
        commented = any("#" in line for line in gap.splitlines()[1:])
        behind = _END_OF_LINE.match(self._places.text, self.end)
        listing = Listing(self._places.text, self._first, self._last, self._names, [""] * len(self._names))
        return not (self.empty or self.star or listing.comments or commented) and behind is not None

    def join(self, other: ImportStatement) -> None:
        """Take all names of another one, which goes."""
        present = {_spaced(item) for item in (*self._items.values(), *self._added)}
        names = [_spaced(item) for item in (*other._items.values(), *other._added)]
        self._added += [name for name in dict.fromkeys(names) if name not in present]
        self._changed = other._changed = True
        other._items, other._added = {}, []

    def _listing(self) -> Listing:
        """The names as they are now: new ones in order where the names are in order, else behind the last."""
        text = self._places.text
        present = [self._items.get(key, text[start:end]) for key, (start, end) in enumerate(self._names)]
        listing = Listing(text, self._first, self._last, self._names, present)
        order = _order(list(self._items.values()))
        for new in self._added if order is None else sorted(self._added, key=order):
            later = [key for key, item in self._items.items() if order is not None and order(item) > order(new)]
            if later:
                listing.insert(listing.position(later[0]), new)
            else:
                listing.append(new)
        for key in range(len(self._names)):
            if key not in self._items:
                listing.drop(key)
        return listing

    @property
    def change(self) -> Change:
        """What becomes of the statement and its line."""
        if not self.empty:
            return Change(after=self._after)
        return Change(before=(*self._listing().comments, *self._after), gone=True)

    @property
    def region(self) -> Region | None:
        """The statement itself, written anew; None when it stays as it is or goes."""
        if self.empty or not self._changed:
            return None
        text = self._places.text
        head = text[self.start : self._first]
        if self._module is not None and self._new_module is not None:
            before, behind = text[self.start : self._module[0]], text[self._module[1] : self._first]
            # dots need no space beside them, names do
            head = before + " " * before.endswith("m") + self._new_module + " " * behind.startswith("i") + behind
        listing = self._listing()
        new = self._wrapped(head, listing) or head + listing.render() + text[self._last : self.end]

        def make(render: Render) -> str:
            return new

        return Region(self.start, self.end, Level.NODE, make)

    def _wrapped(self, head: str, listing: Listing) -> str | None:
        """In parentheses over several lines, where more names have made a line too long."""
        text = self._places.text
        start = max(text.rfind("\n", 0, self.start), text.rfind("\r", 0, self.start)) + 1
        indent, before = text[start : self.start], text[self.start : self.end]
        names = listing.items
        width = min(max(_NARROW, *(len(line.expandtabs()) for line in text.splitlines())), _WIDE)
        if self._bracketed or self._module is None or len(names) < 2 or indent.strip() or len(before.splitlines()) > 1:
            return None
        if not self._added or len(indent.expandtabs() + head + listing.render()) <= width:
            return None
        lines = [f"{head}("]
        for index, name in enumerate(names):
            item = name + ("," if index + 1 < len(names) else ")")
            if lines[-1].endswith("(") or len(indent.expandtabs() + lines[-1]) + 1 + len(item) <= width:
                lines[-1] += item if lines[-1].endswith(("(", " ")) else f" {item}"
            else:
                lines.append(" " * (len(head) + 1) + item)
        return (self._places.newline + indent).join(lines)


def _module_range(places: Places, node: cst.ImportFrom) -> tuple[int, int]:
    parts: list[cst.CSTNode] = [*node.relative, *([node.module] if node.module else [])]
    return places.of(parts[0])[0], places.of(parts[-1])[1]


def _order(names: Sequence[str]) -> Callable[[str], str] | None:
    """The key by which the names are in order; None when they are not."""
    if len(names) < _SORTED_FROM:
        return None
    keys: tuple[Callable[[str], str], ...] = (str, str.casefold)
    return next((key for key in keys if list(names) == sorted(names, key=key)), None)


def _spaced(alias: str) -> str:
    return " ".join(alias.split())


def _alias(needed: Import) -> str:
    name = needed.module if needed.name is None else needed.name
    return name if needed.asname is None else f"{name} as {needed.asname}"


def _gives(line: str, needed: Import) -> bool:
    try:
        statements = ast.parse(line).body
    except SyntaxError:
        raise Misfit(f"not an import statement: {line!r}") from None
    for statement in statements:
        if not isinstance(statement, (ast.Import, ast.ImportFrom)):
            raise Misfit(f"not an import statement: {line!r}")
        module = "." * statement.level + (statement.module or "") if isinstance(statement, ast.ImportFrom) else None
        for alias in statement.names:
            name, source = (alias.name, module) if module is not None else (None, alias.name)
            if Import(source or "", name, alias.asname) == needed:
                return True
    return False


def _statements(needed: Iterable[Import]) -> tuple[str, ...]:
    """Import statements for new lines, one for all names of a module."""
    names: dict[str, list[str]] = {}
    lines: list[str] = []
    for wanted in needed:
        if wanted.name is None:
            lines.append(f"import {_alias(wanted)}")
        else:
            names.setdefault(wanted.module, []).append(_alias(wanted))
    return (*lines, *(f"from {module} import {', '.join(own)}" for module, own in sorted(names.items())))


def _docstring(statement: cst.BaseSmallStatement) -> bool:
    return isinstance(statement, cst.Expr) and isinstance(statement.value, (cst.SimpleString, cst.ConcatenatedString))


def _passing(places: Places, statement: cst.BaseSmallStatement) -> bool:
    code = places.module.code_for_node(statement)  # with what parts it from the next, maybe a backslash
    return all(map(leads, tree(f"{code}\n").body))


def _imports_inside(statement: cst.BaseCompoundStatement) -> bool:
    """Whether it only chooses between imports, as ``try: import a`` does."""
    return isinstance(statement, (cst.If, cst.Try)) and any(
        isinstance(small, (cst.Import, cst.ImportFrom))
        for suite in suites(statement)
        for line in suite.body
        if isinstance(line, cst.SimpleStatementLine)
        for small in line.body
    )


class _Scoped(NamedTuple):
    """An import statement that is certainly run before what follows it in its scope."""

    statement: ImportStatement
    scope: tuple[int, int]

    def serves(self, uses: Sequence[int]) -> bool:
        return all(self.statement.end <= use < self.scope[1] for use in uses)


class Imports:
    """All import statements of a source that change or may take names."""

    def __init__(
        self,
        places: Places,
        edits: Mapping[ImportNode, Sequence[ImportEdit]],
        replaced: Container[cst.BaseSmallStatement],
    ) -> None:
        """``replaced``: statements that other edits take away."""
        self._places = places
        self._replaced = replaced
        self._statements = {node: ImportStatement(places, node, own) for node, own in edits.items()}
        self._scoped: list[_Scoped] = []  # those of the module first
        self._top: Region | None = None
        self._lines: dict[cst.BaseSmallStatement, Change] = {}

    def _join(self) -> None:
        """Let names that moved to one module come from it in one statement, where several stand next to each other."""
        for block in blocks(self._places) if self._statements else ():
            run: dict[ImportNode, ImportStatement] = {}
            end = 0
            for node in (statement for line in block.lines for statement in line):
                if node in self._replaced or not isinstance(node, (cst.Import, cst.ImportFrom)):
                    run = {}
                    continue
                statement = self._statements.get(node) or ImportStatement(self._places, node, ())
                gap = self._places.text[end : statement.start]
                if _APART.fullmatch(gap) is None or len(run) == _NEAR:
                    run = {}
                taker = next((one for one in run if run[one].joins(statement)), None)
                if taker is not None and statement.is_movable(gap):
                    between = list(run.values())[list(run).index(taker) + 1 :]
                    if not any(one.star or one.locals & statement.locals for one in between):
                        run[taker].join(statement)
                        self._statements |= {taker: run[taker], node: statement}
                run[node], end = statement, statement.end

    def need(self, needed: Mapping[Import, Sequence[int]]) -> None:
        """See that every import is there for its uses (offsets): in a statement that is there, or on a new line."""
        self._join()
        for block in blocks(self._places):
            for node in (statement for line in block.lines for statement in line):
                if block.scope is None or node in self._replaced:
                    continue
                if isinstance(node, (cst.Import, cst.ImportFrom)):
                    statement = self._statements.setdefault(node, ImportStatement(self._places, node, ()))
                    self._scoped.append(_Scoped(statement, block.scope))
        lacking: dict[Import, Sequence[int]] = {}
        for wanted, uses in needed.items():
            serving = [scoped.statement for scoped in self._scoped if scoped.serves(uses)]
            if any(statement.gives(wanted) for statement in serving):
                continue
            takers = [s for s in serving if wanted.name is not None and s.module == wanted.module and not s.star]
            taker = min(takers, key=lambda statement: statement.empty, default=None)
            if taker is None:
                lacking[wanted] = uses
            else:
                taker.add(wanted)
        left = self._beside_keras(lacking)
        if left:
            self._place(_statements(left), min(min(uses) for uses in left.values()))

    def _beside_keras(self, lacking: Mapping[Import, Sequence[int]]) -> Mapping[Import, Sequence[int]]:
        """Where a ``try`` alone imports Keras, new names come inside it too: the source means to run without Keras.

        What is still lacking then.
        """
        if any(scoped.scope[0] == 0 and scoped.statement.keras for scoped in self._scoped):
            return lacking
        left: dict[Import, Sequence[int]] = {}
        lines: dict[cst.BaseSmallStatement, list[Import]] = {}
        tried = [node for node in self._tried() if self._statements[node].keras]
        for wanted, uses in lacking.items():
            before = [node for node in tried if self._statements[node].end <= min(uses)]
            own = [self._statements[node] for node in before]
            takers = [s for s in own if wanted.name is not None and s.module == wanted.module and not s.star]
            if any(statement.gives(wanted) for statement in own):
                continue
            if takers:
                takers[0].add(wanted)
            elif before:
                lines.setdefault(before[-1], []).append(wanted)
            else:
                left[wanted] = uses
        self._lines |= {node: Change(after=_statements(names)) for node, names in lines.items()}
        return left

    def _tried(self) -> list[ImportNode]:
        """The imports in the body of each ``try`` at the module's own level."""
        found: list[ImportNode] = []
        for statement in self._places.module.body:
            if isinstance(statement, cst.Try) and isinstance(statement.body, cst.IndentedBlock):
                lines = [line for line in statement.body.body if isinstance(line, cst.SimpleStatementLine)]
                smalls = [small for line in lines for small in line.body if small not in self._replaced]
                found += [small for small in smalls if isinstance(small, (cst.Import, cst.ImportFrom))]
        for node in found:
            self._statements.setdefault(node, ImportStatement(self._places, node, ()))
        return found

    def _place(self, lines: tuple[str, ...], use: int) -> None:
        """New lines behind the last import of the leading block that stands before a use."""
        anchor: cst.BaseSmallStatement | None = None
        for statement in self._places.module.body:
            if isinstance(statement, cst.SimpleStatementLine):
                smalls = [small for small in statement.body if self._places.of(small)[1] <= use]
                imports = any(isinstance(small, (cst.Import, cst.ImportFrom)) for small in smalls)
                if imports or (smalls and anchor is None and _docstring(smalls[0])):
                    anchor = smalls[-1]
                passing = imports or all(_passing(self._places, small) for small in smalls)
                if len(smalls) < len(statement.body) or not passing:
                    break
            elif self._places.of(statement)[1] > use or not _imports_inside(statement):
                break
        if anchor is not None:
            self._lines[anchor] = Change(after=lines)
            return
        first = self._places.module.body[0] if self._places.module.body else None
        if isinstance(first, cst.SimpleStatementLine):
            self._lines[first.body[0]] = Change(before=lines)
            return
        if first is None:
            raise Misfit("a source without statements needs no imports")
        start = self._places.of(first)[0]
        if isinstance(first, (cst.FunctionDef, cst.ClassDef)) and first.decorators:
            start = self._places.of(first.decorators[0])[0]
        text = "".join(line + self._places.newline for line in lines)
        self._top = Region(start, start, Level.LINE, lambda render: text)

    @property
    def regions(self) -> list[Region]:
        """The statements that are written anew, and new lines before a compound statement."""
        regions = [statement.region for statement in self._statements.values()]
        return [region for region in (*regions, self._top) if region is not None]

    @property
    def changes(self) -> dict[cst.BaseSmallStatement, Change]:
        """What becomes of the statements and their lines."""
        changes: dict[cst.BaseSmallStatement, Change] = {
            node: statement.change for node, statement in self._statements.items() if statement.change != Change()
        }
        for node, change in self._lines.items():
            changes[node] = changes[node].then(change) if node in changes else change
        return changes
