"""Methods of models of Keras 2, callbacks, and functions whose arguments changed."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.entry import Dropped, Function, Method, Parameter, Renamed, Spelling, Text, Values
from tdmigrate.keras2.words import KEY, function

BOTH = ("Sequential", "Model", "")

_QUEUE = "max_queue_size=10, workers=1, use_multiprocessing=False"
_LOADED = "loading in parallel is up to a keras.utils.PyDataset(workers=…, use_multiprocessing=…) now"
_WORKERS: Mapping[str, Parameter] = {
    "max_queue_size": Dropped(_LOADED),
    "workers": Dropped(_LOADED),
    "use_multiprocessing": Dropped(_LOADED),
}
_METRICS: Mapping[str, Parameter] = {
    "reset_metrics": Dropped(
        "Keras 3 begins the metrics anew at every call: average them yourself", ask=True, harmless=(True,)
    )
}

# each is proof enough that a model of Keras is called
TELLING = frozenset(("max_queue_size", "reset_metrics", "sample_weight_mode", "target_tensors", "use_multiprocessing"))

_FIT = (
    "x=None, y=None, batch_size=None, epochs=1, verbose=1, callbacks=None, validation_split=0.0, validation_data=None, "
    "shuffle=True, class_weight=None, sample_weight=None, initial_epoch=0, steps_per_epoch=None, validation_steps=None"
)
_NOW = {
    "compile": (
        "optimizer='rmsprop', loss=None, loss_weights=None, metrics=None, weighted_metrics=None, run_eagerly=False, "
        "**kwargs"
    ),
    "save": "filepath, overwrite=True, **kwargs",
    "fit": f"{_FIT}, validation_batch_size=None, validation_freq=1, **kwargs",
    "evaluate": (
        "x=None, y=None, batch_size=None, verbose='auto', sample_weight=None, steps=None, callbacks=None, **kwargs"
    ),
    "predict": "x, batch_size=None, verbose='auto', steps=None, callbacks=None, **kwargs",
    "train_on_batch": "x, y=None, sample_weight=None, class_weight=None, **kwargs",
    "test_on_batch": "x, y=None, sample_weight=None, **kwargs",
}
_EVALUATE = "x=None, y=None, batch_size=None, verbose=1, sample_weight=None, steps=None, callbacks=None"
_PREDICT = "x, batch_size=None, verbose=0, steps=None, callbacks=None"
_GENERATOR: Mapping[str, Parameter] = {**_WORKERS, "generator": Renamed("x")}

_STRINGS = {
    "cosine_proximity": "cosine_similarity",
    "cosine": "cosine_similarity",
    "logcosh": "log_cosh",
    "kullback_leibler_divergence": "kl_divergence",
}
_LOSSES = Values({old: Text(repr(new)) for old, new in _STRINGS.items()})
_METRIC_STRINGS = {
    "kullback_leibler_divergence": "'kl_divergence'",
    "kld": "'kl_divergence'",
    "KLD": "'kl_divergence'",
}
_AS_FUNCTION = "Keras 3 has no metric of that name: give the function of keras.losses"
_COMPILED = Values(
    {old: Text(new) for old, new in _METRIC_STRINGS.items()},
    gone={
        "cosine": f"{_AS_FUNCTION}, keras.losses.cosine_similarity",
        "cosine_proximity": f"{_AS_FUNCTION}, keras.losses.cosine_similarity",
        "logcosh": f"{_AS_FUNCTION}, keras.losses.log_cosh",
    },
)
# logs and history of Keras 2.0–2.2 called every accuracy so, whatever it was asked for as
_SHORT = _COMPILED._replace(literal={**_COMPILED.literal, "accuracy": Text("'acc'")})
SHORT: Mapping[str, Parameter] = {name: Renamed(name, _SHORT) for name in ("metrics", "weighted_metrics")}
_TEMPORAL = (
    "a `sample_weight` of two dimensions weighs the timesteps by itself; where some weights are 0 the mean is over all "
    "steps now"
)


def _method(
    name: str, signature: str, parameters: Mapping[str, Parameter], now: str = "", person: str | None = None
) -> Method:
    now = now or name
    spelling = None if person is not None else Spelling(now, parameters, signature=_NOW.get(now, "**kwargs"))
    return Method(name, BOTH, {KEY: signature}, spelling, person)


METHODS: tuple[Method, ...] = (
    _method(
        "compile",
        "optimizer='rmsprop', loss=None, metrics=None, loss_weights=None, sample_weight_mode=None, "
        "weighted_metrics=None, target_tensors=None, *, distribute=None, options=None, run_metadata=None, "
        "experimental_run_tf_function=True",
        {
            "loss": Renamed("loss", _LOSSES),
            "metrics": Renamed("metrics", _COMPILED),
            "weighted_metrics": Renamed("weighted_metrics", _COMPILED),
            "sample_weight_mode": Dropped(_TEMPORAL, ask=True, harmless=(None,)),
            "target_tensors": Dropped("targets are given to `fit` only", ask=True, harmless=(None,)),
            "distribute": Dropped("see keras.distribution", ask=True, harmless=(None,)),
            "options": Dropped("Keras 3 runs no session", ask=True, harmless=(None,)),
            "run_metadata": Dropped("Keras 3 runs no session", ask=True, harmless=(None,)),
            "experimental_run_tf_function": Dropped("it chose an implementation"),
        },
    ),
    _method("fit", f"{_FIT}, *, {_QUEUE}", _WORKERS),
    _method("evaluate", f"{_EVALUATE}, *, {_QUEUE}", _WORKERS),
    _method("predict", f"{_PREDICT}, *, {_QUEUE}", _WORKERS),
    _method(
        "fit_generator",
        "generator, steps_per_epoch=None, epochs=1, verbose=1, callbacks=None, validation_data=None, "
        "validation_steps=None, *, validation_freq=1, class_weight=None, shuffle=True, initial_epoch=0, "
        f"{_QUEUE}",
        _GENERATOR,
        "fit",
    ),
    _method(
        "evaluate_generator", f"generator, steps=None, *, callbacks=None, {_QUEUE}, verbose=0", _GENERATOR, "evaluate"
    ),
    _method(
        "predict_generator", f"generator, steps=None, *, callbacks=None, {_QUEUE}, verbose=0", _GENERATOR, "predict"
    ),
    _method("predict_proba", "x, batch_size=None, verbose=0, steps=None", {}, "predict"),
    _method("train_on_batch", "x, y=None, sample_weight=None, class_weight=None, reset_metrics=True", _METRICS),
    _method("test_on_batch", "x, y=None, sample_weight=None, reset_metrics=True", _METRICS),
    _method("to_yaml", "**kwargs", {}, person="Keras 3 writes no YAML: use `to_json`"),
    _method(
        "save",
        "filepath, overwrite=True, include_optimizer=True, save_format=None",
        {
            "save_format": Dropped(
                "the ending of the name says it: `.keras`; `model.export(…)` writes a SavedModel", ask=True
            )
        },
    ),
)

_KEEPS = "it counts batches as `save_freq=…`: write epochs times batches of an epoch"
_CHECKPOINT = "filepath, monitor='val_loss', verbose=0, save_best_only=False, save_weights_only=False, mode='auto'"
_BOARD: Mapping[str, Parameter] = {
    "batch_size": Dropped("Keras 3 takes that of `fit`"),
    "write_grads": Dropped("Keras 3 writes no gradients", ask=True, harmless=(False,)),
    "embeddings_layer_names": Dropped("Keras 3 takes every Embedding", ask=True, harmless=(None,)),
    "embeddings_data": Dropped("Keras 3 takes the Embedding's own weights", ask=True, harmless=(None,)),
}

CALLBACKS: tuple[Function, ...] = (
    function(
        "ModelCheckpoint",
        "keras.callbacks.ModelCheckpoint",
        "callback",
        f"{_CHECKPOINT}, period=1, *, load_weights_on_restart=False, options=None",
        None,
        {
            "period": Dropped(_KEEPS, ask=True, harmless=(1,)),
            "load_weights_on_restart": Dropped("load the weights before `fit`", ask=True, harmless=(False,)),
            "options": Dropped("Keras 3 writes the file itself", ask=True, harmless=(None,)),
        },
        f"{_CHECKPOINT}, save_freq='epoch', **kwargs",
    ),
    function(
        "TensorBoard",
        "keras.callbacks.TensorBoard",
        "callback",
        "log_dir='./logs', histogram_freq=0, *, batch_size=32, write_grads=False, embeddings_layer_names=None, "
        "embeddings_data=None",
        None,
        _BOARD,
        "log_dir='logs', histogram_freq=0, **kwargs",
    ),
)

OTHERS: tuple[Function, ...] = (
    function(
        "to_categorical",
        "keras.utils.to_categorical",
        "data",
        "y, num_classes=None, dtype='float32'",
        None,
        {"y": Renamed("x"), "dtype": Dropped("the array has a type of its own: `.astype(…)`")},
        "x, num_classes=None, **kwargs",
    ),
    function(
        "Input",
        "keras.layers.Input",
        "input",
        "shape=None, *, batch_shape=None, dtype=None, name=None",
        None,
        {},
        "shape=None, **kwargs",
    ),
)
