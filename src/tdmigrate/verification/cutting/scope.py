"""Names across frames: which bindings a name may have, which import path an expression has, what calls a function."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tdmigrate.records import NamedTuple
from tdmigrate.verification.cutting.flow import Frame, Node, aliased, every_node
from tdmigrate.verification.cutting.statements import (
    FunctionNode,
    builds,
    is_super,
    is_training,
    own_expressions,
    plain,
    root,
)
from tdmigrate.verification.cutting.vocabulary import (
    BUILTINS,
    CHANGING,
    PYTHON2,
    READING_BUILTINS,
    TRAINING,
    importable,
)


class CallSite(NamedTuple):
    """One call of a function of this source."""

    node: Node
    call: ast.Call
    frame: Frame
    skip: int  # leading parameters that the call does not name (self)
    own: bool  # a method of the object whose method calls it


class Scope:
    """Every frame of one source."""

    def __init__(self, module: Frame, heir: ast.ClassDef | None = None) -> None:
        """``heir``: the class of the object that builds the model; None: there is no such object."""
        self.module = module
        self.nodes = list(every_node(module))
        self.owner: dict[Frame, Node] = {node.inner: node for node in self.nodes if node.inner is not None}
        self.heritage: list[Frame] = []  # the class of that object, and its bases
        self.heritage = [one for frame in self.owner if frame.owner is heir for one in self.lineage(frame)]
        for node in self.nodes:
            for name in node.bound & node.frame.globals:
                module.definitions.setdefault(name, []).append(node)
        self.sites: dict[Frame, list[CallSite]] = {}
        self.called: dict[Node, list[CallSite]] = {}
        for node in self.nodes:
            for call in calls(node):
                for frame, skip, own in self.callees(call, node):
                    site = CallSite(node, call, frame, skip, own)
                    self.sites.setdefault(frame, []).append(site)
                    self.called.setdefault(node, []).append(site)
        for node in self.nodes:
            self._add_receivers(node)
            self._add_handed(node)
        self._spread_changes()
        self._add_methods()
        self._spread_changes()
        self._drop_runs()

    # --- bindings

    def lookup(self, name: str, node: Node) -> tuple[Node, ...] | None:
        """Every binding ``name`` may have at ``node``, in source order; none at all: a builtin; None: nowhere bound."""
        frame: Frame | None = node.frame
        if frame is not None and frame.self_name is not None and name.startswith(frame.self_name + "."):
            return self._attribute(name, node) or None
        if frame is not None and name in frame.definitions and name not in frame.globals:
            reaching = node.env.get(name, frozenset())
            if reaching:
                return _ordered(reaching)
            elsewhere = [one for one in frame.definitions[name] if one.frame is not frame]  # by `global`
            if elsewhere:
                return _ordered(elsewhere)
            if not isinstance(frame.owner, ast.ClassDef):
                return None
        if frame is not None and name in frame.globals:  # what the function itself binds, or another before it
            reaching = node.env.get(name, frozenset())
            if reaching:
                return _ordered([*reaching, *self.module.definitions.get(name, ())])
        while frame is not None:
            frame = frame.outer
            if frame is None:
                break
            if name in frame.definitions and not isinstance(frame.owner, ast.ClassDef):
                return _ordered(frame.definitions[name])
        if name in PYTHON2:
            return ()
        stars = self._stars(node)
        if name in BUILTINS:
            return ()
        return stars if stars and name not in READING_BUILTINS else None

    def _stars(self, node: Node) -> tuple[Node, ...]:
        found: list[Node] = []
        frame: Frame | None = node.frame
        while frame is not None:
            for star in frame.definitions.get("*", []):
                if isinstance(star.stmt, ast.ImportFrom) and not star.stmt.level and importable(star.stmt.module or ""):
                    found.append(star)
            frame = frame.outer
        return _ordered(found)

    def _attribute(self, name: str, node: Node) -> tuple[Node, ...]:
        frame: Frame | None = node.frame
        reaching = node.env.get(name, frozenset())
        if any(set(d.parents) <= set(node.parents) for d in reaching):
            return _ordered(reaching)
        found = set(reaching)
        while frame is not None and not isinstance(frame.owner, ast.ClassDef):
            if frame is not node.frame:
                found.update(frame.definitions.get(name, []))
            method, frame = frame, frame.outer
        if frame is None:
            return _ordered(found)
        attribute = name.partition(".")[2]
        owner = self.maker(frame)
        for ancestor in self.lineage(owner):
            if attribute in ancestor.definitions:
                found.update(ancestor.definitions[attribute])
                break
        if owner not in self.heritage:  # an object of a class that inherits from it may run the method
            found.update(self._overriding(owner, attribute))
        for other in self.running(owner, method):
            if other is not method:
                found.update(other.definitions.get(f"{other.self_name}.{attribute}", []))
        return _ordered(found or self._of_heirs(owner, attribute))

    def _overriding(self, owner: Frame, method: str) -> Iterator[Node]:
        for frame in self.owner:
            named = frame.definitions.get(method) if isinstance(frame.owner, ast.ClassDef) else None
            if named and frame is not owner and owner in self.lineage(frame):
                yield from (node for node in named if isinstance(node.stmt, FunctionNode))

    def maker(self, owner: Frame) -> Frame:
        """The class of the objects that run the methods of this one."""
        return self.heritage[0] if owner in self.heritage else owner

    def _of_heirs(self, owner: Frame, attribute: str) -> set[Node]:
        """Where classes that inherit from this one give its objects an attribute which it never does itself."""
        found: set[Node] = set()
        for frame in self.owner:
            if isinstance(frame.owner, ast.ClassDef) and frame is not owner and owner in self.lineage(frame):
                for method in self.running(frame):
                    found.update(method.definitions.get(f"{method.self_name}.{attribute}", []))
        return found

    def lineage(self, owner: Frame) -> list[Frame]:
        """A class and those of its bases that stand in this source, nearest first."""
        found = [owner]
        for frame in found:
            assert isinstance(frame.owner, ast.ClassDef)
            for base in frame.owner.bases:
                bindings = self.lookup(base.id, self.owner[frame]) if isinstance(base, ast.Name) else None
                for binding in bindings or ():
                    inner = binding.inner if isinstance(binding.stmt, ast.ClassDef) else None
                    if inner is not None and inner not in found:
                        found.append(inner)
        return found

    def constructor(self, owner: Frame) -> Frame | None:
        """The ``__init__`` that making an object of the class runs first."""
        for frame in self.lineage(owner):
            for method in frame.definitions.get("__init__", []):
                if method.inner is not None:
                    return method.inner
        return None

    def running(self, owner: Frame, method: Frame | None = None) -> list[Frame]:
        """The methods that have run by the time ``method`` runs: ``__init__``, and what it and ``method`` call."""
        methods: dict[str, Frame] = {}
        found: list[Frame] = []
        stack: list[Frame] = [method] if method is not None else []
        for ancestor in reversed(self.lineage(owner)):
            for node in ancestor.nodes:
                if isinstance(node.stmt, FunctionNode) and node.inner is not None:
                    methods[node.stmt.name] = node.inner
                    if node.stmt.name == "__init__":
                        stack.append(node.inner)
        while stack:
            frame = stack.pop()
            if frame in found:
                continue
            found.append(frame)
            for node in frame.nodes:
                for call in calls(node):
                    callee = call.func
                    if (
                        isinstance(callee, ast.Attribute)
                        and root(callee, frame.self_name) == f"{frame.self_name}.{callee.attr}"
                    ):
                        other = methods.get(callee.attr)
                        if other is not None:
                            stack.append(other)
                    based = self.of_base(call, node)
                    if based is not None and based.inner is not None:
                        stack.append(based.inner)
        return found

    # --- paths and callees

    def path(self, expr: ast.expr, node: Node, depth: int = 8) -> str | None:
        """The full path of what is imported, ``numpy.load``; None where the expression is no import or alias of one."""
        if depth == 0:
            return None
        if isinstance(expr, ast.Attribute):
            base = self.path(expr.value, node, depth - 1)
            return None if base is None else f"{base}.{expr.attr}"
        if not isinstance(expr, ast.Name):
            return None
        paths: list[str] = []
        for binding in self.lookup(expr.id, node) or ():
            path = self._imported(binding, expr.id)
            if path is None:
                sources = aliased(binding, expr.id) if isinstance(binding.stmt, ast.Assign) else []
                value = binding.stmt.value if isinstance(binding.stmt, ast.Assign) else None
                if len(sources) != 1 or sources[0] is not value or len(binding.bound) != 1:
                    return None
                path = self.path(sources[0], binding, depth - 1)
                if path is None:
                    return None
            paths.append(path)
        return next((path for path in paths if importable(path)), paths[0] if paths else None)

    def _imported(self, binding: Node, name: str) -> str | None:
        stmt = binding.stmt
        if isinstance(stmt, ast.Import):
            for alias in stmt.names:
                if alias.asname == name:
                    return alias.name
                if alias.asname is None and alias.name.partition(".")[0] == name:
                    return name
        if isinstance(stmt, ast.ImportFrom):
            module = "." * stmt.level + (stmt.module or "")
            for alias in stmt.names:
                if (alias.asname or alias.name) == name:
                    return f"{module}.{alias.name}"
                if alias.name == "*":
                    return f"{module}.{name}"
        return None

    def callees(self, call: ast.Call, node: Node) -> Iterator[tuple[Frame, int, bool]]:
        """The functions of this source that a call may reach (a class: its ``__init__``), with parameters to skip, and
        whether each is a method of the caller's own object.
        """
        for func, at in self._stands_for(call.func, node):
            name = plain(func, at.frame.self_name)
            for binding in self.lookup(name, at) or () if name is not None else ():
                inner = binding.inner
                if inner is None:
                    continue
                if isinstance(inner.owner, ast.ClassDef):
                    for method in inner.definitions.get("__init__", []):
                        if method.inner is not None:
                            yield method.inner, 1, False
                else:
                    own = inner.self_name is not None and isinstance(func, ast.Attribute)
                    yield inner, int(own), own
        based = self.of_base(call, node)
        if based is not None and based.inner is not None:
            yield based.inner, int(is_super(call.func)), True

    def of_base(self, call: ast.Call, node: Node) -> Node | None:
        """The method of this source that ``super(Net, self).build(m)`` or ``Base.build(self, m)`` calls."""
        func, own = call.func, node.frame.self_name
        if own is None or not isinstance(func, ast.Attribute):
            return None
        if is_super(func):
            assert isinstance(func.value, ast.Call)
            named = func.value.args[0] if func.value.args else None
            owner = self._class_of(named, node) if named is not None else self._class_around(node.frame)
            lineage = self.lineage(self.maker(owner)) if owner is not None else []
            lineage = lineage[lineage.index(owner) + 1 :] if owner is not None else []
        else:
            first = call.args[0] if call.args else None
            owner = self._class_of(func.value, node) if isinstance(first, ast.Name) and first.id == own else None
            lineage = self.lineage(owner) if owner is not None else []
        for ancestor in lineage:
            defined = ancestor.definitions.get(func.attr, [])
            if defined:
                return defined[-1] if isinstance(defined[-1].stmt, FunctionNode) else None
        return None

    def _class_of(self, expr: ast.expr, node: Node) -> Frame | None:
        """The class of this source that a name stands for."""
        bindings = self.lookup(expr.id, node) if isinstance(expr, ast.Name) else None
        classes = [one.inner for one in bindings or () if isinstance(one.stmt, ast.ClassDef)]
        return classes[0] if len(classes) == 1 else None

    @staticmethod
    def _class_around(frame: Frame | None) -> Frame | None:
        while frame is not None and not isinstance(frame.owner, ast.ClassDef):
            frame = frame.outer
        return frame

    def _stands_for(self, func: ast.expr, node: Node) -> Iterator[tuple[ast.expr, Node]]:
        """What is called, and what that is by plain aliases, each with where it stands: ``add``, then ``model.add``."""
        seen: set[tuple[str, Node]] = set()
        stack = [(func, node)]
        while stack:
            expr, at = stack.pop()
            yield expr, at
            name = plain(expr, at.frame.self_name)
            for binding in self.lookup(name, at) or () if name is not None else ():
                assert name is not None
                if (name, binding) in seen:
                    continue
                seen.add((name, binding))
                stack += [(source, binding) for source in aliased(binding, name)]
                if isinstance(binding.stmt, ast.Assign) and isinstance(binding.stmt.value, ast.Lambda):
                    stack.append((binding.stmt.value, binding))

    def _add_receivers(self, node: Node) -> None:
        """A call of an alias of a method (``add = model.add``) changes the object whose method it is, as does handing
        it to ``map``, which calls it.
        """
        for call in calls(node):
            func = self._handed_on(call, node) or call.func
            handed = func is not call.func
            whole = isinstance(node.stmt, ast.Expr) and (handed or call is node.stmt.value)
            found: set[str] = set()
            for expr, at in self._stands_for(func, node):
                found.update(self._receivers(expr, at, whole, expr is call.func))
            name = plain(func, node.frame.self_name)
            if found and (handed or name is not None):
                node.changed = {**node.changed, **dict.fromkeys({*found, name or min(found)}, "call")}

    def _handed_on(self, call: ast.Call, node: Node) -> ast.expr | None:
        """The function that ``map`` calls."""
        if not (isinstance(call.func, ast.Name) and call.func.id == "map" and call.args):
            return None
        return call.args[0] if self.lookup(call.func.id, node) == () else None

    def _add_handed(self, node: Node) -> None:
        """What is handed to a function that nobody here knows, of whose result nothing is made, may change there."""
        call = node.stmt.value if isinstance(node.stmt, ast.Expr) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute)):
            return
        func, path = call.func, self.path(call.func, node)
        if isinstance(func, ast.Name):
            unknown = self.lookup(func.id, node) is None or (path is not None and not importable(path))
        elif path is not None:
            unknown = not importable(path) and func.attr not in TRAINING
        else:
            unknown = func.attr not in CHANGING | TRAINING and not any(True for _ in self.callees(call, node))
        if unknown:
            arguments = [*call.args, *(keyword.value for keyword in call.keywords)]
            given = [root(one, node.frame.self_name) for one in arguments if isinstance(one, ast.Name | ast.Attribute)]
            node.changed = {**dict.fromkeys([one for one in given if one is not None], "handed"), **node.changed}

    def _receivers(self, expr: ast.expr, node: Node, whole: bool, is_called: bool) -> Iterator[str]:
        own = node.frame.self_name
        if isinstance(expr, ast.Lambda):
            for inner in ast.walk(expr.body):
                if isinstance(inner, ast.Call) and isinstance(inner.func, ast.Attribute):
                    held = root(inner.func.value, own)
                    if held is not None and builds(inner.func.attr, whole and inner is expr.body):
                        yield held
        elif isinstance(expr, ast.Attribute):
            name = plain(expr, own)
            bound = name is not None and self.lookup(name, node)
            if not (is_called or bound) and builds(expr.attr, whole) and self.path(expr, node) is None:
                held = root(expr.value, own)
                if held is not None:
                    yield held
        elif isinstance(expr, ast.Name):
            for parameter in self.lookup(expr.id, node) or ():
                for site in self.sites.get(parameter.frame, []) if parameter.stmt is None else ():
                    argument = argument_of(site, expr.id)
                    for method, _ in self._stands_for(argument, site.node) if argument is not None else ():
                        if isinstance(method, ast.Attribute) and builds(method.attr, whole):
                            yield expr.id

    def origins(self, name: str, node: Node) -> set[Node]:
        """The bindings whose object ``name`` may be at ``node``, through plain aliases."""
        found: set[Node] = set()
        stack = [(name, node)]
        while stack:
            current, at = stack.pop()
            for binding in self.lookup(current, at) or ():
                if binding in found:
                    continue
                found.add(binding)
                for source in aliased(binding, current):
                    held = root(source, binding.frame.self_name)
                    if held is not None:
                        stack.append((held, binding))
                if binding.parameter is not None:  # `def add(layer, to=model)`
                    owner = self.owner[binding.frame]
                    default = default_of(owner.stmt, binding.parameter.arg)
                    held = root(default, owner.frame.self_name) if default is not None else None
                    if held is not None:
                        stack.append((held, owner))
        return found

    def _spread_changes(self) -> None:
        """A call changes the arguments, and the attributes of ``self``, that the function it reaches changes."""
        moved = True
        while moved:
            moved = False
            changed = {frame: self._outward(frame) for frame in self.sites}
            for node, sites in self.called.items():
                for site in sites:
                    for name in self._changed_by(site, changed[site.frame]):
                        if name not in node.changed:
                            node.changed = {**node.changed, name: "call"}
                            moved = True

    def _add_methods(self) -> None:
        """A method of another object (``head.attach(model)``) changes what it is given as its class says."""
        for node in self.nodes:
            for call in calls(node):
                func = call.func
                if not isinstance(func, ast.Attribute) or func.attr in TRAINING:
                    continue
                for frame in self._of_object(func, node):
                    site = CallSite(node, call, frame, 1, False)
                    given = self._changed_by(site, self._outward(frame) & frame.parameters.keys())
                    node.changed = {**node.changed, **dict.fromkeys(given, "call")}

    def _of_object(self, func: ast.Attribute, node: Node) -> list[Frame]:
        """The method of an object of this source's classes: ``head.attach`` or ``Head(3).attach``."""
        held = func.value
        if isinstance(held, ast.Name) and held.id != node.frame.self_name:
            return self._methods(held.id, func.attr, node)
        owner = self._class_of(held.func, node) if isinstance(held, ast.Call) else None
        lineage = self.lineage(owner) if owner is not None else []
        defined = [one.inner for ancestor in lineage for one in ancestor.definitions.get(func.attr, [])]
        return [one for one in defined[:1] if one is not None]

    def _drop_runs(self) -> None:
        """A call of a method that only trains (``net.train_for(epochs)``) changes nothing of its object."""
        moved = True
        while moved:
            moved = False
            for node in self.nodes:
                name = self._only_runs(node)
                if name is not None:
                    node.changed = {held: kind for held, kind in node.changed.items() if held != name}
                    moved = True

    def _only_runs(self, node: Node) -> str | None:
        """The name of the object whose own method a statement calls, where that method builds nothing."""
        call = node.stmt.value if isinstance(node.stmt, ast.Expr | ast.Assign) else None
        if not (isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute)):
            return None
        name = call.func.value.id if isinstance(call.func.value, ast.Name) else None
        if name is None or name not in node.changed or call.func.attr in CHANGING:
            return None
        methods = self._methods(name, call.func.attr, node)
        builds_nothing = bool(methods) and not any(self.builds(method) for method in methods)
        return name if builds_nothing else None

    def _methods(self, name: str, attribute: str, node: Node) -> list[Frame]:
        """The methods of classes of this source that an attribute of an object is; none where one is unknown."""
        if name == node.frame.self_name:
            frame = self._class_around(node.frame)
            owners = [self.maker(frame)] if frame is not None else []
        else:
            owners = []
            for binding in self.lookup(name, node) or ():
                made = binding.stmt.value if isinstance(binding.stmt, ast.Assign) else None
                named = made.func.id if isinstance(made, ast.Call) and isinstance(made.func, ast.Name) else None
                classes = self.lookup(named, binding) or () if named is not None else ()
                inner = [one.inner for one in classes if isinstance(one.stmt, ast.ClassDef)]
                if len(inner) != 1 or inner[0] is None:
                    return []
                owners.append(inner[0])
        found: list[Frame] = []
        for owner in owners:
            defined = [one for ancestor in self.lineage(owner) for one in ancestor.definitions.get(attribute, [])]
            if not defined or defined[0].inner is None:
                return []
            found.append(defined[0].inner)
            if name == node.frame.self_name and owner not in self.heritage:
                found += [one.inner for one in self._overriding(owner, attribute) if one.inner is not None]
        return found

    @staticmethod
    def builds(method: Frame) -> bool:
        """Whether a method changes its object or what it is given, beside training."""
        own = method.self_name
        return own is None or any(
            name in method.parameters or name.startswith(f"{own}.") or name in method.globals
            for node in method.nodes
            if node.stmt is not None and not is_training(node.stmt)
            for name in (*node.bound, *node.changed)
        )

    def _outward(self, frame: Frame) -> set[str]:
        """What a function changes of its caller's: parameters, attributes of its object, variables of the module."""
        found: set[str] = set()
        for node in frame.nodes:
            found.update(name for name in node.bound if "." in name or name in frame.globals)
            for name in node.changed:
                outer = name not in frame.definitions and self._around(frame, name) is not None
                if "." in name or name in frame.parameters or outer:
                    found.add(name)
        return found

    @staticmethod
    def _around(frame: Frame, name: str) -> Frame | None:
        """The function around this one, or the module, that has a variable of this name."""
        outer = frame.outer
        while outer is not None and (name not in outer.definitions or isinstance(outer.owner, ast.ClassDef)):
            outer = outer.outer
        return outer

    def _changed_by(self, site: CallSite, changed: set[str]) -> Iterator[str]:
        here = site.node.frame.self_name
        for name in sorted(changed):
            if "." in name:
                if here is not None and site.own:
                    yield f"{here}.{name.partition('.')[2]}"
            elif name in site.frame.parameters:
                owner = site.frame.owner if isinstance(site.frame.owner, ast.stmt) else None
                argument = argument_of(site, name) or default_of(owner, name)
                held = root(argument, here) if argument is not None else None
                if held is not None:
                    yield held
            elif (of := self._around(site.frame, name)) is self.module or _is_within(site.node.frame, of):
                yield name


