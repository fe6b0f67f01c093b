"""The words the cutter knows: methods that train, functions that read, modules to import, kinds of numbers."""

from __future__ import annotations

import builtins
import re
from typing import Final

from tdmigrate.keras1.applications import ENTRIES


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# methods of a model (or of a plot, a file, a logger) that build nothing: a statement that calls one goes
TRAINING: Final = _words(
    """
    compile fit fit_generator fit_transform train train_on_batch test_on_batch evaluate evaluate_generator
    predict predict_on_batch predict_generator predict_proba predict_classes test score save save_weights
    save_model load_weights set_weights get_weights load_graph_weights summary reset_states reset_state plot
    show savefig figure write writelines close flush print_help to_json to_yaml info debug warning error
    critical log seed shuffle get_config count_params
    """
)

# what sets weights: a method, and the function of tdmigrate.compat with the layer before them
SETTER: Final = "set_weights"
KERAS1_SETTER: Final = "set_keras1_weights"

# gives the layer that it is given, whatever weights are with it
GIVES_LAYER: Final = "tdmigrate.compat.with_initial_weights"

# of these, what a class that inherits from a model may override, or call of its base, without building anything
RUNS: Final = _words(
    """
    compile fit fit_generator train train_on_batch test_on_batch evaluate evaluate_generator predict
    predict_on_batch predict_generator predict_proba predict_classes save save_weights save_model summary
    """
)

# methods that change the object they are called on even where their result is used
CHANGING: Final = _words(
    """
    add append extend insert update pop popleft popitem remove setdefault clear discard sort reverse
    appendleft add_node add_input add_output add_shared_node add_layer
    """
)

# methods that add layers to a model, or to its list of layers, or take one off
ADDING: Final = frozenset({"add", "pop", "add_node", "add_input", "add_output", "add_shared_node", "append", "insert"})
LAYERS: Final = ("keras.layers", "keras.models", "keras.engine", "keras.legacy")

# a call of one of these is kept although it changes nothing but Keras's own state
SETTINGS: Final = frozenset({"set_image_dim_ordering", "set_image_data_format", "set_epsilon"})

# how the names of functions begin, or go on, that take a model whole and leave it as it is
_LEAVES: Final = re.compile(
    r"train|fit|learn|run|plot|draw|show|visual|print|summar|info|log|describe|report|inspect|debug|monitor|count|save"
    r"|store|write|dump|export|load|restore|read|eval|test|predict|score|valid|check|assert|compile|freez|callback"
)

# modules whose import reads no data and that the two environments hold
MODULES: Final = _words(
    """
    __future__ keras tdmigrate numpy six theano tensorflow abc collections contextlib copy dataclasses enum functools
    itertools math operator re string sys os types typing warnings
    """
)

# what nevertheless reads, draws or waits
_READS: Final = _words(
    """
    load loadtxt genfromtxt fromfile memmap fromregex load_model get_file load_data load_img imread
    flow_from_directory model_from_json model_from_yaml model_from_config read_csv getenv listdir walk system
    popen getcwd
    """
)
_READING_PARTS: Final = frozenset({"datasets", "applications", "argv", "environ", "stdin", "gfile", "flags", "contrib"})
# trained models of Keras, and what their layers are in Keras 3; "": the same
_TRAINED: Final = {path: one.layers for one in ENTRIES if one.layers is not None for path in one.paths}
# those whose layers are the same, and the modules that make them
_SAME: Final = frozenset(
    part for path, layers in _TRAINED.items() if not layers for part in (path, path.rpartition(".")[0])
)
_PURE_OS: Final = ("os.path.join", "os.path.basename", "os.path.dirname", "os.path.splitext", "os.sep")
# names that NumPy no longer has
_GONE: Final = frozenset(
    f"numpy.{name}" for name in ("bool", "int", "float", "object", "str", "long", "unicode", "complex")
)

_UNSAFE_BUILTINS: Final = _words(
    """
    open input exec eval compile __import__ globals locals vars exit quit help breakpoint memoryview id hash
    __loader__ __spec__ __build_class__ __debug__ copyright credits license
    """
)
BUILTINS: Final = frozenset(dir(builtins)) - _UNSAFE_BUILTINS
READING_BUILTINS: Final = _UNSAFE_BUILTINS | {"raw_input", "file", "execfile"}

