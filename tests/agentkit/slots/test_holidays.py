"""Feast days and the dates they fall on."""

from datetime import UTC, date, datetime

import pytest

from agentkit.slots import resolve_when
from agentkit.slots.holidays import easter, orthodox_easter

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("year", "western", "eastern"),
    [
        (1999, date(1999, 4, 4), date(1999, 4, 11)),
        (2000, date(2000, 4, 23), date(2000, 4, 30)),
        (2016, date(2016, 3, 27), date(2016, 5, 1)),
        (2024, date(2024, 3, 31), date(2024, 5, 5)),
        (2025, date(2025, 4, 20), date(2025, 4, 20)),
        (2038, date(2038, 4, 25), date(2038, 4, 25)),
    ],
)
def test_easter(year: int, western: date, eastern: date) -> None:
    """Both Easters fall on their published dates."""
    assert (easter(year), orthodox_easter(year)) == (western, eastern)


NAMES = [
    ("New Year's Eve", "2026-12-31"),
    ("MLK day", "2027-01-18"),
    ("memorial day", "2027-05-31"),
    ("Labor Day 2027", "2027-09-06"),
    ("black friday", "2026-11-27"),
    ("Good Friday", "2027-03-26"),
    ("mother's day", "2027-05-09"),
    ("halloween of next year", "2027-10-31"),
    ("4th of July", "2027-07-04"),
    ("the day after Christmas", "2026-12-26"),
]


@pytest.mark.parametrize(("words", "day"), NAMES, ids=[case[0] for case in NAMES])
def test_next_one(words: str, day: str) -> None:
    """Without a year the next one is meant."""
    assert f"{resolve_when(words, NOW).start:%F}" == day


@pytest.mark.parametrize(
    ("words", "start", "until"),
    [
        ("rosh hashanah 2025", "2025-09-22", "2025-09-25"),
        ("yom kippur 2024", "2024-10-11", "2024-10-13"),
        ("hanukkah 2023", "2023-12-07", "2023-12-16"),
        ("passover 2026", "2026-04-01", "2026-04-10"),
        ("eid al-fitr 2018", "2018-06-15", "2018-06-16"),
        ("chinese new year 2027", "2027-02-06", "2027-02-07"),
        ("diwali", "2026-11-08", "2026-11-09"),
        ("diwali 2019", "2019-10-27", "2019-10-28"),
        ("holi 2023", "2023-03-08", "2023-03-09"),
        ("raksha bandhan 2019", "2019-08-15", "2019-08-16"),
        ("ganesh chaturthi 2023", "2023-09-19", "2023-09-20"),
        ("maha shivaratri 2024", "2024-03-08", "2024-03-09"),
        ("ugadi 2021", "2021-04-13", "2021-04-14"),
        ("onam 2022", "2022-09-08", "2022-09-09"),
        ("makar sankranti 2019", "2019-01-15", "2019-01-16"),
        ("guru nanak jayanti 2020", "2020-11-30", "2020-12-01"),
        ("eid al-adha 2023", "2023-06-28", "2023-06-29"),
        ("chinese new year 2034", "2034-02-19", "2034-02-20"),
        ("lent 2024", "2024-02-14", "2024-03-31"),
    ],
)
def test_moving_feast(words: str, start: str, until: str) -> None:
    """Feasts of other calendars begin, the Jewish ones at sundown, when published."""
    when = resolve_when(words, NOW)
    assert (f"{when.start:%F}", f"{when.until:%F}") == (start, until)


def test_feast_of_an_unknown_year_is_refused() -> None:
    """A feast of the moon in a year too far away is no guess."""
    with pytest.raises(ValueError, match="no date"):
        resolve_when("diwali 1600", NOW)
