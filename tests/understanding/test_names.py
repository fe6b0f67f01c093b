from __future__ import annotations

import ast
import re
import time
from pathlib import Path
from textwrap import dedent, indent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tdmigrate.keras1.versions import ALL
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

TDD = "keras.layers.core.TimeDistributedDense"
SHORT = "keras.layers.TimeDistributedDense"


def names_of(text: str, path: str = "<string>") -> Names:
    return Names(Module(dedent(text), path), ALL)


def used(text: str, path: str = "<string>") -> list[str | None]:
    """The path of the argument of each ``use(…)``, in order of place."""
    module = Module(dedent(text), path)
    names = Names(module, ALL)
    calls = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "use"
    ]
    symbols = [names.resolve(call.args[0]) for call in sorted(calls, key=lambda c: (c.lineno, c.col_offset))]
    return [symbol.path if symbol is not None else None for symbol in symbols]


def shown(nodes: tuple[ast.expr, ...]) -> list[str]:
    return [f"{node.lineno}: {ast.unparse(node)}" for node in nodes]


@pytest.mark.parametrize(
    ("imports", "expression", "path"),
    [
        ("from keras.layers.core import TimeDistributedDense", "TimeDistributedDense", TDD),
        ("from keras.layers import TimeDistributedDense", "TimeDistributedDense", SHORT),
        ("from keras.layers.core import TimeDistributedDense as T", "T", TDD),
        ("from keras.layers.core import TimeDistributedDense as T", "TimeDistributedDense", None),
        ("import keras", "keras", "keras"),
        ("import keras", "keras.layers.core.TimeDistributedDense", TDD),
        ("import keras as k", "k.layers.core.TimeDistributedDense", TDD),
        ("import keras as k", "keras.layers", None),
        ("import keras.layers.core", "keras.layers.core.TimeDistributedDense", TDD),
        ("import keras.layers.core", "keras.models.Sequential", "keras.models.Sequential"),
        ("import keras.layers.core as core", "core.TimeDistributedDense", TDD),
        ("import keras.layers.core as core", "keras", None),
        ("from keras.layers import core", "core.TimeDistributedDense", TDD),
        ("from keras import layers as L", "L.core.TimeDistributedDense", TDD),
        ("from keras import backend as K", "K.function", "keras.backend.function"),
        ("from keras.layers.core import (Dense,\n    TimeDistributedDense)", "TimeDistributedDense", TDD),
        ("import numpy, keras.layers.core as c", "c.TimeDistributedDense", TDD),
        ("from keras.layers.core import *", "TimeDistributedDense", TDD),
        ("from keras.layers.core import *", "NoSuchName", None),
        ("from keras.somewhere import Thing", "Thing", "keras.somewhere.Thing"),
        ("from keras.layers import core", "getattr(core, 'TimeDistributedDense')", TDD),
        ("from keras.layers import core", "getattr(core, 'TimeDistributedDense', None)", TDD),
        ("from keras.layers import core", "getattr(core, 'TimeDistributedDense', Own)", None),
        ("from keras.layers import core", "getattr(core, name)", None),
        ("import keras", "getattr(keras.layers, 'core').TimeDistributedDense", TDD),
        ("from keras.layers import core", "core.TimeDistributedDense(3).output", None),
        # not Keras 1
        ("import tensorflow as tf", "tf.keras.layers.TimeDistributedDense", None),
        ("from tensorflow import keras", "keras.layers.core.TimeDistributedDense", None),
        ("import tensorflow.keras as keras", "keras.layers.core.TimeDistributedDense", None),
        ("from tensorflow.keras.layers import TimeDistributedDense", "TimeDistributedDense", None),
        ("from ..layers.core import TimeDistributedDense", "TimeDistributedDense", None),
        ("from .keras.layers import TimeDistributedDense", "TimeDistributedDense", None),
        ("from . import keras", "keras.layers.core.TimeDistributedDense", None),
        ("from keras_extra.layers import TimeDistributedDense", "TimeDistributedDense", None),
        ("import kerastools", "kerastools.layers", None),
        ("import layers as L\nfrom keras.layers.core import TimeDistributedDense", "L.TimeDistributedDense", None),
        ("from keras.layers.core import TimeDistributedDense", "TimeDistributedDense2", None),
        ("from keras.layers.core import TimeDistributedDense", "test_TimeDistributedDense", None),
        ("from keras.layers.core import TimeDistributedDense", "self.TimeDistributedDense", None),
        ("from keras.layers.core import TimeDistributedDense", "'TimeDistributedDense'", None),
        ("", "TimeDistributedDense", None),
    ],
)
def test_import_forms(imports: str, expression: str, path: str | None) -> None:
    assert used(f"{imports}\nuse({expression})\n") == [path]


