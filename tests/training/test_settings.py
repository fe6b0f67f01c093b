"""Optimizers, losses and metrics in every form, trained: genuine Keras on old programs, Keras 3 on the new ones."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from tdmigrate.verification.proof import TOLERANCE

from .running import after, before, gap, migrated

OLD, EARLY, LATE, LAST = "0.3.3", "1.0.8", "1.1.2", "1.2.2"
FEATURES, UNITS, BATCH = 4, 3, 6
BACKENDS = ("tensorflow", "jax", "torch")
HEAD = """\
from keras import backend as K
from keras import objectives, optimizers
from keras.models import Sequential
from keras.layers.core import Dense
from keras.optimizers import SGD, RMSprop, Adagrad, Adadelta, Adam, Adamax
"""
METRICS = "from keras import metrics\nfrom keras.metrics import fmeasure, hinge, precision as exact, recall\n"


class Case(NamedTuple):
    """What is trained how."""

    name: str
    release: str
    optimizer: str
    loss: str = "'mse'"
    style: str = "faithful"
    head: str = ""
    metrics: str = ""
    labels: str = "numbers"
    activation: str = "linear"
    layer: str = ""  # further arguments of it
    scale: float = 1.0  # of the targets, by which small gradients are
    backends: tuple[str, ...] = ("tensorflow",)
    rounded: bool = False  # Keras 3 rounds its settings

    def __str__(self) -> str:
        return f"{self.release}-{self.style}-{self.name}"

    @property
    def program(self) -> str:
        given = f", metrics={self.metrics}" if self.metrics else ""
        return (
            f"{HEAD}{self.head}model = Sequential()\n"
            f"model.add(Dense({UNITS}, input_dim={FEATURES}, activation='{self.activation}'{self.layer}))\n"
            f"model.compile(optimizer={self.optimizer}, loss={self.loss}{given})\n"
        )


# settings that single precision holds, to which Keras 3 rounds them on TensorFlow
USUAL = (
    "SGD(lr=0.1)",
    "SGD(lr=0.1, momentum=0.875)",
    "SGD(lr=0.1, momentum=0.875, nesterov=True)",
    "SGD(lr=0.1, clipvalue=0.25)",
    "'sgd'",
    "Adadelta(rho=0.875)",
    "Adam(beta_1=0.75, beta_2=0.96875, clipnorm=0.5)",
    "optimizers.adam(lr=0.01, beta_1=0.75, beta_2=0.96875)",
    "Adamax(beta_1=0.75, beta_2=0.96875)",
)
ROUNDED = ("SGD(lr=0.125, decay=0.125)", "SGD(lr=0.1, momentum=0.9)", "Adadelta()", "Adam()", "Adamax()", "'adadelta'",
           "'Adam'", "'adamax'")  # fmt: skip
OTHER = ("RMSprop()", "RMSprop(lr=0.01, epsilon=1e-2)", "Adagrad()", "Adagrad(0.1, 1e-2)", "'rmsprop'", "'adagrad'",
         "optimizers.rmsprop(lr=0.01)")  # fmt: skip
SCHEDULED = ("Nadam()", "Nadam(lr=0.01, beta_1=0.8, schedule_decay=0.1)", "'nadam'")
CLIPPED = ("SGD(lr=0.1, clipnorm=0.5, clipvalue=0.1)", "Adam(clipnorm=0.5, clipvalue=0.1)",
           "RMSprop(clipvalue=0.1, clipnorm=0.5)", "Adagrad(clipnorm=0.5)")  # fmt: skip
DECAYED = ("SGD(lr=0.1, momentum=0.9, decay=0.1)", "RMSprop(decay=0.1)", "Adagrad(decay=0.1)", "Adadelta(decay=0.1)",
           "Adam(decay=0.1)", "Adamax(decay=0.1, clipnorm=0.5)")  # fmt: skip
NADAM = "from keras.optimizers import Nadam\n"

# the number a sample, a row, a batch or a unit
OWN = {
    "row": "K.mean(K.square(y_pred - y_true), axis=-1)",
    "batch": "K.mean(K.abs(y_pred - y_true))",
    "units": "K.square(y_pred - y_true)",
    "sum": "K.sum(K.square(y_pred - y_true), axis=-1) + 0.5 * objectives.mae(y_true, y_pred)",
    "mixed": "objectives.cosine_proximity(y_true, y_pred) + objectives.MSE(y_true, y_pred)",
    "crossed": "objectives.categorical_crossentropy(y_true, K.sigmoid(y_pred))",
}


def cases() -> list[Case]:
    rows = [Case(one, release, one) for release in (OLD, EARLY, LATE, LAST) for one in USUAL]
    rows += [Case(one, release, one, rounded=True) for release in (OLD, LAST) for one in ROUNDED]
    rows += [Case(one, OLD, one) for one in OTHER]
    for release in (EARLY, LATE, LAST):
        decayed = DECAYED if release > "1.1" else DECAYED[:1]
        rows += [
            Case(
                one,
                release,
                one,
                style="exact",
                head=NADAM if "adam(" in one else "",
                scale=scale,
                backends=BACKENDS if release == LAST and scale == 1 else BACKENDS[:1],
            )
            for one in (*OTHER, *SCHEDULED, *CLIPPED, *decayed)
            for scale in (1.0, 1e-4)
        ]
    for loss in ("hinge", "squared_hinge", "mean_squared_error", "mae", "MAPE", "msle"):
        rows += [
            Case(f"{form}-{labels}", release, "SGD(lr=0.1)", form, labels=labels)
            for release in (OLD, LAST)
            for form in (f"'{loss}'", f"objectives.{loss}", f"objectives.get('{loss}')")
            for labels in ("bits", "numbers")
            if loss != "MAPE" or labels == "numbers"
        ]
    for loss in ("cosine_proximity", "cosine", "poisson", "kullback_leibler_divergence", "kld"):
        rows += [
            Case(form, release, "SGD(lr=0.1)", form, labels="shares", activation="softmax", backends=BACKENDS)
            for release in ((OLD, LAST) if loss[0] in "cp" else (LAST,))
            for form in (f"'{loss}'", f"objectives.{loss}")
        ]
    for name, formula in OWN.items():
        head = f"def own(y_true, y_pred):\n    return {formula}\n"
        labels = "shares" if name == "crossed" else "numbers"
        for release in (OLD, LAST):
            rows.append(Case(f"own-{name}", release, "SGD(lr=0.1)", "own", head=head, labels=labels, backends=BACKENDS))
    for given in ("EigenvalueRegularizer(0.3)", "L1L2Regularizer(l1=0.125, l2=0.25)", "Own()"):
        head = (
            f"from keras.regularizers import {'Regularizer' if given == 'Own()' else given.partition('(')[0]}\n"
            + "class Own(Regularizer):\n    def __call__(self, x):\n        return K.sum(K.abs(x))\n"
            * (given == "Own()")
        )
        rows.append(Case(given, LAST, "SGD(lr=0.01)", head=head, layer=f", W_regularizer={given}", backends=BACKENDS))
    for constraint in ("MaxNorm(0.5)", "MinMaxNorm(low=0.2, high=0.6, rate=0.5)", "unitnorm(axis=1)", "Own()"):
        head = (
            f"from keras.constraints import {'Constraint' if constraint == 'Own()' else constraint.partition('(')[0]}\n"
            + "class Own(Constraint):\n    def __call__(self, p):\n        p *= K.cast(p >= 0., K.floatx())\n"
            "        return p\n" * (constraint == "Own()")
        )
        rows.append(
            Case(constraint, LAST, "SGD(lr=0.01)", head=head, layer=f", W_constraint={constraint}", backends=BACKENDS)
        )
    asked = ("'precision'", "'recall'", "'fbeta_score'", "'fmeasure'", "'matthews_correlation'", "'hinge'", "'mse'",
             "'cosine'",  "exact", "fmeasure", "recall", "hinge", "metrics.fscore", "'squared_hinge'",
             "'mean_absolute_error'", "'categorical_accuracy'")  # fmt: skip
    for one in asked:
        rows.append(
            Case(one, LAST, "SGD(lr=0.1)", metrics=f"[{one}]", head=METRICS, labels="bits", activation="sigmoid",
                 backends=BACKENDS)
        )  # fmt: skip
    return rows


CASES = cases()


def job(case: Case, program: str) -> dict[str, Any]:
    """The same for both sides."""
    random = np.random.default_rng(3)
    x = random.normal(size=(BATCH, FEATURES))
    weights: list[Any] = [random.normal(size=(FEATURES, UNITS)), random.normal(size=UNITS)]
    y: Any = random.normal(size=(BATCH, UNITS))
    if case.labels == "bits":
        y = (y > 0) * 1.0
    elif case.labels == "shares":
        y = np.exp(y) / np.sum(np.exp(y), axis=-1, keepdims=True)
    elif case.scale != 1:  # close to what the model gives
        y = x @ weights[0] + weights[1] + case.scale * y
    evaluated = {"evaluated": 4} if case.metrics else {}
    return {
        "program": program,
        "weights": [one.tolist() for one in weights],
        "x": x.tolist(),
        "targets": [y.tolist()],
        "steps": 5,
        **evaluated,
    }


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    return before(CASES, job, legacy_path, tmp_path_factory.mktemp("genuine"))


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[int, Any]]:
    return after(
        CASES, job, lambda case: migrated(case.program, case.release, case.style), tmp_path_factory.mktemp("here")
    )


PAIRS = [(backend, index) for index, case in enumerate(CASES) for backend in case.backends]


@pytest.mark.legacy
@pytest.mark.slow
@pytest.mark.parametrize(("backend", "index"), PAIRS, ids=[f"{backend}-{CASES[index]}" for backend, index in PAIRS])
def test_five_steps_are_those_of_keras_1(
    backend: str, index: int, genuine: dict[int, Any], here: dict[str, dict[int, Any]]
) -> None:
    # some reductions of Keras on JAX and PyTorch are of single precision
    exact = backend == "tensorflow" and not CASES[index].rounded
    assert gap(genuine[index], here[backend][index]) < (TOLERANCE if exact else 1e-6)
    start = job(CASES[index], "")["weights"]
    assert max(np.max(np.abs(genuine[index][f"weight/{n}"] - one)) for n, one in enumerate(start)) > 1e-7
