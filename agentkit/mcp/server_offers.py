"""What an MCP server offers: its tools, resources and prompts, listed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

from mcp import Client

from agentkit.mcp.connection import (
    line_of,
)

# Of one server. A model chooses among eight; a list that never ends is a fault.
_MOST_TOOLS, _MOST_PAGES = 256, 20


Document: TypeAlias = dict[str, Any]


@dataclass(frozen=True, slots=True)
class ServerOffer:
    """A resource or a prompt of a server.

    Attributes:
        server: its name.
        name: of the resource or prompt; an address for a resource.
        description: in its words, one line.
    """

    server: str
    name: str
    description: str = ""


async def tool_documents_of(client: Client) -> list[Document]:
    """List the tools, page by page."""
    found: list[Document] = []
    cursor: str | None = None
    for _ in range(_MOST_PAGES):
        page = await client.list_tools(cursor=cursor)
        found += [
            tool.model_dump(by_alias=True, exclude_none=True, exclude={"icons", "meta"})
            for tool in page.tools
        ]
        cursor = page.next_cursor
        # A server that always names a next page ends at `_MOST_PAGES`.
        if not cursor or len(found) > _MOST_TOOLS:
            break
    return found[:_MOST_TOOLS]


async def resources_of(server: str, client: Client) -> list[ServerOffer]:
    """List the resources."""
    found = (await client.list_resources()).resources
    return [
        ServerOffer(server, str(one.uri), line_of(one.description or one.name, 200))
        for one in found[:_MOST_TOOLS]
    ]


async def prompts_of(server: str, client: Client) -> list[ServerOffer]:
    """List the prompts."""
    found = (await client.list_prompts()).prompts
    return [
        ServerOffer(server, one.name, line_of(one.description or "", 200))
        for one in found[:_MOST_TOOLS]
    ]
