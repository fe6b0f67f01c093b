"""What ``compile`` of Keras 1 made of its arguments, where they are known when the program runs."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from tdmigrate.compat.accuracy import accuracy_of, binary_accuracy
from tdmigrate.compat.losses import (
    binary_crossentropy,
    categorical_crossentropy,
    cosine_proximity,
    hinge,
    kullback_leibler_divergence,
    poisson,
    sparse_categorical_crossentropy,
    squared_hinge,
)
from tdmigrate.compat.metrics import fbeta_score, fmeasure, matthews_correlation, metric, precision, recall
from tdmigrate.compat.optimizers import fresh_optimizer, optimizer_of
from tdmigrate.compat.weighting import WeightedLoss

_LOSSES: Mapping[str, Callable[..., Any]] = {
    "binary_crossentropy": binary_crossentropy,
    "categorical_crossentropy": categorical_crossentropy,
    "sparse_categorical_crossentropy": sparse_categorical_crossentropy,
    "cosine": cosine_proximity,
    "cosine_proximity": cosine_proximity,
    "hinge": hinge,
    "squared_hinge": squared_hinge,
    **dict.fromkeys(("kld", "KLD", "kullback_leibler_divergence"), kullback_leibler_divergence),
    "poisson": poisson,
}
_METRICS: Mapping[str, Callable[..., Any]] = {
    **_LOSSES,
    "binary_accuracy": binary_accuracy,
    "fbeta_score": fbeta_score,
    **dict.fromkeys(("f1score", "fmeasure", "fscore"), fmeasure),
    "matthews_correlation": matthews_correlation,
    "precision": precision,
    "recall": recall,
}
# logs call a metric by its function's name, whatever it was asked for as
_LOGGED = {
    **dict.fromkeys(("mse", "MSE"), "mean_squared_error"),
    **dict.fromkeys(("mae", "MAE"), "mean_absolute_error"),
    **dict.fromkeys(("mape", "MAPE"), "mean_absolute_percentage_error"),
    **dict.fromkeys(("msle", "MSLE"), "mean_squared_logarithmic_error"),
}


def compile_arguments(
    optimizer: Any,
    loss: Any,
    metrics: Any = None,
    loss_weights: Any = None,
    sample_weight_mode: Any = None,
    *,
    model: Any = None,
    **others: Any,
) -> dict[str, Any]:
    """What to give ``compile`` of Keras 3 for the arguments that ``compile`` of Keras 1.0.3-1.2 got.

    Names of optimizers, losses and metrics give those of this package, with the formulas and defaults of Keras 1
    (``Model.compile`` in keras/engine/training.py of 1.2.2): each call makes an optimizer with moments of its own, the
    accuracy goes by the loss of its output, and what has the weight 0 does not count. For a model of several outputs,
    a loss or metric is given for each, in their order.

    Args:
        model: what is compiled, where it may have several outputs; None: it has one.
        others: given back as they are.
    """
    names = _output_names(model)
    for mode in _by_output(sample_weight_mode, names, None):
        if mode not in (None, "temporal"):
            raise ValueError(f"sample_weight_mode={mode!r}: Keras 1 knew None and 'temporal'")
    scores = _by_output(loss, names, None)
    made: dict[str, Any] = {
        "optimizer": fresh_optimizer(optimizer_of(optimizer)),
        "loss": [_weighted(one) for one in scores],
        "metrics": metrics_of(metrics, loss, model),
        **others,
    }
    if loss_weights is not None:
        made["loss_weights"] = _by_output(loss_weights, names, 1.0)
    elif len(names) == 1:
        made.update(loss=made["loss"][0])
    return made


def metrics_of(metrics: Any, loss: Any, model: Any = None) -> Any:
    """What ``metrics`` of Keras 1.0-1.2 meant, for ``metrics`` of Keras 3, where they are known when the program runs.

    Names give the functions of this package, accuracies go by the ``loss`` of their output, and functions are called as
    Keras 1 called them (``metric``).

    Args:
        metrics: names and functions in a list, or by the names of outputs in a dict; None: there are none.
        loss: as ``compile`` gets it.
        model: what is compiled, where it may have several outputs; None: it has one.

    Returns:
        A list of metrics; of several outputs a list for each, in their order.
    """
    names = _output_names(model)
    listed = zip(_metrics_by_output(metrics, names), _by_output(loss, names, None), strict=True)
    made = [[_metric(one, score) for one in of_output] for of_output, score in listed]
    return made if len(names) > 1 else made[0]


def _output_names(model: Any) -> list[str | None]:
    """The names of a model's outputs; [None]: it has one."""
    outputs = getattr(model, "outputs", None) or [None]
    return list(model.output_names) if len(outputs) > 1 else [None]


def _by_output(given: Any, names: Sequence[str | None], default: Any) -> list[Any]:
    """What is given for each output: one for all, or by their order or names."""
    if isinstance(given, Mapping):
        if names == [None]:
            return list(given.values())[:1] or [default]
        return [given.get(name, default) for name in names]
    if isinstance(given, (list, tuple)):
        if len(given) != len(names):
            raise ValueError(f"{given!r}: the model has {len(names)} outputs")
        return list(given)
    return [given] * len(names)


def _metrics_by_output(given: Any, names: Sequence[str | None]) -> list[list[Any]]:
    """The metrics of each output: those of a list count for all."""
    found = _by_output(given, names, None) if isinstance(given, Mapping) else [given] * len(names)
    return [list(one) if isinstance(one, (list, tuple)) else [] if one is None else [one] for one in found]


def _weighted(loss: Any) -> Any:
    if loss is None or isinstance(loss, WeightedLoss):
        return loss
    return WeightedLoss(_LOSSES.get(loss, loss) if isinstance(loss, str) else loss)


def _metric(given: Any, loss: Any) -> Any:
    if not isinstance(given, str):
        return metric(given)
    if given in ("accuracy", "acc"):
        return accuracy_of(loss)
    return _METRICS.get(given) or _LOGGED.get(given, given)
