"""What holds for any server: whether it is this device, what it may send, how often fail.

A server on loopback counts as the device, unless it is said, or its model's name says,
that it passes the text on. Not covered: one that does so in silence. A host that is
loopback only after its name is looked up counts as another machine.

The client keeps what belongs to one event, and the whole body of an error, in memory.
A packed body could be a thousand times larger there than on the line.

A pure state machine. It is given the time and changes nothing: each step returns the
next state.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from typing import Any

from agentkit.errors import BackendProtocolError, ConfigError

# "gpt-oss:120b-cloud", "glm-4.6:cloud".
_CLOUD = re.compile(r"[:-]\s*cloud\s*\Z", re.IGNORECASE)


def stays(said: bool | None, *, loopback: bool, model: str, url: str) -> bool:
    """Tell whether what is sent stays on this device.

    Args:
        said: False where the server passes the text on, as a proxy does; None to go by
            address and name.
        loopback: whether the address is this machine's.
        model: the model's name there.
        url: the address, for the error.

    Raises:
        ConfigError: it is said to stay, and does not.
    """
    here = loopback and not in_cloud(model)
    if said and not here:
        why = f"{model} is a cloud model" if loopback else f"{url} is another machine"
        raise ConfigError(
            f"on_device=True cannot be: {why}; what may go there is said by a rule of "
            "the privacy policy"
        )
    return here if said is None else said


def in_cloud(model: str) -> bool:
    """Tell whether Ollama passes a name on to its cloud: `NAME:cloud`, `NAME:TAG-cloud`.

    Source: internal/modelref of github.com/ollama/ollama, read in November 2026. Names
    that end so without a tag count too, to be safe.
    """
    return _CLOUD.search(model) is not None


# An answer of a million characters, a chunk for each word, is about 60 MB on the line.
MOST_BYTES = 64_000_000
# A whole answer may come as one line, with every character escaped.
LONGEST_LINE = 4_000_000
# What is not packed has the size on the line that it has in memory.
PLAIN = {"Accept-Encoding": "identity"}


async def bound(response: Any) -> None:
    """Let no more of a response be read than is sound; a hook of the HTTP client.

    Raises:
        BackendProtocolError: the body is packed.
    """
    import httpx2

    packed = str(response.headers.get("content-encoding", "identity")).lower()
    if packed not in ("", "identity"):
        raise BackendProtocolError(
            f"the server packed its answer ({packed[:20]}) though it was asked not to"
        )

    class Bounded(httpx2.AsyncByteStream):
        """Counts what goes through."""

        def __init__(self, stream: Any) -> None:
            self._stream = stream

        async def __aiter__(self) -> AsyncIterator[bytes]:
            async for piece in within_bounds(self._stream):
                yield piece

        async def aclose(self) -> None:
            await self._stream.aclose()

    response.stream = Bounded(response.stream)


async def within_bounds(pieces: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """Pass pieces on until there are too many bytes, in all or without a line's end.

    Raises:
        BackendProtocolError: there are.
    """
    total = line = 0
    async for piece in pieces:
        total += len(piece)
        # Only the last line's end counts: what came before is read and gone.
        end = piece.rfind(b"\n")
        line = line + len(piece) if end < 0 else len(piece) - end - 1
        if total > MOST_BYTES or line > LONGEST_LINE:
            raise BackendProtocolError(
                f"the server sent more than an answer can be: {total:,} bytes, "
                f"{line:,} of them in one line"
            )
        yield piece


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Closed lets requests through, open lets none, half-open lets one try.

    Attributes:
        limit: failures in a row after which it opens.
        rest: seconds that it stays open; doubled when the try fails, up to `longest`.
        longest: longest rest in seconds.
        failures: failures in a row so far.
        opened: when it opened; None while it is closed.
        resting: how long this rest is, in seconds.
        trying: since when one request tries whether the server is back.
    """

    limit: int = 5
    rest: float = 30.0
    longest: float = 600.0
    failures: int = 0
    opened: float | None = None
    resting: float = 0.0
    trying: float | None = None

    def allows(self, now: float) -> bool:
        """Tell whether a request may go; `begun` must follow if it does.

        Args:
            now: seconds of a clock that does not go back.
        """
        return self.wait(now) <= 0

    def wait(self, now: float) -> float:
        """Return the seconds until a request may go; 0 when it may."""
        if self.opened is None:
            return 0.0
        # A try that never ended, such as a cancelled one, holds nobody up for ever.
        since = self.opened if self.trying is None else self.trying
        return max(0.0, since + self.resting - now)

    def begun(self, now: float) -> Breaker:
        """Return the state after a request went: half-open if it was open."""
        return self if self.opened is None else replace(self, trying=now)

    def succeeded(self) -> Breaker:
        """Return the state after an answer: closed."""
        return replace(self, failures=0, opened=None, resting=0.0, trying=None)

    def failed(self, now: float) -> Breaker:
        """Return the state after a failure: open at the limit, or again."""
        failures = self.failures + 1
        if self.opened is not None:
            # The try failed: the server gets longer to recover.
            resting = min(self.resting * 2, self.longest)
        elif failures >= self.limit:
            resting = self.rest
        else:
            return replace(self, failures=failures)
        return replace(
            self, failures=failures, opened=now, resting=resting, trying=None
        )

    def told(self, now: float) -> str:
        """Say why requests are held back; empty when they are not."""
        wait = self.wait(now)
        if wait <= 0:
            return ""
        return (
            f"it failed {self.failures} times in a row and is left alone for "
            f"{wait:.0f} s more"
        )
