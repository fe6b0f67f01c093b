"""``running.py JOBS RELEASE [LEGACY]``: whole programs, run as they stand, and what their models said.

With LEGACY this is genuine Keras on Theano, else Keras 3 on TensorFlow, both in float64. JOBS is JSON: for each program
its path, a folder of its own and where its ``weights`` are from. When a model is first used, its layers get weights:
genuine Keras draws them and leaves them in the folder, in the order in which the program comes to use its models; Keras
3 gets the same; but for a program that gives its layers their ``own``. told.json of the folder has what each call of
fit, evaluate, predict and the like gave back (those that Keras makes itself set aside) and what the program gave to
``tell``; what the program printed; and where it failed.

Of a program whose weights are ``drawn``, each framework keeps its own ones; told.json of Keras 3 has how both spread in
the layers of ``model``, theirs in today's layout.
"""

from __future__ import annotations

import contextlib
import functools
import inspect
import io
import json
import os
import pickle
import random
import runpy
import sys
import traceback
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

TOLD = ("fit", "fit_generator", "train_on_batch", "test_on_batch", "evaluate", "evaluate_generator", "predict",
        "predict_on_batch", "predict_generator")  # fmt: skip
USES = (*TOLD, "set_weights", "load_weights", "get_weights")


class Side(NamedTuple):
    """One framework, made ready."""

    kinds: Sequence[Any]  # classes of its models
    hand_over: Callable[[Any], None]  # a model its weights, when it is first used
    begin: Callable[[Path], None]  # a program of this folder, with the settings of a new process
    spread: Callable[[Any], Any]  # how the weights of a model are drawn; of genuine Keras, they go to the folder


def plain(value: Any) -> Any:
    """Numbers as JSON; a list of a single one, such as Keras gave in place of a loss, as that.

    The history of Keras 0.2 has the means of the batches' numbers and sizes as well, which nobody looks at.
    """
    if hasattr(value, "history"):
        value = {key: one for key, one in value.history.items() if key not in ("batch", "size")}
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, dict):
        return {key: plain(one) for key, one in value.items()}
    if isinstance(value, (list, tuple)) and len(value) > 1:
        return [plain(one) for one in value]
    return np.asarray(value, dtype="float64").tolist()


def of_whole(given: Any) -> Any:
    """The whole loss of what Keras 3 tells of several outputs."""
    if hasattr(given, "history"):
        return {key: one for key, one in given.history.items() if key in ("loss", "val_loss")}
    return given[0] if isinstance(given, list) else given


def listen(kinds: list[Any], hand_over: Callable[[Any], None], whole: bool) -> list[Any]:
    """What methods of models of these kinds give back from now on; ``hand_over`` gets each model before.

    ``whole``: of several outputs, the whole loss alone, which a Graph of 0.x gave.
    """
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
                # asked for by name, as tdmigrate.compat does; a Graph of 0.x predicts a dict
                if isinstance(result, dict) and not name.startswith("predict"):
                    from tdmigrate.compat import scores

                    given = scores(model, result)
                else:
                    given = result
                if whole and len(model.outputs) > 1 and not name.startswith("predict"):
                    given = of_whole(given)
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


def _pictures() -> None:
    """Let Pillow resize by the nearest pixel where it is not told how, as it did until 7.0."""
    from PIL import Image

    resize = Image.Image.resize

    def nearest(picture: Any, size: Any, resample: Any = Image.Resampling.NEAREST, *rest: Any, **others: Any) -> Any:
        return resize(picture, size, resample, *rest, **others)

    Image.Image.resize = nearest


def genuine(release: str) -> Side:
    from tdmigrate.verification import samples, serve
    from tdmigrate.verification.legacy import worker
    from tdmigrate.verification.legacy.engines import engine
    from tdmigrate.verification.record import LayerWeights

    theano = engine("theano")
    created = serve.watch(worker._layer_class())
    random, count, place = samples.source("weights"), [0], [Path()]
    done: set[Any] = set()

    def begin(folder: Path) -> None:
        nonlocal random
        created.clear()
        done.clear()
        random, count[0], place[0] = samples.source("weights"), 0, folder
        if release >= "0.3":
            keras.backend.set_epsilon(1e-7)
        worker._set_ordering("th" if release < "1.1" else "tf")  # the default, until a program sets it
        if release >= "1":
            keras.backend.common.reset_uids()  # the numbers in the names of layers

    def leave(given: list[LayerWeights]) -> None:
        if given:
            (place[0] / f"{count[0]}.pickle").write_bytes(pickle.dumps(given))
            count[0] += 1

    def hand_over(model: Any) -> None:
        worker._build(model)
        fresh = [part.layer for part in worker.single_layers(model, created) if part.layer not in done]
        done.update(fresh)
        leave([one for one in (worker._randomise(layer, random, theano) for layer in fresh) if one.weights])

    def spread(model: Any) -> None:
        worker._build(model)
        given = []
        for layer in (part.layer for part in worker.single_layers(model, created)):
            drawn = tuple(worker._weights(layer, theano))
            kept = worker._randomise(layer, random, theano)._replace(weights=drawn)
            given += [kept] if drawn else []
        leave(given)

    import keras.models

    _pictures()
    kinds = [keras.models.Sequential, *([keras.models.Graph] if hasattr(keras.models, "Graph") else [])]
    if release < "1":
        return Side(kinds, hand_over, begin, spread)
    import keras.engine.training
    from keras.wrappers.scikit_learn import BaseWrapper

    BaseWrapper.__sklearn_tags__ = unknown
    return Side([*kinds, keras.engine.training.Model], hand_over, begin, spread)


