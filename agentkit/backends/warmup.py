"""Warm-up: a backend reads instructions and tools before it is asked anything."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from agentkit.backends.base import Backend
from agentkit.context import Context
from agentkit.tools import Toolset


@dataclass(frozen=True, slots=True)
class Warmed:
    """What a backend did to be ready for a toolset.

    Attributes:
        backend: its name.
        tokens: tokens of the prompt's stable part: instructions and tools.
        tokens_read: how many of them were read anew.
        note: what else is worth knowing, in words.
    """

    backend: str
    tokens: int
    tokens_read: int
    note: str = ""


class WarmBackend(Backend, Protocol):
    """A backend that can get ready before it is asked: its traits say `warms`."""

    async def warm(
        self,
        toolset: Toolset,
        *,
        instructions: str = "",
        context: Context | None = None,
    ) -> Warmed:
        """Read instructions and tools, so that the first answer comes sooner.

        Raises:
            BackendError: it cannot; the message says why and what to do.
        """
        ...


async def warm_backend(
    backend: WarmBackend, toolset: Toolset, instructions: str, context: Context | None
) -> Warmed:
    """Let a backend get ready; one that is elsewhere cannot connect meanwhile.

    Raises:
        BackendError: it cannot; the message says why and what to do.
        EgressDenied: it is elsewhere and tried to connect: nothing was released.
    """
    if backend.traits.on_device:
        return await backend.warm(toolset, instructions=instructions, context=context)
    from agentkit.privacy.passages import passage

    with passage(backend.name):
        return await backend.warm(toolset, instructions=instructions, context=context)
