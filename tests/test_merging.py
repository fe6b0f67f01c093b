"""Every merge of Keras 0.x and 1.x through the whole tool: what is rewritten is proved against genuine Keras."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import pytest

from tdmigrate.results import Proof
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.prover import prove
from test_company import EARLY, LAST, OLD, migrate

VECTORS, SEQUENCES, IMAGES = "(6,)", "(4, 6)", "(2, 4, 6)"
WORDS = ("sum", "mul", "ave", "max", "concat")


class Merged(NamedTuple):
    """A program of one functional model with an output for each merge."""

    name: str
    version: str
    shapes: tuple[str, ...]  # of the inputs a, b, …
    merges: tuple[str, ...]
    head: str = ""  # statements before them

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def text(self) -> str:
        names = "abcdefgh"[: len(self.shapes)]
        lines = [
            "from keras.layers import Input, Dense, Embedding, Flatten, LSTM, Masking, Merge, Reshape, merge",
            "from keras.models import Model",
            "",
            *(f"{name} = Input(shape={shape})" for name, shape in zip(names, self.shapes, strict=True)),
            *self.head.splitlines(),
            *(f"y{index} = {call}" for index, call in enumerate(self.merges)),
            f"model = Model(input=[{', '.join(names)}], output=["
            + ", ".join(f"y{index}" for index in range(len(self.merges)))
            + "])",
        ]
        return "\n".join([*lines, ""])


def elementwise(version: str) -> list[Merged]:
    calls = [f"merge([a, b], mode='{mode}')" for mode in WORDS]
    calls += [f"merge([a, b, a], '{mode}')" for mode in WORDS]
    calls += [f"Merge(mode='{mode}')([b, a])" for mode in WORDS]
    calls += ["merge([a, b])", "merge(inputs=[a, b], mode='sum', name='named')"]
    return [
        Merged(f"words-of-{len(shape.split(','))}", version, (shape, shape), tuple(calls))
        for shape in (VECTORS, SEQUENCES, IMAGES)
    ]


def concatenated(version: str) -> list[Merged]:
    return [
        Merged("last", version, ("(4, 6)", "(4, 5)"), tuple(
            f"merge([a, b], mode='concat'{axis})" for axis in ("", ", concat_axis=-1", ", concat_axis=2"))),
        Merged("middle", version, ("(4, 6)", "(3, 6)"), tuple(
            f"merge([a, b], mode='concat', concat_axis={axis})" for axis in (1, -2))),
        Merged("free", version, ("(None, 6)", "(None, 5)"), ("merge([a, b], 'concat')",)),
        Merged("channels", version, ("(2, 4, 6)", "(3, 4, 6)"), ("merge([a, b], 'concat', 1)",)),
    ]  # fmt: skip


def dotted(version: str) -> list[Merged]:
    dot = "merge([a, b], mode='dot'{})"
    return [
        Merged("vectors", version, (VECTORS, VECTORS), tuple(dot.format(axes) for axes in (
            "", ", dot_axes=-1", ", dot_axes=1", ", dot_axes=[1, 1]", ", dot_axes=(1, 1)"))),
        Merged("matrices", version, ("(4, 6)", "(5, 6)"), tuple(dot.format(axes) for axes in (
            "", ", dot_axes=2", ", dot_axes=(2, 2)"))),
        Merged("crossed", version, ("(4, 6)", "(6, 5)"), tuple(dot.format(axes) for axes in (", dot_axes=(2, 1)",))),
        Merged("attention", version, ("(4,)", "(4, 6)"), (dot.format(", dot_axes=(1, 1)"), dot.format(", dot_axes=1"))),
        Merged("attended", version, ("(4, 6)", "(6,)"), (dot.format(", dot_axes=(2, 1)"), dot.format(", dot_axes=-1"))),
    ]  # fmt: skip


def cosines(version: str) -> list[Merged]:
    cos = "merge([a, b], mode='cos'{})"
    calls = [cos.format(axes) for axes in ("", ", dot_axes=1", ", dot_axes=[1, 1]")]
    calls += ["Merge(mode='cos')([a, b])", "Reshape((1,))(merge([a, b], 'cos'))", "Flatten()(merge([a, b], 'cos'))"]
    if version >= "1.2":  # before, Dense saw the three axes and refused them
        calls += ["Dense(3)(merge([b, a], mode='cos'))"]
    return [Merged("cosines", version, (VECTORS, VECTORS), tuple(calls))]


def functions(version: str) -> list[Merged]:
    head = "def gap(tensors):\n    return tensors[0] - tensors[1]\n"
    calls = [
        "merge([a, b], mode=lambda x: x[0] * x[1] + 1, output_shape=(6,))",
        "merge([a, b], mode=gap, output_shape=lambda shapes: shapes[0])",
        "merge([a, b], gap, output_shape=[6], name='gap')",
        "Dense(3)(Merge(mode=gap, output_shape=(6,))([a, b]))",
    ]
    if version >= "1.1.2":
        calls += ["merge([a, b], mode=lambda x, k: x[0] * k, output_shape=(6,), arguments={'k': 3})"]
    return [Merged("functions", version, (VECTORS, VECTORS), tuple(calls), head)]


def masked(version: str) -> list[Merged]:
    head = (
        "m = Masking()(a)\n"
        "forth = LSTM(3, return_sequences=True)(m)\n"
        "back = LSTM(3, return_sequences=True, go_backwards=True)(m)\n"
    )
    calls = [f"LSTM(2)(merge([forth, back], mode='{mode}'))" for mode in ("sum", "mul", "ave", "concat")]
    calls += [f"merge([forth, back], mode='{mode}')" for mode in ("sum", "ave", "concat", "mul")]
    calls += ["LSTM(2)(merge([forth, back], mode='concat', concat_axis=1))", "merge([m, forth, back], 'concat')"]
    return [Merged("masked", version, (SEQUENCES,), tuple(calls), head)]


class Joined(NamedTuple):
    """A program of one Sequential that begins with a Merge."""

    name: str
    version: str
    parts: tuple[str, ...]  # the layers of left, right, third; each alone in its Sequential
    body: str  # statements that make ``model``

    def __str__(self) -> str:
        return f"{self.name}-{self.version}"

    @property
    def text(self) -> str:
        named = zip(("left", "right", "third"), self.parts, strict=False)
        return "\n".join(
            [
                "from keras.layers.core import Activation, Dense, Flatten, Masking, Merge, Reshape",
                "from keras.layers.recurrent import LSTM",
                "from keras.layers.embeddings import Embedding",
                "from keras.models import Sequential",
                *(f"{name} = Sequential()\n{name}.add({layer})" for name, layer in named),
                self.body,
            ]
        )


ADDED = "model = Sequential()\nmodel.add({})\nmodel.add(Dense(3, activation='tanh'))\nmodel.add(Dense(output_dim=2))\n"
ENDED = "model = Sequential()\nmodel.add({})\nmodel.add(Activation('tanh'))\n"
BEGUN = "model = Sequential()\nmodel.add(Merge([left, right]))\n"
ALIKE = ("Dense(4, input_dim=3)", "Dense(4, input_dim=5)")
RUNS = ("LSTM(4, return_sequences=True, input_shape=(5, 3))", "LSTM(4, return_sequences=True, input_shape=(5, 2))")


def joined(version: str) -> list[Joined]:
    """Each mode, over vectors and sequences."""
    modes = [word for word in WORDS if word != "max" or version >= "1"]
    found = []
    for mode in modes:
        found.append(Joined(f"{mode}-2", version, ALIKE, ADDED.format(f"Merge([left, right], mode='{mode}')")))
        found.append(Joined(f"{mode}-3", version, RUNS, ENDED.format(f"Merge([left, right], '{mode}')")))
    merges = {
        "first-axis": (RUNS, "Merge([left, right], mode='concat', concat_axis=1)"),
        "of-three": ((*ALIKE, "Dense(4, input_dim=2)"), "Merge([right, left, third], mode='ave')"),
        "shared": (ALIKE, "Merge([left, left], mode='mul')"),
        "shared-later": (ALIKE, "Merge([right, left, right], mode='concat')"),
        "dot": (ALIKE, "Merge([left, right], mode='dot')"),
        "dot-1": (ALIKE, "Merge([left, right], mode='dot', dot_axes=1)"),
        "dot-last": (RUNS, "Merge([left, right], mode='dot', dot_axes=-1)"),
    }
    if version >= "1":
        merges["dot-pair"] = (RUNS, "Merge([left, right], mode='dot', dot_axes=(2, 2))")
        merges["dot-steps"] = (RUNS, "Merge([left, right], mode='dot', dot_axes=1)")
        merges["cos"] = (ALIKE, "Merge([left, right], mode='cos')")
        merges["function"] = (
            ALIKE, "Merge([left, right], mode=lambda two: two[0] - two[1], output_shape=lambda shapes: shapes[0])",
        )  # fmt: skip
    else:
        merges["tuple"] = (ALIKE, "Merge((left, right))")
        merges["dot-pair"] = (RUNS, "Merge([left, right], mode='dot', dot_axes=([2], [2]))")
        merges["dot-steps"] = (RUNS, "Merge([left, right], mode='dot', dot_axes=[[1], [1]])")
        merges["cos"] = (ALIKE, "Merge([left, right], mode='cos', dot_axes=1)")
        merges["cos-nested"] = (ALIKE, "Merge([left, right], mode='cos', dot_axes=([1], [1]))")
    return found + [Joined(name, version, parts, ENDED.format(call)) for name, (parts, call) in merges.items()]


def shaped(version: str) -> list[Joined]:
    """Each way to write it."""
    bodies = {
        "loop": BEGUN + "for size in (3, 2):\n    model.add(Dense(size))\nmodel.add(Activation('tanh'))\n",
        "branch": BEGUN + "if len('abc') == 3:\n    model.add(Dense(2))\nelse:\n    model.add(Dense(3))\n"
        "model.add(Activation('tanh'))\n",
        "list": "parts = [right, left]\n" + ADDED.format("Merge(parts, mode='concat')"),
        "variable": "merged = Merge([left, right], mode='concat')\n" + ADDED.format("merged"),
        "nested": "inner = Sequential()\ninner.add(Merge([left, right], mode='concat'))\ninner.add(Dense(4))\n"
        "last = Sequential()\nlast.add(Dense(4, input_dim=2))\n" + ADDED.format("Merge([last, inner], mode='mul')"),
        "inside": BEGUN.replace("model", "inner") + "inner.add(Dense(3))\n"
        "model = Sequential()\nmodel.add(inner)\nmodel.add(Dense(4, activation='tanh'))\n",
        "model-inside": "tail = Sequential()\ntail.add(Dense(3, input_dim=4))\ntail.add(Dense(2))\n"
        f"{BEGUN}model.add(tail)\nmodel.add(Dense(5))\n",
        "function": "def build(a, b):\n    model = Sequential()\n    model.add(Merge([a, b], mode='mul'))\n"
        "    model.add(Dense(3))\n    return model\n\n\nmodel = build(left, right)\n",
        "named-x": "x = 3\n" + ADDED.format("Merge([left, right])"),
        "calls": "def part(n):\n    one = Sequential()\n    one.add(Dense(4, input_dim=n))\n    return one\n\n\n"
        + ADDED.format("Merge([part(2), left, part(3)], mode='concat')"),
        "one-line": "model = Sequential(); model.add(Merge([left, right])); model.add(Dense(3))  # end\n",
    }
    if version < "1":
        head = "from keras.layers.core import LambdaMerge\n"
        bodies["lambda-merge"] = head + ADDED.format(
            "LambdaMerge([left, right], lambda two: two[0] * two[1], output_shape=[4])"
        )
        bodies["lambda-merge-of"] = head + ADDED.format(
            "LambdaMerge([left, right], function=lambda two, k: two[0] - k * two[1], arguments={'k': 3})"
        )
    if version >= "1":
        bodies["display"] = "model = Sequential([Merge([left, right], mode='concat'), Dense(3), Dense(output_dim=2)])\n"
        bodies["display-added"] = (
            "model = Sequential([\n    Merge([left, right], mode='concat'),  # both\n    Dense(3),\n])\n"
            "model.add(Dense(2))\n"
        )
    return [Joined(name, version, ALIKE, body) for name, body in bodies.items()]


MODELS = [one for family in (joined, shaped) for version in (OLD, EARLY, LAST) for one in family(version)]
FAMILIES = (elementwise, concatenated, dotted, cosines, functions, masked)
TENSORS = [one for family in FAMILIES for version in (EARLY, LAST) for one in family(version)]


@pytest.mark.parametrize("program", [*TENSORS, *MODELS], ids=str)
def test_nothing_is_left_and_a_second_run_is_quiet(program: Merged | Joined) -> None:
    done = migrate(program.text, program.version)
    assert done.left == ()
    assert done.again == ()
    assert "merge(" not in done.text.lower()


def jobs(programs: Sequence[Merged | Joined]) -> list[Job]:
    return [
        Job(str(one), 1, one.text, "model", migrate(one.text, one.version).text, "model", one.version, finished=True)
        for one in programs
    ]


@pytest.fixture(scope="module")
def proofs(legacy_path: Path) -> dict[str, Proof]:
    made = jobs([*TENSORS, *MODELS])
    return {job.model: proof for job, proof in zip(made, prove(made, legacy_path), strict=True)}


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("program", [*TENSORS, *MODELS], ids=str)
def test_it_computes_what_the_old_one_did(program: Merged | Joined, proofs: dict[str, Proof]) -> None:
    proof = proofs[str(program)]
    assert proof.status == "equal", proof


# --- what only a person can decide, and what is told ----------------------------------------------------------------

PARTS = (
    "from keras.layers.core import Dense, LambdaMerge, Masking, Merge, TimeDistributedDense\n"
    "from keras.layers.recurrent import LSTM\n"
    "from keras.layers import merge, Input\n"
    "from keras.models import Model, Sequential\n"
    "left = Sequential()\n"
    "left.add(Dense(4, input_dim=3))\n"
    "right = Sequential()\n"
    "right.add(Dense(4, input_dim=3))\n"
    "a, b = Input(shape=(4, 6)), Input(shape=(4, 6))\n"
)
LEFT = {
    "used between": (BEGUN + "model.summary()\nmodel.add(Dense(2))\n", "for each layer"),
    "helper": (BEGUN + "def more(m):\n    m.add(Dense(2))\nmore(model)\n", "for each layer"),
    "function that adds": (BEGUN + "def more():\n    model.add(Dense(2))\nmore()\n", "for each layer"),
    "popped": (BEGUN + "model.add(Dense(2))\nmodel.layers.pop()\n", "for each layer"),
    "other name": (BEGUN + "other = model\nother.summary()\nmodel.add(Dense(3))\n", "for each layer"),
    "first layer in a branch": (
        "model = Sequential()\nif a:\n    model.add(Merge([left, right]))\nmodel.add(Dense(2))\n",
        "for each layer",
    ),
    "part that changes": (BEGUN + "left = Sequential()\nmodel.add(Dense(2))\n", "for each layer"),
    "part that grows": (BEGUN + "left.add(Dense(4))\nmodel.add(Dense(2))\n", "for each layer"),
    "global": (
        "def build():\n    global model\n    model = Sequential()\n    model.add(Merge([left, right]))\nbuild()\n"
        "model.add(Dense(2))\n",
        "for each layer",
    ),
    "later block": (
        "if a:\n    model = Sequential()\n    model.add(Merge([left, right]))\nmodel.add(Dense(2))\n",
        "for each layer",
    ),
    "next turn": (
        "for turn in range(2):\n    if turn:\n        model.add(Dense(2))\n    model = Sequential()\n"
        "    model.add(Merge([left, right]))\n",
        "for each layer",
    ),
    "layers": (BEGUN.replace("[left, right]", "[Dense(3, input_dim=2), Dense(3, input_dim=2)]"), "it merges layers"),
    "mode": ("y = merge([a, b], mode=word)\n", "`mode` cannot be told"),
    "mode of a parameter": (
        "def join(mode='sum'):\n    return merge([a, b], mode=mode)\n\n\ny = join()\nz = join('sum')\n",
        "`mode` cannot be told",
    ),
    "mode that changes": ("word = 'sum'\nif a:\n    word = 'mul'\ny = merge([a, b], mode=word)\n", "cannot be told"),
    "parameter": (
        "def call(f):\n    return f([a, b], mode='sum')\n\n\ny = call(merge)\n",
        "may be another function",
    ),
    "join": ("y = Merge([left, right], mode='join')\n", "mode 'join' is gone"),
    "open": ("y = merge([a, b], **options)\n", "its arguments cannot be told"),
    "indices": ("y = Merge([left, right], node_indices=[0, 1])\n", "`node_indices` is gone"),
    "batch": ("y = merge([a, b], mode='concat', concat_axis=0)\n", "concat_axis=0"),
    "batch dot": ("y = merge([a, b], mode='dot', dot_axes=0)\n", "`dot_axes`"),
    "cos of sequences": ("y = merge([a, b], mode='cos')\n", "(batch, features)"),
    "takes masks": ("y = merge([a, b], mode=lambda x, mask: x[0], output_shape=(4, 6))\n", "takes masks"),
    "gives a mask": ("y = merge([a, b], lambda x: x[0], output_shape=(4, 6), output_mask=f)\n", "`output_mask`"),
    "masks that differ": ("y = merge([Masking()(a), Masking()(b)], mode='concat')\n", "trap C23"),
    "one mask": ("y = merge([Masking()(a), b])\n", "trap C23"),
    "mask of a shared model": (
        "mask = Sequential([Masking()])\ny = merge([mask(a), mask(b)], mode='mul')\n",
        "trap C23",
    ),
}


@pytest.mark.parametrize("name", LEFT)
def test_what_only_a_person_can_decide(name: str) -> None:
    text, words = LEFT[name]
    done = migrate(PARTS + text, LAST)
    assert [line for line in done.left if line.startswith("K302") and words in line], done
    assert "K307" not in done.again
    assert text.rstrip() in done.text.replace("input_shape=(2,)", "input_dim=2")


OLDER = {
    "dot of two axes": ("Merge([left, right], mode='dot', dot_axes=2)", "`dot_axes`"),
    "cos without axes": ("Merge([left, right], mode='cos')", "dot_axes"),
    "masks": ("Merge([masked, masked], mode='sum')", "dropped the masks"),
    "train": ("LambdaMerge([left, right], lambda two, train: two[0])", "`train`"),
}


@pytest.mark.parametrize("name", OLDER)
def test_what_only_a_person_can_decide_of_0_x(name: str) -> None:
    call, words = OLDER[name]
    head = "masked = Sequential()\nmasked.add(Masking(input_shape=(4, 6)))\n"
    done = migrate(PARTS + head + ADDED.format(call), OLD)
    assert [line for line in done.left if line.startswith("K302") and words in line], done


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("def f(c, d):\n    return merge([c, d], mode='sum')\n", "if its inputs have masks"),
        ("y = Merge(mode='cos')([Input(shape=(3,)), Input(shape=(3,))])\n", "gave (batch, 1, 1)"),
        (BEGUN + "model.add(Dense(2))\nw = model.get_weights()\n", "`get_weights` of a model that began with Merge"),
    ],
)
def test_what_may_be_other_numbers_is_told(text: str, words: str) -> None:
    assert any(line.startswith("K308") and words in line for line in migrate(PARTS + text, LAST).notes)


def test_a_constant_of_the_module_is_as_good_as_its_value() -> None:
    done = migrate(PARTS + "WORD = 'mul'\ny = merge([a, b], mode=WORD)\n", LAST)
    assert done.text.endswith("WORD = 'mul'\ny = Multiply()([a, b])\n")


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("f = merge\ny = f([a, b], mode='mul')\n", "f = merge\ny = Multiply()([a, b])\n"),
        (
            "def Add(x):\n    return merge([x, a])\n",
            "def Add(x):\n    return KerasAdd()([x, a])\n",
        ),
        ("import keras.layers as L\ny = L.merge([a, b], 'ave')\n", "y = L.Average()([a, b])\n"),
        ("y = merge([a,  # one\n           b], 'max')\n", "y = Maximum()([a,  # one\n           b])\n"),
        ("y = merge([a, b],  # both\n          'max')\n", "# both\ny = Maximum()([a, b])\n"),
        ("join = Merge(mode='concat')\ny = join([a, b])\n", "join = Concatenate()\ny = join([a, b])\n"),
    ],
)
def test_each_way_to_call_it(text: str, after: str) -> None:
    done = migrate(PARTS + text, LAST)
    assert done.text.endswith(after)
    assert done.again == ()


def test_inputs_of_known_masks_are_not_told() -> None:
    assert not any("masks" in line for line in migrate(PARTS + "y = merge([a, b])\n", LAST).notes)


@pytest.mark.parametrize(("mode", "is_told"), [("mul", True), ("sum", False), ("concat", False)])
def test_a_product_behind_a_mask_is_told(mode: str, is_told: bool) -> None:
    body = f"ids = Input((5,))\ne = Embedding(7, 4, mask_zero=True)(ids)\ny = merge([e, e], '{mode}')\n"
    head = "from keras.layers import Embedding, Input, merge\n"
    assert any("zeros now" in line for line in migrate(head + body, LAST).notes) is is_told


def test_an_input_that_several_parts_have_is_one_input_of_the_model() -> None:
    text = BEGUN.replace("model", "inner") + "last = Sequential()\nlast.add(Merge([left, inner], mode='mul'))\n"
    done = migrate(PARTS + text, LAST)
    assert "last = Model(inputs=left.inputs + right.inputs, outputs=x)" in done.text


def test_models_side_by_side_share_no_name() -> None:
    text = (
        "one = Sequential()\none.add(Merge([left, right]))\ntwo = Sequential()\ntwo.add(Merge([right, left]))\n"
        "one.add(Dense(2))\ntwo.add(Dense(3))\n"
    )
    done = migrate(PARTS + text, LAST)
    assert done.text.endswith(
        "x = Add()([left.outputs[0], right.outputs[0]])\n"
        "merged = Add()([right.outputs[0], left.outputs[0]])\n"
        "x = Dense(2)(x)\n"
        "one = Model(inputs=left.inputs + right.inputs, outputs=x)\n"
        "merged = Dense(3)(merged)\n"
        "two = Model(inputs=right.inputs + left.inputs, outputs=merged)\n"
    )


def test_weights_are_set_when_a_layer_of_such_a_model_is_built() -> None:
    done = migrate(PARTS + BEGUN + "model.add(Dense(2, weights=[w, b]))\n", LAST)
    assert done.left == ()
    assert "x = with_initial_weights(Dense(2), weights=[w, b])(x)\n" in done.text
    assert done.again == ()
