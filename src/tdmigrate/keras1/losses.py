"""Losses of Keras 0.1–1.2 (keras/objectives.py): by name, and as functions."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Function, InStyle, Renamed, Spelling, Text, Values

_SAME = {
    "mean_squared_error": ("0.1-1.2", ("mse", "MSE"), "mean_squared_error"),
    "mean_absolute_error": ("0.1-1.2", ("mae", "MAE"), "mean_absolute_error"),
    "mean_absolute_percentage_error": ("0.1-1.2", ("mape", "MAPE"), "mean_absolute_percentage_error"),
    "mean_squared_logarithmic_error": ("0.1-1.2", ("msle", "MSLE"), "mean_squared_logarithmic_error"),
    "categorical_crossentropy": ("0.1-1.2", (), "categorical_crossentropy"),
    "sparse_categorical_crossentropy": ("1.0-1.2", (), "sparse_categorical_crossentropy"),
    "binary_crossentropy": ("0.1-1.2", (), "binary_crossentropy"),
    "kullback_leibler_divergence": ("1.0.4-1.2", ("kld", "KLD"), "kl_divergence"),
    "poisson": ("0.3.2-1.2", (), "poisson"),
    "poisson_loss": ("0.1-0.3.1", (), "poisson"),
}

# of which Keras 3 has none, or another
_COMPAT: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "hinge": ("0.1-1.2", ()),  # Keras 3 turns labels 0 and 1 into -1 and 1 first (trap D6)
    "squared_hinge": ("0.1-1.2", ()),
    "cosine_proximity": ("0.3.2-1.2", ("cosine",)),  # a mean, of which Keras 3's cosine_similarity is the sum (trap D5)
}

# which Keras 3 has as a metric alone, and none of the releases that can be had
_ROOT = ("root_mean_squared_error", "rmse", "RMSE")
_WRITE_ROOT = (
    "a loss of Keras 0.3.0 and 0.3.1 alone: write a function that gives "
    "`ops.sqrt(ops.mean(ops.square(y_pred - y_true), axis=-1))`, and see whether that release took it so"
)

_FORM = "y_true, y_pred"
_HOME = "tdmigrate.compat"


def _theirs(name: str) -> Text:
    return Text(name, (Import(_HOME, name),))


_TEXTS: Mapping[object, Text] = {
    # kullback_leibler_divergence is a name that Keras 3 does not resolve (trap D7)
    "kullback_leibler_divergence": Text("'kl_divergence'"),
    "poisson_loss": Text("'poisson'"),
    **{name: _theirs(loss) for loss, (_, aliases) in _COMPAT.items() for name in (loss, *aliases)},
}
_MODERN: Mapping[object, Text] = {
    "cosine_proximity": Text("'cosine_similarity'"), "cosine": Text("'cosine_similarity'"),
}  # fmt: skip
_GONE: Mapping[object, str] = dict.fromkeys(_ROOT, _WRITE_ROOT)
# 'kl_divergence' and 'cosine_similarity' are what the fixes write
_KNOWN = frozenset(("kl_divergence", "cosine_similarity", *_ROOT)).union(
    *((name, *aliases) for name, (_, aliases, *_) in (*_SAME.items(), *_COMPAT.items()))
)
LOSSES = Values(_TEXTS, modern=_MODERN, gone=_GONE, known=_KNOWN)

# Keras 1 called a metric in logs by the name of its function, whatever it was asked for as
_LOGGED = {alias: name for name, (_, aliases, now) in _SAME.items() if now == name for alias in aliases}
# one number of a batch each, in Keras 3 of all batches, or gone (trap D15)
_BATCHWISE = {
    "precision": "precision", "recall": "recall", "fbeta_score": "fbeta_score", "fmeasure": "fmeasure",
    "fscore": "fmeasure", "f1score": "fmeasure", "matthews_correlation": "matthews_correlation",
}  # fmt: skip
_ACCURACIES = (
    "acc", "accuracy", "binary_accuracy", "categorical_accuracy", "sparse_categorical_accuracy",
    "top_k_categorical_accuracy",
)  # fmt: skip
_DIVERGENCE = ("kullback_leibler_divergence",)
METRICS = Values(
    {
        **_TEXTS,
        **{alias: Text(repr(name)) for alias, name in _LOGGED.items()},
        **{name: Text("'kl_divergence'") for name in _DIVERGENCE},
        **{name: _theirs(now) for name, now in _BATCHWISE.items()},
    },
    gone=_GONE,
    notes=dict.fromkeys(_DIVERGENCE, "logs and history call it `kl_divergence` now"),
    modern={
        **_MODERN,
        "precision": Text("'precision'"), "recall": Text("'recall'"),
        **{name: _theirs(now) for name, now in _BATCHWISE.items() if now not in ("precision", "recall")},
    },
    known=_KNOWN.union(_BATCHWISE, _ACCURACIES),
)  # fmt: skip

# losses that Keras 3 on TensorFlow takes of the logits behind an output, as those of this activation
LOGITS: Mapping[str, str] = {
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
    "binary_crossentropy": "sigmoid",
}

# metrics that Keras 3 does not take of targets (n,) and outputs (n, 1)
OF_COLUMNS = ("binary_crossentropy", "kullback_leibler_divergence", "poisson")


def _paths(names: tuple[str, ...], versions: str) -> dict[str, str]:
    return {f"keras.objectives.{name}": versions for name in names}


ENTRIES: tuple[Function, ...] = (
    *(
        Function(
            name,
            _paths((name, *aliases), versions),
            {versions.partition("-")[0]: _FORM},
            Spelling(f"keras.losses.{keras3}", signature=_FORM),
            "loss",
            # of the logits behind a model's output, on TensorFlow: in compile, rules/losses.py looks which they are
            styled=InStyle(Spelling(f"{_HOME}.{name}", signature=_FORM), styles=("faithful", "exact"))
            if name in LOGITS
            else None,
        )
        for name, (versions, aliases, keras3) in _SAME.items()
    ),
    *(
        Function(
            name,
            _paths((name, *aliases), versions),
            {versions.partition("-")[0]: _FORM},
            Spelling(f"{_HOME}.{name}", signature=_FORM),
            "loss",
        )
        for name, (versions, aliases) in _COMPAT.items()
    ),
    Function(
        "root_mean_squared_error",
        _paths(_ROOT, "0.3.0-0.3.1"),
        {"0.3.0": _FORM},
        None,
        "loss",
        person=_WRITE_ROOT,
    ),
    Function(
        "get",
        {"keras.objectives.get": "0.1-1.2"},
        {"0.1": "identifier"},
        Spelling("keras.losses.get", {"identifier": Renamed("identifier", LOSSES)}, signature="identifier"),
        "loss",
    ),
)
