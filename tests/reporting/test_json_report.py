from __future__ import annotations

import json
import math
from typing import Any

import pytest

from tdmigrate import __version__
from tdmigrate.results import Difference, FileResult, Outputs, Step

from .runs import CALL, DIFFERENT, EQUAL, HOSTILE, NOTE, PERSON, SYNTAX, UNPROVED, hostile, rendered, result, run_of


def report(*files: FileResult, **fields: Any) -> Any:
    return json.loads(rendered("json", run_of(*files, **fields), "ascii"))


def test_golden() -> None:
    file = result(CALL, keras_version="1.x", source_backend="theano")
    assert report(file) == {
        "tool": "tdmigrate",
        "version": __version__,
        "schema": 1,
        "files": [
            {
                "path": "models/tagger.py",
                "status": "findings",
                "error": None,
                "keras_version": "1.x",
                "source_backend": "theano",
                "findings": [
                    {
                        "code": "TD001",
                        "severity": "error",
                        "message": "it is Dense",
                        "symbol": "keras.layers.core.TimeDistributedDense",
                        "cell": None,
                        "location": {"row": 3, "column": 11},
                        "end_location": {"row": 3, "column": 35},
                        "rank": 3,
                        "evidence": [
                            {"row": 2, "column": 11, "message": "LSTM(return_sequences=True) gives (None, None, 128)"}
                        ],
                        "fix": {"applicability": "safe", "replacement": "Dense(10)"},
                    }
                ],
                "proofs": [],
            }
        ],
        "summary": {
            "files": 1, "findings": 1, "fixable": 1, "errors": 0, "proved": 0, "failed": 0, "unproved": 0
        },
    }  # fmt: skip


def test_proofs() -> None:
    found = report(result(proofs=(EQUAL, DIFFERENT, UNPROVED)))
    assert found["files"][0]["proofs"] == [
        {
            "model": "build_model",
            "row": 8,
            "status": "equal",
            "reason": None,
            "outputs": {"max_abs": 1.1e-16, "dtype": "float64"},
            "step": {"loss": 2.2e-16, "weights": 1.1e-16, "of": "made up"},
            "evaluate": {"max_abs": 1.1e-16, "numbers": ["loss", "acc"]},
            "legacy": "keras 1.2.2 theano",
            "modern": "keras 3.15.1 tensorflow",
            "first_difference": None,
            "difference": None,
        },
        {
            "model": "model",
            "row": 3,
            "status": "different",
            "reason": "they differ",
            "outputs": {"max_abs": 0.5, "dtype": "float64"},
            "step": None,
            "evaluate": None,
            "legacy": "keras 1.2.2 theano",
            "modern": "keras 3.15.1 tensorflow",
            "first_difference": "lstm_1",
            "difference": None,
        },
        {
            "model": "model",
            "row": 3,
            "status": "unproved",
            "reason": "its sizes come from a file",
            "outputs": None,
            "step": None,
            "evaluate": None,
            "legacy": None,
            "modern": None,
            "first_difference": None,
            "difference": None,
        },
    ]
    assert found["summary"] == {
        "files": 1, "findings": 0, "fixable": 0, "errors": 0, "proved": 1, "failed": 1, "unproved": 1
    }  # fmt: skip


def test_where_models_part() -> None:
    ranges = ((-1.0, 1.0), (-0.5, math.inf))
    difference = Difference("lstm_1", "LSTM", "LSTM", (2, 1), (0.5, math.nan), ranges, "A2", ("old", "new"))
    found = report(result(proofs=(DIFFERENT._replace(difference=difference),)))
    assert found["files"][0]["proofs"][0]["difference"] == {
        "layer": "lstm_1",
        "old": "LSTM",
        "new": "LSTM",
        "place": [2, 1],
        "values": [0.5, None],
        "ranges": [[-1.0, 1.0], [-0.5, None]],
        "trap": "A2",
        "programs": {"old": "old", "new": "new"},
    }


def test_status() -> None:
    found = report(result(NOTE), result(PERSON), FileResult("a.py", SYNTAX), looked_at=7)
    assert [file["status"] for file in found["files"]] == ["clean", "findings", "error"]
    assert found["files"][2]["error"] == {
        "code": "E901", "cell": None, "row": 3, "message": "invalid syntax", "advice": "mend it",
    }  # fmt: skip
    assert found["files"][1]["findings"][0]["fix"] is None
    assert (found["summary"]["files"], found["summary"]["findings"], found["summary"]["errors"]) == (7, 1, 1)


@pytest.mark.parametrize("value", [math.nan, math.inf])
def test_numbers_that_json_has_no_word_for(value: float) -> None:
    def refuse(name: str) -> None:
        raise AssertionError(name)

    proof = DIFFERENT._replace(outputs=Outputs(value, "float64"), step=Step(value, value))
    found = json.loads(rendered("json", run_of(result(proofs=(proof,)))), parse_constant=refuse)
    assert found["files"][0]["proofs"][0]["outputs"] == {"max_abs": None, "dtype": "float64"}
    assert found["files"][0]["proofs"][0]["step"] == {"loss": None, "weights": None, "of": "made up"}


def test_any_text_comes_back_as_it_was() -> None:
    [file] = json.loads(rendered("json", hostile(), "ascii"))["files"]
    finding = file["findings"][0]
    assert {file["path"], file["error"]["message"], finding["message"], finding["fix"]["replacement"]} == {HOSTILE}
    assert {file["proofs"][0]["reason"], finding["evidence"][0]["message"]} == {HOSTILE}
