"""`find_tools`: how a model asks for a tool that it was not shown."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from agentkit.messages import Result
from agentkit.selection.index import index_of
from agentkit.selection.ranking import rank
from agentkit.tools import AnyTool, Toolset, tool

FINDER = "find_tools"
_SHOWN = 4


def finder_of(toolset: Toolset) -> AnyTool:
    """Make the tool that finds other tools of a toolset."""

    @tool(name=FINDER, effect="read")
    def find_tools(task: str) -> dict[str, str]:
        """Find other tools, when none of these can do a task.

        Args:
            task: what has to be done, in a few words.
        """
        order = rank(index_of(toolset), task)[:_SHOWN]
        found = [toolset[toolset.names[item.place]] for item in order if item.score]
        return {item.name: item.description for item in found}

    return find_tools


def with_finder(toolset: Toolset) -> Toolset:
    """Add the finder at the end, unless there is a tool of its name."""
    if FINDER in toolset or not len(toolset):
        return toolset
    return toolset + Toolset(finder_of(toolset))


def names_found(result: Result) -> tuple[str, ...]:
    """List the tools that a call of the finder found, the best first."""
    if result.name != FINDER or result.status != "done":
        return ()
    value = result.value
    return tuple(cast(Mapping[str, str], value)) if isinstance(value, Mapping) else ()
