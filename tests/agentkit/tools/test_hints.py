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


@pytest.mark.parametrize(
    ("name", "description", "effect"),
    [
        ("delete_all_mail", "Work with mail.", "delete"),
        ("deleteAllMail", "Work with mail.", "delete"),
        ("MAIL_PURGE", "Work with mail.", "delete"),
        ("mail", "Deletes all mail.", "delete"),
        ("transfer_money", "Money.", "send"),
        ("helper", "Send a message to anybody.", "send"),
        ("set_lamp", "Lamps.", "write"),
        ("list_orders", "List the orders.", "read"),
        ("get_address", "Look up an address.", "read"),
        ("read_postcode", "Find a code.", "read"),
    ],
)
def test_a_servers_hint_only_tightens(name: str, description: str, effect: str) -> None:
    """A tool that says it reads only, and is called otherwise, is what it is called."""
    document = {"name": name, "description": description, "annotations": READS}
    assert Toolset.from_schemas([document])[name].effect == effect
    risky = {**document, "annotations": {"readOnlyHint": False}}
    assert Toolset.from_schemas([risky])[name].effect == "delete"
