"""A backend, as the router sees it: made a rung from what it says of itself."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

from agentkit.backends.base import Backend, Reply
from agentkit.confidence import gather, predict_wrong
from agentkit.messages import Conversation
from agentkit.models import Rates, device_rates
from agentkit.prompting.estimate import estimate_tokens
from agentkit.routing.facts import Doubt, Egress, Rung
from agentkit.selection import select_tools
from agentkit.tools import Toolset

# What an answer needs of the window, and what a call costs at least, in tokens.
_ANSWER = 256


def rung_of(
    name: str,
    backend: Backend,
    *,
    reason: str = "",
    leave: Egress | None = None,
    tokens: int = 0,
    timed: bool = False,
) -> Rung:
    """Make a rung.

    A backend may have `window` (tokens), `price` (with `cost(tokens_in, tokens_out)`),
    `calls_tools`, `sees_images` and `down` (why it is left alone for now); none is needed.

    Args:
        name: as it is on the ladder.
        backend: what answers.
        reason: why it is on the ladder.
        leave: what the policy says of sending it this conversation.
        tokens: of the request; 0 when nobody asked for them.
        timed: look up how fast this device is with the backend's model.
    """
    price: Any = getattr(backend, "price", None)
    rates = rates_of(str(getattr(backend, "model", ""))) if timed else None
    return Rung(
        name,
        backend.on_device,
        reason,
        leave,
        window=int(getattr(backend, "window", 0) or 0),
        tokens=tokens + _ANSWER if tokens else 0,
        seconds=tokens / rates.reads if rates and tokens else None,
        cost=price.cost(tokens, _ANSWER) if price else None,
        calls_tools=bool(getattr(backend, "calls_tools", True)),
        sees_images=bool(getattr(backend, "sees_images", False)),
        down=str(getattr(backend, "down", "") or ""),
    )


def needs_count(backend: Backend) -> bool:
    """Tell whether a rung needs to know how long the request is."""
    return any(getattr(backend, key, None) for key in ("window", "price"))


def count_tokens(conversation: Conversation, toolset: Toolset) -> int:
    """Estimate a request's tokens: what was said, results, and the tools' schemas."""
    said = sum(
        estimate_tokens(
            f"{message.text}{message.calls or ''}"
            f"{message.result.value if message.result else ''}"
        )
        for message in conversation
    )
    return said + sum(_tool_tokens(toolset))


def _tool_tokens(toolset: Toolset) -> list[int]:
    return [
        estimate_tokens(f"{tool.name} {tool.description} {tool.parameters}")
        for tool in toolset
    ]


def likely_tools(conversation: Conversation, toolset: Toolset) -> tuple[str, ...]:
    """Return the tool that the last request needs most likely; none of none."""
    if not len(toolset):
        return ()
    return select_tools(conversation, toolset, 1).toolset.names[:1]


def doubt_of(conversation: Conversation, toolset: Toolset, reply: Reply) -> Doubt:
    """Say how sure a local reply is; see `agentkit.confidence`."""
    found = predict_wrong(gather(conversation, toolset, reply))
    return Doubt(found.p_wrong, found.reasons)


@cache
def rates_of(model: str) -> Rates | None:
    """Return what `agentkit models bench` measured for a model file on this device."""
    return device_rates(Path(model)) if model else None
