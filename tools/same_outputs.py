"""Whether a change of the house leaves all outputs as they were: findings and rewritten text, byte for byte.

    python tools/same_outputs.py BEFORE                      # of the old code
    python tools/same_outputs.py AFTER --compare BEFORE      # of the new code; exits 1 where an output differs

Reads every fixture, program and example of a checkout, the sources that stand in strings of its tests, and random
programs. To compare two states of the code over the same sources, give both runs the same checkout with --sources.
Writes one file for each set of options, one line for each source.
"""

from __future__ import annotations

import argparse
import ast
import difflib
import io
import json
import os
import sys
from collections.abc import Iterator, Mapping
from multiprocessing import Pool
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

from tdmigrate.config import KERAS_VERSIONS, Settings
from tdmigrate.pipeline import run, run_text
from tdmigrate.reporting import json_report
from tdmigrate.results import RunResult

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("tests/fixtures", "tests/programs", "tests/python2/programs", "examples")
DIFF = Settings(mode="diff", jobs=1)
OPTIONS: Mapping[str, Settings] = {
    "default": DIFF,
    "modern": DIFF._replace(style="modern", unsafe_fixes=True),
    "exact": DIFF._replace(style="exact"),
    **{f"keras-{version}": DIFF._replace(keras_version=version) for version in KERAS_VERSIONS if version != "auto"},
    "from-keras2": DIFF._replace(from_keras2=True),
}
SHOWN = 20  # differences that are printed whole


class Case(NamedTuple):
    """One source, or a folder of sources that belong together."""

    name: str
    text: str | None = None  # None: it stands in the file or folder of its name


class Silent:
    """Tells nobody how far a run is."""

    def __call__(self, done: int, total: int) -> None: ...

    def proving(self, done: int, total: int, model: str) -> None: ...


def cases(programs: int) -> Iterator[Case]:
    """All sources of the current folder, which is a checkout, and so many random programs."""
    for folder in FOLDERS:
        for path in sorted(Path(folder).iterdir()):
            if path.name != "__pycache__" and (path.is_dir() or path.suffix in (".py", ".ipynb")):
                yield Case(path.as_posix())
    for path in sorted(Path("tests").rglob("test_*.py")):
        for number, text in enumerate(strings(path.read_text(encoding="utf-8"))):
            yield Case(f"{path.as_posix()}, string {number}", text)
    sys.path.insert(0, str(ROOT / "tests"))
    from fuzz.grammar import program

    for index in range(programs):
        yield Case(f"random {index}", program(Random(f"same-{index}")).text)


def strings(text: str) -> list[str]:
    """The strings of a test that hold a source which may be of Keras."""
    values = [node.value for node in ast.walk(ast.parse(text)) if isinstance(node, ast.Constant)]
    return [value for value in values if isinstance(value, str) and "keras" in value and "\n" in value]


def output(name: str, case: Case) -> str:
    """What the tool says of a case, and makes of it, as one line."""
    settings = OPTIONS[name]
    if case.text is None:
        result, _ = run([case.name], settings, Silent())
    else:
        result = run_text("-", case.text.encode("utf-8", "surrogatepass"), settings)
    new = {file.path: file.new_file or file.new_text for file in result.files}
    return json.dumps({"case": case.name, "report": report(result), "new": new})


def report(result: RunResult) -> Any:
    stream = io.StringIO()
    json_report.write(result, stream)
    return json.loads(stream.getvalue())


def _output(task: tuple[str, Case]) -> str:
    return output(*task)


def differences(name: str, before: list[str], after: list[str]) -> Iterator[str]:
    """The cases whose lines differ, each with its difference."""
    old, new = ({json.loads(line)["case"]: line for line in lines} for lines in (before, after))
    for case in sorted(old.keys() | new.keys()):
        if old.get(case) != new.get(case):
            rows = difflib.unified_diff(
                pretty(old.get(case)), pretty(new.get(case)), "before", "after", lineterm="", n=1
            )
            yield "\n".join([f"{name}: {case}", *rows])


def pretty(line: str | None) -> list[str]:
    if line is None:
        return ["no such case"]
    found = json.loads(line)
    texts = [f"{path}: {row}" for path, text in found.pop("new").items() for row in (text or "").splitlines()]
    return [*json.dumps(found, indent=1).splitlines(), *texts]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, help="where the outputs go")
    parser.add_argument("--compare", type=Path, metavar="BEFORE", help="the folder of an earlier run")
    parser.add_argument("--sources", type=Path, default=ROOT, help="a checkout to read; default: this one")
    parser.add_argument("--programs", type=int, default=300, metavar="N", help="random ones; default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=OPTIONS, default=[*OPTIONS], metavar="OPTIONS")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    asked = parser.parse_args()
    folder, compared = asked.folder.resolve(), asked.compare and asked.compare.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    os.chdir(asked.sources)  # so that the outputs tell nothing of where the checkout is
    found = list(cases(asked.programs))
    differ = 0
    with Pool(asked.jobs) as pool:
        for name in asked.only:
            lines = pool.map(_output, [(name, case) for case in found], chunksize=20)
            (folder / f"{name}.jsonl").write_text("".join(f"{line}\n" for line in lines))
            if compared is not None:
                before = (compared / f"{name}.jsonl").read_text().splitlines()
                for difference in differences(name, before, lines):
                    differ += 1
                    print(difference if differ <= SHOWN else difference.partition("\n")[0])
    print(f"{len(found)} cases, {len(asked.only)} sets of options" + (f", {differ} differ" if compared else ""))
    return 1 if differ else 0


if __name__ == "__main__":
    sys.exit(main())
