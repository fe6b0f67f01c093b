"""What the rules say and how they want it mended: the words between rules, rewriting and reporting.

Rows and columns count from 1, columns in characters (not bytes); ends are exclusive.
"""

from enum import Enum

from tdmigrate.records import NamedTuple


class Span(NamedTuple):
    """Where a piece of source stands."""

    row: int
    column: int
    end_row: int
    end_column: int


class Severity(str, Enum):
    ERROR = "error"  # does not run on Keras 3
    WARNING = "warning"  # runs, with other numbers
    NOTE = "note"  # worth knowing; never changes the exit code


class Applicability(str, Enum):
    SAFE = "safe"  # same numbers
    UNSAFE = "unsafe"  # numbers or meaning may change; only with --unsafe-fixes
    DISPLAY = "display"  # shown, never applied


class Evidence(NamedTuple):
    """A line that says why, in words with shapes."""

    span: Span
    message: str


class Import(NamedTuple):
    """A name that new text uses: ``from module import name [as asname]``; ``name`` None: ``import module``."""

    module: str
    name: str | None = None
    asname: str | None = None


class ArgumentEdit(NamedTuple):
    """One argument of a call, by its index in the source (positional and keyword arguments counted together).

    ``value`` is the new text; ``{}`` in it stands for the present text of the value (other edits inside it apply).
    """

    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody calls
    keyword: str | None = None  # new keyword; None: as it is
    value: str | None = None  # None: as it is
    drop: bool = False


class Added(NamedTuple):
    """A keyword argument written after the present ones.

    ``like``: the index of an argument; ``{}`` in ``value`` stands for its value, as the other edits leave that.
    """

    keyword: str
    value: str
    like: int | None = None


class Wrap(NamedTuple):
    """``call`` becomes ``func(call, …)``; the arguments of ``outer`` (indexes) move from the call to the wrapper."""

    func: str
    outer: tuple[int, ...] = ()


class CallEdit(NamedTuple):
    """Rewrite one call, argument by argument; what is not named keeps its bytes.

    Several edits of one call (of several findings) add up: their ``arguments`` name different indexes.
    """

    span: Span  # of the ast.Call
    func: str | None = None
    arguments: tuple[ArgumentEdit, ...] = ()
    added: tuple[Added, ...] = ()
    wrap: Wrap | None = None
    unwrap: int | None = None  # the call becomes its argument of this index; its other arguments go


class TextEdit(NamedTuple):
    """Replace the expression of exactly this span by ``text`` (``{}``: its present text)."""

    span: Span
    text: str


class Recast(NamedTuple):
    """Replace the expression or simple statement of this span by pieces, one after the other.

    A Span among them stands for the text of that expression, which lies inside, as the other edits leave it, with its
    own parentheses. Comments in what does not stay go on lines of their own before the statement.
    """

    span: Span
    pieces: tuple[str | Span, ...]


class StatementEdit(NamedTuple):
    """Whole lines next to the statement of this span (a simple statement), at its indentation.

    ``replace`` True: they stand in its place (no lines: the statement goes; ``pass`` in a block left empty).
    """

    span: Span
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    replace: bool = False


class BlockEdit(NamedTuple):
    """The whole lines of this span go: a compound statement, or a decorator. Their comments stay on lines of their own.

    Something else has to be left in the block around.
    """

    span: Span


class ElementEdit(NamedTuple):
    """Put ``text`` before the element of this index in a list or tuple display."""

    span: Span  # of the ast.List or ast.Tuple
    index: int  # type: ignore[assignment]
    text: str


class ImportEdit(NamedTuple):
    """Rewrite an import statement alias by alias, so that its comments and line breaks survive.

    For ``from m import a, b``: aliases of ``drop`` go, those of ``rename`` change, the rest now come from ``module``.
    For ``import a.b as c`` likewise, ``module`` unused. ``after``: whole import statements to put on lines of their
    own behind it. When no alias is left the statement goes (``after`` stands in its place, or ``pass`` in an otherwise
    empty block).
    """

    span: Span  # of the ast.ImportFrom or ast.Import
    drop: tuple[int, ...] = ()
    rename: tuple[tuple[int, str], ...] = ()  # alias index → new text, such as "Dense" or "layers as core"
    module: str | None = None
    after: tuple[str, ...] = ()


Edit = CallEdit | TextEdit | Recast | StatementEdit | BlockEdit | ElementEdit | ImportEdit


class Fix(NamedTuple):
    applicability: Applicability
    edits: tuple[Edit, ...]
    imports: tuple[Import, ...] = ()  # what the new text needs, merged into the file's imports
    replacement: str | None = None  # the new text at the finding's place, for reports


class Finding(NamedTuple):
    """One thing to know about one place of one file."""

    code: str
    severity: Severity
    span: Span
    message: str
    symbol: str | None = None  # the legacy symbol as bound, such as keras.layers.core.TimeDistributedDense
    rank: int | None = None  # None: no shape rule bears on it, or the rank is not proved
    evidence: tuple[Evidence, ...] = ()
    fix: Fix | None = None
