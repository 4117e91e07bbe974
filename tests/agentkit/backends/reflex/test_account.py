"""What becomes of each word: acted on, or named, and never dropped."""

from __future__ import annotations

from itertools import islice

import pytest

from agentkit.backends.reflex.drafts import CallDraft
from tests.benchmarks.account_of_words import acts, read, unaccounted
from tests.benchmarks.understanding.sayings import sayings


def drafts_of(said: str) -> tuple[CallDraft, ...]:
    """Read a request as drafts of calls."""
    return read(said).drafts


# All of English, and of the others enough to see a kind.
STEPS = {"en": 3, "de": 30, "fr": 30, "it": 30, "es": 30, "pt": 30, "hi": 30, "th": 30}
SAID = [
    saying.text
    for language, step in STEPS.items()
    for saying in islice(sayings((language,), per_frame=1, seed=3), 0, None, step)
]


def test_no_word_is_dropped() -> None:
    """Where something is changed, it was said in words that the call or its reason holds."""
    dropped: dict[str, set[str]] = {}
    for said in SAID:
        drafts = drafts_of(said)
        left = unaccounted(said, drafts) if acts(drafts) else set[str]()
        if left:
            dropped[said] = left
    assert dropped == {}


@pytest.mark.parametrize(
    "said",
    [
        "set a timer for 1 hour 75",
        "tonight send Ana a text saying good night",
        "text Ana tonight that dinner is ready",
        "text Ana at 5 that I'm late",
        "message Ana on Friday saying hello",
        "schedule a text to Ana saying good luck",
        "write Ana a message this evening saying thanks",
        "stell einen Timer auf 5 Minuten und einen auf 10 Minuten",
        "pon un temporizador de 5 minutos y otro de 10 minutos",
        "kookwekker van 1 uur en 30 secondes",
    ],
)
def test_what_was_not_understood_stops_what_would_be_done(said: str) -> None:
    """A time that a tool has no place for is asked about, and nothing is done."""
    assert drafts_of(said) == ()


@pytest.mark.parametrize(
    "said",
    ["cancel nothing today", "cancel none of my meetings", "add nothing to my list"],
)
def test_nothing_is_no_title(said: str) -> None:
    """Who wants it done to nothing has nothing done."""
    assert drafts_of(said) == ()


@pytest.mark.parametrize(
    ("said", "value"),
    [
        ("add café 🎂 to my shopping list", "café 🎂"),
        ("add book on C++ to my shopping list", "book on C++"),
        ("add cream 50% to my shopping list", "cream 50%"),
        ("add @home mug to my shopping list", "@home mug"),
        ("add (AAA) batteries to my shopping list", "(AAA) batteries"),
        ("add milk [2] to my shopping list", "milk [2]"),
        ("add €5 voucher to my shopping list", "€5 voucher"),
        ("add O'Brien's to my shopping list", "O'Brien's"),
        ("text Ana see you soon 😀", "see you soon 😀"),
        ("text Ana call me (urgent!)", "call me (urgent!)"),
        ("add {a, b} to my shopping list", "{a, b}"),
        ("add (a, b) to my shopping list", "(a, b)"),
        ("add {a} to my shopping list", "{a}"),
        ("add crisps (salt, vinegar) to my shopping list", "crisps (salt, vinegar)"),
        (
            "schedule a meeting called Budget 50% cut for Thursday at 3pm",
            "Budget 50% cut",
        ),
        ("text Jake: wait for me", "wait for me"),
        ("add 🎂 to my shopping list", "🎂"),
        ("add 🍎 🍌 and 🍇 to my shopping list", "🍎 🍌 and 🍇"),
        ("add cream 50 % to my shopping list", "cream 50 %"),
        ("add -5°C freezer packs to my shopping list", "-5°C freezer packs"),
        ("add 'quoted' item to my shopping list", "'quoted' item"),
        ("add 'two words' to my shopping list", "two words"),
        ("text Ana 👍", "👍"),
        ("text Ana 👍🏽 ok", "👍🏽 ok"),
        ("text Ana :)", ":)"),
        ("text Ana :) see you", ":) see you"),
        ("text Ana <3", "<3"),
        ("text Ana ¿vienes?", "¿vienes?"),
        ("text ana@example.org: <b>hi</b>", "<b>hi</b>"),
        ("note that 2+2=4", "2+2=4"),
        ("text Ana: tomorrow that works for me", "tomorrow that works for me"),
        ("text Ana good luck for tomorrow", "good luck for tomorrow"),
        ("text Ana I'm late at 5", "I'm late at 5"),
        ("text Lena call me now", "call me now"),
        ("note that the wifi code is aB#9!x?", "the wifi code is aB#9!x?"),
        ("add a note saying [ ] buy milk", "[ ] buy milk"),
        ("add a note saying - [x] pay rent", "- [x] pay rent"),
        ("note that :smile: is nice", ":smile: is nice"),
        ("add [/] to my shopping list", "[/]"),
        ("text Ana F# minor is great", "F# minor is great"),
        ("text Ana C++ is hard", "C++ is hard"),
        ("text Ana ok 👍", "ok 👍"),
        ("text Ana thanks", "thanks"),
        ("add a contact: Eva Stark, +49 171 5556677", "+49 171 5556677"),
    ],
)
def test_what_is_kept_or_sent_keeps_its_signs(said: str, value: str) -> None:
    """Every sign of an item, a message, a note or a number is the user's."""
    (draft,) = drafts_of(said)
    assert value in draft.arguments.values()


