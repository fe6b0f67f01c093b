"""Settings of one run, from the command line and from ``[tool.tdmigrate]`` of the nearest pyproject.toml."""

import os
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from importlib import import_module
from typing import Any

from tdmigrate.discovery import Excludes
from tdmigrate.records import NamedTuple

STDIN = "-"  # as a path: standard input
STYLES = ("modern", "faithful", "exact")
TD_STYLES = ("auto", "dense", "time-distributed")
KERAS_VERSIONS = ("auto", "0.1", "0.2", "0.3", "1.0", "1.1", "1.2")
SOURCE_BACKENDS = ("auto", "theano", "tensorflow")
PYTHON2 = ("convert", "keep")
OUTPUT_FORMATS = ("text", "concise", "json", "github", "sarif")


class ConfigError(Exception):
    """Bad usage; one line that names the place and what to do."""


class Settings(NamedTuple):
    """What a run is to do; defaults as in the contract."""

    mode: str = "check"  # "check", "diff", "write"
    verify: bool = False
    require_proof: bool = False
    select: tuple[str, ...] = ()  # codes or prefixes; none: all
    ignore: tuple[str, ...] = ()
    style: str = "faithful"
    unsafe_fixes: bool = False
    td_style: str = "auto"
    keras_version: str = "auto"
    source_backend: str = "auto"
    from_keras2: bool = False  # also mend sources for Keras 2
    python2: str = "convert"
    output_format: str = "text"
    jobs: int = 0  # processes; 0: one per core
    exclude: Excludes = Excludes(".")
    legacy_path: str | None = None  # a local copy of the genuine Keras 1 for verification
    vendor: str | None = None  # the project's module that stands for tdmigrate.compat
    source: str | None = None  # the file of which [tool.tdmigrate] was read
    warnings: tuple[str, ...] = ()  # one line each: settings of a discovered file that do not count


# the options that pyproject.toml may set: the values they take
_KEYS: Mapping[str, tuple[str, ...] | type] = {
    "verify": bool,
    "require-proof": bool,
    "select": list,
    "ignore": list,
    "style": STYLES,
    "unsafe-fixes": bool,
    "td-style": TD_STYLES,
    "keras-version": KERAS_VERSIONS,
    "source-backend": SOURCE_BACKENDS,
    "from-keras2": bool,
    "python2": PYTHON2,
    "output-format": OUTPUT_FORMATS,
    "jobs": int,
    "exclude": list,
    "legacy-path": str,
    "vendor": str,
}

# a scanned folder may not decide that anything runs, nor what is written beside its sources
_NOT_DISCOVERED = ("verify", "legacy-path", "vendor", "write", "report")


def settings(options: Mapping[str, Any], paths: Sequence[str], config: str | None, isolated: bool) -> Settings:
    """The settings of a run. ``options`` are those of the command line by field name; None: not given.

    Raises ``ConfigError``.
    """
    found: dict[str, Any] = {}
    if config is not None:
        found = _load(config, asked_for=True) or {}
    elif not isolated:
        found = _nearest(paths)
    given = {name: value for name, value in options.items() if value is not None}
    merged = Settings(**{**found, **given})
    if merged.select or merged.ignore:
        _check_codes(merged)
    if merged.vendor is not None:
        _check_module(merged.vendor)
    if given.get("require_proof") and not merged.verify:
        raise ConfigError("--require-proof asks for proofs: add --verify")
    return merged


def _check_module(name: str) -> None:
    from keyword import iskeyword

    parts = name.split(".")
    if not all(part.isidentifier() and not iskeyword(part) for part in parts):
        raise ConfigError(f"--vendor {name}: give a module as Python imports it, such as package.keras1_compat")
    if parts[0] in ("keras", "tdmigrate") or parts[0] in sys.stdlib_module_names:
        raise ConfigError(f"--vendor {name}: {parts[0]} is not yours; name a module of your project")


def split(text: str) -> tuple[str, ...]:
    """``TD001, K2`` as its parts."""
    return tuple(part for part in (part.strip() for part in text.split(",")) if part)


def _check_codes(merged: Settings) -> None:
    from tdmigrate.rules.registry import codes

    known = codes()
    for option, names in (("select", merged.select), ("ignore", merged.ignore)):
        for name in names:
            if name.startswith("E9"):
                raise ConfigError(f"--{option}: {name} is an error, not a rule: errors are always reported")
            if not any(code.startswith(name) for code in known):
                raise ConfigError(f"--{option}: no rule has the code {name}{nearest_code(name, known)}")


