"""Which tools a backend is shown in a step, and what comes of a call of another."""

from __future__ import annotations

from collections.abc import Iterable

from agentkit.backends.base import Backend, Fault
from agentkit.messages import Conversation
from agentkit.selection import Selection, Selector, select_tools, with_finder
from agentkit.tools import Toolset


def all_tools(toolset: Toolset, select: Selector | None) -> Toolset:
    """Return what may be called: with the finder, where some may be left out."""
    if select is None or len(toolset) <= select.limit:
        return toolset
    return with_finder(toolset)


def shown_tools(
    toolset: Toolset,
    select: Selector | None,
    conversation: Conversation,
    backend: Backend,
) -> Selection:
    """Select the tools of a step; rules read them all, since it costs them nothing."""
    if select is None or getattr(backend, "reads_all_tools", False):
        return Selection(toolset)
    return select_tools(conversation, toolset, select)


def retell(
    faults: Iterable[Fault], shown: Toolset, toolset: Toolset
) -> tuple[Fault, ...]:
    """Tell a model that called a tool which was left out that it is there now."""
    return tuple(
        Fault(fault.tool, f"{fault.tool} is shown from now on: write the call again.")
        if fault.tool in toolset and fault.tool not in shown
        else fault
        for fault in faults
    )
