"""TD006, TD012 and K1xx: import statements, alias by alias, and what is reached through imported modules."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from tdmigrate.findings import Applicability, CallEdit, Fix, Import, ImportEdit, Severity, Span, TextEdit
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.modules import LATER
from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import COMPAT, Context, module_home, worst
from tdmigrate.rules.exports import star_exports
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.facts import Binding

RULES = (
    Rule(
        code="K101",
        name="moved-name",
        title="A name lives in another module now",
        what="Finds imports from modules that Keras 3 does not have, and chains through them.",
        why="`keras.layers.core`, `keras.layers.recurrent` and their like are ModuleNotFoundError on Keras 3.",
        safety="Safe: the same thing from its new home.",
        examples=(
            Example(
                "from keras.layers.core import Dense, Dropout\n\nlayers = [Dense(output_dim=5), Dropout(p=0.5)]\n",
                "from keras.layers import Dense, Dropout\n\nlayers = [Dense(units=5), Dropout(rate=0.5)]\n",
            ),
        ),
    ),
    Rule(
        code="K102",
        name="gone-name",
        title="An imported name is gone",
        what="Finds imports of names that Keras 3 has no equal for, or that tdmigrate does not rewrite yet.",
        why="The line is an ImportError on Keras 3.",
        safety="Safe where nothing uses the name: it goes. Else nothing is changed; its uses say what to write.",
        examples=(Example("from keras.models import Graph\n\nknown = isinstance(model, Graph)\n", None),),
    ),
    Rule(
        code="K103",
        name="gone-module",
        title="An imported module is gone",
        what="Finds imports from legacy modules that tdmigrate does not rewrite yet.",
        why="The line is a ModuleNotFoundError on Keras 3.",
        safety="Safe where nothing uses the name: it goes. Else nothing is changed.",
        examples=(Example("from keras.utils.layer_utils import *\n\nmodel_summary(model)\n", None),),
    ),
)


_WORD = re.compile(r"\w+")


class Alias(NamedTuple):
    """What becomes of one alias of an import statement."""

    binding: Binding
    code: str
    home: str | None  # module it comes from now; None: it stays where it is (a person decides)
    text: str | None  # new alias text; None: as it is
    drop: bool
    applicability: Applicability
    message: str
    needs: tuple[Import, ...] = ()


def check_imports(ctx: Context) -> None:
    """Runs last: it asks which uses of a name the other rules have replaced."""
    _check_gone_chains(ctx)
    _check_chains(ctx)
    statements: dict[ast.stmt, list[Binding]] = {}
    for binding in ctx.facts.bindings:
        statements.setdefault(binding.statement, []).append(binding)
    for statement, bindings in statements.items():
        if isinstance(statement, ast.ImportFrom):
            _check_from(ctx, statement, bindings)
        elif isinstance(statement, ast.Import):
            _check_import(ctx, statement, bindings)
    _check_star_names(ctx)
    if "__all__" in ctx.module.text:
        for node, path in star_exports(ctx):
            name = path.rpartition(".")[2]
            message = f"`__all__` names {name}, which no import brings any more: Keras 3 does not have it there"
            ctx.add(_family(name) or "K102", Severity.ERROR, ctx.span(node), message, symbol=path)


def _check_from(ctx: Context, statement: ast.ImportFrom, bindings: list[Binding]) -> None:
    settle(ctx, statement, [_plan_alias(ctx, binding) for binding in bindings])


def settle(ctx: Context, statement: ast.ImportFrom, plans: list[Alias]) -> None:
    """Report what becomes of the aliases of a ``from … import`` together."""
    plans = [_from_compat(p) if p.home == COMPAT else p for p in plans]
    moved = [p for p in plans if p.home is not None and not p.drop]
    # the statement goes to the module that most of its names now come from; the others get lines of their own
    homes = [p.home for p in moved]
    main = max(homes, key=homes.count) if homes else None
    staying = [p for p in plans if p.home is None and not p.drop]
    if staying and main is not None and main == statement.module:
        staying = []
    span = ctx.span(statement)
    others = [p for p in moved if p.home != main]
    leaving = {p.binding.index for p in others}
    foreign = [i for i in range(len(statement.names)) if i not in {p.binding.index for p in plans}]
    after: list[str] = []
    for home in dict.fromkeys([p.home for p in others]):
        names = ", ".join(p.text or _as_written(p.binding) for p in others if p.home == home)
        after.append(f"from {home} import {names}")
    if staying and main is not None:
        names = ", ".join(_as_written(p.binding) for p in staying)
        after.append(f"from {statement.module} import {names}")
    if foreign:  # an alias that is no Keras name cannot be in a statement from keras
        return
    module = main if main is not None and main != statement.module else None
    findings = _gathered([p for p in plans if p.code])
    # every finding of the statement says the same of the module and the lines behind; edits of one statement add up
    leaving |= {p.binding.index for p in staying} if main is not None else set()
    for made in findings:
        index = made.binding.index
        renames = made.text is not None and not made.drop and index not in leaving
        edit = ImportEdit(
            span,
            drop=tuple(sorted(leaving | ({index} if made.drop else set()))),
            rename=((index, made.text or ""),) if renames else (),
            module=module,
            after=tuple(after),
        )
        fixed = made.drop or made.home is not None
        changes = bool(edit.drop or edit.rename or edit.module or edit.after)
        fix = Fix(made.applicability, (edit,) if changes else (), made.needs) if fixed else None
        place = span if made.code == "K101" and made.text is None else _alias_span(ctx, made.binding)
        ctx.add(made.code, Severity.ERROR, place, made.message, symbol=made.binding.path, fix=fix)
    if module is not None and (findings and not any(_fixes(p) for p in findings)):
        ctx.add(
            "K101",
            Severity.ERROR,
            span,
            f"{statement.module} is {module} now",
            fix=Fix(Applicability.SAFE, (ImportEdit(span, module=module, after=tuple(after)),)),
        )


def _gathered(plans: list[Alias]) -> list[Alias]:
    """Names that only move are one finding of their statement."""
    moving = [p for p in plans if p.code == "K101" and p.text is None and not p.drop and p.home is not None]
    if len(moving) < 2:
        return plans
    parts = []
    for home in dict.fromkeys(p.home for p in moving):
        names = [p.binding.path.rpartition(".")[2] for p in moving if p.home == home]
        parts.append(f"{', '.join(names)} {'is' if len(names) == 1 else 'are'} in {home} now")
    first = moving[0]
    statement = first.binding.statement
    module = statement.module if isinstance(statement, ast.ImportFrom) else ""
    merged = first._replace(message=f"{module}: {'; '.join(parts)}")
    return [merged if p is first else p for p in plans if p is first or p not in moving]


def _from_compat(made: Alias) -> Alias:
    """What comes from compat now joins the other names that the new text takes from there."""
    binding = made.binding
    name = made.text or _as_written(binding)
    new, _, local = name.partition(" as ")
    return made._replace(drop=True, needs=(Import(COMPAT, new, local or None),))


def _fixes(made: Alias) -> bool:
    return made.drop or made.home is not None


def _as_written(binding: Binding) -> str:
    alias = binding.statement.names[binding.index]
    return f"{alias.name} as {alias.asname}" if alias.asname else alias.name


def _alias_span(ctx: Context, binding: Binding) -> Span:
    return ctx.span(binding.statement.names[binding.index])


def _plan_alias(ctx: Context, binding: Binding) -> Alias:
    safe = Applicability.SAFE
    path = binding.path
    name = path.rpartition(".")[2]
    statement = binding.statement
    assert isinstance(statement, ast.ImportFrom)
    if binding.local == "*":
        module = registry.module(path)
        home = module.keras3 if module is not None else None
        if home is None and _is_spelled_out(ctx, binding):
            message = f"{path} is gone from Keras 3; what is used of it is imported by name"
            return Alias(binding, "K103", None, None, True, safe, message)
        if home is None:
            message = f"{path} is gone from Keras 3; import what is used by name"
            return Alias(binding, "K103", None, None, False, safe, message)
        if home == path:
            return Alias(binding, "", home, None, False, safe, "")
        top = ctx.module.tree.body
        twice = any(
            other.local == "*" and other.statement.lineno < statement.lineno and ctx.new_path(other.path) == home
            for other in ctx.facts.bindings
            if other.statement in top and statement in top
        )
        message = f"{path} is {home} now" + (", from which all is imported above" if twice else "")
        return Alias(binding, "K101", home, None, twice, safe, message)
    uses = ctx.facts.uses.get(binding, ())
    code = _family(name)
    entry = registry.lookup(path)
    module = registry.module(path) if entry is None else None
    if module is not None and module.keras3 is None and binding in ctx.facts.unused and not _hands_on(ctx):
        message = f"import of {path}, which nothing here uses and Keras 3 does not have: a ModuleNotFoundError"
        return Alias(binding, "K103", None, None, True, safe, message)
    if module is not None:
        return unneeded(ctx, binding, module.keras3) or _plan_module(binding, module.keras3)
    absent = registry.home_of_absent(path)
    if binding in ctx.facts.unused and not uses and not code and (absent or _is_gone(ctx, path)) and not _hands_on(ctx):
        message = f"import of {name}, which nothing here uses and Keras 3 does not have there: an ImportError"
        return Alias(binding, "K102" if entry is not None or absent else "K103", None, None, True, safe, message)
    if entry is None and _is_later(statement.module or ""):
        return Alias(binding, "", None, None, False, safe, "")
    if entry is None:
        message = f"{path}: tdmigrate does not rewrite it yet; {statement.module} is gone from Keras 3"
        parent = registry.module(statement.module or "")
        if absent is not None:
            message = f"import of {name}: {_absent(ctx, path, absent)}"
            return Alias(binding, "K102", None, None, False, safe, message)
        if parent is not None and parent.keras3 == statement.module:
            return Alias(binding, "", parent.keras3, None, False, safe, "")
        return Alias(binding, "K103", None, None, False, safe, message)
    left = [use for use in uses if use not in ctx.replaced]
    exported = ctx.names.is_exported(binding)
    if uses and not left and not _is_wanted(ctx, binding, code or "K101"):
        return Alias(binding, code or "K101", None, None, False, safe, "")
    if uses and not left and not exported:
        return replaced(ctx, binding, uses, code)
    if code and not uses and binding in ctx.facts.unused:
        message = f"import of {name}, which nothing here uses: that line alone is an ImportError since Keras 2.0"
        if _hands_on(ctx):
            message = f"{name} is handed on by this module's import; nothing here uses it, and Keras 3 does not have it"
            return Alias(binding, code, None, None, False, safe, message)
        return Alias(binding, code, None, None, True, safe, message)
    target = ctx.new_path(path)
    if target is None or (code == "TD006" and (left or not uses or exported)):
        why = "Keras 3 does not have it; its uses say what to write" if uses else entry.person or "Keras 3 lacks it"
        if code == "TD006":
            first = "its uses here need" if left else "what makes use of it elsewhere needs"
            why = f"it is gone since Keras 2.0 (ImportError); {first} a person first"
        return Alias(binding, code or "K102", None, None, False, safe, f"import of {name}: {why}")
    home, _, new = target.rpartition(".")
    if home == COMPAT and binding in ctx.facts.unused and not uses and not _hands_on(ctx):
        message = f"import of {name}, which nothing here uses and Keras 3 does not have"
        return Alias(binding, code or "K102", None, None, True, safe, message)
    if home == statement.module and new == name:
        return Alias(binding, "", home, None, False, safe, "")
    message = f"{path} is {target} now"
    text = None if new == name else alias_text(new, binding)
    return Alias(binding, code or "K101", home, text, False, safe, message)


def replaced(ctx: Context, binding: Binding, uses: tuple[ast.expr, ...], code: str = "") -> Alias:
    """A name of which every use names something else now: the import goes, or gives that."""
    found = [ctx.replaced[use] for use in uses]
    applicability = worst(*(one.applicability for one in found))
    gone = f"{binding.path} is gone from Keras 3" if ctx.new_path(binding.path) is None else "nothing uses it any more"
    name = binding.path.rpartition(".")[2]
    message = f"import of {name}: {'it is gone since Keras 2.0 (ImportError)' if code == 'TD006' else gone}"
    wanted = dict.fromkeys(one.path for one in found if one.path is not None and not one.path.startswith(COMPAT))
    target = next(iter(wanted), None)
    plan = rename_in_place(ctx, binding, target) if target is not None else None
    text, home = plan if plan is not None else (None, None)
    return Alias(binding, code or "K101", home, text, plan is None, applicability, message)


def _absent(ctx: Context, path: str, home: str) -> str:
    """What to say of a name that Keras 3 has not in a module that it has; ``home``: where it was defined."""
    module, _, name = path.rpartition(".")
    known = registry.module(home)
    if known is not None and known.keras3 is not None:
        return f"{module} of Keras 3 does not hand on {home}: import that"
    target = ctx.new_path(home) if home != path else None
    return f"{module} of Keras 3 has no {name}" + (f", it is {target}" if target is not None else "")


def _is_spelled_out(ctx: Context, star: Binding) -> bool:
    """Whether all that is used of a star import gets an import of its own."""
    symbols = [ctx.names.resolve(use) for use in ctx.facts.uses.get(star, ())]
    known = [symbol is not None and ctx.new_path(symbol.path) is not None for symbol in symbols]
    return all(known) and not _hands_on(ctx) and ctx.active("K101", ctx.span(star.statement))


def _is_wanted(ctx: Context, binding: Binding, code: str) -> bool:
    """Whether a finding of this code is wanted at an import."""
    return ctx.active(code, _alias_span(ctx, binding)) and ctx.active(code, ctx.span(binding.statement))


def _is_gone(ctx: Context, path: str) -> bool:
    """Whether Keras 3 has nothing that this import could become."""
    if registry.lookup(path) is not None:
        return ctx.new_path(path) is None
    parent = registry.module(path.rpartition(".")[0])
    return parent is not None and parent.keras3 != parent.path


def _hands_on(ctx: Context) -> bool:
    """Whether the module's imports are there for others."""
    return ctx.module.path.endswith("__init__.py")


