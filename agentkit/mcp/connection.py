"""Keeps servers connected in one thread, for calls from any event loop.

Runs come and go, each with an event loop of its own; a server stays. So all connections
live in one loop in a thread of theirs, and calls are handed over.
"""

from __future__ import annotations

import asyncio
import json
import tempfile
import threading
from collections.abc import AsyncGenerator, Awaitable, Callable, Coroutine
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import IO, Any, TypeVar, cast

import anyio
import httpx2
from mcp import Client, MCPError
from mcp.client.streamable_http import streamable_http_client
from mcp.types import (
    CONNECTION_CLOSED,
    AudioContent,
    CallToolResult,
    EmbeddedResource,
    ImageContent,
    ReadResourceResult,
    ResourceLink,
    TextContent,
    TextResourceContents,
)

from agentkit.errors import AgentkitError, ToolError
from agentkit.mcp.bounded_stdio import bounded_stdio
from agentkit.mcp.configuration import McpServer, filled
from agentkit.privacy.destinations import is_loopback
from agentkit.privacy.gate import host_of

T = TypeVar("T")
Release = Callable[[str, bytes], None]

# Characters of a result: a server may say much, and not for ever.
MOST_TEXT = 400_000


class ConnectionThread:
    """A thread with the event loop in which all connections live."""

    def __init__(self) -> None:
        """Start the thread."""
        self._started: Future[asyncio.AbstractEventLoop] = Future()
        self._thread = threading.Thread(
            # A daemon: a program that forgot to close its servers ends all the same.
            target=asyncio.run,
            args=(self._live(),),
            name="agentkit-mcp",
            daemon=True,
        )
        self._thread.start()
        self.loop = self._started.result()

    async def _live(self) -> None:
        self._closing = asyncio.Event()
        self._started.set_result(asyncio.get_running_loop())
        await self._closing.wait()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine in the thread's loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop)

    @property
    def is_open(self) -> bool:
        """Whether the loop still runs."""
        return not self.loop.is_closed()

    def close(self) -> None:
        """Cancel all that runs in the loop, and wait for its end."""
        if self.is_open:
            self.loop.call_soon_threadsafe(self._closing.set)
        self._thread.join()


@dataclass(slots=True)
class _Live:
    """One connection, from its start to its end."""

    client: Client
    ending: asyncio.Event = field(default_factory=asyncio.Event)
    is_dead: bool = False


