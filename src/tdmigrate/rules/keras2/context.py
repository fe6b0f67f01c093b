"""What rules are handed of a source for Keras 2."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping
from functools import cached_property

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Function
from tdmigrate.keras1.versions import ALL
from tdmigrate.keras2 import registry
from tdmigrate.rules.context import COMPAT, CheckSettings, Context, Spelled
from tdmigrate.understanding.era import Era
from tdmigrate.understanding.facts import Binding, Facts, Symbol
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names
from tdmigrate.understanding.paths import below

# what rules for Keras 1 find of Keras 2 as well is reported under codes of its own
CODES: Mapping[str, str] = {
    "K101": "K120", "K102": "K121", "K103": "K121",
    "K201": "K230", "K202": "K230", "K203": "K231", "K205": "K232", "K206": "K233", "K207": "K234",
    "K303": "K330", "K304": "K330", "K305": "K331", "K306": "K332", "K313": "K333", "K314": "K334", "K325": "K335",
    "K401": "K430", "K402": "K430", "K403": "K431", "K404": "K432",
    "K501": "K530", "K502": "K531", "K503": "K532", "K504": "K531",
    "K601": "K630", "K602": "K630", "K603": "K631", "K604": "K631",
}  # fmt: skip

_TENSORFLOW = "tensorflow"
_LATER = ("keras.distribution", "keras.dtype_policies", "keras.ops", "keras.random", "keras.tree")
# keys of logs, and file names that are made of these
_OLD_KEY = re.compile(r"^(val_)?acc$|\{(val_)?acc[:}]")
_NEW_KEY = re.compile(r"^val_accuracy$|\{(val_)?accuracy[:}]")

# of a source for Keras 2 the release is not concluded, nor does it change where images have their channels
_ERA = Era(ALL, ALL, "tensorflow", False, None, (), (), "tf", False)


def through_tensorflow(binding: Binding) -> bool:
    """Whether an import takes Keras from TensorFlow."""
    statement = binding.statement
    if isinstance(statement, ast.ImportFrom):
        return (statement.module or "").partition(".")[0] == _TENSORFLOW
    return statement.names[binding.index].name.partition(".")[0] == _TENSORFLOW


class Keras2(Context):
    """One module for Keras 2. ``prefix``: "tensorflow." where all of its Keras comes from TensorFlow."""

    def __init__(
        self,
        module: Module,
        names: Names,
        facts: Facts,
        settings: CheckSettings,
        silenced: dict[int, frozenset[str]],
    ) -> None:
        super().__init__(module, names, facts, _ERA, settings, silenced)
        keras = [one for one in facts.bindings if facts.uses.get(one) or one.path != _TENSORFLOW]
        self.prefix = f"{_TENSORFLOW}." if keras and all(map(through_tensorflow, keras)) else ""

    def code(self, code: str) -> str:
        return CODES.get(code, code)

    @cached_property
    def is_modern(self) -> bool:
        """Whether something is of Keras 3 alone, so that what Keras 2 and 3 both have means what it means in 3."""
        return any(below(one.path, later) for one in self.facts.bindings for later in _LATER)

    def is_lasting(self, symbol: Symbol) -> bool:
        if self.is_modern and registry.is_otherwise(symbol.path):
            return True
        return registry.is_lasting(symbol.path, through_tensorflow(symbol.binding))

    def new_path(self, path: str) -> str | None:
        return registry.new_path(path, bool(self.prefix))

    @cached_property
    def _stars(self) -> frozenset[str]:
        top = set(self.module.tree.body)
        stars = [one.path for one in self.facts.bindings if one.local == "*" and one.statement in top]
        return frozenset(home for path in stars for home in (registry.homes(path)[:1] or (path,)))

    @cached_property
    def reads_acc(self) -> bool:
        """Whether the source reads accuracies from logs by the name that Keras 2.0–2.2 gave them, and by no other."""
        texts = [
            node.value
            for node in self.module.nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        ]
        return any(map(_OLD_KEY.search, texts)) and not any(map(_NEW_KEY.search, texts))

    def variants(self, symbol: Symbol) -> tuple[Function, ...]:
        """The entries of what is called; none where Keras 3 has it as it was."""
        found = registry.variants(symbol.path)
        own = found and found[0].keras3 is not None and found[0].keras3.path in found[0].paths
        return found if own or not self.is_lasting(symbol) else ()

    def name(self, path: str, free: bool = False) -> Spelled:
        spelled = super().name(path, free)
        return spelled._replace(imports=tuple(map(self._prefixed, spelled.imports)))

    def home(self, module: str) -> str:
        """A module of Keras 3 as this source imports it."""
        return f"{self.prefix}{module}" if module.partition(".")[0] == "keras" else module

    def _prefixed(self, wanted: Import) -> Import:
        return wanted._replace(module=self.home(wanted.module))

    def spell(self, node: ast.expr, symbol: Symbol, path: str) -> Spelled:
        root = node
        while isinstance(root, ast.Attribute):
            root = root.value
        if isinstance(node, ast.Name) or not isinstance(root, ast.Name) or path.startswith(COMPAT):
            return super().spell(node, symbol, path)
        home, text = self._root(symbol.binding, root.id)
        if home is not None and path.startswith(f"{home}.") and root.id == symbol.binding.local:
            return Spelled(f"{text}{path[len(home) :]}", (), path)
        return self.name(path)

    def _root(self, binding: Binding, local: str) -> tuple[str | None, str]:
        """The module of Keras 3 that an import's name stands for once that is mended, and how it is reached."""
        if local == _TENSORFLOW or binding.path == _TENSORFLOW:
            return "keras", f"{local}.keras"
        if isinstance(binding.statement, ast.Import) and binding.statement.names[binding.index].asname is None:
            return "keras", local
        return self.new_path(binding.path), local
