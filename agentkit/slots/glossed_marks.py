"""Glossed words that only their neighbours explain: "onthe 28", "lunch of later".

Where a word of another language has no English of its own, the language's table gives it
a mark: "il" is "onthe", for it makes a day of the month of a number and is left out
before all else; "dia" is "theday", which counts nothing else. The marks "<" and ">" say that a word stands before or behind the words
it goes with.
"""

import re
from collections.abc import Callable

from agentkit.language.vocabularies import DAY_NAMES, MONTH_NAMES

UNIT = r"(?:second|minute|hour|day|week|month|year)s?"
Change = str | Callable[[re.Match[str]], str]
_MEAL = r"(?:breakfast|lunch|dinner)"


def clock_text(hour: int, minute: int) -> str:
    """As a 24-hour time; from seven on, the morning hour is meant as it is said."""
    # "Halb eins" is half past twelve.
    hour, minute = (hour - 1 or 12, minute + 60) if minute < 0 else (hour, minute)
    # The grammar takes "08:30" as said and lets the part of the day decide about
    # "3:30".
    return f"{hour % 24:02}:{minute:02}" if hour > 6 else f"{hour}:{minute:02}"


def minutes_moved(
    sign: int, value: int | None = None
) -> Callable[[re.Match[str]], str]:
    """A change of the hour, and of minutes or `value`, that goes ahead or back by them."""

    def change(match: re.Match[str]) -> str:
        minutes = value if value is not None else int(match[2])
        return clock_text(int(match[1]), sign * minutes)

    return change


def ordinal(number: int) -> str:
    """As English ranks it: "3rd"."""
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if number in (11, 12, 13) else ending}"


def _day_of_month(match: re.Match[str]) -> str:
    number = int(match[1])
    return f"the {ordinal(number)}" if 0 < number <= 31 else match[1]


def _and_half(match: re.Match[str]) -> str:
    return f"{match[1] or '1 '}{match[2]} and a half"


# A number behind "il" or "dia", before no month, unit or clock, is a day of the month.
_MONTH = "|".join(MONTH_NAMES)
_OTHER_NUMBER = (
    rf"[:./,]\d| (?:of |oclock|weekend|{UNIT}\b|{_MONTH})"
    rf"|(?: (?:to|at|and|until|onthe|theday))+ \d{{1,2}} (?:of )?(?:{_MONTH})"
)
# Words that say only together with their neighbours what they are.
_PLACED: tuple[tuple[str, Change], ...] = (
    (rf"\b(?:onthe|theday) (\d{{1,2}})\b(?!{_OTHER_NUMBER})", _day_of_month),
    (r"\b(?:onthe|theday) ?", ""),
    (r"\b(\d{1,2}) date>(?: of(?= |$))?", _day_of_month),
    (r"\bdate>", ""),
    (r"^(?:of|from) (the \d+(?:st|nd|rd|th)) (?:to|at) (the \d)", r"from \1 to \2"),
    # "Demain tôt", "domani mattina presto", "morgen in aller Frühe"
    (rf"\b(tomorrow|today|{'|'.join(DAY_NAMES)})(?: in the)?(?: morning)? early>",
     r"\1 early in the morning"),
    (r"\bon (\d+(?:st|nd|rd|th))\b", r"on the \1"),
    (r"\b(?:later> today|today later>)", "later today"),
    (rf"\b(\d+ {UNIT}) later>", r"\1 later"),
    # "Nach dem Mittagessen", "vor dem Abendessen", "नाश्ते के बाद", "ก่อนอาหารเย็น"
    (rf"\b(?:past|after) ({_MEAL})", r"after \1"),
    (rf"\b(?:ago<|ago|before) ({_MEAL})", r"before \1"),
    (rf"\b({_MEAL}) of later\b", r"after \1"),
    (rf"\b({_MEAL}) to ago\b", r"before \1"),
    # "De lundi à mercredi"
    (rf"\b(?:of|from) ({'|'.join(DAY_NAMES)}) (?:to|at) (?={'|'.join(DAY_NAMES)})",
     r"from \1 to "),
    (r"^(?:of )?today in ", "in "),
    # "Übernächstes Wochenende"
    (rf"\bafternext (week(?:end)?|month|year|{'|'.join(DAY_NAMES)})\b",
     r"the \1 after next"),
    # "Um eins mittags"
    (r"\bat ([1-4]) (?:oclock )?noon\b", r"at \1 in the afternoon"),
    # "सात बजकर बीस मिनट", "पौन घंटा", "सवा घंटा"
    (r"\b(\d+) oclock (\d\d) minutes\b", minutes_moved(1)),
    (r"\bquarterto hours?\b", "45 minutes"),
    (r"\bquarterafter hours?\b", "75 minutes"),
    # "Dez para as sete", "quinze pras sete"
    (r"\b(5|10|15|20|25) (?:minutes )?tohour (\d+)",
     lambda m: clock_text(int(m[2]), -int(m[1]))),
    (r"\btohour\b", "to"),
    # "Fünf vor halb sieben"
    (r"\b(\d+) past halfto (\d+)", lambda m: clock_text(int(m[2]), int(m[1]) - 30)),
    (r"\b(\d+) ago< halfto (\d+)", lambda m: clock_text(int(m[2]), -30 - int(m[1]))),
    (r"\bquarterof (\d+)", lambda m: clock_text(int(m[1]), -45)),
    # "Mezzogiorno e mezza", "midi trente"
    (r"\bnoon (?=and (?:half|quarter|\d)|minus )", "12 "),
    (r"\bmidnight (?=and (?:half|quarter|\d))", "0 "),
    (r"\bnoon (\d\d)\b", r"12:\1"),
    # "Tre minuti e mezzo", "minuto y medio"; an hour and a half may be a clock's.
    (r"(\b\d+ )?\b((?:second|minute|day|week|month|year)s?) and half\b", _and_half),
    (r"\b(?:an? |1 )?half (?:an? )?((?:second|minute|day|week|month|year))s?\b", r"half a \1"),
)  # fmt: skip


def reworded(text: str, rules: tuple[tuple[str, Change], ...]) -> str:
    """The text with each of the rules applied, one after the other."""
    for pattern, change in rules:
        text = re.sub(pattern, change, text)
        text = " ".join(text.split())
    return text


def unmarked(english: str) -> str:
    """The English of a gloss, with its marks put into words or left out."""
    return reworded(" ".join(english.split()), _PLACED)
