"""Half a request: the part that can be done where no tool does the other."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import cast

from agentkit.backends.reflex.drafts import CallDraft, CallReading
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.speech import say
from agentkit.language.vocabularies import read_table
from agentkit.tools import Toolset

Read = Callable[[str], CallReading]
# Languages that are written without spaces between words.
_UNSPACED = frozenset({"th"})
# Articles and prepositions of our languages are not longer.
_LITTLE = 3
# Places to cut at that are tried; more is no request that somebody said.
_MOST = 4
_EDGES = " \t\r\n,;:.!?"
# Quoted words are somebody's text, and "and" in them joins nothing.
_QUOTES = re.compile(r"[\"“”„«»]")


def with_half(
    whole: CallReading, turn: str, language: str, read: Read, kit: Kit, toolset: Toolset
) -> CallReading:
    """Tell what can be done of a request whose other half no tool does.

    The whole is left as it is where one half hangs on the other, where what cannot be
    done is not known to be foreign, or where it is what somebody is told or reminded of.

    Args:
        whole: the request as one.
        turn: what the user says.
        language: of the user.
        read: reads a part of it, by itself.
        kit: the compiled toolset.
        toolset: what tells the effects of tools.

    Returns:
        The whole, or a reading without drafts that has the half.
    """
    # The first cut that gives a half to do and a half that no tool does.
    for first, second in _cuts(turn, language):
        readings = {first: read(first), second: read(second)}
        done = [part for part, one in readings.items() if _can_be_done(one, toolset)]
        foreign = [part for part, one in readings.items() if one.foreign]
        if not done or not foreign:
            continue
        half, rest = readings[done[0]], readings[foreign[0]]
        if _holds(whole, foreign[0], done[0], half, kit):
            continue
        told = say("left_undone", language, toolset, words=foreign[0], off=rest.off)
        why = whole.unclear or f"{foreign[0]!r} is nothing that tools do"
        said = whole.said or rest.said
        return CallReading((), why, said=said, half=half.drafts, not_done=told)
    return whole


def _holds(
    whole: CallReading, foreign: str, done: str, of_done: CallReading, kit: Kit
) -> bool:
    """Whether the foreign part is a value of the whole: what one is to be reminded of.

    A mere label in it is none: "set a timer and play jazz" names no timer "play jazz".
    A whole that lost words which its half has was misread.
    """
    known = " ".join(_said_in(whole)).lower()
    if any(said.lower() not in known for said in _said_in(of_done)):
        return False
    return any(
        _shares(said.lower(), foreign.lower())
        for draft in whole.drafts
        for name, value in draft.arguments.items()
        for said in _each(value)
        if said.lower() not in done.lower()
        and not (_is_label(kit, draft, name) and said.lower() in foreign.lower())
    )


def _is_label(kit: Kit, draft: CallDraft, name: str) -> bool:
    param = kit.params[draft.tool][name]
    return param.kind == "text" and not param.required


def _said_in(reading: CallReading) -> list[str]:
    values = (one for draft in reading.drafts for one in draft.arguments.values())
    return [said for value in values for said in _each(value)]


def _each(value: object) -> list[str]:
    many = cast(list[object], value) if isinstance(value, list) else [value]
    return [str(one) for one in many]


def _shares(text: str, other: str) -> bool:
    """Whether two texts have a word in common that says something: "du" says nothing."""
    words = (word for word in text.split() if len(word) > _LITTLE)
    return text in other or any(word in other.split() for word in words)


def _cuts(turn: str, language: str) -> Iterator[tuple[str, str]]:
    """Cut at each word that joins two requests."""
    words = _joining().get(language, _joining()["en"])
    spaced = language not in _UNSPACED
    if _any_of(words["conditions"], spaced=spaced).search(turn) or _QUOTES.search(turn):
        return
    joints = list(_any_of(words["joints"], spaced=spaced).finditer(turn))
    for joint in joints[:_MOST]:
        parts = turn[: joint.start()].strip(_EDGES), turn[joint.end() :].strip(_EDGES)
        if all(parts):
            yield parts


def _any_of(words: list[str], *, spaced: bool) -> re.Pattern[str]:
    # A regular expression takes the first way that fits: "and then" before "and".
    longest_first = sorted(words, key=len, reverse=True)
    ways = "|".join(map(re.escape, longest_first))
    # A sign of Hindi may end a word where "\b" sees no end.
    before, after = (r"(?<!\S)", r"(?!\S)") if spaced else ("", "")
    return re.compile(f"{before}(?:{ways}){after}", re.I)


def _can_be_done(reading: CallReading, toolset: Toolset) -> bool:
    """Whether a part is clear, complete, and nothing that cannot be taken back."""
    return bool(reading.drafts) and all(
        _is_clear(draft) and _is_safe(draft, toolset) for draft in reading.drafts
    )


def _is_clear(draft: CallDraft) -> bool:
    return not draft.missing and not draft.left


def _is_safe(draft: CallDraft, toolset: Toolset) -> bool:
    tool = toolset[draft.tool]
    # Half of what was wanted may be worse than nothing, so it must be possible to undo
    # it.
    return tool.effect == "read" or (tool.effect == "write" and bool(tool.undo))


@cache
def _joining() -> dict[str, dict[str, list[str]]]:
    return read_table(Path(__file__).with_name("half_requests.toml"))
