"""Optimizers that more than one compile may be given: Keras 1 made new moments for each, Keras 3 keeps those of the
first."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Text
from tdmigrate.rules.arguments import Plan, edited
from tdmigrate.rules.context import COMPAT, Context, once
from tdmigrate.understanding.facts import MethodUse

_NAME = "fresh_optimizer"
_FRESH = Text(f"{_NAME}({{}})", (Import(COMPAT, _NAME),))
_WHY = "the optimizer may reach several compiles: each had moments of its own in Keras 1"
_ASK = (
    "this optimizer may reach several compiles: Keras 3 keeps the moments of the first, and raises for another model. "
    "Make a new one for each compile"
)
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_LOOPS = (ast.For, ast.While, ast.AsyncFor, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_LOOKS = frozenset(("print", "type", "str", "repr", "isinstance", "hasattr", "getattr", "setattr", "id"))


def settle_optimizer(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """compile that makes an optimizer of its own from one that another compile may be given as well."""
    optimizer = use.bound.arguments.get("optimizer")
    if optimizer is None or any(value is optimizer.node for _, _, value in use.bound.spread):
        return made
    if not _Sharing(ctx).is_shared(optimizer.node, use.node):
        return made
    if ctx.settings.style == "modern":
        return made._replace(asks=(*made.asks, (optimizer.node, _ASK)))
    own = next((edit.value for edit in made.edits if edit.index == optimizer.index), None)
    fresh = ctx.written(_FRESH)
    made = edited(made, optimizer.index, fresh.text.replace("{}", own or "{}"))
    return made._replace(imports=(*made.imports, *fresh.imports), changes=(*made.changes, _WHY))


def is_shared(ctx: Context, node: ast.expr, site: ast.AST) -> bool:
    """Whether the object that an expression gives at ``site``, a dict of names too, may get to several compiles."""
    return _Sharing(ctx, names=True).is_shared(node, site)


def is_of_options(ctx: Context, node: ast.expr) -> bool:
    """Whether an expression comes from the command line."""
    return _Sharing(ctx).is_of_options(node)


@once
def _handing(ctx: Context) -> dict[str, list[ast.expr]]:
    """Where an expression, by its text, is handed on as a whole: as an argument, or to another name."""
    found: dict[str, list[ast.expr]] = {}
    for node in ctx.module.nodes:
        values: list[ast.expr] = []
        if isinstance(node, ast.Call):
            callee = node.func
            if not (isinstance(callee, ast.Name) and callee.id in _LOOKS):
                values = [*node.args, *(one.value for one in node.keywords)]
        elif isinstance(node, (ast.Assign, ast.Return)) and node.value is not None:
            values = [node.value]
        elif isinstance(node, (ast.For, ast.comprehension)):
            called = node.iter.func if isinstance(node.iter, ast.Call) else None  # opts.items()
            values = [node.iter, *([called.value] if isinstance(called, ast.Attribute) else [])]
        elif isinstance(node, ast.Dict):
            values = node.values
        elif isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load):
            values = node.elts
        for value in values:
            if isinstance(value, (ast.Name, ast.Attribute, ast.Subscript)):
                found.setdefault(ast.unparse(value), []).append(value)
    return found


class _Sharing:
    """Whether an object may get to more than one run of a compile."""

    def __init__(self, ctx: Context, names: bool = False) -> None:
        """``names``: whether constants count, which a fix makes objects of."""
        self.ctx = ctx
        self._names = names
        self._seen: set[ast.AST] = set()

    def is_shared(self, node: ast.expr, site: ast.AST) -> bool:
        """``site``: where the object is used; it is made anew each time if ``node`` is a call there."""
        if node in self._seen:
            return False
        self._seen.add(node)
        if isinstance(node, ast.IfExp):
            return self.is_shared(node.body, site) or self.is_shared(node.orelse, site)
        if isinstance(node, ast.BoolOp):
            return any(self.is_shared(one, site) for one in node.values)
        if isinstance(node, ast.Call):
            return any(self._is_kept(value) for value in self._returned(node))
        if isinstance(node, ast.Name):
            return self._is_name_shared(node, site)
        return isinstance(node, (ast.Attribute, ast.Subscript)) and self._is_part_shared(node, site)

    # --- names

    def _is_name_shared(self, name: ast.Name, site: ast.AST) -> bool:
        binders = self._reaching(name, site)
        return any(self._is_binder_shared(name, binder, site) for binder in binders)

    def _reaching(self, name: ast.expr, site: ast.AST) -> list[ast.AST]:
        """What may have bound a name that is read at ``site``: the last binding that always runs before it, or all."""
        if not isinstance(name, ast.Name):
            return []
        scope = self.ctx.names.scope_of(site)
        binders = self.ctx.binders(name.id)
        while True:
            here = [one for one in binders if self._scope(one) == scope]
            if here or not scope:
                break
            scope = scope.rpartition(".")[0]
        above = set(self._above(site))
        before = [one for one in here if self._row(one) <= self._row(site) and self._block(one) in above]
        last = max(before, key=self._row, default=None)
        if last is None or scope != self.ctx.names.scope_of(site):
            return here
        return [last, *(one for one in here if self._row(last) < self._row(one) <= self._row(site))]

    def _is_binder_shared(self, name: ast.Name, binder: ast.AST, site: ast.AST) -> bool:
        function = self._function_of(binder)
        statement = self._statement(binder)
        if isinstance(statement, ast.Assign) and not self._names and _is_constant(statement.value):
            return False
        if self._repeats(site, function if isinstance(binder, ast.arg) else binder):
            return True
        if self._is_handed_twice(name, binder):
            return True
        if isinstance(binder, ast.arg):
            return function is None or self._is_parameter_shared(function, binder)
        if isinstance(statement, ast.Assign):
            return self.is_shared(statement.value, statement)
        return isinstance(statement, ast.For) and self._is_any_shared(statement.iter, statement)

    def _is_any_shared(self, items: ast.expr, site: ast.AST) -> bool:
        """Whether any of what a loop goes through may be."""
        if isinstance(items, (ast.List, ast.Tuple)):
            return any(self._is_any_shared(one, site) for one in items.elts)
        if isinstance(items, ast.Call):  # enumerate, zip, a dict's items
            over = [*items.args, *([items.func.value] if isinstance(items.func, ast.Attribute) else [])]
            return any(self._is_any_shared(one, site) for one in over if not isinstance(one, ast.Call))
        return self.is_shared(items, site)

    def _is_handed_twice(self, name: ast.Name, binder: ast.AST) -> bool:
        uses = [one for one in _handing(self.ctx).get(name.id, ()) if one is not name]
        return any(binder in self._reaching(one, one) for one in uses)

    # --- parameters

    def _is_parameter_shared(self, function: ast.AST, parameter: ast.arg) -> bool:
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return True
        default = _default(function, parameter)
        calls = self._calls(function)
        if not calls:
            return not isinstance(default, ast.Constant)
        kept = 0
        for call in calls:
            given = _given(function, parameter, call, self.ctx)
            if given is None:
                return True
            if given is default:
                kept += 1
                repeats = kept > 1 or self._repeats(call, function)
                if not isinstance(given, ast.Constant) and (repeats or not isinstance(given, ast.Call)):
                    return True
            elif self.is_shared(given, call):
                return True
        return False

    def _calls(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> list[ast.Call]:
        name = function.name
        if name == "__init__":
            holder = self.ctx.parents.get(function)
            name = holder.name if isinstance(holder, ast.ClassDef) else name
        calls = (one for one in self.ctx.module.nodes if isinstance(one, ast.Call))
        return [one for one in calls if name in (getattr(one.func, "id", None), getattr(one.func, "attr", None))]

    # --- attributes and members

    def _is_part_shared(self, part: ast.Attribute | ast.Subscript, site: ast.AST) -> bool:
        if self.is_of_options(part):
            return False
        text = ast.unparse(part)
        scope = self.ctx.names.scope_of(site)
        stores = [
            node
            for node in self.ctx.module.nodes
            if isinstance(node, type(part)) and isinstance(node.ctx, ast.Store) and ast.unparse(node) == text
        ]
        above = set(self._above(site))
        before = [one for one in stores if self._block(one) in above and self._row(one) <= self._row(site)]
        if not before or any(self.ctx.names.scope_of(one) != scope for one in stores):
            return True
        last = max(before, key=self._row)
        others = [one for one in _handing(self.ctx).get(text, ()) if one is not part]
        statement = self.ctx.parents.get(last)
        if others or self._repeats(site, last) or not isinstance(statement, ast.Assign):
            return True
        return self.is_shared(statement.value, statement)

    def is_of_options(self, part: ast.expr, depth: int = 4) -> bool:
        """Whether it comes from the command line, which gives strings."""
        called = part.func if isinstance(part, ast.Call) else None
        if isinstance(called, ast.Attribute) and called.attr == "parse_args":
            return True
        while isinstance(part, (ast.Attribute, ast.Subscript)):
            part = part.value
        for binder in self._reaching(part, part) if depth else ():
            statement = self.ctx.parents.get(binder)
            function = self._function_of(binder)
            if isinstance(binder, ast.arg) and isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
                given = [_given(function, binder, call, self.ctx) for call in self._calls(function)]
                if given and all(one is not None and self.is_of_options(one, depth - 1) for one in given):
                    return True
            elif isinstance(statement, ast.Assign):
                value = statement.value
                inner = value.args if isinstance(value, ast.Call) else []  # vars(parser.parse_args())
                if any(self.is_of_options(one, depth - 1) for one in (value, *inner)):
                    return True
        return False

    # --- functions

    def _returned(self, call: ast.Call) -> Iterator[ast.expr]:
        """What a function of the module returns."""
        binders = self.ctx.binders(call.func.id) if isinstance(call.func, ast.Name) else []
        for binder in binders:
            for part in ast.walk(binder) if isinstance(binder, ast.FunctionDef) else ():
                if isinstance(part, ast.Return) and part.value is not None:
                    yield part.value

    def _is_kept(self, value: ast.expr) -> bool:
        """Whether a function returns what was made before it was called."""
        if isinstance(value, ast.IfExp):
            return self._is_kept(value.body) or self._is_kept(value.orelse)
        root = value
        while isinstance(root, (ast.Attribute, ast.Subscript)):
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        function = self._function_of(value)
        binders = self._reaching(root, value)
        if any(isinstance(one, ast.arg) for one in binders):
            return root.id == "self" and root is not value
        return any(self._function_of(one) is not function for one in binders)

    # --- places

    def _repeats(self, site: ast.AST, origin: ast.AST | None) -> bool:
        """Whether ``site`` may run more than once for one run of ``origin``."""
        around = set(self._above(origin)) | {origin} if origin is not None else set()
        for outer in self._above(site):
            if outer in around:
                return False
            if isinstance(outer, _LOOPS):
                return True
            if isinstance(outer, _FUNCTIONS):
                call = self._only_call(outer)
                return call is None or self._repeats(call, origin)
        return False

    def _only_call(self, function: ast.AST) -> ast.Call | None:
        """The one place of the module that calls a function."""
        if not isinstance(function, ast.FunctionDef) or isinstance(self.ctx.parents.get(function), ast.ClassDef):
            return None
        loads = self.ctx.loads.get(function.name, ())
        for load in loads if len(loads) == 1 else ():
            call = self.ctx.parents.get(load)
            if isinstance(call, ast.Call) and call.func is load and function not in self._above(call):
                return call
        return None

    def _above(self, node: ast.AST) -> Iterator[ast.AST]:
        parent = self.ctx.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.ctx.parents.get(parent)

    def _function_of(self, node: ast.AST) -> ast.AST | None:
        return next((one for one in self._above(node) if isinstance(one, _FUNCTIONS)), None)

    def _scope(self, binder: ast.AST) -> str:
        function = self._function_of(binder) if isinstance(binder, ast.arg) else None
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)) and function.body:
            return self.ctx.names.scope_of(function.body[0])
        return self.ctx.names.scope_of(binder)

    def _statement(self, node: ast.AST) -> ast.AST | None:
        found: ast.AST | None = node
        while found is not None and not isinstance(found, ast.stmt):
            found = self.ctx.parents.get(found)
        return found

    def _block(self, binder: ast.AST) -> ast.AST | None:
        """What the statement of a binding stands in."""
        if isinstance(binder, ast.arg):
            return self._function_of(binder)
        statement = self._statement(binder)
        if statement is None or isinstance(statement, _LOOPS):
            return statement
        return self.ctx.parents.get(statement)

    def _row(self, node: ast.AST) -> int:
        return getattr(node, "lineno", 0)


def _is_constant(value: ast.expr) -> bool:
    """Whether a value is one constant, or a display of constants alone: names of optimizers."""
    if isinstance(value, ast.Dict):
        return all(map(_is_constant, value.values))
    if isinstance(value, (ast.List, ast.Tuple)):
        return all(map(_is_constant, value.elts))
    return isinstance(value, ast.Constant)


def _default(function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg) -> ast.expr | None:
    arguments = function.args
    named = [*arguments.posonlyargs, *arguments.args]
    pairs = zip(reversed(named), reversed(arguments.defaults), strict=False)
    return next((default for one, default in pairs if one is parameter), None) or next(
        (default for one, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if one is parameter),
        None,
    )


def _given(
    function: ast.FunctionDef | ast.AsyncFunctionDef, parameter: ast.arg, call: ast.Call, ctx: Context
) -> ast.expr | None:
    """What a call gives for a parameter, or its default; None: not known."""
    if any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords):
        return None
    for keyword in call.keywords:
        if keyword.arg == parameter.arg:
            return keyword.value
    named = [*function.args.posonlyargs, *function.args.args]
    if isinstance(ctx.parents.get(function), ast.ClassDef):
        named = named[1:]
    index = named.index(parameter) if parameter in named else len(call.args)
    return call.args[index] if index < len(call.args) else _default(function, parameter)
