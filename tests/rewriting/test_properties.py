"""Random sources and random edits: the rewritten text means what the same edits make of the tree, and loses nothing."""

from __future__ import annotations

import ast
import re
from collections import Counter
from random import Random
from typing import NamedTuple

import libcst as cst
from hypothesis import given, settings
from hypothesis import strategies as st

from rewriting.places_of import fix
from tdmigrate.findings import (
    Added,
    ArgumentEdit,
    CallEdit,
    Edit,
    ElementEdit,
    Import,
    ImportEdit,
    StatementEdit,
    TextEdit,
    Wrap,
)
from tdmigrate.rewriting.apply import apply
from tdmigrate.rewriting.places import Places
from tdmigrate.understanding.module import Module


class _Writer:
    """Writes random code in random layouts; comments are numbered, so that each can be told from the others."""

    def __init__(self, chance: Random) -> None:
        self._chance = chance
        self._comments = 0
        self.step = self.pick("    ", "\t", "  ")

    def pick(self, *choices: str) -> str:
        return self._chance.choice(choices)

    def number(self, low: int, high: int) -> int:
        return self._chance.randint(low, high)

    def comment(self) -> str:
        self._comments += 1
        return f"# comment {self._comments}."

    def gap(self) -> str:
        """What may stand between two tokens inside brackets."""
        gap = self.pick("", "", " ", " ", "\n    ", "\n", "#", "\n  #", "\\")
        if gap == "\\":
            return " \\\n  "
        return gap.replace("#", f"  {self.comment()}\n") + " " * self.number(0, 2) if "#" in gap else gap

    def listing(self, items: list[str], trailing: bool) -> str:
        if not items:
            return self.gap()
        text = self.gap() + "".join(f"{item}{self.gap()},{self.gap()}" for item in items[:-1]) + items[-1] + self.gap()
        return text + "," + self.gap() if trailing else text

    def expression(self, depth: int) -> str:
        kind = self.pick("name", "name", "string", "call", "call", "list", "tuple", "group", "f-string", "lambda")
        if kind == "string":
            return self.pick("'é'", "'''a\n  b'''", '"#"', "'a' 'b'", "b','")
        if kind == "f-string":
            return self.pick("f'{a!r:>3}'", 'f"{f(a)}é{g(a)}"')
        if depth == 0 or kind == "name":
            return self.pick("a", "b.c", "ü", "1.", "-a")
        if kind == "call":
            return self.call(depth)
        if kind == "group":
            return f"({self.gap()}{self.expression(depth - 1)}{self.gap()})"
        if kind == "lambda":
            return f"(lambda a=1: {self.expression(depth - 1)})"
        items = [self.expression(depth - 1) for _ in range(self.number(0, 3))]
        if kind == "list":
            return f"[{self.listing(items, bool(items) and self.number(0, 1) == 1)}]"
        return f"({self.listing(items, len(items) == 1 or (bool(items) and self.number(0, 1) == 1))})"

    def call(self, depth: int) -> str:
        func = self.pick("f", "m.add", "(f)", "f(a)", "f ")
        if self.number(0, 9) == 0:
            return f"{func}(a for a in b)"
        items = [self.expression(depth - 1) for _ in range(self.number(0, 2))]
        if self.number(0, 5) == 0:
            items.append("*" + self.pick("a", "(b)", " c"))
        for key in range(self.number(0, 3)):
            items.append(f"k{key}{self.pick('', ' ')}={self.pick('', ' ')}{self.expression(depth - 1)}")
        if self.number(0, 5) == 0:
            items.append("**" + self.pick("a", "f(b)"))
        return f"{func}({self.listing(items, bool(items) and self.number(0, 3) == 0)})"

    def simple(self) -> str:
        kind = self.pick("call", "call", "assign", "import", "from", "from", "pass")
        if kind == "pass":
            return "pass"
        if kind == "call":
            return self.call(2)
        if kind == "assign":
            return f"x.y = {self.expression(2)}"
        if kind == "import":
            return "import " + ", ".join(self.pick("a", "a.b as c", "d") for _ in range(self.number(1, 3)))
        names = [self.pick("a", "b as c", "d") for _ in range(self.number(1, 3))]
        module = self.pick("m", "m . n", ".", "..m")
        if self.number(0, 1):
            return f"from {module} import ({self.listing(names, self.number(0, 1) == 1)})"
        return f"from {module} import " + self.pick(", ", ", \\\n ", " ,").join(names)

    def line(self) -> str:
        text = self.pick("; ", ";", " ;\\\n  ").join(self.simple() for _ in range(self.number(1, 3)))
        return text + self.pick("", "", ";", "  ") + (f"  {self.comment()}" if self.number(0, 3) == 0 else "")

    def block(self, indent: str, depth: int) -> str:
        rows = []
        for _ in range(self.number(1, 3)):
            kind = self.pick("line", "line", "if", "def", "try", "for", "comment") if depth else "line"
            if kind == "comment":
                rows += [indent + self.comment(), ""]
            if kind in ("line", "comment"):
                rows.append(indent + self.line())
                continue
            parts = {"if": ["if a:", "elif b:", "else:"], "def": ["def f(a):"], "for": ["for a in b:"]}
            for header in parts.get(kind, ["try:", "except E:", "finally:"]):
                rows.append(indent + header)
                if self.number(0, 1):
                    rows[-1] += self.pick(" ", "") + self.line()
                else:
                    rows.append(self.block(indent + self.step, depth - 1))
        return "\n".join(rows)

    def source(self) -> str:
        head = self.pick("", "", "\n", "'''doc'''\n", f"#!/usr/bin/python\n{self.comment()}\n", "\x0c\n")
        text = head + self.block("", 2) + self.pick("\n", "\n", "", "\n\n", f"\n{self.comment()}\n  \n")
        return text.replace("\n", self.pick("\n", "\n", "\r\n", "\r"))


