"""A tree of sources as strangers have them, what becomes of each, and whether a byte of them is lost.

    cd tests && python -m strangers.tree [FOLDER]

Makes the tree, rewrites it twice with ``tdmigrate --write``, and prints a table: class × outcome.
"""

from __future__ import annotations

import codecs
import json
import os
import stat
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

KEEP = "# keep\t: x=1  "  # stands in every source, and in what becomes of it
BODY = """\
from keras.models import Sequential
from keras.layers.core import TimeDistributedDense
{keep}
model = Sequential()
model.add(TimeDistributedDense(5, input_shape=(7, 4), init='zero'))  {keep}
"""
MODEL = BODY.format(keep=KEEP)


class Stranger(NamedTuple):
    """One file, and what must become of it."""

    kind: str
    name: str
    data: bytes
    outcome: str = "rewritten"  # "rewritten", "clean", or the code of an error
    keeps: tuple[bytes, ...] = (KEEP.encode(),)  # bytes that a rewritten file still has
    make: Callable[[Path, bytes], None] = Path.write_bytes  # type: ignore[assignment]


class Seen(NamedTuple):
    """What became of a file."""

    stranger: Stranger
    outcome: str
    lost: str  # what is wrong; "": nothing is lost


def _python2() -> Iterator[Stranger]:
    lines = {
        "print": "print 'loss', 3",
        "print to a file": "import sys\nprint >>sys.stderr, 'a',",
        "print of a tuple": "print 'a', ('b', 3)",
        "except": "try:\n    x = 1\nexcept IOError, e:\n    pass",
        "raise": "def f():\n    raise ValueError, 'bad'",
        "exec": "exec 'x = 1'",
        "backticks": "x = `3`",
        "octal": "x = 0644",
        "long": "x = 10L",
        "unequal": "x = 1 <> 2",
        "raw unicode": "x = ur'\\d'",
        "unicode": "x = u'\\u00e9'\nprint x",
        "xrange": "for i in xrange(3):\n    pass",
        "iteritems": "for k, v in {}.iteritems():\n    pass",
        "has_key": "x = {}.has_key(3)",
        "pickle": "import cPickle\nx = cPickle.dumps(3)",
        "urllib": "import urllib2\nx = urllib2.quote('a')",
        "division": "print 7 / 2",
        "map": "x = map(len, ['a'])\nprint x",
        "parameters": "def f((a, b), c):\n    return a",
        "metaclass": "class A:\n    __metaclass__ = type\nprint A",
        "tabs": "if True:\n\tx = 1\n        y = 2",
        "tabs and text": "if True:\n\tx = '''\n\ty'''\n        z = 2",
        "shebang": "print 1",
    }
    for name, line in lines.items():
        head = "#!/usr/bin/env python2\n" if name == "shebang" else ""
        for newline in ("\n", "\r\n"):
            text = f"{head}{MODEL}{line}\n".replace("\n", newline)
            yield Stranger("Python 2", f"{name} {len(newline)}.py", text.encode())
        text = f"{head}# coding: latin-1\n{line}\n{MODEL}x = 'é'"
        keeps = (KEEP.encode(), b"x = '\xe9'")
        cells = (MODEL, f"%time\n{line}")
        yield Stranger("notebook of Python 2", f"{name}.ipynb", notebook(cells, kernel="python2").encode())
        yield Stranger("Python 2 in latin-1", f"{name}.py", text.encode("latin-1"), keeps=keeps)
    broken = (f"{MODEL}print 'x'\ndef f(:\n    pass\n", f"print 'x'\n{MODEL}x = (\n", f"{MODEL}print 'x\n")
    for number, text in enumerate(broken):
        yield Stranger("no Python at all", f"broken {number}.py", text.encode(), "E901")


def notebook(cells: Sequence[str], version: int = 4, indent: int | None = 1, **more: Any) -> str:
    """``more``: ascii_only, whole (sources as one string), kernel."""
    name = "source" if version == 4 else "input"
    code: list[dict[str, Any]] = [
        {
            "cell_type": "code",
            "execution_count": 3,
            "metadata": {"collapsed": False},
            "outputs": [{"text": ["keras\n", "é"]}],
            name: cell if more.get("whole") else cell.splitlines(keepends=True),
        }
        for cell in cells
    ]
    markdown = {"cell_type": "markdown", "metadata": {}, "source": ["# keras é\n", "```x = (```"]}
    kernel = more.get("kernel", "python3")
    whole: dict[str, Any] = {"metadata": {"kernelspec": {"name": kernel, "display_name": kernel, "language": "python"}}}
    whole.update({"nbformat": version, "nbformat_minor": 1})
    whole.update({"cells": [markdown, *code]} if version == 4 else {"worksheets": [{"cells": [markdown, *code]}]})
    return json.dumps(whole, indent=indent, ensure_ascii=bool(more.get("ascii_only"))) + "\n" * (indent != 4)


