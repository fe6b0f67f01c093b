"""Callbacks of Keras 0.1–1.2 (keras/callbacks.py)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.findings import Import
from tdmigrate.keras1.entry import Dropped, Function, Parameter, Renamed, Spelling, Text, Values, Written

KIND = "callback"

_STOPPING = "monitor='val_loss', {}patience=0, verbose=0, mode='auto'"
_CHECKPOINT = "filepath, monitor='val_loss', verbose=0, save_best_only=False"
_BOARD = "log_dir='./logs', histogram_freq=0"
_REMOTE = "root='http://localhost:9000', path='/publish/epoch/end/', field='data'"
_LAMBDA = (
    "on_epoch_begin=None, on_epoch_end=None, {0}_begin=None, {0}_end=None, on_train_begin=None, on_train_end=None"
)
_EPOCHS = "file names count epochs from 1 now; Keras 1 counted from 0"

# callbacks that watch a value: Keras 3 does not guess from its name whether it should grow
WATCHERS = frozenset(("EarlyStopping", "ModelCheckpoint", "ReduceLROnPlateau"))
# callbacks that are of compat in exact style
EXACT = frozenset(("LearningRateScheduler", "ModelCheckpoint", "ReduceLROnPlateau"))
CHECKPOINT = "ModelCheckpoint"
SCHEDULER = "LearningRateScheduler"
SET_RATES = frozenset((SCHEDULER, "ReduceLROnPlateau"))
STOPPING = "EarlyStopping"
LAMBDA = "LambdaCallback"
COMPAT_LAMBDA = "tdmigrate.compat.LambdaCallback"
# callbacks of which Keras 3's, or the list of them, do something of their own for every batch
OWN_BATCHES = frozenset(("CallbackList", LAMBDA, "ProgbarLogger", "TensorBoard"))


def _callback(
    name: str,
    versions: str,
    signatures: Mapping[str, str],
    parameters: Mapping[str, Parameter] | None = None,
    modern: str = "",
    written: tuple[Written, ...] = (),
    note: str | None = None,
) -> Function:
    """``modern``: Keras 3's parameters, where they are not the old ones."""
    return Function(
        name,
        {f"keras.callbacks.{name}": versions},
        signatures,
        Spelling(f"keras.callbacks.{name}", parameters or {}, written, modern or list(signatures.values())[-1]),
        KIND,
        note=note,
    )


def _gone(name: str, versions: str, signatures: Mapping[str, str], person: str) -> Function:
    return Function(name, {f"keras.callbacks.{name}": versions}, signatures, None, KIND, person=person)


