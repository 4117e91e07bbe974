from __future__ import annotations

import asyncio
import json
import logging
import traceback
from dataclasses import dataclass, field
from importlib.util import find_spec
from types import SimpleNamespace

import pytest

from agentkit.backends import OpenAIBackend
from agentkit.backends.endpoint_faults import retry_after
from agentkit.errors import BackendError, BackendUnavailable
from tests.agentkit.backends.conftest import Asking
from tests.agentkit.backends.fake_endpoint import (
    Answer,
    FakeEndpoint,
    Handler,
    delta,
    finished,
    raw_stream,
    refusal,
    text,
)

SECRET = "sk-very-secret-0123456789"

needs_openai = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)


@dataclass
class Refused(Exception):
    """An error that carries an answer's headers."""

    headers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def response(self) -> SimpleNamespace:
        return SimpleNamespace(headers=self.headers)


@pytest.mark.parametrize(
    ("said", "seconds"),
    [
        ("7", 7.0),
        ("0.5", 0.5),
        ("-3", 0.0),
        ("Wed, 21 Oct 2015 07:28:00 GMT", 0.0),
        ("", None),
        ("soon", None),
        ("nan", None),
        ("inf", None),
        ("1e999", None),
    ],
)
def test_when_to_come_back(said: str, seconds: float | None) -> None:
    """Seconds and dates are read; anything else says nothing."""
    assert retry_after(Refused({"retry-after": said})) == seconds


def test_an_error_without_an_answer() -> None:
    """A broken line says nothing of when to come back."""
    assert retry_after(OSError("broken")) is None


def busy(seconds: str) -> Answer:
    def answer(handler: Handler) -> None:
        handler.send_response(429)
        handler.send_header("Retry-After", seconds)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def backend(endpoint: FakeEndpoint) -> OpenAIBackend:
    return OpenAIBackend("tiny", base_url=endpoint.url, api_key=SECRET, timeout=600)


@needs_openai
def test_a_wait_beyond_the_timeout_is_told(
    endpoint: FakeEndpoint, asking: Asking
) -> None:
    """A server that wants more time than there is is not asked again, and says when."""
    endpoint.script(busy("3600"))
    with pytest.raises(BackendUnavailable, match="try again in 3600 s"):
        asyncio.run(backend(endpoint).reply(asking.request()))
    assert len(endpoint.received) == 1


@needs_openai
def test_tokens_that_were_read_before(endpoint: FakeEndpoint, asking: Asking) -> None:
    """What the server says of its prompt cache reaches the reply."""
    usage = {"prompt_tokens": 90, "prompt_tokens_details": {"cached_tokens": 64}}
    said: list[object] = [delta("Hi."), finished(), {"choices": [], "usage": usage}]
    endpoint.script(raw_stream([*map(json.dumps, said), "[DONE]"]))
    reply = asyncio.run(backend(endpoint).reply(asking.request()))
    assert (reply.tokens_in, reply.tokens_cached, reply.tokens_out) == (90, 64, None)


@needs_openai
@pytest.mark.parametrize(
    "answer",
    [text("Hi."), refusal(401, f"bad key {SECRET}"), refusal(500, SECRET)],
    ids=["answered", "refused", "failed"],
)
def test_the_key_is_in_no_log_and_no_trace(
    endpoint: FakeEndpoint,
    asking: Asking,
    caplog: pytest.LogCaptureFixture,
    answer: Answer,
) -> None:
    """With all logging on, neither logs nor errors hold the key."""
    endpoint.script(answer)
    one = OpenAIBackend("tiny", base_url=endpoint.url, api_key=SECRET, retry_wait=0.01)
    told = repr(one)
    with caplog.at_level(logging.DEBUG):
        try:
            asyncio.run(one.reply(asking.request()))
        except BackendError as exc:
            told += str(exc)
            told += "".join(traceback.format_exception(exc))
    assert endpoint.received[0].headers["authorization"] == f"Bearer {SECRET}"
    assert SECRET not in caplog.text
    assert SECRET not in told
