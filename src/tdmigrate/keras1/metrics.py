"""Metrics of Keras 1.0–1.2 (keras/metrics.py), as functions; by name they stand with the losses."""

from __future__ import annotations

from tdmigrate.keras1.entry import Function, Renamed, Spelling
from tdmigrate.keras1.losses import METRICS

_COMPAT = "tdmigrate.compat"
_FORM = "y_true, y_pred"
_PER_SAMPLE = "it gives a number a sample now, of which Keras 1 gave the mean: compile takes that mean as well"


def _metric(
    name: str, versions: str, aliases: tuple[str, ...] = (), keras3: str = "", form: str = _FORM, compat: bool = False
) -> Function:
    return Function(
        name,
        {f"keras.metrics.{one}": versions for one in (name, *aliases)},
        {versions.partition("-")[0]: form},
        Spelling(f"{_COMPAT if compat else 'keras.metrics'}.{keras3 or name}", signature=form),
        "metric",
        note=_PER_SAMPLE,
    )


ENTRIES: tuple[Function, ...] = (
    _metric("binary_accuracy", "1.0-1.2", compat=True),
    _metric("categorical_accuracy", "1.0-1.2"),
    _metric("sparse_categorical_accuracy", "1.0.2-1.2"),
    _metric("top_k_categorical_accuracy", "1.1.1-1.2", form=f"{_FORM}, k=5"),
    _metric("mean_squared_error", "1.0.2-1.2", ("mse", "MSE")),
    _metric("mean_absolute_error", "1.0.2-1.2", ("mae", "MAE")),
    _metric("mean_absolute_percentage_error", "1.0.2-1.2", ("mape", "MAPE")),
    _metric("mean_squared_logarithmic_error", "1.0.2-1.2", ("msle", "MSLE")),
    _metric("categorical_crossentropy", "1.0.2-1.2", compat=True),
    _metric("sparse_categorical_crossentropy", "1.0.2-1.2", compat=True),
    _metric("binary_crossentropy", "1.0.2-1.2", compat=True),
    _metric("kullback_leibler_divergence", "1.1.1-1.2", compat=True),
    _metric("poisson", "1.0.2-1.2", compat=True),
    _metric("hinge", "1.0.2-1.2", compat=True),
    _metric("squared_hinge", "1.0.2-1.2", compat=True),
    _metric("cosine_proximity", "1.0.2-1.2", ("cosine",), compat=True),
    _metric("matthews_correlation", "1.1-1.2", compat=True),
    _metric("precision", "1.1.2-1.2", compat=True),
    _metric("recall", "1.1.2-1.2", compat=True),
    _metric("fbeta_score", "1.1.1-1.2", form=f"{_FORM}, beta=1", compat=True),
    _metric("fmeasure", "1.1.2-1.2", ("fscore", "f1score"), compat=True),
    Function(
        "get",
        {"keras.metrics.get": "1.0.1-1.2"},
        {"1.0.1": "identifier"},
        Spelling("keras.metrics.get", {"identifier": Renamed("identifier", METRICS)}, signature="identifier"),
        "metric",
        note="it may give a metric object now, which a call adds to, where it gave a function",
    ),
)
