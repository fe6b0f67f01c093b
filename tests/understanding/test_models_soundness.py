"""What the abstract run claims is held against real runs of random programs, over a small stand-in for Keras.

A program is run many times with random conditions and lengths. Each call of a layer stands on a line of its own, so
that the ranks and places it was seen with can be told by line.
"""

from __future__ import annotations

import ast
import random
import sys
import types
from collections import defaultdict

import pytest

from tdmigrate.keras1.versions import ALL
from tdmigrate.understanding.models import run
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.names import Names

FILE = "<program>"
RUNS = 10
FUEL = 1500  # calls of the stand-in that one run may make

# what a {word} in a statement may be
WORDS: dict[str, tuple[str, ...]] = {
    "model": ("m", "m", "k", "{own}"),
    "told": ("", ", input_shape=(5, 4)"),
    "layer": (
        "TimeDistributedDense(3{told})",
        "LSTM(8, return_sequences=True{told})",
        "LSTM(8{told})",
        "LSTM(8, return_sequences={flag}{told})",
        "Dense(8, input_shape=(4,))",
        "Dense(8{told})",
        "Flatten()",
        "RepeatVector(5)",
    ),
    "flag": ("flag", "x", "not flag", "n > 1"),
    "held": ("l", "l", "l", "xs[0]", "xs[0]", "{layer}", "d['a']", "x"),
    "tensor": ("t", "t", "u", "x"),
    "test": ("cond()", "cond()", "flag", "x", "not flag", "m is None", "x is not None", "i == 0", "n > 1"),
    "source": ("range(n)", "range(2)", "xs", "items()", "[l, l]", "enumerate(items())", "xs if flag else [l]"),
    "container": (
        "Sequential()", "Sequential()", "k", "m", "m if cond() else k", "choose(m, k)", "k if flag else m", "h.m",
        "C(flag).m", "C(cond()).m", "(m, k)[0]", "m or k", "f(m) or k",
    ),
    "value": (
        "m", "k", "l", "xs", "None", "xs[0]", "f(m)", "f(k, l)", "g(k, m)", "cond()", "True", "{layer}", "[{held}]",
        "h.put(l)", "h.make(l)", "C(flag)", "list(map(f, [m, k]))", "(lambda z: z.add(l))(m)",
    ),
}  # fmt: skip
SIMPLE = (
    "{model}.add({held})", "{model}.add({layer})", "{model}.add({layer})", "{model}.add({layer})",
    "{model} = Sequential()", "x = {value}", "l = {layer}", "m = {container}", "k = {container}", "xs = [{layer}]",
    "xs.append({layer})", "xs.append(l)", "xs[1:] = []", "xs.insert(0, l)", "m = Sequential(xs)", "d['a'] = {held}",
    "m = Sequential([{layer}])", "k = m = Sequential()",
    "flag = cond()", "flag = not flag", "n += 1", "h.m = k", "h.flag = cond()", "if {test}: raise ValueError",
    "t = {layer}(t)", "t = {layer}(u)", "t = l({tensor})", "t, u = u, t", "t = t if cond() else u", "u = m(t)",
    "h.t = t", "def late(): m.add(l)", "x = {value}",
)  # fmt: skip
BLOCKS = (
    "if {test}:", "if {test}:", "for i in {source}:", "for i in {source}:", "for x in {source}:", "while {test}:",
    "try:",
)  # fmt: skip
FOLLOWERS = {"if": "else:", "try": "except ValueError:", "for": "else:"}
LOCALS = "x = None; xs = [l]; d = {'a': l}; n = 2; i = 0; flag = True; "
START = """\
from keras.models import Sequential
from keras.layers import Input
from keras.layers.core import Dense, TimeDistributedDense, Flatten, RepeatVector
from keras.layers.recurrent import LSTM
from outside import cond, items, choose, tick
flag, n, i, x = True, 2, 0, None
"""
GLOBALS = """\
h = C(True)
m, k = Sequential(), Sequential()
l = Dense(3, input_shape=(4,))
xs = [l]
d = {'a': m}
t, u = Input((5, 4)), Input((4,))
"""