def _notebooks() -> Iterator[Stranger]:
    head, body = MODEL.split("model = ", 1)
    cells = (f"%matplotlib inline\n{head}", "!pip install keras\nx = !ls", "%%bash\nls (", f"model = {body}", "")
    keeps = tuple(
        json.dumps(text)[1:-1].encode() for text in (KEEP, "%matplotlib inline", "!pip install keras", "ls (")
    )
    for version in (3, 4):
        for indent in (None, 1, 2, 4):
            for ascii_only in (False, True):
                for kernel in ("python3", "python2"):
                    text = notebook(cells, version, indent, ascii_only=ascii_only, kernel=kernel, whole=indent == 2)
                    name = f"{version} {indent} {ascii_only} {kernel}.ipynb"
                    yield Stranger("notebook", name, text.encode(), keeps=keeps)
    old = notebook((*cells, "print 'é', 7 / 2\n%time print 3"), kernel="python2")
    yield Stranger("notebook of Python 2", "old.ipynb", old.encode(), keeps=keeps)
    yield Stranger("notebook of Python 2", "bom.ipynb", codecs.BOM_UTF8 + old.encode(), keeps=(codecs.BOM_UTF8, *keeps))
    crlf = old.replace("\n", "\r\n")
    yield Stranger("notebook of Python 2", "crlf.ipynb", crlf.encode(), keeps=keeps)
    for number, text in enumerate(
        ("", "keras", "[]", '{"keras": 1}', '{"nbformat": 2}  keras', "[" * 99_999 + "keras")
    ):
        code = "E904" if text.startswith("[[") else "E903"
        if "keras" in text:
            yield Stranger("no notebook", f"bad {number}.ipynb", text.encode(), code)
    for number, cell in enumerate((f"{MODEL}x = (", f"{MODEL}what is this?!", f"{MODEL}'''")):
        yield Stranger("notebook that no Python parses", f"cell {number}.ipynb", notebook((cell, ")")).encode(), "E901")
    other = notebook(("keras <- 1",), kernel="ir").replace('"language": "python"', '"language": "R"')
    yield Stranger("notebook of another language", "r.ipynb", other.encode(), "clean")


def _encodings() -> Iterator[Stranger]:
    for name, word in (
        ("latin-1", "é"),
        ("cp1252", "€"),
        ("koi8-r", "ж"),
        ("euc-jp", "日"),
        ("gb2312", "中"),
        ("utf-8", "é"),
    ):
        for form in (f"# -*- coding: {name} -*-\n", f"#!/usr/bin/python\n# vim: set fileencoding={name} :\n"):
            text = f"{form}{MODEL}x = '{word}'  # {word}\n"
            data = text.encode(name)
            yield Stranger("encoding", f"{name} {len(form)}.py", data, keeps=(KEEP.encode(), word.encode(name)))
    for newline in ("\n", "\r\n"):
        data = codecs.BOM_UTF8 + MODEL.replace("\n", newline).encode()
        yield Stranger("byte order mark", f"bom {len(newline)}.py", data, keeps=(codecs.BOM_UTF8, KEEP.encode()))
    for name in ("utf-16", "utf-16-be", "utf-16-le", "utf-32"):
        bom = codecs.BOM_UTF16_BE if name.endswith("be") else codecs.BOM_UTF16_LE if name.endswith("le") else b""
        data = bom + MODEL.encode(name)
        yield Stranger("UTF-16", f"{name}.py", data + b"# keras", "E903")
    for number, data in enumerate(
        (b"x = '\xe9'\n", b"# coding: utf-9\n", b"# coding: rot13\n", b"\0", b"# coding: utf-16\n")
    ):
        yield Stranger("no text", f"no text {number}.py", data + MODEL.encode(), "E903")


