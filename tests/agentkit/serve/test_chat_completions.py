"""OpenAI's own client talks with the assistant and with the model."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import Reply, Request, ScriptedBackend
from agentkit.errors import BackendTimeout
from agentkit.tools import Toolset
from tests.agentkit.serve.client_tool import WEATHER

if TYPE_CHECKING:
    from openai import OpenAI

    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow


def said(text: str) -> list[Any]:
    return [{"role": "user", "content": text}]


def openai_of(client: Any) -> OpenAI:
    from openai import OpenAI

    key = client.headers["Authorization"].removeprefix("Bearer ")
    url = f"{client.base_url}/v1"
    return OpenAI(base_url=url, api_key=key, max_retries=0, http_client=client)


@pytest.fixture
def ai(serve: Serve) -> OpenAI:
    return openai_of(serve())


def test_both_models_are_listed(ai: OpenAI) -> None:
    """A client finds what it can ask for."""
    assert [one.id for one in ai.models.list()] == ["assistant", "model"]


def test_the_assistant_does_what_is_said_and_answers(ai: OpenAI) -> None:
    """What one request changes, the next one finds."""
    for text in ("add milk to the shopping list", "what is on the shopping list?"):
        made = ai.chat.completions.create(model="assistant", messages=said(text))
    assert "milk" in (made.choices[0].message.content or "")
    assert made.choices[0].finish_reason == "stop"


def test_a_stream_says_the_same_once(ai: OpenAI) -> None:
    """Pieces put together are the answer; usage comes last where it is asked for."""
    stream = ai.chat.completions.create(
        model="assistant",
        messages=said("15 % of 80"),
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = list(stream)
    text = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert text.count("12") == 1
    assert chunks[-1].usage is not None
    assert [c.choices[0].finish_reason for c in chunks if c.choices][-1] == "stop"


def test_a_yes_sends_what_was_shown(ai: OpenAI) -> None:
    """What would be sent is shown, and sent when the next message is a plain yes."""
    turns = said("send a message to bob@example.org: hello there")
    first = ai.chat.completions.create(model="assistant", messages=turns)
    shown = first.choices[0].message.content or ""
    assert "hello there" in shown
    turns += [{"role": "assistant", "content": shown}, *said("Yes, please")]
    second = ai.chat.completions.create(model="assistant", messages=turns)
    assert "outbox" in (second.choices[0].message.content or "")


def test_a_no_sends_nothing(ai: OpenAI) -> None:
    """A plain no ends it, and a later yes to the same words finds nothing to do."""
    turns = said("send a message to bob@example.org: hello there")
    first = ai.chat.completions.create(model="assistant", messages=turns)
    turns.append({"role": "assistant", "content": first.choices[0].message.content})
    for answer in ("nein", "yes"):
        made = ai.chat.completions.create(
            model="assistant", messages=[*turns, *said(answer)]
        )
        assert "waits in the outbox" not in (made.choices[0].message.content or "")


def test_the_model_calls_the_tools_of_the_client(ai: OpenAI) -> None:
    """A call comes back with JSON arguments that fit the tool."""
    made = ai.chat.completions.create(
        model="model", messages=said("get the weather of Paris"), tools=[WEATHER]
    )
    (call,) = list(made.choices[0].message.tool_calls or [])
    assert call.type == "function"
    assert (call.function.name, json.loads(call.function.arguments)) == (
        "get_weather",
        {"city": "Paris"},
    )
    assert made.choices[0].finish_reason == "tool_calls"


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
def test_the_assistant_uses_a_tool_of_the_client(serve: Serve, streamed: bool) -> None:
    """The run sleeps until the client brings the result, and goes on with it."""
    backend = ScriptedBackend(
        ["[get_weather(city='Paris'), get_weather(city='Rome')]", "Sunny in both."]
    )
    ai = openai_of(serve(backend))
    turns = said("How is the weather in Paris and Rome?")
    calls, text = _ask(ai, turns, streamed=streamed)
    assert [json.loads(c["function"]["arguments"])["city"] for c in calls] == [
        "Paris",
        "Rome",
    ]
    turns.append({"role": "assistant", "content": text or None, "tool_calls": calls})
    turns += [
        {"role": "tool", "tool_call_id": c["id"], "content": '{"sky": "sunny"}'}
        for c in calls
    ]
    assert _ask(ai, turns, streamed=streamed) == ([], "Sunny in both.")
    results = [m.result for m in backend.requests[-1].conversation if m.result]
    assert [one.value for one in results] == [{"sky": "sunny"}] * 2


def _ask(ai: Any, turns: list[Any], *, streamed: bool) -> tuple[list[Any], str]:
    given: Any = {"model": "assistant", "messages": turns, "tools": [WEATHER]}
    if not streamed:
        message: Any = ai.chat.completions.create(**given).choices[0].message
        calls = [one.model_dump() for one in message.tool_calls or ()]
        return calls, message.content or ""
    calls, text = list[Any](), ""
    for chunk in ai.chat.completions.create(**given, stream=True):
        delta = chunk.choices[0].delta
        text += delta.content or ""
        calls += [one.model_dump(exclude={"index"}) for one in delta.tool_calls or ()]
    return calls, text


BAD: dict[str, tuple[dict[str, Any], int, str]] = {
    "no such model": ({"model": "gpt-4"}, 404, "model_not_found"),
    "no messages": ({"messages": []}, 400, "invalid_request"),
    "no role": ({"messages": [{"content": "x"}]}, 400, "invalid_request"),
    "last is the assistant's": (
        {"messages": [{"role": "assistant", "content": "x"}]}, 400, "invalid_request",
    ),
    "nothing said": ({"messages": said("  ")}, 400, "invalid_request"),
    "two answers": ({"n": 2}, 400, "unsupported"),
    "a picture elsewhere": (
        {"messages": [{"role": "user", "content": [
            {"type": "image_url", "image_url": {"url": "http://127.0.0.1/x.png"}}]}]},
        400, "invalid_image",
    ),
    "a result of no run": (
        {"messages": [*said("x"), {"role": "tool", "tool_call_id": "call_1",
                                   "content": "1"}]}, 409, "run_gone",
    ),
    "a tool without a name": (
        {"tools": [{"type": "function", "function": {}}]}, 400, "invalid_tools",
    ),
    "a tool of the vendor's": (
        {"tools": [{"type": "web_search"}]}, 400, "unsupported_tool",
    ),
    "a tool named as one of ours": (
        {"tools": [{"type": "function", "function": {
            "name": "find_events", "parameters": {}}}]}, 400, "invalid_tools",
    ),
    "a choice of no tool": ({"tool_choice": "required"}, 400, "invalid_tool_choice"),
    "arguments that are no object": (
        {"messages": [*said("x"), {"role": "assistant", "tool_calls": [
            {"id": "a", "function": {"name": "f", "arguments": "[1]"}}]}, *said("y")]},
        400, "invalid_request",
    ),
}  # fmt: skip


@pytest.mark.parametrize("streamed", [False, True], ids=["whole", "streamed"])
@pytest.mark.parametrize(("body", "status", "code"), BAD.values(), ids=BAD)
def test_what_cannot_be_answered_is_told(
    serve: Serve, body: dict[str, Any], status: int, code: str, streamed: bool
) -> None:
    """A fault of the request is a status, a code and a sentence, streamed or not."""
    given = {"model": "assistant", "messages": said("hi"), "stream": streamed, **body}
    answer = serve().post("/v1/chat/completions", json=given)
    told = answer.json()["error"]
    assert (answer.status_code, told["code"]) == (status, code)
    assert told["message"]


def fail(_: Request) -> str:
    raise BackendTimeout("the model did not answer in time")


def test_a_model_that_fails_is_a_gateway_error(serve: Serve) -> None:
    """What is behind this server is told apart from what is wrong with a request."""
    body = {"model": "model", "messages": said("hi")}
    answer = serve(ScriptedBackend([fail])).post("/v1/chat/completions", json=body)
    assert answer.status_code == 504
    assert "did not answer in time" in answer.json()["error"]["message"]


def test_a_fault_in_the_middle_ends_the_stream_with_it(serve: Serve) -> None:
    """What fails after the first byte is told in the stream, and the stream ends."""
    client = serve(ScriptedBackend([fail]))
    body = {"model": "model", "messages": said("hi"), "stream": True}
    lines = client.post("/v1/chat/completions", json=body).text.strip().splitlines()
    events = [line.removeprefix("data: ") for line in lines if line]
    assert events[-1] == "[DONE]"
    assert json.loads(events[-2])["error"]["code"] == "timeout"


def think(request: Request) -> Reply:
    request.on_reasoning("Hm.")
    return Reply(text="Hello.", tokens_in=7, tokens_out=3, finish_reason="length")


@pytest.mark.parametrize("model", ["assistant", "model"])
def test_what_was_used_thought_and_cut_is_told(serve: Serve, model: str) -> None:
    """Tokens, thoughts and the reason to end come through from the backend."""
    body = {"model": model, "messages": said("hi")}
    answer = serve(ScriptedBackend([think])).post("/v1/chat/completions", json=body)
    told = answer.json()
    assert (told["usage"]["prompt_tokens"], told["usage"]["completion_tokens"]) == (
        7,
        3,
    )
    assert told["choices"][0]["message"]["reasoning_content"] == "Hm."
    assert told["choices"][0]["message"]["content"] == "Hello."
    assert told["choices"][0]["finish_reason"] == "length"


def test_a_model_is_shown_the_tools_that_a_request_needs(tmp_path: Path) -> None:
    """Of the assistant's a few, and of the client's all: a small model has no more room."""
    pytest.importorskip("uvicorn")
    from tests.agentkit.serve.served import tenant

    one = replace(tenant(tmp_path), select=4)
    document = {"name": "turn_off_lamp", "parameters": {"type": "object"}}
    asked: list[int] = []

    def answer(request: Request) -> str:
        asked.append(len(request.toolset))
        return f"{'turn_off_lamp' in request.toolset}"

    one = replace(one, backends=(ScriptedBackend([answer], repeat=True),))
    agent = one.assistant(Toolset.from_schemas([document]))
    assert agent.run("add milk to my shopping list").text == "True"
    assert asked[0] < 10 < len(one.toolset)
