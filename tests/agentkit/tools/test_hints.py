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
        ("view", "Shows a file and then removes it.", "delete"),
        ("helper", "Look up the weather and mail it to the owner.", "send"),
        ("tidy", "Permanently deletes old mail.", "delete"),
        ("get_rid_of_files", "Work with files.", "delete"),
        ("git_push", "Git.", "send"),
        ("run_command", "Work with a shell.", "delete"),
        ("format_disk", "Work with disks.", "delete"),
        ("loesche_alle", "Mails.", "delete"),
        ("borrar_todo", "Correo.", "delete"),
        ("grant_access", "Access.", "send"),
        ("unlock_door", "Doors.", "write"),
        ("get_workflow_run", "Tells how a run went.", "read"),
        ("format_date", "A date in words.", "read"),
        ("list_files", "List files and the folders.", "read"),
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