def alias_text(new: str, binding: Binding) -> str:
    return new if new == binding.local else f"{new} as {binding.local}"


def _family(name: str) -> str:
    return {
        "TimeDistributedDense": "TD006",
        "TimeDistributedMerge": "TD010",
        "time_distributed_dense": "TD012",
    }.get(name, "")


def rename_in_place(ctx: Context, binding: Binding, target: str) -> tuple[str, str] | None:
    """The new alias, and its module, where the new name can stand in the old one's place; None: the old one goes.

    It goes where the same statement, or one at the module's own level, gives the new name already.
    """
    home, _, new = target.rpartition(".")
    spelled = ctx.name(target)
    if not spelled.imports:
        return None
    top = set(ctx.module.tree.body)
    for other in ctx.facts.bindings:
        near = other.statement is binding.statement or other.statement in top
        if other is not binding and near and other.local == spelled.text and ctx.new_path(other.path) == target:
            if binding.statement not in top:
                _keep_local(ctx, binding, spelled.imports)
            return None
    if binding.statement in top:
        if ctx.claimed.setdefault(target, binding) is not binding:
            return None
    else:
        _keep_local(ctx, binding, spelled.imports)
    text = new if spelled.text == new else f"{new} as {spelled.text}"
    return text, home


def _keep_local(ctx: Context, binding: Binding, given: tuple[Import, ...]) -> None:
    """The new name comes from this import inside a function or a try: its uses need none at the module's own level."""
    names = {(one.module, one.name) for one in given}
    for use in ctx.facts.uses.get(binding, ()):
        replaced = ctx.replaced[use]
        finding = ctx.findings[replaced.finding]
        if finding.fix is not None:
            kept = tuple(i for i in finding.fix.imports if (i.module, i.name) not in names)
            ctx.findings[replaced.finding] = finding._replace(fix=finding.fix._replace(imports=kept))


