"""Whom "her" stands for and what "it" stands for: whoever, whatever was named last."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from agentkit.backends.reflex.matcher import Match
from agentkit.backends.reflex.names import PRONOUNS
from agentkit.backends.reflex.people import likely_name
from agentkit.backends.reflex.schemas import Param
from agentkit.backends.reflex.words import Word, read_words

_MATTERS = frozenset(
    {"details", "detail", "info", "information", "it", "that", "this", "about it"}
)
_THINGS = frozenset({"it", "that", "this", "these", "those", "them", "that one"})


def resolve(
    arguments: Mapping[str, Any],
    params: Mapping[str, Param],
    person: str,
    named: Mapping[str, Any],
) -> dict[str, Any]:
    """Put what was named before in the place of pronouns.

    Args:
        arguments: what the words gave.
        params: the tool's parameters.
        person: who was named last; empty when nobody was.
        named: the arguments of earlier calls, by parameter.

    Returns:
        The arguments; one whose pronoun stands for nothing known is left out.
    """
    found: dict[str, Any] = {}
    for name, value in arguments.items():
        kind = params[name].kind
        said = value[0] if kind == "people" and len(value) == 1 else value
        word = str(said).lower()
        if kind in ("person", "people") and word in PRONOUNS:
            if person:
                found[name] = [person] if kind == "people" else person
        elif kind in ("text", "person") and word in _THINGS:
            if name in named:
                found[name] = named[name]
        else:
            found[name] = value
    return found


def retell(
    arguments: Mapping[str, Any], params: Mapping[str, Param], told: str
) -> dict[str, Any]:
    """Put the first clause's words in the place of a text that points at them.

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


def last_person(words: Iterable[Word], text: str) -> str:
    """The person who is named last in some words of a text; empty when none is."""
    run: list[Word] = []
    found: list[Word] = []
    for word in words:
        if not likely_name(word):
            continue
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
