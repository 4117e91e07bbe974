"""Whole runs against a server that misbehaves at every point of the exchange."""

from __future__ import annotations

import json
from importlib.util import find_spec
from typing import Any

import pytest

from agentkit import Agent, Done, Outcome, Stopped, tool
from agentkit.backends import OpenAIBackend, ScriptedBackend
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
    stall,
    stream,
    text,
    vanish,
)
from tests.turned_clock import HOUR, TurnedClock

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)

CALL = stream(
    delta(calls=[piece(0, "keep", '{"text": "milk"}', "c1")]), reason="tool_calls"
)
SAID = text("I kept the milk.")
HALF = delta(calls=[piece(0, "keep", '{"text": "mi', "c1")])


def after(seconds: str) -> Answer:
    """Answer 429 and say when to come back."""

    def answer(handler: Handler) -> None:
        handler.send_response(429)
        handler.send_header("Retry-After", seconds)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def noise(handler: Handler) -> None:
    """Answer something that is no HTTP."""
    handler.wfile.write(b"\x00\x01\x02 not a protocol\r\n\r\n")
    handler.close_connection = True


def headers_only(handler: Handler) -> None:
    """Begin an answer and go away."""
    handler.start(200, "text/event-stream", 1000)
    handler.close_connection = True


def twice(answer: Answer) -> Answer:
    """Say all of an answer a second time, behind its end."""

    def again(handler: Handler) -> None:
        answer(handler)
        handler.event(json.dumps(HALF))
        handler.event(json.dumps(finished("tool_calls")))
        handler.event("[DONE]")

    return again


def endless(handler: Handler) -> None:
    """Keep the line busy with nothing, a while after a while."""
    handler.start(200, "text/event-stream")
    while not handler.endpoint.closing.wait(0.01):
        handler.event(json.dumps(delta("")))
        handler.endpoint.clock.turn(HOUR / 2)


def events(*chunks: object, promised: int | None = None) -> Answer:
    """Answer with chunks and no end."""
    return raw_stream([json.dumps(chunk) for chunk in chunks], promised)


# What comes instead of an answer, before anything of it was heard.
BEFORE: dict[str, Answer] = {
    "drops before headers": vanish,
    "drops after headers": headers_only,
    "noise": noise,
    "429": after("0"),
    "429 with a date": after("Wed, 21 Oct 2015 07:28:00 GMT"),
    "500": refusal(500, "boom"),
    "503": refusal(503),
}
# The reason of a run that one of them ends, where it is not `backend_error`.
REASONS = {
    "429": "rate_limit",
    "429 with a date": "rate_limit",
    "500": "server_error",
    "503": "server_error",
    "silent before headers": "timeout",
    "silent in mid-stream": "timeout",
    "busy for longer than is waited": "rate_limit",
    "busy with nothing": "timeout",
}
# What cannot be mended by asking again, or must not be.
LASTING: dict[str, Answer] = {
    "silent before headers": hang,
    "silent in mid-stream": stall,
    "busy for longer than is waited": after("9999"),
    "400": refusal(400, "no"),
    "garbage for an event": raw_stream(["{]"]),
    "an event of another kind": raw_stream(['{"choices": 7}']),
    "a page": page(200, "<html>Welcome</html>", "text/html"),
    "an empty stream": raw_stream([]),
    "[DONE] at once": raw_stream(["[DONE]"]),
    "half a text": events(delta("I ke"), promised=5000),
    "half a call": events(HALF, promised=5000),
    "a call without an end": events(HALF),
    "an error in mid-stream": events(delta("I ke"), {"error": {"message": "out"}}),
    "busy with nothing": endless,
}


class Kept:
    """What the tool of the runs did."""

    def __init__(self, clock: TurnedClock) -> None:
        self.clock = clock
        self.texts: list[str] = []

    def run(self, backends: Any) -> Outcome:
        @tool(effect="write")
        def keep(text: str) -> str:
            """Keep a text.

            Args:
                text: what to keep.
            """
            self.texts.append(text)
            return "kept"

        agent = Agent([keep], backends, egress="allow", journal=False)
        return self.clock.run(agent.arun("Keep 'milk'"))


@pytest.fixture
def kept(endpoint: FakeEndpoint) -> Kept:
    return Kept(endpoint.clock)


def backend(endpoint: FakeEndpoint) -> OpenAIBackend:
    return OpenAIBackend(
        "tiny", base_url=endpoint.url, timeout=HOUR, longest=9 * HOUR, retry_wait=0.01
    )


def script(step: int, *answers: Answer) -> list[Answer]:
    """Put answers before the good one of a step."""
    good = [CALL, SAID]
    return [*good[:step], *answers, *good[step:]]


@pytest.mark.parametrize("step", [0, 1], ids=["asking for a call", "after the effect"])
@pytest.mark.parametrize("times", [1, 2], ids=["once", "twice"])
@pytest.mark.parametrize("fault", BEFORE.values(), ids=BEFORE)
def test_a_fault_before_the_first_word_is_mended(
    endpoint: FakeEndpoint, kept: Kept, step: int, times: int, fault: Answer
) -> None:
    """The request goes again; the effect happens once and the run is done."""
    endpoint.script(*script(step, *[fault] * times))
    outcome = kept.run(backend(endpoint))
    assert isinstance(outcome, Done)
    assert (outcome.text, kept.texts) == ("I kept the milk.", ["milk"])
    assert len(endpoint.received) == 2 + times


