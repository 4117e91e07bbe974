"""Hours that pass, days on the wall, and times told from other times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context
from agentkit.slots import find_when, resolve_when

BERLIN, NEW_YORK = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York")
# Each of them is an hour or two before a change of clocks somewhere.
CLOCKS = [
    datetime(2026, 3, 29, 1, 30, tzinfo=BERLIN),
    datetime(2026, 10, 25, 1, 30, tzinfo=BERLIN),
    datetime(2026, 10, 25, 2, 30, tzinfo=BERLIN),
    datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=BERLIN),
    datetime(2026, 3, 8, 1, 15, tzinfo=NEW_YORK),
    datetime(2026, 11, 1, 0, 0, tzinfo=NEW_YORK),
    datetime(2026, 6, 1, 12, 0, tzinfo=BERLIN),
]
LENGTHS = {
    "in an hour": 60, "in 90 minutes": 90, "two hours from now": 120,
    "in 5 hours": 300, "in 48 hours": 2880, "30 minutes ago": -30, "3 hours ago": -180,
}  # fmt: skip


@pytest.mark.parametrize("now", CLOCKS, ids=str)
@pytest.mark.parametrize("said", LENGTHS)
def test_hours_are_real_ones(said: str, now: datetime) -> None:
    """So many hours on are so many hours later, whatever the wall's clock does."""
    told = resolve_when(said, now).start
    passed = told.astimezone(UTC) - now.astimezone(UTC)
    assert passed == timedelta(minutes=LENGTHS[said])


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_days_are_the_walls(now: datetime) -> None:
    """Tomorrow at 9 is at 9 on the wall."""
    told = resolve_when("tomorrow at 9am", now).start
    assert (told.hour, told.date()) == (9, now.date() + timedelta(days=1))


@pytest.mark.parametrize("now", CLOCKS, ids=str)
def test_a_clock_that_runs(now: datetime) -> None:
    """What a context's clock shows after a length is so much later."""
    later = Context(now=now).after(timedelta(hours=3))
    passed = later.astimezone(UTC) - now.astimezone(UTC)
    assert (passed, later.tzinfo) == (timedelta(hours=3), now.tzinfo)


SATURDAY = datetime(2018, 6, 23, 10, 0, tzinfo=BERLIN)


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("12:00 Noon", "2018-06-23T12:00"),
        ("12pm noon", "2018-06-23T12:00"),
        ("12 o'clock noon", "2018-06-23T12:00"),
        ("12:00 midnight", "2018-06-24T00:00"),
        ("1 hour before 3", "2018-06-23T14:00"),
        ("half an hour before 9", "2018-06-23T20:30"),
        ("an hour before 3pm tomorrow", "2018-06-24T14:00"),
        ("half an hour after 5 pm on friday", "2018-06-29T17:30"),
        ("tomorrow an hour before noon", "2018-06-24T11:00"),
        ("about two hours after noon", "2018-06-23T14:00"),
        ("week from Sunday", "2018-07-01T00:00"),
        ("tom at 16:00", "2018-06-24T16:00"),
        ("the first of the month", "2018-07-01T00:00"),
        ("the 28th of the month", "2018-06-28T00:00"),
        ("the first of this month", "2018-06-01T00:00"),
        ("first day of the month", "2018-07-01T00:00"),
        ("beginning of the month", "2018-07-01T00:00"),
        ("first monday of the month", "2018-07-02T00:00"),
        ("first monday of this month", "2018-06-04T00:00"),
        ("first business day of the month", "2018-07-02T00:00"),
        ("the last of the month", "2018-06-30T00:00"),
        ("first of the year", "2019-01-01T00:00"),
        ("5th Friday in June", "2018-06-29T00:00"),
    ],
)
def test_told_from_another_time(said: str, told: str) -> None:
    """A time beside a length, a noon beside its number, and a day of the month."""
    assert resolve_when(said, SATURDAY).start.isoformat()[:16] == told


@pytest.mark.parametrize(
    "said",
    [
        "5th Tuesday in June",
        "fifth Monday of February",
        "5th tuesday this June",
        "sixth Friday of May",
    ],
)
def test_what_is_not_there_is_no_other_day(said: str) -> None:
    """A fifth Tuesday that a month has not is asked about, and not taken for the 5th."""
    with pytest.raises(ValueError, match="no date"):
        resolve_when(said, SATURDAY)
    found = find_when(f"a review {said} at 3pm", SATURDAY)
    assert not {hit.text for hit in found} & {said, said.partition(" ")[2]}


@pytest.mark.parametrize("said", ["text tom at 16:00", "ask Tom about it"])
def test_somebody_is_no_day(said: str) -> None:
    """Tom is somebody in a sentence."""
    assert all("om" not in hit.text for hit in find_when(said, SATURDAY))
