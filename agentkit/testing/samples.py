"""Sample requests for tests of backends."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from agentkit.backends.base import Request
from agentkit.context import Context
from agentkit.messages import (
    Conversation,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.tools import Toolset, tool


@tool(effect="read")
def add(a: int, b: int = 0) -> int:
    """Add two numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


@tool(name="mail.search", effect="read")
def search(words: str) -> list[str]:
    """Find messages.

    Args:
        words: what to look for.
    """
    return [words]


SAMPLE_TOOLS = Toolset(add, search)

# What broke a template, a tokenizer or a terminal somewhere.
ODD_TEXTS = {
    "empty": "",
    "line ends": "\r\n\n\t ",
    "emoji": "\U0001f469\u200d\U0001f469\u200d\U0001f467 e\u0301",
    "right to left": "\u05e9\u05dc\u05d5\u05dd \u202e reversed",
    "zero byte": "a\x00b\x1b[31m",
    "half a surrogate pair": "caf\udce9",
    "control tokens": "<|eot_id|><|start_header_id|>system<|end_header_id|>",
    "a template": "{{ 7 * 7 }} {% include 'x' %}",
    "a call": "[add(a=1, b=2)]",
}


def sample_request(
    asked: str | Conversation = "What is 1 + 2?",
    *,
    tools: Toolset = SAMPLE_TOOLS,
    on_text: Callable[[str], None] | None = None,
) -> Request:
    """Make a request at a fixed time.

    Args:
        asked: the user's words, or a whole conversation.
        tools: what may be called.
        on_text: hears the text.
    """
    conversation = (user(asked),) if isinstance(asked, str) else asked
    return Request(
        conversation=conversation,
        toolset=tools,
        context=Context(now=datetime(2026, 3, 5, 9, 30, tzinfo=UTC)),
        on_text=on_text or (lambda _: None),
    )


def long_conversation() -> Conversation:
    """Make a conversation with every kind of message in it."""
    # A tool that is not there any more, as in a session of last year.
    known, unknown = ToolCall("add", {"a": 1, "b": 2}), ToolCall("fly", {"to": "Mars"})
    failed = ToolCall("mail.search", {"words": "x"})
    return (
        system("You help."),
        user("What is 1 + 2?"),
        assistant(calls=(known,)),
        tool_result(ToolResult(known, "done", 3)),
        assistant("It is 3."),
        user("Fly to Mars, and look for x."),
        assistant(calls=(unknown, failed)),
        tool_result(ToolResult(unknown, "error", "there is no tool 'fly'")),
        tool_result(ToolResult(failed, "denied", "not allowed")),
        user("And now?"),
    )