class Writer:
    """A random program."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.lines: list[str] = []

    def fill(self, template: str, own: str) -> str:
        while True:
            for word, choices in WORDS.items():
                if "{" + word + "}" in template:
                    template = template.replace("{" + word + "}", self.random.choice(choices), 1)
                    break
            else:
                return template.replace("{own}", own)

    def block(self, depth: int, own: str, loop: bool = False, function: bool = False) -> None:
        pad = "    " * depth
        for _ in range(self.random.randint(1, 4)):
            kind = self.random.random()
            if kind < 0.22 and depth < 4:
                head = self.fill(self.random.choice(BLOCKS), own)
                word = head.split()[0].rstrip(":")
                self.lines.append(pad + head)
                if word in ("for", "while"):
                    self.lines.append(pad + "    tick()")
                self.block(depth + 1, own, loop or word in ("for", "while"), function)
                if word == "try" or (word in FOLLOWERS and self.random.random() < 0.5):
                    self.lines.append(pad + FOLLOWERS[word])
                    self.block(depth + 1, own, loop, function)
            elif kind < 0.3 and loop:
                ways = ("break", "continue", "if cond(): break", "if flag: continue")
                self.lines.append(pad + self.random.choice(ways))
            elif kind < 0.36 and function:
                ways = ("return m", "if cond(): return m", "if cond(): return k", "return k")
                self.lines.append(pad + self.random.choice(ways))
            else:
                self.lines.append(pad + self.fill(self.random.choice(SIMPLE), own))

    def program(self) -> str:
        add = self.lines.append
        add("class C(object):\n    def __init__(self, flag=True):")
        add("        self.m = m = k = Sequential(); self.flag = flag; self.t = t = u = Input((5, 4))")
        add("        l = Dense(3, input_shape=(4,)); " + LOCALS)
        self.block(2, "self.m")
        for head in ("put(self, y)", "make(self, y, z=2)"):
            add(f"    def {head}:\n        m = k = self.m; t = u = self.t; l = y; {LOCALS}")
            self.block(2, "self.m", function=True)
        for head in ("f(m, k=None, t=None)", "g(k, m)", "free(m, x=True, t=3)"):
            add(f"def {head}:\n    u = t = Input((5, 4)); l = Dense(3, input_shape=(4,)); {LOCALS}")
            self.block(1, "h.m", function=True)
        add(GLOBALS)
        for _ in range(3):
            self.block(0, "h.m")
        return START + "\n".join(self.lines) + "\n"


class StandIn:
    """The few layers and Sequential, noting by line what came to each."""

    def __init__(self, seed: int, ranks: dict[int, set[int]], places: dict[int, set[str]]) -> None:
        self.random = random.Random(seed)
        self.fuel = FUEL
        self.ranks = ranks
        self.places = places

    def tick(self) -> None:
        self.fuel -= 1
        if self.fuel < 0:
            raise SystemExit

    def cond(self) -> bool:
        self.tick()
        return self.random.random() < 0.5

    def items(self) -> list[int]:
        self.tick()
        return list(range(self.random.randrange(4)))

    def choose(self, *values: object) -> object:
        return self.random.choice(values)

    def modules(self) -> dict[str, types.ModuleType]:
        world = self

        class Tensor:
            def __init__(self, shape: tuple[int, ...]) -> None:
                world.tick()
                self.rank: int | None = len(shape) + 1

        class Layer:
            def __init__(self, *_: int, input_shape: tuple[int, ...] | None = None, return_sequences: object = False):
                world.tick()
                self.told = None if input_shape is None else len(input_shape) + 1
                self.sequences = return_sequences
                frame = sys._getframe()
                while frame.f_code.co_filename != FILE:
                    assert frame.f_back is not None
                    frame = frame.f_back
                self.line = frame.f_lineno

            def out(self, rank: int | None) -> int | None:
                if rank is not None:
                    world.ranks[self.line].add(rank)
                return self.rule(rank)

            def rule(self, rank: int | None) -> int | None:
                return rank

            def __call__(self, tensor: object) -> Tensor:
                assert isinstance(tensor, Tensor)
                made = Tensor(())
                made.rank = self.out(tensor.rank)
                return made

        class TimeDistributedDense(Layer):
            def rule(self, rank: int | None) -> int | None:
                assert rank in (3, None)
                return 3

        class LSTM(Layer):
            def rule(self, rank: int | None) -> int | None:
                return 3 if self.sequences else 2

        class RepeatVector(Layer):
            def rule(self, rank: int | None) -> int | None:
                return 3

        class Flatten(Layer):
            def rule(self, rank: int | None) -> int | None:
                return 2

        class Sequential:
            def __init__(self, layers: list[object] | tuple[()] = ()) -> None:
                world.tick()
                self.count, self.told = 0, True
                self.rank: int | None = None
                for layer in layers:
                    self.add(layer)

            def add(self, layer: object) -> None:
                world.tick()
                if isinstance(layer, Sequential):
                    assert layer.count
                    assert layer.told
                    assert layer is not self
                    self.rank = layer.rank
                else:
                    assert isinstance(layer, Layer)
                    world.places[layer.line].add("later" if self.count else "first")
                    if not self.count:
                        self.told = layer.told is not None
                    self.rank = layer.out(self.rank if self.count else layer.told)
                self.count += 1

            def __call__(self, tensor: object) -> Tensor:
                assert isinstance(tensor, Tensor)
                assert self.count
                assert self.told
                made = Tensor(())
                made.rank = self.rank
                return made

        contents: dict[str, dict[str, object]] = {
            "keras": {"__path__": []},
            "keras.models": {"Sequential": Sequential},
            "keras.layers": {"__path__": [], "Input": Tensor},
            "keras.layers.core": {
                "Dense": type("Dense", (Layer,), {}),
                "TimeDistributedDense": TimeDistributedDense,
                "Flatten": Flatten,
                "RepeatVector": RepeatVector,
            },
            "keras.layers.recurrent": {"LSTM": LSTM},
            "outside": {"cond": self.cond, "items": self.items, "choose": self.choose, "tick": self.tick},
        }
        made = {}
        for name, members in contents.items():
            made[name] = types.ModuleType(name)
            made[name].__dict__.update(members)
        return made

    def anything(self, modules: dict[str, types.ModuleType]) -> object:
        """An argument for a function that the file does not call."""
        model = modules["keras.models"].Sequential()
        kind = self.random.randrange(6)
        if kind < 2:
            layer = modules["keras.layers.core"].Dense
            exec(compile("model.add(layer(input_shape=shape))", FILE, "exec"), {
                "model": model, "layer": layer, "shape": self.random.choice(((4,), (5, 4), (6, 5, 4))),
            })  # fmt: skip
        return model if kind < 3 else (None, self.cond(), modules["keras.layers"].Input((5, 4)))[kind - 3]


def run_for_real(text: str, seed: int, ranks: dict[int, set[int]], places: dict[int, set[str]]) -> None:
    world = StandIn(seed, ranks, places)
    modules = world.modules()
    present = {name: sys.modules.get(name) for name in modules}
    sys.modules.update(modules)
    space: dict[str, object] = {"__name__": "program"}
    try:
        exec(compile(text, FILE, "exec"), space)
        free = space["free"]
        assert callable(free)
        for _ in range(3):
            free(world.anything(modules), world.anything(modules))
    except (Exception, SystemExit):
        pass  # what a program did before it failed still counts
    finally:
        for name, module in present.items():
            if module is None:
                del sys.modules[name]
            else:
                sys.modules[name] = module


@pytest.mark.parametrize("batch", range(4))
def test_no_claim_is_ever_untrue(batch: int) -> None:
    claims = 0
    for seed in range(batch * 25, batch * 25 + 25):
        text = Writer(seed).program()
        module = Module(text, FILE)
        facts = run(module, Names(module, ALL), ALL)
        ranks: dict[int, set[int]] = defaultdict(set)
        places: dict[int, set[str]] = defaultdict(set)
        for number in range(RUNS):
            run_for_real(text, seed * RUNS + number, ranks, places)
        lines = [use.node.lineno for use in facts.layers]
        for use in facts.layers:
            line = use.node.lineno
            if lines.count(line) > 1:
                continue
            what = f"seed {seed}, line {line}: {ast.unparse(use.node)}\n{text}"
            if use.inputs is not None:
                claims += len(ranks[line])
                assert ranks[line] <= {len(use.inputs)}, what
            kinds = {place.kind for place in use.places}
            if len(kinds) == 1 and kinds <= {"first", "later"}:
                claims += len(places[line])
                assert places[line] <= kinds, what
    assert claims > 20
