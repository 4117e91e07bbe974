"""Clauses in which the speaker says that they have done something, by effect.

Found by words of the eight languages in the table `deeds`: who did it, and a verb's form
that says that it is over. Not covered: a deed that is told without any of these words.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal, TypeAlias, cast

from agentkit.language.vocabularies import LANGUAGES, word_table

DeedEffect: TypeAlias = Literal["send", "write", "delete"]
EFFECTS: tuple[DeedEffect, ...] = ("send", "write", "delete")

# A clause ends at these; a comma does not end one ("Done, I've sent it").
CLAUSE_ENDS = ".!?;\n।"
_CLAUSE = re.compile(f"[^{CLAUSE_ENDS}]+[{CLAUSE_ENDS}]*")
# What is quoted is said by somebody else.
_QUOTED = re.compile(r"[\"“„«][^\"“”„«»]*[\"”»]")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Scripts whose vowel signs are no letters to a regular expression, or without spaces.
_WHOLE = ("hi", "th")


@dataclass(frozen=True, slots=True)
class ToldDeed:
    """Something that a clause says was done.

    Attributes:
        effect: of what kind it is.
        verb: the word or words that say so, folded.
        clause: where it is told.
        language: in which.
    """

    effect: DeedEffect
    verb: str
    clause: str
    language: str


def told_deeds(text: str) -> Iterator[ToldDeed]:
    """Find the clauses that say that something was done, in any language."""
    for match in _CLAUSE.finditer(text):
        clause = match[0]
        # A question tells of nothing.
        if clause.rstrip().endswith("?"):
            continue
        folded = _QUOTED.sub(" ", clause.casefold().replace("\u2019", "'"))
        for language in LANGUAGES:
            if found := _told(folded, language):
                yield ToldDeed(*found, clause.strip(), language)
                break


def _told(folded: str, language: str) -> tuple[DeedEffect, str] | None:
    patterns, is_open = _patterns(language)
    # "Shall I send it" and "I have not sent it" hold such words: nothing is told as
    # done.
    if is_open.search(folded):
        return None
    for effect, pattern in patterns.items():
        if match := pattern.search(folded):
            return effect, match["verb"] or match["alone"]
    return None


@cache
def _patterns(
    language: str,
) -> tuple[Mapping[DeedEffect, re.Pattern[str]], re.Pattern[str]]:
    table: dict[str, Any] = word_table("deeds")[language]
    bounded = language not in _WHOLE
    alone = cast(Mapping[str, list[str]], table.get("alone", {}))
    between = _any(table.get("between", ())) or _WORD.pattern
    head = _any(table["by_me"])
    steps = rf"(?:\W+(?:{between})){{0,{table['reach']}}}"
    patterns: dict[DeedEffect, re.Pattern[str]] = {}
    for effect in EFFECTS:
        ways = [rf"\b(?:{head}){steps}\W+(?P<verb>{_any(table[effect])})\b"]
        if not head:
            ways = [r"(?P<verb>(?!))"]
        lone = f"(?P<alone>{_any(alone.get(effect, ())) or '(?!)'})"
        ways.append(rf"\b{lone}\b" if bounded else lone)
        patterns[effect] = re.compile("|".join(ways))
    words = _any(table["open"])
    return patterns, re.compile(rf"\b(?:{words})\b" if bounded else words)


def _any(words: Iterable[str]) -> str:
    # The longest first, so that a word is not taken for another's beginning.
    return "|".join(re.escape(one) for one in sorted(words, key=len, reverse=True))
