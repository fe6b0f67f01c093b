"""What the files of a project decide about its sources."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tdmigrate.config import Settings
from tdmigrate.discovery import Excludes
from tdmigrate.evidence import SOURCES, Projects
from tdmigrate.findings import Severity
from tdmigrate.keras1.versions import parse
from tdmigrate.patience import patience
from tdmigrate.pipeline import run, run_text
from tdmigrate.results import FileResult, RunResult
from tdmigrate.rules.check import check
from tdmigrate.rules.context import CheckSettings
from tdmigrate.sources.text import Source
from tdmigrate.understanding.module import Module
from tdmigrate.view import View, view

OPEN = """\
from keras.layers.core import Dense
from keras.layers.recurrent import LSTM
from keras.models import Sequential

model = Sequential()
model.add(LSTM(3, W_regularizer='l2', input_shape=(4, 5)))
model.fit(x, y, nb_epoch=3)
"""
PLAIN = "from keras.layers import LSTM\n\nlayer = LSTM(3)\n"


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "project"
    (root / ".git").mkdir(parents=True)
    monkeypatch.chdir(root)
    return root


def write(**texts: str) -> None:
    for name, text in texts.items():
        put(name.replace("__", "/") + ".py", text)


def put(name: str, text: str | bytes) -> None:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())


def go(*paths: str, **options: object) -> RunResult:
    return run(paths or (".",), Settings(**options), lambda done, total: None)[0]  # type: ignore[arg-type]


def one(path: str, **options: object) -> FileResult:
    return next(file for file in go(path, **options).files if file.path == path)


def notes(file: FileResult, code: str = "") -> list[str]:
    """Those of a code that the release or the backend decides on."""
    told = [f.message for f in file.findings if f.severity is Severity.NOTE and f.code.startswith(code)]
    return [message for message in told if "draws its first weights" not in message]


def claims(path: str = "a.py") -> list[str]:
    return [claim.show() for claim in Projects(Excludes("."), {}).claims(path)]


FILES = {
    "requirements.txt": "numpy\nKeras == 1.0.4  # the one\nTheano>=0.8\n",
    "requirements-dev.txt": "pytest\nkeras==1.0.4 --hash=sha256:ab\ntheano\n",
    "requirements/base.txt": "-r other.txt\nkeras==1.0.4\ntheano\n",
    "setup.py": "from setuptools import setup\nsetup(install_requires=['keras==1.0.4', 'theano'])\n",
    "setup.cfg": "[metadata]\nname = keras\n[options]\ninstall_requires =\n    keras==1.0.4\n    theano\n",
    "pyproject.toml": '[project]\nname = "keras-user"\ndependencies = ["keras==1.0.4",\n  "theano"]\n',
    "Pipfile": '[packages]\nkeras = "==1.0.4"\ntheano = "*"\n',
    "environment.yml": "dependencies:\n  - keras=1.0.4=py27_0\n  - pip:\n    - theano==0.8.2\n",
    "Dockerfile": "FROM python:2.7\nRUN apt-get update && \\\n    pip install 'keras==1.0.4' theano && rm -rf /x\n",
}


@pytest.mark.parametrize("name", FILES)
def test_a_pin_decides_release_and_backend(name: str) -> None:
    write(a=OPEN)
    before = one("a.py")
    assert (before.keras_version, before.source_backend) == ("0.3-1.2", "tensorflow")
    assert len(notes(before, "K206")) == 1  # from Keras 1.2 on, W_regularizer did something else
    put(name, FILES[name])
    after = one("a.py")
    assert (after.keras_version, after.source_backend) == ("1.0.4", "theano")
    assert notes(after) == []
    assert after.conclusion is not None
    assert [reason.partition(":")[0] for reason in after.conclusion.project] == [name, name]
    row = int(after.conclusion.project[0].split(":")[1])
    assert "keras" in FILES[name].lower().splitlines()[row - 1] or name == "Dockerfile"


@pytest.mark.parametrize(
    ("specifier", "versions", "only"),
    [
        ("==1.0.4", "1.0.4", True),
        ("==1.0.*", "1.0", True),
        ("~=1.1", "1.1-1.2", True),
        ("~=1.0.3", "1.0.3-1.0.8", True),
        (">=1.0,<2", "1.0-1.2", True),
        ("<2.0", "0.1-1.2", True),
        ("<=0.3.1", "0.1-0.3.1", True),
        (">=1.0.7", "1.0.7-1.2", False),
        ("!=1.0.4", "0.1-1.2", False),
    ],
)
def test_what_a_specifier_admits(specifier: str, versions: str, only: bool) -> None:
    write(a=OPEN)
    put("requirements.txt", f"keras{specifier}\n")
    (claim,) = Projects(Excludes("."), {}).claims("a.py")
    assert (claim.versions, claim.legacy_only) == (parse(versions), only)


@pytest.mark.parametrize(
    "line", ["keras", "keras>=2", "keras==3.1", "keras^1", "keras==x", "kerasx==1.0.4", "# keras==1.0"]
)
def test_what_says_nothing_of_keras_1(line: str) -> None:
    write(a=OPEN)
    put("requirements.txt", f"{line}\n")
    assert claims() == []
    assert one("a.py").keras_version == "0.3-1.2"


@pytest.mark.parametrize(
    ("text", "backend"),
    [
        ("theano", "theano"),
        ("tensorflow-gpu==1.0.1", "tensorflow"),
        ("tensorflow>=2.4", None),
        ("tensorflow<2", "tensorflow"),
        ("theano\ntensorflow==0.12", None),
        ("theano\ntensorflow>=2.4", "theano"),
    ],
)
def test_the_backend_that_is_installed(text: str, backend: str | None) -> None:
    write(a=OPEN)
    put("requirements.txt", text)
    assert [claim.backend for claim in Projects(Excludes("."), {}).claims("a.py")] == [backend] * (backend is not None)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-16-le", "utf-8-sig"])
def test_a_pin_as_windows_writes_it(encoding: str) -> None:
    write(a=OPEN)
    bom = "" if encoding in ("utf-16", "utf-8-sig") else "\ufeff"
    put("requirements.txt", f"{bom}numpy\r\nKeras==1.0.4\r\ntheano\r\n".encode(encoding))
    assert claims("a.py") == ["requirements.txt:2: Keras==1.0.4", "requirements.txt:3: theano"]


def test_keras_json_stands_above_what_is_installed() -> None:
    write(a=OPEN)
    put("keras.json", '{\n  "image_dim_ordering": "th",\n  "backend": "theano"\n}')
    put("requirements.txt", "tensorflow==0.12\n")
    assert claims() == [
        'keras.json:3: "backend": "theano"',
        'keras.json:2: "image_dim_ordering": "th"',
        "requirements.txt:1: tensorflow==0.12",
    ]
    file = one("a.py")
    assert file.source_backend == "theano"
    assert file.conclusion is not None
    assert file.conclusion.words == "Keras 0.3-1.2 on theano, images as 'th'"
    assert len(notes(file, "K109")) == 1


@pytest.mark.parametrize(
    "text", ['{"backend": "theano", "image_data_format": "channels_last"}', "[]", "{", '{"backend": []}', "\xff"]
)
def test_a_keras_json_that_says_nothing_of_keras_1(text: str) -> None:
    write(a=OPEN)
    put("keras.json", text)
    assert claims() == []


def test_a_variable_in_a_dockerfile() -> None:
    write(a=OPEN)
    put("Dockerfile", "FROM x\nENV KERAS_BACKEND theano\n")
    assert claims() == ["Dockerfile:2: KERAS_BACKEND is theano"]
    put("tox.ini", "[testenv]\nsetenv =\n  a: KERAS_BACKEND=theano\n  b: KERAS_BACKEND=tensorflow\n")
    assert claims() == ["Dockerfile:2: KERAS_BACKEND is theano"]


def test_setup_py_is_read_and_never_run(project: Path) -> None:
    write(a=OPEN)
    put(
        "setup.py",
        "open('ran', 'w')\nNEEDS = ['keras==1.0.4']\nconfig = {'install_requires': NEEDS}\nsetup(**config)\n",
    )
    assert one("a.py").keras_version == "1.0.4"
    assert not (project / "ran").exists()


def test_the_nearer_file_stands_above_the_farther_up_to_the_repository() -> None:
    write(package__inner__a=OPEN)
    put("../requirements.txt", "keras==0.3.3\n")  # outside of the repository
    put("requirements.txt", "keras==1.2.2\n")
    put("package/requirements.txt", "keras==1.0.4\n")
    file = one("package/inner/a.py")
    assert file.keras_version == "1.0.4"
    (note,) = notes(file, "K109")
    assert note.startswith("requirements.txt:1: keras==1.2.2 says otherwise: Keras 1.0.4 on tensorflow is assumed")


def test_without_a_repository_the_project_ends_above_its_packages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "no_repository"
    root.mkdir()
    monkeypatch.chdir(root)
    write(outer__package__inner__a=OPEN)
    put("outer/package/__init__.py", "")
    put("outer/package/inner/__init__.py", "")
    put("../requirements.txt", "keras==0.3.3\n")
    assert claims("outer/package/inner/a.py") == []
    put("requirements.txt", "keras==1.0.4\n")
    assert claims("outer/package/inner/a.py") == ["requirements.txt:1: keras==1.0.4"]


def test_the_source_stands_above_its_project() -> None:
    write(a="from keras.engine.topology import Layer\nimport theano\n" + OPEN)
    put("requirements.txt", "keras==0.3.3\ntensorflow==0.12\n")
    file = one("a.py")
    assert (file.keras_version, file.source_backend) == ("1.x", "theano")
    assert len(notes(file, "K109")) == 1  # one for each file that says otherwise
    assert file.conclusion is not None
    assert file.conclusion.project == ()


def test_lines_of_one_source_that_contradict_each_other_are_noted() -> None:
    write(a="from keras.layers.timedistributed import TimeDistributed\nfrom keras.engine.topology import Layer\n")
    (note,) = notes(one("a.py"), "K109")
    assert note.startswith("import of keras.engine.topology.Layer: Keras 1.")


def test_the_other_sources_of_the_project_decide_where_they_agree() -> None:
    write(a=OPEN, other__b="import theano\nfrom keras.engine.topology import Merge\n")
    file = one("a.py")
    assert (file.keras_version, file.source_backend) == ("1.x", "theano")
    assert file.conclusion is not None
    assert [reason.split(":")[0] for reason in file.conclusion.project] == ["other/b.py", "other/b.py"]
    write(c="from keras.layers.containers import Graph\nimport tensorflow\n")
    file = one("a.py")
    assert (file.keras_version, file.source_backend) == ("0.3-1.2", "tensorflow")
    assert notes(file, "K109") == []


def test_other_sources_without_a_project_are_those_of_the_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "loose"
    root.mkdir()
    monkeypatch.chdir(root)
    write(a=OPEN, below__b="from keras.engine.topology import Merge\n")
    assert one("a.py").keras_version == "0.3-1.2"
    write(b="from keras.engine.topology import Merge\n")
    assert one("a.py").keras_version == "1.x"


def test_sources_of_keras_3_prove_nothing_for_others() -> None:
    write(a=OPEN, b="import tensorflow as tf\nfrom keras.callbacks import CSVLogger\nfrom keras.layers import Dense\n")
    file = one("a.py")
    assert (file.keras_version, file.conclusion and file.conclusion.project) == ("0.3-1.2", ())


def test_a_source_migrated_in_part_proves_nothing_for_others() -> None:
    write(a=OPEN, b="from keras.layers import Input\nfrom keras.callbacks import CSVLogger\nm.fit(x, nb_epoch=3)\n")
    assert one("a.py").keras_version == "1.x"
    with open("b.py", "a") as stream:
        stream.write("from tdmigrate.compat import PerGate\n")
    assert one("a.py").keras_version == "0.3-1.2"


def test_a_file_gets_the_same_answer_alone_and_among_others() -> None:
    write(**{f"p{n // 8}__m{n}": OPEN for n in range(40)})
    write(p0__theirs="import theano\nfrom keras.engine.topology import Merge\n", p1__plain=PLAIN)
    put("requirements.txt", "keras>=1.0\n")
    put("p3/requirements.txt", "keras==1.0.4\n")
    whole = go(".", jobs=1).files
    assert len(whole) == 41
    assert {file.keras_version for file in whole} == {"1.x", "1.0.4"}
    assert go(".", jobs=3).files == whole
    for file in whole[::7]:
        assert one(file.path) == file


def test_a_project_for_keras_1_alone_makes_every_source_legacy_once() -> None:
    write(a=PLAIN)
    assert go(".").files == ()
    put("requirements.txt", "keras>=1.0\n")
    assert go(".").files == ()
    put("requirements.txt", "keras>=1.0,<2\n")
    assert [f.code for f in one("a.py").findings if f.severity is not Severity.NOTE] == ["K202"]
    assert go(".", mode="write").exit_code == 0
    assert "recurrent_activation=hard_sigmoid" in Path("a.py").read_text()
    assert go(".").files == ()


def test_what_the_user_says_is_not_argued_with() -> None:
    write(a=OPEN)
    put("requirements.txt", "keras==1.0.4\ntheano\n")
    file = one("a.py", keras_version="1.2", source_backend="tensorflow")
    assert (file.keras_version, file.source_backend, notes(file, "K109")) == ("1.2", "tensorflow", [])
    assert file.conclusion is not None
    assert file.conclusion.project == ("--keras-version 1.2", "--source-backend tensorflow")


@pytest.mark.parametrize("name", [*FILES, "keras.json", ".keras/keras.json", "other.py"])
@pytest.mark.parametrize(
    "data", [b"\xff\xfe keras==\x00", b"keras==1.0.4 theano [" * 10_000 + b"\n", b"keras '''(((" * 30]
)
def test_a_file_that_cannot_be_read_says_nothing(name: str, data: bytes) -> None:
    write(a=OPEN)
    put(name, data)
    assert one("a.py").keras_version == "0.3-1.2"


@pytest.mark.parametrize("name", [*FILES, "keras.json"])
def test_what_is_no_regular_file_says_nothing(name: str) -> None:
    write(a=OPEN)
    Path(name).parent.mkdir(exist_ok=True)
    os.mkfifo(name)
    assert one("a.py").keras_version == "0.3-1.2"
    os.remove(name)
    Path(name).symlink_to("nowhere")
    assert one("a.py").keras_version == "0.3-1.2"
    os.remove(name)
    Path(name).mkdir()
    assert one("a.py").keras_version == "0.3-1.2"


def test_a_source_that_takes_too_long_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    write(a=OPEN, slow=PLAIN)

    def slow(source: Source) -> View:
        while source.path.endswith("slow.py"):
            pass
        return view(source)

    monkeypatch.setattr("tdmigrate.evidence.view", slow)
    monkeypatch.setattr("tdmigrate.evidence.patience", lambda: patience(0.05))
    assert one("a.py").keras_version == "0.3-1.2"


def test_of_a_huge_project_some_sources_are_looked_at() -> None:
    write(a=OPEN, zz="from keras.engine.topology import Merge\n")
    assert one("a.py").keras_version == "1.x"
    write(**{f"b{n:04}": OPEN for n in range(SOURCES)})
    assert one("a.py").keras_version == "0.3-1.2"


def test_a_source_on_standard_input_is_of_the_project_of_its_name() -> None:
    put("requirements.txt", "keras==1.0.4\n")
    (named,) = run_text("a.py", OPEN.encode(), Settings()).files
    (unnamed,) = run_text("-", OPEN.encode(), Settings()).files
    assert (named.keras_version, unnamed.keras_version) == ("1.0.4", "0.3-1.2")


@pytest.mark.parametrize(
    ("line", "asks"),
    [
        ("os.environ['KERAS_BACKEND'] = 'theano'", True),
        ("os.environ.setdefault('KERAS_BACKEND', 'theano')", True),
        ("os.environ['KERAS_BACKEND'] = 'tensorflow'", False),
        ("os.environ['THEANO_FLAGS'] = 'device=gpu'", False),
    ],
)
def test_asking_keras_for_theano_is_for_a_person(line: str, asks: bool) -> None:
    text = f"import os\n{line}\nfrom keras.layers.core import Dense, TimeDistributedDense\n"
    found = [one for one in check(Module(text), CheckSettings()).findings if one.code == "K111"]
    assert [(one.span.row, one.fix) for one in found] == ([(2, None)] if asks else [])


@pytest.mark.parametrize("dependency", ['""', f'"keras=={"9" * 5_000}"'])
def test_what_a_stranger_asks_for_ends_no_run(dependency: str) -> None:
    put("pyproject.toml", f"[project]\ndependencies = [{dependency}, 'theano']\n")
    put("a.py", "from keras.layers.core import TimeDistributedDense\nx = TimeDistributedDense(3)\n")
    assert one("a.py").error is None
