"""Callbacks as Keras 1 ran them (keras/callbacks.py of 1.2.2)."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

import keras
import numpy as np


def _grows(monitor: str, mode: str) -> bool:
    """Whether more is better: ``mode`` "max", or "auto" and a name with 'acc' in it or beginning with 'fmeasure'."""
    if mode not in ("auto", "min", "max"):
        warnings.warn(f"mode {mode!r} is unknown, 'auto' is taken", RuntimeWarning, stacklevel=3)
        mode = "auto"
    return mode == "max" or (mode == "auto" and ("acc" in monitor or monitor.startswith("fmeasure")))


class ReduceLROnPlateau(keras.callbacks.Callback):  # type: ignore[misc]
    """``rate = max(rate * factor, min_lr)`` once ``monitor`` has not improved for some epochs.

    As in Keras 1.1.1-1.2: an epoch without improvement lowers the rate if ``patience`` such epochs came before it, the
    epoch of the last change among these (keras.callbacks.ReduceLROnPlateau of Keras 3 counts an epoch first, and not
    that of the last change). The rate is in ``logs`` as 'lr'.

    Args:
        monitor: what to watch; factor: below 1; patience, verbose, mode, cooldown, min_lr: as in Keras 3.
        min_delta: what counts as an improvement; ``epsilon`` in Keras 1.
    """

    def __init__(
        self,
        monitor: str = "val_loss",
        factor: float = 0.1,
        patience: int = 10,
        verbose: int = 0,
        mode: str = "auto",
        min_delta: float = 1e-4,
        cooldown: int = 0,
        min_lr: float = 0,
    ) -> None:
        super().__init__()
        if factor >= 1.0:
            raise ValueError("ReduceLROnPlateau does not support a factor >= 1.0.")
        self.monitor = monitor
        self.factor = factor
        self.patience = patience
        self.verbose = verbose
        self.min_delta = min_delta
        self.cooldown = cooldown
        self.min_lr = min_lr
        # in Keras 1 a name that begins with 'fmeasure' was watched for its fall here
        self._sign = 1 if mode == "max" or (mode != "min" and "acc" in monitor) else -1
        self.on_train_begin()

    def on_train_begin(self, logs: Any = None) -> None:
        self.best = -self._sign * np.inf
        self.wait = 0
        self.cooldown_counter = 0

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = {} if logs is None else logs
        optimizer = self.model.optimizer
        rate = float(keras.ops.convert_to_numpy(optimizer.learning_rate))
        logs["lr"] = rate
        current = logs.get(self.monitor)
        if current is None:
            warnings.warn(f"ReduceLROnPlateau requires {self.monitor}", RuntimeWarning, stacklevel=2)
            return
        if self.cooldown_counter > 0:
            self.cooldown_counter -= 1
            self.wait = 0
        if self._sign * current > self._sign * self.best + self.min_delta:
            self.best = current
            self.wait = 0
        elif self.cooldown_counter <= 0:
            if self.wait >= self.patience and rate > self.min_lr * (1 + 1e-4):
                rate = max(rate * self.factor, self.min_lr)
                optimizer.learning_rate = rate
                if self.verbose > 0:
                    print(f"\nEpoch {epoch:05d}: reducing learning rate to {rate}.")
                self.cooldown_counter = self.cooldown
                self.wait = 0
            self.wait += 1


class LearningRateScheduler(keras.callbacks.Callback):  # type: ignore[misc]
    """``schedule(epoch)`` is the rate of each epoch, counted from 0.

    Keras 3 calls ``schedule(epoch, rate)`` first, which one with a default for a second argument takes, and puts the
    rate into ``logs``.
    """

    def __init__(self, schedule: Callable[[int], float]) -> None:
        super().__init__()
        self.schedule = schedule

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        self.model.optimizer.learning_rate = self.schedule(epoch)


class ModelCheckpoint(keras.callbacks.Callback):  # type: ignore[misc]
    """Save the model, or its weights, after every ``period`` epochs.

    As in Keras 1.2: ``{epoch}`` in ``filepath`` counts from 0 (from 1 in Keras 3), and nothing is saved where
    ``save_best_only`` watches what is not there.

    Args:
        filepath: ends in '.keras', with ``save_weights_only`` in '.weights.h5'; may name keys of the epoch's logs.
        monitor, verbose, save_best_only, save_weights_only, mode: as in Keras 3.
        period: epochs from one time to the next.
    """

    def __init__(
        self,
        filepath: str,
        monitor: str = "val_loss",
        verbose: int = 0,
        save_best_only: bool = False,
        save_weights_only: bool = False,
        mode: str = "auto",
        period: int = 1,
    ) -> None:
        super().__init__()
        self.filepath = filepath
        self.monitor = monitor
        self.verbose = verbose
        self.save_best_only = save_best_only
        self.save_weights_only = save_weights_only
        self.period = period
        self.epochs_since_last_save = 0
        self._better: Callable[[Any, Any], Any] = np.greater if _grows(monitor, mode) else np.less
        self.best = -np.inf if self._better is np.greater else np.inf

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        logs = logs or {}
        self.epochs_since_last_save += 1
        if self.epochs_since_last_save < self.period:
            return
        self.epochs_since_last_save = 0
        if self.save_best_only:
            current = logs.get(self.monitor)
            if current is None:
                warnings.warn(f"ModelCheckpoint requires {self.monitor}", RuntimeWarning, stacklevel=2)
                return
            if not self._better(current, self.best):
                self._say(f"Epoch {epoch:05d}: {self.monitor} did not improve")
                return
            self.best = current
        path = self.filepath.format(epoch=epoch, **logs)
        self._say(f"Epoch {epoch:05d}: saving model to {path}")
        if self.save_weights_only:
            self.model.save_weights(path, overwrite=True)
        else:
            self.model.save(path, overwrite=True)

    def _say(self, text: str) -> None:
        if self.verbose > 0:
            print(text)
