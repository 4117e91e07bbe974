"""The server process: uvicorn, with bounds for slow and many clients."""

from __future__ import annotations

import asyncio
import gc
import socket
from collections.abc import Callable
from typing import Any, cast

import uvicorn
from starlette.applications import Starlette
from uvicorn.protocols.http.h11_impl import H11Protocol

from agentkit.serve.service import Service

# Seconds that a client may take for its first request line and headers. A browser
# needs none; what opens connections and is silent holds them for no longer.
_HEAD_SECONDS = 20.0
# Bytes of a request's head; a bearer token and a browser's headers are below 4 kB.
_HEAD_BYTES = 32_768
# Connections at once. Each turn is one, and a browser keeps a few open.
_CONNECTIONS = 1_000


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that closes a connection on which no request comes."""

    def connection_made(self, transport: Any) -> None:
        """Start to wait for the first request."""
        super().connection_made(transport)
        # A head and its body are two writes: the second would wait 40 ms for the
        # client's word that it has the first. asyncio sees to that for sockets of its own
        # making only.
        own: socket.socket | None = transport.get_extra_info("socket")
        if own is not None and own.family in (socket.AF_INET, socket.AF_INET6):
            own.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        loop = asyncio.get_running_loop()
        self._silence = loop.call_later(_HEAD_SECONDS, self._let_go)

    def _let_go(self) -> None:
        # `cycle` is uvicorn's request at work: None as long as none has arrived.
        if cast(object, self.cycle) is None and not self.transport.is_closing():
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop waiting."""
        self._silence.cancel()
        super().connection_lost(exc)


class PromptServer(uvicorn.Server):
    """A server whose shutdown does not wait for endless streams."""

    def __init__(self, config: uvicorn.Config, end: Callable[[], None]) -> None:
        """Store the settings, and the function that ends those streams."""
        super().__init__(config)
        self._end = end

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the endless streams, then the server."""
        # Before uvicorn waits for open responses: a page that listens never ends its
        # own.
        self._end()
        await super().shutdown(sockets)


def listen(app: Starlette, listening: socket.socket, *, verbose: bool = False) -> None:
    """Serve until it is interrupted.

    Args:
        app: what answers.
        listening: a socket that is bound.
        verbose: tell each request on standard error: its address and status, and
            nothing of what is in it.
    """
    config = uvicorn.Config(
        app,
        http=PatientProtocol,
        ws="none",
        log_level="info" if verbose else "warning",
        access_log=verbose,
        # Which server and version this is helps nobody but an attacker.
        server_header=False,
        # A header of a proxy would say who the client is, and anybody can write one.
        proxy_headers=False,
        h11_max_incomplete_event_size=_HEAD_BYTES,
        limit_concurrency=_CONNECTIONS,
        timeout_graceful_shutdown=5,
    )
    service: Service = app.state.service
    # What is loaded by now stays. Looking it through for circles halts all streams for a
    # tenth of a second.
    gc.collect()
    gc.freeze()
    PromptServer(config, service.silence).run(sockets=[listening])
