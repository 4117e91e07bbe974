"""OpenAI's own client talks with the assistant over the responses API."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from agentkit.backends import Request, ScriptedBackend
from agentkit.errors import BackendTimeout

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow

WEATHER: Any = {
    "type": "function",
    "name": "get_weather",
    "description": "Get the weather of a city.",
    "parameters": {
        "type": "object",
        "properties": {"city": {"type": "string"}},
        "required": ["city"],
    },
    "strict": False,
}


def openai_of(client: Any) -> Any:
    from openai import OpenAI

    key = client.headers["Authorization"].removeprefix("Bearer ")
    url = f"{client.base_url}/v1"
    return OpenAI(base_url=url, api_key=key, max_retries=0, http_client=client)


def test_an_answer_goes_on_from_the_one_before(serve: Serve) -> None:
    """An id stands for all that was said up to it."""
    backend = ScriptedBackend(["Good morning, Ana.", "You are Ana."])
    ai = openai_of(serve(backend))
    first = ai.responses.create(model="assistant", input="I am Ana.")
    second = ai.responses.create(
        model="assistant", input="Who am I?", previous_response_id=first.id
    )
    assert second.output_text == "You are Ana."
    said = [m.text for m in backend.requests[-1].conversation if m.role != "system"]
    assert said == ["I am Ana.", "Good morning, Ana.", "Who am I?"]


def test_a_stream_tells_each_part_and_the_whole(serve: Serve) -> None:
    """Deltas put together are the text of the whole, and every event has its number."""
    ai = openai_of(serve(ScriptedBackend(["Good morning."])))
    events = list(ai.responses.create(model="assistant", input="Hi", stream=True))
    deltas = [e.delta for e in events if e.type == "response.output_text.delta"]
    assert "".join(deltas) == "Good morning."
    assert events[-1].type == "response.completed"
    assert events[-1].response.output_text == "Good morning."
    assert [e.sequence_number for e in events] == list(range(len(events)))


@pytest.mark.parametrize("model", ["assistant", "model"])
@pytest.mark.parametrize("by_id", [True, False], ids=["by its id", "told again"])
def test_a_tool_of_the_client_is_called(serve: Serve, model: str, by_id: bool) -> None:
    """The result comes with the next request, whichever way that goes on."""
    script = ["[get_weather(city='Paris')]", "It is sunny."]
    ai = openai_of(serve(ScriptedBackend(script)))
    asked: Any = {"model": model, "tools": [WEATHER]}
    first = ai.responses.create(input="How is it in Paris?", **asked)
    (call,) = [one for one in first.output if one.type == "function_call"]
    assert json.loads(call.arguments) == {"city": "Paris"}
    result = {"type": "function_call_output", "call_id": call.call_id, "output": "sun"}
    if by_id:
        asked["previous_response_id"] = first.id
        items: list[Any] = [result]
    else:
        items = [
            {"role": "user", "content": "How is it in Paris?"},
            call.to_dict(),
            result,
        ]
    second = ai.responses.create(input=items, **asked)
    assert second.output_text == "It is sunny."


def fail(_: Request) -> str:
    raise BackendTimeout("too slow")


def test_a_fault_in_the_middle_is_an_event(serve: Serve) -> None:
    """What fails after the first byte is told by the event `error`."""
    client = serve(ScriptedBackend([fail]))
    body = {"model": "model", "input": "hi", "stream": True}
    lines = client.post("/v1/responses", json=body).text.strip().splitlines()
    assert lines[-2] == "event: error"
    assert json.loads(lines[-1].removeprefix("data: "))["code"] == "timeout"


BAD: dict[str, tuple[dict[str, Any], int]] = {
    "nothing": ({}, 400),
    "an empty list": ({"input": []}, 400),
    "an item of another kind": ({"input": [{"type": "reasoning"}]}, 400),
    "an answer that is not there": (
        {"input": "x", "previous_response_id": "resp_1"}, 404,
    ),
    "a result of no call": (
        {"input": [{"type": "function_call_output", "call_id": "c", "output": ""}]}, 409,
    ),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status"), BAD.values(), ids=BAD)
def test_what_cannot_be_answered_is_told(
    serve: Serve, body: dict[str, Any], status: int
) -> None:
    """A fault of the request is told with its status."""
    answer = serve().post("/v1/responses", json=body)
    assert answer.status_code == status, answer.text
    assert answer.json()["error"]["message"]


def test_what_is_not_to_be_kept_is_not(serve: Serve) -> None:
    """An answer with `store` false cannot be gone on from."""
    client = serve(ScriptedBackend(["One."], repeat=True))
    first = client.post("/v1/responses", json={"input": "x", "store": False}).json()
    body = {"input": "y", "previous_response_id": first["id"]}
    assert client.post("/v1/responses", json=body).status_code == 404
