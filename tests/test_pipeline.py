from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Callable, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tdmigrate.config import Settings
from tdmigrate.findings import Applicability, Finding, Fix, Severity, Span, TextEdit
from tdmigrate.patience import patience
from tdmigrate.pipeline import run, run_text
from tdmigrate.results import FileResult, Proof, RunResult
from tdmigrate.stages import all_files, guarding
from tdmigrate.stages.writing import encoded
from tdmigrate.understanding.module import Module
from tdmigrate.verification.changed import Changed
from tdmigrate.verification.modules import Texts

# The rooms right of the pipeline are played here by words in the source: SAFE is a finding with a safe fix, and so on.
# Every source needs the word keras, or nobody looks at it.


class Checked(NamedTuple):
    findings: tuple[Finding, ...]
    era: None = None
    facts: None = None


class ToldEra(NamedTuple):
    """An era: legacy, and nothing more is known."""

    legacy: bool = True
    maybe: bool = False
    proof: None = None


class Read(NamedTuple):
    module: Module
    search: None = None  # nothing in it is of Keras

    def era(self, settings: object) -> ToldEra:
        return ToldEra()


KINDS = {
    "SAFE": (Severity.ERROR, Applicability.SAFE),
    "UNSAFE": (Severity.ERROR, Applicability.UNSAFE),
    "DISPLAY": (Severity.WARNING, Applicability.DISPLAY),
    "PERSON": (Severity.ERROR, None),
    "NOTE": (Severity.NOTE, None),
}


class Misfit(Exception):  # noqa: N818  # the name that the rewriter has
    pass


def check(module: Module, settings: object, claims: object, reading: object = None) -> Checked:
    findings: list[Finding] = []
    for row, line in enumerate(module.text.splitlines(), 1):
        for column, word in enumerate(line.split(), 1):
            span = Span(row, column, row, column + 1)
            if word in KINDS:
                severity, kind = KINDS[word]
                fix = None if kind is None else Fix(kind, (TextEdit(span, "fixed"),))
                findings.append(Finding(word, severity, span, "m", fix=fix))
            elif word == "BUG":
                raise ValueError("first line\nsecond line")
            elif word == "DEEP":
                raise RecursionError
            elif word == "KILL":
                os._exit(3)
            elif word == "WARN":
                warnings.warn("once", stacklevel=1)
    return Checked(tuple(findings))


def read(module: Module, settings: object, origin: str) -> Read:
    return Read(module)


def rewrite(text: str, fixes: Sequence[Fix], followed: Sequence[Span]) -> tuple[str, dict[Span, Span]]:
    words = {Applicability.SAFE: "SAFE", Applicability.UNSAFE: "UNSAFE"}
    for fix in fixes:
        text = text.replace(f" {words[fix.applicability]}", " fixed")
    if "MISFIT" in text:
        raise Misfit("no such node at 3:4")
    text = text.replace("UNPARSABLE = 1", "UNPARSABLE = (")
    text = text.replace("CYRILLIC", "ж")
    return text.replace("TWICE", "SAFE"), {span: span for span in followed}


