"""K313, K314: what the configs of layers, models and optimizers hold (keras1/attributes.py)."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.findings import Applicability, Fix, Severity, TextEdit
from tdmigrate.keras1.attributes import (
    CONFIG_GONE,
    CONFIG_OF_OPTIMIZERS,
    CONFIG_SAME,
    MODELS,
    OTHER_VALUE,
    SAME_VALUE,
)
from tdmigrate.records import NamedTuple
from tdmigrate.rules.attributes import target_of
from tdmigrate.rules.context import Context

GETTER = "get_config"
_LISTED = frozenset(("keys", "values", "items", "iteritems", "itervalues", "iterkeys"))
_COUNTED = frozenset(("len", "list", "set", "sorted", "tuple", "sum", "any", "all"))
_OLD_KEYS = SAME_VALUE | OTHER_VALUE
_HINTS = {"output_dim": "`units` of Dense and recurrent layers", "p": "`rate` of Dropout"}
_SEQUENTIAL = (
    "Sequential.get_config(): it is a dict now, with the list under 'layers', where an InputLayer stands first: "
    "go by `model.layers`"
)

_WRITER = "to_json"
_JSON = "model.to_json(): what it holds has other keys and other names of arguments now: go by `model.layers`"


class _Read(NamedTuple):
    """A key that is read of a config."""

    node: ast.expr
    key: ast.Constant


def check_configs(ctx: Context) -> None:
    owners = {use.node: use.owners for use in ctx.facts.attributes if use.node.attr == GETTER}
    own = _own_keys(ctx)
    for node in ctx.module.nodes:
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and not node.keywords:
            if node.func.attr == GETTER and not node.args and not isinstance(node.func.value, ast.Call):
                _check_config(ctx, node, owners.get(node.func, ()), own)
            elif node.func.attr == "from_config" and len(node.args) == 1:
                _check_made(ctx, node.func.value, node.args[0])
            elif node.func.attr == _WRITER and _is_taken_apart(ctx, node):
                ctx.add("K314", Severity.ERROR, ctx.span(node), _JSON)
        read = _read(ctx, node) if _is_inner(node) else None
        if read is not None and isinstance(read.key.value, str) and read.key.value in _OLD_KEYS - own:
            _ask_key(ctx, read, "")


def _is_taken_apart(ctx: Context, call: ast.Call) -> bool:
    """Whether the text of a model is read as JSON, and then read on at once."""
    reader = ctx.parents.get(call)
    taker = ctx.parents.get(reader) if reader is not None and _called(reader) == "loads" else None
    return isinstance(taker, (ast.Subscript, ast.Attribute, ast.For)) or _called(taker) in ("len", "sorted", "list")


def _called(node: ast.AST | None) -> str:
    """The last name of what is called; "" where nothing is."""
    called = node.func if isinstance(node, ast.Call) else None
    return getattr(called, "attr", getattr(called, "id", ""))


def _own_keys(ctx: Context) -> frozenset[str]:
    """Keys that layers of the source's own may have in their configs."""
    methods = [one for one in ctx.module.nodes if isinstance(one, ast.FunctionDef) and one.name == GETTER]
    inside = (node for one in methods for node in ast.walk(one) if isinstance(node, ast.Constant))
    return frozenset(node.value for node in inside if isinstance(node.value, str))


def _is_inner(node: ast.AST) -> bool:
    """Whether it is ``….['config']``, as the configs of models hold those of layers."""
    return isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant) and node.slice.value == "config"


def _check_config(ctx: Context, call: ast.Call, owners: tuple[str, ...], own: frozenset[str]) -> None:
    held = list(_held(ctx, call))
    if owners and all(owner in MODELS for owner in owners):
        if owners == ("Sequential",):
            for node in held:
                if _is_listed(ctx, node) or _is_place(ctx, node):
                    ctx.add("K314", Severity.ERROR, ctx.span(node), _SEQUENTIAL)
        return
    for node in held:
        read = _read(ctx, node)
        if read is not None:
            _check_key(ctx, read, owners, own)
        elif owners and _is_listed(ctx, node):
            message = "a layer's config has other keys and other numbers of keys in Keras 3: name those that are meant"
            ctx.add("K314", Severity.WARNING, ctx.span(node), message)


def _held(ctx: Context, call: ast.Call) -> Iterator[ast.expr]:
    """A call's result where it is used, by a name as well."""
    parent = ctx.parents.get(call)
    if not isinstance(parent, ast.Assign) or len(parent.targets) != 1 or not isinstance(parent.targets[0], ast.Name):
        yield call
        return
    name = parent.targets[0]
    if ctx.binders(name.id) == [name]:
        yield from ctx.loads.get(name.id, ())


