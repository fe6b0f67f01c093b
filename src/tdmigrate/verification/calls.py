"""A single call to prove: the old layer with its arguments on the inferred shape, and what it became."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from tdmigrate.keras1.entry import Layer
from tdmigrate.results import Proof
from tdmigrate.understanding.calls import is_constant
from tdmigrate.understanding.era import Era
from tdmigrate.understanding.facts import LayerUse
from tdmigrate.understanding.shapes import Unknown
from tdmigrate.verification.proof import Call, Job

if TYPE_CHECKING:
    from tdmigrate.verification.verify import Changed

# sizes that the source does not tell; small, and unlike each other
FEATURES, STEPS, UNITS = 4, 6, 5
_SHAPE = frozenset(("input_dim", "input_length", "input_shape", "batch_input_shape", "input_dtype", "weights", "name"))


def call_job(item: Changed, use: LayerUse, era: Era) -> Job | Proof:
    """The job that proves ``use`` alone; a finished proof where it can't be made into one."""
    row = use.node.lineno
    label = f"{use.entry.name} alone"
    assert isinstance(use.entry, Layer)
    shape = _shape(use)
    new_call = _replacement(item, use)
    if new_call is None:
        return Proof(label, row, "unproved", "the call is not rewritten")
    if use.bound.starred:
        return Proof(label, row, "unproved", "its arguments are handed on by * or **")
    old_arguments = _old_arguments(use)
    if isinstance(old_arguments, str):
        return Proof(label, row, "unproved", f"the value of `{old_arguments}` is not known")
    units = use.bound.arguments.get("output_dim")
    if units is not None and not is_constant(units.value):
        new_call = _with_units(new_call, units.node)
    told = ", ".join(f"{name}={text}" for name, (text, _) in old_arguments.items())
    old_imports, _ = _imports(item.old_text, _names(ast.parse(f"f({told})")))
    new_imports, unknown = _imports(item.new_text, _names(new_call))
    if unknown:
        return Proof(label, row, "unproved", f"the value of `{sorted(unknown)[0]}` is not known")
    input_shape = repr(tuple(shape[1:]))
    old = (
        f"{old_imports}from keras.models import Sequential\n"
        f"from {_home(use)} import {use.entry.name}\n"
        f"model = Sequential()\nmodel.add({use.entry.name}({told}, input_shape={input_shape}))\n"
    )
    new = (
        f"{new_imports}import keras\n"
        f"model = keras.Sequential([keras.Input(shape={input_shape})])\nmodel.add({ast.unparse(new_call)})\n"
    )
    values = {name: value for name, (_, value) in old_arguments.items()}
    release = "1.1.2" if shape[1] is None else "1.2.2"
    if era.versions.highest.startswith("0."):
        release = "0.3.3"
    return Job(label, row, old, "model", new, "model", release, call=Call(use.entry.name, values, shape))


def _home(use: LayerUse) -> str:
    return next(iter(use.entry.paths)).rpartition(".")[0]


def _shape(use: LayerUse) -> tuple[int | None, ...]:
    """The inferred shape with small numbers for what is not known; rank 3 where the rank is not."""
    if use.inputs is None:
        return (None, None, FEATURES)
    sizes: list[int | None] = [None]
    last = len(use.inputs) - 1
    for position, dim in enumerate(use.inputs[1:], 1):
        if isinstance(dim, Unknown):
            sizes.append(FEATURES if position == last else STEPS)
        else:
            sizes.append(FEATURES if dim is None and position == last else dim)
    return tuple(sizes)


def _old_arguments(use: LayerUse) -> dict[str, tuple[str, object]] | str:
    """Text and value by legacy name; the name of one whose value is not known."""
    found: dict[str, tuple[str, object]] = {}
    for name, argument in use.bound.arguments.items():
        if name in _SHAPE:
            continue
        if is_constant(argument.value):
            found[name] = (repr(argument.value), argument.value)
        elif name == "output_dim":
            found[name] = (str(UNITS), UNITS)
        elif isinstance(argument.node, ast.Call) and not argument.node.keywords and _is_plain(argument.node):
            found[name] = (ast.unparse(argument.node), argument.node)
        else:
            return name
    return found


def _is_plain(node: ast.Call) -> bool:
    return all(isinstance(argument, ast.Constant) for argument in node.args)


def _replacement(item: Changed, use: LayerUse) -> ast.expr | None:
    for finding in item.check.findings:
        if finding.code in ("TD001", "TD002", "TD003") and finding.span.row == use.node.lineno:
            if finding.fix is None or finding.fix.replacement is None:
                continue
            try:
                made = ast.parse(finding.fix.replacement.strip(), mode="eval").body
            except SyntaxError:
                continue
            return made
    return None


def _with_units(call: ast.expr, units: ast.expr) -> ast.expr:
    """``call`` with the number of units where the source's own expression stood."""
    dump = ast.dump(units)

    class Filler(ast.NodeTransformer):
        def visit(self, node: ast.AST) -> ast.AST:
            if isinstance(node, ast.expr) and ast.dump(node) == dump:
                return ast.Constant(UNITS)
            return self.generic_visit(node)

    filled = Filler().visit(call)
    assert isinstance(filled, ast.expr)
    return filled


def _names(node: ast.AST) -> set[str]:
    return {child.id for child in ast.walk(node) if isinstance(child, ast.Name)}


def _imports(text: str, names: set[str]) -> tuple[str, set[str]]:
    """Lines that import these names from Keras or compat, as the source does somewhere; and the names it does not."""
    lines: list[str] = []
    left = set(names)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 0:
            top = (node.module or "").partition(".")[0]
        elif isinstance(node, ast.Import):
            top = ""
        else:
            continue
        for alias in node.names:
            local = alias.asname or alias.name.partition(".")[0]
            if local not in left or (top or alias.name.partition(".")[0]) not in ("keras", "tdmigrate"):
                continue
            left.discard(local)
            written = alias.name + (f" as {alias.asname}" if alias.asname else "")
            source = f"from {node.module} " if isinstance(node, ast.ImportFrom) else ""
            lines.append(f"{source}import {written}")
    return "".join(line + "\n" for line in lines), left
