"""What is said of a thing that was just found: "move it to 5", "cancel the first one"."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.backends.reflex.amended_times import merged_time, moment_of
from agentkit.backends.reflex.drafts import CallDraft, CallReading
from agentkit.backends.reflex.event_told import event_told
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.references import Past, name_of
from agentkit.backends.reflex.slot_filling import missing
from agentkit.backends.reflex.speech import ask_which_of
from agentkit.backends.reflex.understood import is_time, time_of
from agentkit.context import Context
from agentkit.language.vocabularies import read_table
from agentkit.messages import ToolResult

# Languages that are written without spaces between words.
_UNSPACED = frozenset({"th"})
_EDGES = " \t\r\n,;:.!?।"
# The table has first, second, third and last, in this order.
_LAST = 3


@dataclass(frozen=True, slots=True)
class Act:
    """What a turn does to a thing that it only points at.

    Attributes:
        name: `move`, `cancel`, or `keep`: into the calendar with what it tells of.
        rank: which of several, from 0; -1 is the last; None where that is not said.
        time: where to, in the user's words; empty for nowhere.
    """

    name: str
    rank: int | None
    time: str


def act_in(text: str, language: str, context: Context) -> Act | None:
    """Read a turn that is a verb, words that point, perhaps a time, and nothing else.

    Args:
        text: the turn.
        language: of the user.
        context: the clock.
    """
    words = _table().get(language)
    if words is None or language == "tools":
        return None
    spaced = language not in _UNSPACED
    for name in ("cancel", "move"):
        rest, verbs = _without(text, words[name], spaced=spaced)
        if not verbs:
            continue
        rest, rank = _ranked(rest, words["ranks"], spaced=spaced)
        # Little is left out first: idle words may be part of a time ("to 5").
        for idle in (words["points"], f"{words['points']}|{words['idle']}"):
            bare, _ = _without(rest, idle, spaced=spaced, most=0)
            time = _time_in(bare, context)
            if (name == "cancel" and not bare) or (name == "move" and time):
                return Act(name, rank, time)
    return _keeping(text, words, spaced=spaced)


def _keeping(text: str, words: Mapping[str, Any], *, spaced: bool) -> Act | None:
    """Read a turn that puts what was found into the calendar, and says no more."""
    rest, named = _without(text, words["calendar"], spaced=spaced)
    if not named:
        return None
    rest, rank = _ranked(rest, words["ranks"], spaced=spaced)
    ways = "|".join(words[name] for name in ("keep", "points", "idle", "keep_idle"))
    bare, _ = _without(rest, ways, spaced=spaced, most=0)
    return None if bare else Act("keep", rank, "")


def rank_in(text: str, language: str) -> int | None:
    """Tell which of several things a turn names by its rank; None where it names none."""
    words = _table().get(language) or _table()["en"]
    spaced = language not in _UNSPACED
    for place, ways in enumerate(words["ranks"]):
        if _without(text, ways, spaced=spaced)[1]:
            return -1 if place == _LAST else place
    return None


def rank_alone(text: str, language: str) -> int | None:
    """Tell which of several is meant where a turn says that and no more: "1", "la prima"."""
    # A numeral is the same in all languages.
    number = _NUMBER.fullmatch(text.strip(_EDGES))
    if number:
        return int(number[1]) - 1
    words = _table().get(language)
    if words is None or language == "tools":
        return None
    spaced = language not in _UNSPACED
    bare, _ = _without(text, words["points"], spaced=spaced, most=0)
    rest, rank = _ranked(bare, words["ranks"], spaced=spaced)
    return None if rest else rank


_NUMBER = re.compile(r"(?:(?:number|no\.?|nr\.?|n[°º]|numero|número|#)\s*)?([1-9])")
# Addresses in a question that asks whom of several one means.
_ADDRESS = re.compile(r"<([^<>@\s]+@[^<>\s]+)>")


def chosen_of(asked: str, text: str, language: str) -> str:
    """Return which of the choices of a question a turn picks by its rank; empty for none.

    Args:
        asked: the question, with the choices in it.
        text: the turn.
        language: of the user.
    """
    rank = rank_alone(text, language)
    if rank is None:
        return ""
    # Tools write "Which one: A; B; C?".
    _, _, behind = asked.strip(" ?").partition(": ")
    choices = _ADDRESS.findall(asked) or behind.split("; ")
    inside = len(choices) > 1 and -len(choices) <= rank < len(choices)
    return str(choices[rank]) if inside else ""


def about_found(
    act: Act, text: str, language: str, past: Past, kit: Kit, context: Context
) -> CallReading | None:
    """Do something to one of the things that were found.

    Returns:
        The call, or a question where several were found and none was told apart; None
        where nothing was found that this can be done to.
    """
    items, deed = past.items(), past.deed
    if deed is None or not items:
        return None
    tool = _table()["tools"].get(deed.name, {}).get(act.name, "")
    if tool not in kit.params:
        return None
    names = [name_of(items, place) for place in range(len(items))]
    if act.rank is None and len(items) > 1:
        said = ask_which_of(language, names)
        return CallReading(unclear=f"{text!r} may be about several things", said=said)
    rank = act.rank or 0
    # Of two with one name the tool would take the first that comes.
    if not -len(items) <= rank < len(items) or names.count(names[rank]) > 1:
        return None
    params = kit.params[tool]
    if act.name == "keep":
        event = event_told(items[rank], context)
        reason = f"{text!r} is about what a message tells of"
        draft = CallDraft(tool, event, missing(event, params), (), reason)
        return CallReading((draft,)) if event else None
    arguments = _arguments(act, items, rank, deed, params, context)
    lacks = missing(arguments, params)
    reason = f"{text!r} is about what was found"
    return CallReading((CallDraft(tool, arguments, lacks, (), reason),))


def picked(
    turn: str,
    languages: tuple[str, ...],
    earlier: tuple[str, ...],
    past: Past,
    kit: Kit,
    context: Context,
) -> CallReading | None:
    """Read "the second one" behind "move it to 5", where several things were found."""
    if not earlier or past.deed is None:
        return None
    ranks = (rank_alone(turn, one) for one in languages)
    rank = next((one for one in ranks if one is not None), None)
    acts = (act_in(earlier[-1], one, context) for one in languages)
    act = next((one for one in acts if one is not None), None)
    # With a rank in the earlier turn there was nothing left to ask.
    if rank is None or act is None or act.rank is not None:
        return None
    meant = replace(act, rank=rank)
    return about_found(meant, turn, languages[0], past, kit, context)


def with_people(
    names: Sequence[str], text: str, past: Past, kit: Kit
) -> CallReading | None:
    """Add people to the one thing that was just made, changed or found.

    Returns:
        The call; None where nothing was, or several things were, or they take nobody.
    """
    items, deed = past.items(), past.deed
    if deed is None or len(items) != 1 or not names:
        return None
    tool = _table()["tools"].get(deed.name, {}).get("add_person", "")
    params = kit.params.get(tool, {})
    add = next((p.name for p in params.values() if p.kind == "people"), "")
    called = next((p.name for p in params.values() if p.kind == "text"), "")
    if not add or not called:
        return None
    arguments: dict[str, Any] = {called: name_of(items, 0), add: list(names)}
    if "when" in params and (moment := moment_of(items)):
        # By the title alone it might be another one of that name.
        arguments["when"] = moment
    reason = f"{text!r} adds to what {deed.name} brought"
    return CallReading((CallDraft(tool, arguments, (), (), reason),))


def _arguments(
    act: Act,
    items: Sequence[Mapping[str, Any]],
    rank: int,
    deed: ToolResult,
    params: Mapping[str, Param],
    context: Context,
) -> dict[str, Any]:
    """Fill in the thing, the day that the user named, and where it is moved to."""
    item = items[rank]
    # Tools that change a thing take its name as their first text.
    called = next(p.name for p in params.values() if p.kind == "text")
    found: dict[str, Any] = {called: name_of(items, rank)}
    if "when" in params and (day := deed.arguments.get("when")):
        # The user's own words: a day out of what was found may be somebody else's.
        found["when"] = day
    if act.time:
        found["to"] = merged_time(moment_of([item]), act.time, context)
    return found


def _without(text: str, ways: str, *, spaced: bool, most: int = 1) -> tuple[str, int]:
    """Remove some words; return how many there were."""
    # Not `\b`: a vowel sign of Hindi would count as the end of a word.
    before, after = (r"(?<![^\s,])", r"(?![^\s,.!?।])") if spaced else ("", "")
    pattern = f"{before}(?:{ways}){after}"
    left, count = re.subn(pattern, " ", text, count=most, flags=re.I)
    return " ".join(left.split()).strip(_EDGES), count


def _ranked(text: str, ranks: Sequence[str], *, spaced: bool) -> tuple[str, int | None]:
    """Take the rank out of the head of some words: further on it is a day of a month."""
    head = " ".join(text.split()[:2]) if spaced else text
    for place, ways in enumerate(ranks):
        if _without(head, ways, spaced=spaced)[1]:
            rest, _ = _without(text, ways, spaced=spaced)
            return rest, -1 if place == _LAST else place
    return text, None


def _time_in(words: str, context: Context) -> str:
    said = time_of([words], context.now) if words else ""
    return said if said and is_time(said, context.now) else ""


@cache
def _table() -> dict[str, dict[str, Any]]:
    return read_table(Path(__file__).with_name("found_things.toml"))
