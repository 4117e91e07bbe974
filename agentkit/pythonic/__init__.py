"""Reads and writes tool calls as models write them: "[f(a=1)]" <-> calls."""

from agentkit.pythonic.parsed import (
    CallFault,
    Dependency,
    KnownTool,
    KnownTools,
    Parsed,
    Repair,
)
from agentkit.pythonic.parser import CallStream, parse_calls
from agentkit.pythonic.writer import format_calls

__all__ = [
    "CallFault",
    "CallStream",
    "Dependency",
    "KnownTool",
    "KnownTools",
    "Parsed",
    "Repair",
    "format_calls",
    "parse_calls",
]