def _newlines() -> Iterator[Stranger]:
    lines = MODEL.split("\n")
    for name, text in {
        "crlf": MODEL.replace("\n", "\r\n"),
        "cr": MODEL.replace("\n", "\r"),
        "no final newline": MODEL.removesuffix("\n"),
        "many final newlines": f"{MODEL}\n\n\n",
        "mixed": "".join(
            f"{line}{end}" for line, end in zip(lines, ("\n", "\r\n", "\n", "\r\n", "\r\n", ""), strict=True)
        ),
        "mixed with cr": "".join(f"{line}{end}" for line, end in zip(lines, ("\r", "\r\n", "\n") * 2, strict=True)),
        "form feeds": MODEL.replace("\nmodel", "\n\x0c\nmodel"),
        "form feed before code": MODEL.replace("\nmodel.", "\n\x0cmodel."),
        "other separators": f"{MODEL}x = '\u2028\x0b\x1c\x85'\n",
    }.items():
        for number, more in enumerate(("", "x = [\n    1,  # é\n]\n", "if x:\n\ty = 1\n")):
            newline = "\r\n" if "\r\n" in text else "\r" if "\r" in text else "\n"
            yield Stranger("newlines", f"{name} {number}.py", (more.replace("\n", newline) + text).encode())


def _syntax() -> Iterator[Stranger]:
    for name, text in {
        "f-strings": "x = f'{y!r:>{3}} {z}'\n",
        "walrus": "if (n := 3) > 2:\n    pass\n",
        "match": "match x:\n    case [1, *_]:\n        pass\n",
        "type comments": "def f(a):  # type: (int) -> str\n    return a\n",
        "annotations": "x: list[int] = []\ndef f(a: int, /, *, b: str = 'c') -> None: ...\n",
        "async": "async def f():\n    async with a as b:\n        await b\n",
        "decorators": "@f\n@g(1)\nclass A(B, metaclass=C):\n    pass\n",
        "identifiers": "größe = 3; 数 = größe\n",
        "backslashes": "x = 1 + \\\n    2\nassert x, \\\n    'no'\n",
        "semicolons": "x = 1; y = 2;\n",
        "star": "a, *b = 1, 2\nprint(*b, sep='')\n",
        "bytes": "x = b'\\xff' rb'\\d'\n",
        "nothing but strings": "'''doc'''\n'text'\n",
        "lambda": "f = lambda *a, **k: (a, k)\n",
        "ellipsis": "x[..., None]\n",
    }.items():
        for number, whole in enumerate((text + MODEL, MODEL + text, (MODEL + text).replace("\n", "\r\n"))):
            yield Stranger("syntax", f"{name} {number}.py", whole.encode())
    wide = "x = '日本語'; model.add(TimeDistributedDense(3)) # 日本\n"
    for number, line in enumerate((wide, wide.replace("日", "🎉"), wide.replace("日", "e\u0301"), f"\t{KEEP}\n{wide}")):
        yield Stranger("columns after wide characters", f"wide {number}.py", (MODEL + line).encode())
        cells = notebook((MODEL, line), ascii_only=True).encode()
        yield Stranger("columns after wide characters", f"wide {number}.ipynb", cells)


def _sizes() -> Iterator[Stranger]:
    for name, text in {
        "a long line": f"x = [{'1, ' * 20_000}]\n",
        "empty rows": "\n" * 500_000,
        "comments": "# a\n" * 200_000,
        "a long string": f"x = '{'y' * 300_000}'\n",
        "many lines": "x = 1\n" * 10_000,
        "many branches": "".join(f"if x == {n}:\n    y = {n}\n" for n in range(5_000)),
        "many calls": "".join(f"f{n} = g({n})\n" for n in range(5_000)),
        "deep brackets": f"x = {'[' * 80}{']' * 80}\n",
    }.items():
        yield Stranger("size", f"{name}.py", (MODEL + text).encode())
    for name, text in {
        "nested": f"x = {'(' * 10_000}{')' * 10_000}\n",
        "negated": f"x = {'-' * 100_000}1\n",
        "added": f"x = {'+'.join('1' * 100_000)}\n",
        "called": f"x = {'f(' * 10_000}{')' * 10_000}\n",
        "of attributes": f"x = a{'.b' * 50_000}\n",
    }.items():
        yield Stranger("nesting of 10,000", f"{name}.py", (MODEL + text).encode(), "E901 E904 rewritten")
    for name, text, outcome in (
        ("empty", "", "clean"),
        ("a newline", "\n", "clean"),
        ("comments", "# keras TimeDistributedDense\n", "clean"),
        ("blanks", " \t\n", "clean"),
        ("a string", "'''keras TimeDistributedDense'''\n", "clean"),
    ):
        for newline in ("\n", "\r\n"):
            data = text.replace("\n", newline).encode()
            yield Stranger("nothing to do", f"{name} {len(newline)}.py", data, outcome)


