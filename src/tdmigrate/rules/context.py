"""What every rule is handed, and the small questions they all ask."""

import ast
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, wraps
from typing import TYPE_CHECKING, TypeVar, cast

from tdmigrate.findings import Applicability, Evidence, Finding, Fix, Import, Severity, Span
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Layer, Text
from tdmigrate.records import NamedTuple
from tdmigrate.rules.silence import is_silenced
from tdmigrate.understanding.binders import binders
from tdmigrate.understanding.calls import LegacyArguments
from tdmigrate.understanding.era import Era
from tdmigrate.understanding.facts import Binding, Facts, LayerUse, Symbol
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

if TYPE_CHECKING:
    from tdmigrate.config import Settings
    from tdmigrate.rules.fstrings import FStrings
    from tdmigrate.understanding.brought import Brought
    from tdmigrate.understanding.told import Strings

COMPAT = "tdmigrate.compat"
_MAY_BE_FSTRING = re.compile(r"[fF][rR]?['\"]")

Answer = TypeVar("Answer")


class CheckSettings(NamedTuple):
    """What of the command line bears on findings."""

    select: tuple[str, ...] = ()  # prefixes; none: all
    ignore: tuple[str, ...] = ()
    style: str = "faithful"
    td_style: str = "auto"
    keras_version: str | None = None  # None: from evidence
    source_backend: str | None = None
    unsafe_fixes: bool = False
    vendor: str | None = None  # the module of the project that stands for tdmigrate.compat
    from_keras2: bool = False

    @classmethod
    def of(cls, settings: "Settings") -> "CheckSettings":
        """Those of a run."""
        return cls(
            settings.select,
            settings.ignore,
            settings.style,
            settings.td_style,
            None if settings.keras_version == "auto" else settings.keras_version,
            None if settings.source_backend == "auto" else settings.source_backend,
            settings.unsafe_fixes,
            settings.vendor,
            settings.from_keras2,
        )

    def wants(self, code: str) -> bool:
        chosen = not self.select or any(code.startswith(prefix) for prefix in self.select)
        return chosen and not any(code.startswith(prefix) for prefix in self.ignore)


class Spelled(NamedTuple):
    """A Keras 3 name as it can be written at some place, and the imports that takes."""

    text: str
    imports: tuple[Import, ...]
    path: str | None  # None: a name of the source's own


class Replaced(NamedTuple):
    """An expression whose legacy name is gone once the fixes are applied."""

    applicability: Applicability
    path: str | None  # the name that stands there instead; None: none
    finding: int  # its place in ``Context.findings``


