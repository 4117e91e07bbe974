"""A server that really listens, on loopback, and the users that it serves."""

from __future__ import annotations

import threading
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import uvicorn

from agentkit import Toolset
from agentkit.backends import Backend, ReflexBackend
from agentkit.discovery import installed_tools
from agentkit.serve import ServeLimits, Tenant, digest_of, make_app
from agentkit.settings import make_context, read_settings

TOKEN = "a-token-for-tests-only"
INSTRUCTIONS = "You are a personal assistant."


def tenant(
    home: Path,
    *backends: Backend,
    name: str = "you",
    token: str = TOKEN,
    toolset: Toolset | None = None,
) -> Tenant:
    """Make a user: with the bundled tools and the rules where nothing else is said."""
    return Tenant(
        name=name,
        digest=digest_of(token),
        toolset=installed_tools() if toolset is None else toolset,
        backends=backends or (ReflexBackend(),),
        context=make_context(home, read_settings(home), None),
        instructions=INSTRUCTIONS,
    )


@contextmanager
def serving(*tenants: Tenant, limits: ServeLimits | None = None) -> Generator[str]:
    """Serve meanwhile; yields the address."""
    config = uvicorn.Config(
        make_app(tenants, limits=limits), port=0, log_level="warning", ws="none"
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        thread.join(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()
