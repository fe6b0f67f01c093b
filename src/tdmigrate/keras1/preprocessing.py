"""Texts, sequences and images of Keras 0.1–1.2 (keras/preprocessing)."""

from __future__ import annotations

from collections.abc import Mapping

from tdmigrate.keras1.entry import Function, Ordered, Parameter, Renamed, Spelling, Text, Values

_COMPAT = "tdmigrate.compat"
# what ``base_filter()`` gave
_FILTERS = "filters='!\"#$%&()*+,-./:;<=>?@[\\\\]^_`{|}~\\t\\n'"


def _entry(
    module: str,
    name: str,
    versions: str,
    signatures: Mapping[str, str],
    keras3: Spelling | None,
    person: str | None = None,
    note: str | None = None,
) -> Function:
    path = f"keras.preprocessing.{module}.{name}"
    return Function(name, {path: versions}, signatures, keras3, "data", person=person, note=note)


def _compat(name: str, signature: str, parameters: Mapping[str, Parameter] | None = None) -> Spelling:
    return Spelling(f"{_COMPAT}.{name}", parameters or {}, signature=signature)


_SKIPGRAMS = (
    "sequence, vocabulary_size, window_size=4, negative_samples=1.0, shuffle=True, categorical=False, "
    "sampling_table=None"
)
_TABLE = "size, sampling_factor=1e-05"
_WORDS = f"text, {_FILTERS}, lower=True, split=' '"
_ONE_HOT = f"text, n, {_FILTERS}, lower=True, split=' '"
_PAD = "sequences, maxlen=None, dtype='int32', padding='pre', truncating='pre', value=0.0"
_TOKENIZER = f"{_FILTERS}, lower=True, split=' '"

_SEQUENCES = (
    _entry(
        "sequence",
        "pad_sequences",
        "0.1-1.2",
        {"0.1": _PAD},
        Spelling("keras.preprocessing.sequence.pad_sequences", signature=_PAD),
    ),
    _entry("sequence", "skipgrams", "0.1-1.2", {"0.1": _SKIPGRAMS}, _compat("skipgrams", _SKIPGRAMS)),
    _entry("sequence", "make_sampling_table", "0.1-1.2", {"0.1": _TABLE}, _compat("make_sampling_table", _TABLE)),
)

_TEXTS = (
    _entry("text", "base_filter", "0.1-1.2.0", {"0.1": ""}, _compat("base_filter", "")),
    _entry("text", "text_to_word_sequence", "0.1-1.2", {"0.1": _WORDS}, _compat("text_to_word_sequence", _WORDS)),
    _entry(
        "text",
        "one_hot",
        "0.1-1.2",
        {"0.1": _ONE_HOT},
        _compat("one_hot", _ONE_HOT),
        note="Python 3 gives each process other hashes of strings, so other numbers: set PYTHONHASHSEED (trap G4)",
    ),
    _entry(
        "text",
        "Tokenizer",
        "0.1-1.2",
        {"0.1": f"nb_words=None, {_TOKENIZER}", "0.3": f"nb_words=None, {_TOKENIZER}, char_level=False"},
        _compat("Tokenizer", f"num_words=None, {_TOKENIZER}, char_level=False", {"nb_words": Renamed("num_words")}),
    ),
)

_CHANGES_0 = "featurewise_center=True, samplewise_center=False, featurewise_std_normalization=True, "
_CHANGES_1 = "featurewise_center=False, samplewise_center=False, featurewise_std_normalization=False, "
_RANGES = (
    "samplewise_std_normalization=False, zca_whitening=False, rotation_range=0.0, width_shift_range=0.0, "
    "height_shift_range=0.0, "
)
_SHEAR = "shear_range=0.0, "
_FLIPS = "horizontal_flip=False, vertical_flip=False"
_FILL = "zoom_range=0.0, channel_shift_range=0.0, fill_mode='nearest', cval=0.0, "
_GENERATOR_1 = f"{_CHANGES_1}{_RANGES}{_SHEAR}{_FILL}{_FLIPS}"

_AXES = {name.replace("axis", "index"): Renamed(name) for name in ("row_axis", "col_axis", "channel_axis")}
_CHANNELS = {"channel_index": Renamed("channel_axis")}
_PLACES = "row_axis=1, col_axis=2, channel_axis=0, fill_mode='nearest', cval=0.0"


def _change(name: str, first: str) -> Function:
    """A random change of one picture; another formula up to 0.3."""
    new = f"{first}, {_PLACES}"
    signatures = {
        "0.1": f"{first}, fill_mode='nearest', cval=0.0",
        "1.0": new.replace("_axis", "_index"),
        "1.2.1": new,
    }
    return _entry("image", name, "0.1-1.2", signatures, _compat(name, new, _AXES))


def _gone(name: str, versions: str, signature: str, person: str) -> Function:
    return _entry("image", name, versions, {"0.1": signature}, None, person)


