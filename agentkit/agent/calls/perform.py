"""Runs one checked call: within its time, and journaled where it has an effect."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future
from datetime import UTC, datetime, timedelta
from typing import Any

from agentkit.agent.calls.batch import (
    CallBatch,
    Memory,
    error_text,
    out_of_time,
    too_many_sends,
)
from agentkit.agent.calls.check import Checked
from agentkit.agent.calls.tool_threads import forget, invoke
from agentkit.agent.delegation import Caller, RunWaits, called_by
from agentkit.agent.hooks import NO_HOOKS, Hooks
from agentkit.agent.stops import RunClock
from agentkit.context import Context, Limits, carrying_out, leave_given
from agentkit.errors import InputNeeded, ToolTimeout
from agentkit.messages import ToolCall, ToolResult
from agentkit.outcomes import CallStarted
from agentkit.stores.journal import Effects, JournalEntry
from agentkit.stores.own_thread import aside
from agentkit.tools import Toolset


class Performer:
    """Runs the checked calls of one run."""

    def __init__(
        self,
        memory: Memory,
        effects: Effects | None,
        limits: Limits,
        clock: RunClock,
        toolset: Toolset,
        *,
        context: Context,
        calling: Callable[[ToolCall], Caller],
        hooks: Hooks = NO_HOOKS,
    ) -> None:
        """Store what calls need: the run's memory, journal, limits, clock and tools.

        Args:
            memory: told of effects that ran out of time and may go on.
            effects: the run's part of the journal; None where there is none.
            limits: time of a call, and sends of an hour.
            clock: the run's, which no call outlasts.
            toolset: the tools, which know how to take back what they did.
            context: handed to hooks.
            calling: says to an agent that is a tool who calls it.
            hooks: the application's say in each call.
        """
        self._memory, self._toolset = memory, toolset
        self._context, self._calling, self._hooks = context, calling, hooks
        self._effects = effects
        self._limits, self._clock = limits, clock
        self._sends = 0

    async def perform(self, checked: Checked, batch: CallBatch) -> ToolResult | None:
        """Run a call and announce its start and end; None where it waits for a yes.

        Raises:
            StoreError: the journal cannot be written.
        """
        call, tool = checked.call, checked.tool
        # Before `CallStarted`: a call that is refused never began, so no trace shows
        # it.
        if refusal := await self._hooks.refusal(call, tool, self._context):
            return batch.tell(refusal)
        batch.emit(CallStarted(call, tool.effect))
        started = time.perf_counter()
        # What a call leaves the device under is whoever let it, and not the tool's word.
        leave = checked.leave if tool.effect == "send" else ""
        try:
            with leave_given(leave), called_by(self._calling(call)):
                result = await self._once(checked)
        except InputNeeded as exc:
            return batch.ask_user(call, exc)
        except RunWaits as exc:
            batch.pending += exc.approvals(call)
            return None
        seen = await self._hooks.seen(result, tool, self._context)
        return batch.tell(seen, time.perf_counter() - started)

    async def _once(self, checked: Checked) -> ToolResult:
        # Calls of one step wait for approvals before they run; the time may be gone by
        # then.
        if self._clock.is_over:
            return ToolResult(checked.call, "skipped", out_of_time(checked.call))
        if self._effects is not None and checked.tool.effect != "read":
            return await self._journaled(checked, self._effects)
        if checked.tool.effect == "send" and not self._may_send():
            return self._too_many(checked)
        return await self._result(checked)

    def _too_many(self, checked: Checked) -> ToolResult:
        note = too_many_sends(checked.call, self._limits.sends_per_hour)
        return ToolResult(checked.call, "denied", note)

    async def _journaled(self, checked: Checked, effects: Effects) -> ToolResult:
        """Run an effect; the journal is written before and after.

        Raises:
            InputNeeded: the tool did nothing, and asks.
            StoreError: the journal cannot be written.
        """
        tool, entry = checked.tool, await aside(self._begin, checked, effects)
        if entry is None:
            return self._too_many(checked)

        def end_late(value: Any) -> None:
            done = ToolResult(checked.call, "done", checked.tool.dump(value))
            effects.end(entry, checked.tool, done)

        try:

            def take_back(count: int) -> Awaitable[tuple[str, ...]]:
                return effects.take_back(entry, count, self._toolset)

            def do_again(count: int) -> Awaitable[tuple[str, ...]]:
                return effects.do_again(entry, count, self._toolset)

            with carrying_out(entry.intent.key, take_back, do_again):
                result = await self._result(checked, end_late)
        except InputNeeded as exc:
            asked = ToolResult(checked.call, "skipped", exc.question)
            await aside(effects.end, entry, tool, asked)
            raise
        if self._memory.was_left(checked.call):
            # It ran out of time, and may go on.
            await aside(effects.leave, entry, str(result.value))
            return result
        await aside(effects.end, entry, tool, result)
        return result

    def _begin(self, checked: Checked, effects: Effects) -> JournalEntry | None:
        """Write down an effect that is about to happen; None above the limit of sends.

        Both in one go: of requests at once none counts before another has written.
        """
        if checked.tool.effect == "send" and not self._may_send():
            return None
        return effects.begin(
            checked.call, checked.tool, checked.arguments, turn=checked.turn
        )

    async def _result(
        self, checked: Checked, on_late: Callable[[Any], None] = forget
    ) -> ToolResult:
        call, tool = checked.call, checked.tool
        try:
            # A tool that knows that it is slow, such as another agent, says so itself.
            own = tool.timeout or self._limits.tool_seconds
            seconds = self._clock.bounded(own)
            arguments = checked.arguments
            value = tool.dump(
                await invoke(tool, arguments, seconds, self._left, on_late)
            )
        except (InputNeeded, RunWaits):
            raise
        except Exception as exc:
            return self._failed(checked, exc)
        return ToolResult(call, "done", value)

    def _failed(self, checked: Checked, error: Exception) -> ToolResult:
        call, tool = checked.call, checked.tool
        failed = ToolResult(call, "error", f"{call.name} failed: {error_text(error)}")
        if isinstance(error, ToolTimeout) and tool.effect != "read":
            # A thread may still do it: the same is not begun a second time.
            self._memory.keep(failed)
        return failed

    def _left(self, thread: Future[Any]) -> None:
        if self._effects is not None:
            self._effects.await_thread(thread)

    def _may_send(self) -> bool:
        """Count a send of this run; what other runs of the home sent counts too."""
        most = self._limits.sends_per_hour
        if most is None:
            return True
        # The wall clock, as the journal's entries of other processes have no other.
        hour = datetime.now(UTC) - timedelta(hours=1)
        sent = self._effects.sends_since(hour) if self._effects else self._sends
        self._sends += 1
        return sent < most
