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
    ("Monday the 7th to Friday June 11", "2027-06-07", "2027-06-12"),
    ("Tuesday the 8th to Friday June 11", "2027-06-08", "2027-06-12"),
    ("June 28 to Monday the 5th", "2027-06-28", "2027-07-06"),
    ("June 28 to Tuesday the 6th", "2027-06-28", "2027-07-07"),
    ("June 3 (Thu) 4pm", "2027-06-03T16:00", ""),
    ("since Monday", "2026-09-21", ""),
    ("since June 5", "2026-06-05", ""),
    ("the weekend after next", "2026-10-10", "2026-10-12"),
    ("this coming weekend", "2026-09-26", "2026-09-28"),
    ("the remainder of the month", "2026-09-23", "2026-10-01"),
    ("calendar week 42", "2026-10-12", ""),
    ("week 53 of 2026", "2026-12-28", ""),
    ("the early 90s", "1990-01-01", "1992-07-01"),
    ("late summer 2027", "2027-08-23", "2027-09-23"),
    ("tomorrow 7-ish", "2026-09-24T07:00", ""),
    ("tomorrow at 1530 hours", "2026-09-24T15:30", ""),
    ("at fourteen hundred hours", "2026-09-23T14:00", ""),
    ("2 hours before midnight", "2026-09-23T22:00", ""),
    ("an hour after noon", "2026-09-23T13:00", ""),
    ("a week on Friday", "2026-10-02", ""),
    ("late tomorrow afternoon", "2026-09-24T14:00", "2026-09-24T16:00"),
    ("early Friday morning", "2026-09-25T08:00", "2026-09-25T10:00"),
    ("the Friday after Thanksgiving", "2026-11-27", ""),
    ("the day after the weekend", "2026-09-28", ""),
    ("two days after the weekend", "2026-09-29", ""),
    ("the day after next week", "2026-10-05", ""),
    ("the day before the weekend", "2026-09-25", ""),
    ("second Monday before Christmas", "2026-12-14", ""),
    ("the weekend before May 8", "2027-05-01", "2027-05-03"),
    ("first half of November", "2026-11-01", "2026-11-16"),
    ("the second half of the year", "2026-07-01", "2027-01-01"),
    ("last working day of next month", "2026-10-30", ""),
    ("the third business day of next month", "2026-10-05", ""),
    ("summer of '19", "2019-06-21", "2019-09-23"),
    ("'03", "2003-01-01", ""),
    ("teachers' day", "2027-09-10", ""),
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
    ("due 2027-03-05T14:30, please", "2027-03-05T14:30"),
    ("we play every other Friday", ""),
]


@pytest.mark.parametrize(("text", "words"), FOUND, ids=[row[0] for row in FOUND])
def test_found(text: str, words: str) -> None:
    """A lone ordinal in a text is a day only behind "on", "by" and the like."""
    assert "; ".join(hit.text for hit in find_when(text, NOW)) == words


MORE = [
    ("yesterday at this time", "2026-09-22T10:40", ""),
    ("this time tomorrow", "2026-09-24T10:40", ""),
    ("two years ago today", "2024-09-23", ""),
    ("a week ago yesterday", "2026-09-15", ""),
    ("3 days before the end of the month", "2026-09-27", ""),
    ("almost 3 weeks ago", "2026-09-02", ""),
    ("within 3 business days", "2026-09-23T10:40", "2026-09-29"),
    ("roughly 5 o'clock", "2026-09-23T17:00", ""),
    ("anytime this week", "2026-09-21", ""),
    ("some time in June", "2027-06-01", ""),
    ("anytime before noon tomorrow", "2026-09-23T10:40", "2026-09-24T12:00"),
    ("in ten minutes or so", "2026-09-23T10:50", ""),
    ("from Monday on", "2026-09-28", ""),
    ("Q4 last year", "2025-10-01", ""),
    ("next year in March", "2027-03-01", ""),
    ("2027 - 05", "2027-05-01", ""),
    ("last week-end of May", "2027-05-29", "2027-05-31"),
    ("the year 794", "0794-01-01", ""),
    ("6 April seventeen hundred thirty", "1730-04-06", ""),
    ("at nine five", "2026-09-23T21:05", ""),
    ("Hannukah 2027", "2027-12-24", "2028-01-02"),
]


@pytest.mark.parametrize(("words", "start", "end"), MORE, ids=[c[0] for c in MORE])
def test_around(words: str, start: str, end: str) -> None:
    """Words around a date, and dates told by other dates."""
    test_words(words, start, end)
