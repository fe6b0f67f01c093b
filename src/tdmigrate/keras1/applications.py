"""Models of images that are there already trained (keras/applications of 1.0.8 to 1.2)."""

from __future__ import annotations

from tdmigrate.keras1.entry import Function, Ordered, Spelling

_TOP = "include_top=True, weights='imagenet', input_tensor=None"
_OLD = f"{_TOP}, input_shape=None, classes=1000"
_NEW = f"{_TOP}, input_shape=None, pooling=None, classes=1000"
_HOME = "keras.applications"
_TRAINED = "trained weights come from another file than Keras 1's: predictions differ"
_PADDED = "its BatchNormalization has epsilon 1.001e-5, was 1e-3, and its first pooling is padded, was not (trap G14)"
_TURNED = "it normalises before each relu, did so behind it (trap G14)"


def _model(name: str, module: str, versions: str, layers: str = "") -> tuple[Function, ...]:
    """From its own module and from the package, as today."""
    note = f"{_TRAINED}; {layers}" if layers else _TRAINED
    return tuple(
        Function(
            name, {path: versions}, {"1.0.8": _TOP, "1.2": _OLD}, Spelling(path, signature=_NEW), "data", note=note,
            layers=layers,
        )
        for path in (f"{_HOME}.{module}.{name}", f"{_HOME}.{name}")
    )  # fmt: skip


def _helpers(module: str, ordered: bool, versions: str) -> tuple[Function, ...]:
    """``preprocess_input`` and ``decode_predictions`` of a module."""
    told = ", dim_ordering='default'" if ordered else ""
    return (
        Function(
            "preprocess_input",
            {f"{_HOME}.{module}.preprocess_input": versions},
            {"1.0.8": f"x{told}"},
            Spelling(
                f"{_HOME}.{module}.preprocess_input",
                {"dim_ordering": Ordered()} if ordered else {},
                signature="x",  # the other by name: else a second run would take its value for an old one
            ),
            "data",
        ),
        Function(
            "decode_predictions",
            {f"{_HOME}.{module}.decode_predictions": versions},
            {"1.0.8": "preds, top=5"},
            Spelling(f"{_HOME}.{module}.decode_predictions", signature="preds, top=5"),
            "data",
        ),
    )


def _gone(module: str, names: str, person: str, versions: str = "1.0.8-1.2") -> tuple[Function, ...]:
    return tuple(
        Function(name, {f"{_HOME}.{module}.{name}": versions}, {"1.0.8": "*args, **kwargs"}, None, "data", person)
        for name in names.split()
    )


_BLOCK = "keep a copy of the function, migrated"

ENTRIES: tuple[Function, ...] = (
    *_model("VGG16", "vgg16", "1.0.8-1.2"),
    *_model("VGG19", "vgg19", "1.0.8-1.2"),
    *_model("ResNet50", "resnet50", "1.0.8-1.2", _PADDED),
    *_model("InceptionV3", "inception_v3", "1.0.8-1.2", _TURNED),
    *_model("Xception", "xception", "1.1.1-1.2"),
    *_helpers("vgg16", True, "1.0.8-1.2"),
    *_helpers("vgg19", True, "1.0.8-1.2"),
    *_helpers("resnet50", True, "1.0.8-1.2"),
    *_helpers("imagenet_utils", True, "1.0.8-1.2"),
    *_helpers("inception_v3", False, "1.0.8-1.2"),
    *_helpers("xception", False, "1.1.1-1.2"),
    *_gone("resnet50", "identity_block conv_block", _BLOCK),
    *_gone("inception_v3", "conv2d_bn", _BLOCK),
    Function(
        "MusicTaggerCRNN",
        {
            "keras.applications.music_tagger_crnn.MusicTaggerCRNN": "1.1-1.2",
            "keras.applications.MusicTaggerCRNN": "1.2",
        },
        {"1.1": "weights='msd', input_tensor=None, include_top=True, classes=50"},
        None,
        "data",
        "Keras 3 has no music tagger: keep a copy of the model, migrated",
    ),
    *_gone(
        "audio_conv_utils",
        "preprocess_input decode_predictions",
        "Keras 3 has no music tagger: keep a copy, migrated",
        "1.1-1.2",
    ),
)
