"""Sums, and quantities with the unit to tell them in, in whatever language."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from agentkit.backends.reflex.drafts import CallDraft
from agentkit.backends.reflex.english import word_set
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.request_tokens import read_words
from agentkit.language.vocabularies import read_table
from agentkit.slots import find_units
from agentkit.slots.arithmetic import find_sum
from agentkit.understanding import Reading as Meaning

# "5", "1,000.5", "2 1/2" right before a unit.
_COUNT = re.compile(r"-?\d[\d.,]*(?:\s+\d+/\d+)?\s*\Z")
# Signs that are words of some language, too: "in" is an inch, "a" is an are.
_LEAST = 2
_WORDS = frozenset({"in", "st", "to"})
# Languages that are written without spaces between words.
_UNSPACED = frozenset({"th"})
# So likely a sum is asked for, where one was said in another language than English.
_ASKS_SUM = 0.2
_RECKONING = word_set(
    "calculate compute work evaluate solve reckon come total sum equals equal euros euro "
    "dollars pounds bucks result answer math"
)


def measures_in(text: str, params: Mapping[str, Param]) -> dict[str, str]:
    """Find what a tool wants to know of a quantity: how much of what, and in what.

    Args:
        text: the request.
        params: the tool's parameters; without one for a quantity nothing is found.
    """
    quantity = next((p.name for p in params.values() if p.kind == "quantity"), "")
    if not quantity:
        return {}
    found: dict[str, str] = {}
    for start, end in find_units(text):
        count = _COUNT.search(text[:start])
        if count and quantity not in found:
            found[quantity] = text[count.start() : end].strip()
        elif end - start >= _LEAST and text[start:end].lower() not in _WORDS:
            found["unit"] = text[start:end]
    return {name: said for name, said in found.items() if name in params}


def measure_asked(turn: str, kit: Kit) -> CallDraft | None:
    """Read a turn that is a quantity, a unit, and words that ask; None for any other."""
    tool = next(
        (name for name, params in kit.params.items()
         if any(one.kind == "quantity" for one in params.values())),
        "",
    )  # fmt: skip
    found = measures_in(turn, kit.params[tool]) if tool else {}
    # Without the second unit nobody knows what to tell it in.
    if len(found) < len(kit.params.get(tool, ())) or not found:
        return None
    rest = turn
    for said in found.values():
        rest = rest.replace(said, " ", 1)
    if not any(_only_asks(rest, ways, one) for one, ways in _asking().items()):
        return None
    return CallDraft(tool, found, (), (), f"{turn!r} asks for a quantity")


def _only_asks(words: str, ways: str, language: str) -> bool:
    """Whether some words ask in a language, and say nothing more."""
    gap = "" if language in _UNSPACED else r"(?![^\W\d_])"
    return bool(re.fullmatch(rf"(?:[\s,.?!¿¡]|(?:{ways}){gap})*", words, re.I))


def _asking() -> Mapping[str, str]:
    return read_table(Path(__file__).with_name("measure_words.toml"))


def sum_asked(turn: str, kit: Kit, meaning: Meaning) -> CallDraft | None:
    """Read a turn that is a sum and nothing else: "what's 15 % of 80"."""
    slot = next(
        ((tool, p.name) for tool, params in kit.params.items()
         for p in params.values() if p.kind == "sum"),
        None,
    )  # fmt: skip
    found = find_sum(turn, meaning.language) if slot else None
    if slot is None or found is None:
        return None
    tool, name = slot
    around = f"{turn[: found.start]} {turn[found.end :]}"
    if not _adds_nothing(around, tool, meaning):
        return None
    said = turn[found.start : found.end]
    reason = f"{said!r} is a sum for {tool}"
    return CallDraft(tool, {name: said}, (), (), reason)


def _adds_nothing(around: str, tool: str, meaning: Meaning) -> bool:
    """Whether words around a sum ask for what it comes to, and say no more.

    Of another language than English the understanding knows what the words ask for.
    """
    if meaning.language != "en":
        likely = {c.tool for c in meaning.choices if c.probability >= _ASKS_SUM}
        return tool in likely or not any(sign.isalpha() for sign in around)
    # "Note that 2+2=4" asks for a note, and not for 4.
    words = read_words(around)
    other = (w for w in words if w.content or w.act in ("set", "send", "remove"))
    return all(word.norm in _RECKONING for word in other)
