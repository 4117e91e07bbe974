"""Something that is made of a toolset once, and kept while it is in use."""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, TypeVar

from agentkit.tools.toolset import Toolset

Made = TypeVar("Made")
_MOST = 16


class PerToolset(Generic[Made]):
    """Makes it of each toolset once; equal toolsets share it.

    The toolsets that were asked for first are forgotten first.
    """

    def __init__(self, make: Callable[[Toolset], Made], most: int = _MOST) -> None:
        """Take what makes it, and how many are kept."""
        self._make = make
        self._most = most
        self._kept: dict[str, Made] = {}

    def of(self, toolset: Toolset) -> Made:
        """Return what was made of an equal toolset before, or make it."""
        examples = hash(tuple(tool.examples for tool in toolset))
        key = f"{toolset.fingerprint} {examples}"
        if key in self._kept:
            return self._kept[key]
        if len(self._kept) >= self._most:
            self._kept.pop(next(iter(self._kept)))
        made = self._kept[key] = self._make(toolset)
        return made