@pytest.mark.parametrize("fault", BEFORE)
def test_a_fault_that_stays_is_told(
    endpoint: FakeEndpoint, kept: Kept, fault: str
) -> None:
    """After two further tries the run ends by name; what was done is not undone."""
    endpoint.script(CALL, BEFORE[fault])
    outcome = kept.run(backend(endpoint))
    assert isinstance(outcome, Stopped)
    reason = REASONS.get(fault, "backend_error")
    assert (outcome.reason, kept.texts) == (reason, ["milk"])
    assert len(endpoint.received) == 4


@pytest.mark.parametrize("step", [0, 1], ids=["asking for a call", "after the effect"])
@pytest.mark.parametrize("fault", LASTING)
def test_a_lasting_fault_ends_the_run(
    endpoint: FakeEndpoint, kept: Kept, step: int, fault: str
) -> None:
    """Nothing half-heard is carried out, and nobody waits beyond the time-out."""
    endpoint.script(*script(step, LASTING[fault]))
    outcome = kept.run(backend(endpoint))
    assert isinstance(outcome, Stopped)
    reason = REASONS.get(fault, "backend_error")
    assert (outcome.reason, kept.texts) == (reason, ["milk"] * step)
    assert len(endpoint.received) == step + 1


@pytest.mark.parametrize("fault", LASTING.values(), ids=LASTING)
def test_the_next_rung_goes_on(
    endpoint: FakeEndpoint, kept: Kept, fault: Answer
) -> None:
    """With another backend on the ladder the run is done, the effect still once."""
    endpoint.script(*script(1, fault))
    other = ScriptedBackend(["[keep(text='milk')]", "I kept the milk."])
    outcome = kept.run([backend(endpoint), other])
    assert isinstance(outcome, Done)
    assert (kept.texts, outcome.route.backend) == (["milk"], "scripted")


@pytest.mark.parametrize("step", [0, 1], ids=["asking for a call", "after the effect"])
def test_what_comes_twice_counts_once(
    endpoint: FakeEndpoint, kept: Kept, step: int
) -> None:
    """An answer that is said again behind its end changes nothing."""
    good = [CALL, SAID]
    endpoint.script(*good[:step], twice(good[step]), *good[step + 1 :])
    outcome = kept.run(backend(endpoint))
    assert isinstance(outcome, Done)
    assert (outcome.text, kept.texts) == ("I kept the milk.", ["milk"])


def test_an_end_that_comes_twice(endpoint: FakeEndpoint, kept: Kept) -> None:
    """What follows the end of an answer, before [DONE], is not part of it."""
    part = piece(0, "keep", '{"text": "milk"}', "c1")
    more = piece(1, "keep", '{"text": "bread"}', "c2")
    endpoint.script(
        stream(
            delta(calls=[part]),
            finished("tool_calls"),
            delta(calls=[more]),
            reason="tool_calls",
        ),
        SAID,
    )
    outcome = kept.run(backend(endpoint))
    assert (type(outcome), kept.texts) == (Done, ["milk"])


def test_the_same_effect_asked_for_again(endpoint: FakeEndpoint, kept: Kept) -> None:
    """A server that repeats its last answer gets the first result, not a second one."""
    endpoint.script(CALL, CALL, SAID)
    outcome = kept.run(backend(endpoint))
    assert (type(outcome), kept.texts) == (Done, ["milk"])


def test_the_breaker_opens(endpoint: FakeEndpoint, kept: Kept) -> None:
    """A server that failed five requests is not asked a sixth time for a while."""
    endpoint.script(refusal(500))
    one = OpenAIBackend("tiny", base_url=endpoint.url, retries=0)
    outcomes = [kept.run(one) for _ in range(6)]
    assert [type(outcome) for outcome in outcomes] == [Stopped] * 6
    assert len(endpoint.received) == 5
    assert "it failed 5 times in a row and is left alone" in outcomes[5].text


def test_the_router_leaves_a_broken_server_alone(
    endpoint: FakeEndpoint, kept: Kept
) -> None:
    """While the breaker is open another rung serves, and the reason says why."""
    endpoint.script(refusal(500))
    one = OpenAIBackend("tiny", base_url=endpoint.url, retries=0)
    for _ in range(5):
        kept.run(one)
    outcome = kept.run([one, ScriptedBackend(["Hello."])])
    assert (outcome.text, len(endpoint.received)) == ("Hello.", 5)
    assert outcome.route.reason.startswith("next on the ladder (openai: it failed 5")


def test_refused_requests_open_nothing(endpoint: FakeEndpoint, kept: Kept) -> None:
    """A request that is wrong says nothing about the server."""
    endpoint.script(refusal(400, "no"))
    one = OpenAIBackend("tiny", base_url=endpoint.url)
    for _ in range(6):
        kept.run(one)
    assert (len(endpoint.received), one.traits.down) == (6, "")
