"""Which expression is which legacy symbol: imports, aliases, star imports, scopes and shadowing.

Nothing is said of a name that may be bound to anything else where it is read; ``uncertain`` holds those expressions.
"""

from __future__ import annotations

import ast
from collections import deque
from collections.abc import Mapping
from copy import copy

from tdmigrate.keras1.versions import Versions
from tdmigrate.records import NamedTuple
from tdmigrate.understanding.facts import Binding, Symbol
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.paths import below, of_keras2, same_thing
from tdmigrate.understanding.reaching import Reaching, is_submodule_import
from tdmigrate.understanding.scopes import (
    OTHER,
    Definition,
    Definitions,
    Position,
    Scan,
    alternatives,
    chain,
    is_none,
    start_of,
)

_MOST_SYMBOLS = 64  # of one expression; more is uncertain
_LONGEST_PATH = 12  # parts; only an alias that grows in a loop gets there


class _Value(NamedTuple):
    """What an expression may be: legacy symbols, in order of place, and whether anything else."""

    symbols: tuple[Symbol, ...] = ()
    other: bool = False


_PLACED = (ast.stmt, ast.expr, ast.alias, ast.arg, ast.excepthandler, ast.keyword, ast.pattern)
_NOT_KERAS = _Value(other=True)


class Names:
    """The legacy names of one module.

    Attributes:
        bindings: every import of a legacy path, in order of place.
        uses: for each binding the expressions that read what it binds, in order of place: a name, or an attribute chain
            as far as the entry it names (``core.Dense`` in ``core.Dense.call``, ``getattr(core, "Dense")`` itself),
            through aliases too. An uncertain expression is a use as well, though ``resolve`` says nothing of it.
        unused: bindings without a use that no ``__all__`` exports and no string stands for where strings are looked up.
        uncertain: expressions that may be a legacy symbol and may be something else, or one of several, in order of
            place; ``candidates`` tells which.
        exported: the strings of ``__all__``.
    """

    def __init__(self, module: Module, versions: Versions, keras2: bool = False) -> None:
        """``keras2``: the source may be for Keras 2, so that tensorflow.keras is Keras, too."""
        self._scan = scan = Scan(module, versions, keras2)
        self._keras2 = keras2
        self._taken: Mapping[str, str] = {}
        self.bindings: tuple[Binding, ...] = scan.bindings
        self.exported: frozenset[str] = frozenset(scan.exported)
        self.uses: dict[Binding, tuple[ast.expr, ...]] = dict.fromkeys(scan.bindings, ())
        self.unused: tuple[Binding, ...] = ()
        self.uncertain: tuple[ast.expr, ...] = ()
        self._reads: dict[ast.Name, Definitions] = {}
        self._values: dict[Definition, _Value] = {}
        self._replaced: frozenset[str] = frozenset()  # paths that the module assigns to
        if not scan.bindings:
            return
        reaching = Reaching(module.tree, scan)
        self._reads = reaching.reads
        self._aliases()
        self._replaced = frozenset(
            f"{symbol.path}.{name}" for owner, name in reaching.stores for symbol in self._value(owner).symbols
        )
        self._collect(reaching)

    def is_exported(self, binding: Binding) -> bool:
        """Whether ``__all__`` names, or may name, what an import of the module's own level binds."""
        named = binding.local in self.exported or self._scan.exports_open
        return named and not self.scope_of(binding.statement)

    def resolve(self, node: ast.expr) -> Symbol | None:
        """The legacy symbol that an expression is bound to for certain: a name, attribute chain or literal getattr.

        Where several imports of one thing may reach it, it comes through the first of them in the source.
        """
        root = node
        while type(root) is ast.Attribute:
            root = root.value
        if type(root) is ast.Name and root not in self._reads:  # most expressions are none of Keras's
            return None
        symbol = self._certain(self._value(node))
        if symbol is not None and symbol.path in self._taken:
            return symbol._replace(path=self._taken[symbol.path])
        return symbol

    def taken_for(self, paths: Mapping[str, str]) -> Names:
        """The same names, of which ``resolve`` takes some paths for others."""
        other = copy(self)
        other._taken = paths
        return other

    def candidates(self, node: ast.expr) -> tuple[Symbol, ...]:
        """Every legacy symbol that an expression may be bound to."""
        return self._value(node).symbols

    def scope_of(self, node: ast.AST) -> str:
        """The qualified name of the function or class around a node, "" at the module's own level.

        The header of a function or class (decorators, defaults, bases) belongs to what is around it.
        """
        for inner in ast.walk(node):
            if isinstance(inner, _PLACED):
                return self._scan.enclosing(start_of(inner)).name
        return ""

    def _certain(self, value: _Value) -> Symbol | None:
        if value.other or not value.symbols:
            return None
        first = _providers(value.symbols)[0]
        for path in {symbol.path for symbol in value.symbols}:
            if path != first.path and not same_thing(path, first.path):
                return None
            if any(below(path, replaced) for replaced in self._replaced):
                return None
        return first

    def _value(self, node: ast.expr) -> _Value:
        """The value of an expression from those of the names it reads."""
        symbols: dict[Symbol, None] = {}
        other = False
        for part in alternatives(node):
            if is_none(part):
                continue
            found = chain(part)
            if found is None:
                other = True
                continue
            root, attributes = found
            suffix = "".join(f".{attribute}" for attribute in attributes)
            for definition in self._reads.get(root, (OTHER,)):
                value = self._values_of(definition)
                other = other or value.other
                for symbol in value.symbols:
                    path = symbol.path + suffix
                    if self._keras2 and suffix:
                        path = of_keras2(path) or path
                    if path.count(".") < _LONGEST_PATH:
                        symbols[Symbol(path, symbol.binding)] = None
                    else:
                        other = True
        return _Value(tuple(sorted(symbols, key=_order)) if len(symbols) > 1 else tuple(symbols), other)

    def _values_of(self, definition: Definition) -> _Value:
        if definition.symbol is not None:
            return _Value((definition.symbol,))
        if definition.value is not None:
            return self._values.get(definition, _Value())
        return _NOT_KERAS

    def _aliases(self) -> None:
        """Find what each alias may be: values only grow, until none does any more."""
        readers: dict[Definition, list[Definition]] = {}
        order: dict[Definition, None] = {}
        for definitions in self._reads.values():
            order.update((d, None) for d in definitions if d.value is not None and not is_none(d.value))
        for alias in order:
            for part in alternatives(_expression(alias)):
                found = chain(part)
                for definition in self._reads.get(found[0], ()) if found else ():
                    if definition.value is not None:
                        readers.setdefault(definition, []).append(alias)
        pending = deque(sorted(order, key=lambda alias: start_of(_expression(alias))))
        waiting = set(pending)
        full: set[Definition] = set()
        while pending:
            alias = pending.popleft()
            waiting.discard(alias)
            if alias in full:
                continue
            value = self._value(_expression(alias))
            if len(value.symbols) > _MOST_SYMBOLS:
                full.add(alias)
                value = _Value(value.symbols[:_MOST_SYMBOLS], True)
            if value != self._values.get(alias, _Value()):
                self._values[alias] = value
                changed = [reader for reader in readers.get(alias, ()) if reader not in waiting]
                pending += changed
                waiting.update(changed)

    def _collect(self, reaching: Reaching) -> None:
        uses: dict[Binding, dict[ast.expr, None]] = {binding: {} for binding in self.bindings}
        uncertain: list[ast.expr] = []
        for node in sorted(reaching.chains, key=start_of):
            value = self._value(node)
            if value.symbols:
                symbol = self._certain(value)
                if symbol is None:
                    uncertain.append(node)
                named = node if symbol is None else _entry_part(node, symbol.path)
                for candidate in _providers(value.symbols):
                    uses[candidate.binding][named] = None
        self.uses = {binding: tuple(nodes) for binding, nodes in uses.items()}
        self.uncertain = tuple(uncertain)
        kept = self.exported | reaching.mentioned | reaching.overflow
        star_kept = {
            definition.symbol.binding
            for brought in self._scan.starred.values()
            for name, definition in brought.items()
            if name in kept and definition.symbol is not None
        }
        self.unused = tuple(
            binding
            for binding, nodes in self.uses.items()
            if not nodes
            and binding.local not in kept
            and binding not in star_kept
            and not (self._scan.exports_open and not self.scope_of(binding.statement))
        )


