"""Graphs that take another way: through the builder, or to a person; and the small things of their text."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from test_company import migrate

HEAD = "from keras.models import Graph, Sequential\nfrom keras.layers.core import Dense, Lambda, Masking\n\n"
IN = "g = Graph()\ng.add_input('x', (4,))\n"
OUT = "g.add_output('y', 'd')\n"
SIMPLE = IN + "g.add_node(Dense(3), 'd', 'x')\n" + OUT


def first(body: str, code: str, version: str | None = None) -> str:
    """The message of the first finding of a code; "" where there is none."""
    found = check(Module(HEAD + body), CheckSettings(keras_version=version)).findings
    return next((one.message for one in found if one.code == code), "")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("nets = [Graph()]\n", "it is not held by a name at once"),
        ("g = h = Graph()\ng.add_input('x', (4,))\n", "it is held by more than one name"),
        ("g = Graph()\n", "no node of it is added here"),
        (IN + "g.add_node(Dense(3), 'd', 'x')\n", "no output is added to it here"),
        (IN + "for n in 'de':\n    g.add_node(Dense(3), n, 'x')\n" + OUT, "adds to it in another block"),
        (IN + "h = g\nh.add_node(Dense(3), 'd', 'x')\n" + OUT, "adds to it by another name"),
        (IN + "g.add_node(Dense(3), 'd', 'x')\nshow(g)\n" + OUT, "makes use of it before it is whole"),
        (IN + "g.add_node(Dense(3), 'd', 'x')\nw = g.nodes\n" + OUT, "makes use of it before it is whole"),
        (IN + "g.add_node(Dense(3), name(), 'x')\n" + OUT, "the name in line 6 is computed"),
        (IN + "g.add_node(Dense(3), 'd', inputs=names())\n" + OUT, "the names in line 6 are computed"),
        (IN + "g.add_node(Dense(3), 'd', 'z')\n" + OUT, "names `z`, which is no node yet"),
        (IN + "g.add_node(Dense(3), 'x', 'x')\n", "gives a second node of one name"),
        (IN + "g.add_node(Dense(3), 'd')\n" + OUT, "does not say what one thing it is connected to"),
        (IN + "g.add_node(Dense(3), 'd', 'x', create_output=flag)\n" + OUT, "makes an output is not known"),
        (IN + "g.add_node(Dense(3), 'd', 'x', create_output=True)\n" + OUT + OUT, "a second output of one name"),
        (IN + "g.add_node(Dense(3), **more)\n" + OUT, "hands arguments on"),
        (IN + "g.add_node(Dense(3), 'd', inputs=['x', 'x'], merge_mode=m)\n" + OUT, "line 6 is computed"),
        (IN + "if deep:\n    g.add_node(Dense(3), 'd', 'x')\n" + OUT, "adds nodes without an else"),
        (IN + "if deep:\n    pass\nelse:\n    g.add_node(Dense(3), 'd', 'x')\n" + OUT, "only the else of line 9"),
        (IN + "if a:\n    g.add_input('d', (3,))\nelse:\n    g.add_node(Dense(3), 'd', 'x')\n" + OUT, "no plain node"),
        (
            IN + "if deep:\n    g.add_node(Dense(3), 'd', 'x')\nelse:\n    g.add_node(Dense(3), 'e', 'x')\n" + OUT,
            "the arms of line 6 add other nodes",
        ),
        (
            IN + "if a:\n    g.add_node(Dense(3), 'd', 'x')\nelif b:\n    g.add_node(Dense(9), 'd', 'x')\n" + OUT,
            "adds to it in another block",
        ),
        (
            SIMPLE + "m = Sequential()\nm.add(g)\ng.fit({'x': a, 'y': b}, nb_epoch=1)\n",
            "it is a part of another model and is trained by itself",
        ),
        ("g = Graph()\ng.add_input('a/b', (4,))\ng.add_output('y', 'a/b')\n", "is none that Keras 3 takes"),
        ("g = Graph()\ng.add_input('x', (4,), dtype=kind)\ng.add_output('y', 'x')\n", "the dtype of the input"),
        (SIMPLE + "def more(net):\n    net.add_node(Dense(3), 'e', 'd')\n", "not known which one it is"),
        (
            "def build(name):\n    g = Graph()\n    g.add_input(name, (4,))\n    g.add_output('y', name)\n"
            "    return g\nbuild('x')\n",
            "the name in line 6 is computed",
        ),
    ],
)
def test_what_the_builder_is_for(body: str, why: str) -> None:
    assert why in first(body, "K311", "1.0")
    done = migrate(HEAD + body, "1.0.8")
    assert "from tdmigrate.compat import Graph" in done.text
    assert done.again == ()
    assert done.left == ()


@pytest.mark.parametrize(
    ("body", "version", "why"),
    [
        (IN + "g.add_node(Lambda(f), 'd', inputs=['x', 'x'], merge_mode='join')\n" + OUT, "0.3", "merge_mode='join'"),
        ("g = Graph()\ng.add_input('x', ndim=2)\ng.add_output('y', 'x')\n", "0.1", "without a shape"),
        (
            IN + "g.add_node(Dense(2), 'd', inputs=['x', 'x'], merge_mode='dot', dot_axes=2)\n" + OUT,
            "0.3",
            "dot_axes=2 in line 6",
        ),
        (
            "g = Graph()\ng.add_input('x', shape)\n"
            "g.add_node(Dense(2), 'd', inputs=['x', 'x'], merge_mode='cos')\n" + OUT,
            "1.0",
            "what is not proved to be (batch, features)",
        ),
        (
            "g = Graph()\ng.add_input('x', (5, 4))\ng.add_node(Masking(), 'm', 'x')\n"
            "g.add_node(Masking(), 'd', inputs=['m', 'm'], merge_mode='sum')\n" + OUT,
            "0.3",
            "a mask ended at the merge in line 7",
        ),
        (
            "g = Graph()\nfor n in 'ab':\n    g.add_input(n, (4,))\n"
            "g.add_node(Dense(2), 'd', inputs=['a', 'b'], merge_mode='cos')\n" + OUT,
            "0.3",
            "merges otherwise than by",
        ),
        (
            IN + "g.add_node(Dense(3), 'd', 'x', create_output=True)\n" + OUT + "m = Sequential()\nm.add(g)\n",
            "0.3",
            "a part of another model and has several outputs",
        ),
        (IN + "g.add_shared_node(Dense(3), 's', ['x'], outputs=['d', 'e'])\n" + OUT, "1.0", "not as many `outputs`"),
    ],
)
def test_what_is_left_for_a_person(body: str, version: str, why: str) -> None:
    assert why in first(body, "K302", version)
    settings = CheckSettings(keras_version=version)
    found = check(Module(HEAD + body), settings).findings
    assert not [one for one in found if one.code in ("K309", "K311")]


def test_a_mask_that_may_reach_a_merge_is_noted() -> None:
    body = (
        "g = Graph()\ng.add_input('x', (5, 4))\ng.add_node(Masking(), 'm', 'x')\n"
        "g.add_node(Dense(3), 'd', inputs=['m', 'x'], merge_mode='sum')\n" + OUT
    )
    assert "joined masks with `and`" in first(body, "K312", "1.0")
    assert first(body, "K309", "1.0")
    assert first(SIMPLE, "K312", "1.0") == ""


def test_a_code_that_is_not_wanted_leaves_the_graph() -> None:
    for silenced in (HEAD + SIMPLE.replace("Graph()", "Graph()  # tdmigrate: ignore[K309]"),):
        found = check(Module(silenced), CheckSettings()).findings
        assert "K309" not in {one.code for one in found}
        assert [one.code for one in found if "Graph" in one.message and one.severity is Severity.ERROR] == ["K102"]


TEXTS = {
    "the text of names": (
        IN.replace("'x'", '"x"') + 'g.add_node(Dense(3), "d", "x")\ng.add_output("y", "d")\n',
        'x = Input(shape=(4,), name="x")\nd = Dense(3, name="d")(x)\ng = Model(inputs=[x], outputs={"y": d})\n',
    ),
    "a name that the layer has": (
        IN + "g.add_node(Dense(3, name='own'), 'd', 'x')\n" + OUT,
        "x = Input(shape=(4,), name='x')\nd = Dense(3, name='d')(x)\ng = Model(inputs=[x], outputs={'y': d})\n",
    ),
    "a layer that is no call": (
        IN + "g.add_node(a if deep else b, 'd', 'x')\n" + OUT,
        "x = Input(shape=(4,), name='x')\nd = (a if deep else b)(x)\ng = Model(inputs=[x], outputs={'y': d})\n",
    ),
    "weights": (
        IN + "g.add_node(Dense(3, weights=[w, b]), 'd', 'x')\n" + OUT,
        "x = Input(shape=(4,), name='x')\nd = with_initial_weights(Dense(3, name='d'), weights=[w, b])(x)\n"
        "g = Model(inputs=[x], outputs={'y': d})\n",
    ),
    "a name of its own": (
        SIMPLE.replace("Graph()", "Graph(name='net')"),
        "x = Input(shape=(4,), name='x')\nd = Dense(3, name='d')(x)\n"
        "g = Model(inputs=[x], outputs={'y': d}, name='net')\n",
    ),
    "comments": (
        "g = Graph(  # net\n)  # begins\n" + IN.partition("\n")[2] + "g.add_node(Dense(3), 'd', 'x')\n"
        "g.add_output('y',  # why\n             'd')  # ends\nprint(g)\n",
        "# net  # begins\nx = Input(shape=(4,), name='x')\nd = Dense(3, name='d')(x)\n"
        "# why\ng = Model(inputs=[x], outputs={'y': d})  # ends\nprint(g)\n",
    ),
    "two graphs in turns": (
        "g = Graph()\nh = Graph()\ng.add_input('x', (4,))\nh.add_input('x', (3,))\ng.add_output('y', 'x')\n"
        "h.add_output('y', 'x')\n",
        "x = Input(shape=(4,), name='x')\nx_ = Input(shape=(3,), name='x')\ng = Model(inputs=[x], outputs={'y': x})\n"
        "h = Model(inputs=[x_], outputs={'y': x_})\n",
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_the_text(name: str) -> None:
    body, after = TEXTS[name]
    done = migrate(HEAD.replace(", Lambda, Masking", "").replace(", Sequential", "") + body, "1.0.8")
    assert done.text.partition("\n\n")[2] == after
    assert done.again == ()


def test_a_part_of_another_model_gives_its_tensor_alone() -> None:
    done = migrate(HEAD + SIMPLE + "m = Sequential()\nm.add(g)\n", "0.3.3")
    assert "g = Model(inputs=x, outputs=d)\n" in done.text
    assert done.left == ()


def test_inputs_of_0_1_are_told_by_their_layers() -> None:
    body = (
        "g = Graph()\ng.add_input('ids', ndim=2, dtype='int')\ng.add_input('v')\ng.add_input('s', ndim=3)\n"
        "g.add_node(Embedding(9, 3), 'e', 'ids')\ng.add_node(LSTM(3, 5), 'l', 'e')\n"
        "g.add_node(Dense(4, 5), 'h', 'v')\ng.add_node(LSTM(size, 5), 'k', 's')\n"
        "g.add_output('y', inputs=['l', 'h', 'k'], merge_mode='sum')\n"
    )
    head = HEAD + "from keras.layers.recurrent import LSTM\nfrom keras.layers.embeddings import Embedding\n"
    done = migrate(head + body, "0.1.3")
    assert "ids = Input(shape=(None,), dtype='int32', name='ids')\n" in done.text
    assert "v = Input(shape=(4,), name='v')\n" in done.text
    assert "s = Input(shape=(None, size), name='s')\n" in done.text
    assert done.left == ()


def test_a_star_import_stays() -> None:
    done = migrate("from keras.models import *\nfrom keras.layers import *\n\n" + SIMPLE, "1.0.8")
    assert "import *\n\nx = Input(" in done.text


def test_a_name_that_the_source_uses_gets_another() -> None:
    done = migrate(HEAD + "class Model(object):\n    pass\n" + SIMPLE, "1.0.8")
    assert "from keras.models import Model as KerasModel" in done.text
    assert "g = KerasModel(inputs=[x]" in done.text


def test_comments_before_a_bracket() -> None:
    body = SIMPLE.replace("Dense(3)", "Dense  # hidden\n    (3)")
    assert body != SIMPLE
    done = migrate(HEAD + body, "1.0.8")
    assert " = (Dense  # hidden\n    (3, name=" in done.text
    assert done.left == ()
