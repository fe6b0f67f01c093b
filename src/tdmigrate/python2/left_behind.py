"""P210: variables that Python 2 left behind and Python 3 does not: of list comprehensions, and of ``except``."""

from __future__ import annotations

import ast
import builtins
from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from typing import Final

from tdmigrate.findings import Evidence, Finding, Severity
from tdmigrate.python2.base import HEAD, Source
from tdmigrate.records import NamedTuple
from tdmigrate.rules.rule import Example, Rule
from tdmigrate.understanding.branches import is_either
from tdmigrate.understanding.scopes import Placed, Position, end_of, start_of
from tdmigrate.understanding.tree import COMPREHENSIONS, FUNCTIONS

LEFT: Final = "P210"

RULE = Rule(
    code=LEFT,
    name="names-left-behind",
    title="A name that Python 2 left behind",
    what=(
        "Finds variables of list comprehensions and of `except … as e` in Python 2 that are read afterwards, where "
        "nothing else sets them in between."
    ),
    why=(
        "In Python 3 the variable of a comprehension is its own: outside, the name has the value from before, or none. "
        "The name of an exception is deleted behind its `except`."
    ),
    safety="Left to a person, who knows which value is meant.",
    examples=(Example(f"{HEAD}sizes = [n * 2 for n in (3, 4)]\nprint n\n", None),),
)


class Event(NamedTuple):
    """Something that sets a variable, once a place is reached."""

    place: Position
    node: Placed
    kind: str  # "bound", "comprehension", "except"


def left_behind(source: Source) -> Iterator[Finding]:
    events: dict[tuple[ast.AST, str], list[Event]] = {}
    for node in source.nodes:
        if isinstance(node, ast.ListComp):
            home = _home(source, node)
            for target in (one for part in node.generators for one in ast.walk(part.target)):
                if home is not None and isinstance(target, ast.Name) and isinstance(target.ctx, ast.Store):
                    events.setdefault((home, target.id), []).append(Event(end_of(node), node, "comprehension"))
        elif isinstance(node, ast.ExceptHandler) and node.name is not None:
            home = source.tree.home(node)
            if not isinstance(home, ast.ClassDef):
                events.setdefault((home, node.name), []).append(Event(end_of(node), node, "except"))
    for (home, name), found in events.items():
        found += (Event(_bound_at(source, one), one, "bound") for one in source.binds(home, name))
        found.sort(key=lambda one: one.place)
    setters = {
        key: sorted(
            _set_at(source, key[0], one.node) for one in found if one.kind == "bound" and _sets(source, one.node)
        )
        for key, found in events.items()
    }
    yield from _reads(source, events, setters)


def _home(source: Source, node: ast.ListComp) -> ast.AST | None:
    """The function or module whose variable that of the comprehension was."""
    for scope in source.tree.scopes(node):
        if isinstance(scope, (ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.Lambda, ast.ClassDef)):
            return None
        if not isinstance(scope, ast.ListComp):
            return scope
    return None


def _bound_at(source: Source, binder: Placed) -> Position:
    return start_of(binder) if isinstance(binder, (ast.FunctionDef, ast.ClassDef)) else source.ended(binder)


def _set_at(source: Source, home: ast.AST, binder: Placed) -> Position:
    """Where a binding may be done from; another function may have done it before."""
    own = isinstance(binder, ast.arg) or source.tree.home(binder) is home
    return _bound_at(source, binder) if own else (0, 0)


def _reads(
    source: Source,
    events: dict[tuple[ast.AST, str], list[Event]],
    setters: dict[tuple[ast.AST, str], list[Position]],
) -> Iterator[Finding]:
    names = {name for _, name in events}
    module = source.module.tree
    told: set[tuple[ast.AST, str]] = set()
    reads = (node for node in source.nodes if isinstance(node, ast.Name) and node.id in names)
    for node in sorted(reads, key=start_of):
        above = source.tree.of(node)
        changes = isinstance(above, ast.AugAssign) and above.target is node
        if isinstance(node.ctx, ast.Store) and not changes:
            continue
        home = _reads_of(source, node)
        event = _last(source, events.get((home, node.id), ()), node) if home is not None else None
        if event is None and home is not module and source.is_free(node, node.id):
            # a function that reads what no one but a comprehension of the module set
            of_module = events.get((module, node.id), ())
            event = of_module[-1] if of_module and of_module[-1].kind == "comprehension" else None
        if event is None or event.kind == "bound" or (event.node, node.id) in told:
            continue
        told.add((event.node, node.id))
        yield _finding(source, node, event, _is_set(source, node, home, setters))


