"""Metrics that count masked steps, and evaluation without penalties: on every backend, compiled and not."""

from __future__ import annotations

import os
import subprocess
import sys

import keras
import numpy as np
import pytest
from keras import layers

from tdmigrate.compat import count_masked_steps, penalize_training_only

RANDOM = np.random.default_rng(5)
X, Y = RANDOM.normal(size=(7, 4, 3)), RANDOM.random((7, 4, 2))
X[0, 2:] = X[1, 1:] = X[5, 3:] = 0


def model_with(mask: bool, penalty: str | None = None) -> keras.Model:
    first = [layers.Masking()] if mask else []
    model = keras.Sequential([keras.Input((4, 3)), *first, layers.GRU(4, return_sequences=True)])
    model.add(layers.Dense(2, kernel_regularizer=penalty, activity_regularizer=penalty))
    return model


def compiled(model: keras.Model, run_eagerly: bool, loss: str = "mse") -> None:
    model.compile("sgd", loss, metrics=["mae"], run_eagerly=run_eagerly)


def error_of(model: keras.Model) -> float:
    return float(np.abs(model.predict(X, verbose=0) - Y).mean())


def check_masked(run_eagerly: bool) -> None:
    model = model_with(mask=True)
    compiled(model, run_eagerly)
    loss, left_out = model.evaluate(X, Y, batch_size=3, verbose=0)
    assert abs(left_out - error_of(model)) > 1e-5
    again = model_with(mask=True)
    compiled(again, run_eagerly)
    count_masked_steps(again)
    again.set_weights(model.get_weights())
    for _ in range(2):
        found = again.evaluate(X, Y, batch_size=3, verbose=0)
        assert abs(found[0] - loss) < 1e-5
        assert abs(found[1] - error_of(again)) < 1e-5
        compiled(again, run_eagerly)  # keeps it
        count_masked_steps(again)  # once more changes nothing
    before = error_of(again)
    history = again.fit(X, Y, batch_size=7, verbose=0, validation_data=(X, Y)).history
    assert abs(history["mae"][0] - before) < 1e-5
    assert abs(history["val_mae"][0] - error_of(again)) < 1e-5


def check_penalized(run_eagerly: bool) -> None:
    model, plain = model_with(mask=False, penalty="l2"), model_with(mask=False)
    for one in (model, plain):
        compiled(one, run_eagerly)
    penalize_training_only(model)
    plain.set_weights(model.get_weights())
    evaluated = plain.evaluate(X, Y, batch_size=3, verbose=0)
    assert np.allclose(model.evaluate(X, Y, batch_size=3, verbose=0), evaluated, atol=1e-6)
    assert np.allclose(model.test_on_batch(X, Y), plain.test_on_batch(X, Y), atol=1e-6)
    history = model.fit(X, Y, batch_size=7, verbose=0, validation_data=(X, Y)).history
    assert history["loss"][0] - evaluated[0] > 1e-3
    plain.set_weights(model.get_weights())
    assert abs(history["val_loss"][0] - plain.evaluate(X, Y, verbose=0)[0]) < 1e-5
    compiled(model, run_eagerly, "mae")
    compiled(plain, run_eagerly, "mae")
    assert np.allclose(model.evaluate(X, Y, verbose=0), plain.evaluate(X, Y, verbose=0), atol=1e-6)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_metrics_count_masked_steps(run_eagerly: bool) -> None:
    check_masked(run_eagerly)


@pytest.mark.parametrize("run_eagerly", [False, True])
def test_evaluation_has_no_penalties(run_eagerly: bool) -> None:
    check_penalized(run_eagerly)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["jax", "torch"])
def test_on_other_backends(backend: str) -> None:
    environment = {**os.environ, "KERAS_BACKEND": backend}
    done = subprocess.run([sys.executable, __file__], env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stderr[-4000:]


if __name__ == "__main__":
    for eagerly in (False, True):
        check_masked(eagerly)
        check_penalized(eagerly)
