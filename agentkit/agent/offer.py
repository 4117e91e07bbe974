"""The tools that an agent offers: a fixed set, or one chosen for each run."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, TypeAlias, cast

from agentkit.agent.ladder.request import all_tools
from agentkit.context import Context
from agentkit.errors import ToolsetError
from agentkit.tools import Tool, ToolLike, Toolset

if TYPE_CHECKING:
    from agentkit.tools.selection import Selector

ToolChoice: TypeAlias = (
    Toolset | Iterable[ToolLike] | Callable[[Context], Iterable[ToolLike]]
)
Choose: TypeAlias = Callable[[Context], Toolset]


def offered(
    tools: ToolChoice, select: Selector | None
) -> tuple[Toolset, Choose | None]:
    """Return the toolset of all runs, or the function that chooses one for each.

    Args:
        tools: as the application gave them.
        select: shows a model some of them only.

    Raises:
        ToolDefinitionError: a function cannot become a tool.
        ToolsetError: two tools share a name, or there is one that is in no list.
    """
    # A tool is callable: without this it would be taken for a function that chooses
    # tools.
    if isinstance(tools, Tool):
        name = cast("Tool[object]", tools).name
        raise ToolsetError(f"{name!r} is one tool: give a list, tools=[{name}]")
    if not callable(tools):
        return all_tools(Toolset(tools), select), None
    return Toolset(), lambda context: all_tools(Toolset(tools(context)), select)