def _kinds() -> Iterator[Stranger]:
    def linked(path: Path, data: bytes) -> None:
        target = path.with_suffix(".target")
        target.write_bytes(data)
        path.symlink_to(target.name)

    def hard(path: Path, data: bytes) -> None:
        path.write_bytes(data)
        os.link(path, path.with_suffix(".other"))

    def moded(mode: int) -> Callable[[Path, bytes], None]:
        def make(path: Path, data: bytes) -> None:
            path.write_bytes(data)
            path.chmod(mode)

        return make

    def away(path: Path, data: bytes) -> None:
        path.symlink_to("nowhere.py")

    data = MODEL.encode()
    yield Stranger("link", "link.py", data, make=linked)
    yield Stranger("hard link", "hard.py", data, make=hard)
    for mode in (0o755, 0o700, 0o664, 0o600):
        yield Stranger("mode", f"mode {mode:o}.py", data, make=moded(mode))
    yield Stranger("read-only", "read-only.py", data, "E902", make=moded(0o444))
    yield Stranger("broken link", "away.py", b"", "E902", make=away)
    for number, name in enumerate(("new\nline", "\x1b[31mred", "[bold]", "<b>&", "é", "a b", "a'b\"", "%s{}", "-q")):
        yield Stranger("name", f"{name} {number}.py", data)


def _hostile() -> Iterator[Stranger]:
    for name, text in {
        "recursive helper": "def f(m):\n    m.add(TimeDistributedDense(3))\n    return f(f(m))\nf(model)\n",
        "two that call each other": "def f(m):\n    return g(g(m))\ndef g(m):\n    return f(f(m))\nf(model)\n",
        "a model in itself": "model.add(model)\nmodel.add(model)\nmodel.layers.append(model)\n",
        "a list in itself": "a = []\na.append(a)\na = [a, a]\nfor b in a:\n    a.append(b)\nmodel.add(a)\n",
        "doubling": "a = [1]\n" + "a = a + a\n" * 64 + "for b in a:\n    model.add(TimeDistributedDense(b))\n",
        "doubling text": "a = 'x'\n" + "a = a + a\n" * 64 + "model.add(TimeDistributedDense(len(a)))\n",
        "a power": "a = 9 ** 9 ** 9 ** 9\nmodel.add(TimeDistributedDense(a))\n",
        "a shift": "a = 1 << 10 ** 12\nmodel.add(TimeDistributedDense(a))\n",
        "endless": "while True:\n    model.add(TimeDistributedDense(3))\n",
        "loops": "".join(f"{' ' * n}for x{n} in y:\n" for n in range(18)) + " " * 18 + "model.add(model)\n",
        "functions": "".join(f"def f{n}(m):\n    f{n + 1}(m); f{n + 1}(m)\n" for n in range(60)) + "f0(model)\n",
        "defaults": "def f(a=model, b=lambda: f()):\n    return f(b, a)(f)\nf()()\n",
        "classes": "class A:\n    def __init__(self):\n        self.a = A()\n        self.a.a = self\nA().a.a.a\n",
        "executes": "import os\nos.system('touch executed')\nopen('executed', 'w')\n__import__('os')._exit(1)\n",
        "escapes": "x = '\\x1b[2J\\x1b]0;title\\x07'  # \x1b[31m [bold] <script>\n",
    }.items():
        yield Stranger("hostile", f"{name}.py", (MODEL + text).encode())
    branches = "".join(f"if x{n}:\n    model.add(TimeDistributedDense({n}))\n" for n in range(2_000))
    yield Stranger("hostile", "branches.py", (MODEL + branches).encode())
    elifs = "if x:\n    a = 1\n" + "".join(f"elif x == {n}:\n    a = {n}\n" for n in range(50_000))
    yield Stranger("hostile", "50,000 branches.py", (MODEL + elifs).encode(), "E901 E904 rewritten")
    ifs = "".join(f"if x == {n}:\n    a = {n}\n" for n in range(50_000))
    yield Stranger("hostile", "50,000 ifs.py", (MODEL + ifs).encode(), "E908")
    yield Stranger("hostile", "50,000 ifs of Python 2.py", (MODEL + "print 1\n" + ifs).encode(), "E908")
    methods = "".join(f"class A{n}(B):\n    def f(self):\n        self.x = {n}\n" for n in range(3_000))
    yield Stranger("hostile", "3,000 classes.py", (MODEL + methods).encode())


