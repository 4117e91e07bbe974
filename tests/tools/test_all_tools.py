"""What all bundled tools have in common."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from agentkit import Context, Tool

AREAS = (
    "archives", "briefing", "calendar", "clock", "contacts", "dispatch", "lists", "mail",
    "memory", "messages", "notes", "reminders", "search", "sync",
)  # fmt: skip


def tools_of(module: ModuleType) -> list[Tool]:
    """Return a module's tools."""
    return [value for value in vars(module).values() if isinstance(value, Tool)]


TOOLS = [t for area in AREAS for t in tools_of(import_module(f"agentkit_tools.{area}"))]
by_name = pytest.mark.parametrize("tool", TOOLS, ids=lambda tool: tool.name)


def test_tools_have_names_of_their_own() -> None:
    """No two bundled tools share a name."""
    assert len({tool.name for tool in TOOLS}) == len(TOOLS) > 30


@by_name
def test_every_tool_says_its_results_in_words(tool: Tool) -> None:
    """Each tool has sentences for it and words for its results."""
    assert tool.wording is not None
    assert tool.examples
    assert tool.returns is not None


@by_name
def test_what_changes_something_is_previewed(tool: Tool) -> None:
    """Each tool that writes, sends or deletes says what it will change."""
    assert tool.effect == "read" or tool.preview is not None


@by_name
def test_every_parameter_is_described(tool: Tool) -> None:
    """Models read a description of every argument."""
    for schema in tool.parameters["properties"].values():
        assert schema["description"]


def test_loading_the_tools_loads_no_heavy_library() -> None:
    """icalendar, vobject and the like are loaded by the first use of a store."""
    heavy = ("icalendar", "recurring_ical_events", "vobject", "dateparser", "typer")
    code = (
        "import sys\n"
        + "".join(f"import agentkit_tools.{area}\n" for area in AREAS)
        + f"print([name for name in {heavy} if name in sys.modules])"
    )
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("find_events", {}),
        ("free_time", {"when": "tomorrow"}),
        ("list_reminders", {}),
        ("list_alarms", {}),
        ("list_timers", {}),
        ("show_list", {}),
        ("find_messages", {}),
        ("summarize_messages", {}),
        ("find_action_items", {}),
        ("find_follow_ups", {}),
        ("find_contact", {"name": "Maya"}),
        ("find_notes", {}),
        ("search_everything", {"query": "Lisbon"}),
        ("tell_time", {"place": "Tokyo"}),
        ("convert_time", {"to_place": "New York", "time": "3pm"}),
    ],
)
def test_results_survive_json_and_are_said_in_words(
    name: str, arguments: dict[str, Any], sample: Context
) -> None:
    """A result that went through JSON is worded like the one that did not."""
    tool = next(tool for tool in TOOLS if tool.name == name)
    result = tool.invoke(tool.check(arguments, sample))
    dumped = json.loads(json.dumps(tool.dump(result)))
    assert tool.wording is not None
    assert tool.word(dumped) == tool.wording(result) != ""


def test_the_tools_know_only_the_face() -> None:
    """Nothing but the faces of agentkit, its slots and its language is imported."""
    folder = Path(str(import_module("agentkit_tools").__file__)).parent
    for path in folder.rglob("*.py"):
        for line in path.read_text("utf-8").splitlines():
            if line.startswith("from agentkit.") or line.startswith("import agentkit."):
                faces = ("from agentkit.slots import", "from agentkit.language import")
                assert line.startswith(faces), path
