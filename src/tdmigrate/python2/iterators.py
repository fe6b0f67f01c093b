"""P203, P207: iterators of Python 2: how they end, and the method that gives what comes next."""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Set
from typing import Final

from tdmigrate.findings import Finding, Recast, Severity, Span
from tdmigrate.python2.base import GONE, LISTS, Source
from tdmigrate.rules.arguments import is_none
from tdmigrate.understanding.branches import is_for_both, is_guarded
from tdmigrate.understanding.tree import COMPREHENSIONS

_ENDING: Final = ("StopIteration", "Exception", "BaseException")  # what catches the end of an iterator
_ENDLESS: Final = frozenset(("itertools.count", "itertools.cycle", "itertools.repeat"))
_FLOWS: Final = frozenset(("flow", "flow_from_directory"))  # of Keras's generators of images, which never end
_ITERATORS: Final = frozenset(("csv.reader", "csv.DictReader", "enumerate", "iter", "open", "reversed"))

_NO_NONES: Final = frozenset(
    ("operator.add", "operator.div", "operator.mul", "operator.pow", "operator.sub", "operator.truediv", "pow")
)
_MAY_NOT_RUN: Final = (ast.BoolOp, ast.IfExp, ast.Lambda, *COMPREHENSIONS)


def iterators(source: Source, lazy: Collection[Span]) -> Iterator[Finding]:
    """``lazy``: each ``map`` that was ``itertools.imap``, which never went on behind the end of the shortest."""
    known = _Iterators(source)
    called = {node.func.id for node in source.nodes if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)}
    for node in source.nodes:
        if isinstance(node, ast.Raise):
            yield from _raise(source, node)
        elif isinstance(node, ast.Call):
            yield from known.ended(node)
            if source.full(node.func) in ("map", "itertools.imap") and node.args:
                yield from _map(source, node, lazy)
        elif isinstance(node, ast.Attribute) and node.attr == "next" and isinstance(node.ctx, ast.Load):
            yield from known.handed_on(node, called)


def _raise(source: Source, node: ast.Raise) -> Iterator[Finding]:
    raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
    if raised is None or source.full(raised) != "StopIteration" or source.tree.generator(node) is None:
        return
    if is_guarded(source.tree, node, *_ENDING):
        return
    is_bare = node.cause is None and not (isinstance(node.exc, ast.Call) and (node.exc.args or node.exc.keywords))
    edit = Recast(source.span(node), ("return",)) if is_bare else None
    yield source.one(GONE, node, "a generator that raises StopIteration fails since Python 3.7: it returns", edit)


class _Iterators:
    """The iterators of a source, as far as it is known what makes them."""

    def __init__(self, source: Source) -> None:
        self._source = source
        functions = (one for one in source.nodes if isinstance(one, ast.FunctionDef) and source.tree.is_generator(one))
        self._endless = frozenset(one for one in functions if any(map(_goes_on, one.body)))

    def ended(self, node: ast.Call) -> Iterator[Finding]:
        """The end of one iterator that was the end of a generator, too."""
        source = self._source
        if source.full(node.func) != "next" or len(node.args) != 1 or isinstance(node.args[0], ast.Starred):
            return
        generator = source.tree.generator(node)
        made = self._made(node.args[0])
        if generator is None or (made and all(map(self._never_ends, made))):
            return
        instead = "walk it in a loop"
        if not isinstance(generator, ast.GeneratorExp):  # that runs later than what stands around it
            instead = "catch StopIteration and return"
            if is_guarded(source.tree, node, *_ENDING):
                return
        message = f"where this ends, the generator ended too; since Python 3.7 it raises RuntimeError: {instead}"
        yield source.one(GONE, node, message, severity=Severity.WARNING)

    def handed_on(self, node: ast.Attribute, called: Set[str]) -> Iterator[Finding]:
        """The method of an iterator as a value, where calls of it are ``next(…)`` by now."""
        source, above = self._source, self._source.tree.of(node)
        if (isinstance(above, ast.Call) and above.func is node) or is_guarded(source.tree, node, "AttributeError"):
            return
        new = f"{source.module.segment(node.value)}.__next__"
        message = f"iterators have no method next in Python 3: it is {new}"
        edit = Recast(source.span(node), (source.span(node.value), ".__next__"))
        made = self._made(node.value)
        if made and all(map(self._gives_iterator, made)):
            yield source.one(GONE, node, message, edit)
        elif "next" not in source.attributes and "next" not in source.bound:
            if self._is_renamed(node):
                yield source.one(GONE, node, message, edit)
            elif isinstance(above, ast.Assign) and called & {getattr(one, "id", "") for one in above.targets}:
                yield source.one(GONE, node, message, severity=Severity.WARNING)

    def _made(self, node: ast.expr) -> list[ast.Call | ast.GeneratorExp]:
        """What an expression comes from; none: it may come from elsewhere."""
        made = [node] if isinstance(node, (ast.Call, ast.GeneratorExp)) else self._source.origins(node)
        known = [one for one in made if isinstance(one, (ast.Call, ast.GeneratorExp))]
        return known if len(known) == len(made) else []

    def _gives_iterator(self, call: ast.Call | ast.GeneratorExp) -> bool:
        if isinstance(call, ast.GeneratorExp):
            return True
        name = self._source.full(call.func)
        return name in _ITERATORS or name.startswith("itertools.") or self._generator(call) is not None

    def _never_ends(self, call: ast.Call | ast.GeneratorExp) -> bool:
        if isinstance(call, ast.GeneratorExp):
            return False
        is_flow = isinstance(call.func, ast.Attribute) and call.func.attr in _FLOWS
        return is_flow or self._source.full(call.func) in _ENDLESS or self._generator(call) in self._endless

    def _generator(self, call: ast.Call) -> ast.AST | None:
        """The function of the source that a call is of, if it yields."""
        found = self._source.bindings(call, call.func.id) if isinstance(call.func, ast.Name) else []
        return found[0] if len(found) == 1 and self._source.tree.is_generator(found[0]) else None

    def _is_renamed(self, node: ast.Attribute) -> bool:
        """Whether it is the method of the class around it, which is ``__next__`` by now."""
        if not isinstance(node.value, ast.Name) or node.value.id != "self":
            return False
        around = next((one for one in self._source.tree.up(node) if isinstance(one, ast.ClassDef)), None)
        return around is not None and any(getattr(one, "name", "") == "__next__" for one in around.body)


