"""The fixers of fissix, each held back where it would guess."""

from __future__ import annotations

import atexit
import os
import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from tdmigrate.sources.lambdas import unpack_lambdas

# what needs no change in Python 3, or cannot be told from the name of a method alone
_LEFT: Final = frozenset(("buffer", "future", "idioms", "set_literal", "sorted", "ws_comma"))
# fixers that keep a list a list where Python 3 gives a view or an iterator
_LISTS: Final = frozenset(("dict", "filter", "map", "xrange", "zip"))
# fixers of functions that a source may have of its own
_BUILTINS: Final = frozenset(
    (
        "apply", "basestring", "execfile", "filter", "input", "intern", "long", "map", "raw_input", "reduce", "reload",
        "unicode", "xrange", "zip",
    )
)  # fmt: skip
_MODULES: Final = frozenset(("imports", "imports2", "urllib"))
_ATTRIBUTES: Final = frozenset(("funcattrs", "methodattrs"))
_OWN_ATTRIBUTE: Final = re.compile(r"\.(?:func|im)_\w+[ \t]*=(?!=)")

_CHARACTER: Final = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8}))")
_OCTAL: Final = re.compile(r"0[0-7]+")

Transform = Callable[[Any, Mapping[str, Any]], Any]


def parsed(text: str, print_function: bool) -> Any:
    """The tree of a Python 2 source whose last line ends. Raises ``parse_errors()``."""
    return _driver(print_function).parse_string(text)


def parse_errors() -> tuple[type[Exception], ...]:
    """What ``parsed`` raises of a text that is no Python 2."""
    from fissix.pgen2.parse import ParseError
    from fissix.pgen2.tokenize import TokenError

    return ParseError, TokenError, IndentationError


@cache
def fixers() -> Fixers:
    return Fixers()


class FixerError(Exception):
    """fissix itself fails on a source."""


class Fixers:
    """All fixers; one tree at a time."""

    def __init__(self) -> None:
        _prepare()
        from fissix.refactor import RefactoringTool, get_fixers_from_package

        names = [name for name in get_fixers_from_package("fissix.fixes") if _short(name) not in _LEFT]
        self._tool = RefactoringTool(names)
        self._bound: frozenset[str] = frozenset()
        self._folder: str | None = None
        self._own_attributes = False
        self._met: list[tuple[str, Any]] = []
        for fixer in (*self._tool.pre_order, *self._tool.post_order):
            fixer.transform = partial(self._transform, _short(type(fixer).__module__), fixer.transform)

    def run(self, tree: Any, path: str | None, futures: frozenset[str]) -> list[tuple[str, Any]]:
        """Convert a tree; what it met: lists, by the fixer's name, imports from beside, and the node of each.

        ``path``: of the file, beside which Python 2 looks for modules; ``futures``: what it imports from __future__.
        Raises ``FixerError``.
        """
        unpack_lambdas(tree)
        self._bound = bound(tree)
        self._folder = None if path is None else os.path.dirname(path) or os.curdir
        self._own_attributes = _OWN_ATTRIBUTE.search(str(tree)) is not None
        self._met.clear()
        tree.future_features = futures
        try:
            self._tool.refactor_tree(tree, path if path is not None else "")
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise FixerError(f"fissix fails with {type(error).__name__}") from error
        return [*self._met]

    def _transform(self, name: str, genuine: Transform, node: Any, results: Mapping[str, Any]) -> Any:
        if name in _BUILTINS and next(node.leaves()).value in self._bound:
            return None
        if name in _ATTRIBUTES and self._own_attributes:
            return None
        if name in _MODULES and self._is_beside(node):
            return None
        if name == "tuple_params" and "lambda" in results:
            return None  # unpack_lambdas leaves those that a person must see
        before = str(node)
        new = genuine(node, results)
        if name == "import" and (new is not None or str(node) != before):
            self._met.append((name, node if new is None else new))
        if new is None:
            return None
        if name == "unicode" and new.value[:1] in "\"'" and before.strip()[:1] in "uU" and before.strip()[1:2] in "\"'":
            new.value = before.strip()[0] + new.value  # Python 3 takes this prefix too
            return None if new.value == node.value else new
        if name == "unicode" and before.strip()[:2].lower() == "ur":  # it knew these escapes, which r'…' does not
            new.value = _CHARACTER.sub(lambda found: found[1] + chr(int(found[2] or found[3], 16)), new.value)
        if name == "numliterals" and _OCTAL.fullmatch(new.value):
            new.value = f"0o{new.value[1:]}"  # of 07L fissix sees the L alone
        if name == "types" and before.strip() == "types.StringType":
            return new.__class__(new.type, "str", prefix=new.prefix)  # fissix says bytes, which no literal is any more
        if name in _LISTS and str(new).lstrip().startswith(("list(", "[")):
            self._met.append((str(next(node.leaves()).value) if name == "xrange" else name, new))
        return new

    def _is_beside(self, node: Any) -> bool:
        """Whether a module that the node names is the project's own."""
        if self._folder is None:
            return False
        names = {leaf.value for leaf in node.leaves() if leaf.value.isidentifier()}
        return any(
            os.path.exists(os.path.join(self._folder, f"{name}{end}")) for name in names for end in (".py", os.sep)
        )


