"""Asks the shields of a run for their objections."""

from __future__ import annotations

import time
from collections.abc import Sequence

from agentkit.agent.stops import in_time
from agentkit.errors import BackendError
from agentkit.messages import Conversation
from agentkit.outcomes import Emit, ShieldChecked
from agentkit.safety.policy import Shield, ShieldVerdict, Side

_WHAT: dict[Side, str] = {"input": "request", "output": "answer"}


async def objection(
    shields: Sequence[Shield],
    side: Side,
    conversation: Conversation,
    emit: Emit,
    *,
    seconds: float | None = None,
) -> str:
    """Return why a shield stops the run; empty when none does.

    Args:
        shields: asked in this order, up to the first that objects.
        side: what is judged.
        conversation: its last turn is judged.
        emit: told each verdict, and how long it took.
        seconds: how long each is waited for; one that is silent stops the run.
    """
    for shield in shields:
        started = time.perf_counter()
        verdict = await _verdict(shield, side, conversation, seconds)
        emit(ShieldChecked(shield.name, side, verdict, time.perf_counter() - started))
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
