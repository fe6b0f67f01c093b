"""Whole programs as people wrote them for Keras 0.2–1.2: containers, idioms, imports, and layers of every entry.

A program is drawn from a ``random.Random``: hypothesis gives one whose choices it knows and shrinks, a long run has
its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Function, Layer
from tdmigrate.keras1.versions import RELEASES

from .layers import Made, at_release, draw, form_of, homes, takes
from .values import Scene, Shape

VERSIONS = ("0.2.0", "0.3.3", "1.0.8", "1.1.2", "1.2.2")
_USED = re.compile(r"@(\w+)")
_WORDS = (  # names that values write without a mark
    "l1l2", "l1", "l2", "WeightRegularizer", "activity_l1l2", "activity_l1", "activity_l2", "ActivityRegularizer",
    "maxnorm", "nonneg", "unitnorm", "MaxNorm", "NonNeg", "UnitNorm",
)  # fmt: skip
_WORD = re.compile(rf"(?<![\w.@'])({'|'.join(_WORDS)})(?=\()")


class Program(NamedTuple):
    """A source, what it is for, and the expression in it that is the model."""

    text: str
    release: str
    style: str = "faithful"
    backend: str = "theano"
    target: str = "model"


class Item(NamedTuple):
    """What a chain goes on with: statements in which ``$`` is the model, or one layer."""

    layer: str | None
    statements: tuple[str, ...] = ()
    head: tuple[str, ...] = ()  # statements before the model


class Tensor(NamedTuple):
    name: str
    shape: Shape
    masked: bool


Apply = Callable[[Tensor, str, Shape, bool], Tensor]  # a layer's text to a tensor, with the shape that comes out


def programs() -> st.SearchStrategy[Program]:
    return st.randoms(use_true_random=False).map(program)


def program(chance: Random) -> Program:
    """One program."""
    release = chance.choice(VERSIONS)
    style = chance.choice(("faithful", "faithful", "exact"))
    return _Writer(chance, release, style).program()


class _Writer:
    def __init__(self, chance: Random, release: str, style: str) -> None:
        self.chance = chance
        self.release = release
        self.style = style
        self.ordering = chance.choice(("th", "tf"))
        self.count = 0
        self.ends: list[str] = []  # tensors of a functional model that no layer follows
        self.sets_ordering = False
        self.hands_on = False  # its input, as it is: of two such layers on one tensor Keras 1 knew the last alone
        if release < "1":
            self.ordering = "th" if release == "0.2.0" else self.ordering
        self.default = "th" if release < "1.1" else "tf"

    # --- small draws

    def is_since(self, release: str) -> bool:
        return RELEASES.index(self.release) >= RELEASES.index(release)

    def maybe(self, share: float) -> bool:
        return self.chance.random() < share

    def fresh(self, word: str) -> str:
        self.count += 1
        return f"{word}_{self.count}"

    def scene(self, shape: Shape, batch: int | None = None) -> Scene:
        named = self.ordering if self.ordering != self.default and not self.sets_ordering else None
        return Scene(self.chance, self.release, self.ordering, "", shape, named, batch)

    def input_shape(self) -> Shape:
        chance = self.chance
        kind = chance.choice(("vector", "vector", "sequence", "sequence", "free", "image", "image", "volume", "frames"))
        size = chance.randint(3, 7)
        if kind == "vector":
            return (size,)
        if kind == "sequence":
            return (chance.randint(4, 8), size)
        if kind == "free":
            return (None, size)
        lengths = tuple(chance.randint(4, 8) for _ in range(3 if kind == "volume" else 2))
        channels = chance.randint(1, 3)
        if kind == "volume" and not self.is_since("0.3.3"):
            lengths = lengths[:2]
        image = (channels, *lengths) if self.ordering == "th" else (*lengths, channels)
        return (chance.randint(2, 4), *image) if kind == "frames" and self.is_since("0.3.3") else image

    # --- layers

    def layer(self, shape: Shape, masked: bool, first: tuple[str, ...] = (), batch: int | None = None) -> Made | None:
        scene = self.scene(shape, batch)
        pool = [one for one in at_release(self.release) if takes(one, scene._replace(layer=one.name), masked, 0)]
        if first:
            pool = [one for one in pool if _says_its_input(one, self.release)]
        for _ in range(6 if pool else 0):
            entry = self.chance.choice(pool)
            if entry.name == "ActivityRegularization" and self.hands_on:
                continue
            more = first
            if batch is not None and entry.name in ("LSTM", "GRU", "SimpleRNN"):
                more = (*first, "stateful=True")
            made = draw(entry, scene, masked, 0, more)
            if made is not None:
                self.hands_on = self.hands_on or entry.name == "ActivityRegularization"
                return made
        return None

    def some_layer(self, shape: Shape, masked: bool) -> Made:
        """A layer in any case."""
        return self.layer(shape, masked) or Made("@Dropout(0.5)", shape, masked)

    def named(self, name: str, shape: Shape, masked: bool = False, first: tuple[str, ...] = ()) -> Made | None:
        entry = next((one for one in at_release(self.release) if one.name == name), None)
        if entry is None:
            return None
        for _ in range(6):
            made = draw(entry, self.scene(shape), masked, 0, first)
            if made is not None:
                return made
        return None

    def first_layer(self, shape: Shape) -> tuple[Made, Shape]:
        """The first of a chain, which tells the input's shape in one of the forms."""
        while True:
            made = self._ids() if self.maybe(0.15) else None
            if made is not None:
                return made
            form = self._form(shape)
            found = self.layer(shape, False, form)
            if found is not None and all(one in _words(found.text, self.release) for one in _given(form)):
                return found, shape

    def _form(self, shape: Shape) -> tuple[str, ...]:
        whole = (f"input_shape={shape}",)
        batched = (f"batch_input_shape={(None, *shape)}",)
        forms = [whole, whole]
        if self.is_since("1.0.0"):
            forms.append(batched)
        if len(shape) == 1:
            forms += [(f"input_dim={shape[0]}",)] * 2
        if len(shape) == 2:
            length = (f"input_length={shape[0]}",) if shape[0] is not None else ()
            forms += [(f"input_dim={shape[1]}", *length)] * 2
        return self.chance.choice(forms)

    def _ids(self) -> tuple[Made, Shape] | None:
        length: int | None = self.chance.choice((None, 4, 5, 7))
        if not self.is_since("0.3.3") and self.maybe(0.2):
            made = self.named("WordContextProduct", (2,), first=("input_shape=(2,)",))
            if made is not None:
                return made, (2,)
        told = (f"input_length={length}",) if length is not None else ()
        made = self.named("Embedding", (length,), first=told)
        return (made, (length,)) if made is not None else None

    # --- chains

    def chain(
        self, shape: Shape, masked: bool, length: int, batch: int | None = None
    ) -> tuple[list[Item], Shape, bool]:
        items: list[Item] = []
        for _ in range(length):
            item = self._idiom(shape, masked) if self.maybe(0.15) and batch is None else None
            if item is not None:
                items.append(item[0])
                shape = item[1]
                continue
            made = self.layer(shape, masked, batch=batch)
            if made is None:
                break
            items.append(Item(made.text))
            shape, masked = made.shape, made.masked
        return items, shape, masked

    def _idiom(self, shape: Shape, masked: bool) -> tuple[Item, Shape] | None:
        """A loop over sizes, a helper that adds to the model, a model in the model, sizes in variables."""
        kind = self.chance.choice(("loop", "helper", "size", "nested", "variable"))
        if kind == "nested":
            if masked:
                return None
            return self._nested(shape)
        if kind == "variable":
            made = self.layer(shape, masked)
            if made is None or made.masked != masked:
                return None
            name = self.fresh("layer")
            return Item(None, (f"{name} = {made.text}", f"$.add({name})")), made.shape
        if len(shape) != 1 or masked:
            return None
        sizes = [self.chance.randint(2, 6) for _ in range(self.chance.randint(1, 3))]
        word = self.chance.choice(("'tanh'", "'relu'", "'hard_sigmoid'"))
        if kind == "loop":
            text = f"for size in {tuple(sizes) if self.maybe(0.5) else sizes}:"
            body = [f"    $.add(@Dense(size, activation={word}))"]
            if self.maybe(0.4):
                body.append("    $.add(@Dropout(0.3))")
            return Item(None, (text, *body)), (sizes[-1],)
        name = self.fresh("size")
        if kind == "size":
            return Item(None, (f"$.add(@Dense({name}, init='normal'))",), (f"{name} = {sizes[0]}",)), (sizes[0],)
        block = self.fresh("add_block")
        head = (
            f"def {block}(net, size, activation={word}):",
            "    net.add(@Dense(size))",
            "    net.add(@Activation(activation))",
        )
        return Item(None, (f"{block}($, {sizes[0]})",), head), (sizes[0],)

    def _is_bound_to_one_input(self, texts: list[str]) -> bool:
        """Whether a layer is among these that 1.0 let nobody call a second time."""
        return not self.is_since("1.1.2") and any("BatchNormalization(" in text for text in texts)

    def _nested(self, shape: Shape) -> tuple[Item, Shape] | None:
        if None in shape:
            return None
        first = self.layer(shape, False, (f"input_shape={shape}",))
        if first is None or first.masked:
            return None
        items, end, masked = self.chain(first.shape, False, 1)
        if masked or any(one.layer is None for one in items):
            return None
        if self._is_bound_to_one_input([first.text, *(one.layer or "" for one in items)]):
            return None
        name = self.fresh("part")
        lines = [f"{name} = @Sequential()", f"{name}.add({first.text})"]
        lines += [f"{name}.add({one.layer})" for one in items]
        return Item(None, (f"$.add({name})",), tuple(lines)), end

    def sequential(self, batch: int | None = None) -> tuple[list[Item], Shape, bool]:
        shape = self.input_shape()
        if batch is not None:
            shape = (self.chance.randint(3, 6), self.chance.randint(2, 5))
            made = None
            while made is None:
                name = self.chance.choice(("LSTM", "GRU", "SimpleRNN"))
                made = self._stateful(name, shape, batch)
        else:
            made, shape = self.first_layer(shape)
        items, shape, masked = self.chain(made.shape, made.masked, self.chance.randint(0, 4), batch)
        return [Item(made.text), *items], shape, masked

    def _stateful(self, name: str, shape: Shape, batch: int) -> Made | None:
        entry = next(one for one in at_release(self.release) if one.name == name)
        return draw(
            entry, self.scene(shape, batch), False, 0, ("stateful=True", f"batch_input_shape={(batch, *shape)}")
        )

    # --- programs

    def program(self) -> Program:
        kinds = ["sequential"] * 4 + ["merged"]
        if self.is_since("1.0.0"):
            kinds += ["functional"] * 4
        if not self.is_since("1.1.2"):
            kinds += ["graph"] * 2
        if self.is_since("0.3.3"):
            kinds += ["stateful"]
        kind = self.chance.choice(kinds)
        head: list[str] = []
        if self.release >= "1.0.4" and self.ordering != self.default:
            # a project sets it once, or each layer names it
            self.sets_ordering = self.maybe(0.4)
        if kind == "functional":
            body = self._functional()
        elif kind == "graph":
            body = self._graph()
        elif kind == "merged":
            body = self._merged()
        else:
            items, _, _ = self.sequential(3 if kind == "stateful" else None)
            body, target = self._rendered(items)
            return self._finished(head, body, target)
        return self._finished(head, body, "model")

    def _rendered(self, items: list[Item]) -> tuple[list[str], str]:
        head = [line for item in items for line in item.head]
        single = all(item.layer is not None for item in items)
        kinds = ["adds", "adds", "function", "class", *(["list", "list"] if single else [])]
        kind = self.chance.choice(kinds)
        if kind == "list":
            rows = [f"    {item.layer}," for item in items]
            return [*head, "model = @Sequential([", *rows, "])"], "model"
        name = "self.model" if kind == "class" else "model"
        lines = [f"{name} = @Sequential()"]
        for item in items:
            lines += (
                [f"{name}.add({item.layer})"]
                if item.layer is not None
                else [line.replace("$", name) for line in item.statements]
            )
        if kind == "adds":
            return [*head, *lines], "model"
        if kind == "function":
            body = [f"    {line}" for line in lines]
            return [*head, "", "def build_model():", *body, "    return model", "", "model = build_model()"], "model"
        body = [f"        {line}" for line in lines]
        return [*head, "", "class Net(object):", "    def __init__(self):", *body, "", "net = Net()"], "net.model"

    def _branch(self, name: str) -> tuple[list[str], Shape] | None:
        made, _ = self.first_layer((self.chance.randint(3, 6),) if self.maybe(0.5) else (4, self.chance.randint(2, 5)))
        items, shape, masked = self.chain(made.shape, made.masked, self.chance.randint(0, 2))
        if masked or None in shape:
            return None
        lines = [line for item in items for line in item.head]
        lines += [f"{name} = @Sequential()", f"{name}.add({made.text})"]
        for item in items:
            lines += (
                [f"{name}.add({item.layer})"]
                if item.layer is not None
                else [line.replace("$", name) for line in item.statements]
            )
        if len(shape) > 1:
            lines.append(f"{name}.add(@Flatten())")
            total = 1
            for dim in shape:
                assert dim is not None
                total *= dim
            shape = (total,)
        return lines, shape

    def _merged(self) -> list[str]:
        """Sequential that begins with Merge."""
        while True:
            left, right = self._branch("left"), self._branch("right")
            if left is not None and right is not None:
                break
        mode = self.chance.choice(("sum", "mul", "ave", "concat", "concat"))
        if self.release == "0.2.0" and mode in ("ave",):
            mode = "sum"
        lines = [*left[0], *right[0]]
        size: int | None = self.chance.randint(2, 5)
        if mode == "concat":
            one, other = left[1][-1], right[1][-1]
            assert one is not None
            assert other is not None
            size = one + other
        else:
            lines += [f"left.add(@Dense({size}))", f"right.add(@Dense({size}, activation='tanh'))"]
        how = f"mode='{mode}'"
        if mode == "sum" and self.is_since("1.0.0") and self.maybe(0.5):
            how = f"mode=lambda t: t[0] * 2 - t[1], output_shape=({size},)"
        lines += ["model = @Sequential()", f"model.add(@Merge([left, right], {how}))"]
        items, _, _ = self.chain((size,), False, self.chance.randint(0, 2))
        for item in items:
            lines = [*item.head, *lines]
            lines += (
                [f"model.add({item.layer})"]
                if item.layer is not None
                else [line.replace("$", "model") for line in item.statements]
            )
        return lines

    def _functional(self) -> list[str]:
        lines: list[str] = []
        live: list[Tensor] = []
        inputs: list[str] = []

        def source(shape: Shape) -> Tensor:
            name = self.fresh("input")
            form = f"shape={shape}" if self.maybe(0.7) else f"batch_shape={(None, *shape)}"
            lines.append(f"{name} = @Input({form}{', name=' + repr(name + '_x') if self.maybe(0.2) else ''})")
            inputs.append(name)
            return Tensor(name, shape, False)

        def ids() -> Tensor | None:
            length: int | None = self.chance.choice((None, 4, 6))
            made = self.named("Embedding", (length,))
            if made is None:
                return None
            name = self.fresh("ids")
            lines.append(f"{name} = @Input(shape=({length},), dtype='int32')")
            inputs.append(name)
            lines.append(f"{name}_e = {made.text}({name})")
            return Tensor(f"{name}_e", made.shape, made.masked)

        def applied(tensor: Tensor, text: str, shape: Shape, masked: bool) -> Tensor:
            name = self.chance.choice(("x", "h", "y"))
            name = self.fresh(name)
            if self.maybe(0.12):
                holder = self.fresh("layer")
                lines.append(f"{holder} = {text}")
                text = holder
            lines.append(f"{name} = {text}({tensor.name})")
            return Tensor(name, shape, masked)

        for _ in range(self.chance.choice((1, 1, 2))):
            live.append((ids() if self.maybe(0.2) else None) or source(self.input_shape()))
        touched = False
        for _ in range(self.chance.randint(1, 5)):
            index = self.chance.randrange(len(live))
            tensor = live[index]
            kind = self.chance.choice(("layer", "layer", "layer", "layer", "fork", "merge", "shared", "nested"))
            if kind == "layer":
                made = self.layer(tensor.shape, tensor.masked)
                if made is not None:
                    live[index] = applied(tensor, made.text, made.shape, made.masked)
                    touched = True
            elif kind == "fork" and len(live) < 3:
                made = self.layer(tensor.shape, tensor.masked)
                if made is not None:
                    live.append(applied(tensor, made.text, made.shape, made.masked))
            elif kind == "merge":
                merged = self._merge_tensors(live, index, lines, applied)
                if merged is not None:
                    live = merged
                    touched = True
            elif kind == "shared" and not tensor.masked:
                other = source(tensor.shape)
                made = self.layer(tensor.shape, False)
                if made is not None and not made.masked and not self._is_bound_to_one_input([made.text]):
                    name = self.fresh("shared")
                    lines.append(f"{name} = {made.text}")
                    one, two = self.fresh("a"), self.fresh("b")
                    lines += [f"{one} = {name}({tensor.name})", f"{two} = {name}({other.name})"]
                    live[index] = Tensor(one, made.shape, False)
                    live.append(Tensor(two, made.shape, False))
                    touched = True
                else:
                    live.append(other)
            elif kind == "nested" and not tensor.masked:
                nested = self._nested(tensor.shape)
                if nested is not None:
                    item, shape = nested
                    lines += item.head
                    part = item.statements[0][len("$.add(") : -1]
                    live[index] = applied(tensor, part, shape, False)
                    touched = True
        for index, tensor in enumerate(live):
            if tensor.name in inputs or not touched:
                made = self.some_layer(tensor.shape, tensor.masked)
                live[index] = applied(tensor, made.text, made.shape, made.masked)
        ends = [tensor.name for tensor in live] + self.ends
        given = inputs[0] if len(inputs) == 1 and self.maybe(0.6) else f"[{', '.join(inputs)}]"
        out = ends[0] if len(ends) == 1 and self.maybe(0.6) else f"[{', '.join(ends)}]"
        words = f"{given}, {out}" if self.maybe(0.2) else f"input={given}, output={out}"
        lines.append(f"model = @Model({words})")
        if self.maybe(0.25):
            body = [f"    {line}" for line in lines]
            return ["def make_model():", *body, "    return model", "", "model = make_model()"]
        return lines

    def _merge_tensors(self, live: list[Tensor], index: int, lines: list[str], applied: Apply) -> list[Tensor] | None:
        """Two of the tensors made one; None: they do not fit."""
        tensor = live[index]
        if tensor.masked:
            return self._both_ways(live, index, lines, applied)
        others = [
            one
            for place, one in enumerate(live)
            if place != index and not one.masked and len(one.shape) == len(tensor.shape)
        ]
        modes = ["sum", "mul", "ave", "max", "concat", "concat"]
        size = self.chance.randint(2, 5)
        if others:
            other = self.chance.choice(others)
        else:
            made = self.layer(tensor.shape, False)
            if made is None or made.masked or len(made.shape) != len(tensor.shape):
                return None
            other = applied(tensor, made.text, made.shape, False)
        rank = len(tensor.shape)
        pair = [tensor, other]
        if rank == 1:
            mode = self.chance.choice([*modes, "dot", "cos", "lambda"])
            if mode not in ("concat",):
                pair = [applied(one, f"@Dense({size})", (size,), False) for one in pair]
            shape: Shape = (size,)
            if mode == "concat":
                shape = (_sum(pair[0].shape[0], pair[1].shape[0]),)
            if mode in ("dot", "cos"):
                shape = (1,)
        elif rank == 2 and pair[0].shape[0] == pair[1].shape[0]:
            mode = self.chance.choice(modes)
            time = pair[0].shape[0]
            if mode == "concat":
                shape = (time, _sum(pair[0].shape[1], pair[1].shape[1]))
            else:
                kind = self.chance.choice(("LSTM", "GRU"))
                text = f"@{kind}({size}, return_sequences=True)"
                if time is not None and self.maybe(0.5):
                    text = f"@TimeDistributed(@Dense({size}))"
                pair = [applied(one, text, (time, size), False) for one in pair]
                shape = (time, size)
        elif tensor.shape == other.shape and None not in tensor.shape:
            mode = self.chance.choice(modes)
            shape = tensor.shape
            if mode == "concat":
                shape = (*shape[:-1], _sum(shape[-1], shape[-1]))
        else:
            return None
        name = self.fresh("merged")
        both = f"[{pair[0].name}, {pair[1].name}]"
        if mode == "lambda":
            lines.append(f"{name} = @merge({both}, mode=lambda t: t[0] - t[1], output_shape=({size},))")
        elif self.maybe(0.3):
            lines.append(f"{name} = @Merge(mode='{mode}')({both})")
        else:
            word = f"'{mode}'" if self.maybe(0.3) else f"mode='{mode}'"
            lines.append(f"{name} = @merge({both}, {word})")
        dropped = {tensor.name, other.name}
        if mode == "cos":  # of another rank than it told, so that no layer can follow
            self.ends.append(name)
            return [one for one in live if one.name not in dropped] or None
        return [*(one for one in live if one.name not in dropped), Tensor(name, shape, False)]

    def _both_ways(self, live: list[Tensor], index: int, lines: list[str], applied: Apply) -> list[Tensor] | None:
        """A masked sequence read forwards and backwards, and both made one."""
        tensor = live[index]
        if len(tensor.shape) != 2:
            return None
        size, time = self.chance.randint(2, 5), tensor.shape[0]
        pair = []
        for words in ("", ", go_backwards=True"):
            kind = self.chance.choice(("LSTM", "GRU"))
            pair.append(applied(tensor, f"@{kind}({size}, return_sequences=True{words})", (time, size), True))
        mode = self.chance.choice(("concat", "sum", "mul", "ave"))  # 'max' took no masks
        name = self.fresh("merged")
        lines.append(f"{name} = @merge([{pair[0].name}, {pair[1].name}], mode='{mode}')")
        made = Tensor(name, (time, 2 * size if mode == "concat" else size), True)
        return [*(one for one in live if one.name != tensor.name), made]

    def _graph(self) -> list[str]:
        lines = ["graph = @Graph()"]
        nodes: dict[str, tuple[Shape, bool]] = {}
        used: set[str] = set()
        for _ in range(self.chance.choice((1, 1, 2))):
            name = self.fresh("in")
            shape = self.input_shape()
            lines.append(f"graph.add_input(name='{name}', input_shape={shape})")
            nodes[name] = (shape, False)
        for _ in range(self.chance.randint(1, 4)):
            source = self.chance.choice(list(nodes))
            shape, masked = nodes[source]
            fellow = [
                one
                for one, about in nodes.items()
                if one != source
                and not about[1]
                and not masked
                and about[0][:-1] == shape[:-1]
                and None not in about[0]
            ]
            text = f"input='{source}'"
            takes_two = bool(fellow) and None not in shape and self.maybe(0.5)
            seen = {source}
            if takes_two:
                other = self.chance.choice(fellow)
                seen.add(other)
                same = nodes[other][0] == shape
                mode = self.chance.choice(("sum", "mul", "ave", "concat") if same else ("concat",))
                text = f"inputs=['{source}', '{other}'], merge_mode='{mode}'"
                if mode == "concat":
                    one, two = shape[-1], nodes[other][0][-1]
                    assert one is not None
                    assert two is not None
                    shape = (*shape[:-1], one + two)
            made = self.layer(shape, masked)
            if made is None:
                continue
            name = self.fresh("node")
            lines.append(f"graph.add_node({made.text}, name='{name}', {text})")
            nodes[name] = (made.shape, made.masked)
            used |= seen
        for name in list(nodes):
            if name.startswith("in_") and name not in used:
                made = self.some_layer(*nodes[name])
                node = self.fresh("node")
                lines.append(f"graph.add_node({made.text}, name='{node}', input='{name}')")
                nodes[node] = (made.shape, made.masked)
        ends = [name for name in nodes if name not in used and not name.startswith("in_")]
        lines += [f"graph.add_output(name='out_{name}', input='{name}')" for name in ends]
        return [*lines, "model = graph"]

    # --- the whole text

    def _finished(self, head: list[str], body: list[str], target: str) -> Program:
        text = "\n".join(body)
        text = _WORD.sub(r"@\1", text)
        spelled: dict[str, str] = {}
        imports: list[str] = []
        style = self.chance.choice(("direct", "direct", "direct", "module", "alias", "mixed"))
        for name in sorted(set(_USED.findall(text))):
            home = self._home(name)
            kind = self.chance.choice(("direct", "module", "alias")) if style == "mixed" else style
            if kind == "direct" or name in ("Sequential", "Model", "Graph"):
                imports.append(f"from {home} import {name}")
                spelled[name] = name
            elif kind == "alias":
                imports.append(f"from {home} import {name} as K{name}")
                spelled[name] = f"K{name}"
            else:
                parent, _, last = home.rpartition(".")
                short = last if self.maybe(0.5) else f"k_{last}"
                line = f"from {parent} import {last}" if short == last else f"import {home} as {short}"
                if line not in imports:
                    imports.append(line)
                spelled[name] = f"{short}.{name}"
        text = _USED.sub(lambda match: spelled[match[1]], text)
        if re.search(r"\bK\.", text):
            imports.append(self.chance.choice(("from keras import backend as K", "import keras.backend as K")))
        if self.sets_ordering:
            imports += ["from keras import backend as KB", f"KB.set_image_dim_ordering('{self.ordering}')"]
        source = "\n".join([*imports, "", text, ""])
        return Program(source, self.release, self.style, "theano", target)

    def _home(self, name: str) -> str:
        index = RELEASES.index(self.release)
        found: list[str] = []
        for entry in registry.all_entries():
            if isinstance(entry, (Layer, Function)) and entry.name == name:
                found += [home for home in homes(entry, index) if not home.startswith(UNUSED)]
        if name in ("Sequential", "Model", "Graph"):
            return "keras.models"
        return self.chance.choice(found)


# modules that nobody imports from; the last one raises NameError
UNUSED = ("keras.legacy", "keras.old_models", "keras.layers.timedistributed")


def _sum(one: int | None, other: int | None) -> int | None:
    return None if one is None or other is None else one + other


def _says_its_input(entry: Layer, release: str) -> bool:
    return "**kwargs" in list(entry.signatures.values())[-1] and entry.name not in ("TimeDistributedMerge",)


def _given(form: tuple[str, ...]) -> list[str]:
    """The keywords of a form by which a first layer tells its input that not every layer takes."""
    return [one.partition("=")[0] for one in form if one.startswith(("input_dim", "input_length"))]


def _words(text: str, release: str) -> tuple[str, ...]:
    """The parameters of the layer of a call."""
    name = _USED.findall(text)[0]
    return form_of(next(one for one in at_release(release) if one.name == name), release).names()
