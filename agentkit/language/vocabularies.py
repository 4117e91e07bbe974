"""The vocabulary of a language: its months, weekdays, numbers and words of dates.

The words are data: TOML files, parsed once and then kept parsed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any, cast

from agentkit.installation.derived import derived

# What Llama 3.2 speaks.
LANGUAGES = ("en", "de", "fr", "it", "pt", "es", "hi", "th")
_VOWELS = "aeiou"
_FOLDER = Path(__file__).parent / "data"
Forms = tuple[tuple[str, ...], ...]
Groups = dict[str, tuple[str, ...]]


@cache
def read_table(path: Path) -> dict[str, Any]:
    """Return what a TOML file of this installation holds.

    It is parsed once for all runs: Python's parser takes milliseconds, which a command
    that starts from cold would feel.
    """
    table: dict[str, Any] = derived(
        f"words-{path.stem}", "", [path], lambda: _parsed(path)
    )
    return table


def word_table(name: str) -> dict[str, Any]:
    """Return one of this room's own tables, such as `names`."""
    return read_table(_FOLDER / f"{name}.toml")


def _parsed(path: Path) -> dict[str, Any]:
    # Loaded when a table is parsed for the first time, and hardly ever again.
    import tomllib

    return tomllib.loads(path.read_text(encoding="utf-8"))


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """What a language says for months, numbers and the words of dates.

    Where several words have one meaning, they stand together, the plainest first.

    Attributes:
        code: language tag, such as "de".
        weekdays: names from Monday on.
        months: names from January on.
        numbers: numbers from zero on.
        tens: from twenty to ninety.
        hundreds: from a hundred to nine hundred; empty for English.
        compounds: how tens and ones are put together: "{ten} y {one}".
        compounds_of_one: how else one and eleven are: "{ten} et {one}".
        one_after_ten: forms of one that stand behind a ten alone.
        teens_after: tens that eleven to sixteen are put behind: "soixante-treize".
        ordinals: from the first on; empty but for English.
        ordinal_ends: what ranks a number from four to nineteen, and one from twenty on.
        inflected: by the number, forms that stand before a noun alone.
        said: by the number, words that dictate or type it otherwise.
        between_tens: the words from 21 to 29, from 31 to 39 and so on, where each
            number has a word of its own.
        units: by their English, the units of time; empty but for English.
        dates: by their English, the words of dates; empty for English.
        letters: the script, as a character class; empty when words are not spaced.
        adjective_last: whether "next" stands after its noun: "semaine prochaine".
        buddhist: whether years count from 543 before our era.
    """

    code: str
    weekdays: Forms
    months: Forms
    numbers: Forms
    tens: Forms
    hundreds: Forms = ()
    compounds: tuple[str, ...] = ()
    compounds_of_one: tuple[str, ...] = ()
    one_after_ten: tuple[str, ...] = ()
    teens_after: tuple[int, ...] = ()
    ordinals: Forms = ()
    ordinal_ends: Forms = ()
    inflected: Groups = field(default_factory=Groups)
    said: Groups = field(default_factory=Groups)
    between_tens: tuple[str, ...] = ()
    units: Groups = field(default_factory=Groups)
    dates: Groups = field(default_factory=Groups)
    letters: str = "a-z"
    adjective_last: bool = False
    buddhist: bool = False

    def counted(self) -> Iterator[tuple[str, int]]:
        """Yield every word that counts, below a hundred, and the number."""
        yield from self.cardinals()
        for number, words in self.said.items():
            yield from ((word, int(number)) for word in words)

    def cardinals(self) -> Iterator[tuple[str, int]]:
        """Yield the numbers below a hundred as they are said in full."""
        yield from numbered(self.numbers)
        yield from numbered(self.tens, 20, 10)
        for place, row in enumerate(self.between_tens):
            yield from ((w, place * 10 + n) for n, w in enumerate(row.split(), 21))
        for said, ten in numbered(self.tens, 20, 10):
            for one in range(1, 17 if ten in self.teens_after else 10):
                forms = self.numbers[one] + (self.one_after_ten if one == 1 else ())
                rules = self.compounds_of_one if one in (1, 11) else ()
                for rule, form in product(self.compounds + rules, forms):
                    yield _compound(rule, said, form), ten + one

    def ranked(self) -> Iterator[tuple[str, int]]:
        """Yield the days of a month as a rank by rule: "vierten", "zwanzigsten"."""
        for word, number in self.cardinals() if self.ordinal_ends else ():
            ends = self.ordinal_ends[number > 19] if 3 < number < 32 else ()
            yield from ((f"{word}{end}", number) for end in ends)


def _compound(rule: str, ten: str, one: str) -> str:
    """Put a ten and its ones together: a vowel goes before another, as in "ventuno"."""
    elided = rule == "{ten}{one}" and ten[-1] in _VOWELS and one[0] in _VOWELS
    return rule.format(ten=ten[:-1] if elided else ten, one=one)


@cache
def vocabulary(code: str) -> Vocabulary:
    """Return the vocabulary of one of `LANGUAGES`."""
    table = word_table(code)
    known = Vocabulary.__dataclass_fields__
    return Vocabulary(
        # Keys of the file that are no field, such as `asking`, are read by
        # `english_words`.
        code,
        **{key: _frozen(value) for key, value in table.items() if key in known},
    )


def language_of(locale: str) -> str:
    """Return the language of a tag: "pt" of "pt-BR"."""
    return locale.replace("_", "-").partition("-")[0].lower()


def region_of(locale: str) -> str:
    """Return the country of a tag: "BR" of "pt-BR"; empty when the tag has none."""
    parts = locale.replace("_", "-").split("-")[1:]
    # "zh-Hant-TW": a script has four letters, a country two.
    return next((p.upper() for p in parts if len(p) == 2 and p.isalpha()), "")


def foreign_vocabulary(locale: str) -> Vocabulary | None:
    """Return the vocabulary of a locale's language; None for English, or an unknown."""
    code = language_of(locale)
    return vocabulary(code) if code in LANGUAGES[1:] else None


def _frozen(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(map(_frozen, cast(Iterable[Any], value)))
    if isinstance(value, dict):
        table = cast(Mapping[str, Any], value)
        return {key: _frozen(one) for key, one in table.items()}
    return value


def numbered(
    forms: Iterable[Iterable[str]], first: int = 0, step: int = 1
) -> Iterator[tuple[str, int]]:
    """Yield each word of such lists, and the number of its list."""
    for place, words in enumerate(forms):
        yield from ((word, first + place * step) for word in words)


@cache
def english_words(name: str) -> frozenset[str]:
    """Return a list of English words: `asking`, `fillers`, `after_hour`, `numbered`."""
    return frozenset(word_table("en")[name])


# English names, from January on and from Monday on.
MONTH_NAMES = tuple(names[0] for names in vocabulary("en").months)
DAY_NAMES = tuple(names[0] for names in vocabulary("en").weekdays)
# Every way to write one in English: months from 1 on, weekdays from 0 on.
MONTHS = dict(numbered(vocabulary("en").months, 1))
WEEKDAYS = dict(numbered(vocabulary("en").weekdays))
