"""Carries out the calls of a step; those that do not depend on others run together."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine, Iterable, Mapping, Sequence
from typing import Any

from agentkit.agent.calls.approval import Approve, Approver
from agentkit.agent.calls.asker import Asker
from agentkit.agent.calls.batch import CallBatch, Memory
from agentkit.agent.calls.check import Checked, Checker, Screener
from agentkit.agent.calls.perform import Performer
from agentkit.agent.calls.tool_threads import forget
from agentkit.agent.delegation import Caller, WaitingRuns
from agentkit.agent.hooks import NO_HOOKS, Hooks
from agentkit.agent.stops import RunClock, call_key
from agentkit.context import Context, Limits
from agentkit.messages import Label, ToolCall, ToolResult
from agentkit.outcomes import Approval, Emit, Outcome
from agentkit.safety.policy import Policy
from agentkit.safety.provenance import Evidence
from agentkit.safety.provenance.comparison import scalars
from agentkit.safety.provenance.trace import chosen_by_others
from agentkit.stores.journal import Effects
from agentkit.tools import Toolset


def next_wave(waiting: Mapping[int, ToolCall]) -> dict[int, ToolCall]:
    """Return the calls that do not depend on another one that is still waiting."""
    open_ids = {call.id for call in waiting.values() if call.id}
    wave = {i: call for i, call in waiting.items() if not call.needs & open_ids}
    # Calls that wait for each other in a circle: each is tried, and told what it lacks.
    return wave or dict(waiting)


def firsts(ready: Mapping[int, Checked]) -> dict[int, int]:
    """Return for each call the place of the first that is the same effect."""
    places: dict[str, int] = {}
    return {
        place: places.setdefault(_key(checked, place), place)
        for place, checked in ready.items()
    }


def _key(checked: Checked, place: int) -> str:
    """Identical effects of one step are one effect; reads stay apart."""
    if checked.tool.effect == "read":
        return str(place)
    return f"{checked.turn} {call_key(checked.call)}"


async def _all_of(
    runs: Iterable[Coroutine[Any, Any, ToolResult | None]],
) -> list[ToolResult | None]:
    """Wait for all calls, and raise the first error only then.

    A run that ended before would unlock while another of its calls still changes
    something. The same holds where it is cancelled.
    """
    found = await asyncio.gather(*runs, return_exceptions=True)
    results: list[ToolResult | None] = []
    for one in found:
        if isinstance(one, BaseException):
            raise one
        results.append(one)
    return results


class Executor:
    """Carries out the calls of one run; remembers what was done and what denied.

    Attributes:
        clock: the run's.
    """

    def __init__(
        self,
        toolset: Toolset,
        context: Context,
        approve: Approve | None,
        emit: Emit,
        *,
        policy: Policy | None = None,
        evidence: Evidence | None = None,
        effects: Effects | None = None,
        limits: Limits | None = None,
        request: str = "",
        run_id: str = "",
        told: Callable[[], Label] = Label,
        spent: Callable[[Outcome], None] = forget,
        hooks: Hooks = NO_HOOKS,
        caller: Caller | None = None,
    ) -> None:
        """Store the tools, their context, who approves and who hears the events.

        Args:
            toolset: what may be called.
            context: handed to tools.
            approve: asked where the policy says so.
            emit: told each event.
            policy: what runs, is asked about, is refused; the default one when None.
            evidence: what was said and read before; nothing when None.
            effects: the run's part of the journal; nothing is journaled when None.
            limits: what a call may take and return; the default ones when None.
            request: the user's words, which may ask for the same more than once.
            run_id: names the run.
            told: gives the label of all that the model was told.
            spent: told what a run inside of a call used.
            hooks: the application's say in each call.
            caller: the run that asks for this one; None where the user does.
        """
        self._toolset, self._emit = toolset, emit
        self._run_id, self._context = run_id, context
        self._told, self._spent = told, spent
        self._waiting = WaitingRuns()
        self._evidence = evidence or Evidence(toolset)
        self._memory = Memory(toolset, request)
        limits = limits or Limits()
        self.clock = RunClock(limits.seconds)
        outer = caller.approver if caller else None
        self._approver = Approver(context, approve, emit, self.clock, outer)
        # Late: reading the address book is only paid for where a receiver is judged.
        self._evidence.contacts = lambda: self._approver.contacts
        self._evidence.strict = policy.strict if policy else False
        self._checker = Checker(
            toolset, context, self._approver, policy or Policy(), self._evidence
        )
        self._screener = Screener(self._checker, self._memory, effects)
        self._asker = Asker(
            self._checker, self._screener, self._approver, self._evidence
        )
        self._performer = Performer(
            self._memory,
            effects,
            limits,
            self.clock,
            toolset,
            context=context,
            calling=self._calling,
            hooks=hooks,
        )

    def approve_with(
        self, approve: Approve | None, *, shown: Sequence[Approval] | None = None
    ) -> None:
        """Ask with another callback from now on.

        Args:
            approve: answers.
            shown: what they were shown and answer to, nothing else; all when None.
        """
        self._approver.answer_with(approve, shown)

    def go_on_within(self, pending: tuple[Approval, ...]) -> None:
        """Remember the inner runs that wait in calls, from the pending approvals."""
        self._waiting.take(pending)

    def _calling(self, call: ToolCall) -> Caller:
        return Caller(
            call=call,
            run_id=self._run_id,
            context=self._context,
            approver=self._approver,
            evidence=self._evidence,
            label=self._told(),
            spent=self._spent,
            waits=self._waiting.of(call),
        )

    def remember(self, result: ToolResult) -> None:
        """Remember an effect that was done or denied, so that it is not repeated."""
        self._memory.note(result)

    def check(self, call: ToolCall) -> Checked:
        """Validate one call.

        Raises:
            InvalidArguments: the tool is unknown or an argument does not fit.
            InputNeeded: only the user can say what is meant.
        """
        return self._checker.check(call)

    async def carry_out(self, calls: tuple[ToolCall, ...]) -> CallBatch:
        """Check all, ask for approvals one by one, run what may run at once.

        A call that needs another's result waits for it and is checked with it.
        """
        batch = CallBatch(self._emit)
        waiting = dict(enumerate(calls))
        while waiting:
            wave = next_wave(waiting)
            await self._carry_out_wave(wave, batch)
            waiting = {i: call for i, call in waiting.items() if i not in wave}
        batch.close()
        for result in batch.results:
            self.remember(result)
        return batch

    async def _carry_out_wave(
        self, wave: Mapping[int, ToolCall], batch: CallBatch
    ) -> None:
        done, ready = batch.done, dict[int, Checked]()
        # One after the other: a person answers one question at a time, and what they
        # say to the first may decide the second.
        for place, call in wave.items():
            found: Checked | ToolResult | None
            found = await self._screener.screen(call, done, batch)
            if isinstance(found, Checked):
                found = await self._asker.settle_on(found, batch)
            if isinstance(found, Checked):
                ready[place] = found
            elif found is not None:
                batch.settled[place] = found
        await self._run_all(ready, batch)
        for place in wave.keys() & batch.settled.keys():
            self._take_in(batch.settled[place], batch)

    async def _run_all(self, ready: Mapping[int, Checked], batch: CallBatch) -> None:
        first = firsts(ready)
        unique = [place for place in ready if first[place] == place]
        runs = [self._performer.perform(ready[place], batch) for place in unique]
        # Most steps make one call: without gather it needs no task of its own.
        results = [await runs[0]] if len(runs) == 1 else await _all_of(runs)
        done = zip(unique, results, strict=True)
        batch.settled.update({place: one for place, one in done if one is not None})
        # A twin of an effect gets its result without a second run.
        for place in ready.keys() - set(unique):
            same = batch.settled.get(first[place])
            if same is not None:
                call = ready[place].call
                batch.settled[place] = ToolResult(call, same.status, same.value)

    def _take_in(self, result: ToolResult, batch: CallBatch) -> None:
        """Add a result to the evidence, so that later calls can be traced to it."""
        if result.name in self._toolset:
            label = batch.label(result, self._toolset[result.name].label)
            tainted = batch.is_tainted(result.call)
            # What a tainted call was given was chosen by somebody else's text: a later
            # call that repeats it is tainted, too.
            given = tuple(scalars(result.arguments)) if tainted else ()
            chosen = (tainted and chosen_by_others(result, self._evidence)) or given
            self._evidence.add(result, label, chosen=chosen)