ENTRIES: tuple[Function, ...] = (
    _callback("Callback", "0.1-1.2", {"0.1": ""}),
    _callback(
        "CallbackList",
        "0.1-1.2",
        {"0.1": "callbacks=[], queue_length=10", "1.2": "callbacks=None, queue_length=10"},
        {"queue_length": Dropped("it was for a warning of slow callbacks")},
        "callbacks=None, add_history=False, add_progbar=False, model=None",
    ),
    _callback("History", "0.1-1.2", {"0.1": ""}),
    _callback("ProgbarLogger", "0.3.3-1.2", {"0.3.3": ""}),
    _gone("BaseLogger", "0.1-1.2", {"0.1": ""}, "leave it out: fit averages the metrics of an epoch by itself"),
    _callback(
        STOPPING,
        "0.1-1.2",
        {
            "0.1": "monitor='val_loss', patience=0, verbose=0",
            "0.3": _STOPPING.format(""),
            "1.1.1": _STOPPING.format("min_delta=0, "),
        },
        modern="monitor='val_loss', min_delta=0, patience=0, verbose=0, mode='auto', baseline=None, "
        "restore_best_weights=False, start_from_epoch=0",
    ),
    _callback(
        CHECKPOINT,
        "0.1-1.2",
        {
            "0.1": _CHECKPOINT,
            "0.3": f"{_CHECKPOINT}, mode='auto'",
            "1.0.7": f"{_CHECKPOINT}, save_weights_only=False, mode='auto'",
            "1.2.0": f"{_CHECKPOINT}, save_weights_only=False, mode='auto', period=1",
        },
        {
            "period": Dropped(
                "Keras 3 has none: subclass keras.callbacks.ModelCheckpoint, or migrate with --style exact",
                ask=True,
                trap="F8",
                harmless=(1,),
            ),
        },
        f"{_CHECKPOINT}, save_weights_only=False, mode='auto', save_freq='epoch', initial_value_threshold=None",
        (Written("save_weights_only", Text("True"), "", versions="0.1-1.0.6"),),
    ),
    _callback(SCHEDULER, "0.1.2-1.2", {"0.1.2": "schedule"}, modern="schedule, verbose=0"),
    _callback(
        "RemoteMonitor",
        "0.1-1.2",
        {"0.1": "root='http://localhost:9000'", "1.0.5": _REMOTE, "1.2.0": f"{_REMOTE}, headers=None"},
        {
            "headers": Renamed(
                "headers",
                Values({None: Text("{'Accept': 'application/json', 'Content-Type': 'application/json'}")}),
                pin=True,
            )
        },
        f"{_REMOTE}, headers=None, send_as_json=False",
    ),
    _callback(
        "TensorBoard",
        "0.3.1-1.2",
        {
            "0.3.1": _BOARD,
            "1.0.4": f"{_BOARD}, write_graph=True",
            "1.0.8": f"{_BOARD}, write_graph=True, write_images=False",
        },
        {"log_dir": Renamed("log_dir", pin=True)},
        "log_dir='logs', histogram_freq=0, write_graph=True, write_images=False, write_steps_per_second=False, "
        "update_freq='epoch', profile_batch=0, embeddings_freq=0, embeddings_metadata=None",
        note="its curves are called epoch_loss and so on, in folders train and validation",
    ),
    _callback(
        "ReduceLROnPlateau",
        "1.1.1-1.2",
        {
            "1.1.1": "monitor='val_loss', factor=0.1, patience=10, verbose=0, mode='auto', epsilon=0.0001, cooldown=0, "
            "min_lr=0"
        },
        {"epsilon": Renamed("min_delta")},
        "monitor='val_loss', factor=0.1, patience=10, verbose=0, mode='auto', min_delta=0.0001, cooldown=0, min_lr=0.0",
    ),
    _callback("CSVLogger", "1.1.1-1.2", {"1.1.1": "filename, separator=',', append=False"}),
    _callback(
        LAMBDA,
        "1.1.1-1.2",
        {"1.1.1": _LAMBDA.format("on_batch")},
        {"on_batch_begin": Renamed("on_train_batch_begin"), "on_batch_end": Renamed("on_train_batch_end")},
        _LAMBDA.replace("{0}_begin=None, {0}_end=None, ", "") + ", on_train_batch_begin=None, on_train_batch_end=None",
    ),
)

# what Keras 3's differ in while they train, of which a note tells in faithful style
OTHER_STEPS: Mapping[str, str] = {
    "ReduceLROnPlateau": "Keras 3 lowers the rate one epoch earlier the first time, and the history has it as "
    "'learning_rate', not 'lr' (trap F7)",
    CHECKPOINT: f"{_EPOCHS} (trap F8)",
    SCHEDULER: "the history has the rate too, as 'learning_rate' (trap F10)",
}
COMPAT: Mapping[str, Import] = {name: Import("tdmigrate.compat", name) for name in EXACT}

# methods of Callback and CallbackList up to 1.1 → today's
SETTERS: Mapping[str, str] = {"_set_model": "set_model", "_set_params": "set_params"}

# keys of ``self.params`` of a callback → today's; None: there is none
PARAMS: Mapping[str, str | None] = {
    "nb_epoch": "epochs",
    "nb_sample": None,
    "batch_size": None,
    "metrics": None,
    "do_validation": None,
}
PARAMS_WHY: Mapping[str, str] = {
    "nb_sample": "'steps' counts the batches of an epoch: hand the number of samples to the callback",
    "batch_size": "hand the batch size to the callback",
    "metrics": "the keys of `logs` at the end of an epoch are the metrics",
    "do_validation": "look for keys of `logs` that begin with 'val_'",
}