def spread_of(weight: Any) -> list[float]:
    """Deviation, largest size and largest singular value."""
    weight = np.asarray(weight, dtype="float64")
    rows = weight.reshape(-1, weight.shape[-1])
    return [float(weight.std()), float(np.abs(weight).max()), float(np.linalg.norm(rows, 2))]


def modern(release: str) -> Side:
    import keras
    from keras.src.backend import nn

    from tdmigrate.verification import serve
    from tdmigrate.verification.modern import kernels, parts, worker
    from tdmigrate.verification.modern.precision import keep_double
    from tdmigrate.verification.record import Record
    from tdmigrate.verification.weights import in_keras3

    kernels.install(nn)
    keras.config.set_floatx("float64")
    keep_double()
    created = serve.watch(keras.layers.Layer)
    done: set[int] = set()
    count, place = [0], [Path()]

    def begin(folder: Path) -> None:
        keras.utils.clear_session()
        keras.utils.set_random_seed(0)
        keras.config.disable_interactive_logging()  # predict shows a progress bar by default
        keras.config.set_floatx("float64")
        keras.config.set_epsilon(1e-7)
        keras.config.set_image_data_format("channels_last")
        created.clear()
        done.clear()
        count[0], place[0] = 0, folder

    def given(layers: list[Any]) -> tuple[list[Any], Record]:
        theirs = pickle.loads((place[0] / f"{count[0]}.pickle").read_bytes())
        count[0] += 1
        record = Record(f"keras {release} theano", 0, tuple(theirs), ())
        return worker._paired(layers, record), record

    def hand_over(model: Any) -> None:
        layers = [part.layer for part in parts.single_layers(model, created)]
        fresh = [layer for layer in layers if layer.weights and id(layer) not in done]
        done.update(id(layer) for layer in fresh)
        if fresh:
            worker._set_weights(*given(fresh))

    def spread(model: Any) -> list[list[list[float]]]:
        layers, record = given([part.layer for part in parts.single_layers(model, created) if part.layer.weights])
        found = []
        for layer, theirs in zip(layers, record.layers, strict=True):
            old = in_keras3(theirs, theirs.weights, release, worker._kind(layer))
            found += [[spread_of(one), spread_of(other)] for one, other in zip(old, layer.get_weights(), strict=True)]
        return found

    return Side([keras.Model], hand_over, begin, spread)


def run(program: str, folder: Path, weights: str, side: Side, told: list[Any], own: list[bool]) -> None:
    side.begin(folder)
    own[0] = weights == "own"
    told.clear()
    np.random.seed(0)
    random.seed(0)
    printed, trouble = io.StringIO(), None
    given = {"tell": lambda value: told.append(["tell", plain(value)])}
    before, modules, home = os.getcwd(), set(sys.modules), str(Path(program).parent)
    os.chdir(folder)
    sys.argv[:] = [program]
    sys.path.insert(0, home)
    try:
        with contextlib.redirect_stdout(printed), np.printoptions():
            names = runpy.run_path(program, given, "__main__")
        if weights == "drawn":
            told.append(["drawn", side.spread(names["model"])])
    except (Exception, SystemExit):
        trouble = traceback.format_exc()[-4000:]
    finally:
        os.chdir(before)
        sys.path.remove(home)
        for name in set(sys.modules) - modules:  # another program may have modules of the same names
            if str(getattr(sys.modules[name], "__file__", None)).startswith(home):
                del sys.modules[name]
    (folder / "told.json").write_text(json.dumps([told, printed.getvalue(), trouble]))


def main() -> None:
    jobs, release, *legacy = sys.argv[1:]
    sys.dont_write_bytecode = True  # beside the programs
    if legacy:
        from tdmigrate.verification.legacy.worker import start

        start(legacy[0], release)
    side = (genuine if legacy else modern)(release)
    own = [False]
    whole = not legacy and release < "1"
    told = listen(list(side.kinds), lambda model: None if own[0] else side.hand_over(model), whole)
    for job in json.loads(Path(jobs).read_text()):
        run(job["program"], Path(job["folder"]), job["weights"], side, told, own)


if __name__ == "__main__":
    main()
