"""The marked words of a sentence, and what a call's arguments are made of."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
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
