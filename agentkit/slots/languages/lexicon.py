"""A language's words for dates, as a table from phrases to English ones."""

import unicodedata
from dataclasses import dataclass

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday",
            "sunday")  # fmt: skip
MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august",
          "september", "october", "november", "december")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lexicon:
    """What a language says for the words that the English grammar knows.

    Attributes:
        code: language tag, such as "de".
        weekdays: names from Monday on, with `|` between names of one day.
        months: names from January on, in the same way.
        numbers: numbers from zero on.
        words: English on the left, the language's phrases with `|` on the right.
        letters: the script, as a character class; empty when words are not spaced.
        adjective_last: whether "next" stands after its noun: "semaine prochaine".
        buddhist: whether years count from 543 before our era.
    """

    code: str
    weekdays: str
    months: str
    numbers: str
    words: tuple[tuple[str, str], ...]
    letters: str = "a-z"
    adjective_last: bool = False
    buddhist: bool = False

    def table(self) -> dict[str, str]:
        """Every phrase, plain, and its English."""
        numbers = [str(number) for number in range(len(self.numbers.split()))]
        rows = [
            *zip(WEEKDAYS, self.weekdays.split(), strict=True),
            *zip(MONTHS, self.months.split(), strict=True),
            *zip(numbers, self.numbers.split(), strict=True),
            *self.words,
        ]
        return {
            plain(phrase.replace("_", " ")): english
            for english, phrases in rows
            for phrase in phrases.split("|")
        }


def plain(text: str) -> str:
    """Lower-case, without accents, with straight and spaced apostrophes."""
    parts = unicodedata.normalize("NFD", text.lower())
    bare = "".join(sign for sign in parts if not "\u0300" <= sign <= "\u036f")
    digits = "".join(
        str(unicodedata.digit(sign)) if sign.isdecimal() else sign for sign in bare
    )
    spaced = digits.replace("\u2019", "'").replace("'", "' ")
    return " ".join(spaced.split())
