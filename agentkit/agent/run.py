"""The loop of one request: ask a backend, carry out its calls, ask again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from agentkit.agent.answer_judge import AnswerJudge, Objected, Unusable
from agentkit.agent.calls.batch import CallBatch, standstill_text, waiting_text
from agentkit.agent.calls.executor import Executor
from agentkit.agent.ladder.ladder import Ladder, Unanswered
from agentkit.agent.objection import Objections
from agentkit.agent.observers import Observed
from agentkit.agent.run_transcript import RunTranscript
from agentkit.agent.setup import Setup
from agentkit.agent.stops import (
    Repetition,
    RunClock,
    call_key,
    calls_left,
    cut,
    in_time,
    spent,
)
from agentkit.agent.stream import Pace, at_once
from agentkit.backends.base import Fault, Reply
from agentkit.backends.usage import FinishReason
from agentkit.context import Context
from agentkit.language import speak
from agentkit.language.user_language import in_words
from agentkit.messages import (
    Label,
    Question,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
)
from agentkit.outcomes import (
    CallFinished,
    Done,
    Emit,
    Ending,
    NeedsApproval,
    NeedsInput,
    Outcome,
    StepFinished,
    Stopped,
    StopReason,
)
from agentkit.routing import Route
from agentkit.stores.journal import Effects
from agentkit.stores.sessions import Unfinished

E = TypeVar("E", bound=Ending)


@dataclass(slots=True)
class Run:
    """The state of one request on its way to an outcome."""

    setup: Setup
    context: Context
    executor: Executor
    emit: Emit
    said: RunTranscript
    ladder: Ladder
    answers: AnswerJudge
    pace: Pace = at_once
    run_id: str = ""
    effects: Effects | None = None
    observed: Observed = field(default_factory=lambda: Observed(""))
    steps: int = 0
    finish_reason: FinishReason = ""
    repetition: Repetition = field(default_factory=lambda: Repetition(1))
    calls: list[ToolResult] = field(default_factory=list[ToolResult])

    @property
    def route(self) -> Route:
        """Who serves, and why."""
        return self.ladder.route

    @property
    def clock(self) -> RunClock:
        """The run's clock."""
        return self.executor.clock

    def go_on_from(self, waits: Unfinished) -> None:
        """Continue from the state of a run that was paused or cut off."""
        self.steps = waits.steps
        self.ladder.go_on_from(
            waits.route, bytes_out=waits.bytes_out, usage_by=waits.usage_by
        )
        self.calls = list(waits.results)
        for result in waits.results:
            self.executor.remember(result)

    async def carry(self) -> Outcome:
        """Go on, step by step, to an outcome."""
        # Shields look before anything is sent, to a model on the device too.
        return await self._refused() or await self._carry_steps()

    async def ask_once(self) -> Reply | Outcome:
        """Let the ladder answer, behind the shields; an outcome when nobody does."""
        reply = await self._refused() or await self.ask()
        if not isinstance(reply, Reply):
            return reply
        text = reply.question.text if reply.question else reply.text
        return await self._kept_back(text) or reply

    async def _carry_steps(self) -> Outcome:
        self.repetition = Repetition(self.setup.max_repeats)
        while self.steps < self.setup.max_steps:
            if ended := self._spent() or await self._step():
                return ended
        limit = self.setup.max_steps
        return self.stop(
            "step_limit", f"Stopped after {limit} steps without an answer."
        )

    async def _step(self) -> Outcome | None:
        """Ask once and act on the reply; an outcome when the run ends with it."""
        reply = await self.ask()
        if not isinstance(reply, Reply):
            return reply
        if reply.question:
            return await self._ask_user(reply.question)
        if _is_last(reply):
            return await self._answered(reply)
        # What is secret is marked before anything is kept of it.
        reply = replace(reply, calls=tuple(map(self._marked, reply.calls)))
        # Before the calls run: a run that is cut off there shows what it was about to
        # do.
        await self.said.say(assistant(reply.text, reply.calls))
        if standstill := self.repetition.observe(reply.calls, reply.faults):
            return await self._stood_still(standstill, reply.calls)
        # What a call sends is an answer to somebody else, so output shields see it.
        return await self._unsent(reply.calls) or await self._acted(reply)

    async def _acted(self, reply: Reply) -> Outcome | None:
        """Carry out the calls of a reply; an outcome when the run pauses there."""
        await self.pace()
        paused = await self.settle(reply.calls, reply.faults)
        if paused is None:
            self._watch(len(reply.calls))
            await self.pace()
        return paused

    async def _stood_still(
        self, standstill: StopReason, calls: Sequence[ToolCall]
    ) -> Stopped | None:
        """Leave a run that goes in circles to the next rung, or stop it."""
        if not await self._leave(standstill, calls):
            return self._stuck(standstill)
        self.repetition = Repetition(self.setup.max_repeats)
        return None

    async def ask(self) -> Reply | Outcome:
        """Let the ladder answer the next step; an outcome when nobody does."""
        asked = self.ladder.ask(self.steps + 1)
        reply = await in_time(asked, self.clock.bounded())
        if reply is None:
            return self._spent() or self.stop(
                "time_limit", in_words("Stopped: out of time.", "")
            )
        if isinstance(reply, Unanswered):
            return self.stop(reply.reason, reply.text)
        self.steps += 1
        self._told(reply)
        if reply.language:
            # The sentences of the run itself, such as "Stopped after ...", follow the
            # user's language.
            speak(reply.language)
        return reply

    def _told(self, reply: Reply) -> None:
        """Announce why a reply ended, and what it used."""
        self.finish_reason = reply.finish_reason
        self.emit(
            StepFinished(
                self.steps, self.route.backend, reply.finish_reason, self.ladder.last
            )
        )

    async def settle(
        self, calls: Sequence[ToolCall], faults: Sequence[Fault] = ()
    ) -> Outcome | None:
        """Carry out calls and tell the model of faults; an outcome when it pauses."""
        if self.effects is not None:
            # Undo takes back what one step did together, so each entry has its step.
            self.effects.step = self.steps
        left = calls_left(self.setup.limits, self.calls, calls)
        batch = await self.executor.carry_out(left.calls)
        batch.results += left.skipped
        unread = [
            ToolResult(ToolCall(fault.tool), "error", fault.message) for fault in faults
        ]
        for result in unread:
            batch.unread.add(call_key(result.call))
            self.emit(CallFinished(result))
        for result in [*batch.results, *unread]:
            if batch.edited and call_key(result.call) in batch.edited:
                # Servers want each result behind its call, and this call was made by
                # the user's edit.
                await self.said.say(assistant(calls=(result.call,)))
            await self._add_result(result, batch)
        return await self._paused(batch)

    def _marked(self, call: ToolCall) -> ToolCall:
        tools = self.setup.toolset
        return tools[call.name].marked(call) if call.name in tools else call

    def _spent(self) -> Stopped | None:
        """Stop a run that has used up its time, tokens or calls."""
        used, tokens = self.clock.used, self.ladder.usage.total_tokens
        found = spent(self.setup.limits, used, tokens, self.calls)
        return self.stop(*found) if found else None

    @property
    def _objections(self) -> Objections:
        return Objections(self.setup, self.said, self.clock, self.emit)

    async def _refused(self) -> Stopped | None:
        """Let the shields judge the request, before the first step only."""
        return None if self.steps else self._shut(await self._objections.to_request())

    async def _kept_back(self, text: str) -> Stopped | None:
        """Let the shields judge a text before it is shown."""
        return self._shut(await self._objections.to_text(text))

    async def _unsent(self, calls: Sequence[ToolCall]) -> Stopped | None:
        """Let the shields judge what calls would send to somebody."""
        return self._shut(await self._objections.to_sends(calls))

    def _shut(self, why: str) -> Stopped | None:
        return self.stop("shield", why) if why else None

    async def _ask_user(self, question: Question) -> Outcome:
        """End with a question to the user, which is kept in the conversation."""
        choices = "\n".join((question.text, *question.candidates))
        if kept_back := await self._kept_back(choices):
            return kept_back
        await self.said.say(assistant(question.text))
        return self._end(NeedsInput, question.text, question=question)

    def stop(self, reason: StopReason, text: str) -> Stopped:
        """End without an answer."""
        return self._end(Stopped, text, reason=reason)

    async def _leave(self, standstill: StopReason, calls: Sequence[ToolCall]) -> bool:
        """Close repeated calls and leave the rest to the next rung, if there is one."""
        for call in calls:
            await self._add_result(
                ToolResult(call, "skipped", f"not run: {standstill}")
            )
        return self.ladder.step_up(f"no progress ({standstill.replace('_', ' ')})")

    def _watch(self, count: int) -> None:
        last = self.calls[-count:] if count else ()
        self.ladder.watch(result.status for result in last)

    async def _answered(self, reply: Reply) -> Outcome | None:
        """End with the answer; None where the model has to give it again."""
        if kept_back := await self._kept_back(reply.text):
            return kept_back
        if reply.text.strip():
            await self.said.say(assistant(reply.text))
        found = self.answers.judge(reply, self.route.backend, self.said.messages)
        if isinstance(found, Objected):
            told = ToolResult(ToolCall("answer"), "error", found.why)
            # What is quoted of the answer is the model's; nobody else said it.
            await self.said.add(tool_result(told, self.said.label))
            return None
        if isinstance(found, Unusable):
            return self.stop(found.reason, found.text)
        return self._end(Done, found.text, output=found.value)

    def _stuck(self, reason: StopReason) -> Stopped:
        turns = reversed(self.said.messages)
        # There is one: a standstill is found right after the model's turn was kept.
        asked = next(m.calls for m in turns if m.role == "assistant")
        return self.stop(reason, standstill_text(reason, asked))

    async def _paused(self, batch: CallBatch) -> Outcome | None:
        # The question first: its answer may change the calls that wait for a yes.
        if batch.question:
            return await self._ask_user(batch.question)
        if batch.pending:
            text = waiting_text(item.call for item in batch.pending)
            return self._end(NeedsApproval, text, pending=tuple(batch.pending))
        return None

    async def _add_result(
        self, result: ToolResult, batch: CallBatch | None = None
    ) -> None:
        tools = self.setup.toolset
        label = tools[result.name].label if result.name in tools else Label("tool")
        label = batch.label(result, label) if batch else label
        if result.status == "skipped":
            # A question names candidates from the user's stores, whatever the tool.
            label = label.join(Label("tool", "personal"))
        self.calls.append(result)
        await self.said.add(
            tool_result(cut(result, self.setup.limits.result_chars), label)
        )

    def _end(self, kind: type[E], text: str, **extra: Any) -> E:
        return kind(
            text=text,
            steps=self.steps,
            calls=tuple(self.calls),
            route=self.route,
            conversation=self.said.conversation,
            bytes_out=self.ladder.bytes_out,
            finish_reason=self.finish_reason,
            usage=self.ladder.usage,
            usage_by=dict(self.ladder.situation.usage_by),
            cost=self.ladder.usage.cost,
            seconds=self.clock.passed,
            run_id=self.run_id,
            **extra,
        )


def _is_last(reply: Reply) -> bool:
    """Tell whether a reply ends the run: a refused or filtered one calls nothing."""
    ended = reply.finish_reason in ("filtered", "refused")
    return ended or (not reply.calls and not reply.faults)
