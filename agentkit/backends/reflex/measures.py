"""A quantity and the unit to tell it in, in whatever language: "5 Meilen in Kilometern"."""

from __future__ import annotations

import re
from collections.abc import Mapping

from agentkit.backends.reflex.parameters import Param
from agentkit.slots import find_units

_COUNT = re.compile(r"-?\d[\d.,]*(?:\s+\d+/\d+)?\s*\Z")
# Signs that are words of some language, too: "in" is an inch, "a" is an are.
_LEAST = 2
_WORDS = frozenset({"in", "st", "to"})


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
