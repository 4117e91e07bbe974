"""An application has its say in calls, results and what is sent."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from agentkit import (
    Agent,
    ConfigError,
    Context,
    Conversation,
    Done,
    Hooks,
    Journal,
    Message,
    Tool,
    ToolCall,
    ToolError,
    ToolResult,
    tool,
)
from agentkit.backends import Request, ScriptedBackend


@tool(effect="write", untrusted=False)
def pay_in(amount: int) -> dict[str, Any]:
    """Pay something in."""
    return {"amount": amount, "account": "DE89 3704"}


def run_with(hooks: Hooks, *script: str, **options: Any) -> tuple[Any, ScriptedBackend]:
    backend = ScriptedBackend(list(script) or ["[pay_in(amount=5)]", "Done."])
    agent = Agent(tools=[pay_in], backend=backend, hooks=hooks, **options)
    return agent.run("Pay in 5, then 7"), backend


def test_a_call_can_be_kept_from_running(tmp_path: Path) -> None:
    """The model is told why; nothing is done, and nothing is in the journal."""

    async def before(call: ToolCall, tool: Tool, context: Context) -> None:
        if call.arguments["amount"] > 6:
            raise ToolError("the counter is closed for more than 6")

    journal = Journal(tmp_path)
    script = ["[pay_in(amount=5)]", "[pay_in(amount=7)]", "Done."]
    outcome, _ = run_with(Hooks(before_call=before), *script, journal=journal)
    assert [one.status for one in outcome.calls] == ["done", "denied"]
    assert "closed for more than 6" in outcome.calls[1].value
    assert [one.intent.arguments["amount"] for one in journal.entries()] == [5]


def test_what_a_model_is_told_can_be_changed() -> None:
    """The result stands so in the outcome and in the conversation."""

    def after(result: ToolResult, tool: Tool, context: Context) -> ToolResult | None:
        assert tool.name == "pay_in"
        return replace(result, value={"amount": result.value["amount"]})

    outcome, backend = run_with(Hooks(after_call=after))
    assert outcome.calls[0].value == {"amount": 5}
    assert "3704" not in repr(backend.requests[1].conversation)


def test_what_is_sent_can_be_seen_and_changed() -> None:
    """Once a step, before any backend; what it returns is sent, and nothing is kept."""
    seen: list[int] = []

    def before(request: Request) -> Request:
        seen.append(len(request.conversation))
        note = Message("system", "Today the counter closes at six.")
        return replace(request, conversation=(note, *request.conversation))

    outcome, backend = run_with(Hooks(before_send=before))
    assert seen == [1, 3]
    assert [one.conversation[0].role for one in backend.requests] == ["system"] * 2
    assert isinstance(outcome, Done)
    assert outcome.conversation[0].role == "user"


def test_the_history_can_be_shaped() -> None:
    """Processors come one after the other; the outcome has the whole conversation."""

    def last_turn(conversation: Conversation) -> Conversation:
        start = max(i for i, m in enumerate(conversation) if m.role == "user")
        return conversation[start:]

    async def shout(conversation: Conversation) -> Conversation:
        return tuple(replace(m, text=m.text.upper()) for m in conversation)

    backend = ScriptedBackend(["Hello.", "Again."])
    agent = Agent(backend=backend, hooks=Hooks(history=(last_turn, shout)))
    first = agent.run("I am here")
    second = agent.run("And now?", conversation=first.conversation)
    assert [m.text for m in backend.requests[1].conversation] == ["AND NOW?"]
    assert len(second.conversation) == 4


@pytest.mark.parametrize(
    ("left", "message"),
    [
        (slice(2, None), "left a result of pay_in without its call"),
        (slice(0), "left nothing"),
    ],
    ids=["half a call", "nothing"],
)
def test_what_no_server_takes_is_refused(left: slice, message: str) -> None:
    """The error names the function."""

    def shape(conversation: Conversation) -> Conversation:
        return conversation[left] if len(conversation) > 2 else conversation

    with pytest.raises(ConfigError, match=f"shape {message}"):
        run_with(Hooks(history=(shape,)))


def test_what_a_hook_adds_is_looked_at_before_it_leaves() -> None:
    """A personal message keeps the request from a backend elsewhere."""
    from agentkit import Label
    from agentkit.backends.base import Traits

    def before(request: Request) -> Request:
        note = Message("system", "Born 1 May.", label=Label("tool", "personal"))
        return replace(request, conversation=(note, *request.conversation))

    cloud = ScriptedBackend(["Hello."], traits=Traits(on_device=False))
    outcome = Agent(backend=cloud, hooks=Hooks(before_send=before)).run("Hello")
    assert (outcome.kind, len(cloud.requests)) == ("stopped", 0)
