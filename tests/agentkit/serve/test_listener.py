"""What the listening server does with a connection."""

from __future__ import annotations

import asyncio
import socket
from typing import Any

import pytest

pytest.importorskip("uvicorn")


def test_a_small_answer_does_not_wait_for_the_clients_word() -> None:
    """A connection to a socket that others made sends each write at once."""
    import uvicorn
    from uvicorn.server import ServerState

    from agentkit.serve.listener import PatientProtocol

    async def app(scope: Any, receive: Any, send: Any) -> None:
        """Answer nothing."""

    async def made() -> int:
        loop = asyncio.get_running_loop()
        config = uvicorn.Config(app, http=PatientProtocol, ws="none", log_config=None)
        config.load()
        opened = loop.create_future()

        class Telling(PatientProtocol):
            def connection_made(self, transport: Any) -> None:
                super().connection_made(transport)
                own = transport.get_extra_info("socket")
                opened.set_result(
                    own.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
                )

        def protocol() -> Telling:
            return Telling(config, ServerState(), {}, loop)

        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = await loop.create_server(protocol, sock=listening)
            _, writer = await asyncio.open_connection(*listening.getsockname())
            found = await opened
            writer.close()
            server.close()
            return int(found)

    assert asyncio.run(made())