@pytest.mark.parametrize(
    ("alias", "expression", "path"),
    [
        ("T = TimeDistributedDense", "T", TDD),
        ("T = U = TimeDistributedDense", "T", TDD),
        ("T = TimeDistributedDense\nU = T\nV = U", "V", TDD),
        ("A, T = LSTM, TimeDistributedDense", "T", TDD),
        ("[A, (B, T)] = [LSTM, (1, TimeDistributedDense)]", "T", TDD),
        ("T, *A = TimeDistributedDense, 1", "T", None),
        ("A, T = pair(TimeDistributedDense)", "T", None),
        ("A, T = TimeDistributedDense, LSTM\nA, T = T, A", "A", "keras.layers.LSTM"),
        ("T: type = TimeDistributedDense", "T", TDD),
        ("L = keras.layers", "L.core.TimeDistributedDense", TDD),
        ("core = keras.layers.core", "core.TimeDistributedDense", TDD),
        ("core = keras.layers.core if old else keras.layers", "core.TimeDistributedDense", TDD),
        ("T = TimeDistributedDense if old else LSTM", "T", None),
        ("T = TimeDistributedDense if old else None", "T", TDD),
        ("T = TimeDistributedDense if old else Own", "T", None),
        ("T = getattr(keras.layers.core, 'TimeDistributedDense')", "T", TDD),
        ("(T := TimeDistributedDense)", "T", TDD),
        ("core = (k := keras).layers.core", "k.layers.core.TimeDistributedDense", TDD),
        ("T = wrap(TimeDistributedDense)", "T", None),
        ("T = TimeDistributedDense(3)", "T", None),
        ("T = TimeDistributedDense\nT = 3", "T", None),
        ("T = 3\nT = TimeDistributedDense", "T", TDD),
        ("TimeDistributedDense = TimeDistributedDense", "TimeDistributedDense", TDD),
        ("TimeDistributedDense = Own", "TimeDistributedDense", None),
    ],
)
def test_aliases(alias: str, expression: str, path: str | None) -> None:
    imports = (
        f"import keras\nfrom {TDD.rpartition('.')[0]} import TimeDistributedDense\nfrom keras.layers import LSTM\n"
    )
    assert used(f"{imports}{alias}\nuse({expression})\n")[-1] == path


def test_swapped_aliases_follow_the_values_before() -> None:
    source = """
        from keras.layers import Dense, LSTM
        A, B = Dense, LSTM
        C = A
        A = B
        use(A); use(C)
    """
    assert used(source) == ["keras.layers.LSTM", "keras.layers.Dense"]


@pytest.mark.parametrize(
    "shadow",
    [
        "class X(object): pass",
        "def X(n): pass",
        "async def X(n): pass",
        "X = make()",
        "X += 1",
        "X: type = make()",
        "for X in things: pass\nelse: X = 1",
        "import own as X",
        "import X",
        "from own import X",
        "from own import Y as X",
        "with own() as X: pass",
        "with own() as (X, y): pass",
        "[X, y] = own",
        "(y, *X) = own",
        "del X",
        "try: X = own\nfinally: pass",
        "if a: X = own\nelif b: X = own2\nelse: X = own3",
        "if a: X = own\nelse: raise ValueError",
        "while a:\n    X = own\n    break\nX = own",
        "match own:\n    case X: pass",
        "match own:\n    case [X, *_]: pass\n    case {'a': _, **X}: pass\n    case Own(a=X): pass\n    case X: pass",
    ],
)
def test_a_later_binding_takes_the_name(shadow: str) -> None:
    source = f"from keras.layers.core import Dense as X\nuse(X)\n{shadow}\nuse(X)\n"
    assert used(source) == ["keras.layers.core.Dense", None]


@pytest.mark.parametrize(
    "maybe",
    [
        "if a: X = own",
        "if a: pass\nelif b: X = own",
        "for X in things: pass",
        "for y in things: X = own",
        "while a: X = own",
        "try: X = own\nexcept Exception: pass",
        "try: pass\nexcept Exception: X = own",
        "try: pass\nexcept Exception: pass\nelse: X = own",
        "with suppress(ValueError):\n    f()\n    X = own",
        "match own:\n    case [X, 1]: pass",
        "match own:\n    case X if a: pass\n    case _: pass",
        "if (X := own): pass",
        "f([X := y for y in own])",
        "from own import *",
        "from .own import *",
    ],
)
def test_a_binding_that_may_take_the_name_leaves_doubt(maybe: str) -> None:
    source = f"from keras.layers.core import Dense as X\nuse(X)\n{maybe}\nuse(X)\n"
    assert used(source) == ["keras.layers.core.Dense", None]
    names = names_of(source)
    assert names.uncertain[-1].lineno == source.count("\n")
    assert [symbol.path for symbol in names.candidates(names.uncertain[-1])] == ["keras.layers.core.Dense"]
    assert names.unused == ()