_MATRIX = "x, transform_matrix, channel_axis=0, fill_mode='nearest', cval=0.0"
_SHIFTED = "x, intensity, channel_axis=0"
_GREY = Values(
    {True: Text("'grayscale'"), False: Text("'rgb'")}, other=Text("'grayscale' if {} else 'rgb'"), closed=False
)

_IMAGES = (
    _entry(
        "image",
        "ImageDataGenerator",
        "0.1-1.2",
        {
            "0.1": f"{_CHANGES_0}{_RANGES}{_FLIPS}",
            "0.3": f"{_CHANGES_0}{_RANGES}{_SHEAR}{_FLIPS}",
            "1.0": f"{_CHANGES_1}{_RANGES}{_SHEAR}{_FILL}{_FLIPS}",
            "1.0.4": f"{_GENERATOR_1}, rescale=None, dim_ordering='default'",
            "1.2": f"{_GENERATOR_1}, rescale=None, preprocessing_function=None, dim_ordering='default'",
        },
        _compat(
            "ImageDataGenerator",
            f"{_GENERATOR_1}, rescale=None, preprocessing_function=None, data_format=None, release='1.2.0'",
            {"dim_ordering": Ordered()},
        ),
    ),
    _gone(
        "GraphImageDataGenerator",
        "0.3.2-1.0.3",
        _CHANGES_1.rstrip(", "),
        "make a generator that yields (inputs, outputs) of the model from ImageDataGenerator's batches",
    ),
    _entry(
        "image",
        "load_img",
        "0.1-1.2",
        {"0.1": "path, grayscale=False", "1.0": "path, grayscale=False, target_size=None"},
        Spelling(
            "keras.utils.load_img",
            {"grayscale": Renamed("color_mode", _GREY)},
            signature="path, color_mode='rgb', target_size=None, interpolation='nearest', keep_aspect_ratio=False",
        ),
    ),
    _entry(
        "image",
        "img_to_array",
        "0.1-1.2",
        {"0.1": "img", "1.0": "img, dim_ordering='default'"},
        Spelling(
            "keras.utils.img_to_array", {"dim_ordering": Ordered()}, signature="img, data_format=None, dtype=None"
        ),
    ),
    _entry(
        "image",
        "array_to_img",
        "0.1-1.2",
        {"0.1": "x, scale=True", "1.0": "x, dim_ordering='default', scale=True"},
        _compat("array_to_img", "x, data_format=None, scale=True", {"dim_ordering": Ordered()}),
    ),
    _entry(
        "image",
        "list_pictures",
        "0.1-1.2",
        {"0.1": "directory, ext='jpg|jpeg|bmp|png'"},
        _compat("list_pictures", "directory, ext='jpg|jpeg|bmp|png'"),
    ),
    _change("random_rotation", "x, rg"),
    _change("random_shift", "x, wrg, hrg"),
    _change("random_shear", "x, intensity"),
    _change("random_zoom", "x, zoom_range"),
    _entry(
        "image",
        "random_channel_shift",
        "0.1-1.2",
        {"0.1": "x, rg", "1.0": _SHIFTED.replace("_axis", "_index"), "1.2.1": _SHIFTED},
        _compat("random_channel_shift", _SHIFTED, _CHANNELS),
    ),
    _entry("image", "flip_axis", "1.0.1-1.2", {"1.0.1": "x, axis"}, _compat("flip_axis", "x, axis")),
    _entry(
        "image",
        "apply_transform",
        "1.0.2-1.2",
        {"1.0.2": _MATRIX.replace("_axis", "_index"), "1.2.1": _MATRIX},
        _compat("apply_transform", _MATRIX, _CHANNELS),
    ),
    _entry(
        "image",
        "transform_matrix_offset_center",
        "1.0.2-1.2",
        {"1.0.2": "matrix, x, y"},
        _compat("transform_matrix_offset_center", "matrix, x, y"),
    ),
    _gone("horizontal_flip", "0.1-1.0.0", "x", "write `x[:, :, ::-1]` (channels first)"),
    _gone("vertical_flip", "0.1-1.0.0", "x", "write `x[:, ::-1]` (channels first)"),
    _gone("random_barrel_transform", "0.1-1.2.0", "x, intensity", "it never did anything: take it out"),
    _gone(
        "Iterator", "1.0.4-1.2", "N, batch_size, shuffle, seed", "write a keras.utils.PyDataset that makes the batches"
    ),
    _gone("NumpyArrayIterator", "1.0.4-1.2", "X, y, image_data_generator", "use ImageDataGenerator.flow"),
    _gone(
        "DirectoryIterator",
        "1.0.4-1.2",
        "directory, image_data_generator",
        "use ImageDataGenerator.flow_from_directory",
    ),
)

ENTRIES: tuple[Function, ...] = (*_SEQUENCES, *_TEXTS, *_IMAGES)
