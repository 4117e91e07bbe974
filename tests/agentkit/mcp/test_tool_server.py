"""Our tools under another assistant: the SDK's own client, in both protocols."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context
from agentkit.discovery import installed_tools
from agentkit.stores.journal import Journal

pytestmark = pytest.mark.slow

_SEND = {"to": "bob@example.org", "text": "hello"}
MODES = ["auto", "legacy"]


def ask(
    home: Path, mode: str, work: Callable[[Any], Any], answer: Any = None
) -> tuple[Any, list[str]]:
    """Talk with the server in this process; return what came, and what was asked."""
    pytest.importorskip("mcp")
    from mcp import Client
    from mcp.types import ElicitResult

    from agentkit.mcp import ToolServer

    asked: list[str] = []

    async def elicited(_: Any, params: Any) -> ElicitResult:
        asked.append(params.message)
        content: Any = {"approve": answer} if isinstance(answer, bool) else None
        return ElicitResult(action="accept" if content else "cancel", content=content)

    async def talk() -> Any:
        served = ToolServer(installed_tools(), Context(home=home)).server
        more: Any = {} if answer is None else {"elicitation_callback": elicited}
        async with Client(served, mode=mode, **more) as client:
            return await work(client)

    return asyncio.run(talk()), asked


def text(result: Any) -> str:
    return "\n".join(part.text for part in result.content)


@pytest.mark.parametrize("mode", MODES)
def test_the_tools_are_offered_with_honest_hints(tmp_path: Path, mode: str) -> None:
    """What sends and deletes says so."""
    listed, _ = ask(tmp_path, mode, lambda client: client.list_tools())
    hints = {tool.name: tool.annotations for tool in listed.tools}
    assert hints["find_events"].read_only_hint
    assert hints["send_message"].open_world_hint
    deleting = [one.name for one in installed_tools() if one.effect == "delete"]
    assert deleting
    assert all(hints[name].destructive_hint for name in deleting)


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("answer", [True, False, "cancel"])
def test_what_sends_is_asked_about(tmp_path: Path, mode: str, answer: Any) -> None:
    """The client's user sees what would be sent, and only their yes sends it."""
    result, asked = ask(
        tmp_path, mode, lambda c: c.call_tool("send_message", _SEND), answer
    )
    assert asked
    assert "hello" in asked[0]
    assert result.is_error is (answer is not True)
    assert len(Journal(tmp_path).entries()) == (1 if answer is True else 0)


@pytest.mark.parametrize("mode", MODES)
def test_a_client_that_cannot_ask_is_told(tmp_path: Path, mode: str) -> None:
    """Nothing is sent, and the refusal says what would have been and why not."""
    result, _ = ask(tmp_path, mode, lambda c: c.call_tool("send_message", _SEND))
    assert result.is_error
    assert "cannot ask" in text(result)
    assert not Journal(tmp_path).entries()


@pytest.mark.parametrize("mode", MODES)
def test_what_writes_is_done_and_can_be_taken_back(tmp_path: Path, mode: str) -> None:
    """A call is in the journal like any other."""
    arguments = {"item": "milk", "list_name": "shopping"}
    result, asked = ask(
        tmp_path, mode, lambda c: c.call_tool("add_to_list", arguments), answer=True
    )
    assert (result.is_error, asked) == (False, [])
    (entry,) = Journal(tmp_path).entries()
    assert entry.intent.tool == "add_to_list"


@pytest.mark.parametrize(
    ("name", "arguments"),
    [("nothing", {}), ("find_events", {"when": 5}), ("send_message", {"to": "x"})],
    ids=["no such tool", "a wrong argument", "a missing one"],
)
def test_a_wrong_call_is_a_fault_in_words(
    tmp_path: Path, name: str, arguments: dict[str, Any]
) -> None:
    """The other model reads what it can change."""
    result, _ = ask(tmp_path, "auto", lambda c: c.call_tool(name, arguments))
    assert result.is_error
    assert text(result)
