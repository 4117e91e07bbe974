"""`When` in other words: parts joined by hyphens, decades, lengths with a start.

Seen from Wednesday 23 September 2026, 10:00.
"""

from datetime import UTC, datetime

import pytest

from agentkit.slots import find_when, resolve_when

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)

CASES = [
    ("tuesday early-morning", "2026-09-29T08:00", "2026-09-29T10:00"),
    ("late-night tomorrow", "2026-09-24T22:00", "2026-09-25"),
    ("tomorrow mid-afternoon", "2026-09-24T14:00", "2026-09-24T15:00"),
    ("Friday PM", "2026-09-25T12:00", "2026-09-25T16:00"),
    ("in the 70s", "1970-01-01", "1980-01-01"),
    ("the noughties", "2000-01-01", "2010-01-01"),
    ("next two decades", "2030-01-01", "2050-01-01"),
    ("rest of the day", "2026-09-23T10:00", "2026-09-24"),
    ("june next year", "2027-06-01", ""),
    ("march of last year", "2025-03-01", ""),
    ("the third week of next year", "2027-01-18", ""),
    ("the month after the next", "2026-11-01", ""),
    ("next fortnight", "2026-09-28", "2026-10-12"),
    ("4 hours in the future", "2026-09-23T14:00", ""),
    ("in four business days", "2026-09-29", ""),
    ("2 thursdays back", "2026-09-10", ""),
    ("3 days starting from next Monday", "2026-09-28", "2026-10-01"),
    ("Oct 14 for 7 hours from 9:30am", "2026-10-14T09:30", "2026-10-14T16:30"),
    ("from 11 pm to 3", "2026-09-23T23:00", "2026-09-24T03:00"),
    ("between 0730-0930", "2026-09-24T07:30", "2026-09-24T09:30"),
    ("memorial day weekend 2027", "2027-05-29", "2027-05-31"),
    ("Labor Day weekend", "2027-09-04", "2027-09-06"),
    ("the week starting on October 5", "2026-10-05", ""),
    ("12 noon", "2026-09-23T12:00", ""),
    ("15 to noon", "2026-09-23T11:45", ""),
    ("three quarters past 9pm", "2026-09-23T21:45", ""),
    ("3 in the AM", "2026-09-24T03:00", ""),
    ("2027 November", "2027-11-01", ""),
    ("August 99", "1999-08-01", ""),
    ("on 15", "2026-10-15", ""),
    ("the ides of march", "2027-03-15", ""),
]


@pytest.mark.parametrize(("words", "start", "end"), CASES, ids=[c[0] for c in CASES])
def test_words(words: str, start: str, end: str) -> None:
    """Starts and ends are where the reference page puts them."""
    if not start:
        with pytest.raises(ValueError, match="no date"):
            resolve_when(words, NOW)
        return
    when = resolve_when(words, NOW)
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    told = datetime.fromisoformat(end).replace(tzinfo=UTC) if end else None
    assert when.end == told


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("I'll be back noon.", ["noon"]),
        ("Meet me on 15 at 8:00.", ["on 15 at 8:00"]),
        ("He scored on 15 shots.", []),
        ("She turned on 4.5 lamps.", []),
        ("I am on it.", []),
    ],
)
def test_found(text: str, found: list[str]) -> None:
    """A number behind "on" is a day only where nothing is counted."""
    assert [hit.text for hit in find_when(text, NOW)] == found
