from __future__ import annotations

from html.parser import HTMLParser
from pathlib import Path

import pytest

from tdmigrate.findings import Applicability, Fix
from tdmigrate.reporting.html import page, write_report
from tdmigrate.results import FileResult, RunResult

from .runs import (
    CALL,
    DIFFERENT,
    EQUAL,
    IMPORT,
    NOTE,
    PERSON,
    SYNTAX,
    TEXT,
    UNPROVED,
    UNSAFE,
    hostile,
    result,
    run_of,
)

VOID = ("meta",)


class Page(HTMLParser):
    """Checks that tags match, and keeps tags and text."""

    def __init__(self, run: RunResult) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[str] = []
        self.ids: list[str] = []
        self.links: list[str] = []
        self.text = ""
        self.feed("\n".join(page(run)))
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        found = dict(attrs)
        assert set(found) <= {"class", "id", "href", "lang", "charset", "name", "content", "http-equiv"}
        self.ids += [found["id"] or ""] if "id" in found else []
        self.links += [found["href"] or ""] if "href" in found else []
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
        self.text += " " if tag == "td" else ""

    def handle_data(self, data: str) -> None:
        self.text += data


FULL = run_of(
    result(CALL, UNSAFE, PERSON, NOTE, proofs=(EQUAL, DIFFERENT, UNPROVED), new_text=TEXT.replace("TimeD", "D")),
    FileResult("b.py", SYNTAX),
    result(fixed=(IMPORT,), path="c.py", written=True, new_text="x\n"),
    verified=True,
)


def test_a_page_says_it_all() -> None:
    found = Page(FULL)
    for said in (
        "Found 4 findings in 2 files",
        "Proofs: 1 equal, 1 different, 1 unproved: 1 × its sizes come from a file.",
        "3  model.add(TimeDistributedDense(10))",
        "because line 2: LSTM(return_sequences=True) gives (None, None, 128)",
        "Dense(10)",
        "becomes, with --unsafe-fixes:",
        "model `build_model`: equal, largest difference 1.1e-16",
        "first layer that differs: lstm_1",
        "line 3: E901 invalid syntax: mend it",
        "rewritten, 1 finding fixed",
        "-model.add(TimeDistributedDense(10))",
        "+model.add(DistributedDense(10))",
    ):
        assert said in found.text


def test_every_finding_says_what_becomes_of_it() -> None:
    unplaced = UNSAFE._replace(fix=Fix(Applicability.UNSAFE, ()))
    text = " ".join(Page(run_of(*FULL.files, result(unplaced))).text.split())
    for said in (
        "TD001 error, fixable with --write; line 3",
        "TD002 error; line 3",
        "K205 warning; line 2",
        "K206 note; line 2",
        "TD006 fixed; line 1",
        "can be fixed with --unsafe-fixes",
        "What --write would change --- a/models/tagger.py",
        "The change --- a/c.py",
        "b.py not done 0 0",
        "models/tagger.py 3 0 1 1 proved, 1 different, 1 unproved",
    ):
        assert said in text


def test_what_a_file_was_written_for() -> None:
    assert "Keras 1.x, theano" in Page(run_of(result(CALL, keras_version="1.x", source_backend="theano"))).text
    assert "<td>theano</td>" in "\n".join(page(run_of(result(CALL, source_backend="theano"))))


def test_a_change_shows_what_is_old_and_new() -> None:
    whole = "\n".join(page(FULL))
    assert '<span class="old">-model.add(TimeDistributedDense(10))</span>' in whole
    assert '<span class="new">+model.add(DistributedDense(10))</span>' in whole
    assert "<mark>TimeDistributedDense(10)</mark>)" in whole


def test_it_needs_nothing_else() -> None:
    found = Page(FULL)
    assert found.links == [f"#{one}" for one in found.ids]
    assert not {"script", "img", "link", "iframe", "object"} & set(found.tags)
    whole = "\n".join(page(FULL))
    assert "http://" not in whole
    assert "https://" not in whole
    assert "url(" not in whole


def test_nothing_hostile_comes_through() -> None:
    found = Page(hostile())
    assert "script" not in found.tags
    assert all(line.isprintable() for line in found.text.split("\n"))
    assert "<script>alert(1)</script>" in found.text


def test_an_empty_run() -> None:
    assert "Nothing to migrate in 4 files." in Page(run_of(looked_at=4)).text


def test_it_is_written_as_utf_8(tmp_path: Path) -> None:
    path = tmp_path / "report.html"
    write_report(hostile(), str(path))
    assert path.read_bytes().decode("utf-8").startswith("<!doctype html>")


def test_what_cannot_be_written_raises(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="directory"):
        write_report(FULL, str(tmp_path))
