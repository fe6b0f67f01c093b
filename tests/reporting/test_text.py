from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from tdmigrate.findings import Applicability, Finding, Fix, Severity, Span
from tdmigrate.reporting import html
from tdmigrate.results import Conclusion, FileResult, Outputs

from .runs import (
    CALL,
    DIFFERENT,
    EQUAL,
    IMPORT,
    NOTE,
    PERSON,
    SYNTAX,
    UNPROVED,
    UNSAFE,
    hostile,
    rendered,
    result,
    run_of,
)

FORMATS = ("text", "concise", "github", "json", "sarif")


def test_golden() -> None:
    assert rendered("text", run_of(result(IMPORT, CALL, PERSON, NOTE))) == (
        """\
models/tagger.py:1:31: TD006 [*] import of it
  |
1 | from keras.layers.core import TimeDistributedDense
  |                               ^^^^^^^^^^^^^^^^^^^^
  |

models/tagger.py:3:11: TD001 [*] it is Dense
  |
3 | model.add(TimeDistributedDense(10))
  |           ^^^^^^^^^^^^^^^^^^^^^^^^
  |
  = because line 2: LSTM(return_sequences=True) gives (None, None, 128)
  = becomes: Dense(10)

models/tagger.py:2:11: K205 look at it
  |
2 | model.add(LSTM(128, return_sequences=True))
  |           ^^^^
  |

models/tagger.py:2:11: K206 note: worth knowing
  |
2 | model.add(LSTM(128, return_sequences=True))
  |           ^^^^
  |

Found 3 findings in 1 file (2 fixable with --write, 1 needs a person).
1 note besides.
"""
    )


def test_concise() -> None:
    assert rendered("concise", run_of(result(CALL, NOTE, proofs=(UNPROVED,)), verified=True)) == (
        """\
models/tagger.py:3:11: TD001 [*] it is Dense
models/tagger.py:2:11: K206 note: worth knowing
models/tagger.py:3: unproved model `model`: its sizes come from a file
Found 1 finding in 1 file (1 fixable with --write).
1 note besides.
Proofs: 1 unproved:
  1 × its sizes come from a file.
"""
    )


def test_what_was_concluded_of_files_is_a_line_for_each_conclusion() -> None:
    pinned = Conclusion("Keras 1.0.4 on theano", ("requirements.txt:1: keras==1.0.4",), ())
    own = pinned._replace(own=("b.py:3: imports theano",))
    other = Conclusion("Keras 0.1-1.2, tensorflow assumed", (), ())
    run = run_of(
        result(NOTE, path="a.py", conclusion=pinned),
        result(NOTE, path="c.py", conclusion=other),
        result(NOTE, path="b.py", conclusion=own),
    )
    assert rendered("text", run).splitlines()[-4:-2] == [
        "a.py and 1 file more: written for Keras 1.0.4 on theano (requirements.txt:1: keras==1.0.4; b.py:3: imports "
        "theano).",
        "c.py: written for Keras 0.1-1.2, tensorflow assumed (no line says more).",
    ]
    assert "written for" not in rendered("text", run, quiet=True)
    page = "".join(html.page(run))
    assert "<p>Written for Keras 1.0.4 on theano</p>" in page
    assert "<li>b.py:3: imports theano</li>" in page


def test_quiet_leaves_out_notes_and_summary() -> None:
    run = run_of(result(CALL, NOTE), result(NOTE, path="noted.py"))
    assert rendered("concise", run, quiet=True) == "models/tagger.py:3:11: TD001 [*] it is Dense\n"
    assert "Found" not in rendered("text", run, quiet=True)
    assert "notice" not in rendered("github", run, quiet=True)
    assert "K206" in rendered("json", run, quiet=True)


def test_unsafe_fixes_are_told_apart() -> None:
    without = rendered("text", run_of(result(UNSAFE)))
    assert "TD002 rank 4" in without
    assert "= becomes, with --unsafe-fixes: New(10)" in without
    assert "(1 with --unsafe-fixes)" in without
    asked = rendered("text", run_of(result(UNSAFE), unsafe_fixes=True))
    assert "TD002 [*] rank 4" in asked
    assert "= becomes (unsafe fix): New(10)" in asked
    assert "(1 fixable with --write)" in asked


def test_an_unsafe_fix_elsewhere_is_still_told() -> None:
    finding = UNSAFE._replace(fix=Fix(Applicability.UNSAFE, ()))
    assert "= can be fixed with --unsafe-fixes" in rendered("text", run_of(result(finding)))


def test_a_fix_for_display_is_no_fix() -> None:
    finding = CALL._replace(fix=Fix(Applicability.DISPLAY, (), (), "Dense(10)"))
    report = rendered("text", run_of(result(finding)))
    assert "[*]" not in report
    assert "= could become, by hand: Dense(10)" in report
    assert "1 needs a person" in report


def test_new_text_of_several_lines() -> None:
    report = rendered("text", run_of(result(CALL._replace(fix=Fix(Applicability.SAFE, (), (), "Dense(\n\t10,\r\n)")))))
    assert "  = becomes: Dense(\n  =       10,\n  =   )\n" in report


def test_line_numbers_are_aligned() -> None:
    finding = Finding("K101", Severity.ERROR, Span(9, 1, 15, 2), "moved")
    text = "".join(f"row({number}\n" for number in range(1, 15)) + ")\n"
    assert rendered("text", run_of(result(finding, text=text)), quiet=True) == (
        """\
models/tagger.py:9:1: K101 moved
   |
 9 | row(9
   | ^^^^^
10 | row(10
   | ^^^^^^
11 | row(11
   | ^^^^^^
...
15 | )
   | ^
   |

"""
    )


