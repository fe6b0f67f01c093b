"""Data and helpers: what becomes of calls, and of the imports around them."""

from __future__ import annotations

import pytest

from .migrating import migrate

PROOF = "from keras.layers.core import TimeDistributedDense\n"  # proves Keras 1, and goes as nothing uses it


def messages(text: str, version: str = "1.2.2", style: str = "faithful") -> list[str]:
    return [f"{one.code} {one.message}" for one in migrate(text, version, style)[1]]


PAIRS = [
    pytest.param(
        "from keras.utils import np_utils\n\nY = np_utils.to_categorical(y, nb_classes)\n",
        "from tdmigrate.compat import to_categorical\n\nY = to_categorical(y, nb_classes)\n",
        id="labels-of-any-shape",
    ),
    pytest.param(
        "from keras.utils.np_utils import to_categorical\n"
        "from keras.datasets import cifar10\n\n"
        "(x, y), (x2, y2) = cifar10.load_data()\n"
        "y = y.astype('int')\n"
        "Y = to_categorical(y, nb_classes=10)\n",
        "from keras.utils import to_categorical\n"
        "from keras.datasets import cifar10\n\n"
        "(x, y), (x2, y2) = cifar10.load_data()\n"
        "y = y.astype('int')\n"
        "Y = to_categorical(y, num_classes=10)\n",
        id="labels-of-a-data-set",
    ),
    pytest.param(
        "from keras.utils.np_utils import to_categorical\n\nY = to_categorical([0, 1, 2], nb_classes=3)\n",
        "from keras.utils import to_categorical\n\nY = to_categorical([0, 1, 2], num_classes=3)\n",
        id="labels-in-a-list",
    ),
    pytest.param(
        "from keras.utils.np_utils import to_categorical\n\nY = to_categorical([[0, 1], [2, 0]], nb_classes=3)\n",
        "from tdmigrate.compat import to_categorical\n\nY = to_categorical([[0, 1], [2, 0]], num_classes=3)\n",
        id="labels-in-lists",
    ),
    pytest.param(
        "from keras.utils.np_utils import to_categorical\n\n\ndef f(y):\n    y = y.ravel()\n"
        "    return to_categorical(y, nb_classes=3)\n",
        "from tdmigrate.compat import to_categorical\n\n\ndef f(y):\n    y = y.ravel()\n"
        "    return to_categorical(y, num_classes=3)\n",
        id="a-parameter-may-be-anything",
    ),
    pytest.param(
        "from keras.preprocessing import sequence, text\n\n"
        "t = text.Tokenizer(nb_words=9)\nx = sequence.pad_sequences(t.texts_to_sequences(texts), 4)\n",
        "from keras.preprocessing import sequence\nfrom tdmigrate.compat import Tokenizer\n\n"
        "t = Tokenizer(num_words=9)\nx = sequence.pad_sequences(t.texts_to_sequences(texts), 4)\n",
        id="through-a-module",
    ),
    pytest.param(
        "import keras.preprocessing.image as im\n\n"
        "g = im.ImageDataGenerator(rotation_range=20, dim_ordering='th')\nx = im.load_img(path, grayscale=grey)\n",
        "from keras.utils import load_img\nfrom tdmigrate.compat import ImageDataGenerator\n\n"
        "g = ImageDataGenerator(rotation_range=20, data_format='channels_first')\n"
        "x = load_img(path, color_mode='grayscale' if grey else 'rgb')\n",
        id="images",
    ),
    pytest.param(
        "from keras.utils.np_utils import *\n\nY = to_categorical(y, nb_classes=2)\n",
        "from tdmigrate.compat import to_categorical\n\nY = to_categorical(y, num_classes=2)\n",
        id="star",
    ),
    pytest.param(
        "import keras.utils.np_utils\n\nY = keras.utils.np_utils.to_categorical(y, nb_classes=2)\n",
        "import keras\nfrom tdmigrate.compat import to_categorical\n\nY = to_categorical(y, num_classes=2)\n",
        id="whole-path",
    ),
    pytest.param(
        "from keras.utils.visualize_util import plot, model_to_dot\n\n"
        "plot(model, 'm.png', True, False)\ndot = model_to_dot(model, True)\n",
        "from keras.utils import plot_model, model_to_dot\n\n"
        "plot_model(model, 'm.png', True, show_layer_names=False)\ndot = model_to_dot(model, True)\n",
        id="drawings",
    ),
    pytest.param(
        PROOF + "from keras.applications.vgg16 import VGG16, preprocess_input\n\n"
        "model = VGG16(False, None, None, (9, 9, 3), 5)\nx = preprocess_input(x, 'tf')\n",
        "from keras.applications.vgg16 import VGG16, preprocess_input\n\n"
        "model = VGG16(False, None, None, (9, 9, 3), classes=5)\n"
        "x = preprocess_input(x, data_format='channels_last')\n",
        id="applications",
    ),
    pytest.param(
        PROOF + "from keras.utils.data_utils import get_file\n\npath = get_file('a', origin, False, None, 'models')\n",
        "from keras.utils import get_file\n\npath = get_file('a', origin, False, None, cache_subdir='models')\n",
        id="get_file",
    ),
    pytest.param(
        "from keras.wrappers.scikit_learn import KerasClassifier\n\nc = KerasClassifier(build_fn=f, nb_epoch=3)\n",
        "from tdmigrate.compat import KerasClassifier\n\nc = KerasClassifier(build_fn=f, nb_epoch=3)\n",
        id="estimators",
    ),
    pytest.param(
        PROOF + "from keras.engine.training import slice_X\n\na, b = slice_X([x, y], 0, 9), slice_X(x, start=9)\n",
        "from tdmigrate.compat import slice_X\n\na, b = slice_X([x, y], 0, 9), slice_X(x, start=9)\n",
        id="slices",
    ),
    pytest.param(
        PROOF + "from keras.datasets import imdb, mnist\n\n"
        "a = imdb.load_data(nb_words=9)\nb = mnist.load_data('mnist.pkl.gz')\n",
        "from keras.datasets import imdb, mnist\n\na = imdb.load_data(num_words=9)\nb = mnist.load_data()\n",
        id="data-sets",
    ),
    pytest.param(
        PROOF + "from keras.utils import np_utils, generic_utils\n"
        "from keras.utils.np_utils import to_categorical\nimport os\n\nx = 1\n",
        "import os\n\nx = 1\n",
        id="unused",
    ),
]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_the_rewrite(before: str, after: str) -> None:
    assert migrate(before)[0] == after