@pytest.mark.parametrize(
    "harmless",
    [
        "if a: X = None",
        "if a:\n    X = own\n    raise ValueError",
        "for y in []:\n    pass\nelse:\n    pass",
        "def f():\n    X = own",
        "def f(X): pass",
        "class A:\n    X = own",
        "class A:\n    def X(self): pass",
        "f = lambda X: X",
        "g = [X for X in things]",
        "g = {X: 1 for X in things}",
        "g = (X for y in things for X in y)",
        "a.X = own",
        "a['X'] = own",
        "f(X=1)",
        "X: type",
        "from numpy import *",
        "from math import *\nfrom matplotlib.pyplot import *",
        "import X.y as z",
        "try: pass\nexcept ValueError as e: pass",
    ],
)
def test_what_does_not_bind_the_name(harmless: str) -> None:
    source = f"from keras.layers.core import Dense as X\n{harmless}\nuse(X)\n"
    assert used(source)[-1] == "keras.layers.core.Dense"
    assert not names_of(source).uncertain


def test_scopes_of_functions_and_classes() -> None:
    source = """
        from keras.layers import Dense
        def plain():
            use(Dense)
        def parameter(Dense):
            use(Dense)
        def later():
            use(Dense)
            Dense = own
        def declared():
            global Dense
            use(Dense)
        def imports():
            from keras.layers.core import TimeDistributedDense
            use(TimeDistributedDense)
            def inner():
                use(TimeDistributedDense)
        use(TimeDistributedDense)
        class Model:
            Dense = own
            use(Dense)
            f = [use(Dense) for _ in 'ab']
            def build(self):
                use(Dense)
        class Dense2(Dense):
            pass
        def default(layer=use(Dense), *, Dense=use(Dense)):
            use(layer); use(Dense)
        @use(Dense)
        def decorated(Dense: use(Dense)) -> use(Dense): pass
        lambda Dense: use(Dense)
        lambda d=use(Dense): use(Dense)
    """
    dense = "keras.layers.Dense"
    assert used(source) == [
        dense, None, None, dense, TDD, TDD, None, None, dense, dense, dense, dense, None, None,
        dense, dense, dense, None, dense, dense,
    ]  # fmt: skip


def test_a_class_body_sees_its_own_names_then_those_outside() -> None:
    source = """
        from keras.layers import Dense, LSTM
        class A:
            use(Dense)
            LSTM = LSTM
            use(LSTM)
            if own:
                Dense = own
            use(Dense)
            def f(self):
                use(Dense)
            class B:
                use(Dense)
        class C:
            from keras.layers import GRU
            use(GRU)
            def f(self):
                use(GRU); use(self.GRU)
    """
    assert used(source) == [
        "keras.layers.Dense", "keras.layers.LSTM", None, "keras.layers.Dense", "keras.layers.Dense",
        "keras.layers.GRU", None, None,
    ]  # fmt: skip


def test_a_subclass_of_the_same_name_takes_it_over() -> None:
    source = """
        from keras.layers.core import TimeDistributedDense
        use(TimeDistributedDense)
        class TimeDistributedDense(TimeDistributedDense):
            use(TimeDistributedDense)
            def call(self):
                use(TimeDistributedDense)
        use(TimeDistributedDense)
    """
    assert used(source) == [TDD, TDD, None, None]
    names = names_of(source)
    assert shown(names.uses[names.bindings[0]]) == [
        "3: TimeDistributedDense", "4: TimeDistributedDense", "5: TimeDistributedDense", "7: TimeDistributedDense",
    ]  # fmt: skip


def test_functions_see_what_is_bound_after_them() -> None:
    source = """
        def before():
            use(Dense)
        from keras.layers import Dense, LSTM, GRU
        def after():
            use(Dense); use(LSTM)
        LSTM = own
        f = lambda: use(LSTM)
        GRU = lambda: use(GRU)
        def outer():
            def inner():
                use(Flat); use(Dense)
            from keras.layers import Flatten as Flat
            return inner
    """
    flat = "keras.layers.Flatten"
    assert used(source) == ["keras.layers.Dense", "keras.layers.Dense", None, None, None, flat, "keras.layers.Dense"]


def test_functions_made_in_loops_see_all_that_the_loop_binds() -> None:
    source = """
        from keras.layers import Dense
        for i in range(2):
            Dense = own
            from keras.layers import Dense
            use(Dense)
            def f():
                use(Dense)
    """
    assert used(source) == ["keras.layers.Dense", None]


