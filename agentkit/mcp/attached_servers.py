"""MCP servers as a toolset: connected, pinned, renamed where names collide."""

from __future__ import annotations

import atexit
import functools
import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeAlias

from mcp import Client

from agentkit.agent.ladder.border import release
from agentkit.context import Context
from agentkit.errors import AgentkitError, ConfigError, ToolError, ToolsetError
from agentkit.mcp.configuration import McpServer, read_servers
from agentkit.mcp.connection import (
    ConnectionThread,
    ServerConnection,
    line_of,
    text_of,
)
from agentkit.mcp.pins import Pins, pin_of
from agentkit.mcp.server_offers import (
    Document,
    ServerOffer,
    prompts_of,
    resources_of,
    tool_documents_of,
)
from agentkit.tools import AnyTool, Toolset

# Characters of a description that models and people see.
_DESCRIPTION = 2_000
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9_.-]")

Ask: TypeAlias = Callable[[str, tuple[str, ...]], bool]


class McpServers:
    """Connected servers and their tools; use it with `with`, or close it.

    Example:
        >>> with McpServers.open("mcp.json", context=context) as servers:
        ...     agent = Agent(tools=[*my_tools, *servers.toolset], context=context)

    Attributes:
        toolset: their tools. Results are text of others, and the user's own data.
        notes: what was left out, and why, a sentence each.
    """

    def __init__(
        self,
        servers: Mapping[str, McpServer],
        *,
        context: Context | None = None,
        ask: Ask | None = None,
        taken: Iterable[str] = (),
    ) -> None:
        """Connect, list the tools, and compare them with what the user agreed to.

        A server that cannot be reached is left out with a note; the others serve.

        Args:
            servers: by name.
            context: the home that pins, policy and ledger are in; with none, nothing is
                pinned, and what would leave the device does not.
            ask: asked whether a server's changed tools are taken, with its name and the
                names of the tools; without it they are left out.
            taken: names of other tools that stand beside these.
        """
        self._context = context
        self._ask = ask
        self._thread = ConnectionThread()
        self.notes: list[str] = []
        self._connections: dict[str, ServerConnection] = {}
        try:
            self.toolset = Toolset(_named(self._begun(servers), frozenset(taken)))
        except BaseException:
            self.close()
            raise

    @classmethod
    def open(
        cls,
        path: str | Path,
        *,
        context: Context | None = None,
        ask: Ask | None = None,
        taken: Iterable[str] = (),
    ) -> Self:
        """Connect the servers of a configuration file; see `McpServers`.

        Raises:
            ConfigError: the file cannot be read.
        """
        return cls(read_servers(path), context=context, ask=ask, taken=taken)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """End all connections, and the programs that were started."""
        try:
            # A second `close` finds the loop gone, and nothing to hand over to.
            if self._thread.is_open:
                for connection in self._connections.values():
                    connection.close()
        finally:
            self._thread.close()

    @property
    def resources(self) -> tuple[ServerOffer, ...]:
        """What can be read, of all servers that have resources."""
        return tuple(self._offers("resources", resources_of))

    @property
    def prompts(self) -> tuple[ServerOffer, ...]:
        """Prompts that the servers offer."""
        return tuple(self._offers("prompts", prompts_of))

    def read(self, server: str, uri: str) -> str:
        """Read a resource; its text is somebody else's.

        Raises:
            ConfigError: there is no such server.
            ToolError: it cannot be read.
            EgressDenied: the server may not be asked.
        """
        connection = self._connection(server)
        connection.leave("resources/read", {"uri": uri})
        return text_of(connection.now(lambda client: client.read_resource(uri)))

    def prompt(self, server: str, name: str, arguments: Mapping[str, str]) -> str:
        """Return a server's prompt as text, to be shown to the user before it is used.

        Raises:
            ConfigError: there is no such server.
            ToolError: there is no such prompt, or an argument is missing.
            EgressDenied: the server may not be asked.
        """
        connection = self._connection(server)
        connection.leave("prompts/get", {"name": name, "arguments": arguments})
        found = connection.now(lambda c: c.get_prompt(name, dict(arguments)))
        said = (m.content for m in found.messages)
        return "\n\n".join(getattr(content, "text", "") for content in said)

    def _begun(self, servers: Mapping[str, McpServer]) -> list[tuple[str, AnyTool]]:
        # All begin at once: each takes its time, and one that is silent all of it.
        with ThreadPoolExecutor(max_workers=max(len(servers), 1)) as beginning:
            made = beginning.map(self._tools, servers, servers.values())
            return [
                (name, tool)
                for name, tools in zip(servers, made, strict=True)
                for tool in tools
            ]

    def _connection(self, server: str) -> ServerConnection:
        if server not in self._connections:
            known = ", ".join(self._connections) or "none"
            raise ConfigError(f"there is no server {server!r}; connected: {known}")
        return self._connections[server]

    def _offers(
        self, kind: str, read: Callable[[str, Client], Any]
    ) -> Iterator[ServerOffer]:
        for name, connection in self._connections.items():
            connection.leave(f"{kind}/list", {})
            try:
                yield from connection.now(functools.partial(read, name))
            except ToolError:
                continue  # it has none, and says so as a fault

    def _release(self, to: str, content: bytes) -> None:
        # Without a home there is no policy to ask: offline refuses what is elsewhere.
        release(self._context or Context(offline=True), to, content)

    def _tools(self, name: str, server: McpServer) -> list[AnyTool]:
        """Connect a server, and return the tools that may be used."""
        connection = ServerConnection(name, server, self._thread, self._release)
        try:
            connection.leave("tools/list", {})
            listed = connection.now(tool_documents_of)
            self._connections[name] = connection
            return [
                made
                for document in self._agreed(name, listed)
                if (made := self._tool(connection, document)) is not None
            ]
        except AgentkitError as exc:
            self.notes.append(str(exc))
            return []

    def _agreed(self, name: str, listed: list[Document]) -> list[Document]:
        """Return the tools, without changed ones that the user does not accept."""
        if self._context is None:
            return listed
        # Tools that are gone need no yes: fewer tools can do less.
        pins = Pins(self._context.home)
        now = {str(one["name"]): pin_of(one) for one in listed}
        before = pins.of(name)
        if before is None or now == before:
            if before is None:
                pins.keep(name, now)
            return listed
        # New ones count as changed: nobody has seen them.
        changed = tuple(one for one in now if before.get(one) != now[one])
        if not changed or (self._ask and self._ask(name, changed)):
            pins.keep(name, now)
            return listed
        shown = ", ".join(line_of(one, 64) for one in changed[:5])
        self.notes.append(
            f"{name}: left out, since they are not what you agreed to: {shown}"
        )
        return [one for one in listed if one["name"] not in changed]

    def _tool(self, connection: ServerConnection, document: Document) -> AnyTool | None:
        """Make a tool of a document; None, with a note, where that fails."""
        name = str(document["name"])
        call = functools.partial(_call, connection, name)
        try:
            (made,) = Toolset.from_schemas([document], {name: call})
        except ToolsetError as exc:
            self.notes.append(f"{connection.name}: {line_of(str(exc), 200)}")
            return None
        # Whatever it says of itself: what it returns may be anybody's words, and what it
        # reads may be the user's.
        return replace(
            made,
            # 64 characters of this alphabet, beginning with a letter or "_", is what
            # model servers take as a function's name.
            name=_NOT_IN_NAMES.sub("_", name)[:64].lstrip("0123456789.-") or "tool",
            description=line_of(made.description, _DESCRIPTION),
            personal=True,
            untrusted=True,
        )