@pytest.fixture(autouse=True)
def rooms(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    monkeypatch.chdir(tmp_path)

    def install(name: str, **members: Any) -> None:
        room = import_module(name)
        for member, played in members.items():
            monkeypatch.setattr(room, member, played)

    install("tdmigrate.rules.check", check=check, read=read)
    install("tdmigrate.rewriting.apply", rewrite=rewrite, Misfit=Misfit)
    return install


Proving = Callable[[int, int, str], None]


def proving(rooms: Callable[..., None], *proofs: Proof) -> list[Changed]:
    asked: list[Changed] = []

    def verify_files(
        items: Sequence[Changed], settings: Settings, progress: Proving | None, texts: Texts
    ) -> dict[str, list[Proof]]:
        asked.extend(items)
        if progress is not None:
            progress(0, len(items), "model")
        return {item.path: list(proofs) for item in items}

    rooms("tdmigrate.verification.verify", verify_files=verify_files)
    return asked


def make(name: str, *lines: str) -> Path:
    path = Path(name)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{line}\n" for line in ("import keras", *lines)))
    return path


class Told:
    """Keeps what it is told of the progress."""

    def __init__(self) -> None:
        self.files: list[tuple[int, int]] = []
        self.proofs: list[tuple[int, int, str]] = []

    def __call__(self, done: int, total: int) -> None:
        self.files.append((done, total))

    def proving(self, done: int, total: int, model: str) -> None:
        self.proofs.append((done, total, model))


def go(*paths: str, **options: Any) -> RunResult:
    result, _ = run(paths, Settings(**options), Told())
    return result


def only(result: RunResult) -> FileResult:
    (file,) = result.files
    return file


def error(file: FileResult) -> tuple[str, int | None]:
    assert file.error is not None
    return file.error.code, file.error.row


def codes(findings: Sequence[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def test_check_reports_and_changes_nothing() -> None:
    path = make("a.py", "# SAFE", "# PERSON", "# NOTE")
    before = path.read_bytes()
    result = go(".")
    file = only(result)
    assert (file.path, file.status, file.new_text) == ("a.py", "findings", None)
    assert codes(file.findings) == ["SAFE", "PERSON", "NOTE"]
    assert result.summary[:6] == (1, 2, 1, 0, 1, 0)  # files, findings, fixable, fixed, notes, errors
    assert result.exit_code == 1
    assert path.read_bytes() == before


def test_check_does_not_load_the_rewriter(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py", "# SAFE")
    monkeypatch.setitem(sys.modules, "tdmigrate.rewriting.apply", None)
    assert go(".").exit_code == 1


def test_diff_holds_the_new_text_and_writes_nothing() -> None:
    path = make("a.py", "# SAFE", "# PERSON")
    result = go(".", mode="diff")
    file = only(result)
    assert file.new_text == "import keras\n# fixed\n# PERSON\n"
    assert file.old_text == path.read_text()
    assert codes(file.findings) == ["SAFE", "PERSON"]
    assert result.exit_code == 1


def test_write_fixes_and_tells_what_is_left() -> None:
    path = make("a.py", "# SAFE", "# PERSON", "# NOTE")
    result = go(".", mode="write")
    file = only(result)
    assert path.read_text() == "import keras\n# fixed\n# PERSON\n# NOTE\n" == file.text == file.new_text
    assert (codes(file.fixed), codes(file.findings)) == (["SAFE"], ["PERSON", "NOTE"])
    assert file.written
    assert result.exit_code == 1
    assert result.summary.fixed == 1


def test_write_with_nothing_left_is_0_and_a_second_run_is_quiet() -> None:
    path = make("a.py", "# SAFE", "# NOTE")
    assert go(".", mode="write").exit_code == 0
    written = path.stat().st_mtime_ns
    result = go(".", mode="write")
    assert (result.exit_code, codes(only(result).findings), only(result).written) == (0, ["NOTE"], False)
    assert path.stat().st_mtime_ns == written
    assert go(".").exit_code == 0


def test_what_a_rewrite_hides_from_the_second_check_is_still_left(rooms: Callable[..., None]) -> None:
    def forgetful(module: Module, settings: object, claims: object, reading: object = None) -> Checked:
        found = check(module, settings, claims)
        return found if "SAFE" in codes(found.findings) else Checked(())

    rooms("tdmigrate.rules.check", check=forgetful, read=read)
    make("a.py", "# SAFE", "# PERSON")
    result = go(".", mode="write")
    assert codes(only(result).findings) == ["PERSON"]
    assert result.exit_code == 1


@pytest.mark.parametrize(("unsafe", "text"), [(False, "# UNSAFE\n# DISPLAY\n"), (True, "# fixed\n# DISPLAY\n")])
def test_unsafe_fixes_only_when_asked_for_and_display_never(unsafe: bool, text: str) -> None:
    path = make("a.py", "# UNSAFE", "# DISPLAY")
    result = go(".", mode="write", unsafe_fixes=unsafe)
    assert path.read_text() == "import keras\n" + text
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (("x = 'MISFIT'",), "no such node at 3:4"),
        (("x = 'MISFIT\\nof two lines'",), "no such node"),
        (("UNPARSABLE = 1",), "syntax error"),
        (("# TWICE",), "row 2 of the new text would be fixed once more, SAFE"),
    ],
)
def test_a_rewrite_that_does_not_hold_leaves_the_file(lines: tuple[str, ...], says: str) -> None:
    path = make("a.py", *lines, "# SAFE", "# PERSON")
    make("b.py", "# SAFE")
    before = path.read_bytes()
    result = go(".", mode="write")
    bad, good = result.files
    assert error(bad) == ("E907", None)
    assert bad.error is not None
    assert says in bad.error.message
    assert codes(bad.findings) == ["SAFE", "PERSON"]
    assert path.read_bytes() == before
    assert good.written
    assert result.exit_code == 2


@pytest.mark.parametrize(("failure", "code"), [(KeyError("x"), "E906"), (RecursionError(), "E904")])
def test_a_rewriter_that_fails_loses_no_finding(rooms: Callable[..., None], failure: Exception, code: str) -> None:
    def fail(text: str, fixes: Sequence[Fix], followed: Sequence[Span]) -> tuple[str, dict[Span, Span]]:
        raise failure

    rooms("tdmigrate.rewriting.apply", rewrite=fail, Misfit=Misfit)
    path = make("a.py", "# SAFE")
    file = only(go(".", mode="write"))
    assert error(file) == (code, None)
    assert codes(file.findings) == ["SAFE"]
    assert "SAFE" in path.read_text()


def test_new_text_that_the_encoding_cannot_hold_leaves_the_file() -> None:
    path = Path("a.py")
    data = "# coding: latin-1\nimport keras  # é SAFE\nx = 'CYRILLIC'\n".encode("latin-1")
    path.write_bytes(data)
    result = go(".", mode="write")
    assert error(only(result)) == ("E903", 3)
    assert path.read_bytes() == data


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (b"import keras\nx = (\n", ("E901", 2)),
        (b"import keras\nprint 'x' if\n", ("E901", 2)),
        (b"import keras\nx = '\xe9'\n", ("E903", 2)),
        (b"import keras\0", ("E903", 1)),
        (b"# keras\n" * 700_000, ("E902", None)),
        (b"import keras # BUG\n", ("E906", None)),
        (b"import keras # DEEP\n", ("E904", None)),
    ],
)
@pytest.mark.parametrize("mode", ["check", "diff", "write"])
@pytest.mark.parametrize("named", [False, True])
def test_a_bad_file_is_left_and_the_others_are_done(
    data: bytes, expected: tuple[str, int | None], mode: str, named: bool
) -> None:
    bad = Path("m/bad.py")
    good = make("z.py", "# SAFE")
    bad.parent.mkdir()
    bad.write_bytes(data)
    result = go(*(["m/bad.py", "z.py"] if named else ["."]), mode=mode, select=("SAFE",), ignore=("E9",))
    (first, second) = result.files if named else reversed(result.files)
    if first.error is None:
        first, second = second, first
    assert error(first) == expected
    assert first.error is not None
    assert "\n" not in first.error.show()
    assert bad.read_bytes() == data
    assert codes(second.findings or second.fixed) == ["SAFE"]
    assert good.read_text().endswith("fixed\n") == (mode == "write")
    assert result.exit_code == 2
    assert result.summary.errors == 1


