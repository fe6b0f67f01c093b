"""Texts of a source that mean files which get other endings: patterns, endings, single files of a series."""

from __future__ import annotations

import pytest

from tdmigrate.findings import Severity

from .migrating import migrate

HEAD = """\
import fnmatch, glob, os, re
from keras.callbacks import ModelCheckpoint
from keras.models import Sequential

model = Sequential()
model.fit(x, y, nb_epoch=5)
"""
SERIES = "ModelCheckpoint('w.{epoch:02d}-{loss:.3f}.hdf5')\n"


def mentions(text: str, style: str = "exact") -> tuple[str, list[str]]:
    """The last line, and what is left to a person there."""
    new, found = migrate(f"{HEAD}{text}\n", style=style)
    row = f"{HEAD}{text}\n".count("\n")
    left = [one for one in found if one.fix is None and one.severity is not Severity.NOTE and one.span.row == row]
    return new.splitlines()[-1], [f"{one.code} {one.message}" for one in left]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("glob.glob('*.hdf5')", "glob.glob('*.keras')"),
        ("glob.glob(os.path.join(out, 'w.*.hdf5'))", "glob.glob(os.path.join(out, 'w.*.keras'))"),
        ("fnmatch.filter(os.listdir('.'), 'w.0?-*.hdf5')", "fnmatch.filter(os.listdir('.'), 'w.0?-*.keras')"),
        ("glob.glob('v.*.hdf5')", "glob.glob('v.*.hdf5')"),
        ("glob.glob('w.*')", "glob.glob('w.*')"),
        ("[f for f in fs if f.endswith('.hdf5')]", "[f for f in fs if f.endswith('.keras')]"),
        ("f.endswith(('.hdf5', '.h5'))", "f.endswith(('.keras', '.h5'))"),
        ("f.endswith('hdf5')", "f.endswith('keras')"),
        ("f.replace('.hdf5', '')", "f.replace('.keras', '')"),
        ("f.split('.hdf5')[0]", "f.split('.keras')[0]"),
        ("'.hdf5' in f", "'.keras' in f"),
        ("os.path.splitext(f)[1] == '.hdf5'", "os.path.splitext(f)[1] == '.keras'"),
        ("f.split('.')[-1] == 'hdf5'", "f.split('.')[-1] == 'keras'"),
        ("os.path.exists('w.04-0.512.hdf5')", "os.path.exists('w.04-0.512.keras')"),
        ("model.load_weights('w.%02d-%.3f.hdf5' % best)", "model.load_weights('w.%02d-%.3f.keras' % best)"),
        ("model.load_weights('w.{:02d}-{}.hdf5'.format(3, l))", "model.load_weights('w.{:02d}-{}.keras'.format(3, l))"),
        ("h5py.File('data.hdf5')", "h5py.File('data.hdf5')"),
        ("print('the files are called hdf5')", "print('the files are called hdf5')"),
    ],
)
def test_a_text_that_means_renamed_files_follows(before: str, after: str) -> None:
    assert mentions(SERIES + before) == (after, [])


@pytest.mark.parametrize(
    "line",
    [
        "glob.glob('*.h5')",
        "f.endswith('.h5')",
        "'.h5' in f",
        "os.path.splitext(f)[1] == '.h5'",
    ],
)
def test_what_still_holds_of_the_new_names_stays(line: str) -> None:
    assert mentions(f"model.save_weights('a.h5')\n{line}") == (line, [])


def test_an_ending_that_is_taken_away_goes_as_a_whole() -> None:
    assert mentions("model.save_weights('a.h5')\nf.replace('.h5', '')") == ("f.replace('.weights.h5', '')", [])


@pytest.mark.parametrize(
    ("written", "line"),
    [
        (SERIES + "h5py.File('data.hdf5')", "glob.glob('*.hdf5')"),  # a file of something else, too
        (SERIES + "h5py.File('data.hdf5')", "f.endswith('.hdf5')"),
        (SERIES + "model.save_weights('last.hdf5')", "glob.glob('*.hdf5')"),  # two endings
        (SERIES + "model.save_weights('last.hdf5')", "f.endswith('.hdf5')"),
        (SERIES, r"re.match(r'w\.(\d+)-(.*)\.hdf5', f)"),
        ("model.save_weights(os.path.join(out, 'a.hdf5'))", "os.path.exists('runs/a.hdf5')"),
    ],
)
def test_what_may_mean_other_files_is_asked_about(written: str, line: str) -> None:
    new, left = mentions(f"{written}\n{line}")
    assert new == line
    (message,) = left
    assert message.startswith("K325 ")
    assert "this program writes" in message


def test_a_folder_in_a_variable_is_known() -> None:
    text = "out = 'runs'\nmodel.save_weights(os.path.join(out, 'a.hdf5'))\nos.path.exists('runs/a.hdf5')"
    assert mentions(text) == ("os.path.exists('runs/a.weights.h5')", [])


def test_a_file_of_an_epoch_is_of_the_next_one_in_keras_3() -> None:
    text = "ModelCheckpoint('w.{epoch:02d}.hdf5')\nmodel.load_weights('w.04.hdf5')"
    new, (message,) = mentions(text, "faithful")
    assert new == "model.load_weights('w.04.keras')"
    assert "counts epochs from 1" in message
    assert mentions(text, "exact") == (new, [])
    # after --write it is asked about still
    again = "from keras.layers.core import TimeDistributedDense\nModelCheckpoint('w.{epoch:02d}.keras')\n"
    assert "counts epochs from 1" in mentions(f"{again}model.load_weights('w.04.keras')", "faithful")[1][0]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("model.load_weights('a.h5', by_name=True)", "load_weights_by_name(model, 'a.weights.h5')"),
        ("model.load_weights(filepath=path, by_name=True)", "load_weights_by_name(model, path)"),
        ("model.load_weights('a.h5', by_name=False)", "model.load_weights('a.weights.h5', by_name=False)"),
        ("model.load_weights('vgg16.h5', by_name=True)", "model.load_weights('vgg16.h5', by_name=True)"),
    ],
)
def test_weights_are_taken_by_name_from_files_of_keras_3(before: str, after: str) -> None:
    assert mentions(f"model.save_weights('a.h5')\n{before}") == (after, [])


def test_by_name_that_is_not_known_is_asked_about() -> None:
    _, (message,) = mentions("model.save_weights('a.h5')\nmodel.load_weights('a.h5', by_name=partly)")
    assert message.startswith("K325 ")
    assert "`by_name`" in message
