"""The pieces of ``tdmigrate.compat`` and what each of them needs, taken from its source; nothing of it is imported."""

from __future__ import annotations

import ast
import symtable
import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import tdmigrate
from tdmigrate.records import NamedTuple

COMPAT = "tdmigrate.compat"


class LibraryError(Exception):
    """A piece that cannot stand alone, or is not there; the message is one line."""


class Cut(NamedTuple):
    """Some pieces with all that they need, in an order in which Python can run them."""

    imports: tuple[tuple[str, ...], ...]  # statements, those of Python's own library first
    statements: tuple[str, ...]  # as they stand in the library, comments above them included


class _Statement(NamedTuple):
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    node: ast.stmt
    text: str
    binds: frozenset[str]
    reads: frozenset[str]  # names of the module's own level


class _Import(NamedTuple):
    """What a name of a module stands for."""

    home: str  # "keras", "tdmigrate.compat.layers"
    name: str | None  # None: the module ``home`` itself


class _Module:
    """One module of the library."""

    def __init__(self, name: str, text: str, is_package: bool) -> None:
        self.name = name
        self.package = name if is_package else name.rpartition(".")[0]
        self.tree = ast.parse(text)
        self.lines = text.splitlines()
        self.imports: dict[str, _Import] = {}
        self.stars: list[str] = []
        self.statements: list[_Statement] = []
        globals_read = _reads(symtable.symtable(text, name, "exec"))
        end = 0
        for index, node in enumerate(self.tree.body):
            last = node.end_lineno or node.lineno
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                self._import(node)
            elif not (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
                reads = _names(node) | globals_read.get(node.lineno, frozenset())
                self.statements.append(_Statement(index, node, self._text(node, end), _bound(node), reads))
            end = last

    def _import(self, node: ast.Import | ast.ImportFrom) -> None:
        for alias in node.names:
            if isinstance(node, ast.Import):
                if alias.asname is None:
                    self.imports[alias.name.partition(".")[0]] = _Import(alias.name, None)
                else:
                    self.imports[alias.asname] = _Import(alias.name, None)
                continue
            home = node.module or ""
            if node.level:
                base = self.package.split(".")
                home = ".".join([*base[: len(base) - node.level + 1], *([node.module] if node.module else [])])
            if home == "__future__":
                continue
            if alias.name == "*":
                self.stars.append(home)
            else:
                self.imports[alias.asname or alias.name] = _Import(home, alias.name)

    def _text(self, node: ast.stmt, end: int) -> str:
        """A statement with its decorators and the comments right above it; ``end``: the row where the last ended."""
        decorators = getattr(node, "decorator_list", [])
        first = min([node.lineno, *(one.lineno for one in decorators)])
        while first - 1 > end and self.lines[first - 2].startswith("#"):
            first -= 1
        return "\n".join(self.lines[first - 1 : node.end_lineno])

    def makes(self, name: str) -> bool:
        return any(name in statement.binds for statement in self.statements)

    def exported(self) -> frozenset[str]:
        """The names that ``__all__`` lists, else those without an underscore that the module makes or hands on."""
        for statement in self.statements:
            if "__all__" in statement.binds and isinstance(statement.node, (ast.Assign, ast.AnnAssign)):
                try:
                    return frozenset(ast.literal_eval(statement.node.value or ast.Tuple([], ast.Load())))
                except ValueError:
                    break  # put together of those of others
        made = {name for one in self.statements for name in one.binds}
        made |= {name for name, one in self.imports.items() if one.name is not None and one.home.startswith(COMPAT)}
        return frozenset(name for name in made if not name.startswith("_"))


class Library:
    """All modules of the library by their names."""

    def __init__(self, sources: Mapping[str, str], root: str = COMPAT) -> None:
        """``sources``: by dotted name; ``root``: the one that code imports from."""
        packages = {name.rpartition(".")[0] for name in sources}
        self._root = root
        self._modules = {name: _Module(name, text, name in packages) for name, text in sources.items()}

    @property
    def pieces(self) -> frozenset[str]:
        """What code may import from the root."""
        root = self._modules[self._root]
        return root.exported() | frozenset(name for home in root.stars for name in self._modules[home].exported())

    def cut(self, pieces: Iterable[str]) -> Cut:
        """The pieces of these names with what they need. Raises ``LibraryError``."""
        chosen: dict[tuple[str, int], _Statement] = {}
        aliases: dict[tuple[str, str], str] = {}  # (module, name there) → the name that it comes by
        external: dict[str, _Import] = {}
        waiting = []
        for piece in sorted(set(pieces)):
            waiting.append((self._home(piece), piece))
        done: set[tuple[str, str]] = set()
        while waiting:
            module, name = waiting.pop()
            if (module, name) in done:
                continue
            done.add((module, name))
            found = self._resolve(module, name)
            if isinstance(found, _Import):
                if external.setdefault(name, found) != found:
                    raise LibraryError(f"{name} is two things in {self._root}")
                continue
            if found is None:
                continue  # a name of Python itself
            home, origin = found
            if origin != name:
                aliases[module, name] = origin
            for statement in self._making(home, origin):
                self._check(statement)
                chosen[home, statement.index] = statement
                waiting += [(home, read) for read in (statement.reads | statement.binds) - {origin}]
        return Cut(_imports(external), tuple(self._ordered(chosen, aliases)))

    def _home(self, piece: str) -> str:
        """The module to begin with: the root, or the only one that has a name which the root finds at run time."""
        if piece in self.pieces and isinstance(self._resolve(self._root, piece), tuple):
            return self._root
        having = [name for name, module in self._modules.items() if module.makes(piece) and piece in module.exported()]
        if len(having) != 1:
            raise LibraryError(f"{self._root} has {'no' if not having else 'more than one'} {piece}")
        return having[0]

    def _resolve(self, module: str, name: str) -> tuple[str, str] | _Import | None:
        """The library's module that makes a name, and the name there; an import from elsewhere; None: neither."""
        here = self._modules[module]
        if here.makes(name):
            return module, name
        imported = here.imports.get(name)
        if imported is not None:
            if imported.name is not None and imported.home in self._modules:
                inner = f"{imported.home}.{imported.name}"
                if inner in self._modules and not self._modules[imported.home].makes(imported.name):
                    raise LibraryError(f"{module} imports the module {inner}, whose names must be imported one by one")
                return self._resolve(imported.home, imported.name)
            if imported.home.partition(".")[0] == "tdmigrate":
                raise LibraryError(f"{module} needs {imported.home}")
            return imported
        for home in here.stars:
            if home in self._modules and name in self._modules[home].exported():
                return self._resolve(home, name)
        return None

    def _making(self, module: str, name: str) -> Iterator[_Statement]:
        """The statements that make a name, and those that only change it."""
        for statement in self._modules[module].statements:
            if name in statement.binds or (not statement.binds and name in _changed(statement.node)):
                yield statement

    @staticmethod
    def _check(statement: _Statement) -> None:
        for node in ast.walk(statement.node):
            if isinstance(node, ast.Import):
                homes = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom):
                homes = ["tdmigrate" if node.level else node.module or ""]
            else:
                continue
            if any(home.partition(".")[0] == "tdmigrate" for home in homes):
                raise LibraryError(f"{ast.unparse(node)!r} stands inside a statement that is to stand alone")

    def _ordered(
        self, chosen: Mapping[tuple[str, int], _Statement], aliases: Mapping[tuple[str, str], str]
    ) -> Iterator[str]:
        made: dict[str, tuple[str, str]] = {}  # by name, the module that makes it and how
        for module in self._modules_in_order():
            for (inside, name), origin in sorted(aliases.items()):
                if inside == module:
                    yield f"{name} = {origin}"
            for (home, _), statement in sorted(chosen.items(), key=lambda item: item[0]):
                if home != module:
                    continue
                how = ast.dump(statement.node)
                others = {one for one in map(made.get, statement.binds) if one is not None and one[0] != module}
                if any(one[1] != how for one in others):
                    raise LibraryError(f"{sorted(statement.binds)[0]} is two things in {self._root}")
                if others:
                    continue  # two modules make the same in the same words
                made.update(dict.fromkeys(statement.binds, (module, how)))
                yield statement.text

    def _modules_in_order(self) -> list[str]:
        """Each module behind those that it imports from."""
        order: dict[str, None] = {}

        def visit(name: str, above: frozenset[str]) -> None:
            if name in order or name in above:
                return
            module = self._modules[name]
            for home in sorted({one.home for one in module.imports.values()} | set(module.stars)):
                if home in self._modules:
                    visit(home, above | {name})
            order[name] = None

        for name in sorted(self._modules):
            visit(name, frozenset())
        return list(order)


