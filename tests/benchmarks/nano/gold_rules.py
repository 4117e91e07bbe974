"""What a tool's sentences mean beside the words that they mark: rules by tool."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise
from typing import Any

from tests.benchmarks.nano.said_parts import Arguments, Extra, Part

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
    r"|não v\w+|non viene|no viene|kommt nicht|ne vient"
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
    named = _cancel(_, text, parts, found)
    if not named or "title" not in named or ("to" in named) == ("later" in named):
        return None
    return _sooner(named, text)


def _cancel(_: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    """Who takes part tells one event from others only where said beside its title."""
    if re.search(r"\bno .* this week\b", text) and "when" not in found:
        return None
    if all(part.role != "person" for part in parts):
        return found
    title = found.get("title", "")
    named = _in_company(text, parts, title)
    return {**found, "title": named} if named != title else None


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
    if "until" in found and not re.search(r"\b(?:until|till)\b", text):
        return None
    if "duration" in found:
        if lang != "en":
            return None
        by = re.search(r"\b(?:by|longer|shorter|more)\b", text)
        kind = "shorter" if SHORTER.search(text) else "longer"
        found[kind if by else "duration"] = found.pop("duration")
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
    if lang != "en":
        return found
    rest = text
    for part in parts:
        rest = rest.replace(part.words, "")
    if "sender" in found and _TO.search(rest):
        found["to"] = found.pop("sender")
    elif re.search(r"\b(?:did I|how many|latest)\b", rest, re.I):
        return None
    if re.search(r"\b(?:unread|new)\b", rest):
        found["unread"] = True
    elif re.search(r"\blast\b", rest) and "count" not in found:
        found["which"] = "last"
    return found


def _settle(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if lang != "en":
        return None
    sides = {"mine": r"\b(?:my version|mine)\b", "server": r"\bserver\b"}
    kept = [name for name, words in sides.items() if re.search(words, text)]
    return {**found, "keep": kept[0]} if len(kept) == 1 else found


def _alarm(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if lang == "en" and re.search(r"\b(?:every|each|daily|weekly)\b", text):
        return found if "repeat" in found and "time" in found else None
    return {"time": "", **found}


def _converted(lang: str, text: str, parts: Sequence[Part], found: Arguments) -> Any:
    if lang == "en" and _FROM.search(text):
        # There the time is that of the place, and here is where it is asked for.
        if "here" not in text or "to_place" not in found:
            return None
        return {**found, "to_place": "here", "from_place": found["to_place"]}
    return found if "to_place" in found else None


def paired(tool: str, text: str, parts: Sequence[Part]) -> Arguments | None:
    """Read an English sentence in which two spans have one role.

    Returns:
        What is known of them, empty where that is not sure; None for other sentences.
    """
    if tool not in _PAIRS or len(parts) < 2:
        return None
    one, two = parts[-2:]
    if one.role != two.role:
        return None
    before, between = text[: one.start], text[one.end : two.start]
    for pattern, first, second in _PAIRS[tool]:
        if re.search(pattern, f"{before}|{between}|{text[two.end :]}"):
            rest = {part.role: part.words for part in parts[:-2]}
            return {**rest, first: one.words, second: two.words}
    return {}


# Patterns of what stands before, between and behind two spans, and what these fill.
_PAIRS: dict[str, list[tuple[str, str, str]]] = {
    "convert_units": [
        (r"^.*\bhow many \|", "unit", "quantity"), (r"\| (?:to|in|into) (?:a )?\|", "quantity", "unit"),
    ],
    "edit_event": [(r"\|.*\b(?:to|called|call|name)\b.*\||call (?:the|my)", "title", "new_title")],
    "move_event": [
        (r"\| instead of \|", "to", "when"), (r"\| to \||\|, it's \|", "when", "to"),
    ],
    "edit_contact": [
        (r"\|[^|]*\bis (?:my|our) \|", "name", "relation"),
        (r"from now on|nickname", "name", "nickname"),
        (r"\brename |\bnow\b", "name", "new_name"),
    ],
    "convert_time": [
        (r"\|(?: time)? (?:to|is what time in) \|", "from_place", "to_place"),
    ],
}  # fmt: skip
# What the user wrote or said to somebody.
_TO = re.compile(r"\bdid I (?:write|promise|tell|say|send|answer)|\bmessage to\b", re.I)
_FROM = re.compile(
    r"\b(?:for us|for me|to my time|their time|that here|when is that)\b"
)


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
    "settle_conflict": _settle,
    "convert_time": _converted,
    "set_alarm": _alarm,
    "mark_read": _only_if(),
    "send_message": _needs("to", "text"),
    "schedule_message": _only_if("when"),
    "await_answer": _only_if("person", "when"),
    "create_reminder": _only_if("text"),
    "count_time": _only_if("until"),
    "calculate": _only_if("expression"),
    "add_to_note": _only_if("query", "text"),
    "start_timer": _needs("duration"),
    "add_to_list": _only_if("item"),
    "remove_from_list": _only_if("item"),
    "create_list": _only_if("list_name"),
    "delete_list": _only_if("list_name"),
    "cancel_event": _cancel,
}
