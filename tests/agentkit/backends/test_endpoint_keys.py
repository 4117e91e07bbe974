"""Servers that say the key back: it is shown nowhere, and goes no further."""

from __future__ import annotations

import asyncio
import json
import logging
import traceback
from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import pytest

from agentkit import Agent, tool
from agentkit.backends import OpenAIBackend
from agentkit.errors import BackendError
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.fake_endpoint import (
    Answer,
    FakeEndpoint,
    Handler,
    delta,
    page,
    piece,
    raw_stream,
    redirect,
    refusal,
    stream,
    text,
)

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)

LOCAL_KEY = "sk-of-this-machine-42"


def backend(url: str, **options: Any) -> OpenAIBackend:
    wanted: dict[str, Any] = {"timeout": 600.0, "retry_wait": 0.01, **options}
    return OpenAIBackend("tiny", base_url=url, api_key=LOCAL_KEY, **wanted)


def echoing(make: Callable[[str], Answer]) -> Answer:
    """Answer with the very key that was sent."""

    def answer(handler: Handler) -> None:
        make(handler.headers["Authorization"].removeprefix("Bearer "))(handler)

    return answer


ECHOES: dict[str, Callable[[str], Answer]] = {
    "an error": lambda key: refusal(400, f"bad key {key}"),
    "an error as text": lambda key: page(500, f"trace: {key}", "text/plain"),
    "an error of another form": lambda key: page(
        422, json.dumps({"detail": [{"key": key}], key: key})
    ),
    "a page": lambda key: page(200, f"<html>{key}</html>", "text/html"),
    "a content type": lambda key: page(200, "", f"text/{key}"),
    "a redirect": lambda key: redirect(f"http://127.0.0.1:9/?key={key}"),
    "an event": lambda key: raw_stream([json.dumps({"choices": key})]),
    "an event that is no JSON": lambda key: raw_stream([f"{{{key}"]),
    "an error in mid-stream": lambda key: raw_stream(
        [json.dumps({"error": {"message": key, "code": key}})]
    ),
    "a header": lambda key: packed_as(key),
}


def packed_as(coding: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(200)
        handler.send_header("Content-Encoding", coding)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


@pytest.mark.parametrize("make", ECHOES.values(), ids=ECHOES)
def test_a_key_that_comes_back_is_shown_nowhere(
    endpoint: FakeEndpoint,
    asking: Asking,
    caplog: pytest.LogCaptureFixture,
    make: Callable[[str], Answer],
) -> None:
    """Neither message, repr, traceback nor log has the key that a server says."""
    caplog.set_level(logging.DEBUG, "openai")
    caplog.set_level(logging.DEBUG, "agentkit")
    endpoint.script(echoing(make))
    used = backend(endpoint.url, retries=0)
    # Below INFO the network library logs the headers that a server sends.
    with caplog.at_level(logging.INFO), pytest.raises(BackendError) as raised:
        asyncio.run(used.reply(asking.request()))
    shown = "".join(traceback.format_exception(raised.value))
    assert LOCAL_KEY not in shown + repr(raised.value) + caplog.text + repr(used)


def test_a_key_in_an_answer_goes_no_further(endpoint: FakeEndpoint) -> None:
    """A key that a server puts into text or arguments is in no outcome, and no tool."""
    got: list[str] = []

    @tool(effect="read")
    def look(place: str) -> str:
        """Look somewhere.

        Args:
            place: where.
        """
        got.append(place)
        return "nothing"

    def call(key: str) -> Answer:
        said = piece(0, "look", json.dumps({"place": key}), "c1")
        return stream(delta(f"Key {key}."), delta(calls=[said]), reason="tool_calls")

    endpoint.script(echoing(call), echoing(lambda key: text(f"It is {key}.")))
    used = backend(endpoint.url)
    outcome = Agent([look], used).run("Look")
    assert got == ["[key]"]
    assert LOCAL_KEY not in repr(outcome)
    assert outcome.text == "It is [key]."
