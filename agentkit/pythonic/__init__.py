"""Reads and writes tool calls as models write them: "[f(a=1)]" <-> calls."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.pythonic.call_stream import CallStream as CallStream
    from agentkit.pythonic.parsed import CallFault as CallFault
    from agentkit.pythonic.parsed import Dependency as Dependency
    from agentkit.pythonic.parsed import KnownTool as KnownTool
    from agentkit.pythonic.parsed import KnownTools as KnownTools
    from agentkit.pythonic.parsed import ParsedCalls as ParsedCalls
    from agentkit.pythonic.parsed import Repair as Repair
    from agentkit.pythonic.parser import parse_calls as parse_calls
    from agentkit.pythonic.writer import format_calls as format_calls

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "parsed": (
                "CallFault",
                "Dependency",
                "KnownTool",
                "KnownTools",
                "ParsedCalls",
                "Repair",
            ),
            "call_stream": ("CallStream",),
            "parser": ("parse_calls",),
            "writer": ("format_calls",),
        },
    )
