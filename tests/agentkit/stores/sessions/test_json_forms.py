"""The JSON form of messages and outcomes: nothing is lost, damage is named."""

from __future__ import annotations

import json
from dataclasses import fields, is_dataclass
from typing import Any, get_args, get_type_hints

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentkit.errors import CorruptStore, StoreError
from agentkit.messages import (
    Dependency,
    Label,
    Message,
    Question,
    ToolCall,
    ToolResult,
    assistant,
    user,
)
from agentkit.messages.images import Image
from agentkit.outcomes import Approval, Done, NeedsApproval, NeedsInput, Stopped
from agentkit.routing import Route
from agentkit.safety.provenance import Recipient, Role, Trace
from agentkit.stores.sessions import from_json, to_json
from agentkit.stores.sessions.json_forms import _BY_NAME  # pyright: ignore[reportPrivateUsage]

texts = st.text(st.characters(), max_size=12)
scalars = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False)
    | texts
    | st.builds(Dependency, texts)
)
values = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.tuples(inner, inner)
        | st.dictionaries(texts | st.just("is") | st.integers(), inner, max_size=3)
    ),
    max_leaves=4,
)
labels = st.builds(
    Label,
    st.sampled_from(["user", "tool", "file", "web", "model", "application"]),
    st.sampled_from(["public", "personal", "secret"]),
    st.sampled_from(["trusted", "untrusted"]),
)
calls = st.builds(ToolCall, texts, st.dictionaries(texts, values, max_size=3), texts)
results = st.builds(
    ToolResult, calls, st.sampled_from(["done", "error", "denied", "skipped"]), values
)
images = st.builds(
    Image,
    kind=st.sampled_from(["jpeg", "png"]),
    width=st.integers(1, 9),
    height=st.integers(1, 9),
    data=texts,
    granted=st.booleans(),
)
messages = st.builds(
    Message,
    st.sampled_from(["system", "user", "assistant", "tool"]),
    texts,
    st.lists(calls, max_size=2).map(tuple),
    st.none() | results,
    labels,
    st.lists(images, max_size=1).map(tuple),
)
traces = st.builds(
    Trace,
    texts,
    texts,
    st.sampled_from([Role(), Recipient()]),
    st.sampled_from(["user", "linked", "field", "text", "nowhere"]),
    texts,
)
approvals = st.builds(
    Approval,
    calls,
    st.sampled_from(["read", "write", "send", "delete"]),
    texts,
    follows=texts,
    traces=st.lists(traces, max_size=2).map(tuple),
    quotes=st.lists(texts, max_size=2).map(tuple),
)
endings: dict[str, Any] = {
    "text": texts,
    "steps": st.integers(0, 99),
    "calls": st.lists(results, max_size=2).map(tuple),
    "route": st.builds(Route, texts, texts),
    "conversation": st.lists(messages, max_size=3).map(tuple),
    "bytes_out": st.integers(0, 1 << 40),
    "seconds": st.floats(0, 1e6),
}
outcomes = (
    st.builds(Done, **endings)
    | st.builds(NeedsApproval, pending=st.lists(approvals).map(tuple), **endings)
    | st.builds(
        NeedsInput,
        question=st.builds(Question, texts, texts, texts, st.tuples(texts)),
        **endings,
    )
    | st.builds(Stopped, reason=st.sampled_from(["privacy", "abstained"]), **endings)
)


@settings(max_examples=60, deadline=None)
@given(messages | outcomes | approvals)
def test_what_is_written_is_read_back(value: object) -> None:
    """Messages, approvals and outcomes come back equal, to the type of each value."""
    text = to_json(value)
    back = from_json(text, type(value))
    assert back == value
    assert repr(back) == repr(value)
    assert text.isascii()


