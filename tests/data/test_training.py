"""What Keras 3 and scikit-learn of today make of the helpers of compat."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import h5py
import keras
import numpy as np
import pytest
from sklearn.base import clone
from sklearn.model_selection import GridSearchCV, KFold

from tdmigrate.compat import (
    HDF5Matrix,
    ImageDataGenerator,
    KerasClassifier,
    KerasRegressor,
    array_to_img,
    convert_all_kernels_in_model,
    load_array,
    save_array,
)


@pytest.mark.slow
@pytest.mark.parametrize("backend", ["tensorflow", "jax", "torch"])
def test_fit_takes_the_batches_in_their_order(backend: str) -> None:
    """Keras 3 on TensorFlow looks at two batches before it begins: they must not be lost."""
    ended = subprocess.run(
        [sys.executable, str(Path(__file__).parent / "fitted.py")],
        env={**os.environ, "KERAS_BACKEND": backend},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 0, ended.stderr[-3000:]
    found = json.loads(ended.stdout.splitlines()[-1])
    assert np.allclose(found["history"], found["losses"], rtol=1e-5)


def test_batches_asked_for_by_index_go_on_where_the_last_pass_ended() -> None:
    x = np.arange(5.0).reshape(5, 1, 1, 1)
    batches = ImageDataGenerator(data_format="channels_last").flow(x, batch_size=1, shuffle=False)
    peeked = [batches[0], batches[1]]
    first = [float(batches[index].item()) for index in range(4)]
    again = keras.backend.backend() == "tensorflow"
    assert first == ([0, 1, 2, 3] if again else [2, 3, 4, 0])
    assert [float(one.item()) for one in peeked] == [0, 1]
    assert float(batches[0].item()) == (4 if again else 1)


def test_a_generator_that_was_not_fitted_warns() -> None:
    generator = ImageDataGenerator(featurewise_center=True)
    with pytest.warns(UserWarning, match="featurewise_center=True.*fit"):
        generator.standardize(np.zeros((3, 3, 1)))


def test_pictures_are_kept_in_a_folder(tmp_path: Path) -> None:
    x = np.random.default_rng(0).uniform(0, 255, (3, 4, 5, 3))
    batches = ImageDataGenerator().flow(
        x, batch_size=3, shuffle=False, save_to_dir=str(tmp_path), save_prefix="a", save_format="png"
    )
    next(batches)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert [name.rpartition("_")[0] for name in names] == ["a_0", "a_1", "a_2"]
    kept = keras.utils.img_to_array(keras.utils.load_img(tmp_path / names[0]))
    assert np.array_equal(kept, np.floor(x[0].astype("float32") / np.float32(x[0].max()) * 255))


def test_an_image_of_an_array_keeps_its_lowest_value() -> None:
    """Keras 3 moves it to 0; Keras 1 only what lies below 0."""
    x = np.array([[[50.0], [100.0]]])
    assert np.asarray(array_to_img(x)).tolist() == [[127, 255]]
    assert np.asarray(array_to_img(x - 100)).tolist() == [[0, 255]]
    assert np.asarray(array_to_img(x, scale=False)).tolist() == [[50, 100]]
    assert np.asarray(array_to_img(x.transpose(2, 0, 1), "channels_first")).tolist() == [[127, 255]]


def test_a_part_of_a_file(tmp_path: Path) -> None:
    data = np.arange(20.0).reshape(10, 2)
    with h5py.File(tmp_path / "data.h5", "w") as file:
        file["x"] = data
    part = HDF5Matrix(str(tmp_path / "data.h5"), "x", 2, 8, normalizer=lambda rows: rows * 10)
    assert len(part) == 6
    assert part.shape == (6, 2)
    assert np.array_equal(part[1:3], data[3:5] * 10)
    assert np.array_equal(part[1], data[3] * 10)
    assert np.array_equal(part[[0, 4]], data[[2, 6]] * 10)
    assert np.array_equal(part[np.array([1, 2])], data[[3, 4]] * 10)
    assert np.array_equal(np.asarray(part), data[2:8] * 10)
    for key in (slice(0, 7), 6, [1, 9]):
        with pytest.raises(IndexError):
            part[key]


def test_an_array_in_a_file(tmp_path: Path) -> None:
    array = np.arange(6, dtype="int16").reshape(2, 3)
    save_array(array, str(tmp_path / "a.h5"))
    found = load_array(str(tmp_path / "a.h5"))
    assert found.dtype == array.dtype
    assert np.array_equal(found, array)


def test_kernels_of_convolutions_are_flipped() -> None:
    model = keras.Sequential(
        [keras.Input((6, 6, 2)), keras.layers.Conv2D(3, (2, 3)), keras.layers.Flatten(), keras.layers.Dense(2)]
    )
    before = model.get_weights()
    convert_all_kernels_in_model(model)
    after = model.get_weights()
    assert np.array_equal(after[0], before[0][::-1, ::-1])
    assert all(np.array_equal(a, b) for a, b in zip(after[1:], before[1:], strict=True))


# --- scikit-learn

RANDOM = np.random.default_rng(4)
X = RANDOM.normal(size=(24, 3)).astype("float32")
Y = (X.sum(axis=1) > 0).astype("int64")


def classifier(units: int = 2, loss: str = "categorical_crossentropy") -> Any:
    keras.utils.set_random_seed(1)
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(units, activation="softmax")])
    model.compile(keras.optimizers.SGD(0.5), loss, metrics=["acc"])
    return model


def test_a_classifier_trains_as_its_arguments_say() -> None:
    estimator = KerasClassifier(classifier, nb_epoch=3, batch_size=8, verbose=0)
    history = estimator.fit(X, Y)
    assert len(history.history["loss"]) == 3
    twin = classifier()
    twin.fit(X, np.eye(2)[Y], epochs=3, batch_size=8, verbose=0)
    assert np.allclose(estimator.predict_proba(X), twin.predict(X, verbose=0))
    assert np.array_equal(estimator.predict(X), twin.predict(X, verbose=0).argmax(axis=-1))
    assert estimator.score(X, Y) == pytest.approx(np.mean(estimator.predict(X) == Y))


def test_ten_epochs_in_batches_of_32_unless_told() -> None:
    history = KerasClassifier(classifier, verbose=0).fit(X, Y)
    assert len(history.history["loss"]) == 10


def test_a_parameter_that_nothing_takes() -> None:
    with pytest.raises(ValueError, match="epoch_count"):
        KerasClassifier(classifier, epoch_count=3)


@pytest.mark.slow
def test_grid_search_of_today() -> None:
    estimator = KerasClassifier(build_fn=classifier, verbose=0)
    search = GridSearchCV(estimator, {"nb_epoch": [1, 12], "batch_size": [4]}, cv=2, error_score="raise")
    search.fit(X, Y)
    assert search.best_params_["nb_epoch"] == 12
    assert search.best_score_ == max(search.cv_results_["mean_test_score"])
    assert isinstance(search.cv, int)
    assert clone(estimator).get_params() == estimator.get_params()


def test_samples_are_parted_as_then() -> None:
    """The estimator of Keras 1 was no classifier to scikit-learn, which parts samples of one by their classes."""
    from sklearn.base import is_classifier
    from sklearn.model_selection import check_cv

    estimator = KerasClassifier(classifier)
    assert not is_classifier(estimator)
    assert isinstance(check_cv(2, Y, classifier=is_classifier(estimator)), KFold)


def test_a_regressor_and_a_subclass_that_builds() -> None:
    class Line(KerasRegressor):
        def __call__(self, rate: float = 0.1) -> Any:
            keras.utils.set_random_seed(2)
            model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(1)])
            model.compile(keras.optimizers.SGD(rate), "mse")
            return model

    line = Line(rate=0.05, epochs=2, verbose=0)
    targets = X.sum(axis=1)
    line.fit(X, targets)
    predicted = line.predict(X)
    assert predicted.shape == (24,)
    assert line.score(X, targets) == pytest.approx(np.mean((predicted - targets) ** 2), rel=1e-5)
