"""A single call to prove: the old layer with its arguments on the inferred shape, and what it became."""

from __future__ import annotations

import ast
import builtins
import keyword
import re
from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING

from tdmigrate.findings import Added, Applicability, CallEdit, Fix, Span
from tdmigrate.keras1.entry import Entry
from tdmigrate.keras1.versions import parse
from tdmigrate.records import NamedTuple
from tdmigrate.results import Proof, applies
from tdmigrate.rewriting.apply import Misfit, apply
from tdmigrate.understanding.calls import is_constant
from tdmigrate.understanding.facts import LayerUse
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.shapes import Dims
from tdmigrate.verification.jobs import Call, Job
from tdmigrate.verification.program import Fill, Uncut, cut
from tdmigrate.verification.releases import releases

if TYPE_CHECKING:
    from tdmigrate.verification.changed import Changed

# sizes that the source does not tell, unlike each other and unlike the batch's: of the last axis, of the others
FEATURES, STEPS = 4, 6
# what tells a layer of its input, its name and its first weights: the proof gives its own
_ASIDE = frozenset((
    "input_dim", "input_length", "input_shape", "batch_input_shape", "batch_shape", "input_dtype", "weights", "name",
    "trainable",
))  # fmt: skip
_ALONE = "tdmigrate_alone"
_MARK = "tdmigrate_mark"
_LOST = "what became of the call was not found again"


def rewritten(item: Changed, unsafe_fixes: bool) -> dict[Span, list[CallEdit]]:
    """What was done to the calls of a file, by their spans in the old text."""
    found: dict[Span, list[CallEdit]] = {}
    for finding in item.check.findings:
        if finding.fix is not None and applies(finding, unsafe_fixes):
            for edit in finding.fix.edits:
                if isinstance(edit, CallEdit):
                    found.setdefault(edit.span, []).append(edit)
    return found


def call_job(item: Changed, use: LayerUse, unsafe_fixes: bool) -> Job | Proof:
    """The job that proves a rewritten ``use`` alone; a finished proof where it can't be made into one."""
    label = f"{use.entry.name} alone"
    try:
        made = _job(item, use, unsafe_fixes, label)
    except Misfit:
        made = _LOST
    except (RecursionError, MemoryError):
        made = "the source is too long or too deeply nested to be cut"
    return Proof(label, use.node.lineno, "unproved", made) if isinstance(made, str) else made


def _job(item: Changed, use: LayerUse, unsafe_fixes: bool, label: str) -> Job | str:
    """The job; in words why there is none."""
    if use.bound.starred or use.partial is not None:
        return "its arguments are handed on by *, ** or functools.partial"
    old, new = _old_call(item, use), _new_call(item, use, unsafe_fixes)
    if old is None or new is None:
        return _LOST
    shape = filled(use.inputs)
    # numbers are the same in both sources; what is known to be a name may be spelled otherwise in the new one
    known = {
        ast.dump(argument.node): argument.value
        for argument in use.bound.arguments.values()
        if argument.value is None or isinstance(argument.value, (int, float))
    }
    arguments = [ast.keyword(argument.name, argument.node) for argument in use.bound.arguments.values()]
    legacy = ast.Call(ast.Name("TdmigrateLayer", ast.Load()), [], arguments)
    before, after = _Alone(old, legacy, known), _Alone(new, new.call, known)
    before.call.keywords.append(ast.keyword("input_shape", _literal(shape[1:])))
    assert item.check.era is not None
    release, *_ = releases(item.check.era.assumed, False, None in shape[1:])
    genuine = f"from {_home(use.entry, release)} import {use.entry.name} as TdmigrateLayer\n"
    program = cut(before.text(genuine, ""), _ALONE, "model")
    if isinstance(program, Uncut):
        return before.reason(program)
    told = "from keras.layers import Input as TdmigrateInput\n"
    first = f"model.add(TdmigrateInput(shape={shape[1:]!r}))\n"
    modern = cut(after.text(told, first), _ALONE, "model", 0, program.fills)
    if isinstance(modern, Uncut):
        return after.reason(modern)
    call = Call(use.entry.name, before.values(use, program.fills), shape)
    return Job(
        label, use.node.lineno, program.source, program.target, modern.source, modern.target, release, call=call,
        compat=item.compat,
    )  # fmt: skip


