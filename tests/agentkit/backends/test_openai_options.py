"""What an application adds to the requests of an endpoint, seen by policy and ledger."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from agentkit import Agent, ConfigError, Context, Stopped, tool
from agentkit.backends import OpenAIBackend
from agentkit.privacy import Ledger
from agentkit.privacy.personal_values import PersonalValue
from tests.agentkit.backends.fake_endpoint import (
    FakeEndpoint,
    delta,
    piece,
    redirect,
    stream,
    text,
)

pytestmark = pytest.mark.skipif(
    find_spec("openai") is None, reason="pip install -e '.[openai]'"
)


@tool(name="mail.count", effect="read", untrusted=False)
def count_mail(folder: str = "inbox") -> int:
    """Count mails."""
    return 3


def bodies(endpoint: FakeEndpoint, **options: Any) -> list[dict[str, Any]]:
    """Let an agent call its tool, then answer; return what was sent."""
    called = stream(
        delta(calls=[piece(0, "mail_count", "{}", "c")]), reason="tool_calls"
    )
    endpoint.script(called, text("Three."))
    backend = OpenAIBackend("m", base_url=endpoint.url, **options)
    Agent(tools=[count_mail], backend=backend).run("How many mails?")
    return [one.body for one in endpoint.received]


@pytest.mark.parametrize(
    ("wanted", "sent"),
    [
        ("auto", ["auto", "auto"]),
        ("none", ["none", "none"]),
        ("required", ["required", None]),
        (
            "mail.count",
            [{"type": "function", "function": {"name": "mail_count"}}, None],
        ),
        ("mail.send", [None, None]),
        ("", [None, None]),
    ],
)
def test_tool_choice(endpoint: FakeEndpoint, wanted: str, sent: list[Any]) -> None:
    """What forces a call is said until one was made; a tool has its name on the wire."""
    found = [one.get("tool_choice") for one in bodies(endpoint, tool_choice=wanted)]
    assert found == sent


def test_further_fields(endpoint: FakeEndpoint) -> None:
    """They are in each body; one of agentkit's own is refused before anything is sent."""
    found = bodies(endpoint, extra_body={"seed": 7, "top_p": 0.5})
    assert [(one["seed"], one["top_p"]) for one in found] == [(7, 0.5)] * 2
    with pytest.raises(ConfigError, match="extra_body holds 'messages'"):
        OpenAIBackend("m", base_url=endpoint.url, extra_body={"messages": []})


def test_the_form_of_an_answer(endpoint: FakeEndpoint) -> None:
    """It is asked for as given; an agent's output goes before it."""

    class Count(BaseModel):
        mails: int

    form = {"type": "json_object"}
    endpoint.script(text('{"mails": 3}'))
    backend = OpenAIBackend("m", base_url=endpoint.url, response_format=form)
    Agent(backend=backend).run("How many?")
    Agent(backend=backend, output=Count).run("How many?")
    kinds = [one.body["response_format"]["type"] for one in endpoint.received]
    assert kinds == ["json_object", "json_schema"]


def test_further_headers_are_in_the_ledger(
    endpoint: FakeEndpoint, tmp_path: Path
) -> None:
    """They stand before the body, keys hidden."""
    endpoint.script(text("It is 3."))
    backend = OpenAIBackend(
        "m",
        base_url=endpoint.url,
        on_device=False,
        extra_headers={"X-Title": "Kestrel", "X-Api-Key": "abc123def"},
    )
    Agent(backend=backend, context=Context(home=tmp_path)).run("What is the time?")
    (received,) = endpoint.received
    assert received.headers["x-api-key"] == "abc123def"
    (entry,) = Ledger(tmp_path).entries()
    assert entry.text.startswith("X-Title: Kestrel\nX-Api-Key: [hidden]\n\n{")


@pytest.mark.parametrize(
    "options",
    [
        {"extra_headers": {"X-User": "Ana Kos"}},
        {"extra_body": {"user": "Ana Kos"}},
        {"response_format": {"type": "json_object", "for": "Ana Kos"}},
        {"http_client": lambda: _client({"X-User": "Ana Kos"})},
    ],
    ids=["header", "field", "form", "client"],
)
def test_a_personal_value_keeps_it_here(
    endpoint: FakeEndpoint, options: dict[str, Any]
) -> None:
    """The gate finds it wherever it was added, and nothing is sent."""
    endpoint.script(text("It is 3."))
    backend = OpenAIBackend("m", base_url=endpoint.url, on_device=False, **options)
    ana = PersonalValue("Ana Kos", "contact")
    outcome = Agent(backend=backend, values=[ana]).run("What is the time?")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, endpoint.received) == ("privacy", [])


@pytest.mark.parametrize(
    ("header", "value"),
    [
        ("Authorization", "Bearer x"),
        ("Host", "evil.example"),
        ("X y", "1"),
        ("X-Y", "a\r\nHost: evil.example"),
        ("Content-Length", "0"),
    ],
)
def test_headers_that_cannot_be(header: str, value: str) -> None:
    """What says how a message is read, who asks, or where a header ends is refused."""
    with pytest.raises(ConfigError, match="header"):
        OpenAIBackend(
            "m", base_url="http://127.0.0.1:9/v1", extra_headers={header: value}
        )


def _client(headers: dict[str, str]) -> Any:
    import openai

    return openai.DefaultAsyncHttpx2Client(headers=headers, follow_redirects=True)


def test_a_client_of_ones_own(endpoint: FakeEndpoint, tmp_path: Path) -> None:
    """One is made for each exchange; its headers leave, and stand in the ledger."""
    made: list[Any] = []

    def make() -> Any:
        made.append(_client({"X-Proxy": "corp"}))
        return made[-1]

    endpoint.script(text("It is 3."))
    backend = OpenAIBackend(
        "m", base_url=endpoint.url, on_device=False, http_client=make
    )
    agent = Agent(backend=backend, context=Context(home=tmp_path))
    for _ in range(2):
        agent.run("What is the time?")
    assert [one.headers["x-proxy"] for one in endpoint.received] == ["corp", "corp"]
    assert len(made) == 2
    assert "x-proxy: corp" in next(iter(Ledger(tmp_path).entries())).text


def test_a_client_of_ones_own_follows_no_redirect(endpoint: FakeEndpoint) -> None:
    """Whatever it was made to do: a request goes where its address says."""
    endpoint.script(redirect(f"{endpoint.url}/elsewhere"))
    backend = OpenAIBackend(
        "m", base_url=endpoint.url, http_client=lambda: _client({}), retries=0
    )
    assert isinstance(Agent(backend=backend).run("Hello"), Stopped)
    assert len(endpoint.received) == 1
