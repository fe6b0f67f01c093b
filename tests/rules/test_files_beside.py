"""Names of files that one source of a project saves to and another reads."""

from __future__ import annotations

from pathlib import Path

import pytest

from tdmigrate.config import Settings
from tdmigrate.pipeline import run

HEAD = "from keras.models import Sequential, load_model\nfrom keras.layers import Dense\nmodel = Sequential()\n"
SAVES = HEAD + "model.add(Dense(3, input_dim=2))\n{}\n"
READS = HEAD.replace("model = Sequential()\n", "") + "from net import build\nmodel = build()\n{}\n"


class Silent:
    """A progress nobody looks at."""

    def __call__(self, done: int, total: int) -> None:
        pass

    def proving(self, done: int, total: int, model: str) -> None:
        pass


def write(folder: Path, saves: str, reads: str, first: str) -> str:
    """What becomes of ``reads`` where another file ``saves``; ``first``: the file that is migrated before the other."""
    texts = {"train.py": SAVES.format(saves), "use.py": READS.format(reads)}
    for name, text in texts.items():
        (folder / name).write_text(text)
    settings = Settings("write", keras_version="1.2.2", jobs=1)
    for name in sorted(texts, key=lambda one: one != first):
        run([str(folder / name)], settings, Silent())
    return (folder / "use.py").read_text().splitlines()[-1]


@pytest.mark.parametrize(
    ("saves", "reads", "after"),
    [
        ("model.save_weights('w.h5')", "model.load_weights('w.h5')", "model.load_weights('w.weights.h5')"),
        ("model.save('m.h5')", "model = load_model('m.h5')", "model = load_model('m.keras')"),
        ("model.save_weights('a.h5')", "model.load_weights('w.h5')", "model.load_weights('w.h5')"),
        (
            "keras.callbacks.ModelCheckpoint('w.h5', save_weights_only=True)",
            "model.load_weights('w.h5')",
            "model.load_weights('w.weights.h5')",
        ),
        (
            "model.save_weights('w.h5')\nmodel.save('w.h5')",  # a file of weights and of a model: a person decides
            "model.load_weights('w.h5')",
            "model.load_weights('w.h5')",
        ),
    ],
)
@pytest.mark.parametrize("first", ["train.py", "use.py"])
def test_a_name_follows_the_source_that_saves(saves: str, reads: str, after: str, first: str, tmp_path: Path) -> None:
    assert write(tmp_path, saves, reads, first) == after


def test_a_model_that_is_saved_may_be_a_parameter(tmp_path: Path) -> None:
    (tmp_path / "keep.py").write_text("import keras\ndef keep(model):\n    model.save('m.h5')\n    row.save('m.csv')\n")
    done, _ = run([str(tmp_path)], Settings("write", keras_version="1.2.2", jobs=1), Silent())
    assert "model.save('m.keras')\n    row.save('m.csv')" in (tmp_path / "keep.py").read_text()
    assert [one.code for file in done.files for one in file.findings if one.fix is None] == []
