"""Modern code has no findings: check the sources of the installed Keras 3 and of keras-hub, which nobody here wrote.

    python tools/modern_code.py

Fetches keras-hub's wheel into a temporary folder. Prints how many files were looked at, every finding, and exits 1 when
there is one.
"""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from real_code import tool


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder)
        copy_keras(target / "keras")
        fetch_hub(target / "keras-hub")
        report = tool("--check", str(target))
        for file in report["files"]:
            for finding in file["findings"]:
                row = finding["location"]["row"]
                print(f"{Path(file['path']).relative_to(target)}:{row}: {finding['code']} {finding['message']}")
        summary = report["summary"]
    files, found, errors = (summary[name] for name in ("files", "findings", "errors"))
    print(f"{files} files of Keras 3 and keras-hub, {found} findings, {errors} errors")
    return 0 if files and not found and not errors else 1


def copy_keras(target: Path) -> None:
    """A copy outside of the environment's folder, in which tdmigrate looks at nothing."""
    found = importlib.util.find_spec("keras")
    assert found is not None
    assert found.submodule_search_locations
    shutil.copytree(found.submodule_search_locations[0], target, ignore=shutil.ignore_patterns("__pycache__"))


def fetch_hub(target: Path) -> None:
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    subprocess.run([*command, "--only-binary", ":all:", "--dest", str(target), "keras-hub"], check=True)
    for wheel in target.glob("*.whl"):
        with zipfile.ZipFile(wheel) as opened:
            opened.extractall(target)


if __name__ == "__main__":
    sys.exit(main())
