"""Connects the MCP servers of `--mcp` for as long as the process runs."""

from __future__ import annotations

import sys
from pathlib import Path

from agentkit.cli.phrasebook import is_yes, told
from agentkit.cli.screen import Screen, short_line
from agentkit.context import Context
from agentkit.errors import MissingPackage
from agentkit.tools import Toolset


def connected_tools(path: Path, context: Context, own: Toolset) -> Toolset:
    """Connect the servers of a file, and show which tools were left out.

    Raises:
        ConfigError: the file cannot be read.
        MissingPackage: the extra is not installed.
    """
    try:
        from agentkit.mcp.attached_servers import open_servers
    except ImportError as exc:
        raise MissingPackage("mcp", "mcp", "--mcp") from exc
    screen = Screen(stderr=True)

    def ask(server: str, tools: tuple[str, ...]) -> bool:
        named = ", ".join(short_line(name, 64) for name in tools[:5])
        offered = told(
            "{server} offers what you have not agreed to yet: {tools}",
            server=server,
            tools=named,
        )
        screen.line(offered, "yellow")
        question = f"{told('Use them?')} {told('[y/N]')}"
        # Where nobody can be asked, what has changed is left out.
        return is_yes(screen.ask(question) if sys.stdin.isatty() else "")

    servers = open_servers(path, context, ask=ask, taken=own.names)
    for note in servers.notes:
        screen.line(note, "yellow")
    return servers.toolset
