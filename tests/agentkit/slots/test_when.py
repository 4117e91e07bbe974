"""The words of `When`, seen from Wednesday 23 September 2026, 10:00."""

from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from pydantic import TypeAdapter, ValidationError

from agentkit.context import Context
from agentkit.slots import When, resolve_when

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)
ADAPTER = TypeAdapter(When)

POINTS = [
    ("now", "2026-09-23T10:00"),
    ("today", "2026-09-23"),
    ("tomorrow", "2026-09-24"),
    ("the day after tomorrow", "2026-09-25"),
    ("yesterday", "2026-09-22"),
    ("Friday", "2026-09-25"),
    ("this Friday", "2026-09-25"),
    ("next Friday", "2026-10-02"),
    ("last Friday", "2026-09-18"),
    ("Friday after next", "2026-10-02"),
    ("Wednesday", "2026-09-30"),
    ("Friday next week", "2026-10-02"),
    ("at 3", "2026-09-23T15:00"),
    ("at 8", "2026-09-23T20:00"),
    ("0:30 pm", "2026-09-23T12:30"),
    ("0:30 am", "2026-09-24T00:30"),
    ("tomorrow at 9", "2026-09-24T09:00"),
    ("at 3 in the morning", "2026-09-24T03:00"),
    ("half past four", "2026-09-23T16:30"),
    ("a quarter to 6pm", "2026-09-23T17:45"),
    ("ten to three", "2026-09-23T14:50"),
    ("noon", "2026-09-23T12:00"),
    ("tomorrow at midnight", "2026-09-25T00:00"),
    ("14h45", "2026-09-23T14:45"),
    ("Thursday at 3pm", "2026-09-24T15:00"),
    ("3 p.m. on Thursday", "2026-09-24T15:00"),
    ("in two hours", "2026-09-23T12:00"),
    ("half an hour from now", "2026-09-23T10:30"),
    ("in an hour and a half", "2026-09-23T11:30"),
    ("in 3 days", "2026-09-26T10:00"),
    ("3 days ago", "2026-09-20T10:00"),
    ("a week from Tuesday", "2026-10-06"),
    ("two weeks before Christmas", "2026-12-11"),
    ("October 5", "2026-10-05"),
    ("the 5th of October", "2026-10-05"),
    ("5 Oct 2027", "2027-10-05"),
    ("January 5", "2027-01-05"),
    ("10/5", "2026-10-05"),
    ("25/12/2026", "2026-12-25"),
    ("the 3rd", "2026-10-03"),
    ("Friday the 13th", "2026-11-13"),
    ("the first monday of next month", "2026-10-05"),
    ("last friday of October", "2026-10-30"),
    ("the 20th of next month", "2026-10-20"),
    ("Thanksgiving", "2026-11-26"),
    ("easter 2027", "2027-03-28"),
    ("last christmas", "2025-12-25"),
    ("October", "2026-10-01"),
    ("next month", "2026-10-01"),
    ("Q1 2027", "2027-01-01"),
    ("week 40", "2026-09-28"),
    ("nineteen ninety six", "1996-01-01"),
]


@pytest.mark.parametrize(("words", "start"), POINTS, ids=[p[0] for p in POINTS])
def test_point(words: str, start: str) -> None:
    """A moment, day or unit starts where people mean it to start."""
    when = resolve_when(words, NOW)
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert when.end is None
    assert when.all_day is ("T" not in start)


RANGES = [
    ("from 3 to 5pm", "2026-09-23T15:00", "2026-09-23T17:00"),
    ("3-4pm tomorrow", "2026-09-24T15:00", "2026-09-24T16:00"),
    ("9 to 5", "2026-09-24T09:00", "2026-09-24T17:00"),
    ("11am to 1pm", "2026-09-23T11:00", "2026-09-23T13:00"),
    ("Thursday from 9:30 to 11", "2026-09-24T09:30", "2026-09-24T11:00"),
    ("tomorrow between 2 and 4", "2026-09-24T14:00", "2026-09-24T16:00"),
    ("tomorrow at 3 for 45 minutes", "2026-09-24T15:00", "2026-09-24T15:45"),
    ("for 2 hours from 2pm", "2026-09-23T14:00", "2026-09-23T16:00"),
    ("june 3-7", "2027-06-03", "2027-06-08"),
    ("from the 5th to the 7th of October", "2026-10-05", "2026-10-08"),
    ("October 30 to November 2", "2026-10-30", "2026-11-03"),
    ("this weekend", "2026-09-26", "2026-09-28"),
    ("next 3 weeks", "2026-09-28", "2026-10-19"),
    ("last two days", "2026-09-21", "2026-09-23"),
    ("tomorrow morning", "2026-09-24T08:00", "2026-09-24T12:00"),
    ("tonight", "2026-09-23T20:00", "2026-09-24T00:00"),
    ("end of the month", "2026-09-21", "2026-10-01"),
    ("beginning of October", "2026-10-01", "2026-10-11"),
    ("by Friday", "2026-09-23T10:00", "2026-09-26"),
    ("before 2pm", "2026-09-23T10:00", "2026-09-23T14:00"),
    ("the 90s", "1990-01-01", "2000-01-01"),
    ("a week starting tomorrow", "2026-09-24", "2026-10-01"),
]


