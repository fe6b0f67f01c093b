"""Pieces of a library with what they need, cut out of its source."""

from __future__ import annotations

import ast
import builtins
import symtable
from collections.abc import Iterator, Mapping
from types import ModuleType

import keras
import pytest

from tdmigrate.findings import Import
from tdmigrate.keras1 import registry
from tdmigrate.vendoring.library import Library, LibraryError, library

ROOT = "tdmigrate.compat"


def cut(sources: dict[str, str], *pieces: str) -> str:
    """The pieces as one source; "" is the library's root, other keys are below it."""
    full = {f"{ROOT}.{name}".rstrip("."): text for name, text in sources.items()}
    made = Library(full).cut(pieces)
    return "\n".join([*(line for group in made.imports for line in group), *made.statements]) + "\n"


def run(text: str) -> dict[str, object]:
    namespace: dict[str, object] = {}
    exec(compile(text, "<cut>", "exec"), namespace)
    return namespace


def test_what_a_piece_needs_comes_before_it_and_nothing_else_comes() -> None:
    text = cut(
        {
            "": "import os\nimport math as m\nfrom json import dumps, loads\n\nLIMIT = 3\nOTHER = 4\n\n"
            "def _half(x):\n    return m.floor(x / 2)\n\ndef other():\n    return os\n\n"
            "def piece(x):\n    other = LIMIT\n    return dumps(_half(x) + other)\n"
        },
        "piece",
    )
    assert text == (
        "import math as m\nfrom json import dumps\nLIMIT = 3\ndef _half(x):\n    return m.floor(x / 2)\n"
        "def piece(x):\n    other = LIMIT\n    return dumps(_half(x) + other)\n"
    )


def test_decorators_comments_annotations_and_what_changes_a_piece_come_along() -> None:
    text = cut(
        {
            "": "from __future__ import annotations\nfrom typing import Any\nTensor = Any\nTABLE = {}\n\n"
            "def mark(f):\n    return f\n\n# a word\n# and another\n@mark\ndef piece(x: Tensor) -> Tensor:  # here\n"
            "    return TABLE[x]\n\n# why\npiece.__name__ = 'other'\nTABLE['a'] = 1\nTABLE.update(b=2)\n\n"
            "def left_out():\n    pass\n\nleft_out.x = 1\n"
        },
        "piece",
    )
    assert "# a word\n# and another\n@mark\ndef piece(x: Tensor) -> Tensor:  # here\n" in text
    assert "# why\npiece.__name__ = 'other'\n" in text
    assert "Tensor = Any\n" in text
    assert "left_out" not in text
    namespace = run("from __future__ import annotations\n" + text)
    assert namespace["TABLE"] == {"a": 1, "b": 2}


def test_modules_of_a_package_that_import_from_each_other() -> None:
    sources = {
        "": "from .layers import Layer as Layer\nfrom tdmigrate.compat.functions import *\n__all__ = ['Layer', 'f']\n",
        "base": "def register(x):\n    return x\n",
        "functions": "from tdmigrate.compat.base import register as keep\n__all__ = ['f']\n\n@keep\n"
        "def f():\n    return 1\n",
        "layers": "from .base import register\nfrom . import functions\nfrom .functions import f as one\n\n@register\n"
        "class Layer:\n    def call(self):\n        return one()\n",
    }
    text = cut(sources, "Layer")
    assert "tdmigrate" not in text
    made = run(text)["Layer"]
    assert made().call() == 1  # type: ignore[operator]
    assert "class Layer" not in cut(sources, "f")
    assert Library({f"{ROOT}.{n}".rstrip("."): t for n, t in sources.items()}).pieces == {"Layer", "f"}


def test_what_a_root_without_a_plain_list_hands_on() -> None:
    sources = {
        "": "from . import layers\nfrom .layers import Layer, _hidden\n__all__ = [*layers.__all__]\n",
        "layers": "__all__ = ['Layer']\nclass Layer:\n    pass\n_hidden = 1\n",
    }
    assert cut(sources, "Layer") == "class Layer:\n    pass\n"
    with pytest.raises(LibraryError, match="has no _hidden"):
        cut(sources, "_hidden")


def test_what_two_modules_make_in_the_same_words_is_made_once() -> None:
    sources = {
        "": "from .a import f\nfrom .b import g\n",
        "a": "T = 1\ndef f():\n    return T\n",
        "b": "T = 1\ndef g():\n    return T\n",
    }
    assert cut({**sources, "": "from .a import *\nfrom .b import *\n"}, "f", "g").count("T = 1") == 1


