"""The Model Context Protocol, both ways: tools of its servers, and our tools for others.

Needs the extra `mcp`, the protocol's own SDK. What a server says of itself is a
stranger's word: its hints only make a tool stricter, its descriptions are pinned, its
results are text of others.
"""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.mcp.attached_servers import McpServers as McpServers
    from agentkit.mcp.attached_servers import open_servers as open_servers
    from agentkit.mcp.configuration import McpServer as McpServer
    from agentkit.mcp.configuration import read_servers as read_servers
    from agentkit.mcp.tool_server import ToolServer as ToolServer

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "configuration": ("McpServer", "read_servers"),
        "attached_servers": ("McpServers", "open_servers"),
        "tool_server": ("ToolServer",),
    },
)