def test_global_and_nonlocal_bindings_reach_the_scope_that_owns_the_name() -> None:
    source = """
        X = Y = None
        from keras.layers import Dense
        def load():
            global X, Y
            from keras.layers.core import Dense as X
            use(X)
            Y = own
        def spoil():
            global Dense
            Dense = own
            use(Dense)
        def build():
            use(X); use(Y); use(Dense)
        use(X); use(Y); use(Dense)
        def outer():
            from keras.layers import LSTM, GRU
            def inner():
                nonlocal LSTM
                LSTM = own
                use(LSTM); use(GRU)
            use(LSTM); use(GRU)
    """
    dense, gru = "keras.layers.core.Dense", "keras.layers.GRU"
    assert used(source) == [dense, None, dense, None, None, dense, None, None, None, gru, None, gru]


@pytest.mark.parametrize(
    ("source", "path"),
    [
        ("try:\n from keras.layers import Y as X\nexcept E:\n from keras.layers.core import Y as X", "keras.layers.Y"),
        ("try:\n from keras.layers.core import Dense as X\nexcept ImportError:\n X = None", "keras.layers.core.Dense"),
        ("try:\n from keras.layers.core import Dense as X\nexcept ImportError:\n pass", "keras.layers.core.Dense"),
        ("try:\n from keras.layers.core import Dense as X\nexcept ImportError:\n raise", "keras.layers.core.Dense"),
        ("try:\n from keras.layers.core import Dense as X\nexcept ImportError:\n class X: pass", None),
        ("try:\n from keras.layers.core import Dense as X\nexcept ImportError:\n from own import X", None),
        ("try:\n import keras as X\nexcept ImportError:\n import tensorflow.keras as X", None),
        ("class X: pass\ntry:\n from keras.layers.core import Dense as X\nexcept ImportError:\n pass", None),
        ("class X: pass\ntry:\n from keras.layers.core import Dense as X\nfinally:\n pass", "keras.layers.core.Dense"),
        ("try:\n from own import X\nfinally:\n from keras.layers.core import Dense as X", "keras.layers.core.Dense"),
        ("if v:\n from keras.layers import Y as X\nelse:\n from keras.layers.core import Y as X", "keras.layers.Y"),
        ("if v:\n from keras.layers import Dense as X\nelse:\n from keras.layers import LSTM as X", None),
        ("if v:\n from keras.objectives import mse as X\nelse:\n from keras.metrics import mse as X", None),
        ("if v:\n from keras import layers as X\nelse:\n import keras.layers as X", "keras.layers"),
        ("if v:\n from keras.utils import f as X\nelse:\n from keras.utils.np_utils import f as X", "keras.utils.f"),
        ("if a:\n if b:\n  from keras.layers import Dense as X\n else:\n  X = own", None),
        ("while True:\n from keras.layers import Dense as X\n break", "keras.layers.Dense"),
    ],
)  # fmt: skip
def test_where_ways_meet(source: str, path: str | None) -> None:
    assert used(f"{source}\nuse(X)\n") == [path]
    names = names_of(f"{source}\nuse(X)\n")
    assert names.unused == ()
    assert bool(names.uncertain) == (path is None)


def test_handlers_and_finally_see_a_try_that_broke_off() -> None:
    source = """
        from keras.layers import Dense, LSTM, GRU
        try:
            Dense = own
            from keras.layers import Dense
            LSTM = own
            use(Dense); use(LSTM); use(GRU)
        except ValueError:
            use(Dense); use(LSTM); use(GRU)
            raise
        finally:
            use(Dense); use(LSTM)
            GRU = own
        use(Dense); use(LSTM); use(GRU)
    """
    dense, gru = "keras.layers.Dense", "keras.layers.GRU"
    assert used(source) == [dense, None, gru, None, None, gru, None, None, dense, None, None]


def test_nonlocal_names_are_shared_among_inner_functions() -> None:
    source = """
        def outer():
            from keras.layers import Dense
            def one():
                nonlocal Dense
                from keras.layers import Dense
                def deep():
                    use(Dense)
            def other():
                nonlocal Dense
                Dense = own
    """
    assert used(source) == [None]


def test_the_first_of_several_imports_of_one_thing_is_named() -> None:
    source = """
        try:
            from keras.layers import TimeDistributedDense
        except ImportError:
            from keras.layers.core import TimeDistributedDense
        TimeDistributedDense(3)
    """
    names = names_of(source)
    first, second = names.bindings
    assert names.uses[first] == names.uses[second]
    symbol = names.resolve(names.uses[first][0])
    assert symbol is not None
    assert (symbol.path, symbol.binding) == (SHORT, first)


def test_uncertain_tells_the_candidates() -> None:
    names = names_of("""
        from keras.layers import GRU, LSTM
        cell = GRU if small else LSTM
        cell(3)
        other = GRU if small else make()
        other(3)
    """)
    assert shown(names.uncertain) == ["4: cell", "6: other"]
    paths = [[symbol.path for symbol in names.candidates(node)] for node in names.uncertain]
    assert paths == [["keras.layers.GRU", "keras.layers.LSTM"], ["keras.layers.GRU"]]


