"""The fixers of fissix, each held back where it would guess."""

from __future__ import annotations

import atexit
import os
import re
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from tdmigrate.sources.lambdas import unpack_lambdas
from tdmigrate.sources.nexts import rename_nexts
from tdmigrate.sources.owned import Owned

# what needs no change in Python 3, or cannot be told from the name of a method alone
_LEFT: Final = frozenset(("buffer", "future", "idioms", "next", "set_literal", "sorted", "ws_comma"))
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
# of itertools, what is a builtin now
_ITERTOOLS: Final[Mapping[str, str]] = {"ifilter": "filter", "imap": "map", "izip": "zip"}
_LAZY: Final = frozenset(("filter", "map", "zip"))
_FIRST, _LAST = "first", "last"
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
        self._owned: Any = None
        self._folder: str | None = None
        self._own_attributes = False
        self._met: list[str] = []
        self._nothings: list[Any] = []  # statements that import nothing any more
        self._words: frozenset[str] = frozenset()
        self._methods: frozenset[str] = frozenset()  # functions that the source defines
        self._uses: dict[str, list[Any]] = {}
        for fixer in (*self._tool.pre_order, *self._tool.post_order):
            name = _short(type(fixer).__module__)
            fixer.transform = partial(self._transform, name, fixer, fixer.transform)
            module = sys.modules[type(fixer).__module__]
            if name in _LAZY:
                vars(module)["in_special_context"] = partial(_is_only_gone_through, vars(module)["in_special_context"])

    def run(self, tree: Any, path: str | None, futures: frozenset[str]) -> list[str]:
        """Convert a tree; what it met: lists, by the fixer's name, and imports from beside; ``marks`` tells where.

        ``path``: of the file, beside which Python 2 looks for modules; ``futures``: what it imports from __future__.
        Raises ``FixerError``.
        """
        unpack_lambdas(tree)
        self._owned = Owned(tree)
        rename_nexts(tree, self._owned)
        self._words = frozenset(leaf.value for leaf in tree.leaves())
        self._methods = frozenset(
            leaf.value for leaf in tree.leaves() if getattr(leaf.prev_sibling, "value", "") == "def"
        )
        self._uses = {name: [leaf for leaf in tree.leaves() if leaf.value == name] for name in _ITERTOOLS}
        self._folder = None if path is None else os.path.dirname(path) or os.curdir
        self._own_attributes = _OWN_ATTRIBUTE.search(str(tree)) is not None
        self._met.clear()
        self._nothings.clear()
        tree.future_features = futures
        try:
            self._tool.refactor_tree(tree, path if path is not None else "")
            self._tidy()
        except (ArithmeticError, AssertionError, AttributeError, LookupError, TypeError, ValueError) as error:
            raise FixerError(f"fissix fails with {type(error).__name__}") from error
        return [*self._met]

    def _transform(self, name: str, fixer: Any, genuine: Transform, node: Any, results: Mapping[str, Any]) -> Any:
        if self._is_held_back(name, node, results):
            if name == "import" and _is_left_beside(fixer, results["imp"]):
                self._mark("beside", node)
            return None
        if name in ("filter", "map") and not {"filter_lambda", "map_lambda", "none"}.isdisjoint(results):
            # it would write a comprehension, in which names bind later and no condition can stand
            results = {"args": node.children[1], "extra_trailers": results.get("extra_trailers", [])}
        before = str(node)
        new = genuine(node, results)
        if name == "import" and (new is not None or str(node) != before):
            self._mark(name, node if new is None else new)
        elif name == "import" and node.type == _symbols().import_name and _is_left_beside(fixer, results["imp"]):
            self._mark("beside", node)
        if name == "itertools" and before.strip().removeprefix("itertools.").startswith("imap"):
            self._mark("imap", node)
        if new is None:
            return None
        if name == "raise" and "val" in results:
            self._mark(name, new)
        if name == "unicode" and new.value[:1] in "\"'" and before.strip()[:1] in "uU" and before.strip()[1:2] in "\"'":
            new.value = before.strip()[0] + new.value  # Python 3 takes this prefix too
            return None if new.value == node.value else new
        if name == "unicode" and before.strip()[:2].lower() == "ur":  # it knew these escapes, which r'…' does not
            new.value = _CHARACTER.sub(lambda found: found[1] + chr(int(found[2] or found[3], 16)), new.value)
        if name == "numliterals" and _OCTAL.fullmatch(new.value):
            new.value = f"0o{new.value[1:]}"  # of 07L fissix sees the L alone
        if name == "types" and before.strip() == "types.StringType":
            return new.__class__(new.type, "str", prefix=new.prefix)  # fissix says bytes, which no literal is any more
        if name == "itertools_imports" and not getattr(new, "value", new):
            return self._nothing(node, new)
        if name in _LISTS and str(new).lstrip().startswith(("list(", "[")):
            self._mark(str(next(node.leaves()).value) if name == "xrange" else name, new)
        if name == "dict":  # one in a chain is all it sees
            while results["tail"] and (results := fixer.match(new)) and (further := genuine(new, results)) is not None:
                new = further
                self._mark(name, new)
        return new

    def _is_held_back(self, name: str, node: Any, results: Mapping[str, Any]) -> bool:
        """Whether a fixer would guess here."""
        if name in _BUILTINS:
            first = next(node.leaves())
            return bool(self._owned.has(first)) or _is_attribute_or_keyword(first)
        if name in _ATTRIBUTES:
            return self._own_attributes
        if name in _MODULES:
            return self._is_beside(node)
        if name == "import":  # `from . import a.b` is no import
            return "." in (leaf.value for leaf in results["imp"].leaves()) and str(node).lstrip().startswith("import")
        if name == "dict":
            method = results["method"][0].value
            return method.startswith(("iter", "view")) and method in self._methods  # it would keep its name
        if name == "has_key":
            return name in self._methods
        if name == "nonzero":
            return "__bool__" in self._words  # the class is for both
        if name == "itertools_imports":
            return self._are_handed_on(results["imports"])
        # unpack_lambdas leaves those that a person must see
        return name == "tuple_params" and "lambda" in results

    def _nothing(self, node: Any, new: Any) -> Any:
        """What stands for an import of nothing any more: its block may have nothing else."""
        from fissix.fixer_util import Name

        new = Name("pass", prefix=new.prefix)
        self._nothings.append(node.parent)
        return new

    def _tidy(self) -> None:
        """Take away such a statement where another one of the module's own level follows it."""
        for statement in self._nothings:
            behind = statement.next_sibling
            alone = len(statement.children) == 2 and not statement.children[1].prefix  # no comment behind it
            if alone and statement.parent.parent is None and behind is not None and behind.children:
                behind.prefix = statement.prefix + behind.prefix
                statement.remove()

    def _mark(self, name: str, node: Any) -> None:
        """Note a place of the new text. Other fixers copy its leaves, with what was noted at them."""
        leaves = [*node.leaves()]
        leaves[0].fixers_applied.append((_FIRST, len(self._met)))
        leaves[-1].fixers_applied.append((_LAST, len(self._met)))
        self._met.append(name)

    def _are_handed_on(self, imports: Any) -> bool:
        """Whether what is imported of itertools, and is a builtin now, goes by another name or is not just called."""
        names = imports.children if imports.type == _symbols().import_as_names else [imports]
        for one in names:
            old = next(one.leaves()).value
            if old in _ITERTOOLS:
                if [*one.leaves()][-1].value not in (old, _ITERTOOLS[old]):
                    return True
                inside = {id(leaf) for leaf in one.leaves()}
                if not all(id(use) in inside or _is_called(use) for use in self._uses[old]):
                    return True
        return False

    def _is_beside(self, node: Any) -> bool:
        """Whether a module that the node names is the project's own."""
        if self._folder is None:
            return False
        names = {leaf.value for leaf in node.leaves() if leaf.value.isidentifier()}
        return any(
            os.path.exists(os.path.join(self._folder, f"{name}{end}")) for name in names for end in (".py", os.sep)
        )


