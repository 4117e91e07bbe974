"""A date of another language, put into the English that the grammar reads.

Each word is replaced, and a text with a word that is not in the language's vocabulary
is left alone: nothing is guessed. Then what other languages put elsewhere is moved to
its English place: "week next" to "next week", "ago< 3 days" to "3 days ago".
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import cache, lru_cache

from agentkit.language.cardinals import hundreds_in_digits
from agentkit.language.vocabularies import (
    DAY_NAMES,
    MONTH_NAMES,
    Vocabulary,
    numbered,
)
from agentkit.slots.glossed_marks import (
    UNIT,
    Change,
    clock_text,
    minutes_moved,
    ordinal,
    reworded,
    unmarked,
)


def english_of(language: Vocabulary) -> dict[str, str]:
    """Return every phrase of a language, plain, and its English."""
    numbers = [(str(number), (said,)) for said, number in language.cardinals()]
    numbers += [(str(n), (w,)) for w, n in numbered(language.hundreds, 100, 100)]
    numbers += [(ordinal(number), (said,)) for said, number in language.ranked()]
    rows = [
        *zip(DAY_NAMES, language.weekdays, strict=True),
        *zip(MONTH_NAMES, language.months, strict=True),
        *numbers,
        *language.inflected.items(),
        *language.dates.items(),
    ]
    return {plain(phrase): english for english, phrases in rows for phrase in phrases}


def plain(text: str) -> str:
    """Lower-case, without accents, with straight and spaced apostrophes."""
    return " ".join(plain_places(text)[0].replace("'", "' ").split())


def plain_places(text: str) -> tuple[str, list[int]]:
    """The letters of a text without case and accents, and where each of them stood."""
    letters: list[str] = []
    places: list[int] = []
    for place, sign in enumerate(text):
        for part in unicodedata.normalize("NFD", sign.lower()):
            if "\u0300" <= part <= "\u036f":
                continue
            # Digits of Hindi and Thai become ASCII; a curly apostrophe becomes
            # straight.
            digit = str(unicodedata.digit(part)) if part.isdecimal() else part
            letters.append("'" if digit == "\u2019" else digit)
            places.append(place)
    return "".join(letters), places


_LENGTH = rf"(?:an? |half an |\d+(?:\.\d+)? )?{UNIT}(?: and a half)?"
_NOUN = (
    rf"(?:{'|'.join((*DAY_NAMES, *MONTH_NAMES))}|\d+ {UNIT}|{UNIT}|weekend|spring"
    "|summer|autumn|winter|christmas|easter)"
)


def _plus_hours(hours: int) -> Callable[[re.Match[str]], str]:
    return lambda match: f"{(int(match[1]) % 12 + hours) % 24:02}:00"


def _iso(match: re.Match[str]) -> str:
    return f"{match[3]}-{int(match[2]):02}-{int(match[1]):02}"


def _oclock(match: re.Match[str]) -> str:
    return f"at {clock_text(int(match[1]), 0)}"


# German counts halves in one word.
_GERMAN = ("ein", "zwei", "drei", "vier", "funf", "sechs", "sieben", "acht", "neun")
# Applied to the plain text, before its words are looked up.
_NUMERIC: tuple[tuple[str, Change], ...] = (
    # Day first, as all seven languages write it; ISO cannot be misread.
    (r"\b(\d{1,2})[./-](\d{1,2})[./-](\d{4})\b", _iso),
    # "3.4." and "3/4" as English reads them, month first; before "Uhr" it is a time.
    (r"\b(\d{1,2})[./](\d{1,2})\.?(?= |$)(?! *(?:uhr|น))", r" \2/\1 "),
    # "3. Dez. 2027", "3 janv. 2027"
    (r"(?<=[a-z]{3})\.(?= |$)", ""),
    # In Spanish and Italian "mar" alone is Tuesday.
    (r"(?<=\d )(?:de )?mar\b", "mar."),
    # Portuguese says "dez" for ten, too.
    (r"(?<=\d )de dez\b", "de dezembro"),
    # "3. Mai": the dot makes an ordinal in German.
    (r"\b(\d{1,2})\. ?(?=[a-z])", r"\1 "),
    (
        r"\b(\w+tag|mittwoch|sonnabend)(vormittag|nachmittag|mittag|morgen|abend)\b",
        r"\1 am \2",
    ),
    # "15h30"; then "15 Uhr 30" and "15 heures 30"; then "15h" alone.
    (r"(?<=\d)h(?=\d\d)", ":"),
    (r"(?<=\d) ?(?:uhr|heures?|h|hrs?|horas?) (?=\d\d?\b(?!\d| *(?:min|[a-z])))", ":"),
    (r"(?<=\d)(?:h|hs|hrs)\b", " oclock"),
    (r"(?<=\d)\.(?=\d\d(?: *(?:uhr|น|\u0e19)|$))", ":"),
    # "Mi-mai", "une demi-minute"
    (r"\b(demi|mi)-(?=[a-z])", r"\1- "),
    # "zweieinhalb"
    (rf"\b({'|'.join(_GERMAN)})einhalb\b", lambda m: f"{_GERMAN.index(m[1]) + 1}.5"),
)
# Applied to the English words, one after the other.
_ORDER: tuple[tuple[str, Change], ...] = (
    (r"\bof of\b", "of"),
    (r"\b(next|last|this) (day|week|month|year)s\b", r"\1 \2"),
    (rf"\bmonth ({'|'.join(MONTH_NAMES)})\b", r"\1"),
    (r"(\d+) at(?= ago|$)", r"\1 hours"),
    (r"\b(?<!in )(?<!ago< )(?<![.,])(\d+) hours(?! (?:ago|later|in>))(?: and (\d+)\b(?! hours))?",
     lambda m: f"{m[1]}:{int(m[2]):02}" if m[2] else f"{m[1]} oclock"),
    # Thai counts its hours in four parts of the day: "bai" from 13, "mong" in the
    # morning, "thum" from 19 and "ti" from 1.
    (r"\bbai (\d+) mong\b|\bbai (\d+)\b",
     lambda m: f"{int(m[1] or m[2]) % 12 + 12:02}:00"),
    (r"\bbai mong\b", "13:00"),
    (r"\bbai\b", "in the afternoon"),
    (r"\b(\d+) mong pm\b", _plus_hours(12)),
    (r"\b(\d+) mong(?: am)?\b", _plus_hours(0)),
    (r"\b(\d+) thum\b", _plus_hours(18)),
    (r"\bti (\d+)\b", _plus_hours(0)),
    # "Halb vier" is half an hour to four; Hindi's half comes after the hour.
    (r"\bhalfto (\d+)", minutes_moved(-1, 30)),
    (r"\bhalfafter (\d+)", minutes_moved(1, 30)),
    (r"\bquarterafter (\d+)", minutes_moved(1, 15)),
    (r"\bquarterto (\d+)", minutes_moved(-1, 15)),
    (r"\b(\d+)(?: oclock|:00)? and half\b", minutes_moved(1, 30)),
    (r"\b(\d+)(?: oclock|:00)? and quarter\b", minutes_moved(1, 15)),
    (r"\b(\d+)(?: oclock|:00)? minus quarter\b", minutes_moved(-1, 15)),
    (r"\b(\d+)(?: oclock|:00)? minus (\d+)\b", minutes_moved(-1)),
    (r"(?<=at )(\d+)(?: oclock)? and (\d+)\b", minutes_moved(1)),
    (r"\b(\d\d?):00 (\d\d) minutes\b", r"\1:\2"),
    (r"\bquarter past (\d+)", minutes_moved(1, 15)),
    (r"\bquarter to (\d+)", minutes_moved(-1, 15)),
    (r"\b(\d+)(?: minutes)? past (\d+)", lambda m: clock_text(int(m[2]), int(m[1]))),
    (r"\b(\d+)(?: minutes)? ago< (\d+)(?! (?:second|minute|hour|day|week|month|year))",
     lambda m: clock_text(int(m[2]), -int(m[1]))),
    # "<" and ">" mark words that stand before or behind what they go with: "vor 3
    # Tagen", "hace 3 días".
    (rf"\bago< ({_LENGTH})", r"\1 ago"),
    (r"\bago ago\b", "ago"),
    (rf"({_LENGTH}) in>", r"in \1"),
    (rf"^({_LENGTH}) of later", r"\1 later"),
    (r"^(.*?) (?:of )?(end|beginning|middle)>(?: in>)?", r"\2 of \1"),
    (r" in>", ""),
    (r"^(.*) to (.*) until>$", r"\1 to \2"),
    (r"^(.*) until>$", r"until \1"),
    (r"^(.*?)(\d.*?)(?: of)? between>$", r"\1between \2"),
    (r"\b(next|last|this) month (?:of )?(\d+)$", r"\2 of \1 month"),
    (r"^(?:of|from)? ?(\d+) (?:at|to) (\d+) (?:of )?", r"from \1 to \2 "),
    (r"^of (?=\d|at )", "from "),
    (r"\bof at\b", "from"),
    (r"\b(?:in )?year (\d{4})", r"in \1"),
    (r"(?<![:\d])(\d{1,2}) oclock\b", _oclock),
    (r"\b(?:of|from)(?: at)? (\d[\d:]*) (?:at|to) (?:at )?(\d)", r"from \1 to \2"),
    (r"^to ", "until "),
    (r"\b(\d\d?):00 (\d\d)\b(?! [a-z])", r"\1:\2"),
    (r"\bat (?:at|from)\b", "at"),
    (r"\bfrom at\b", "from"),
    (r"\bto at\b", "to"),
    (r"\bbetween at (.*?) and at\b", r"between \1 and"),
    (r"\bon (?=in the|at )", ""),
    (r"\bat in the\b", "in the"),
    # Last, with the zero away an evening makes 8 pm of "08:00".
    (r"(?<=\b)0(\d:\d\d)(?=.*(?:evening|afternoon|night))", r"\1"),
    (r"((?:evening|afternoon|night).*)\b0(\d:\d\d)", r"\1\2"),
)  # fmt: skip
# Romance languages put "next" behind the day, and English before it.
_AFTER_NOUN: tuple[tuple[str, Change], ...] = (
    # "Samedi soir prochain"
    (rf"\b({'|'.join(DAY_NAMES)}) (in the \w+) (next|last|this)\b", r"\3 \1 \2"),
    (rf"\b({_NOUN}) (next|last|this)\b", r"\2 \1"),
    (rf"\b(\d+) (next|last) ({UNIT})\b", r"\2 \1 \3"),
    (rf"\b(?<!\d )((?:{'|'.join(DAY_NAMES)}|week|month|year)) ago\b", r"last \1"),
)


@cache
def scanner(language: Vocabulary) -> tuple[re.Pattern[str], dict[str, str]]:
    """Return what one piece of a date is, and the table of its words."""
    table = english_of(language)
    # The longest first: "vorgestern" begins with "vor".
    phrases = "|".join(re.escape(key) for key in sorted(table, key=len, reverse=True))
    edge = rf"(?![{language.letters}])" if language.letters else ""
    pattern = rf"(?P<word>(?:{phrases}){edge})|\d+|[:,./-]|\s+|oclock|!|\?"
    return re.compile(pattern), table


def _words(text: str, language: Vocabulary) -> Iterator[str] | None:
    pattern, table = scanner(language)
    place, words, known = 0, list[str](), False
    while place < len(text):
        match = pattern.match(text, place)
        if match is None:
            return None
        told = match["word"]
        known = known or bool(told)
        words.append(f" {table[told]} " if told else match.group())
        place = match.end()
    # Numbers and signs alone are no date of a language.
    return iter(words) if known else None


@lru_cache(8)
def _prepared(text: str) -> str:
    """The plain text with numbers as English writes them; cached for all languages."""
    return reworded(plain(text), _NUMERIC)


def _digits(text: str, language: Vocabulary) -> str:
    return hundreds_in_digits(_prepared(text), language, plain)


def glossed(text: str, language: Vocabulary) -> str | None:
    """The English of each word, in the order of the text; None as in `translated`."""
    words = _words(_digits(text, language), language)
    return unmarked("".join(words)) if words is not None else None


def translated(text: str, language: Vocabulary) -> str | None:
    """The English for a date, or None when a word of it is not known."""
    words = _words(_digits(text, language), language)
    if words is None:
        return None
    english = unmarked("".join(words).replace(",", " "))
    if language.adjective_last:
        english = reworded(english, _AFTER_NOUN)
    english = reworded(english, _ORDER)
    return _our_era(english) if language.buddhist else english


def _our_era(text: str) -> str:
    """Years of the Buddhist era in ours: 2569 is 2026."""
    return re.sub(r"\b2[45]\d\d\b", lambda match: str(int(match.group()) - 543), text)