@pytest.mark.parametrize("data", [b"", b"\n", b"x = 1", b"\xef\xbb\xbf", b"# " + b"x" * 10_000_000])
def test_sources_with_nothing_to_say(data: bytes) -> None:
    Path("a.py").write_bytes(data)
    for paths in ((), ("a.py",)):
        result = go(*paths)
        assert (result.files, result.looked_at, result.exit_code) == ((), 1, 0)


def test_a_file_that_cannot_hold_legacy_code_is_not_decoded_unless_named() -> None:
    Path("a.py").write_bytes(b"def f(:\n")
    assert go(".").exit_code == 0
    assert error(only(go("a.py"))) == ("E901", 1)


def test_missing_and_broken_paths() -> None:
    make("z.py", "# SAFE")
    Path("broken.py").symlink_to("nowhere")
    result = go("missing.py", "missing", "broken.py", "z.py")
    assert [error(file) for file in result.files[:3]] == [("E902", None)] * 3
    assert codes(result.files[3].findings) == ["SAFE"]
    assert result.exit_code == 2


def test_a_file_that_goes_away_meanwhile(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py", "# SAFE")
    make("b.py", "# SAFE")
    real = all_files._may_matter

    def then_gone(path: str) -> bool:
        found = real(path)
        if path == "a.py":
            os.unlink(path)
        return found

    monkeypatch.setattr(all_files, "_may_matter", then_gone)
    result = go(".")
    assert error(result.files[0]) == ("E902", None)
    assert codes(result.files[1].findings) == ["SAFE"]


def test_a_file_that_changes_meanwhile_is_left(rooms: Callable[..., None]) -> None:
    path = make("a.py", "# SAFE")

    def verify_files(
        items: Sequence[Changed], settings: Settings, progress: Proving | None, texts: Texts
    ) -> dict[str, list[Proof]]:
        path.write_text("import keras  # somebody's edit\n")
        return {}

    rooms("tdmigrate.verification.verify", verify_files=verify_files)
    result = go(".", mode="write", verify=True)
    assert error(only(result)) == ("E905", None)
    assert codes(only(result).findings) == ["SAFE"]
    assert path.read_text() == "import keras  # somebody's edit\n"


def test_a_folder_that_cannot_be_written(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py", "# SAFE")
    make("b.py", "# SAFE").chmod(0o444)

    def denied(*args: object, **kwargs: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("tdmigrate.sources.text._nameless", denied)
    result = go(".", mode="write")
    assert [error(file) for file in result.files] == [("E902", None)] * 2
    assert [codes(file.findings) for file in result.files] == [["SAFE"]] * 2
    assert sorted(os.listdir()) == ["a.py", "b.py"]


EQUAL = Proof("model", 3, "equal", legacy="keras 1.2.2 theano", modern="keras 3.15.1 tensorflow")
DIFFERENT = Proof("model", 3, "different", first_difference="lstm_1")
UNPROVED = Proof("model", 3, "unproved", "reads data")


@pytest.mark.parametrize(
    ("proofs", "require", "written", "code"),
    [
        ((), True, True, 0),
        ((EQUAL,), False, True, 0),
        ((EQUAL,), True, True, 0),
        ((UNPROVED,), False, True, 0),
        ((UNPROVED,), True, True, 1),
        ((EQUAL, DIFFERENT), False, False, 1),
    ],
)
def test_write_with_proofs(
    rooms: Callable[..., None], proofs: tuple[Proof, ...], require: bool, written: bool, code: int
) -> None:
    path = make("a.py", "# SAFE")
    asked = proving(rooms, *proofs)
    result = go(".", mode="write", verify=True, require_proof=require)
    file = only(result)
    assert [(item.path, item.old_text, item.new_text) for item in asked] == [
        ("a.py", "import keras\n# SAFE\n", "import keras\n# fixed\n")
    ]
    assert file.proofs == proofs
    assert (file.written, "fixed" in path.read_text()) == (written, written)
    assert (file.kept is None) == written
    assert codes(file.findings) == ([] if written else ["SAFE"])
    assert result.exit_code == code


@pytest.mark.parametrize("mode", ["check", "diff"])
def test_proofs_without_writing(rooms: Callable[..., None], mode: str) -> None:
    path = make("a.py", "# SAFE")
    make("b.py", "# PERSON")
    asked = proving(rooms, EQUAL)
    result = go(".", mode=mode, verify=True)
    assert [item.path for item in asked] == ["a.py"]
    assert [file.proofs for file in result.files] == [(EQUAL,), ()]
    assert "SAFE" in path.read_text()
    assert (result.summary.proved, result.exit_code) == (1, 1)


def test_a_verification_that_fails_writes_nothing(rooms: Callable[..., None]) -> None:
    path = make("a.py", "# SAFE")

    def verify_files(
        items: Sequence[Changed], settings: Settings, progress: Proving | None, texts: Texts
    ) -> dict[str, list[Proof]]:
        raise OSError("no space")

    rooms("tdmigrate.verification.verify", verify_files=verify_files)
    result = go(".", mode="write", verify=True)
    assert error(only(result)) == ("E906", None)
    assert "SAFE" in path.read_text()


def test_internal_errors_show_where_they_come_from_when_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    make("a.py", "# BUG")
    monkeypatch.setenv(guarding.DEBUG, "1")
    with pytest.raises(ValueError, match="first line"):
        go(".")


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [True, False])
def test_bytes_beside_a_fix_stay(newline: str, bom: bytes, end: bool) -> None:
    text = newline.join(["import keras", "x = 'é'\t# SAFE", "y = 1   "]) + newline * end
    path = Path("a.py")
    path.write_bytes(bom + text.encode())
    path.chmod(0o751)
    assert go(".", mode="write").exit_code == 0
    assert path.read_bytes() == bom + text.replace("SAFE", "fixed").encode()
    assert path.stat().st_mode & 0o777 == 0o751


def test_a_link_and_its_target_are_written_once() -> None:
    make("b.py", "# SAFE")
    Path("a.py").symlink_to("b.py")
    result = go(".", mode="write")
    assert only(result).path == "a.py"
    assert Path("a.py").is_symlink()
    assert "fixed" in Path("b.py").read_text()


def test_standard_input() -> None:
    data = b"\xef\xbb\xbfimport keras\r\n# SAFE\r\n"
    result = run_text("named.py", data, Settings(mode="write"))
    file = only(result)
    assert (file.path, file.new_text, result.exit_code) == ("named.py", "import keras\r\n# fixed\r\n", 0)
    assert encoded(data, file) == data.replace(b"SAFE", b"fixed")
    assert run_text("-", b"", Settings()).exit_code == 0
    assert error(only(run_text("-", b"def f(:", Settings()))) == ("E901", 1)
    assert error(only(run_text("-", b"\xff", Settings()))) == ("E903", 1)


def test_a_file_that_takes_too_long(monkeypatch: pytest.MonkeyPatch, rooms: Callable[..., None]) -> None:
    def slow(module: Module, settings: object, claims: object, reading: object = None) -> Checked:
        while module.path == "a.py":
            pass
        return check(module, settings, claims)

    rooms("tdmigrate.rules.check", check=slow, read=read)
    monkeypatch.setattr(guarding, "patience", lambda: patience(0.1))
    make("a.py")
    make("b.py", "# SAFE")
    slow_file, other = go(".").files
    assert error(slow_file) == ("E908", None)
    assert codes(other.findings) == ["SAFE"]


def test_progress_counts_the_files_that_matter() -> None:
    make("a.py")
    make("b.py")
    Path("c.py").write_text("x = 1\n")
    told = Told()
    run(["."], Settings(), told)
    assert told.files == [(0, 2), (1, 2)] * 2  # what each says by itself, then with what its project says


def test_progress_tells_of_the_proofs(rooms: Callable[..., None]) -> None:
    proving(rooms, EQUAL)
    make("a.py", "# SAFE")
    make("b.py", "# SAFE")
    told = Told()
    run(["."], Settings(verify=True), told)
    assert told.proofs == [(0, 2, "model")]


def test_many_files_over_processes_are_as_over_one() -> None:
    for number in range(50):
        make(f"m{number % 7}/f{number}.py", "# SAFE" if number % 3 else "# PERSON", "# BUG" if number == 40 else "")
    Path("m3/bad.py").write_bytes(b"import keras\n\xff")
    one = go(".", jobs=1)
    assert len(one.files) == 51
    assert go(".") == go(".", jobs=3) == one
    written = go(".", jobs=2, mode="write")
    assert written.summary.fixed == 33 - 1  # one of them has the bug
    assert written.exit_code == 2


def test_a_file_that_kills_its_process_is_an_error_of_that_file() -> None:
    for number in range(12):
        make(f"f{number:02}.py", "# KILL" if number in (4, 9) else "# SAFE")
    result = go(".", jobs=2)
    assert [file.path for file in result.files if file.error] == ["f04.py", "f09.py"]
    assert [error(file) for file in result.files if file.error] == [("E906", None)] * 2
    assert [codes(file.findings) for file in result.files if not file.error] == [["SAFE"]] * 10


def test_a_proof_gets_the_texts_of_the_project(rooms: Callable[..., None]) -> None:
    given: list[Texts] = []

    def verify_files(
        items: Sequence[Changed], settings: Settings, progress: Proving | None, texts: Texts
    ) -> dict[str, list[Proof]]:
        given.append(texts)
        return {item.path: [EQUAL] for item in items}

    rooms("tdmigrate.verification.verify", verify_files=verify_files)
    Path("sub").mkdir()
    old = make("a.py", "# SAFE").read_text()
    other = make("b.py").read_text()
    run([".", "sub"], Settings(verify=True), Told())
    (texts,) = given
    assert texts.roots == (".", ".", "sub")
    paths = [os.path.realpath(name) for name in ("a.py", "b.py")]
    assert [texts.old(path) for path in paths] == [old, other]
    assert texts.new(paths[0]) != old
    assert texts.new(paths[1]) == other
