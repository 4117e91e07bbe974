"""What takes a tool's change back, given its result."""

from __future__ import annotations

from typing import Protocol

from agentkit import Context, ToolError
from agentkit_tools._store.changes import undo_change


class Undoable(Protocol):
    """A result that knows what undoes it."""

    @property
    def undo(self) -> str:
        """Name of the change; empty when there is nothing to take back."""
        ...


def undo(result: Undoable, context: Context) -> None:
    """Take back what a call changed; other changes made since stay.

    Raises:
        ToolError: it cannot be undone any more.
        StoreError: a file cannot be read or written.
    """
    if not result.undo:
        raise ToolError("There is nothing to undo.")
    undo_change(context.home, result.undo)