def test_new_text_of_eight_lines_is_whole() -> None:
    new = "\n".join("abcdefgh")
    report = rendered("text", run_of(result(CALL._replace(fix=Fix(Applicability.SAFE, (), (), new)))))
    assert "=   h\n" in report
    assert "lines more" not in report


def test_new_text_without_end_is_cut() -> None:
    long = "\n".join(["x" * 500] * 50)
    report = rendered("text", run_of(result(CALL._replace(fix=Fix(Applicability.SAFE, (), (), long)))))
    assert "... 43 lines more" in report
    assert max(map(len, report.splitlines())) < 130


@pytest.mark.parametrize("kind", ["text", "concise", "html"])
def test_masked_steps_and_a_step_that_was_not_made_are_told(kind: str, tmp_path: Path) -> None:
    proof = EQUAL._replace(
        reason="step not compared: it has no gradient",
        outputs=Outputs(1e-16, "float64", 12),
        step=None,
        evaluate=None,
    )
    run = run_of(result(proofs=(proof,)), verified=True)
    if kind == "html":
        html.write_report(run, str(tmp_path / "page.html"))
        report = (tmp_path / "page.html").read_text()
    else:
        report = rendered(kind, run)
    told = "equal, largest difference 1e-16, 12 masked steps set aside, step not compared: it has no gradient ("
    assert told in report


def test_proofs() -> None:
    run = run_of(result(proofs=(EQUAL, DIFFERENT, UNPROVED)), verified=True)
    assert rendered("text", run) == (
        """\
models/tagger.py:8: proved model `build_model`: equal, largest difference 1.1e-16, evaluate (loss, acc) \
differs by 1.1e-16, after a training step the loss differs by 2.2e-16, \
weights by 1.1e-16 (keras 1.2.2 theano / keras 3.15.1 tensorflow)
models/tagger.py:3: different model `model`: they differ (keras 1.2.2 theano / keras 3.15.1 tensorflow); \
first layer that differs: lstm_1
models/tagger.py:3: unproved model `model`: its sizes come from a file

Nothing to migrate in 1 file.
Proofs: 1 equal, 1 different, 1 unproved:
  1 × its sizes come from a file.
"""
    )


@pytest.mark.parametrize(
    ("files", "fields", "said"),
    [
        ((), {"looked_at": 12}, "Nothing to migrate in 12 files."),
        ((), {"looked_at": 1, "verified": True}, "Nothing to migrate in 1 file.\nProofs: none."),
        ((FileResult("a.py", SYNTAX),), {}, "1 file could not be done."),
        ((FileResult("a.py", SYNTAX),), {"looked_at": 3}, "Nothing to migrate in 2 files.\n1 file could not be done."),
        ((result(NOTE),), {}, "Nothing to migrate in 1 file.\n1 note besides."),
        (
            (result(PERSON, fixed=(CALL, IMPORT), written=True), result(CALL, path="b.py", kept="a proof failed")),
            {"mode": "write"},
            "Found 4 findings in 2 files (2 fixed, 1 not written, 1 needs a person).",
        ),
        ((result(PERSON, PERSON),), {}, "Found 2 findings in 1 file (2 need a person)."),
    ],
)
def test_summary(files: tuple[FileResult, ...], fields: dict[str, Any], said: str) -> None:
    assert rendered("text", run_of(*files, **fields)).split("\n\n")[-1] == said + "\n"


def test_what_writing_did() -> None:
    run = run_of(
        result(fixed=(CALL, IMPORT), written=True), result(CALL, path="b.py", kept="a proof failed"), mode="write"
    )
    report = rendered("concise", run)
    assert "models/tagger.py: rewritten, 2 findings fixed\n" in report
    assert "b.py: not written: a proof failed\n" in report
    assert "[*]" not in report


def test_colour_changes_nothing_but_colour() -> None:
    run = run_of(result(IMPORT, CALL, UNSAFE, PERSON, NOTE, proofs=(EQUAL, DIFFERENT, UNPROVED)))
    for format in ("text", "concise"):
        coloured = rendered(format, run, color=True)
        assert "\x1b[31m" in coloured
        assert re.sub(r"\x1b\[\d+m", "", coloured) == rendered(format, run)


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("encoding", ["utf-8", "ascii", "latin-1", "cp1252", "utf-16", "shift_jis"])
def test_nothing_hostile_reaches_the_stream(format: str, encoding: str) -> None:
    report = rendered(format, hostile(), encoding)
    assert all(line.isprintable() for line in report.split("\n"))
    assert not [line for line in report.split("\n") if line.startswith("::error::x")]


@pytest.mark.parametrize("format", ["text", "concise"])
def test_a_hostile_name_breaks_no_line(format: str) -> None:
    report = rendered(format, run_of(result(CALL, path="a\nb\x1b[2J\udcff.py")))
    assert report.startswith("a\\nb\\x1b[2J\\udcff.py:3:11: TD001 [*]")


def test_a_finding_outside_its_source_is_still_reported() -> None:
    finding = Finding("K101", Severity.ERROR, Span(99, 1, 99, 4), "moved")
    assert rendered("text", run_of(result(finding))).startswith("models/tagger.py:99:1: K101 moved\n\n")
