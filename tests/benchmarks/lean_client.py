"""A client that costs next to nothing, so that what is measured is the server.

httpx takes twice the CPU of what it measures here, on the same cores.
"""

from __future__ import annotations

import asyncio
import json
import time
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Answered:
    """An answer: seconds to its first byte and to its end, and all of it."""

    first: float
    whole: float
    raw: bytes

    @property
    def body(self) -> bytes:
        """What follows its head, in chunks as it came."""
        return self.raw.partition(b"\r\n\r\n")[2]

    def text(self) -> str:
        """Return the text that a stream of the chat API tells."""
        rows = self.raw.split(b"\n")
        told = (json.loads(row[6:]) for row in rows if row.startswith(b"data: {"))
        return "".join(one["choices"][0]["delta"].get("content") or "" for one in told)


class LeanClient(asyncio.Protocol):
    """One connection: a request, and when it is answered the next."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._raw = bytearray()
        self._began = self._first = 0.0
        self._answer: asyncio.Future[Answered] | None = None

    @classmethod
    async def connected(cls, port: int) -> LeanClient:
        """Connect to a port of this machine."""
        loop = asyncio.get_running_loop()
        _, made = await loop.create_connection(cls, "127.0.0.1", port)
        return made

    async def ask(self, path: str, token: str, body: Any) -> Answered:
        """Post a request and read its answer to the end."""
        assert self._transport is not None
        written = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nhost: 127.0.0.1\r\n"
            f"authorization: Bearer {token}\r\ncontent-length: {len(written)}\r\n\r\n"
        )
        self._raw.clear()
        self._first = 0.0
        self._answer = asyncio.get_running_loop().create_future()
        self._began = time.perf_counter()
        self._transport.write(head.encode() + written)
        return await self._answer

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    def connection_made(self, transport: Any) -> None:
        """Keep what is written to."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        now = time.perf_counter()
        self._first = self._first or now - self._began
        self._raw += data
        if self._is_whole() and self._answer is not None:
            answer = Answered(self._first, now - self._began, bytes(self._raw))
            self._answer.set_result(answer)

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell who waits."""
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(exc or ConnectionError("the server hung up"))

    def _is_whole(self) -> bool:
        head, found, body = bytes(self._raw).partition(b"\r\n\r\n")
        if not found:
            return False
        rows = dict(row.lower().split(b": ", 1) for row in head.split(b"\r\n")[1:])
        if b"content-length" in rows:
            return len(body) >= int(rows[b"content-length"])
        return body.endswith(b"0\r\n\r\n")
