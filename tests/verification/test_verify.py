"""Which programs are chosen, and what is made of their proofs; nothing is run here."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from tdmigrate.config import Settings
from tdmigrate.keras1.versions import parse
from tdmigrate.results import Outputs, Proof, Step, applies
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.understanding.shapes import UNKNOWN
from tdmigrate.verification import verify
from tdmigrate.verification.calls import filled
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.notes import Noted
from tdmigrate.verification.releases import foreign, releases
from tdmigrate.verification.tasks import Task

HEAD = "from keras.models import Sequential\nfrom keras.layers.core import TimeDistributedDense\n"
SMALL = "model = Sequential()\nmodel.add(TimeDistributedDense(3, input_shape=(7, 4)))\n"


def changed(text: str, unsafe_fixes: bool = False, version: str | None = None, backend: str | None = None) -> Changed:
    wanted = CheckSettings((), (), "faithful", "auto", version, backend, unsafe_fixes)
    checked = check(Module(text), wanted)
    fixes = [finding.fix for finding in checked.findings if finding.fix and applies(finding, unsafe_fixes)]
    return Changed("model.py", text, apply(text, fixes), checked)


class Played:
    """The two sides: they answer each job with a verdict by its label."""

    jobs: list[Job]
    verdicts: dict[str, str]

    def __init__(self, path: Path | None, progress: object, processes: int) -> None:
        self.path = path

    def __enter__(self) -> Played:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def prove(self, jobs: Sequence[Job]) -> list[Proof]:
        Played.jobs += jobs
        return [self.proof(job) for job in jobs]

    def proof(self, job: Job) -> Proof:
        status = next((verdict for word, verdict in Played.verdicts.items() if word in job.old), "equal")
        outputs = Outputs(len(job.old) * 1e-16, "float64", 2) if status == "equal" else None
        step = Step(len(job.old) * 1e-15, len(job.old) * 1e-17) if outputs else None
        return Proof(job.model, job.row, status, None if outputs else "because", outputs, step)


@pytest.fixture(autouse=True)
def played(monkeypatch: pytest.MonkeyPatch) -> type[Played]:
    Played.jobs, Played.verdicts = [], {}
    monkeypatch.setattr(verify, "Prover", Played)
    return Played


def proofs(text: str, **options: Any) -> list[tuple[str, int, str, str | None]]:
    item = changed(text, options.get("unsafe_fixes", False))
    found = verify.verify_files([item], Settings(**options))["model.py"]
    return [(proof.model, proof.row, proof.status, proof.reason) for proof in found]


def test_a_model_is_proved_as_a_whole(played: type[Played]) -> None:
    assert proofs(HEAD + SMALL) == [("model", 3, "equal", None)]
    (job,) = played.jobs
    assert (job.version, job.others) == ("1.2.2", ("1.1.2", "1.0.8", "0.3.3", "0.2.0"))
    assert job.finished
    assert "TimeDistributedDense(3" in job.old
    assert "Dense(3)" in job.new


def test_where_it_cannot_be_its_calls_are(played: type[Played]) -> None:
    played.verdicts = {"cut out: `model`, made in row 3": "unproved"}
    assert proofs(HEAD + SMALL) == [
        ("model", 3, "unproved", "because"),
        ("TimeDistributedDense alone", 4, "equal", None),
    ]
    call = played.jobs[1].call
    assert call is not None
    assert (call.layer, call.arguments, call.shape) == ("TimeDistributedDense", {"output_dim": 3}, (None, 7, 4))


def test_a_call_that_is_not_rewritten_is_not_proved(played: type[Played]) -> None:
    text = HEAD + SMALL.replace("(7, 4)", "(4,)")
    played.verdicts = {"made in row 3": "unproved"}
    assert proofs(text) == [("model", 3, "unproved", "because")]
    assert not played.jobs[0].finished  # what is unsafe is left to a person
    played.jobs = []
    assert [name for name, *_ in proofs(text, unsafe_fixes=True)] == ["model", "TimeDistributedDense alone"]
    assert played.jobs[0].finished


def test_what_is_left_to_a_person_is_no_wrong_migration(played: type[Played]) -> None:
    proofs(HEAD + "from keras.layers.core import MaskedLayer\n" + SMALL + "layer = MaskedLayer()\n")
    assert not played.jobs[0].finished


def test_the_worst_way_counts(played: type[Played]) -> None:
    text = HEAD + (
        "def build(kind, deep):\n    model = Sequential()\n"
        "    model.add(TimeDistributedDense(3 if kind == 'a' else 5, input_shape=(7, 4)))\n"
        "    if deep:\n        model.add(TimeDistributedDense(2))\n    return model\n"
    )
    assert proofs(text) == [("build", 4, "equal", None)]
    assert len(played.jobs) == 4
    played.verdicts = {"Dense(2)": "different"}
    assert proofs(text)[0] == ("build", 4, "different", "with deep=True, kind='a': because")


def test_the_largest_difference_of_all_ways_is_told(played: type[Played]) -> None:
    text = HEAD + (
        "def build(deep):\n    model = Sequential()\n    model.add(TimeDistributedDense(3, input_shape=(7, 4)))\n"
        "    if deep:\n        model.add(TimeDistributedDense(2))\n    return model\n"
    )
    (proof,) = verify.verify_files([changed(text)], Settings())["model.py"]
    assert proof.outputs is not None
    longest = max(len(job.old) for job in played.jobs)
    assert proof.outputs == Outputs(longest * 1e-16, "float64", 2 * len(played.jobs))
    assert proof.step == Step(longest * 1e-15, longest * 1e-17)


def test_a_way_of_which_no_step_is_compared_says_so() -> None:
    with_step = Proof("build", 1, "equal", None, Outputs(1e-16, "float64"), Step(0.0, 0.0))
    without = Proof("build", 1, "equal", "step not compared: so", Outputs(2e-16, "float64"))
    proof = verify._all([("with deep=True", with_step), ("with deep=False", without)])
    assert proof.reason == "with deep=False: step not compared: so"
    assert (proof.outputs, proof.step) == (Outputs(2e-16, "float64"), Step(0.0, 0.0))


@pytest.mark.parametrize(
    ("arguments", "shown"),
    [
        ("n", "TimeDistributedDense(output_dim=n"),
        ("sizes[1]", "sizes_1"),
        ("self.units", "self_units"),
        ("4, W_regularizer=l2(reg)", "W_regularizer=l2(reg)"),
        ("4, W_constraint='nonneg'", "W_constraint='nonneg'"),
        ("4, activation=squash", "activation=squash"),
    ],
)
def test_a_call_alone_keeps_its_arguments(played: type[Played], arguments: str, shown: str) -> None:
    text = HEAD + (
        "from keras.models import Graph\nfrom keras.regularizers import l2\ndef squash(x):\n    return x * 2\n"
        "def build(self, n, sizes, reg, x):\n    graph = Graph()\n    graph.add_input('x', x)\n"
        f"    graph.add_node(TimeDistributedDense({arguments}), 'y', 'x')\n    return graph\n"
    )
    names = [(name, status) for name, _, status, _ in proofs(text)]
    assert names == [("build: graph", "unproved"), ("TimeDistributedDense alone", "equal")]
    (job,) = played.jobs
    assert shown.partition("(output_dim=")[0] in job.old
    sizes = [line for line in job.old.splitlines() if line.startswith("# filled in")]
    assert sizes == [line for line in job.new.splitlines() if line.startswith("# filled in")]
    assert "TdmigrateLayer(output_dim=" in job.old


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ("3, activation=act", "the value of `act` is not known, and it is not a size"),
        ("3, **more", "its arguments are handed on by *, ** or functools.partial"),
        ("*more", "its arguments are handed on by *, ** or functools.partial"),
    ],
)
def test_a_call_alone_that_is_not_known_says_why(arguments: str, reason: str) -> None:
    text = HEAD + f"def head(act, more):\n    return TimeDistributedDense({arguments})\n"
    assert proofs(text) == [("TimeDistributedDense alone", 4, "unproved", reason)]


def test_a_local_name_is_not_that_of_the_module(played: type[Played]) -> None:
    text = HEAD + "n = 30\ndef head(n):\n    return TimeDistributedDense(n)\n"
    assert [status for _, _, status, _ in proofs(text)] == ["equal"]
    (job,) = played.jobs
    assert "30" not in job.old


@pytest.mark.parametrize(
    ("inputs", "shape"),
    [
        (None, (None, None, 4)),
        ((None, 7, 6), (None, 7, 6)),
        ((None, None, UNKNOWN), (None, None, 4)),
        ((None, UNKNOWN, None), (None, 6, 4)),
        ((None, UNKNOWN), (None, 4)),
        ((None, None), (None, 4)),
        ((None, None, None, UNKNOWN, 5), (None, None, 7, 8, 5)),
    ],
)
def test_sizes_that_are_not_known_are_filled(inputs: Any, shape: tuple[int | None, ...]) -> None:
    assert filled(inputs) == shape


@pytest.mark.parametrize(
    ("versions", "old_order", "free_time", "first"),
    [
        ("0.1-1.2", False, False, "1.2.2"),
        ("0.1-1.2", False, True, "1.1.2"),
        ("1.2", False, True, "1.2.2"),
        ("0.1", True, True, "0.2.0"),
        ("0.1", False, False, "0.2.0"),
        ("0.3", False, True, "0.3.3"),
        ("1.0.3", False, False, "1.0.8"),
        ("1.1.0", False, True, "1.1.2"),
        ("0.3.1", False, False, "0.3.3"),
        ("1.2.1", False, False, "1.2.2"),
    ],
)
def test_the_release_is_the_one_that_the_source_was_written_for(
    versions: str, old_order: bool, free_time: bool, first: str
) -> None:
    assert releases(parse(versions), old_order, free_time)[0] == first


@pytest.mark.parametrize(
    ("versions", "old_order", "others"),
    [("0.1", True, ("0.3.3",)), ("0.1-0.3", True, ()), ("0.1-1.2", False, ()), ("0.3.1", False, ())],
)
def test_which_releases_a_source_was_not_written_for(versions: str, old_order: bool, others: tuple[str, ...]) -> None:
    assert foreign(parse(versions), releases(parse(versions), old_order, False)) == others


def test_an_inner_model_is_proved_with_the_outer_one() -> None:
    text = HEAD + (
        "inner = Sequential()\ninner.add(TimeDistributedDense(3, input_shape=(7, 4)))\n"
        "outer = Sequential()\nouter.add(inner)\nouter.add(TimeDistributedDense(2))\n"
    )
    assert proofs(text) == [("outer", 5, "equal", None)]


def test_a_part_does_not_take_the_place_of_the_whole() -> None:
    text = HEAD + (
        "model = Sequential()\nmodel.add(Sequential([TimeDistributedDense(3, input_shape=(7, 4))]))\n"
        "model.add(TimeDistributedDense(2))\n"
    )
    assert proofs(text) == [("model", 3, "equal", None)]


def test_models_of_every_make_are_found() -> None:
    text = HEAD + (
        "from keras.models import Model\nfrom keras.layers import Input\n"
        "class Net(object):\n    model = Sequential()\n    model.add(TimeDistributedDense(3, input_shape=(7, 4)))\n"
        "class Stack(Sequential):\n    def __init__(self):\n        super(Stack, self).__init__()\n"
        "        self.add(TimeDistributedDense(3, input_shape=(7, 4)))\n"
        "def two():\n    a = Sequential()\n    a.add(TimeDistributedDense(3, input_shape=(7, 4)))\n"
        "    b = Sequential()\n    b.add(TimeDistributedDense(2, input_shape=(7, 4)))\n    return a, b\n"
        "def at_once():\n    x = Input(shape=(7, 4))\n    return Model(input=x, output=TimeDistributedDense(3)(x))\n"
    )
    found = proofs(text)
    assert sorted(name for name, *_ in found) == ["Net", "Stack.__init__", "at_once", "two: a", "two: b"]
    assert {status for _, _, status, _ in found} == {"equal"}


IMAGES = "input_shape=(9, 8, 3), dim_ordering='tf'"


@pytest.mark.parametrize(
    ("layers", "backend"),
    [
        (f"Convolution2D(3, 2, 2, border_mode='same', {IMAGES})", "tensorflow"),
        (f"Convolution2D(3, 2, 2, {IMAGES})", "theano"),
        (f"MaxPooling2D((2, 2), border_mode='same', {IMAGES})", "tensorflow"),
        (f"SeparableConvolution2D(3, 2, 2, {IMAGES})", "tensorflow"),  # Theano has none
        ("TimeDistributed(Convolution2D(3, 2, 2, border_mode='same'), input_shape=(4, 6, 5, 2))", "tensorflow"),
        ("TimeDistributed(Convolution2D(3, 2, 2), input_shape=(4, 6, 5, 2))", "theano"),
        ("SReLU(input_shape=(4,))", "tensorflow"),
        ("Lambda(lambda x: K.pool2d(x, (2, 2), border_mode='same'), input_shape=(6, 5, 2))", "tensorflow"),
        ("Lambda(lambda x: K.tf.exp(x), input_shape=(6, 5, 2))", "tensorflow"),
        ("Lambda(lambda x: K.exp(x), input_shape=(6, 5, 2))", "theano"),
        ("LSTM(3, input_shape=(7, 4))", "theano"),
    ],
)
def test_a_source_of_tensorflow_runs_there_where_theano_computes_otherwise(
    played: type[Played], layers: str, backend: str
) -> None:
    head = "from keras.models import Sequential\nfrom keras.layers import *\nfrom keras import backend as K\n"
    text = f"{head}model = Sequential()\nmodel.add({layers})\n"
    for source, expected in (("tensorflow", backend), (None, backend), ("theano", "theano")):
        played.jobs = []
        verify.verify_files([changed(text, version="1.2", backend=source)], Settings())
        assert [job.backend for job in played.jobs] == [expected], source


def task_of(on_theano: str | None, noted: tuple[Noted, ...] = ()) -> Task:
    return Task(changed("import keras\n"), (), None, (), on_theano, noted=noted)


def test_a_difference_that_was_told_of_names_the_note() -> None:
    proof = Proof("model", 1, "different", "the outputs differ", legacy="keras 1.2.2 theano")
    proof = proof._replace(first_difference="dense_1")
    noted = Noted("dense", None, (7,))
    told = verify._weighed(proof, task_of(None, (noted,)))
    assert told.reason == "the outputs differ (the note on line 7 may say why)"
    assert told.status == "different"
    several = verify._weighed(proof, task_of(None, (noted._replace(rows=(7, 9)),)))
    assert several.reason == "the outputs differ (the note on lines 7, 9 may say why)"
    elsewhere = proof._replace(first_difference="lstm_1")
    assert verify._weighed(elsewhere, task_of(None, (noted,))) == elsewhere
    equal = proof._replace(status="equal", reason=None)
    assert verify._weighed(equal, task_of(None, (noted,))) == equal


def test_only_a_difference_from_theano_says_nothing_of_tensorflow() -> None:
    there = Proof("model", 1, "different", "the outputs differ", legacy="keras 1.2.2 tensorflow")
    assert verify._weighed(there, task_of("MaxPooling2D")) == there
    here = there._replace(legacy="keras 1.2.2 theano")
    assert verify._weighed(here, task_of(None)) == here
    weighed = verify._weighed(here, task_of("MaxPooling2D(border_mode='same') (trap C15)"))
    assert weighed.status == "unproved"
    assert weighed.reason == (
        "the outputs differ, but genuine Keras ran on Theano here, where MaxPooling2D(border_mode='same') (trap C15) "
        "is another computation than on TensorFlow"
    )


# --- numbers that do not do, models that are none


FILLED = HEAD + (
    "import numpy as np\nX = np.load('x.npy')\nmodel = Sequential()\n"
    "model.add(TimeDistributedDense(3, input_shape=(X.shape[1], 4)))\n"
)


def test_a_model_that_does_not_run_gets_larger_sizes(played: type[Played], monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[tuple[int, int]] = []

    def proof(self: Played, job: Job) -> Proof:
        old, new = (int(text.partition("X.shape[1] = ")[2].partition(" ")[0]) for text in (job.old, job.new))
        sizes.append((old, new))
        status = "equal" if old >= 40 else "unproved"
        return Proof(job.model, job.row, status, None if old >= 40 else "too small", legacy="keras 1.2.2 theano")

    monkeypatch.setattr(Played, "proof", proof)
    assert proofs(FILLED) == [("model", 5, "equal", None)]
    (small, same), (large, as_large) = sizes
    assert (same, as_large) == (small, large) == (small, 8 * small)


def test_what_large_sizes_do_not_mend_is_said_of_the_small_ones(played: type[Played]) -> None:
    played.verdicts = {"made in row 5": "unproved"}
    assert proofs(FILLED)[0] == ("model", 5, "unproved", "because")
    assert [job.model for job in played.jobs] == ["model", "TimeDistributedDense alone"]  # no side has run


def test_a_model_that_is_overwritten_is_none() -> None:
    assert proofs(HEAD + "model = Sequential()\n" + SMALL) == [("model", 4, "equal", None)]
    assert [row for _, row, *_ in proofs(HEAD + "model = Sequential()\nfill(model)\n" + SMALL)] == [3, 5]


INHERITED = (
    "from keras.models import Sequential\nfrom keras.layers.core import Dense\n"
    "class Base(object):\n    def __init__(self):\n        self.model = Sequential()\n"
    "        self.model.add(Dense(3, input_dim=4, init='uniform'))\n        self.more()\n"
)
HEIR = "class Net(Base):\n    def more(self):\n        self.model.add(Dense(2, init='uniform'))\n"
SAME = "class Same(Net):\n    def describe(self):\n        return 'a net'\n"


def test_a_model_that_a_class_inherits_is_proved_for_that_class(played: type[Played]) -> None:
    assert [one[:2] for one in proofs(INHERITED + HEIR + SAME)] == [("Net: self.model", 8)]
    (job,) = played.jobs
    assert job.old_target == job.new_target == "Net().model"
    ((label, row, status, reason),) = proofs(INHERITED)
    assert (label, row, status) == ("Base.__init__: self.model", 5, "unproved")
    assert reason is not None
    assert reason.startswith("`more` may go on building the model")


def test_a_class_inherits_a_model_from_another_file(played: type[Played], tmp_path: Path) -> None:
    (tmp_path / "base.py").write_text(INHERITED)
    net = "from keras.layers.core import Dense\nfrom base import Base\n" + HEIR
    item = changed(net)._replace(path=str(tmp_path / "net.py"))
    new = changed(INHERITED).new_text
    texts = Texts({str(tmp_path / "base.py"): (INHERITED, new)}, [str(tmp_path / "base.py")])
    (proof,) = verify.verify_files([item], Settings(), texts=texts)[item.path]
    assert (proof.model, proof.row, proof.status) == ("Net: self.model", 3, "equal")
    (job,) = played.jobs
    assert job.old_target == "Net().model"
    assert "self.model.add(Dense(2, kernel_initializer='random_uniform'))" in job.new
    assert "class Base" in job.old


def test_a_parameter_that_only_the_new_program_hangs_on_is_left_out(played: type[Played]) -> None:
    text = (
        "from keras.models import Graph\nfrom keras.layers.core import Dense\n"
        "def build(n, table=None):\n    model = Graph()\n    model.add_input(name='x', input_shape=(n,))\n"
        "    if table is None:\n        model.add_node(Dense(3), name='code', input='x')\n"
        "    else:\n        model.add_node(Dense(3, weights=[table]), name='code', input='x')\n"
        "    model.add_output(name='out', input='code')\n    return model\n"
    )
    assert proofs(text) == [("build", 4, "equal", None)]
    (job,) = played.jobs
    assert "outputs={'out': code}" in job.new
