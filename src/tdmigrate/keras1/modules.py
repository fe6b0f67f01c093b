"""The modules of Keras 0.1–1.2, and what took their place in Keras 3."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.entry import Function, Module, Renamed, Spelling

# modules of Keras 3.15 that Keras 1 had not
LATER = frozenset(
    f"keras.{name}"
    for name in (
        "config", "distillation", "distribution", "dtype_policies", "export", "initializers", "losses",
        "mixed_precision", "ops", "quantizers", "random", "saving", "src", "tree", "visualization",
    )
)  # fmt: skip

# path → (releases, its Keras 3 home; None: its names went to different places, or are gone)
_MODULES: dict[str, tuple[str, str | None]] = {
    "keras": ("0.1-1.2", "keras"),
    "keras.activations": ("0.1-1.2", "keras.activations"),
    "keras.applications": ("1.0.8-1.2", "keras.applications"),
    "keras.applications.inception_v3": ("1.0.8-1.2", "keras.applications.inception_v3"),
    "keras.applications.resnet50": ("1.0.8-1.2", "keras.applications.resnet50"),
    "keras.applications.vgg16": ("1.0.8-1.2", "keras.applications.vgg16"),
    "keras.applications.vgg19": ("1.0.8-1.2", "keras.applications.vgg19"),
    "keras.applications.xception": ("1.1.1-1.2", "keras.applications.xception"),
    "keras.applications.imagenet_utils": ("1.0.8-1.2", "keras.applications.imagenet_utils"),
    "keras.applications.music_tagger_crnn": ("1.1-1.2", None),
    "keras.applications.audio_conv_utils": ("1.1-1.2", None),
    "keras.backend": ("0.3-1.2", "keras.backend"),
    "keras.backend.common": ("0.3-1.2", None),
    "keras.backend.tensorflow_backend": ("0.3-1.2", None),
    "keras.backend.theano_backend": ("0.3-1.2", None),
    "keras.callbacks": ("0.1-1.2", "keras.callbacks"),
    "keras.constraints": ("0.1-1.2", "keras.constraints"),
    "keras.datasets": ("0.1-1.2", "keras.datasets"),
    "keras.datasets.cifar": ("0.1-1.2", None),
    "keras.datasets.cifar10": ("0.1-1.2", "keras.datasets.cifar10"),
    "keras.datasets.cifar100": ("0.1-1.2", "keras.datasets.cifar100"),
    "keras.datasets.data_utils": ("0.1-1.2.0", None),
    "keras.datasets.imdb": ("0.1-1.2", "keras.datasets.imdb"),
    "keras.datasets.mnist": ("0.1-1.2", "keras.datasets.mnist"),
    "keras.datasets.reuters": ("0.1-1.2", "keras.datasets.reuters"),
    "keras.engine": ("1.0-1.2", None),
    "keras.engine.topology": ("1.0-1.2", None),
    "keras.engine.training": ("1.0-1.2", None),
    "keras.initializations": ("0.1-1.2", "keras.initializers"),
    "keras.layers": ("0.1-1.2", "keras.layers"),
    "keras.layers.advanced_activations": ("0.1-1.2", "keras.layers"),
    "keras.layers.containers": ("0.1-0.3", "keras.models"),
    "keras.layers.convolutional": ("0.1-1.2", "keras.layers"),
    "keras.layers.convolutional_recurrent": ("1.1.2-1.2", "keras.layers"),
    "keras.layers.core": ("0.1-1.2", "keras.layers"),
    "keras.layers.embeddings": ("0.1-1.2", "keras.layers"),
    "keras.layers.local": ("1.0.6-1.2", None),
    "keras.layers.noise": ("0.1-1.2", "keras.layers"),
    "keras.layers.normalization": ("0.1-1.2", "keras.layers"),
    "keras.layers.ntm": ("0.3.0", None),
    "keras.layers.pooling": ("1.0.6-1.2", "keras.layers"),
    "keras.layers.recurrent": ("0.1-1.2", "keras.layers"),
    "keras.layers.timedistributed": ("0.3.2-0.3", "keras.layers"),
    "keras.layers.wrappers": ("0.3.3-1.2", "keras.layers"),
    "keras.legacy": ("1.0-1.1.1", None),
    "keras.legacy.models": ("1.0-1.1.1", None),
    "keras.metrics": ("1.0-1.2", "keras.metrics"),
    "keras.models": ("0.1-1.2", "keras.models"),
    "keras.objectives": ("0.1-1.2", "keras.losses"),
    "keras.old_models": ("0.3.3", "keras.models"),
    "keras.optimizers": ("0.1-1.2", "keras.optimizers"),
    "keras.preprocessing": ("0.1-1.2", "keras.preprocessing"),
    "keras.preprocessing.image": ("0.1-1.2", None),
    "keras.preprocessing.sequence": ("0.1-1.2", "keras.preprocessing.sequence"),
    "keras.preprocessing.text": ("0.1-1.2", None),
    "keras.regularizers": ("0.1-1.2", "keras.regularizers"),
    "keras.utils": ("0.1-1.2", "keras.utils"),
    "keras.utils.data_utils": ("0.3.3-1.2", None),
    "keras.utils.generic_utils": ("0.1-1.2", None),
    "keras.utils.io_utils": ("0.1-1.2", None),
    "keras.utils.layer_utils": ("0.1-1.2", None),
    "keras.utils.np_utils": ("0.1-1.2", None),
    "keras.utils.test_utils": ("0.1-1.2", None),
    "keras.utils.theano_utils": ("0.1-0.2", None),
    "keras.utils.visualize_util": ("0.1-1.2", None),
    "keras.wrappers": ("0.1-1.2", None),
    "keras.wrappers.scikit_learn": ("0.1-1.2", None),
}

MODULES = {path: Module(path, versions, home) for path, (versions, home) in _MODULES.items()}

# no Keras from 2.0.0 on has them
GONE = frozenset(
    (
        "keras.applications.audio_conv_utils",
        "keras.applications.music_tagger_crnn",
        "keras.datasets.data_utils",
        "keras.initializations",
        "keras.layers.containers",
        "keras.layers.ntm",
        "keras.layers.timedistributed",
        "keras.old_models",
        "keras.utils.theano_utils",
        "keras.utils.visualize_util",
    )
)


def _gone(path: str, signatures: Mapping[str, str], person: str) -> Function:
    """A name that its module's home in Keras 3 does not have."""
    return Function(path.rpartition(".")[2], {path: "0.1-1.2"}, signatures, None, "function", person=person)