def test_the_nearest_import_counts_in_straight_lines() -> None:
    names = names_of("""
        from keras.layers import Dense as X
        X
        from keras.layers import LSTM as X
        X
    """)
    assert [shown(nodes) for nodes in names.uses.values()] == [["3: X"], ["5: X"]]


def test_submodule_imports_all_bind_the_package() -> None:
    names = names_of("""
        import keras.layers.core
        import keras.models
        import keras.optimizers
        keras.layers.core.Dense(3)
        keras.models.Sequential()
        def f():
            keras.models.Graph()
    """)
    assert [shown(nodes) for nodes in names.uses.values()] == [
        ["5: keras.layers.core.Dense"],
        ["6: keras.models.Sequential", "8: keras.models.Graph"],
        [],
    ]
    assert [binding.path for binding in names.unused] == ["keras.optimizers"]
    [use] = names.uses[names.bindings[0]]
    symbol = names.resolve(use)
    assert symbol is not None
    assert symbol.binding is names.bindings[0]


def test_a_submodule_import_is_used_where_nothing_better_binds_the_package() -> None:
    names = names_of("import keras.layers.core\nk = keras\nkeras.models.Sequential()\nk.models.Graph()\n")
    assert shown(names.uses[names.bindings[0]]) == ["2: keras", "3: keras.models.Sequential", "4: k.models.Graph"]


def test_bindings_stand_in_order_of_place() -> None:
    names = names_of("""
        def f():
            from keras.layers import LSTM as L
        import os, keras.layers.core
        from keras.models import *
        from keras import backend as K, models
        from os import path
    """)
    assert [(b.local, b.path, b.index) for b in names.bindings] == [
        ("L", "keras.layers.LSTM", 0),
        ("keras", "keras.layers.core", 1),
        ("*", "keras.models", 0),
        ("K", "keras.backend", 0),
        ("models", "keras.models", 1),
    ]


def test_uses_are_the_longest_chain_as_far_as_its_entry() -> None:
    names = names_of("""
        from keras.layers import core
        core.Dense.call
        core.Dense(3).output
        core.unknown.thing
        core.Dense.name = 'd'
        print(core)
        getattr(core, "Dense")
        D = core.Dense
        D(3)
        f"{core.Dense}"
    """)
    assert shown(names.uses[names.bindings[0]]) == [
        "3: core.Dense", "4: core.Dense", "5: core.unknown.thing", "6: core.Dense", "7: core",
        "8: getattr(core, 'Dense')", "9: core.Dense", "10: D", "11: core.Dense",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rest", "unused"),
    [
        ("", ["Dense", "LSTM"]),
        ("Dense(3)", ["LSTM"]),
        ("def f(Dense): Dense", ["Dense", "LSTM"]),
        ("# Dense\nx = 'LSTM'", ["Dense", "LSTM"]),
        ("__all__ = ['Dense']", ["LSTM"]),
        ("__all__ = ('f',)\n__all__ += ['LSTM']", ["Dense"]),
        ("__all__ = ['f'] + ['LSTM']\n__all__.append('Dense')", []),
        ("__all__ = []\n__all__.extend(['Dense'])", ["LSTM"]),
        ("__all__ = [n for n in dir()]", []),
        ("def f():\n    __all__ = ['Dense']", ["Dense", "LSTM"]),
        ("x = globals()['Dense']", ["LSTM"]),
        ("x = eval('LSTM(3)')", ["Dense"]),
        ("def f(x: 'Dense') -> 'Optional[LSTM]': pass", []),
        ("x: 'Dense' = None", ["LSTM"]),
        ("del Dense", ["LSTM"]),
        ("Dense += 1", ["LSTM"]),
        ("def f():\n    global LSTM\n    return LSTM", ["Dense"]),
        ("class A(Dense): pass", ["LSTM"]),
        ("return_ = lambda: [LSTM for _ in x]", ["Dense"]),
        ("@Dense\ndef f(): pass", ["LSTM"]),
        ("match x:\n    case Dense(): pass", ["LSTM"]),
        ("try: pass\nexcept Dense: pass", ["LSTM"]),
        ("x[Dense] = {**LSTM}", []),
        ("keras.layers.Dense", ["Dense", "LSTM"]),
    ],
)
def test_unused(rest: str, unused: list[str]) -> None:
    names = names_of(f"from keras.layers import Dense, LSTM\n{rest}\n")
    assert [binding.local for binding in names.unused] == unused


def test_exported() -> None:
    names = names_of("from keras.layers.core import *\n__all__ = ['TimeDistributedDense'] + other.__all__\n")
    assert names.exported == {"TimeDistributedDense"}
    assert names.unused == ()


def test_star_imports_and_local_names() -> None:
    source = """
        class Dense: pass
        from keras.layers.core import *
        use(Dense)
        use(TimeDistributedDense)
        def TimeDistributedDense(n): pass
        use(TimeDistributedDense)
        use(Activation)
        from own import Activation
        use(Activation)
    """
    # whether the star brings Dense over the own class depends on the release
    assert used(source) == [None, TDD, None, "keras.layers.core.Activation", None]


