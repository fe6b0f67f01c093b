"""Programs that both Keras 1 and tdmigrate.compat run: imports of each, and what both make of it, in ``found``."""

from __future__ import annotations

from typing import NamedTuple


class Case(NamedTuple):
    about: str
    old: str  # imports
    new: str
    program: str
    release: str = "1.2.2"


_TEXTS = """
texts = ["The cat sat, on the mat!", "the dog's log\\tand the CAT", "", "a b a; b a"]
"""
_TOKENIZER = "from keras.preprocessing.text import Tokenizer"
_WORDS = "from tdmigrate import compat\nTokenizer = lambda nb_words=None, **rest: compat.Tokenizer(nb_words, **rest)"
_FITTED = (
    _TEXTS
    + """
import numpy as np
found = {}
for size in (None, 5):
    for chars in (False, True):
        tokenizer = Tokenizer(nb_words=size, char_level=chars)
        tokenizer.fit_on_texts(iter(texts))
        tokenizer.fit_on_texts(texts[:3])
        key = f"{size}/{chars}/"
        found[key + "words"] = np.array(sorted(tokenizer.word_index.items()))
        found[key + "counts"] = np.array(sorted(tokenizer.word_counts.items()))
        found[key + "docs"] = np.array(sorted(tokenizer.word_docs.items()))
        found[key + "index_docs"] = np.array(sorted(tokenizer.index_docs.items()))
        found[key + "sequences"] = np.array([sum(tokenizer.texts_to_sequences(texts), [])])
        for mode in ("binary", "count", "freq", "tfidf"):
            found[key + mode] = tokenizer.texts_to_matrix(texts, mode=mode)
"""
)
_SKIPGRAMS = """
import random
import numpy as np
table = make_sampling_table(30)
found = {"table": table}
SETTINGS = [
    {},
    {"categorical": True, "window_size": 2},
    {"negative_samples": 2.5, "shuffle": False},
    {"negative_samples": 0.0, "sampling_table": make_sampling_table(30, 0.3)},
]
for seed, settings in enumerate(SETTINGS):
    random.seed(seed)
    couples, labels = skipgrams([1, 5, 0, 7, 29, 3, 3, 12], 30, **settings)
    found[f"{seed}/couples"], found[f"{seed}/labels"] = np.array(couples), np.array(labels)
"""
_ARRAYS = """
import numpy as np
random = np.random.RandomState(3)
y = random.randint(5, size=(6, 2))
p = random.uniform(size=(7, 3))
found = {
    "flat": to_categorical([1, 0, 3]),
    "column": to_categorical(y[:, :1], 7),
    "rows": to_categorical(y, 5),
    "last": normalize(p - 0.5),
    "first": normalize(p, axis=0),
    "order": normalize(np.concatenate([p, 0 * p]), order=1),
    "classes": probas_to_classes(p),
    "one": probas_to_classes(p[:, :1]),
}
"""
# the function of 1.2.2 fails on NumPy of today
_KERNELS = """
import numpy as np
random = np.random.RandomState(3)
kernel, volume = random.normal(size=(3, 5, 2, 4)), random.normal(size=(2, 3, 5, 2, 4))
found = {
    "first": convert_kernel(kernel, 'th'),
    "last": convert_kernel(kernel, 'tf'),
    "volume": convert_kernel(volume, 'tf'),
}
"""
_SLICES = """
import numpy as np
x = np.arange(24.0).reshape(8, 3)
found = {
    "part": slice_X(x, 2, 5),
    "end": slice_X(x, start=6),
    "indices": slice_X(x, np.array([4, 1])),
    "list": np.concatenate(slice_X([x, -x], [0, 7])),
    "several": np.concatenate(slice_X([x, x[1:]], 0, 3)),
}
"""
_NUMPY = "to_categorical, normalize, probas_to_classes"
_OLD_NUMPY = f"from keras.utils.np_utils import {_NUMPY}"
_NEW_NUMPY = f"from tdmigrate.compat import {_NUMPY}"

