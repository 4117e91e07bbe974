"""Which event the user's words mean; another one is never taken in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import pytest

from agentkit import Context, InputNeeded, ToolError
from agentkit_tools.calendar import cancel_event, create_event, find_events, move_event

Use = Callable[..., Any]


@pytest.fixture
def day(context: Context, use: Use) -> Context:
    """Give a calendar with a standup, a dentist and a party tomorrow."""
    for title, start, length in (
        ("Standup", "2026-11-19T08:30", "15 minutes"),
        ("Dentist", "2026-11-19T10:00", "1 hour"),
        ("Banana party", "2026-11-19T18:00", "3 hours"),
        ("Lunch with Ana", "2026-11-20T12:00", "1 hour"),
    ):
        use(create_event, context, title=title, start=start, duration=length)
    return context


def titles(context: Context, use: Use) -> list[str]:
    """Return what is on the calendar."""
    return [event.title for event in use(find_events, context)]


def _said(value: object) -> str:
    """Name a case by the words of its arguments."""
    return " ".join(cast(dict[str, str], value).values()) if type(value) is dict else ""


@pytest.mark.parametrize(
    ("arguments", "gone"),
    [
        ({"when": "tomorrow at 10am"}, "Dentist"),
        ({"when": "tomorrow at 10:30"}, "Dentist"),
        ({"when": "tomorrow evening"}, "Banana party"),
        ({"title": "meeting", "when": "tomorrow at 8:30"}, "Standup"),
        ({"title": "my appointment", "when": "tomorrow at 10am"}, "Dentist"),
        ({"title": "the dentist appointment"}, "Dentist"),
        ({"title": "meeting with Ana"}, "Lunch with Ana"),
        ({"title": "ana"}, "Lunch with Ana"),
        ({"title": "next meeting"}, "Standup"),
        ({"title": "party", "when": "tomorrow"}, "Banana party"),
    ],
    ids=_said,
)
def test_words_and_time_mean_one_event(
    arguments: dict[str, str], gone: str, day: Context, use: Use
) -> None:
    """The event that fits both is taken, generic words aside."""
    assert use(cancel_event, day, **arguments).event.title == gone
    assert gone not in titles(day, use)


@pytest.mark.parametrize(
    ("arguments", "question"),
    [
        ({"when": "tomorrow at 9am"}, "There is nothing at 09:00 tomorrow. Which one:"),
        (
            {"title": "meeting", "when": "tomorrow at 9am"},
            "There is nothing at 09:00 tomorrow. Which one:",
        ),
        (
            {"title": "dentist", "when": "tomorrow at 9am"},
            "There is nothing called 'dentist' at 09:00 tomorrow. Do you mean Dentist,",
        ),
        (
            {"title": "opera", "when": "tomorrow at 10am"},
            "There is nothing called 'opera' at 10:00 tomorrow. Which one:",
        ),
        (
            {"title": "dentist", "when": "Saturday"},
            "There is nothing called 'dentist' Sat 21 Nov. Do you mean Dentist, Thu 19",
        ),
        ({"title": "event", "when": "tomorrow"}, "Which event do you mean?"),
    ],
    ids=_said,
)
@pytest.mark.parametrize("tool", [cancel_event, move_event], ids=["cancel", "move"])
def test_what_does_not_fit_is_asked_about(
    tool: Any, arguments: dict[str, str], question: str, day: Context, use: Use
) -> None:
    """Nothing else is taken; the day's events are offered, and nothing changes."""
    before = (day.home / "calendar.ics").read_bytes()
    more = {"to": "Friday at 3pm", "title": ""} if tool is move_event else {}
    with pytest.raises(InputNeeded) as caught:
        use(tool, day, **(more | arguments))
    assert caught.value.question.startswith(question)
    assert caught.value.candidates
    assert (day.home / "calendar.ics").read_bytes() == before


def test_an_offered_answer_is_understood(day: Context, use: Use) -> None:
    """The label of a candidate, given back as the title, names that event."""
    with pytest.raises(InputNeeded) as caught:
        use(cancel_event, day, when="tomorrow at 9am")
    answer = caught.value.candidates[1]
    assert use(cancel_event, day, title=answer, when="tomorrow at 9am")
    assert "Dentist" not in titles(day, use)


@pytest.mark.parametrize(
    "arguments",
    [{"title": "opera"}, {"title": "opera", "when": "Sunday"}, {"when": "Sunday 3pm"}],
    ids=["title", "title and day", "time"],
)
def test_nothing_to_offer_is_told(
    arguments: dict[str, str], day: Context, use: Use
) -> None:
    """Where no event comes near, an error names what was looked for."""
    with pytest.raises(ToolError, match=r"There is nothing .* on the calendar\."):
        use(cancel_event, day, **arguments)


def test_part_of_a_word_is_not_that_word(day: Context, use: Use) -> None:
    """The ana of Banana is not Ana."""
    with pytest.raises(InputNeeded, match="called 'ana'"):
        use(cancel_event, day, title="ana", when="tomorrow at 18:00")
