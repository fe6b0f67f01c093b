"""The whole tool with --write --verify: what is proved, what is caught, what is written."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from signals import heed
from tdmigrate.cli import main
from tdmigrate.keras1 import registry
from tdmigrate.keras1.entry import Dropped, Layer, Renamed, Spelling, Text, Values
from tdmigrate.rules import time_distributed_dense

HEAD = """\
from keras.models import Sequential
from keras.layers.core import TimeDistributedDense, Activation, RepeatVector
from keras.layers.recurrent import LSTM, GRU, SimpleRNN

model = Sequential()
"""


def stack(*layers: str) -> str:
    return HEAD + "".join(f"model.add({layer})\n" for layer in layers)


class Run(NamedTuple):
    code: int
    report: dict[str, Any]
    err: str

    def proofs(self, name: str) -> list[dict[str, Any]]:
        (file,) = [file for file in self.report["files"] if Path(file["path"]).name == name]
        found: list[dict[str, Any]] = file["proofs"]
        return found


def run(folder: Path, sources: Mapping[str, str], capfd: pytest.CaptureFixture[str], *options: str) -> Run:
    for name, source in sources.items():
        (folder / name).write_text(source)
    capfd.readouterr()
    with pytest.raises(SystemExit) as ended:
        main([str(folder), "--isolated", "--write", "--verify", "--output-format", "json", *options])
    captured = capfd.readouterr()
    assert isinstance(ended.value.code, int)
    return Run(ended.value.code, json.loads(captured.out), captured.err)


# --- fixes that are broken on purpose


def broken(entry: Layer, **changes: object) -> Layer:
    assert entry.keras3 is not None
    return entry._replace(keras3=entry.keras3._replace(**changes))  # type: ignore[arg-type]


def other(entry: Layer, **parameters: object) -> Layer:
    assert isinstance(entry.keras3, Spelling)
    return broken(entry, parameters={**entry.keras3.parameters, **parameters}, since={})


def layer(name: str) -> Layer:
    entry = registry.lookup(f"keras.layers.{name}")
    assert isinstance(entry, Layer)
    return entry


SEQUENCE = "return_sequences=True, input_shape=(7, 4)"
SAID_GATES = "inner_activation='sigmoid', activation='tanh'"
# file → source, words of the reason, first layer that differs
WRONG: dict[str, tuple[str, str, str | None]] = {
    "gates.py": (
        stack(f"LSTM(6, {SEQUENCE})", "TimeDistributedDense(3)"),
        "the outputs differ by",
        "lstm_1",
    ),
    "reset.py": (
        stack(f"GRU(6, {SEQUENCE})", "TimeDistributedDense(3)"),
        "the weights of gru_1 (GRU) have the shapes",
        "gru_1",
    ),
    "units.py": (
        stack("TimeDistributedDense(5, input_shape=(7, 4))"),
        "those of dense (Dense) (4, 6), (6,)",
        "timedistributeddense_1",
    ),
    "sequences.py": (
        stack("TimeDistributedDense(3, input_shape=(7, 4))", "SimpleRNN(6, activation='tanh', return_sequences=True)"),
        "(3, 7, 6) in the old model, (3, 6) in the new",
        "simplernn_1",
    ),
    "backwards.py": (
        stack("SimpleRNN(6, activation='tanh', go_backwards=True, input_shape=(7, 4))", "RepeatVector(5)",
              "TimeDistributedDense(3)"),
        "the outputs differ by",
        "simplernn_1",
    ),
    "activation.py": (
        stack("TimeDistributedDense(3, input_shape=(7, 4))", "Activation('tanh')", "TimeDistributedDense(2)"),
        "the outputs differ by",
        "activation_1",
    ),
    "own_activation.py": (
        stack("TimeDistributedDense(3, activation='relu', input_shape=(7, 4))"),
        "the outputs differ by",
        "timedistributeddense_1",
    ),
    "regularizer.py": (
        stack("TimeDistributedDense(3, W_regularizer='l2', input_shape=(7, 4))"),
        "regularisation adds",
        None,
    ),
    "does_not_run.py": (
        stack("TimeDistributedDense(3, b_constraint='nonneg', input_shape=(7, 4))"),
        "failed at `model.add(TimeDistributed(Dense(3, bias_constrained=",
        None,
    ),
    "free_axis.py": (
        stack("TimeDistributedDense(3, input_shape=(None, 4))"),
        "an output of shape (3, 8, 3) in the old model, (3, 3, 3) in the new",
        "timedistributeddense_1",
    ),
}  # fmt: skip
RIGHT = {
    "right.py": stack(f"LSTM(6, {SAID_GATES}, {SEQUENCE})", "TimeDistributedDense(3)"),
    # built in a class, in a method, and returned at once
    "class.py": """\
from keras.models import Sequential, Model
from keras.layers import Input, TimeDistributedDense

