from __future__ import annotations

import io
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any, NamedTuple, TextIO

import pytest

from signals import heed
from tdmigrate import __version__, cli, pipeline
from tdmigrate.config import Settings
from tdmigrate.findings import Applicability, Finding, Fix, Severity, Span, TextEdit
from tdmigrate.results import FileError, FileResult, Proof, RunResult
from tdmigrate.stages.looked import Progress

SPAN = Span(2, 1, 2, 5)
SAFE = Finding("TD001", Severity.ERROR, SPAN, "m", fix=Fix(Applicability.SAFE, (TextEdit(SPAN, "y"),)))
PERSON = Finding("TD008", Severity.ERROR, SPAN, "m")
NOTE = Finding("K201", Severity.NOTE, SPAN, "m")
OLD, NEW = "import keras\nx = 'é'\n", "import keras\ny = 'é'\n"


class Ended(NamedTuple):
    code: int
    out: str
    err: str


class Rooms:
    """The rooms right of the command line: what they were asked, and what they answer."""

    def __init__(self) -> None:
        self.paths: tuple[str, ...] = ()
        self.settings = Settings()
        self.files: tuple[FileResult, ...] = ()
        self.notes: tuple[str, ...] = ()
        self.rendered: list[dict[str, Any]] = []
        self.pages: list[str] = []
        self.failure: BaseException | None = None

    def answer(self, settings: Settings) -> RunResult:
        self.settings = settings
        if self.failure is not None:
            raise self.failure
        return RunResult(settings.mode, self.files, 7, settings.unsafe_fixes, settings.require_proof, settings.verify)

    def run(
        self, paths: tuple[str, ...], settings: Settings, progress: Callable[[int, int], None]
    ) -> tuple[RunResult, tuple[str, ...]]:
        self.paths = paths
        progress(1, 2)
        return self.answer(settings), self.notes

    def render(self, form: str, result: RunResult, stream: TextIO, **options: Any) -> None:
        self.rendered.append({"format": form, **options})
        stream.write("REPORT\n")

    def write_report(self, result: RunResult, path: str) -> None:
        Path(path).write_text("PAGE")
        self.pages.append(path)