_IMAGES = """
import numpy as np
random = np.random.RandomState(1)
first = ORDER == "th"
x = random.uniform(0, 255, (7, 3, 6, 5) if first else (7, 6, 5, 3))
y = np.arange(7)
found = {}
SETTINGS = [
    dict(rotation_range=30, width_shift_range=0.3, height_shift_range=0.2, shear_range=0.4, zoom_range=0.3,
         channel_shift_range=20.0, horizontal_flip=True, vertical_flip=True),
    dict(rotation_range=50, zoom_range=[0.7, 1.5], fill_mode="constant", cval=3.0, rescale=1 / 255.0),
    dict(samplewise_center=True, samplewise_std_normalization=True, fill_mode="reflect", shear_range=0.3),
    dict(featurewise_center=True, featurewise_std_normalization=True, width_shift_range=0.5, fill_mode="wrap"),
    dict(featurewise_center=True, zca_whitening=True),
]
for number, settings in enumerate(SETTINGS):
    generator = ImageDataGenerator(**settings)
    np.random.seed(number)
    generator.fit(x, augment=number == 3, rounds=2, seed=5)
    for seed in (None, 4):
        np.random.seed(8)
        batches = generator.flow(x, y, batch_size=3, shuffle=number != 1, seed=seed)
        for count in range(7):
            found[f"{number}/{seed}/{count}/x"], found[f"{number}/{seed}/{count}/y"] = next(batches)
    found[f"{number}/alone"] = next(generator.flow(x, batch_size=2, seed=1))
"""
_OLD_IMAGES = """
import numpy as np
x = np.random.RandomState(1).uniform(0, 255, (7, 3, 6, 5))
y = np.arange(7)
found = {}
SETTINGS = [
    dict(rotation_range=30, width_shift_range=0.3, height_shift_range=0.2, shear_range=0.4, horizontal_flip=True,
         vertical_flip=True),
    dict(featurewise_center=False, featurewise_std_normalization=False, samplewise_center=True,
         samplewise_std_normalization=True, width_shift_range=0.4),
    dict(zca_whitening=True),
]
for number, settings in enumerate(SETTINGS):
    generator = ImageDataGenerator(**settings)
    generator.fit(x, seed=5)
    for seed in (None, 4):
        np.random.seed(8)
        batches = generator.flow(x, y, batch_size=3, shuffle=number != 1, seed=seed)
        for count in range(7):
            found[f"{number}/{seed}/{count}/x"], found[f"{number}/{seed}/{count}/y"] = next(batches)
"""
_CHANGES = "random_rotation, random_shift, random_shear, random_zoom, random_channel_shift, flip_axis"
_CHANGED = """
import numpy as np
x = np.random.RandomState(2).uniform(size=(3, 8, 7))
np.random.seed(6)
found = {
    "rotation": random_rotation(x, 40),
    "shift": random_shift(x, 0.4, 0.2, fill_mode="wrap"),
    "shear": random_shear(x.transpose(1, 2, 0), 0.5, 0, 1, 2, "constant", 0.7),
    "zoom": random_zoom(x, (0.5, 2.0)),
    "channels": random_channel_shift(x, 0.3),
    "last_channels": random_channel_shift(x, 0.3, 2),
    "flip": flip_axis(x, 2),
}
"""
_FOLDER = """
import os
import numpy as np
from PIL import Image
random = np.random.RandomState(0)
for index in range(9):
    folder = os.path.join("pictures", "abc"[index % 3])
    os.makedirs(folder, exist_ok=True)
    Image.fromarray(random.randint(0, 256, (4, 5, 3)).astype("uint8")).save(os.path.join(folder, f"{index}.png"))
found = {"listed": np.array(sorted(list_pictures("pictures")))}
for mode in ("categorical", "binary", "sparse", None):
    generator = ImageDataGenerator(rotation_range=20, rescale=0.5)
    grey = "grayscale" if mode == "binary" else "rgb"
    batches = generator.flow_from_directory(
        "pictures", target_size=(4, 5), color_mode=grey, class_mode=mode, batch_size=4, seed=3
    )
    for count in range(4):
        batch = next(batches)
        for place, array in enumerate(batch if mode else [batch]):
            found[f"{mode}/{count}/{place}"] = array
    found[f"{mode}/names"] = np.array(batches.filenames)
    found[f"{mode}/classes"] = np.array(sorted(batches.class_indices.items()))
    found[f"{mode}/numbers"] = np.array([batches.nb_sample, batches.nb_class])
"""
_KERAS_IMAGE = "from keras.preprocessing.image import"
_COMPAT = "from tdmigrate.compat import"


def _generator(order: str, release: str, like: str) -> Case:
    """``like``: the release that compat is told."""
    old = (
        f"ORDER = '{order}'\n"
        "from keras import backend\n"
        f"backend.set_image_dim_ordering(ORDER)\n{_KERAS_IMAGE} ImageDataGenerator"
    )
    form = {"th": "channels_first", "tf": "channels_last"}[order]
    new = (
        f"ORDER = '{order}'\n{_COMPAT} ImageDataGenerator as New\n"
        f"ImageDataGenerator = lambda **rest: New(data_format='{form}', release='{like}', **rest)"
    )
    return Case(f"generator-{order}-{release}", old, new, _IMAGES, release)


CASES = (
    Case("tokenizer", _TOKENIZER, _WORDS, _FITTED),
    Case("tokenizer-1.0.8", _TOKENIZER, _WORDS, _FITTED, "1.0.8"),
    Case(
        "skipgrams",
        "from keras.preprocessing.sequence import skipgrams, make_sampling_table",
        f"{_COMPAT} skipgrams, make_sampling_table",
        _SKIPGRAMS,
    ),
    Case("slices", "from keras.engine.training import slice_X", "from tdmigrate.compat import slice_X", _SLICES),
    Case("slices-0.3.3", "from keras.models import slice_X", "from tdmigrate.compat import slice_X", _SLICES, "0.3.3"),
    Case("arrays", _OLD_NUMPY, _NEW_NUMPY, _ARRAYS),
    Case("arrays-1.1.2", _OLD_NUMPY, _NEW_NUMPY, _ARRAYS, "1.1.2"),
    Case(
        "kernels",
        "from keras.utils.np_utils import convert_kernel",
        f"{_COMPAT} convert_kernel",
        _KERNELS,
        "1.1.2",
    ),
    _generator("tf", "1.2.2", "1.2.0"),
    _generator("th", "1.2.2", "1.2.0"),
    _generator("th", "1.1.2", "1.1.1"),
    _generator("tf", "1.0.8", "1.0.4"),
    Case(
        "generator-0.3.3",
        f"{_KERAS_IMAGE} ImageDataGenerator",
        f"{_COMPAT} OldImageDataGenerator as ImageDataGenerator",
        _OLD_IMAGES,
        "0.3.3",
    ),
    Case("changes", f"{_KERAS_IMAGE} {_CHANGES}", f"{_COMPAT} {_CHANGES}", _CHANGED),
    Case(
        "folder",
        f"{_KERAS_IMAGE} ImageDataGenerator, list_pictures\n"
        "from keras import backend\nbackend.set_image_dim_ordering('tf')",
        f"{_COMPAT} ImageDataGenerator, list_pictures",
        _FOLDER,
    ),
)
