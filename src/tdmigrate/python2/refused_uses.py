"""P207: ways to use what there still is, that Python 3 does not go along with."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Iterator
from typing import Final

from tdmigrate.findings import ArgumentEdit, CallEdit, Finding, Severity, TextEdit
from tdmigrate.python2.base import GONE, Source
from tdmigrate.rules.arguments import is_none
from tdmigrate.understanding.branches import is_asked_for, is_guarded

# methods that went → what to write; not told where the source has its own
_METHODS: Final = {
    "getchildren": "list(x)",
    "getiterator": "x.iter(…)",
    "has_key": "key in x",
    "isAlive": "x.is_alive()",
    "iteritems": "x.items()",
    "iterkeys": "x.keys()",
    "itervalues": "x.values()",
    "unescape": "html.unescape(…)",
}
_SAMPLE: Final = "Ab 1,\nx"
# a quantifier that lets nothing match, behind a class of characters or a group of some: where nothing was no place to
# split, it is the same without it, or with +
_MAYBE: Final = re.compile(r"""\((?:\\+[wWsSdD]|\[[^\[\]\\]+\])\+\)\?""")
_SOME: Final = re.compile(r"""(?:\\+[wWsSdD]|\[[^\[\]\\]+\])\*""")


def ways(source: Source) -> Iterator[Finding]:
    for node in source.nodes:
        if isinstance(node, ast.Call):
            yield from _call(source, node)
        elif isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Load) and node.attr in _METHODS:
            yield from _method(source, node)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            yield from _caught(source, node)


def _call(source: Source, node: ast.Call) -> Iterator[Finding]:
    name, func = source.full(node.func), node.func
    if name in ("json.loads", "json.load", "json.dumps", "json.dump"):
        yield from _without(source, node, "encoding", f"{name} takes no encoding in Python 3: all text is Unicode")
    elif name == "argparse.ArgumentParser" and any(one.arg == "version" for one in node.keywords):
        message = "ArgumentParser takes no version in Python 3: add_argument('--version', action='version', version=…)"
        yield source.one(GONE, node, message)
    elif name.startswith("re.") and node.args and (wrong := _wrong(node.args[0])):
        yield source.one(GONE, node, f"Python 3 does not take this pattern: {wrong}")
    elif (isinstance(func, ast.Attribute) and func.attr == "split") or name == "re.split":
        yield from _split(source, node, name)
    elif isinstance(func, ast.Call) and source.full(func.func) in ("codecs.getreader", "codecs.getwriter"):
        stream = source.full(node.args[0]) if node.args else ""
        if stream in ("sys.stdin", "sys.stdout", "sys.stderr"):
            message = f"{stream} takes text in Python 3: leave this out, or hand {stream}.buffer to it"
            yield source.one(GONE, node, message)
    elif isinstance(func, ast.Attribute) and func.attr == "translate" and len(node.args) == 2 and not name:
        yield from _translate(source, node, func)
    elif name == "random.shuffle" and len(node.args) == 2:
        yield source.one(GONE, node, "shuffle takes no function of chance since Python 3.11: seed random instead")


def _method(source: Source, node: ast.Attribute) -> Iterator[Finding]:
    name = source.full(node)
    tree = source.tree
    if node.attr in source.methods or is_guarded(tree, node, "AttributeError") or is_asked_for(tree, node, "hasattr"):
        return
    of_html = "html.parser" in source.module.text and not name.startswith(("html.", "xml."))
    if node.attr != "unescape" or of_html:
        yield source.one(GONE, node, f"Python 3 has no method {node.attr}: write {_METHODS[node.attr]}")


def _without(source: Source, node: ast.Call, word: str, message: str) -> Iterator[Finding]:
    for index, one in enumerate(node.keywords, len(node.args)):
        if one.arg == word:
            edit = CallEdit(source.span(node), arguments=(ArgumentEdit(index, drop=True),))
            yield source.one(GONE, node, message, edit)


def _translate(source: Source, node: ast.Call, func: ast.Attribute) -> Iterator[Finding]:
    table, chars = node.args
    made = source.origins(table)
    of_strings = bool(made) and all(
        isinstance(one, ast.Call) and source.full(one.func) in ("string.maketrans", "str.maketrans") for one in made
    )
    if isinstance(chars, ast.Constant) and isinstance(chars.value, bytes):
        return
    message = "text has no translate of two in Python 3: x.translate(str.maketrans('', '', chars)) takes chars out"
    is_text = source.full(chars).startswith("string.") or isinstance(getattr(chars, "value", None), str)
    if not (of_strings or is_text or is_none(table)):
        return  # of shapes, perhaps
    edit = None
    if is_none(table) and is_text:
        arguments = (ArgumentEdit(0, drop=True), ArgumentEdit(1, value="str.maketrans('', '', {})"))
        edit = CallEdit(source.span(node), arguments=arguments)
    yield source.one(GONE, node, message, edit)


def _split(source: Source, node: ast.Call, name: str) -> Iterator[Finding]:
    """A split by a pattern that matches nothing, too: Python 2 never split there."""
    pattern = node.args[0] if name == "re.split" and node.args else None
    if pattern is None and isinstance(node.func, ast.Attribute):
        made = [node.func.value] if isinstance(node.func.value, ast.Call) else source.origins(node.func.value)
        (one, *more) = made or [None]
        if not more and isinstance(one, ast.Call) and source.full(one.func) == "re.compile" and one.args:
            pattern = one.args[0]
    if not isinstance(pattern, ast.Constant) or not isinstance(pattern.value, str) or not _is_empty(pattern.value):
        return
    message = (
        "this pattern matches nothing at all as well, where Python 2 did not split and Python 3 does: write it so "
        "that it matches something, such as '(\\\\W+)'"
    )
    edit = None
    written = source.module.segment(pattern)
    inside = re.fullmatch(r"""([rRuU]?(['"]))([^'"\n]+)\2""", written)
    if name == "re.split" and inside is not None:
        body = inside[3]
        new = body[:-1] if _MAYBE.fullmatch(body) else f"{body[:-1]}+" if _SOME.fullmatch(body) else ""
        edit = TextEdit(source.span(pattern), f"{inside[1]}{new}{inside[2]}") if new else None
    yield source.one(GONE, node, message, edit, severity=Severity.WARNING)


def _compiled(pattern: str) -> re.Pattern[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(pattern)


def _wrong(pattern: ast.expr) -> str:
    """What is wrong with a pattern, if it is known."""
    if isinstance(pattern, ast.Constant) and isinstance(pattern.value, str):
        try:
            _compiled(pattern.value)
        except re.error as error:
            return str(error)
        except (OverflowError, RecursionError):
            pass  # of none that Python 2 took
    return ""


def _is_empty(pattern: str) -> bool:
    try:
        known = _compiled(pattern)
    except (re.error, OverflowError, RecursionError):
        return False
    return known.fullmatch("") is not None or any(not one.group() for one in known.finditer(_SAMPLE))


def _caught(source: Source, node: ast.Name) -> Iterator[Finding]:
    """What exceptions were in Python 2: their message, and a sequence."""
    if _handler(source, node) is None:
        return
    above = source.tree.of(node)
    if isinstance(above, ast.Attribute) and above.attr == "message" and isinstance(above.ctx, ast.Load):
        if "message" not in source.attributes and not is_asked_for(source.tree, node, "message"):
            yield source.one(GONE, above, "exceptions have no message in Python 3: write str(e)")
    elif isinstance(above, ast.Subscript) and above.value is node and "__getitem__" not in source.methods:
        edit = TextEdit(source.span(node), "{}.args")
        yield source.one(GONE, above, "exceptions have no index in Python 3: their arguments are e.args", edit)
    elif _is_unpacked(above, node) and source.methods.isdisjoint(("__iter__", "__getitem__")):
        edit = TextEdit(source.span(node), "{}.args")
        yield source.one(GONE, node, "exceptions are no sequence in Python 3: their arguments are e.args", edit)


def _is_unpacked(above: ast.AST | None, node: ast.Name) -> bool:
    is_assigned = isinstance(above, ast.Assign) and above.value is node
    return is_assigned and isinstance(above.targets[0], (ast.Tuple, ast.List))  # type: ignore[union-attr]


def _handler(source: Source, node: ast.Name) -> ast.ExceptHandler | None:
    """The ``except`` whose exception a name is, if nothing within it says otherwise."""
    home = source.tree.home(node)
    for one in source.tree.up(node):
        if one is home:
            return None
        if isinstance(one, ast.ExceptHandler) and one.name == node.id:
            return None if source.is_bound_within(node, one) else one
    return None
