"""The weights that a source gives its layers: a proof compares them as such, and makes up for both sides what comes
from data."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from tdmigrate.config import STDIN, Settings
from tdmigrate.pipeline import run_text
from tdmigrate.results import Proof, applies
from tdmigrate.rewriting.apply import apply
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.understanding.module import Module
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.given import MadeUp, fitted
from tdmigrate.verification.jobs import Job
from tdmigrate.verification.modules import Texts
from tdmigrate.verification.program import Fill, Program, cut
from tdmigrate.verification.prover import Prover
from tdmigrate.verification.sizes import Misfit, misfit
from tdmigrate.verification.tasks import Task, tasks_of

HEAD = "import numpy as np\nfrom keras.layers import *\nfrom keras.models import Sequential, Model\n"


def sequential(*layers: str) -> str:
    return HEAD + "\n".join(["model = Sequential()", *(f"model.add({layer})" for layer in layers)]) + "\n"


def of_core(layer: str) -> str:
    """A model of one layer, which 0.2 can import too."""
    return sequential(layer).replace("from keras.layers import *", "from keras.layers.core import Dense")


def tasks(text: str, version: str | None, *mistake: tuple[str, str]) -> list[Task]:
    """What is to be proved of a source; ``mistake``: texts of the new version that another takes the place of."""
    checked = check(Module(text), CheckSettings((), (), "faithful", "auto", version, "theano", False))
    fixes = [finding.fix for finding in checked.findings if finding.fix and applies(finding, False)]
    new = apply(text, fixes)
    for before, after in mistake:
        assert before in new, new
        new = new.replace(before, after)
    found = [task for _, task in tasks_of([Changed("model.py", text, new, checked)], Settings(), Texts())]
    return [task for task in found if task.jobs or task.unproved]


def job(text: str, version: str | None = None, *mistake: tuple[str, str]) -> Job:
    (task,) = tasks(text, version, *mistake)
    assert task.jobs, task.unproved
    ((_, found),) = task.jobs
    return found


def reason(text: str, *mistake: tuple[str, str]) -> str | None:
    (task,) = tasks(text, None, *mistake)
    assert task.unproved is not None, task.jobs
    return task.unproved.reason


CONSTANT = "Dense(output_dim=2, input_dim=3, weights=[np.ones((3, 2)), np.zeros(2)])"
SQUARE = "Dense(output_dim=3, input_dim=3, weights=[np.arange(9.).reshape(3, 3), np.arange(3.)])"
LOADED = "Dense(output_dim=2, input_dim=3, weights=[np.load('w.npy'), np.load('b.npy')])"
IMAGES = HEAD + (
    "W, b = np.load('w.npy'), np.load('b.npy')\nmodel = Sequential()\n"
    "model.add(Convolution2D(4, 3, 3, dim_ordering='th', input_shape=(2, 7, 8), weights=[W, b]))\n"
)
GATED = HEAD + (
    "x = Input(shape=(5, 3))\n"
    "y = Bidirectional(LSTM(output_dim=2, weights=[np.arange(6.).reshape(3, 2), np.eye(2), np.arange(2.)] * 4))(x)\n"
    "model = Model(input=x, output=Dense(2, weights=[np.arange(8.).reshape(4, 2), np.arange(2.)])(y))\n"
)
RECURRENT = sequential("LSTM(output_dim=3, input_shape=(5, 3))") + (
    "gates = [[np.arange(9.).reshape(3, 3) + n, np.eye(3) * 2, np.arange(3.) * n] for n in range(4)]\n"
    "model.layers[0].set_weights(gates[0] + gates[1] + gates[2] + gates[3])\n"
)
WHOLE = HEAD + (
    "x = Input(shape=(3,))\ny = Dense(output_dim=3)(x)\nmodel = Model(input=x, output=Dense(2)(y))\n"
    "model.set_weights([np.arange(9.).reshape(3, 3), np.arange(3.), np.arange(6.).reshape(3, 2), np.zeros(2)])\n"
)
PARAMETER = (
    HEAD + "def build(weights, first):\n    model = Sequential()\n"
    "    model.add(LSTM(output_dim=4, input_shape=(7, 3), return_sequences=True, weights=weights))\n"
    "    model.add(LSTM(output_dim=2, weights=first.layers[0].get_weights()))\n    return model\n"
)
HELPED = HEAD + (
    "def head(model, n):\n    model.add(Dense(n, weights=[np.arange(3. * n).reshape(3, n), np.zeros(n)]))\n\n"
    "model = Sequential()\nmodel.add(Dense(output_dim=3, input_dim=3))\nhead(model, 3)\n"
)
CLASS = HEAD + (
    "class Net(Sequential):\n    def __init__(self):\n        super(Net, self).__init__()\n"
    "        self.add(TimeDistributedDense(3, input_shape=(7, 3), weights=[np.arange(9.).reshape(3, 3), np.ones(3)]))\n"
)
LOOP = HEAD + (
    "model = Sequential()\nmodel.add(Dense(output_dim=3, input_dim=3))\n"
    "for i in range(2):\n    model.add(Dense(3, weights=[np.load('w%d.npy' % i), np.zeros(3) + i]))\n"
)
TABLE = sequential("Embedding(20, 4, input_length=5, weights=[np.load('w.npy')])", "LSTM(output_dim=3)")
BOTH = HEAD + (
    "x = Input(shape=(5, 3))\ny = Bidirectional(GRU(output_dim=2), weights=list(np.load('w.npz')))(x)\n"
    "model = Model(input=x, output=y)\n"
)
STATISTICS = sequential(
    "BatchNormalization(input_shape=(4,), weights=[np.load(name) for name in 'abcd'])", "Dense(output_dim=2)"
)
GIVEN_TABLE = sequential("Embedding(6, 2, input_length=5, weights=[np.arange(12.).reshape(6, 2)])", "GRU(output_dim=3)")

EQUAL: dict[str, Job] = {
    **{f"ones, {version}": job(sequential(CONSTANT), version) for version in ("0.3", "1.0", "1.2")},
    **{f"counted, {version}": job(of_core(SQUARE), version) for version in ("0.2", "1.1")},
    **{f"from files, {version}": job(of_core(LOADED), version) for version in ("0.2", "0.3", "1.2")},
    "with the loss of the source": job(sequential(LOADED) + "model.compile(loss='mse', optimizer='sgd')\n"),
    "kernels of Theano": job(IMAGES),
    "gates, in a model of tensors": job(GATED),
    "of a built layer": job(RECURRENT),
    "of a whole model": job(WHOLE),
    "parameters, and weights of another model": job(PARAMETER),
    "in a function that adds": job(HELPED),
    "in a class of models": job(CLASS),
    "in a loop": job(LOOP),
    "a table from a file": job(TABLE),
    "a table that the source has": job(GIVEN_TABLE),
    "statistics": job(STATISTICS, "1.2"),
    "both halves": job(BOTH),
}  # fmt: skip

_TURNED = ("np.arange(9.).reshape(3, 3)", "np.arange(9.).reshape(3, 3).T")
DIFFERENT: dict[str, tuple[Job, str]] = {
    "transposed": (job(sequential(SQUARE), None, _TURNED), "dense_1"),
    "other constants": (job(sequential(CONSTANT), None, ("np.ones((3, 2))", "np.ones((3, 2)) / 2")), "dense_1"),
    "not set": (
        job(sequential(SQUARE), None, ("model.layers[-1].set_weights", "print")), "dense_1"),
    "set on another layer": (
        job(sequential("Dense(output_dim=3, input_dim=3)", SQUARE.replace("input_dim=3, ", "")), None,
            ("layers[-1]", "layers[0]")), "dense_1"),
    "kernels that are not turned": (
        job(IMAGES, None, ("'th', 'theano'", "'th', 'tensorflow'")), "convolution2d_1"),
    "other gates": (job(RECURRENT, None, ("icfo>ifco", "ifco>ifco")), "lstm_1"),
    "of a whole model": (job(WHOLE, None, ("reshape(3, 2)", "reshape(2, 3).T")), "dense_2"),
    "gates of halves": (job(BOTH, None, ("'zrh>zrh'", "'rzh>zrh'")), "bidirectional_1"),
    "recurrent kernels": (job(RECURRENT, None, ("np.eye(3) * 2", "np.eye(3) * 3")), "lstm_1"),
    "a table": (job(GIVEN_TABLE, None, ("np.arange(12.)", "np.arange(12.)[::-1]")), "embedding_1"),
}  # fmt: skip


@pytest.fixture(scope="module")
def proofs(prover: Prover) -> dict[str, Proof]:
    jobs = {**EQUAL, **{f"not {name}": wrong for name, (wrong, _) in DIFFERENT.items()}}
    return dict(zip(jobs, prover.prove([*jobs.values()]), strict=True))


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", EQUAL)
def test_given_weights_are_the_same(name: str, proofs: dict[str, Proof]) -> None:
    assert (proofs[name].status, proofs[name].first_difference) == ("equal", None), proofs[name]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", DIFFERENT)
def test_other_given_weights_are_told(name: str, proofs: dict[str, Proof]) -> None:
    proof, (_, layer) = proofs[f"not {name}"], DIFFERENT[name]
    assert (proof.status, proof.first_difference) == ("different", layer), proof
    assert proof.reason == f"with the same weights the outputs are equal, but {layer} begins with other weights"


def test_data_is_made_up_on_both_sides() -> None:
    found = job(IMAGES)
    for source in (found.old, found.new):
        assert "# made up: W (row" in source
        assert "[made_up('W'), made_up('b')]" in source
        assert "load" not in source


def test_data_that_the_new_program_does_not_set_is_not_proved() -> None:
    said = "the new program does not set the weights that come from data as the old one has them: `np.load('b.npy')`"
    assert reason(sequential(LOADED), ("'w.npy'", "'v.npy'")) == said
    assert reason(sequential(LOADED), ("model.layers[-1].set_weights", "print")) == said


@pytest.mark.legacy
@pytest.mark.slow
def test_data_that_the_old_program_takes_less_often_is_not_proved(prover: Prover) -> None:
    setting = "model.layers[-1].set_weights([np.load('w.npy'), np.load('b.npy')])\n"
    (proof,) = prover.prove([job(sequential(LOADED), None, (setting, setting * 2))])
    assert proof.status == "unproved"
    assert proof.reason == "the new program takes the weights `np.load('w.npy')` more often than the old one"


def test_what_training_gave_is_not_set() -> None:
    text = sequential("Dense(output_dim=2, input_dim=3)") + (
        "kept = model.layers[0].get_weights()\nmodel.layers[0].set_weights(kept)\n"
        "model.layers[0].set_weights([np.load('w.npy'), np.zeros(2)])\n"
        "if np.load('x.npy').any():\n    model.layers[0].set_weights([np.ones((3, 2)), np.zeros(2)])\n"
    )
    found = job(text)
    assert "set_weights" not in found.old + found.new
    assert "made_up" not in found.old + found.new


def test_what_a_source_sets_is_set() -> None:
    program = cut(RECURRENT, "", "model")
    assert isinstance(program, Program)
    assert "model.layers[0].set_weights(gates[0] + gates[1]" in program.source


def test_a_function_that_only_sets_stays_out() -> None:
    text = sequential("Dense(output_dim=2, input_dim=3)") + (
        "def again(model):\n    model.layers[0].set_weights([np.ones((3, 2)), np.zeros(2)])\n\nagain(model)\n"
    )
    program = cut(text, "", "model")
    assert isinstance(program, Program)
    assert "again" not in program.source


def shapes(arrays: Sequence[object]) -> list[tuple[int, ...]]:
    return [getattr(one, "shape", ()) for one in arrays]


def test_data_gets_the_shapes_that_the_layer_wants() -> None:
    kernel, whole = MadeUp(), MadeUp()
    assert shapes(fitted([kernel, [1.0, 2.0]], [(3, 2), (2,)], "Dense")) == [(3, 2), ()]
    assert kernel.taken is not None
    assert (shapes(kernel.taken.arrays), kernel.taken.is_list) == ([(3, 2)], False)
    assert shapes(fitted(whole, [(4,), (4,), (4,), (4,)], "BatchNormalization")) == [(4,)] * 4
    assert whole.taken is not None
    assert whole.taken.is_list
    assert whole.taken.arrays[3].min() >= 0.5  # a variance


FIXED = f"""\
{HEAD}words = open('words').read().split()
labels = open('labels').read().split()
def told():
    model = Sequential()
    model.add(Dense(len(words) + 1, input_dim=10, init='uniform', weights=[np.zeros((10, 100)), np.zeros(100)]))
    model.add(Dense(len(labels), init='uniform'))
    model.layers[-1].set_weights([np.ones((100, 5)), np.zeros(5)])
    return model
