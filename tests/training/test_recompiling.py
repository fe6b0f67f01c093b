"""Models that are compiled and trained in unusual ways, by genuine Keras and by Keras 3.

They are compiled again with the same optimizer or other layers frozen, or get their arguments from a dict.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from rules.migrating import migrate
from tdmigrate.verification.proof import TOLERANCE

from .test_fitting import run

OLD, EARLY, LATE, LAST = "0.3.3", "1.0.8", "1.1.2", "1.2.2"
HEAD = """\
from keras import backend as K
from keras.layers.core import Dense
from keras.models import Sequential
from keras.optimizers import SGD, Adam, Adamax

def build(units=3):
    model = Sequential()
    model.add(Dense(5, activation='tanh', input_dim=4))
    model.add(Dense(units, activation='softmax'))
    return model

def train(model, name, epochs=2):
    model.fit(X, classes, nb_epoch=epochs, batch_size=8, shuffle=False, verbose=0)
    seen[name] = model.predict(X, verbose=0)

"""
# settings that single precision holds, to which Keras 3 rounds them on TensorFlow
MOMENTUM = "SGD(lr=0.25, momentum=0.75)"
MOMENTS = "Adam(lr=0.0625, beta_1=0.5, beta_2=0.75)"
FOLDS = """\
opt = {}
for fold in range(3):
    model = build()
    model.compile(optimizer=opt, loss='mse')
    start(model)
    train(model, 'fold%d' % fold)
"""
AGAIN = """\
opt = {}
model = build()
model.compile(loss='categorical_crossentropy', optimizer=opt)
start(model)
train(model, 'first')
model.layers[0].trainable = False
model.compile(loss='categorical_crossentropy', optimizer=opt)
train(model, 'second')
"""
DEFAULT = """\
def run(name, optimizer={}):
    model = build()
    start(model)
    model.compile(loss='mse', optimizer=optimizer)
    train(model, name)
    model.compile(loss='mse', optimizer=model.optimizer)
    train(model, name + ' again')
run('one')
run('two')
run('three', optimizer=SGD(lr=0.5))
"""
# in turn, so that the steps of one count for the other
TURNS = """\
opt = {}
one, other = build(), build()
for model in (one, other):
    start(model)
one.compile(loss='mse', optimizer=opt)
other.compile(loss='mse', optimizer=opt)
for number in range(3):
    one.train_on_batch(X, classes)
    other.train_on_batch(X, classes)
    one.train_on_batch(X, classes)
seen['one'] = one.predict(X, verbose=0)
seen['other'] = other.predict(X, verbose=0)
"""
RATE = """\
opt = {}
for fold in range(3):
    model = build()
    start(model)
    model.compile(loss='mse', optimizer=opt)
    train(model, 'fold%d' % fold)
    K.set_value(opt.lr, 0.5 * K.get_value(opt.lr))
    train(model, 'slower%d' % fold)
    seen['rate%d' % fold] = float(K.get_value(model.optimizer.lr))
"""
TABLE = """\
opts = {{'sgd': {}, 'adam': Adam(lr=0.0625, beta_1=0.5, beta_2=0.75)}}
for fold in range(2):
    for name in sorted(opts):
        model = build()
        start(model)
        model.compile(loss='mse', optimizer=opts[name])
        train(model, '%s%d' % (name, fold))
"""
FORGOTTEN = """\
model = build()
model.compile(loss='categorical_crossentropy', optimizer='sgd')
start(model)
model.layers[0].trainable = False
train(model, 'frozen')
for layer in model.layers:
    layer.trainable = not layer.trainable
train(model, 'turned')
model.compile(loss='categorical_crossentropy', optimizer='sgd')
train(model, 'compiled')
model.layers[0].trainable = False
train(model, 'late')
"""
# the judge trains alone, though it is frozen in the model around it
JUDGED = """\
judge = Sequential()
judge.add(Dense(4, activation='tanh', input_dim=3))
judge.add(Dense(1, activation='sigmoid'))
start(judge)
judge.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.5))
maker = build()
start(maker)
judge.trainable = False
both = Sequential()
both.add(maker)
both.add(judge)
both.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.5))
ones = np.ones((20, 1))
for step in range(3):
    judge.train_on_batch(classes, ones)
    both.train_on_batch(X, 0 * ones)
seen['judge'] = judge.predict(classes, verbose=0)
seen['both'] = both.predict(X, verbose=0)
"""
THAWED = """\
judge = Sequential()
judge.add(Dense(4, activation='tanh', input_dim=3))
judge.add(Dense(1, activation='sigmoid'))
start(judge)
maker = build()
start(maker)
judge.trainable = False
both = Sequential()
both.add(maker)
both.add(judge)
both.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.5))
judge.trainable = True
judge.compile(loss='binary_crossentropy', optimizer=SGD(lr=0.5))
ones = np.ones((20, 1))
for step in range(3):
    judge.train_on_batch(classes, ones)
    both.train_on_batch(X, 0 * ones)
