"""Calls and displays, rewritten item by item."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import libcst as cst

from tdmigrate.findings import Added, ArgumentEdit, CallEdit, ElementEdit, Wrap
from tdmigrate.records import NamedTuple
from tdmigrate.rewriting.agree import agreed
from tdmigrate.rewriting.brackets import fill, filled
from tdmigrate.rewriting.canvas import Level, Region, Render
from tdmigrate.rewriting.comments import behind, comments_between
from tdmigrate.rewriting.listing import Listing
from tdmigrate.rewriting.misfit import Misfit
from tdmigrate.rewriting.places import Places


class _Argument(NamedTuple):
    """One argument: offsets of its parts in the text."""

    start: int
    end: int
    star: str  # "", "*" or "**"
    keyword: tuple[int, int] | None
    value: tuple[int, int]
    bare: bool  # a generator that has the parentheses of the call


def _argument(places: Places, arg: cst.Arg) -> _Argument:
    start, end = places.of(arg)
    return _Argument(
        start,
        end,
        arg.star,
        places.of(arg.keyword) if arg.keyword else None,
        (places.whole(arg.value)[0], end),
        isinstance(arg.value, cst.GeneratorExp) and not arg.value.lpar,
    )


class _Plan(NamedTuple):
    """All that the edits of one call say together."""

    func: str | None
    arguments: Mapping[int, ArgumentEdit]
    added: tuple[Added, ...]
    wrap: Wrap | None
    unwrap: int | None


def _plan(edits: Sequence[CallEdit]) -> _Plan:
    arguments: dict[int, ArgumentEdit] = {}
    for edit in edits:
        for argument in edit.arguments:
            if arguments.setdefault(argument.index, argument) != argument:
                raise Misfit(f"two fixes rewrite argument {argument.index} of one call")
    return _Plan(
        agreed((edit.func for edit in edits), "callee"),
        arguments,
        tuple(dict.fromkeys(added for edit in edits for added in edit.added)),
        agreed((edit.wrap for edit in edits), "wrapper"),
        agreed((edit.unwrap for edit in edits), "argument alone"),
    )


def call_region(places: Places, call: cst.Call, edits: Sequence[CallEdit]) -> Region:
    """The region of a call that several edits rewrite together."""
    plan = _plan(edits)
    start, end = places.of(call)
    func_end = places.whole(call.func)[1]
    opening = places.of(call.whitespace_after_func)[1]
    arguments = [_argument(places, arg) for arg in call.args]
    if places.text[opening] != "(" or places.text[end - 1] != ")":
        raise Misfit("a call without parentheses where a fix names one")
    outer = plan.wrap.outer if plan.wrap else ()
    alone = () if plan.unwrap is None else (plan.unwrap,)
    like = [added.like for added in plan.added if added.like is not None]
    for index in (*plan.arguments, *outer, *alone, *like):
        if not 0 <= index < len(arguments):
            raise Misfit(f"the call has no argument {index}")

    def make(render: Render) -> str:
        texts = [_argument_text(places, arg, plan.arguments.get(index), render) for index, arg in enumerate(arguments)]
        if plan.unwrap is not None:
            texts[plan.unwrap] = _value_text(arguments[plan.unwrap], texts[plan.unwrap], render)
        ranges = [(arg.start, arg.end) for arg in arguments]
        listing = Listing(places.text, opening + 1, end - 1, ranges, texts)
        if plan.unwrap is not None:
            return _alone(listing, plan.unwrap, texts[plan.unwrap], len(arguments))
        dropped = {index for index, edit in plan.arguments.items() if edit.drop}
        kept = [index for index in range(len(arguments)) if index not in dropped and index not in outer]
        if len(kept) + len(plan.added) > 1:
            for index in kept:
                if arguments[index].bare and texts[index] == render(arguments[index].start, arguments[index].end):
                    listing.replace(index, f"({texts[index]})")
        spread = next((index for index in kept if arguments[index].star == "**"), None)
        for added in plan.added:
            text = f"{added.keyword}={places.own(added.value)}"
            if added.like is not None:
                value = render(*arguments[added.like].value)
                text = filled(text, f"({value})" if arguments[added.like].bare else value)
            if spread is None:
                listing.append(text)
            else:
                listing.insert(listing.position(spread), text)
        # after the additions, so that a last argument that goes leaves its line to a new one
        for index in sorted(dropped.union(outer)):
            listing.drop(index)
        listing.tidy()
        _check_keywords(arguments, plan, kept)
        if plan.func is None:
            func = render(start, func_end)
        else:
            func = behind(places, start, places.own(plan.func), comments_between(places, start, func_end))
        new = func + places.text[func_end : opening + 1] + listing.render() + ")"
        if plan.wrap is not None:
            moved = [texts[index] for index in outer if index not in dropped]
            new = f"{places.own(plan.wrap.func)}({', '.join([new, *moved])})"
        return new

    def _check_keywords(arguments: Sequence[_Argument], plan: _Plan, kept: Sequence[int]) -> None:
        # Python finds a repeated keyword only when it compiles, so that parsing the result would not tell
        names = [added.keyword for added in plan.added]
        for index in kept:
            edit = plan.arguments.get(index)
            place = arguments[index].keyword
            if edit is not None and edit.keyword is not None:
                names.append(edit.keyword)
            elif place is not None:
                names.append(places.text[place[0] : place[1]])
        if len(set(names)) < len(names):
            raise Misfit("a call would get the same keyword twice")

    return Region(start, end, Level.NODE, make)


def _alone(listing: Listing, index: int, text: str, count: int) -> str:
    """An argument in the place of its call; in parentheses where comments of the call must stay."""
    if not listing.comments:
        return fill(["", ""], [text])
    for other in range(count):
        if other != index:
            listing.drop(other)
    listing.drop_commas()
    return f"({listing.render()})"


def _value_text(arg: _Argument, text: str, render: Render) -> str:
    """An argument without its keyword, and with the comments between the two."""
    if arg.keyword is None:
        return text
    value = render(*arg.value)
    between = render(arg.keyword[1], arg.value[0]).replace("=", "", 1)
    return f"({between}{value})" if "#" in between else value


def _argument_text(places: Places, arg: _Argument, edit: ArgumentEdit | None, render: Render) -> str:
    if edit is None:
        return render(arg.start, arg.end)
    value = render(*arg.value)
    if arg.bare and (edit.value is not None or edit.keyword is not None):
        value = f"({value})"
    if edit.value is not None:
        value = filled(places.own(edit.value), value)
    if edit.keyword is None:
        return render(arg.start, arg.value[0]) + value
    if arg.star:
        raise Misfit(f"an argument after {arg.star} cannot become a keyword")
    if arg.keyword is None:
        return filled(f"{edit.keyword}={{}}", value)
    return edit.keyword + render(arg.keyword[1], arg.value[0]) + value


def display_region(places: Places, display: cst.List | cst.Tuple, edits: Sequence[ElementEdit]) -> Region:
    """The region of a list or tuple display that gets elements."""
    start, end = places.of(display)
    if isinstance(display, cst.Tuple) and display.lpar:
        start, end = places.of(display.lpar[-1])[0], places.of(display.rpar[0])[1]
    bracket = 0 if isinstance(display, cst.Tuple) and not display.lpar else 1
    ranges = [places.of(element) for element in display.elements]
    for edit in edits:
        if not 0 <= edit.index <= len(ranges):
            raise Misfit(f"the display has no element {edit.index}")

    def make(render: Render) -> str:
        texts = [render(*place) for place in ranges]
        listing = Listing(places.text, start + bracket, end - bracket, ranges, texts)
        for edit in edits:
            if edit.index < len(ranges):
                listing.insert(listing.position(edit.index), places.own(edit.text))
            else:
                listing.append(places.own(edit.text))
        comma = "," if isinstance(display, cst.Tuple) and len(listing.items) == 1 else ""
        return places.text[start : start + bracket] + listing.render() + comma + places.text[end - bracket : end]

    return Region(start, end, Level.NODE, make)