def _from_config(first: str) -> dict[str, str]:
    return {
        "0.1": f"{first}, custom_layers={{}}",
        "0.3": f"{first}, custom_objects={{}}",
        "1.2.1": f"{first}, custom_objects=None",
    }


_SLICE = "X, start=None, stop=None"

ENTRIES: tuple[Function, ...] = (
    _gone(
        "keras.models.model_from_yaml",
        _from_config("yaml_string"),
        "Keras 3 reads no YAML: save the model's JSON with the old Keras, or build the model in code",
    ),
    _gone(
        "keras.models.model_from_config",
        _from_config("config"),
        "use from_config of keras.models.Sequential or keras.models.Model",
    ),
    Function(
        "load_model",
        {"keras.models.load_model": "1.0.7-1.2"},
        {"1.0.7": "filepath, custom_objects={}", "1.2.1": "filepath, custom_objects=None"},
        Spelling("keras.models.load_model", signature="filepath, custom_objects=None, compile=True, safe_mode=True"),
        "loader",
    ),
    Function(
        "model_from_json",
        {"keras.models.model_from_json": "0.1-1.2"},
        _from_config("json_string"),
        Spelling(
            "keras.models.model_from_json",
            {"custom_layers": Renamed("custom_objects")},
            signature="json_string, custom_objects=None",
        ),
        "loader",
    ),
    Function(
        "slice_X",
        {
            "keras.engine.training.slice_X": "1.0-1.2",
            "keras.models.slice_X": "0.1-0.3",
            "keras.old_models.slice_X": "0.3.3",
        },
        {"0.1": _SLICE},
        Spelling("tdmigrate.compat.slice_X", signature=_SLICE),
        "data",
    ),
)