def unneeded(ctx: Context, binding: Binding, home: str | None) -> Alias | None:
    """A module of which the new text makes no use: every use of it became a name of another module."""
    uses = [use for use in ctx.facts.uses.get(binding, ()) if _reads(use, binding.local)]
    replaced = [ctx.replaced[use] for use in uses if use in ctx.replaced]
    through = any(home is not None and one.path is not None and one.path.startswith(f"{home}.") for one in replaced)
    handed_on = binding.local in ctx.names.exported or _hands_on(ctx)
    if not uses or through or handed_on or not _is_wanted(ctx, binding, "K101"):
        return None
    over = _written_over(ctx, [use for use in uses if use not in ctx.replaced], binding.local)
    if None in over:
        return None
    applicability = worst(*(one.applicability for one in replaced), *(one for one in over if one is not None))
    if applicability is Applicability.DISPLAY:
        return None  # a use stays until somebody takes it away
    return Alias(binding, "K101", None, None, True, applicability, f"import of {binding.path}: nothing uses it now")


def _written_over(ctx: Context, uses: list[ast.expr], local: str) -> list[Applicability | None]:
    """For each use, how safe the fix is that writes another text, without the name, over what it stands in."""
    anew = list(_new_texts(ctx)) if uses else []
    found: list[Applicability | None] = []
    for place in map(ctx.span, uses):
        over = [one for one, span, text in anew if span[:2] <= place[:2] and place[2:] <= span[2:]
                and "{}" not in text and local not in _WORD.findall(text)]  # fmt: skip
        found.append(worst(*over) if over else None)
    return found


