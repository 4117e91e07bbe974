"""Redo: calls that were undone are checked again and carried out again."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from typing import Any

from agentkit.context import Context, carrying_out, leave_given
from agentkit.errors import ConfigError, InputNeeded, ToolError
from agentkit.language.user_language import in_words
from agentkit.messages.secret_text import HIDDEN
from agentkit.privacy.redaction import error_line
from agentkit.stores.journal.entry import JournalEntry, canonical
from agentkit.stores.journal.journal import Journal
from agentkit.stores.journal.settlement import say
from agentkit.stores.journal.undo import held_entry, summary
from agentkit.tools import AnyTool, Toolset

# Says whether a call that sends may be made again, and who let it, in words.
Leave = Callable[[JournalEntry], str]


@dataclass(frozen=True, slots=True)
class Redone:
    """The outcome of redoing one effect.

    Attributes:
        entry: the effect.
        done: whether it is done again.
        text: what was done, or why not, in words.
    """

    entry: JournalEntry
    done: bool
    text: str

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {**self.entry.as_dict(), "redone": self.done, "text": self.text}


def nobody(_: JournalEntry) -> str:
    """Allow no message to be sent again."""
    return ""


async def redo_last(
    journal: Journal,
    toolset: Toolset,
    context: Context,
    count: int,
    leave: Leave = nobody,
    *,
    but: str = "",
) -> tuple[Redone, ...]:
    """Redo what was undone last, the latest first; stop at the first that fails.

    Args:
        journal: where the effects are written.
        toolset: the tools they are of.
        context: home and user; "tomorrow" is that of the day when it was said.
        count: how many.
        leave: asked of each that sends something; empty for no.
        but: the run whose own effects are passed over.

    Raises:
        ConfigError: the count is below one.
        RunBusy: the run of one goes on.
        StoreError: the journal cannot be used.
    """
    if count < 1:
        raise ConfigError(f"redo does at least 1 effect again, not {count}")
    redone: list[Redone] = []
    undone = (e for e in journal.undone(but) if _was_effect(e, toolset))
    # Listed before the first of them is done again and leaves the journal's own list,
    # which is put in order once so: it may be long.
    for entry in list(islice(undone, count)):
        redone.append(await redo_entry(entry, journal, toolset, context, leave))
        if not redone[-1].done:
            break
    return tuple(redone)


async def redo_entry(
    entry: JournalEntry,
    journal: Journal,
    toolset: Toolset,
    context: Context,
    leave: Leave = nobody,
) -> Redone:
    """Redo one effect that was undone; it keeps its entry in the journal.

    Raises:
        RunBusy: its run goes on.
        StoreError: the journal cannot be used.
    """
    with held_entry(entry, journal) as entry:
        reason = _refusal(entry, toolset)
        if reason:
            return Redone(entry, False, reason)
        by = leave(entry) if entry.intent.effect == "send" else "it sends nothing"
        if not by:
            return Redone(entry, False, _sends(entry))
        return await _redo(entry, journal, toolset[entry.intent.tool], context, by)


async def _redo(
    entry: JournalEntry, journal: Journal, tool: AnyTool, context: Context, by: str
) -> Redone:
    # The day it was said: "tomorrow" must be the same day as at first.
    then = replace(context, now=datetime.fromisoformat(entry.intent.clock))
    try:
        checked = tool.check(entry.intent.arguments, then)
    except Exception as exc:
        return Redone(entry, False, _why(exc))
    # As at first, the intent is written before it is carried out.
    journal.mark(entry.number, "begun", "being done again")
    try:
        with carrying_out(entry.intent.key), leave_given(by):
            value: Any = tool.invoke(checked)
            value = await value if inspect.isawaitable(value) else value
        result = tool.dump(value)
    except Exception as exc:
        # Whatever the tool raises, the entry must not stay in `begun`.
        reason = _why(exc)
        journal.mark(entry.number, "undone", f"not done again: {reason}")
        return Redone(journal.entry(entry.number) or entry, False, reason)
    said = say(tool, result)
    journal.end(entry.number, "done", result, said, "taken back, and done again")
    entry = journal.entry(entry.number) or entry
    text = in_words("Done again: {said}", summary(entry))
    return Redone(entry, True, text)


def _why(error: Exception) -> str:
    if isinstance(error, InputNeeded):
        return " ".join((error.question, ", ".join(error.candidates))).strip()
    return str(error) if isinstance(error, ToolError) else error_line(error)


def _was_effect(entry: JournalEntry, toolset: Toolset) -> bool:
    """Whether an entry changed something itself; an undo or redo is none to redo."""
    tool = entry.intent.tool
    # An unknown tool counts: it is refused by name, which is better than passing it
    # over.
    return tool not in toolset or toolset[tool].undo is not None


def _refusal(entry: JournalEntry, toolset: Toolset) -> str:
    """Return why an effect cannot be redone; empty when it can be tried."""
    name = entry.intent.tool
    if entry.state != "undone":
        return f"{name} was not taken back: there is nothing to do again."
    if entry.forgotten:
        return f"What {name} did is forgotten: it is old, or its session was deleted."
    if name not in toolset:
        return f"{name} is not among the tools here: start with the tools it came from."
    # The file has marks where secrets were; a tool called with them would do the wrong
    # thing.
    if HIDDEN in canonical(entry.intent.arguments):
        return f"What {name} was given is secret, and was not kept: say it anew."
    return ""


def _sends(entry: JournalEntry) -> str:
    return in_words(
        "That would be sent again, so you are asked first: say it anew. ({said})",
        summary(entry),
    )
