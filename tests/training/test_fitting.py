"""Programs that train with callbacks, generators and accuracies: genuine Keras on the old ones, Keras 3 on the new."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from rules.migrating import migrate
from tdmigrate.verification.proof import TOLERANCE

SCRIPT = Path(__file__).parent / "fitted.py"
OLD, EARLY, LAST = "0.3.3", "1.0.8", "1.2.2"
NEAR = {"tensorflow": TOLERANCE, "jax": 1e-3}  # some reductions of Keras on JAX are of single precision
HEAD = """\
from keras.callbacks import *
from keras.layers import Dense
from keras.models import Sequential
from keras.optimizers import SGD
"""


def model(rate: float = 0.5, units: int = 3, end: str = "softmax", compiled: str = "'categorical_crossentropy'") -> str:
    """A program's model; ``compiled``: the other arguments of compile."""
    return (
        f"model = Sequential()\nmodel.add(Dense(5, activation='tanh', input_dim=4))\n"
        f"model.add(Dense({units}, activation='{end}'))\n"
        f"model.compile(SGD(lr={rate}), {compiled})\nstart(model)\n"
    )


FIT = "batch_size=8, shuffle=False, verbose=0"
ACC = "'categorical_crossentropy', metrics=['accuracy']"
GENERATOR = """\
def batches(batch_size=6):
    while True:
        for first in range(0, 18, batch_size):
            yield X[first:first + batch_size], classes[first:first + batch_size]
"""


class Case(NamedTuple):
    name: str
    release: str
    program: str
    style: str = "faithful"
    backends: tuple[str, ...] = ("tensorflow",)

    def __str__(self) -> str:
        return f"{self.release}-{self.name}"


def stopping(patience: int, monitor: str = "val_loss") -> str:
    compiled = ACC if "acc" in monitor else ACC.partition(",")[0]
    return (
        f"{model(1.0 if 'acc' in monitor else 4.0, compiled=compiled)}"
        f"hist = model.fit(X[:14], classes[:14], validation_data=(X[14:], classes[14:]), nb_epoch=30, {FIT}, "
        f"callbacks=[EarlyStopping(monitor='{monitor}', patience={patience})])\n"
        "seen['history'] = hist.history\nseen['epochs'] = len(hist.epoch)\n"
    )


PLATEAU = """\
hist = model.fit(X[:14], classes[:14], validation_data=(X[14:], classes[14:]), nb_epoch=25, batch_size=8, verbose=0,
                 shuffle=False, callbacks=[ReduceLROnPlateau(patience={}, factor=0.5, cooldown={}, min_lr=0.1)])
seen['history'] = hist.history
"""
CHECKPOINTS = """\
model.fit(X, classes, nb_epoch=4, batch_size=8, verbose=0, shuffle=False,
          callbacks=[ModelCheckpoint('m.{epoch:02d}.h5', monitor='acc', period=2),
                     ModelCheckpoint('w.{epoch:02d}-{loss:.3f}.h5', save_weights_only=True, monitor='loss'),
                     ModelCheckpoint('best.h5', save_best_only=True, monitor='acc', mode='auto')])
"""
RATES = """\
class Rates(Callback):
    def on_train_begin(self, logs={}):
        self.rates = [float(self.params['nb_epoch'])]
    def on_epoch_end(self, epoch, logs={}):
        self.rates.append(float(self.model.optimizer.lr.get_value()))
        self.model.optimizer.lr.set_value(self.rates[-1] * 0.7)
        self.rates.append(logs['loss'] + logs.get('acc'))
rates = Rates()
model.fit(X, classes, nb_epoch=4, batch_size=8, verbose=0, shuffle=False,
          callbacks=[rates, LearningRateScheduler(lambda epoch: 0.5 / (epoch + 1))])
seen['rates'] = rates.rates
"""
# Keras 1 took batches ahead of a validation generator, and lost them at its end: all of that one are alike
STEPS = f"""\
{GENERATOR}hist = model.fit_generator(batches(), samples_per_epoch=12, nb_epoch=3, verbose=0,
                           validation_data=batches(18), nb_val_samples=30)
seen['history'] = hist.history
seen['evaluated'] = model.evaluate_generator(batches(5), val_samples=len(X) - 3)
seen['predicted'] = model.predict(X)
"""
EVALUATED = """\
seen['evaluated'] = model.evaluate(X, {}, verbose=0)
hist = model.fit(X, {}, nb_epoch=2, batch_size=20, verbose=0)
seen['history'] = hist.history
seen['classes'] = model.predict_classes(X, verbose=0)
seen['probabilities'] = model.predict_proba(X, verbose=0)
"""
SHOWN = """\
hist = model.fit(X, classes, nb_epoch=2, batch_size=20, show_accuracy=True, verbose=0)
seen['history'] = hist.history
seen['evaluated'] = model.evaluate(X, classes, show_accuracy=True, verbose=0)
seen['loss'] = model.evaluate(X, classes, verbose=0)
loss, acc = model.train_on_batch(X, classes, accuracy=True)
seen['step'] = [loss, acc]
seen['list'] = model.train_on_batch(X, classes)
seen['first'] = model.train_on_batch(X, classes)[0]
seen['tested'] = model.test_on_batch(X, classes, accuracy=True)
seen['classes'] = model.predict_classes(X, verbose=0)
"""
HIDDEN = """\
seen['list'] = model.train_on_batch(X, classes)
seen['first'] = model.train_on_batch(X, classes)[0]
"""
LOADED = """\
model.save_weights('kept.h5', overwrite=True)
model.train_on_batch(X, classes)
model.load_weights('kept.h5')
seen['predicted'] = model.predict(X)
"""

