"""New text inside the braces of f-strings, as every Python from 3.10 on reads it."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Applicability
from tdmigrate.rules.context import CheckSettings

from .migrating import GRAPH, findings, migrate, rewrite

IMPORTS = "from keras import backend as K\nfrom keras.layers import Dense\n\n"
SETTINGS = CheckSettings(keras_version="1.2")

CASES = [
    ("f\"{K.image_dim_ordering() == 'th'}\"", "f\"{K.image_data_format() == 'channels_first'}\""),
    ("f'{K.image_dim_ordering() == \"th\"}'", "f'{K.image_data_format() == \"channels_first\"}'"),
    (
        "f'{K.image_dim_ordering()}'",
        'f\'{("th" if K.image_data_format() == "channels_first" else "tf")}\'',
    ),
    ("f'{Dense(8, init=\"uniform\")}'", "f'{Dense(8, kernel_initializer=\"random_uniform\")}'"),
    ("f'{Dense(8, \"uniform\")!r:>9}'", "f'{Dense(8, kernel_initializer=\"random_uniform\")!r:>9}'"),
    ("rf'\\d{Dense(8, \"uniform\")}'", "rf'\\d{Dense(8, kernel_initializer=\"random_uniform\")}'"),
    ("f'\\'{Dense(8, \"uniform\")}'", "f'\\'{Dense(8, kernel_initializer=\"random_uniform\")}'"),
    ("f'{Dense(8, \"uniform\"):{K.ndim(y)}}'", "f'{Dense(8, kernel_initializer=\"random_uniform\"):{len(y.shape)}}'"),
    # each of the strings side by side has its own quotes
    (
        "('a\"' f\"{Dense(8, 'uniform')}\"  # it's\n f'é{Dense(8, \"uniform\")}')",
        "('a\"' f\"{Dense(8, kernel_initializer='random_uniform')}\"  # it's\n"
        " f'é{Dense(8, kernel_initializer=\"random_uniform\")}')",
    ),
    # three quotes leave room for one of their kind
    (
        "f'''\n {Dense(8, 'uniform')} '''",
        "f'''\n {Dense(8, kernel_initializer='random_uniform')} '''",
    ),
    (
        "f'''{f\"{Dense(8, 'uniform')}\"}'''",
        "f'''{f\"{Dense(8, kernel_initializer='random_uniform')}\"}'''",
    ),
    # an f-string inside of what is rewritten
    ("Dense(8, f'{a[\"b\"]}')", "Dense(8, kernel_initializer=f'{a[\"b\"]}')"),
]


@pytest.mark.parametrize(("before", "after"), CASES)
def test_quotes(before: str, after: str) -> None:
    new, _ = migrate(f"{IMPORTS}x = {before}\n")
    assert new.endswith(f"\nx = {after}\n")


def test_a_person_writes_what_no_quote_is_left_for() -> None:
    text = IMPORTS + "x = f\"{f'{K.image_dim_ordering()}'}\"\ny = K.image_dim_ordering() == 'th'\n"
    (asked, _) = [one for one in findings(text, SETTINGS) if one.code == "K520"]
    assert asked.fix is not None
    assert asked.fix.applicability is Applicability.DISPLAY
    # its name stays imported
    new = rewrite(text, SETTINGS)
    assert new.startswith("from keras import backend as K\n")
    assert new.endswith("x = f\"{f'{K.image_dim_ordering()}'}\"\ny = K.image_data_format() == 'channels_first'\n")


def test_what_is_taken_apart() -> None:
    text = GRAPH + 'print(f"{graph.train_on_batch(data)}")\n'
    new = rewrite(text, SETTINGS)
    assert new.endswith("print(f\"{graph.train_on_batch({'x': data['x']}, {'y': data['y']})}\")\n")


def test_an_import_that_a_fix_only_shown_still_needs() -> None:
    text = "from keras import backend as K\ns = f\"{x[f'{K.batch_flatten(y)}']}\"\nz = K.mean(y)\n"
    assert "K101" not in [one.code for one in findings(text, SETTINGS)]
