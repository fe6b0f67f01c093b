"""Legacy symbols that are mentioned without being called, and strings that name them."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from tdmigrate.keras1 import registry
from tdmigrate.understanding.facts import Reference, Symbol, TextUse
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.record import Recorder

# layers and activations that Keras 3 does not have under their name, as strings write them (layer names in lower case)
NAMED = ("TimeDistributedDense", "TimeDistributedMerge", "time_distributed_softmax")
WORDS: Mapping[str, str] = {word.lower(): word for word in NAMED}
ACTIVATION = "time_distributed_softmax"
_SEARCHES = ("startswith", "endswith", "find", "index", "count", "replace")
# kept as text, since few sources need them compiled
_NUMBERED = r"_\d+$"  # Keras numbers the names of layers
_IN_JSON = r"""["'](?:class_name|name|activation)["']\s*:\s*["'](\w+)["']"""

Parents = Mapping[ast.AST, ast.AST]


def references(module: Module, names: Names, recorder: Recorder) -> tuple[Reference, ...]:
    """Every mention of a legacy symbol that is not the callee of a call, in order of place."""
    parents = module.parents
    found: list[Reference] = []
    for node in module.nodes:
        if not isinstance(node, (ast.Name, ast.Attribute)) or not isinstance(node.ctx, ast.Load):
            continue
        parent = parents.get(node)
        if isinstance(parent, ast.Attribute) and names.resolve(parent) is not None:
            continue  # a part of a longer chain
        if isinstance(parent, ast.Call) and parent.func is node:
            continue
        symbol = names.resolve(node)
        if symbol is not None:
            entry = registry.lookup(symbol.path)
            found.append(Reference(node, symbol, entry, _role(node, parents, names), recorder.calls(node)))
    found.extend(_exports(module, names))
    return tuple(sorted(found, key=lambda reference: (reference.node.lineno, reference.node.col_offset)))


def _role(node: ast.expr, parents: Parents, names: Names) -> str:
    parent = parents.get(node)
    if isinstance(parent, ast.ClassDef) and node in parent.bases:
        return "base"
    if isinstance(parent, ast.arguments):
        return "default"
    if isinstance(parent, (ast.Assign, ast.AnnAssign)) and parent.value is node:
        targets = parent.targets if isinstance(parent, ast.Assign) else [parent.target]
        return "alias" if all(isinstance(target, ast.Name) for target in targets) else "value"
    if isinstance(parent, ast.Tuple) and isinstance(parents.get(parent), ast.Call):
        parent = parents[parent]
        assert isinstance(parent, ast.Call)
        return "isinstance" if _callee(parent) in ("isinstance", "issubclass") else "value"
    if isinstance(parent, ast.Call):
        if _callee(parent) in ("isinstance", "issubclass"):
            return "isinstance"
        return "partial" if _callee(parent) == "partial" and parent.args and parent.args[0] is node else "value"
    return "isinstance" if isinstance(parent, ast.Compare) else "value"


def _callee(call: ast.Call) -> str:
    func = call.func
    return func.id if isinstance(func, ast.Name) else func.attr if isinstance(func, ast.Attribute) else ""


def _exports(module: Module, names: Names) -> list[Reference]:
    """Strings of ``__all__`` that hand a legacy symbol on."""
    if not names.exported:
        return []
    bindings = {binding.local: binding for binding in names.bindings if binding.local in names.exported}
    found = []
    for statement in module.tree.body:
        if not isinstance(statement, (ast.Assign, ast.AugAssign, ast.AnnAssign)) or statement.value is None:
            continue
        targets = statement.targets if isinstance(statement, ast.Assign) else [statement.target]
        if not any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            continue
        for node in ast.walk(statement.value):
            if isinstance(node, ast.Constant) and node.value in bindings:
                binding = bindings[str(node.value)]
                symbol = Symbol(binding.path, binding)
                found.append(Reference(node, symbol, registry.lookup(symbol.path), "export"))
    return found


def texts(module: Module) -> tuple[TextUse, ...]:
    """Every string that names TimeDistributedDense or its family where something reads it as a name."""
    lowered = module.text.lower()
    if not any(word in lowered for word in WORDS):
        return ()
    parents = module.parents
    found = []
    for node in module.nodes:
        if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
            continue
        word = WORDS.get(re.sub(_NUMBERED, "", node.value.strip().lower()))
        if word is not None:
            role = _text_role(node, word, parents)
            if role is not None:
                found.append(TextUse(node, word, role))
            continue
        if not isinstance(parents.get(node), ast.Expr):  # no docstring
            for match in re.finditer(_IN_JSON, node.value):
                if match[1] in NAMED:
                    found.append(TextUse(node, match[1], "json"))
                    break
    return tuple(sorted(found, key=lambda use: (use.node.lineno, use.node.col_offset)))


def _text_role(node: ast.Constant, word: str, parents: Parents) -> str | None:
    parent = parents.get(node)
    if isinstance(parent, ast.Expr):
        return None  # a docstring
    if word == ACTIVATION and node.value == ACTIVATION:
        return "activation" if isinstance(parent, (ast.Call, ast.keyword)) else _compared(parent, parents) or "other"
    if isinstance(parent, ast.Dict) and node in parent.keys:
        return "custom_objects"
    if isinstance(parent, ast.Dict):
        key = parent.keys[parent.values.index(node)]
        if isinstance(key, ast.Constant) and key.value in ("class_name", "name"):
            return "json"
    if isinstance(parent, ast.Subscript):
        return "custom_objects"
    return _compared(parent, parents) or "other"


def _compared(parent: ast.AST | None, parents: Parents) -> str | None:
    if isinstance(parent, (ast.Tuple, ast.List, ast.Set)):
        parent = parents.get(parent)
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and parent.func.attr in _SEARCHES:
        return "comparison"
    return "comparison" if isinstance(parent, (ast.Compare, ast.MatchValue)) else None
