"""Tool selection: the few tools that a request needs, found without a model."""

from agentkit.tools.selection.index import ToolIndex, index_of
from agentkit.tools.selection.shortlist import (
    FINDER,
    Ranked,
    Selection,
    Selector,
    finder_of,
    rank,
    select_tools,
    with_finder,
)

__all__ = [
    "FINDER",
    "Ranked",
    "Selection",
    "Selector",
    "ToolIndex",
    "finder_of",
    "index_of",
    "rank",
    "select_tools",
    "with_finder",
]