def _read(ctx: Context, node: ast.AST) -> _Read | None:
    """The constant key by which something is read."""
    parent = ctx.parents.get(node)
    if isinstance(parent, ast.Subscript) and parent.value is node and isinstance(parent.slice, ast.Constant):
        return _Read(parent, parent.slice) if isinstance(parent.ctx, ast.Load) else None
    if isinstance(parent, ast.Compare) and isinstance(parent.ops[0], (ast.In, ast.NotIn)):
        left = parent.left
        return _Read(parent, left) if isinstance(left, ast.Constant) and parent.comparators == [node] else None
    call = ctx.parents.get(parent) if isinstance(parent, ast.Attribute) and parent.attr == "get" else None
    if isinstance(call, ast.Call) and call.func is parent and call.args and isinstance(call.args[0], ast.Constant):
        return _Read(call, call.args[0])
    return None


def _is_listed(ctx: Context, node: ast.AST) -> bool:
    """Whether the keys of a dict, or the members of a list, are counted or gone through."""
    parent = ctx.parents.get(node)
    if isinstance(parent, ast.Attribute):
        return parent.attr in _LISTED
    if isinstance(parent, ast.Call):
        return isinstance(parent.func, ast.Name) and parent.func.id in _COUNTED
    return isinstance(parent, (ast.For, ast.comprehension)) and parent.iter is node


def _is_place(ctx: Context, node: ast.AST) -> bool:
    """Whether a member of a list is taken by its place."""
    parent = ctx.parents.get(node)
    if not isinstance(parent, ast.Subscript) or parent.value is not node:
        return False
    return not (isinstance(parent.slice, ast.Constant) and isinstance(parent.slice.value, str))


def _check_key(ctx: Context, read: _Read, owners: tuple[str, ...], own: frozenset[str]) -> None:
    key = read.key.value
    if not isinstance(key, str) or key in own:
        return
    if key in CONFIG_OF_OPTIMIZERS and not owners:
        message = f"config[{key!r}]: {CONFIG_OF_OPTIMIZERS[key]}"
        ctx.add("K314", Severity.ERROR, ctx.span(read.node), message)
        return
    if owners and key in CONFIG_GONE:
        ctx.add("K314", Severity.ERROR, ctx.span(read.node), f"config[{key!r}]: {CONFIG_GONE[key]}")
        return
    if key not in _OLD_KEYS:
        return
    targets = {owner: target_of(ctx, owner, key) for owner in owners}
    found = {new for new in targets.values() if new is not None}
    (new,) = found if len(found) == 1 else ("",)
    if targets and (not found or (new == key and key in CONFIG_SAME)):
        return
    # layers without that key must not have one of the new name
    others = [owner for owner, new in targets.items() if new is None]
    if new and key in CONFIG_SAME and all(target_of(ctx, owner, new) is None for owner in others):
        fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(read.key), repr(new)),))
        ctx.add("K313", Severity.ERROR, ctx.span(read.key), f"config[{key!r}] is config[{new!r}] now", fix=fix)
    else:
        _ask_key(ctx, read, new if key not in CONFIG_SAME else "")


def _ask_key(ctx: Context, read: _Read, new: str) -> None:
    key = read.key.value
    if new:
        why = f"it is {new!r} now, in another form"
    elif key in _HINTS:
        why = f"what it is called now depends on the layer, {_HINTS[key]}"
    else:
        why = "what it is called now depends on the layer"
    ctx.add("K314", Severity.ERROR, ctx.span(read.node), f"config[{key!r}]: {why}")


def _check_made(ctx: Context, maker: ast.expr, config: ast.expr) -> None:
    """``Model.from_config(config)`` takes what it needs out of the dict in Keras 3, which may be used again."""
    symbol = ctx.names.resolve(maker)
    if symbol is None or symbol.path.rpartition(".")[2] != "Model" or not isinstance(config, ast.Name):
        return
    if len(ctx.loads.get(config.id, ())) < 2 and not _is_repeated(ctx, config):
        return
    deepcopy = ctx.name("copy.deepcopy")
    message = "Model.from_config: Keras 3 takes keys out of the dict that it is given, which is used again"
    fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(config), f"{deepcopy.text}({{}})"),), deepcopy.imports)
    ctx.add("K313", Severity.ERROR, ctx.span(config), message, fix=fix)


def _is_repeated(ctx: Context, node: ast.AST) -> bool:
    """Whether a loop or a function is around."""
    while (parent := ctx.parents.get(node)) is not None:
        if isinstance(parent, (ast.For, ast.While, ast.FunctionDef, ast.Lambda, ast.comprehension, ast.ListComp)):
            return True
        node = parent
    return False