def library() -> Library:
    """That of this tdmigrate."""
    folder = Path(tdmigrate.__file__).parent
    sources = {}
    for path in (folder / "compat.py", *sorted((folder / "compat").rglob("*.py"))):
        if path.is_file():
            parts = ["tdmigrate", *path.relative_to(folder).with_suffix("").parts]
            sources[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path.read_text(encoding="utf-8")
    return Library(sources)


def _reads(table: symtable.SymbolTable) -> Mapping[int, frozenset[str]]:
    """By row, the names of the module's own level that each function or class there reads."""

    def inside(scope: symtable.SymbolTable) -> Iterator[str]:
        yield from (one.get_name() for one in scope.get_symbols() if one.is_global())
        for child in scope.get_children():
            yield from inside(child)

    return {child.get_lineno(): frozenset(inside(child)) for child in table.get_children()}


def _names(node: ast.stmt) -> frozenset[str]:
    """The names that a statement of the module's own level reads there; annotations count wherever they stand."""
    parts: list[ast.AST | None] = [node]
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        parts = [*node.decorator_list, *getattr(node, "bases", ()), *getattr(node, "keywords", ())]
        if not isinstance(node, ast.ClassDef):
            parts += [*node.args.defaults, *node.args.kw_defaults]
        for inner in ast.walk(node):
            parts.append(getattr(inner, "annotation", None))
            parts.append(getattr(inner, "returns", None))
    return frozenset(
        one.id for part in parts if part is not None for one in ast.walk(part) if isinstance(one, ast.Name)
    )


def _bound(node: ast.stmt) -> frozenset[str]:
    """The names that a statement makes."""
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        return frozenset((node.name,))
    if isinstance(node, ast.AugAssign):
        return frozenset()
    stored = (one for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store))
    return frozenset(one.id for one in stored)


