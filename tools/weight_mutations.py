"""Every step of the functions that lay weights out anew, and every layout of an entry, broken once, one at a time.

A mutation is code that runs where the conversion does: at the head of the new program, before the model gets its
weights, and in the process that compares. It puts another body into one function of tdmigrate, or another layout into
one entry.
"""

from __future__ import annotations

import ast
import contextlib
import copy
import inspect
import types
from collections.abc import Callable, Iterator, Mapping
from itertools import combinations

from mutations import Mutation
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Layer, Layout
from tdmigrate.verification import weights as converting

_MODULES = (converting, converting.layouts)
BACK = "weights back"  # the area of those on the way to Keras 1
_FORTH, _BACK = converting._FORTH, converting._BACK


def weight_mutations() -> Iterator[Mutation]:
    """Every mutation of a layout, of the functions that convert to Keras 3, then of those that convert back."""
    for entry in registry.all_entries():
        if isinstance(entry, Layer) and entry.layout is not None:
            for what, layout in _layouts(entry.layout):
                code = _ENTRY.format(name=entry.name, layout=layout)
                yield Mutation("weights", "weights", entry.name, "layout", what, code=code)
    for area, table in (("weights", _FORTH), (BACK, _BACK)):
        for function in _reached(list(table.values())):
            for what, source in broken_bodies(function):
                code = _FUNCTION.format(module=function.__module__, source=source, name=function.__name__)
                aside = OF_WEIGHTS.get((function.__name__, what.partition(": ")[2]), "")
                yield Mutation(area, "weights", function.__name__, "body", what, code=code, aside=aside)


# what changes nothing: function and what is broken → why
OF_WEIGHTS: Mapping[tuple[str, str], str] = {
    **dict.fromkeys(
        [
            (name, "`one.ndim > 2` is `one.ndim > 3`")
            for name in ("keras1_kernels", "keras1_kernels_1d", "keras1_transposed_kernels")
        ],
        "kernels have four axes or five, biases one",
    ),
    ("_convolution_gates_back", "`one.ndim > 1` is `one.ndim > 2`"): "kernels have four axes, biases one",
    (
        "fuse_gates",
        "`len(weights) in (3, 6)` is `len(weights) in (3, 7)`",
    ): "the halves of a Bidirectional come one by one here",
    ("_highway", "`layouts.keras1_highway(weights) or []` is `layouts.keras1_highway(weights)`"): "it has weights",
}


def kinds_of(mutation: Mutation) -> frozenset[str]:
    """The ``Layout.convert`` that a broken function serves."""
    table = _FORTH if mutation.area == "weights" else _BACK
    return frozenset(
        kind for kind, one in table.items() if any(each.__name__ == mutation.owner for each in _reached([one]))
    )


@contextlib.contextmanager
def in_place(code: str) -> Iterator[None]:
    """This process with the code of a mutation run in it."""
    entries = dict(registry._ENTRIES)
    bodies = {one: one.__code__ for one in _reached([*_FORTH.values(), *_BACK.values()])}
    exec(compile(code, "<mutation>", "exec"), {})
    try:
        yield
    finally:
        for path, entry in entries.items():
            registry._ENTRIES[path] = entry  # type: ignore[index]
        registry.layer.cache_clear()
        for function, body in bodies.items():
            function.__code__ = body


_ENTRY = """\
from tdmigrate.keras1 import registry as _registry
from tdmigrate.keras1.entry import Layout
for _path, _entry in list(_registry._ENTRIES.items()):
    if _entry.name == {name!r} and hasattr(_entry, "layout"):
        _registry._ENTRIES[_path] = _entry._replace(layout={layout!r})
_registry.layer.cache_clear()
"""
_FUNCTION = """\
import importlib as _importing
_module = _importing.import_module({module!r})
_names = dict(vars(_module))
exec({source!r}, _names)
_module.{name}.__code__ = _names[{name!r}].__code__
"""


def _layouts(layout: Layout) -> Iterator[tuple[str, Layout]]:
    if layout.convert not in ("same", "bidirectional"):
        yield "is the same", layout._replace(convert="same")
    old, _, new = layout.gates.partition(">")
    for one, other in combinations(old, 2):
        turned = old.translate(str.maketrans(one + other, other + one))
        yield f"has the gates {one} and {other} turned round", layout._replace(gates=f"{turned}>{new}")


def _reached(starts: list[Callable[..., object]]) -> list[types.FunctionType]:
    """Functions of the two modules that these call, themselves first."""
    found: dict[types.FunctionType, None] = {}
    waiting: list[object] = [*starts]
    while waiting:
        function = waiting.pop(0)
        if isinstance(function, types.FunctionType) and function not in found:
            found[function] = None
            here = vars(inspect.getmodule(function))
            named = {node.id for node in ast.walk(_tree(function)) if isinstance(node, ast.Name)}
            named |= {node.attr for node in ast.walk(_tree(function)) if isinstance(node, ast.Attribute)}
            known = {**vars(converting.layouts), **here}
            called = [known[name] for name in sorted(named) if isinstance(known.get(name), types.FunctionType)]
            waiting += [one for one in called if inspect.getmodule(one) in _MODULES]
    return list(found)


