"""Run the tool over real sources that nobody here wrote: fetch their sdists, check, write to a copy, check again.

    python tools/real_code.py [--keep FOLDER]

Prints a table and exits 1 when a real use of TimeDistributedDense was missed, one was found where there is none, an
output does not parse, it imports a name that Keras 3 has not or a call of Keras in it fits no signature of Keras 3
though nothing was said of it, or a second check still finds something to fix. Then a table of what is left for a
person. Nothing fetched is kept unless told to.
"""

from __future__ import annotations

import argparse
import ast
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

from binding import calls, imported, misfit, resolve


class Package(NamedTuple):
    """An sdist, and every row of it where Keras's TimeDistributedDense is imported, called or named (read by eye)."""

    name: str
    version: str
    uses: dict[str, frozenset[int]]


PACKAGES = (
    Package("dragonn", "0.4.1", {"dragonn/models.py": frozenset((272, 279))}),
    Package(
        "keras",
        "0.2.0",
        {
            "tests/manual/check_autoencoder.py": frozenset((5, 68, 113)),
            "tests/manual/check_masked_recurrent.py": frozenset((7, 20, 98)),
        },
    ),
    Package("keras", "0.3.3", {}),
    Package("keras", "1.0.8", {}),
    Package("keras", "1.2.2", {}),
    Package("keras-rl", "0.3.0", {}),
    Package("word2veckeras", "0.0.5.2", {}),
    Package("keras-toolbox", "0.1.2", {}),
    Package("deepcpg", "1.0.4", {}),
    Package("elephas", "0.3", {}),
    Package("keras-vis", "0.1", {}),
)


def fetch(package: Package, into: Path) -> Path:
    """Download and unpack one sdist; the folder that holds it."""
    target = into / f"{package.name}-{package.version}"
    target.mkdir(parents=True)
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check"]
    command += ["--no-deps", "--no-binary", ":all:", "--no-build-isolation", "--dest", str(target)]
    subprocess.run([*command, f"{package.name}=={package.version}"], check=True)
    for archive in target.glob("*.tar.gz"):
        with tarfile.open(archive) as opened:
            opened.extractall(target, filter="data") if hasattr(tarfile, "data_filter") else opened.extractall(target)
        archive.unlink()
    return target


