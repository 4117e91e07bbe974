"""MCP documents: their schema, and what their hints make of a tool."""

import pytest

from agentkit import Toolset

READS = {"readOnlyHint": True}


@pytest.mark.parametrize(
    ("hints", "effect", "untrusted"),
    [
        ({}, "write", None),
        (READS, "read", None),
        ({**READS, "openWorldHint": True}, "read", True),
        ({**READS, "openWorldHint": False}, "read", None),
        ({"readOnlyHint": False}, "delete", None),
        ({"destructiveHint": False}, "send", None),
        ({"destructiveHint": False, "openWorldHint": False}, "write", None),
        ({"readOnlyHint": "true"}, "delete", None),
    ],
    ids=str,
)
def test_hints_give_the_effect(
    hints: dict[str, object], effect: str, untrusted: bool | None
) -> None:
    """What a hint leaves out is taken as the risky case, as MCP says."""
    document = {
        "name": "do",
        "description": "Do.",
        "inputSchema": {"type": "object", "properties": {"path": {"type": "string"}}},
        "annotations": hints,
    }
    tool = Toolset.from_schemas([document])["do"]
    assert (tool.effect, tool.untrusted) == (effect, untrusted)
    assert list(tool.parameters["properties"]) == ["path"]