def test_names_that_moved_before() -> None:
    source = "from keras.datasets.data_utils import get_file\n\npath = get_file('a', origin='b')\n"
    assert migrate(source, "0.2.0")[0] == source.replace("keras.datasets.data_utils", "keras.utils")
    source = "from keras.wrappers.scikit_learn import to_categorical\n\nY = to_categorical(y, nb_classes=2)\n"
    after = "from tdmigrate.compat import to_categorical\n\nY = to_categorical(y, num_classes=2)\n"
    assert migrate(source)[0] == after


def test_defaults_of_0_x() -> None:
    new, _ = migrate(
        "from keras.wrappers.scikit_learn import KerasRegressor\n\n"
        "a = KerasRegressor(build_fn=f)\nb = KerasRegressor(build_fn=f, nb_epoch=2)\n",
        "0.3.3",
    )
    assert new == (
        "from tdmigrate.compat import KerasRegressor\n\n"
        "a = KerasRegressor(build_fn=f, nb_epoch=100, batch_size=128)\n"
        "b = KerasRegressor(build_fn=f, nb_epoch=2, batch_size=128)\n"
    )


@pytest.mark.parametrize(
    ("version", "learns", "draws"),
    [("1.0.8", "1.0.4", "1.0.4"), ("1.1.0", "1.0.4", "1.0.4"), ("1.1.2", "1.1.1", ""), ("1.1", "1.1.1", ""),
     ("1.2.2", "", "")],
)  # fmt: skip
def test_what_a_generator_learns_and_draws_hangs_on_the_release(version: str, learns: str, draws: str) -> None:
    plain = "from keras.preprocessing.image import ImageDataGenerator\n\ng = ImageDataGenerator(rescale=0.5)\n"
    for argument, release in (("zca_whitening=True", learns), ("horizontal_flip=True", draws)):
        new, _ = migrate(plain.replace("rescale=0.5", argument), version)
        assert (f"release='{release}'" in new) == bool(release)
        assert ("release=" in new) == bool(release)
    assert "release=" not in migrate(plain.replace("rescale", "shear_range=0.0, rescale"), version)[0]
    folders = migrate(f"{plain}b = g.flow_from_directory('pictures')\n", version)[0]
    assert ("release=" in folders) == (f"release='{learns}'" in folders) == bool(learns)


