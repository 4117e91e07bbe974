"""Model output to a reply: the same reading for every backend that gets text."""

from __future__ import annotations

from agentkit.backends.base import Fault, Reply
from agentkit.pythonic import parse_calls
from agentkit.tools import Toolset


def reply_from_text(
    text: str,
    toolset: Toolset,
    *,
    tokens_in: int | None = None,
    tokens_out: int | None = None,
    bytes_out: int = 0,
) -> Reply:
    """Read what a model wrote as text, calls, repairs and faults."""
    parsed = parse_calls(text, toolset)
    return Reply(
        text=parsed.text,
        calls=parsed.calls,
        repairs=tuple([str(repair) for repair in parsed.repairs]),
        faults=tuple([Fault(error.tool, error.message) for error in parsed.errors]),
        tokens_in=tokens_in,
        tokens_out=tokens_out,
        bytes_out=bytes_out,
    )
