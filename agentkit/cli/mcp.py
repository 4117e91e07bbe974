"""`agentkit mcp`: the tools of this home for other assistants, over MCP."""

from __future__ import annotations

from agentkit.cli.opened import open_home
from agentkit.cli.options import Options, takes
from agentkit.errors import MissingPackage


@takes("home", "now", "tools", "assistant", "yes", "verbose")
def mcp(*, given: Options) -> None:
    """Offer the tools to another assistant over MCP.

    Over standard input and output. What sends or deletes is asked about in that
    assistant.
    """
    try:
        from agentkit.mcp.tool_server import ToolServer
    except ImportError as exc:
        raise MissingPackage("mcp", "mcp", "agentkit mcp") from exc
    opened = open_home(given)
    ToolServer(opened.toolset, opened.context, approve_all=given.yes).run()
