"""Makes an answer fit to be read aloud: no markup, times in words, short lists.

What a screen shows at a glance takes long to listen to, and signs are read letter by
letter. The words of each language stand in `spoken_text.toml`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.language import LANGUAGES, vocabulary
from agentkit.language.vocabularies import read_table

# Items of a list that are read; who wants more looks at the screen.
_ITEMS = 5
# Letters of what is read in all, about two minutes.
_LONGEST = 1500
_ITEM = re.compile(r"^\s*(?:[-*•]|\d+[.)])\s+")
_FENCE = re.compile(r"```.*?(?:```|\Z)", re.S)
_LINK = re.compile(r"!?\[([^\[\]]*)\]\([^)\[]*\)")
_ADDRESS = re.compile(r"\bhttps?://(?:www\.)?([^\s/?#]+)\S*")
_MARKS = re.compile(r"[*_`#>|~]+")
_TIMES = re.compile(
    r"\b([01]?\d|2[0-3]):([0-5]\d)(?:\s*[-\u2013]\s*([01]?\d|2[0-3]):([0-5]\d))?"
)
_ISO_DAY = re.compile(r"\b(\d{4})-(\d\d)-(\d\d)\b")
# As answers write them: "Fri 25 Sep", "Fr 25. September".
_DAY = re.compile(r"\b([^\W\d_]{2,4})\.? (\d{1,2})\.? ([^\W\d_]{3,})\b")


def spoken_text(text: str, language: str) -> str:
    """Return an answer as it is to be read aloud.

    Args:
        text: an answer.
        language: its language; for one that has no words here, signs alone are taken out.
    """
    # In this order: an address within a link or code must not be read twice, or at all.
    plain = _FENCE.sub(" ", text)
    plain = _LINK.sub(r"\1", plain)
    plain = _ADDRESS.sub(r"\1", plain)
    words = _words(language)
    lines = _cut(plain.splitlines(), words)
    said = " ".join(_line(line, language, words) for line in lines if line.strip())
    if len(said) > _LONGEST:
        said = said[:_LONGEST].rpartition(" ")[0] + f". {words['cut']}"
    return said


def _cut(lines: list[str], words: Mapping[str, str]) -> list[str]:
    """Keep the first items of a list, and say how many more there are."""
    kept: list[str] = []
    run = 0
    for line in [*lines, ""]:
        if _ITEM.match(line):
            run += 1
        else:
            if run > _ITEMS:
                kept.append(words["more"].format(count=run - _ITEMS))
            run = 0
        if run <= _ITEMS:
            kept.append(line)
    return kept


def _line(line: str, language: str, words: Mapping[str, str]) -> str:
    """Write one line as a sentence, after which a voice pauses."""
    line = _ITEM.sub("", line)
    line = _MARKS.sub(" ", line)
    if language in LANGUAGES:
        # Days before times: "2026-09-25 14:30" holds both.
        line = _ISO_DAY.sub(lambda m: _iso_day(m, language, words), line)
        line = _DAY.sub(lambda m: _day(m, language, words), line)
        line = _TIMES.sub(lambda m: _times(m, words), line)
    line = " ".join(line.split())
    return line if not line or line[-1] in ".!?:;,।" else f"{line}."


def _times(match: re.Match[str], words: Mapping[str, str]) -> str:
    start = _clock(match[1], match[2], words)
    if match[3] is None:
        return start
    return words["span"].format(start=start, end=_clock(match[3], match[4], words))


def _clock(hour: str, minute: str, words: Mapping[str, str]) -> str:
    number = int(hour)
    form = words["clock"] if int(minute) else words["full_hour"]
    half = "am" if number < 12 else "pm"
    return form.format(
        hour=number, minute=int(minute), hour12=(number + 11) % 12 + 1, half=half,
        padded=minute,
    )  # fmt: skip


def _iso_day(match: re.Match[str], language: str, words: Mapping[str, str]) -> str:
    try:
        day = date(int(match[1]), int(match[2]), int(match[3]))
    except ValueError:
        return match[0]
    month = vocabulary(language).months[day.month - 1][0]
    name = _named(month, language)
    return f"{words['day'].format(day=day.day, month=name)} {day.year}"


def _day(match: re.Match[str], language: str, words: Mapping[str, str]) -> str:
    """Write out a short date; a line that only looks like one stays."""
    weekday = _whole(match[1], language, "weekdays")
    month = _whole(match[3], language, "months")
    if not weekday or not month:
        return match[0]
    return f"{weekday}, {words['day'].format(day=int(match[2]), month=month)}"


def _whole(short: str, language: str, kind: str) -> str:
    for forms in getattr(vocabulary(language), kind):
        if short.casefold() in forms or forms[0].startswith(short.casefold()):
            return _named(forms[0], language)
    return ""


def _named(word: str, language: str) -> str:
    """Write the name of a day or month with the capital that its language wants."""
    return word.capitalize() if language in ("en", "de") else word


@cache
def _words(language: str) -> dict[str, str]:
    table: dict[str, Any] = read_table(Path(__file__).with_name("spoken_text.toml"))
    return {**table["en"], **table.get(language, {})}
