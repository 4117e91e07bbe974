"""Requests that go on from an earlier one, and two requests in one sentence.

The first turn is a row of `rows.py`; what is said next comes from the sayings'
follow-ups, and the call that it asks for is made from the first one's arguments.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from agentkit.backends.learnt_calls import question_of
from agentkit.pythonic import parse_calls
from tests.benchmarks.nano.gold_rules import EARLIER, LONGER, SHORTER
from tests.benchmarks.nano.rows import NONE, Asked, call, filled_parts, installed_tools
from tests.benchmarks.nano.said_parts import Arguments, Part
from tests.benchmarks.understanding.frames import Frame, frames

Goes = tuple[str, Arguments] | None
Rule = Callable[[str, Arguments, str, Mapping[str, str]], Goes]

# The argument that a tool finds its thing by again.
_NAMED = {
    "create_event": "title", "move_event": "title", "edit_event": "title",
    "create_reminder": "text", "change_reminder": "text", "set_alarm": "time",
    "start_timer": "name", "add_to_list": "item", "take_note": "text",
}  # fmt: skip
_WHEN = {
    "find_events": "when", "free_time": "when", "brief": "day", "list_reminders": "when",
    "find_messages": "when", "tell_date": "when",
}  # fmt: skip
_WHO = {"find_contact": "name", "find_messages": "sender", "find_events": "person"}
# Words that change what was found, and do not ask for more.
_MOVES = re.compile(r"\b(?:move|push|put|make|change|can we do|instead)\b")
_EVENTS = ("create_event", "move_event", "edit_event")


def _move(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    change: Arguments = {}
    if "time" in said:
        change["to"] = said["time"]
    elif "duration" in said:
        change["earlier" if EARLIER.search(text) else "later"] = said["duration"]
    else:
        return None
    if tool in _EVENTS and "title" in had:
        return "move_event", {"title": had["title"], **change}
    if tool == "create_reminder":
        return "change_reminder", {"text": had["text"], **change}
    if tool == "set_alarm":
        return "change_reminder", change
    if tool == "find_events" and "query" in had and _MOVES.search(text):
        return "move_event", {"title": had["query"], **change}
    return None if _MOVES.search(text) else _query(tool, had, text, said)


def _query(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if "time" in said and tool in _WHEN:
        return tool, {**had, _WHEN[tool]: said["time"]}
    if "person" in said and tool in _WHO:
        return tool, {_WHO[tool]: said["person"]}
    if "title" in said and tool == "find_events":
        return tool, {"query": said["title"]}
    if "list" in said and tool == "show_list":
        return tool, {"list_name": said["list"]}
    if "place" in said and tool == "tell_time":
        return tool, {"place": said["place"]}
    return None


def _item(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if tool == "add_to_list" and "item" in said:
        return tool, {**had, "item": said["item"]}
    return None


def _guest(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if tool == "create_event" and "person" in said:
        return "edit_event", {"title": had["title"], "add": [said["person"]]}
    return None


def _undo(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    is_read = installed_tools()[tool].effect == "read"
    return None if is_read else ("undo_last", {})


def _same(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if "time" in said and tool in ("create_event", "create_reminder"):
        return tool, {
            **had,
            "start" if tool == "create_event" else "when": said["time"],
        }
    if "person" in said and tool == "send_message" and had.get("text"):
        return tool, {**had, "to": said["person"]}
    if "list" in said and tool == "add_to_list":
        return tool, {**had, "list_name": said["list"]}
    return None


def _cancel(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if any(word in text for word in ("both", "them", "off", "calendar")):
        return None
    name = _NAMED.get(tool, "")
    if tool == "start_timer":
        return "cancel_timer", {k: had[k] for k in ("name",) if k in had}
    if not had.get(name):
        return None
    if tool in _EVENTS:
        return "cancel_event", {"title": had[name]}
    if tool == "create_reminder":
        return "delete_reminder", {"text": had[name]}
    if tool == "set_alarm":
        return "cancel_alarm", {"time": had[name]}
    return ("remove_from_list", had) if tool == "add_to_list" else None


def _tell(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    who = had.get(_WHO.get(tool, ""), "")
    if who and "text" in said:
        return "send_message", {"to": who, "text": said["text"]}
    return None


def _length(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if tool not in ("create_event", "move_event") or "duration" not in said:
        return None
    kind = "longer" if LONGER.search(text) else "duration"
    kind = "duration" if SHORTER.search(text) or "extend" in text else kind
    return "edit_event", {"title": had["title"], kind: said["duration"]}


def _detail(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if tool != "create_event":
        return None
    if "place" in said:
        return "edit_event", {"title": had["title"], "location": said["place"]}
    if "title" in said:
        return "edit_event", {"title": had["title"], "new_title": said["title"]}
    return None


def _done(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if tool == "create_reminder" and not said and "both" not in text:
        return "complete_reminder", {"text": had["text"]}
    return None


def _ask(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    about = had.get("title") or had.get("query") if tool != "find_messages" else ""
    if about and (tool in _EVENTS or tool == "find_events"):
        wanted = ("where", "when", "how long", "coming", "what's it about", "who else")
        if any(word in text for word in wanted):
            return "find_events", {"query": about}
    return None


def _remind(tool: str, had: Arguments, text: str, said: Mapping[str, str]) -> Goes:
    if text.startswith("remind me about it") and "time" in said and tool in _EVENTS:
        return "create_reminder", {"text": had["title"], "when": said["time"]}
    return None


RULES: dict[str, Rule] = {
    "followup_move": _move, "followup_and_query": _query, "followup_add_item": _item,
    "followup_add_person": _guest, "followup_undo": _undo, "followup_same_for": _same,
    "followup_cancel": _cancel, "followup_tell": _tell, "followup_length": _length,
    "followup_detail": _detail, "followup_done": _done, "followup_ask": _ask,
    "followup_invite": _remind, "followup_change_person": _query,
}  # fmt: skip


def follow_ups(firsts: Sequence[Asked], count: int, seed: int) -> Iterator[Asked]:
    """Make `count` follow-ups in the firsts' language, each with its first turn."""
    chance = random.Random(seed)
    lang = firsts[0].lang
    said = [frame for frame in frames(lang) if frame.tool in RULES]
    said.sort(key=lambda frame: frame.id)
    made = 0
    while made < count:
        first, frame = chance.choice(firsts), chance.choice(said)
        row = _next(first, frame, chance)
        if row is not None:
            made += 1
            yield row


