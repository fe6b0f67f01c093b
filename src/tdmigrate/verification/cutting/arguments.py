"""Command-line options with their defaults: what ``args.hidden`` is when nobody types anything."""

from __future__ import annotations

import ast
from typing import Final

from tdmigrate.verification.cutting.flow import Node
from tdmigrate.verification.cutting.scope import Scope

_ADDERS: Final = frozenset({"add_argument", "add_option"})
_PARSERS: Final = frozenset({"parse_args", "parse_known_args"})
_SWITCHES: Final = {"store_true": False, "store_false": True}
_FLAG: Final = "DEFINE_"


class Arguments:
    """Options of argparse, optparse and TensorFlow flags, by destination."""

    def __init__(self, tree: ast.Module, scope: Scope) -> None:
        self.scope = scope
        self.defaults: dict[str, ast.expr] = {}
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            func = call.func
            if isinstance(func, ast.Attribute) and func.attr in _ADDERS:
                self._option(call)
            elif isinstance(func, ast.Attribute) and func.attr.startswith(_FLAG) and len(call.args) >= 2:
                name = call.args[0]
                if isinstance(name, ast.Constant) and isinstance(name.value, str):
                    self._keep(name.value, call.args[1], None)
            elif isinstance(func, ast.Attribute) and func.attr == "set_defaults":
                for keyword in call.keywords:
                    if keyword.arg is not None:
                        self._keep(keyword.arg, keyword.value, None)

    def _option(self, call: ast.Call) -> None:
        given = {keyword.arg: keyword.value for keyword in call.keywords if keyword.arg is not None}
        names = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        dest = given.get("dest")
        long = [name for name in names if name.startswith("--")] or names
        if isinstance(dest, ast.Constant) and isinstance(dest.value, str):
            name = dest.value
        elif long:
            name = long[0].lstrip("-").replace("-", "_")
        else:
            return
        action = given.get("action")
        if "default" in given:
            kind = given.get("type")
            self._keep(name, given["default"], kind.id if isinstance(kind, ast.Name) else None)
        elif isinstance(action, ast.Constant) and action.value in _SWITCHES:
            self._keep(name, ast.Constant(_SWITCHES[str(action.value)]), None)

    def _keep(self, name: str, default: ast.expr, kind: str | None) -> None:
        try:
            value = ast.literal_eval(default)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return
        if isinstance(value, str) and kind in ("int", "float"):  # argparse casts a default that is text
            try:
                value = int(value) if kind == "int" else float(value)
            except ValueError:
                return
        self.defaults.setdefault(name, ast.Constant(value) if not isinstance(value, list | tuple | dict) else default)

    def default(self, expr: ast.expr, node: Node) -> ast.expr | None:
        """What ``args.name``, ``args["name"]`` or ``vars(args)["name"]`` is by default; None for anything else.

        ``sys.argv[1] if len(sys.argv) > 1 else "small"`` is ``"small"``.
        """
        if isinstance(expr, ast.IfExp):
            return self._without_argv(expr, node)
        if not self.defaults:
            return None
        if isinstance(expr, ast.Attribute) and expr.attr == "value":
            return self._flag(expr.value, node)
        if isinstance(expr, ast.Attribute):
            name: object = expr.attr
        elif isinstance(expr, ast.Subscript) and isinstance(expr.slice, ast.Constant):
            name = expr.slice.value
        else:
            return None
        if not isinstance(name, str) or name not in self.defaults or not self._parsed(expr.value, node, 6):
            return None
        return self.defaults[name]

    def _without_argv(self, expr: ast.IfExp, node: Node) -> ast.expr | None:
        """The constant that stands for a word of the command line that nobody types."""
        test = expr.test
        if not (isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.left, ast.Call)):
            return None
        of, least = test.left, test.comparators[0]
        counts = isinstance(of.func, ast.Name) and of.func.id == "len" and len(of.args) == 1
        if not (counts and self.scope.path(of.args[0], node) == "sys.argv"):
            return None
        if not (isinstance(test.ops[0], ast.Gt | ast.GtE) and isinstance(least, ast.Constant)):
            return None
        return expr.orelse if isinstance(expr.orelse, ast.Constant) else None

    def _flag(self, expr: ast.expr, node: Node) -> ast.expr | None:
        """The default of a flag that a variable holds: ``HIDDEN = flags.DEFINE_integer("hidden", 100, "")``."""
        bindings = self.scope.lookup(expr.id, node) if isinstance(expr, ast.Name) else None
        if not bindings or len(bindings) != 1 or not isinstance(bindings[0].stmt, ast.Assign):
            return None
        call = bindings[0].stmt.value
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.args):
            return None
        name = call.args[0]
        if not (call.func.attr.startswith(_FLAG) and isinstance(name, ast.Constant) and isinstance(name.value, str)):
            return None
        return self.defaults.get(name.value)

    def _parsed(self, expr: ast.expr, node: Node, depth: int) -> bool:
        """Whether an expression is what a parser gave, or what nothing else in the source tells."""
        if depth == 0:
            return False
        if isinstance(expr, ast.Call):
            if isinstance(expr.func, ast.Name) and expr.func.id == "vars" and len(expr.args) == 1:
                return self._parsed(expr.args[0], node, depth - 1)
            return isinstance(expr.func, ast.Attribute) and expr.func.attr in _PARSERS
        if isinstance(expr, ast.Attribute):
            return expr.attr == "FLAGS" or self._self_attribute(expr, node, depth)
        if not isinstance(expr, ast.Name):
            return False
        bindings = self.scope.lookup(expr.id, node)
        return bindings is None or (bool(bindings) and all(self._binding(b, depth) for b in bindings))

    def _self_attribute(self, expr: ast.Attribute, node: Node, depth: int) -> bool:
        if not (isinstance(expr.value, ast.Name) and expr.value.id == node.frame.self_name):
            return False
        bindings = self.scope.lookup(f"{expr.value.id}.{expr.attr}", node)
        return bool(bindings) and all(self._binding(b, depth) for b in bindings or ())

    def _binding(self, binding: Node, depth: int) -> bool:
        stmt = binding.stmt
        if stmt is None:
            return True  # a parameter: the options handed on
        return isinstance(stmt, ast.Assign) and self._parsed(stmt.value, binding, depth - 1)


def option_default(function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: str) -> ast.expr | None:
    """What ``@click.option("--hidden", default=100)`` gives a parameter."""
    for call in function.decorator_list:
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            continue
        if call.func.attr not in ("option", "argument"):
            continue
        names = [a.value for a in call.args if isinstance(a, ast.Constant) and isinstance(a.value, str)]
        if parameter not in {name.lstrip("-").replace("-", "_").lower() for name in names}:
            continue
        default = next((keyword.value for keyword in call.keywords if keyword.arg == "default"), None)
        if isinstance(default, ast.Constant) and default.value is not None:
            return default
    return None
