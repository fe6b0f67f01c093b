"""``running.py PROGRAM FOLDER [LEGACY RELEASE]``: a whole program, run as it stands, and what its models said.

With LEGACY this is genuine Keras on Theano, else Keras 3 on TensorFlow, both in float64. When a model is first used,
its layers get weights: genuine Keras draws them and leaves them in FOLDER, in the order in which the program comes to
use its models; Keras 3 gets the same. FOLDER/told.json has what each call of fit, evaluate, predict and the like gave
back (those that Keras makes itself set aside), and what the program printed.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import json
import pickle
import runpy
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

TOLD = ("fit", "fit_generator", "train_on_batch", "test_on_batch", "evaluate", "evaluate_generator", "predict",
        "predict_on_batch", "predict_generator")  # fmt: skip
USES = (*TOLD, "set_weights", "load_weights", "get_weights")


def plain(value: Any) -> Any:
    """Numbers as JSON; a list of a single one, such as Keras gave in place of a loss, as that."""
    value = getattr(value, "history", value)
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and len(value) > 1:
        return [plain(one) for one in value]
    return np.asarray(value, dtype="float64").tolist()


def listen(kinds: list[Any], hand_over: Callable[[Any], None]) -> list[Any]:
    """What methods of models of these kinds give back from now on; ``hand_over`` gets each model before."""
    told: list[Any] = []
    depth = [0]

    def wrapped(name: str, genuine: Any) -> Any:
        @functools.wraps(genuine)
        def method(model: Any, *args: Any, **keywords: Any) -> Any:
            if depth[0]:
                return genuine(model, *args, **keywords)
            depth[0] += 1
            try:
                hand_over(model)
                result = genuine(model, *args, **keywords)
            finally:
                depth[0] -= 1
            if name in TOLD:
                if name == "evaluate" and isinstance(result, dict):  # asked for by the estimators of compat
                    given = [result["loss"], *(one for key, one in result.items() if key != "loss")]
                else:
                    given = result
                told.append([name.replace("_generator", ""), plain(given)])
            return result

        method.__signature__ = inspect.signature(genuine)  # type: ignore[attr-defined]  # estimators read it
        return method

    for kind in kinds:
        for name in USES:
            if hasattr(kind, name):
                setattr(kind, name, wrapped(name, getattr(kind, name)))
    return told


def unknown(estimator: Any) -> Any:
    """What scikit-learn asks of every estimator today; it took those of Keras 1 for no kind in particular."""
    from sklearn.utils import Tags, TargetTags

    return Tags(estimator_type=None, target_tags=TargetTags(required=True))


def genuine(folder: Path, release: str) -> tuple[list[Any], Callable[[Any], None]]:
    from tdmigrate.verification import samples, serve
    from tdmigrate.verification.legacy import worker

    created = serve.watch(worker._layer_class())
    random, done = samples.source("weights"), set()
    count = [0]

    def hand_over(model: Any) -> None:
        worker._build(model)
        fresh = [part.layer for part in worker.single_layers(model, created) if part.layer not in done]
        done.update(fresh)
        given = [one for one in (worker._randomise(layer, random) for layer in fresh) if one.weights]
        if given:
            (folder / f"{count[0]}.pickle").write_bytes(pickle.dumps(given))
            count[0] += 1

    import keras.models

    kinds = [keras.models.Sequential]
    if release < "1":
        return [*kinds, keras.models.Graph], hand_over
    import keras.engine.training
    from keras.wrappers.scikit_learn import BaseWrapper

    BaseWrapper.__sklearn_tags__ = unknown
    return [*kinds, keras.engine.training.Model], hand_over


def _settings(core: Any) -> None:
    """Let optimizers compute with their settings in float64: TensorFlow makes a float32 of a Python float, then casts.

    ``core``: of Keras's TensorFlow backend.
    """
    genuine = core.cast
    core.cast = lambda x, dtype: genuine(np.float64(x) if type(x) is float else x, dtype)


def modern(folder: Path, release: str) -> tuple[list[Any], Callable[[Any], None]]:
    import keras
    from keras.src.backend import core, nn

    from tdmigrate.verification import serve
    from tdmigrate.verification.modern import kernels, worker
    from tdmigrate.verification.modern.precision import keep_double
    from tdmigrate.verification.record import Record

    kernels.install(nn)
    keras.config.disable_interactive_logging()  # predict shows a progress bar by default
    keras.config.set_floatx("float64")
    keep_double()
    _settings(core)
    created = serve.watch(keras.layers.Layer)
    done: set[int] = set()
    count = [0]

    def hand_over(model: Any) -> None:
        layers = [part.layer for part in worker.single_layers(model, created)]
        fresh = [layer for layer in layers if layer.weights and id(layer) not in done]
        done.update(id(layer) for layer in fresh)
        if fresh:
            given = pickle.loads((folder / f"{count[0]}.pickle").read_bytes())
            count[0] += 1
            theirs = Record(f"keras {release} theano", 0, tuple(given), ())
            worker._set_weights(worker._paired(fresh, theirs), theirs)

    return [keras.Model], hand_over


def main() -> None:
    program, path, release, *legacy = sys.argv[1:]
    folder = Path(path)
    if legacy:
        from tdmigrate.verification.legacy.worker import start

        start(legacy[0], release)
    kinds, hand_over = (genuine if legacy else modern)(folder, release)
    told = listen(kinds, hand_over)
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        runpy.run_path(program, run_name="__main__")
    (folder / "told.json").write_text(json.dumps([told, printed.getvalue()]))


if __name__ == "__main__":
    main()