def _new_texts(ctx: Context) -> Iterator[tuple[Applicability, Span, str]]:
    """The arguments and expressions that fixes write anew or take away, each with its text."""
    calls = {ctx.span(node): node for node in ctx.module.nodes if isinstance(node, ast.Call)}
    for fix in (finding.fix for finding in ctx.findings if finding.fix is not None):
        for edit in fix.edits:
            if isinstance(edit, TextEdit):
                yield fix.applicability, edit.span, edit.text
            elif isinstance(edit, CallEdit) and edit.span in calls:
                call = calls[edit.span]
                if edit.func is not None:
                    yield fix.applicability, ctx.span(call.func), edit.func
                items: list[ast.expr | ast.keyword] = sorted(
                    [*call.args, *call.keywords], key=lambda one: (one.lineno, one.col_offset)
                )
                for one in edit.arguments:
                    if one.drop or one.value is not None:
                        yield fix.applicability, ctx.span(items[one.index]), one.value or ""


def _reads(use: ast.expr, local: str) -> bool:
    """Whether a use names the import itself, not a variable that holds something of it."""
    while isinstance(use, ast.Attribute):
        use = use.value
    return not isinstance(use, ast.Name) or use.id == local


def _plan_module(binding: Binding, home: str | None) -> Alias:
    """``from keras.layers import core``: the module under its new home, the local name kept."""
    safe = Applicability.SAFE
    path = binding.path
    if home is None:
        return Alias(binding, "K103", None, None, False, safe, f"{path} is gone from Keras 3")
    if home == path:
        return Alias(binding, "", home.rpartition(".")[0], None, False, safe, "")
    parent, _, name = home.rpartition(".")
    return Alias(binding, "K101", parent, alias_text(name, binding), False, safe, f"{path} is {home} now")