class _Plan(NamedTuple):
    """Edits by the node of the tree that they name."""

    calls: dict[ast.AST, CallEdit]
    texts: dict[ast.AST, TextEdit]
    elements: dict[ast.AST, ElementEdit]
    statements: dict[ast.AST, StatementEdit]
    imports: dict[ast.AST, ImportEdit]

    def edits(self) -> list[Edit]:
        return [edit for edits in self for edit in edits.values()]


def _items(call: ast.Call) -> list[ast.expr | ast.keyword]:
    return sorted([*call.args, *call.keywords], key=lambda item: (item.lineno, item.col_offset))


def _call_edit(writer: _Writer, module: Module, call: ast.Call) -> CallEdit:
    arguments = []
    outer = []
    for index, item in enumerate(_items(call)):
        what = writer.pick("", "", "drop", "rename", "value", "both", "outer")
        named = isinstance(item, ast.keyword) and item.arg is not None
        keyword = f"r{index}" if named and what in ("rename", "both") else None
        value = "v({})" if what in ("value", "both") else None
        if what == "drop" or keyword or value:
            arguments.append(ArgumentEdit(index, keyword, value, what == "drop"))
        if what == "outer" and named:
            outer.append(index)
    return CallEdit(
        module.span(call),
        writer.pick("", "F") or None,
        tuple(arguments),
        tuple(Added(f"n{index}", "0") for index in range(writer.number(0, 2))),
        Wrap("W", tuple(outer)) if outer or writer.number(0, 3) == 0 else None,
    )


def _plan(writer: _Writer, module: Module) -> _Plan:
    plan = _Plan({}, {}, {}, {}, {})
    formatted = {inner for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)}
    slices = {node.slice for node in ast.walk(module.tree) if isinstance(node, ast.Subscript)}
    for node in ast.walk(module.tree):
        if node in formatted or writer.number(0, 2):
            continue
        if isinstance(node, ast.Call):
            plan.calls[node] = _call_edit(writer, module, node)
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load):
            plan.texts[node] = TextEdit(module.span(node), "({} or t)")
        if isinstance(node, (ast.List, ast.Tuple)) and isinstance(node.ctx, ast.Load) and node not in slices:
            plan.elements[node] = ElementEdit(module.span(node), writer.number(0, len(node.elts)), "e")
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            fates = [writer.pick("", "", "drop", "z as w") for _ in node.names]
            plan.imports[node] = ImportEdit(
                module.span(node),
                tuple(index for index, fate in enumerate(fates) if fate == "drop"),
                tuple((index, fate) for index, fate in enumerate(fates) if fate == "z as w"),
                writer.pick("", f"p.q{len(plan.imports)}") or None if isinstance(node, ast.ImportFrom) else None,
                ("import after",) * writer.number(0, 1),
            )
        if isinstance(node, (ast.Expr, ast.Assign, ast.Pass)):
            plan.statements[node] = StatementEdit(
                module.span(node),
                ("before()",) * writer.number(0, 1),
                ("if after:", "    yes", "else:", "    no") * writer.number(0, 1),
                writer.number(0, 2) == 0,
            )
    return plan


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


