"""K701, K702: layers of the source's own in the form of Keras 0.x, which asked for their input themselves."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, BlockEdit, Edit, Fix, Recast, Severity, Span, StatementEdit, TextEdit
from tdmigrate.rules.context import Context
from tdmigrate.rules.custom_weights import is_super_init
from tdmigrate.rules.heads import head, parameter
from tdmigrate.understanding.custom import LayerClass, is_own, statements

_SHAPE = "input_shape"
_ASKED = {
    "get_input": "it is the first argument of `call`, which alone has it",
    "get_input_mask": "it is the argument `mask` of `call` and compute_mask, which alone have it",
    "get_output": "`call` it is now: call it with the tensor",
    "get_output_mask": "it is compute_mask(inputs, mask) now",
    "input_shape": "`build` and compute_output_shape are given it; in `call` it is the shape of the tensor",
    "output_shape": "it is self.compute_output_shape(input_shape)",
    "previous": "it is the first argument of `call`",
}


def check_old(ctx: Context, found: LayerClass) -> None:
    """The methods of one class, and what they read of the layer before."""
    _Old(ctx, found).check()


class _Old:
    def __init__(self, ctx: Context, found: LayerClass) -> None:
        self.ctx = ctx
        self.found = found
        self.read: set[ast.AST] = set()  # attributes of which is said what they are now

    def check(self) -> None:
        methods = self.found.methods
        if "get_output" in methods:
            self._call(methods["get_output"])
        if "get_output_mask" in methods:
            self._mask(methods["get_output_mask"])
        if "output_shape" in methods:
            self._output_shape(methods["output_shape"])
        if "build" in methods:
            self._build(methods["build"])
        if self.found.base == "MaskedLayer":
            self._masked()
        for method in methods.values():
            self._placeholders(method)
            for node in ast.walk(method):
                if not (is_own(node) and isinstance(node.ctx, ast.Load)) or node in self.read:
                    continue
                if node.attr in _ASKED:
                    self._ask(self.ctx.span(node), f"self.{node.attr}: {_ASKED[node.attr]}")

    def _call(self, method: ast.FunctionDef) -> None:
        """``get_output(self, train=False)`` is ``call(self, X, training=None)``."""
        ctx = self.ctx
        train = self._train(method)
        if train is None:
            self._ask(head(ctx, method), "get_output: it is call(self, inputs, mask=None, training=None) now")
            return
        edits: list[Edit] = [TextEdit(head(ctx, method), "call")]
        inputs = self._asked(method, "get_input")
        name = "inputs"
        if any(isinstance(one, ast.Name) and one.id == name for one in ast.walk(method)):
            name = "layer_inputs"
        assigned = self._assigned(method, inputs)
        if assigned is not None:
            name = assigned.id
        masks = self._asked(method, "get_input_mask")
        used = self._uses(method, train)
        edits += self._stand_in(method, inputs, name)
        edits += self._stand_in(method, masks, "mask")
        edits += [TextEdit(ctx.span(one), "training") for one in used]
        last = "training" if used else "mask"
        before = f"{name}, mask=None, " if used and masks else f"{name}, "
        edits += self._told(method, train, before + last)
        ctx.calls[method] = name
        if used:
            ctx.phased.add(method)
        self._fix(head(ctx, method), "get_output(train) is `call`, which is given its input, now", edits)

    def _mask(self, method: ast.FunctionDef) -> None:
        train = self._train(method)
        if train is None or self._uses(method, train):
            self._ask(head(self.ctx, method), "get_output_mask: it is compute_mask(self, inputs, mask) now")
            return
        edits: list[Edit] = [TextEdit(head(self.ctx, method), "compute_mask")]
        edits += self._stand_in(method, self._asked(method, "get_input"), "inputs")
        edits += self._stand_in(method, self._asked(method, "get_input_mask"), "mask")
        edits += self._told(method, train, "inputs, mask")
        self._fix(head(self.ctx, method), "get_output_mask(train) is compute_mask(inputs, mask) now", edits)

    def _output_shape(self, method: ast.FunctionDef) -> None:
        ctx = self.ctx
        made = method.decorator_list
        parameters = method.args.args
        if len(made) != 1 or not (isinstance(made[0], ast.Name) and made[0].id == "property") or len(parameters) != 1:
            self._ask(head(ctx, method), "output_shape: it is compute_output_shape(self, input_shape) now")
            return
        span = ctx.span(made[0])
        line = ctx.module.line(span.row)
        at = Span(span.row, line.rindex("@", 0, span.column) + 1, span.end_row, span.end_column)
        edits: list[Edit] = [BlockEdit(at), TextEdit(head(ctx, method), "compute_output_shape")]
        edits += self._with_shape(method)
        self._fix(head(ctx, method), "the property output_shape is compute_output_shape(input_shape) now", edits)

    def _build(self, method: ast.FunctionDef) -> None:
        if len(method.args.args) == 1:
            edits = self._with_shape(method)
            self._fix(head(self.ctx, method), "build is given the input's shape now", edits)

    def _with_shape(self, method: ast.FunctionDef) -> list[Edit]:
        """The shape as an argument instead of an attribute."""
        ctx = self.ctx
        edits: list[Edit] = [TextEdit(parameter(ctx, method.args.args[0]), f"{method.args.args[0].arg}, {_SHAPE}")]
        gone: set[ast.AST] = set()
        for statement in statements(method.body):
            if isinstance(statement, ast.Assign) and is_own(statement.value, _SHAPE) and len(statement.targets) == 1:
                target = statement.targets[0]
                if isinstance(target, ast.Name) and target.id == _SHAPE:
                    edits.append(StatementEdit(ctx.span(statement), replace=True))
                    gone.add(statement.value)
        for node in ast.walk(method):
            if is_own(node, _SHAPE):
                self.read.add(node)
                if node not in gone:
                    edits.append(TextEdit(ctx.span(node), _SHAPE))
        return edits

    def _masked(self) -> None:
        """``MaskedLayer``: a layer that passed its mask on."""
        ctx = self.ctx
        spelled = ctx.name("keras.layers.Layer")
        base = next(one for one in self.found.node.bases if ctx.names.resolve(one) is not None)
        init = self.found.methods.get("__init__")
        supers = [one for one in init.body if isinstance(one, ast.Expr) and is_super_init(one.value)] if init else []
        edits: list[Edit] = [TextEdit(ctx.span(base), spelled.text)]
        if "get_output_mask" not in self.found.methods:
            if not supers:
                message = "MaskedLayer is keras.layers.Layer with `self.supports_masking = True` in its __init__ now"
                self._ask(ctx.span(base), message)
                return
            edits.append(StatementEdit(ctx.span(supers[0]), after=("self.supports_masking = True",)))
        fix = Fix(Applicability.SAFE, tuple(edits), spelled.imports)
        message = f"{self.found.node.name}: MaskedLayer is a Layer that supports masking now"
        if ctx.add("K701", Severity.ERROR, ctx.span(base), message, fix=fix):
            ctx.replace(base, Applicability.SAFE, "keras.layers.Layer")

    def _placeholders(self, method: ast.FunctionDef) -> None:
        """``self.input = K.placeholder(…)``, ``self.input = T.matrix()``: Keras 3 makes the input."""
        for statement in statements(method.body):
            if not (isinstance(statement, ast.Assign) and is_own(statement.targets[0], "input")):
                continue
            made = statement.value
            if isinstance(made, ast.Call):
                self.ctx.handled.add(made)
                edit = StatementEdit(self.ctx.span(statement), replace=True)
                self._fix(self.ctx.span(statement), "Keras 3 makes the layer's input itself", [edit])
                if self.ctx.names.resolve(made.func) is not None:
                    self.ctx.replace(made.func, Applicability.SAFE, None)

    # --- parts of methods

    def _train(self, method: ast.FunctionDef) -> ast.arg | None:
        """The parameter that tells the phase, where there is no other."""
        given = method.args
        plain = not (given.vararg or given.kwarg or given.kwonlyargs or given.posonlyargs)
        return given.args[1] if plain and len(given.args) == 2 and not given.args[1].annotation else None

    def _told(self, method: ast.FunctionDef, train: ast.arg, parameters: str) -> list[Edit]:
        """The new parameters, the last of them with the default None."""
        span = self.ctx.span(train)
        if not method.args.defaults:
            return [TextEdit(span, f"{parameters}=None")]
        return [TextEdit(span, parameters), TextEdit(self.ctx.span(method.args.defaults[0]), "None")]

    def _asked(self, method: ast.FunctionDef, name: str) -> list[ast.Call]:
        """The calls ``self.get_input(…)``."""
        return [node for node in ast.walk(method) if isinstance(node, ast.Call) and is_own(node.func, name)]

    def _assigned(self, method: ast.FunctionDef, calls: list[ast.Call]) -> ast.Name | None:
        """The variable that takes the one input at the method's own level."""
        parent = self.ctx.parents.get(calls[0]) if len(calls) == 1 else None
        if isinstance(parent, ast.Assign) and parent in method.body and len(parent.targets) == 1:
            target = parent.targets[0]
            names = {one.id for before in method.body[: method.body.index(parent)] for one in ast.walk(before)
                     if isinstance(one, ast.Name)}  # fmt: skip
            if isinstance(target, ast.Name) and target.id not in names:
                return target
        return None

    def _stand_in(self, method: ast.FunctionDef, calls: list[ast.Call], name: str) -> list[Edit]:
        """``name`` for each call; an assignment to that very name goes."""
        edits: list[Edit] = []
        for call in calls:
            self.read.add(call.func)
            parent = self.ctx.parents.get(call)
            target = parent.targets[0] if isinstance(parent, ast.Assign) and len(parent.targets) == 1 else None
            if isinstance(parent, ast.Assign) and isinstance(target, ast.Name) and target.id == name:
                edits.append(StatementEdit(self.ctx.span(parent), replace=True))
            else:
                edits.append(Recast(self.ctx.span(call), (name,)))
        return edits

    def _uses(self, method: ast.FunctionDef, train: ast.arg) -> list[ast.Name]:
        """Where the phase is read otherwise than to hand it to what is gone."""
        handed = {
            one
            for name in ("get_input", "get_input_mask")
            for call in self._asked(method, name)
            for one in ast.walk(call)
        }
        names = [one for one in ast.walk(method) if isinstance(one, ast.Name) and one.id == train.arg]
        return [one for one in names if one not in handed]

    def _fix(self, span: Span, message: str, edits: list[Edit]) -> None:
        text = f"{self.found.node.name}: {message}"
        self.ctx.add("K701", Severity.ERROR, span, text, fix=Fix(Applicability.SAFE, tuple(edits)))

    def _ask(self, span: Span, message: str) -> None:
        self.ctx.add("K702", Severity.ERROR, span, f"{self.found.node.name}: {message}")