def test_a_generator_says_where_the_release_that_is_not_known_decides() -> None:
    source = (
        "from keras.preprocessing.image import ImageDataGenerator\n\n"
        "g = ImageDataGenerator(featurewise_center=True, rotation_range=5)\n"
    )
    batches = "b = g.flow(x, y, seed=1)\n"

    def notes(text: str, version: str) -> list[str]:
        return [one.message for one in migrate(text, version)[1] if one.code == "K604"]

    assert [("each pixel" in one, "once in a pass" in one) for one in notes(source + batches, "1.0-1.2")] == [
        (False, True),
        (True, False),
    ]
    assert len(notes(source, "1.0-1.2")) == 1
    assert "from folders inside" in "".join(notes(source + batches + "g.flow_from_directory('p')\n", "1.0-1.2"))
    assert ["once in a pass" in one for one in notes(source + batches, "1.1")] == [True]
    assert notes(source + batches, "1.1.2") == []


def test_means_were_taken_of_other_channels_before_1_1_1() -> None:
    source = (
        "from keras.applications.vgg16 import preprocess_input\n"
        "from keras.applications import inception_v3\n\n"
        "x = preprocess_input(x, dim_ordering='th')\n"
        "y = inception_v3.preprocess_input(y)\n"
    )
    for version, code in (("1.1.0", "K603"), ("1.0-1.2", "K604"), ("1.1.2", None)):
        new, found = migrate(source, version)
        assert "preprocess_input(x, data_format='channels_first')" in new
        assert [one.code for one in found if "(trap G16)" in one.message] == ([code] if code else [])


@pytest.mark.parametrize(("top", "told"), [("True, None", 0), ("False, None", 1), ("include_top=top", 1), ("", 0)])
def test_a_resnet_without_its_top_ended_in_an_average(top: str, told: int) -> None:
    source = f"from keras.applications import ResNet50\nfrom keras.engine import Layer\n\nmodel = ResNet50({top})\n"
    _, found = migrate(source)
    assert [one.code for one in found if "an average over 7x7 pixels" in one.message] == ["K603"] * told


def test_estimators_take_any_argument_of_what_they_build() -> None:
    source = (
        "from keras.wrappers.scikit_learn import KerasClassifier\n\n"
        "c = KerasClassifier(build, batch_size=8, verbose=0, units=4)\n"
    )
    new, found = migrate(source)
    assert new == source.replace("keras.wrappers.scikit_learn", "tdmigrate.compat")
    assert {one.code for one in found} == {"K101"}


def test_rows_with_several_classes_up_to_1_2_0() -> None:
    source = "from keras.utils.np_utils import to_categorical\n\nY = to_categorical(y)\n"
    assert "to_categorical(y, each_row=True)" in migrate(source, "1.1.2")[0]
    assert "to_categorical(y)" in migrate(source, "1.2.2")[0]


def test_modern_style_takes_the_function_of_keras_3_and_says_so() -> None:
    source = "from keras.utils.np_utils import to_categorical\n\nY = to_categorical(y, nb_classes=3)\n"
    new, found = migrate(source, style="modern")
    assert new == "from keras.utils import to_categorical\n\nY = to_categorical(y, num_classes=3)\n"
    assert any(one.code == "K604" and "G1" in one.message for one in found)


