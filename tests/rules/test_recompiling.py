"""Optimizers of several compiles, layers that are frozen after compile, and arguments that come in by a dict."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity
from tdmigrate.rules.context import CheckSettings

from .migrating import GRAPH, findings, migrate

HEAD = """\
from keras.models import Sequential
from keras.layers import Dense
from keras.optimizers import SGD, Adam


def build():
    return Sequential([Dense(3, input_dim=4)])


"""
LOOP = "for fold in range(3):\n    build().compile(optimizer={}, loss='mse')\n"
FUNCTION = "def train({}):\n    build().compile(optimizer=opt, loss='mse')\n\n\n{}"
SHARED = {
    "loop": "opt = SGD()\n" + LOOP.format("opt"),
    "recompiled": "opt = SGD()\nm = build()\nm.compile(opt, 'mse')\nm.compile(opt, 'mse')\n",
    "its own": "m = build()\nm.compile(SGD(), 'mse')\nm.compile(m.optimizer, 'mse')\n",
    "two models": "opt = SGD()\na, b = build(), build()\na.compile(opt, 'mse')\nb.compile(opt, 'mse')\n",
    "global": "OPT = SGD()\n\n\ndef run():\n    build().compile(OPT, 'mse')\n\n\nrun()\nrun()\n",
    "default": FUNCTION.format("opt=SGD()", "train()\ntrain()\n"),
    "parameter": FUNCTION.format("opt", "sgd = SGD()\nfor fold in range(3):\n    train(sgd)\n"),
    "unknown callers": FUNCTION.format("opt", ""),
    "parameter in a loop": (
        "def train(opt):\n    for fold in range(3):\n        build().compile(opt, 'mse')\n\n\ntrain(SGD())\n"
    ),
    "dict": "OPTS = {'sgd': SGD(), 'adam': Adam()}\n" + LOOP.format("OPTS['adam']"),
    "list": "opts = [SGD(), Adam()]\nfor i in range(2):\n    for o in opts:\n        build().compile(o, 'mse')\n",
    "items": (
        "opts = {'sgd': SGD()}\nfor fold in range(2):\n    for name, opt in opts.items():\n"
        "        build().compile(opt, 'mse')\n"
    ),
    "alias": "sgd = SGD()\nopt = sgd\n" + LOOP.format("opt"),
    "choice": "sgd = SGD()\n" + LOOP.format("sgd if fold else Adam()"),
    "getter": "OPT = SGD()\n\n\ndef get():\n    return OPT\n\n\n" + LOOP.format("get()"),
    "attribute": (
        "class Net(object):\n    def __init__(self):\n        self.opt = SGD()\n        self.m = build()\n\n"
        "    def thaw(self):\n        self.m.compile(self.opt, 'mse')\n"
    ),
}
ALONE = {
    "once": "opt = SGD()\nm = build()\nm.compile(opt, 'mse')\nprint(opt.get_config())\n",
    "made in the loop": "for fold in range(3):\n    opt = SGD()\n    build().compile(opt, 'mse')\n",
    "made in the call": LOOP.format("SGD()"),
    "made again": "m = build()\nopt = SGD()\nm.compile(opt, 'mse')\nopt = Adam(0.01)\nm.compile(opt, 'mse')\n",
    "each of a list": "for opt in [SGD(), Adam()]:\n    build().compile(opt, 'mse')\n",
    "made for each call": FUNCTION.format("opt", "for fold in range(3):\n    train(SGD())\n"),
    "one call": "OPT = SGD()\n\n\ndef main():\n    build().compile(OPT, 'mse')\n\n\nmain()\n",
    "one of two": "if fast:\n    opt = SGD()\nelse:\n    opt = Adam()\nbuild().compile(opt, 'mse')\n",
    "a name": "name = 'sgd'\n" + LOOP.format("name"),
    "names": "names = ['sgd', 'adam']\nfor i in range(2):\n    for n in names:\n        build().compile(n, 'mse')\n",
    "by default a name": FUNCTION.format("opt='sgd'", ""),
    "command line": (
        "import argparse\n\nargs = argparse.ArgumentParser().parse_args()\n" + LOOP.format("args.optimizer")
    ),
    "maker": "def new():\n    return SGD()\n\n\n" + LOOP.format("new()"),
}


@pytest.mark.parametrize("name", SHARED)
def test_a_shared_optimizer_is_made_afresh(name: str) -> None:
    for style in ("faithful", "exact"):
        new, _ = migrate(HEAD + SHARED[name], style=style)
        assert new.count("fresh_optimizer(") == new.count(".compile(") - new.count("compile(SGD("), new


@pytest.mark.parametrize("name", ALONE)
def test_an_optimizer_of_one_compile_stays(name: str) -> None:
    assert "fresh_optimizer" not in migrate(HEAD + ALONE[name])[0]


def test_a_graph_gets_an_optimizer_of_its_own() -> None:
    compiled = "graph.compile('sgd', {'y': 'mse'})"
    shared = GRAPH.replace(compiled, "for fold in range(2):\n    graph.compile(opt, {'y': 'mse'})")
    text = shared.replace("graph = Graph()", "from keras.optimizers import SGD\n\nopt = SGD()\ngraph = Graph()")
    new, _ = migrate(text, "0.3.3")
    assert "    graph.compile(fresh_optimizer(opt), " in new


def test_modern_style_asks_for_another_optimizer() -> None:
    new, found = migrate(HEAD + SHARED["loop"], style="modern")
    assert "fresh_optimizer" not in new
    assert [one.code for one in found if "several compiles" in one.message] == ["K305"]


def test_a_string_that_may_come_is_the_optimizer_that_is_made_afresh() -> None:
    new, _ = migrate(HEAD + FUNCTION.format("opt", "sgd = SGD()\ntrain(sgd)\ntrain(sgd)\ntrain('adam')\n"))
    assert "optimizer=fresh_optimizer(Adam(epsilon=1e-08) if opt == 'adam' else opt)" in new


NET = """\
net = Sequential([Dense(3, input_dim=4), Dense(2)])
"""
KEPT = {
    "layer": NET + "net.compile('sgd', 'mse')\nnet.layers[0].trainable = False\nnet.fit(x, y)\n",
    "layers": NET + (
        "net.compile('sgd', 'mse')\nfor layer in net.layers[:1]:\n    layer.trainable = False\nnet.fit(x, y)\n"
    ),
    "loop": NET + (
        "net.compile('sgd', 'mse')\nfor i in range(2):\n    net.fit(x, y)\n    net.layers[0].trainable = False\n"
    ),
    "named": (
        "first = Dense(3, input_dim=4)\nnet = Sequential()\nnet.add(first)\nnet.compile('sgd', 'mse')\n"
        "first.trainable = False\nnet.fit(x, y)\n"
    ),
    "got": NET + "net.compile('sgd', 'mse')\nlayer = net.get_layer('a')\nlayer.trainable = False\nnet.fit(x, y)\n",
    "built": (
        "def make():\n    net = build()\n    net.compile('sgd', 'mse')\n    return net\n\n\n"
        "net = make()\nnet.layers[0].trainable = False\nnet.fit(x, y)\n"
    ),
    "helper": (
        "def run(model):\n    model.fit(x, y)\n\n\n" + NET + "net.compile('sgd', 'mse')\n"
        "net.layers[0].trainable = False\nrun(net)\n"
    ),
    "list": (
        "stack = [Dense(3, input_dim=4), Dense(2)]\nnet = Sequential(stack)\nnet.compile('sgd', 'mse')\n"
        "for layer in stack:\n    layer.trainable = False\nnet.fit(x, y)\n"
    ),
    "dict": (
        "parts = {'top': Dense(3, input_dim=4)}\nnet = Sequential()\nnet.add(parts['top'])\n"
        "net.compile('sgd', 'mse')\nparts['top'].trainable = False\nnet.fit(x, y)\n"
    ),
    "function": (
        "def switch(model, flag):\n    for layer in model.layers:\n        layer.trainable = flag\n\n\n" + NET
        + "net.compile('sgd', 'mse')\nswitch(net, False)\nnet.fit(x, y)\n"
    ),
    "imported": "from tools import freeze\n" + NET + "net.compile('sgd', 'mse')\nfreeze(net)\nnet.fit(x, y)\n",
    "attribute": (
        "from keras.layers import Input\nfrom keras.models import Model\n\n\nclass Nets(object):\n"
        "    def __init__(self):\n        self.low, i = Dense(3), Input((4,))\n        self.top = Dense(2)\n"
        "        net = Model(i, self.top(self.low(i)))\n        net.compile('sgd', 'mse')\n"
        "        self.top.trainable = False\n        net.fit(x, y)\n"
    ),
    "judge": (
        "net = build()\nnet.compile('sgd', 'mse')\nnet.trainable = False\nboth = Sequential()\nboth.add(build())\n"
        "both.add(net)\nboth.compile('sgd', 'mse')\nfor i in range(2):\n    net.train_on_batch(x, y)\n"
        "    both.train_on_batch(x, y)\n"
    ),
}  # fmt: skip
LEFT = {
    "compiled again": NET + (
        "net.layers[0].trainable = False\nnet.compile('sgd', 'mse')\nnet.fit(x, y)\nfor layer in net.layers:\n"
        "    layer.trainable = True\nnet.compile('sgd', 'mse')\nnet.fit(x, y)\n"
    ),
    "before": NET + "net.layers[0].trainable = False\nnet.compile('sgd', 'mse')\nnet.fit(x, y)\n",
    "another": NET + "net.compile('sgd', 'mse')\nother = build()\nother.trainable = False\nnet.fit(x, y)\n",
    "function before": "from tools import freeze\n" + NET + "freeze(net)\nnet.compile('sgd', 'mse')\nnet.fit(x, y)\n",
    "of a layer's own": NET + (
        "net.compile('sgd', 'mse')\n\n\nclass Own(Layer):\n    def __init__(self):\n        self.trainable = False\n"
        "\n\nnet.fit(x, y)\n"
    ),
    "in turn": NET + (
        "net.compile('sgd', 'mse')\nfor i in range(2):\n    net.trainable = True\n    net.train_on_batch(x, y)\n"
        "    net.trainable = False\n    around.train_on_batch(x, y)\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", KEPT)
def test_what_was_trainable_at_compile_is_kept(name: str) -> None:
    new, found = migrate(HEAD + KEPT[name])
    assert [one.severity for one in found if one.code == "K326"] == [Severity.WARNING]
    lines = [line.strip() for line in new.splitlines()]
    assert lines[lines.index("net.compile('sgd', 'mse')") + 1] == "keep_trainable(net)"
    assert lines.count("keep_trainable(net)") == 1


@pytest.mark.parametrize("name", LEFT)
def test_flags_that_a_compile_follows_are_left(name: str) -> None:
    assert "K326" not in {one.code for one in migrate(HEAD + LEFT[name])[1]}


@pytest.mark.parametrize(
    ("added", "flag", "left"),
    [
        ("both.add(net)\nboth.add(Dense(1))", "False", True),
        ("both.add(net)\nboth.add(Dense(1))", "True", False),
        ("both.add(Dense(4, input_dim=4))\nboth.add(net)", "False", False),
    ],
)
def test_a_sequential_that_another_begins_with_was_trained_whatever_its_flag(added: str, flag: str, left: bool) -> None:
    text = f"{HEAD}{NET}both = Sequential()\n{added}\nnet.trainable = {flag}\nboth.compile('sgd', 'mse')\n"
    found = [one for one in migrate(text)[1] if "another one begins with" in one.message]
    assert [(one.code, one.fix) for one in found] == ([("K326", None)] if left else [])


def test_1_0_looked_at_layers_in_the_first_step() -> None:
    assert "K326" not in {one.code for one in migrate(HEAD + KEPT["layer"], "1.0.8")[1]}
    assert "keep_trainable(net)" in migrate(HEAD + KEPT["judge"], "1.0.8")[0]


def test_modern_style_says_where_to_set_it() -> None:
    new, found = migrate(HEAD + KEPT["layer"], style="modern")
    assert "keep_trainable" not in new
    assert "K326" in {one.code for one in found}


MODEL = "from keras.models import Sequential\n\nmodel = Sequential()\n"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.fit(x, y, nb_epoch=2, class_weight='auto')", "model.fit(x, y, epochs=2)"),
        ("model.train_on_batch(x, y, 'auto')", "model.train_on_batch(x, y, class_weight=None)"),
        (
            "w = compute_class_weight('balanced', c, y)\nmodel.fit(x, y, nb_epoch=2, class_weight=w)",
            "w = compute_class_weight('balanced', c, y)\nmodel.fit(x, y, epochs=2)",
        ),
    ],
)
def test_weights_of_classes_that_are_no_dict_go(before: str, after: str) -> None:
    new, found = migrate(MODEL + before + "\n")
    assert new == MODEL + after + "\n"
    assert not [one for one in found if "weight 0" in one.message]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("o = dict(nb_epoch=1)\nmodel.fit(x, y, **o)", "o = dict(epochs=1)\nmodel.fit(x, y, **o)"),
        (
            "o = dict(nb_epoch=1)\nmodel.fit(x, y, **o)\nmodel.fit(u, v, **o)",
            "o = dict(epochs=1)\nmodel.fit(x, y, **o)\nmodel.fit(u, v, **o)",
        ),
        (
            "o = {'verbose': 0}\no['nb_epoch'] = 3\nmodel.fit(x, y, **o)",
            "o = {'verbose': 0}\no['epochs'] = 3\nmodel.fit(x, y, **o)",
        ),
        (
            "o = dict(verbose=0)\no.update(nb_epoch=3)\nmodel.fit(x, y, **o)",
            "o = dict(verbose=0)\no.update(epochs=3)\nmodel.fit(x, y, **o)",
        ),
        (
            "def train(m, **kw):\n    m.fit(x, y, **kw)\n\n\ntrain(model, nb_epoch=2)\ntrain(model, nb_epoch=3)",
            "def train(m, **kw):\n    m.fit(x, y, **kw)\n\n\ntrain(model, epochs=2)\ntrain(model, epochs=3)",
        ),
        (
            "def train(m, o):\n    m.fit(x, y, **o)\n\n\ntrain(model, dict(nb_epoch=2))\ntrain(model, {'nb_epoch': 3})",
            "def train(m, o):\n    m.fit(x, y, **o)\n\n\ntrain(model, dict(epochs=2))\ntrain(model, {'epochs': 3})",
        ),
        (
            "def a(m, **kw):\n    m.fit(x, y, **kw)\n\n\ndef b(**kw):\n    log(**kw)\n\n\na(model, nb_epoch=2)",
            "def a(m, **kw):\n    m.fit(x, y, **kw)\n\n\ndef b(**kw):\n    log(**kw)\n\n\na(model, epochs=2)",
        ),
        (
            "def build(**kw):\n    model.compile('sgd', **kw)\n\n\nbuild(loss='hinge')",
            "def build(**kw):\n    model.compile('sgd', **kw)\n\n\nbuild(loss=hinge)",
        ),
        (
            "o = dict(loss='mse', optimizer='adam')\nmodel.compile(**o)",
            "o = dict(loss='mse', optimizer=Adam(epsilon=1e-08))\nmodel.compile(**o)",
        ),
    ],
)
def test_arguments_are_renamed_where_their_dict_is_made(before: str, after: str) -> None:
    new, found = migrate(MODEL + before + "\n")
    lines = [line for line in new.splitlines(True) if not line.startswith(("from keras.opt", "from tdmigrate"))]
    assert "".join(lines) == MODEL + after + "\n"
    assert not [one for one in found if one.fix is None]


@pytest.mark.parametrize(
    "text",
    [
        "o = dict(nb_epoch=1)\nmodel.fit(x, y, **o)\nprint(o['nb_epoch'])\n",
        "o = dict(nb_epoch=1)\nmodel.fit(x, y, **o)\nlog(**o)\n",
        "o = {'nb_epoch': 1}\nmodel.fit(x, y, **o)\nprint(o.get('nb_epoch'))\n",
        "model.fit(x, y, **settings())\n",
        "def train(m, **kw):\n    m.fit(x, y, **kw)\n\n\ntrain(model)\ntrain(model, nb_epoch=2)\n",
        "model.fit_generator(batches, samples_per_epoch=100, nb_epoch=2)\n",
        "model.evaluate_generator(batches, val_samples=100)\n",
        "model.predict_generator(batches, val_samples=100)\n",
    ],
)
def test_what_is_open_stays_a_finding(text: str) -> None:
    new, found = migrate(MODEL + text)
    left = findings(new, CheckSettings(keras_version="1.2.2"))
    assert [one.code for one in left if one.severity is Severity.ERROR] == ["K305"]
    assert not [one for one in (*found, *left) if "has no argument" in one.message]


@pytest.mark.parametrize("made", ["dict(nb_epoch=3)", "{'nb_epoch': 3}"])
def test_a_dict_of_arguments_proves_the_release(made: str) -> None:
    for text in (f"settings = {made}\nmodel.fit(x, y, **settings)\n", f"model.fit(x, y, **{made})\n"):
        assert "K303" in {one.code for one in findings(MODEL + text)}


@pytest.mark.parametrize("call", ["fit(x, y, nb_epoch=3, **more)", "evaluate(x, y, **more)", "predict(x, **more)"])
def test_nothing_is_asked_where_all_that_may_come_is_as_it_was(call: str) -> None:
    assert not [one for one in migrate(f"{MODEL}model.{call}\n")[1] if one.code == "K305"]


BARE = "model = Sequential()\nmodel.add(Dense(1, input_dim=4, init='zero'))\n"


@pytest.mark.parametrize(
    ("lines", "empty"),
    [
        ("model.compile('sgd', 'mse', metrics=['mae'])\nmodel.compile('sgd', 'mse')\n", 1),
        ("model.compile('sgd', 'mse', metrics=['mae'])\nmodel.compile('sgd', 'mse', metrics=None)\n", 1),
        ("model.compile('sgd', 'mse')\nmodel.compile('sgd', 'mse', metrics=['mae'])\n", 0),
        ("model.compile('sgd', 'mse', metrics=[])\nmodel.compile('sgd', 'mse')\n", 1),
        (f"model.compile('sgd', 'mse', metrics=['mae'])\n{BARE}model.compile('sgd', 'mse')\n", 0),
        ("for k in (1, 2):\n    model.compile('sgd', 'mse')\n    model.compile('sgd', 'mse', metrics=['mae'])\n", 1),
    ],
)
def test_a_compile_without_metrics_empties_those_of_an_earlier_one(lines: str, empty: int) -> None:
    head = "from keras.layers import Dense\nfrom keras.models import Sequential\n"
    assert migrate(f"{head}{BARE}{lines}")[0].count("metrics=[])") == empty