class Context:
    """One module with all that is known of it. Rules read it and add findings; they change nothing else."""

    def __init__(
        self,
        module: Module,
        names: Names,
        facts: Facts,
        era: Era,
        settings: CheckSettings,
        silenced: dict[int, frozenset[str]],
    ) -> None:
        """``silenced``: row → the codes, or prefixes of codes, silenced there."""
        self.module = module
        self.names = names
        self.facts = facts
        self.era = era
        self.settings = settings
        self.findings: list[Finding] = []
        self._silenced = silenced
        self.replaced: dict[ast.expr, Replaced] = {}
        self.handled: set[ast.Call] = set()  # calls of which a rule for a whole form has said all there is to say
        self.calls: dict[ast.FunctionDef, str] = {}  # `call` of layers of the source's own → its first argument
        self.phased: set[ast.AST] = set()  # functions that a fix gives the argument ``training``
        # Keras 3 paths that an import statement now gives in place of a gone name
        self.claimed: dict[str, Binding] = {}
        self.freed: set[str] = set()  # what stands for a name that no import gives any more
        self.measured: set[ast.AST] = set()  # functions that compile gets in tdmigrate.compat.metric now
        self.answers: dict[object, object] = {}  # of questions that are asked once

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias | ast.arg) -> Span:
        return self.module.span(node)

    def code(self, code: str) -> str:
        """The code under which what a shared rule finds is reported in this source."""
        return code

    def is_lasting(self, symbol: Symbol) -> bool:
        """Whether Keras 3 has this very thing in its old place, whatever the entries say."""
        return False

    def active(self, code: str, span: Span) -> bool:
        """Whether a finding of this code at this place is wanted at all."""
        code = self.code(code)
        return self.settings.wants(code) and not is_silenced(code, span, self._silenced)

    def add(
        self,
        code: str,
        severity: Severity,
        span: Span,
        message: str,
        *,
        symbol: str | None = None,
        rank: int | None = None,
        evidence: tuple[Evidence, ...] = (),
        fix: Fix | None = None,
    ) -> bool:
        """Add a finding unless it is not wanted; says whether it was added.

        A fix that cannot be written where its edits stand is only shown.
        """
        if not self.active(code, span):
            return False
        if fix is not None and self._fstrings is not None:
            fix = self._fstrings.fitted(fix)
        self.findings.append(Finding(self.code(code), severity, span, message, symbol, rank, evidence, fix))
        return True

    @cached_property
    def _fstrings(self) -> "FStrings | None":
        if not _MAY_BE_FSTRING.search(self.module.text):
            return None
        from tdmigrate.rules.fstrings import FStrings  # few old sources have any

        return FStrings(self.module)

    def are_imports_going(self, local: str, going: set[ast.expr]) -> bool:
        """Whether every import of this name will go, as all its uses are among those that take another name."""
        return all(
            uses and going.issuperset(uses) and self.active("K101", self.span(binding.statement))
            for binding in self.facts.bindings
            if binding.local == local
            for uses in (self.facts.uses.get(binding, ()),)
        )

    def replace(self, node: ast.expr, applicability: Applicability, path: str | None) -> None:
        """Say that the finding just added puts ``path`` in the place of the legacy name at ``node``."""
        fix = self.findings[-1].fix
        if fix is not None:
            applicability = worst(applicability, fix.applicability)
        self.replaced[node] = Replaced(applicability, path, len(self.findings) - 1)

    def _binders(self) -> Iterator[tuple[str, ast.AST]]:
        return binders(self.module.nodes)

    @cached_property
    def _own(self) -> frozenset[str]:
        """Names the module binds itself (anywhere), other than by importing Keras."""
        keras = {binding.statement.names[binding.index] for binding in self.facts.bindings}
        keras.update(alias for alias in self._of_compat if alias.asname in (None, alias.name))
        return frozenset(name for name, node in self._binders() if node not in keras)

    @cached_property
    def _of_compat(self) -> tuple[ast.alias, ...]:
        homes = (COMPAT, self.settings.vendor)
        froms = (node for node in self.module.nodes if isinstance(node, ast.ImportFrom) and not node.level)
        return tuple(alias for node in froms if node.module in homes for alias in node.names)

    @cached_property
    def compat(self) -> Mapping[str, str]:
        """What the module imports from tdmigrate.compat, or its copy: the local name, and the name there."""
        return {alias.asname or alias.name: alias.name for alias in self._of_compat}

    def scopes_binding(self, name: str) -> frozenset[str]:
        """Scopes that bind a name: qualified names of functions and classes, "" for the module's own level."""
        return frozenset(self.names.scope_of(node) for bound, node in self._binders() if bound in (name, "*"))

    def binders(self, name: str) -> list[ast.AST]:
        """Everything that may bind a name, star imports of Keras aside."""
        return [*self._binders_by_name.get(name, ()), *self._binders_by_name.get("*", ())]

    def maker(self, name: str) -> ast.Call | None:
        """The call whose result is all that a name ever stands for."""
        binders = self.binders(name)
        statement = self.parents.get(binders[0]) if len(binders) == 1 else None
        if isinstance(statement, ast.Assign) and statement.targets == binders and isinstance(statement.value, ast.Call):
            return statement.value
        return None

    @cached_property
    def _binders_by_name(self) -> dict[str, list[ast.AST]]:
        keras = {binding.statement.names[binding.index] for binding in self.facts.bindings if binding.local == "*"}
        found: dict[str, list[ast.AST]] = {}
        for name, node in self._binders():
            if node not in keras:
                found.setdefault(name, []).append(node)
        return found

    @cached_property
    def loads(self) -> dict[str, list[ast.Name]]:
        """Where the module reads each name."""
        found: dict[str, list[ast.Name]] = {}
        for node in self.module.nodes:
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
                found.setdefault(node.id, []).append(node)
        return found

    @cached_property
    def parents(self) -> Mapping[ast.AST, ast.AST]:
        """What each node of the module stands in."""
        return self.module.parents

    @cached_property
    def strings(self) -> "Strings":
        """What strings may come to an expression by the names in it."""
        from tdmigrate.understanding.told import Strings  # only sources that hand settings on need it

        return Strings(self.module)

    @cached_property
    def brought(self) -> "Brought":
        """What the modules of the project that the source imports may have in their models."""
        from tdmigrate.understanding.brought import brought  # only models of unknown origin need it

        return brought(self.module)

    @cached_property
    def _bound(self) -> frozenset[str]:
        return frozenset(name for name, _ in self._binders())

    def is_bound(self, name: str) -> bool:
        """Whether anything in the module binds a name, other than a star import."""
        return name in self._bound

    @cached_property
    def constants(self) -> frozenset[str]:
        """Names that the module's own level sets once, to a constant, and nothing else binds."""
        bound = [name for name, _ in self._binders()]
        told = (one for one in self.module.tree.body if isinstance(one, ast.Assign) and len(one.targets) == 1)
        names = [one.targets[0].id for one in told if isinstance(one.targets[0], ast.Name) and _is_literal(one.value)]
        return frozenset(name for name in names if bound.count(name) == 1)

    @cached_property
    def _parameters(self) -> frozenset[str]:
        return frozenset(node.arg for node in self.module.nodes if isinstance(node, ast.arg))

    def is_certain(self, node: ast.expr) -> bool:
        """Whether what is known of an expression holds whoever runs it: no parameter, attribute or call is in it, which
        other files may fill otherwise."""
        return all(
            isinstance(one, (ast.Constant, ast.Tuple, ast.List, ast.UnaryOp, ast.unaryop, ast.expr_context))
            or (isinstance(one, ast.Name) and one.id not in self._parameters)
            for one in ast.walk(node)
        )

    @cached_property
    def penalties(self) -> frozenset[ast.expr]:
        """The values of every layer's ``activity_regularizer``."""
        given = (use.bound.arguments.get("activity_regularizer") for use in self.facts.layers)
        return frozenset(argument.node for argument in given if argument is not None)

    @cached_property
    def kernels(self) -> Mapping[ast.Call, tuple[int | None, ...]]:
        """Calls of constraints for kernels whose axes are others now, with these (rules/constraints.py)."""
        if not any(isinstance(use.entry, Layer) and use.entry.kernels for use in self.facts.layers):
            return {}
        from tdmigrate.rules import constraints  # only sources with convolutions need it

        return constraints.calls(self)

    @cached_property
    def makes_masks(self) -> bool:
        """Whether any layer makes a mask, as far as its arguments tell."""
        return any(
            isinstance(use.entry, Layer)
            and use.entry.masks == "makes"
            and LegacyArguments(use.bound, use.entry).get("mask_zero") is not False
            for use in self.facts.layers
        )

    def may_be_masked(self, use: LayerUse) -> bool:
        """Whether a mask reaches a layer, or may: one is made, and what reaches this layer is not known."""
        return use.masked or (use.masked is None and self.makes_masks)

    @cached_property
    def _homes(self) -> Mapping[str, str | None]:
        """Legacy paths that live elsewhere than their entries say, for this source (rules/data.py)."""
        if not any(isinstance(use.entry, Function) and use.entry.kind == "data" for use in self.facts.functions):
            return {}
        from tdmigrate.rules import data  # few sources need it

        return data.homes(self)

    def new_path(self, path: str) -> str | None:
        """Where a legacy path lives in Keras 3, for this source; None: not known, or gone."""
        return self._homes[path] if path in self._homes else new_path(path)

    @cached_property
    def _imported(self) -> dict[str, str]:
        """Local name → Keras 3 path, for legacy imports whose name stays (``LSTM`` of keras.layers.recurrent)."""
        found: dict[str, str] = {}
        for binding in self.facts.bindings:
            home = self.new_path(binding.path)
            if home is not None and binding.local == home.rpartition(".")[2]:
                found.setdefault(binding.local, home)
        return found

    def name(self, path: str, free: bool = False) -> Spelled:
        """A Keras 3 (or compat) name as a bare name, imported where it has to be; never one that the module uses.

        ``free``: the import that uses the name now will be gone.
        """
        module, _, name = path.rpartition(".")
        free = free or path in self.freed
        if name in self._own or (not free and self._imported.get(name, path) != path):
            prefix = "Keras1" if module == COMPAT else "Keras"
            alias = f"{prefix}{name}" if name[0].isupper() else f"{prefix.lower()}_{name}"
            return Spelled(alias, (Import(module, name, alias),), path)
        if module in self._stars:
            return Spelled(name, (), path)
        return Spelled(name, (Import(module, name),), path)

    def written(self, text: Text) -> Text:
        """New text as it can be written in this module: a name that the module uses otherwise gets an alias."""
        new, imports = text.text, []
        for needed in text.imports:
            if needed.name is None or needed.asname is not None:
                imports.append(needed)
                continue
            spelled = self.name(f"{needed.module}.{needed.name}")
            imports += spelled.imports
            if spelled.text != needed.name:
                new = re.sub(rf"(?<![\w.'\"]){needed.name}\b", spelled.text, new)
        return Text(new, tuple(imports))

    def is_function(self, node: ast.expr) -> bool:
        """Whether an expression is a function that the module itself defines."""
        return isinstance(node, ast.Lambda) or (isinstance(node, ast.Name) and node.id in self._functions)

    @cached_property
    def _functions(self) -> frozenset[str]:
        return frozenset(node.name for node in self.module.tree.body if isinstance(node, ast.FunctionDef))

    @cached_property
    def _stars(self) -> frozenset[str]:
        """Keras 3 modules from which the module's own level imports every name."""
        top = set(self.module.tree.body)
        homes = [self.new_path(b.path) for b in self.facts.bindings if b.local == "*" and b.statement in top]
        return frozenset(home for home in homes if home is not None)

    def spell(self, node: ast.expr, symbol: Symbol, path: str) -> Spelled:
        """The new text for an expression bound to ``symbol``, whose name in Keras 3 is ``path``.

        ``L.TimeDistributedDense`` becomes ``L.Dense``: a chain through a module keeps the module it goes through.
        """
        module, _, name = path.rpartition(".")
        binding = symbol.binding
        if isinstance(node, ast.Name):
            if node.id != binding.local and binding.local != "*":
                return Spelled(node.id, (), path)  # an alias of the source's own: what it stands for is mended there
            stays = module != COMPAT and self.new_path(symbol.path) == path
            if stays and name == binding.path.rpartition(".")[2]:
                return Spelled(node.id, (), path)
            return self.name(path)
        home = module_home(binding)
        if home is not None and isinstance(node, ast.Attribute) and (module == home or module.startswith(home + ".")):
            rest = path[len(home) + 1 :]
            root = node
            while isinstance(root, ast.Attribute):
                root = root.value  # type: ignore[assignment]
            if isinstance(root, ast.Name) and root.id == binding.local:
                return Spelled(f"{root.id}.{rest}", (), path)
        return self.name(path)


