"""Backends made ready before the first request."""

from __future__ import annotations

from agentkit.agent.setup import Setup
from agentkit.backends.base import WarmBackend, Warmed
from agentkit.context import Context


async def warmed(
    setup: Setup, instructions: str, context: Context | None
) -> tuple[Warmed, ...]:
    """Warm the backends that can, one after the other.

    Raises:
        BackendError: one cannot; the message says why and what to do.
    """
    ready = [
        await backend.warm(setup.toolset, instructions=instructions, context=context)
        for backend in setup.backends.values()
        if isinstance(backend, WarmBackend)
    ]
    return tuple(ready)
