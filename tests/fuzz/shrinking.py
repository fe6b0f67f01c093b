"""A program made as small as it keeps its verdict: without the statements, layers and arguments it can do without."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from .grammar import Program

TRIES = 150  # each is a proof


def shrunk(one: Program, keeps: Callable[[Program], bool], tries: int = TRIES) -> Program:
    """The smallest program that was found of which ``keeps`` still holds."""
    while True:
        for text in smaller(one.text):
            tries -= 1
            if tries < 0:
                return one
            candidate = one._replace(text=text)
            if keeps(candidate):
                one = candidate
                break
        else:
            return one


def smaller(text: str) -> Iterator[str]:
    """Texts with one part less, the largest parts first."""
    tree = ast.parse(text)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            for index, statement in enumerate(body):
                if isinstance(statement, ast.Return) or (index == len(body) - 1 and node is tree):
                    continue
                removed = body.pop(index)
                if body:
                    yield ast.unparse(tree)
                body.insert(index, removed)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Assign) and isinstance(node.value, ast.Call) and len(node.value.args) == 1):
            continue
        made, given = node.value, node.value.args[0]
        if isinstance(given, ast.Name):  # a layer on a tensor: the tensor itself
            node.value = given
            yield ast.unparse(tree)
            node.value = made
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Call, ast.List)):
            continue
        lists: list[list[Any]] = [node.args, node.keywords] if isinstance(node, ast.Call) else [node.elts]
        for parts in lists:
            for index in reversed(range(len(parts))):
                part = parts.pop(index)
                yield ast.unparse(tree)
                parts.insert(index, part)
