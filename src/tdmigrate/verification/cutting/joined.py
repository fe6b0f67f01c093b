"""One module made of a file and of its project's own modules that it imports, so that it can be cut as one.

The statements of a module stand before the first statement that imports it. A name of a module stays as it is where
nothing else in the joined module has it, and gets the module's name in front of it otherwise (``utils_build``).
Imports of own modules go. What cannot be followed (``getattr(models, name)``) keeps its import, and is unknown then.
"""

from __future__ import annotations

import ast
import builtins
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Final

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.imported import asked, leading, under, written
from tdmigrate.verification.cutting.division import parsed
from tdmigrate.verification.cutting.spaces import Space, Spaces, Use, bound_by

APART: Final = 10_000_000  # rows of one module from those of the next


class UnjoinableError(Exception):
    """What a module does to another cannot be said in one."""


class Own(NamedTuple):
    """A module of the project; the first of several is the file itself."""

    name: str  # the last part of its dotted name
    path: str
    text: str
    imports: Mapping[str, int]  # which module each dotted name is that its import statements write: ".layers" → 2
    migrated: bool = True  # by the same run; what is not may only tell constants


class Global(NamedTuple):
    """A name of a module's own level."""

    module: int
    name: str


class _Reference(NamedTuple):
    """A module, under the dotted name that an import of another one writes."""

    module: int  # that imports it
    written: str


_Entry = Global | _Reference | None


def clashes(own: Sequence[Own]) -> frozenset[tuple[str, str]]:
    """The path of the module, and the name, of all that cannot keep its name in the joined module.

    Raises ``SyntaxError``, ``ValueError`` for a text that does not parse.
    """
    return _Joiner(own, [ast.parse(one.text) for one in own]).clashes()


def join(tree: ast.Module, own: Sequence[Own], renamed: Collection[tuple[str, str]]) -> None:
    """Put the modules behind the first, whose tree this is, into it; ``renamed``: what ``clashes`` gave.

    Raises ``UnjoinableError``; ``SyntaxError``, ``ValueError`` for a text that does not parse.
    """
    trees = [tree, *(parsed(one.text) for one in own[1:])]
    _Joiner(own, trees).join(renamed)


