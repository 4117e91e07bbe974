"""Sentences made of a tool's own name and parameters."""

from __future__ import annotations

import re

from agentkit.backends.reflex.lexicon import ACTS, stem_of
from agentkit.backends.reflex.schemas import Param, read_params
from agentkit.tools import AnyTool

_PREPOSITIONS = {
    "destination": "to", "to": "to", "recipient": "to", "place": "(in|at)",
    "location": "(in|at)", "city": "(in|at|to)", "topic": "about", "subject": "about",
    "source": "from", "origin": "from", "sender": "from", "pickup": "from",
}  # fmt: skip
_COUNTED = re.compile(r"how many (\w+)", re.I)
_FIRM = frozenset({"integer", "number", "enum", "when", "duration"})


def sentences_from(tool: AnyTool) -> tuple[str, ...]:
    """Make sentences of a tool's name and slots: "book taxi to {destination}"."""
    words = re.split(r"[_\-\s]+", tool.name.rpartition(".")[2])
    params = [param for param in read_params(tool) if _has_place(param)]
    slots = [_slot(param) for param in params]
    heads = [" ".join(words)]
    found = [f"{heads[0]} {' '.join(s)}" for s in (slots, slots[::-1])]
    if len(words) > 1 and not ACTS.get(stem_of(words[0])):
        found += _by_verb(words[0], words[1:], params)
    return tuple(dict.fromkeys(found))


def _has_place(param: Param) -> bool:
    """Whether a sentence can tell where the slot's words begin.

    An optional text without a word before it would take half of the text beside it.
    """
    if param.kind == "text" and not param.required:
        return param.name in _PREPOSITIONS
    return param.kind not in ("boolean", "other")


def _by_verb(verb: str, nouns: list[str], params: list[Param]) -> list[str]:
    """Put a slot in the place of the noun: "water {plant}" for `water_plant`."""
    named = next((p for p in params if p.required and p.name in nouns), None)
    needed = [p for p in params if p.required]
    if named is None and not (len(needed) > 1 and any(p.kind in _FIRM for p in needed)):
        return []
    rest = " ".join(_slot(param) for param in params if param is not named)
    first = f"{{{named.name}}} [{named.name}]" if named else ""
    return [f"{verb} {first} {rest}"]


def _slot(param: Param) -> str:
    """Write a parameter as a sentence has it: "[(to|at)] {degrees} [degrees]"."""
    slot = f"{{{param.name}}}" if param.required else f"[{{{param.name}}}]"
    if param.kind in ("integer", "number"):
        return f"[(to|at|of|with|for)] {slot} [({'|'.join(_units(param))})]"
    if param.kind == "enum":
        return f"[(to|in|on|for|as)] {slot}"
    word = _PREPOSITIONS.get(param.name, "")
    if word and not param.required:
        return f"[{word} {{{param.name}}}]"
    return f"{word} {slot}" if word else slot


def _units(param: Param) -> list[str]:
    """List the words that may follow a number: its name, "people" of "how many"."""
    said = _COUNTED.search(param.description)
    name = param.name.replace("_", " ")
    return [name, *([said[1].lower()] if said else [])]
