"""What a turn implies beside what it says: a day off, a journey, a condition, "everything".

"I'm taking the 27th off" is no order, and a calendar wants to know of it; nobody can see
coming when somebody gets home; and "delete everything" names nothing to delete.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.understood import is_time
from agentkit.language.vocabularies import read_table
from agentkit.slots import find_dates

# The bundled tool for events; without it nothing is implied.
CREATE = "create_event"
# What a tool calls it to act only where nothing else is on the calendar.
IF_FREE = "if_free"
_EDGES = " \t\r\n,;:.!?।"


def implied_event(
    turn: str, language: str, kit: Kit, now: datetime
) -> CallDraft | None:
    """Read a statement about a day off or a journey; None for any other turn.

    Args:
        turn: what the user says.
        language: of the user.
        kit: the compiled toolset; without a tool for events nothing is implied.
        now: the clock.
    """
    said = turn.strip(_EDGES)
    found = _day_off(said, language, now) or _journey(said, language, now)
    if found is None or not {"title", "start"} <= set(kit.params.get(CREATE, {})):
        return None
    title, start = found
    reason = f"{turn!r} tells of what belongs into a calendar"
    return CallDraft(CREATE, {"title": title, "start": start}, (), (), reason)


def _day_off(said: str, language: str, now: datetime) -> tuple[str, str] | None:
    for way in _table(language)["off"]:
        # The whole turn: "I'm off on Friday, remind me to ..." holds an order.
        found = re.fullmatch(way.replace("{when}", "(?P<when>.+?)"), said, re.I)
        when = found["when"].strip(_EDGES) if found else ""
        if when and is_time(when, now):
            return str(_table(language)["off_title"]), when
    return None


def _journey(said: str, language: str, now: datetime) -> tuple[str, str] | None:
    head = re.match(str(_table(language)["going"]), said, re.I)
    if head is None:
        return None
    rest = said[head.end() :]
    dates = [rest[start:end] for start, end in find_dates(rest, now, language)]
    when = " ".join(dates)
    if not dates or not is_time(when, now):
        return None
    title = rest
    # What is left without the times names the journey: "to Rome".
    for one in dates:
        title = title.replace(one, " ")
    title = re.sub(
        r"\s+(?:on|at|am|um|le|à|il|el|a las|alle)(?=\s*$)", "", title.strip()
    )
    return (" ".join(title.split()).strip(_EDGES), when) if title.strip() else None


def waits_for(turn: str, language: str) -> bool:
    """Whether a request depends on an event that cannot be seen: "when I get home"."""
    return bool(re.search(str(_table(language)["waits"]), turn, re.I))


def hangs_undated(said: str, language: str) -> bool:
    """Whether a time is told that no clock has: "after my run", "once the oven is hot"."""
    return bool(re.search(str(_table(language)["undated"]), said, re.I))


def is_conditional(turn: str, language: str) -> bool:
    """Whether a condition stands before the request: "if Ana says yes, ..."."""
    return bool(re.match(str(_table(language)["heads"]), turn.strip(_EDGES), re.I))


def without_if_free(turn: str, language: str, now: datetime) -> str:
    """Leave "if I'm free" out of a turn; empty where it does not say that.

    A time that stands in it is put before the request, one before a comma behind it.
    """
    found = re.search(str(_table(language)["if_free"]), turn, re.I)
    if found is None:
        return ""
    inside = found.groupdict().get("when") or ""
    rest = f"{turn[: found.start()]}{turn[found.end() :]}".strip(_EDGES)
    head, comma, request = rest.partition(",")
    if comma and is_time(head.strip(), now):
        rest = f"{request} {head}"
    return " ".join(f"{inside} {rest}".split()).strip(_EDGES)


# Of others it is a condition as any; three languages name who it is.
_ME = re.compile(r"\b(?:i|we|ich|wir|je|nous|on)\b|j'", re.I)
_NAMED = frozenset({"en", "de", "fr"})
# A condition of this kind may be what one is to be reminded of: "check if it rains".
_IF = re.compile(r"(?:if|ob|falls|si|s'|se|अगर|यदि|ถ้า|หาก)\b", re.I)


def arrives(turn: str, language: str) -> bool:
    """Whether a request waits for somebody to be somewhere, whatever else it says."""
    # "When I'm home" waits for somebody; "if it rains" may be part of what is told.
    found = re.search(str(_table(language)["waits"]), turn, re.I)
    if found is None or _IF.match(found[0].strip()):
        return False
    return language not in _NAMED or bool(_ME.search(found[0]))


# Words of a condition, wherever they stand.
_IFS = re.compile(rf"(?<!\w){_IF.pattern}", re.I)


def watches(examples: Sequence[str]) -> bool:
    """Whether a tool's own sentences are conditions: "tell me if Ana has not answered"."""
    held = sum(bool(_IFS.search(example)) for example in examples)
    return 2 * held > len(examples)


def is_everything(turn: str, language: str) -> bool:
    """Whether a turn says to delete, and names no kind of thing: "delete everything"."""
    ways = str(_table(language)["everything"])
    return bool(re.fullmatch(ways, turn.strip(_EDGES), re.I))


def _table(language: str) -> dict[str, Any]:
    return _tables().get(language) or _tables()["en"]


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return read_table(Path(__file__).with_name("plain_statements.toml"))
