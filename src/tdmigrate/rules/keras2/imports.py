"""Imports of Keras 2, alias by alias, and what is reached through imported modules."""

from __future__ import annotations

import ast

from tdmigrate.findings import Applicability, Fix, ImportEdit, Severity, TextEdit
from tdmigrate.keras2 import registry
from tdmigrate.rules.context import COMPAT
from tdmigrate.rules.imports import Alias, alias_text, replaced, settle, unneeded
from tdmigrate.rules.keras2.context import Keras2, through_tensorflow
from tdmigrate.understanding.facts import Binding, Symbol

_SAFE = Applicability.SAFE


def check_imports(ctx: Keras2) -> None:
    """Runs last: it asks which uses of a name the other rules have replaced."""
    _check_chains(ctx)
    statements: dict[ast.stmt, list[Binding]] = {}
    for binding in ctx.facts.bindings:
        statements.setdefault(binding.statement, []).append(binding)
    for statement, bindings in statements.items():
        if isinstance(statement, ast.ImportFrom):
            settle(ctx, statement, [_plan(ctx, binding, statement) for binding in bindings])
        elif isinstance(statement, ast.Import):
            for binding in bindings:
                _check_import(ctx, statement, binding)


def _check_chains(ctx: Keras2) -> None:
    """``np_utils.to_categorical``, ``keras.losses.mse``, ``losses.Reduction.NONE``."""
    for binding, uses in ctx.facts.uses.items():
        for node in uses:
            symbol = ctx.names.resolve(node)
            if node in ctx.replaced or symbol is None:
                continue
            if isinstance(node, ast.Name) and binding.local != "*":
                continue  # its import says what it is
            _check_chain(ctx, node, symbol)


def _check_chain(ctx: Keras2, whole: ast.expr, symbol: Symbol) -> None:
    tensorflow = through_tensorflow(symbol.binding)
    node, path = _known(whole, symbol.path, tensorflow)
    constant = registry.constant(path, tensorflow)
    if node in ctx.replaced or (constant is None and ctx.is_lasting(symbol._replace(path=path))):
        return
    if path.startswith("keras.backend."):  # rules/backend.py
        return
    target = registry.new_path(path, tensorflow)
    span = ctx.span(node)
    shown = ctx.module.segment(node)
    if constant is not None:
        fix = Fix(_SAFE, (TextEdit(span, constant),))
        if ctx.add("K401", Severity.ERROR, span, f"`{shown}` is {constant} now", symbol=path, fix=fix):
            ctx.replace(node, _SAFE, None)
            ctx.replace(whole, _SAFE, None)
    elif target is None:
        if registry.is_gone_module(path):
            return  # its import says so
        why = registry.person(path) or "Keras 3 does not have it"
        ctx.add("K102", Severity.ERROR, span, f"{path}: {why}", symbol=path)
    elif registry.is_other_call(path):
        ctx.add("K102", Severity.ERROR, span, _by_hand(path, target), symbol=path)
    elif target != path:
        spelled = ctx.spell(node, symbol._replace(path=path), target)
        same = spelled.text == shown
        if same and not spelled.imports:
            return
        edits = () if same else (TextEdit(span, spelled.text),)
        fix = Fix(_SAFE, edits, spelled.imports)
        if ctx.add("K101", Severity.ERROR, span, f"{path} is {target} now", symbol=path, fix=fix):
            ctx.replace(node, _SAFE, spelled.path)
            ctx.replace(whole, _SAFE, spelled.path)
        _note(ctx, node, path)


def _by_hand(path: str, target: str) -> str:
    return f"{path} is {target} with other arguments now, and not every call of it is seen: write it where it is called"


def _note(ctx: Keras2, node: ast.expr | ast.alias, path: str) -> None:
    note = registry.note(path)
    if note is not None:
        ctx.add("K404", Severity.NOTE, ctx.span(node), f"{path}: {note}", symbol=path)


def _known(node: ast.expr, path: str, tensorflow: bool) -> tuple[ast.expr, str]:
    """The longest part of a chain of which something is to be said; the whole chain where there is none."""
    whole = node, path
    while True:
        if registry.constant(path, tensorflow) is not None or _is_told(path, tensorflow):
            return node, path
        if not isinstance(node, ast.Attribute):
            return whole
        node, path = node.value, path.rpartition(".")[0]


def _is_told(path: str, tensorflow: bool) -> bool:
    if registry.is_gone_module(path) or registry.is_lasting(path, tensorflow):
        return False
    return registry.new_path(path, tensorflow) is not None or bool(registry.person(path))


