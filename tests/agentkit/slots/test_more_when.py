"""More words of `When`: stretches, edges and eras, seen from Wed 23 Sep 2026, 10:00."""

from datetime import UTC, datetime

import pytest

from agentkit.slots import find_when, resolve_when

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)

CASES = [
    ("in 3 days at 5pm", "2026-09-26T17:00", ""),
    ("a fortnight ago", "2026-09-09T10:00", ""),
    ("2 upcoming weeks", "2026-10-05", ""),
    ("last 3 months", "2026-06-23", "2026-09-23"),
    ("last two weeks", "2026-09-09", "2026-09-23"),
    ("last two quarters", "2026-01-01", "2026-07-01"),
    ("later this week", "2026-09-24", "2026-09-28"),
    ("earlier this month", "2026-09-01", "2026-09-16"),
    ("later today", "2026-09-23T10:00", "2026-09-24"),
    ("late tonight", "2026-09-23T21:00", "2026-09-24"),
    ("this afternoon", "2026-09-23T12:00", "2026-09-23T16:00"),
    ("tomorrow eod", "2026-09-24T17:00", "2026-09-25"),
    ("end of day tomorrow", "2026-09-24T17:00", "2026-09-25"),
    ("first thing tomorrow", "2026-09-24T08:00", "2026-09-24T10:00"),
    ("first ten days of January", "2027-01-01", "2027-01-11"),
    ("last 2 weeks of May", "2027-05-18", "2027-06-01"),
    ("from 4 to 23 of next month", "2026-10-04", "2026-10-24"),
    ("before the end of October", "2026-09-23T10:00", "2026-11-01"),
    ("from March to date", "2026-03-01", "2026-09-24"),
    ("year to date", "2026-01-01", "2026-09-23"),
    ("on or after Oct 1", "2026-10-01", ""),
    ("all day Friday", "2026-09-25", ""),
    ("this 9/25", "2026-09-25", ""),
    ("the 21st century", "2000-01-01", "2100-01-01"),
    ("last decade", "2010-01-01", "2020-01-01"),
    ("in the 1990s", "1990-01-01", "2000-01-01"),
    ("the day before christmas", "2026-12-24", ""),
]


@pytest.mark.parametrize(("words", "start", "end"), CASES, ids=[c[0] for c in CASES])
def test_stretch(words: str, start: str, end: str) -> None:
    """Starts and ends are where the reference page puts them."""
    when = resolve_when(words, NOW)
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    told = datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None
    assert when.end == told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Compare 2007 and 2009.", ["2007", "2009"]),
        ("Our kit is up to date 1.", []),
        ("Find 30 minutes later this week.", ["later this week"]),
    ],
)
def test_found_in_text(text: str, found: list[str]) -> None:
    """Dates in a sentence are told from counts and manners of speaking."""
    assert [hit.text for hit in find_when(text, NOW)] == found
