"""The shields of a run: asked one after the other, each timed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from agentkit.events import Event, ShieldChecked
from agentkit.messages import Conversation
from agentkit.shields.base import Shield, Side

_WHAT: dict[Side, str] = {"input": "request", "output": "answer"}


async def objection(
    shields: Sequence[Shield],
    side: Side,
    conversation: Conversation,
    emit: Callable[[Event], None],
) -> str:
    """Return why a shield stops the run; empty when none does."""
    for shield in shields:
        started = time.perf_counter()
        verdict = await shield.check(side, conversation)
        seconds = time.perf_counter() - started
        emit(ShieldChecked(shield.name, side, verdict, seconds))
        if not verdict.safe:
            return f"Stopped by {shield.name}: the {_WHAT[side]} is not safe " + (
                f"({verdict.reason})."
            )
    return ""
