"""Tool selection: the few tools that a request needs, found without a model."""

from agentkit.selection.asking import FINDER, finder_of, with_finder
from agentkit.selection.embedding import Selector
from agentkit.selection.index import ToolIndex, index_of
from agentkit.selection.ranking import Ranked, rank
from agentkit.selection.selecting import Selection, select_tools

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
