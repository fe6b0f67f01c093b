"""Models as estimators of scikit-learn (keras/wrappers/scikit_learn.py)."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

import numpy as np

from tdmigrate.compat.np_utils import to_categorical

_FIT = (
    "batch_size", "epochs", "verbose", "callbacks", "validation_split", "validation_data", "shuffle", "class_weight",
    "sample_weight", "initial_epoch",
)  # fmt: skip
_PREDICT = ("batch_size", "verbose")
_EVALUATE = ("batch_size", "verbose", "sample_weight")


class BaseWrapper:
    """An estimator that builds its model anew at each ``fit`` (1.2.2); works without scikit-learn too.

    ``build_fn``: a function, an object with ``__call__``, or None for a subclass with one; it compiles and returns the
    model. ``sk_params``: arguments of ``build_fn`` and of ``fit``, ``predict`` and ``evaluate``; ``nb_epoch`` is taken
    for ``epochs``. As in Keras 1, ``fit`` makes 10 epochs in batches of 32 where nothing else is said, and evaluates in
    batches of 32.
    """

    def __init__(self, build_fn: Any = None, **sk_params: Any) -> None:
        self.build_fn = build_fn
        self.sk_params = sk_params
        self.check_params(sk_params)

    def _builder(self) -> Callable[..., Any]:
        builder: Callable[..., Any] = self.build_fn if self.build_fn is not None else self  # type: ignore[assignment]
        return builder

    def check_params(self, params: Any) -> None:
        """Raise ValueError for a parameter that nothing takes."""
        known = {*_FIT, *_PREDICT, *_EVALUATE, "nb_epoch", *inspect.signature(self._builder()).parameters}
        for name in params:
            if name not in known:
                raise ValueError(f"{name} is no parameter of the model's fit, predict or evaluate, nor of build_fn")

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        return {**self.sk_params, "build_fn": self.build_fn}

    def set_params(self, **params: Any) -> BaseWrapper:
        self.check_params(name for name in params if name != "build_fn")
        self.build_fn = params.pop("build_fn", self.build_fn)
        self.sk_params.update(params)
        return self

    def filter_sk_params(self, names: Any, override: Any = None) -> dict[str, Any]:
        """Those of ``sk_params`` that are among ``names``, with ``override``; ``nb_epoch`` as ``epochs``."""
        given = {**self.sk_params, **(override or {})}
        if "nb_epoch" in given and "epochs" in names:
            given["epochs"] = given.pop("nb_epoch")
        return {name: value for name, value in given.items() if name in names or name in (override or ())}

    def fit(self, x: Any, y: Any, **kwargs: Any) -> Any:
        """Build a model and train it; gives the history, as Keras 1 did."""
        builder = self._builder()
        self.model = builder(**self.filter_sk_params(inspect.signature(builder).parameters))
        y = self._targets(y)
        return self.model.fit(x, y, **{"epochs": 10, "batch_size": 32, **self.filter_sk_params(_FIT, kwargs)})

    def _targets(self, y: Any) -> Any:
        loss = getattr(self.model.loss, "__name__", None) or getattr(self.model.loss, "name", self.model.loss)
        return to_categorical(y) if loss == "categorical_crossentropy" and np.ndim(y) != 2 else y

    def _predict(self, x: Any, kwargs: dict[str, Any]) -> Any:
        return self.model.predict(x, **{"verbose": 0, **self.filter_sk_params(_PREDICT, kwargs)})

    def _evaluate(self, x: Any, y: Any, kwargs: dict[str, Any]) -> dict[str, float]:
        settings = {"batch_size": 32, **self.filter_sk_params(_EVALUATE, kwargs)}
        found: dict[str, float] = self.model.evaluate(x, y, return_dict=True, **settings)
        return found

    def __sklearn_tags__(self) -> Any:
        """What scikit-learn asks of every estimator today. Of no kind, as to the one of Keras 1's time: GridSearchCV
        parts the samples without regard to their classes."""
        from sklearn.utils import Tags, TargetTags

        return Tags(estimator_type=None, target_tags=TargetTags(required=True))


class KerasClassifier(BaseWrapper):
    """A classifier (1.2.2)."""

    def predict(self, x: Any, **kwargs: Any) -> Any:
        """The likeliest class of each sample; of a model with one output, (n, 1): whether it is above 0.5."""
        probabilities = self._predict(x, kwargs)
        if probabilities.shape[-1] > 1:
            return probabilities.argmax(axis=-1)
        return (probabilities > 0.5).astype("int32")

    def predict_proba(self, x: Any, **kwargs: Any) -> Any:
        """Probabilities of all classes, two columns of a model with one output."""
        probabilities = self._predict(x, kwargs)
        return np.hstack([1 - probabilities, probabilities]) if probabilities.shape[1] == 1 else probabilities

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """The accuracy, which the model has to be compiled with."""
        found = self._evaluate(x, self._targets(y), kwargs)
        for name in ("acc", "accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy"):
            if name in found:
                return found[name]
        raise ValueError("score: compile the model with metrics=['accuracy']")


class KerasRegressor(BaseWrapper):
    """A regressor (1.2.2)."""

    def predict(self, x: Any, **kwargs: Any) -> Any:
        """The outputs, without axes of length 1."""
        return np.squeeze(self._predict(x, kwargs))

    def score(self, x: Any, y: Any, **kwargs: Any) -> float:
        """The loss: less is better, unlike what scikit-learn takes a score for; as in Keras 1."""
        return self._evaluate(x, y, kwargs)["loss"]