@pytest.fixture
def rooms(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Rooms:
    played = Rooms()

    def install(name: str, **members: Any) -> None:
        room = ModuleType(name)
        vars(room).update(members)
        monkeypatch.setitem(sys.modules, name, room)
        parent, _, child = name.rpartition(".")
        monkeypatch.setattr(import_module(parent), child, room, raising=False)

    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setattr(pipeline, "run", played.run)
    install("tdmigrate.reporting.render", render=played.render)
    install(
        "tdmigrate.reporting.diff",
        changes=lambda file: f"--- {file.path}\n+++ {file.path}\n-{file.bom}{file.old_text}+{file.bom}{file.new_text}",
    )
    install("tdmigrate.reporting.html", write_report=played.write_report)
    install(
        "tdmigrate.reporting.rule_pages",
        explain=lambda rule: f"page of {rule.code}\n",
        rule_list=lambda rules: "".join(f"{rule.code}\n" for rule in rules),
    )
    known = tuple(SimpleNamespace(code=code) for code in ("TD001", "K201"))
    install("tdmigrate.rules.registry", rules=lambda: known, codes=lambda: tuple(rule.code for rule in known))
    return played


Run = Callable[..., Ended]


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def tool(rooms: Rooms, capfd: pytest.CaptureFixture[str]) -> Run:
    def run(*arguments: str) -> Ended:
        capfd.readouterr()
        with pytest.raises(SystemExit) as ended:
            cli.main(arguments)
        captured = capfd.readouterr()
        assert "Traceback" not in captured.err
        assert isinstance(ended.value.code, int)
        return Ended(ended.value.code, captured.out, captured.err)

    return run


def file(*findings: Finding, path: str = "a.py", **fields: Any) -> FileResult:
    return FileResult(path, findings=findings, text=OLD, old_text=OLD, **fields)


def test_options_reach_the_run(tool: Run, rooms: Rooms) -> None:
    tool(
        *("--write", "--verify", "--require-proof", "--select", "TD,K2", "--select", "TD001", "--ignore", "K201"),
        *("--style", "exact", "--unsafe-fixes", "--td-style", "time-distributed", "--keras-version", "1.2"),
        *("--source-backend", "theano", "--exclude", "a/, *.py", "--exclude", "b", "--output-format", "json"),
        *("--jobs", "3", "--isolated", "--legacy-path", "k1", "x.py", "y"),
    )
    assert rooms.paths == ("x.py", "y")
    assert rooms.settings == Settings(
        mode="write",
        verify=True,
        require_proof=True,
        select=("TD", "K2", "TD001"),
        ignore=("K201",),
        style="exact",
        unsafe_fixes=True,
        td_style="time-distributed",
        keras_version="1.2",
        source_backend="theano",
        exclude=rooms.settings.exclude._replace(base=".", lines=("a/", "*.py", "b")),
        output_format="json",
        jobs=3,
        legacy_path="k1",
    )


def test_nothing_said_is_a_check_of_the_current_folder(
    tool: Run, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("TDMIGRATE_LEGACY", raising=False)
    assert tool() == Ended(0, "REPORT\n", "")
    assert rooms.paths == ()
    assert rooms.settings == Settings()
    assert rooms.rendered == [{"format": "text", "color": False, "quiet": False}]


def test_pyproject_counts_unless_told_otherwise(tool: Run, rooms: Rooms) -> None:
    Path("pyproject.toml").write_text("[tool.tdmigrate]\nunsafe-fixes = true\nverify = true\nstyle = 'exact'\n")
    Path("other.toml").write_text("[tool.tdmigrate]\nstyle = 'modern'\n")
    ended = tool()
    assert (rooms.settings.unsafe_fixes, rooms.settings.verify, rooms.settings.style) == (True, False, "exact")
    assert ended.err.startswith(f"tdmigrate: warning: {Path('pyproject.toml').absolute()}:3: `verify` is ignored")
    assert ended.err.count("\n") == 1
    tool("--config", "pyproject.toml")
    assert (rooms.settings.unsafe_fixes, rooms.settings.verify) == (True, True)
    tool("--isolated")
    assert rooms.settings.style == "faithful"
    tool("--config", "other.toml")
    assert rooms.settings.style == "modern"


@pytest.mark.parametrize(
    ("files", "code"),
    [
        ((), 0),
        ((file(NOTE),), 0),
        ((file(SAFE),), 1),
        ((file(NOTE, PERSON),), 1),
        ((file(fixed=(SAFE,)),), 0),
        ((file(proofs=(Proof("model", 1, "different"),)),), 1),
        ((file(proofs=(Proof("model", 1, "unproved", "data"),)),), 0),
        ((file(SAFE), file(error=FileError("E901", 1, "x", "y"))), 2),
    ],
)
@pytest.mark.parametrize("mode", ["--check", "--diff", "--write"])
@pytest.mark.parametrize("form", ["text", "json"])
def test_exit_codes(tool: Run, rooms: Rooms, files: tuple[FileResult, ...], code: int, mode: str, form: str) -> None:
    rooms.files = files
    assert tool(mode, "--output-format", form).code == code


def test_unproved_counts_when_proof_is_required(tool: Run, rooms: Rooms) -> None:
    rooms.files = (file(proofs=(Proof("model", 1, "unproved", "data"),)),)
    assert tool("--verify").code == 0
    assert tool("--verify", "--require-proof").code == 1


def test_errors_are_one_line_each_on_standard_error_whatever_the_format(tool: Run, rooms: Rooms) -> None:
    rooms.files = (
        file(path="a\n\x1b[31m\udce9.py", error=FileError("E901", 3, "bad\x07 thing", "mend it")),
        file(path="b.py", error=FileError("E902", None, "is gone", "look for it")),
    )
    lines = ["a\\n\\x1b[31m\\udce9.py:3: E901 bad\\x07 thing: mend it", "b.py: E902 is gone: look for it"]
    for form in ("text", "concise", "json", "github", "sarif"):
        ended = tool("-q", "--output-format", form)
        assert ended.err.splitlines() == lines
        assert ended.out == "REPORT\n"


def test_notes_are_for_those_who_want_them(tool: Run, rooms: Rooms) -> None:
    rooms.notes = ("no Python files under x",)
    assert tool().err == "tdmigrate: no Python files under x\n"
    assert tool("-q").err == ""
    assert rooms.rendered[-1]["quiet"] is True
    assert "looked at 7 files; settings from the command line" in tool("-v").err


def test_a_diff_has_standard_output_to_itself(tool: Run, rooms: Rooms) -> None:
    rooms.files = (file(SAFE, new_text=NEW), file(PERSON, path="b.py"))
    assert tool("--diff") == Ended(1, f"--- a.py\n+++ a.py\n-{OLD}+{NEW}", "REPORT\n")


@pytest.mark.parametrize("form", ["json", "sarif"])
def test_a_document_has_standard_output_to_itself(tool: Run, rooms: Rooms, form: str) -> None:
    rooms.files = (file(SAFE, new_text=NEW),)
    ended = tool("--diff", "--output-format", form)
    assert ended == Ended(1, "REPORT\n", f"--- a.py\n+++ a.py\n-{OLD}+{NEW}")


def test_no_diff_of_a_file_with_an_error(tool: Run, rooms: Rooms) -> None:
    rooms.files = (file(SAFE, new_text=NEW, error=FileError("E906", None, "x", "y")),)
    assert tool("--diff").out == ""


def test_a_diff_is_in_the_encoding_of_its_file(rooms: Rooms, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    rooms.files = (file(SAFE, path="caf\udce9.py", new_text=NEW.replace("\n", "\r\n"), encoding="latin-1"),)
    with pytest.raises(SystemExit):
        cli.main(["--diff"])
    out = capfdbinary.readouterr().out
    assert "+import keras\r\ny = 'é'\r\n".encode("latin-1") in out
    assert b"--- caf\xe9.py\n" in out


def test_a_diff_on_a_terminal_moves_no_cursor(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    rooms.files = (file(SAFE, new_text="import keras\n\tx = '\x1b[2J'\n"),)
    with pytest.raises(SystemExit):
        cli.main(["--diff"])
    assert "\tx = '\\x1b[2J'\n" in terminal.getvalue()


@pytest.mark.parametrize(
    ("arguments", "colored"),
    [((), False), (("--color", "always"), True), (("--color", "never"), False), (("--color", "auto"), False)],
)
def test_color(tool: Run, rooms: Rooms, arguments: tuple[str, ...], colored: bool) -> None:
    tool(*arguments)
    assert rooms.rendered[-1]["color"] is colored


@pytest.mark.parametrize(("no_color", "colored"), [("", True), ("1", False)])
def test_color_of_a_terminal(rooms: Rooms, monkeypatch: pytest.MonkeyPatch, no_color: str, colored: bool) -> None:
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setattr(sys, "stdout", Terminal())
    with pytest.raises(SystemExit):
        cli.main([])
    assert rooms.rendered[-1]["color"] is colored


@pytest.mark.parametrize(("arguments", "shown"), [((), True), (("--no-progress",), False), (("-q",), False)])
def test_progress_on_a_terminal(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], shown: bool
) -> None:
    def run(
        paths: tuple[str, ...], settings: Settings, progress: Progress
    ) -> tuple[RunResult, tuple[str, ...]]:
        for done in range(26):
            progress(done, 25)
        progress.proving(0, 2, "build_model\x1b[2J")
        progress.proving(1, 2, "x" * 200)
        return rooms.answer(settings), ()

    monkeypatch.setattr(pipeline, "run", run)
    monkeypatch.setenv("COLUMNS", "80")
    terminal = Terminal()
    monkeypatch.setattr(sys, "stderr", terminal)
    with pytest.raises(SystemExit):
        cli.main(arguments)
    text = terminal.getvalue()
    assert ("20/25 files" in text) is shown
    assert ("0/2 proofs: build_model" in text) is shown
    assert "\x1b" not in text
    lines = text.split("\r")
    assert max(map(len, lines)) < 80
    assert lines[-2:] == [" " * 79, ""] or not shown  # nothing stays on the line


@pytest.mark.parametrize("name", ["model.py", "x.pyw", "A.IPYNB"])
def test_no_page_is_written_over_a_source(name: str, tool: Run) -> None:
    ended = tool("--report", name)
    assert (ended.code, f"{name} would be a source no more" in ended.err) == (2, True)
    assert not Path(name).exists()


def test_report_is_written_too(tool: Run, rooms: Rooms) -> None:
    assert tool("--report", "page.html").code == 0
    assert rooms.pages == ["page.html"]
    ended = tool("--report", "no/such/folder/page.html")
    assert ended.code == 2
    assert ended.err.startswith("no/such/folder/page.html: E902 cannot be written (No such file or directory): ")


def stdin(monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data)))


@pytest.mark.parametrize("mode", ["--check", "--diff", "--write"])
def test_standard_input(tool: Run, rooms: Rooms, monkeypatch: pytest.MonkeyPatch, mode: str) -> None:
    stdin(monkeypatch, OLD.encode())

    def run_text(path: str, data: bytes, settings: Settings) -> RunResult:
        assert (path, data) == ("m/named.py", OLD.encode())
        written = settings.mode == "write"
        rooms.files = (file(SAFE, path=path, new_text=NEW, written=written),)
        return rooms.answer(settings)

    monkeypatch.setattr(pipeline, "run_text", run_text)
    ended = tool(mode, "-", "--stdin-filename", "m/named.py")
    assert ended.code == 1
    if mode == "--check":
        assert (ended.out, ended.err) == ("REPORT\n", "")
    elif mode == "--diff":
        assert ended.out.startswith("--- m/named.py\n")
    else:
        assert (ended.out, ended.err) == (NEW, "REPORT\n")


@pytest.mark.parametrize("data", [b"", b"x = 1\r\n", b"def f(:", b"\xff\xfe", b"\xef\xbb\xbfx = 1"])
def test_standard_input_that_stays_is_given_back(
    rooms: Rooms, monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes], data: bytes
) -> None:
    stdin(monkeypatch, data)
    with pytest.raises(SystemExit) as ended:
        cli.main(["--write", "-"])
    assert capfdbinary.readouterr().out == data
    assert ended.value.code == (2 if data in (b"def f(:", b"\xff\xfe") else 0)


