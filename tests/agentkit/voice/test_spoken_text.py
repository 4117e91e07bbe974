"""Answers as they are read out."""

from __future__ import annotations

import pytest

from agentkit.voice.spoken_text import spoken_text

_MANY = "\n".join(["Eight:", *(f"- Thing {n}" for n in range(1, 9))])
CASES = {
    "markup": ("en", "**Two** `words`, _here_", "Two words , here."),
    "a link": ("en", "See [the page](https://a.example/b).", "See the page."),
    "an address": ("en", "At https://www.a.example/b?c=1", "At a.example."),
    "code is not read": ("en", "Done.\n```py\nx = 1\n```", "Done."),
    "a time": ("en", "At 09:30", "At 9:30 am."),
    "a full hour": ("en", "At 18:00", "At 6 pm."),
    "midnight and noon": ("en", "00:00 12:00", "12 am 12 pm."),
    "from one to another": ("en", "07:00-08:15", "7 am to 8:15 am."),
    "no time": ("en", "25:00 and 1:2", "25:00 and 1:2."),
    "a day": ("en", "Fri 25 Sep", "Friday, September 25."),
    "words like a day": ("en", "For 25 September", "For 25 September."),
    "an ISO day": ("en", "On 2026-03-03", "On March 3 2026."),
    "no ISO day": ("en", "2026-13-45", "2026-13-45."),
    "a long list": (
        "en",
        _MANY,
        "Eight: Thing 1. Thing 2. Thing 3. Thing 4. Thing 5. And 3 more.",
    ),
    "German": (
        "de",
        "- Yoga, Di 22. September 18:30-19:45",
        "Yoga, Dienstag, 22. September 18 Uhr 30 bis 19 Uhr 45.",
    ),
    "French": ("fr", "Le 2026-03-03 à 09:00", "Le 3 mars 2026 à 9 heures."),
    "a language that has no words here": ("xx", "**a** 09:30", "a 09:30."),
    "nothing": ("en", " \n```x```", ""),
}


@pytest.mark.parametrize(("language", "text", "said"), CASES.values(), ids=list(CASES))
def test_what_is_read(language: str, text: str, said: str) -> None:
    """Signs are not read, times and days as people say them."""
    assert spoken_text(text, language) == said


def test_an_endless_text_is_cut() -> None:
    """Nobody listens for ten minutes; the end says where the rest is."""
    said = spoken_text("word " * 5000, "en")
    assert len(said) < 1600
    assert said.endswith("The rest is on the screen.")