def _reads_of(source: Source, node: ast.Name) -> ast.AST | None:
    """The function or module whose variable a name is; None: of a comprehension, a lambda, a class."""
    for scope in source.tree.scopes(node):
        if isinstance(scope, COMPREHENSIONS):
            if source.binds(scope, node.id):
                return None
        elif isinstance(scope, (ast.Lambda, ast.ClassDef)):
            return None
        else:
            return scope
    return None


def _last(source: Source, events: Sequence[Event], node: ast.Name) -> Event | None:
    """What set a variable last before it is read."""
    behind = bisect_right(events, start_of(node), key=lambda one: one.place)
    for event in reversed(events[:behind]):
        if _flows(source, event.node, node):
            return event
    return None


def _flows(source: Source, one: ast.AST, other: ast.AST) -> bool:
    """Whether what stands behind can come after what stands before: not where that leaves, nor in another branch."""
    if is_either(source.tree, one, other):
        return False
    around = {id(above) for above in source.tree.up(other)}
    if id(one) in around:
        return True
    if isinstance(one, ast.ExceptHandler) and _leaves(one.body, source, around):
        return False
    node = one
    above = source.tree.of(node)
    while above is not None and id(above) not in around:
        if _leaves(_behind(above, node), source, around):
            return False
        node, above = above, source.tree.of(above)
    return not isinstance(node, (ast.Return, ast.Raise))


def _behind(above: ast.AST, node: ast.AST) -> list[ast.stmt]:
    """The statements of a block from one on."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(above, field, None)
        if isinstance(block, list):
            for number, one in enumerate(block):
                if one is node:
                    return block[number:]
    return []


def _leaves(block: list[ast.stmt], source: Source, around: Collection[int]) -> bool:
    """Whether a block never goes on behind its end; ``around``: what stands around the place that it would go to."""
    for one in block:
        if isinstance(one, (ast.Return, ast.Raise)) or _exits(one):
            return True
        if isinstance(one, (ast.Continue, ast.Break)):
            loop = next((up for up in source.tree.up(one) if isinstance(up, (ast.For, ast.While, *FUNCTIONS))), None)
            if id(loop) in around:
                return True
        if isinstance(one, ast.If) and all(_leaves(part, source, around) for part in (one.body, one.orelse)):
            return True
    return False


def _exits(statement: ast.stmt) -> bool:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(call, ast.Call):
        return False
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name in ("exit", "_exit", "quit", "fail", "error", "usage")


def _sets(source: Source, binder: ast.AST) -> bool:
    """Whether it gives a name a value where it has none, and leaves it."""
    if isinstance(binder, ast.ExceptHandler) or isinstance(getattr(binder, "ctx", None), ast.Del):
        return False
    return not isinstance(source.tree.of(binder), ast.AugAssign)


def _is_set(
    source: Source, node: ast.Name, home: ast.AST | None, setters: dict[tuple[ast.AST, str], list[Position]]
) -> bool:
    """Whether anything but a comprehension may have set a name before it is read."""
    is_known = "*" in source.bound or hasattr(builtins, node.id)
    if home is None or not source.binds(home, node.id):
        return is_known or any(_sets(source, one) for one in source.bindings(node, node.id))
    places = setters[home, node.id]
    behind = bisect_right(places, start_of(node))
    loops = (one for one in source.tree.up(node) if isinstance(one, (ast.For, ast.While)))
    comes_again = behind < len(places) and any(
        source.tree.home(one) is home and places[behind] <= end_of(one) for one in loops
    )
    return behind > 0 or comes_again or (is_known and isinstance(home, ast.Module))


def _finding(source: Source, node: ast.Name, event: Event, is_set: bool) -> Finding:
    name = node.id
    span = source.module.span(event.node)  # type: ignore[arg-type]
    if event.kind == "except":
        message = f"Python 3 deletes {name} behind its except: give the exception another name there, and keep it"
        evidence = Evidence(span._replace(end_row=span.row, end_column=span.column + 6), "the name ends with this")
        return Finding(LEFT, Severity.ERROR, source.span(node), message, evidence=(evidence,))
    evidence = Evidence(span, f"this set {name} in Python 2")
    if is_set:
        message = f"{name} was the last of the comprehension in Python 2; in Python 3 it is what it was before"
        return Finding(LEFT, Severity.WARNING, source.span(node), message, evidence=(evidence,))
    message = f"{name} was left by the comprehension in Python 2; in Python 3 nothing sets it (NameError)"
    return Finding(LEFT, Severity.ERROR, source.span(node), message, evidence=(evidence,))