@pytest.mark.parametrize("number", [float("inf"), float("-inf"), float("nan")])
def test_numbers_that_json_has_not(number: float) -> None:
    """Infinities and NaN survive, in strict JSON."""
    message = Message("user", calls=(ToolCall("f", {"x": number}),))
    text = to_json(message)
    json.loads(text, parse_constant=pytest.fail)
    assert repr(from_json(text, Message)) == repr(message)


def test_the_form_is_stable() -> None:
    """The form of version 1, to the byte: files of today are read tomorrow."""
    message = assistant("Hm", (ToolCall("f", {"x": Dependency("c1")}, "c2"),))
    assert to_json(message) == (
        '{"version":1,"value":{"is":"Message","role":"assistant","text":"Hm",'
        '"calls":[{"is":"Call","name":"f","arguments":{"x":{"is":"Dependency",'
        '"call_id":"c1"}},"id":"c2"}],"label":{"is":"Label","origin":"model"}}}'
    )


def test_a_newer_form_is_refused_not_damaged() -> None:
    """What a newer agentkit wrote is told as that, and is no damage."""
    with pytest.raises(
        StoreError, match="form 2, and this agentkit reads up to 1"
    ) as e:
        from_json('{"version":2,"value":null}', Message)
    assert not isinstance(e.value, CorruptStore)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("{", id="cut off"),
        pytest.param("[]", id="no object"),
        pytest.param('{"version":0,"value":null}', id="no such version"),
        pytest.param('{"version":1}', id="no value"),
        pytest.param('{"version":1,"value":{"is":"Popen"}}', id="unknown record"),
        pytest.param('{"version":1,"value":{"is":["x"]}}', id="name that is a list"),
        pytest.param('{"version":1,"value":{"is":"Message"}}', id="field missing"),
        pytest.param(
            '{"version":1,"value":{"is":"Message","role":"root"}}', id="no such role"
        ),
        pytest.param(
            '{"version":1,"value":{"is":"Message","role":"user","text":7}}',
            id="text that is a number",
        ),
        pytest.param(
            '{"version":1,"value":{"is":"Message","role":"user","more":7}}',
            id="unknown field",
        ),
        pytest.param('{"version":1,"value":{"is":"Label"}}', id="another record"),
        pytest.param('{"version":1,"value":' + "[" * 100_000, id="deep"),
    ],
)
def test_damage_is_named(text: str) -> None:
    """Whatever is wrong with a form, it is told as damage and nothing else raises."""
    with pytest.raises(CorruptStore):
        from_json(text, Message)


def test_what_has_no_form() -> None:
    """A value that is no JSON is named, rather than changed into something else."""
    with pytest.raises(StoreError, match="is a set, which is no JSON"):
        to_json(Message("user", calls=(ToolCall("f", {"x": {1}}),)))


@pytest.mark.parametrize(
    "kind", [Message, ToolCall, ToolResult, Label, Approval, Trace, Done]
)
def test_fields_may_be_added(kind: type[Any]) -> None:
    """Every field that a newer file may leave out has a default."""
    must = {f.name for f in fields(kind) if f.default is f.default_factory}
    assert must <= {
        *("role", "name", "call", "status", "effect", "preview"),
        *("argument", "value", "ground"),
    }


def test_every_part_of_an_outcome_has_a_form() -> None:
    """Whatever record is added to an outcome must be known to the form."""

    def records(hint: Any) -> set[type[Any]]:
        found = {r for part in get_args(hint) for r in records(part)}
        is_record = isinstance(hint, type) and is_dataclass(hint)
        return found | ({hint} if is_record else set())

    known, waiting = set[Any](), [Done, NeedsApproval, NeedsInput, Stopped]
    while waiting:
        kind = waiting.pop()
        known.add(kind)
        assert kind in _BY_NAME.values()
        for hint in get_type_hints(kind).values():
            waiting += records(hint) - known


def test_a_plain_message_is_short() -> None:
    """Defaults are not written."""
    assert to_json(user("Hi")) == (
        '{"version":1,"value":{"is":"Message","role":"user","text":"Hi"}}'
    )