# builtins of Python 2 that a source which Python 3 parses may still use, and what they are now
PYTHON2: Final = {"xrange": "range", "unicode": "str", "basestring": "str", "long": "int", "unichr": "chr"}

MODEL_CLASSES: Final = frozenset({"Sequential", "Model", "Graph"})

# imported callees whose positional arguments are layers, tensors, models or functions rather than numbers
_TAKES_OBJECTS: Final = _words(
    """
    TimeDistributed Bidirectional Wrapper Merge Model Sequential Graph Lambda Activation AutoEncoder Siamese
    """
)
# lower-case imported callees that take numbers
_TAKES_NUMBERS: Final = _words(
    """
    l1 l2 l1l2 l1_l2 activity_l1 activity_l2 activity_l1l2 maxnorm max_norm
    """
)
_TAKES_FRACTIONS: Final = _words(
    """
    Dropout SpatialDropout1D SpatialDropout2D SpatialDropout3D GaussianDropout GaussianNoise LeakyReLU ELU
    ThresholdedReLU l1 l2 activity_l1 activity_l2
    """
)
_OBJECT_KEYWORD: Final = re.compile(
    r"weights|layers?$|^inputs?$|^outputs?$|tensor|activation|init|regularizer|constraint|optimizer|loss|metrics|function"
    r"|mode$|name$|padding|format|ordering|^return_|stateful|trainable|mask|bias|go_backwards|unroll|consume|arguments"
    r"|callback|shape$|dtype|reset_after|implementation"
)

_FRACTION: Final = re.compile(
    r"drop|prob|rate|ratio|alpha|sigma|noise|reg|decay|momentum|(^|_)(l1|l2|lr|p|lmbda|lambda|eps)($|_)|epsilon|theta"
)
_SMALL: Final = re.compile(
    r"kernel|pool|strid|subsample|window|width|ngram|filter_(len|size|row|col|h|w)|(filter|ksize)s?_?size|n_row|n_col|dilation"
)
_LENGTH: Final = re.compile(r"len|steps?($|_)|time|frames|rows|cols|height|img|image")


def takes_numbers(callee: str) -> bool:
    """Whether the positional arguments of an imported callee (its full path) are sizes and the like."""
    name = callee.rpartition(".")[2]
    return name in _TAKES_NUMBERS or (name[:1].isupper() and name not in _TAKES_OBJECTS)


def is_trained(callee: str) -> bool:
    """Whether an imported callee makes a model with weights from a file, which a proof gives weights of its own."""
    return _TRAINED.get(callee) == ""


def other_layers(callee: str) -> str | None:
    """What the layers of a trained model of Keras are in Keras 3, where they are others; None for any other callee."""
    return _TRAINED.get(callee) or None


def takes_fractions(callee: str) -> bool:
    """Whether the positional arguments of an imported callee are rates."""
    return callee.startswith("keras.") and callee.rpartition(".")[2] in _TAKES_FRACTIONS


def object_keyword(keyword: str) -> bool:
    """Whether a keyword argument takes something else than a size, a rate or a count."""
    return _OBJECT_KEYWORD.search(keyword) is not None


def importable(module: str) -> bool:
    """Whether a program may import this module: it is there, and importing it reads no data."""
    parts = module.split(".")
    return parts[0] in MODULES and (module in _SAME or not _READING_PARTS.intersection(parts))


def reads(path: str) -> bool:
    """Whether the thing of this full path (``numpy.load``) gives what only the user's machine knows, or chance."""
    parts = path.split(".")
    if parts[0] == "os":
        return not path.startswith(_PURE_OS)
    if parts[0] not in MODULES or path in _GONE or path.startswith("numpy.random."):
        return True
    if path in _SAME:
        return False
    return parts[-1] in _READS or not _READING_PARTS.isdisjoint(parts)


def may_build(path: str) -> bool:
    """Whether a function of this full path, which nobody here knows, may add layers to a model that it is given."""
    name = path.rpartition(".")[2].lower()
    return not importable(path) and _LEAVES.search(name) is None


def kind_of(name: str, counted: bool) -> str:
    """What sort of number a name asks for: "fraction", "small" (counts, kernels), "length" or "size"."""
    name = name.lower()
    if _FRACTION.search(name):
        return "fraction"
    if counted or _SMALL.search(name):
        return "small"
    return "length" if _LENGTH.search(name) else "size"