def test_settings_for_standard_input_are_those_near_its_name(
    tool: Run, rooms: Rooms, monkeypatch: pytest.MonkeyPatch
) -> None:
    Path("m").mkdir()
    Path("m/pyproject.toml").write_text("[tool.tdmigrate]\nstyle = 'exact'\n")
    seen: list[str] = []

    def run_text(path: str, data: bytes, settings: Settings) -> RunResult:
        seen.append(settings.style)
        return rooms.answer(settings)

    monkeypatch.setattr(pipeline, "run_text", run_text)
    for arguments in (("-",), ("-", "--stdin-filename", "m/a.py")):
        stdin(monkeypatch, b"")
        tool(*arguments)
    assert seen == ["faithful", "exact"]


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--check", "--write"), "exclude each other"),
        (("--check", "--diff"), "exclude each other"),
        (("--diff", "--write"), "exclude each other"),
        (("--nonesuch",), "--nonesuch"),
        (("--style", "old"), "old"),
        (("--output-format", "xml"), "xml"),
        (("--jobs", "-1"), "-1"),
        (("--jobs", "many"), "many"),
        (("--keras-version", "2.0"), "2.0"),
        (("--select", "TD002"), "did you mean TD001?"),
        (("--ignore", "E901"), "always reported"),
        (("--require-proof",), "--verify"),
        (("--require-proof", "--no-verify"), "--verify"),
        (("--config", "missing.toml"), "missing.toml"),
        (("--config", "a.toml", "--isolated"), "exclude each other"),
        (("-", "a.py"), "stands alone"),
        (("--select",), "--select"),
        (("explain", "TD999"), "TD999"),
        (("explain",), "CODE"),
        (("rules", "x"), "x"),
        (("legacy", "nonesuch"), "nonesuch"),
    ],
)
def test_bad_usage(tool: Run, rooms: Rooms, arguments: tuple[str, ...], says: str) -> None:
    ended = tool(*arguments)
    assert ended.code == 2
    assert ended.out == ""
    assert says in ended.err.splitlines()[-1]
    assert rooms.rendered == []


