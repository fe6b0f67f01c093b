"""Small runs to report on."""

from __future__ import annotations

import io
from typing import Any

from tdmigrate.findings import Applicability, Evidence, Finding, Fix, Severity, Span
from tdmigrate.reporting.render import render
from tdmigrate.results import Conclusion, Evaluate, FileError, FileResult, Outputs, Proof, RunResult, Step

TEXT = """from keras.layers.core import TimeDistributedDense
model.add(LSTM(128, return_sequences=True))
model.add(TimeDistributedDense(10))
"""

IMPORT = Finding("TD006", Severity.ERROR, Span(1, 31, 1, 51), "import of it", fix=Fix(Applicability.SAFE, ()))
CALL = Finding(
    "TD001",
    Severity.ERROR,
    Span(3, 11, 3, 35),
    "it is Dense",
    symbol="keras.layers.core.TimeDistributedDense",
    rank=3,
    evidence=(Evidence(Span(2, 11, 2, 43), "LSTM(return_sequences=True) gives (None, None, 128)"),),
    fix=Fix(Applicability.SAFE, (), (), "Dense(10)"),
)
UNSAFE = Finding(
    "TD002", Severity.ERROR, Span(3, 11, 3, 35), "rank 4", fix=Fix(Applicability.UNSAFE, (), (), "New(10)")
)
PERSON = Finding("K205", Severity.WARNING, Span(2, 11, 2, 15), "look at it")
NOTE = Finding("K206", Severity.NOTE, Span(2, 11, 2, 15), "worth knowing")

RAN = ("keras 1.2.2 theano", "keras 3.15.1 tensorflow")
EQUAL = Proof(
    "build_model", 8, "equal", None, Outputs(1.1e-16, "float64"), Step(2.2e-16, 1.1e-16), *RAN,
    evaluate=Evaluate(1.1e-16, ("loss", "acc")),
)  # fmt: skip
DIFFERENT = Proof("model", 3, "different", "they differ", Outputs(0.5, "float64"), None, *RAN, "lstm_1")
UNPROVED = Proof("model", 3, "unproved", "its sizes come from a file")

SYNTAX = FileError("E901", 3, "invalid syntax", "mend it")

# everything that a report must not let through: a new line, an escape sequence, a right-to-left override, markup,
# workflow commands, a file name that is not UTF-8, a surrogate that no file name has
HOSTILE = "\n::error::x%,:\r\x1b[31m\u202e<script>alert(1)</script>&\"'\udcff\ud800é日.py"


def result(*findings: Finding, path: str = "models/tagger.py", text: str = TEXT, **fields: Any) -> FileResult:
    return FileResult(path, findings=findings, text=text, old_text=text, **fields)


def run_of(*files: FileResult, mode: str = "check", looked_at: int | None = None, **fields: Any) -> RunResult:
    return RunResult(mode, files, len(files) if looked_at is None else looked_at, **fields)


def hostile() -> RunResult:
    """Every text of it is hostile, and one span points outside the source."""
    span = Span(1, 3, 2, 9)
    finding = Finding(
        "TD001",
        Severity.ERROR,
        span,
        HOSTILE,
        HOSTILE,
        3,
        (Evidence(span, HOSTILE),),
        Fix(Applicability.SAFE, (), (), HOSTILE),
    )
    outside = finding._replace(span=Span(90, 7, 91, 2), fix=None)
    proofs = tuple(
        Proof(HOSTILE, 1, status, HOSTILE, None, None, HOSTILE, HOSTILE, HOSTILE)
        for status in ("equal", "different", "unproved")
    )
    error = FileError("E901", 1, HOSTILE, HOSTILE)
    return run_of(
        FileResult(
            HOSTILE,
            error,
            HOSTILE,
            HOSTILE,
            (finding, outside),
            (finding,),
            proofs,
            HOSTILE,
            HOSTILE,
            "new",
            conclusion=Conclusion(HOSTILE, (HOSTILE,), (HOSTILE,)),
            kept=HOSTILE,
        ),
        verified=True,
    )


def rendered(format: str, run: RunResult, encoding: str = "utf-8", *, color: bool = False, quiet: bool = False) -> str:
    """What ``render`` writes to a stream of an encoding, strictly."""
    data = io.BytesIO()
    stream = io.TextIOWrapper(data, encoding=encoding, errors="strict", newline="\n")
    render(format, run, stream, color=color, quiet=quiet)
    stream.flush()
    return data.getvalue().decode(encoding)
