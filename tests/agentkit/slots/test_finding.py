"""Dates and times found in sentences, and look-alikes left alone."""

from datetime import UTC, datetime

import pytest

from agentkit.slots import find_when

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)

SENTENCES = [
    ("Can we meet Thursday at 3pm to review the draft?", [("Thursday at 3pm", 24, 15)]),
    ("See you tomorrow, bring cake.", [("tomorrow", 24, 0)]),
    ("Lunch on Friday or dinner on Saturday at 7pm?",
     [("on Friday", 25, 0), ("on Saturday at 7pm", 26, 19)]),
    ("wake me at 7", [("at 7", 23, 19)]),
    ("I will be back in two hours.", [("in two hours", 23, 12)]),
    ("It may be done by the 30th.", [("by the 30th", 23, 10)]),
    ("call me now", [("now", 23, 10)]),
    ("Race (3pm) tomorrow", [("3pm", 23, 15), ("tomorrow", 24, 0)]),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"), SENTENCES, ids=[case[0] for case in SENTENCES]
)
def test_found(text: str, expected: list[tuple[str, int, int]]) -> None:
    """Each date in a sentence is found whole, with its place in the text."""
    found = find_when(text, NOW)
    told = [(hit.text, hit.when.start.day, hit.when.start.hour) for hit in found]
    assert told == expected
    assert all(text[hit.start_index : hit.end_index] == hit.text for hit in found)


PROSE = [
    "May I ask you something?",
    "They may come, or they may not.",
    "One may wonder; this may or may not help.",
    "The talk is on the 3rd floor, in the 1st week.",
    "It was his 21st birthday in room 5/12.",
    "June called, and August wrote back in a second.",
    "Soldiers march on, and the sun shines.",
    "Give me a second, it takes a minute of your time.",
    "Version 2.15 of the app, build 3.4.1, costs $3.50.",
    "Call 555-0199 or +1 650 650 6500.",
    "I need 5 to 10 apples and 2 or 3 eggs.",
    "At 3 tables people sat on chairs.",
    "The second one is better than the first.",
    "Have a nice day! Good morning, everyone.",
    "The rate was at 6.45 percent.",
    "We shipped 2000 pieces in box 1234.",
    "Mix 1/2 cup with 3/4 of the rest.",
    "Rate it from 1 to 10.",
    "He had lunch with his boss's wife.",
    "That is all for now, boy.",
    "My shelf is up-to-date.",
    "A spring broke, I lent him money.",
    "Meet every Sunday.",
    "32 - 2015 and 2015-32 are part numbers.",
]


@pytest.mark.parametrize("text", PROSE)
def test_prose_holds_no_date(text: str) -> None:
    """Words and numbers that only look like dates are left alone."""
    assert find_when(text, NOW) == []


@pytest.mark.parametrize("digit", ["\u00b2", "\u2460", "\u2474", "\u1369"])
def test_digit_of_another_kind(digit: str) -> None:
    """A digit that no number is written with, such as a square, does no harm."""
    for text in (f"on {digit} May", f"in {digit} days", f"{digit}:30", f"week {digit}"):
        assert find_when(f"{text}, {digit} and tomorrow", NOW)[-1].text == "tomorrow"


@pytest.mark.parametrize("words", ["this quarter", "next quarter", "the week after"])
def test_period_seen_from_now(words: str) -> None:
    """A quarter, or the week after, is found as it is read."""
    assert [hit.text for hit in find_when(f"Deliver it {words}.", NOW)] == [words]


def test_long_text_is_read_to_its_end() -> None:
    """A date after much text is found, and repetition does no harm."""
    text = "end of the " * 2000 + ". See you tomorrow."
    assert find_when(text, NOW)[-1].text == "tomorrow"


def test_flood_of_numbers() -> None:
    """A text made to take long is given up in part, and what follows is read."""
    flood = "1 " * 2000
    letter = "After all of these numbers here is what I really wanted to tell you, "
    found = find_when(flood + letter * 3 + "see you tomorrow", NOW)
    assert [hit.text for hit in found] == ["tomorrow"]


def test_letter_full_of_dates() -> None:
    """In a long letter with a date in each line none is left out."""
    found = find_when("We meet on Friday at 3pm in the old town hall.\n" * 300, NOW)
    assert len(found) == 300