def _check_import(ctx: Context, statement: ast.Import, bindings: list[Binding]) -> None:
    """``import keras.layers.core as core`` and ``import keras.layers.core``."""
    span = ctx.span(statement)
    for binding in bindings:
        alias = statement.names[binding.index]
        if _is_later(binding.path):
            continue
        module = registry.module(binding.path)
        home = "keras" if binding.path == "keras" else module.keras3 if module is not None else None
        place = ctx.span(alias)
        gone = unneeded(ctx, binding, home) if alias.asname or binding.path == "keras" else None
        if gone is not None:
            fix = Fix(gone.applicability, (ImportEdit(span, drop=(binding.index,)),))
            ctx.add(gone.code, Severity.ERROR, place, gone.message, symbol=binding.path, fix=fix)
            continue
        uses = ctx.facts.uses.get(binding, ())
        if home is None and alias.asname is None and uses and all(use in ctx.replaced for use in uses):
            home = "keras"  # which this statement binds, and chains may go on to use
        if home is None:
            ctx.add("K103", Severity.ERROR, place, f"{binding.path} is gone from Keras 3", symbol=binding.path)
            continue
        if home == binding.path:
            continue
        # without `as` the statement binds `keras` itself, and every chain begins there
        text = f"{home} as {alias.asname}" if alias.asname else "keras"
        if alias.asname is None and _binds_keras_above(ctx, statement, binding):
            edit = ImportEdit(span, drop=(binding.index,))
        else:
            edit = ImportEdit(span, rename=((binding.index, text),))
        message = f"{binding.path} is {home} now"
        ctx.add("K101", Severity.ERROR, place, message, symbol=binding.path, fix=Fix(Applicability.SAFE, (edit,)))


def _is_later(module: str) -> bool:
    return ".".join(module.split(".")[:2]) in LATER


# what the modules of layers imported for themselves, and a star import of them brought too
_BROUGHT = frozenset(("K", "OrderedDict", "T", "copy", "functools", "inspect", "np", "theano", "warnings"))


