"""Sources that import no Keras and use models that other files of their project make."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import pytest

from tdmigrate.cli import main

NET = """\
from keras.models import Sequential
from keras.layers.core import Dense


def build(n=3):
    model = Sequential()
    model.add(Dense(n, input_dim=4, init='uniform'))
    model.compile(loss='mse', optimizer='sgd')
    return model


def pair():
    return build(), [1, 2]


def lookup(rows):
    return rows


MODEL = build()
MODELS = [build(), build(5)]
NAMED = {'small': build, 'large': MODEL}
LATER = None


def prepare():
    global LATER
    LATER = build()


class Trainer(object):
    def __init__(self):
        self.model = build()
        self.late = None

    def make(self):
        self.late = build()
        return self.model

    def __call__(self, n):
        return build(n)

    @property
    def net(self):
        return self.model

    def fit(self, X, nb_epoch):
        pass


class Net(Sequential):
    def rate(self):
        return 0.1
"""

class Result(NamedTuple):
    exit_code: int
    stdout: str
    output: str


Cli = Callable[..., Result]


@pytest.fixture
def cli(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Cli:
    """Runs the command in a folder that is a project of its own."""
    (tmp_path / ".git").mkdir()
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str) -> Result:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            main(["--isolated", *arguments])
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        assert isinstance(ended.value.code, int)
        return Result(ended.value.code, captured.out, captured.out + captured.err)

    return run


def write(**files: str) -> None:
    """``lib__net`` is lib/net.py."""
    for name, text in files.items():
        path = Path(*name.replace("__", "/").split("/")).with_suffix(".py")
        if name.endswith("init"):
            path = path.with_name("__init__.py")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def found(result: Result, name: str) -> list[str]:
    """What is said of one file, each without its place."""
    lines = [line for line in result.stdout.splitlines() if line.startswith(f"{name}:") and " note: " not in line]
    return [line.split(" ", 1)[1] for line in lines]


def rewritten(cli: Cli, run: str, name: str = "run", **files: str) -> str:
    """The text of one more file beside ``files`` after --write; a second run finds nothing to fix."""
    write(**files, **{name: run})
    result = cli("--write", ".")
    assert result.exit_code == 0, result.output
    path = Path(*name.split("__")).with_suffix(".py")
    text = path.read_text()
    again = cli("--check", ".")
    assert again.exit_code == 0, again.output
    return text


def test_a_call_is_found_and_rewritten(cli: Cli) -> None:
    write(net=NET, run="import net\n\nm = net.build()\nm.fit(X, Y, nb_epoch=2)\nm.predict_classes(X)\nm.fit(X, Y)\n")
    result = cli("--check", "--output-format", "concise", ".")
    assert result.exit_code == 1
    assert found(result, "run.py") == [
        "K303 [*] Sequential.fit: `nb_epoch` is `epochs`",
        "K303 [*] Sequential.predict_classes: it is `predict_classes(model, x)` of tdmigrate.compat now: how many "
        "features come out is not known",
        "K304 [*] Sequential.fit: what Keras 1 did without being told is written out: epochs=10 (trap F1)",
    ]
    assert cli("--write", ".").exit_code == 0
    assert Path("run.py").read_text() == (
        "import net\n"
        "from tdmigrate.compat import predict_classes\n"
        "\n"
        "m = net.build()\n"
        "m.fit(X, Y, epochs=2)\n"
        "predict_classes(m, X)\n"
        "m.fit(X, Y, epochs=10)\n"
    )
    assert cli("--check", ".").exit_code == 0


@pytest.mark.parametrize("arguments", [("run.py",), ("run.py", "net.py"), (".",), ("--jobs", "2", ".")])
def test_the_answer_is_the_same_alone_and_among_others(cli: Cli, arguments: tuple[str, ...]) -> None:
    write(net=NET, run="import net\n\nnet.build().fit(X, Y)\n", other="import os\n")
    result = cli("--check", "--output-format", "concise", *arguments)
    assert result.exit_code == 1
    assert [line[:4] for line in found(result, "run.py")] == ["K304"]


# how a name gets to a model of net.py, or of lib/net.py: the source, then the file it stands in
WAYS: Mapping[str, tuple[str, str]] = {
    "from": ("from net import build\nm = build(4)\n", "run"),
    "as": ("import net as n\nm = n.build()\n", "run"),
    "star": ("from net import *\nm = build()\n", "run"),
    "global": ("import net\nm = net.MODEL\n", "run"),
    "imported global": ("from net import MODEL as m\n", "run"),
    "list": ("import net\nm = net.MODELS[1]\n", "run"),
    "loop": ("from net import MODELS\nfor m in MODELS:\n    pass\n", "run"),
    "dict": ("import net\nm = net.NAMED['large']\n", "run"),
    "function in a dict": ("from net import NAMED\nm = NAMED['small']()\n", "run"),
    "values of a dict": ("from net import NAMED\nm = [NAMED[key] for key in ['large']][0]\n", "run"),
    "tuple": ("import net\nm, rest = net.pair()\n", "run"),
    "assigned in a function": ("import net\nnet.prepare()\nm = net.LATER\n", "run"),
    "attribute of an object": ("import net\nt = net.Trainer()\nm = t.model\n", "run"),
    "attribute of a later method": ("import net\nt = net.Trainer()\nt.make()\nm = t.late\n", "run"),
    "method": ("import net\nm = net.Trainer().make()\n", "run"),
    "called object": ("import net\nt = net.Trainer()\nm = t(3)\n", "run"),
    "property": ("import net\nm = net.Trainer().net\n", "run"),
    "subclass of Sequential": ("import net\nm = net.Net()\n", "run"),
    "subclass here": ("from net import Trainer\n\nclass T(Trainer):\n    pass\n\nm = T().model\n", "run"),
    "attribute here": (
        "import net\n\nclass T:\n    def __init__(self):\n        self.m = net.build()\n\nm = T().m\n",
        "run",
    ),
    "parameter here": ("import net\n\ndef same(model):\n    return model\n\nm = same(net.build())\n", "run"),
    "tried": ("try:\n    import net\nexcept ImportError:\n    raise\nm = net.build()\n", "run"),
    "inside a function": ("def get():\n    from net import build\n    return build()\n\nm = get()\n", "run"),
    "package": ("import lib.net\nm = lib.net.build()\n", "run"),
    "package as": ("import lib.net as net\nm = net.build()\n", "run"),
    "module of a package": ("from lib import net\nm = net.build()\n", "run"),
    "name of a package": ("from lib import again\nm = again()\n", "run"),
    "relative": ("from .net import build\nm = build()\n", "lib__run"),
    "relative module": ("from . import net\nm = net.MODEL\n", "lib__run"),
    "relative above": ("from ..net import build\nm = build()\n", "lib__sub__run"),
    "from below": ("from lib.net import build\nm = build()\n", "scripts__run"),
    "handed on": ("from lib.others import build\nm = build()\n", "run"),
    "handed on by a star": ("from lib.stars import *\nm = build()\n", "run"),
    "called elsewhere": ("import lib.others\nm = lib.others.model()\n", "run"),
}


@pytest.mark.parametrize("way", WAYS)
def test_a_model_is_known_whichever_way_it_comes(cli: Cli, way: str) -> None:
    source, name = WAYS[way]
    files = {
        "net": NET,
        "lib__net": NET,
        "lib__init": "from .net import build as again\n",
        "lib__sub__init": "",
        "lib__others": "from .net import build\n\n\ndef model():\n    return build()\n",
        "lib__stars": "from .net import *\n",
    }
    text = rewritten(cli, source + "m.fit(X, Y)\n", name, **files)
    assert text == source + "m.fit(X, Y, epochs=10)\n"


def test_attributes_of_models_are_found_too(cli: Cli) -> None:
    write(net=NET, run="import net\n\nnet.MODEL.layers[0].W\n")
    result = cli("--check", "--output-format", "concise", ".")
    assert [line[:4] for line in found(result, "run.py")] == ["K314"]


def test_a_source_that_mentions_keras_and_imports_none(cli: Cli) -> None:
    text = rewritten(cli, '"""Trains the keras model."""\nimport net\nnet.build().fit(X, Y)\n', net=NET)
    assert text.endswith("net.build().fit(X, Y, epochs=10)\n")


def test_a_notebook(cli: Cli) -> None:
    write(net=NET)
    Path("run.ipynb").write_text(
        '{"cells": [{"cell_type": "code", "execution_count": null, "metadata": {}, "outputs": [], "source": '
        '["import net\\n", "net.build().fit(X, Y, nb_epoch=3)"]}], "metadata": {}, "nbformat": 4, '
        '"nbformat_minor": 2}'
    )
    assert cli("--write", ".").exit_code == 0
    assert "fit(X, Y, epochs=3)" in Path("run.ipynb").read_text()


def test_python_2(cli: Cli) -> None:
    text = rewritten(cli, "import net\nm = net.build()\nprint m.fit(X, Y)\n", net=NET)
    assert text == "import net\nm = net.build()\nprint(m.fit(X, Y, epochs=10))\n"


def test_a_helper_in_python_2_of_such_a_source_is_converted(cli: Cli) -> None:
    write(net=NET, helper="print 'loaded'\n", run="import net\nimport helper\nprint net.build().fit(X, Y)\n")
    assert cli("--write", ".").exit_code == 0
    assert Path("helper.py").read_text() == "print('loaded')\n"


# --- receivers of which nothing is known


@pytest.mark.parametrize(
    "call",
    [
        "model.fit(X, Y, nb_epoch=2)",
        "model.fit(X, Y, nb_epoch=2, show_accuracy=True)",
        "model.fit_generator(G, samples_per_epoch=10, nb_epoch=2)",
        "model.fit_generator(G, 10, 2, nb_val_samples=5)",
        "model.predict_classes(X)",
        "model.train_on_batch(X, Y, accuracy=True)",
        "model.save_weights('w.h5')",
        "model.evaluate_generator(G, 10)",
    ],
)
@pytest.mark.parametrize("head", ["", "import net\n"])
def test_words_of_keras_1_are_left_to_a_person(cli: Cli, call: str, head: str) -> None:
    source = f"{head}def train(model, X, Y, G):\n    {call}\n"
    write(net=NET, run=source)
    assert cli("--write", "net.py").exit_code == 0
    write(net=NET)
    result = cli("--write", "--output-format", "concise", ".")
    assert result.exit_code == 1
    lines = found(result, "run.py")
    assert lines
    assert all("does not tell whether `model` is a Keras model" in line and "[*]" not in line for line in lines)
    assert Path("run.py").read_text() == source


def test_a_model_that_a_subclass_makes_is_left_to_a_person(cli: Cli) -> None:
    base = "class Base:\n    model = None\n\n    def go(self):\n        self.model.fit(1, nb_epoch=2)\n"
    write(base=base, net=f"from base import Base\n\n{NET}")
    result = cli("--check", "--output-format", "concise", ".")
    (line,) = found(result, "base.py")
    assert "does not tell whether `self.model` is a Keras model" in line


def test_an_object_that_is_no_model_is_left_alone(cli: Cli) -> None:
    """Its class stands in the project, or in the source itself."""
    own = "class Own:\n    def fit(self, X, nb_epoch):\n        pass\n\n\n"
    write(net=NET, run=f"import net\n\n{own}Own().fit(X, nb_epoch=2)\nnet.Trainer().fit(X, nb_epoch=2)\n")
    result = cli("--check", ".")
    assert "run.py" not in result.output


@pytest.mark.parametrize(
    "source",
    [
        "from sklearn.linear_model import LogisticRegression\nm = LogisticRegression()\nm.fit(X, y)\nm.predict(X)\n",
        "import net\n\nprint(net.lookup(3))\n",
        "import numpy as np\nfrom net import lookup\nlookup(np.zeros(3)).fit(X, y)\n",
        "import other\nother.fit(X, y)\n",
    ],
)
def test_what_uses_no_model_has_no_finding(cli: Cli, source: str) -> None:
    write(net=NET, other="def fit(a, b):\n    pass\n", run=source)
    result = cli("--check", ".")
    assert "run.py" not in result.output


def test_a_project_without_keras_has_no_finding(cli: Cli) -> None:
    write(run="def train(model):\n    model.fit(x, nb_epoch=2)\n    model.predict_classes(x)\n", other="import run\n")
    result = cli("--check", ".")
    assert result.exit_code == 0
    assert "run.py" not in result.output


MODERN = (
    "import keras\nfrom keras.models import Sequential\n\n\ndef build():\n"
    "    model = Sequential([keras.layers.Dense(3)])\n    model.compile(loss='mse')\n    return model\n"
)


def test_a_project_for_keras_3_has_no_finding(cli: Cli) -> None:
    write(net=MODERN, run="import net\n\nm = net.build()\nm.fit(X, Y)\nm.fit(X, Y, epochs=3)\nm.layers[0].kernel\n")
    assert cli("--check", ".").exit_code == 0


def test_a_source_that_was_forgotten_beside_a_migrated_one(cli: Cli) -> None:
    text = rewritten(cli, "import net\n\nm = net.build()\nm.fit(X, Y, nb_epoch=3)\n", net=MODERN)
    assert text == "import net\n\nm = net.build()\nm.fit(X, Y, epochs=3)\n"


def test_modules_that_import_each_other(cli: Cli) -> None:
    write(net=f"import run\n{NET}", run="import net\n\n\ndef go():\n    net.build().fit(X, Y)\n")
    result = cli("--check", "--output-format", "concise", ".")
    assert [line[:4] for line in found(result, "run.py")] == ["K304"]


def test_a_pin_of_the_project_counts(cli: Cli) -> None:
    """The file that makes the model proves nothing itself."""
    Path("requirements.txt").write_text("keras==1.0.4\n")
    write(
        net="from keras.models import Sequential\n\n\ndef build():\n    return Sequential()\n",
        run="import net\nnet.build().fit(X, Y)\n",
    )
    result = cli("--check", "--output-format", "concise", ".")
    assert [line[:4] for line in found(result, "run.py")] == ["K304"]


def test_a_module_out_of_reach_is_not_read(cli: Cli, tmp_path: Path) -> None:
    """An import leads nowhere above the project."""
    os.makedirs("project/.git")
    write(net=NET, project__run="import net\n\nnet.build().fit(X, Y)\n")
    result = cli("--check", "project/run.py")
    assert result.exit_code == 0
    assert result.output.count("run.py") == 0


def test_a_source_for_keras_3_beside_one_for_keras_1(cli: Cli) -> None:
    source = "import keras\n\nmodel = keras.Sequential([keras.layers.Dense(units=3)])\nmodel.fit(X, Y, epochs=2)\n"
    write(net=NET, new=source)
    assert cli("--write", ".").exit_code == 0
    assert Path("new.py").read_text() == source


def test_a_circle_of_modules_gives_the_same_from_each_side(cli: Cli) -> None:
    """Whichever of them is asked for first."""
    write(
        net=f"import again\n{NET}",
        again="import net\n\n\ndef model():\n    return net.build()\n",
        a="import net\nimport again\n\nnet.build().fit(X, Y)\nagain.model().fit(X, Y)\n",
        b="import again\n\nagain.model().fit(X, Y)\n",
    )
    together = cli("--check", "--output-format", "concise", ".")
    assert [len(found(together, name)) for name in ("a.py", "b.py")] == [2, 1]
    assert len(found(cli("--check", "--output-format", "concise", "b.py", "a.py"), "b.py")) == 1


def test_a_long_way_of_imports(cli: Cli) -> None:
    for number in range(1, 80):
        write(**{f"m{number}": f"from m{number - 1} import build\n"})
    far = "import m79\n\nm79.build().fit(X, nb_epoch=1)\n"
    write(m0=NET, near="from m5 import build\n\nbuild().fit(X, Y)\n", far=far)
    result = cli("--check", "--output-format", "concise", ".")
    assert [line[:4] for line in found(result, "near.py")] == ["K304"]
    assert [line[:8] for line in found(result, "far.py")] == ["K303 mod"]