TEMPORAL = """\
from keras.layers import SimpleRNN, TimeDistributed
model = Sequential()
model.add(SimpleRNN(3, return_sequences=True, input_shape=(4, 1)))
model.add(TimeDistributed(Dense(3, activation='softmax')))
model.compile(SGD(lr=0.5), 'categorical_crossentropy', sample_weight_mode='temporal')
start(model)
inputs, targets = X[:, :, None], np.repeat(classes[:, None], 4, axis=1)
weights = np.where(X > 0, np.abs(X), 0)
hist = model.fit(inputs, targets, sample_weight=weights, nb_epoch=2, batch_size=20, verbose=0, shuffle=False)
seen['history'] = hist.history
seen['evaluated'] = model.evaluate(inputs, targets, sample_weight=weights, batch_size=8, verbose=0)
seen['step'] = model.train_on_batch(inputs, targets, sample_weight=weights)
seen['predicted'] = model.predict(inputs)
"""

CASES = [
    *(Case(f"patience-{n}", release, stopping(n)) for n in (0, 1, 3) for release in (OLD, LAST)),
    Case("patience-acc", LAST, stopping(2, "val_acc"), backends=("tensorflow", "jax")),
    *(
        Case(f"plateau-{n}-{m}", LAST, model(6.0) + PLATEAU.format(n, m), "exact", ("tensorflow", "jax"))
        for n, m in ((0, 0), (1, 0), (2, 0), (2, 2))
    ),
    Case("checkpoints", LAST, model(compiled=ACC) + CHECKPOINTS, "exact"),
    Case("rates", LAST, model(compiled=ACC) + RATES),
    *(Case("steps", release, model(compiled=ACC) + STEPS) for release in (EARLY, LAST)),
    Case("three classes", LAST, model(compiled=ACC) + EVALUATED.format("classes", "classes")),
    Case(
        "many labels",
        LAST,
        model(end="sigmoid", compiled="'binary_crossentropy', metrics=['accuracy']")
        + EVALUATED.format("classes", "classes"),
    ),
    Case(
        "one label",
        LAST,
        model(units=1, end="sigmoid", compiled="'binary_crossentropy', metrics=['accuracy']")
        + EVALUATED.format("labels % 2", "labels % 2"),
    ),
    Case(
        "regression",
        LAST,
        model(0.01, 1, "linear", "'mse', metrics=['accuracy']") + EVALUATED.format("labels", "labels"),
        backends=("tensorflow", "jax"),
    ),
    Case(
        "distances",
        LAST,
        model(0.01, 3, "linear", "loss='mse', metrics=['acc']") + EVALUATED.format("classes", "classes"),
    ),
    Case(
        "numbers of classes",
        LAST,
        model(compiled="'sparse_categorical_crossentropy', metrics=['accuracy']")
        + EVALUATED.format("labels[:, None]", "labels[:, None]"),
    ),
    Case("timesteps", LAST, TEMPORAL),
    Case("shown", OLD, model() + SHOWN),
    Case("hidden", OLD, model() + HIDDEN),
    *(Case("loaded", release, model() + LOADED) for release in (OLD, LAST)),
]  # fmt: skip

