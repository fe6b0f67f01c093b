"""Classes whose methods go on building a model once its object is made: ``Net().conv(8).pool().dense(3).model``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tdmigrate.verification.cutting.flow import Frame, Node
from tdmigrate.verification.cutting.scope import Scope
from tdmigrate.verification.cutting.slicer import Slicer
from tdmigrate.verification.cutting.statements import FunctionNode, own_expressions
from tdmigrate.verification.cutting.vocabulary import RUNS


def later_methods(scope: Scope, slicer: Slicer) -> frozenset[str]:
    """Methods of the class around the model that add to it, and that do not run while it is made."""
    if not slicer.lineage or slicer.made is None:
        return frozenset()
    method = slicer.chain[1].inner if len(slicer.chain) > 1 else None
    running = scope.running(slicer.lineage[0], method)
    mentioned = {one.attr for frame in running for one in ast.walk(frame.owner) if isinstance(one, ast.Attribute)}
    needed = {name.partition(".")[2] for names in slicer.needed.values() for name in names if "." in name}
    found = set()
    for owner in slicer.lineage:
        for node in owner.nodes:
            stmt, inner = node.stmt, node.inner
            if not isinstance(stmt, FunctionNode) or inner is None or inner in running:
                continue
            builds = any(_builds_on(one, inner, needed) for one in inner.nodes)
            if builds and stmt.name not in RUNS and stmt.name not in mentioned:
                found.add(stmt.name)
    return frozenset(found)


def _builds_on(node: Node, method: Frame, needed: set[str]) -> bool:
    """Whether a statement of a method changes an attribute in need, or makes it anew of what it was."""
    own = f"{method.self_name}."
    called = [name for name, kind in node.changed.items() if kind == "call" and name.startswith(own)]
    if any(name[len(own) :] in needed for name in called):
        return True
    rebound = {name for name in node.bound if name.startswith(own) and name[len(own) :] in needed}
    if not rebound or node.stmt is None:
        return False
    read = {ast.unparse(one) for top in own_expressions(node.stmt) for one in ast.walk(top) if _is_read(one)}
    return bool(rebound & read)


def _is_read(node: ast.AST) -> bool:
    return isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load)


def are_called(scope: Scope, slicer: Slicer, methods: frozenset[str]) -> bool:
    """Whether the source calls one of these methods outside of their class."""
    inside = {node for owner in slicer.lineage for node in _all_nodes(owner)}
    return any(node not in inside and _calls(node, methods) for node in scope.nodes)


def _all_nodes(frame: Frame) -> Iterator[Node]:
    for node in frame.nodes:
        yield node
        if node.inner is not None:
            yield from _all_nodes(node.inner)


def _calls(node: Node, methods: frozenset[str]) -> bool:
    for top in own_expressions(node.stmt) if node.stmt is not None else ():
        for one in ast.walk(top):
            if isinstance(one, ast.Call) and isinstance(one.func, ast.Attribute) and one.func.attr in methods:
                return True
    return False


def holders(scope: Scope, slicer: Slicer) -> list[Node]:
    """The statements that put an object of the class around the model, or what its methods gave, into a variable."""
    found = []
    for node in scope.nodes:
        stmt = node.stmt
        if not (isinstance(stmt, ast.Assign) and len(stmt.targets) == 1 and isinstance(stmt.targets[0], ast.Name)):
            continue
        name = _made_of(stmt.value)
        for binding in scope.lookup(name, node) or () if name is not None else ():
            inner = binding.inner if isinstance(binding.stmt, ast.ClassDef) else None
            if inner is not None and slicer.lineage[0] in scope.lineage(inner):
                found.append(node)
    return found


def _made_of(value: ast.expr) -> str | None:
    """The name that is called first of all: "Net" in ``Net().conv(8).model``."""
    while isinstance(value, ast.Attribute) or (isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute)):
        value = value.value if isinstance(value, ast.Attribute) else value.func
    return value.func.id if isinstance(value, ast.Call) and isinstance(value.func, ast.Name) else None


def left_behind(scope: Scope, slicer: Slicer, methods: frozenset[str], holder: Node) -> bool:
    """Whether the source may call such a method of this object where the slice does not: by another name of it."""
    others: Sequence[Node] = [node for node in scope.nodes if node not in slicer.needed and _calls(node, methods)]
    return len(holder.frame.definitions[next(iter(holder.bound))]) > 1 or any(
        node.frame is holder.frame and not (isinstance(node.stmt, ast.Assign) and _made_of(node.stmt.value))
        for node in others
    )
