"""Strings that may reach an expression through names: a parameter's default, a variable, an option, a dict.

Nothing is run: whatever is written for the same name counts, so that a string found here may come, and need not.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.module import Module

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_DISPLAYS = (ast.List, ast.Tuple, ast.Set)
_FIELDS = frozenset(("Namespace", "_replace", "dict", "set_defaults", "update"))  # what takes fields by keyword
_MOST = 500  # expressions looked at for one


class Told(NamedTuple):
    """A string that may reach an expression. ``held``: in a list or dict there."""

    node: ast.Constant
    held: bool


class Strings:
    """What is written for each name of a module."""

    def __init__(self, module: Module) -> None:
        self._parents = module.parents
        self._variables: dict[tuple[ast.AST | None, str], list[ast.expr]] = {}
        self._fields: dict[str, list[ast.expr]] = {}  # attributes, keywords, keys and options, by their name alone
        self._calls: dict[str, list[ast.Call]] = {}  # by the last name of the callee
        nodes = module.nodes
        self._classes = {node.name for node in nodes if isinstance(node, ast.ClassDef)}
        for node in nodes:
            if isinstance(node, ast.Assign):
                for target in node.targets:
                    self._bind(target, node.value)
            elif isinstance(node, (ast.AnnAssign, ast.NamedExpr)) and node.value is not None:
                self._bind(node.target, node.value)
            elif isinstance(node, (ast.For, ast.comprehension)):
                self._each(node.target, node.iter)
            elif isinstance(node, ast.Dict):
                for key, value in zip(node.keys, node.values, strict=True):
                    self._add(_text(key), value)
            elif isinstance(node, ast.Call):
                self._call(node)
            elif isinstance(node, _FUNCTIONS):
                given = node.args
                defaults = (*_defaults(given), *zip(given.kwonlyargs, given.kw_defaults, strict=True))
                for parameter, default in defaults:
                    self._variables.setdefault((node, parameter.arg), []).extend([default] if default else [])

    def reaching(self, node: ast.expr) -> list[Told]:
        """The strings that may come to an expression, each once, in order of place."""
        return self._from([node])

    def keyed(self, node: ast.expr, key: str) -> list[Told]:
        """The strings that may come by ``**node`` for one keyword."""
        values: list[ast.expr] = []
        stack, seen = [node], {node}
        while stack:
            one = stack.pop()
            if isinstance(one, ast.Name):
                function = self._around(one)
                kwarg = function.args.kwarg if isinstance(function, _FUNCTIONS) else None
                if function is not None and kwarg is not None and kwarg.arg == one.id:
                    values += self._given(function, key)
                stack += [value for value in self._read(one) if value not in seen]
            elif isinstance(one, ast.Dict):
                values += [value for of, value in zip(one.keys, one.values, strict=True) if _text(of) == key]
            elif isinstance(one, ast.Call) and isinstance(one.func, ast.Name) and one.func.id == "dict":
                values += [keyword.value for keyword in one.keywords if keyword.arg == key]
            seen.update(stack)
        return self._from(values)

    def _from(self, nodes: list[ast.expr]) -> list[Told]:
        stack, seen = [(node, 0) for node in nodes], set(nodes)
        found: dict[ast.Constant, bool] = {}
        while stack and len(seen) < _MOST:
            one, depth = stack.pop()
            if isinstance(one, ast.Constant) and isinstance(one.value, str):
                found[one] = depth > 0
            for value, more in self._behind(one):
                if value not in seen:
                    seen.add(value)
                    stack.append((value, depth + more))
        told = [Told(one, held) for one, held in found.items()]
        return sorted(told, key=lambda each: (each.node.lineno, each.node.col_offset))

    def _behind(self, node: ast.expr) -> Iterator[tuple[ast.expr, int]]:
        """The expressions whose values it may have, and how much deeper in lists and dicts they are."""
        if isinstance(node, ast.IfExp):
            yield from ((one, 0) for one in (node.body, node.orelse))
        elif isinstance(node, ast.BoolOp):
            yield from ((one, 0) for one in node.values)
        elif isinstance(node, _DISPLAYS):
            yield from ((one, 1) for one in node.elts)
        elif isinstance(node, ast.Dict):
            yield from ((one, 1) for one in node.values)
        elif isinstance(node, ast.Name):
            yield from ((one, 0) for one in self._read(node))
        elif isinstance(node, ast.Attribute):
            yield from ((one, 0) for one in self._fields.get(node.attr, ()))
        elif isinstance(node, ast.Subscript):
            key = _text(node.slice)
            yield from ((one, 0) for one in self._fields.get(key, ())) if key else [(node.value, -1)]
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
            yield from ((one, 0) for one in self._fields.get(_text(node.args[0]) if node.args else "", ()))
            yield from ((one, 0) for one in node.args[1:])

    def _read(self, node: ast.Name) -> Iterator[ast.expr]:
        function = self._around(node)
        while function is not None and (function, node.id) not in self._variables:
            function = self._around(function)
        yield from self._variables.get((function, node.id), ())
        if function is not None:
            yield from self._given(function, node.id)

    def _given(self, function: ast.AST, name: str) -> Iterator[ast.expr]:
        """What calls of a function give for a parameter."""
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return
        names = [one.arg for one in (*function.args.posonlyargs, *function.args.args)]
        class_ = self._parents.get(function)
        names = names[1:] if isinstance(class_, ast.ClassDef) else names
        called = class_.name if isinstance(class_, ast.ClassDef) and function.name == "__init__" else function.name
        for call in self._calls.get(called, ()):
            placed = call.args[names.index(name) :][:1] if name in names else []
            if not any(isinstance(one, ast.Starred) for one in call.args):
                yield from placed
            yield from (keyword.value for keyword in call.keywords if keyword.arg == name)

    def _around(self, node: ast.AST) -> ast.AST | None:
        """The function around it; the defaults of a function are outside of it."""
        above = self._parents.get(node)
        while above is not None and not isinstance(above, _FUNCTIONS):
            outer = self._parents.get(above)
            if isinstance(above, ast.arguments) and not isinstance(node, ast.arg) and outer is not None:
                outer = self._parents.get(outer)
            above = outer
        return above

    def _each(self, target: ast.expr, values: ast.expr) -> None:
        """What a loop binds: a member of ``values``, or the second of a pair."""
        if isinstance(values, ast.Call) and isinstance(target, ast.Tuple) and len(target.elts) == 2:
            func = values.func
            if isinstance(func, ast.Attribute) and func.attr in ("items", "iteritems"):
                self._each(target.elts[1], func.value)
            elif isinstance(func, ast.Name) and func.id == "enumerate" and values.args:
                self._each(target.elts[1], values.args[0])
        elif isinstance(values, _DISPLAYS):
            for element in values.elts:
                self._bind(target, element)
        else:
            self._bind(target, ast.Subscript(values, ast.Constant(0), ast.Load()))

    def _bind(self, target: ast.expr, value: ast.expr) -> None:
        if isinstance(target, ast.Name):
            self._variables.setdefault((self._around(target), target.id), []).append(value)
            if isinstance(self._parents.get(self._parents.get(target, target)), ast.ClassDef):
                self._add(target.id, value)
        elif isinstance(target, ast.Attribute):
            self._add(target.attr, value)
        elif isinstance(target, ast.Subscript):
            self._add(_text(target.slice), value)
        elif isinstance(target, (ast.Tuple, ast.List)) and isinstance(value, (ast.Tuple, ast.List)):
            for one, other in zip(target.elts, value.elts, strict=False):
                self._bind(one, other)

    def _add(self, name: str, value: ast.expr) -> None:
        if name:
            self._fields.setdefault(name, []).append(value)

    def _call(self, call: ast.Call) -> None:
        called = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        self._calls.setdefault(called, []).append(call)
        option = _text(call.args[-1]).lstrip("-").replace("-", "_") if call.args else ""
        for keyword in call.keywords:
            if called in self._classes or called in _FIELDS:
                self._add(keyword.arg or "", keyword.value)
            if called in ("add_argument", "add_option") and keyword.arg == "default":
                self._add(option, keyword.value)
            elif called in ("add_argument", "add_option") and keyword.arg == "choices":
                for choice in keyword.value.elts if isinstance(keyword.value, _DISPLAYS) else ():
                    self._add(option, choice)


def _defaults(given: ast.arguments) -> Iterator[tuple[ast.arg, ast.expr | None]]:
    parameters = (*given.posonlyargs, *given.args)
    none: list[ast.expr | None] = [None] * (len(parameters) - len(given.defaults))
    yield from zip(parameters, [*none, *given.defaults], strict=True)


def _text(node: ast.expr | None) -> str:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else ""