def _is_literal(node: ast.expr) -> bool:
    return not any(isinstance(one, (ast.Name, ast.Call)) for one in ast.walk(node))


def new_path(path: str) -> str | None:
    """Where a legacy path lives in Keras 3; None: not known, or gone."""
    entry = registry.lookup(path)
    if entry is not None:
        return entry.keras3.path if entry.keras3 is not None else None
    module = registry.module(path)
    return module.keras3 if module is not None else None


def module_home(binding: Binding) -> str | None:
    """The Keras 3 module that a module import's local name stands for once the import is mended."""
    if isinstance(binding.statement, ast.Import):
        alias = binding.statement.names[binding.index]
        if alias.asname is None:
            return "keras"
    module = registry.module(binding.path)
    return module.keras3 if module is not None else ("keras" if binding.path == "keras" else None)


def worst(*applicabilities: Applicability) -> Applicability:
    """The least safe of them."""
    order = (Applicability.SAFE, Applicability.UNSAFE, Applicability.DISPLAY)
    return max(applicabilities, key=order.index, default=Applicability.SAFE)


def once(question: Callable[[Context], Answer]) -> Callable[[Context], Answer]:
    """A question about a whole source that is answered the first time. The answer hangs on facts, never on findings."""

    @wraps(question)
    def asked(ctx: Context) -> Answer:
        if question not in ctx.answers:
            ctx.answers[question] = question(ctx)
        return cast(Answer, ctx.answers[question])

    return asked
