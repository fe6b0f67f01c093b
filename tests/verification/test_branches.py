from __future__ import annotations

import pytest

from tdmigrate.verification.branches import branches
from tdmigrate.verification.program import Program, Target, Uncut

HEAD = "from keras.models import Sequential\nfrom keras.layers import Dense\n"


def ways(body: str, parameters: str = "kind") -> list[str]:
    """What is assumed, of each way that has a program; the reason where there is none."""
    text = f"{HEAD}def build({parameters}):\n    model = Sequential()\n{body}    return model\n"
    found = branches(text, Target("build", "model", 0, 4))
    return [way.program.reason if isinstance(way.program, Uncut) else way.words for way in found]


UNTOLD = "no call of the source tells what the parameter `kind` is, and it is not a size"
ADD = "model.add(Dense(4, input_dim=3))\n"


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (f"    {ADD}", [""]),
        (f"    if kind == 'a':\n        {ADD}", ["with kind='a'", "with kind='something else'"]),
        (f"    if kind != 'a':\n        {ADD}", ["with kind='a'", "with kind='something else'"]),
        (
            f"    if kind == 'a':\n        {ADD}    elif kind in ('b', 'c'):\n        {ADD}",
            ["with kind='a'", "with kind='something else'", "with kind='b'", "with kind='c'"],
        ),
        (f"    if not kind:\n        {ADD}", ["with kind=True", "with kind=False"]),
        (f"    if kind is None:\n        {ADD}", ["with kind=None", "with kind='something else'"]),
        ("    model.add(Dense(4 if kind else 5, input_dim=3))\n", ["with kind=True", "with kind=False"]),
    ],
)
def test_every_way_is_taken(body: str, expected: list[str]) -> None:
    assert ways(body) == expected


def test_two_parameters_are_crossed() -> None:
    body = f"    if a:\n        {ADD}    if b == 'x':\n        {ADD}"
    assert ways(body, "a, b") == [
        "with a=True, b='x'", "with a=True, b='something else'",
        "with a=False, b='x'", "with a=False, b='something else'",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "parameters"),
    [
        (f"    if kind == 'a':\n        {ADD}    model.add(Dense(4, activation=kind))\n", "kind"),  # made use of
        (f"    if kind == other:\n        {ADD}", "kind, other"),  # compared with what is not known either
        ("".join(f"    if kind == {name!r}:\n        {ADD}" for name in "abcdefgh"), "kind"),  # too many
        ("    model.add(Dense(4, activation=kind))\n", "kind"),
    ],
)
def test_more_than_tests_is_left_alone(body: str, parameters: str) -> None:
    (reason,) = ways(body, parameters)
    assert "no call of the source tells what the parameter" in reason


def test_each_way_is_another_program() -> None:
    text = f"{HEAD}def build(deep):\n    model = Sequential()\n    {ADD}    if deep:\n        {ADD}    return model\n"
    deep, flat = branches(text, Target("build", "model", 0, 4))
    assert isinstance(deep.program, Program)
    assert isinstance(flat.program, Program)
    assert (deep.program.source.count("Dense(4"), flat.program.source.count("Dense(4")) == (2, 1)


@pytest.mark.parametrize(
    ("body", "parameters", "expected"),
    [
        (
            "    first = True\n    for n in kind or [3]:\n        if first:\n"
            f"            {ADD}        model.add(Dense(n))\n        first = False\n",
            "kind=None",
            "with kind=None",
        ),
        (f"    kind = kind or {{}}\n    if kind['a']:\n        {ADD}", "*, kind=None", "with kind=None"),
        (f"    for n in kind:\n        {ADD}", "kind", UNTOLD),
    ],
)
def test_what_may_be_left_out_is_left_out(body: str, parameters: str, expected: str) -> None:
    assert ways(body, parameters) == [expected]


def test_a_model_of_a_parameter_left_out_is_built() -> None:
    text = (
        f"{HEAD}class Net:\n    def build(self, sizes=None):\n        sizes = sizes or [3, 2]\n"
        "        model = Sequential()\n        for n in sizes:\n            model.add(Dense(n))\n        return model\n"
    )
    (way,) = branches(text, Target("Net.build", "model", 0, 6))
    assert isinstance(way.program, Program)
    assert "sizes or [3, 2]" in way.program.source
