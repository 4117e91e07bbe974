"""Units of quantity and of money: their names and their smaller parts."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from agentkit.language.tokens import fold
from agentkit.language.vocabularies import language_of, region_of, word_table
from agentkit.slots.translation import plain, plain_places

_TABLE = word_table("quantities")
# Pairs that are said together: the smaller unit, and how many of it are one.
SMALLER: dict[str, tuple[str, int]] = {
    unit: (smaller, count) for unit, (smaller, count) in _TABLE["smaller"].items()
}


@cache
def _table() -> tuple[dict[str, str], dict[str, str]]:
    """Units by their very spelling, and by their folded names."""
    exact: dict[str, str] = {}
    folded: dict[str, str] = {}
    for symbol, others in _TABLE["units"].items():
        names: list[str] = [symbol, *others]
        exact.update(dict.fromkeys(names, str(symbol)))
        # The first unit of a name in the table keeps it.
        folded = {fold(name): symbol for name in names} | folded
    return exact, folded


def unit_of(name: str) -> str:
    """The symbol of a unit; empty when there is none of this name."""
    exact, folded = _table()
    return exact.get(name) or folded.get(fold(name), "")


@cache
def _named() -> re.Pattern[str]:
    exact, folded = _table()
    names = sorted({plain(name) for name in (*exact, *folded)}, key=len, reverse=True)
    ways = "|".join(map(re.escape, filter(None, names)))
    # Thai parts no words; in other scripts a name stands alone.
    return re.compile(rf"(?<![a-z\u0900-\u0963])(?:{ways})(?![a-z\u0900-\u0963])")


def find_units(text: str) -> list[tuple[int, int]]:
    """Tell where the units of a text stand, in any of the languages."""
    letters, places = plain_places(text)
    return [
        (places[match.start()], places[match.end() - 1] + 1)
        for match in _named().finditer(letters)
    ]


CODES = frozenset(_TABLE["codes"])
THREE_DECIMALS = frozenset(_TABLE["three_decimals"])


@dataclass(frozen=True, slots=True)
class Family:
    """A word that several countries have for their money.

    Attributes:
        words: symbols and names, folded.
        by_region: country to currency.
        by_language: language to currency, where no country is named.
        asked: what is offered, commonest first.
        languages: in which the word is open without a country; all when empty.
        otherwise: the currency in every other language; empty to ask.
        part: what one is of a whole one: 0.01 for cents.
    """

    words: frozenset[str]
    by_region: dict[str, str]
    asked: tuple[str, ...]
    by_language: dict[str, str]
    languages: frozenset[str]
    otherwise: str
    part: Decimal


@cache
def _families() -> tuple[Family, ...]:
    return tuple(_read_family(row) for row in _TABLE["families"])


def _read_family(row: dict[str, Any]) -> Family:
    regions = [line.split() for line in row.get("regions", ())]
    return Family(
        frozenset(map(fold, row["words"])),
        {region: code for code, *countries in regions for region in countries},
        tuple(row["asked"]),
        row.get("by_language", {}),
        frozenset(row.get("languages", ())),
        row.get("otherwise", ""),
        Decimal(row.get("part", 1)),
    )


@cache
def _sure() -> dict[str, str]:
    """Return the folded names that stand for one currency alone, and its code."""
    return {
        fold(word): code for code, words in _TABLE["money"].items() for word in words
    }


def currencies(word: str, locale: str, mine: str) -> tuple[str, ...]:
    """The currencies that a word may mean: one is sure, more are a question.

    Args:
        word: a symbol, name or ISO 4217 code.
        locale: language tag of the user's words.
        mine: the user's own currency; empty when not told.
    """
    # Small letters count as a code, too; which of them are words is for the caller to
    # know.
    if word.upper() in CODES and (word.isupper() or len(word) == 3):
        return (word.upper(),)
    name = fold(word)
    if name in _sure():
        return (_sure()[name],)
    family = _family(name)
    return _of_family(family, locale, mine) if family else ()


def may_be(word: str, code: str) -> bool:
    """Tell whether a word can stand for a currency somewhere: "$5 USD"."""
    family = _family(fold(word))
    return code in (_members(family) if family else currencies(word, "", ""))


def _members(family: Family) -> set[str]:
    return {*family.by_region.values(), *family.asked}


def part_of(word: str) -> Decimal:
    """What one is of a whole one: 0.01 for a cent, 1 for a dollar."""
    family = _family(fold(word))
    return family.part if family else Decimal(1)


def _family(name: str) -> Family | None:
    return next((one for one in _families() if name in one.words), None)


def _of_family(family: Family, locale: str, mine: str) -> tuple[str, ...]:
    language, region = language_of(locale), region_of(locale)
    # Who pays in Canadian dollars means those by "dollars", whatever the language.
    if mine in _members(family):
        return (mine,)
    sure = family.by_region.get(region) or family.by_language.get(language)
    if sure:
        return (sure,)
    # "Peso" is a question in Spanish, where many countries have one; elsewhere one of
    # them is meant.
    open_here = not family.languages or language in family.languages
    return family.asked if open_here or not family.otherwise else (family.otherwise,)
