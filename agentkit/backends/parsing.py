"""Model output to a reply: the same reading for every backend that gets text."""

from __future__ import annotations

from collections.abc import Callable

from agentkit.backends.base import Fault, Reply
from agentkit.pythonic import Parsed, parse_calls
from agentkit.pythonic.stream import CallStream
from agentkit.tools import Toolset


def reply_from_text(text: str, toolset: Toolset) -> Reply:
    """Read what a model wrote as text, calls, repairs and faults."""
    return _reply(parse_calls(text, toolset))


class Reading:
    """Output that arrives in pieces: text is told at once, a call only when whole."""

    def __init__(self, toolset: Toolset, on_text: Callable[[str], None]) -> None:
        """Take the tools that may be called, and who listens to the text."""
        self._stream = CallStream(toolset)
        self._on_text = on_text
        self._told = 0

    def hear(self, piece: str) -> None:
        """Take the next piece."""
        for item in self._stream.feed(piece):
            if isinstance(item, str):
                self._tell(item)

    def close(self) -> Reply:
        """End the output; tell what was held back, and return all of it."""
        parsed = self._stream.close()
        self._tell(parsed.text[self._told :])
        return _reply(parsed)

    def _tell(self, text: str) -> None:
        if text:
            self._told += len(text)
            self._on_text(text)


def _reply(parsed: Parsed) -> Reply:
    return Reply(
        text=parsed.text,
        calls=parsed.calls,
        repairs=tuple([str(repair) for repair in parsed.repairs]),
        faults=tuple([Fault(error.tool, error.message) for error in parsed.errors]),
    )
