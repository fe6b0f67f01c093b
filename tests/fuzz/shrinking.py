"""A program made as small as it keeps its verdict: without the statements, layers and arguments it can do without."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import Any

from tdmigrate.verification.prover import Prover

from .grammar import Program
from .verdict import Verdict, verdict

TRIES = 150  # each is a proof


def shrunk(one: Program, found: Verdict, prover: Prover) -> Program:
    """The smallest program that was found with a verdict of this kind."""
    tries = 0
    again = True
    while again and tries < TRIES:
        again = False
        for text in smaller(one.text):
            tries += 1
            if tries > TRIES:
                break
            candidate = one._replace(text=text)
            if verdict(candidate, prover).kind == found.kind:
                one, again = candidate, True
                break
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
