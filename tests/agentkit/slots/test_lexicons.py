"""Every word of every language's table, in a phrase whose English is known."""

import re
from contextlib import suppress
from datetime import UTC, datetime

import pytest

from agentkit.language.vocabularies import (
    DAY_NAMES,
    LANGUAGES,
    MONTH_NAMES,
    Vocabulary,
    numbered,
    vocabulary,
)
from agentkit.slots import resolve_when

NOW = datetime(2026, 9, 23, 10, 0, tzinfo=UTC)
# "in {} days" in each language.
IN_DAYS = {
    "de": "in {} tagen", "fr": "dans {} jours", "it": "tra {} giorni",
    "es": "en {} días", "pt": "em {} dias", "hi": "{} दिन बाद", "th": "อีก {} วัน",
}  # fmt: skip
# For the English on the left side of a table: a phrase with the word that is tried,
# {}, and others of the same table, [tomorrow]; and what the phrase means. The word is
# right when one of the phrases is.
FRAMES: dict[str, tuple[tuple[str, str], ...]] = {
    "": (("{} [friday]", "friday"), ("[friday] {}", "friday"), ("{} 3 [may]", "3 may"),
         ("{} 2570", "2027"), ("3 {} [may]", "3 may"), ("[in] 3 [days] {}", "in 3 days"),
         ("[end of] {} [may]", "end of may")),
    "on": (("{} [friday]", "friday"),),
    "in": (("{} 3 [weeks]", "in 3 weeks"), ("{} 3 [week]", "in 3 weeks"),
           ("{} [may]", "may")),
    "of": (("3 {} [may]", "3 may"), ("[beginning of] {} [month]", "beginning of month"),
           ("[may] {} 3", "3 may"), ("[end of] {} [month]", "end of month"),
           ("[month] {} [end>]", "end of the month"), ("[end of] {} [may]", "end of may")),
    "at": (("[tomorrow] {} 15:00", "tomorrow at 15:00"), ("{} 15:00", "15:00"),
           ("{} [noon]", "noon")),
    "oclock": (("[tomorrow] 15 {}", "tomorrow 15:00"), ("[tomorrow] [at] 15 {}", "tomorrow 15:00")),
    "next": (("{} [week]", "next week"), ("[week] {}", "next week"),
             ("{} [weeks]", "next week"), ("[weeks] {}", "next week"),
             ("{} [friday]", "next friday"), ("[friday] {}", "next friday"),
             ("{} [month]", "next month"), ("[months] {}", "next month"),
             ("{} [year]", "next year")),
    "1st": (("{} [may]", "may 1"),), "2nd": (("{} [may]", "may 2"),),
    "3rd": (("{} [may]", "may 3"),), "1": (("{} [may]", "may 1"), ("{} [of] [may]", "may 1")),
    "week": (("[next] {}", "next week"), ("{} [next]", "next week"), ("{} 27", "week 27")),
    "weeks": (("[in] 3 {}", "in 3 weeks"), ("3 {} [later]", "in 3 weeks")),
    "weekend": (("[next] {}", "next weekend"), ("{} [next]", "next weekend")),
    "month": (("[next] {}", "next month"), ("{} [next]", "next month"),
              ("[end of] {}", "end of month"), ("[end of] [of] {}", "end of month")),
    "months": (("[in] 3 {}", "in 3 months"), ("3 {} [later]", "in 3 months")),
    "year": (("[next] {}", "next year"), ("{} [next]", "next year"),
             ("[end of] [of] {}", "end of year"), ("[in] 3 {}", "in 3 years")),
    "years": (("[in] 3 {}", "in 3 years"), ("3 {} [later]", "in 3 years")),
    "day": (("[in] 1 {}", "in 1 day"), ("[end of] [of] {}", "end of day")),
    "days": (("[in] 3 {}", "in 3 days"), ("3 {} [later]", "in 3 days")),
    "hour": (("[in] 1 {}", "in 1 hour"), ("[in] {}", "in 1 hour"), ("[in] 1 {} [time]", "in 1 hour")),
    "hours": (("[in] 3 {}", "in 3 hours"), ("3 {} [later]", "in 3 hours")),
    "minutes": (("[in] 3 {}", "in 3 minutes"), ("3 {} [later]", "in 3 minutes")),
    "seconds": (("[in] 3 {}", "in 3 seconds"), ("3 {} [later]", "in 3 seconds")),
    "halfto": (("[tomorrow] [at] {} 9", "tomorrow at 8:30"),),
    "halfafter": (("[tomorrow] {} 9 [oclock]", "tomorrow at 9:30"),),
    "quarterafter": (("[tomorrow] {} 9 [oclock]", "tomorrow at 9:15"),),
    "quarterto": (("[tomorrow] {} 9 [oclock]", "tomorrow at 8:45"),),
    "quarter past": (("[tomorrow] [at] {} 9", "tomorrow at 9:15"),),
    "quarter to": (("[tomorrow] [at] {} 9", "tomorrow at 8:45"), ("[tomorrow] {} 9", "tomorrow at 8:45")),
    "past": (("[tomorrow] 10 {} 9", "tomorrow at 9:10"),),
    "ago<": (("{} 3 [weeks]", "3 weeks ago"),),
    "ago": (("3 [weeks] {}", "3 weeks ago"), ("3 [week] {}", "3 weeks ago")),
    "before": (("{} [friday]", "before friday"), ("{} [christmas]", "before christmas")),
    "after": (("{} [friday]", "after friday"), ("{} [christmas]", "after christmas")),
    "since": (("{} [friday]", "since friday"),  ("{}", "since yesterday")),
    "from": (("{} [friday]", "from friday"), ("[tomorrow] {} 9 [to] 11", "tomorrow from 9 to 11"),
             ("{} 3 [to] 7 [october]", "october 3 to 7"), ("{} 9:00 [to] 11:00", "from 9 to 11")),
    "to": (("[from] 3 {} 7 [october]", "october 3 to 7"), ("3 {} 7 [october]", "october 3 to 7"),
           ("[tomorrow] [from] 9 {} 11", "tomorrow from 9 to 11"), ("9 {} 11 [oclock] [until>]", "from 9 to 11")),
    "between": (("[tomorrow] {} 10:00 [and] 12:00", "tomorrow between 10 and 12"),
                ("[tomorrow] {} 10 [and] 12", "tomorrow between 10 and 12")),
    "and": (("[tomorrow] [between] 10:00 {} 12:00", "tomorrow between 10 and 12"),
            ("[tomorrow] [between] 10 {} 12", "tomorrow between 10 and 12"),
            ("[tomorrow] 10 {} 12 [oclock] [of] [between>]", "tomorrow between 10 and 12")),
    "for": (("[tomorrow] [at] 15:00 {} 2 [hours]", "tomorrow at 15:00 for 2 hours"), ("{} [friday]", "friday")),
    "end of": (("{} [may]", "end of may"), ("{} [month]", "end of month"), ("{} [of] [may]", "end of may")),
    "beginning of": (("{} [may]", "beginning of may"), ("{} [month]", "beginning of month")),
    "middle of": (("{} [may]", "middle of may"), ("{} [month]", "middle of month")),
    "half an hour": (("[in] {}", "in half an hour"),),
    "a quarter of an hour": (("[in] {}", "in a quarter of an hour"),),
    "three quarters of an hour": (("[in] {}", "in three quarters of an hour"),),
    "an hour and a half": (("[in] {}", "in an hour and a half"),),
    "30 minutes": (("[in] {}", "in 30 minutes"), ("{} [later]", "in 30 minutes")),
    "90 minutes": (("{} [later]", "in 90 minutes"),),
    "15 days": (("[in] {}", "in 15 days"),),
    "1 hour": (("[in] {}", "in 1 hour"),),
    "and half": (("[tomorrow] [at] 9 {}", "tomorrow at 9:30"), ("[tomorrow] [at] 9 [hours] {}", "tomorrow at 9:30"), ("[tomorrow] 9 [mong] {}", "tomorrow at 9:30")),
    "and quarter": (("[tomorrow] [at] 9 {}", "tomorrow at 9:15"), ("[tomorrow] [at] 9 [hours] {}", "tomorrow at 9:15")),
    "minus quarter": (("[tomorrow] [at] 9 {}", "tomorrow at 8:45"), ("[tomorrow] [at] 9 [hours] {}", "tomorrow at 8:45")),
    "minus": (("[tomorrow] [at] 9 {} 10", "tomorrow at 8:50"), ("[tomorrow] [at] 9 [hours] {} 10", "tomorrow at 8:50")),
    "until": (("{} [friday]", "until friday"), ("{} [month]", "until friday"),),
    "by": (("{} [friday]", "by friday"),),
    "1:30": (("{} [oclock]", "1:30"),), "2:30": (("{} [oclock]", "2:30"),),
    "in>": (("[may] {}", "may"),),
    "later": (("3 [weeks] {}", "in 3 weeks"), ("3 [weeks] [of] {}", "in 3 weeks")),
    "until>": (("[friday] {}", "until friday"),),
    "between>": (("[tomorrow] 10 [and] 12 [oclock] [of] {}", "tomorrow between 10 and 12"),),
    "end>": (("[may] [of] {}", "end of may"),),
    "beginning>": (("[may] [of] {}", "beginning of may"),),
    "middle>": (("[may] [of] {}", "middle of may"),),
    "bai": (("{} 3 [mong]", "15:00"),), "mong": (("9 {}", "09:00"),),
    "mong am": (("9 {}", "09:00"),), "mong pm": (("5 {}", "17:00"),),
    "thum": (("2 {}", "20:00"),), "ti": (("{} 3", "03:00"),),
    "days ago": (("3 {}", "3 days ago"),),
    "in the morning": (("[tomorrow] {}", "tomorrow in the morning"), ("{}", "in the morning"), ("[friday] {}", "friday in the morning")),
    "in the afternoon": (("[tomorrow] {}", "tomorrow in the afternoon"), ("{}", "in the afternoon"), ("[friday] {}", "friday in the afternoon")),
    "in the evening": (("[tomorrow] {}", "tomorrow in the evening"), ("[friday] {}", "friday in the evening")),
    "early in the morning": (("[tomorrow] {}", "tomorrow early in the morning"),("[friday] {}", "friday early in the morning")),
    "at night": (("[tomorrow] {}", "tomorrow at night"), ("[friday] {}", "friday at night")),
}  # fmt: skip
# Words with the article that makes a day of a number: "dal 3 al 7".
FRAMES.update({
    "onthe": (("{} 3", "the 3rd"),), "theday": (("{} 3", "the 3rd"),), "date>": (("3 {}", "the 3rd"),),
    "of onthe": (("{} 3 [to onthe] 7", "from the 3rd to the 7th"), ("{} 3 [at onthe] 7", "from the 3rd to the 7th")),
    "from onthe": (("{} 3", "from the 3rd"),), "until onthe": (("{} 3", "until the 3rd"),),
    "to onthe": (("[from onthe] 3 {} 7", "from the 3rd to the 7th"), ("[of onthe] 3 {} 7", "from the 3rd to the 7th")),
    "at onthe": (("[of onthe] 3 {} 7", "from the 3rd to the 7th"),),
    "by onthe": (("{} 3", "by the 3rd"),), "before onthe": (("{} 3", "before the 3rd"),),
    "after onthe": (("{} 3", "after the 3rd"),),
    "coming": (("{} [friday]", "coming friday"), ("{} [week]", "coming week")),
    "afternext": (("{} [week]", "the week after next"),),
    "half": (("[in] {} [minutes]", "in half a minute"), ("{} [minutes] [later]", "in half a minute")),
    "early>": (("[tomorrow] {}", "early tomorrow"),),
    "later>": (("[today] {}", "later today"),),
    "lunch": (("[after] {}", "after lunch"), ("[past] {}", "after lunch"), ("{} [of] [later]", "after lunch"), ("[tomorrow] {}", "tomorrow at lunch")),
    "lunchtime": (("[tomorrow] {}", "tomorrow at lunchtime"),),
    "dinnertime": (("[tomorrow] {}", "tomorrow at dinnertime"),),
    "quarterof": (("[tomorrow] [at] {} 9", "tomorrow at 8:15"),),
    "tohour": (("[tomorrow] [at] 10 {} 9", "tomorrow at 8:50"), ("[tomorrow] [from] 9 {} 11", "tomorrow from 9 to 11")),
    "an hour": (("{} [later]", "in an hour"),),
    "1.5": (("[in] {} [days]", "in 1.5 days"),),
    "and 45": (("[tomorrow] [at] 9 {}", "tomorrow at 9:45"),),
    "30 seconds": (("[in] {}", "in 30 seconds"),),
    "in a week": (("[friday] {}", "friday in a week"),),
})  # fmt: skip
for meal in ("breakfast", "dinner"):
    FRAMES[meal] = tuple(
        (w, told.replace("lunch", meal)) for w, told in FRAMES["lunch"]
    )
