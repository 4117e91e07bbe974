"""Asks the shields of a run for their objections."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from agentkit.agent.run_transcript import RunTranscript
from agentkit.agent.setup import Setup
from agentkit.agent.stops import RunClock, in_time
from agentkit.errors import BackendError
from agentkit.messages import Conversation, ToolCall, assistant
from agentkit.outcomes import Emit, ShieldChecked
from agentkit.pythonic import format_calls
from agentkit.safety.policy import Shield, ShieldVerdict, Side

_WHAT: dict[Side, str] = {"input": "request", "output": "answer"}


@dataclass(frozen=True, slots=True)
class Objections:
    """What the shields of one run object to; each answer is empty when none does.

    Attributes:
        setup: the shields, asked in their order up to the first that objects.
        said: the conversation so far, whose last turn is judged.
        clock: bounds how long a shield is waited for.
        emit: hears each verdict, and how long it took.
    """

    setup: Setup
    said: RunTranscript
    clock: RunClock
    emit: Emit

    async def to_request(self) -> str:
        """Return why the request may not be carried out."""
        return await self._of("input", self.said.conversation)

    async def to_text(self, text: str) -> str:
        """Return why a text may not be shown."""
        if not text.strip():
            return ""
        return await self._of("output", (*self.said.messages, assistant(text)))

    async def to_sends(self, calls: Sequence[ToolCall]) -> str:
        """Return why what calls would send may not leave."""
        tools = self.setup.toolset
        sends = [
            call
            for call in calls
            if call.name in tools and tools[call.name].effect == "send"
        ]
        # Calls are only written out for shields: most runs have none.
        if not sends or not self.setup.shields:
            return ""
        return await self.to_text(format_calls(sends))

    async def _of(self, side: Side, conversation: Conversation) -> str:
        seconds = self.clock.bounded(self.setup.limits.tool_seconds)
        for shield in self.setup.shields:
            started = time.perf_counter()
            verdict = await _verdict(shield, side, conversation, seconds)
            took = time.perf_counter() - started
            self.emit(ShieldChecked(shield.name, side, verdict, took))
            if not verdict.safe:
                found = "is not safe" if verdict.judged else "was not judged"
                what = f"the {_WHAT[side]} {found}"
                return f"Stopped by {shield.name}: {what} ({verdict.reason})."
        return ""


async def _verdict(
    shield: Shield, side: Side, conversation: Conversation, seconds: float | None
) -> ShieldVerdict:
    try:
        verdict = await in_time(shield.check(side, conversation), seconds)
    except BackendError as exc:
        # Closed on failure: a shield that is down lets nothing pass.
        return _unjudged(str(exc))
    return verdict or _unjudged(f"it did not answer within {seconds:g} s")


def _unjudged(why: str) -> ShieldVerdict:
    return ShieldVerdict(False, (), why, judged=False)