# the names of outputs and metrics are not in the order of the alphabet; the last batch is none smaller (trap D16)
SEVERAL = """\
from keras.layers import Input
from keras.models import Model
x = Input(shape=(4,))
hidden = Dense(5, activation='tanh')(x)
model = Model(input=x, output=[Dense(3, activation='softmax', name='zeta')(hidden), Dense(1, name='alpha')(hidden)])
model.compile('sgd', ['categorical_crossentropy', 'mse'], metrics={}, loss_weights=[1., 0.3])
start(model)
number = np.arange(20.)[:, None] / 20
seen['evaluated'] = model.evaluate(X, [classes, number], batch_size=10, verbose=0)
score = model.evaluate(X, [classes, number], batch_size=5, verbose=0)
seen['third'] = score[3]
loss, own, other = model.evaluate(X, [classes, number], verbose=0)[:3]
seen['losses'] = [loss, own, other]
seen['tested'] = model.test_on_batch(X, [classes, number])
seen['trained'] = [model.train_on_batch(X[:n], [classes[:n], number[:n]]) for n in (20, 7)]
"""
CASES += [
    Case(f"outputs with metrics {index}", LAST, SEVERAL.format(metrics), backends=("tensorflow", "jax"))
    for index, metrics in enumerate((
        "['mse', 'mae']", "{'zeta': ['acc', 'mae'], 'alpha': 'mse'}", "{'alpha': ['mse', 'mae']}",
    ))
]  # fmt: skip


def run(folder: Path, jobs: dict[int, str], legacy: tuple[str, ...] = (), **settings: str) -> dict[int, Any]:
    folder.mkdir(parents=True)
    (folder / "jobs.json").write_text(json.dumps(list(jobs.items())))
    environment = {**os.environ, "HOME": str(folder), "TF_CPP_MIN_LOG_LEVEL": "3", **settings}
    command = [sys.executable, str(SCRIPT), "jobs.json", "results.json", *legacy]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=500)
    assert done.returncode == 0, done.stderr.decode(errors="replace")[-4000:]
    return dict(json.loads((folder / "results.json").read_text()))


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    folder = tmp_path_factory.mktemp("genuine")
    found: dict[int, Any] = {}
    for release in sorted({case.release for case in CASES}):
        jobs = {index: HEAD + case.program for index, case in enumerate(CASES) if case.release == release}
        found.update(run(folder / release, jobs, (str(legacy_path), release)))
    return found


def named(files: list[str]) -> list[str]:
    """As they are named now."""
    return sorted(one.replace(".h5", ".weights.h5" if one[0] in "wk" else ".keras") for one in files)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax"])
def test_training_sees_the_same_numbers(backend: str, genuine: dict[int, Any], tmp_path: Path) -> None:
    mine = {index: case for index, case in enumerate(CASES) if backend in case.backends}
    programs = {index: migrate(HEAD + case.program, case.release, case.style)[0] for index, case in mine.items()}
    found = run(tmp_path / "modern", programs, KERAS_BACKEND=backend, JAX_ENABLE_X64="1")
    wrong = {}
    for index, case in mine.items():
        old, new = genuine[index], found[index]
        assert new["files"] == named(old["files"]), case
        assert len(old) > 1 or case.name == "checkpoints"
        for name, value in old.items():
            if name == "files":
                continue
            pairs = value.items() if isinstance(value, dict) else [("", value)]
            for key, one in pairs:
                other = new[name][key] if key else new[name]
                same = np.shape(one) == np.shape(other) and np.allclose(one, other, rtol=0, atol=NEAR[backend])
                if not same:
                    wrong[f"{case}: {name} {key}"] = (one, other)
    assert not wrong
