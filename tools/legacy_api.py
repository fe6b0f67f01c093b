"""What genuine Keras offered and what each of it takes, read from its sources (which are parsed, never run)."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

# classes that only others are made of, or that Keras makes itself
_BASES = frozenset(
    ("Layer", "MaskedLayer", "Recurrent", "ConvRecurrent2D", "Wrapper", "Container", "InputLayer", "SiameseHead")
)
_PRINT = re.compile(r"^(\s*)print .*$", re.MULTILINE)  # Python 2


class LegacyParameter(NamedTuple):
    name: str
    default: str | None  # as Python writes it; None: required
    positional: bool  # False: taken by **kwargs only


class LegacyLayer(NamedTuple):
    name: str
    module: str  # "keras.layers.core"
    parameters: tuple[LegacyParameter, ...]


class LegacyFunction(NamedTuple):
    """A public function, or a class that is no layer, of one module."""

    name: str
    module: str  # "keras.optimizers"
    parameters: tuple[LegacyParameter, ...]
    methods: Mapping[str, tuple[LegacyParameter, ...]]  # public ones, of a class


class _Class(NamedTuple):
    node: ast.ClassDef
    module: str


def functions(package: Path, modules: Collection[str]) -> list[LegacyFunction]:
    """Every public function and class that a module of these packages defines, such as "keras.optimizers"."""
    made = []
    for module, tree in _modules(package):
        if not any(module == one or module.startswith(f"{one}.") for one in modules):
            continue
        classes = {node.name: _Class(node, module) for node in tree.body if isinstance(node, ast.ClassDef)}
        for node in tree.body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                made.append(LegacyFunction(node.name, module, tuple(_of_function(node, 0, set())), {}))
            elif isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                family = list(_family(node.name, classes))
                methods = [one for one in node.body if isinstance(one, ast.FunctionDef) and one.name[0] != "_"]
                taken = {one.name: tuple(_of_function(one, 1, set())) for one in methods}
                made.append(LegacyFunction(node.name, module, tuple(_parameters(family, classes)), taken))
    return made


def layers(package: Path) -> list[LegacyLayer]:
    """Every public layer class of the ``keras`` package in this folder."""
    classes = {found.node.name: found for found in _classes(package)}
    made = []
    for name, found in classes.items():
        family = list(_family(name, classes))
        public = not name.startswith("_") and name not in _BASES
        if (public and len(family) > 1 and "Layer" in family and ".layers" in found.module) or name == "Merge":
            made.append(LegacyLayer(name, found.module, tuple(_parameters(family, classes))))
    return sorted(made)


def _modules(package: Path) -> Iterator[tuple[str, ast.Module]]:
    for path in sorted(package.rglob("*.py")):
        inside = path.relative_to(package).with_suffix("").parts
        module = ".".join(("keras", *(one for one in inside if one != "__init__")))
        yield module, ast.parse(_PRINT.sub(r"\1pass", path.read_text("utf-8")))


def _classes(package: Path) -> Iterator[_Class]:
    for module, tree in _modules(package):
        if "layers" in module.split(".") or module == "keras.engine.topology":
            yield from (_Class(node, module) for node in tree.body if isinstance(node, ast.ClassDef))


def _family(name: str, classes: dict[str, _Class]) -> Iterator[str]:
    """The class and those it derives from, the nearest first."""
    yield name
    for base in classes[name].node.bases:
        called = base.id if isinstance(base, ast.Name) else base.attr if isinstance(base, ast.Attribute) else ""
        if called in classes and called != name:
            yield from _family(called, classes)


def _parameters(family: list[str], classes: dict[str, _Class]) -> Iterator[LegacyParameter]:
    seen: set[str] = set()
    positional = True
    for name in dict.fromkeys(family):
        init = next((one for one in classes[name].node.body if _is_init(one)), None)
        if init is None:
            continue
        assert isinstance(init, ast.FunctionDef)
        yield from _of_function(init, 1, seen, positional)
        if init.args.kwarg is None:
            return
        for keyword in _keywords(init):
            if keyword not in seen:
                seen.add(keyword)
                yield LegacyParameter(keyword, "None", False)
        positional = False


def _of_function(
    node: ast.FunctionDef, skip: int, seen: set[str], positional: bool = True
) -> Iterator[LegacyParameter]:
    """The parameters behind the first ``skip``, but those that were ``seen`` before."""
    names = [one.arg for one in node.args.args]
    defaults = [None] * (len(names) - len(node.args.defaults)) + [ast.unparse(one) for one in node.args.defaults]
    for parameter, default in list(zip(names, defaults, strict=True))[skip:]:
        if parameter not in seen:
            seen.add(parameter)
            yield LegacyParameter(parameter, default, positional)


def _is_init(node: ast.stmt) -> bool:
    return isinstance(node, ast.FunctionDef) and node.name == "__init__"


def _keywords(init: ast.FunctionDef) -> Iterator[str]:
    """What ``__init__`` takes from its ``**kwargs``: ``'x' in kwargs``, or a set of allowed ones."""
    for node in ast.walk(init):
        if isinstance(node, ast.Compare) and isinstance(node.left, ast.Constant) and isinstance(node.ops[0], ast.In):
            target = node.comparators[0]
            if isinstance(target, ast.Name) and target.id == "kwargs" and isinstance(node.left.value, str):
                yield node.left.value
        elif isinstance(node, ast.Assign) and _is_allowed(node.targets[0]):
            if not isinstance(node.value, (ast.Set, ast.List, ast.Tuple)):
                raise ValueError(f"row {node.lineno}: allowed_kwargs is not written out")
            yield from (str(ast.literal_eval(one)) for one in node.value.elts)


def _is_allowed(target: ast.expr) -> bool:
    return isinstance(target, ast.Name) and target.id == "allowed_kwargs"
