"""What people say every day for a time, a length, a repeat or an amount."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from agentkit.context import Context
from agentkit.language.vocabularies import LANGUAGES
from agentkit.slots import (
    Amount,
    When,
    find_when,
    resolve_duration,
    resolve_recurrence,
    resolve_when,
)

NOW = datetime(2026, 3, 11, 10, 0, tzinfo=UTC)
TABLE: dict[str, list[dict[str, Any]]] = tomllib.loads(
    Path(__file__).with_name("everyday_times.toml").read_text(encoding="utf-8")
)
_AMOUNT: TypeAdapter[Amount] = TypeAdapter(Amount)


def written(when: When) -> str:
    """A time as the table writes it: days without a clock, and the grain beyond them."""
    shape = "%Y-%m-%d" if when.all_day else "%Y-%m-%d %H:%M"
    last = f"/{when.end:{shape}}" if when.end else ""
    grain = f" {when.grain}" if when.all_day and when.grain != "day" else ""
    return f"{when.start:{shape}}{last}{grain}"


def amount(words: str, locale: str) -> str:
    """The number of an amount."""
    found = _AMOUNT.validate_python(words, context=Context(locale=locale))
    return str(float(found.value))


READERS: dict[str, Callable[[str, str], str]] = {
    "when": lambda words, locale: written(resolve_when(words, NOW, locale=locale)),
    "duration": lambda words, _: f"{resolve_duration(words).delta.total_seconds():.0f}",
    "recurrence": lambda words, _: resolve_recurrence(words, NOW).rule,
    "amount": amount,
}


def read(kind: str, words: str, locale: str) -> str:
    """The value of words; empty when they are refused."""
    with suppress(ValueError, ValidationError):
        return READERS[kind](words, locale)
    return ""


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", READERS)
def test_everyday_words(kind: str, code: str) -> None:
    """Each language says the same with its own words."""
    said = [(words, row["value"]) for row in TABLE[kind] for words in row.get(code, ())]
    assert said
    got = [(words, read(kind, words, code)) for words, _ in said]
    assert got == said


@pytest.mark.parametrize(
    ("locale", "text", "words", "day"),
    [
        ("it", "Fissa il dentista il 3 alle 14.", "il 3 alle 14", "2026-04-03 14:00"),
        ("it", "ricordami il 28 di pagare l'affitto", "il 28", "2026-03-28"),
        ("it", "paga la bolletta entro il 20", "entro il 20", None),
        ("pt", "reunião dia 5 às 10h com a Ana", "dia 5 às 10h", "2026-04-05 10:00"),
        ("pt", "lembra-me no dia 28 de pagar a luz", "no dia 28", "2026-03-28"),
        ("fr", "rappelle-moi le 28 d'appeler Léa", "le 28", "2026-03-28"),
        ("fr", "réunion le 3 à 14h avec Paul", "le 3 à 14h", "2026-04-03 14:00"),
        ("es", "cita con Ana el 3 a las 14", "el 3 a las 14", "2026-04-03 14:00"),
        ("de", "erinnere mich am fünften ans Zahlen", "am fünften", "2026-04-05"),
        ("it", "chiama Anna dopo cena", "dopo cena", "2026-03-11 20:00"),
        ("pt", "liga para a Ana depois do almoço", "depois do almoço", "2026-03-11 13:00"),
    ],
)  # fmt: skip
def test_a_day_without_its_month_in_a_sentence(
    locale: str, text: str, words: str, day: str | None
) -> None:
    """A day of the month, or a meal's end, is found with the words that say it."""
    (hit,) = find_when(text, NOW, locale=locale)
    assert hit.text == words
    assert day is None or written(hit.when) == day


@pytest.mark.parametrize(
    ("locale", "text"),
    [
        ("it", "ho mangiato a pranzo da Anna"),
        ("it", "il 3 per cento degli utenti"),
        ("it", "il 20 percento"),
        ("it", "a presto"),
        ("fr", "le 2 pièces est libre"),
        ("fr", "le 15 pour cent de remise"),
        ("fr", "on a pris le déjeuner ensemble"),
        ("es", "el 5 por ciento de los pisos"),
        ("es", "compra leche y medio kilo de pan"),
        ("pt", "o jantar estava ótimo"),
        ("pt", "meio quilo de arroz"),
        ("pt", "acordei muito cedo"),
        ("de", "das Abendessen war gut"),
        ("de", "den 3 Kindern geht es gut"),
        ("de", "ein Viertel Brot"),
        ("de", "sie wohnt im fünften Stock"),
        ("de", "zum vierten Mal"),
        ("de", "er ist der vierte"),
        ("de", "den vierten Versuch hat er geschafft"),
        ("it", "abito al terzo piano"),
        ("es", "el primero de la clase"),
        ("fr", "le premier de la classe"),
    ],
)
def test_numbers_and_meals_that_are_no_date(locale: str, text: str) -> None:
    """A number that counts or ranks, and a meal alone, are no time."""
    assert find_when(text, NOW, locale=locale) == []