seen['judge'] = judge.predict(classes, verbose=0)
seen['both'] = both.predict(X, verbose=0)
"""
AUTO = """\
model = build()
model.compile(loss='categorical_crossentropy', optimizer='sgd')
start(model)
model.fit(X, classes, nb_epoch=2, batch_size=8, shuffle=False, verbose=0, class_weight='auto')
model.train_on_batch(X, classes, class_weight='auto')
seen['predicted'] = model.predict(X, verbose=0)
"""
BY_DICT = """\
def fit(model, **arguments):
    model.fit(X, classes, **arguments)
    seen['fitted%d' % len(seen)] = model.predict(X, verbose=0)

made = dict(loss='mse', optimizer='adagrad')
settings = dict(nb_epoch=2, shuffle=False)
settings['verbose'] = 0
settings.update(batch_size=8)
model = build()
model.compile(**made)
start(model)
model.fit(X, classes, **settings)
seen['first'] = model.predict(X, verbose=0)
fit(model, nb_epoch=3, batch_size=5, shuffle=False, verbose=0)
fit(model, nb_epoch=1, batch_size=20, shuffle=False, verbose=0)
"""


class Case(NamedTuple):
    name: str
    release: str
    program: str
    style: str = "faithful"
    wrapped: bool = True  # whether something of tdmigrate.compat keeps the numbers

    def __str__(self) -> str:
        return f"{self.release}-{self.style}-{self.name}"


ALL = (OLD, EARLY, LATE, LAST)
CASES = [
    *(Case("folds", release, FOLDS.format(MOMENTUM)) for release in ALL),
    *(Case("folds of Adam", release, FOLDS.format(MOMENTS), style="exact") for release in (OLD, LAST)),
    *(Case("folds with decay", one, FOLDS.format("SGD(lr=0.5, decay=0.125)"), "exact") for one in (EARLY, LATE, LAST)),
    *(Case("again", release, AGAIN.format(MOMENTUM), style) for release in ALL for style in ("faithful", "exact")),
    Case("again", LAST, AGAIN.format(MOMENTS)),
    Case("again Nadam", LAST, "from keras.optimizers import Nadam\n" + AGAIN.format("Nadam(lr=0.0625)"), "exact"),
    Case("turns of Nadam", LAST, "from keras.optimizers import Nadam\n" + TURNS.format("Nadam(lr=0.0625)"), "exact"),
    *(Case("default", release, DEFAULT.format(MOMENTUM)) for release in (OLD, LAST)),
    *(Case("turns", release, TURNS.format(MOMENTS)) for release in ALL),
    *(Case("rate", release, RATE.format(MOMENTUM)) for release in (OLD, LAST)),
    Case("table", LATE, TABLE.format(MOMENTUM)),
    *(Case("forgotten", release, FORGOTTEN, wrapped=release != EARLY) for release in ALL),
    *(Case("auto", release, AUTO, wrapped=False) for release in ALL),
    *(Case("by dict", release, BY_DICT, "exact", wrapped=False) for release in ALL),
    *(Case("judged", release, JUDGED) for release in (EARLY, LATE, LAST)),
    *(Case("thawed", release, THAWED, wrapped=release != EARLY) for release in (EARLY, LATE, LAST)),
]


@pytest.fixture(scope="module")
def genuine(legacy_path: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Any]:
    folder = tmp_path_factory.mktemp("genuine")
    found: dict[int, Any] = {}
    for release in ALL:
        jobs = {index: HEAD + case.program for index, case in enumerate(CASES) if case.release == release}
        found.update(run(folder / release, jobs, (str(legacy_path), release)))
    return found


@pytest.mark.slow
def test_they_train_as_they_did(genuine: dict[int, Any], tmp_path: Path) -> None:
    programs = {}
    for index, case in enumerate(CASES):
        programs[index] = migrate(HEAD + case.program, case.release, case.style)[0]
        assert ("fresh_optimizer(" in programs[index] or "keep_trainable(" in programs[index]) == case.wrapped, case
    found = run(tmp_path / "modern", programs, KERAS_BACKEND="tensorflow")
    wrong = {}
    for index, case in enumerate(CASES):
        for name, old in genuine[index].items():
            gap = np.max(np.abs(np.subtract(found[index][name], old))) if name != "files" else 0.0
            if not gap < TOLERANCE:
                wrong[f"{case}: {name}"] = gap
    assert not wrong, wrong
