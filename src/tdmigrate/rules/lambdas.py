"""Lambda layers: their output_shape, and what of Theano or TensorFlow itself stands in their functions."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Import, Recast, Severity, Span
from tdmigrate.keras1.backend import METHODS, REDUCTIONS, TENSOR_METHODS
from tdmigrate.keras1.entry import Text
from tdmigrate.keras1.layers.core import LAMBDAS
from tdmigrate.keras1.versions import parse
from tdmigrate.rules import foreign
from tdmigrate.rules.context import Context
from tdmigrate.understanding.facts import LayerUse

FunctionNode = ast.Lambda | ast.FunctionDef
_TOLD_TRAIN = parse("0.3")


def check_lambdas(ctx: Context) -> None:
    """Every Lambda layer, and every other function that makes use of keras.backend."""
    body = _Bodies(ctx)
    functions: dict[FunctionNode, None] = {}
    for use in ctx.facts.layers:
        if use.entry.name not in LAMBDAS:
            continue
        _check_output_shape(ctx, use)
        given = use.bound.arguments.get("function")
        function = body.function(given.node) if given is not None else None
        if function is not None and function not in functions:
            functions[function] = None
            _check_phase(ctx, use, function)
            body.check_methods(function, {argument.arg for argument in function.args.args[:1]})
    for method, tensor in ctx.calls.items():
        body.check_methods(method, {tensor})
    losses = dict.fromkeys(body.of_compile())
    for function in losses.keys() - functions.keys():
        body.check_methods(function, {argument.arg for argument in function.args.args[:2]})
    for function in dict.fromkeys((*functions, *ctx.calls, *body.around_backend(), *body.of_classes(), *losses)):
        body.check_foreign(function)
    foreign.check_compiled(ctx, body.foreign)
    if "get_shape" not in body.named:
        body.check_shapes()


def _check_output_shape(ctx: Context, use: LayerUse) -> None:
    """Keras 3 puts the batch size before a tuple; a list it cannot."""
    given = use.bound.arguments.get("output_shape")
    if given is None or not isinstance(given.node, ast.List):
        return
    members = [ctx.span(member) for member in given.node.elts]
    pieces: list[str | Span] = ["("]
    for member in members:
        pieces += [member, ", "]
    pieces[-1] = ",)" if len(members) == 1 else ")"
    if not members:
        pieces = ["()"]
    fix = Fix(Applicability.SAFE, (Recast(ctx.span(given.node), tuple(pieces)),))
    message = "Lambda: its `output_shape` is a tuple now, not a list"
    ctx.add("K201", Severity.ERROR, ctx.span(given.node), message, symbol=use.symbol.path, fix=fix)


def _check_phase(ctx: Context, use: LayerUse, function: FunctionNode) -> None:
    """Keras 0.3 told the phase as ``train``, Keras 3 as ``training``: to functions with that argument, be it given."""
    names = {argument.arg: argument for argument in function.args.args[1:]}
    told = use.bound.arguments.get("arguments")
    given = told.node.keys if told is not None and isinstance(told.node, ast.Dict) else []
    found = []
    if "train" in names and ctx.era.versions.meets(_TOLD_TRAIN):
        found.append(("train", "Keras 3 tells its function the phase as `training`, not as `train`: call it so"))
    if "training" in names and any(isinstance(key, ast.Constant) and key.value == "training" for key in given):
        found.append(("training", "Keras 3 gives `training` the phase, whatever `arguments` say: call it otherwise"))
    for name, message in found:
        span = ctx.span(names[name])
        ctx.add("K205", Severity.ERROR, span, f"Lambda: {message}", symbol=use.symbol.path)


class _Bodies:
    def __init__(self, ctx: Context) -> None:
        self.ctx = ctx
        self.parents = ctx.module.parents
        self.named: dict[str, list[ast.FunctionDef]] = {}
        self.foreign = foreign.imported(ctx.module.tree)
        for node in ctx.module.nodes:
            if isinstance(node, ast.FunctionDef):
                self.named.setdefault(node.name, []).append(node)
        self.told: set[tuple[int, str]] = set()

    def function(self, node: ast.expr) -> FunctionNode | None:
        """The function that an expression stands for, where the module has one of that name."""
        if isinstance(node, ast.Lambda):
            return node
        found = self.named.get(node.id, []) if isinstance(node, ast.Name) else []
        return found[0] if len(found) == 1 else None

    def around_backend(self) -> Iterator[FunctionNode]:
        for nodes in self.ctx.facts.uses.values():
            for node in nodes:
                symbol = self.ctx.names.resolve(node)
                if symbol is None or not symbol.path.startswith("keras.backend."):
                    continue
                above = self.parents.get(node)
                while above is not None and not isinstance(above, (ast.Lambda, ast.FunctionDef)):
                    above = self.parents.get(above)
                if isinstance(above, (ast.Lambda, ast.FunctionDef)):
                    yield above

    def of_classes(self) -> Iterator[FunctionNode]:
        """The methods of classes that derive from Keras's."""
        for reference in self.ctx.facts.references:
            owner = self.parents.get(reference.node) if reference.role == "base" else None
            if isinstance(owner, ast.ClassDef):
                yield from (node for node in owner.body if isinstance(node, ast.FunctionDef))

    def of_compile(self) -> Iterator[FunctionNode]:
        """Losses and metrics that any ``compile`` is given."""
        calls = (node for node in self.parents if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute))
        for node in calls:
            if not isinstance(node.func, ast.Attribute) or node.func.attr != "compile":
                continue
            given = [*node.args[1:2], *(one.value for one in node.keywords if one.arg in ("loss", "metrics"))]
            for value in given:
                for part in value.elts if isinstance(value, (ast.List, ast.Tuple)) else [value]:
                    if isinstance(part, ast.Call) and isinstance(part.func, ast.Name):
                        part = part.args[0] if self.ctx.compat.get(part.func.id) == "metric" and part.args else part
                    function = self.function(part)
                    if function is not None:
                        yield function

    def check_foreign(self, function: FunctionNode) -> None:
        """Names of Theano and TensorFlow, each once a line."""
        for node in ast.walk(function):
            if not isinstance(node, ast.Name) or node.id not in self.foreign or (node.lineno, node.id) in self.told:
                continue
            self.told.add((node.lineno, node.id))
            chain: ast.expr = node
            while isinstance(parent := self.parents.get(chain), ast.Attribute):
                chain = parent
            path = foreign.path_of(chain, self.foreign) or self.foreign[node.id]
            message = foreign.message(path, self.ctx.module.segment(chain))
            self.ctx.add("K502", Severity.ERROR, self.ctx.span(chain), message)

    # --- methods of tensors

    def check_shapes(self) -> None:
        """``x.get_shape()`` of a tensor of TensorFlow, ``x.get_shape().as_list()`` and ``x.get_shape()[1].value``."""
        for call in self.parents:
            if not isinstance(call, ast.Call) or call.args or call.keywords or not isinstance(call.func, ast.Attribute):
                continue
            if call.func.attr != "get_shape":
                continue
            whole: ast.expr = call
            pieces: tuple[str | Span, ...] = (self.ctx.span(call.func.value), ".shape")
            parent = self.parents.get(call)
            above = self.parents.get(parent) if parent is not None else None
            if isinstance(parent, ast.Attribute) and parent.attr == "as_list" and isinstance(above, ast.Call):
                whole, pieces = above, ("list(", *pieces, ")")
            elif isinstance(parent, ast.Subscript) and isinstance(above, ast.Attribute) and above.attr == "value":
                whole, pieces = above, (*pieces, "[", self.ctx.span(parent.slice), "]")
            fix = Fix(Applicability.SAFE, (Recast(self.ctx.span(whole), pieces),))
            message = "`.get_shape()` is of TensorFlow's tensors: Keras 3's have `.shape`"
            self.ctx.add("K501", Severity.ERROR, self.ctx.span(whole), message, fix=fix)

    def check_methods(self, function: FunctionNode, tensors: set[str]) -> None:
        """``x.sum(axis=1)``: a Theano tensor had methods, those of other backends have not. ``tensors``: variables."""
        nodes = list(ast.walk(function))
        for node in nodes:
            target = node.targets[0] if isinstance(node, ast.Assign) else None
            if isinstance(node, ast.Assign) and isinstance(target, ast.Name) and self._is_tensor(node.value, tensors):
                tensors.add(target.id)
        for node in nodes:
            if isinstance(node, ast.Attribute) and self._is_tensor(node.value, tensors):
                self._check_method(node)

    def _is_tensor(self, node: ast.expr, tensors: set[str]) -> bool:
        if isinstance(node, ast.Name):
            return node.id in tensors
        if isinstance(node, ast.Subscript):
            return self._is_tensor(node.value, tensors)
        if isinstance(node, ast.UnaryOp):
            return self._is_tensor(node.operand, tensors)
        if isinstance(node, ast.BinOp):
            return self._is_tensor(node.left, tensors) or self._is_tensor(node.right, tensors)
        if isinstance(node, ast.Attribute):
            return node.attr == "T" and self._is_tensor(node.value, tensors)
        if isinstance(node, ast.Call):
            symbol = self.ctx.names.resolve(node.func)
            if symbol is not None:
                return symbol.path.startswith("keras.backend.")
            if self._is_theano(node.func):
                return True
            method = node.func
            known = isinstance(method, ast.Attribute) and method.attr in TENSOR_METHODS
            return known and isinstance(method, ast.Attribute) and self._is_tensor(method.value, tensors)
        return False

    def _is_theano(self, node: ast.expr) -> bool:
        while isinstance(node, ast.Attribute):
            node = node.value
        return isinstance(node, ast.Name) and self.foreign.get(node.id, "").partition(".")[0] == "theano"

    def _check_method(self, node: ast.Attribute) -> None:
        ctx = self.ctx
        if node.attr != "T" and node.attr not in TENSOR_METHODS:
            return
        parent = self.parents.get(node)
        call = parent if isinstance(parent, ast.Call) and parent.func is node else None
        whole = call if call is not None else node
        message = f"`.{node.attr}` of a tensor was Theano's"
        pieces = self._as_function(node, call)
        if pieces is None:
            ctx.add("K502", Severity.ERROR, ctx.span(whole), f"{message}: write it with keras.ops")
            return
        ops = ctx.written(Text("ops", (Import("keras", "ops"),)))
        fix = Fix(Applicability.SAFE, (Recast(ctx.span(whole), (f"{ops.text}.", *pieces)),), ops.imports)
        name = str(pieces[0]).partition("(")[0]
        ctx.add("K501", Severity.ERROR, ctx.span(whole), f"{message}: it is `ops.{name}`", fix=fix)

    def _as_function(self, node: ast.Attribute, call: ast.Call | None) -> tuple[str | Span, ...] | None:
        """What stands behind ``ops.``; None: it is not known to be the same."""
        tensor = self.ctx.span(node.value)
        if call is None:
            return ("transpose(", tensor, ")") if node.attr == "T" else None
        if node.attr == "dimshuffle" and not call.keywords:
            return _shuffled(tensor, call.args)
        if node.attr in REDUCTIONS:
            if len(call.args) > 1 or any(one.arg not in ("axis", "keepdims") for one in call.keywords):
                return None
            name = node.attr
        elif node.attr in METHODS and len(call.args) == 1 and not call.keywords:
            name = METHODS[node.attr]
            if name in ("reshape", "transpose") and not isinstance(call.args[0], (ast.Tuple, ast.List)):
                return None
        else:
            return None
        if any(isinstance(one, ast.Starred) for one in call.args):
            return None
        pieces: list[str | Span] = [f"{name}(", tensor]
        for argument in call.args:
            pieces += [", ", self.ctx.span(argument)]
        for keyword in call.keywords:
            pieces += [f", {keyword.arg}=", self.ctx.span(keyword.value)]
        return (*pieces, ")")


def _shuffled(tensor: Span, given: list[ast.expr]) -> tuple[str | Span, ...] | None:
    """``x.dimshuffle(0, 'x', 1)``: a permutation, or one axis more."""
    if len(given) == 1 and isinstance(given[0], (ast.Tuple, ast.List)):
        given = given[0].elts
    pattern = [one.value if isinstance(one, ast.Constant) else None for one in given]
    axes = [axis for axis in pattern if type(axis) is int]
    if sorted(axes) != list(range(len(axes))) or not axes:
        return None
    if len(axes) == len(pattern):
        return ("transpose(", tensor, f", ({', '.join(map(str, axes))}{',' if len(axes) == 1 else ''}))")
    if pattern.count("x") == 1 == len(pattern) - len(axes) and axes == sorted(axes):
        return ("expand_dims(", tensor, f", {pattern.index('x')})")
    return None
