"""One request carried to an outcome: ask a backend, carry out its calls, again."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from typing import Any, TypeVar

from agentkit.agent.approving import Emit
from agentkit.agent.batch import Batch
from agentkit.agent.border import Border
from agentkit.agent.executing import Executor
from agentkit.agent.guiding import Guide
from agentkit.agent.keeping import forget
from agentkit.agent.limiting import calls_left, cut, spent
from agentkit.agent.requesting import Requester
from agentkit.agent.setup import Setup
from agentkit.agent.shielding import objection
from agentkit.agent.showing import retell
from agentkit.agent.stopping import Repetition, call_key
from agentkit.agent.streaming import Pace, at_once
from agentkit.agent.wording import standstill_text, waiting_text
from agentkit.backends.base import Fault, Reply, Request, check_reply
from agentkit.context import Context
from agentkit.errors import BackendError, EgressDenied
from agentkit.events import (
    CallFinished,
    Repaired,
    StepStarted,
)
from agentkit.journal import Effects
from agentkit.messages import (
    Call,
    Label,
    Message,
    Question,
    Result,
    assistant,
    tool_result,
)
from agentkit.outcomes import (
    Done,
    Ending,
    NeedsApproval,
    NeedsInput,
    Outcome,
    Stopped,
    StopReason,
)
from agentkit.routing import NO_ROUTE, Facts, Route, Unserved, choose
from agentkit.sessions import Unfinished

E = TypeVar("E", bound=Ending)


@dataclass(slots=True)
class Run:
    """The state of one request on its way to an outcome."""

    setup: Setup
    context: Context
    executor: Executor
    emit: Emit
    messages: list[Message]
    border: Border
    pace: Pace = at_once
    run_id: str = ""
    effects: Effects | None = None
    keep: Callable[[Message], None] = forget
    _requester: Requester | None = None
    steps: int = 0
    tokens: int = 0
    bytes_out: int = 0
    route: Route = NO_ROUTE
    calls: list[Result] = field(default_factory=list[Result])
    started: float = field(default_factory=time.perf_counter)
    _guide: Guide | None = None

    def go_on_from(self, waits: Unfinished, *, cost: float) -> None:
        """Take over what a run came to before it was paused or cut off."""
        self.steps, self.bytes_out = waits.steps, waits.bytes_out
        self.guide.cost = cost
        self.calls = list(waits.results)
        for result in waits.results:
            self.executor.remember(result)

    async def carry(self) -> Outcome:
        """Go on, step by step, to an outcome."""
        if self.setup.shields and not self.steps:
            why = await objection(
                self.setup.shields, "input", tuple(self.messages), self.emit
            )
            if why:
                return self.stop("shield", why)
        return await self._carry_steps()

    async def _carry_steps(self) -> Outcome:
        repetition = Repetition(self.setup.max_repeats)
        while self.steps < self.setup.max_steps:
            if used_up := self._spent():
                return used_up
            reply = await self.ask()
            if not isinstance(reply, Reply):
                return reply
            self.tokens += (reply.tokens_in or 0) + (reply.tokens_out or 0)
            if reply.question:
                return self.needs_input(reply.question)
            if not reply.calls and not reply.faults:
                return await self._answered(reply)
            self._say(assistant(reply.text, reply.calls))
            standstill = repetition.observe(reply.calls, reply.faults)
            if standstill:
                if not self._leave(standstill, reply.calls):
                    return self._stuck(standstill)
                repetition = Repetition(self.setup.max_repeats)
                continue
            await self.pace()
            paused = await self.settle(reply.calls, reply.faults)
            if paused:
                return paused
            self._watch(len(reply.calls))
            await self.pace()
        limit = self.setup.max_steps
        return self.stop(
            "step_limit", f"Stopped after {limit} steps without an answer."
        )

    async def ask(self) -> Reply | Outcome:
        """Let the first backend that may and can serve this step answer."""
        while True:
            route = choose(self._facts())
            if isinstance(route, Unserved):
                return self.stop(route.reason, route.text)
            self.route = route
            self.emit(StepStarted(self.steps + 1, self.route))
            backend = self.setup.backends[self.route.backend]
            try:
                said = tuple(self.messages)
                request = self.requester.request(said, backend, self._label())
                reply = check_reply(route.backend, await backend.reply(request))
                reply = self.border.incoming(reply, backend)
            except BackendError as exc:
                self.bytes_out += exc.bytes_out
                if not self._step_up(str(exc)):
                    denied = isinstance(exc, EgressDenied)
                    return self.stop("privacy" if denied else "backend_error", str(exc))
                continue
            self.bytes_out += reply.bytes_out
            self.guide.paid(route.backend, reply)
            if reply.abstained:
                self.guide.passed[self.route.backend] = reply.reason or "unsure"
                continue
            if self._is_doubted(request, reply):
                continue
            self.steps += 1
            self._note(reply)
            faults = retell(reply.faults, request.toolset, self.setup.toolset)
            return replace(reply, faults=faults)

    async def settle(
        self, calls: Sequence[Call], faults: Sequence[Fault] = ()
    ) -> Outcome | None:
        """Carry out calls and tell the model of faults; an outcome when it pauses."""
        if self.effects is not None:
            self.effects.step = self.steps
        left = calls_left(self.setup.limits, self.calls, calls)
        batch = await self.executor.carry_out(left.calls)
        batch.results += left.skipped
        unread = [Result(Call(fault.tool), "error", fault.message) for fault in faults]
        for result in unread:
            self.emit(CallFinished(result))
        for result in [*batch.results, *unread]:
            if call_key(result.call) in batch.edited:
                self._say(assistant(calls=(result.call,)))
            self._add_result(result, batch)
        return self._paused(batch)

    def _spent(self) -> Stopped | None:
        """Stop a run that has used up its time, tokens or calls."""
        seconds = time.perf_counter() - self.started
        found = spent(self.setup.limits, seconds, self.tokens, len(self.calls))
        return self.stop(*found) if found else None

    def needs_input(self, question: Question) -> NeedsInput:
        """End with a question, which the conversation keeps."""
        self._say(assistant(question.text))
        return self._end(NeedsInput, question.text, question=question)

    def stop(self, reason: StopReason, text: str) -> Stopped:
        """End without an answer."""
        return self._end(Stopped, text, reason=reason)

    @property
    def guide(self) -> Guide:
        """What decides which backend serves."""
        if self._guide is None:
            setup = self.setup
            self._guide = Guide(
                setup.backends,
                setup.reasons,
                setup.router,
                self.border,
                setup.toolset,
                self.context,
            )
        return self._guide

    @property
    def requester(self) -> Requester:
        """What makes the requests to backends."""
        if self._requester is None:
            self._requester = Requester(
                self.setup, self.context, self.border, self.emit
            )
        return self._requester

    def _facts(self) -> Facts:
        said = self.requester.shortest(tuple(self.messages))
        return self.guide.facts(said, self._label())

    def _label(self) -> Label:
        return reduce(Label.join, (m.label for m in self.messages), Label("model"))

    def _step_up(self, why: str) -> bool:
        """Pass on to the next rung, if there is one that has not passed."""
        passing = {self.route.backend: why}
        facts = self.guide.facts(self.messages, self._label(), passing=passing)
        if not isinstance(choose(facts), Route):
            return False
        self.guide.passed |= passing
        return True

    def _is_doubted(self, request: Request, reply: Reply) -> bool:
        """Look twice at a local reply: whether another rung is asked before it runs."""
        name = self.route.backend
        if not self.guide.looks_twice(name, request, reply):
            return False
        found = choose(self._facts())
        if isinstance(found, Route) and found.backend == name:
            self.route = found
            return False
        return True

    def _leave(self, standstill: StopReason, calls: Sequence[Call]) -> bool:
        """Close calls that come again, and leave the rest to the next rung, if any."""
        for call in calls:
            self._add_result(Result(call, "skipped", f"not run: {standstill}"))
        return self._step_up(f"no progress ({standstill.replace('_', ' ')})")

    def _watch(self, count: int) -> None:
        """Step up when too many steps in a row came to nothing."""
        statuses = [result.status for result in self.calls[-count:]] if count else []
        if self.guide.came_of(statuses) and self._step_up("no progress"):
            self.guide.fruitless = 0

    def _note(self, reply: Reply) -> None:
        if reply.reason:
            self.route = Route(self.route.backend, reply.reason)
        for repair in reply.repairs:
            self.emit(Repaired(repair))

    async def _answered(self, reply: Reply) -> Outcome:
        if not reply.text.strip():
            return self.stop("empty_reply", "The model said nothing.")
        if self.setup.shields:
            said = (*self.messages, assistant(reply.text))
            why = await objection(self.setup.shields, "output", said, self.emit)
            if why:
                return self.stop("shield", why)
        self._say(assistant(reply.text))
        if reply.failed:
            return self.stop("tool_failed", reply.text)
        return self._end(Done, reply.text)

    def _stuck(self, reason: StopReason) -> Stopped:
        asked = next(m.calls for m in reversed(self.messages) if m.role == "assistant")
        return self.stop(reason, standstill_text(reason, asked))

    def _paused(self, batch: Batch) -> Outcome | None:
        if batch.question:
            return self.needs_input(batch.question)
        if batch.pending:
            text = waiting_text(item.call for item in batch.pending)
            return self._end(NeedsApproval, text, pending=tuple(batch.pending))
        return None

    def _say(self, message: Message) -> None:
        """Add the model's turn; what it says carries the labels of what it saw."""
        label = Label("model").join(self._label())
        self._add(Message(message.role, message.text, message.calls, label=label))

    def _add_result(self, result: Result, batch: Batch | None = None) -> None:
        known = result.name in self.setup.toolset
        label = self.setup.toolset[result.name].label if known else Label("tool")
        label = batch.label(result, label) if batch else label
        if result.status == "skipped":
            # A question names candidates from the user's stores, whatever the tool.
            label = label.join(Label("tool", "personal"))
        self.calls.append(result)
        self._add(tool_result(cut(result, self.setup.limits.result_chars), label))

    def _add(self, message: Message) -> None:
        self.keep(message)
        self.messages.append(message)

    def _end(self, kind: type[E], text: str, **extra: Any) -> E:
        return kind(
            text=text,
            steps=self.steps,
            calls=tuple(self.calls),
            route=self.route,
            conversation=tuple(self.messages),
            bytes_out=self.bytes_out,
            cost=self.guide.cost,
            seconds=time.perf_counter() - self.started,
            run_id=self.run_id,
            **extra,
        )
