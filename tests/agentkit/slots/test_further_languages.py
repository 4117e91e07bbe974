"""Dates in languages beyond our eight, and what only looks like one."""

import subprocess
import sys
import tomllib
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agentkit.language.vocabularies import word_table
from agentkit.slots import When, resolve_when
from agentkit.slots.further_languages import FURTHER_LANGUAGES

NOW = datetime(2026, 9, 23, 10, tzinfo=ZoneInfo("Europe/Berlin"))
TABLE: dict[str, Any] = tomllib.loads(
    Path(__file__).with_name("further_dates.toml").read_text("utf-8")
)
PINNED = (
    "tomorrow",
    "in three days",
    "next Monday",
    "5 March 2027",
    "tomorrow at 14:30",
)


def read(text: str, locale: str) -> When | None:
    """What a text means; None where it is refused."""
    try:
        return resolve_when(text, NOW, locale=locale)
    except ValueError:
        return None


def is_meant(when: When | None, value: str) -> bool:
    """Whether it is the day, month or moment of the table, told as precisely."""
    return when is not None and when.start.isoformat().startswith(value)


@pytest.mark.parametrize("code", FURTHER_LANGUAGES)
def test_everyday_dates_are_read(code: str) -> None:
    """What people say each day is read where the user speaks the language."""
    rows = zip(TABLE["meanings"], TABLE["said"][code], TABLE["values"], strict=True)
    wrong = [
        said
        for meaning, said, value in rows
        if meaning in PINNED and not is_meant(read(said, code), value)
    ]
    assert wrong == []


@pytest.mark.parametrize("code", FURTHER_LANGUAGES)
def test_no_date_is_read_wrong(code: str) -> None:
    """What is not read right is refused, whatever language the user speaks."""
    for said, value in zip(TABLE["said"][code], TABLE["values"], strict=True):
        for locale in (code, "en"):
            when = read(said, locale)
            assert when is None or is_meant(when, value), (said, locale, str(when))


def test_each_language_has_its_words() -> None:
    """The languages are those of the words that are kept of them."""
    assert set(word_table("further")) == set(FURTHER_LANGUAGES)


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("nl", "om 9 uur"),
        ("nl", "3 dagen"),
        ("nl", "melk 2 liter"),
        ("nl", "vrijdag vergadering"),
        ("ru", "завтра в 9"),
        ("pl", "jutro o 9"),
        ("id", "jam 3"),
        ("id", "3 jam"),
        ("zh", "买2个苹果"),
        ("en", "min"),
        ("en", "traffic jam"),
        ("en", "call Jan"),
        ("en", "молоко 2 литра"),
        ("en", "牛乳を買う"),
    ],
)
def test_what_it_does_not_account_for_is_refused(locale: str, text: str) -> None:
    """A text with a word or number that is left over is no date, nor is a length."""
    assert read(text, locale) is None


@pytest.mark.parametrize(
    ("locale", "texts"),
    [
        (
            "en",
            ("tomorrow at 3", "the meeting room", "Mittwoch um 9", "demain", "12/5"),
        ),
        ("de", ("morgen um 9", "the day after tomorrow", "keine Ahnung")),
        ("nl", ("12/5/2027", "2027-05-12")),
    ],
)
def test_the_package_is_loaded_for_such_a_date_alone(
    locale: str, texts: tuple[str, ...]
) -> None:
    """English, our eight languages, other text and plain numbers do without it."""
    code = f"""
import sys
from contextlib import suppress
from datetime import UTC, datetime
from agentkit.slots import resolve_when
for text in {texts!r}:
    with suppress(ValueError):
        resolve_when(text, datetime(2026, 9, 23, 10, tzinfo=UTC), locale={locale!r})
print("dateparser" in sys.modules)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
