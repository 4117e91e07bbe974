"""Which half of the day a bare hour means, by what it is for: waking, dinner, a concert.

"Dinner at 8" is at 20:00 and "wake me at 7" at 7:00, whatever the clock says now. An
hour that says itself which half it is in ("8 pm", "20:00", "7 in the morning") stays.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path

from agentkit.backends.reflex.drafts import (
    CallDraft,
)
from agentkit.backends.reflex.patterns import Kit
from agentkit.context import Context
from agentkit.language.vocabularies import LANGUAGES, read_table
from agentkit.slots import When, find_dates, resolve_when, says_half

_NOON = timedelta(hours=12)
_DAY = timedelta(days=1)
# Hours that are of that half; "dinner at 1" and "an alarm for 2" may be either.
_MORNING = range(4, 12)
_EVENING = range(5, 12)
# An hour with nothing beside it, which tells no day either.
_LONE = re.compile(r"(?:at |by |until |till )?\d{1,2}(?:[:.]\d\d)?(?: o'clock)?", re.I)


@dataclass(frozen=True, slots=True)
class _Half:
    tools: frozenset[str]
    words: re.Pattern[str]


def in_its_half(time: str, tool: str, said: str, now: datetime) -> str:
    """Put a bare hour into the half of the day that it is for.

    Args:
        time: the user's words for a time.
        tool: what is to be called with it.
        said: the whole request.
        now: the clock, with a time zone.

    Returns:
        ISO 8601 where the half was settled here, else `time`.
    """
    # What says its half is left alone: "wake me at 7 pm" is odd, and meant.
    half = _half_of(tool, said)
    if not half or says_half(time):
        return time
    try:
        when = resolve_when(time, now)
    except ValueError:
        return time
    # A day has no hour, and both ends of "from 7 to 9" would have to move together.
    if when.all_day or when.end is not None:
        return time
    start = _moved(when, half, now)
    if start == when.start:
        return time
    # A lone hour stays one: the day is then that of the thing it is about.
    return (
        f"{start:%H:%M}"
        if _LONE.fullmatch(time) and half == "evening"
        else start.isoformat()
    )


def _moved(when: When, half: str, now: datetime) -> datetime:
    # 12 counts as 0, which is in neither range: noon and midnight stay as they were
    # read.
    start, hour = when.start, when.start.hour % 12
    if half == "evening" and hour in _EVENING and start.hour < 12:
        return start + _NOON
    if half == "morning" and hour in _MORNING and start.hour >= 12:
        start -= _NOON
        # "Wake me at 7", said at 9, is about tomorrow.
        return start if start > now else start + _DAY
    return start


def _half_of(tool: str, said: str) -> str:
    halves = _halves()
    # An alarm is for waking, whatever words are beside it.
    by_tool = (name for name, half in halves.items() if tool in half.tools)
    by_word = (name for name, half in halves.items() if half.words.search(said))
    return next(by_tool, "") or next(by_word, "")


@cache
def _halves() -> Mapping[str, _Half]:
    found = read_table(Path(__file__).with_name("day_halves.toml"))
    return {
        name: _Half(
            frozenset(half["tools"]),
            re.compile("|".join(map(_pattern, half["words"])), re.IGNORECASE),
        )
        for name, half in found.items()
    }


def _pattern(word: str) -> str:
    # "dinner*" has "dinners" too.
    end = r"" if word.endswith("*") else r"(?!\w)"
    return rf"(?<!\w){re.escape(word.rstrip('*'))}{end}"


def time_apart(draft: CallDraft, kit: Kit, context: Context) -> CallDraft:
    """Take a time from the head of what one is reminded of: "morgen um 9 to call Lena".

    Whoever mixes languages says the time in another one than the order.
    """
    params = kit.params[draft.tool]
    when = next((p.name for p in params.values() if p.kind == "when"), "")
    text = next((p.name for p in params.values() if p.verbatim), "")
    said = draft.arguments.get(text)
    if not when or when in draft.arguments or not isinstance(said, str):
        return draft
    for language in LANGUAGES:
        # Only at the head: a time further on belongs to what is to be done.
        start, end = next(iter(find_dates(said, context.now, language)), (1, 0))
        rest = _LEADS.sub("", said[end:].strip(" ,;:")) if start == 0 else ""
        if rest:
            arguments = {**draft.arguments, when: said[:end], text: rest}
            return replace(draft, arguments=arguments)
    return draft


# Words between a time and what is to be done then.
_LEADS = re.compile(r"(?:to|um|uh|zu|daran|an|de|d'|di|que|of)\s+", re.I)


def in_half(draft: CallDraft, turn: str, kit: Kit, context: Context) -> CallDraft:
    """Settle which half of the day a bare hour is in, by what it is for."""
    said = " ".join(str(value) for value in draft.arguments.values()) or turn
    arguments = {
        name: in_its_half(value, draft.tool, said, context.now)
        if isinstance(value, str) and kit.params[draft.tool][name].kind == "when"
        else value
        for name, value in draft.arguments.items()
    }
    return replace(draft, arguments=arguments)
