"""The program that builds one model, cut out of a source so that it runs by itself, without data and without training.

Nothing is executed here. What only the data tells (``X.shape[1]``, ``len(vocab)``, a parameter that no call gives)
becomes a small number when it is a size; where it is anything else the model cannot be cut out, and the reason is said.
"""

from __future__ import annotations

import ast
import itertools
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set

from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.arguments import Arguments
from tdmigrate.verification.cutting.builders import (
    abstract_hook,
    are_called,
    chosen_method,
    holders,
    later_methods,
    left_behind,
    overriding,
)
from tdmigrate.verification.cutting.calls import Calls
from tdmigrate.verification.cutting.compiling import compiling
from tdmigrate.verification.cutting.division import parsed, spelled_out
from tdmigrate.verification.cutting.flow import Frame, Node, TooMuchError
from tdmigrate.verification.cutting.joined import APART, Own, UnjoinableError, join, place
from tdmigrate.verification.cutting.numbers import values
from tdmigrate.verification.cutting.scope import Scope
from tdmigrate.verification.cutting.settled import Settled
from tdmigrate.verification.cutting.slicer import Slicer
from tdmigrate.verification.cutting.statements import BLOCKS, Compound, FunctionNode, is_super, own_expressions
from tdmigrate.verification.cutting.unknown import Opacity
from tdmigrate.verification.cutting.vocabulary import ADDING, MODEL_CLASSES, RUNS
from tdmigrate.verification.cutting.writer import Writer

Covered = frozenset[tuple[str, int]]  # rows, each with the path of its module; "" where no modules are joined


class Fill(NamedTuple):
    """A number in the place of something that only the data tells."""

    name: str  # what it stands for, as the source writes it: "maxlen", "X.shape[1]"
    value: int | float
    row: int
    file: str | None = None  # of the project's module that the row is of; None: the source itself


class Program(NamedTuple):
    """A source that runs by itself; the expression ``target``, evaluated after it, is the model."""

    source: str
    target: str
    fills: tuple[Fill, ...] = ()
    data: frozenset[str] = frozenset()  # what it gives layers as weights and is made up, as the source writes it
    covers: Covered = frozenset()  # rows of the source that it holds, or that no run of it reaches


class Uncut(NamedTuple):
    """Why there is no program; ``row`` None where the whole source is the matter."""

    reason: str
    row: int | None = None
    parameter: str | None = None  # of a function around the model, that it hangs on and no call of the source tells
    file: str | None = None  # of the project's module that the row is of; None: the source itself
    final: bool = False  # without the project's modules the program would be of another model
    is_abstract: bool = False  # a class that inherits from the one around the model says how it is built
    covers: Covered = frozenset()  # rows that the program would hold


class Project(NamedTuple):
    """A source with the modules of its project that it imports, itself the first of them."""

    own: tuple[Own, ...]
    renamed: frozenset[tuple[str, str]] = frozenset()  # what ``clashes`` gave for it, and for its new version


class Target(NamedTuple):
    """A place where a model is made and held by a name, as ``cut`` takes it."""

    scope: str  # qualified name of the function, "" for the module's own level
    name: str  # "model", "self.model"; "" for a model that is returned at once; "self" for a class of models
    ordinal: int  # among those of the same scope and name
    row: int
    heir: str = ""  # the class that builds it, where that inherits from the one which the scope is of
    goes_on: bool = False  # a function has made it, and it is built on here


class _Found(NamedTuple):
    target: Target
    way: tuple[ast.AST, ...]  # from the module down to the statement that makes the model
    stmt: ast.stmt | None  # None: the class itself is the model
    heir: ast.ClassDef | None = None  # of the class that is around it, the one whose object builds it


