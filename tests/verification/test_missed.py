"""What builds on a model and cannot be followed: the proof of the model says nothing then."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdmigrate.config import Settings
from tdmigrate.results import Proof, applies
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.missed import discounted
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.tasks import tasks_of

HEAD = """\
from keras.models import Sequential
from keras.layers.core import Activation, Dense
"""
MODEL = """\
model = Sequential()
model.add(Dense(8, input_dim=5, init='uniform'))
"""
WANTED = CheckSettings((), (), "faithful", "auto", "1.2", "theano", False)


def proved(folder: Path, files: dict[str, str]) -> dict[str, list[Proof]]:
    """The proofs of each file, were every model equal whose programs can be cut out."""
    changed = []
    for name, text in files.items():
        (folder / name).write_text(text)
        checked = check(Module(text), WANTED)
        new = apply(text, [one.fix for one in checked.findings if one.fix and applies(one, False)])
        changed.append(Changed(str(folder / name), text, new, checked))
    texts = Texts({one.path: (one.old_text, one.new_text) for one in changed}, [one.path for one in changed])
    tasks = [task for _, task in tasks_of(changed, Settings(), texts)]
    jobs = [task.jobs[0][1] if task.jobs else None for task in tasks]
    equal = [Proof(job.model, job.row, "equal") if job is not None else None for job in jobs]
    before = [proof or task.unproved for proof, task in zip(equal, tasks, strict=True)]
    proofs, besides = discounted(changed, tasks, before)
    found: dict[str, list[Proof]] = {name: [*besides.get(str(folder / name), [])] for name in files}
    for task, proof in zip(tasks, proofs, strict=True):
        if proof is not None:
            found[Path(task.item.path).name].append(proof)
    return found


def one(folder: Path, text: str) -> list[Proof]:
    return proved(folder, {"net.py": text})["net.py"]


NOT_FOLLOWED = {
    "a method that a thread calls": (
        HEAD + "from threading import Thread\n" + MODEL + "t = Thread(target=model.add, args=(Dense(3),))\nt.start()\n",
        "line 6",
    ),
    "a method of the class": (HEAD + MODEL + "Sequential.add(model, Dense(3))\n", "line 5"),
    "a function from a list": (
        HEAD + MODEL + "last = lambda m: m.add(Dense(3))\nfor f in [last]:\n    f(model)\n",
        "line 5",
    ),
    "a function called on each of a list": (
        HEAD
        + MODEL
        + "def last(m):\n    m.add(Dense(3))\n    m.add(Activation('tanh'))\nany(last(m) for m in [model])\n",
        "lines 6, 7",
    ),
    "the list of a model's layers": (
        HEAD + MODEL + "dict(net=model)['net'].layers.pop()\n",
        "line 5",
    ),
}


@pytest.mark.parametrize("case", NOT_FOLLOWED)
def test_a_model_is_not_equal_where_something_else_may_build_on_it(tmp_path: Path, case: str) -> None:
    text, lines = NOT_FOLLOWED[case]
    [proof] = one(tmp_path, text)
    assert proof.status == "unproved"
    assert proof.reason == f"{lines} may build on the model, and cannot be followed"


def test_a_function_of_another_file_counts_where_it_is_named(tmp_path: Path) -> None:
    files = {
        "heads.py": HEAD + "def head(m):\n    m.add(Dense(3, init='uniform'))\n",
        "net.py": HEAD + "import heads\n" + MODEL + "any(f(model) for f in [heads.head])\n",
        "other.py": HEAD + MODEL,
    }
    found = proved(tmp_path, files)
    reason = "line 4 of heads.py may build on the model, and cannot be followed"
    assert [(proof.status, proof.reason) for proof in found["net.py"]] == [("unproved", reason)]
    assert [proof.status for proof in found["other.py"]] == ["equal"]
    assert found["heads.py"] == []


def test_layers_of_a_function_that_nobody_names_are_told(tmp_path: Path) -> None:
    text = HEAD + MODEL + "def head(m):\n    m.add(Dense(3))\n    return m\n"
    alone, model = one(tmp_path, text)
    assert model.status == "equal"
    reason = "line 6 may build on a model, and no model that can be followed has them"
    assert alone == Proof("head", 5, "unproved", reason)


STACK = """\
def stack(layers):
    model = Sequential()
    for layer in layers:
        model.add(layer)
    return model
parts = [Dense(8, input_dim=5, init='uniform'), Activation('tanh')]
net = stack(parts)
"""


def test_layers_that_a_call_hands_to_the_builder_are_of_its_model(tmp_path: Path) -> None:
    [proof] = one(tmp_path, HEAD + STACK)
    assert proof.status == "equal"


def test_layers_of_a_second_call_of_the_builder_are_not(tmp_path: Path) -> None:
    [proof] = one(tmp_path, HEAD + STACK + "other = stack([Dense(3, input_dim=5)])\n")
    assert proof.status == "unproved"
    assert proof.reason == "line 10 may build on the model, and cannot be followed"


def test_beside_a_model_that_is_unproved_anyway_nothing_more_is_said(tmp_path: Path) -> None:
    text = HEAD + MODEL + "for kind in open('kinds'):\n    model.add(Dense(3) if kind else Activation(kind))\n"
    [proof] = one(tmp_path, text)
    assert proof.status == "unproved"
    assert "may build on" not in (proof.reason or "")


FOLLOWED = {
    "all of it is in the program": HEAD + MODEL + "model.add(Dense(3))\n",
    "a layer of which nothing is made": HEAD + MODEL + "spare = Dense(3)\n",
    "what no run reaches": HEAD + MODEL + "if False:\n    model.add(Dense(3))\n",
    "a layer applied to a tensor": HEAD
    + "from keras.layers import Input\n"
    + MODEL
    + "x = Input(shape=(3,))\ny = Dense(2)(x)\n",
    "a function that gives the model back": HEAD
    + "def base():\n    m = Sequential()\n    m.add(Dense(8, input_dim=5, init='uniform'))\n    return m\n"
    + "def head(m, n):\n    m.add(Dense(n))\n    return m\n"
    + "model = head(base(), 3)\n",
    "what is printed": HEAD + MODEL + "print(model.add(Dense(3)))\n",
    "a list of layers": HEAD
    + "parts = []\nfor n in (4, 3):\n    parts.append(Dense(n, input_dim=5, init='uniform'))\n"
    + "model = Sequential(parts[:1])\n",
}


@pytest.mark.parametrize("case", FOLLOWED)
def test_a_model_is_equal_where_all_that_builds_it_is_followed(tmp_path: Path, case: str) -> None:
    proofs = one(tmp_path, FOLLOWED[case])
    assert proofs
    assert {proof.status for proof in proofs} == {"equal"}
