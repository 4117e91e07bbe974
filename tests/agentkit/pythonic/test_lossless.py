"""Nothing is dropped, reordered or altered without a repair that says so."""

from __future__ import annotations

from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentkit.messages import ToolCall
from agentkit.pythonic import KnownTools, ParsedCalls, format_calls, parse_calls

WORDS = st.text("ab x,=()[]{}'\";#+.:-\\_\n1é", max_size=8)
SCALARS = st.one_of(WORDS, st.integers(-99, 99), st.booleans(), st.none())
VALUES = st.one_of(SCALARS, st.lists(SCALARS, max_size=3))
CALLS = st.lists(
    st.builds(
        ToolCall,
        st.sampled_from(["f", "g", "calendar.find"]),
        st.dictionaries(st.sampled_from("abc"), VALUES, max_size=3),
    ),
    min_size=1,
    max_size=3,
)
MARKS = st.sampled_from(list("[](){},; \n"))


def is_explained(parsed: ParsedCalls, meant: list[ToolCall]) -> bool:
    """Whether what was read is what was meant, or something says that it is not."""
    if parsed.repairs or parsed.errors or not parsed.calls:
        return True
    return [(c.name, list(c.arguments.items())) for c in parsed.calls] == [
        (c.name, list(c.arguments.items())) for c in meant
    ]


@settings(max_examples=400, deadline=None)
@given(calls=CALLS, at=st.integers(0, 200))
def test_a_missing_bracket_or_quote_is_noted(
    anything: KnownTools, calls: list[ToolCall], at: int
) -> None:
    """A list that lacks one of its marks is read as meant, or says how it was read."""
    text = format_calls(calls)
    places = [i for i, mark in enumerate(text) if mark in "[](){}"]
    place = places[at % len(places)]
    inside = text.count('"', 0, place) % 2
    spoilt = text[:place] + text[place + 1 :]

    parsed = parse_calls(spoilt, anything)

    assert inside or "\\" in text or is_explained(parsed, calls)


@settings(max_examples=400, deadline=None)
@given(calls=CALLS, at=st.integers(0, 200), mark=MARKS)
# `[f(a=[""[, "", ""]), f(a=["x"])]`: the string that begins may not swallow the others.
@example(
    calls=[ToolCall("f", {"a": ["", "", ""]}), ToolCall("f", {"a": ["x"]})],
    at=3,
    mark="[",
)
def test_an_extra_mark_changes_nothing_unsaid(
    anything: KnownTools, calls: list[ToolCall], at: int, mark: str
) -> None:
    """A list with one mark too many is read as meant, or says how it was read."""
    text = format_calls(calls)
    borders = [i for i, sign in enumerate(text) if sign in "[](){},"]
    places = [i for i in borders if text.count('"', 0, i) % 2 == 0]
    place = places[at % len(places)]
    spoilt = text[:place] + mark + text[place:]

    parsed = parse_calls(spoilt, anything)

    assert "\\" in text or parsed.text or is_explained(parsed, calls)