def targets(text: str) -> list[Target]:
    """Every model that a source makes and holds, in source order; none for a source that does not parse."""
    try:
        return [found.target for found in _find(ast.parse(text))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []


def further(text: str, project: Project | None = None) -> list[Target]:
    """The models that a source builds of what its project has made: by what a class inherits, or by going on with what
    a function gives.
    """
    try:
        tree = parsed(text)
        if project is not None and len(project.own) > 1:
            join(tree, project.own, project.renamed)
        return [one.target for one in (*_going_on(tree), *_of_heirs(tree)) if one.target.row < APART]
    except (SyntaxError, ValueError, UnjoinableError, RecursionError, MemoryError):
        return []


def cut(
    text: str,
    scope: str,
    name: str,
    ordinal: int = 0,
    fills: Sequence[Fill] = (),
    assumed: Mapping[str, object] = {},
    project: Project | None = None,
    compiled: bool = False,
    metrics: bool = False,
    data: frozenset[str] | None = None,
    heir: str = "",
    goes_on: bool = False,
) -> Program | Uncut:
    """The program that makes the model held by ``name`` in ``scope``; ``compiled``: and compiles it as the source does,
    with ``metrics`` or without. ``heir``: the class that builds it by what it inherits. ``goes_on``: a function has
    made it.

    ``fills``: numbers that stand, those of the other source's program, so that both get the same ones. ``assumed``:
    constants for parameters, of the functions around the model, that no call of the source tells. ``project``: the
    modules of which the program is to hold what it needs; those that it does not have are unknown. ``data``: of a new
    source, what the old one's program has made up.
    """
    try:
        tree = parsed(text)
        scope = scope.replace(".<locals>", "")
        own = project.own if project is not None else ()
        is_joined = project is not None and len(own) > 1
        is_further = bool(heir) or goes_on
        if project is not None and is_joined and is_further:
            join(tree, own, project.renamed)
        places = _going_on(tree) if goes_on else _of_heirs(tree) if heir else _find(tree)
        wanted = Target(scope, name, 0, 0, heir, goes_on)
        matching = [f for f in places if f.target._replace(ordinal=0, row=0) == wanted]
        if ordinal >= len(matching):
            where = f" in {scope}" if scope else ""
            return Uncut(f"no model is made and held by `{name}`{where}")
        if project is not None and is_joined and not is_further:
            join(tree, own, project.renamed)
        given = {fill.name: fill.value for fill in fills}
        return _cut(tree, matching[ordinal], _Asked(given, assumed, own, compiled, metrics, data))
    except (SyntaxError, ValueError) as error:
        return Uncut(f"the source does not parse: {error.msg if isinstance(error, SyntaxError) else error}")
    except UnjoinableError as error:
        return Uncut(str(error))
    except (TooMuchError, RecursionError, MemoryError):
        return Uncut("the source is too long or too deeply nested to be cut")


def is_discarded(text: str, target: Target) -> bool:
    """Whether a variable that a model is put into gets another value before anything is made of it.

    Raises ``SyntaxError``, ``ValueError`` for a text that does not parse.
    """
    tree = ast.parse(text)
    found = next((one for one in _find(tree) if one.target == target), None)
    if found is None or found.stmt is None or not target.name.isidentifier():
        return False
    try:
        scope = Scope(Frame(None, tree))
        made = next(node for node in scope.nodes if node.stmt is found.stmt)
        for node in scope.nodes:
            for expression in own_expressions(node.stmt) if node.stmt is not None else ():
                for part in ast.walk(expression):
                    loaded = isinstance(part, ast.Name) and part.id == target.name and isinstance(part.ctx, ast.Load)
                    if loaded and made in (scope.lookup(target.name, node) or ()):
                        return False
    except TooMuchError:
        return False
    return len(made.frame.definitions[target.name]) > 1


# --- where models are made


def _find(tree: ast.Module) -> list[_Found]:
    classes = [node for node in ast.walk(tree) if isinstance(node, ast.ClassDef)]
    names = set(MODEL_CLASSES)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names.update(a.asname for a in node.names if a.name in MODEL_CLASSES and a.asname is not None)
    imported = set(names)
    names -= {node.name for node in classes if not any(_last(base) in imported for base in node.bases)}
    own: set[str] = set()
    while more := {node.name for node in classes if any(_last(base) in names | own for base in node.bases)} - own:
        own |= more
    names |= own
    counts: dict[tuple[str, str], int] = {}
    found: list[_Found] = []
    for way, stmt in _statements(tree.body, (tree,)):
        scope = ".".join(n.name for n in way if isinstance(n, FunctionNode | ast.ClassDef))
        if isinstance(stmt, ast.ClassDef):
            if stmt.name in own and any(isinstance(s, FunctionNode) and s.name == "__init__" for s in stmt.body):
                inside = f"{scope}.{stmt.name}.__init__" if scope else f"{stmt.name}.__init__"
                found.append(_Found(Target(inside, "self", 0, stmt.lineno), (*way, stmt), None))
            continue
        for name in _holders(stmt, names, imported | own):
            ordinal = counts.get((scope, name), 0)
            counts[scope, name] = ordinal + 1
            found.append(_Found(Target(scope, name, ordinal, stmt.lineno), (*way, stmt), stmt))
    return found


def _of_heirs(tree: ast.Module) -> list[_Found]:
    """The models that classes build by what they inherit and change."""
    classes: dict[str, ast.ClassDef] = {}
    for node in tree.body:
        if isinstance(node, ast.ClassDef):
            classes[node.name] = node
    continued = {_named(found.way) for found in _going_on(tree)}
    made = [(found, found.way[1]) for found in _find(tree) if len(found.way) > 2]
    inside = [(found, owner) for found, owner in made if isinstance(owner, ast.ClassDef) and found.stmt is not None]
    found = []
    for heir in classes.values():
        lineage = [heir]
        for ancestor in lineage:
            bases = [classes.get(base.id) for base in ancestor.bases if isinstance(base, ast.Name)]
            lineage += [base for base in bases if base is not None and base not in lineage]
        for one, owner in inside:
            method = one.way[2]
            if owner not in lineage[1:] or not isinstance(method, FunctionNode):
                continue
            nearer = lineage[: lineage.index(owner)]
            if any((owner.name, f".{method.name}") in continued for owner in nearer):
                continue
            if any(map(_changes_something, nearer)) and _comes_to(method.name, nearer):
                target = one.target._replace(row=heir.lineno, heir=heir.name)
                found.append(_Found(target, one.way, one.stmt, heir))
    return found


def _going_on(tree: ast.Module) -> list[_Found]:
    """The models that a function of the source has made, and that the caller builds on: ``m = base(); m.add(…)``."""
    found: list[_Found] = []
    makers = {_named(one.way) for one in _find(tree) if one.stmt is not None and _is_returned(one)}
    finishers = {node.name for node in tree.body if isinstance(node, ast.FunctionDef) and _finishes(node)}
    given = [(way, stmt, _given_by(stmt)) for way, stmt in _statements(tree.body, (tree,))]
    calls = [(way, stmt, name) for way, stmt, name in given if name is not None]
    while True:
        made = {one.stmt for one in found}
        names = {name for _, name in makers} - {""}
        begun = len(found)
        for way, stmt, name in calls:
            handed = name in finishers and any(_callee(one) in names for one in _arguments(stmt))
            if stmt in made or not (handed or name in names):
                continue
            assert isinstance(stmt, ast.Assign)
            held = ast.unparse(stmt.targets[0])
            around = next((one for one in reversed(way) if isinstance(one, FunctionNode | ast.Module)), tree)
            if handed or any(_builds_on(node, held) for node in _of_frame(around)):
                scope = ".".join(one.name for one in way if isinstance(one, FunctionNode | ast.ClassDef))
                found.append(_Found(Target(scope, held, 0, stmt.lineno, goes_on=True), (*way, stmt), stmt))
        if len(found) == begun:
            break
        makers |= {_named(one.way) for one in found if _is_returned(one)}
    found += _of_objects(tree)
    counts: dict[tuple[str, str], int] = {}
    numbered = []
    for one in sorted(found, key=lambda one: one.target.row):
        ordinal = counts.get((one.target.scope, one.target.name), 0)
        counts[one.target.scope, one.target.name] = ordinal + 1
        numbered.append(one._replace(target=one.target._replace(ordinal=ordinal)))
    return numbered


def _of_objects(tree: ast.Module) -> Iterator[_Found]:
    """The models of objects that are built on from outside: ``net = Net(); net.model.add(…)``."""
    held: dict[str, set[str]] = {}  # attributes of each class that are models
    for one in _find(tree):
        owner = next((node for node in one.way if isinstance(node, ast.ClassDef)), None)
        own, _, attribute = one.target.name.partition(".")
        if owner is not None and own == "self" and attribute.isidentifier():
            held.setdefault(owner.name, set()).add(attribute)
    for way, stmt in _statements(tree.body, (tree,)):
        name = _given_by(stmt)
        if name not in held or not isinstance(stmt, ast.Assign):
            continue
        around = next((one for one in reversed(way) if isinstance(one, FunctionNode | ast.Module)), tree)
        for attribute in sorted(held[name]):
            model = f"{ast.unparse(stmt.targets[0])}.{attribute}"
            if any(_builds_on(node, model) for node in _of_frame(around)):
                scope = ".".join(one.name for one in way if isinstance(one, FunctionNode | ast.ClassDef))
                yield _Found(Target(scope, model, 0, stmt.lineno, goes_on=True), (*way, stmt), stmt)


def _of_frame(owner: ast.AST) -> Iterator[ast.AST]:
    """All that a function or module runs by itself, without what its functions and classes hold."""
    waiting = list(ast.iter_child_nodes(owner))
    while waiting:
        node = waiting.pop()
        if not isinstance(node, FunctionNode | ast.ClassDef):
            yield node
            waiting += ast.iter_child_nodes(node)


def _named(way: Sequence[ast.AST]) -> tuple[str, str]:
    """The class and the function around a statement; a method's name begins with a dot."""
    names = [one for one in way if isinstance(one, FunctionNode | ast.ClassDef)]
    if len(names) == 1 and isinstance(names[0], FunctionNode):
        return "", names[0].name
    if len(names) == 2 and isinstance(names[0], ast.ClassDef) and isinstance(names[1], FunctionNode):
        return names[0].name, f".{names[1].name}"
    return "", ""


def _is_returned(found: _Found) -> bool:
    around = next((one for one in reversed(found.way) if isinstance(one, FunctionNode)), None)
    returns = [one for one in ast.walk(around) if isinstance(one, ast.Return)] if around is not None else []
    return any(one is found.stmt or (one.value and ast.unparse(one.value) == found.target.name) for one in returns)


def _given_by(stmt: ast.stmt) -> str | None:
    """The function whose result a variable gets, ``.build`` for a method of the same object; None: neither."""
    if not (isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.value, ast.Call)):
        return None
    if not isinstance(stmt.targets[0], ast.Name | ast.Attribute):
        return None
    return _callee(stmt.value)


