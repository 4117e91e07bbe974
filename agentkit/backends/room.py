"""How long an answer may be, and what to cut when there is no room for one."""

from __future__ import annotations

from collections.abc import Callable

from agentkit.backends.base import Request
from agentkit.errors import BackendUnavailable
from agentkit.messages import Conversation
from agentkit.tools import Toolset

SHORTEST_ANSWER = 64

Count = Callable[[Conversation, Toolset], int]


def answer_room(
    request: Request, count: Count, *, tokens: int, window: int, wanted: int, model: str
) -> int:
    """Return how long the answer may be.

    Args:
        request: what is asked.
        count: tells the tokens of a prompt.
        tokens: of this request's prompt.
        window: most tokens of prompt and answer together.
        wanted: longest answer.
        model: its name, for the error.

    Raises:
        BackendUnavailable: the window is full; says what to cut.
    """
    least = min(wanted, SHORTEST_ANSWER)
    room = window - tokens
    if room >= least:
        return min(wanted, room)
    raise BackendUnavailable(
        f"the prompt has {tokens:,} tokens and {model} takes {window:,}, "
        f"answer included: cut {least - room:,} or more; "
        f"{_largest(request, count, tokens)}"
    )


def _largest(request: Request, count: Count, total: int) -> str:
    """Say what takes most of a prompt."""
    turns = request.conversation
    longest = max(turns, key=lambda turn: len(str(turn)))
    rest = tuple(turn for turn in turns if turn is not longest)
    text = total - count(rest, request.toolset)
    tools = total - count(turns, Toolset())
    number = len(request.toolset)
    named = "1 tool takes" if number == 1 else f"{number} tools take"
    return f"{named} {tools:,}, the longest message ({longest.role}) {text:,}"
