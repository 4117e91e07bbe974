"""`Recurrence`, seen from Wednesday 23 September 2026, 10:00."""

from datetime import UTC, datetime

import pytest

from agentkit.slots import Recurrence, find_recurrence, resolve_recurrence
from agentkit.tools import tool

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)
RULES = [
    ("every Sunday", "FREQ=WEEKLY;BYDAY=SU", "2026-09-27T10:00"),
    ("sunday", "FREQ=WEEKLY;BYDAY=SU", "2026-09-27T10:00"),
    ("daily", "FREQ=DAILY", "2026-09-23T10:00"),
    ("every day at 8", "FREQ=DAILY", "2026-09-24T08:00"),
    ("every night at 10", "FREQ=DAILY", "2026-09-23T22:00"),
    ("every other Tuesday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU", "2026-09-29T10:00"),
    ("every two weeks on Friday", "FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "2026-09-25T10:00"),
    ("every weekday at 7am", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", "2026-09-24T07:00"),
    ("on weekends", "FREQ=WEEKLY;BYDAY=SA,SU", "2026-09-26T10:00"),
    ("mondays and thursdays", "FREQ=WEEKLY;BYDAY=MO,TH", "2026-09-24T10:00"),
    ("monthly on the 15th", "FREQ=MONTHLY;BYMONTHDAY=15", "2026-10-15T10:00"),
    ("the 1st of every month", "FREQ=MONTHLY;BYMONTHDAY=1", "2026-10-01T10:00"),
    ("the first monday of every month", "FREQ=MONTHLY;BYDAY=1MO", "2026-10-05T10:00"),
    ("every last friday of the month", "FREQ=MONTHLY;BYDAY=-1FR", "2026-09-25T10:00"),
    ("every May 3", "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=3", "2027-05-03T10:00"),
    ("quarterly", "FREQ=MONTHLY;INTERVAL=3", "2026-09-23T10:00"),
    ("every day for 10 times", "FREQ=DAILY;COUNT=10", "2026-09-23T10:00"),
    ("every day until Friday", "FREQ=DAILY;UNTIL=20260925T235959Z", "2026-09-23T10:00"),
    ("RRULE:FREQ=WEEKLY;BYDAY=SU", "FREQ=WEEKLY;BYDAY=SU", "2026-09-27T10:00"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "rule", "first"), RULES, ids=[text for text, _, _ in RULES]
)
def test_words_are_a_rule(text: str, rule: str, first: str) -> None:
    """The rule is that of RFC 5545, and the first time is the next that fits."""
    found = resolve_recurrence(text, NOW)
    assert found.rule == rule
    assert found.first(NOW) == datetime.fromisoformat(first).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    ["", "hello", "friday next week", "every", "every 0 days", "every 32nd",
     "FREQ=WEEKLY;BYDAY=XX", "FREQ=SECONDLY", "every " * 50],
)  # fmt: skip
def test_what_is_no_recurrence_is_an_error(text: str) -> None:
    """Single days, days that are not there and other words."""
    with pytest.raises(ValueError, match=r"how often|too long"):
        resolve_recurrence(text, NOW)


def test_what_never_takes_place_is_an_error() -> None:
    """There is no February 30."""
    with pytest.raises(ValueError, match="never takes place"):
        resolve_recurrence("every february 30", NOW).first(NOW)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("remind me to water the plants every Sunday at 5", "every Sunday"),
        ("add yoga on mondays at 9", "on mondays"),
        ("pay rent on the first of every month", "the first of every month"),
        ("call Ana on friday", ""),
        ("the 3rd item", ""),
    ],
)
def test_a_recurrence_is_found_in_a_sentence(text: str, words: str) -> None:
    """A single day is none."""
    assert find_recurrence(text) == words


def test_a_tool_gets_a_recurrence() -> None:
    """The schema names the format."""

    @tool(effect="write")
    def water(often: Recurrence) -> str:
        """Water the plants.

        Args:
            often: how often.
        """
        return often.rule

    assert water.parameters["properties"]["often"]["format"] == "recurrence"
    assert water(Recurrence("FREQ=DAILY")) == "FREQ=DAILY"


@pytest.mark.parametrize(
    ("said", "days"),
    [
        ("every day except Sunday", "MO,TU,WE,TH,FR,SA"),
        ("every morning but not on Saturday and Sunday", "MO,TU,WE,TH,FR"),
        ("daily except on weekends", "MO,TU,WE,TH,FR"),
        ("weekdays except Friday", "MO,TU,WE,TH"),
        ("every weekday apart from Mondays", "TU,WE,TH,FR"),
    ],
)
def test_all_days_but_some(said: str, days: str) -> None:
    """The days that are left out are no days of it."""
    now = datetime(2026, 3, 10, 9, tzinfo=UTC)
    assert resolve_recurrence(said, now).rule == f"FREQ=WEEKLY;BYDAY={days}"
    assert find_recurrence(f"wake me {said}, please") == said