def _changed(node: ast.stmt) -> frozenset[str]:
    """The names whose value a statement changes that makes none: ``f.__name__ = "g"``, ``registry.add(f)``."""
    parts: list[ast.expr] = []
    if isinstance(node, ast.Assign):
        parts = node.targets
    elif isinstance(node, ast.AugAssign):
        parts = [node.target]
    elif isinstance(node, ast.Expr):
        parts = [node.value]
    return frozenset(one.id for part in parts for one in ast.walk(part) if isinstance(one, ast.Name))


def _imports(external: Mapping[str, _Import]) -> tuple[tuple[str, ...], ...]:
    plain: set[str] = set()
    named: dict[str, list[str]] = {}
    for local, imported in sorted(external.items()):
        if imported.name is None:
            as_it_is = imported.home.partition(".")[0] == local
            plain.add(f"import {imported.home}" if as_it_is else f"import {imported.home} as {local}")
        else:
            alias = imported.name if imported.name == local else f"{imported.name} as {local}"
            named.setdefault(imported.home, []).append(alias)
    lines = [*sorted(plain), *(f"from {home} import {', '.join(names)}" for home, names in sorted(named.items()))]
    own = tuple(line for line in lines if line.split()[1].partition(".")[0] in sys.stdlib_module_names)
    return tuple(group for group in (own, tuple(line for line in lines if line not in own)) if group)
