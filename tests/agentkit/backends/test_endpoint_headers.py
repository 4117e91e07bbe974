"""Headers of a request: what they tell is known, searched and in the ledger."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Context, Done
from agentkit.backends import OpenAIBackend
from agentkit.backends.endpoint import read_endpoint
from agentkit.errors import ConfigError
from agentkit.privacy import Gate, Ledger
from agentkit.privacy.personal_values import PersonalValue, Values
from tests.agentkit.backends.fake_endpoint import FakeEndpoint, text

# What every HTTP client says, whoever uses it on whatever machine.
PLAIN = {
    "accept": "application/json",
    "accept-encoding": "identity",
    "connection": "keep-alive",
    "content-type": "application/json",
    "user-agent": "agentkit",
}
OWN = {"host", "content-length", "authorization"}
WHOSE = {"OPENAI_ORG_ID": "org-kestrel", "OPENAI_PROJECT_ID": "proj-7"}


def test_nothing_is_told_of_this_machine(endpoint: FakeEndpoint) -> None:
    """Neither system, versions nor waiting times are in a header."""
    endpoint.script(text("It is 3."))
    backend = OpenAIBackend("m", base_url=endpoint.url)
    assert isinstance(Agent(backend=backend).run("What is the time?"), Done)
    (received,) = endpoint.received
    told = {name: value for name, value in received.headers.items() if name not in OWN}
    assert told == PLAIN


def test_whose_it_is_goes_to_openai_alone(
    endpoint: FakeEndpoint, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Organisation and project of the environment reach no other server."""
    for name, value in WHOSE.items():
        monkeypatch.setenv(name, value)
    endpoint.script(text("It is 3."))
    Agent(backend=OpenAIBackend("m", base_url=endpoint.url)).run("What is the time?")
    (received,) = endpoint.received
    assert not any(name.startswith("openai-") for name in received.headers)
    hosted = read_endpoint(None, "sk-1234567", WHOSE)
    assert hosted.headers(None)["OpenAI-Organization"] == "org-kestrel"
    other = read_endpoint("https://llm.example/v1", "sk-1234567", WHOSE)
    assert other.headers(None)["OpenAI-Organization"] is None


def test_what_the_environment_adds_is_sent_and_released(
    endpoint: FakeEndpoint, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A header of the environment is in the ledger, before the body, without its keys."""
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Team: Kestrel\nX-Api-Key: abc123def")
    endpoint.script(text("It is 3."))
    backend = OpenAIBackend("m", base_url=endpoint.url, on_device=False)
    Agent(backend=backend, context=Context(home=tmp_path)).run("What is the time?")
    (received,) = endpoint.received
    assert received.headers["x-team"] == "Kestrel"
    assert received.headers["x-api-key"] == "abc123def"
    (entry,) = Ledger(tmp_path).entries()
    headers, _, body = entry.text.partition("\n\n")
    assert headers == "X-Team: Kestrel\nX-Api-Key: [hidden]"
    assert body.encode() == received.raw


def test_a_personal_header_is_kept(tmp_path: Path) -> None:
    """A name in a header is found as it is in a body."""
    env = {"OPENAI_CUSTOM_HEADERS": "X-User: Ana Kos"}
    leaving = read_endpoint("https://llm.example/v1", "sk-1234567", env).leaving(b"{}")
    gate = Gate(known=Values([PersonalValue("Ana Kos", "contact")]))
    with pytest.raises(Exception, match="personal value"):
        gate.release("https://llm.example/v1", leaving)


@pytest.mark.parametrize("value", ["Kästrel", "a\tb"])
def test_what_no_header_holds_is_refused(value: str) -> None:
    """A name that cannot be sent is told before anything is."""
    with pytest.raises(ConfigError, match="OpenAI-Organization"):
        read_endpoint(None, "sk-1234567", {"OPENAI_ORG_ID": value})