def _expression(alias: Definition) -> ast.expr:
    assert alias.value is not None
    return alias.value


def _order(symbol: Symbol) -> tuple[int, Position, int]:
    """Order of place; of imports of submodules, which all bind ``keras``, the one that says most is first."""
    statement, index, _, path = symbol.binding
    return -len(path) if is_submodule_import(symbol.binding) else 0, start_of(statement), index


def _providers(symbols: tuple[Symbol, ...]) -> tuple[Symbol, ...]:
    """Without imports of submodules that are no part of the path, as ``import keras.models`` for keras.layers.Dense."""
    if len(symbols) < 2:
        return symbols
    named = {symbol for symbol in symbols if below(symbol.path, symbol.binding.path)}
    paths = {symbol.path for symbol in named}
    return tuple(
        symbol
        for symbol in symbols
        if symbol in named
        or symbol.path not in paths
        or symbol.path == "keras"
        or not is_submodule_import(symbol.binding)
    )


def _entry_part(node: ast.expr, path: str) -> ast.expr:
    """The part of a chain that names an entry, without attributes of that entry; the whole chain where none does."""
    from tdmigrate.keras1 import registry

    part = node
    while registry.lookup(path) is None:
        if not isinstance(part, ast.Attribute):
            return node
        part = part.value
        path = path.rpartition(".")[0]
    return part