def _goes_on(statement: ast.stmt) -> bool:
    """Whether it is a loop without an end."""
    if not isinstance(statement, ast.While) or not isinstance(statement.test, ast.Constant) or not statement.test.value:
        return False
    return not any(isinstance(one, (ast.Break, ast.Return)) for one in ast.walk(statement))


def _map(source: Source, node: ast.Call, lazy: Collection[Span]) -> Iterator[Finding]:
    function, *walked = node.args
    if is_for_both(source.tree, node):
        return
    if is_none(function):
        message = "map of None joined its lists: list(x) of one; of several itertools.zip_longest (imap: zip)"
        yield source.one(LISTS, node, message)
        return
    if source.full(node.func) != "map" or source.span(node) in lazy or len(walked) < 2:
        return
    sizes = {_size(source, one) for one in walked}
    if len(sizes) == 1 and None not in sizes:
        return
    if any(isinstance(one, ast.Starred) for one in node.args) or _fails_of_none(source, function):
        return
    message = (
        "of lists that are not equally long, map gave None for what the shorter had not and stops there in Python 3: "
        "if they may be, walk itertools.zip_longest"
    )
    yield source.one(LISTS, node, message, severity=Severity.WARNING)


def _size(source: Source, node: ast.expr) -> str | None:
    """What has as many elements, as is written: "a" of ``a``, ``range(len(a))``, ``[x] * len(a)``; or a number."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult) and isinstance(node.left, ast.List):
        return _length(source, node.right) if len(node.left.elts) == 1 else None
    if isinstance(node, (ast.List, ast.Tuple)):
        return None if any(isinstance(one, ast.Starred) for one in node.elts) else str(len(node.elts))
    if isinstance(node, ast.Call):
        name = source.full(node.func)
        if name == "range" and len(node.args) == 1:
            return _length(source, node.args[0])
        return _size(source, node.args[0]) if name == "list" and len(node.args) == 1 else None
    return source.module.segment(node) if isinstance(node, (ast.Name, ast.Attribute)) else None


def _length(source: Source, node: ast.expr) -> str | None:
    if isinstance(node, ast.Call) and source.full(node.func) == "len" and len(node.args) == 1:
        return _size(source, node.args[0])
    return None


def _fails_of_none(source: Source, function: ast.expr) -> bool:
    """Whether a function takes no None for any argument, so that a program that ran has equally long lists."""
    if not isinstance(function, ast.Lambda):
        return source.full(function) in _NO_NONES
    if function.args.vararg is not None or any(isinstance(one, _MAY_NOT_RUN) for one in ast.walk(function.body)):
        return False
    needed: set[str] = set()
    for node in ast.walk(function.body):
        within: list[ast.expr] = []
        if isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Mod):
            within = [node.left, node.right]
        elif isinstance(node, (ast.Attribute, ast.Subscript)):
            within = [node.value]
        elif isinstance(node, ast.Call):
            within = [node.func]
        needed.update(one.id for one in within if isinstance(one, ast.Name))
    return needed >= {one.arg for one in function.args.args}