def _tree(function: types.FunctionType) -> ast.Module:
    return ast.parse(inspect.getsource(function))


def broken_bodies(function: types.FunctionType) -> Iterator[tuple[str, str]]:
    """What is broken, and the source of the function with that in it."""
    tree = _tree(function)
    places = [node for node in ast.walk(tree) if isinstance(node, ast.expr)]
    guards = {id(part) for node in ast.walk(tree) if isinstance(node, ast.If) and isinstance(node.body[0], ast.Raise)
              for part in ast.walk(node)}  # fmt: skip
    raised = {id(part) for node in ast.walk(tree) if isinstance(node, ast.Raise) for part in ast.walk(node)}
    notes = {id(part) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)
             for kept in (node.args, node.returns) if kept is not None for part in ast.walk(kept)}  # fmt: skip
    tests = {id(part): node for node in places if isinstance(node, ast.Compare) for part in ast.walk(node)}
    for index, node in enumerate(places):
        if id(node) in guards | raised | notes:
            continue
        for other in _others(node):
            changed = copy.deepcopy(tree)
            copied = [one for one in ast.walk(changed) if isinstance(one, ast.expr)]
            told = tests.get(id(node), node) if isinstance(node, ast.Constant) else node  # a number alone says little
            before = ast.unparse(told)
            source = ast.unparse(_Put(copied[index], other).visit(changed))
            after = ast.unparse(copied[places.index(told)] if told is not node else other)
            yield f"line {node.lineno}: `{before}` is `{after}`", f"from __future__ import annotations\n{source}"


class _Put(ast.NodeTransformer):
    def __init__(self, target: ast.expr, other: ast.expr) -> None:
        self._target, self._other = target, other

    def visit(self, node: ast.AST) -> ast.AST:
        return self._other if node is self._target else super().visit(node)


_FIRST_ARGUMENT = ("flip", "moveaxis", "sqrt", "sorted")
_RECEIVER = ("swapaxes", "squeeze", "transpose")
_WORDS = {"th": "tf", "tf": "th", "theano": "tensorflow", "tensorflow": "theano"}
_TURNED = {ast.Lt: ast.GtE, ast.GtE: ast.Lt, ast.Gt: ast.LtE, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}


def _others(node: ast.expr) -> Iterator[ast.expr]:
    """Expressions to put in the place of one step."""
    match node:
        case ast.Call(func=ast.Name(name) | ast.Attribute(attr=name), args=[*arguments]):
            if name in _FIRST_ARGUMENT:
                yield arguments[0]
            elif name in _RECEIVER and isinstance(node.func, ast.Attribute):
                yield node.func.value
            if name in ("transpose", "moveaxis", "swapaxes"):
                yield from _turned_round(node)
        case ast.IfExp(test=ast.Compare(ops=[ast.Is()])):
            return  # of no weights at all
        case ast.IfExp(body=body, orelse=orelse):
            yield body
            yield orelse
        case ast.Compare(left=left, ops=[operation], comparators=[right]) if type(operation) in _TURNED:
            yield ast.Compare(left, [_TURNED[type(operation)]()], [right])
        case ast.BoolOp(op=ast.Or(), values=[first, *others]):
            yield first
            yield others[-1]
        case ast.BinOp(left=left, op=ast.Pow()):
            yield left
        case ast.BinOp(left=left, op=ast.Add() | ast.Sub(), right=right):
            yield ast.BinOp(left, ast.Sub() if isinstance(node.op, ast.Add) else ast.Add(), right)
        case ast.Subscript(value=value, slice=ast.Slice(lower=None, upper=None)):
            yield value
        case ast.Constant(value=str(word)) if word in _WORDS:
            yield ast.Constant(_WORDS[word])
        case ast.Constant(value=int(number)) if not isinstance(node.value, bool):
            yield ast.Constant(number + 1)


def _turned_round(call: ast.Call) -> Iterator[ast.expr]:
    """Axes in another order."""
    for index, argument in enumerate(call.args):
        if isinstance(argument, ast.Tuple) and len(argument.elts) > 1:
            first, second, *others = argument.elts
            turned = ast.Tuple([second, first, *others], ast.Load())
            yield ast.Call(call.func, [*call.args[:index], turned, *call.args[index + 1 :]], call.keywords)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "transpose" and len(call.args) > 1:
        first, second, *others = call.args
        yield ast.Call(call.func, [second, first, *others], call.keywords)