def test_an_unused_star_import() -> None:
    assert [b.local for b in names_of("from keras.layers.core import *\n").unused] == ["*"]
    assert names_of("from keras.layers.core import *\nDense(3)\n").unused == ()


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(dedent(text), encoding="utf-8")


@pytest.mark.parametrize(
    ("neighbour", "dense"),
    [
        ("import numpy\ndef f():\n    Dense = 1\n", "keras.layers.Dense"),
        ("from keras.layers import Dense\nfrom keras.layers.core import *\n", "keras.layers.Dense"),
        ("from keras.layers.core import Dense\n", "keras.layers.Dense"),
        ("from keras.layers import LSTM as Dense\n", None),
        ("class Dense: pass\n", None),
        ("def f():\n    global Dense\n", None),
        ("try:\n    pass\nexcept ValueError as Dense: pass\n", None),
        ("from unknown import *\n", None),
        ("from other import *\n", None),
        ("from math import *\nfrom helpers import *\n", "keras.layers.Dense"),
        ("print 'Python 2'\n", None),
    ],
)
def test_a_star_import_of_a_module_beside_the_file(tmp_path: Path, neighbour: str, dense: str | None) -> None:
    write(tmp_path, {"helpers.py": neighbour, "other.py": "Dense = 1\n"})
    source = "from keras.layers import Dense\nfrom helpers import *\nuse(Dense)\n"
    assert used(source, str(tmp_path / "train.py")) == [dense]


def test_star_imports_within_a_package(tmp_path: Path) -> None:
    write(tmp_path, {"p/__init__.py": "", "p/a.py": "x = 1\n", "p/q/__init__.py": "Dense = 1\n", "b.py": "Dense = 1\n"})
    train = str(tmp_path / "p" / "q" / "train.py")
    start = "from keras.layers import Dense\n"
    assert used(f"{start}from ..a import *\nuse(Dense)\n", train) == ["keras.layers.Dense"]
    assert used(f"{start}from p.a import *\nuse(Dense)\n", train) == ["keras.layers.Dense"]
    assert used(f"{start}from . import *\nuse(Dense)\n", train) == [None]
    assert used(f"{start}from b import *\nuse(Dense)\n", train) == [None]
    assert used(f"{start}from .....beyond import *\nuse(Dense)\n", train) == [None]


def test_a_file_of_keras_itself_does_not_use_keras(tmp_path: Path) -> None:
    write(tmp_path, {"keras/__init__.py": "", "keras/layers/__init__.py": "", "tests/__init__.py": ""})
    source = "from keras.layers.core import TimeDistributedDense\nuse(TimeDistributedDense)\n"
    assert used(source, str(tmp_path / "keras" / "layers" / "wrappers.py")) == [None]
    assert names_of(source, str(tmp_path / "keras" / "models.py")).bindings == ()
    assert used(source, str(tmp_path / "tests" / "check.py")) == [TDD]


def test_a_module_named_keras_takes_the_place_of_keras(tmp_path: Path) -> None:
    write(tmp_path, {"mine/keras.py": "", "scripts/keras/train.py": ""})
    source = "import keras\nuse(keras.layers.core.TimeDistributedDense)\n"
    assert used(source, str(tmp_path / "mine" / "train.py")) == [None]
    assert used(source, str(tmp_path / "scripts" / "keras" / "train.py")) == [TDD]


def test_a_symbol_that_the_module_replaces_is_not_certain() -> None:
    source = """
        import keras
        from keras.layers import core
        keras.layers.core.Dense = own
        setattr(core, "Merge", own)
        use(core.Dense); use(core.Dropout); use(core.Merge)
    """
    assert used(source) == [None, "keras.layers.core.Dropout", None]
    assert "6: core.Dense" in shown(names_of(source).uncertain)


def test_scope_of() -> None:
    module = Module(
        dedent("""
        a = 1
        def build(b=2):
            @c
            def inner(): return 3
            return lambda: 4
        class Model(5):
            d = 6
            def build(self): 7
            class Deep:
                async def f(self): [8 for _ in x]
        def one(): return 9
        ten = 10
        """)
    )
    names = Names(module, ALL)
    found = {
        node.value: names.scope_of(node)
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, int)
    }
    assert found == {
        1: "", 2: "", 3: "build.inner", 4: "build", 5: "", 6: "Model", 7: "Model.build", 8: "Model.Deep.f", 9: "one",
        10: "",
    }  # fmt: skip
    functions = [node for node in ast.walk(module.tree) if isinstance(node, ast.FunctionDef)]
    assert {(f.name, names.scope_of(f)) for f in functions} == {
        ("build", ""), ("inner", "build"), ("build", "Model"), ("one", ""),
    }  # fmt: skip
    assert names.scope_of(module.tree) == ""
    assert names.scope_of(functions[0].args) == ""


