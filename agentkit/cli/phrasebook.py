"""Translations of what the commands say, and of the keys that are typed.

English stands in the code; the other languages in `wording/CODE.toml`, by the English
words. A sentence that is missing there is said in English.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.language import read_table, speak, spoken
from agentkit.language.assent import read_assent
from agentkit.language.vocabularies import LANGUAGES, language_of

_FOLDER = Path(__file__).parent / "wording"


def told(english: str, **values: object) -> str:
    """Translate a sentence into the spoken language, and fill in values."""
    # The English sentence is the key: no name has to be made up and kept in step.
    said = _wording(spoken()).get("phrases", {}).get(english, english)
    return str(said).format(**values)


def speak_as(locale: str) -> None:
    """Switch to the language of a locale, such as "pt-BR"; English for others."""
    home = language_of(locale)
    speak(home if home in LANGUAGES else "en")


def key_of(said: str, keys: str) -> str:
    """Return the key that was meant: "j" and "ja" are `y` in German; else empty.

    Args:
        said: what was typed.
        keys: those that may be.
    """
    word = said.strip().casefold()
    further: Mapping[str, Any] = _wording(spoken()).get("keys", {})
    for key in keys:
        if word in (key, *further.get(key, ())):
            return key
    return ""


def is_yes(said: str) -> bool:
    """Whether an answer is a plain yes, by its key or in words."""
    return key_of(said, "yn") == "y" or read_assent(said) is True


def day_in_words(day: date) -> str:
    """Return a day in short: Mon 2 Mar."""
    dates = _wording(spoken()).get("dates")
    if not dates:
        # `%-d` for a day without a zero is not on every system.
        return f"{day:%a} {day.day} {day:%b}"
    return str(dates["day"]).format(
        weekday=dates["weekdays"][day.weekday()],
        day=day.day,
        month=dates["months"][day.month - 1],
    )


@cache
def _wording(language: str) -> Mapping[str, Any]:
    path = _FOLDER / f"{language}.toml"
    return read_table(path) if path.is_file() else {}