def test_settings_that_are_wrong_stop_the_run(tool: Run, rooms: Rooms) -> None:
    Path("pyproject.toml").write_text("[tool.tdmigrate]\nstile = 'exact'\n")
    ended = tool()
    assert ended.code == 2
    assert "pyproject.toml: [tool.tdmigrate] stile: no such setting; did you mean style?" in ended.err
    assert rooms.rendered == []


def test_version_and_help(tool: Run) -> None:
    assert tool("--version") == Ended(0, f"tdmigrate {__version__}\n", "")
    ended = tool("--help")
    assert ended.code == 0
    for word in ("--check", "--require-proof", "tdmigrate explain", "tdmigrate rules", "tdmigrate legacy"):
        assert word in ended.out


def test_rules_and_explain(tool: Run) -> None:
    listed = tool("rules")
    assert listed.code == 0
    assert listed.out.split()[:2] == ["TD001", "K201"]
    assert "E901" in listed.out.split()
    for code in ("TD001", "td001", "E905"):
        assert tool("explain", code) == Ended(0, f"page of {code.upper()}\n", "")


def test_a_folder_named_as_a_command_is_reached_by_its_path(tool: Run, rooms: Rooms) -> None:
    tool("./rules")
    assert rooms.paths == ("./rules",)
    tool("--check", "rules")
    assert rooms.paths == ("rules",)
    Path("legacy").mkdir()
    ended = tool("legacy", "--check")
    assert ended.code == 2
    assert ended.err.endswith("tdmigrate: legacy is a command; the path is ./legacy\n")


