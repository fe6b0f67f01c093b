"""K704: recurrent layers of the source's own, and the skeleton of the cell that each becomes."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, Severity
from tdmigrate.rules.context import Context
from tdmigrate.rules.heads import head
from tdmigrate.understanding.custom import LayerClass, is_own

_HOMES = {
    "step": "its `step` is the cell's `call`",
    "build": "its `build` is the cell's",
    "get_constants": "what `get_constants` gave is made in the cell's `call`",
    "get_initial_states": "`get_initial_states` is the cell's get_initial_state",
    "preprocess_input": "what `preprocess_input` did for all timesteps at once is done in `call`, for one",
}


def check_recurrent(ctx: Context, found: LayerClass) -> None:
    moves = "; ".join(text for name, text in _HOMES.items() if name in found.methods)
    message = f"{found.node.name}: Keras 3 runs a cell in keras.layers.RNN and calls no `step`: {moves}"
    fix = Fix(Applicability.DISPLAY, (), replacement=skeleton(found))
    first = next(found.methods[name] for name in _HOMES if name in found.methods and name != "build")
    ctx.add("K704", Severity.ERROR, head(ctx, first), message, symbol=found.base, fix=fix)


def skeleton(found: LayerClass) -> str:
    """The class as a cell, with its own names."""
    size, weights = _size(found), _weights(found)
    step = found.methods.get("step")
    states = max(_states(step), 1) if step is not None else 1
    names = [one.arg for one in step.args.args[1:3]] if step is not None else ["x", "states"]
    sizes = "[" + ", ".join([f"self.{size}"] * states) + "]" if states > 1 else f"self.{size}"
    init = found.methods.get("__init__")
    arguments = ast.unparse(init.args) if init is not None else f"self, {size}, **kwargs"
    lines = [
        f"class {found.node.name}Cell(keras.layers.Layer):",
        f"    def __init__({arguments}):",
        "        super().__init__(**kwargs)",
        f"        self.{size} = {size}",
        f"        self.state_size = {sizes}",
        f"        self.output_size = self.{size}",
        "",
        "    def build(self, input_shape):  # (batch, features)",
        *(f"        self.{name} = self.add_weight(shape=..., initializer=..., name={name!r})" for name in weights),
        *(["        ..."] if not weights else []),
        "",
        f"    def call(self, {', '.join(names)}, training=None):",
        "        ...  # the body of `step`",
        "        return output, new_states",
        "",
        "",
        f"layer = keras.layers.RNN({found.node.name}Cell(...), return_sequences=...)",
    ]
    return "\n".join(lines)


def _size(found: LayerClass) -> str:
    """The attribute that holds the number of units."""
    stored = [node.attr for node in ast.walk(found.node) if is_own(node) and isinstance(node.ctx, ast.Store)]
    return next((name for name in ("output_dim", "units", "hidden_dim", "nb_units") if name in stored), "output_dim")


def _weights(found: LayerClass) -> list[str]:
    """Attributes that ``build`` sets to what a call gives."""
    build = found.methods.get("build")
    names = [
        target.attr
        for node in (ast.walk(build) if build is not None else ())
        if isinstance(node, ast.Assign) and isinstance(node.value, ast.Call)
        for target in node.targets
        if is_own(target)
    ]
    return list(dict.fromkeys(names))


def _states(step: ast.FunctionDef) -> int:
    """How many states ``step`` gives back."""
    counts = [
        len(node.value.elts[1].elts)
        for node in ast.walk(step)
        if isinstance(node, ast.Return)
        and isinstance(node.value, ast.Tuple)
        and len(node.value.elts) == 2
        and isinstance(node.value.elts[1], (ast.List, ast.Tuple))
    ]
    return max(counts, default=1)
