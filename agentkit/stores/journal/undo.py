"""Undo: effects are taken back, newest first, each by its tool's own undo."""

from __future__ import annotations

import inspect
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from typing import Any

from agentkit.context import Context
from agentkit.errors import ConfigError, ToolError
from agentkit.language.user_language import in_words
from agentkit.privacy.redaction import error_line
from agentkit.stores.journal.entry import JournalEntry
from agentkit.stores.journal.journal import Journal
from agentkit.tools import AnyTool, Toolset


@dataclass(frozen=True, slots=True)
class Undone:
    """The outcome of undoing one effect.

    Attributes:
        entry: the effect.
        done: whether it is taken back.
        text: what was done, or why not, in words.
    """

    entry: JournalEntry
    done: bool
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {**self.entry.as_dict(), "undone": self.done, "text": self.text}


async def undo_last(
    journal: Journal,
    toolset: Toolset,
    context: Context,
    count: int,
    *,
    but: str = "",
) -> tuple[Undone, ...]:
    """Undo the last effects, newest first; stop at the first that stays.

    Args:
        journal: where they are written.
        toolset: the tools they are of.
        context: handed to the tools.
        count: how many.
        but: the run whose own effects are passed over.

    Raises:
        ConfigError: the count is below one.
        RunBusy: the run of one goes on.
        StoreError: the journal cannot be used.
    """
    if count < 1:
        raise ConfigError(f"undo takes back at least 1 effect, not {count}")
    undone: list[Undone] = []
    # Lazily: the journal of years is not read to undo the last thing.
    for entry in islice(journal.takeable(but), count):
        undone.append(await undo_entry(entry, journal, toolset, context))
        if not undone[-1].done:
            break
    return tuple(undone)


async def undo_entry(
    entry: JournalEntry, journal: Journal, toolset: Toolset, context: Context
) -> Undone:
    """Undo one effect.

    Raises:
        RunBusy: its run goes on.
        StoreError: the journal cannot be used.
    """
    with held_entry(entry, journal) as entry:
        reason = _refusal(entry, toolset)
        if reason:
            return Undone(entry, False, reason)
        return await _undo(entry, journal, toolset[entry.intent.tool], context)


@contextmanager
def held_entry(entry: JournalEntry, journal: Journal) -> Generator[JournalEntry]:
    """Lock the run of an entry, and yield the entry as it is then.

    Raises:
        RunBusy: its run goes on.
        StoreError: the journal cannot be used.
    """
    lock = journal.lock(entry.intent.run_id)
    lock.take()
    try:
        # Read again behind the lock: another process may have been first.
        yield journal.entry(entry.number) or entry
    finally:
        lock.leave()


async def _undo(
    entry: JournalEntry, journal: Journal, tool: AnyTool, context: Context
) -> Undone:
    # On the disk first: a crash in the middle shows, and is not taken for "done".
    journal.mark(entry.number, "undoing")
    try:
        said = await _taken_back(entry, tool, context)
    except Exception as exc:
        # Whatever the tool raises, the entry must not stay in `undoing`.
        reason = error_line(exc)
        journal.mark(entry.number, entry.state, f"not taken back: {reason}")
        return Undone(journal.entry(entry.number) or entry, False, reason)
    journal.mark(entry.number, "undone", said)
    return Undone(journal.entry(entry.number) or entry, True, said)


async def _taken_back(entry: JournalEntry, tool: AnyTool, context: Context) -> str:
    value = entry.result
    # The journal has JSON, and the tool's undo wants its own type back.
    if tool.returns is not None:
        try:
            value = tool.returns.validate_python(value)
        except ValueError as exc:
            raise ToolError("what it returned is not known any more") from exc
    undo: Any = tool.undo
    said = undo(value, context)
    said = await said if inspect.isawaitable(said) else said
    return (
        said if isinstance(said, str) else in_words("Took back: {said}", summary(entry))
    )


def _refusal(entry: JournalEntry, toolset: Toolset) -> str:
    """Return why an effect cannot be undone; empty when it can be tried."""
    name = entry.intent.tool
    if entry.state == "undone":
        return in_words("{said} was taken back already.", name)
    if entry.state == "failed":
        return in_words("{said} was not done: there is nothing to take back.", name)
    if entry.state == "begun":
        english = "It is not known whether {said} was done: settle that first."
        return in_words(english, name)
    if entry.forgotten:
        english = "What {said} did is forgotten: it is old, or its session was deleted."
        return in_words(english, name)
    if name not in toolset:
        english = (
            "{said} is not among the tools here: start with the tools it came from."
        )
        return in_words(english, name)
    if toolset[name].undo is None:
        english = "{said} cannot be taken back: the world does not allow it."
        return in_words(english, name)
    return ""


def summary(entry: JournalEntry) -> str:
    """Return an effect in one line: its tool's own words, or the call."""
    if entry.forgotten:
        return in_words("{said} (forgotten)", entry.intent.tool)
    if entry.said:
        return " ".join(entry.said.split())
    inside = ", ".join(f"{k}={v!r}" for k, v in entry.intent.arguments.items())
    return f"{entry.intent.tool}({inside})"
