"""Lengths of time in words."""

from datetime import timedelta

import pytest
from pydantic import TypeAdapter, ValidationError

from agentkit.slots import Duration, find_duration, resolve_duration

ADAPTER = TypeAdapter(Duration)

LENGTHS = [
    ("45 minutes", 45),
    ("an hour", 60),
    ("an hour and a half", 90),
    ("one and a half hours", 90),
    ("half an hour", 30),
    ("three quarters of an hour", 45),
    ("a quarter of an hour", 15),
    ("1h30", 90),
    ("1h 30m", 90),
    ("2.5 hours", 150),
    ("1:30", 90),
    ("2 hours and 15 minutes", 135),
    ("for 20 min", 20),
    ("a couple of hours", 120),
    ("two weeks", 14 * 24 * 60),
    ("twenty-five minutes", 25),
    ("PT45M", 45),
    ("P1DT2H", 26 * 60),
    ("P1M", 30 * 24 * 60),
    ("P1Y2M3D", (365 + 60 + 3) * 24 * 60),
    ("PT1M", 1),
    ("45", 45),
    ("10 Minuten", 10),
    ("eine halbe Stunde", 30),
    ("anderthalb Stunden", 90),
    ("dos horas", 120),
    ("media hora", 30),
    ("une heure", 60),
    ("mezz'ora", 30),
    ("duas horas", 120),
    ("10 मिनट", 10),
    ("1½ h", 90),
    ("2½h", 150),
    ("1:45 h", 105),
    ("1:30 hours", 90),
    ("1:30 min", 1.5),
    ("two thirds of an hour", 40),
    ("zweieinhalb Stunden", 150),
    ("zwei und eine halbe Stunde", 150),
    ("2,5 Stunden", 150),
    ("eine Dreiviertelstunde", 45),
    ("due ore e mezza", 150),
    ("tres cuartos de hora", 45),
    ("ढाई घंटे", 150),
    ("साढ़े तीन घंटे", 210),
    ("สองชั่วโมงครึ่ง", 150),
    ("1 ชั่วโมง", 60),
]


@pytest.mark.parametrize(("words", "minutes"), LENGTHS, ids=[c[0] for c in LENGTHS])
def test_length(words: str, minutes: int) -> None:
    """A length in words has its exact value."""
    duration = resolve_duration(words)
    assert duration.delta == timedelta(minutes=minutes)
    assert duration.minutes == minutes


@pytest.mark.parametrize(
    "words", ["", "banana", "tres personas", "0", "P", "PT", "-5", "3pm", "1:75"]
)
def test_no_length(words: str) -> None:
    """What is no length raises a sentence."""
    with pytest.raises(ValueError, match="no length of time"):
        resolve_duration(words)


@pytest.mark.parametrize(
    ("value", "minutes"), [(30, 30), (1.5, 1.5), (timedelta(hours=1), 60), ("1h", 60)]
)
def test_annotation(value: object, minutes: float) -> None:
    """Numbers count minutes; timedeltas and words are taken as well."""
    assert ADAPTER.validate_python(value).minutes == minutes


@pytest.mark.parametrize("value", [None, True, "soon", []])
def test_wrong_value(value: object) -> None:
    """Anything else is a validation error."""
    with pytest.raises(ValidationError, match="length of time"):
        ADAPTER.validate_python(value)


def test_schema_and_dump() -> None:
    """The model sees a string, and a dump is ISO 8601."""
    assert ADAPTER.json_schema() == {"type": "string", "format": "duration"}
    assert ADAPTER.dump_python(resolve_duration("1h30"), mode="json") == "PT1H30M"
    assert str(resolve_duration("90 minutes")) == "1 hour 30 minutes"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("Book 45 minutes with Ana, then 2 hours off.", ["45 minutes", "2 hours"]),
        ("Got a second? It costs a minute of your time.", []),
        ("a timer for a minute", ["a minute"]),
    ],
)
def test_found(text: str, found: list[str]) -> None:
    """Lengths are found in a sentence, figures of speech are not."""
    assert [hit.text for hit in find_duration(text)] == found


@pytest.mark.parametrize(
    ("said", "minutes"),
    [
        ("2 1/2 hours", 150),
        ("1 3/4 hours", 105),
        ("1/2 hour", 30),
        ("3/4 of an hour", 45),
        ("5 and 1/2 minutes", 5.5),
        ("one and three quarter hours", 105),
        ("1 hour 5", 65),
        ("2 hours thirty", 150),
        ("one hour and 30", 90),
        ("1h 5", 65),
        ("1 h 30 m", 90),
        ("1 minute 30", 1.5),
    ],
)
def test_fractions_and_what_is_left_of_an_hour(said: str, minutes: float) -> None:
    """Fractions are read as people write them, and a lone rest counts the smaller unit."""
    assert resolve_duration(said).minutes == minutes


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a table for 1 hour 5 people", ["1 hour"]),
        ("a table for 1 hour, 5 people", ["1 hour"]),
        ("walk 1 hour 75", ["1 hour"]),
        ("wait 2 hours 5 March is far", ["2 hours"]),
        ("a timer for 1 hour 5.", ["1 hour 5"]),
    ],
)
def test_a_number_that_counts_something_else(text: str, found: list[str]) -> None:
    """A number behind hours is minutes only where nothing follows that it counts."""
    assert [hit.text for hit in find_duration(text)] == found