class _Reference(ast.NodeTransformer):
    """The same edits on the tree of ``ast``."""

    def __init__(self, plan: _Plan) -> None:
        self._plan = plan

    def visit_Call(self, node: ast.Call) -> ast.expr:
        edit = self._plan.calls.get(node)
        order = {id(item): index for index, item in enumerate(_items(node))}
        arg_indexes = [order[id(arg)] for arg in node.args]
        keyword_indexes = [order[id(keyword)] for keyword in node.keywords]
        self.generic_visit(node)
        if edit is None:
            return node
        by_index = {argument.index: argument for argument in edit.arguments}
        outer = edit.wrap.outer if edit.wrap else ()
        moved = {}
        args = []
        for index, arg in zip(arg_indexes, node.args, strict=True):
            argument = by_index.get(index, ArgumentEdit(index))
            if argument.value is not None:
                if isinstance(arg, ast.Starred):
                    arg.value = ast.Call(_expression("v"), [arg.value], [])
                else:
                    arg = ast.Call(_expression("v"), [arg], [])
            if not argument.drop:
                args.append(arg)
        keywords = []
        for index, keyword in zip(keyword_indexes, node.keywords, strict=True):
            argument = by_index.get(index, ArgumentEdit(index))
            if argument.value is not None:
                keyword.value = ast.Call(_expression("v"), [keyword.value], [])
            if argument.keyword is not None:
                keyword.arg = argument.keyword
            if index in outer:
                moved[index] = keyword
            elif not argument.drop:
                keywords.append(keyword)
        spread = next((at for at, keyword in enumerate(keywords) if keyword.arg is None), len(keywords))
        keywords[spread:spread] = [ast.keyword(added.keyword, _expression(added.value)) for added in edit.added]
        func = _expression(edit.func) if edit.func else node.func
        call = ast.Call(func, args, keywords)
        if edit.wrap is None:
            return call
        return ast.Call(_expression(edit.wrap.func), [call], [moved[index] for index in outer])

    def visit_Name(self, node: ast.Name) -> ast.expr:
        if node not in self._plan.texts:
            return node
        return ast.BoolOp(ast.Or(), [node, _expression("t")])

    def _display(self, node: ast.List | ast.Tuple) -> ast.expr:
        edit = self._plan.elements.get(node)
        self.generic_visit(node)
        if edit is not None:
            node.elts.insert(edit.index, _expression(edit.text))
        return node

    visit_List = visit_Tuple = _display  # noqa: N815

    def visit(self, node: ast.AST) -> ast.AST:
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(node, field, None)
            if isinstance(statements, list) and statements:
                new = [made for statement in statements for made in self._statement(statement)]
                setattr(node, field, new or ([] if isinstance(node, ast.Module) else [ast.Pass()]))
        visited: ast.AST = super().visit(node)
        return visited

    def _statement(self, node: ast.stmt) -> list[ast.stmt]:
        if node in self._plan.imports and isinstance(node, (ast.Import, ast.ImportFrom)):
            edit = self._plan.imports[node]
            for index, text in edit.rename:
                node.names[index] = ast.alias(*text.split(" as "))
            node.names = [alias for index, alias in enumerate(node.names) if index not in edit.drop]
            if edit.module is not None and isinstance(node, ast.ImportFrom):
                node.module, node.level = edit.module, 0
            return [*([node] if node.names else []), *ast.parse("\n".join(edit.after)).body]
        beside = self._plan.statements.get(node)
        if beside is None:
            return [node]
        before, after = (ast.parse("\n".join(lines)).body for lines in (beside.before, beside.after))
        return [*before, *([] if beside.replace else [node]), *after]