@pytest.mark.parametrize(
    ("source", "version", "message"),
    [
        (
            "from keras.preprocessing.image import ImageDataGenerator\n\ng = ImageDataGenerator()\n",
            "0.2.0",
            "K603 ImageDataGenerator: up to 0.3",
        ),
        ("from keras.datasets import cifar10\n\nx = cifar10.load_data()\n", "0.3.3", "K603 load_data: the images have"),
        (
            "from keras.datasets import imdb\n\nx = imdb.load_data(test_split=0.1)\n",
            "1.0.4",
            "K603 imdb.load_data: `test_split`",
        ),
        (
            "from keras.preprocessing.text import one_hot\n\nx = one_hot(text, 9)\n",
            "1.2.2",
            "K604 one_hot: Python 3 gives",
        ),
        (
            "from keras.preprocessing.text import Tokenizer\n\n\nclass T(Tokenizer):\n"
            "    def __init__(self):\n        super().__init__(nb_words=3)\n",
            "1.2.2",
            "K603 Tokenizer as a base class: `nb_words` is `num_words` now",
        ),
        (
            "from functools import partial\nfrom keras.preprocessing.text import Tokenizer\n\n"
            "make = partial(Tokenizer, nb_words=3)\n",
            "1.2.2",
            "K603 Tokenizer in functools.partial: `nb_words` is `num_words` now",
        ),
        (
            "from keras.preprocessing.text import Tokenizer\n\nx = Tokenizer().texts_to_matrix(texts, mode='tfidf')\n",
            "1.0.4",
            "K603 Tokenizer: mode='tfidf' was another formula",
        ),
        (
            "from keras.preprocessing.image import load_img\n\nx = load_img(path, target_size=(3, 4))\n",
            "1.0.4",
            "K603 load_img: `target_size` was (width, height)",
        ),
        (
            "from keras.utils.generic_utils import CustomObjectScope\n\nwith CustomObjectScope({}, other):\n    f()\n",
            "1.2.2",
            "K603 CustomObjectScope: Keras 3 takes one dict",
        ),
        (
            "from keras.wrappers.scikit_learn import BaseWrapper\n\nmade = BaseWrapper(model, 'sgd', 'mse', 128)\n",
            "0.2.0",
            "K603 BaseWrapper: up to 0.2 it took a model",
        ),
        (
            "from keras.utils.layer_utils import print_summary\n\nprint_summary(model.layers)\n",
            "1.2.2",
            "K603 print_summary: write `model.summary()`",
        ),
        (
            "from keras.applications import ResNet50\n\nmodel = ResNet50()\n",
            "1.2.2",
            "K604 ResNet50: trained weights come from another file",
        ),
    ],
)
def test_what_is_told(source: str, version: str, message: str) -> None:
    assert any(one.startswith(message) for one in messages(source, version))


def test_an_import_stays_where_a_person_decides() -> None:
    source = "from keras.preprocessing.image import ImageDataGenerator\n\ng = ImageDataGenerator()\n"
    assert migrate(source, "0.2.0")[0] == source


def test_the_generator_of_0_3_is_another() -> None:
    source = (
        "from keras.preprocessing import image\n"
        "from keras.preprocessing.image import ImageDataGenerator\n\n"
        "g = ImageDataGenerator(False, rotation_range=20)\nh = image.ImageDataGenerator()\n"
    )
    assert migrate(source, "0.3.3")[0] == (
        "from tdmigrate.compat import OldImageDataGenerator\n\n"
        "g = OldImageDataGenerator(False, rotation_range=20)\nh = OldImageDataGenerator()\n"
    )


NEIGHBOURS = [
    ("from sklearn import cross_validation", "sklearn.cross_validation"),
    ("import sklearn.grid_search", "sklearn.grid_search"),
    ("from sklearn.externals import joblib", "sklearn.externals.joblib"),
    ("import scipy.misc as m\n\nx = m.imread('a.png')", "scipy.misc.imread"),
    ("from scipy import misc\n\nx = misc.imresize(x, 0.5)", "scipy.misc.imresize"),
    ("import numpy as np\n\nx = np.zeros(3, dtype=np.float)", "numpy.float"),
]


@pytest.mark.parametrize(("source", "name"), NEIGHBOURS)
def test_neighbours(source: str, name: str) -> None:
    found = [one for one in messages(PROOF + source + "\n") if one.startswith("K691")]
    assert len(found) == 1
    assert found[0].startswith(f"K691 {name} is gone: ")


@pytest.mark.parametrize(
    "source",
    ["import numpy as np\n\nx = np.float32(1)", "import other as np\n\nx = np.float", "x.misc.imread(1)  # scipy"],
)
def test_no_neighbours(source: str) -> None:
    assert not any(one.startswith("K691") for one in messages(PROOF + source + "\n"))