@pytest.mark.parametrize(
    ("sources", "words"),
    [
        ({"": "def other():\n    pass\n"}, "has no piece"),
        ({"": "from .a import *\nfrom .b import *\n", "a": "T = 1\ndef piece():\n    return T, g\nfrom .b import g\n",
          "b": "T = 2\ndef g():\n    return T\n"}, "T is two things"),
        ({"": "from . import a\ndef piece():\n    return a.f()\n", "a": "def f():\n    pass\n"}, "one by one"),
        ({"": "from tdmigrate.names import x\ndef piece():\n    return x\n"}, "needs tdmigrate.names"),
        ({"": "def piece():\n    from tdmigrate.json import dumps\n    return dumps\n"}, "stands inside"),
        ({"": "from .a import *\nimport json as j\ndef piece():\n    return j, g\n",
          "a": "import ast as j\ndef g():\n    return j\n"},
         "j is two things"),
    ],
)  # fmt: skip
def test_what_cannot_stand_alone(sources: dict[str, str], words: str) -> None:
    with pytest.raises(LibraryError, match=words):
        cut(sources, "piece")


def test_a_root_that_looks_its_names_up_at_run_time() -> None:
    sources = {
        "": "import importlib\n__all__ = ['f']\ndef __getattr__(name):\n    return importlib.import_module(name)\n",
        "a": "def f():\n    return g()\ndef g():\n    return 1\n",
        "b": "def g():\n    return 2\n",
    }
    assert cut(sources, "f") == "def f():\n    return g()\ndef g():\n    return 1\n"
    with pytest.raises(LibraryError, match="more than one g"):
        cut(sources, "g")


def named(thing: object) -> Iterator[str]:
    """What of compat an entry names, anywhere in it."""
    if isinstance(thing, Import):
        if thing.module.startswith(ROOT) and thing.name is not None:
            yield thing.name
    elif isinstance(thing, str):
        if thing.startswith(f"{ROOT}.") and thing.replace(".", "").replace("_", "").isalnum():
            yield thing.rpartition(".")[2]
    elif isinstance(thing, Mapping):
        for one in thing.values():
            yield from named(one)
    elif isinstance(thing, (tuple, list)):
        for one in thing:
            yield from named(one)


def test_whatever_an_entry_names_can_be_had() -> None:
    wanted = {name for entry in registry.all_entries() for name in named(entry)}
    assert "hard_sigmoid" in wanted
    for name in sorted(wanted):
        assert library().cut([name]).statements


def globals_of(table: symtable.SymbolTable) -> Iterator[str]:
    yield from (one.get_name() for one in table.get_symbols() if one.is_global() or table.get_type() == "module")
    for child in table.get_children():
        yield from globals_of(child)


@pytest.fixture
def registered() -> Iterator[None]:
    """What is registered for saving is that of tdmigrate.compat again afterwards."""
    known = keras.saving.get_custom_objects()
    before = dict(known)
    yield
    known.update(before)


@pytest.mark.usefixtures("registered")
@pytest.mark.parametrize("piece", sorted(library().pieces))
def test_every_piece_of_compat_stands_alone(piece: str) -> None:
    made = library().cut([piece])
    body = "\n".join([*(line for group in made.imports for line in group), *made.statements])
    text = f"from __future__ import annotations\n{body}\n"
    module = ModuleType("standing_alone")
    exec(compile(text, "<cut>", "exec"), vars(module))
    assert hasattr(module, piece)
    unknown = set(globals_of(symtable.symtable(text, "<cut>", "exec"))) - set(vars(module)) - set(vars(builtins))
    assert unknown <= {"annotations"}
    imports = [node for node in ast.walk(ast.parse(text)) if isinstance(node, (ast.Import, ast.ImportFrom))]
    assert not [node for node in imports if "tdmigrate" in ast.unparse(node)]


@pytest.mark.usefixtures("registered")
def test_all_pieces_together_stand() -> None:
    made = library().cut(library().pieces)
    body = "\n".join([*(line for group in made.imports for line in group), *made.statements])
    module = ModuleType("standing_together")
    exec(compile(f"from __future__ import annotations\n{body}\n", "<cut>", "exec"), vars(module))
    assert library().pieces <= set(vars(module))
