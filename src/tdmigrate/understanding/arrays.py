"""Which variables hold NumPy arrays of floats with two axes or more, by how they are made.

The abstract run follows models; data is only looked at here, and only as far as plain NumPy calls tell.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from tdmigrate.records import NamedTuple
from tdmigrate.understanding.mentions import Parents
from tdmigrate.understanding.names import Names

_FLOATS = frozenset(("float", "float32", "float64", "floatx"))
_FILLED = frozenset(("empty", "ones", "zeros"))  # of a shape, floats unless a dtype is given
_SHAPED = frozenset(("random", "random_sample", "ranf"))  # of a shape
_SIZED = frozenset(("normal", "standard_normal", "uniform"))  # of a shape given as `size`
_SPREAD = frozenset(("rand", "randn"))  # of as many axes as arguments


class Array(NamedTuple):
    """What is known of an array."""

    rank: int | None = None
    floats: bool = False  # whether its dtype is known to be one of floats


_UNKNOWN = Array()


class Arrays:
    """What is known of expressions that may hold arrays."""

    def __init__(self, names: Names, parents: Parents, binders: Callable[[str], list[ast.AST]]) -> None:
        """``binders``: everything that may bind a name."""
        self._names = names
        self._parents = parents
        self._binders = binders
        self._open: set[ast.AST] = set()  # what is being looked at, for names that are made of themselves

    def of(self, node: ast.expr) -> Array:
        """What is known of an expression, whatever runs before it."""
        if isinstance(node, ast.Name):
            return self._of_name(node)
        if isinstance(node, ast.Subscript):
            return self._of_part(node)
        if isinstance(node, ast.BinOp):
            return self._of_sum(node)
        return self._of_call(node) if isinstance(node, ast.Call) else _UNKNOWN

    def _of_name(self, node: ast.Name) -> Array:
        scope = self._names.scope_of(node)
        binders = [one for one in self._binders(node.id) if self._names.scope_of(one) in (scope, "")]
        found = [self._bound(one) for one in binders]
        if not found:
            return _UNKNOWN
        ranks = {one.rank for one in found}
        return Array(ranks.pop() if len(ranks) == 1 else None, all(one.floats for one in found))

    def _bound(self, binder: ast.AST) -> Array:
        if binder in self._open:
            return _UNKNOWN
        self._open.add(binder)
        try:
            parent = self._parents.get(binder)
            if isinstance(parent, ast.Assign) and binder in parent.targets:
                return self.of(parent.value)
            above = self._parents.get(parent) if parent is not None else None
            if isinstance(parent, (ast.Tuple, ast.List)) and isinstance(above, ast.Assign):
                return self._unpacked(parent, parent.elts.index(binder), above.value)  # type: ignore[arg-type]
            return _UNKNOWN
        finally:
            self._open.discard(binder)

    def _unpacked(self, targets: ast.Tuple | ast.List, index: int, value: ast.expr) -> Array:
        """A member of several: of a display as long, or of what train_test_split gives."""
        if isinstance(value, (ast.Tuple, ast.List)) and len(value.elts) == len(targets.elts):
            return self.of(value.elts[index])
        if isinstance(value, ast.Call) and _called(value) == "train_test_split" and index // 2 < len(value.args):
            return self.of(value.args[index // 2])
        return _UNKNOWN

    def _of_part(self, node: ast.Subscript) -> Array:
        whole = self.of(node.value)
        parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if whole.rank is None:
            return Array(None, whole.floats)
        if all(isinstance(one, ast.Slice) or _is_new_axis(one) for one in parts):
            return Array(whole.rank + sum(map(_is_new_axis, parts)), whole.floats)
        by_index = len(parts) == 1 and isinstance(parts[0], ast.Name)  # np.eye(classes)[labels]
        is_eye = isinstance(node.value, ast.Call) and _called(node.value) in ("eye", "identity")
        return Array(whole.rank if by_index and is_eye else None, whole.floats)

    def _of_sum(self, node: ast.BinOp) -> Array:
        left, right = self.of(node.left), self.of(node.right)
        floats = left.floats or right.floats or any(map(_is_float, (node.left, node.right)))
        plain = [one for one, side in ((left, node.right), (right, node.left)) if isinstance(side, ast.Constant)]
        return Array(plain[0].rank if plain else None, floats)

    def _of_call(self, node: ast.Call) -> Array:
        name = _called(node)
        if name == "to_categorical" and self._is_keras_s(node.func):
            return Array(2, True)
        if not isinstance(node.func, ast.Attribute):
            return _UNKNOWN
        if not self._is_numpy_s(node.func):
            return self._of_method(node, node.func.value, name)
        floats = not any(one.arg in ("dtype", None) for one in node.keywords) and len(node.args) < 2
        if name in _SPREAD:
            return Array(len(node.args), True)
        if name in _FILLED | _SHAPED:
            return Array(_axes(node.args[:1]), floats)
        if name in _SIZED:
            return Array(_axes([one.value for one in node.keywords if one.arg == "size"]), True)
        if name in ("eye", "identity"):
            return Array(2, floats)
        if name == "reshape" and len(node.args) == 2:
            return Array(_axes(node.args[1:]), self.of(node.args[0]).floats)
        if name == "expand_dims" and node.args:
            whole = self.of(node.args[0])
            return Array(whole.rank + 1 if whole.rank is not None else None, whole.floats)
        return _UNKNOWN

    def _of_method(self, node: ast.Call, owner: ast.expr, name: str) -> Array:
        whole = self.of(owner)
        if name == "astype":
            return Array(whole.rank, any(map(_is_float_type, node.args[:1])))
        if name == "reshape":
            return Array(len(node.args) if len(node.args) > 1 else _axes(node.args), whole.floats)
        return whole if name == "copy" else _UNKNOWN

    def _is_keras_s(self, node: ast.expr) -> bool:
        symbol = self._names.resolve(node) if isinstance(node, (ast.Name, ast.Attribute)) else None
        return symbol is not None and symbol.path.endswith(".to_categorical")

    def _is_numpy_s(self, node: ast.Attribute) -> bool:
        """Whether a function is one of NumPy's, or of a random generator that NumPy makes."""
        root = node.value
        while isinstance(root, ast.Attribute):
            root = root.value
        if not isinstance(root, ast.Name):
            return False
        binders = self._binders(root.id)
        made = [self._parents.get(one) for one in binders]
        return bool(binders) and all(
            (isinstance(one, ast.alias) and one.name.partition(".")[0] == "numpy")
            or (
                isinstance(by, ast.Assign)
                and isinstance(by.value, ast.Call)
                and isinstance(by.value.func, ast.Attribute)
                and _called(by.value) in ("RandomState", "default_rng")
            )
            for one, by in zip(binders, made, strict=True)
        )


def _called(node: ast.Call) -> str:
    func = node.func
    return func.attr if isinstance(func, ast.Attribute) else func.id if isinstance(func, ast.Name) else ""


def _axes(shapes: list[ast.expr]) -> int | None:
    """How many axes a shape has that is written out."""
    if shapes and isinstance(shapes[0], ast.Constant):
        return 1
    return len(shapes[0].elts) if shapes and isinstance(shapes[0], (ast.Tuple, ast.List)) else None


def _is_new_axis(node: ast.expr) -> bool:
    return (isinstance(node, ast.Constant) and node.value is None) or (
        isinstance(node, ast.Attribute) and node.attr == "newaxis"
    )


def _is_float(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)


def _is_float_type(node: ast.expr) -> bool:
    return any(one in _FLOATS for one in _words(node))


def _words(node: ast.expr) -> Iterator[object]:
    """What names a dtype: 'float32', np.float32, float, K.floatx()."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.Name):
        yield node.id
    elif isinstance(node, ast.Attribute):
        yield node.attr
        yield node.attr.lower()  # theano.config.floatX
    elif isinstance(node, ast.Call):
        yield _called(node)
