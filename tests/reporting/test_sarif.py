from __future__ import annotations

import json
import re
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest

from tdmigrate.findings import Finding, Severity, Span
from tdmigrate.reporting.sarif import uri
from tdmigrate.results import FileResult, RunResult
from tdmigrate.rules.registry import codes

from .runs import CALL, DIFFERENT, EQUAL, NOTE, PERSON, SYNTAX, UNPROVED, UNSAFE, hostile, rendered, result, run_of

FULL = run_of(
    result(CALL, UNSAFE, PERSON, NOTE, proofs=(EQUAL, DIFFERENT, UNPROVED)),
    FileResult("b.py", SYNTAX),
    FileResult("c.py", SYNTAX._replace(row=None)),
)


def sarif(run: RunResult) -> Any:
    return json.loads(rendered("sarif", run, "ascii"))


@pytest.mark.parametrize("run", [FULL, run_of(), hostile()], ids=["full", "empty", "hostile"])
def test_what_the_standard_requires(run: RunResult) -> None:
    log = sarif(run)
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    [only] = log["runs"]
    driver = only["tool"]["driver"]
    assert driver["name"] == "tdmigrate"
    assert only["columnKind"] == "unicodeCodePoints"
    ids = [rule["id"] for rule in driver["rules"]]
    assert len(set(ids)) == len(ids)
    for rule in (*driver["rules"], *driver["notifications"]):
        assert rule["shortDescription"]["text"]
    for one in only["results"]:
        assert one["message"]["text"]
        assert one["level"] in ("error", "warning", "note")
        assert ids[one["ruleIndex"]] == one["ruleId"]
        assert len(one["locations"]) == 1
        related = one.get("relatedLocations", [])
        assert len({location["id"] for location in related}) == len(related)
        for location in (*one["locations"], *related):
            check(location["physicalLocation"])
    [invocation] = only["invocations"]
    notifications = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] == (not notifications)
    for one in notifications:
        assert one["message"]["text"]
        assert one["descriptor"]["id"] in [error["id"] for error in driver["notifications"]]
        for location in one["locations"]:
            check(location["physicalLocation"])


def check(place: Any) -> None:
    # RFC 3986: what a URI reference may hold, and no scheme by accident
    assert re.fullmatch(r"(file://)?([A-Za-z0-9._~/-]|%[0-9A-F]{2})+", place["artifactLocation"]["uri"])
    region = place.get("region")
    if region is not None:
        assert region["startLine"] >= 1
        assert region.get("startColumn", 1) >= 1
        start = region["startLine"], region.get("startColumn", 1)
        assert start <= (region.get("endLine", start[0]), region.get("endColumn", start[1]))


def test_a_result() -> None:
    found = sarif(run_of(result(CALL)))["runs"][0]["results"]
    assert found == [
        {
            "ruleId": "TD001",
            "ruleIndex": codes().index("TD001"),
            "level": "error",
            "message": {"text": "it is Dense; becomes: Dense(10)"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": "models/tagger.py"},
                        "region": {"startLine": 3, "startColumn": 11, "endLine": 3, "endColumn": 35},
                    }
                }
            ],
            "relatedLocations": [
                {
                    "id": 1,
                    "message": {"text": "LSTM(return_sequences=True) gives (None, None, 128)"},
                    "physicalLocation": {
                        "artifactLocation": {"uri": "models/tagger.py"},
                        "region": {"startLine": 2, "startColumn": 11, "endLine": 2, "endColumn": 43},
                    },
                }
            ],
        }
    ]


def test_levels_and_errors() -> None:
    [only] = sarif(FULL)["runs"]
    assert [(one["ruleId"], one["level"]) for one in only["results"]] == [
        ("TD001", "error"),
        ("TD002", "error"),
        ("K205", "warning"),
        ("K206", "note"),
        ("different", "error"),
        ("unproved", "note"),
    ]
    first, second = only["invocations"][0]["toolExecutionNotifications"]
    assert first["locations"][0]["physicalLocation"]["region"] == {"startLine": 3}
    assert "region" not in second["locations"][0]["physicalLocation"]


def test_a_code_without_a_rule_has_no_index() -> None:
    finding = Finding("X999", Severity.ERROR, Span(1, 1, 1, 2), "m")
    [one] = sarif(run_of(result(finding)))["runs"][0]["results"]
    assert one["ruleId"] == "X999"
    assert "ruleIndex" not in one


def test_all_text_is_unicode() -> None:
    assert "\\ud" not in rendered("sarif", hostile(), "ascii").replace("\\\\ud", "")
    rendered("sarif", hostile(), "utf-8").encode("utf-8")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("models/tagger.py", "models/tagger.py"),
        ("./a b/é.py", "a%20b/%C3%A9.py"),
        ("../up.py", "../up.py"),
        ("/abs/a#b?.py", "file:///abs/a%23b%3F.py"),
        ("//abs/a.py", "file:///abs/a.py"),
        ("c:x.py", "c%3Ax.py"),
        ("100%.py", "100%25.py"),
        ("\udcff\n.py", "%FF%0A.py"),
        ("-", "-"),
    ],
)
def test_uri(path: str, expected: str) -> None:
    assert uri(path) == expected


def test_uri_gives_back_the_bytes_of_the_name() -> None:
    name = bytes(range(1, 256)).replace(b"/", b"")
    assert unquote_to_bytes(uri(name.decode("utf-8", "surrogateescape"))) == name