for side in ("last", "this"):
    FRAMES[side] = tuple((w, told.replace("next", side)) for w, told in FRAMES["next"])


def frames_of(english: str) -> tuple[tuple[str, str], ...]:
    """The phrases for a word; most are a date by themselves, or behind a day."""
    alone = (("{}", english), ("3 {}", f"3 {english}"), ("3 de {}", f"3 {english}"))
    return FRAMES.get(english, alone)


def rows_of(language: Vocabulary) -> list[tuple[str, tuple[str, ...]]]:
    """English on the left, the language's phrases on the right."""
    return [
        *zip(DAY_NAMES, language.weekdays, strict=True),
        *zip(MONTH_NAMES, language.months, strict=True),
        *language.dates.items(),
    ]


def meant(words: str, locale: str = "en") -> tuple[datetime, datetime | None] | None:
    """Start and end of what words mean; None when they are no date."""
    with suppress(ValueError):
        when = resolve_when(words, NOW, locale=locale)
        return when.start, when.end
    return None


def put(frame: str, phrase: str, first: dict[str, str]) -> str:
    """A frame with a phrase in it; empty when the language lacks a word of it."""
    needed = re.findall(r"\[(.*?)\]", frame)
    if not all(word in first for word in needed):
        return ""
    return re.sub(r"\[(.*?)\]", lambda m: first[m[1]], frame.format(phrase))


def reads_as_meant(language: Vocabulary, english: str, phrase: str) -> bool:
    """Whether a phrase with the word means what the English phrase means."""
    first = {word: phrases[0] for word, phrases in reversed(rows_of(language))}
    tried = [(put(frame, phrase, first), told) for frame, told in frames_of(english)]
    return any(
        words and (wanted := meant(told)) and meant(words, language.code) == wanted
        for words, told in tried
    )


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_each_word_of_a_language(code: str) -> None:
    """Each word of the table is read, and means what its English means."""
    language = vocabulary(code)
    rows = [(word, one) for word, phrases in rows_of(language) for one in phrases]
    wrong = [row for row in rows if not reads_as_meant(language, *row)]
    assert wrong == []


@pytest.mark.parametrize("code", LANGUAGES[1:])
def test_each_number_of_a_language(code: str) -> None:
    """So many days from now are the same in the language as in English."""
    language = vocabulary(code)
    inflected = [(w, int(n)) for n, ws in language.inflected.items() for w in ws]
    for name, number in (*numbered(language.numbers), *inflected):
        words = IN_DAYS[code].format(name)
        assert meant(words, code) == meant(f"in {number} days"), words