def nearest_code(name: str, known: Sequence[str]) -> str:
    """What to say after the name of a code that does not exist."""
    import difflib

    near = difflib.get_close_matches(name.upper(), known, 1)
    return f"; did you mean {near[0]}?" if near else "; `tdmigrate rules` lists them"


def _nearest(paths: Sequence[str]) -> dict[str, Any]:
    """The settings of the nearest pyproject.toml that has any, from the paths' common folder upwards."""
    folders = [path if os.path.isdir(path) else os.path.dirname(path) for path in map(os.path.abspath, paths or ["."])]
    folder = os.path.commonpath(folders)
    while True:
        found = _load(os.path.join(folder, "pyproject.toml"), asked_for=False)
        if found is not None:
            return found
        parent = os.path.dirname(folder)
        if parent == folder:
            return {}
        folder = parent


def _load(path: str, asked_for: bool) -> dict[str, Any] | None:
    """The settings in one file; None: it has none (which is an error of the file that was ``asked_for``)."""
    try:
        if not os.path.isfile(path) and os.path.exists(path) and not os.path.isdir(path):
            raise ConfigError(f"{path}: is no regular file")  # a pipe would be waited for
        with open(path, "rb") as file:
            data = file.read()
    except OSError as error:
        if asked_for or not isinstance(error, (FileNotFoundError, NotADirectoryError)):
            raise ConfigError(f"{path}: cannot be read ({error.strerror})") from None
        return None
    if b"tdmigrate" in data:
        table = _table(path, data)
        if table is not None:
            warnings = () if asked_for else tuple(_drop(path, data.decode(), table))
            found = {key.replace("-", "_"): _value(path, key, value) for key, value in table.items()}
            return {**found, "source": path, "warnings": warnings}
    if asked_for:
        raise ConfigError(f"{path}: has no table [tool.tdmigrate]")
    return None


def _drop(path: str, text: str, table: dict[str, Any]) -> Iterator[str]:
    """Remove from a discovered file's table what counts only where a user names it; yield a warning for each."""
    for key in _NOT_DISCOVERED:
        if key in table:
            del table[key]
            named = ", or name this file by --config" if key in _KEYS else ""
            yield (
                f"{path}:{_row(text, key)}: `{key}` is ignored: a discovered file cannot make tdmigrate run or write "
                f"anything. Give --{key} on the command line{named}"
            )


def _row(text: str, key: str) -> int:
    """The row, from 1, where a key of ``[tool.tdmigrate]`` is set; where the table is named, if that is not plain."""
    lines = text.split("\n")
    start = next((row for row, line in enumerate(lines) if "tdmigrate" in line), 0)
    sets = re.compile(rf"""(^|[\s.{{,"']){re.escape(key)}["']?\s*=""")
    return 1 + next((row for row in range(start, len(lines)) if sets.search(lines[row])), start)


def _table(path: str, data: bytes) -> dict[str, Any] | None:
    # a TOML reader costs more start-up than a check may, and few projects have the table
    toml = import_module("tomllib" if sys.version_info >= (3, 11) else "tomli")
    try:
        document = toml.loads(data.decode("utf-8"))
    except (toml.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigError(f"{path}: is not TOML ({error})") from None
    tool = document.get("tool", {})
    table = tool.get("tdmigrate") if isinstance(tool, dict) else None
    if table is not None and not isinstance(table, dict):
        raise ConfigError(f"{path}: tool.tdmigrate must be a table")
    return table


def _value(path: str, key: str, value: object) -> object:
    """One key's value as a field of ``Settings``."""
    wanted = _KEYS.get(key)
    where = f"{path}: [tool.tdmigrate] {key}"
    if wanted is None:
        import difflib

        near = difflib.get_close_matches(key.replace("_", "-"), _KEYS, 1)
        hint = f"did you mean {near[0]}?" if near else f"known are {', '.join(_KEYS)}"
        raise ConfigError(f"{where}: no such setting; {hint}")
    if isinstance(wanted, tuple):
        if value not in wanted:
            raise ConfigError(f"{where}: must be one of {', '.join(wanted)}, not {value!r}")
        return value
    if wanted is list:
        if not isinstance(value, list) or not all(isinstance(item, str) and item for item in value):
            raise ConfigError(f"{where}: must be a list of strings")
        folder = os.path.dirname(os.path.abspath(path))
        return Excludes(folder, tuple(value)) if key == "exclude" else tuple(value)
    if type(value) is not wanted or (key == "jobs" and isinstance(value, int) and value < 0):
        name = {bool: "true or false", int: "a whole number from 0", str: "a string"}[wanted]
        raise ConfigError(f"{where}: must be {name}, not {value!r}")
    if key == "legacy-path":
        return os.path.join(os.path.dirname(os.path.abspath(path)), str(value))
    return value
