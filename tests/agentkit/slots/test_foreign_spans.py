"""Dates are found in sentences of other languages, with the words that say them."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from agentkit.slots import find_when

NOW = datetime(2026, 3, 9, 10, tzinfo=ZoneInfo("Europe/Berlin"))


@pytest.mark.parametrize(
    ("locale", "text", "expected"),
    [
        (
            "de",
            "Sag mir bis Freitag, ob ihr am Sonntag um 13 Uhr zum Essen kommt.",
            [("bis Freitag", "2026-03-09T10:00"),
             ("am Sonntag um 13 Uhr", "2026-03-15T13:00")],
        ),
        (
            "de",
            "Nächste Runde: Dienstag, 17. März, 10:00 bis 11:00 Uhr.",
            [("Dienstag, 17. März, 10:00 bis 11:00 Uhr", "2026-03-17T10:00")],
        ),
        (
            "de-AT",
            "Können wir das von Donnerstag auf Freitag um 11 verschieben?",
            [("von Donnerstag", "2026-03-12T00:00"),
             ("Freitag um 11", "2026-03-13T11:00")],
        ),
        ("de", "Die 40 Euro sind so gut wie da, ich bin im vierten Stock.", []),
        (
            "fr",
            "On se voit jeudi à 15h dans mon bureau ?",
            [("jeudi à 15h", "2026-03-12T15:00")],
        ),
        (
            "es",
            "¿Podemos vernos el jueves a las 5 de la tarde?",
            [("jueves a las 5 de la tarde", "2026-03-12T17:00")],
        ),
        (
            "it",
            "Ci vediamo giovedì alle 15 in ufficio?",
            [("giovedì alle 15", "2026-03-12T15:00")],
        ),
        (
            "pt",
            "A reunião é na quinta-feira às 15h.",
            [("quinta-feira às 15h", "2026-03-12T15:00")],
        ),
        (
            "hi",
            "क्या हम गुरुवार को दोपहर 3 बजे मिल सकते हैं?",
            [("गुरुवार को दोपहर 3 बजे", "2026-03-12T15:00")],
        ),
        (
            "th",
            "ประชุมวันพฤหัสบดีเวลา 15:00 น. ที่ห้องใหญ่",
            [("วันพฤหัสบดีเวลา 15:00 น.", "2026-03-12T15:00")],
        ),
    ],
    ids=["two", "range", "region", "none", "fr", "es", "it", "pt", "hi", "th"],
)  # fmt: skip
def test_dates_are_found_in_sentences(
    locale: str, text: str, expected: list[tuple[str, str]]
) -> None:
    """The longest words that make a date are found, and no others."""
    found = find_when(text, NOW, locale=locale)
    assert [(hit.text, f"{hit.when.start:%Y-%m-%dT%H:%M}") for hit in found] == expected


def test_a_date_in_another_language_is_told_in_english_too() -> None:
    """Who reads a found date further needs no words of its language."""
    [hit] = find_when("avant vendredi midi", NOW, locale="fr")
    assert hit.english == "before friday noon"


def test_a_long_text_of_small_words_is_read() -> None:
    """Words that may stand in a date, a thousand times, make none."""
    assert find_when("am um von bis " * 1000, NOW, locale="de") == []
