"""Tool selection: the few tools that a request needs, found without a model."""

from agentkit.tools.selection.index import ToolIndex, index_of
from agentkit.tools.selection.rank import Ranked, Selector, rank
from agentkit.tools.selection.shortlist import (
    FINDER,
    Selection,
    finder_of,
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
