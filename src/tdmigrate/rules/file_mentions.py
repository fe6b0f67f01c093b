"""K325: other texts of a source that mean files which are renamed: patterns, endings, single files of a series."""

from __future__ import annotations

import ast
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from fnmatch import fnmatchcase

from tdmigrate.records import NamedTuple
from tdmigrate.rules.context import Context

_FIELD = re.compile(r"\{[^{}]*\}|%[-+ #0]*\d*(?:\.\d+)?[a-zA-Z]")
_WILD = frozenset("*?[")
# methods of a text that look for an ending in it
_METHODS = frozenset(("endswith", "find", "index", "partition", "replace", "rfind", "rpartition", "rsplit", "split"))
_SEARCHES = frozenset(("compile", "findall", "finditer", "fullmatch", "match", "search", "split", "sub"))
_SAMPLES = ("0", "05", "0.5")


class Name(NamedTuple):
    """The name of a file that is written: its text, with fields for what is put in, and its ending before and after.

    ``whole``: no text that is not known stands before it.
    """

    text: str
    whole: bool
    old: str
    ending: str

    @property
    def new(self) -> str:
        return self.text[: len(self.text) - len(self.old)] + self.ending


class Mention(NamedTuple):
    """A text and what it becomes; ``new`` None: a person decides. ``names``: the files that it may mean."""

    node: ast.Constant
    new: str | None
    names: tuple[Name, ...]


def mentions(ctx: Context, names: Sequence[Name], known: Collection[ast.AST]) -> Iterator[Mention]:
    """Texts that mean one of ``names``, which all get another ending; those of ``known`` are not looked at."""
    gone = tuple({name.old for name in names})
    texts = {
        node: node.value
        for node in ctx.module.nodes
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and any(one[1:] in node.value for one in gone)
        and node not in known
        and not isinstance(ctx.parents.get(node), (ast.Expr, ast.JoinedStr))
    }
    files = [text for text in texts.values() if _is_file(text, gone)]
    strange = [text for text in files if not any(_is_of(text, name) for name in names)]
    for node, text in texts.items():
        if text in gone or f".{text}" in gone:
            found = _ending(ctx, node, text, names, strange)
        elif _is_regular(ctx, node):
            missed = tuple(one for one in names if _finds(text, one.text) and not _finds(text, one.new))
            found = Mention(node, None, missed) if missed else None
        elif _is_file(text, gone):
            found = _file(node, text, [one for one in names if _is_of(text, one)])
        else:
            found = _glob(node, text, [one for one in names if _matches(text, one.text)], strange)
        if found is not None:
            yield found


def is_number_of(text: str, name: str) -> bool:
    """Whether a text is one file of a series, with numbers where ``name`` has fields."""
    return not _FIELD.search(text) and re.fullmatch(_pattern(name, r"[\d.]+"), text) is not None


def _is_file(text: str, endings: tuple[str, ...]) -> bool:
    """Whether a text is the name of a file, and no pattern, ending or sentence."""
    name = _base(text)
    return name.endswith(endings) and name not in endings and not _WILD & set(name) and "\\" not in name


def _is_of(text: str, name: Name) -> bool:
    """Whether a text may be such a file."""
    sample = _FIELD.sub("0", text)
    if name.whole:
        return re.fullmatch(_pattern(name.text), sample) is not None
    # what stands before it is not known: the last part of a path has to be whole in it
    return "/" in name.text and re.fullmatch(_pattern(_base(name.text)), _base(sample)) is not None


def _file(node: ast.Constant, text: str, names: Sequence[Name]) -> Mention | None:
    """One file of a series, or one whose folder is written apart."""
    new = {_renamed(text, one) for one in names}
    clear = len(new) == 1 and all(one.whole for one in names)
    return Mention(node, new.pop() if clear else None, tuple(names)) if names else None


def _glob(node: ast.Constant, text: str, names: Sequence[Name], strange: Iterable[str]) -> Mention | None:
    """A pattern of names."""
    missed = tuple(one for one in names if text.endswith(one.old) and not _matches(text, one.new))
    new = {_renamed(text, one) for one in missed}
    clear = len(new) == 1 and len(missed) == len(names) and not any(_matches(text, one) for one in strange)
    return Mention(node, new.pop() if clear else None, missed) if missed else None


def _ending(
    ctx: Context, node: ast.Constant, text: str, names: Sequence[Name], strange: Iterable[str]
) -> Mention | None:
    """An ending alone, where a name is looked at."""
    meant = tuple(one for one in names if one.old in (text, f".{text}"))
    place: ast.AST = node
    parent = ctx.parents.get(node)
    if isinstance(parent, (ast.Tuple, ast.List)):
        place, parent = parent, ctx.parents.get(parent)
    new = {one.ending for one in meant}
    if isinstance(parent, ast.Call) and isinstance(parent.func, ast.Attribute) and place in parent.args:
        method = parent.func.attr
        same = method == "endswith" and all(one.endswith(text) for one in new)
        if same or method not in _METHODS:
            return None
    elif isinstance(parent, ast.Compare):
        if isinstance(parent.ops[0], (ast.In, ast.NotIn)) and parent.left is node:
            same = all(text in one for one in new)
        else:  # with what os.path.splitext, a split or a slice gives
            new = {f".{one.rpartition('.')[2]}" for one in new}
            same = all(one.endswith(text) for one in new)
        if same:
            return None
    else:
        return None
    clear = len(new) == 1 and not any(one.endswith(text) for one in strange)
    return Mention(node, new.pop()[text[0] != "." :] if clear else None, meant)


def _is_regular(ctx: Context, node: ast.Constant) -> bool:
    """Whether a text is a regular expression."""
    call = ctx.parents.get(node)
    called = call.func if isinstance(call, ast.Call) and call.args and call.args[0] is node else None
    if not isinstance(called, ast.Attribute) or not isinstance(called.value, ast.Name):
        return False
    return called.value.id == "re" and called.attr in _SEARCHES


def _finds(pattern: str, text: str) -> bool:
    try:
        return any(re.search(pattern, _FIELD.sub(one, _base(text))) for one in _SAMPLES)
    except re.error:
        return False


def _matches(pattern: str, text: str) -> bool:
    wanted = _FIELD.sub("*", _base(pattern))
    return any(fnmatchcase(_FIELD.sub(one, _base(text)), wanted) for one in _SAMPLES)


def _renamed(text: str, name: Name) -> str:
    return text[: len(text) - len(name.old)] + name.ending


def _base(text: str) -> str:
    return text.rpartition("/")[2]


def _pattern(text: str, field: str = ".+") -> str:
    """A regular expression for the names that a text with fields becomes."""
    return field.join(map(re.escape, _FIELD.split(text)))
