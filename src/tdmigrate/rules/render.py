"""The new text at a finding's place, for reports: the edits of a module applied to one expression.

The file itself is rewritten by rewriting/, which keeps layout and comments; this is the short form a person reads.
"""

from __future__ import annotations

import ast

from tdmigrate.findings import CallEdit, Edit, Finding, Recast, Span, TextEdit
from tdmigrate.rewriting.brackets import fill, filled
from tdmigrate.understanding.module import Module


def with_replacements(module: Module, findings: list[Finding]) -> list[Finding]:
    """Fill in ``fix.replacement`` of every finding that stands at an expression or an argument."""
    edits = [edit for finding in findings if finding.fix is not None for edit in finding.fix.edits]
    if not edits:
        return findings
    renderer = _Renderer(module, edits)
    done = []
    for finding in findings:
        node = renderer.nodes.get(finding.span)
        if finding.fix is not None and finding.fix.edits and node is not None:
            text = renderer.text(node)
            if text != module.segment(node):
                finding = finding._replace(fix=finding.fix._replace(replacement=text))
        done.append(finding)
    return done


class _Renderer:
    def __init__(self, module: Module, edits: list[Edit]) -> None:
        self.module = module
        self.calls: dict[Span, list[CallEdit]] = {}
        self.texts: dict[Span, str] = {}
        self.recasts: dict[Span, Recast] = {}
        for edit in edits:
            if isinstance(edit, CallEdit):
                self.calls.setdefault(edit.span, []).append(edit)
            elif isinstance(edit, TextEdit):
                self.texts[edit.span] = edit.text
            elif isinstance(edit, Recast):
                self.recasts[edit.span] = edit
        # an outer node is met before the inner ones; an expression statement's value has its statement's span
        self.nodes: dict[Span, ast.expr] = {}
        for node in module.nodes:
            if isinstance(node, ast.expr) and not isinstance(node, ast.Slice):
                self.nodes.setdefault(module.span(node), node)

    def text(self, node: ast.expr) -> str:
        span = self.module.span(node)
        replaced = self.texts.get(span)
        if replaced is not None:
            return replaced.replace("{}", self._plain(node))
        recast = self.recasts.get(span)
        if recast is None:
            return self._own(node, span)
        words, texts = [""], []
        for piece in recast.pieces:
            if isinstance(piece, str):
                words[-1] += piece
            else:
                texts.append(self._own(node, span) if piece == span else self.text(self.nodes[piece]))
                words.append("")
        return fill(words, texts)

    def _own(self, node: ast.expr, span: Span) -> str:
        """As the edits of calls leave a node."""
        edits = self.calls.get(span)
        if edits and isinstance(node, ast.Call):
            return self._call(node, edits)
        return self._plain(node)

    def _plain(self, node: ast.expr) -> str:
        """The node's own text with what changes inside it; one line for an untouched child's layout is not forced."""
        children = [child for child in ast.iter_child_nodes(node) if isinstance(child, (ast.expr, ast.keyword))]
        text = self.module.segment(node)
        pieces: list[tuple[str, str]] = []
        for child in children:
            expression = child.value if isinstance(child, ast.keyword) else child
            old = self.module.segment(expression)
            new = self.text(expression)
            if new != old:
                pieces.append((old, new))
        at = 0
        for old, new in pieces:
            found = text.find(old, at)
            if found >= 0:
                text = text[:found] + new + text[found + len(old) :]
                at = found + len(new)
        return text

    def _call(self, node: ast.Call, edits: list[CallEdit]) -> str:
        func = next((edit.func for edit in edits if edit.func is not None), None) or self.text(node.func)
        wrap = next((edit.wrap for edit in edits if edit.wrap is not None), None)
        unwrap = next((edit.unwrap for edit in edits if edit.unwrap is not None), None)
        changes = {argument.index: argument for edit in edits for argument in edit.arguments}
        inner: list[str] = []
        outer: list[str] = []
        members: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
        for index, member in enumerate(members):
            change = changes.get(index)
            if change is not None and change.drop:
                continue
            keyword = member.arg if isinstance(member, ast.keyword) else None
            value = member.value if isinstance(member, ast.keyword) else member
            text = self.text(value)
            if change is not None:
                keyword = change.keyword or keyword
                text = filled(change.value, text) if change.value is not None else text
            if index == unwrap:
                return text
            written = filled(f"{keyword}={{}}", text) if keyword else text
            if isinstance(member, ast.keyword) and member.arg is None:
                written = f"**{text}"
            (outer if wrap is not None and index in wrap.outer else inner).append(written)
        for added in (added for edit in edits for added in edit.added):
            written = added.value
            if added.like is not None:
                member = members[added.like]
                written = filled(written, self.text(member.value if isinstance(member, ast.keyword) else member))
            inner.append(f"{added.keyword}={written}")
        call = f"{func}({', '.join(inner)})"
        return call if wrap is None else f"{wrap.func}({', '.join([call, *outer])})"
