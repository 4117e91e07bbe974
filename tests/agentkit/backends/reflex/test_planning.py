from collections.abc import Callable
from typing import Any

import pytest

from agentkit.backends.base import Reply
from agentkit.messages import (
    Message,
    Status,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
)

Ask = Callable[..., Reply]

REQUEST = "Show the last 8 visitors, and send complaints about the late deliveries."
PARCELS = [
    {"parcel": "books", "day": "2026-03-01", "note": "second time"},
    {"parcel": "shoes", "day": "2026-03-02", "note": ""},
]


def told(call: ToolCall, value: Any, status: Status = "done") -> Message:
    return tool_result(ToolResult(call, status, value))


def first_results(reply: Reply, found: list[dict[str, str]]) -> tuple[Message, ...]:
    values = {"visitors": "Ann came", "late_deliveries": found}
    results = (told(call, values[call.name]) for call in reply.calls)
    return (assistant(calls=reply.calls), *results)


def test_reads_first_what_a_call_needs(ask: Ask) -> None:
    """A read whose items have the missing arguments comes first; numbers carry over."""
    reply = ask(REQUEST)
    assert [(call.name, dict(call.arguments)) for call in reply.calls] == [
        ("visitors", {"count": 8}),
        ("late_deliveries", {"count": 8}),
    ]


def test_then_calls_once_per_item(ask: Ask) -> None:
    """Each item becomes a call, with the fields that the tool has parameters for."""
    after = first_results(ask(REQUEST), PARCELS)
    reply = ask(REQUEST, after=after)
    assert [(call.name, dict(call.arguments)) for call in reply.calls] == [
        ("complain", PARCELS[0]),
        ("complain", {"parcel": "shoes", "day": "2026-03-02"}),
    ]


def test_then_answers(ask: Ask) -> None:
    """With every result there, the answer is made of the tools' own words."""
    after = first_results(ask(REQUEST), PARCELS)
    second = ask(REQUEST, after=after)
    done = [
        told(call, f"wrote about {call.arguments['parcel']}") for call in second.calls
    ]
    reply = ask(REQUEST, after=(*after, assistant(calls=second.calls), *done))
    assert not reply.calls
    assert "Ann came" in reply.text
    assert "wrote about books" in reply.text
    assert "wrote about shoes" in reply.text


def test_no_items_no_calls(ask: Ask) -> None:
    """When nothing was found, nothing is sent."""
    reply = ask(REQUEST, after=first_results(ask(REQUEST), []))
    assert not reply.calls
    assert "Ann came" in reply.text


@pytest.mark.parametrize(
    ("status", "value", "said"),
    [
        ("done", "Bob: hi", "Faxed: Bob: hi."),
        ("denied", "The user said no.", "you said no"),
        ("error", "fax failed: no paper", "no paper"),
    ],
    ids=["done", "denied", "error"],
)
def test_says_what_came_of_it(ask: Ask, status: Status, value: str, said: str) -> None:
    """Success, a no and a failure are told in words, and not tried again."""
    text = "fax Bob that hi"
    call = ask(text).calls[0]
    reply = ask(text, after=(assistant(calls=(call,)), told(call, value, status)))
    assert not reply.calls
    assert said in reply.text


def test_takes_up_a_call_that_its_tool_put_off(ask: Ask) -> None:
    """The answer to a tool's own question goes into the call that waits for it."""
    call = ToolCall("fax", {"to": "Bob", "text": "hi"})
    before = (
        assistant(calls=(call,)),
        told(call, "fax waits for the user's answer: Which Bob?", "skipped"),
        assistant("Which Bob?"),
    )
    reply = ask("Bob Miller", before=before)
    assert [dict(call.arguments) for call in reply.calls] == [
        {"to": "Bob Miller", "text": "hi"}
    ]