def _callee(call: ast.expr) -> str | None:
    """The function that is called, ``.build`` for a method of the same object; None: another, or no call."""
    func = call.func if isinstance(call, ast.Call) else None
    if isinstance(func, ast.Attribute):
        own = isinstance(func.value, ast.Name) and func.value.id == "self"
        return f".{func.attr}" if own or is_super(func) else None
    return func.id if isinstance(func, ast.Name) else None


def _arguments(stmt: ast.stmt) -> Sequence[ast.expr]:
    """What the call is given whose result a variable gets."""
    call = stmt.value if isinstance(stmt, ast.Assign) else None
    return [*call.args, *(one.value for one in call.keywords)] if isinstance(call, ast.Call) else ()


def _finishes(function: ast.FunctionDef) -> bool:
    """Whether a function builds on a model that it is given, and gives it back."""
    given = {one.arg for one in (*function.args.posonlyargs, *function.args.args, *function.args.kwonlyargs)}
    nodes = [*_of_frame(function)]
    returned = {node.value.id for node in nodes if isinstance(node, ast.Return) and isinstance(node.value, ast.Name)}
    return any(_builds_on(node, held) for held in given & returned for node in nodes)


def _builds_on(node: ast.AST, held: str) -> bool:
    """Whether a call adds a layer to the model held by this name, or takes one off."""
    func = node.func if isinstance(node, ast.Call) else None
    if not isinstance(func, ast.Attribute) or func.attr not in ADDING:
        return False
    return ast.unparse(func.value) in (held, f"{held}.layers")


