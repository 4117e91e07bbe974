"""Clients that others wrote, as they are installed, talk with the server."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING, Any
from unittest.mock import MagicMock

import pytest

from agentkit.backends import ScriptedBackend

if TYPE_CHECKING:
    from tests.agentkit.serve.conftest import Serve

pytestmark = pytest.mark.slow

_CALL = "[get_weather(city='Paris')]"


def served(client: Any) -> tuple[str, str]:
    """Return the address and the key that a client is given."""
    key = client.headers["Authorization"].removeprefix("Bearer ")
    return f"{str(client.base_url).rstrip('/')}/v1", key


@pytest.fixture(autouse=True)
def no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let clients take the address as it is."""
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "OPENAI_BASE_URL"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize("model", ["assistant", "model"])
def test_pydantic_ai_runs_its_tools_over_it(serve: Serve, model: str) -> None:
    """An agent of pydantic-ai calls its own function and reads the answer."""
    pytest.importorskip("pydantic_ai")
    from openai import AsyncOpenAI
    from pydantic_ai import Agent
    from pydantic_ai.models.openai import OpenAIChatModel
    from pydantic_ai.providers.openai import OpenAIProvider

    url, key = served(serve(ScriptedBackend([_CALL, "It is sunny in Paris."])))
    asked: list[str] = []

    def get_weather(city: str) -> str:
        """Get the weather of a city."""
        asked.append(city)
        return "sunny"

    async def ask() -> str:
        # Its `run_sync` makes a loop and a client that nobody closes.
        async with AsyncOpenAI(base_url=url, api_key=key) as client:
            provider = OpenAIProvider(openai_client=client)
            agent = Agent(OpenAIChatModel(model, provider=provider))
            agent.tool_plain(get_weather)
            return (await agent.run("How is the weather in Paris?")).output

    assert (asyncio.run(ask()), asked) == ("It is sunny in Paris.", ["Paris"])


def test_langchain_calls_a_tool_and_streams(serve: Serve) -> None:
    """A chat model of LangChain reads calls, and text in pieces."""
    pytest.importorskip("langchain_openai")
    from langchain_openai import ChatOpenAI

    client = serve(ScriptedBackend([_CALL, "It is sunny."]))
    url, key = served(client)
    chat: Any = ChatOpenAI(model="model", base_url=url, api_key=key)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]

    def get_weather(city: str) -> str:
        """Get the weather of a city."""
        return city

    made = chat.bind_tools([get_weather]).invoke("How is the weather in Paris?")
    assert [one["args"] for one in made.tool_calls] == [{"city": "Paris"}]
    pieces = [piece.content for piece in chat.stream("And tomorrow?")]
    assert "".join(pieces) == "It is sunny."


def test_llm_chats_over_it(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The command line tool llm takes the server as an OpenAI-compatible model."""
    pytest.importorskip("llm")
    monkeypatch.setenv("LLM_USER_PATH", str(tmp_path))
    from llm.default_plugins.openai_models import Chat

    url, key = served(serve(ScriptedBackend(["Good morning."])))
    made: Any = Chat
    chat = made("agentkit", model_name="assistant", api_base=url, key=key)
    client = chat.get_client(key)
    # It makes a client for each prompt and closes none.
    monkeypatch.setattr(chat, "get_client", MagicMock(return_value=client))
    with client:
        answer = chat.prompt("Hello", stream=False, key=key)
        assert answer.text() == "Good morning."


# What Open WebUI and Home Assistant's conversation integrations send, as their sources
# have it: fields that are nobody's here, content in parts, and whole conversations.
SHAPES: dict[str, dict[str, Any]] = {
    "Open WebUI": {
        "stream": True,
        "model": "assistant",
        "params": {},
        "stream_options": {"include_usage": True},
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "content": "Hello."},
            {"role": "user", "content": [{"type": "text", "text": "what time is it?"}]},
        ],
        "chat_id": "1", "session_id": "2", "metadata": {"a": "b"},
    },
    "Home Assistant": {
        "model": "assistant",
        "messages": [
            {"role": "system", "content": "You are a voice assistant for Home Assistant."},
            {"role": "user", "content": "turn on the kitchen light"},
        ],
        "tools": [{"type": "function", "function": {
            "name": "HassTurnOn", "description": "Turns on a device or entity",
            "parameters": {"type": "object", "required": [], "properties": {
                "name": {"type": "string"},
                "domain": {"type": "array", "items": {"type": "string"}},
            }}}}],
        "max_tokens": 3000, "top_p": 1.0, "temperature": 1.0, "user": "01J",
        "parallel_tool_calls": False,
    },
}  # fmt: skip


@pytest.mark.parametrize("body", SHAPES.values(), ids=SHAPES)
def test_what_other_programs_send_is_answered(serve: Serve, body: Any) -> None:
    """Fields that are not known here are no fault."""
    client = serve(ScriptedBackend(["It is nine."]))
    answer = client.post("/v1/chat/completions", json=body)
    assert answer.status_code == 200, answer.text
    assert "It is nine." in answer.text