def filled(inputs: Dims | None) -> tuple[int | None, ...]:
    """The inferred shape, a small number for each size that is not known; rank 3 where the rank is not."""
    if inputs is None:
        return (None, None, FEATURES)
    free = 1 if len(inputs) > 2 else 0  # only the time axis stays free
    sizes: list[int | None] = [None]
    for axis, size in enumerate(inputs[1:], 1):
        if isinstance(size, int) or (size is None and axis == free):
            sizes.append(size)
        else:
            sizes.append(FEATURES if axis == len(inputs) - 1 else STEPS + axis - 1)
    return tuple(sizes)


def _home(entry: Entry, release: str) -> str:
    """The module that this release of Keras has the layer in."""
    fitting = [path for path, versions in entry.paths.items() if parse(release).within(parse(versions))]
    return (fitting or list(entry.paths))[0].rpartition(".")[0]


# --- the call in both sources


class _Found(NamedTuple):
    tree: ast.Module
    around: tuple[ast.AST, ...]  # from the module down to what holds the call
    call: ast.Call


def _old_call(item: Changed, use: LayerUse) -> _Found | None:
    place = _place(use.node)
    return _find(ast.parse(item.old_text), lambda call: _place(call) == place)


def _place(node: ast.expr) -> tuple[int, int, int | None, int | None]:
    return node.lineno, node.col_offset, node.end_lineno, node.end_col_offset


def _new_call(item: Changed, use: LayerUse, unsafe_fixes: bool) -> _Found | None:
    """The new text is made once more, with a mark in the call."""
    span = Module(item.old_text).span(use.node)
    fixes = [finding.fix for finding in item.check.findings if finding.fix and applies(finding, unsafe_fixes)]
    mark = Fix(Applicability.SAFE, (CallEdit(span, added=(Added(_MARK, "0"),)),))
    found = _find(
        ast.parse(apply(item.old_text, [*fixes, mark])), lambda call: any(one.arg == _MARK for one in call.keywords)
    )
    if found is None:
        return None
    found.call.keywords = [one for one in found.call.keywords if one.arg != _MARK]
    if any(edit.wrap is not None for edit in rewritten(item, unsafe_fixes)[span]):
        *around, wrapper = found.around
        if not isinstance(wrapper, ast.Call):
            return None
        return _Found(found.tree, tuple(around), wrapper)
    return found


def _find(tree: ast.Module, wanted: Callable[[ast.Call], bool]) -> _Found | None:
    waiting: list[tuple[ast.AST, tuple[ast.AST, ...]]] = [(tree, ())]
    while waiting:
        node, around = waiting.pop()
        if isinstance(node, ast.Call) and wanted(node):
            return _Found(tree, around, node)
        waiting += [(child, (*around, node)) for child in ast.iter_child_nodes(node)]
    return None


# --- the program around it