def open_servers(
    path: str | Path,
    context: Context | None = None,
    *,
    ask: Ask | None = None,
    taken: Iterable[str] = (),
) -> McpServers:
    """Connect the servers of a file until the process ends; see `McpServers`.

    Raises:
        ConfigError: the file cannot be read.
    """
    servers = McpServers.open(path, context=context, ask=ask, taken=taken)
    atexit.register(servers.close)
    return servers


async def _call(connection: ServerConnection, tool: str, /, **arguments: Any) -> Any:
    """Carry a call out on its server."""
    connection.leave("tools/call", {"name": tool, "arguments": arguments})
    result = await connection.then(lambda client: client.call_tool(tool, arguments))
    if result.is_error:
        raise ToolError(line_of(text_of(result)) or f"{tool} failed")
    # Servers give both, the text for clients that read no structure.
    if result.structured_content is not None and not result.content:
        return result.structured_content
    return text_of(result)


def _named(
    found: list[tuple[str, AnyTool]], taken: frozenset[str]
) -> Iterator[AnyTool]:
    """Put the server's name before tools whose name is given twice."""
    counted = Counter(tool.name for _, tool in found)
    given = set(taken)
    for server, tool in found:
        name = tool.name
        if counted[name] > 1 or name in taken:
            # All of one name get their server's, the first one too: which came first
            # must not matter.
            name = f"{_NOT_IN_NAMES.sub('_', server)}_{name}"[:64]
        if name in given:
            continue
        given.add(name)
        yield replace(tool, name=name)
