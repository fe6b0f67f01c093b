"""One page that needs nothing else: what was found, why, what it becomes, and the proofs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from html import escape

from tdmigrate import __version__
from tdmigrate.findings import Finding
from tdmigrate.plain import printable
from tdmigrate.reporting import wording
from tdmigrate.reporting.diff import changes
from tdmigrate.reporting.excerpt import Row, excerpt, source_lines
from tdmigrate.results import CellLines, FileResult, Proof, RunResult, cell_at, where

# what stands in a page came from files of unknown origin: a browser is told to load and run nothing
POLICY = "default-src 'none'; style-src 'unsafe-inline'"

STYLE = """
:root { color-scheme: light dark; --line: #8884; --soft: #8881; --mark: #fd06;
  --red: #c22; --amber: #a60; --green: #282; --blue: #26c }
@media (prefers-color-scheme: dark) { :root { --red: #f77; --amber: #fb4; --green: #6c6; --blue: #7af } }
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.5rem } h2 { margin: 2.5rem 0 .5rem } h2 code { font-size: 1.1rem }
h2, p, li, td { overflow-wrap: anywhere }
code, pre { font: 13px/1.5 ui-monospace, monospace }
pre { background: var(--soft); padding: .5rem .75rem; margin: .4rem 0; overflow-x: auto; border-radius: 4px }
mark { background: var(--mark); color: inherit }
table { border-collapse: collapse; width: 100%; margin: .8rem 0 }
th, td { text-align: left; vertical-align: top; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid var(--line) }
td b { white-space: nowrap; padding-right: .8rem }
article { border-left: 3px solid var(--line); padding-left: .9rem; margin: 1.2rem 0 }
article p, article ul { margin: .2rem 0 }
.error, .different, .old { color: var(--red) } .warning, .unproved { color: var(--amber) }
.equal, .fixed, .new { color: var(--green) } .note { color: var(--blue) } .number, .soft { opacity: .6 }
"""


def write_report(run: RunResult, path: str) -> None:
    """Write the page, as UTF-8. Raises ``OSError``."""
    with open(path, "w", encoding="utf-8", newline="\n") as file:
        file.writelines(f"{part}\n" for part in page(run))


def page(run: RunResult) -> Iterator[str]:
    """The page, piece by piece."""
    yield '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">'
    yield f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield f"<title>tdmigrate report</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<h1>tdmigrate report</h1>"
    yield f"<p>{_shown(' '.join(map(str.strip, wording.summary(run))))}</p>"
    yield from _overview(run)
    for number, file in enumerate(run.files, 1):
        yield from _file(number, file, run)
    yield f'<p class="soft">tdmigrate {_shown(__version__)}</p>\n</body>\n</html>'


def _overview(run: RunResult) -> Iterator[str]:
    if not run.files:
        return
    yield "<table>\n<tr><th>File</th><th>Written for</th><th>Left</th><th>Fixed</th><th>Notes</th><th>Proofs</th></tr>"
    for number, file in enumerate(run.files, 1):
        verdicts = [wording.VERDICTS[proof.status] for proof in file.proofs]
        cells = (
            f'<a href="#file-{number}"><code>{_shown(file.path)}</code></a>',
            _shown(_origin(file)),
            '<span class="error">not done</span>' if file.error is not None else str(file.left),
            str(len(file.fixed)),
            str(len(file.findings) - file.left),
            _shown(", ".join(f"{verdicts.count(verdict)} {verdict}" for verdict in dict.fromkeys(verdicts))),
        )
        yield "<tr>" + "".join(f"<td>{cell}</td>" for cell in cells) + "</tr>"
    yield "</table>"


def _origin(file: FileResult) -> str:
    words = [] if file.keras_version is None else [f"Keras {file.keras_version}"]
    return ", ".join([*words, *([] if file.source_backend is None else [file.source_backend])])


def _file(number: int, file: FileResult, run: RunResult) -> Iterator[str]:
    yield f'<section id="file-{number}">\n<h2><code>{_shown(file.path)}</code></h2>'
    if file.error is not None:
        places = (("cell", file.error.cell), ("line", file.error.row))
        place = ", ".join(f"{word} {number}" for word, number in places if number is not None)
        yield f'<p class="error">{place}{": " if place else ""}{_shown(file.error.show())}</p>'
    outcome = wording.outcome(file)
    if outcome is not None:
        yield f"<p>{_shown(outcome)}</p>"
    if file.conclusion is not None:
        yield f"<p>Written for {_shown(file.conclusion.words)}</p>"
        why = (*file.conclusion.project, *file.conclusion.own)
        yield from ("<ul>", *(f"<li>{_shown(reason)}</li>" for reason in why), "</ul>") if why else ()
    source = source_lines(file.text)
    for finding in file.findings:
        yield from _finding(finding, source, file.cells, run, fixed=False)
    source = source_lines(file.old_text)
    for finding in file.fixed:
        yield from _finding(finding, source, file.old_cells, run, fixed=True)
    yield from _proofs(file.proofs, file.old_cells)
    if file.new_text is not None:
        summary = "The change" if file.written else "What --write would change"
        yield f"<details><summary>{summary}</summary>\n<pre>{_diff(file)}</pre></details>"
    yield "</section>"


def _finding(
    finding: Finding, source: Sequence[str], cells: Sequence[CellLines], run: RunResult, fixed: bool
) -> Iterator[str]:
    kind = "fixed" if fixed else finding.severity.value
    marked = ", fixable with --write" if not fixed and wording.is_marked(finding, run) else ""
    yield f'<article>\n<p><b class="{kind}">{_shown(finding.code)}</b> <span class="{kind}">{kind}</span>{marked}; '
    line = wording.line(finding.span.row, cells)
    yield f"{line}, column {finding.span.column}: {_shown(finding.message)}</p>"
    cell = cell_at(cells, finding.span.row)
    rows = excerpt(source, finding.span, printable, 1 if cell is None else cell.row)
    if rows:
        margin = max(len(str(row.number)) for row in rows if row.number is not None)
        yield "<pre>" + "\n".join(_row(row, margin) for row in rows) + "</pre>"
    if finding.evidence:
        yield "<ul>" + "".join(f"<li>{_shown(why)}</li>" for why in wording.evidence(finding, cells)) + "</ul>"
    remedy = wording.remedy(finding, run)
    if remedy is not None:
        yield f"<p>{_shown(remedy.label)}{'' if remedy.text is None else ':'}</p>"
        if remedy.text is not None:
            yield f'<pre class="new">{_lines(remedy.text)}</pre>'
    yield "</article>"


def _row(row: Row, margin: int) -> str:
    number = f'<span class="number">{"" if row.number is None else row.number:>{margin}}</span>'
    before, marked, after = row.text[: row.start], row.text[row.start : row.end], row.text[row.end :]
    return f"{number}  {escape(before)}<mark>{escape(marked)}</mark>{escape(after)}"


def _proofs(proofs: Sequence[Proof], cells: Sequence[CellLines]) -> Iterator[str]:
    if not proofs:
        return
    yield "<table>\n<tr><th>Proof</th><th>Line</th><th>What ran</th></tr>"
    for proof in proofs:
        verdict = f'<b class="{proof.status}">{wording.VERDICTS[proof.status]}</b>'
        shown = _shown(wording.proof(proof))
        lines = wording.minimal(proof)
        program = f"<pre>{_shown(chr(10).join(lines))}</pre>" if lines else ""
        yield f"<tr><td>{verdict}</td><td>{where(cells, proof.row)}</td><td>{shown}{program}</td></tr>"
    yield "</table>"


def _diff(file: FileResult) -> str:
    lines = changes(file).split("\n")
    return "\n".join(map(_diff_line, lines[:-1]))


def _diff_line(line: str) -> str:
    shown = _shown(line.removesuffix("\r"))
    kind = {"+": "new", "-": "old"}.get(line[:1])
    return shown if kind is None else f'<span class="{kind}">{shown}</span>'


def _lines(text: str) -> str:
    return "\n".join(map(_shown, source_lines(text)))


def _shown(text: str) -> str:
    return escape(printable(text.expandtabs(4)))
