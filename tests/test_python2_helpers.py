"""Modules in Python 2 that say nothing of Keras, and are imported by a source in Python 2 that does."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tdmigrate.cli import main

FILES = {
    "train.py": (
        "from keras.models import Sequential\n"
        "from keras.layers.core import TimeDistributedDense\n"
        "import words, plain\n"
        "from data import readers\n"
        "model = Sequential()\n"
        "model.add(TimeDistributedDense(words.UNITS, input_shape=(7, 4)))\n"
        "print 'made', words.vowels('keras'), readers.first([3])\n"
    ),
    "words.py": "UNITS = 5\ndef vowels(word):\n    return filter(lambda c: c in 'aeiou', list(word))\nprint `UNITS`\n",
    "plain.py": "import deep\n",
    "deep.py": "print 'deep'\n",
    "data/__init__.py": "",
    "data/readers.py": "from data import paths\ndef first(x):\n    return x[0] if paths else None\n",
    "data/paths.py": "exec 'paths = 1'\n",
    "unasked.py": "print 'nobody imports me'\n",
    "other/words.py": "print 'nor me'\n",
}
BOUND = {"data/paths.py", "deep.py", "train.py", "words.py"}  # to be converted


def plant(folder: Path, **more: str) -> Path:
    for name, text in (FILES | more).items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    (folder / ".git").mkdir()
    return folder


def run(folder: Path, *arguments: str, capfd: pytest.CaptureFixture[str]) -> tuple[Any, dict[str, Any]]:
    with pytest.raises(SystemExit) as ended:
        main(["--isolated", "--output-format", "json", *arguments, str(folder)])
    out, err = capfd.readouterr()
    assert "Traceback" not in err
    whole = json.loads(out)
    return ended.value.code, {Path(one["path"]).relative_to(folder).as_posix(): one for one in whole["files"]}


def test_they_are_converted_with_it(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path)
    code, files = run(tmp_path, "--check", capfd=capfd)
    assert (code, set(files)) == (1, BOUND)
    told = {name: [one["code"] for one in files[name]["findings"]] for name in BOUND - {"train.py"}}
    assert told == {"data/paths.py": ["P201"], "deep.py": ["P201"], "words.py": ["P203", "P201"]}
    assert files["deep.py"]["findings"][0]["message"].endswith("plain.py imports it")
    assert run(tmp_path, "--write", capfd=capfd)[0] == 0
    for name, text in FILES.items():
        assert ((tmp_path / name).read_text() != text) == (name in BOUND), name
    assert run(tmp_path, "--check", capfd=capfd) == (0, {})
    program = "import words, plain\nfrom data import readers\nprint(words.vowels('keras'), readers.first([3]))"
    ran = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ran.stdout.split("\n") == ["5", "deep", "['e', 'a'] 3", ""]


@pytest.mark.parametrize("option", ["--python2=keep", "--ignore=P201", "--select=TD"])
def test_they_are_kept_with_it(option: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path)
    _, files = run(tmp_path, option, "--write", capfd=capfd)
    assert {name: text for name, text in FILES.items() if (tmp_path / name).read_text() != text} == {}
    left = {"--python2=keep": BOUND, "--ignore=P201": {"train.py", "words.py"}, "--select=TD": {"train.py"}}
    assert set(files) == left[option]


def test_what_no_python_parses_is_none_of_ours(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path, **{"plain.py": "import deep\nprint 'x\n", "words.py": "UNITS = (\n"})
    assert set(run(tmp_path, "--check", capfd=capfd)[1]) == {"data/paths.py", "train.py"}


def test_a_program_in_python_3_has_no_such_helpers(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path, **{"train.py": FILES["train.py"].replace("print 'made', ", "").replace("vowels", "lower")})
    assert set(run(tmp_path, "--check", capfd=capfd)[1]) == {"train.py"}


def test_what_is_not_named_is_not_written(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path)
    with pytest.raises(SystemExit):
        main(["--isolated", "--write", str(tmp_path / "train.py"), str(tmp_path / "words.py")])
    capfd.readouterr()
    assert (tmp_path / "words.py").read_text() != FILES["words.py"]
    assert (tmp_path / "deep.py").read_text() == FILES["deep.py"]


def test_many_files_are_looked_at_alike(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(tmp_path, **{f"more{number}.py": FILES["train.py"] for number in range(40)})
    _, files = run(tmp_path, "--jobs=2", "--check", capfd=capfd)
    assert {name for name in files if "more" not in name} == BOUND
    assert list(files) == sorted(files, key=lambda name: ("/" in name, name))


@pytest.mark.slow
@pytest.mark.legacy
def test_models_are_proved_through_them(tmp_path: Path, legacy_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    plant(
        tmp_path,
        **{
            "words.py": "UNITS = 5\nprint UNITS\ndef vowels(x):\n    return x\n",
            "slopes.py": "def slope(a, b):\n    print a\n    return a / b\n",
            "slanted.py": (
                "from keras.models import Sequential\n"
                "from keras.layers.core import Dense\n"
                "from keras.layers.advanced_activations import ELU\n"
                "import slopes\n"
                "model = Sequential([Dense(output_dim=3, input_dim=4), ELU(alpha=slopes.slope({}))])\n"
                "print model\n"
            ),
        },
    )
    slanted = (tmp_path / "slanted.py").read_text()
    (tmp_path / "slanted.py").write_text(slanted.format("2., 7"))
    options = ("--check", "--verify", "--legacy-path", str(legacy_path))
    files = run(tmp_path, *options, capfd=capfd)[1]
    assert {name: one["proofs"][0]["status"] for name, one in files.items() if one["proofs"]} == {
        "train.py": "equal",
        "slanted.py": "equal",
    }
    (tmp_path / "slanted.py").write_text(slanted.format("2, 7"))  # 0 in Python 2
    proof = run(tmp_path, *options, capfd=capfd)[1]["slanted.py"]["proofs"][0]
    assert (proof["status"], proof["outputs"]["max_abs"] > 1e-3) == ("different", True)
