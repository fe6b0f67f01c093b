"""The whole tool with --verify over models that lie across modules, and over one that runs only when it is large."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tdmigrate.cli import main

FILES = {
    "requirements.txt": "keras==1.2.2\n",
    "net/__init__.py": "",
    "net/config.py": (
        "import json\nHIDDEN = 6\nSETTINGS = json.load(open('settings.json'))\nvocab_size = len(SETTINGS)\n"
    ),
    "net/layers.py": (
        "from keras import backend as K\nfrom keras.engine.topology import Layer\n\n\n"
        "class Scaled(Layer):\n    def __init__(self, factor, **kwargs):\n        self.factor = factor\n"
        "        super(Scaled, self).__init__(**kwargs)\n\n"
        "    def call(self, x, mask=None):\n        return self.factor * K.tanh(x)\n"
    ),
    "net/blocks.py": (
        "from keras.layers.core import TimeDistributedDense, Dropout\nfrom keras.layers.recurrent import LSTM\n"
        "from .config import HIDDEN\n\n\n"
        "def encoder(model, width=HIDDEN):\n    model.add(LSTM(width, return_sequences=True))\n"
        "    top(model, width)\n\n\n"
        "def top(model, width):\n    model.add(Dropout(0.5))\n    model.add(TimeDistributedDense(width))\n"
    ),
    "net/train.py": (
        "import numpy as np\nfrom keras.models import Sequential\nfrom keras.layers import Embedding, GRU\n"
        "from keras.layers.core import TimeDistributedDense\n"
        "from . import blocks\nfrom .layers import Scaled\nfrom net.config import vocab_size\n\n\n"
        "def top(model):\n    model.add(TimeDistributedDense(3))\n\n\n"
        "def build():\n    model = Sequential()\n    model.add(Embedding(vocab_size, 5, input_length=7))\n"
        "    blocks.encoder(model)\n    model.add(Scaled(0.5))\n    top(model)\n"
        "    model.compile('sgd', 'mse')\n    return model\n\n\n"
        "if __name__ == '__main__':\n    build().fit(np.load('x.npy'), np.load('y.npy'))\n"
    ),
    "large.py": (
        "import numpy as np\nfrom keras.models import Sequential\n"
        "from keras.layers import Convolution1D, MaxPooling1D\n"
        "from keras.layers.core import Dense, Flatten\nX = np.load('x.npy')\n\nmodel = Sequential()\n"
        "model.add(Convolution1D(3, 25, input_shape=(X.shape[1], 4)))\nmodel.add(MaxPooling1D(30))\n"
        "model.add(Flatten())\nmodel.add(Dense(2))\n"
    ),
}


def verdicts(folder: Path, capfd: pytest.CaptureFixture[str], *paths: str) -> dict[str, list[tuple[str, str, str]]]:
    capfd.readouterr()
    with pytest.raises(SystemExit):
        main([*(str(folder / path) for path in paths or ("",)), "--isolated", "--verify", "--output-format", "json"])
    report = json.loads(capfd.readouterr().out)
    return {
        Path(file["path"]).name: [(p["model"], p["status"], p["reason"] or "") for p in file["proofs"]]
        for file in report["files"]
    }


@pytest.mark.legacy
@pytest.mark.slow
def test_models_across_modules_are_proved(tmp_path: Path, capfd: pytest.CaptureFixture[str], legacy_path: Path) -> None:
    for path, text in FILES.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    found = verdicts(tmp_path, capfd)
    assert found["train.py"] == [("build", "equal", "")]
    assert found["large.py"] == [("model", "equal", "")]

    blocks = tmp_path / "net/blocks.py"  # gates that are not what they were, in another module than the model's
    blocks.write_text(
        FILES["net/blocks.py"].replace("return_sequences=True))", "return_sequences=True))  # noqa: K202")
    )
    ((model, status, reason),) = verdicts(tmp_path, capfd)["train.py"]
    assert (model, status) == ("build", "different")
    assert "the outputs differ by" in reason

    (proof, *_) = verdicts(tmp_path, capfd, "net/train.py")["train.py"]
    assert proof[:2] == ("build", "unproved")
    assert "it is built in blocks.py too, which is not migrated with it" in proof[2]

    (tmp_path / "requirements.txt").unlink()  # without which nothing says what layers.py is for
    (proof, *_) = verdicts(tmp_path, capfd)["train.py"]
    assert proof[:2] == ("build", "unproved")
    assert "No module named 'keras.engine'" in proof[2]
