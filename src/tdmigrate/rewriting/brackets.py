"""Expressions that are put into new text, in brackets where they would come apart without."""

from __future__ import annotations

import ast
import re
from collections.abc import Sequence

from tdmigrate.rewriting.skeleton import tree

_PLAIN = re.compile(r"[A-Za-z_][\w.]*|'\w*'")  # stands anywhere as it is
_OPEN, _SHUT = re.compile(r"(?:[(,\[]|[^=!<>]=)\s*\Z"), re.compile(r"\s*[),\]]")  # around an argument or element
_HOLE = "_hole_{}_"
_TIGHT = (
    ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.Constant, ast.JoinedStr, ast.List, ast.Dict, ast.Set,
    ast.Tuple, ast.ListComp, ast.DictComp, ast.SetComp, ast.GeneratorExp,
)  # fmt: skip
_LOOSE = (ast.IfExp, ast.Lambda, ast.NamedExpr, ast.Yield, ast.YieldFrom)


def fill(words: Sequence[str], texts: Sequence[str]) -> str:
    """New text: the words, and between each two of them an expression."""
    if not all(
        _PLAIN.fullmatch(text) or (_OPEN.search(words[index]) and _SHUT.match(words[index + 1]) and ":=" not in text)
        for index, text in enumerate(texts)
    ):
        around = _around(words)
        texts = [_bracketed(text, words, index, around.get(index)) for index, text in enumerate(texts)]
    return words[0] + "".join(text + word for text, word in zip(texts, words[1:], strict=True))


def filled(text: str, value: str) -> str:
    """New text of a call's argument, with a value for every ``{}``."""
    before, *words = text.split("{}")
    # inside of the call's brackets every line may go on in the next
    return fill([f"f({before}", *words[:-1], f"{words[-1]})"], [value] * len(words))[2:-1] if words else text


def _around(words: Sequence[str]) -> dict[int, tuple[ast.AST, str]]:
    """By the number of an expression: the node that it stands in, and as which of its fields."""
    holes = {_HOLE.format(index): index for index in range(len(words) - 1)}
    text = words[0] + "".join(hole + word for hole, word in zip(holes, words[1:], strict=True))
    found = {}
    for node in ast.walk(_parsed(text)):
        for field, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.Name) and child.id in holes:
                    found[holes[child.id]] = (node, field)
    return found


def _parsed(text: str) -> ast.AST:
    """The tree of new text: an expression, arguments or statements; an empty one of what is none of these."""
    for whole in (f"({text}\n)", f"f({text}\n)", re.sub(r"\n[ \t]+", "\n", text)):
        found = _tree(whole)
        if found is not None:
            return found
    return ast.Module([], [])


def _tree(text: str) -> ast.Module | None:
    try:
        return tree(text)
    except SyntaxError:
        return None


def _bracketed(text: str, words: Sequence[str], index: int, around: tuple[ast.AST, str] | None) -> str:
    found = _tree(f"({text}\n)")
    if found is None or not isinstance(found.body[0], ast.Expr):
        return text  # it is no expression, such as `*a`
    node = found.body[0].value
    if (node.lineno, node.col_offset) > (1, 1):
        return text  # it has its own
    needs = _needs(node, *around) if around is not None else not isinstance(node, _TIGHT)
    if needs or (not _is_inside("".join(words[: index + 1])) and _is_broken(text)):
        return f"({text})"
    return text


def _needs(node: ast.expr, around: ast.AST, field: str) -> bool:
    """Whether a node needs brackets as this field of the node around it."""
    if isinstance(around, (ast.BinOp, ast.UnaryOp, ast.BoolOp, ast.Compare, ast.Await, ast.Starred, ast.Expr)):
        return not isinstance(node, _TIGHT)
    if field in ("value", "func") and isinstance(around, (ast.Attribute, ast.Subscript, ast.Call)):
        return not isinstance(node, _TIGHT) or (
            isinstance(around, ast.Attribute) and isinstance(node, ast.Constant) and type(node.value) in (int, float)
        )
    if isinstance(around, ast.comprehension):
        return isinstance(node, _LOOSE)
    if isinstance(around, ast.IfExp) and field != "orelse":
        return isinstance(node, (*_LOOSE, ast.BoolOp))  # the last for the eye
    if isinstance(around, (ast.Call, ast.List, ast.Tuple, ast.Set)):
        return False
    return isinstance(node, ast.NamedExpr)


def _is_inside(before: str) -> bool:
    """Whether a bracket is open at the end of new text."""
    return sum(before.count(one) for one in "([{") > sum(before.count(one) for one in ")]}")


def _is_broken(text: str) -> bool:
    """Whether an expression goes on in another line where no bracket is open."""
    return ("\n" in text or "\r" in text) and _tree(text) is None