@pytest.mark.parametrize(
    "source",
    [
        "X = X\nX = X.a\nwhile X:\n    X = X.a\n    use(X)\n",
        "while a:\n    A = B\n    B = C.x\n    C = A\nuse(A)\n",
        "while a:\n    X = X.a\n    X = X.b\nuse(X)\n",
        "for X in X: X\n",
        "def X(X=X): return X\nclass X(X): X = X\n",
        "nonlocal X\nglobal X\ndel X\nX\n",
        "def f():\n    nonlocal X\n    X = 1\n    return X\n",
        "class A:\n    global X\n    X = 1\n    from keras import *\n    def f(self): nonlocal X; X = X\n",
        "def f():\n    from keras.layers import *\n    Dense\n",
        "[[X for X in X] for X in X if (Y := X)]\n",
        "lambda X=lambda: X: lambda: (lambda X: X)\n",
        "return X\nbreak\nX = 1\n",
        "try: X\nexcept X as X: X\nexcept: X\nelse: X\nfinally:\n    X = X\n    del X\n",
        "with X as X, X.a as X.b, X as X[X]: X\n",
        "match X:\n    case X.a | X.b(): X\n    case {**X}: X\n",
        "X.a.b.c = X[X](X).X\ndel X.a, (X, [X.b])\n",
        "X: X\nX: 'X[' = X\n",
        "(X.a): int = 3\n",
        "getattr()\ngetattr(X)\ngetattr(X, 'a', b=1)\nsetattr(X, 'a')\nsetattr(*X)\n",
        "getattr(getattr(X, 'a'), 'b')\n",
        "f'{X!r:{X}}'\n",
        "__all__ = [*X, X.a, 3, None]\n__all__.append(*X)\n__all__: list = ['X']\n",
        "from . import *\nfrom .. import X\n",
        "async def f():\n    async for X in X: await X\n    async with X as X: yield X\n",
        "\ufeff",
    ],
)
def test_odd_sources(source: str) -> None:
    names_of("import keras\nimport keras as X\n" + source.replace("\ufeff", ""))


def test_an_alias_that_grows_in_a_loop_ends_in_doubt() -> None:
    assert used("import keras as X\nwhile a:\n    X = X.a\nuse(X)\n") == [None]
    assert used("import keras as X\nY = X\nwhile a:\n    X = Y\n    Y = X\nuse(X)\n") == ["keras"]


def timed(source: str) -> float:
    module = Module(source)
    start = time.process_time()
    Names(module, ALL)
    return time.process_time() - start


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("if a: pass\n" + "elif a: from keras.layers import Dense\n" * 800 + "Dense\n", id="elif"),
        pytest.param("from keras import a as X\n" * 5000 + "X\n" * 5000, id="imports"),
        pytest.param("def f():\n    X\nfrom keras import a as X\n" * 2000, id="functions between imports"),
        pytest.param("".join(f"A{i + 1} = A{i}\n" for i in range(5000)) + "A5000\n", id="alias chain"),
        pytest.param("".join(f"A{i} = A{i + 1}\n" for i in range(5000, -1, -1)), id="alias chain from the end"),
        pytest.param(
            "".join(f"{' ' * i}for a in b:\n{' ' * i} A0 = A0.a\n" for i in range(90)) + " " * 90 + "A0\n", id="loops"
        ),
        pytest.param(
            "".join(f"{' ' * i}try:\n" for i in range(45))
            + " " * 45
            + "from keras import a as A0\n"
            + "".join(f"{' ' * i}finally:\n{' ' * (i + 1)}A0\n" for i in range(44, -1, -1)),
            id="finally",
        ),
        pytest.param(
            "".join(f"{' ' * i}try: pass\n{' ' * i}finally:\n" for i in range(90)) + " " * 91 + "A0\n",
            id="deep finally",
        ),
        pytest.param("x = " + "[" * 90 + "A0" + " for a in b]" * 90 + "\n", id="comprehensions"),
        pytest.param("".join(f"{' ' * i}class C(A0):\n" for i in range(90)) + " " * 91 + "A0 = A0\n", id="classes"),
        pytest.param(
            "".join(f"{' ' * i}if a:\n" for i in range(95)) + " " * 95 + "[" * 95 + "A0" + " for a in b]" * 95 + "\n",
            id="comprehensions in branches",
        ),
        pytest.param("x = " + "lambda: " * 300 + "A0\n", id="lambdas"),
        pytest.param("x = " + "A0 + " * 800 + "A0\n", id="sums"),
        pytest.param("x = A0" + ".a" * 800 + "\n", id="attributes"),
        pytest.param("x = A0" + ".a()" * 400 + "\n", id="calls"),
        pytest.param("x = " + "A0 if a else " * 500 + "A0\n", id="conditions"),
        pytest.param("from own import *\n" * 2000 + "A0\n", id="stars"),
        pytest.param("from keras.layers import *\n" * 2000 + "Dense\n" * 2000, id="Keras stars"),
    ],
)
def test_large_and_deep_sources_take_no_time(source: str) -> None:
    assert timed("import keras as A0\nA1 = A0\n" + source) < 2