def _check_star_names(ctx: Context) -> None:
    """Names that only a star import brought, such as the ``np`` of keras.layers.core."""
    stars = [binding for binding in ctx.facts.bindings if binding.local == "*"]
    moved = [star for star in stars if (ctx.new_path(star.path) or star.path) != star.path]
    told: set[str] = set()
    for node in ctx.module.nodes if stars else ():
        if not isinstance(node, ast.Name) or node.id in told or ctx.is_bound(node.id):
            continue
        symbol = ctx.names.resolve(node)
        gone = symbol is not None and symbol.binding in moved and registry.lookup(symbol.path) is None
        if not gone and node.id not in _BROUGHT:
            continue
        told.add(node.id)
        star = symbol.binding if symbol is not None else stars[0]
        message = f"`{node.id}` came with the import of * from {star.path}; in Keras 3 it does not: import it"
        ctx.add("K102", Severity.ERROR, ctx.span(node), message)


def _binds_keras_above(ctx: Context, statement: ast.Import, binding: Binding) -> bool:
    """Whether an earlier import at the module's own level binds ``keras`` itself."""
    top = ctx.module.tree.body
    return statement in top and any(
        other.statement in top
        and isinstance(other.statement, ast.Import)
        and other.local == binding.local
        and (other.statement.lineno, other.statement.col_offset, other.index)
        < (statement.lineno, statement.col_offset, binding.index)
        for other in ctx.facts.bindings
    )


def _check_gone_chains(ctx: Context) -> None:
    """``np_utils.to_categorical`` → ``to_categorical``: what is reached through a module that is gone."""
    for binding, uses in ctx.facts.uses.items():
        module = registry.module(binding.path)
        if module is None or module.keras3 is not None or binding.local == "*":
            continue
        for node in uses:
            symbol = ctx.names.resolve(node) if isinstance(node, ast.Attribute) else None
            target = ctx.new_path(symbol.path) if symbol is not None else None
            if node in ctx.replaced or symbol is None or target is None or registry.lookup(symbol.path) is None:
                continue
            if _family(symbol.path.rpartition(".")[2]):
                continue
            spelled = ctx.spell(node, symbol, target)
            edit = TextEdit(ctx.span(node), spelled.text)
            added = ctx.add(
                "K101",
                Severity.ERROR,
                ctx.span(node),
                f"{symbol.path} is {target} now",
                symbol=symbol.path,
                fix=Fix(Applicability.SAFE, (edit,), spelled.imports),
            )
            if added:
                ctx.replace(node, Applicability.SAFE, spelled.path)


def _is_handed_on(ctx: Context, node: ast.expr, binding: Binding) -> bool:
    """Whether a name is reached through a module that stays, and no call or import of it says what became of it."""
    if isinstance(node, ast.Name) or module_home(binding) is None:
        return False
    call = ctx.parents.get(node)
    span = ctx.span(node)
    called = isinstance(call, ast.Call) and call.func is node
    return not called and not any(finding.span == span for finding in ctx.findings)


def _check_chains(ctx: Context) -> None:
    """``keras.layers.core.Dense`` → ``keras.layers.Dense``, wherever no other rule has written the new name."""
    for binding, uses in ctx.facts.uses.items():
        for node in uses:
            if node in ctx.replaced:
                continue
            symbol = ctx.names.resolve(node)
            if symbol is None:
                continue
            entry = registry.lookup(symbol.path)
            if isinstance(entry, Function) and entry.kind == "backend":  # rules/backend.py
                continue
            absent = registry.home_of_absent(symbol.path) if isinstance(node, ast.Attribute) else None
            if absent is not None:
                message = _absent(ctx, symbol.path, absent)
                ctx.add("K102", Severity.ERROR, ctx.span(node), message, symbol=symbol.path)
            target = ctx.new_path(symbol.path)
            if target is None and isinstance(entry, Function) and _is_handed_on(ctx, node, binding):
                message = f"{symbol.path}: {entry.person or 'Keras 3 does not have it'}"
                ctx.add("K102", Severity.ERROR, ctx.span(node), message, symbol=symbol.path)
            if target is None or _family(target.rpartition(".")[2]) or _family(symbol.path.rpartition(".")[2]):
                continue
            if isinstance(node, ast.Name) and (binding.local != "*" or symbol.binding is not binding):
                continue  # its import says where it comes from
            spelled = ctx.spell(node, symbol, target)
            same = spelled.text == ctx.module.segment(node)
            if not spelled.imports if isinstance(node, ast.Name) else same or module_home(binding) is None:
                continue
            span = ctx.span(node)
            edits = () if same else (TextEdit(span, spelled.text),)
            ctx.add(
                "K101",
                Severity.ERROR,
                span,
                f"{symbol.path} is {target} now",
                symbol=symbol.path,
                fix=Fix(Applicability.SAFE, edits, spelled.imports),
            )