def _plan(ctx: Keras2, binding: Binding, statement: ast.ImportFrom) -> Alias:
    path = binding.path
    here = statement.module or ""
    name = path.rpartition(".")[2]
    if binding.local == "*":
        homes = registry.homes(path)
        if not registry.is_gone_module(path) or ctx.is_lasting(Symbol(path, binding)):
            return Alias(binding, "", here, None, False, _SAFE, "")
        if not homes:
            return Alias(binding, "K102", None, None, False, _SAFE, f"{path} is gone from Keras 3")
        twice = any(
            one.local == "*"
            and one.statement.lineno < statement.lineno
            and homes[0] in (one.path, *registry.homes(one.path))
            for one in ctx.facts.bindings
            if {one.statement, statement} <= set(ctx.module.tree.body)
        )
        message = f"{path} is {homes[0]} now" + (", from which all is imported above" if twice else "")
        return Alias(binding, "K101", ctx.home(homes[0]), None, twice, _SAFE, message)
    gone = _unneeded(ctx, binding)
    if gone is not None:
        return gone
    if ctx.is_lasting(Symbol(path, binding)):
        return Alias(binding, "", here, None, False, _SAFE, "")
    uses = ctx.facts.uses.get(binding, ())
    if uses and all(use in ctx.replaced for use in uses) and not _hands_on(ctx, binding):
        made = replaced(ctx, binding, uses)
        if ctx.new_path(path) is not None:
            made = made._replace(message=f"{path} is {ctx.new_path(path)} now")
        return made._replace(home=ctx.home(made.home)) if made.home is not None else made
    target = ctx.new_path(path)
    if target is None and binding in ctx.facts.unused and not _hands_on(ctx, binding):
        return _unused(binding, name)
    if target is None:
        why = registry.person(path) or f"Keras 3 does not have {here}.{name}"
        return Alias(binding, "K102", None, None, False, _SAFE, f"import of {name}: {why}")
    if registry.is_other_call(path):
        if binding in ctx.facts.unused and not _hands_on(ctx, binding):
            return _unused(binding, name)
        return Alias(binding, "K102", None, None, False, _SAFE, _by_hand(path, target))
    home, _, new = target.rpartition(".")
    home = ctx.home(home) if not home.startswith(COMPAT) else home
    if target == path:  # of tensorflow.keras, in a source that has both
        home = here
    text = None if new == name else alias_text(new, binding)
    _note(ctx, statement.names[binding.index], path)
    return Alias(binding, "K101", home, text, False, _SAFE, f"{path} is {target} now")


def _unused(binding: Binding, name: str) -> Alias:
    message = f"import of {name}, which nothing here uses and Keras 3 does not have"
    return Alias(binding, "K102", None, None, True, _SAFE, message)


def _unneeded(ctx: Keras2, binding: Binding) -> Alias | None:
    """A module of which every use became a name of another one."""
    chains = any(isinstance(use, ast.Attribute) for use in ctx.facts.uses.get(binding, ()))
    if not chains or binding.path in ("keras", "tensorflow"):
        return None
    return unneeded(ctx, binding, ctx.new_path(binding.path))


def _hands_on(ctx: Keras2, binding: Binding) -> bool:
    """Whether the import is there for other modules, too."""
    return binding.local in ctx.names.exported or ctx.module.path.endswith("__init__.py")


def _check_import(ctx: Keras2, statement: ast.Import, binding: Binding) -> None:
    """``import keras.layers.core`` and ``import keras.utils.np_utils as U``."""
    alias = statement.names[binding.index]
    path = binding.path
    span, place = ctx.span(statement), ctx.span(alias)
    gone = _unneeded(ctx, binding) if alias.asname is not None else None
    if gone is not None:
        fix = Fix(_SAFE, (ImportEdit(span, drop=(binding.index,)),))
        ctx.add(gone.code, Severity.ERROR, place, gone.message, symbol=path, fix=fix)
        return
    if not registry.is_gone_module(path) or ctx.is_lasting(Symbol(path, binding)):
        return
    target = ctx.new_path(path)
    if alias.asname is None:
        # it binds `keras`, or `tensorflow`, and the chains from there are mended themselves
        edit = ImportEdit(span, rename=((binding.index, ctx.home("keras") if ctx.prefix else "keras"),))
        message = f"{path} is gone from Keras 3"
    elif target is not None:
        edit = ImportEdit(span, rename=((binding.index, f"{ctx.home(target)} as {alias.asname}"),))
        message = f"{path} is {target} now"
    else:
        ctx.add("K102", Severity.ERROR, place, f"{path} is gone from Keras 3", symbol=path)
        return
    ctx.add("K101", Severity.ERROR, place, message, symbol=path, fix=Fix(_SAFE, (edit,)))