def strangers() -> list[Stranger]:
    """All of them, in order."""
    makers = (_python2, _notebooks, _encodings, _newlines, _syntax, _sizes, _kinds, _hostile)
    return [one for maker in makers for one in maker()]


def plant(folder: Path) -> dict[Path, Stranger]:
    """Make the files: each class in a folder of its own."""
    planted = {}
    for one in strangers():
        path = folder / one.kind / one.name
        path.parent.mkdir(parents=True, exist_ok=True)
        one.make(path, one.data)
        planted[path] = one
    return planted


class Run(NamedTuple):
    code: int
    report: dict[str, Any]
    errors: str


def write(folder: Path) -> Run:
    command = [sys.executable, "-m", "tdmigrate", "--write", "--isolated", "--output-format", "json", "."]
    ran = subprocess.run(command, cwd=folder, capture_output=True, check=False)
    return Run(ran.returncode, json.loads(ran.stdout), ran.stderr.decode("utf-8", "backslashreplace"))


def seen(folder: Path) -> list[Seen]:
    """What becomes of the tree; its second rewrite must change nothing."""
    planted = plant(folder)
    modes = {path: path.stat().st_mode for path in planted if path.exists()}
    first = write(folder)
    after = {path: path.read_bytes() for path in planted if path.exists()}
    second = write(folder)
    told = {file["path"]: file for file in first.report["files"]}
    left = {file["path"]: file for file in second.report["files"]}
    found = []
    for path, one in planted.items():
        name = os.path.relpath(path, folder)
        error = told.get(name, {}).get("error")
        outcome = error["code"] if error else "rewritten" if after.get(path, b"") != one.data else "clean"
        found.append(Seen(one, outcome, _lost(path, one, outcome, after, modes, left.get(name, {}))))
    stray = [path for path in folder.rglob("*") if path.name.startswith(".tdmigrate-") or path.name == "executed"]
    if stray or "Traceback" in first.errors + second.errors:
        found.append(Seen(Stranger("the run", "", b""), "failed", f"{stray} {first.errors[-500:]}"))
    return found


def _lost(
    path: Path, one: Stranger, outcome: str, after: dict[Path, bytes], modes: dict[Path, int], again: dict[str, Any]
) -> str:
    if path not in after:
        return "" if one.kind == "broken link" else "the file is gone"
    if outcome not in one.outcome.split(" "):
        return f"expected {one.outcome}"
    if stat.S_IMODE(path.stat().st_mode) != stat.S_IMODE(modes[path]):
        return "another mode"
    if path.read_bytes() != after[path]:
        return "a second run changes it"
    if outcome != "rewritten":
        return "" if after[path] == one.data else "changed, though it was refused"
    if one.kind == "link" and not path.is_symlink():
        return "the link is gone"
    if one.kind == "hard link" and path.with_suffix(".other").read_bytes() != one.data:
        return "its other name changed"
    missing = [keep for keep in one.keeps if one.data.count(keep) > after[path].count(keep)]
    if missing:
        return f"lost {missing}"
    if any(finding["fix"] for finding in again.get("findings", ()) if finding["severity"] != "note"):
        return "a second run would fix more"
    return ""


def table(found: Sequence[Seen]) -> list[str]:
    """Class × outcome."""
    outcomes = sorted({one.outcome for one in found}, key=lambda one: (one.startswith("E"), one))
    counts = Counter((one.stranger.kind, one.outcome) for one in found)
    kinds = list(dict.fromkeys(one.stranger.kind for one in found))
    width = max(map(len, kinds))
    lines = [" ".join([" " * width, *(f"{outcome:>9}" for outcome in outcomes), f"{'lost':>9}"])]
    for kind in kinds:
        lost = sum(bool(one.lost) for one in found if one.stranger.kind == kind)
        cells = [*(counts[kind, outcome] for outcome in outcomes), lost]
        lines.append(" ".join([f"{kind:<{width}}", *(f"{cell or '':>9}" for cell in cells)]))
    return [*lines, f"{len(found)} sources"]


def main() -> int:
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(sys.argv[1] if len(sys.argv) > 1 else temporary)
        found = seen(folder)
        print("\n".join(table(found)))
        wrong = [one for one in found if one.lost]
        for one in wrong:
            print(f"{one.stranger.kind}/{one.stranger.name!r}: {one.outcome}: {one.lost}")
        return int(bool(wrong))


if __name__ == "__main__":
    raise SystemExit(main())
