"""Keeps what an agent's runs say and do: in a session, and in a journal."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias, cast

from agentkit.agent.held_sessions import KeptSession
from agentkit.agent.stream import block
from agentkit.context import Context
from agentkit.errors import ConfigError
from agentkit.messages import Conversation, Label, Message, close_calls, system, user
from agentkit.messages.images import Image
from agentkit.outcomes import EffectsSettled, Emit, NeedsApproval
from agentkit.outcomes.endings import Ending
from agentkit.stores.journal import Effects, Journal
from agentkit.stores.sessions import Unfinished, paused_run
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.messages.documents import Document
    from agentkit.stores.journal import JournalEntry, Redone, Undone

Leave: TypeAlias = "Callable[[JournalEntry], str]"


async def forget(_: Message) -> None:
    """Keep nothing."""


@dataclass(slots=True)
class RunTranscript:
    """The messages of one run, shared by all its parts.

    Attributes:
        messages: all so far, oldest first.
        keep: called with each message before it is added.
        label: of whatever is made from all of it.
    """

    messages: list[Message]
    keep: Callable[[Message], Awaitable[None]] = forget
    label: Label = field(init=False)

    def __post_init__(self) -> None:
        """Join the labels of the messages; later ones are joined as they are added."""
        # Joined as it goes: going through all messages at each step would grow with the
        # square.
        labels = (message.label for message in self.messages)
        self.label = reduce(Label.join, labels, Label("model"))

    @property
    def conversation(self) -> Conversation:
        """All that was said so far."""
        return tuple(self.messages)

    async def add(self, message: Message) -> None:
        """Keep a message, then add it."""
        # Kept first: after a crash the session has no less than the model was told.
        await self.keep(message)
        self.messages.append(message)
        self.label = self.label.join(message.label)

    async def say(self, message: Message) -> None:
        """Add the model's turn, labelled with all that the model has seen."""
        await self.add(
            Message(message.role, message.text, message.calls, label=self.label)
        )


def opened(
    text: str,
    before: Conversation,
    instructions: str,
    images: Iterable[Image] = (),
    documents: Iterable[Document] = (),
) -> list[Message]:
    """Return the messages of a new run: what came before, documents, the request.

    Documents stand before it: what is answered is the request.

    Raises:
        ConfigError: the text is empty.
    """
    check_text(text)
    opening = [system(instructions)] if instructions else []
    read = [message for one in documents for message in one.messages]
    request = user(text, images=tuple(images))
    # Instructions only at the very beginning: later turns have them in what was said
    # before.
    return [*(close_calls(before) or opening), *read, request]


def check_text(text: str) -> None:
    """Refuse a request that says nothing.

    Raises:
        ConfigError: the text is empty, or none.
    """
    if not isinstance(cast(object, text), str):
        raise ConfigError(f"The request is {type(text).__name__}: give it as text.")
    if not text.strip():
        raise ConfigError("The request is empty: say what you want done.")


def before(session: KeptSession | None, conversation: Conversation) -> Conversation:
    """Return the earlier conversation, of the session or as it was given.

    Raises:
        ConfigError: both a session and a conversation were given, or something that is
            no conversation.
    """
    given = cast(object, conversation)
    if isinstance(given, str) or not isinstance(given, Sequence):
        kind = type(given).__name__
        hint = ": give its .conversation" if isinstance(given, Ending) else ""
        raise ConfigError(f"conversation={kind} is no list of messages{hint}")
    if session is None:
        return conversation
    if conversation:
        raise ConfigError(
            "the agent has a session, which holds its conversation: give none"
        )
    return session.conversation


# What to do with outcomes that wait for no approval.
_INSTEAD = {
    "Done": ": its run has ended",
    "Stopped": ": its run has ended; run the request again",
    "NeedsInput": ": answer it by run(text, conversation=outcome.conversation)",
}


def to_resume(session: KeptSession | None, paused: NeedsApproval | None) -> Unfinished:
    """Return the run to go on with: the given one, or the session's.

    Raises:
        ConfigError: there is none, or what was given waits for no approval.
    """
    if paused is not None:
        given = cast(object, paused)
        if not isinstance(given, NeedsApproval):
            kind = type(given).__name__
            raise ConfigError(f"{kind} cannot be resumed{_INSTEAD.get(kind, '')}")
        return paused_run(given)
    unfinished = session.session.unfinished if session else None
    if unfinished is None:
        where = f"session {session.session.id}" if session else "this agent"
        raise ConfigError(f"{where} has no run that waits or was cut off")
    return unfinished


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
        if self.journal is None:
            raise ConfigError("this agent keeps no journal: nothing can be taken back")
        from agentkit.stores.journal import settle_interrupted, undo_entry, undo_last

        await settle_interrupted(self.journal, toolset, context)
        if not number:
            return await undo_last(self.journal, toolset, context, count)
        entry = self.journal.entry(number)
        if entry is None:
            raise ConfigError(f"the journal has no entry {number}")
        return (await undo_entry(entry, self.journal, toolset, context),)

    async def redo(
        self, count: int, number: int, toolset: Toolset, context: Context, leave: Leave
    ) -> tuple[Redone, ...]:
        """Do again what was taken back last, or one entry by its number.

        Raises:
            ConfigError: there is no journal, or no such entry.
            RunBusy: the run of one goes on.
            StoreError: the journal cannot be used.
        """
        if self.journal is None:
            raise ConfigError("this agent keeps no journal: nothing can be done again")
        from agentkit.stores.journal import redo_entry, redo_last, settle_interrupted

        await settle_interrupted(self.journal, toolset, context)
        if not number:
            return await redo_last(self.journal, toolset, context, count, leave)
        entry = self.journal.entry(number)
        if entry is None:
            raise ConfigError(f"the journal has no entry {number}")
        return (await redo_entry(entry, self.journal, toolset, context, leave),)


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
