"""Classes whose methods go on building a model once its object is made: ``Net().conv(8).pool().dense(3).model``."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from tdmigrate.verification.cutting.flow import Frame, Node
from tdmigrate.verification.cutting.scope import CallSite, Scope, calls
from tdmigrate.verification.cutting.slicer import Slicer
from tdmigrate.verification.cutting.statements import FunctionNode, own_expressions, plain, root
from tdmigrate.verification.cutting.vocabulary import RUNS, TRAINING


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


def overriding(scope: Scope, slicer: Slicer) -> str | None:
    """The method of a nearer class that calls the one around the model and takes its place; None: there is none."""
    method = slicer.chain[1].stmt if len(slicer.chain) > 1 else None
    if not isinstance(method, FunctionNode) or method.name == "__init__":
        return None
    for owner in slicer.lineage:
        if owner is slicer.chain[0].inner:
            return None
        if method.name in owner.definitions:
            return method.name
    return None


def abstract_hook(scope: Scope, slicer: Slicer) -> str | None:
    """A method that may change the model, is called for it, and that no class around the model has; None: none is."""
    made, method = slicer.made, slicer.chain[1].inner if len(slicer.chain) > 1 else None
    if not slicer.lineage or made is None or method is None:
        return None
    running = scope.running(slicer.lineage[0], method)
    held = {name for name in made.bound if "." in name}
    for frame in running:
        first = _begins(scope, frame, made, running)
        for node in frame.nodes:
            if node in slicer.dead or (node.order <= first and node not in slicer.needed):
                continue
            for call in calls(node):
                func = call.func
                own = isinstance(func, ast.Attribute) and plain(func, frame.self_name) is not None
                if not (own and isinstance(func, ast.Attribute)) or func.attr in TRAINING | RUNS:
                    continue
                arguments = (*call.args, *(keyword.value for keyword in call.keywords))
                given = {root(one, frame.self_name) for one in arguments} - {None}
                reaches = node in slicer.needed or held or any(made in scope.origins(str(one), node) for one in given)
                if reaches and _is_abstract(scope, slicer, frame, func.attr, node):
                    return func.attr
    return None


def chosen_method(scope: Scope, slicer: Slicer) -> str | None:
    """A call that chooses a method of the object by a name that it makes up, ``getattr(self, "add_" + kind)()``."""
    made, method = slicer.made, slicer.chain[1].inner if len(slicer.chain) > 1 else None
    if not slicer.lineage or made is None or method is None or not any("." in name for name in made.bound):
        return None
    running = scope.running(slicer.lineage[0], method)
    for frame in running:
        first = _begins(scope, frame, made, running)
        for node in frame.nodes:
            for call in calls(node) if node not in slicer.dead and node.order > first else ():
                func = call.func
                chosen = isinstance(func, ast.Call) and isinstance(func.func, ast.Name) and func.func.id == "getattr"
                if chosen and isinstance(func, ast.Call) and func.args and _is_own(func.args[0], frame):
                    return ast.unparse(func)
    return None


def _is_own(expr: ast.expr, frame: Frame) -> bool:
    return isinstance(expr, ast.Name) and expr.id == frame.self_name


def _begins(scope: Scope, frame: Frame, made: Node, running: Sequence[Frame]) -> int:
    """The order of the statement of a method from which on the model is there; -1: from its begin."""
    if frame is made.frame:
        return made.order
    reached: set[Frame] = {made.frame}
    moved = True
    while moved:
        more = {other for other in running if any(s.frame in reached for n in other.nodes for s in _sites(scope, n))}
        moved = not more <= reached
        reached |= more
    orders = [node.order for node in frame.nodes if any(site.frame in reached for site in _sites(scope, node))]
    return min(orders, default=-1) - 1 if orders else -1


def _sites(scope: Scope, node: Node) -> Sequence[CallSite]:
    return scope.called.get(node, [])


def _is_abstract(scope: Scope, slicer: Slicer, frame: Frame, method: str, node: Node) -> bool:
    for owner in slicer.lineage:
        for one in owner.definitions.get(method, []):
            return isinstance(one.stmt, FunctionNode) and _only_raises(one.stmt)
    if scope.lookup(f"{frame.self_name}.{method}", node):
        return False  # an attribute, perhaps
    bases = [base for owner in slicer.lineage for base in getattr(owner.owner, "bases", ())]
    known = {owner.owner.name for owner in slicer.lineage if isinstance(owner.owner, ast.ClassDef)} | {"object"}
    return all(isinstance(base, ast.Name) and base.id in known for base in bases)


def _only_raises(method: FunctionNode) -> bool:
    body = [one for one in method.body if not (isinstance(one, ast.Expr) and isinstance(one.value, ast.Constant))]
    if any(ast.unparse(one).rpartition(".")[2] == "abstractmethod" for one in method.decorator_list):
        return True
    raised = body[0].exc if len(body) == 1 and isinstance(body[0], ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


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