def contradicted():
    model = Sequential()
    model.add(Dense(len(words), input_dim=10, init='uniform', weights=[np.zeros((10, 100)), np.zeros(100)]))
    model.add(Dense(len(words), init='uniform', weights=[np.ones((100, 5)), np.zeros(5)]))
    return model
def wrong():
    model = Sequential()
    model.add(Dense(len(labels), input_dim=10, init='uniform'))
    model.add(Dense(3, init='uniform', weights=[np.ones((len(labels), 99)), np.zeros(99)]))
    return model
"""


@pytest.mark.legacy
@pytest.mark.slow
def test_arrays_of_fixed_size_tell_the_sizes_of_layers(legacy_path: Path) -> None:
    settings = Settings(mode="diff", verify=True, legacy_path=str(legacy_path))
    (file,) = run_text(STDIN, FIXED.encode(), settings).files
    told, contradicted, wrong = file.proofs
    assert told.status == "equal", told.reason
    assert contradicted.status == wrong.status == "unproved"
    assert contradicted.reason == (
        "`model.add(Dense(100, init='uniform', weights=[np.ones((100, 5)), np.zeros(5)]))` gives a layer an array of "
        "the fixed size (100, 5), but the layer's size (100, 100) is assumed: only the data tells `len(words)`"
    )
    assert "failed at `model.add(Dense(3, init=" in (wrong.reason or "")


def test_what_an_array_tells_of_the_sizes_that_are_filled_in() -> None:
    fills = [Fill("n", 7, 1), Fill("m", 9, 2), Fill("k", 9, 3)]
    assert Misfit("", (7, 3), (20, 3)).told(fills) == {"n": 20}
    assert Misfit("", (8,), (20,)).told(fills[:1]) == {"n": 19}
    assert Misfit("", (9,), (20,)).told(fills) is None  # `m` or `k`
    assert Misfit("", (7, 7), (20, 21)).told(fills) is None
    assert Misfit("", (7, 7), (20,)).told(fills) is None
    assert Misfit("", (4,), (20,)).reason(fills) is None
    assert misfit("Exception: Layer shape (7, 3) not compatible with weight shape (20, 3).") == Misfit(
        "", (7, 3), (20, 3)
    )
    assert misfit("ValueError: You called `set_weights(weights)`") is misfit(None) is None
