"""The call that a sentence of the sayings asks for: its words as the tool takes them.

The sayings mark who, what and when; which parameter of a tool these words fill is told
here, once for all languages. A sentence that this cannot tell of for sure gives no row.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tests.benchmarks.nano.gold_rules import EXTRAS, paired
from tests.benchmarks.nano.said_parts import Arguments, Part

# Which parameter the words of a role fill; in none where it stands empty. A sentence
# with words of another role is not understood.
ROLES: dict[str, dict[str, str]] = {
    "find_events": {"time": "when", "title": "query", "person": "person"},
    "brief": {"time": "day"},
    "create_event": {
        "title": "title", "time": "start", "duration": "duration",
        "place": "location", "person": "attendees*",
    },
    "move_event": {
        "title": "title", "time": "to", "duration": "later", "person": "",
    },
    "edit_event": {
        "title": "title", "place": "location", "person": "add*",
        "duration": "duration", "time": "until",
    },
    "cancel_event": {"title": "title", "time": "when", "person": ""},
    "send_invite": {
        "title": "title", "person": "attendees*", "time": "start",
        "duration": "duration", "place": "location",
    },
    "free_time": {"time": "when", "duration": "duration", "title": ""},
    "find_slot": {
        "duration": "duration", "person": "people*", "time": "when", "title": "",
    },
    "tell_time": {"place": "place"},
    "tell_date": {"time": "when"},
    "calculate": {"query": "expression"},
    "count_time": {"time": "until", "title": "until"},
    "find_contact": {"person": "name", "number": "name"},
    "add_contact": {"person": "name", "number": "phone", "text": "email"},
    "edit_contact": {
        "person": "name", "number": "phone", "text": "email", "place": "organization",
    },
    "delete_contact": {"person": "name"},
    "schedule_message": {"person": "to", "time": "when", "text": "text"},
    "withdraw_message": {"person": "to"},
    "await_answer": {"person": "person", "time": "when", "duration": "when"},
    "find_invites": {"title": "", "time": "", "person": ""},
    "answer_invite": {"title": "title"},
    "apply_invite": {"title": "title"},
    "add_to_list": {"item": "item+", "list": "list_name"},
    "remove_from_list": {"item": "item+", "list": "list_name"},
    "show_list": {"item": "item", "list": "list_name"},
    "create_list": {"list": "list_name", "item": "item+"},
    "delete_list": {"list": "list_name"},
    "show_outbox": {"person": ""},
    "send_outbox": {},
    "mark_read": {"person": "sender", "query": "query", "time": "when"},
    "fetch_mail": {"number": "count"},
    "remember_fact": {"text": "text"},
    "recall_facts": {"query": "query"},
    "forget_fact": {"query": "query", "text": "query"},
    "send_message": {"person": "to", "text": "text", "query": "subject"},
    "find_messages": {
        "person": "sender", "query": "query", "time": "when", "number": "count",
    },
    "summarize_messages": {"number": "count", "person": "sender"},
    "find_action_items": {"number": "count"},
    "find_follow_ups": {"number": "count"},
    "take_note": {"text": "text", "title": "title"},
    "find_notes": {"query": "query"},
    "delete_note": {"query": "query"},
    "add_to_note": {"query": "query", "text": "text"},
    "create_reminder": {"text": "text", "time": "when", "duration": "when"},
    "list_reminders": {"time": "when", "text": ""},
    "complete_reminder": {"text": "text"},
    "change_reminder": {"text": "text", "time": "to", "duration": "later"},
    "delete_reminder": {"text": "text"},
    "set_alarm": {"time": "time", "duration": "time", "title": "label"},
    "list_alarms": {"time": ""},
    "cancel_alarm": {"time": "time"},
    "start_timer": {"duration": "duration", "title": "name"},
    "cancel_timer": {"title": "name"},
    "list_timers": {"title": ""},
    "search_everything": {"query": "query", "person": "person"},
    "import_messages": {"text": "path"},
    "subscribe_calendar": {"text": "url"},
    "convert_time": {"place": "to_place", "time": "time"},
    "convert_units": {"query": "quantity"},
    "sync_calendar": {},
    "settle_conflict": {"title": "name", "person": "name"},
    "search_web": {"query": "query"},
}  # fmt: skip

_AND = re.compile(r",\s*|\s+(?:and|und|et|e|ed|y|और|aur)\s+|และ")
_BESIDE = re.compile(r"\b([A-Z]\w+) and my $")
# Words that mean an argument which no span marks.
_UNTOLD = re.compile(
    r"\b(?:since|between|ago|weekdays?|weekend|all of them|for good)\b"
)
_TIMED = ("count_time", "set_alarm", "convert_time", "cancel_event", "move_event")
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "ten": 10, "twenty": 20,
}  # fmt: skip


def call_of(
    tool: str, lang: str, text: str, parts: Sequence[Part]
) -> tuple[str, Arguments] | None:
    """Return the tool and arguments that a sentence asks for; None where unsure."""
    roles = ROLES.get(tool)
    if lang == "en" and _UNTOLD.search(text) and tool in _TIMED:
        return None
    if roles is None or any(part.role not in roles for part in parts):
        return None
    if lang == "en" and (known := paired(tool, text, parts)) is not None:
        return (tool, known) if known else None
    found: Arguments = {}
    for part in parts:
        if not _take(found, roles[part.role], part, text):
            return None
    rule = EXTRAS.get(tool)
    extra = rule(lang, text, parts, found) if rule else found
    return None if extra is None else (tool, extra)


def _take(found: Arguments, name: str, part: Part, text: str) -> bool:
    """Put words into a parameter; whether there was room for them."""
    bare, mark = name.rstrip("*+"), name[-1:]
    beside = _BESIDE.search(text[: part.start]) if name else None
    if mark == "*":
        # Only the last of two is marked: "Hannah and my boss".
        first = [beside[1]] if beside else []
        found.setdefault(bare, []).extend([*first, *_AND.split(part.words)])
        return True
    if beside:
        return False
    if mark == "+" and bare in found:
        # Items in a row are written as they were said, with what stands between.
        begin = text.find(found[bare])
        found[bare] = text[begin : part.end]
        return True
    value = _value(bare, part, text)
    if not name or value is None or not found.keys().isdisjoint(value):
        return not name
    found |= value
    return True


def _value(name: str, part: Part, text: str) -> Arguments | None:
    """Return the words as the parameter takes them; None where it does not."""
    words = part.words
    if part.slot == "time/repeat":
        repeat, at, clock = words.rpartition(" at ")
        return {"repeat": repeat, name: f"at {clock}"} if at else {"repeat": clock}
    if part.role == "duration" and name in ("when", "time"):
        # A length of time is a time from now only with its "in".
        if not re.search(r"\bin $", text[: part.start], re.I):
            return None
        return {name: text[part.start - len("in ") : part.end]}
    if name == "count":
        count = _COUNTS.get(words.lower()) or (words.isdigit() and int(words))
        return {name: count} if count else None
    return {name: words}
