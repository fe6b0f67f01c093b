"""Models as estimators of scikit-learn (keras/wrappers/scikit_learn.py)."""

from __future__ import annotations

from tdmigrate.keras1.entry import Function, Spelling

# what fit did by default in 0.x, which the estimators of compat do not do by themselves
FIT_0_X = {"nb_epoch": ("100", "F1"), "batch_size": ("128", "F2")}


def _estimator(name: str) -> Function:
    return Function(
        name,
        {f"keras.wrappers.scikit_learn.{name}": "0.1-1.2"},
        {
            "0.1": "model, optimizer='adam', loss='categorical_crossentropy', **kwargs",
            "0.3": "build_fn=None, *, nb_epoch=10, **sk_params",
        },
        Spelling(f"tdmigrate.compat.{name}", signature="build_fn=None, **sk_params"),
        "data",
    )


ESTIMATORS = ("KerasClassifier", "KerasRegressor", "BaseWrapper")
ENTRIES: tuple[Function, ...] = tuple(_estimator(name) for name in ESTIMATORS)