def _changes_something(owner: ast.ClassDef) -> bool:
    return any(
        isinstance(stmt, ast.Assign | ast.AnnAssign) or (isinstance(stmt, FunctionNode) and stmt.name not in RUNS)
        for stmt in owner.body
    )


def _comes_to(method: str, nearer: Sequence[ast.ClassDef]) -> bool:
    """Whether a method of a base runs although classes before it may have another, which then calls it."""
    for owner in nearer:
        for stmt in owner.body:
            if isinstance(stmt, FunctionNode) and stmt.name == method:
                calls = [node.func for node in ast.walk(stmt) if isinstance(node, ast.Call)]
                if not any(isinstance(func, ast.Attribute) and func.attr == method for func in calls):
                    return False
    return True


def _statements(body: Sequence[ast.AST], way: tuple[ast.AST, ...]) -> Iterator[tuple[tuple[ast.AST, ...], ast.stmt]]:
    for stmt in body:
        if isinstance(stmt, ast.ExceptHandler | ast.match_case):
            yield from _statements(stmt.body, way)
            continue
        assert isinstance(stmt, ast.stmt)
        yield way, stmt
        if isinstance(stmt, (*Compound, FunctionNode, ast.ClassDef)):
            for field in BLOCKS:
                yield from _statements(getattr(stmt, field, None) or [], (*way, stmt))


