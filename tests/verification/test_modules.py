"""Models whose statements lie across the modules of a project: found without running anything, cut as one program."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from test_program import run

from tdmigrate.verification.cutting.joined import clashes
from tdmigrate.verification.modules import Texts, gather
from tdmigrate.verification.program import Program, Project, Uncut, cut, targets

KERAS = "from keras.models import Sequential\nfrom keras.layers import Dense, Dropout\n"


def project(folder: Path, files: dict[str, str], name: str = "train.py") -> Project:
    for path, text in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)
    texts = Texts(looked_at=map(str, folder.rglob("*.py")), roots=[str(folder)])
    own = gather(str(folder / name), files[name], texts)
    return Project(own, clashes(own))


def made(folder: Path, files: dict[str, str], name: str = "train.py") -> Program | Uncut:
    """The program of the one model that a file makes."""
    (target,) = targets(files[name])
    return cut(files[name], target.scope, target.name, target.ordinal, project=project(folder, files, name))


# name → files, what the model is
MODELS: dict[str, tuple[dict[str, str], str]] = {
    "constant and function": (
        {
            "train.py": KERAS + "from utils import build, UNITS\nmodel = Sequential()\n"
            "model.add(build(UNITS))\nmodel.add(Dense(UNITS))\n",
            "utils.py": KERAS + "UNITS = 7\ndef build(n):\n    m = Sequential()\n    m.add(Dense(n))\n    return m\n",
        },
        "Sequential() + Sequential() + Dense(7) + Dense(7)",
    ),
    "relative, alias": (
        {
            "train.py": KERAS + "from .utils import UNITS as n\nmodel = Sequential()\nmodel.add(Dense(n))\n",
            "utils.py": "UNITS = 7\n",
        },
        "Sequential() + Dense(7)",
    ),
    "module as object": (
        {
            "train.py": KERAS + "import utils\nimport pkg.sub as s\nmodel = Sequential()\n"
            "model.add(Dense(utils.UNITS))\nmodel.add(Dense(s.UNITS))\n",
            "utils.py": "UNITS = 7\n",
            "pkg/__init__.py": "",
            "pkg/sub.py": "UNITS = 8\n",
        },
        "Sequential() + Dense(7) + Dense(8)",
    ),
    "dotted": (
        {
            "train.py": KERAS + "import pkg.sub\nmodel = Sequential()\nmodel.add(Dense(pkg.sub.UNITS))\n",
            "pkg/__init__.py": "",
            "pkg/sub.py": "UNITS = 8\n",
        },
        "Sequential() + Dense(8)",
    ),
    "star": (
        {
            "train.py": "from utils import *\nmodel = Sequential()\nmodel.add(Dense(UNITS))\n",
            "utils.py": KERAS + "from config import *\n",
            "config.py": "UNITS = 7\n_HIDDEN = 3\n",
        },
        "Sequential() + Dense(7)",
    ),
    "through the package": (
        {
            "train.py": KERAS + "from pkg import add_top\nmodel = Sequential()\nadd_top(model)\n",
            "pkg/__init__.py": "from .blocks import add_top\n",
            "pkg/blocks.py": "from keras.layers import Dense\nfrom . import sizes\n"
            "def add_top(model):\n    model.add(Dense(sizes.TOP))\n",
            "pkg/sizes.py": "TOP = 5\n",
        },
        "Sequential() + Dense(5)",
    ),
    "names that clash": (
        {
            "train.py": KERAS + "import a\nfrom b import block\nSIZE = 1\ndef helper(m):\n    size = 2\n"
            "    m.add(Dense(size))\nmodel = Sequential()\nhelper(model)\na.helper(model)\nblock(model)\n"
            "model.add(Dense(SIZE))\n",
            "a.py": "from keras.layers.core import Dense\nSIZE = 3\ndef helper(m):\n    m.add(Dense(SIZE))\n",
            "b.py": "from keras.layers import Dropout as Dense\nSIZE = 0.5\ndef helper(m):\n    m.add(Dense(SIZE))\n"
            "def block(m):\n    helper(m)\n",
        },
        "Sequential() + Dense(2) + Dense(3) + Dropout(0.5) + Dense(1)",
    ),
    "cycle": (
        {
            "train.py": KERAS + "from a import grow\nUNITS = 4\nmodel = Sequential()\ngrow(model)\n",
            "a.py": "from keras.layers import Dense\nimport b\n"
            "def grow(m):\n    b.more(m)\n    m.add(Dense(N))\nN = 6\n",
            "b.py": "from keras.layers import Dense\nimport a\ndef more(m):\n    m.add(Dense(a.N + 1))\n",
        },
        "Sequential() + Dense(7) + Dense(6)",
    ),
    "tried, else made": (
        {
            "train.py": KERAS + "try:\n    from utils import UNITS\nexcept ImportError:\n    UNITS = 1\n"
            "try:\n    from nowhere import DEPTH\nexcept ImportError:\n    DEPTH = 2\n"
            "model = Sequential()\nmodel.add(Dense(UNITS))\n",
            "utils.py": "UNITS = 7\n",
        },
        "Sequential() + Dense(7)",
    ),
    "inside a function": (
        {
            "train.py": KERAS + "def build():\n    from utils import UNITS, grow as g\n    import utils as u\n"
            "    model = Sequential()\n    model.add(Dense(UNITS))\n    g(model)\n    model.add(Dense(u.UNITS))\n"
            "    return model\n",
            "utils.py": "from keras.layers import Dense\nUNITS = 7\ndef grow(model):\n    model.add(Dense(3))\n",
        },
        "Sequential() + Dense(7) + Dense(3) + Dense(7)",
    ),
    "named like a module of Keras": (
        {
            "train.py": KERAS + "from layers import Mine\nfrom keras_utils import SIZE\nimport models\n"
            "model = Sequential()\nmodel.add(Mine(SIZE))\nmodels.top(model)\n",
            "layers.py": "from keras.layers import Dense\ndef Mine(n):\n    return Dense(n)\n",
            "keras_utils.py": "SIZE = 7\n",
            "models.py": "from keras.layers import Dropout\ndef top(model):\n    model.add(Dropout(0.5))\n",
        },
        "Sequential() + Dense(7) + Dropout(0.5)",
    ),
    "classes that inherit": (
        {
            "train.py": KERAS + "from base import Base\nclass Net(Base):\n    def __init__(self):\n"
            "        Base.__init__(self, 7)\n        self.model = Sequential()\n"
            "        self.model.add(Dense(self.units))\n        self.top(self.model)\n",
            "base.py": "from keras.layers import Dense\nclass Base(object):\n    def __init__(self, units):\n"
            "        self.units = units\n    def top(self, model):\n        model.add(Dense(2))\n",
        },
        "Sequential() + Dense(7) + Dense(2)",
    ),
    "what runs as a program only": (
        {
            "train.py": KERAS + "from utils import UNITS\nmodel = Sequential()\nmodel.add(Dense(UNITS))\n"
            "if __name__ == '__main__':\n    model.fit(1, 2)\n",
            "utils.py": "UNITS = 7\nif __name__ == '__main__':\n    UNITS = 99\n",
        },
        "Sequential() + Dense(7)",
    ),
    "global statement": (
        {
            "train.py": KERAS + "import state\nUNITS = 1\nstate.choose()\nmodel = Sequential()\nstate.add(model)\n",
            "state.py": "from keras.layers import Dense\nUNITS = 2\ndef choose():\n    global UNITS\n    UNITS = 9\n"
            "def add(m):\n    m.add(Dense(UNITS))\n",
        },
        "Sequential() + Dense(9)",
    ),
    "set from outside": (
        {
            "train.py": KERAS + "import config\nconfig.UNITS = 9\nconfig.DEPTH += 1\nmodel = Sequential()\n"
            "model.add(Dense(config.UNITS))\nmodel.add(Dense(config.DEPTH))\n",
            "config.py": "UNITS = 7\nDEPTH = 2\n",
        },
        "Sequential() + Dense(9) + Dense(3)",
    ),
    "a dictionary of builders": (
        {
            "train.py": KERAS + "from zoo import BUILDERS\nmodel = Sequential()\nBUILDERS['small'](model)\n",
            "zoo.py": "from keras.layers import Dense\n"
            "def small(m):\n    m.add(Dense(3))\nBUILDERS = {'small': small}\n",
        },
        "Sequential() + Dense(3)",
    ),
}


@pytest.mark.parametrize("name", MODELS)
def test_a_model_is_cut_across_modules(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, model = MODELS[name]
    program = made(tmp_path, files)
    assert isinstance(program, Program), program
    monkeypatch.chdir(tmp_path / "..")  # where none of the modules can be imported
    assert repr(run(program, monkeypatch)) == model


def test_names_stay_where_they_can(tmp_path: Path) -> None:
    program = made(tmp_path, MODELS["names that clash"][0])
    assert isinstance(program, Program)
    assert "a_helper(model)\nblock(model)\n" in program.source
    assert "def b_helper(m):\n    m.add(b_Dense(b_SIZE))" in program.source


def test_a_size_of_another_module_says_where_it_is(tmp_path: Path) -> None:
    files = {
        "train.py": KERAS + "from data import vocab\nmodel = Sequential()\nmodel.add(Dense(3, input_dim=len(vocab)))\n",
        "data.py": "vocab = open('v.txt').read().split()\nsize = len(vocab)\n",
    }
    program = made(tmp_path, files)
    assert isinstance(program, Program)
    assert [(fill.name, fill.row, fill.file) for fill in program.fills] == [("len(vocab)", 5, None)]
    files["train.py"] = files["train.py"].replace("len(vocab)", "size").replace("vocab", "size")
    program = made(tmp_path, files)
    assert isinstance(program, Program)
    assert [(fill.name, fill.row, fill.file) for fill in program.fills] == [("size", 2, "data.py")]
    assert "(row 2 of data.py)" in program.source


def test_trouble_in_another_module_says_where_it_is(tmp_path: Path) -> None:
    files = {
        "train.py": KERAS + "from data import top\nmodel = Sequential()\ntop(model)\n",
        "data.py": "import json\nlayer = json.load(open('x'))\ndef top(m):\n    m.add(layer)\n",
    }
    found = made(tmp_path, files)
    assert isinstance(found, Uncut)
    assert (found.file, found.row) == ("data.py", 2)


def test_what_a_function_sets_in_another_module_is_not_followed(tmp_path: Path) -> None:
    files = {
        "train.py": KERAS + "import config\ndef choose():\n    config.UNITS = 9\nchoose()\nmodel = Sequential()\n"
        "model.add(Dense(config.UNITS))\n",
        "config.py": "UNITS = 7\n",
    }
    assert made(tmp_path, files) == Uncut("`config.UNITS` is set inside a function")


def test_nothing_of_a_module_is_run(tmp_path: Path) -> None:
    files = {
        "train.py": KERAS + "from evil import UNITS\nmodel = Sequential()\nmodel.add(Dense(UNITS))\n",
        "evil.py": f"open({str(tmp_path / 'ran')!r}, 'w').write('x')\nUNITS = 7\nimport sys\nsys.exit(1)\n",
    }
    program = made(tmp_path, files)
    assert isinstance(program, Program)
    assert not (tmp_path / "ran").exists()
    assert "open" not in program.source
    assert "exit" not in program.source


@pytest.mark.parametrize(
    ("files", "found"),
    [
        ({"x.py": "import keras, numpy, os\n", "keras.py": "", "numpy.py": "", "os.py": ""}, []),  # never own
        ({"x.py": "from .. import b\n", "b.py": ""}, ["b.py"]),
        ({"pkg/x.py": "import sister\n", "pkg/sister.py": "", "sister.py": ""}, ["pkg/sister.py"]),
        ({"pkg/x.py": "import sister\n", "sister.py": ""}, ["sister.py"]),
        ({"x.py": "import broken\n", "broken.py": "print 'old\n"}, []),
        ({"x.py": "import old\n", "old.py": "print 'old'\n"}, ["old.py"]),
        ({"x.py": "import x\n"}, []),
        ({"x.py": "from a import b, c\n", "a/__init__.py": "", "a/b.py": "", "a/c/__init__.py": ""},
         ["a/__init__.py", "a/b.py", "a/c/__init__.py"]),
        ({"x.py": "from a.b import c\n", "a/b.py": "c = 1\n"}, ["a/b.py"]),
    ],
)  # fmt: skip
def test_which_files_imports_mean(files: dict[str, str], found: list[str], tmp_path: Path) -> None:
    folder = tmp_path / "deep"
    name = next(path for path in files if path.endswith("x.py"))
    if "from .." in files[name]:
        files = {("sub/x.py" if path == "x.py" else path): text for path, text in files.items()}
        name = "sub/x.py"
    own = project(folder, files, name).own
    assert sorted(os.path.relpath(one.path, folder.resolve()) for one in own[1:]) == found


def test_no_module_is_looked_for_outside_of_the_project(tmp_path: Path) -> None:
    (tmp_path / "secret.py").write_text("KEY = 1\n")
    text = "from ..secret import KEY\nimport secret\n"
    for folder in (tmp_path / "project", tmp_path / "project" / "pkg"):
        own = project(folder, {"train.py": text}).own
        assert len(own) == 1


def test_a_module_that_is_not_migrated_tells_constants_only(tmp_path: Path) -> None:
    (tmp_path / "utils.py").write_text(
        "from keras.layers import Dense\nUNITS = 7\nSIZES = [len('abc')]\ndef top(m):\n    m.add(Dense(2))\n"
    )
    for line, final in (
        ("model.add(Dense(UNITS))\n", False),
        ("top(model)\n", True),
        ("model.add(Dense(SIZES[0]))\n", True),
    ):
        text = KERAS + f"from utils import UNITS, SIZES, top\nmodel = Sequential()\nmodel.add(Dense(3))\n{line}"
        own = gather(str(tmp_path / "train.py"), text, Texts())
        assert [one.migrated for one in own] == [True, False]
        found = cut(text, "", "model", project=Project(own, clashes(own)))
        assert isinstance(found, Uncut) is final, line
        if isinstance(found, Uncut):
            assert (found.reason, found.file) == (
                "it is built in utils.py too, which is not migrated with it",
                "utils.py",
            )
            assert found.final


def test_old_and_new_text_of_a_module(tmp_path: Path) -> None:
    path = tmp_path / "utils.py"
    path.write_text("old\n")
    texts = Texts({str(path): ("old\n", "new\n"), str(tmp_path / "bad.py"): None})
    real = os.path.realpath(path)
    assert (texts.old(real), texts.new(real)) == ("old\n", "new\n")
    assert texts.old(os.path.realpath(tmp_path / "bad.py")) is None
    assert texts.old(str(tmp_path / "none.py")) is None


def test_many_modules_are_read_in_time(tmp_path: Path) -> None:
    import time

    files: dict[str, str] = {"train.py": KERAS + "from m0 import f0\nmodel = Sequential()\nf0(model)\n"}
    body = "".join(f"def g{i}(a, b):\n    c = a + b\n    return c * {i}\n" for i in range(60))
    for i in range(12):
        files[f"m{i}.py"] = (
            f"from keras.layers import Dense\nfrom m{(i + 1) % 12} import f{(i + 1) % 12}\n"
            f"def f{i}(m):\n    m.add(Dense({i + 1}))\n{body}x{i} = g{i}(1, 2)\n"
        )
    begun = time.perf_counter()
    program: Any = made(tmp_path, files)
    assert isinstance(program, Program)
    assert time.perf_counter() - begun < 20