def _next(first: Asked, frame: Frame, chance: random.Random) -> Asked | None:
    calls = parse_calls(first.answer, installed_tools()).calls
    if len(calls) != 1 or "" in calls[0].arguments.values():
        return None
    text, parts = filled_parts(frame, chance)
    said = _spans(parts)
    if said is None:
        return None
    found = RULES[frame.tool](calls[0].name, dict(calls[0].arguments), text, said)
    if found is None:
        return None
    turns = ((first.text, first.answer),)
    return Asked(text, call(*found), frame.lang, frame.id, turns)


def _spans(parts: Sequence[Part]) -> dict[str, str] | None:
    """Return words by role; of two of one role, as in "not A, B", none are sure."""
    said = {part.role: part.words for part in parts}
    return said if len(said) == len(parts) else None


def answers(rows: Sequence[Asked], seed: int) -> Iterator[Asked]:
    """Make what is said to a question for the value that a call lacks."""
    chance = random.Random(seed)
    tools: Any = installed_tools()
    values = {row.answer: row for row in rows}
    for row in values.values():
        calls = parse_calls(row.answer, tools).calls
        lacks = [k for k, v in calls[0].arguments.items() if v == ""] if calls else []
        if len(calls) != 1 or len(lacks) != 1:
            continue
        given = _value(lacks[0], row.lang, chance)
        question = question_of(calls, tools)
        if given and question is not None:
            arguments = {**calls[0].arguments, lacks[0]: given}
            turns = ((row.text, question.text),)
            answer = call(calls[0].name, arguments)
            yield Asked(given, answer, row.lang, row.frame, turns)


_SLOTS = {
    "text": "text", "to": "person", "duration": "duration", "time": "time/clock",
    "title": "title", "when": "time/bare",
}  # fmt: skip


def _value(name: str, lang: str, chance: random.Random) -> str:
    from tests.benchmarks.understanding.frames import values

    slot = _SLOTS.get(name)
    return (
        chance.choice(values(lang)[slot]).translate({123: None, 125: None})
        if slot
        else ""
    )


_JOINTS = {
    "en": (" and ", ", and ", " and also ", " and then ", ". Also, ", "; "),
    "de": (" und ", ", und ", " und dann "), "fr": (" et ", " et puis "),
    "es": (" y ", " y también "), "it": (" e ", " e poi "), "pt": (" e ", " e também "),
}  # fmt: skip


def joined(rows: Sequence[Asked], count: int, seed: int) -> Iterator[Asked]:
    """Join two requests to one."""
    chance = random.Random(seed)
    short = [r for r in rows if len(r.text) < 50 and r.answer != NONE]
    short = [r for r in short if '=""' not in r.answer and "find_" not in r.answer]
    made = 0
    while made < count:
        one, two = chance.sample(short, 2)
        if one.lang != two.lang or one.lang not in _JOINTS:
            continue
        text = one.text.rstrip(" .?!") + chance.choice(_JOINTS[one.lang]) + two.text
        answer = f"{one.answer[:-1]}, {two.answer[1:]}"
        made += 1
        yield Asked(text, answer, one.lang, f"{one.frame} {two.frame}")