def _short(module: str) -> str:
    return module.rpartition("fix_")[2]


def bound(tree: Any) -> frozenset[str]:
    """Names that a source gives a value of its own."""
    return frozenset(_bound(tree))


def _bound(tree: Any) -> Iterator[str]:
    from fissix.pygram import python_symbols as symbols

    parameters = (symbols.parameters, symbols.typedargslist, symbols.tfplist, symbols.varargslist, symbols.vfplist)
    imports = (symbols.import_from, symbols.import_as_names, symbols.import_name, symbols.dotted_as_names)
    loops = (symbols.for_stmt, symbols.comp_for)
    before = ""
    for leaf in tree.leaves():
        parent = leaf.parent.type if leaf.parent is not None else None
        following = leaf.next_sibling.value if getattr(leaf.next_sibling, "value", None) is not None else ""
        if leaf.value.isidentifier() and (
            before in ("def", "class", "as", "for", "lambda")
            or (following == "=" and parent != symbols.argument)
            or (parent in parameters and before not in ("=", ":"))
            or (parent in imports and before in ("import", ",", "("))
            or (before == "," and (parent == symbols.except_clause or _is_target(leaf, loops, symbols.expr_stmt)))
            or (following == "," and _is_target(leaf, loops, symbols.expr_stmt))
        ):
            yield leaf.value
        before = leaf.value


def _is_target(leaf: Any, loops: tuple[int, ...], assignment: int) -> bool:
    """Whether it is one of several names that a loop or an assignment binds."""
    several, around = leaf.parent, leaf.parent.parent
    if around is None:
        return False
    if around.type in loops:
        return bool(around.children[1] is several)
    return around.type == assignment and around.children[0] is several


@cache
def _driver(print_function: bool) -> Any:
    _prepare()
    from fissix import pygram, pytree
    from fissix.pgen2.driver import Driver

    grammar = pygram.python_grammar_no_print_statement if print_function else pygram.python_grammar
    return Driver(grammar, convert=pytree.convert)


@cache
def _prepare() -> None:
    """fissix keeps tables of its grammar in the user's cache, which it may not be able to write to."""
    import fissix

    try:
        fissix.CACHE_DIR.mkdir(parents=True, exist_ok=True)
        writable = os.access(fissix.CACHE_DIR, os.W_OK)
    except OSError:
        writable = False
    if not writable:
        folder = tempfile.TemporaryDirectory(prefix="tdmigrate-")
        atexit.register(folder.cleanup)
        fissix.CACHE_DIR = Path(folder.name)
