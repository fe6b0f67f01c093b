"""Whole sources for Keras 2: which they are, how they spell Keras, and what stays as it is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from rules.migrating import findings, fixable, rewrite
from tdmigrate.cli import main
from tdmigrate.config import ConfigError, settings
from tdmigrate.discovery import may_hold_legacy
from tdmigrate.rules.context import CheckSettings

KERAS2 = CheckSettings(from_keras2=True)


def codes(text: str) -> list[str]:
    return [one.code for one in findings(text, KERAS2)]


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as ended:
        main([*arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code


# --- tf.keras --------------------------------------------------------------------------------------------------------

SPELLINGS = (
    ("import tensorflow as tf\n\nL = tf.keras.layers\no = {}", "tf.keras"),
    ("import tensorflow\n\no = {}", "tensorflow.keras"),
    ("from tensorflow import keras\n\no = {}", "keras"),
    ("from tensorflow import keras as k\n\no = {}", "k"),
    ("import tensorflow.keras as tfk\n\no = {}", "tfk"),
    ("import tensorflow.keras\n\no = {}", "tensorflow.keras"),
    ("import keras\n\no = {}", "keras"),
)


@pytest.mark.parametrize(("form", "root"), SPELLINGS)
@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("{}.optimizers.Adam(lr=0.1)", "{}.optimizers.Adam(learning_rate=0.1)"),
        ("{}.layers.core.Dense(3)", "{}.layers.Dense(3)"),
        ("{}.layers.LeakyReLU(alpha=0.1)", "{}.layers.LeakyReLU(negative_slope=0.1)"),
        ("{}.layers.experimental.preprocessing.Resizing(3, 3)", "{}.layers.Resizing(3, 3)"),
        ("{}.initializers.normal()", "{}.initializers.RandomNormal()"),
        ("{}.optimizers.legacy.Adam(0.1)", "{}.optimizers.Adam(0.1)"),
    ],
)
def test_every_way_to_reach_keras(form: str, root: str, old: str, new: str) -> None:
    before = form.format(old.format(root)) + "\n"
    assert rewrite(before, KERAS2) == form.format(new.format(root)) + "\n"
    assert findings(before) == ()


@pytest.mark.parametrize("package", ["keras", "tensorflow.keras"])
def test_imports_stay_with_their_package(package: str) -> None:
    before = (
        f"from {package}.layers import CuDNNGRU, Dense\n"
        f"from {package}.layers.merge import add\n"
        f"from {package}.models import Sequential\n"
        f"from {package}.optimizers import SGD\n"
        f"from {package}.utils import np_utils\n"
        "\n"
        "model = Sequential()\n"
        "model.add(CuDNNGRU(5, batch_input_shape=(2, 3, 4)))\n"
        "model.add(Dense(3))\n"
        "sgd = SGD(lr=0.1, decay=1e-3)\n"
        "y = np_utils.to_categorical(labels)\n"
        "z = add([a, b])\n"
    )
    after = (
        f"from {package}.layers import GRU, Dense, add, Input\n"
        f"from {package}.models import Sequential\n"
        f"from {package}.optimizers import SGD\n"
        f"from {package}.optimizers.schedules import InverseTimeDecay\n"
        f"from {package}.utils import to_categorical\n"
        "\n"
        "model = Sequential()\n"
        "model.add(Input(batch_shape=(2, 3, 4)))\n"
        "model.add(GRU(5, recurrent_activation='sigmoid', reset_after=True))\n"
        "model.add(Dense(3))\n"
        "sgd = SGD(learning_rate=InverseTimeDecay(0.1, 1, 1e-3))\n"
        "y = to_categorical(labels)\n"
        "z = add([a, b])\n"
    )
    new = rewrite(before, KERAS2)
    assert sorted(new.splitlines()) == sorted(after.splitlines())
    assert fixable(new, KERAS2) == []
    assert {one.severity.value for one in findings(new, KERAS2)} <= {"note"}


@pytest.mark.parametrize(
    "line",
    [
        "tf.keras.layers.ThresholdedReLU(theta=2.0)",
        "tf.keras.losses.mse",
        "tf.keras.losses.Reduction.NONE",
        "tf.keras.backend.mean(x)",
        "tf.keras.preprocessing.text.Tokenizer()",
        "tf.keras.preprocessing.image.ImageDataGenerator()",
    ],
)
def test_what_tensorflow_has_kept_stays(line: str) -> None:
    assert codes(f"import tensorflow as tf\n\nvalue = {line}\n") == []


def test_what_tensorflow_alone_has_lost() -> None:
    before = (
        "import tensorflow as tf\n"
        "\n"
        "loss = tf.keras.losses.mean_squared_error\n"
        "phase = tf.keras.backend.learning_phase()\n"
    )
    assert codes(before) == ["K120", "K531"]
    assert "tf.keras.losses.mse\n" in rewrite(before, KERAS2)


def test_both_in_one_source() -> None:
    before = (
        "import tensorflow as tf\n"
        "from keras.layers.core import Dense\n"
        "from tensorflow.keras.layers import LeakyReLU\n"
        "\n"
        "layers = [Dense(3), LeakyReLU(alpha=0.1), tf.keras.layers.ReLU()]\n"
        "adam = tf.keras.optimizers.Adam(lr=0.1)\n"
        "y = tf.nn.relu(x)\n"
    )
    after = (
        "import tensorflow as tf\n"
        "from keras.layers import Dense\n"
        "from tensorflow.keras.layers import LeakyReLU\n"
        "\n"
        "layers = [Dense(3), LeakyReLU(negative_slope=0.1), tf.keras.layers.ReLU()]\n"
        "adam = tf.keras.optimizers.Adam(learning_rate=0.1)\n"
        "y = tf.nn.relu(x)\n"
    )
    assert rewrite(before, KERAS2) == after
    assert fixable(after, KERAS2) == []


# --- training --------------------------------------------------------------------------------------------------------

MODEL = (
    "from keras.layers import Dense, Input\n"
    "from keras.models import Sequential\n"
    "\n"
    "model = Sequential([Input((3,)), Dense(1)])\n"
)


def test_accuracies_keep_the_name_by_which_they_are_read() -> None:
    before = MODEL + "model.compile('sgd', 'mse', metrics=['accuracy', 'mae'])\nh = model.fit(x, y).history{}\n"
    read = before.format("['val_acc']")
    assert rewrite(read, KERAS2) == read.replace("'accuracy'", "'acc'")
    assert codes(before.format("['accuracy']")) == []
    assert codes(before.format("")) == []


@pytest.mark.parametrize(
    ("generator", "found"),
    [
        ("((x, y) for _ in range(3))", ["K330"]),
        ("([x, y] for _ in range(3))", ["K330", "K330"]),
        ("(([x, z], y) for _ in range(3))", ["K330", "K331"]),
        ("iter([(x, y)])", ["K330", "K331"]),
        ("batches()", ["K330", "K330"]),
        ("unknown", ["K330"]),
    ],
)
def test_what_generators_yield(generator: str, found: list[str]) -> None:
    define = "def batches():\n    while True:\n        yield [x, y]\n\n\n"
    assert sorted(codes(f"{define}{MODEL}model.fit_generator({generator})\n")) == found


def test_a_model_that_is_told_by_its_arguments() -> None:
    text = "import keras\n\n\ndef train(model, pool):\n    model.fit(x, y, {}=True)\n    pool.fit(x, y, workers=2)\n"
    assert codes(text.format("use_multiprocessing")) == ["K330"]
    assert codes(text.format("shuffle")) == []


def test_predict_generator_wants_tuples() -> None:
    assert codes(f"{MODEL}model.predict_generator(unknown)\n") == ["K330", "K332"]
    assert codes(f"{MODEL}model.predict_generator(x for _ in range(3))\n") == ["K330", "K331"]


def test_the_third_argument_of_compile_is_metrics() -> None:
    assert "metrics=['mae'], loss_weights=[1.0]" in rewrite(
        f"{MODEL}model.compile('sgd', 'mse', ['mae'], [1.0])\n", KERAS2
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("loss='cosine_proximity'", "loss='cosine_similarity'"),
        ("loss=['logcosh', 'kullback_leibler_divergence']", "loss=['log_cosh', 'kl_divergence']"),
        ("metrics=['kld']", "metrics=['kl_divergence']"),
    ],
)
def test_strings_of_compile(old: str, new: str) -> None:
    assert rewrite(f"{MODEL}model.compile('sgd', {old})\n", KERAS2) == f"{MODEL}model.compile('sgd', {new})\n"


def test_positions_of_optimizers() -> None:
    text = "from keras.optimizers import SGD\n\nsgd = SGD({})\n"
    assert "SGD(0.1, 0.9, nesterov=True)" in rewrite(text.format("0.1, 0.9, 0.0, True"), KERAS2)
    assert codes(text.format("0.1, 0.9, True")) == []
    assert codes(text.format("0.1, momentum=0.9")) == []


def test_rates_of_optimizers() -> None:
    keras = "from keras.optimizers import SGD\n\nsgd = SGD(0.1)\n"
    assert rewrite(f"{keras}rate = sgd.lr\n", KERAS2) == f"{keras}rate = sgd.learning_rate\n"
    assert codes(f"{keras}sgd.lr = 0.2\n") == ["K431"]
    tensorflow = keras.replace("from keras", "from tensorflow.keras")
    assert rewrite(f"{tensorflow}sgd.lr = 0.2\n", KERAS2) == f"{tensorflow}sgd.learning_rate = 0.2\n"
    assert codes(f"{keras}other.lr = 0.2\n") == []


# --- layers ----------------------------------------------------------------------------------------------------------


def test_a_layer_as_a_value_is_not_called_otherwise() -> None:
    text = "from keras.layers import ThresholdedReLU\n\nkinds = [ThresholdedReLU]\n"
    assert codes(text) == ["K121"]
    assert rewrite(text, KERAS2) == text


def test_one_of_two_layers() -> None:
    text = (
        "from keras.layers import LSTM, CuDNNLSTM\n\nkind = CuDNNLSTM if gpu else LSTM\nlayer = kind(3, input_dim=4)\n"
    )
    assert codes(text) == ["K121"]
    assert rewrite(text, KERAS2) == text


@pytest.mark.parametrize(
    ("call", "note"),
    [
        ("LSTM(3)", "hard_sigmoid"),
        ("GRU(3, recurrent_activation='sigmoid')", "reset_after"),
        ("ConvLSTM2D(3, 3)", "hard_sigmoid"),
    ],
)
def test_defaults_that_hang_on_the_release(call: str, note: str) -> None:
    name = call.partition("(")[0]
    found = findings(f"from keras.layers import {name}\n\nlayers = [{call}, {call}]\n", KERAS2)
    assert [one.severity.value for one in found] == ["note"]  # once a file
    assert note in found[0].message


def test_weights_of_cudnn_layers_are_others() -> None:
    text = "from keras.layers import CuDNNLSTM\n\n\ndef head(x, w):\n    return CuDNNLSTM(3, weights=w)(x)\n"
    assert sorted(codes(text)) == ["K120", "K230", "K230", "K232"]
    assert "weights=w" in rewrite(text, KERAS2)


def test_the_shape_of_a_recurrent_layer() -> None:
    text = "from keras.layers import LSTM, Input\nfrom keras.models import Sequential\n\nmodel = Sequential()\n"
    before = f"{text}model.add(LSTM(3, input_dim=5, recurrent_activation='sigmoid'))\n"
    after = f"{text}model.add(Input(shape=(None, 5)))\nmodel.add(LSTM(3, recurrent_activation='sigmoid'))\n"
    assert rewrite(before, KERAS2) == after


SIGMOID = "from keras import activations, layers{}\n\nlayer = layers.Dense(3, activation={})\n"


@pytest.mark.parametrize("given", ["'hard_sigmoid'", "activations.hard_sigmoid"])
def test_hard_sigmoid_is_that_of_keras_2_only_in_sources_for_it(given: str) -> None:
    new = rewrite(SIGMOID.format("", given), KERAS2)
    assert "from tdmigrate.compat import hard_sigmoid\n" in new
    assert "activation=hard_sigmoid)\n" in new
    assert codes(SIGMOID.format(", ops", given)) == []


def test_optimizers_by_name() -> None:
    assert codes(f"{MODEL}model.compile('adagrad', 'mse')\nmodel.compile('adam', 'mse')\n") == ["K432"] * 3


# --- which source it is ----------------------------------------------------------------------------------------------

IMPORTS = "from keras.layers.core import Dense\nfrom keras.optimizers import SGD\n\n"
LEGACY = IMPORTS + "layer = Dense(output_dim=3)\nsgd = SGD(lr=1.0)\n"
LATER = IMPORTS + "layer = Dense(3)\nsgd = SGD(lr=1.0)\n"


def test_a_source_that_is_for_keras_1_stays_one() -> None:
    assert findings(LEGACY, KERAS2) == findings(LEGACY)
    assert {one.code for one in findings(LEGACY, KERAS2)} == {"K101", "K201", "K401"}
    assert set(codes(LATER)) == {"K120", "K430"}


def test_a_project_for_keras_1(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("model.py").write_text(LATER)
    Path("requirements.txt").write_text("keras==1.2.2\n")
    run("--from-keras2", "--output-format", "concise", ".")
    assert "K401" in (old := capsys.readouterr().out)
    assert "K430" not in old
    Path("requirements.txt").write_text("keras==2.2.4\n")
    run("--from-keras2", "--output-format", "concise", ".")
    assert "K430" in (new := capsys.readouterr().out)
    assert "K401" not in new


@pytest.mark.parametrize(
    "text",
    [
        "import keras\nfrom keras import layers, ops\n\nx = keras.Input((3,))\ny = ops.sqrt(layers.Dense(2)(x))\n",
        "from keras.optimizers import Adam\n\nadam = Adam(learning_rate=0.1, clipvalue=1.0)\n",
        "from keras.layers import LeakyReLU, Layer\n\nlayer = LeakyReLU(negative_slope=0.1)\n",
        "import tensorflow as tf\n\ny = tf.nn.relu(x)\n",
        "import numpy as np\n\ny = np.sqrt(x)\n",
        "from keras.layers import Layer\n\n\nclass Own(Layer):\n    def build(self, s):\n"
        "        self.w = self.add_weight(s, 'zeros', name='w')\n",
        "class Keras:\n    lr = 1\n\n\nKeras().lr = 2\n",
    ],
)
def test_code_for_keras_3_stays(text: str) -> None:
    assert codes(text) == []


def test_names_of_the_source_s_own() -> None:
    text = "from keras.optimizers import SGD\n\n\ndef Adam(lr):\n    return lr\n\n\n"
    assert codes(f"{text}adam = Adam(lr=1)\nSGD = Adam\nsgd = SGD(lr=2)\n") == []


def test_silence() -> None:
    line = "layer = LeakyReLU(alpha=0.1)  # tdmigrate: ignore[K230]\n"
    assert codes(f"from keras.layers import LeakyReLU\n\n{line}") == []


def test_select() -> None:
    found = findings(LATER, CheckSettings(from_keras2=True, select=("K4",)))
    assert {one.code for one in found} == {"K430"}


def test_every_source_of_keras_2_is_read() -> None:
    for text in ("import keras", "from tensorflow.keras import layers", "tf.keras.layers"):
        assert may_hold_legacy(text.encode())


def test_values_of_several_variables() -> None:
    new = rewrite("from keras import backend as K\n\nv = K.batch_get_value(model.weights)\n", KERAS2)
    assert new == "from keras import ops\n\nv = [ops.convert_to_numpy(x) for x in model.weights]\n"


# --- the option ------------------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "model.py").write_text("from keras.layers import LeakyReLU\n\nlayer = LeakyReLU(alpha=0.1)\n")
    return tmp_path


def test_the_option(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(".") == 0
    assert run("--from-keras2", ".") == 1
    assert "K230" in capsys.readouterr().out
    assert run("--from-keras2", "--write", ".") == 0
    assert (project / "model.py").read_text().endswith("LeakyReLU(negative_slope=0.1)\n")
    assert run("--from-keras2", ".") == 0


def test_what_is_left_of_keras_1_is_not_taken_for_keras_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """The new text has nothing any more that proves Keras 1, and its `weights` would be mended as those of Keras 2."""
    text = "from keras.layers import Convolution1D\n\nlayer = Convolution1D(nb_filter=8, filter_length=3, weights=w)\n"
    (project / "model.py").write_text(text)
    assert run("--from-keras2", "--write", "--output-format", "concise", ".") == 1
    assert "K207" in capsys.readouterr().out
    assert (project / "model.py").read_text().endswith("layer = Conv1D(filters=8, kernel_size=3, weights=w)\n")


def test_the_option_in_pyproject(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (project / "pyproject.toml").write_text("[tool.tdmigrate]\nfrom-keras2 = true\n")
    assert settings({}, (), None, False).from_keras2
    assert run(".") == 1
    assert run("--no-from-keras2", ".") == 0
    (project / "pyproject.toml").write_text("[tool.tdmigrate]\nfrom-keras2 = 'yes'\n")
    with pytest.raises(ConfigError, match="true or false"):
        settings({}, (), None, False)


def test_json(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run("--from-keras2", "--output-format", "json", ".")
    (file,) = json.loads(capsys.readouterr().out)["files"]
    (found,) = file["findings"]
    assert file["keras_version"] is None
    assert found["code"] == "K230"
    assert found["location"] == {"row": 3, "column": 9}
    assert found["fix"] == {"applicability": "safe", "replacement": "LeakyReLU(negative_slope=0.1)"}


def test_nothing_is_proved_of_keras_2(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--from-keras2", "--write", "--verify", ".") == 0
    assert "equal" not in capsys.readouterr().out


def test_nothing_of_keras_2_is_imported_without_the_option(project: Path) -> None:
    script = (
        "import sys\n"
        "from tdmigrate.cli import main\n"
        "try:\n"
        "    main(sys.argv[1:])\n"
        "except SystemExit:\n"
        "    print(*[name for name in sys.modules if 'keras2' in name], file=sys.stderr)\n"
    )

    def imported(*arguments: str) -> list[str]:
        command = [sys.executable, "-c", script, *arguments, "."]
        return subprocess.run(command, capture_output=True, text=True, cwd=project, check=True).stderr.split()

    assert imported() == []
    assert "tdmigrate.keras2.registry" in imported("--from-keras2")


def test_rules_say_that_they_need_the_option(capsys: pytest.CaptureFixture[str]) -> None:
    run("rules")
    lines = [line for line in capsys.readouterr().out.splitlines() if "keras2-" in line]
    assert len(lines) > 20
    assert all(line.endswith("(--from-keras2)") for line in lines)
    run("explain", "K230")
    assert "needs the option `--from-keras2`" in capsys.readouterr().out
