"""How the functions around the model are called: what each of their parameters gets."""

from __future__ import annotations

import ast
import copy
from collections.abc import Iterator, Mapping

from tdmigrate.verification.cutting.arguments import option_default
from tdmigrate.verification.cutting.elements import item, without_weights, written
from tdmigrate.verification.cutting.flow import Frame, Node
from tdmigrate.verification.cutting.scope import CallSite, Scope, argument_of, default_of
from tdmigrate.verification.cutting.slicer import Filled, Role, Slicer, Trouble, filled_kind
from tdmigrate.verification.cutting.statements import FunctionNode
from tdmigrate.verification.cutting.vocabulary import is_trained, reads


class Calls:
    """How the functions around the model are called: what each parameter gets."""

    def __init__(self, scope: Scope, chain: tuple[Node, ...], assumed: Mapping[str, object]) -> None:
        """``assumed``: constants for parameters that no call of the source tells."""
        self.scope = scope
        self.assumed = assumed
        self.chain = chain
        self.frames: list[Frame] = []
        for node in chain:
            assert node.inner is not None
            if isinstance(node.stmt, ast.ClassDef):
                constructor = scope.constructor(scope.maker(node.inner))
                if constructor is not None and scope.owner[constructor] not in chain:
                    self.frames.append(constructor)
            else:
                self.frames.append(node.inner)
        self.known: dict[Node, ast.expr] = {}
        self.taken: dict[Node, tuple[ast.expr, ...]] = {}  # what a call gives a parameter, where it stands
        self.asked: list[tuple[str, Node]] = []  # names that these mention, and where
        self.free: dict[Node, bool] = {}
        for frame in self.frames:
            for name, parameter in frame.parameters.items():
                if parameter not in self.own_objects(frame):
                    self._read(frame, name, parameter)

    @staticmethod
    def own_objects(frame: Frame) -> set[Node]:
        """The parameter that is the method's own object or class."""
        owner = frame.owner
        assert isinstance(owner, FunctionNode)
        if frame.outer is None or not isinstance(frame.outer.owner, ast.ClassDef) or decorated(owner, "staticmethod"):
            return set()
        leading = [*owner.args.posonlyargs, *owner.args.args]
        return {frame.parameters[leading[0].arg]} if leading else set()

    def _read(self, frame: Frame, name: str, parameter: Node) -> None:
        default = default_of(frame.owner if isinstance(frame.owner, ast.stmt) else None, name)
        none = isinstance(default, ast.Constant) and default.value is None
        if default is None or none:
            for site in sorted(self.scope.sites.get(frame, []), key=lambda s: s.node.order):
                argument = argument_of(site, name) or self._unpacked(site, name)
                literal = self._literal(argument, site) if argument is not None else None
                if literal is None and argument is not None:
                    literal = self._made_of_keras(written(self.scope, argument, site.node, site.call), site.node)
                if literal is not None and argument is not None:
                    self.known[parameter] = literal
                    self.taken[parameter] = argument, literal
                    break
        owner = frame.owner
        assert isinstance(owner, FunctionNode)
        option = option_default(owner, name) if default is None and parameter not in self.known else None
        if option is not None:
            self.known[parameter] = option
        variable = name in {a.arg for a in (owner.args.vararg, owner.args.kwarg) if a is not None}
        self.free[parameter] = parameter not in self.known and (default is None or none or variable)
        if self.free[parameter] and name in self.assumed and not variable:
            self.known[parameter] = ast.parse(repr(self.assumed[name]), mode="eval").body
            self.free[parameter] = False

    def _literal(self, expr: ast.expr, site: CallSite) -> ast.expr | None:
        """A constant, or what stands for one where the function is called."""
        expr = written(self.scope, expr, site.node, site.call)
        try:
            value = ast.literal_eval(expr)
        except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
            return None
        return None if value is None else expr

    def _made_of_keras(self, expr: ast.expr, node: Node) -> ast.expr | None:
        """A class of Keras, or what is made of its classes and constants alone: ``[Dense(4), Dropout(.5)]``."""
        parts = list(ast.walk(expr))
        if any(isinstance(part, ast.Lambda | ast.comprehension | ast.Starred) for part in parts):
            return None
        names = [part for part in parts if isinstance(part, ast.Name)]
        for name in names:
            path = self.scope.path(name, node)
            bindings = self.scope.module.definitions.get(name.id, [])
            at_top = set(bindings) == set(self.scope.lookup(name.id, node) or ())
            imported = all(isinstance(one.stmt, ast.ImportFrom | ast.Import) for one in bindings)
            of_keras = path is not None and path.startswith(("keras.", "tdmigrate.")) and not reads(path)
            if not (of_keras and at_top and imported):
                return None
        paths = [self.scope.path(part, node) for part in parts if isinstance(part, ast.Attribute)]
        if any(path is not None and reads(path) for path in paths):
            return None
        self.asked += [(name.id, node) for name in names]
        return _Untrained(self.scope, node).visit(copy.deepcopy(expr)) if names else None

    def _unpacked(self, site: CallSite, name: str) -> ast.expr | None:
        """What ``**settings`` of a call gives a parameter."""
        for keyword in site.call.keywords:
            settings = written(self.scope, keyword.value, site.node, site.call) if keyword.arg is None else None
            value = item(settings, name) if settings is not None else None
            if value is not None:
                return value
        return None

    def settled(self) -> dict[Node, ast.expr]:
        """The parameters that a call of the source or a default gives a value, and that value."""
        found = dict(self.known)
        for frame in self.frames:
            for name, parameter in frame.parameters.items():
                default = default_of(frame.owner if isinstance(frame.owner, ast.stmt) else None, name)
                if default is not None and not self.free.get(parameter, True):
                    found.setdefault(parameter, default)
        return found

    def _role(self, slicer: Slicer, parameter: Node) -> Role:
        assert parameter.parameter is not None
        return slicer.roles.get((parameter, parameter.parameter.arg), Role.NONE)

    def _open(self, slicer: Slicer) -> Iterator[tuple[Node, bool, Role]]:
        """Parameters in need that nothing gives a value, and whether a default stands in."""
        for frame in self.frames:
            owner = frame.owner
            assert isinstance(owner, FunctionNode)
            variable = {a.arg for a in (owner.args.vararg, owner.args.kwarg) if a is not None}
            for name, parameter in frame.parameters.items():
                if self.free.get(parameter) and name not in variable and parameter in slicer.needed:
                    role = self._role(slicer, parameter)
                    if role != Role.NONE or default_of(owner, name) is None:
                        yield parameter, default_of(owner, name) is not None, role

    def fills(self, slicer: Slicer) -> dict[str, Filled]:
        found: dict[str, Filled] = {}
        for parameter, default, role in self._open(slicer):
            assert parameter.parameter is not None
            name = parameter.parameter.arg
            if Role.SIZE in role and Role.OBJECT not in role and not (default and Role.TESTED in role):
                before = slicer.fills.get(name)
                found[name] = Filled(name, parameter.row, filled_kind(name, role, before))
        return found

    def troubles(self, slicer: Slicer) -> list[Trouble]:
        found = []
        fills = self.fills(slicer)
        for parameter, default, _ in self._open(slicer):
            assert parameter.parameter is not None
            name = parameter.parameter.arg
            if not default and name not in fills:
                found.append(
                    Trouble(
                        parameter.row,
                        f"no call of the source tells what the parameter `{name}` is, and it is not a size",
                        name,
                    )
                )
        return found

    def arguments(self, frame: Frame, slicer: Slicer, numbers: Mapping[str, int | float]) -> str:
        """The arguments of a call that runs the function."""
        fills = self.fills(slicer)
        owner = frame.owner
        assert isinstance(owner, FunctionNode)
        own = self.own_objects(frame)
        variable = {a.arg for a in (owner.args.vararg, owner.args.kwarg) if a is not None}
        positional = {a.arg for a in owner.args.posonlyargs}
        texts: list[str] = []
        for name, parameter in frame.parameters.items():
            if parameter in own or name in variable:
                continue
            default = default_of(owner, name)
            if parameter in self.known and parameter in slicer.needed:
                value = ast.unparse(self.known[parameter])
            elif name in fills and parameter in slicer.needed and self.free.get(parameter):
                value = repr(numbers[name])
            elif default is None or (name in positional):
                value = "None"
            else:
                continue
            texts.append(value if name in positional else f"{name}={value}")
        return f"({', '.join(texts)})"


class _Untrained(ast.NodeTransformer):
    """Gives calls of trained models no weights: ``VGG16(weights=None)`` for one that would fetch them."""

    def __init__(self, scope: Scope, node: Node) -> None:
        self.scope = scope
        self.node = node

    def visit_Call(self, call: ast.Call) -> ast.Call:
        made = self.generic_visit(call)
        assert isinstance(made, ast.Call)
        path = self.scope.path(made.func, self.node)
        return made if path is None or not is_trained(path) else without_weights(made)[0]


def decorated(owner: FunctionNode, name: str) -> bool:
    return any(isinstance(d, ast.Name) and d.id == name for d in owner.decorator_list)
