"""Names that Keras 1 had in modules which Keras 3 still has, but without them."""

from __future__ import annotations

import importlib

import pytest

from tdmigrate.keras1 import registry
from tdmigrate.keras1.exports import EXPORTS
from tdmigrate.keras1.modules import MODULES

from .migrating import findings

LEGACY = "from keras.layers.core import Dropout\n\nlayer = Dropout(p=0.5)\n"


def messages(source: str) -> list[str]:
    return [f"{one.code} {one.message}" for one in findings(LEGACY + source) if one.code in ("K102", "K103")]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "from keras.optimizers import clip_norm\nclip_norm(g, 1, 2)\n",
            "K102 import of clip_norm: keras.optimizers of Keras 3 has no clip_norm",
        ),
        (
            "from keras import optimizers\noptimizers.clip_norm(g, 1, 2)\n",
            "K102 keras.optimizers of Keras 3 has no clip_norm",
        ),
        (
            "from keras.constraints import K\nK.sum(g)\n",
            "K102 import of K: keras.constraints of Keras 3 does not hand on keras.backend: import that",
        ),
    ],
)
def test_use_of_a_name_that_is_absent_is_told(source: str, message: str) -> None:
    assert messages(source) == [message]


def test_an_unused_import_of_an_absent_name_goes() -> None:
    found = findings(LEGACY + "from keras.optimizers import clip_norm\n")
    (finding,) = [one for one in found if one.code == "K102"]
    assert finding.fix is not None


SOFTMAX = "model = Sequential([Dense(output_dim=2, activation='softmax', input_dim=3)])\n"


@pytest.mark.parametrize(
    ("source", "path", "gone"),
    [
        ("from keras import regularizers\nDense(3, activity_regularizer=regularizers.activity_l1(0.1))\n",
         "keras.regularizers", True),
        (f"from keras import objectives\n{SOFTMAX}model.compile('sgd', objectives.binary_crossentropy)\n",
         "keras.objectives", True),
        (f"from keras import objectives\n{SOFTMAX}model.compile('sgd', objectives.mean_squared_error)\n",
         "keras.objectives", False),
        ("import keras\nkeras.layers.core.MaxoutDense(3)\n", "keras", True),
        ("import keras\nkeras.layers.core.MaxoutDense(3)\nprint(keras.__version__)\n", "keras", False),
        ("from keras import regularizers\nDense(3, W_regularizer=regularizers.l2(0.1))\n", "keras.regularizers", False),
    ],
)  # fmt: skip
def test_a_module_goes_with_its_last_use(source: str, path: str, gone: bool) -> None:
    found = findings(f"from keras.layers.core import Dense\nfrom keras.models import Sequential\n{source}")
    assert any(one.message == f"import of {path}: nothing uses it now" for one in found) == gone


def test_a_keras_2_source_is_not_told() -> None:
    assert findings("from keras.optimizers import clip_norm\nclip_norm(g, 1, 2)\n") == ()


@pytest.mark.parametrize("path", [one for one in EXPORTS if one in MODULES and MODULES[one].keras3 == one])
def test_marks_say_what_the_installed_keras_lacks(path: str) -> None:
    home = importlib.import_module(path)
    for name in registry.exports(path):
        full = f"{path}.{name}"
        if registry.lookup(full) is None and registry.module(full) is None:
            assert (registry.home_of_absent(full) is None) == hasattr(home, name), full