def _taken(text: str, module: Module, plan: _Plan) -> list[str]:
    """The texts that the edits take away as a whole."""
    taken = [
        module.segment(node) for node, edit in plan.statements.items() if edit.replace and isinstance(node, ast.stmt)
    ]
    places = Places(text)
    found = places.find([edit.span for edit in plan.calls.values()])
    for edit in plan.calls.values():
        call = next(node for node in found[edit.span] if isinstance(node, cst.Call))
        gone: list[cst.CSTNode] = [call.args[argument.index] for argument in edit.arguments if argument.drop]
        for start, end in map(places.of, [*gone, *([call.func] if edit.func else [])]):
            taken.append(text[start:end])
    return taken


_COMMENT = re.compile(r"# comment \d+\.")


@given(st.randoms(use_true_random=True))
@settings(max_examples=100, deadline=None)
def test_random_edits_do_what_they_say_and_lose_nothing(chance: Random) -> None:
    writer = _Writer(chance)
    text = writer.source()
    module = Module(text)
    plan = _plan(writer, module)
    taken = [comment for piece in _taken(text, module, plan) for comment in _COMMENT.findall(piece)]

    result = apply(text, [fix(edit) for edit in plan.edits()])

    assert ast.dump(ast.parse(result)) == ast.dump(_Reference(plan).visit(module.tree))
    comments = Counter(_COMMENT.findall(result))
    assert set(comments.values()) <= {1}
    assert set(_COMMENT.findall(text)) - set(taken) <= set(comments)
    newline = next((newline for newline in ("\r\n", "\r", "\n") if newline in text), "\n")
    assert not set(result.replace(newline, "")) & {"\r", "\n"}
    assert apply(result, []) == result


@given(st.randoms(use_true_random=True))
@settings(max_examples=50, deadline=None)
def test_what_stands_before_and_behind_an_edited_statement_keeps_every_byte(chance: Random) -> None:
    writer = _Writer(chance)
    text = writer.source()
    module = Module(text)
    calls = [node for node in ast.walk(module.tree) if isinstance(node, ast.Call)]
    formatted = {inner for node in ast.walk(module.tree) if isinstance(node, ast.JoinedStr) for inner in ast.walk(node)}
    calls = [call for call in calls if call not in formatted]
    if not calls:
        return
    call = calls[writer.number(0, len(calls) - 1)]
    edit = _call_edit(writer, module, call)
    start, end = Places(text).range(edit.span)
    result = apply(text, [fix(edit)])
    assert result.startswith(text[:start])
    assert result.endswith(text[end:])


@given(st.randoms(use_true_random=True))
@settings(max_examples=50, deadline=None)
def test_a_needed_import_is_there_once_and_nothing_else_changes(chance: Random) -> None:
    writer = _Writer(chance)
    text = writer.source()
    needed = Import(writer.pick("m", "q"), writer.pick("a", "d", "new"))
    result = apply(text, [fix(imports=(needed,))])
    before, after = (
        Counter[tuple[str | None, str | None, str | None]](
            (getattr(node, "module", None), alias.name, alias.asname)
            for node in ast.parse(source).body
            if isinstance(node, (ast.Import, ast.ImportFrom)) and not getattr(node, "level", 0)
            for alias in node.names
        )
        for source in (text, result)
    )
    key: tuple[str | None, str | None, str | None] = (needed.module, needed.name, None)
    assert after - before == (Counter() if before[key] else Counter({key: 1}))
    assert not before - after
    assert apply(result, [fix(imports=(needed,))]) == result
    assert _COMMENT.findall(result) == _COMMENT.findall(text)


@given(st.randoms(use_true_random=True))
@settings(max_examples=100, deadline=None)
def test_every_call_and_statement_of_ast_is_found(chance: Random) -> None:
    text = _Writer(chance).source()
    module = Module(text)
    nodes = [n for n in ast.walk(module.tree) if isinstance(n, (ast.Call, ast.Expr, ast.Assign, ast.List, ast.Tuple))]
    places = Places(text)
    found = places.find([module.span(node) for node in nodes])
    for node in nodes:
        kind = getattr(cst, type(node).__name__)
        assert any(isinstance(candidate, kind) for candidate in found[module.span(node)])