def _holders(stmt: ast.stmt, names: Set[str], attributes: Set[str]) -> Iterator[str]:
    value = stmt.value if isinstance(stmt, ast.Return | ast.Assign | ast.AnnAssign) else None
    if value is None or not _makes(value, names, attributes):
        return
    if isinstance(stmt, ast.Return):
        yield ""
    elif isinstance(stmt, ast.Assign | ast.AnnAssign):
        for target in stmt.targets if isinstance(stmt, ast.Assign) else [stmt.target]:
            if isinstance(target, ast.Name | ast.Attribute | ast.Subscript):
                yield ast.unparse(target)
                return


def _makes(value: ast.expr, names: Set[str], attributes: Set[str]) -> bool:
    """Whether a class of models is called: by its name, or by one of a module's (``keras.models.Model``)."""
    if not isinstance(value, ast.Call):
        return False
    return _last(value.func) in (attributes if isinstance(value.func, ast.Attribute) else names)


def _last(expr: ast.expr) -> str:
    return expr.id if isinstance(expr, ast.Name) else expr.attr if isinstance(expr, ast.Attribute) else ""


# --- the cut


class _Asked(NamedTuple):
    """What ``cut`` is asked for, but the place of the model."""

    given: Mapping[str, int | float]
    assumed: Mapping[str, object]
    own: Sequence[Own]
    compiled: bool
    metrics: bool
    data: frozenset[str] | None


def _cut(tree: ast.Module, found: _Found, asked: _Asked, later: frozenset[str] | None = None) -> Program | Uncut:
    """``later``: the methods that build the model of the object which ``found`` holds."""
    module = Frame(None, tree, frozenset(found.way))
    scope = Scope(module, found.heir or next((one for one in found.way if isinstance(one, ast.ClassDef)), None))
    chain = _chain(module, found.way)
    made = next((n for n in scope.nodes if n.stmt is found.stmt), None) if found.stmt is not None else None
    if chain is None or (made is None and found.stmt is not None):
        return Uncut("a class inside a function or class holds the model", found.target.row)
    how = compiling(scope, chain, made) if asked.compiled else None
    if asked.compiled and how is None:
        return Uncut("nothing in the source compiles the model", found.target.row)
    how = how._replace(metrics=asked.metrics) if how is not None else None
    calls = Calls(scope, chain, asked.assumed)
    options = Arguments(tree, scope)
    opacity = Opacity(scope, calls.free, options)
    dead = Settled(scope, options, calls.settled()).dead()
    slicer = Slicer(scope, opacity, options, chain, made, dead, asked.given, how, asked.data, calls.asked)
    slicer.run()
    covers = frozenset(_covered(slicer, calls, asked.own))
    made_of = _written(tree, found, slicer, calls, asked, later)
    return made_of._replace(covers=covers | made_of.covers)


