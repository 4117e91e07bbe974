"""What an application sees of each thing that servers are known to send."""

from __future__ import annotations

import json
from dataclasses import dataclass
from importlib.util import find_spec
from typing import Any

import pytest

from agentkit import Agent, Toolset, tool
from agentkit.backends import OpenAIBackend
from agentkit.outcomes import (
    Event,
    Outcome,
    ReasoningDelta,
    RunFinished,
    StepFinished,
    Stopped,
    TextDelta,
)
from tests.agentkit.backends.fake_endpoint import (
    Answer,
    FakeEndpoint,
    Handler,
    delta,
    finished,
    hang,
    page,
    piece,
    raw_stream,
    refusal,
    stream,
    text,
    vanish,
)
from tests.turned_clock import HOUR

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)


@tool(effect="read")
def add(a: int, b: int = 0) -> int:
    """Add two numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


TOOLS = Toolset([add])


@dataclass(frozen=True, slots=True)
class Seen:
    """What an application sees of a run."""

    outcome: Outcome
    events: tuple[Event, ...]

    @property
    def end(self) -> str:
        """How it ended: `done`, or the reason to stop."""
        ended = self.outcome
        return ended.reason if isinstance(ended, Stopped) else ended.kind

    @property
    def said(self) -> str:
        """The text that was told piece by piece."""
        return "".join(e.text for e in self.events if isinstance(e, TextDelta))

    @property
    def thought(self) -> str:
        """The thoughts that were told piece by piece."""
        return "".join(e.text for e in self.events if isinstance(e, ReasoningDelta))

    @property
    def calls(self) -> list[tuple[str, Any]]:
        """What was called, and what came of it."""
        return [(call.status, call.value) for call in self.outcome.calls]


def see(endpoint: FakeEndpoint, *answers: Answer, tools: bool = True) -> Seen:
    """Run an agent at a server that answers so."""
    endpoint.script(*answers)
    backend = OpenAIBackend(
        "tiny", base_url=endpoint.url, timeout=HOUR, longest=9 * HOUR, retry_wait=0.01
    )
    agent = Agent(TOOLS if tools else (), backend)

    async def all_of_it() -> list[Event]:
        return [event async for event in agent.stream("What is 1 + 2?")]

    *events, last = endpoint.clock.run(all_of_it())
    assert isinstance(last, RunFinished)
    return Seen(last.outcome, tuple(events))


def chunk(**facts: Any) -> dict[str, Any]:
    """Make a chunk with anything in its delta."""
    return {"choices": [{"index": 0, "delta": facts}]}


def whole(**facts: Any) -> Answer:
    """Answer in one piece, as a server does that does not stream."""
    finish = facts.pop("finish_reason", "stop")
    usage = facts.pop("usage", None)
    body = {
        "choices": [{"index": 0, "message": facts, "finish_reason": finish}],
        "usage": usage,
    }
    return page(200, json.dumps(body))


def events(*chunks: object) -> Answer:
    """Answer with these chunks and nothing else but the end of the stream."""
    return raw_stream([*map(json.dumps, chunks), "[DONE]"])


def retried(header: str, value: str) -> Answer:
    """Refuse for now, and say when to come again."""

    def answer(handler: Handler) -> None:
        data = b'{"error": {"message": "slow down"}}'
        handler.send_response(429)
        handler.send_header(header, value)
        handler.send_header("Content-Length", str(len(data)))
        handler.end_headers()
        handler.wfile.write(data)

    return answer


HELLO = delta("Hello.")
THREE = text("Three.")
CALL = stream(delta(calls=[piece(0, "add", '{"a": 1, "b": 2}', "c1")]))


@pytest.mark.parametrize(
    ("answer", "end", "finish", "shown"),
    [
        pytest.param(stream(HELLO), "done", "stop", "Hello.", id="stop"),
        pytest.param(stream(HELLO, reason="eos"), "done", "stop", "Hello.", id="eos"),
        pytest.param(
            stream(HELLO, reason="strange"), "done", "", "Hello.", id="unknown word"
        ),
        pytest.param(
            stream(delta("It is"), reason="length"),
            "length",
            "length",
            "It is",
            id="cut off",
        ),
        pytest.param(
            stream(delta("It is"), reason="MAX_TOKENS"),
            "length",
            "length",
            "It is",
            id="cut off, in capitals",
        ),
        pytest.param(
            stream(chunk(reasoning_content="Let me see"), reason="length"),
            "length",
            "length",
            "The answer was cut off before it said anything: raise max_new_tokens.",
            id="cut off in its thoughts",
        ),
        pytest.param(
            stream(delta("Take a"), reason="content_filter"),
            "filtered",
            "filtered",
            "Take a",
            id="filtered",
        ),
        pytest.param(
            stream(reason="content_filter"),
            "filtered",
            "filtered",
            "The server's filter took the answer away.",
            id="filtered before its first word",
        ),
        pytest.param(
            stream(chunk(refusal="I can't"), chunk(refusal=" do that.")),
            "refused",
            "refused",
            "I can't do that.",
            id="refused",
        ),
        pytest.param(
            stream(chunk(content=[{"type": "refusal", "refusal": "No."}])),
            "refused",
            "refused",
            "No.",
            id="refused in a part",
        ),
        pytest.param(
            stream(reason="stop"),
            "empty_reply",
            "stop",
            "The model said nothing.",
            id="empty",
        ),
        pytest.param(
            stream(
                delta(calls=[piece(0, "add", '{"a": 1}', "c1")]),
                reason="content_filter",
            ),
            "filtered",
            "filtered",
            "The server's filter took the answer away.",
            id="a call, filtered",
        ),
        pytest.param(
            whole(content="Hello.", finish_reason="length"),
            "length",
            "length",
            "Hello.",
            id="cut off, not streamed",
        ),
    ],
)
def test_how_an_answer_ends(
    endpoint: FakeEndpoint, answer: Answer, end: str, finish: str, shown: str
) -> None:
    """Only what the model ended itself is done; else the reason and the text are told."""
    seen = see(endpoint, answer)
    assert (seen.end, seen.outcome.finish_reason) == (end, finish)
    assert seen.outcome.text == shown
    assert not seen.calls
    (step,) = [e for e in seen.events if isinstance(e, StepFinished)]
    assert step.finish_reason == finish


@pytest.mark.parametrize(
    ("answer", "shown", "thought"),
    [
        pytest.param(
            stream(chunk(reasoning_content="1 and 2"), delta("Three.")),
            "Three.",
            "1 and 2",
            id="reasoning_content",
        ),
        pytest.param(
            stream(chunk(reasoning="1 and 2", content=""), delta("Three.")),
            "Three.",
            "1 and 2",
            id="reasoning",
        ),
        pytest.param(
            stream(delta("<think>1 a"), delta("nd 2</thi"), delta("nk>\n\nThree.")),
            "Three.",
            "1 and 2",
            id="think tags in pieces",
        ),
        pytest.param(
            stream(delta("<think>[add(a=5)]</think>Three.")),
            "Three.",
            "[add(a=5)]",
            id="a call that was only thought of",
        ),
        pytest.param(
            whole(content="1 and 2</think>Three."),
            "Three.",
            "1 and 2",
            id="a tag that the prompt opened",
        ),
        pytest.param(
            whole(content="Three.", reasoning_content="1 and 2"),
            "Three.",
            "1 and 2",
            id="not streamed",
        ),
        pytest.param(
            stream(
                chunk(
                    content=[
                        {
                            "type": "thinking",
                            "thinking": [{"type": "text", "text": "1 and 2"}],
                        },
                        {"type": "text", "text": "Three."},
                    ]
                )
            ),
            "Three.",
            "1 and 2",
            id="thinking part",
        ),
        pytest.param(
            stream(chunk(reasoning={"text": "?"}, content="Three.")),
            "Three.",
            "",
            id="reasoning that is no text",
        ),
    ],
)
def test_thoughts_are_no_answer(
    endpoint: FakeEndpoint, answer: Answer, shown: str, thought: str
) -> None:
    """What a model thinks is an event of its own, and neither said nor carried out."""
    seen = see(endpoint, answer)
    assert (seen.end, seen.outcome.text, seen.thought) == ("done", shown, thought)
    assert not seen.calls
    said = [turn.text for turn in seen.outcome.conversation]
    assert said == ["What is 1 + 2?", shown]


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        pytest.param(
            stream(chunk(content=[{"type": "text", "text": "Th"}]), delta("ree.")),
            "Three.",
            id="text parts",
        ),
        pytest.param(
            whole(content=[{"type": "output_text", "text": "Three."}]),
            "Three.",
            id="output_text part",
        ),
        pytest.param(
            whole(content=[{"type": "text", "text": {"value": "Three."}}]),
            "Three.",
            id="text a level deeper",
        ),
        pytest.param(
            whole(
                content=[
                    {"type": "image_url", "image_url": {"url": "x"}},
                    {"type": "text", "text": "Three."},
                ]
            ),
            "Three.",
            id="a part that says nothing",
        ),
        pytest.param(
            events(
                {"choices": [], "prompt_filter_results": []},
                {"choices": None},
                chunk(role="assistant"),
                {"choices": [{"index": 0, "delta": None}]},
                delta("Three."),
                finished(),
            ),
            "Three.",
            id="empty choices and deltas",
        ),
        pytest.param(
            events(
                delta("Three."),
                {"choices": [{"index": 1, "delta": {"content": "Four."}}]},
                finished(),
                finished(),
            ),
            "Three.",
            id="a second answer that nobody asked for",
        ),
        pytest.param(
            events(delta("Three."), finished(), delta(" Four.")),
            "Three.",
            id="words behind the end",
        ),
    ],
)
def test_contents_are_read(endpoint: FakeEndpoint, answer: Answer, shown: str) -> None:
    """Contents in parts, and chunks without any, come to the text that was said."""
    seen = see(endpoint, answer)
    assert (seen.end, seen.outcome.text, seen.said) == ("done", shown, shown)


@pytest.mark.parametrize(
    ("chunks", "reason", "calls"),
    [
        pytest.param(
            [chunk(function_call={"name": "add", "arguments": '{"a": 1, "b": 2}'})],
            "function_call",
            [("done", 3)],
            id="the older protocol",
        ),
        pytest.param(
            [delta(calls=[piece(0, "add", '{"a": 1, "b": 2}', "c1")])],
            "stop",
            [("done", 3)],
            id="ended by stop",
        ),
        pytest.param(
            [
                delta(calls=[piece(0, "add", "", "c1")]),
                delta(calls=[piece(0, None, '{"a": 1', "c1")]),
                delta(calls=[piece(0, None, ', "b": 2}', "c1")]),
            ],
            "tool_calls",
            [("done", 3)],
            id="the id in each piece",
        ),
        pytest.param(
            [delta(calls=[piece(0, "add", '{}{"a": 1, "b": 2}', "c1")])],
            "tool_calls",
            [("done", 3)],
            id="an empty object before the real one",
        ),
        pytest.param(
            [
                delta("Let me add."),
                delta(calls=[piece(0, "add", '{"a": 1, "b": 2}', "c1")]),
            ],
            "tool_calls",
            [("done", 3)],
            id="text before the call",
        ),
        pytest.param(
            [delta(calls=[piece(0, "add", '{"a": 1, "b": 2', "c1")])],
            "length",
            [
                (
                    "error",
                    "the arguments of 'add' are no JSON object (the answer was cut "
                    'off): \'{"a": 1, "b": 2\'; call it again with one',
                )
            ],
            id="cut off in the arguments",
        ),
        pytest.param(
            [delta('{"name": "add", "arguments": {"a": "1"')],
            "length",
            [("error", "The call of 'add' was not made: the answer was cut off.")],
            id="cut off in a call written as text",
        ),
    ],
)
def test_calls_are_carried_out_whole(
    endpoint: FakeEndpoint,
    chunks: list[object],
    reason: str,
    calls: list[tuple[str, Any]],
) -> None:
    """A call is carried out once it is whole, and one that was cut off never."""
    seen = see(endpoint, stream(*chunks, reason=reason), THREE)
    assert (seen.end, seen.outcome.text, seen.calls) == ("done", "Three.", calls)


@pytest.mark.parametrize(
    ("usage", "counts"),
    [
        pytest.param(
            {"prompt_tokens": 11, "completion_tokens": 7}, (11, 7, 0), id="OpenAI"
        ),
        pytest.param(
            {
                "prompt_tokens": 11,
                "completion_tokens": 7,
                "prompt_tokens_details": {"cached_tokens": 8},
            },
            (11, 7, 8),
            id="cached",
        ),
        pytest.param(
            {
                "prompt_tokens": 11,
                "completion_tokens": 7,
                "prompt_cache_hit_tokens": 8,
                "prompt_tokens_details": None,
            },
            (11, 7, 8),
            id="cached, DeepSeek's name",
        ),
        pytest.param(
            {"input_tokens": 11, "output_tokens": 7.0}, (11, 7, 0), id="other names"
        ),
        pytest.param("many", (0, 0, 0), id="no counts at all"),
        pytest.param(
            {"prompt_tokens": -1, "completion_tokens": "7"}, (0, 0, 0), id="no numbers"
        ),
        pytest.param(
            {"prompt_tokens": float("inf"), "completion_tokens": float("nan")},
            (0, 0, 0),
            id="no finite numbers",
        ),
    ],
)
@pytest.mark.parametrize(
    "place", ["its own chunk", "the choice", "groq", "not streamed"]
)
def test_usage_is_counted(
    endpoint: FakeEndpoint, place: str, usage: Any, counts: tuple[int, int, int]
) -> None:
    """Tokens are counted wherever a server puts them; what is no count is left out."""
    end = finished()
    end["choices"][0] |= {"usage": usage} if place == "the choice" else {}
    last = (
        {"usage": usage} if place == "its own chunk" else {"x_groq": {"usage": usage}}
    )
    streamed = events(HELLO, end, *([] if place == "the choice" else [last]))
    answer = (
        whole(content="Hello.", usage=usage) if place == "not streamed" else streamed
    )
    seen = see(endpoint, answer)
    used = seen.outcome.usage
    assert (used.input_tokens, used.output_tokens, used.cached_tokens) == counts
    assert (used.requests, seen.outcome.usage_by) == (1, {"openai": used})


@pytest.mark.parametrize(
    ("answer", "end", "requests"),
    [
        pytest.param(refusal(401, "bad key"), "bad_key", 1, id="401"),
        pytest.param(refusal(403), "bad_key", 1, id="403"),
        pytest.param(refusal(402), "quota", 1, id="402"),
        pytest.param(
            page(429, '{"error": {"code": "insufficient_quota", "message": "pay"}}'),
            "quota",
            1,
            id="429, quota",
        ),
        pytest.param(
            refusal(429, "You exceeded your current quota"), "quota", 1, id="in words"
        ),
        pytest.param(refusal(429, "slow down"), "rate_limit", 3, id="429, rate"),
        pytest.param(
            page(400, '{"error": {"code": "context_length_exceeded"}}'),
            "context_length",
            1,
            id="400, context",
        ),
        pytest.param(
            refusal(400, "This model's maximum context length is 4096 tokens."),
            "context_length",
            1,
            id="context in words",
        ),
        pytest.param(
            page(400, '{"object": "error", "message": "prompt is too long"}'),
            "context_length",
            1,
            id="context, older vLLM",
        ),
        pytest.param(refusal(413), "context_length", 1, id="413"),
        pytest.param(refusal(500), "server_error", 3, id="500"),
        pytest.param(refusal(503, "context length"), "server_error", 3, id="503"),
        pytest.param(page(400, "no"), "backend_error", 1, id="400"),
        pytest.param(
            page(200, '{"error": {"code": 429, "message": "busy"}}'),
            "rate_limit",
            1,
            id="an error with status 200",
        ),
        pytest.param(
            events({"object": "error", "message": "bad", "code": 500}),
            "server_error",
            1,
            id="an error as an event, older vLLM",
        ),
        pytest.param(
            events(HELLO, {"error": {"code": "context_length_exceeded"}}),
            "context_length",
            1,
            id="an error in mid-answer",
        ),
        pytest.param(
            stream(HELLO, reason="error"), "server_error", 1, id="ended by an error"
        ),
        pytest.param(events(HELLO), "backend_error", 1, id="no end"),
        pytest.param(vanish, "backend_error", 3, id="no answer"),
        pytest.param(hang, "timeout", 1, id="silence"),
    ],
)
def test_errors_have_their_kind(
    endpoint: FakeEndpoint, answer: Answer, end: str, requests: int
) -> None:
    """A run that a server ends says of what kind that is; what may help is tried."""
    seen = see(endpoint, answer)
    assert seen.end == end
    assert len(endpoint.received) == requests


@pytest.mark.parametrize(
    ("header", "value"),
    [
        pytest.param("retry-after-ms", "20", id="milliseconds"),
        pytest.param("retry-after", "0.02", id="seconds"),
        pytest.param("retry-after-ms", "soon", id="words"),
    ],
)
def test_retry_headers_are_waited_for(
    endpoint: FakeEndpoint, header: str, value: str
) -> None:
    """A server that says when to come again is asked again, and answers."""
    seen = see(endpoint, retried(header, value), THREE)
    assert (seen.end, seen.outcome.text) == ("done", "Three.")


def test_a_run_of_two_steps_adds_up(endpoint: FakeEndpoint) -> None:
    """The usage of a run is that of its replies; each event has its own part."""
    seen = see(endpoint, CALL, THREE)
    parts = [e.usage for e in seen.events if isinstance(e, StepFinished)]
    assert [part.input_tokens for part in parts] == [11, 11]
    assert seen.outcome.usage == parts[0] + parts[1]
    assert seen.outcome.usage.requests == 2
