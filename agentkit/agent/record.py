"""The journal of an agent's runs: what they did, undone and redone."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias

from agentkit.agent.stream import block
from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.messages import Conversation
from agentkit.outcomes import EffectsSettled, Emit
from agentkit.stores.journal import Effects, Journal
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.stores.journal import JournalEntry, Redone, Undone

Leave: TypeAlias = "Callable[[JournalEntry], str]"


JournalChoice: TypeAlias = Journal | bool | None


class EffectRecord:
    """An agent's journal, or none; undo and redo go through it."""

    def __init__(self, choice: JournalChoice, context: Context | None) -> None:
        """Choose the journal; nothing is opened or made yet.

        Args:
            choice: a journal; True for that of the home, False for none. None for
                that of the home where the application gave a context, and for one in
                memory where it did not: nobody said then where the user's data lies.
            context: the application's; None when it gave none.
        """
        self.journal = _chosen(choice, context)
        self._choice = choice
        self._is_homes = choice is True or (choice is None and context is not None)
        self._others: dict[Path, EffectRecord] = {}
        if self._is_homes:
            # So that a run whose context names the same home finds this record and its
            # journal.
            self._others[(context or Context()).home] = self
        self._is_looked_at = False

    def effects(
        self, run_id: str, request: str, context: Context, *, is_new: bool = False
    ) -> Effects | None:
        """Return a run's part of the journal; None where there is no journal.

        Args:
            run_id: names the run.
            request: the user's words.
            context: home and clock of the run.
            is_new: the name was made up now.
        """
        if self.journal is None:
            return None
        return Effects(self.journal, run_id, request, context, is_new=is_new)

    def of(self, context: Context | None) -> EffectRecord:
        """Return the record for a run in another context: its home may be another one."""
        if context is None or isinstance(self._choice, Journal) or not self._is_homes:
            return self
        known = self._others.get(context.home)
        if known is None:
            known = self._others[context.home] = EffectRecord(self._choice, context)
        return known

    def answered(self, before: Conversation, text: str) -> str:
        """Write down the user's answer about an effect that was cut off.

        Returns:
            The run that asked, to go on with; empty when none did.

        Raises:
            RunBusy: that run goes on elsewhere.
            StoreError: the journal cannot be used.
        """
        # The question is always the assistant's last turn; no journal is opened for
        # other requests.
        if self.journal is None or not before or before[-1].role != "assistant":
            return ""
        from agentkit.stores.journal import take_answer

        entry = take_answer(self.journal, before[-1].text, text)
        return entry.intent.run_id if entry else ""

    async def settle(self, toolset: Toolset, context: Context, emit: Emit) -> None:
        """Find out, once, what happened to effects that were cut off, and announce it.

        Raises:
            StoreError: the journal cannot be used.
        """
        if self._is_looked_at or self.journal is None:
            return
        # Set before anything is awaited: of runs that begin together one looks.
        self._is_looked_at = True
        if self.journal.exists:
            from agentkit.stores.journal import settle_interrupted

            found = await settle_interrupted(self.journal, toolset, context)
            if found.done or found.not_done or found.unknown:
                emit(EffectsSettled(found.done, found.not_done, found.unknown))

    async def undo(
        self, count: int, number: int, toolset: Toolset, context: Context
    ) -> tuple[Undone, ...]:
        """Take back the last effects, or one by its number.

        Raises:
            ConfigError: there is no journal, or no such entry.
            RunBusy: the run of one goes on.
            StoreError: the journal cannot be used.
        """
        from agentkit.stores.journal import undo_entry, undo_last

        journal = await self._settled("taken back", toolset, context)
        if not number:
            return await undo_last(journal, toolset, context, count)
        entry = _entry_of(journal, number)
        return (await undo_entry(entry, journal, toolset, context),)

    async def redo(
        self, count: int, number: int, toolset: Toolset, context: Context, leave: Leave
    ) -> tuple[Redone, ...]:
        """Do again what was taken back last, or one entry by its number.

        Raises:
            ConfigError: there is no journal, or no such entry.
            RunBusy: the run of one goes on.
            StoreError: the journal cannot be used.
        """
        from agentkit.stores.journal import redo_entry, redo_last

        journal = await self._settled("done again", toolset, context)
        if not number:
            return await redo_last(journal, toolset, context, count, leave)
        entry = _entry_of(journal, number)
        return (await redo_entry(entry, journal, toolset, context, leave),)

    async def _settled(self, what: str, toolset: Toolset, context: Context) -> Journal:
        """Return the journal, after interrupted effects were settled."""
        if self.journal is None:
            raise ConfigError(f"this agent keeps no journal: nothing can be {what}")
        from agentkit.stores.journal import settle_interrupted

        await settle_interrupted(self.journal, toolset, context)
        return self.journal


def _entry_of(journal: Journal, number: int) -> JournalEntry:
    entry = journal.entry(number)
    if entry is None:
        raise ConfigError(f"the journal has no entry {number}")
    return entry


def _chosen(choice: JournalChoice, context: Context | None) -> Journal | None:
    if isinstance(choice, Journal):
        return choice
    if choice is False:
        return None
    if choice is None and context is None:
        return Journal()
    return Journal((context or Context()).home)


class PastEffects:
    """The side effects of an agent's earlier runs, and how to undo them."""

    def __init__(
        self,
        record: EffectRecord,
        tools: Callable[[Context], Toolset],
        context: Context | None,
    ) -> None:
        """Store the journal and the tools.

        Args:
            record: the journal, or none.
            tools: gives the tools, which know how to undo.
            context: the application's; made anew where None.
        """
        self._record, self._tools, self._context = record, tools, context

    @property
    def toolset(self) -> Toolset:
        """The tools that a run started now would have."""
        return self._tools(self._context or Context())

    @property
    def journal(self) -> Journal | None:
        """Where its side effects are written; None when it keeps no journal."""
        return self._record.journal

    async def aundo(self, count: int = 1, *, number: int = 0) -> tuple[Undone, ...]:
        """Take back what was done last.

        Args:
            count: how many side effects, the newest first; it stops at one that stays.
            number: the number of one entry of the journal instead.

        Returns:
            What came of each, in words: one that was changed since stays as it is.

        Raises:
            ConfigError: there is no journal, or no such entry.
            RunBusy: the run of one goes on.
            StoreError: the journal cannot be used.
        """
        context = self._context or Context()
        return await self._record.undo(count, number, self._tools(context), context)

    def undo(self, count: int = 1, *, number: int = 0) -> tuple[Undone, ...]:
        """Take back what was done last, without an event loop; see `aundo`."""
        return block(self.aundo(count, number=number))
