"""Statements in the abstract run: assignment, branches, loops, definitions."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence

from tdmigrate.understanding.expressions import Expressions
from tdmigrate.understanding.facts import Binding, Symbol
from tdmigrate.understanding.imported import written
from tdmigrate.understanding.joins import join_all, join_values, one_of
from tdmigrate.understanding.machine import DEPTH, Exit, Loop
from tdmigrate.understanding.objects import MOST_TURNS
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.understanding.store import Delta
from tdmigrate.understanding.values import (
    CELLS,
    ClassValue,
    Const,
    DictCell,
    Elsewhere,
    Entry,
    Foreign,
    Frame,
    Func,
    Item,
    ListCell,
    OneOf,
    Ref,
    Stream,
    Sym,
    Value,
    alternatives,
    find,
    list_members,
)

# what decorators leave of a function that they are put on
KINDS = {
    "staticmethod": "static",
    "classmethod": "class",
    "property": "property",
    "abstractmethod": "plain",
    "wraps": "plain",
    "lru_cache": "plain",
}
ACCESSORS = ("setter", "getter", "deleter")  # of a property that is there already
MOST_ROUNDS = 10  # of a loop that is run until nothing changes
BLUR_FROM = 4  # round from which on what still changes becomes unknown


class Statements(Expressions):
    """What a statement does."""

    def execute(self, body: Sequence[ast.stmt]) -> None:
        for statement in body:
            if self.dead:
                return
            self.spend()
            if self.depth >= DEPTH:
                return
            self.depth += 1
            self.statement = statement
            try:
                method = EXECUTORS.get(type(statement))
                if method is not None:
                    method(self, statement)
            finally:
                self.depth -= 1

    # --- assignment

    def _expression(self, node: ast.Expr) -> None:
        self.evaluate(node.value)

    def _assign(self, node: ast.Assign) -> None:
        value = self.evaluate(node.value)
        for target in node.targets:
            self.assign(target, value, node.value)

    def _annotated(self, node: ast.AnnAssign) -> None:
        if node.value is not None:
            self.assign(node.target, self.evaluate(node.value), node.value)

    def assign(self, target: ast.expr, value: Value, source: ast.expr | None = None) -> None:
        if source is not None and self.by_default:
            self.keep_default(target, value, source)
        if isinstance(target, ast.Name):
            self.bind_name(target.id, value)
        elif isinstance(target, (ast.Tuple, ast.List)):
            self._unpack(target, value)
        elif isinstance(target, ast.Attribute):
            self._assign_attribute(target, value)
        elif isinstance(target, ast.Subscript):
            self._assign_member(target, value, source)
        elif isinstance(target, ast.Starred):
            self.assign(target.value, value)

    def _unpack(self, target: ast.Tuple | ast.List, value: Value) -> None:
        items = self.sequence(value)
        stars = [index for index, part in enumerate(target.elts) if isinstance(part, ast.Starred)]
        values: list[Value]
        if items is not None and not stars and len(items) == len(target.elts):
            values = [item.value for item in items]
        elif items is not None and len(stars) == 1 and len(items) >= len(target.elts) - 1:
            start, rest = stars[0], len(target.elts) - 1 - stars[0]
            middle = items[start : len(items) - rest]
            values = [item.value for item in items[:start]]
            values.append(self.allocate(target.elts[start], ListCell(tuple(Item(item.value) for item in middle))))
            values.extend(item.value for item in items[len(items) - rest :])
        else:
            members = self.items(value)
            either = join_values(members.first, members.rest) if isinstance(members, Stream) else UNKNOWN
            values = [either] * len(target.elts)
        for part, one in zip(target.elts, values, strict=True):
            self.assign(part, UNKNOWN if isinstance(part, ast.Starred) and items is None else one)

    def _assign_attribute(self, target: ast.Attribute, value: Value) -> None:
        owner = self.evaluate(target.value)
        self.note_attribute(target, owner)
        choices = alternatives(owner)
        for one in choices:
            if isinstance(one, Ref) and self.cell(one) is not None:
                key = (one.address, target.attr)
                present = self.store.get(key)
                if len(choices) > 1 and present is not None and not isinstance(present, CELLS):
                    self.store.put(key, join_values(present, value))
                else:
                    self.store.put(key, value)
            elif isinstance(one, ClassValue):
                self.store.put((one.frame.address, target.attr), value)
            elif isinstance(one, Elsewhere):
                self.store.put((self.place_elsewhere(one), target.attr), value)
                self.store_away(value)
            elif not isinstance(one, Const):
                self.store_away(value)

    def _assign_member(self, target: ast.Subscript, value: Value, source: ast.expr | None) -> None:
        owner = self.evaluate(target.value)
        index = UNKNOWN if isinstance(target.slice, ast.Slice) else self.constant(self.evaluate(target.slice))
        choices = alternatives(owner)
        for one in choices:
            cell = self.cell(one)
            if isinstance(one, Ref) and isinstance(cell, ListCell):
                self._put_item(one, cell, index, value, len(choices) == 1)
            elif isinstance(one, Ref) and isinstance(cell, DictCell):
                self._put_entry(one, cell, Entry(index, value, target.slice, source), len(choices) == 1)
            else:
                self.store_away(value)

    def _put_item(self, ref: Ref, cell: ListCell, index: object, value: Value, sure: bool) -> None:
        items = cell.items
        if items is not None and isinstance(index, int) and -len(items) <= index < len(items):
            present = list(items)
            present[index] = Item(value if sure else join_values(present[index].value, value))
            self.write(ref, ListCell(tuple(present)))
        else:
            self.write(ref, ListCell(None, join_all([*list_members(cell), value])))

    def _put_entry(self, ref: Ref, cell: DictCell, entry: Entry, sure: bool) -> None:
        if entry.key is UNKNOWN or isinstance(entry.key, (Symbol, list, tuple)):
            loose = tuple(Entry(e.key, join_values(e.value, entry.value)) for e in cell.entries)
            self.write(ref, DictCell(loose, True))
            self.store_away(entry.value)
            return
        known = find(cell, entry.key)
        if not sure:
            entry = Entry(entry.key, join_values(entry.value, known.value if known is not None else UNKNOWN))
        others = tuple(e for e in cell.entries if e is not known)
        self.write(ref, DictCell((*others, entry), cell.open or not sure))

    def _augmented(self, node: ast.AugAssign) -> None:
        target = node.target
        present = self.evaluate(target)
        value = self.evaluate(node.value)
        cell = self.cell(present)
        if isinstance(present, Ref) and isinstance(cell, ListCell) and isinstance(node.op, ast.Add):
            more = self.sequence(value)
            if cell.items is not None and more is not None:
                self.write(present, ListCell((*cell.items, *(Item(item.value) for item in more))))
            else:
                members = self.items(value)
                added = [members.first, members.rest] if isinstance(members, Stream) else list(members)
                self.write(present, ListCell(None, join_all([*list_members(cell), *added])))
            return
        self.assign(target, self.binary(type(node.op), present, value, node))

    def _delete(self, node: ast.Delete) -> None:
        for target in node.targets:
            if isinstance(target, ast.Subscript):
                self.hand_over(self.evaluate(target.value))
            else:
                self.assign(target, UNKNOWN)

    # --- branches

    def _if(self, node: ast.If) -> None:
        # a long chain of elif is a deep tree: walk it in a loop
        branches: list[tuple[Delta, bool]] = []
        current: ast.If | None = node
        rest: Sequence[ast.stmt] = ()
        while current is not None:
            self.spend()
            known = self.truth(self.evaluate(current.test))
            body = current.body
            if known is False:
                self.run_aside(lambda body=body: self.execute(body))  # type: ignore[misc]
            else:
                narrowed = self._narrowed(current.test, True) if known is None else None
                branches.append(self.branch(lambda body=body, n=narrowed: self._execute_narrowed(body, n)))  # type: ignore[misc]
            rest = current.orelse
            if known is True:
                self.run_aside(lambda rest=rest: self.execute(rest))  # type: ignore[misc]
                self.join_branches(branches)
                return
            follows = len(rest) == 1 and isinstance(rest[0], ast.If)
            left = self._narrowed(current.test, False) if known is None else None
            if left is not None and not follows:
                branches.append(self.branch(lambda rest=rest, n=left: self._execute_narrowed(rest, n)))  # type: ignore[misc]
                self.join_branches(branches)
                return
            current = rest[0] if len(rest) == 1 and isinstance(rest[0], ast.If) else None
        branches.append(self.branch(lambda: self.execute(rest)))
        self.join_branches(branches)

    def _execute_narrowed(self, body: Sequence[ast.stmt], narrowed: tuple[str, Value] | None) -> None:
        if narrowed is not None:
            self.bind_name(*narrowed)
        self.execute(body)

    def _narrowed(self, test: ast.expr, outcome: bool) -> tuple[str, Value] | None:
        """What a variable can still be where ``if x``, ``if not x``, ``if x is None`` came out so."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            return self._narrowed(test.operand, not outcome)
        name: ast.expr = test
        wanted: Callable[[Value], bool | None] = self.truth
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            right = test.comparators[0]
            if not isinstance(right, ast.Constant) or right.value is not None:
                return None
            if isinstance(test.ops[0], (ast.IsNot, ast.NotEq)):
                outcome = not outcome
            elif not isinstance(test.ops[0], (ast.Is, ast.Eq)):
                return None
            name, wanted = test.left, self._is_none
        if not isinstance(name, ast.Name) or self.symbol(name) is not None:
            return None
        value = self.lookup(name.id)
        if not isinstance(value, OneOf):
            return None
        kept = [one for one in value.values if wanted(one) in (outcome, None)]
        return (name.id, one_of(kept)) if kept and len(kept) < len(value.values) else None

    @staticmethod
    def _is_none(value: Value) -> bool | None:
        if isinstance(value, Const):
            return value.value is None
        return None if value is UNKNOWN else False

    def _match(self, node: ast.Match) -> None:
        self.evaluate(node.subject)
        branches = [self.branch(lambda: None)]
        for case in node.cases:
            branches.append(self.branch(lambda case=case: self._case(case)))  # type: ignore[misc]
        self.join_branches(branches)

    def _case(self, case: ast.match_case) -> None:
        for part in ast.walk(case.pattern):
            name = getattr(part, "name", None) or getattr(part, "rest", None)
            if isinstance(name, str):
                self.bind_name(name, UNKNOWN)
        if case.guard is not None:
            self.evaluate(case.guard)
        self.execute(case.body)

    def _try(self, node: ast.Try) -> None:
        # a handler may begin after any step of the body
        trace = self.store.trace()
        body = self.branch(lambda: self.execute(node.body))
        self.store.untrace()
        after = self._within(body, lambda: self.execute(node.orelse))
        branches = [after]
        for handler in node.handlers:
            branches.append(self.branch(lambda handler=handler: self._handler(handler, trace)))  # type: ignore[misc]
        if node.finalbody:
            # it also runs on the way out of a step that failed
            self.branch(lambda: self._failing(trace, node.finalbody))
        self.join_branches(branches)
        if node.finalbody:
            dead, self.dead = self.dead, False
            self.execute(node.finalbody)
            self.dead = self.dead or dead

    def _within(self, before: tuple[Delta, bool], run: Callable[[], None]) -> tuple[Delta, bool]:
        """Go on from the end of a branch."""
        if not before[1]:
            return before

        def both() -> None:
            self.store.merge([before[0]])
            run()

        return self.branch(both)

    def _failing(self, trace: Delta, body: Sequence[ast.stmt]) -> None:
        self.store.cover([trace])
        self.execute(body)

    def _handler(self, handler: ast.ExceptHandler, trace: Delta) -> None:
        self.store.cover([trace])
        if handler.type is not None:
            self.evaluate(handler.type)
        if handler.name:
            self.bind_name(handler.name, UNKNOWN)
        self.execute(handler.body)

    def _with(self, node: ast.With | ast.AsyncWith) -> None:
        for item in node.items:
            value = self.evaluate(item.context_expr)
            if item.optional_vars is not None:
                known = isinstance(value, Ref)
                self.assign(item.optional_vars, UNKNOWN if not known else join_values(value, UNKNOWN))
        self.execute(node.body)

    # --- loops

    def _loop(self, run: Callable[[Loop], None], orelse: Sequence[ast.stmt]) -> None:
        """A loop with its ``else``, which runs unless it was left by ``break``."""
        loop = Loop(self.store.level)
        saved = self.context
        normal = self.branch(lambda: run(loop))
        self.context = saved
        if orelse:
            normal = self._within(normal, lambda: self.execute(orelse))
        self.join_branches([normal, *((delta, True) for delta in loop.breaks)])

    def _for(self, node: ast.For | ast.AsyncFor) -> None:
        choices = alternatives(self.evaluate(node.iter))
        if len(choices) == 1:
            self._for_each(node, choices[0])
        else:
            self.join_branches([self.branch(lambda one=one: self._for_each(node, one)) for one in choices])  # type: ignore[misc]

    def _for_each(self, node: ast.For | ast.AsyncFor, source: Value) -> None:
        members = self.items(source)
        if isinstance(members, Stream):
            self._loop(lambda loop: self._run_stream(node, source, members, loop), node.orelse)
        else:
            self._loop(lambda loop: self._run_members(node, source, members, loop), node.orelse)

    def _run_members(
        self, node: ast.For | ast.AsyncFor, source: Value, members: Sequence[Value], loop: Loop
    ) -> None:
        saved = self.context
        index = 0
        while index < len(members):
            member = members[index]
            self._enter_turn(node, saved, index)
            self._turn(loop, node.body, lambda member=member: self.assign(node.target, member))  # type: ignore[misc]
            if self.dead:
                return
            index += 1
            if isinstance(source, Ref):  # a list that the body may change
                present = self.items(source)
                if isinstance(present, Stream):
                    self._enter_turn(node, saved, "rest")
                    self._repeat_members(node, source, present, loop)
                    return
                members = present

    def _repeat_members(self, node: ast.For | ast.AsyncFor, source: Value, members: Stream, loop: Loop) -> None:
        self._repeat(loop, node.body, lambda: self.assign(node.target, self._later(source, members)))

    def _later(self, source: Value, members: Stream) -> Value:
        """Any member but the first of what a loop runs over, as it is now."""
        if not isinstance(source, Ref):
            return members.rest
        present = self.items(source)
        if isinstance(present, Stream):
            return join_all([members.rest, present.first, present.rest])
        return join_all([members.rest, *present])

    def _enter_turn(self, node: ast.stmt, context: int, index: object) -> None:
        """Each turn that is run by itself is a place of its own."""
        self.context = context
        self.context = self.intern(node, index)

    def _turn(self, loop: Loop, body: Sequence[ast.stmt], before: Callable[[], object]) -> None:
        """One turn; after it the state is that of its end or of a ``continue``."""
        loop.continues, loop.turn = [], self.store.level
        self.activation.loops.append(loop)

        def turn() -> None:
            before()
            self.execute(body)

        ending = self.branch(turn)
        self.activation.loops.pop()
        self.join_branches([ending, *((delta, True) for delta in loop.continues)])

    def _run_stream(self, node: ast.For | ast.AsyncFor, source: Value, members: Stream, loop: Loop) -> None:
        saved = self.context

        def whole() -> None:
            self._enter_turn(node, saved, 0)
            self._turn(loop, node.body, lambda: self.assign(node.target, members.first))
            if not self.dead:
                self._enter_turn(node, saved, "rest")
                self._repeat_members(node, source, members, loop)

        if members.filled:
            whole()
        else:
            self.join_branches([self.branch(lambda: None), self.branch(whole)])

    def _repeat(self, loop: Loop, body: Sequence[ast.stmt], before: Callable[[], object]) -> None:
        """Run a body until another turn changes nothing: the state then covers any number of turns, none included."""
        for turn in range(MOST_ROUNDS):
            loop.continues, loop.turn = [], self.store.level
            self.activation.loops.append(loop)
            self.store.push()
            before()
            self.execute(body)
            self.activation.loops.pop()
            ended, self.dead = not self.dead, False
            ends = [*loop.continues, *([self.store.above(loop.turn)] if ended else [])]
            self.store.pop()
            if not self.store.cover(ends, blur=turn >= BLUR_FROM):
                return
        self.budget = -1  # it never settles: nothing that was seen holds
        self.spend()

    def _while(self, node: ast.While) -> None:
        self._loop(lambda loop: self._run_while(node, loop), node.orelse)

    def _run_while(self, node: ast.While, loop: Loop) -> None:
        saved = self.context
        endless = isinstance(node.test, ast.Constant) and bool(node.test.value)
        for turn in range(MOST_TURNS + 1):
            known = self.truth(self.evaluate(node.test))
            if known is False:
                if turn == 0:
                    self.run_aside(lambda: self.execute(node.body))
                return
            if known is None or endless or turn == MOST_TURNS:
                self._enter_turn(node, saved, "rest")
                self._repeat(loop, node.body, lambda: self.evaluate(node.test))
                self.dead = endless
                return
            self._enter_turn(node, saved, turn)
            self._turn(loop, node.body, lambda: None)
            if self.dead:
                return

    def _break(self, node: ast.Break) -> None:
        if self.activation.loops:
            loop = self.activation.loops[-1]
            loop.breaks.append(self.store.above(loop.level))
        self.dead = True

    def _continue(self, node: ast.Continue) -> None:
        if self.activation.loops:
            loop = self.activation.loops[-1]
            loop.continues.append(self.store.above(loop.turn))
        self.dead = True

    def _return(self, node: ast.Return) -> None:
        value = self.evaluate(node.value) if node.value is not None else Const(None)
        activation = self.activation
        if activation.function is not None:
            activation.exits.append(Exit(value, self.store.above(activation.level)))
        self.dead = True

    def _raise(self, node: ast.Raise) -> None:
        for part in (node.exc, node.cause):
            if part is not None:
                self.evaluate(part)
        self.dead = True

    def _assert(self, node: ast.Assert) -> None:
        self.evaluate(node.test)
        narrowed = self._narrowed(node.test, True)
        if narrowed is not None:
            self.bind_name(*narrowed)

    # --- definitions

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        kind = "plain"
        for decorator in node.decorator_list:
            self.evaluate(decorator)
            called = decorator.func if isinstance(decorator, ast.Call) else decorator
            name = called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")
            if name in ACCESSORS:
                return
            kind = KINDS.get(name, "opaque") if kind != "opaque" else kind
        function = Func(node, self.frame, self.defaults(node.args), kind, self.owner)
        self.bind_name(node.name, function)
        self.born.append(function)

    def _class(self, node: ast.ClassDef) -> None:
        bases = tuple(self.evaluate(base) for base in node.bases if not isinstance(base, ast.Starred))
        for keyword in node.keywords:
            self.evaluate(keyword.value)
        for decorator in node.decorator_list:
            self.evaluate(decorator)
        address = self.intern(node, "class")
        frame = Frame(address, "class", frozenset(), frozenset(), self.frame)
        value = ClassValue(node, frame, bases)
        saved = (self.frame, self.owner)
        self.frame, self.owner = frame, value
        already = len(self.born)
        self.execute(node.body)
        # methods are run with the class
        self.born[already:] = [one for one in self.born[already:] if not (isinstance(one, Func) and one.owner is value)]
        self.frame, self.owner = saved
        self.bind_name(node.name, value)
        self.born.append(value)

    # --- imports

    def _import(self, node: ast.Import) -> None:
        for index, alias in enumerate(node.names):
            binding = self._binding(node, index)
            root = alias.name.partition(".")[0]
            if binding is not None:
                path = binding.path if alias.asname else root
                self.bind_name(alias.asname or root, Sym(Symbol(path, binding)))
            else:
                self.bind_name(alias.asname or root, self._imported(alias, root))

    def _imported(self, alias: ast.alias, root: str) -> Value:
        """The module that ``import`` binds, where it is of the project with what it leads to."""
        if alias.asname is not None:
            return self.modules.find(alias.name) or Foreign(alias.name)
        present = self.lookup(root)
        return self.modules.package(alias.name, present) or Foreign(root)

    def _import_from(self, node: ast.ImportFrom) -> None:
        for index, alias in enumerate(node.names):
            binding = self._binding(node, index)
            if alias.name == "*":
                if binding is None:
                    self._star_import(node)
                continue
            local = alias.asname or alias.name
            if binding is not None:
                self.bind_name(local, Sym(Symbol(binding.path, binding)))
            else:
                found = self.modules.member(node, alias.name)
                if found is None:
                    found = Foreign(f"{'.' * node.level}{node.module or ''}.{alias.name}")
                self.bind_name(local, self._standing_elsewhere(found, node, alias.name))

    def _standing_elsewhere(self, value: Value, node: ast.ImportFrom, name: str) -> Value:
        """A variable of another module: the same objects wherever it is imported."""
        home = self.modules.find(written(node))
        path = home.path if home is not None else ""
        return self.made_elsewhere(value, (0, self.module.tree, (path, name)), anew=False)

    def _binding(self, node: ast.Import | ast.ImportFrom, index: int) -> Binding | None:
        if self._bindings is None:
            self._bindings = {(binding.statement, binding.index): binding for binding in self.names.bindings}
        return self._bindings.get((node, index))

    def _star_import(self, node: ast.ImportFrom) -> None:
        """Any variable so far may be another one now; of a module of the project, some names are known."""
        for key in self.store.keys_of(self.frame.address):
            content = self.store.get(key)
            if key[1] and content is not None and not isinstance(content, (*CELLS, Sym, Foreign)):
                self.store.put(key, join_values(content, UNKNOWN))
        home = self.modules.find(written(node))
        for name, value in home.attributes if home is not None else ():
            if not name.startswith("_"):
                self.bind_name(name, self._standing_elsewhere(value, node, name))


EXECUTORS: Mapping[type, Callable[..., None]] = {
    ast.Expr: Statements._expression,
    ast.Assign: Statements._assign,
    ast.AnnAssign: Statements._annotated,
    ast.AugAssign: Statements._augmented,
    ast.Delete: Statements._delete,
    ast.If: Statements._if,
    ast.Match: Statements._match,
    ast.Try: Statements._try,
    ast.With: Statements._with,
    ast.AsyncWith: Statements._with,
    ast.For: Statements._for,
    ast.AsyncFor: Statements._for,
    ast.While: Statements._while,
    ast.Break: Statements._break,
    ast.Continue: Statements._continue,
    ast.Return: Statements._return,
    ast.Raise: Statements._raise,
    ast.Assert: Statements._assert,
    ast.FunctionDef: Statements._function,
    ast.AsyncFunctionDef: Statements._function,
    ast.ClassDef: Statements._class,
    ast.Import: Statements._import,
    ast.ImportFrom: Statements._import_from,
    **({ast.TryStar: Statements._try} if hasattr(ast, "TryStar") else {}),
}