class ServerConnection:
    """A server, which is started again after it has ended."""

    def __init__(
        self, name: str, server: McpServer, thread: ConnectionThread, release: Release
    ) -> None:
        """Store the server; nothing is started yet.

        Args:
            name: the server's.
            server: how it is reached.
            thread: where it lives.
            release: asked before something is sent to another machine, with the
                address and what is sent.
        """
        self.name = name
        self._server = server
        self._thread = thread
        self._release = release
        self._live: _Live | None = None
        self._task: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()

    # --- from any loop, or none ------------------------------------------------------

    def now(self, work: Callable[[Client], Awaitable[T]]) -> T:
        """Run work with the client, and wait for its result.

        Raises:
            ToolError: the server cannot be reached, failed or took too long.
            EgressDenied: it may not be asked.
        """
        return self._thread.submit(self._with_client(work)).result()

    async def then(self, work: Callable[[Client], Awaitable[T]]) -> T:
        """Run work with the client; cancelling this cancels the work.

        Raises:
            ToolError: the server cannot be reached, failed or took too long.
        """
        return await asyncio.wrap_future(self._thread.submit(self._with_client(work)))

    def leave(self, what: str, facts: object) -> None:
        """Ask the gate whether this may be sent, if the server is elsewhere.

        Raises:
            EgressDenied: it may not.
        """
        url = self._server.url
        if url and not is_loopback(host_of(url)):
            told = json.dumps({"method": what, "params": facts}, default=str)
            self._release(url, told.encode())

    def close(self) -> None:
        """End the connection, and the program where it is one."""
        self._thread.submit(self._close()).result()

    # --- in the thread ---------------------------------------------------------------

    async def _with_client(self, work: Callable[[Client], Awaitable[T]]) -> T:
        live = await self._connected()
        try:
            # Starting is not counted: it has a time of its own.
            async with asyncio.timeout(self._server.seconds):
                return await work(live.client)
        except TimeoutError as exc:
            raise ToolError(
                f"the server {self.name!r} did not answer within "
                f"{self._server.seconds:g} s"
            ) from exc
        except (MCPError, anyio.ClosedResourceError, anyio.BrokenResourceError) as exc:
            raise self._failed(live, exc) from exc
        except ValueError as exc:
            # Pydantic's errors are of this kind.
            raise ToolError(
                f"the server {self.name!r} answered what is not its protocol"
            ) from exc

    def _failed(self, live: _Live, exc: Exception) -> ToolError:
        # The server answered with a fault: it lives, and the next call may succeed.
        if isinstance(exc, MCPError) and exc.error.code != CONNECTION_CLOSED:
            return ToolError(f"{self.name}: {line_of(exc.error.message)}")
        live.is_dead = True
        live.ending.set()
        return ToolError(
            f"the server {self.name!r} ended while it was asked, and whether it did what "
            "was asked is not known; it is started anew when it is asked next"
        )

    async def _connected(self) -> _Live:
        # Calls at once start one server and not several.
        async with self._starting:
            if self._live is None or self._live.is_dead:
                await self._start()
            live = self._live
            assert live is not None
            return live

    async def _start(self) -> None:
        ready: asyncio.Future[None] = self._thread.loop.create_future()
        # A task of its own, as anyio wants a scope left in the task that entered it.
        self._task = self._thread.loop.create_task(self._serve(ready))
        try:
            async with asyncio.timeout(self._server.startup_seconds):
                await ready
        except TimeoutError as exc:
            self._task.cancel()
            raise ToolError(
                f"the server {self.name!r} did not begin within "
                f"{self._server.startup_seconds:g} s"
            ) from exc
        except asyncio.CancelledError:
            # Nobody waits for it any more: the next call starts one of its own.
            self._task.cancel()
            raise

    async def _serve(self, ready: asyncio.Future[None]) -> None:
        """Hold a connection open; it is entered and left in this one task."""
        live: _Live | None = None
        # A file and no pipe: a program that writes much would wait for somebody to
        # read.
        with tempfile.TemporaryFile() as log:
            try:
                async with Client(self._transport(log)) as client:
                    live = self._live = _Live(client)
                    ready.set_result(None)
                    await live.ending.wait()
            except AgentkitError as exc:
                _tell(ready, exc)
            except BaseException as exc:
                _tell(ready, self._unreached(exc, log))
                if isinstance(exc, asyncio.CancelledError):
                    raise
            finally:
                if live is not None:
                    live.is_dead = True

    def _transport(self, log: IO[bytes]) -> Any:
        if self._server.command:
            return bounded_stdio(self.name, self._server, log)
        return self._over_http()

    @asynccontextmanager
    async def _over_http(self) -> AsyncGenerator[Any]:
        server = self._server
        headers = filled(server.headers, self.name)
        async with (
            httpx2.AsyncClient(headers=headers, timeout=server.seconds) as client,
            streamable_http_client(server.url, http_client=client) as streams,
        ):
            yield streams

    def _unreached(self, exc: BaseException, log: IO[bytes]) -> ToolError:
        log.seek(0)
        said = log.read()[-2_000:].decode("utf-8", "replace").strip().splitlines()
        # The last line of what the program wrote is mostly the error itself.
        why = said[-1] if said else _reason(exc)
        return ToolError(f"the server {self.name!r} cannot be reached: {line_of(why)}")

    async def _close(self) -> None:
        if self._live is not None:
            self._live.ending.set()
        if self._task is not None:
            await asyncio.wait([self._task])


def _tell(ready: asyncio.Future[None], exc: Exception) -> None:
    if not ready.done():
        ready.set_exception(exc)


def _reason(exc: BaseException) -> str:
    """Return the first cause in words, out of nested exception groups."""
    while isinstance(exc, BaseExceptionGroup):
        exc = cast("BaseExceptionGroup[BaseException]", exc).exceptions[0]
    return str(exc) or type(exc).__name__


def line_of(text: str, most: int = 500) -> str:
    """Return a server's text as one line of printable characters."""
    # Escape sequences of a stranger could rewrite the terminal. Four times the length
    # is read, as blanks fall away.
    plain = "".join(char if char.isprintable() else " " for char in text[: most * 4])
    return " ".join(plain.split())[:most]


def text_of(result: CallToolResult | ReadResourceResult) -> str:
    """Return a result as text; pictures and sounds are only named."""
    parts = result.content if isinstance(result, CallToolResult) else result.contents
    texts = (_text(part) for part in parts)
    return "\n".join(text for text in texts if text)[:MOST_TEXT]


def _text(part: object) -> str:
    match part:
        case TextContent() | TextResourceContents():
            return part.text
        case EmbeddedResource():
            return _text(part.resource)
        case ResourceLink():
            return f"{part.name}: {part.uri}"
        case ImageContent() | AudioContent():
            return f"({part.type}, {part.mime_type})"
        case _:
            return ""
