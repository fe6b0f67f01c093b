"""--vendor: what migrated files need of tdmigrate.compat, in a module of the user's own project."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tdmigrate.cli import main
from tdmigrate.vendoring import module as vendoring
from tdmigrate.vendoring.library import Cut, Library, library

LSTM = """\
from keras.layers.recurrent import LSTM
from keras.models import Sequential

model = Sequential()
model.add(LSTM(output_dim=3, input_shape=(4, 5)))
"""
PENALTY = """\
from keras.layers.core import Dense
from keras.models import Sequential

model = Sequential()
model.add(Dense(output_dim=3, activity_regularizer='activity_l2', input_dim=5))
"""
MODULE = "mypkg.keras1_compat"
FILE = Path("mypkg/keras1_compat.py")


class Done(NamedTuple):
    code: int
    out: str
    err: str


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / ".git").mkdir()
    (tmp_path / "mypkg").mkdir()
    (tmp_path / "mypkg" / "__init__.py").touch()
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def tool(capfd: pytest.CaptureFixture[str]) -> Any:
    def run(*arguments: str, vendor: str | None = MODULE) -> Done:
        capfd.readouterr()
        options = ["--vendor", vendor] if vendor is not None else []
        with pytest.raises(SystemExit) as ended:
            main(["--no-progress", *options, *arguments])
        out, err = capfd.readouterr()
        assert isinstance(ended.value.code, int)
        return Done(ended.value.code, out, err)

    return run


def names(path: Path = FILE) -> list[str]:
    return sorted(vendoring._present(vendoring.Place(MODULE, str(path), None), path.read_text()))


def test_written_files_import_from_the_module_which_holds_exactly_what_they_use(tool: Any, project: Path) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    assert tool(".", "--write").code == 0
    assert f"from {MODULE} import hard_sigmoid\n" in Path("mypkg/a.py").read_text()
    assert "tdmigrate" not in Path("mypkg/a.py").read_text()
    text = FILE.read_text()
    assert names() == ["hard_sigmoid"]
    assert text.startswith("# Made by tdmigrate 0.")
    assert "PerGate" not in text
    assert "\nimport tdmigrate" not in text
    assert "\nfrom tdmigrate" not in text
    # it runs without tdmigrate
    script = (
        "import sys\nsys.modules['tdmigrate'] = None\nfrom mypkg.keras1_compat import hard_sigmoid\nimport keras\n"
        "print(keras.ops.convert_to_numpy(hard_sigmoid(keras.ops.convert_to_tensor([-3.0, 1.0]))).tolist())\n"
    )
    env = {**os.environ, "PYTHONPATH": str(project), "KERAS_BACKEND": "jax"}
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, env=env, check=True)
    assert json.loads(ended.stdout) == pytest.approx([0.0, 0.7])


def test_a_second_run_is_quiet_and_changes_nothing(tool: Any) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    tool(".", "--write")
    before = {path: path.read_bytes() for path in Path("mypkg").iterdir()}
    for mode in ("--check", "--diff", "--write"):
        done = tool(".", mode)
        assert (done.code, done.err) == (0, "" if mode != "--diff" else done.err)
        assert "keras1_compat" not in done.out
    assert {path: path.read_bytes() for path in Path("mypkg").iterdir()} == before
    assert tool(".", "--keras-version", "1.0").code == 0  # neither is the module itself a source of Keras 1.0


def test_files_of_an_earlier_run_without_it_are_moved(tool: Any) -> None:
    for name, text in (("a", LSTM), ("b", PENALTY)):
        Path(f"mypkg/{name}.py").write_text(text)
    assert tool(".", "--write", vendor=None).code == 0
    assert "from tdmigrate.compat import hard_sigmoid" in Path("mypkg/a.py").read_text()
    Path("mypkg/c.py").write_text(
        "import keras\nfrom tdmigrate.compat import (\n    Highway as Way,  # kept\n    Dropout,\n)\n"
    )
    done = tool(".")
    assert done.code == 1
    assert f"K110 [*] hard_sigmoid: from {MODULE} now" in done.out
    done = tool(".", "--write")
    assert (done.code, done.err) == (0, "")
    assert names() == ["Dropout", "Highway", "activity_l2", "hard_sigmoid"]
    for name in "abc":
        text = Path(f"mypkg/{name}.py").read_text()
        assert f"from {MODULE} import" in text
        assert "tdmigrate" not in text
    assert "    Highway as Way,  # kept\n" in Path("mypkg/c.py").read_text()
    assert tool(".").code == 0
    assert tool(".", vendor=None).code == 0


def test_what_is_no_piece_stays_and_is_told(tool: Any) -> None:
    text = "import keras\nfrom tdmigrate.compat import nothing, hard_sigmoid\n"
    Path("mypkg/a.py").write_text(text)
    done = tool(".", "--write")
    assert done.code == 1
    assert f"K110 tdmigrate.compat has no piece nothing to write into {MODULE}" in done.out
    assert Path("mypkg/a.py").read_text() == text
    assert not FILE.exists()


def test_imports_that_are_silenced_or_not_asked_for_stay(tool: Any) -> None:
    Path("mypkg/a.py").write_text("import keras\nfrom tdmigrate.compat import SReLU  # tdmigrate: ignore[K110]\n")
    assert tool(".").code == 0
    Path("mypkg/a.py").write_text("import keras\nfrom tdmigrate.compat import SReLU\n")
    assert tool(".", "--ignore", "K110").code == 0
    assert tool(".", vendor=None).code == 0
    assert tool(".").code == 1


def test_messages_name_the_module(tool: Any) -> None:
    Path("mypkg/a.py").write_text(
        "from keras.layers.core import TimeDistributedMerge\n\nlayer = TimeDistributedMerge(mode='ave')\n"
    )
    assert f"{MODULE} has it" in tool(".").out
    assert "tdmigrate.compat has it" in tool(".", vendor=None).out


def test_a_later_run_adds_and_keeps(tool: Any) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    tool("mypkg/a.py", "--write")
    Path("mypkg/b.py").write_text(PENALTY)
    done = tool("mypkg/b.py", "--write")
    assert done.code == 0
    assert names() == ["activity_l2", "hard_sigmoid"]
    assert f"{FILE}: added to for --vendor: activity_l2\n" in done.out
    first = FILE.read_text()
    Path("mypkg/a.py").write_text(LSTM)
    tool("mypkg/a.py", "--write")
    assert FILE.read_text() == first


def test_more_of_a_file_that_was_migrated_before_takes_the_same_names(tool: Any) -> None:
    path = Path("mypkg/a.py")
    path.write_text(LSTM)
    tool(".", "--write")
    path.write_text(
        path.read_text() + "from keras.layers.recurrent import GRU\nmodel.add(GRU(2, inner_init='glorot_uniform'))\n"
    )
    assert tool(".", "--write").code == 0
    assert path.read_text().count("hard_sigmoid") == 3
    assert "Keras1" not in path.read_text()
    assert "keras1_hard" not in path.read_text()


def test_a_diff_shows_the_module_and_applies(tool: Any) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(".", "--diff")
    assert done.code == 1
    assert not FILE.exists()
    subprocess.run(["git", "apply", "-p1"], input=done.out, text=True, check=True)
    applied = FILE.read_bytes(), Path("mypkg/a.py").read_bytes()
    FILE.unlink()
    Path("mypkg/a.py").write_text(LSTM)
    tool(".", "--write")
    assert (FILE.read_bytes(), Path("mypkg/a.py").read_bytes()) == applied


def test_the_setting_of_the_project(tool: Any) -> None:
    Path("pyproject.toml").write_text(f'[tool.tdmigrate]\nvendor = "{MODULE}"\n')
    Path("mypkg/a.py").write_text(LSTM)
    assert tool(".", "--write", "--config", "pyproject.toml", vendor=None).code == 0
    assert names() == ["hard_sigmoid"]
    Path("pyproject.toml").write_text("[tool.tdmigrate]\nvendor = 3\n")
    done = tool(".", "--config", "pyproject.toml", vendor=None)
    assert (done.code, done.err.count("[tool.tdmigrate] vendor: must be a string")) == (2, 1)


def test_nothing_is_made_where_nothing_is_needed(tool: Any) -> None:
    Path("mypkg/a.py").write_text("from keras.layers.core import Dense\n\nlayer = Dense(3)\n")
    assert tool(".", "--write").code == 0
    assert not FILE.exists()


@pytest.mark.parametrize(
    "text", ["", "hard_sigmoid = None\n", "# A module\n# Made by tdmigrate 0.1\n", "__all__ = []\n", "def f(:\n"]
)
@pytest.mark.parametrize("mode", ["--check", "--diff", "--write"])
def test_a_file_of_somebody_else_is_never_overwritten(tool: Any, text: str, mode: str) -> None:
    FILE.write_text(text)
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(".", mode)
    assert done.code == 2
    assert done.err.splitlines()[-1] == (
        f"Error: --vendor {MODULE}: {FILE} was not made by tdmigrate, so it stays; name another module"
    )
    assert FILE.read_text() == text
    assert Path("mypkg/a.py").read_text() == LSTM


def test_one_that_was_edited_stays_as_it_is(tool: Any) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    tool(".", "--write")
    edited = FILE.read_text() + "\n\ndef mine():\n    return 1\n"
    FILE.write_text(edited)
    Path("mypkg/a.py").write_text(LSTM)  # needs nothing more
    assert tool(".", "--write").code == 0
    Path("mypkg/b.py").write_text(PENALTY)
    done = tool(".", "--write")
    assert done.code == 2
    assert done.err.splitlines()[-1].endswith("was edited, so activity_l2 cannot be added; delete it, or undo that")
    assert FILE.read_text() == edited
    assert Path("mypkg/b.py").read_text() == PENALTY
    FILE.write_text("\n".join(line for line in edited.splitlines() if "__all__" not in line))
    assert tool(".", "--write").code == 2


def test_one_that_cannot_be_written_keeps_the_sources(tool: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    tool(".", "--write")
    FILE.chmod(0o444)
    Path("mypkg/b.py").write_text(PENALTY)
    done = tool(".", "--write")
    assert done.code == 2
    assert f"{FILE}: E902 is read-only" in done.err
    assert f"mypkg/b.py: not written: {FILE}, which it would import from, could not be written" in done.out
    assert Path("mypkg/b.py").read_text() == PENALTY


@pytest.mark.parametrize("name", ["a-b", "a..b", "", "import", "a.class", "keras.layers", "tdmigrate.compat", "json"])
def test_what_is_no_module_of_the_user(tool: Any, name: str) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(".", vendor=name)
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith(f"Error: --vendor {name}: ")


@pytest.mark.parametrize(
    ("module", "paths", "file"),
    [
        ("one", (".",), "one.py"),
        ("mypkg.one", ("mypkg/sub/a.py",), "mypkg/one.py"),
        ("mypkg.sub.one", ("mypkg/sub/a.py",), "mypkg/sub/one.py"),
        ("other.one", (".",), "src/other/one.py"),
        ("other.one", ("src/other/b.py", "mypkg"), "src/other/one.py"),
        ("other.one", ("src",), "src/other/one.py"),
        ("mypkg.one", ("scripts/c.py",), "mypkg/one.py"),
        ("one", ("scripts/c.py",), "scripts/one.py"),
    ],
)
def test_where_the_module_is(tool: Any, module: str, paths: tuple[str, ...], file: str) -> None:
    for folder in ("mypkg/sub", "src/other", "scripts"):
        Path(folder).mkdir(parents=True)
    Path("mypkg/sub/__init__.py").touch()
    Path("src/other/__init__.py").touch()
    for path in ("mypkg/sub/a.py", "src/other/b.py", "scripts/c.py"):
        Path(path).write_text(LSTM)
    assert tool(*paths, "--write", vendor=module).code == 0
    assert names(Path(file)) == ["hard_sigmoid"]
    assert [str(path) for path in Path().rglob("one.py")] == [file]


def test_a_package_that_is_not_there(tool: Any) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(".", vendor="nowhere.one")
    assert done.code == 2
    assert done.err.splitlines()[-1] == "Error: --vendor nowhere.one: there is no package nowhere in . nor in src"
    Path("mypkg/inner").mkdir()
    assert "is a package" in tool(".", vendor="mypkg.inner").err


def test_json_tells_of_the_module_as_of_any_file(tool: Any) -> None:
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(".", "--write", "--output-format", "json")
    report = json.loads(done.out)
    assert [(file["path"], file["status"]) for file in report["files"]] == [
        ("mypkg/a.py", "clean"),
        (str(FILE), "clean"),
    ]


def test_standard_input_imports_from_the_module_and_writes_no_file(
    tool: Any, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "source").write_text(LSTM)
    with open(tmp_path / "source") as stream:
        monkeypatch.setattr("sys.stdin", stream)
        done = tool("-", "--write", "--stdin-filename", "mypkg/a.py")
    assert f"from {MODULE} import hard_sigmoid\n" in done.out
    assert f"tdmigrate: {MODULE} itself is not written for a source on standard input\n" in done.err
    assert not FILE.exists()


def test_several_processes_do_the_same(tool: Any) -> None:
    for number in range(6):
        Path(f"mypkg/m{number}.py").write_text((LSTM, PENALTY)[number % 2])
    assert tool(".", "--write", "--jobs", "3").code == 0
    assert names() == ["activity_l2", "hard_sigmoid"]
    assert tool(".").code == 0


# --- proofs


@pytest.mark.legacy
@pytest.mark.slow
def test_the_proof_runs_the_module_of_the_project(
    tool: Any, legacy_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    options = (".", "--verify", "--require-proof", "--legacy-path", str(legacy_path), "--output-format", "json")
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(*options, "--diff")
    assert json.loads(done.out)["summary"]["proved"] == 1
    assert tool(*options, "--write").code == 0
    # a module that computes something else is found out, be it an old one or a new one
    FILE.write_text(FILE.read_text().replace("0.2), 0.5)", "0.3), 0.5)"))
    Path("mypkg/a.py").write_text(LSTM)
    done = tool(*options, "--write")
    assert (done.code, json.loads(done.out)["summary"]["failed"]) == (1, 1)
    assert Path("mypkg/a.py").read_text() == LSTM
    FILE.unlink()
    right = Library.cut

    def wrong(pieces: Library, names: Iterable[str]) -> Cut:
        made = right(pieces, names)
        return made._replace(statements=tuple(text.replace("0.2), 0.5)", "0.3), 0.5)") for text in made.statements))

    monkeypatch.setattr(Library, "cut", wrong)
    done = tool(*options, "--write")
    assert (done.code, json.loads(done.out)["summary"]["failed"]) == (1, 1)
    assert not FILE.exists()
    assert Path("mypkg/a.py").read_text() == LSTM


def test_what_either_saves_the_other_loads(project: Path) -> None:
    FILE.write_text(vendoring.text_of(vendoring.Place(MODULE, str(FILE), None), library().pieces) or "")
    script = """\
import sys
import keras
if sys.argv[1] == "save":
    from mypkg.keras1_compat import PerGate, TimeDistributedMerge, activity_l2
    layer = keras.layers.LSTM(2, kernel_initializer=PerGate(), return_sequences=True)
    dense = keras.layers.Dense(2, activity_regularizer=activity_l2())
    keras.Sequential([keras.Input((3, 4)), layer, dense, TimeDistributedMerge("ave")]).save("m.keras")
else:
    import tdmigrate.compat
    module = type(keras.saving.load_model("m.keras").layers[-1]).__module__
    assert module == "tdmigrate.compat.timesteps"
"""
    source = str(Path(sys.modules["tdmigrate"].__file__ or "").parents[1])
    env = {**os.environ, "PYTHONPATH": os.pathsep.join((str(project), source)), "KERAS_BACKEND": "jax"}
    for way in ("save", "load"):
        subprocess.run([sys.executable, "-c", script, way], env=env, check=True)
