"""What came of a file of another program: what is new, what was known, what is damaged."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from agentkit import ToolError
from agentkit_tools._store.files import told

# Bytes; a calendar of 100,000 events. It is held in memory while it is taken in.
LARGEST = 100_000_000
# Damaged entries that are named one by one; the others are counted.
_TOLD = 5


@dataclass(slots=True)
class Arrival:
    """What came of a file.

    Attributes:
        events: how many are new.
        todos: how many reminders are new.
        contacts: how many are new.
        known: entries that were there before, which stay as they are.
        damaged: entries that were left out; `faults` tells the first ones.
        undos: what takes the new ones out again.
    """

    events: int = 0
    todos: int = 0
    contacts: int = 0
    known: int = 0
    damaged: int = 0
    faults: list[str] = field(default_factory=list[str])
    undos: list[str] = field(default_factory=list[str])
    warning: str = ""

    def fault(self, text: str) -> None:
        """Note an entry that is left out."""
        self.damaged += 1
        if len(self.faults) < _TOLD:
            self.faults.append(text)


def content_of(path: Path) -> bytes:
    """Read a whole file.

    Raises:
        ToolError: it is too large.
        StoreError: it cannot be read.
    """
    with told(path, "read"):
        if path.stat().st_size > LARGEST:
            raise ToolError(
                f"{path.name} is larger than {LARGEST // 1_000_000} MB; split it first."
            )
        return path.read_bytes()
