"""What "it", "her" and "the first one" mean: what was said, found or done before."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.persons import PRONOUNS, likely_name
from agentkit.backends.reflex.request_tokens import RequestWord, read_words
from agentkit.messages import Message, ToolResult

# Texts that only point at what an earlier clause was about: "and send Ana the details".
_MATTERS = frozenset(
    {"details", "detail", "info", "information", "it", "that", "this", "about it"}
)
# Undoing is a topic of the understanding's own, and no tool beside others.
UNDO, REDO = "undo_last", "redo_last"
_THINGS = frozenset({"it", "that", "this", "these", "those", "them", "that one"})


def resolve(
    arguments: Mapping[str, Any],
    params: Mapping[str, Param],
    person: str,
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """Replace pronouns by what was named before.

    Args:
        arguments: what the words gave.
        params: the tool's parameters.
        person: who was named last; empty when nobody was.
        named: the arguments of earlier calls, by parameter.

    Returns:
        The arguments, without those whose pronoun means nothing known.
    """
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        kind = params[name].kind
        # One pronoun among several people is left: who it is cannot be told apart.
        said = value[0] if kind == "people" and len(value) == 1 else value
        word = str(said).lower()
        if kind in ("person", "people") and word in PRONOUNS:
            if person:
                found[name] = [person] if kind == "people" else person
        # "It" takes the value that an earlier clause gave a parameter of this name.
        elif kind in ("text", "person") and word in _THINGS:
            if name in named:
                found[name] = named[name]
        else:
            found[name] = value
    return found


def retell(
    arguments: Mapping[str, Any], params: Mapping[str, Param], told: str
) -> dict[str, Any]:
    """Replace a text that points at the first clause by that clause's words.

    Args:
        arguments: what the words gave.
        params: the tool's parameters.
        told: the words of the first clause; empty in the first clause itself.
    """
    return {
        name: told
        if told and params[name].verbatim and _points_back(str(value))
        else value
        for name, value in arguments.items()
    }


def _points_back(said: str) -> bool:
    words = [word for word in said.lower().split() if word not in ("the", "all")]
    return " ".join(words) in _MATTERS


def spoken_matter(match: Match, text: str) -> str:
    """What a clause is about, in its own words: all but its verb and article."""
    words = list(match.words)
    steps = zip(match.fit.pattern.steps, match.fit.spans, strict=True)
    verbs = {span[0] for step, span in steps if span and step.verb}
    if len(words) > 1 and (0 in verbs or words[0].act):
        words = words[1:]
    start, end = (words[0].start, words[-1].end) if words else (0, 0)
    return text[start:end].strip(" ,;:.!?")


def last_person(words: Iterable[RequestWord], text: str) -> str:
    """The person who is named last in some words of a text; empty when none is."""
    run: list[RequestWord] = []
    found: list[RequestWord] = []
    for word in words:
        if not likely_name(word):
            continue
        # A first and a last name with one blank between them are one person.
        beside = bool(run) and word.start - run[-1].end <= 1
        run = [*run, word] if beside else [word]
        found = run
    return text[found[0].start : found[-1].end] if found else ""


def last_person_of(texts: Iterable[str]) -> str:
    """The person who is named last in earlier turns."""
    person = ""
    for text in texts:
        person = last_person(read_words(text), text) or person
    return person


# A pronoun stands for something at the head of a turn; further on it is of a text.
_HEAD = 3
# What a thing is called, by the fields that tools give their results; best first.
NAMES = ("title", "text", "item", "name", "label", "subject", "query", "to")
_PEOPLE = ("to", "sender", "person", "name", "attendees", "people")
_PRONOUN = re.compile(
    r"\b(?:it|(?:that|this|the (?:first|second|third|last)) one"
    # "That" alone, and not "that somebody came".
    r"|(?:that|this)(?=\s*(?:$|[.,;!?]|(?:to|in|on|at|for|from|back|off|too|please)\b)))"
    r"\b",
    re.I,
)
_WHOM = re.compile(r"\b(?:her|him|them)\b", re.I)
_RANKS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "fifth": 4, "last": -1}


@dataclass(frozen=True, slots=True)
class Past:
    """What the last turn with calls did and found.

    Attributes:
        results: of its calls, in order.
        undone: whether what it did was taken back since.
    """

    results: tuple[ToolResult, ...] = ()
    undone: bool = False

    @property
    def deed(self) -> ToolResult | None:
        """The last call that was done."""
        done = [one for one in self.results if one.status == "done"]
        return done[-1] if done else None

    def items(self) -> list[Mapping[str, Any]]:
        """The things that the last call brought, each with its fields."""
        if self.deed is None:
            return []
        value: Any = self.deed.typed
        is_list = isinstance(value, list)
        listed = cast(list[Any], value) if is_list else [value]
        found = (
            cast(Mapping[str, Any], one) for one in listed if isinstance(one, Mapping)
        )
        return [_thing_of(one) for one in found]


def _thing_of(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the thing that a result is about: "reminder set" holds the reminder."""
    # To whom it went names a message, and of an invite the event within has the name.
    own = [field for field in NAMES if item.get(field)]
    if own and own != ["to"]:
        return item
    inner = (
        cast(Mapping[str, Any], value)
        for value in item.values()
        if isinstance(value, Mapping)
    )
    return next((one for one in inner if any(one.get(f) for f in NAMES)), item)


def past_of(messages: Sequence[Message]) -> Past:
    """Read what was done and found from a conversation up to the user's last turn."""
    found: list[ToolResult] = []
    undone = False
    for message in reversed(messages):
        if message.result is not None:
            if message.result.name == UNDO:
                # A correction takes back first and does anew: that one still holds.
                undone = undone or not found
            else:
                found.append(message.result)
        # Turns that called nothing, such as small talk, are passed by.
        elif message.role == "user" and found:
            break
    return Past(tuple(reversed(found)), undone)


def put_into_words(text: str, past: Past, earlier_person: str = "") -> str:
    """Replace "it" and "the first one" by the name of what was found.

    Returns:
        The text; unchanged where nothing is known that they could mean.
    """
    items = past.items()
    found = _PRONOUN.search(text)
    if found and items and _is_early(text, found):
        rank = next((n for word, n in _RANKS.items() if word in found[0].lower()), 0)
        named = name_of(items, rank) if -len(items) <= rank < len(items) else ""
        if named:
            text = f"{text[: found.start()]}{named}{text[found.end() :]}"
    whom = _WHOM.search(text)
    person = person_of(items) or earlier_person
    if whom and person and _is_early(text, whom):
        text = f"{text[: whom.start()]}{person}{text[whom.end() :]}"
    return text


def _is_early(text: str, found: re.Match[str]) -> bool:
    return len(text[: found.start()].split()) < _HEAD


def name_of(items: Sequence[Mapping[str, Any]], rank: int) -> str:
    """Name one of some things, by the field that names it best; empty without one."""
    item = items[rank]
    return next((str(item[field]) for field in NAMES if item.get(field)), "")


def person_of(items: Sequence[Mapping[str, Any]]) -> str:
    """Name the one person of the first thing; empty without one."""
    for item in items[:1]:
        for field in _PEOPLE:
            value: Any = item.get(field)
            is_list = isinstance(value, list)
            people = cast(list[Any], value) if is_list else []
            # Of several attendees none is "her".
            if len(people) == 1:
                return str(people[0])
            if value and isinstance(value, str):
                return value
    return ""