def _covered(slicer: Slicer, calls: Calls, own: Sequence[Own]) -> Iterator[tuple[str, int]]:
    """The rows of what is in the slice, of what a call gives its parameters, and of what no run of it reaches."""
    rows: list[Iterable[int]] = [_rows(node, whole=node in slicer.dead) for node in slicer.needed.keys() | slicer.dead]
    given = [one for node in calls.taken.keys() & slicer.needed for one in calls.taken[node]]
    rows += [_rows_of(one) for one in given if hasattr(one, "lineno")]  # a key of ``dict(key=1)`` has no row of its own
    for row in itertools.chain.from_iterable(rows):
        if own:
            module, inner = place(row, own)
            yield module.path, inner
        else:
            yield "", row


def _rows(node: Node, whole: bool) -> Iterator[int]:
    stmt = node.stmt
    if stmt is None:
        yield node.row
    elif whole or not isinstance(stmt, (*Compound, FunctionNode, ast.ClassDef)):
        yield from _rows_of(stmt)
    else:
        for expression in own_expressions(stmt):
            yield from _rows_of(expression)


def _rows_of(node: ast.stmt | ast.expr) -> range:
    return range(node.lineno, (node.end_lineno or node.lineno) + 1)


def _written(
    tree: ast.Module, found: _Found, slicer: Slicer, calls: Calls, asked: _Asked, later: frozenset[str] | None
) -> Program | Uncut:
    """The program of a slice, if nothing stands against it."""
    scope, made, own = slicer.scope, slicer.made, asked.own
    if found.heir is not None and (goes_on := overriding(scope, slicer)) is not None:
        reason = f"`{goes_on}` of {found.heir.name} goes on with what its base builds, which cannot be followed"
        return Uncut(reason, found.target.row)
    hook = abstract_hook(scope, slicer)
    if hook is not None:
        reason = f"`{hook}` may go on building the model, and only a class that inherits from this one has it"
        return Uncut(reason, found.target.row, is_abstract=True)
    chosen = chosen_method(scope, slicer)
    if chosen is not None:
        return Uncut(f"`{chosen}` may go on building the model, and it cannot be followed", found.target.row)
    if later is not None and made is not None and left_behind(scope, slicer, later, made):
        return Uncut(f"it cannot be followed which calls of {_listed(later)} build the model", found.target.row)
    later = later_methods(scope, slicer) if later is None else frozenset()
    if later:
        held = holders(scope, slicer)
        if held and are_called(scope, slicer, later):
            outer = _held(tree, found, held[0])
            return _cut(tree, outer, asked, later)
        if not held:
            reason = f"{_listed(later)} of its class goes on building the model, and nothing in the source calls it"
            return Uncut(reason, found.target.row)
    numbers = values({n: f.kind for n, f in {**slicer.fills, **calls.fills(slicer)}.items()}, asked.given)
    slicer.rewrite(numbers)
    trouble = min([*slicer.troubles, *calls.troubles(slicer)], key=lambda one: one[:2], default=None)
    if trouble is not None:
        file, row = _place(trouble.row, own)
        return Uncut(trouble.reason, row, trouble.parameter, file)
    for node in sorted(slicer.needed, key=lambda node: node.order) if own else ():
        part, row = place(node.row, own)
        if not part.migrated and not _tells_a_constant(node.stmt):
            reason = f"it is built in {os.path.basename(part.path)} too, which is not migrated with it"
            return Uncut(reason, row, None, os.path.basename(part.path), final=True)
    filled = {**slicer.fills, **calls.fills(slicer)}
    fills = tuple(
        Fill(f.name, numbers[f.name], row, file)
        for f in sorted(filled.values(), key=lambda f: (f.row, f.name))
        for file, row in [_place(f.row, own)]
    )
    writer = Writer(slicer, calls, found.target.name, made, numbers)
    body, target = writer.module()
    program = ast.fix_missing_locations(ast.Module(spelled_out(body), []))
    left_out = [(text, *_place(row, own)) for text, row in slicer.left_out.items()]
    made_up = [(text, *_place(row, own)) for text, row in slicer.made_up.items()]
    source = f"{_header(found.target, fills, made_up, left_out)}{ast.unparse(program)}\n"
    try:
        compile(source, "<program>", "exec", dont_inherit=True)
    except (SyntaxError, ValueError) as error:
        return Uncut(f"what is left of the source does not stand by itself: {error}", found.target.row)
    return Program(source, target, fills, frozenset(slicer.made_up))


