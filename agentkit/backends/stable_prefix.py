"""The part of a prompt that stays the same for all that is asked of the same tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from agentkit.backends.base import Request
from agentkit.backends.prompt_cache import common_prefix
from agentkit.messages import Conversation, user
from agentkit.tools import AnyTool, Toolset

# No word and no digit of the two is the same, so that no part of a date is stable.
_OCCASIONS = (
    (datetime(2001, 1, 9, tzinfo=UTC), "A"),
    (datetime(1999, 12, 28, tzinfo=UTC), "B"),
)

Encode = Callable[[Request, Conversation, Toolset], list[int]]


class StablePrefix:
    """Finds the tokens before the first that a question or a date changes.

    Two prompts are written, with other questions on other days; what both begin with
    is stable. The last result is kept.
    """

    def __init__(self, encode: Encode, format: str) -> None:
        """Take what writes a prompt, and its format."""
        self._encode = encode
        self._format = format
        self._kept: tuple[tuple[AnyTool, ...], Conversation, list[int]] | None = None

    def of(self, request: Request) -> list[int]:
        """Return the stable tokens of a request's prompt; empty when there are none."""
        if self._format == "base":
            return []
        opening = tuple(m for m in request.conversation[:1] if m.role == "system")
        tools = tuple(request.toolset)
        if self._kept and self._kept[:2] == (tools, opening):
            return self._kept[2]
        first, other = [
            self._encode(_dated(request, day), (*opening, user(text)), request.toolset)
            for day, text in _OCCASIONS
        ]
        prefix = first[: common_prefix(first, other)]
        self._kept = tools, opening, prefix
        return prefix


def _dated(request: Request, day: datetime) -> Request:
    return replace(request, context=replace(request.context, now=day))
