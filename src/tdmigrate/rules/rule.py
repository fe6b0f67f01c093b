"""How a rule is written down: one literal that the check, the docs and the tests read."""

from tdmigrate.records import NamedTuple


class Example(NamedTuple):
    """A source before and after; ``after`` None: nothing can be fixed, only found."""

    before: str
    after: str | None
    unsafe: bool = False  # the fix needs --unsafe-fixes
    note: str = ""


class Rule(NamedTuple):
    """One rule. ``name`` is its slug; ``what``, ``why`` and ``safety`` are whole sentences for a person."""

    code: str
    name: str
    title: str
    what: str
    why: str
    safety: str
    examples: tuple[Example, ...]
    option: str = ""  # without which it finds nothing