def tool(*arguments: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tdmigrate", "--isolated", "--no-progress", "--output-format", "json", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if not done.stdout:
        raise SystemExit(f"{' '.join(arguments)}: no report\n{done.stderr}")
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def found(report: dict[str, Any], root: Path) -> dict[str, set[int]]:
    """Rows of TimeDistributedDense itself, by file below the package's top folder."""
    rows: dict[str, set[int]] = {}
    for file in report["files"]:
        path = "/".join(Path(file["path"]).resolve().relative_to(root.resolve()).parts[1:])
        for finding in file["findings"]:
            symbol = finding["symbol"] or ""
            if finding["code"].startswith("TD") and symbol.endswith(".TimeDistributedDense"):
                rows.setdefault(path, set()).add(finding["location"]["row"])
    return rows


def unparsable(root: Path, before: set[Path]) -> list[Path]:
    """Files that parsed before and do not now."""
    return [path for path in sorted(root.rglob("*.py")) if path not in before and not parses(path)]


_LAYERS = ("keras.layers.", "keras.models.", "keras.Input", "tdmigrate.compat.")


def unfit(root: Path, first: dict[str, Any], second: dict[str, Any]) -> tuple[int, list[str]]:
    """Calls of layers and models in the legacy files, as written, and those that fit no signature of Keras 3, with the
    imports of names that it has not.

    Not those on whose rows the second report still says something; nor files in which the first found nothing.
    """
    said: dict[Path, set[int]] = {}
    for file in second["files"]:
        rows = said.setdefault(Path(file["path"]).resolve(), set())
        for finding in file["findings"]:
            rows |= set(range(finding["location"]["row"], finding["end_location"]["row"] + 1))
    total, wrong = 0, []
    legacy = [Path(file["path"]).resolve() for file in first["files"] if file["findings"]]
    for path in legacy:
        tree = ast.parse(path.read_bytes())
        wrong += [
            f"{path.relative_to(root.resolve())}:{row}: {name} is not in Keras 3"
            for row, name in absent(tree)
            if row not in said.get(path, ())
        ]
        for call, keras_path in calls(tree):
            if not keras_path.startswith(_LAYERS):
                continue
            total += 1
            why = misfit(call, keras_path)
            rows = set(range(call.lineno, (call.end_lineno or call.lineno) + 1))
            if why is not None and rows.isdisjoint(said.get(path, ())):
                wrong.append(f"{path.relative_to(root.resolve())}:{call.lineno}: {why}")
    return total, wrong


def absent(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """The row of each import of a name that Keras 3, or compat, does not have."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            for path in imported(ast.Module([node], [])).values():
                try:
                    resolve(path.removesuffix(".*"))
                except (AttributeError, ImportError):
                    yield node.lineno, path


def left(report: dict[str, Any]) -> Counter[tuple[str, str]]:
    """What a person has to decide: how often each code, with the first words of its message."""
    found: Counter[tuple[str, str]] = Counter()
    for file in report["files"]:
        for finding in file["findings"]:
            if finding["severity"] != "note":
                found[finding["code"], finding["message"].partition(":")[0]] += 1
    return found


def parses(path: Path) -> bool:
    try:
        ast.parse(path.read_bytes())
    except (SyntaxError, ValueError):
        return False
    return True


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--keep", type=Path, help="unpack here and leave it there")
    keep: Path | None = parser.parse_args().keep
    base = keep if keep is not None else Path(tempfile.mkdtemp())
    failures: list[str] = []
    print(f"{'package':22} {'files':>5} {'TDD':>4} {'missed':>6} {'wrong':>5} {'findings':>8} {'fixable':>7}", end=" ")
    print(f"{'unparsable':>10} {'left to fix':>11} {'layer calls':>11} {'unfit':>5}")
    remaining: list[str] = []
    try:
        for package in PACKAGES:
            label = f"{package.name} {package.version}"
            root = fetch(package, base)
            broken = {path for path in root.rglob("*.py") if not parses(path)}
            report = tool(str(root))
            rows = found(report, root)
            expected = {(path, row) for path, used in package.uses.items() for row in used}
            got = {(path, row) for path, used in rows.items() for row in used}
            tool("--write", str(root))
            spoiled = unparsable(root, broken)
            second = tool(str(root))
            again = second["summary"]["fixable"]
            theirs = package.name == "keras"  # it makes its layers itself
            total, wrong = (0, []) if theirs else unfit(root, report, second)
            summary = report["summary"]
            print(
                f"{label:22} {summary['files']:5} {len(got):4} {len(expected - got):6} {len(got - expected):5}"
                f" {summary['findings']:8} {summary['fixable']:7} {len(spoiled):10} {again:11} {total:11}"
                f" {len(wrong):5}"
            )
            failures += [f"{label}: missed {path}:{row}" for path, row in sorted(expected - got)]
            failures += [f"{label}: wrongly found {path}:{row}" for path, row in sorted(got - expected)]
            failures += [f"{label}: no longer parses: {path.relative_to(root)}" for path in spoiled]
            failures += [f"{label}: {one}" for one in wrong]
            if again:
                failures.append(f"{label}: a second check finds {again} more to fix")
            if not theirs:
                counts = sorted(left(second).items())
                remaining += [f"{label:22} {count:4} {code} {words}" for (code, words), count in counts]
    finally:
        if keep is None:
            shutil.rmtree(base)
    print("\nleft for a person:", *remaining, sep="\n")
    print("\n".join(failures) or "every use found, none elsewhere; all output parses and fits; nothing left to fix")
    return 1 if failures else 0


if __name__ == "__main__":
    raise SystemExit(main())