class Tagger(object):
    def __init__(self, size):
        self.model = Sequential([TimeDistributedDense(size, input_shape=(7, 4))])
        self.other = Sequential()
        self.other.add(TimeDistributedDense(2, input_shape=(6, 3)))

def functional(size=3):
    x = Input(shape=(7, 4))
    return Model(input=x, output=TimeDistributedDense(size)(x))
""",
}


@pytest.fixture(scope="module")
def wrong(tmp_path_factory: pytest.TempPathFactory, legacy_path: Path) -> tuple[Path, list[Run]]:
    """All of them in one run of the tool."""
    return tmp_path_factory.mktemp("wrong"), []


def wrong_run(wrong: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]) -> tuple[Path, Run]:
    folder, done = wrong
    if not done:
        with pytest.MonkeyPatch.context() as patch:
            tdd = layer("TimeDistributedDense")
            for entry in (
                other(layer("LSTM"), inner_activation=Renamed("recurrent_activation")),
                broken(layer("GRU"), written=()),
                other(layer("SimpleRNN"), return_sequences=Dropped("x"), go_backwards=Dropped("x")),
                other(layer("Activation"), activation=Renamed("activation", Values({"tanh": Text("'sigmoid'")}))),
                other(
                    tdd,
                    output_dim=Renamed("units", Values({5: Text("6")})),
                    activation=Renamed("activation", Values({"relu": Text("'elu'")})),
                    W_regularizer=Dropped("x"),
                    b_constraint=Renamed("bias_constrained"),
                ),
            ):
                for path in entry.paths:
                    patch.setitem(registry._ENTRIES, path, entry)
            patch.setattr(time_distributed_dense, "COMPAT_WRAPPER", time_distributed_dense.WRAPPER)
            sources = {name: source for name, (source, _, _) in WRONG.items()}
            done.append(run(folder, sources | RIGHT, capfd, "--td-style", "time-distributed"))
    return folder, done[0]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_migration_is_caught_and_not_written(
    name: str, wrong: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]
) -> None:
    folder, result = wrong_run(wrong, capfd)
    source, words, first = WRONG[name]
    (proof,) = result.proofs(name)
    if name == "free_axis.py" and tuple(map(int, proof["modern"].split()[1].split(".")[:2])) < (3, 14):
        assert proof["status"] == "equal"  # numeric trap C39 came with Keras 3.14
        return
    assert (proof["status"], proof["first_difference"]) == ("different", first)
    assert words in proof["reason"]
    assert proof["legacy"].startswith("keras 1.")
    assert (folder / name).read_text() == source
    assert result.code == 1


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize("name", RIGHT)
def test_the_right_ones_beside_them_are_written(
    name: str, wrong: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]
) -> None:
    folder, result = wrong_run(wrong, capfd)
    assert [proof["status"] for proof in result.proofs(name)] == ["equal"] * (3 if name == "class.py" else 1)
    assert "TimeDistributedDense" not in (folder / name).read_text()


# --- calls alone, and models by every way that a parameter may take

ODD = {
    "unsafe.py": stack("SimpleRNN(6, input_shape=(7, 4))", "TimeDistributedDense(3)"),
    "graph.py": """\
from keras.models import Graph
from keras.layers import TimeDistributedDense, LSTM
from keras.regularizers import l2

def build(sizes, reg, act):
    graph = Graph()
    graph.add_input('x', (None, 4))
    graph.add_node(LSTM(6, return_sequences=True), 'h', 'x')
    graph.add_node(TimeDistributedDense(sizes[1], W_regularizer=l2(reg), W_constraint='nonneg'), 'y', 'h')
    graph.add_node(TimeDistributedDense(3, activation=act), 'z', 'y')
    return graph
""",
    "ways.py": """\
from keras.models import Sequential
from keras.layers import TimeDistributedDense, LSTM, SimpleRNN

def build(kind, deep=None):
    model = Sequential()
    if kind == 'lstm':
        model.add(LSTM(6, return_sequences=True, input_shape=(7, 4)))
    else:
        model.add(SimpleRNN(6, return_sequences=True, input_shape=(7, 4)))
    if deep:
        model.add(TimeDistributedDense(5))
    model.add(TimeDistributedDense(3))
    return model
""",
    "no_shape.py": stack("TimeDistributedDense(3)", "Activation('relu')"),
    "lambda.py": """\
from keras.layers import TimeDistributedDense

def squash(x):
    return x * 2