def place(row: int, own: Sequence[Own]) -> tuple[Own, int]:
    """The module that a row of the joined module is of, and its row there."""
    return own[row // APART], row % APART


class _Joiner:
    def __init__(self, own: Sequence[Own], trees: Sequence[ast.Module]) -> None:
        _prune(trees)
        self.own = own
        self.trees = trees
        self.spaces = [Spaces(tree) for tree in trees]
        self.written = [{id(use.node): use for use in one.uses} for one in self.spaces]
        self.stored = [self._stored(index) for index in range(len(own))]
        self.bindings = [
            {name: self.stored[index].get((one.module, name), []) for name in one.module.bound}
            for index, one in enumerate(self.spaces)
        ]
        self.importing = [{id(a): stmt for stmt, _ in one.imports for a in stmt.names} for one in self.spaces]
        self.known = [{part for name in one.imports for part in leading(name)} for one in own]
        self.stars = [list(self._stars(index)) for index in range(len(own))]
        self.names: dict[Global, str] = {}  # what each that is renamed is called
        self.whole: set[tuple[Space, str]] = set()  # names of modules that are used as objects
        self._asked: set[Global] = set()
        self._entries: dict[Global, _Entry] = {}

    # --- what names mean

    def _stored(self, index: int) -> dict[tuple[Space, str], list[ast.AST]]:
        """What binds each name of each scope: statements, or the aliases of an import."""
        found: dict[tuple[Space, str], list[ast.AST]] = {}
        for use in self.spaces[index].uses:
            if not (isinstance(use.node, ast.Name) and isinstance(use.node.ctx, ast.Load)):
                owner = self.spaces[index].owner(use)
                if owner is not None and not isinstance(use.node, ast.Global):
                    found.setdefault((owner, use.name), []).append(use.node)
        return found

    def _stars(self, index: int) -> Iterator[int]:
        for stmt, space in self.spaces[index].imports:
            if space is self.spaces[index].module and isinstance(stmt, ast.ImportFrom) and stmt.names[0].name == "*":
                target = self.own[index].imports.get(written(stmt))
                if target is not None:
                    yield target

    def entry(self, module: int, name: str) -> _Entry:
        """What a name of a module is; None: it has none, or nobody can tell."""
        wanted = Global(module, name)
        if wanted in self._entries:
            return self._entries[wanted]
        if wanted in self._asked:
            return None
        self._asked.add(wanted)
        found = self._entry(wanted)
        self._asked.discard(wanted)
        if not self._asked:  # else it may be cut short by a cycle
            self._entries[wanted] = found
        return found

    def _entry(self, wanted: Global) -> _Entry:
        bindings = self.bindings[wanted.module].get(wanted.name)
        if bindings is None:
            return self._of_stars(wanted.module, wanted.name)
        meant = self._meant(wanted.module, bindings)
        return wanted if meant is None else meant

    def _meant(self, module: int, bindings: Sequence[ast.AST]) -> _Entry:
        """What all of these imports mean; None: not the same, or something of their own."""
        meant = {self.aliased(module, one) if isinstance(one, ast.alias) else None for one in bindings}
        return next(iter(meant)) if len(meant) == 1 else None

    def _of_stars(self, module: int, name: str) -> _Entry:
        for target in reversed(self.stars[module]):
            public = _public(self.trees[target])
            if name in public if public is not None else not name.startswith("_"):
                found = self.entry(target, name)
                if found is not None:
                    return found
        return None

    def aliased(self, module: int, alias: ast.alias) -> _Entry:
        """What an import of an own module binds; None: it imports something else."""
        stmt = self.importing[module][id(alias)]
        if isinstance(stmt, ast.Import):
            name = alias.name if alias.asname is not None else alias.name.partition(".")[0]
            return _Reference(module, name) if name in self.known[module] else None
        return self.member(_Reference(module, written(stmt)), alias.name)

    def member(self, reference: _Reference, name: str) -> _Entry:
        """What a module has under a name: a global of it, or a module below it."""
        imports = self.own[reference.module].imports
        target = imports.get(reference.written)
        if target is not None:
            found = self.entry(target, name)
            if found is not None:
                return found
        below = under(reference.written, name)
        return _Reference(reference.module, below) if below in self.known[reference.module] else None

    def meaning(self, module: int, use: Use) -> _Entry:
        """What a name means where it stands, if it is of a module's own level or imported from one in a function."""
        spaces = self.spaces[module]
        owner = spaces.owner(use)
        if owner is None or owner is spaces.module:
            return self.entry(module, use.name)
        return self.local(module, owner, use.name)

    def local(self, module: int, space: Space, name: str) -> _Entry:
        """What a function imports under a name that it binds by nothing else."""
        return self._meant(module, self.stored[module].get((space, name), [])) if space.kind != "class" else None

    # --- names that clash

    def clashes(self) -> frozenset[tuple[str, str]]:
        found: set[tuple[str, str]] = set()
        self._local_names = [self._taken(index, local=True) for index in range(len(self.own))]
        self._free_names = [self._taken(index, local=False) for index in range(len(self.own))]
        for index, one in enumerate(self.own):
            for name in self.bindings[index] if index else ():
                mine = Global(index, name)
                if self.entry(index, name) != mine:
                    continue
                imported = self._imported(index, name)
                others = [other for other in range(len(self.own)) if other != index]
                if hasattr(builtins, name) or any(self._clash(mine, imported, other) for other in others):
                    found.add((one.path, name))
        return frozenset(found)

    def _taken(self, index: int, local: bool) -> set[str]:
        """The names that a module's functions have for themselves, or those that nothing in it binds."""
        spaces = self.spaces[index]
        found: set[str] = set()
        for use in spaces.uses:
            owner = spaces.owner(use)
            if owner is not spaces.module and (owner is not None) is local and self.meaning(index, use) is None:
                found.add(use.name)
        return found

    def _clash(self, mine: Global, imported: str | None, other: int) -> bool:
        if mine.name in self._local_names[other]:
            return True
        if mine.name in self._free_names[other]:  # which `from keras.layers import *` may bind
            return imported is None or imported.partition(":")[0] not in self._star_packages(other)
        theirs = self.entry(other, mine.name) if mine.name in self.bindings[other] else None
        if theirs != Global(other, mine.name):
            return False
        return imported is None or imported != self._imported(other, mine.name)

    def _star_packages(self, index: int) -> set[str]:
        """The packages of others from which a module imports all names."""
        stmts = [stmt for stmt, _ in self.spaces[index].imports if isinstance(stmt, ast.ImportFrom)]
        return {written(stmt).partition(".")[0] for stmt in stmts if stmt.names[0].name == "*"}

    def _imported(self, module: int, name: str) -> str | None:
        """The thing, of another's package, that a name is everywhere: "keras:Dense", from whichever module of Keras."""
        found: set[str | None] = set()
        for binding in self.bindings[module][name]:
            stmt = self.importing[module].get(id(binding))
            if not isinstance(binding, ast.alias) or stmt is None or self.aliased(module, binding) is not None:
                found.add(None)
            elif isinstance(stmt, ast.ImportFrom):
                found.add(f"{written(stmt).partition('.')[0]}:{binding.name}" if not stmt.level else None)
            elif binding.asname is not None:
                first, *parts = binding.name.split(".")
                found.add(f"{first}:{parts[-1]}" if parts else first)
            else:
                found.add(binding.name.partition(".")[0])
        return next(iter(found)) if len(found) == 1 else None

    # --- joining

    def join(self, renamed: Collection[tuple[str, str]]) -> None:
        everything = {use.name for spaces in self.spaces for use in spaces.uses}
        for index, one in enumerate(self.own):
            for name in self.bindings[index]:
                if (one.path, name) in renamed:
                    new = f"{one.name}_{name}"
                    while new in everything:
                        new += "_"
                    everything.add(new)
                    self.names[Global(index, name)] = new
        needed = [[self._imports(index, stmt) for stmt in tree.body] for index, tree in enumerate(self.trees)]
        for index, tree in enumerate(self.trees):
            _Renamer(self, index).visit(tree)
            self._rename(index)
            _Importer(self, index).visit(tree)
            if index:
                ast.increment_lineno(tree, index * APART)
        placed: set[int] = set()
        self.trees[0].body = self._body(0, needed, placed)

    def _imports(self, index: int, stmt: ast.stmt) -> list[int]:
        """The own modules that a statement imports, in order."""
        found: list[int] = []
        for node in ast.walk(stmt):
            if isinstance(node, ast.Import | ast.ImportFrom):
                for name in asked(node):
                    target = self.own[index].imports.get(name)
                    if target is not None and target not in found:
                        found.append(target)
        return found

    def _body(self, index: int, needed: Sequence[Sequence[Sequence[int]]], placed: set[int]) -> list[ast.stmt]:
        placed.add(index)
        body: list[ast.stmt] = []
        for stmt, targets in zip(self.trees[index].body, needed[index], strict=True):
            for target in targets:
                if target not in placed:
                    body += self._body(target, needed, placed)
            if not (index and isinstance(stmt, ast.ImportFrom) and stmt.module == "__future__"):
                body.append(stmt)
        return body

    def called(self, entry: Global) -> str:
        return self.names.get(entry, entry.name)

    def use(self, module: int, node: ast.AST) -> Use | None:
        return self.written[module].get(id(node))

    def _rename(self, index: int) -> None:
        """Give everything that binds a renamed global its new name."""
        spaces = self.spaces[index]
        for use in spaces.uses:
            if isinstance(use.node, ast.Name) or spaces.owner(use) is not spaces.module:
                continue
            new = self.names.get(Global(index, use.name))
            if new is None or self.entry(index, use.name) != Global(index, use.name):
                continue
            if isinstance(use.node, ast.Global):
                use.node.names = [new if name == use.name else name for name in use.node.names]
            elif isinstance(use.node, ast.alias):
                self._rename_alias(index, use.node, new)
            else:
                setattr(use.node, use.field, new)

    def _rename_alias(self, index: int, alias: ast.alias, new: str) -> None:
        if self.aliased(index, alias) is not None:
            return  # its import becomes an assignment
        stmt = self.importing[index][id(alias)]
        if isinstance(stmt, ast.Import) and alias.asname is None and "." in alias.name:
            stmt.names.append(ast.alias(alias.name.partition(".")[0], new))  # beside it: `import a.b` binds `a`
        else:
            alias.asname = new


class _Renamer(ast.NodeTransformer):
    """Names and attributes of modules become the names that things have in the joined module."""

    def __init__(self, joiner: _Joiner, module: int) -> None:
        self.joiner = joiner
        self.module = module

    def _meaning(self, node: ast.expr) -> _Entry:
        if isinstance(node, ast.Name):
            use = self.joiner.use(self.module, node)
            return self.joiner.meaning(self.module, use) if use is not None else None
        if isinstance(node, ast.Attribute):
            base = self._meaning(node.value)
            return self.joiner.member(base, node.attr) if isinstance(base, _Reference) else None
        return None

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        meant = self._meaning(node)
        if isinstance(meant, Global):
            if not isinstance(node.ctx, ast.Load) and not self._at_top(node):
                raise UnjoinableError(f"`{ast.unparse(node)}` is set inside a function")
            return ast.copy_location(ast.Name(self.joiner.called(meant), node.ctx), node)
        return self.generic_visit(node)

    def _at_top(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        use = self.joiner.use(self.module, node)
        return use is not None and use.space is self.joiner.spaces[self.module].module

    def visit_Name(self, node: ast.Name) -> ast.AST:
        meant = self._meaning(node)
        if isinstance(meant, Global):
            node.id = self.joiner.called(meant)
        elif isinstance(meant, _Reference):
            use = self.joiner.use(self.module, node)
            assert use is not None
            owner = self.joiner.spaces[self.module].owner(use)
            self.joiner.whole.add((owner or self.joiner.spaces[self.module].module, use.name))
        elif self.module and node.id == "__name__":
            return ast.copy_location(ast.Constant(self.joiner.own[self.module].name), node)
        return node


class _Importer(ast.NodeTransformer):
    """Imports of own modules go, once what they bind has other names."""

    def __init__(self, joiner: _Joiner, module: int) -> None:
        self.joiner = joiner
        self.module = module
        self.spaces = dict(joiner.spaces[module].imports)

    def visit_Import(self, node: ast.Import) -> ast.AST | list[ast.stmt]:
        return self._import(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | list[ast.stmt]:
        return self._import(node)

    def _import(self, node: ast.Import | ast.ImportFrom) -> ast.AST | list[ast.stmt]:
        if not self.joiner.own[self.module].imports:
            return node
        space = self.spaces[node]
        kept: list[ast.alias] = []
        made: list[ast.stmt] = []
        for alias in node.names:
            if alias.name == "*":
                if not (isinstance(node, ast.ImportFrom) and written(node) in self.joiner.own[self.module].imports):
                    kept.append(alias)
                continue
            meant = self.joiner.aliased(self.module, alias)
            name = bound_by(node, alias)
            if meant is None or (space, name) in self.joiner.whole:
                kept.append(alias)
                continue
            top = space is self.joiner.spaces[self.module].module
            same = self.joiner.entry(self.module, name) if top else self.joiner.local(self.module, space, name)
            if same == meant:
                continue
            if not isinstance(meant, Global):
                kept.append(alias)
                continue
            bound = self.joiner.called(Global(self.module, name)) if top else name
            value = ast.Name(self.joiner.called(meant), ast.Load())
            made.append(ast.Assign([ast.Name(bound, ast.Store())], value))
        if kept:
            node.names = kept
            made.insert(0, node)
        return [ast.fix_missing_locations(ast.copy_location(one, node)) for one in made or [ast.Pass()]]


def _prune(trees: Sequence[ast.Module]) -> None:
    """Drop the functions and classes of modules behind the first that nothing mentions which is left."""
    waiting: dict[str, list[ast.stmt]] = {}
    stack: list[ast.AST] = [trees[0]]
    for tree in trees[1:]:
        for stmt in tree.body:
            if isinstance(stmt, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                waiting.setdefault(stmt.name, []).append(stmt)
            else:
                stack.append(stmt)
    while stack:
        for node in ast.walk(stack.pop()):
            name = getattr(node, "id", None) or getattr(node, "attr", None) or getattr(node, "name", None)
            stack += waiting.pop(name, []) if isinstance(name, str) else []
    dropped = {stmt for stmts in waiting.values() for stmt in stmts}
    for tree in trees[1:]:
        tree.body = [stmt for stmt in tree.body if stmt not in dropped]


def _public(tree: ast.Module) -> frozenset[str] | None:
    """What ``__all__`` says; None: nothing that can be read."""
    for stmt in tree.body:
        if isinstance(stmt, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "__all__" for t in stmt.targets):
            try:
                return frozenset(name for name in ast.literal_eval(stmt.value) if isinstance(name, str))
            except (ValueError, TypeError):
                return None
    return None