@pytest.mark.parametrize(
    ("words", "start", "end"), RANGES, ids=[case[0] for case in RANGES]
)
def test_range(words: str, start: str, end: str) -> None:
    """A range has both its ends, the last of them exclusive."""
    when = resolve_when(words, NOW)
    assert when.start == datetime.fromisoformat(start).replace(tzinfo=UTC)
    assert when.end == datetime.fromisoformat(end).replace(tzinfo=UTC)


NO_DATES = [
    "",
    "hello",
    "25",
    "1 adult",
    "this one",
    "dozens o'clock",
    "at 650-650-6500",
    "version 2.15",
    "feb 30",
    "2026-13-45",
    "end of",
    "80%",
    "in 99999999 years",
    "next " * 60,
    "week 53 of 2025",
]


@pytest.mark.parametrize("words", NO_DATES)
def test_no_date(words: str) -> None:
    """What is no date raises one sentence that names it, and guesses nothing."""
    with pytest.raises(ValueError, match="date"):
        resolve_when(words, NOW)


def test_too_long_text_is_refused() -> None:
    """A text beyond the bound is refused before it is read."""
    with pytest.raises(ValueError, match="too long"):
        resolve_when("tomorrow " * 100, NOW)


def test_prefer_past() -> None:
    """With the past preferred, a bare weekday or date lies behind."""
    friday = resolve_when("Friday", NOW, prefer="past")
    october = resolve_when("October 5", NOW, prefer="past")
    assert f"{friday.start:%F} {october.start:%F}" == "2026-09-18 2025-10-05"


def test_clock_without_zone_is_refused() -> None:
    """A clock without a time zone cannot resolve anything."""
    with pytest.raises(ValueError, match="time zone"):
        resolve_when("tomorrow", datetime(2026, 9, 23))


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("14:00 UTC", "2026-09-23T16:00"),
        ("3pm EST", "2026-09-23T22:00"),
        ("9am CET tomorrow", "2026-09-24T10:00"),
        ("tomorrow 9:00 utc+5:30", "2026-09-24T05:30"),
    ],
)
def test_named_zone(words: str, start: str) -> None:
    """A time told in another zone is put on the user's clock."""
    now = NOW.astimezone(timezone(timedelta(hours=2)))
    when = resolve_when(words, now)
    assert when.start.replace(tzinfo=None) == datetime.fromisoformat(start)
    assert when.start.utcoffset() == timedelta(hours=2)


@pytest.mark.parametrize(
    ("words", "start"),
    [
        ("demain à 15h", "2026-09-24T15:00"),
        ("morgen", "2026-09-24T00:00"),
        ("25 dicembre 2026", "2026-12-25T00:00"),
    ],
)
def test_other_languages(words: str, start: str) -> None:
    """Plain dates in other languages are understood."""
    when = resolve_when(words, NOW)
    assert when.start.replace(tzinfo=None) == datetime.fromisoformat(start)


@pytest.mark.parametrize(
    "words", ["morgen um halb Uhr", "domani forse", "lun", "die", "so", "once"]
)
def test_half_understood_language_is_refused(words: str) -> None:
    """A foreign text whose hour is not understood is refused, not guessed."""
    with pytest.raises(ValueError, match="no date"):
        resolve_when(words, NOW)


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("Friday at 15:00", "Fri 25 Sep 2026, 15:00"),
        ("Friday from 3 to 5pm", "Fri 25 Sep 2026, 15:00 to 17:00"),
        ("Friday", "Fri 25 Sep 2026"),
        ("next week", "week of Mon 28 Sep 2026"),
        ("October", "October 2026"),
        ("Q1 2027", "Q1 2027"),
        ("2027", "2027"),
        ("october 5 to 7", "Mon 5 Oct 2026 to Wed 7 Oct 2026"),
    ],
)
def test_in_words(words: str, text: str) -> None:
    """A `When` reads as a person would write it."""
    assert str(resolve_when(words, NOW)) == text


