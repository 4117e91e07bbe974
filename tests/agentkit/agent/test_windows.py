"""Long conversations and an endpoint that says how much its model takes."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec

import pytest

from agentkit import Agent
from agentkit.backends import OpenAIBackend
from agentkit.messages import Conversation, assistant, user
from agentkit.outcomes import Compacted
from tests.agentkit.backends.fake_endpoint import FakeEndpoint, text

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)


@pytest.fixture
def endpoint() -> Iterator[FakeEndpoint]:
    server = FakeEndpoint()
    server.script(text("Noon."))
    yield server
    server.close()


def long_talk() -> Conversation:
    turns = [
        (user(f"What about meeting {n}? " + "It is long. " * 20), assistant("Moved."))
        for n in range(40)
    ]
    return tuple(message for turn in turns for message in turn)


@pytest.mark.parametrize(
    ("window", "shortened"), [(0, False), (2000, True), (128_000, False)]
)
def test_a_window_shortens_what_is_sent(
    endpoint: FakeEndpoint, window: int, shortened: bool
) -> None:
    """With a window a long conversation is made to fit; without one it goes whole."""
    backend = OpenAIBackend("tiny", base_url=endpoint.url, window=window)
    events = list(
        Agent(backend=backend).stream("When is it?", conversation=long_talk())
    )
    sent = len(endpoint.received[0].raw)
    assert any(isinstance(event, Compacted) for event in events) is shortened
    assert (sent < 10_000) is shortened


def test_the_end_of_the_conversation_stays(endpoint: FakeEndpoint) -> None:
    """However little fits, the request itself is sent as it was said."""
    backend = OpenAIBackend("tiny", base_url=endpoint.url, window=1200)
    Agent(backend=backend).run("When is it?", conversation=long_talk())
    assert endpoint.received[0].body["messages"][-1]["content"] == "When is it?"
