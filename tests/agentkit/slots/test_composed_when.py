"""Days, times and lengths put together, seen from Wed 23 September 2026, 10:40."""

from datetime import UTC, datetime

import pytest

from agentkit.slots import find_when, resolve_when

NOW = datetime(2026, 9, 23, 10, 40, tzinfo=UTC)
CASES = [
    ("this night", "2026-09-23T20:00", "2026-09-24"),
    ("in the night", "2026-09-23T20:00", "2026-09-24"),
    ("lunchtime 11 o'clock", "2026-09-23T11:00", ""),
    ("last Tuesday", "2026-09-15", ""),
    ("past Tuesday", "2026-09-22", ""),
    ("previous Saturday", "2026-09-19", ""),
    ("Tuesday the 22nd", "2026-09-22", ""),
    ("Thursday the twenty ninth", "2026-10-29", ""),
    ("Friday the eighteen", "2026-09-18", ""),
    ("4/2031", "2031-04-01", ""),
    ("10-2027", "2027-10-01", ""),
    ("2 days 1 year 3 weeks ago", "2025-08-31T10:00", ""),
    ("in 2½ hours", "2026-09-23T13:10", ""),
    ("this working week", "2026-09-21", "2026-09-26"),
    ("2025 the second quarter", "2025-04-01", ""),
    ("presidents' day 2028", "2028-02-21", ""),
    ("May after next", "2028-05-01", ""),
    ("April in two years", "2028-04-01", ""),
    ("early next month", "2026-10-01", "2026-10-16"),
    ("late last month", "2026-08-16", "2026-09-01"),
    ("early next year", "2027-01-01", "2027-07-01"),
    ("late this week", "2026-09-24", "2026-09-28"),
    ("October between 3 and 5", "2026-10-03", "2026-10-06"),
    ("from 11am until tomorrow 3pm", "2026-09-23T11:00", "2026-09-24T15:00"),
    ("Dec-Jan 2028", "2027-12-01", "2028-02-01"),
    ("June 3 (Thu) 4pm", "2027-06-03T16:00", ""),
]


@pytest.mark.parametrize(("words", "start", "end"), CASES, ids=[c[0] for c in CASES])
def test_words(words: str, start: str, end: str) -> None:
    """Starts and ends are where the reference page puts them."""
    when = resolve_when(words, NOW)
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    told = datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None
    assert when.end == told


FOUND = [
    ("Could we talk the 21st?", ""),
    ("something around the 21st", ""),
    ("between the 3rd and 5th", ""),
    ("I need it for the 27.", "for the 27"),
    ("we meet on the second", "on the second"),
    ("until the 21st", "until the 21st"),
    ("two morning sessions are enough", ""),
    ("I am away February", "February"),
    ("Ana says:2 December suits her", "2 December"),
    ("away on weekend", "on weekend"),
]


@pytest.mark.parametrize(("text", "words"), FOUND, ids=[row[0] for row in FOUND])
def test_found(text: str, words: str) -> None:
    """A lone ordinal in a text is a day only behind "on", "by" and the like."""
    assert "; ".join(hit.text for hit in find_when(text, NOW)) == words
