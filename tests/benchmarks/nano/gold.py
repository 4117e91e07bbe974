"""The call that a sentence of the sayings asks for: its words as the tool takes them.

The sayings mark who, what and when; which parameter of a tool these words fill is told
here, once for all languages. A sentence that this cannot tell of for sure gives no row.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any


@dataclass(frozen=True, slots=True)
class Part:
    """A marked span: its slot ("time/day"), its words, and where they stand."""

    slot: str
    words: str
    start: int
    end: int

    @property
    def role(self) -> str:
        """What the words are, whatever their form."""
        return self.slot.split("/")[0]


Arguments = dict[str, Any]
Extra = Callable[[str, str, Sequence[Part], Arguments], "Arguments | None"]

# Which parameter the words of a role fill; a tool that takes a role in none drops it.
ROLES: dict[str, dict[str, str]] = {
    "find_events": {"time": "when", "title": "query", "person": "person"},
    "brief": {"time": "day"},
    "create_event": {
        "title": "title", "time": "start", "duration": "duration",
        "place": "location", "person": "attendees*",
    },
    "move_event": {"title": "title", "time": "to", "duration": "later"},
    "edit_event": {"title": "title", "place": "location", "person": "add*"},
    "cancel_event": {"title": "title", "time": "when"},
    "send_invite": {
        "title": "title", "person": "attendees*", "time": "start",
        "duration": "duration", "place": "location",
    },
    "free_time": {"time": "when", "duration": "duration"},
    "find_slot": {"duration": "duration", "person": "people*", "time": "when"},
    "tell_time": {"place": "place"},
    "tell_date": {"time": "when"},
    "calculate": {"query": "expression"},
    "count_time": {"time": "until", "title": "until"},
    "find_contact": {"person": "name", "number": "name"},
    "add_contact": {"person": "name", "number": "phone", "text": "email"},
    "edit_contact": {"person": "name", "number": "phone", "text": "email"},
    "delete_contact": {"person": "name"},
    "schedule_message": {"person": "to", "time": "when", "text": "text"},
    "withdraw_message": {"person": "to"},
    "await_answer": {"person": "person", "time": "when", "duration": "when"},
    "find_invites": {},
    "answer_invite": {"title": "title"},
    "apply_invite": {"title": "title"},
    "add_to_list": {"item": "item+", "list": "list_name"},
    "remove_from_list": {"item": "item+", "list": "list_name"},
    "show_list": {"item": "item", "list": "list_name"},
    "create_list": {"list": "list_name", "item": "item+"},
    "delete_list": {"list": "list_name"},
    "show_outbox": {},
    "send_outbox": {},
    "mark_read": {"person": "sender", "query": "query", "time": "when"},
    "fetch_mail": {"number": "count"},
    "remember_fact": {"text": "text"},
    "recall_facts": {"query": "query"},
    "forget_fact": {"query": "query", "text": "query"},
    "send_message": {"person": "to", "text": "text", "query": "subject"},
    "find_messages": {"person": "sender", "query": "query", "time": "when"},
    "summarize_messages": {"number": "count", "person": "sender"},
    "find_action_items": {"number": "count"},
    "find_follow_ups": {"number": "count"},
    "take_note": {"text": "text", "title": "title"},
    "find_notes": {"query": "query"},
    "delete_note": {"query": "query"},
    "add_to_note": {"query": "query", "text": "text"},
    "create_reminder": {"text": "text", "time": "when", "duration": "when"},
    "list_reminders": {"time": "when"},
    "complete_reminder": {"text": "text"},
    "change_reminder": {"text": "text", "time": "to", "duration": "later"},
    "delete_reminder": {"text": "text"},
    "set_alarm": {"time": "time", "duration": "time", "title": "label"},
    "list_alarms": {},
    "cancel_alarm": {"time": "time"},
    "start_timer": {"duration": "duration", "title": "name"},
    "cancel_timer": {"title": "name"},
    "list_timers": {},
    "search_everything": {"query": "query", "person": "person"},
    "import_messages": {"text": "path"},
    "subscribe_calendar": {"text": "url"},
    "convert_time": {"place": "to_place", "time": "time"},
    "convert_units": {"query": "quantity"},
}  # fmt: skip

_AND = re.compile(r",\s*|\s+(?:and|und|et|e|ed|y|और|aur)\s+|และ")
# Words that mean an argument which no span marks.
_UNTOLD = re.compile(
    r"\b(?:since|between|weekdays?|weekend|my time|here|all of them|for good|every|each"
    r"|daily|weekly)\b"
)
_TIMED = ("count_time", "set_alarm", "convert_time", "cancel_event", "move_event")
_COUNTS = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "ten": 10, "twenty": 20,
}  # fmt: skip
# In the eight languages: sooner; what makes longer; what takes somebody away.
EARLIER = re.compile(
    r"\b(?:earlier|sooner|forward|früher|eher|vorziehen|vor|plus tôt|avance\w*|prima"
    r"|anticip\w*|antes|adelant\w*|adiant\w*|cedo)\b|पहले|jaldi|pehle|เร็วขึ้น|ก่อน",
    re.I,
)
LONGER = re.compile(
    r"\b(?:longer|extend|länger|verläng\w*|plus long\w*|prolong\w*|rallong\w*"
    r"|più lung\w*|allung\w*|más larg\w*|alarg\w*|mais long\w*|along\w*|estend\w*)\b",
    re.I,
)
SHORTER = re.compile(
    r"\b(?:shorter|shorten|cut|kürze\w*|raccourc\w*|plus court\w*|accorci\w*"
    r"|più cort\w*|más cort\w*|acort\w*|mais curt\w*|encurt\w*|reduz\w*)\b",
    re.I,
)
_AWAY = re.compile(
    r"\b(?:remove|uninvite|drop|off|out|without|not coming|can't|isn't|won't"
    r"|entfern\w*|auslad\w*|lad\w* .*aus|streich\w*|raus|ohne|retire\w*|enl[eè]ve\w*"
    r"|désinvit\w*|togli\w*|rimuov\w*|quita\w*|saca\w*|elimina\w*|tira\w*|remov\w*)\b",
    re.I,
)
_LAST = re.compile(r"\b(?:did (?:I|we) last|was I last|was my last)\b")
_NEXT = re.compile(r"\b(?:my|the) next\b|\bup next\b")
_ANSWERS = (
    ("tentative", re.compile(r"\b(?:tentative\w*|maybe|might|perhaps|not sure)\b", re.I)),
    ("decline", re.compile(
        r"\b(?:decline|no|not|can't|cannot|turn down|refuse|reject|won't|skip|pass)\b",
        re.I,
    )),
    ("accept", re.compile(
        r"\b(?:accept|yes|I'll|I'm|will|confirm|join|coming|be there|say ok)\b", re.I
    )),
)  # fmt: skip


def call_of(
    tool: str, lang: str, text: str, parts: Sequence[Part]
) -> tuple[str, Arguments] | None:
    """Return the tool and arguments that a sentence asks for; None where unsure."""
    roles = ROLES.get(tool)
    if lang == "en" and _UNTOLD.search(text) and tool in _TIMED:
        return None
    if roles is None or any(part.role not in roles for part in parts):
        return None
    found: Arguments = {}
    for part in parts:
        if not _take(found, roles[part.role], part, text):
            return None
    rule = EXTRAS.get(tool)
    extra = rule(lang, text, parts, found) if rule else found
    return None if extra is None else (tool, extra)


def _take(found: Arguments, name: str, part: Part, text: str) -> bool:
    """Put words into a parameter; whether there was room for them."""
    bare, mark = name.rstrip("*+"), name[-1]
    if mark == "*":
        found.setdefault(bare, []).extend(_AND.split(part.words))
    elif mark == "+" and bare in found:
        # Items in a row are written as they were said, with what stands between.
        begin = text.find(found[bare])
        found[bare] = text[begin : part.end]
    elif bare in found:
        return False
    elif part.role == "duration" and bare in ("when", "time"):
        # A length of time is a time from now only with its "in".
        at = text.lower().rfind("in ", 0, part.start)
        if at < 0 or text[at:].lower().find(part.words.lower()) != len("in "):
            return False
        found[bare] = text[at : part.end]
    elif bare == "count":
        if not part.words.isdigit() and part.words.lower() not in _COUNTS:
            return False
        found[bare] = _COUNTS.get(part.words.lower()) or int(part.words)
    else:
        found[bare] = part.words
    return True


def _create(_: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if "title" not in found or "remind" in text:
        return None
    found["title"] = _in_company(text, parts, found["title"])
    return found


def _in_company(text: str, parts: Sequence[Part], title: str) -> str:
    """An event goes by its title and who takes part, where said in a row."""
    for first, second in pairwise(parts):
        between = text[first.end : second.start]
        if first.role == "title" and second.role == "person" and len(between) < 8:
            return text[first.start : second.end]
    return title


def _move(_: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if "title" not in found or ("to" in found) == ("later" in found):
        return None
    return _sooner(found, text)


def _change(_: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if ("to" in found) == ("later" in found):
        return None
    return _sooner(found, text)


def _sooner(found: Arguments, text: str) -> Arguments:
    if "later" in found and EARLIER.search(text):
        found["earlier"] = found.pop("later")
    return found


def _edit(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if "title" not in found or len(found) < 2:
        return None
    if "add" in found and _AWAY.search(text):
        found["remove"] = found.pop("add")
    return found


def _events(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if lang != "en":
        return found
    if _LAST.search(text):
        found["which"] = "last"
    elif _NEXT.search(text):
        found["which"] = "next"
    return found


def _invited(_: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    return found if "title" in found and "attendees" in found else None


def _slot(_: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    return {"duration": "", **found}


def _answer(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if lang != "en":
        return None
    rest = text.replace(found.get("title", ""), "")
    said = next((name for name, words in _ANSWERS if words.search(rest)), "")
    return {"answer": said, **found} if said else None


def _email(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    return None if any(p.slot in ("text/note", "text") for p in parts) else found


def _edit_contact(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if len(found) < 2 or any(p.slot in ("text/note", "text") for p in parts):
        return None
    return found


def _unread(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if lang == "en" and re.search(r"\b(?:unread|new|last|latest|did I)\b", text):
        return None
    return found


def _needs(*names: str) -> Extra:
    def check(_: str, __: str, ___: Sequence[Part], found: Arguments) -> Any:
        return {**dict.fromkeys(names, ""), **found}

    return check


def _only_if(*names: str) -> Extra:
    def check(_: str, __: str, ___: Sequence[Part], found: Arguments) -> Any:
        return found if all(name in found for name in names) else None

    return check


EXTRAS: dict[str, Extra] = {
    "create_event": _create,
    "move_event": _move,
    "change_reminder": _change,
    "edit_event": _edit,
    "find_events": _events,
    "send_invite": _invited,
    "find_slot": _slot,
    "answer_invite": _answer,
    "add_contact": _email,
    "edit_contact": _edit_contact,
    "find_messages": _unread,
    "mark_read": _only_if(),
    "send_message": _needs("to", "text"),
    "schedule_message": _only_if("when"),
    "await_answer": _only_if("person", "when"),
    "create_reminder": _only_if("text"),
    "count_time": _only_if("until"),
    "calculate": _only_if("expression"),
    "convert_time": _only_if("to_place"),
    "convert_units": _only_if(),
    "add_to_note": _only_if("query", "text"),
    "start_timer": _needs("duration"),
    "set_alarm": _needs("time"),
    "add_to_list": _only_if("item"),
    "remove_from_list": _only_if("item"),
    "create_list": _only_if("list_name"),
    "delete_list": _only_if("list_name"),
    "cancel_event": _only_if(),
}