def _is_left_beside(fixer: Any, names: Any) -> bool:
    """Whether one of the modules that an import names lies beside the file, in a package."""
    from fissix.fixes.fix_import import traverse_imports

    return not fixer.skip and any(map(fixer.probably_a_local_import, traverse_imports(names)))


def marks(leaf: Any) -> Iterator[tuple[str, int]]:
    """What was met of which this leaf is the first or the last: "first" or "last", and its number."""
    return (one for one in leaf.fixers_applied if isinstance(one, tuple))


def _is_only_gone_through(genuine: Callable[[Any], bool], node: Any) -> bool:
    """Whether nothing but a loop or its like sees what a call gives: ``zip(a, b)[1:]`` wants a list all the same."""
    return len(node.children) == 2 and genuine(node)


def _is_attribute_or_keyword(leaf: Any) -> bool:
    before, behind = getattr(leaf.prev_sibling, "value", ""), getattr(leaf.next_sibling, "value", "")
    return before == "." or (behind == "=" and leaf.parent.type == _symbols().argument)


def _is_called(leaf: Any) -> bool:
    following = leaf.next_sibling
    return following is not None and str(following).lstrip().startswith("(") and leaf.prev_sibling is None


def _symbols() -> Any:
    from fissix.pygram import python_symbols

    return python_symbols


def _short(module: str) -> str:
    return module.rpartition("fix_")[2]


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
