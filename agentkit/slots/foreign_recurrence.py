"""How often something comes back, said in another language than English.

A text is put into English by the language's words of dates and those of `often.toml`,
and read by the English rules. What is said with it, a time of day and an end, may stand
before it or behind it. Not covered: "one Monday in two" (fr, es), and endings that stand
apart, such as "dia 5 de cada mês e dia 20".
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from agentkit.language.vocabularies import (
    DAY_NAMES,
    LANGUAGES,
    Vocabulary,
    language_of,
    vocabulary,
    word_table,
)
from agentkit.slots.foreign import Pieces, runs
from agentkit.slots.glossed_marks import ordinal
from agentkit.slots.translation import glossed, translated

_DAY = "|".join(DAY_NAMES)
# In Spanish and Portuguese "a" is the word for an hour, too: "de lunes a viernes".
_RANGE = rf"(?:{_DAY}) (?:to|at) (?:{_DAY})"
# What the English of a recurrence holds, wherever it stands in it.
_SIGN = rf"\b(?:every|weekly|monthly|yearly|{_RANGE})\b"
_SIGNED = re.compile(_SIGN)
# A time of day that was said first: "um 18 Uhr jeden Sonntag".
_LATE = re.compile(rf"(?P<first>.+?) (?P<sign>{_SIGN}.*)")
# "The first Monday of every month" begins before its sign.
_RANKED = re.compile(
    rf"(?:1st|2nd|3rd|last|\d{{1,2}}) (?:{_DAY}|of|day)?\b.* every month"
)
_DATE_OF_MONTH = re.compile(
    r"(?P<often>(?:every (?:\d+ )?months?|monthly)) (?:(?:on|of|at|in|day) )*(?P<day>\d{1,2})\b"
    r"(?! ?(?::|oclock|hours))"
)
_CHANGES = (
    (re.compile(rf"^(?:of|from|on) (?={_RANGE})"), ""),
    (re.compile(rf"(?:\bevery )?\b({_DAY}) (?:to|at) ({_DAY})\b"), r"every \1 to \2"),
    (re.compile(rf"(?<=day)( and|,) every ({_DAY})\b"), r"\1 \2"),
    # "Todo dia 5" is a day of the month, and "todo dia" is every day.
    (re.compile(r"^every day (\d{1,2})$"), r"every month on the \1"),
    (re.compile(r"\b(?:on|in|at) (?=every\b)"), ""),
    (re.compile(rf"\b(every (?:other )?)(?:on |of )({_DAY})"), r"\1\2"),
    # "The 5th of every month", with the bare number that other languages say.
    (
        re.compile(r"^(?:on )?(?:day )?(\d{1,2}) (?:of )?every months?"),
        r"every month on the \1",
    ),
    (_DATE_OF_MONTH, r"\g<often> on the \g<day>"),
    (
        re.compile(
            r"(every (?:\d+ )?months?|monthly) (?:(?:on|of|at|in|the) )*(\d+[a-z]{2})"
        ),
        r"\1 on the \2",
    ),
    (re.compile(r"\bevery the (\d+[a-z]{2})"), r"every month on the \1"),
    # Italian says "ore" before an hour, too.
    (re.compile(r"^every (\d+) at$"), r"every \1 hours"),
    # "De duas em duas semanas"
    (re.compile(r"^(?:of|from) (\d+) in \1 "), r"every \1 "),
)
_ONE_DAY = re.compile(rf"(?:of |on )?(?P<day>(?:{_DAY})\b.*)")
# "Mar" and "dom" may be other words.
_SHORT = 3
_BARE_DATE = re.compile(r"(?<=on the )(\d{1,2})\b(?!st|nd|rd|th)")


def recurrence_languages() -> tuple[Vocabulary, ...]:
    """Return the languages other than English, with their words for how often."""
    return tuple(_with_often(code) for code in LANGUAGES[1:])


def signed_runs(text: str, locale: str) -> Iterator[tuple[Pieces, Vocabulary]]:
    """Yield runs of a language's known words that have a sign of repetition.

    Args:
        text: the user's words.
        locale: language tag; English has none.
    """
    code = language_of(locale)
    if code not in LANGUAGES[1:]:
        return
    language = _with_often(code)
    for run in runs(text, language):
        said = text[run[0][0] : run[-1][1]]
        if _SIGNED.search(glossed(said, language) or ""):
            yield run, language


def english_wordings(said: str, language: Vocabulary, *, whole: bool) -> Iterator[str]:
    """Yield what words of a language are in English, the likeliest wording first.

    Args:
        said: the words.
        language: the language, with its words for how often.
        whole: whether nothing else was said, so that "il lunedì" is each of them.
    """
    # "Every 2 hours" would be two o'clock, once it is put into order.
    for english in (translated(said, language), glossed(said, language)):
        day = _ONE_DAY.match(english or "") if whole and len(said) > _SHORT else None
        yield from _ways(f"every {day['day']}" if day else english or "")


def _ways(english: str) -> Iterator[str]:
    """Yield the English in the rules' wording; then with a leading clock time put last."""
    for pattern, changed in _CHANGES:
        english = pattern.sub(changed, english)
    if not _SIGNED.search(english):
        return
    english = _BARE_DATE.sub(lambda match: ordinal(int(match[1])), english)
    yield english
    late = _LATE.fullmatch(english)
    if late and not _RANKED.match(english):
        yield f"{late['sign']} {late['first']}"


@cache
def _with_often(code: str) -> Vocabulary:
    """Return a language's vocabulary with its words for how often."""
    language = vocabulary(code)
    often = word_table("often")[code]
    dates = dict(language.dates)
    for english, words in often.items():
        # The same words may mean a number, or a day, outside of a recurrence.
        dates = {
            key: tuple(w for w in kept if w not in words) for key, kept in dates.items()
        }
        dates[english] = (*dates.get(english, ()), *words)
    return replace(language, dates=dates)