STATEMENTS = (
    "from keras.layers import LAYER as N",
    "N = M",
    "N = 1",
    "N, M = M, N",
    "class N: pass",
    "if flag(): N = M",
    "if flag():\n    from keras.layers import LAYER as N\nelse:\n    N = M",
    "for _ in range(flag() + flag()):\n    check(0, N); N = M; M = LAYER_",
    "for M in [1]:\n    if flag(): continue\n    N = M\nelse:\n    N = LAYER_",
    "try:\n    N = M; fail(flag())\nexcept ValueError: M = N",
    "try:\n    fail(flag()); N = M\nexcept ValueError: pass\nelse: M = 2\nfinally:\n    check(0, N); LAYER_ = N",
    "try:\n try:\n  N = 1; fail(flag()); N = M\n finally: check(0, N)\nexcept ValueError as M: check(0, N)\nM = N",
    "with swallow:\n    N = 1; fail(flag()); N = M",
    "def fN(): check(0, M)",
    "fN = lambda: check(0, M)",
    "class C:\n    check(0, N)\n    N = M\n    check(0, N); check(0, M)\n    def f(self): check(0, N)\nC().f()",
    "def g():\n    global N\n    check(0, N)\n    N = M\n    check(0, N)\nif flag(): g()",
    "def h():\n N = M\n def k():\n  nonlocal N\n  check(0, N)\n  N = LAYER_\n k(); check(0, N); k()\nh()",
    "while flag():\n    check(0, N)\n    N = M\n    if flag(): break\n    M = 3",
    "if (N := M) and flag(): pass",
    "[check(0, N) for N in [M]]; [check(0, N) for _ in [M]]",
    "match flag():\n    case True: N = M\n    case M if flag(): N = 1\n    case _: LAYER_ = M",
    "fM()",
    "check(0, N)",
)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(STATEMENTS), st.permutations("ABC"), st.sampled_from(["Dense", "LSTM"]), st.integers(0, 1)
        ),
        min_size=3,
        max_size=10,
    ),
    st.lists(st.booleans(), min_size=8, max_size=8),
)
def test_what_is_claimed_is_what_runs(lines: list[tuple[str, list[str], str, int]], flags: list[bool]) -> None:
    """Whatever the resolver claims of a name is bound to it when the program runs."""
    source = "from keras.layers import Dense as A\nB = C = None\ndef fA(): check(0, A)\nfB = fC = fA\n"
    for statement, (n, m, other), layer, depth in lines:
        text = statement.replace("LAYER_", other).replace("LAYER", layer)
        text = re.sub(r"N\b", n, re.sub(r"(?<!LST)M\b", m, text)).replace("fN", f"f{n}").replace("fM", f"f{m}")
        source += f"if flag():\n{indent(text, ' ')}\n" if depth else f"{text}\n"
    run_and_compare(source + "fA(); fB(); fC(); check(0, A); check(0, B)\n", flags)


def run_and_compare(source: str, flags: list[bool]) -> None:
    module = Module(source)
    names = Names(module, ALL)
    claims: dict[int, str | None] = {}
    checks = [
        node
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "check"
    ]
    for number, call in enumerate(checks):
        symbol = names.resolve(call.args[1])
        claims[number] = symbol.path if symbol is not None else None
        call.args[0] = ast.copy_location(ast.Constant(value=number), call.args[0])
    pending = list(flags)

    class Swallow:
        def __enter__(self) -> None: ...

        def __exit__(self, *_: object) -> bool:
            return True

    def flag() -> bool:
        return pending.pop() if pending else False

    def fail(really: bool) -> None:
        if really:
            raise ValueError

    def check(number: int, value: object) -> None:
        if claims[number] is not None and value is not None:
            assert value == claims[number], source

    class Renamer(ast.NodeTransformer):
        def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST:
            alias = node.names[0]
            value = ast.Constant(value=f"keras.layers.{alias.name}")
            assign = ast.Assign(targets=[ast.Name(id=alias.asname or alias.name, ctx=ast.Store())], value=value)
            return ast.fix_missing_locations(ast.copy_location(assign, node))

    # the names of the tree stand in for the imported classes, so that the program runs without any Keras
    tree = ast.fix_missing_locations(Renamer().visit(module.tree))
    scope = {"flag": flag, "fail": fail, "check": check, "swallow": Swallow()}
    exec(compile(tree, "<program>", "exec"), scope)