def _listed(methods: frozenset[str]) -> str:
    return ", ".join(f"`{name}`" for name in sorted(methods))


def _held(tree: ast.Module, found: _Found, holder: Node) -> _Found:
    """The place where the object is held whose class makes the model, and the model there."""
    (name,) = holder.bound
    assert holder.stmt is not None
    way = next(way for way, stmt in _statements(tree.body, (tree,)) if stmt is holder.stmt)
    owner = next(one for one in found.way if isinstance(one, ast.ClassDef))
    attribute = found.target.name.partition(".")[2]
    model = f"{name}.{attribute} if isinstance({name}, {owner.name}) else {name}" if attribute else name
    scope = ".".join(one.name for one in way if isinstance(one, FunctionNode | ast.ClassDef))
    return _Found(Target(scope, model, 0, holder.row), (*way, holder.stmt), holder.stmt)


def _tells_a_constant(stmt: ast.stmt | None) -> bool:
    if isinstance(stmt, ast.Import | ast.ImportFrom):
        return True
    try:
        return isinstance(stmt, ast.Assign) and ast.literal_eval(stmt.value) is not ...
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return False


def _chain(module: Frame, way: tuple[ast.AST, ...]) -> tuple[Node, ...] | None:
    frame = module
    chain: list[Node] = []
    for step in way:
        if not isinstance(step, FunctionNode | ast.ClassDef):
            continue
        node = next((n for n in frame.nodes if n.stmt is step), None)
        if node is None or node.inner is None or (isinstance(step, ast.ClassDef) and chain):
            return None
        chain.append(node)
        frame = node.inner
    return tuple(chain)


def _place(row: int, own: Sequence[Own]) -> tuple[str | None, int]:
    """The file of a row, None: the source itself; and the row there."""
    if not own:
        return None, row
    module, inner = place(row, own)
    return None if module is own[0] else os.path.basename(module.path), inner


_Rows = Sequence[tuple[str, str | None, int]]  # what is written, in which file of the project and in which row


def _header(target: Target, fills: Sequence[Fill], made_up: _Rows, left_out: _Rows) -> str:
    held = f"`{target.name}`" if target.name else "the model"
    where = f" of {target.scope}" if target.scope else ""
    where += f" for {target.heir}" if target.heir else ""
    lines = [f"# cut out: {held}{where}, made in row {target.row}"]
    said = [(f"filled in: {fill.name} = {fill.value}", fill.file, fill.row) for fill in fills]
    said += [(f"made up: {text}", file, row) for text, file, row in made_up]
    said += [(f"left out: {text}", file, row) for text, file, row in left_out]
    for words, file, row in said:
        lines.append(f"# {' '.join(words.split())} (row {row}{f' of {file}' if file is not None else ''})")
    return "\n".join(lines) + "\n"
