"""What a pack of tools needs beside its functions: sentences, settings, undo."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from pydantic import BaseModel, ConfigDict, Field

from agentkit import Context, ToolError
from agentkit_tools._phrases import phrase


def sentences(area: str) -> dict[str, tuple[str, ...]]:
    """Read `sentences/AREA.txt`: `[tool_name]`, then one sentence a line.

    Blank lines and lines that begin with `#` are passed over.
    """
    text = (Path(__file__).parent / "sentences" / f"{area}.txt").read_text("utf-8")
    found: dict[str, list[str]] = {}
    name = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            name = line.partition("]")[0][1:]
            found[name] = []
        elif line and not line.startswith("#"):
            found[name].append(line)
    return {tool: tuple(lines) for tool, lines in found.items()}


# Seconds. A server that is silent for ten minutes is gone; a longer wait is a slip of
# the settings.
LONGEST_PATIENCE = 600.0


# A misspelt key is an error (`extra="forbid"`): it would be passed over in silence.
class _Table(BaseModel):
    # Built at the first use: a home without these tables pays nothing for them.
    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class MailTable(_Table):
    """`[packs.mail]`: how long a mail server may be silent, and how one signs in."""

    patience: float = Field(default=30.0, gt=0, le=LONGEST_PATIENCE, strict=True)
    sign_in: str = ""
    client_id: str = ""
    client_secret: str = ""
    device_url: str = ""
    token_url: str = ""
    scope: str = ""


class SearchTable(_Table):
    """`[packs.search]`: the folder of an embedding model."""

    embedding: str = ""


class WebTable(_Table):
    """`[packs.web]`: the address of a search server."""

    searxng: str = ""


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
        raise ToolError(phrase("There is nothing to undo."))
    # Only what changed something is taken back: the clock loads no store.
    from agentkit_tools._store.changes import undo_change

    undo_change(context.home, result.undo)