heads = [TimeDistributedDense(n, activation=squash) for n in (2, 3)]
head = lambda width: TimeDistributedDense(width, bias=False)
""",
}

# a finding that a person silenced makes one way wrong
ODD["wrong_way.py"] = ODD["ways.py"].replace(
    "input_shape=(7, 4)))\n    else", "input_shape=(7, 4)))  # noqa: K202\n    else"
)


@pytest.fixture(scope="module")
def odd(tmp_path_factory: pytest.TempPathFactory, legacy_path: Path) -> tuple[Path, list[Run]]:
    return tmp_path_factory.mktemp("odd"), []


def odd_proofs(odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str], name: str) -> list[tuple[str, ...]]:
    folder, done = odd
    if not done:
        done.append(run(folder, ODD, capfd))
    return [(p["model"], p["status"], p["reason"] or "") for p in done[0].proofs(name)]


@pytest.mark.legacy
@pytest.mark.slow
def test_a_call_that_is_not_rewritten_is_not_proved(
    odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]
) -> None:
    ((model, status, reason),) = odd_proofs(odd, capfd, "unsafe.py")
    assert (model, status) == ("model", "unproved")
    assert "expected ndim=3, found ndim=2" in reason


@pytest.mark.legacy
@pytest.mark.slow
def test_nodes_of_a_graph_are_proved_alone(odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]) -> None:
    untold = "no call of the source tells what the parameter"
    assert odd_proofs(odd, capfd, "graph.py") == [
        ("build: graph", "unproved", f"{untold} `act` is, and it is not a size (line 5 of the old source)"),
        ("TimeDistributedDense alone", "equal", ""),
        ("TimeDistributedDense alone", "unproved", "the value of `act` is not known, and it is not a size"),
    ]


@pytest.mark.legacy
@pytest.mark.slow
def test_every_way_of_a_parameter_is_proved(odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]) -> None:
    assert odd_proofs(odd, capfd, "ways.py") == [("build", "equal", "")]


@pytest.mark.legacy
@pytest.mark.slow
def test_one_wrong_way_is_enough(odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]) -> None:
    ((model, status, reason),) = odd_proofs(odd, capfd, "wrong_way.py")
    assert (model, status) == ("build", "different")
    assert reason.startswith("with kind='lstm': the outputs differ by")


@pytest.mark.legacy
@pytest.mark.slow
def test_a_first_layer_without_a_shape_is_named(odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]) -> None:
    # graph.py and lambda.py beside it prove 1.0 or 1.1
    reason = "the model's first layer is told no input shape, without which Keras 1.0.8 builds none"
    assert odd_proofs(odd, capfd, "no_shape.py") == [
        ("model", "unproved", reason),
        ("TimeDistributedDense alone", "equal", ""),
    ]


@pytest.mark.legacy
@pytest.mark.slow
def test_calls_in_lists_and_lambdas_are_proved_alone(
    odd: tuple[Path, list[Run]], capfd: pytest.CaptureFixture[str]
) -> None:
    assert odd_proofs(odd, capfd, "lambda.py") == [("TimeDistributedDense alone", "equal", "")] * 2


def test_offline_a_formula_is_never_called_genuine(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", "")
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    (tmp_path / "sources").mkdir()
    sources = {"graph.py": ODD["graph.py"], "ways.py": ODD["ways.py"]}
    monkeypatch.setenv("TDMIGRATE_LEGACY", str(tmp_path / "legacy"))
    monkeypatch.setattr("tdmigrate.verification.verify.missing", lambda: ("Landlock", "seccomp"))
    result = run(tmp_path / "sources", sources, capfd)
    lacks, line = (line for line in result.err.splitlines() if line.startswith("tdmigrate: "))
    assert lacks == "tdmigrate: this system lacks Landlock and seccomp: programs under proof are less confined"
    assert "genuine Theano 1.0.5 could not be fetched" in line
    assert "tdmigrate legacy install" in line
    _, known, unknown = result.proofs("graph.py")
    assert (known["status"], known["legacy"]) == ("equal", "reference formula")
    assert (unknown["status"], unknown["legacy"]) == ("unproved", None)
    ways = result.proofs("ways.py")
    assert (ways[0]["status"], ways[0]["legacy"]) == ("unproved", None)
    assert "genuine Keras 1.0.8 is not here: go online once" in ways[0]["reason"]
    assert {(proof["status"], proof["legacy"]) for proof in ways[1:]} == {("equal", "reference formula")}


@pytest.mark.legacy
@pytest.mark.slow
def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, legacy_path: Path) -> None:
    source, scratch = tmp_path / "ways.py", tmp_path / "scratch"
    source.write_text(ODD["ways.py"])
    scratch.mkdir()
    command = [sys.executable, "-m", "tdmigrate", "--isolated", "--write", "--verify", str(source)]
    environment = {**os.environ, "TMPDIR": str(scratch)}
    tool = subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True, preexec_fn=heed)
    deadline = time.monotonic() + 60
    while not list(scratch.glob("tdmigrate-*/keras-3/log")) and time.monotonic() < deadline:
        time.sleep(0.02)
    workers = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(tool.pid)], capture_output=True, text=True, check=True
    ).stdout.split()
    assert workers
    tool.send_signal(signal.SIGINT)
    _, err = tool.communicate(timeout=60)
    assert tool.returncode == 130
    assert "interrupted" in err
    assert list(scratch.iterdir()) == []
    assert not any(Path("/proc", worker).exists() for worker in workers)
    assert source.read_text() == ODD["ways.py"]
