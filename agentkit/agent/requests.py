"""The calls that start or resume runs: waited for, awaited or streamed."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Generic

from agentkit.agent.answer_form import Out
from agentkit.agent.calls.approval import Approve
from agentkit.agent.held_sessions import SessionChoice, SessionShelf
from agentkit.agent.occasion import Occasion
from agentkit.agent.record import PastEffects
from agentkit.agent.run_transcript import before, check_text, opened, to_resume
from agentkit.agent.starter import NewRequest, Starter, silent
from agentkit.agent.stream import EventStream, Pace, at_once, block
from agentkit.context import Context
from agentkit.messages import Conversation
from agentkit.outcomes import Emit, NeedsApproval, Outcome
from agentkit.safety.rules import Answer
from agentkit.tools import Toolset

if TYPE_CHECKING:
    from agentkit.messages.documents import Document
    from agentkit.messages.images import Image


class Requests(PastEffects, Generic[Out]):
    """Starts and resumes runs; `Agent` is made of it.

    Attributes:
        instructions: the application's own system prompt.
        session: where conversations are kept.
    """

    def __init__(
        self,
        starter: Starter,
        tools: Callable[[Context], Toolset],
        *,
        instructions: str,
        session: SessionChoice,
    ) -> None:
        """Store what makes runs, and the defaults of the agent.

        Args:
            starter: makes them.
            tools: gives the tools of a context.
            instructions: the system prompt, where a call brings none.
            session: where they are kept, where a call names none.
        """
        super().__init__(starter.record, tools, starter.context)
        self.instructions = instructions
        self.session = session
        self._starter = starter
        self._shelf = SessionShelf()

    async def arun(
        self,
        text: str,
        *,
        conversation: Conversation = (),
        images: Iterable[Image] = (),
        documents: Iterable[Document] = (),
        run_id: str = "",
        session: SessionChoice = None,
        context: Context[Any] | None = None,
        deps: Any = None,
        instructions: str | None = None,
    ) -> Outcome[Out]:
        """Carry one request to an outcome.

        Args:
            text: what the user says.
            conversation: earlier messages, from an outcome's `.conversation`.
            images: pictures that belong to the text. One leaves the device only if it
                was made with `granted=True`.
            documents: files that belong to the text: read before it, as text that
                somebody else wrote.
            run_id: the name of a run that was cut off, to try it again: what it did
                is not done again. A new run when empty.
            session: where this conversation is kept, instead of the agent's session.
                A run that works on it in this process is waited for.
            context: home, clock and user of this run, instead of the agent's.
            deps: what the tools of this run get as `Context.deps`.
            instructions: the system prompt of this run, instead of the agent's.

        Raises:
            ConfigError: the text is empty.
            RunBusy: another process carries this run out.
            SessionHeld: another process works on the session.
        """
        occasion = self._occasion(session, context, deps, instructions)
        return await self._request(
            text, conversation, images, documents, occasion, run_id=run_id
        )

    def run(
        self,
        text: str,
        *,
        conversation: Conversation = (),
        images: Iterable[Image] = (),
        documents: Iterable[Document] = (),
        run_id: str = "",
        session: SessionChoice = None,
        context: Context[Any] | None = None,
        deps: Any = None,
        instructions: str | None = None,
    ) -> Outcome[Out]:
        """Carry one request to an outcome, and wait for it; see `arun`.

        Inside an event loop, as in a notebook, it runs in a loop of its own, and that
        one stands still meanwhile: in a server await `arun`.
        """
        work = self.arun(
            text,
            conversation=conversation,
            images=images,
            documents=documents,
            run_id=run_id,
            session=session,
            context=context,
            deps=deps,
            instructions=instructions,
        )
        return block(work)

    def stream(
        self,
        text: str,
        *,
        conversation: Conversation = (),
        images: Iterable[Image] = (),
        documents: Iterable[Document] = (),
        run_id: str = "",
        session: SessionChoice = None,
        context: Context[Any] | None = None,
        deps: Any = None,
        instructions: str | None = None,
    ) -> EventStream[Out]:
        """Carry one request and tell the events: for `for` and for `async for`.

        The arguments are those of `arun`.
        """
        # Here and not when it is iterated: the fault shows where the mistake is.
        check_text(text)
        occasion = self._occasion(session, context, deps, instructions)
        return EventStream(
            lambda emit, pace: self._request(
                text,
                conversation,
                images,
                documents,
                occasion,
                emit=emit,
                pace=pace,
                run_id=run_id,
            )
        )

    async def aresume(
        self,
        paused: NeedsApproval | None = None,
        *,
        emit: Emit = silent,
        approve: bool | Answer | Approve | None = None,
        session: SessionChoice = None,
        context: Context[Any] | None = None,
        deps: Any = None,
        instructions: str | None = None,
    ) -> Outcome[Out]:
        """Answer what waits for approval, and go on.

        Args:
            paused: the outcome of the run that waits; that of the session when None,
                where a run that was cut off is gone on with, too.
            emit: told each event.
            approve: the answer to all, or a callback that answers each; the agent's
                own when None. A yes to all is one to what was shown: a call that
                would now do something else, such as one for "tomorrow", waits
                again. Of a run that was cut off nothing was shown yet: only a
                callback answers there.
            session: as for `arun`.
            context: as for `arun`.
            deps: as for `arun`.
            instructions: as for `arun`.

        Raises:
            ConfigError: no run waits, or `paused` is no run that waits for approval.
            RunBusy: another process carries this run out.
        """
        occasion = self._occasion(session, context, deps, instructions)
        return await self._resumed(paused, approve, occasion, emit=emit)

    def resume(
        self,
        paused: NeedsApproval | None = None,
        *,
        approve: bool | Answer | Approve | None = None,
        session: SessionChoice = None,
        context: Context[Any] | None = None,
        deps: Any = None,
        instructions: str | None = None,
    ) -> Outcome[Out]:
        """Answer what waits for approval, go on, and wait for it; see `aresume`."""
        work = self.aresume(
            paused,
            approve=approve,
            session=session,
            context=context,
            deps=deps,
            instructions=instructions,
        )
        return block(work)

    def stream_resume(
        self,
        paused: NeedsApproval | None = None,
        *,
        approve: bool | Answer | Approve | None = None,
        session: SessionChoice = None,
        context: Context[Any] | None = None,
        deps: Any = None,
        instructions: str | None = None,
    ) -> EventStream[Out]:
        """Answer what waits for approval, go on and tell the events; see `aresume`."""
        occasion = self._occasion(session, context, deps, instructions)
        return EventStream(
            lambda emit, pace: self._resumed(
                paused, approve, occasion, emit=emit, pace=pace
            )
        )

    def _occasion(
        self,
        session: SessionChoice,
        context: Context[Any] | None,
        deps: Any,
        instructions: str | None,
    ) -> Occasion:
        own = Occasion(
            session=self.session, context=self._context, instructions=self.instructions
        )
        return own.but(session, context, deps, instructions)

    async def _request(
        self,
        text: str,
        conversation: Conversation,
        images: Iterable[Image],
        documents: Iterable[Document],
        occasion: Occasion,
        *,
        emit: Emit = silent,
        pace: Pace = at_once,
        run_id: str = "",
    ) -> Outcome[Out]:
        """Carry out one request, in its session where it has one."""
        async with self._shelf.held(occasion.session, occasion.context) as session:
            said = before(session, conversation)
            whole = tuple(opened(text, said, occasion.instructions, images, documents))
            request = NewRequest(
                before=said, now=whole[len(said) :], shown=occasion.instructed(whole)
            )
            return await self._starter.on(occasion).request(
                request, session, emit=emit, pace=pace, run_id=run_id
            )

    async def _resumed(
        self,
        paused: NeedsApproval | None,
        approve: bool | Answer | Approve | None,
        occasion: Occasion,
        *,
        emit: Emit = silent,
        pace: Pace = at_once,
    ) -> Outcome[Out]:
        """Go on with a waiting run, in its session where it has one."""
        async with self._shelf.held(occasion.session, occasion.context) as session:
            waits = to_resume(session, paused)
            shown = occasion.instructed(waits.conversation)
            return await self._starter.on(occasion).resume(
                replace(waits, conversation=shown),
                session,
                approve=approve,
                emit=emit,
                pace=pace,
            )
