"""Finds out what happened to effects that were cut off: asks the tool, or the user."""

from __future__ import annotations

import inspect
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from agentkit.context import Context, carrying_out
from agentkit.errors import InputNeeded, RunBusy
from agentkit.privacy.redaction import error_line
from agentkit.stores.journal.entry import JournalEntry
from agentkit.stores.journal.journal import Journal
from agentkit.stores.own_thread import aside
from agentkit.tools import AnyTool, Toolset


@dataclass(frozen=True, slots=True)
class Fate:
    """Whether an effect that was cut off happened.

    Attributes:
        happened: None when nobody can tell.
        result: what the tool would have returned, as JSON-like data.
        said: the same in words.
        reason: why nobody can tell.
    """

    happened: bool | None
    result: Any = None
    said: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Settlement:
    """The interrupted effects that a start found, by their fate.

    Attributes:
        done: those that had happened.
        not_done: those that had not.
        unknown: those of which only the user can say it.
    """

    done: tuple[JournalEntry, ...] = ()
    not_done: tuple[JournalEntry, ...] = ()
    unknown: tuple[JournalEntry, ...] = ()


async def find_fate(entry: JournalEntry, tool: AnyTool, context: Context) -> Fate:
    """Ask a tool whether one of its effects happened; nothing is done again.

    Args:
        entry: the effect.
        tool: the tool it is of.
        context: home and user; the clock is the one that the effect saw.
    """
    if tool.settle is None:
        return Fate(None, reason=f"{tool.name} cannot look up what it did")
    # What was meant then is looked for: today "tomorrow" is another day.
    then = replace(context, now=datetime.fromisoformat(entry.intent.clock))
    try:
        checked = tool.check(entry.intent.arguments, then)
        with carrying_out(entry.intent.key):
            found: Any = tool.settle(**checked)
            found = await found if inspect.isawaitable(found) else found
    except Exception as exc:
        # A tool that cannot tell leaves the fate open: nothing is done again on a
        # guess.
        return Fate(None, reason=error_line(exc))
    if found is None:
        return Fate(False)
    value = tool.dump(found)
    return Fate(True, value, say(tool, value))


async def settle_entry(
    entry: JournalEntry, tool: AnyTool, context: Context, journal: Journal
) -> Fate:
    """Find out whether an interrupted effect happened, and write it down.

    Raises:
        StoreError: the journal cannot be written.
    """
    fate = await find_fate(entry, tool, context)
    if fate.happened:
        note = "cut off; it had happened"
        journal.end(entry.number, "done", fate.result, fate.said, note)
    elif fate.happened is False:
        # `failed` frees its key: the run may try it again.
        journal.end(entry.number, "failed", None, note="cut off; it had not happened")
    else:
        journal.mark(entry.number, "begun", fate.reason)
    return fate


async def settle_interrupted(
    journal: Journal, toolset: Toolset, context: Context
) -> Settlement:
    """Settle all effects that were cut off, except those of runs that are going on.

    Raises:
        StoreError: the journal cannot be read or written.
    """
    found: dict[bool | None, list[JournalEntry]] = {True: [], False: [], None: []}
    begun = await aside(journal.entries, state="begun")
    # Oldest first, as they were begun: a later one may build upon an earlier one.
    for entry in reversed(begun):
        lock = journal.lock(entry.intent.run_id)
        try:
            lock.take()
        except RunBusy:
            continue
        try:
            if entry.intent.tool in toolset:
                tool = toolset[entry.intent.tool]
                fate = await settle_entry(entry, tool, context, journal)
                happened = fate.happened
            else:
                happened = None
            found[happened].append(journal.entry(entry.number) or entry)
        finally:
            lock.leave()
    return Settlement(tuple(found[True]), tuple(found[False]), tuple(found[None]))


def decide(journal: Journal, number: int, *, happened: bool) -> JournalEntry | None:
    """Write down the user's word on an interrupted effect.

    Returns:
        The entry as it is now; None when there is none that waits for that.

    Raises:
        RunBusy: its run goes on.
        StoreError: the journal cannot be written.
    """
    entry = journal.entry(number)
    if entry is None or entry.state != "begun":
        return None
    lock = journal.lock(entry.intent.run_id)
    lock.take()
    try:
        words = "had" if happened else "had not"
        note = f"cut off; the user says that it {words} happened"
        journal.end(number, "done" if happened else "failed", None, note=note)
    finally:
        lock.leave()
    return journal.entry(number)


def say(tool: AnyTool, value: Any) -> str:
    """Word a dumped result with the tool's own wording, where it has one."""
    if tool.wording is None:
        return ""
    try:
        return tool.word(value)
    except Exception:
        # Words are a courtesy: a result that cannot be said is kept all the same.
        return ""


# One word in the languages of the tools' phrases; longer answers go to the model, and
# the question stays open.
_YES = frozenset(
    [
        "yes",
        "y",
        "yeah",
        "yep",
        "done",
        "ja",
        "oui",
        "si",
        "sí",
        "sim",
        "igen",
        "tak",
        "da",
        "hai",
    ]
)
_NO = frozenset(["no", "n", "nope", "not", "nein", "non", "nee", "nej", "não", "nie"])


def question_about(entry: JournalEntry, reason: str) -> InputNeeded:
    """Make the question about an effect whose fate is unknown.

    Args:
        entry: the effect.
        reason: why nobody can tell.
    """
    text = (
        f"{entry.intent.tool} was cut off at {entry.began}, and it is not known whether "
        f"it was done ({reason}; entry {entry.number} of the journal). Was it?"
    )
    return InputNeeded("", text, ("yes", "no"))


def take_answer(journal: Journal, asked: str, said: str) -> JournalEntry | None:
    """Write down a yes or no to the question that was asked last.

    Args:
        journal: where the effect is written.
        asked: what the assistant said last.
        said: what the user says now.

    Returns:
        The effect as it is now: its run can go on. None when nothing was asked, or it
        was not answered.

    Raises:
        RunBusy: its run goes on elsewhere.
        StoreError: the journal cannot be used.
    """
    word = said.strip(" .,!").casefold()
    if word not in _YES | _NO or not asked:
        return None
    for entry in journal.entries(state="begun"):
        # The text itself is the tie: a "yes" to any other question must not settle this
        # one.
        if question_about(entry, entry.note).question == asked:
            return decide(journal, entry.number, happened=word in _YES)
    return None
