"""Losses of Keras 0.1–1.2 (keras/objectives.py): by name, and as functions."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.entry import Function, Spelling, Text, Values

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

_PERSON: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "hinge": (
        "0.1-1.2",
        (),
        "Keras 3 turns labels 0 and 1 into -1 and 1 first (trap D6): only labels -1 and 1 are the same",
    ),
    "squared_hinge": ("0.1-1.2", (), "Keras 3 turns labels 0 and 1 into -1 and 1 first (trap D6)"),
    "cosine_proximity": (
        "0.3.2-1.2",
        ("cosine",),
        "keras.losses.cosine_similarity is a sum, this was a mean (trap D5)",
    ),
    "root_mean_squared_error": ("0.3.0-0.3.1", ("rmse", "RMSE"), "Keras 3 has it as a metric only: write the function"),
}


def _names(loss: str) -> tuple[str, ...]:
    return (loss, *_PERSON[loss][1])


_FORM = "y_true, y_pred"

# kullback_leibler_divergence is a name that Keras 3 does not resolve (trap D7)
LOSSES = Values(
    {"kullback_leibler_divergence": Text("'kl_divergence'")},
    gone={name: _PERSON[loss][2] for loss in ("cosine_proximity", "root_mean_squared_error") for name in _names(loss)},
    notes={name: _PERSON[name][2] for name in ("hinge", "squared_hinge")},
)


# losses that Keras 3 on TensorFlow takes of the logits behind an output, as those of this activation
LOGITS: Mapping[str, str] = {
    "categorical_crossentropy": "softmax",
    "sparse_categorical_crossentropy": "softmax",
    "binary_crossentropy": "sigmoid",
}


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
        )
        for name, (versions, aliases, keras3) in _SAME.items()
    ),
    *(
        Function(
            name, _paths((name, *aliases), versions), {versions.partition("-")[0]: _FORM}, None, "loss", person=person
        )
        for name, (versions, aliases, person) in _PERSON.items()
    ),
)
