"""Words that tell nothing about anybody: of everyday life, of towns, of known firms."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

from agentkit.language import fold
from agentkit_tools._places import is_place

# The line of everyday.txt that lists whole names.
_FIRMS = "firms"


def is_everyday(title: str) -> bool:
    """Whether a title says no more than what many people do: "Pizza", "Team lunch".

    "Chemotherapy" and "Job interview" are somebody's; so is each title with a name.
    """
    words = re.findall(r"[^\W_]+", fold(title))
    return all(word in _words() for word in words) or is_place(title)


def is_known_firm(name: str) -> bool:
    """Whether everybody knows an organisation, so that its name tells of nobody."""
    return fold(name.strip()) in _firms()


@cache
def _words() -> frozenset[str]:
    lines = (line for line in _lines() if line[0] != _FIRMS)
    return frozenset(word for _, told in lines for word in told.split())


@cache
def _firms() -> frozenset[str]:
    lines = (told for name, told in _lines() if name == _FIRMS)
    return frozenset(fold(one.strip()) for told in lines for one in told.split(","))


@cache
def _lines() -> tuple[tuple[str, str], ...]:
    text = Path(__file__).with_name("everyday.txt").read_text("utf-8")
    lines = (line for line in text.splitlines() if not line.startswith("#"))
    parted = (line.partition(": ") for line in lines)
    return tuple((name, told) for name, _, told in parted)