class _Alone:
    """A call taken out of its function: what stands only there becomes a parameter, to be filled in as a size."""

    def __init__(self, found: _Found, call: ast.Call, known: Mapping[str, object]) -> None:
        self._tree = found.tree
        self._known = known
        self._names: dict[str, str] = {}  # by the dump of an expression, the parameter that stands for it
        self._shown: dict[str, str] = {}  # by parameter, the expression as the source writes it
        self._imports: list[ast.stmt] = []
        self._own = self._bound_around(found.around)
        self.call = ast.Call(
            self._visit(call.func),
            [self._visit(argument) for argument in call.args],
            [ast.keyword(one.arg, self._visit(one.value)) for one in call.keywords if one.arg not in _ASIDE],
        )

    def text(self, imports: str, before: str) -> str:
        """The source with a function behind it that makes a model of the call alone."""
        head = f"from keras.models import Sequential as TdmigrateSequential\n{imports}"
        made = f"model = TdmigrateSequential()\n{before}model.add({ast.unparse(self.call)})\n"
        body = "".join(ast.unparse(statement) + "\n" for statement in self._imports) + head + made
        indented = "".join(f"    {line}\n" for line in body.splitlines())
        return f"{ast.unparse(self._tree)}\n\ndef {_ALONE}({', '.join(self._shown)}):\n{indented}"

    def reason(self, uncut: Uncut) -> str:
        """Why there is no program, of the parameter as the source writes it."""
        if uncut.parameter in self._shown:
            return f"the value of `{self._shown[uncut.parameter]}` is not known, and it is not a size"
        return uncut.reason

    def values(self, use: LayerUse, fills: tuple[Fill, ...]) -> dict[str, object]:
        """What the legacy parameters get, as far as that is a constant or was filled in."""
        numbers = {fill.name: fill.value for fill in fills}
        found: dict[str, object] = {}
        for name, argument in use.bound.arguments.items():
            if name in _ASIDE:
                continue
            if is_constant(argument.value):
                found[name] = argument.value
            else:
                parameter = self._names.get(ast.dump(argument.node))
                found[name] = numbers.get(parameter, argument.node) if parameter is not None else argument.node
        return found

    def _bound_around(self, around: tuple[ast.AST, ...]) -> set[str]:
        """The names that functions, classes, lambdas and comprehensions around the call bind.

        What they import is taken along instead.
        """
        names: set[str] = set()
        for scope in around:
            if isinstance(scope, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                for node in ast.walk(scope):
                    if isinstance(node, (ast.Import, ast.ImportFrom)):
                        self._imports.append(node)
                    elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)) and node is not scope:
                        names.add(node.name)
                    names.update(_bound(node))
            elif isinstance(scope, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)):
                for node in ast.walk(scope):
                    names.update(_bound(node))
        return names

    def _visit(self, node: ast.expr) -> ast.expr:
        """The expression with constants where they are known, and parameters for what the function alone can tell."""
        dump = ast.dump(node)
        if dump in self._known:
            return _literal(self._known[dump])
        free = {one.id for one in ast.walk(node) if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Load)}
        if not free & self._own:
            return node
        if isinstance(node, ast.Call) and not _root(node.func) & self._own:
            return ast.Call(
                node.func,
                [self._visit(argument) for argument in node.args],
                [ast.keyword(one.arg, self._visit(one.value)) for one in node.keywords],
            )
        if isinstance(node, (ast.Tuple, ast.List)):
            return type(node)([self._visit(member) for member in node.elts], ast.Load())
        if isinstance(node, ast.Starred):
            return ast.Starred(self._visit(node.value), ast.Load())
        return ast.Name(self._parameter(node, dump), ast.Load())

    def _parameter(self, node: ast.expr, dump: str) -> str:
        if dump not in self._names:
            shown = ast.unparse(node)
            word = re.sub(r"\W+", "_", shown, flags=re.ASCII).strip("_") or "value"
            word = f"_{word}" if word[0].isdigit() else word
            while word in self._shown or word in _RESERVED:
                word += "_"
            self._names[dump] = word
            self._shown[word] = shown
        return self._names[dump]


def _literal(value: object) -> ast.expr:
    return ast.parse(repr(value), mode="eval").body


_RESERVED = frozenset((*keyword.kwlist, *dir(builtins), "model"))


def _bound(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
        yield node.id
    elif isinstance(node, ast.arg):
        yield node.arg
    elif isinstance(node, ast.ExceptHandler) and node.name is not None:
        yield node.name


def _root(node: ast.expr) -> set[str]:
    """The names that a callee hangs on."""
    return {one.id for one in ast.walk(node) if isinstance(one, ast.Name)}