def _is_within(frame: Frame | None, outer: Frame | None) -> bool:
    while frame is not None and frame is not outer:
        frame = frame.outer
    return frame is not None


def calls(node: Node) -> Iterator[ast.Call]:
    """The calls a statement makes at its own level."""
    if node.stmt is None:
        return
    for expression in own_expressions(node.stmt):
        for inner in ast.walk(expression):
            if isinstance(inner, ast.Call):
                yield inner


def argument_of(site: CallSite, parameter: str) -> ast.expr | None:
    """The expression a call passes for a parameter of the function it reaches."""
    owner = site.frame.owner
    assert isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef)
    for keyword in site.call.keywords:
        if keyword.arg == parameter:
            return keyword.value
    names = [arg.arg for arg in [*owner.args.posonlyargs, *owner.args.args]][site.skip :]
    for name, argument in zip(names, site.call.args, strict=False):
        if isinstance(argument, ast.Starred):
            return None
        if name == parameter:
            return argument
    return None


def default_of(function: ast.stmt | None, name: str) -> ast.expr | None:
    """The default of a parameter."""
    assert isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
    leading = [*function.args.posonlyargs, *function.args.args]
    defaults = function.args.defaults
    for arg, default in zip(leading[len(leading) - len(defaults) :], defaults, strict=True):
        if arg.arg == name:
            return default
    for arg, keyword_default in zip(function.args.kwonlyargs, function.args.kw_defaults, strict=True):
        if arg.arg == name:
            return keyword_default
    return None


def parameter_of(site: CallSite, index: int | None, keyword: str | None) -> Node | None:
    """The parameter that takes a call's argument."""
    owner = site.frame.owner
    assert isinstance(owner, ast.FunctionDef | ast.AsyncFunctionDef)
    names = [arg.arg for arg in [*owner.args.posonlyargs, *owner.args.args]]
    if keyword is not None:
        return site.frame.parameters.get(keyword)
    assert index is not None
    place = index + site.skip
    return site.frame.parameters[names[place]] if place < len(names) else None


def _ordered(nodes: frozenset[Node] | set[Node] | list[Node]) -> tuple[Node, ...]:
    return tuple(sorted(set(nodes), key=lambda node: node.order))