@pytest.mark.parametrize(
    ("said", "title", "start"),
    [
        ("add Sunday roast to my calendar for Saturday at 1pm", "Sunday roast", "Saturday"),
        ("create an event Christmas party planning on Friday at 3pm",
         "Christmas party planning", "Friday"),
        ("add an event Black Friday sale planning next Tuesday at 2pm",
         "Black Friday sale planning", "next Tuesday"),
    ],
)  # fmt: skip
def test_a_day_in_a_title_stays_there(said: str, title: str, start: str) -> None:
    """The day before the title's words is the title's, where another is told."""
    (draft,) = drafts_of(said)
    assert draft.arguments["title"] == title
    assert str(draft.arguments["start"]).startswith(start)


@pytest.mark.parametrize(
    ("said", "tool", "arguments"),
    [
        ("push the budget workshop back an hour", "move_event", {"later": "an hour"}),
        ("can you push the workshop by 30 minutes", "move_event",
         {"later": "30 minutes"}),
        ("make the flight an hour earlier", "move_event", {"earlier": "an hour"}),
        ("push yoga to 7", "move_event", {"to": "at 7"}),
        ("make yoga 15 minutes shorter", "edit_event", {"shorter": "15 minutes"}),
        ("extend the workshop until 4", "edit_event", {"until": "until 4"}),
        ("rename Car service to Garage", "edit_event", {"new_title": "Garage"}),
        ("change the location of the workshop to Room 2", "edit_event",
         {"location": "Room 2"}),
        ("add Marcus to lunch with Sarah", "edit_event", {"add": ["Marcus"]}),
    ],
)  # fmt: skip
def test_changes_of_an_event_are_told_apart(
    said: str, tool: str, arguments: dict[str, object]
) -> None:
    """Later, earlier, longer, elsewhere: what is to be another is in its own slot."""
    (draft,) = drafts_of(said)
    assert draft.tool == tool
    assert arguments.items() <= draft.arguments.items()


@pytest.mark.parametrize(
    ("said", "repeat", "time"),
    [
        ("wake me at 6:30 every Tuesday and Thursday", "every Tuesday and Thursday", "06:30"),
        ("set an alarm for 6 am every day except Sunday", "every day except Sunday", "6 am"),
        ("set an alarm for midnight every Friday", "every Friday", "midnight"),
        ("set an alarm for every Monday, Wednesday and Friday at 5:45 am",
         "every Monday, Wednesday and Friday", "5:45 am"),
        ("set an alarm for 7 am on weekdays except Friday", "on weekdays except Friday",
         "7 am"),
        ("remind me every Monday and Thursday at 8pm to water the plants",
         "every Monday and Thursday", "8pm"),
        ("remind me to stretch every two hours", "every two hours", "None"),
    ],
)  # fmt: skip
def test_days_that_come_again_are_no_single_day(
    said: str, repeat: str, time: str
) -> None:
    """All days of "every Tuesday and Thursday" are in how often, and none in when."""
    (draft,) = drafts_of(said)
    assert draft.arguments["repeat"] == repeat
    assert time in str(draft.arguments.get("time", draft.arguments.get("when")))


@pytest.mark.parametrize(
    ("said", "title", "duration"),
    [
        ("schedule a one hour meeting tomorrow at 3", "meeting", "one hour"),
        ("schedule a two and a half hour workshop on Monday at 10", "workshop",
         "two and a half hour"),
    ],
)  # fmt: skip
def test_a_length_before_what_is_planned_is_no_title(
    said: str, title: str, duration: str | None
) -> None:
    """A length that stands before its event is how long it is, and not its name."""
    (draft,) = drafts_of(said)
    assert (draft.arguments["title"], draft.arguments.get("duration")) == (
        title,
        duration,
    )


@pytest.mark.parametrize(
    ("said", "duration", "name"),
    [
        ("set a one hour and fifteen minute laundry timer",
         "one hour and fifteen minute", "laundry"),
        ("set a 10 minute pasta timer", "10 minute", "pasta"),
        ("start the tea timer for 3 minutes", "3 minutes", "tea"),
        ("set a timer for 2 1/2 hours", "2 1/2 hours", None),
        ("set a timer for 1 hour 5", "1 hour 5", None),
    ],
)  # fmt: skip
def test_a_timer_keeps_its_whole_length_and_its_name(
    said: str, duration: str, name: str | None
) -> None:
    """No part of a length, and no name before "timer", is left out."""
    (draft,) = drafts_of(said)
    assert draft.arguments["duration"] == duration
    assert draft.arguments.get("name") == name


@pytest.mark.parametrize(
    "said",
    [
        "remind me after my dentist appointment to call Ana",
        "remind me to pack before my flight",
        "remind me when the rain stops to hang the washing",
        "remind me to pay rent on April 31",
        "remind me on the 31st of April to pay rent",
        "my alarm didn't ring at 7 this morning",
        "delete the first",
    ],
)
def test_a_time_that_no_clock_has_sets_nothing(said: str) -> None:
    """A reminder whose time nobody can tell is not kept without one."""
    assert drafts_of(said) == ()


@pytest.mark.parametrize(
    "said",
    ["remind me to look after my plants", "remind me before my flight to pack",
     "remind me to call Ana after 5"],
)  # fmt: skip
def test_what_only_sounds_like_such_a_time_is_kept(said: str) -> None:
    """To look after something is no time; an event of the calendar has one."""
    assert [draft.tool for draft in drafts_of(said)] == ["create_reminder"]


@pytest.mark.parametrize(
    "said", ["text Ana don't wait for me", "text Ana don't be late"]
)
def test_half_a_contraction_is_never_sent(said: str) -> None:
    """A message that begins with "don't" is sent whole, or asked about."""
    told = [str(draft.arguments["text"]) for draft in drafts_of(said)]
    assert all(text.startswith("don't") for text in told)
