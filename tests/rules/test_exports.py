"""What ``__all__`` names stays importable, or a person is told."""

from __future__ import annotations

import pytest

from tdmigrate.rules.context import CheckSettings

from .migrating import findings, rewrite

SETTINGS = CheckSettings(keras_version="1.2")
CONVOLUTION = "from keras.layers import Convolution2D\n\n{}layer = Convolution2D(3, 3, 3)\n"
DENSE = "from keras.layers import TimeDistributedDense\n\n{}layer = TimeDistributedDense(3)\n"

EXPORTS = [
    "__all__ = ['make', {!r}]\n",
    "__all__ = ['make'] + [{!r}]\n",
    "__all__: list[str] = [{!r}]\n",
    "__all__ = []\n__all__ += ({!r},)\n",
    "__all__ = []\n__all__.append({!r})\n",
    "__all__ = []\n__all__.extend([{!r}])\n",
    "names = [{!r}]\n__all__ = names\n",
]


@pytest.mark.parametrize("export", EXPORTS)
def test_an_import_keeps_the_name_that_is_exported(export: str) -> None:
    export = export.format("Convolution2D")
    new = rewrite(CONVOLUTION.format(export), SETTINGS)
    assert new == f"from keras.layers import Conv2D as Convolution2D, Conv2D\n\n{export}layer = Conv2D(3, (3, 3))\n"
    assert rewrite(new, SETTINGS) == new


@pytest.mark.parametrize("export", EXPORTS)
def test_a_layer_that_is_gone_is_a_person_s(export: str) -> None:
    export = export.format("TimeDistributedDense")
    text = DENSE.format(export)
    (told,) = [one for one in findings(text, SETTINGS) if one.code == "TD006"]
    assert told.fix is None
    assert "what makes use of it elsewhere needs a person first" in told.message
    new = rewrite(text, SETTINGS)
    assert new == f"from keras.layers import TimeDistributedDense, Dense\n\n{export}layer = Dense(3)\n"


@pytest.mark.parametrize("export", ["", "__all__ = ['layer']\n", "def f():\n    __all__ = ['Convolution2D']\n"])
def test_a_name_that_is_not_exported_goes(export: str) -> None:
    new = rewrite(CONVOLUTION.format(export), SETTINGS)
    assert new.startswith("from keras.layers import Conv2D\n")


def test_an_import_inside_of_a_function_exports_nothing() -> None:
    text = "__all__ = ['Convolution2D']\n\n\ndef f():\n    from keras.layers import Convolution2D\n    return {}\n"
    new = rewrite(text.format("Convolution2D(3, 3, 3)"), SETTINGS)
    assert new.endswith("    from keras.layers import Conv2D\n    return Conv2D(3, (3, 3))\n")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("TimeDistributedDense", "TD006"),
        ("Merge", "K102"),
        ("Dense", None),
        ("Convolution2D", None),
        ("layer", None),
    ],
)
def test_what_a_star_import_brings_no_more(name: str, code: str | None) -> None:
    text = f"from keras.layers import *\n\n__all__ = ['Dense', {name!r}]\nlayer = Dense(output_dim=3)\n"
    found = [(one.span.row, one.code) for one in findings(text, SETTINGS) if "__all__" in one.message]
    assert found == ([(3, code)] if code is not None else [])
