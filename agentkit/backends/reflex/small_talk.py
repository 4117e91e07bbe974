"""What is said to be friendly, what no tool does, and what one asks not to be done."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.backends.reflex.speech import say
from agentkit.language.vocabularies import read_table
from agentkit.tools import Toolset
from agentkit.understanding import Reading as Meaning

_EDGES = " \t\r\n,;:.!?।¿¡…\"'"
# Whole turns, by the key of what is answered.
KINDS = ("morning", "evening", "night", "thanks", "how", "praise", "excuse")


# Whole turns only: "who are you meeting today" asks something else.
_WHO = re.compile(r"(?:so )?(?:who|what) (?:are|r) (?:you|u)(?: exactly)?\W*", re.I)
_HEARD = re.compile(
    r"^(?:are|do|can) you (?:always )?(?:listen|record|spy|eavesdrop|watch|hear)"
    r"|^(?:where|who) .*\bmy data\b|is (?:this|my data) (?:private|safe|secure)",
    re.I,
)


def small_talk(
    turn: str, meaning: Meaning, languages: Iterable[str], toolset: Toolset
) -> str:
    """Answer what is said to be friendly, or about the assistant; empty for all else.

    Args:
        turn: what the user says.
        meaning: what it means by itself.
        languages: in which it may be said, the likeliest first.
        toolset: what requests can be about.
    """
    kind, language = _friendly(turn, languages)
    if kind:
        return say(kind, language, toolset)
    if _WHO.fullmatch(turn.strip()):
        return say("help", meaning.language, toolset)
    data = meaning.verdict != "call" and _asks_of_data(turn, meaning.language)
    if _HEARD.search(turn) or data:
        return say("privacy", meaning.language, toolset)
    return ""


def _friendly(turn: str, languages: Iterable[str]) -> tuple[str, str]:
    """Name what a turn says that only wants a friendly answer, and its language.

    Returns:
        The key of what is answered, or two empty strings.
    """
    said = " ".join(turn.strip(_EDGES).split())
    # "Merci" and "ciao" are said in any language: all tables are looked at in the end.
    for language in dict.fromkeys((*languages, *_tables())):
        words = _tables().get(language, {})
        for kind in KINDS:
            # `(?!)` matches nothing: not every language has every kind.
            if re.fullmatch(str(words.get(kind, "(?!)")), said, re.I):
                return kind, language
    return "", ""


def _asks_of_data(turn: str, language: str) -> bool:
    """Whether a turn asks what happens to what the assistant hears."""
    return bool(re.fullmatch(_words(language)["privacy"], turn.strip(_EDGES), re.I))


def topic_said(turn: str, language: str) -> str:
    """Name what a turn is about that no tool does, by its words; empty for none."""
    topics: Mapping[str, str] = _words(language)["topics"]
    said = turn.strip(_EDGES)
    return next((one for one, way in topics.items() if re.search(way, said, re.I)), "")


def is_denied(turn: str, language: str) -> bool:
    """Whether a turn asks that something be not done: "do not fax Bob"."""
    return bool(re.match(_words(language)["denies"], turn.strip(_EDGES), re.I))


def is_nothing(arguments: Mapping[str, object], language: str) -> bool:
    """Whether what a call would be about is nothing: "cancel nothing today"."""
    named = (str(arguments.get(name, "")) for name in ("title", "item"))
    return any(re.fullmatch(_words(language)["nothing"], one, re.I) for one in named)


def _words(language: str) -> Mapping[str, Any]:
    return _tables().get(language) or _tables()["en"]


@cache
def _tables() -> dict[str, dict[str, Any]]:
    return read_table(Path(__file__).with_name("small_talk.toml"))