def test_annotation_uses_the_clock_of_the_context() -> None:
    """Pydantic resolves words by the run's clock."""
    when = ADAPTER.validate_python("tomorrow at 3", context=Context(now=NOW))
    assert when == resolve_when("tomorrow at 3", NOW)


def test_schema_is_a_string() -> None:
    """The model is shown a plain string with a format."""
    assert ADAPTER.json_schema() == {"type": "string", "format": "when"}


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("tomorrow at 3", "2026-09-24T15:00:00+00:00"),
        ("tomorrow", "2026-09-24T00:00:00+00:00"),
        ("3-4pm", "2026-09-23T15:00:00+00:00/2026-09-23T16:00:00+00:00"),
    ],
)
def test_dumped_as_iso(words: str, text: str) -> None:
    """A `When` is written as ISO 8601, a range with a slash."""
    when = resolve_when(words, NOW)
    assert ADAPTER.dump_python(when, mode="json") == text


@pytest.mark.parametrize(
    ("value", "start", "grain"),
    [
        ("2026-09-25T15:00", datetime(2026, 9, 25, 15, tzinfo=UTC), "minute"),
        ("2026-09-25T15:00+02:00", datetime(2026, 9, 25, 13, tzinfo=UTC), "minute"),
        ("2026-09-25", datetime(2026, 9, 25, tzinfo=UTC), "day"),
        (date(2026, 9, 25), datetime(2026, 9, 25, tzinfo=UTC), "day"),
        (datetime(2026, 9, 25, 15), datetime(2026, 9, 25, 15, tzinfo=UTC), "minute"),
    ],
)
def test_exact_values(value: object, start: datetime, grain: str) -> None:
    """ISO 8601, dates and datetimes are taken as they are."""
    when = ADAPTER.validate_python(value, context=Context(now=NOW))
    assert (when.start, when.grain) == (start, grain)


def test_interval_in_iso() -> None:
    """ISO 8601 with a slash gives both ends, and survives a round trip."""
    text = "2026-09-25T15:00:00+00:00/2026-09-25T16:00:00+00:00"
    assert resolve_when(text, NOW).isoformat() == text


@pytest.mark.parametrize("value", ["banana", 5, None, ["tomorrow"]])
def test_wrong_values_are_validation_errors(value: object) -> None:
    """What is no date is a validation error with a sentence for the model."""
    with pytest.raises(ValidationError, match="date"):
        ADAPTER.validate_python(value, context=Context(now=NOW))


@pytest.mark.parametrize(
    ("words", "locale", "day"),
    [
        ("3/4/2027", "en", "2027-03-04"),
        ("3/4/2027", "en-US", "2027-03-04"),
        ("3/4/2027", "en-GB", "2027-04-03"),
        ("3/4", "en_AU", "2027-04-03"),
        ("3/4", "en", "2027-03-04"),
        ("25/12", "en", "2026-12-25"),
        ("01.02.2027", "de", "2027-02-01"),
        ("Friday 2/10 at 9", "en-GB", "2026-10-02"),
    ],
)
def test_locale_orders_day_and_month(words: str, locale: str, day: str) -> None:
    """The day stands first where the locale's people write it first."""
    context = Context(now=NOW, locale=locale)
    assert f"{ADAPTER.validate_python(words, context=context).start:%F}" == day


def test_locale_prefers_its_language() -> None:
    """A short word is a day in the user's own language only."""
    assert f"{resolve_when('Do', NOW, locale='de-DE').start:%F}" == "2026-09-24"
    with pytest.raises(ValueError, match="no date"):
        resolve_when("Do", NOW)


def test_until() -> None:
    """Without a told end, a day lasts a day and a clock time is a point."""
    assert resolve_when("tomorrow", NOW).until == datetime(2026, 9, 25, tzinfo=UTC)
    noon = resolve_when("noon", NOW)
    assert noon.until == noon.start
