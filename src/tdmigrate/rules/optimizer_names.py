"""K303, K401: optimizers that are chosen when the program runs, by a name or from a dict of classes."""

from __future__ import annotations

import ast
from collections.abc import Collection

from tdmigrate.findings import Applicability, Fix, Severity, TextEdit
from tdmigrate.keras1.entry import Renamed, Spelling
from tdmigrate.keras1.versions import parse
from tdmigrate.rules.arguments import Plan, edited
from tdmigrate.rules.context import COMPAT, Context
from tdmigrate.rules.optimizer_objects import is_of_options
from tdmigrate.understanding.facts import MethodUse, Reference

_FUNCTION = "optimizer_of"
_KNOWN = parse("1.0.3-1.2")  # whose steps tdmigrate.compat takes
_PLACES = (ast.Name, ast.Attribute, ast.Subscript)
_NAME = "optimizer"
_CLASS = "optimizer_class"


def settle(ctx: Context, use: MethodUse, spelling: Spelling) -> tuple[Spelling, bool]:
    """The spelling of compile without names of optimizers, where one may come that is not seen; and whether one may."""
    argument = use.bound.arguments.get(_NAME)
    parameter = spelling.parameters.get(_NAME)
    since = [parameters[_NAME] for parameters in spelling.since.values() if _NAME in parameters]
    named = since[-1] if since else parameter
    if argument is None or ctx.settings.style == "modern" or not isinstance(named, Renamed) or named.values is None:
        return spelling, False
    if not isinstance(argument.node, _PLACES) or (isinstance(argument.value, str) and ctx.is_certain(argument.node)):
        return spelling, False
    if not _may_be_unseen(ctx, argument.node, {one for one in named.values.literal if isinstance(one, str)}):
        return spelling, False
    if not ctx.era.assumed.within(_KNOWN):
        message = (
            "compile: a name of an optimizer may come here that this source does not show, and the optimizers of "
            "Keras 3 have other defaults: make the optimizer where its name is written"
        )
        ctx.add("K305", Severity.WARNING, ctx.span(argument.node), message)
        return spelling, False
    plain = Renamed(_NAME)
    kept = {key: {**parameters, _NAME: plain} for key, parameters in spelling.since.items()}
    return spelling._replace(parameters={**spelling.parameters, _NAME: plain}, since=kept), True


def by_name(ctx: Context, use: MethodUse, made: Plan) -> Plan:
    """The plan of compile with a name that is looked up as Keras 1 did."""
    spelled = ctx.name(f"{COMPAT}.{_FUNCTION}")
    change = f"`{_NAME}` may be a name here, which Keras 3 gives other defaults: `{_FUNCTION}` has those of Keras 1"
    made = edited(made, use.bound.arguments[_NAME].index, f"{spelled.text}({{}})")
    return made._replace(imports=(*made.imports, *spelled.imports), changes=(*made.changes, change))


def _may_be_unseen(ctx: Context, node: ast.expr, names: Collection[str]) -> bool:
    """Whether a name may come to an expression otherwise than by what is seen to reach it."""
    if isinstance(node, ast.Name) and ctx.maker(node.id) is not None:
        return False
    seen = {one.node for one in ctx.strings.reaching(node) if not one.held}
    written = [
        one
        for one in ctx.module.nodes
        if isinstance(one, ast.Constant) and isinstance(one.value, str) and one.value in names and one not in seen
    ]
    return any(_is_handed_on(ctx, one) for one in written) or (not seen and is_of_options(ctx, node))


def _is_handed_on(ctx: Context, node: ast.Constant) -> bool:
    """Whether a name is kept in something, and not given to ``compile`` itself, compared or a key."""
    parent = ctx.parents.get(node)
    if isinstance(parent, ast.Dict):
        return node in parent.values
    if isinstance(parent, ast.keyword):
        parent = ctx.parents.get(parent)
    if isinstance(parent, ast.Call):
        return not (isinstance(parent.func, ast.Attribute) and parent.func.attr == "compile")
    return isinstance(parent, (ast.List, ast.Tuple, ast.Set, ast.Assign, ast.arguments, ast.IfExp))


def check_class(ctx: Context, reference: Reference, name: str) -> bool:
    """Whether a class of optimizers in a dict or list is mended here: what calls it gives it Keras 1's arguments."""
    display = ctx.parents.get(reference.node)
    if not isinstance(display, (ast.Dict, ast.List, ast.Tuple)) or ctx.settings.style == "modern":
        return False
    if not ctx.era.assumed.within(_KNOWN):
        return False
    spelled = ctx.name(f"{COMPAT}.{_CLASS}")
    text = f"{spelled.text}({name!r})"
    fix = Fix(Applicability.SAFE, (TextEdit(ctx.span(reference.node), text),), spelled.imports)
    message = f"{name} as a value: it is `{text}`, which takes the arguments of Keras 1 and has its defaults"
    if ctx.add("K401", Severity.ERROR, ctx.span(reference.node), message, symbol=reference.symbol.path, fix=fix):
        ctx.replace(reference.node, Applicability.SAFE, None)
    return True
