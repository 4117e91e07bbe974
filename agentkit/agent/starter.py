"""Makes runs with all they need, and carries them to their end."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from agentkit.agent.answer_judge import AnswerJudge
from agentkit.agent.calls.approval import Approve, always
from agentkit.agent.calls.executor import Executor
from agentkit.agent.delegation import Caller
from agentkit.agent.held_sessions import KeptSession
from agentkit.agent.ladder.border import Border
from agentkit.agent.ladder.ladder import Ladder
from agentkit.agent.ladder.request import Requester
from agentkit.agent.ladder.situation import Situation
from agentkit.agent.observers import Observed
from agentkit.agent.occasion import Occasion
from agentkit.agent.record import EffectRecord
from agentkit.agent.run import Run
from agentkit.agent.run_transcript import RunTranscript
from agentkit.agent.setup import Setup
from agentkit.agent.stream import Pace, at_once
from agentkit.context import Context
from agentkit.messages import Conversation, Message, ToolCall
from agentkit.outcomes import Emit, Event, Outcome
from agentkit.privacy.gate import Ask, PrivacyPolicy
from agentkit.safety.policy import Policy
from agentkit.safety.provenance import gather
from agentkit.safety.rules import Answer
from agentkit.stores.own_thread import aside
from agentkit.stores.sessions import Unfinished, paused_run

if TYPE_CHECKING:
    from agentkit.privacy.personal_values import PersonalValue


def silent(_: Event) -> None:
    """Ignore events."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NewRequest:
    """A new request, with what was said before it.

    Attributes:
        before: what was said before.
        now: what is said now, the closing of calls that were left open included.
        shown: all of it, as the run has it.
    """

    before: Conversation
    now: Conversation
    shown: Conversation

    @property
    def text(self) -> str:
        """The user's words."""
        return self.now[-1].text