def test_legacy(tool: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("TDMIGRATE_LEGACY", str(tmp_path / "k1"))
    assert tool("legacy", "path") == Ended(0, f"{tmp_path}/k1\n", "")
    assert tool("legacy", "remove") == Ended(0, "", f"tdmigrate: nothing to remove in {tmp_path}/k1\n")
    install = sys.modules["tdmigrate.verification.legacy.install"]

    def offline(**options: object) -> Path:
        raise vars(install)["LegacyUnavailable"]("no network: copy it by hand")

    monkeypatch.setattr(install, "install", offline)
    assert tool("legacy", "install") == Ended(2, "", "tdmigrate: no network: copy it by hand\n")
    monkeypatch.setattr(install, "install", lambda progress: tmp_path / "k1")
    assert tool("legacy", "install") == Ended(0, f"{tmp_path}/k1\n", "")


def test_an_internal_error_is_one_line(tool: Run, rooms: Rooms) -> None:
    rooms.failure = ValueError("one\ntwo")
    ended = tool()
    assert ended.code == 2
    assert ended.err.splitlines() == [
        "tdmigrate: E906 internal error (ValueError: one): report it; TDMIGRATE_DEBUG=1 shows where"
    ]


def test_an_internal_error_shows_where_when_asked(rooms: Rooms, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TDMIGRATE_DEBUG", "1")
    rooms.failure = ValueError("one")
    with pytest.raises(ValueError, match="one"):
        cli.main([])


def test_interrupted(tool: Run, rooms: Rooms) -> None:
    rooms.failure = KeyboardInterrupt()
    ended = tool()
    assert ended.code == 130
    assert ended.err.splitlines()[-1].startswith("tdmigrate: interrupted")


# From here on whole processes.


def process(*arguments: str, **options: Any) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-m", "tdmigrate", *arguments], capture_output=True, check=False, **options)


def test_the_module_is_the_command(tmp_path: Path) -> None:
    ended = process("--version", cwd=tmp_path)
    assert (ended.returncode, ended.stdout) == (0, f"tdmigrate {__version__}\n".encode())


@pytest.mark.parametrize("encoding", ["ascii", "utf-8", "latin-1"])
def test_names_that_no_terminal_shows(tmp_path: Path, encoding: str) -> None:
    name = os.fsencode(tmp_path) + b"/caf\xe9\n\xc3\xa9.py"
    with open(name, "wb") as source:
        source.write(b"def f(:")
    env = {**os.environ, "PYTHONIOENCODING": encoding, "PYTHONUTF8": "0"}
    ended = subprocess.run([sys.executable, "-m", "tdmigrate", name], capture_output=True, check=False, env=env)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert b"caf\\udce9\\n" in line
    assert b":1: E901 " in line


def test_a_reader_that_goes_away_is_no_traceback(tmp_path: Path) -> None:
    running = subprocess.Popen(
        [sys.executable, "-m", "tdmigrate", "--help"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=tmp_path
    )
    assert running.stdout is not None
    running.stdout.close()
    assert running.stderr is not None
    assert running.stderr.read() == b""
    running.stderr.close()
    assert running.wait() == 2


def test_a_full_disk_is_one_line(tmp_path: Path) -> None:
    with open("/dev/full", "wb") as full:
        ended = subprocess.run(
            [sys.executable, "-m", "tdmigrate", "--help"],
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=tmp_path,
            check=False,
        )
    assert (ended.returncode, ended.stderr) == (
        2,
        b"tdmigrate: stopped (No space left on device)\n",
    )


def test_ctrl_c_ends_every_process_quietly(tmp_path: Path) -> None:
    for number in range(40):
        (tmp_path / f"f{number}.py").write_text("import keras\n")
    # the check of each file is made to last
    script = (
        "import time\n"
        "import tdmigrate.rules.check as room\n"
        "room.read = lambda module, settings, origin: (open('started', 'w').close(), time.sleep(60))\n"
        "from tdmigrate.cli import main\n"
        "main(['--jobs', '3', '.'])\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", script],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
        start_new_session=True,
        text=True,
        preexec_fn=heed,
    )
    deadline = time.monotonic() + 20
    while not (tmp_path / "started").exists() and time.monotonic() < deadline:
        time.sleep(0.02)
    os.killpg(running.pid, signal.SIGINT)
    out, err = running.communicate(timeout=20)
    assert running.returncode == 130
    assert out == ""
    assert err.splitlines() == [
        "tdmigrate: interrupted; files that were written are whole, the others are as they were"
    ]


def test_pre_commit_hooks_call_the_command() -> None:
    text = (Path(__file__).parent.parent / ".pre-commit-hooks.yaml").read_text()
    hooks = [dict(line.strip(" -").split(": ", 1) for line in hook.splitlines()) for hook in text.split("\n- ")]
    assert [(hook["id"], hook["entry"], hook["language"]) for hook in hooks] == [
        ("tdmigrate", "tdmigrate --check", "python"),
        ("tdmigrate-write", "tdmigrate --write", "python"),
    ]


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX closes the streams")
@pytest.mark.parametrize("closed", [">&-", "2>&-", "<&-", ">&- 2>&- <&-"])
def test_closed_streams_are_no_matter(closed: str, tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("from keras.layers.core import TimeDistributedDense\nx = TimeDistributedDense(3)\n")
    command = f'"{sys.executable}" -m tdmigrate --isolated a.py {closed}'
    ended = subprocess.run(["sh", "-c", command], cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (ended.returncode, "Traceback" in ended.stderr) == (1, False)
