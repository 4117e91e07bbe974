"""Programs that speak the protocol, some of them with bad intent."""

from __future__ import annotations

import sys
from collections.abc import Callable, Generator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

import pytest

from agentkit import Context

if TYPE_CHECKING:
    from agentkit.mcp import McpServer, McpServers

# A server of the official SDK; what follows may add to it, or take its place.
_SERVER = '''
import os, sys, time
from mcp.server.mcpserver import MCPServer

server = MCPServer("test")

@server.tool()
def add(a: int, b: int) -> int:
    """Add two numbers."""
    return a + b

{more}
server.run()
'''

Open: TypeAlias = "Callable[..., McpServers]"


@pytest.fixture
def program(tmp_path: Path) -> Callable[[str], McpServer]:
    """Write a server: with `add` and what is given, or raw where that begins with #!."""
    pytest.importorskip("mcp")
    from agentkit.mcp import McpServer

    def written(more: str = "") -> McpServer:
        path = tmp_path / f"server_{abs(hash(more))}.py"
        raw = more.startswith("#!")
        path.write_text(more if raw else _SERVER.replace("{more}", more), "utf-8")
        return McpServer(command=sys.executable, args=(str(path),), seconds=20)

    return written


@pytest.fixture
def connect(tmp_path: Path) -> Generator[Open]:
    """Connect servers to a home, and let them go at the end."""
    pytest.importorskip("mcp")
    from agentkit.mcp import McpServers

    with ExitStack() as stack:

        def connected(servers: Any, **more: Any) -> McpServers:
            home = Context(home=tmp_path / "home")
            return stack.enter_context(McpServers(servers, context=home, **more))

        yield connected