@dataclass(frozen=True, slots=True, kw_only=True)
class Starter:
    """Makes the runs of one agent.

    Attributes:
        setup: what is the same for all runs.
        record: the journal.
        context: the application's; made anew for each run when None.
        approve: asked before calls.
        policy: what runs, is asked about, is refused.
        privacy: what may leave the device.
        ask_egress: asked before text leaves.
        values: further personal values.
    """

    setup: Setup
    record: EffectRecord
    context: Context | None
    approve: Approve | None
    policy: Policy
    privacy: PrivacyPolicy
    ask_egress: Ask | None
    values: tuple[PersonalValue, ...]

    def on(self, occasion: Occasion) -> Starter:
        """Return a starter with the context of one occasion."""
        # Most requests say nothing of their own, and need no copy.
        if occasion.context is self.context:
            return self
        record = self.record.of(occasion.context)
        return replace(self, context=occasion.context, record=record)

    def run(
        self,
        messages: list[Message],
        emit: Emit = silent,
        pace: Pace = at_once,
        run_id: str = "",
        *,
        is_new: bool = False,
        caller: Caller | None = None,
    ) -> Run:
        """Make a run over what was said.

        Args:
            messages: what was said.
            emit: told each event.
            pace: waited for between events.
            run_id: its name; made up when empty.
            is_new: the name was made up now.
            caller: the run that asks for it; None where the user does.
        """
        context, run_id = self._context(caller), run_id or uuid.uuid4().hex
        observed = Observed(run_id)
        emit = observed.hearing(emit)
        setup = self.setup.of(context)
        request = _request_of(messages)
        effects = self.record.effects(run_id, request, context, is_new=is_new)
        said = RunTranscript(list(messages))
        ladder = self._ladder(setup, said, context, emit)
        executor = Executor(
            setup.toolset,
            context,
            self.approve,
            emit,
            policy=self.policy,
            evidence=gather(
                messages, setup.toolset, caller.evidence.sources if caller else ()
            ),
            effects=effects,
            limits=setup.limits,
            request=request,
            run_id=run_id,
            told=lambda: said.label,
            spent=ladder.add_spent,
            hooks=setup.hooks,
            caller=caller,
        )
        return Run(
            setup=setup,
            context=context,
            executor=executor,
            emit=emit,
            said=said,
            ladder=ladder,
            answers=AnswerJudge(setup, ladder.step_up),
            pace=pace,
            run_id=run_id,
            effects=effects,
            observed=observed,
        )

    async def request(
        self,
        request: NewRequest,
        session: KeptSession | None,
        *,
        emit: Emit = silent,
        pace: Pace = at_once,
        run_id: str = "",
    ) -> Outcome:
        """Carry one request to an outcome, in a session where there is one.

        Args:
            request: what is said now, and what was before.
            session: where it is kept; None for nowhere.
            emit: told each event.
            pace: waited for between events.
            run_id: names a run that was cut off; a new one when empty, or the one that
                asked whether something was done, when that is answered.

        Raises:
            RunBusy: another process carries it out.
        """
        answered = self.record.answered
        if not run_id and request.before:
            run_id = await aside(answered, request.before, request.text)
        # A name that was just made up is known to nobody else: then no lock is needed
        # until something is done.
        hold = bool(run_id)
        if session:
            run_id = await session.begin(request.now, run_id)
            emit = session.telling(emit)
        run = self.run(list(request.shown), emit, pace, run_id, is_new=not hold)
        return await self.finish(run, session, hold=hold)

    async def resume(
        self,
        waits: Unfinished,
        session: KeptSession | None,
        *,
        approve: bool | Answer | Approve | None = None,
        emit: Emit = silent,
        pace: Pace = at_once,
    ) -> Outcome:
        """Answer what waits for approval, and go on where the run was.

        Args:
            waits: the run that was paused or cut off.
            session: where it is kept; None for nowhere.
            approve: the answer to all, or a callback that answers each; the agent's
                own when None. A yes to all is one to what was shown: a call whose
                preview has changed since waits again.
            emit: told each event.
            pace: waited for between events.

        Raises:
            RunBusy: another process carries it out.
        """
        if session:
            await session.go_on()
            emit = session.telling(emit)
        run = self.run(list(waits.conversation), emit, pace, waits.run_id)
        run.go_on_from(waits)
        run.executor.go_on_within(waits.pending)
        if callable(approve):
            run.executor.approve_with(approve)
        # A run that was cut off asked nothing yet: a plain yes would be one to calls
        # nobody saw.
        elif approve is not None and waits.asked:
            run.executor.approve_with(always(approve), shown=waits.pending)
        return await self.finish(run, session, waits.calls, hold=True)

    async def within(self, opening: Conversation, caller: Caller) -> Outcome:
        """Carry out the request of another agent's run, inside of its call.

        Args:
            opening: the instructions and the request.
            caller: that run; what waited in this call before goes on.

        Raises:
            RunBusy: another process carries it out.
        """
        waits = caller.waits
        said = waits.conversation if waits else opening
        run = self.run(list(said), run_id=caller.inner_id, caller=caller)
        calls: Sequence[ToolCall] = ()
        if waits:
            # What it used before, the calling run has counted.
            unfinished = replace(paused_run(waits), usage_by={}, bytes_out=0)
            run.go_on_from(unfinished)
            run.executor.go_on_within(waits.pending)
            calls = unfinished.calls
        outcome = await self._carried(run, calls, hold=True)
        caller.spent(outcome)
        return outcome

    async def finish(
        self,
        run: Run,
        session: KeptSession | None,
        calls: Sequence[ToolCall] = (),
        *,
        hold: bool,
    ) -> Outcome:
        """Carry a run to an outcome, and keep its messages as they come.

        Args:
            run: what is carried.
            session: where it is kept; None for nowhere.
            calls: those that wait, settled first.
            hold: whether nobody else may carry this run out meanwhile.

        Raises:
            RunBusy: another process carries it out.
        """
        if session is None:
            return await self._carried(run, calls, hold=hold)
        run.said.keep = session.say
        outcome = await self._carried(run, calls, hold=hold)
        await session.end(outcome)
        return outcome

    async def _carried(
        self, run: Run, calls: Sequence[ToolCall], *, hold: bool
    ) -> Outcome:
        with run.observed.going_on() as ended:
            try:
                if run.effects and hold:
                    await aside(run.effects.hold)
                await self.record.settle(run.setup.toolset, run.context, run.emit)
                settled = await run.settle(calls) if calls else None
                run.executor.approve_with(self.approve)
                outcome = settled or await run.carry()
            finally:
                if run.effects:
                    run.effects.release()
            ended.append(outcome)
            return outcome

    def _context(self, caller: Caller | None) -> Context:
        given = self.context.current() if self.context else None
        context = given or (caller.context if caller else Context())
        offline = self.privacy.mode == "offline"
        return replace(context, offline=True) if offline else context

    def _ladder(
        self, setup: Setup, said: RunTranscript, context: Context, emit: Emit
    ) -> Ladder:
        border = Border(self.privacy, context, self.ask_egress, self.values)
        situation = Situation(
            setup.backends,
            setup.reasons,
            setup.router,
            border,
            setup.toolset,
            context,
            # Beside those that are selected stands the finder.
            setup.select.limit + len(setup.select.always) + 1 if setup.select else 0,
            setup.reach,
        )
        requester = Requester(setup, context, border, emit)
        return Ladder(setup, said, situation, requester, emit)


def _request_of(messages: Sequence[Message]) -> str:
    return next((m.text for m in reversed(messages) if m.role == "user"), "")
