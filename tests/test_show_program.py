"""--show-program: what proofs would run, as text; nothing runs."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pytest

from tdmigrate.cli import main

HEAD = "from keras.models import Sequential\nfrom keras.layers.core import TimeDistributedDense\n"
FILLED = (
    "import numpy as np\nX = np.load('x.npy')\n\ndef build(units=3):\n    model = Sequential()\n"
    "    model.add(TimeDistributedDense(units, input_shape=(X.shape[1], 4)))\n    model.compile('sgd', 'mse')\n"
    "    model.fit(X, X)\n    return model\n"
)


def shown(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    with pytest.raises(SystemExit) as ended:
        main(["--show-program", "--isolated", *arguments])
    assert isinstance(ended.value.code, int)
    return ended.value.code, *capsys.readouterr()


def test_old_and_new_program_are_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.py"
    path.write_text(HEAD + FILLED)
    code, out, err = shown(capsys, str(path), "--keras-version", "1.1")
    assert (code, err) == (0, "")
    old, new = out.split("# " + 77 * "-" + "\n")[1:]
    assert old.startswith(f"# {path}:7: `build`, the old program, for Keras 1.1.2")
    assert new.startswith(f"# {path}:7: `build`, the new program, for Keras 3\n")
    (number,) = {
        line for text in (old, new) for line in text.splitlines() if line.startswith("# filled in: X.shape[1]")
    }
    assert "TimeDistributedDense(units, " in old
    assert "Dense(units" in new
    for text in (old, new):
        assert text.rstrip().endswith("made_model = build()")
        assert number.split()[5] in text.partition("def build")[2]
        assert "load" not in text
        assert "fit" not in text
    assert path.read_text() == HEAD + FILLED


def test_each_way_is_shown_by_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.py"
    path.write_text(
        HEAD + "def build(kind):\n    model = Sequential()\n"
        "    model.add(TimeDistributedDense(3 if kind == 'a' else 5, input_shape=(7, 4)))\n    return model\n"
    )
    _, out, _ = shown(capsys, str(path))
    places = [line for line in out.splitlines() if "program, for" in line]
    assert [place.partition(", the ")[0] for place in places] == [
        f"# {path}:4: `build` with kind={kind!r}" for kind in ("a", "a", "something else", "something else")
    ]
    assert "made_model = build(kind='a')\n" in out


def test_why_there_is_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "model.py"
    path.write_text(HEAD + "from nowhere import Attention\nmodel = Sequential()\nmodel.add(Attention(3))\n"
                    "model.add(TimeDistributedDense(3))\n")  # fmt: skip
    code, out, _ = shown(capsys, str(path))
    assert code == 0
    assert f"# {path}:4: `model` is not cut out: `Attention` comes from nowhere.Attention, which the program" in out


def test_modules_of_the_project_are_in_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "train.py").write_text(
        HEAD + "from utils import add_top\nmodel = Sequential()\n"
        "model.add(TimeDistributedDense(3, input_shape=(7, 4)))\nadd_top(model)\n"
    )
    (tmp_path / "utils.py").write_text(
        "from keras.layers.core import TimeDistributedDense\n"
        "def add_top(model):\n    model.add(TimeDistributedDense(2))\n"
    )
    _, out, _ = shown(capsys, str(tmp_path))
    old, new = out.split("# " + 77 * "-" + "\n")[1:]
    assert "def add_top(model):\n    model.add(TimeDistributedDense(2))\n" in old
    assert "def add_top(model):\n    model.add(Dense(2))\n" in new
    assert new.endswith("add_top(model)\n# the model: model\n")
    _, out, _ = shown(capsys, str(tmp_path / "train.py"))  # utils.py would not be migrated
    assert "`model` is not cut out: it is built in utils.py too, which is not migrated with it (line 2 of" in out


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO((HEAD + FILLED).encode())))
    code, out, _ = shown(capsys, "-")
    assert code == 0
    assert "# -:7: `build`, the new program" in out


def test_nothing_to_show(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "model.py").write_text("import keras\n")
    assert shown(capsys, str(tmp_path)) == (0, "", "")


def test_a_file_that_cannot_be_done_is_said(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "good.py").write_text(HEAD + FILLED)
    (tmp_path / "bad.py").write_text(HEAD + "def f(:\n")
    code, out, err = shown(capsys, str(tmp_path))
    assert code == 2
    assert "good.py:7: `build`, the old program" in out
    assert err.startswith(f"{tmp_path / 'bad.py'}:3: E901 ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    "other",
    ["--check", "--write", "--diff", "--verify", "--output-format=json", "--output-format=sarif", "--report=page.html"],
)
def test_it_stands_alone(other: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, out, err = shown(capsys, other, str(tmp_path))
    assert (code, out) == (2, "")
    assert f"--show-program and {other.replace('=page.html', '').replace('=', ' ')} exclude each other" in err


def test_settings_of_the_project_are_no_contradiction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").write_text("[tool.tdmigrate]\nverify = true\nrequire-proof = true\n")
    (tmp_path / "model.py").write_text(HEAD + FILLED)
    with pytest.raises(SystemExit) as ended:
        main(["--show-program", str(tmp_path)])
    assert ended.value.code == 0
    assert "the new program" in capsys.readouterr().out


def test_an_invalid_escape_is_none_of_our_business(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(HEAD + "from sizes import UNITS\nX = '\\d'\n" + FILLED)
    (tmp_path / "sizes.py").write_text("PATTERN = '\\d'\nUNITS = 7\n")
    command = [sys.executable, "-W", "always", "-m", "tdmigrate", "--isolated", "--show-program", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert "the new program" in done.stdout


def test_no_framework_is_imported(tmp_path: Path) -> None:
    (tmp_path / "model.py").write_text(HEAD + FILLED)
    code = (
        "import sys\nfrom tdmigrate.cli import main\n"
        "try:\n    main(['--show-program', '--isolated', sys.argv[1]])\nexcept SystemExit as ended:\n"
        "    assert ended.code == 0, ended.code\n"
        "for name in ('numpy', 'tensorflow', 'keras', 'theano'):\n    assert name not in sys.modules, name\n"
    )
    done = subprocess.run([sys.executable, "-c", code, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "the new program" in done.stdout
