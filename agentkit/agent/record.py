"""What an agent did: its journal, settled at the start, and the ways to take it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from agentkit.agent.stream import block
from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.journal import Effects, Journal
from agentkit.messages import Conversation
from agentkit.outcomes.events import EffectsSettled, Emit
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.journal import Undone

JournalChoice: TypeAlias = Journal | bool | None


class Record:
    """The journal of an agent, or none."""

    def __init__(self, choice: JournalChoice, context: Context | None) -> None:
        """Choose the journal; nothing is opened or made yet.

        Args:
            choice: a journal; True for that of the home, False for none. None for
                that of the home where the application gave a context, and for one in
                memory where it did not: nobody said then where the user's data lies.
            context: the application's; None when it gave none.
        """
        self.journal = _chosen(choice, context)
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

    def answered(self, before: Conversation, text: str) -> str:
        """Write down the user's word on an effect that was cut off, if they were asked.

        Returns:
            The run that asked, to go on with; empty when none did.

        Raises:
            RunBusy: that run goes on elsewhere.
            StoreError: the journal cannot be used.
        """
        if self.journal is None or not before or before[-1].role != "assistant":
            return ""
        from agentkit.journal import take_answer

        entry = take_answer(self.journal, before[-1].text, text)
        return entry.intent.run_id if entry else ""

    async def settle(self, toolset: Toolset, context: Context, emit: Emit) -> None:
        """Find out, once, what became of effects that were cut off; tell of it.

        Raises:
            StoreError: the journal cannot be used.
        """
        if self._is_looked_at or self.journal is None:
            return
        self._is_looked_at = True
        if self.journal.exists:
            from agentkit.journal import settle_interrupted

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
        if self.journal is None:
            raise ConfigError("this agent keeps no journal: nothing can be taken back")
        from agentkit.journal import settle_interrupted, undo_entry, undo_last

        await settle_interrupted(self.journal, toolset, context)
        if not number:
            return await undo_last(self.journal, toolset, context, count)
        entry = self.journal.entry(number)
        if entry is None:
            raise ConfigError(f"the journal has no entry {number}")
        return (await undo_entry(entry, self.journal, toolset, context),)


def _chosen(choice: JournalChoice, context: Context | None) -> Journal | None:
    if isinstance(choice, Journal):
        return choice
    if choice is False:
        return None
    if choice is None and context is None:
        return Journal()
    return Journal((context or Context()).home)


class Past:
    """The side effects of an agent's runs."""

    def __init__(
        self, record: Record, toolset: Toolset, context: Context | None
    ) -> None:
        """Take what is kept of them.

        Args:
            record: the journal, or none.
            toolset: the tools, which know how to undo.
            context: the application's; made anew where None.
        """
        self._record, self._toolset, self._context = record, toolset, context

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
        return await self._record.undo(count, number, self._toolset, context)

    def undo(self, count: int = 1, *, number: int = 0) -> tuple[Undone, ...]:
        """Take back what was done last, without an event loop; see `aundo`."""
        return block(self.aundo(count, number=number), "undo")
