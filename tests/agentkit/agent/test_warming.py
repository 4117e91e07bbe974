from __future__ import annotations

from typing import Any, cast

import pytest

from agentkit import Agent, Context, Toolset
from agentkit.backends import Reply, Request, ScriptedBackend, Traits
from agentkit.backends.warmup import Warmed
from agentkit.cli.ladder import Configured
from agentkit.errors import ConfigError


class Warming:
    """A backend that gets ready."""

    name = "warming"
    traits = Traits(on_device=True, warms=True)

    async def reply(self, request: Request) -> Reply:
        return Reply(text="Hello.")

    async def warm(
        self,
        toolset: Toolset,
        *,
        instructions: str = "",
        context: Context | None = None,
    ) -> Warmed:
        return Warmed(self.name, len(toolset) + len(instructions), 0)


def test_warm_gets_what_a_prompt_begins_with() -> None:
    """Each backend that can is handed the instructions and the tools."""
    agent = Agent(backend=[ScriptedBackend(["Hi."]), Warming()], instructions="Help.")
    assert agent.warm() == (Warmed("warming", 5, 0),)


class Shown(Warming):
    """Keeps the toolsets that it gets ready for."""

    def __init__(self) -> None:
        self.shown: list[tuple[str, ...]] = []

    async def warm(
        self,
        toolset: Toolset,
        *,
        instructions: str = "",
        context: Context | None = None,
    ) -> Warmed:
        self.shown.append(toolset.names)
        return await super().warm(toolset, instructions=instructions, context=context)


def test_what_requests_will_be_shown_is_read_ahead() -> None:
    """Where tools are selected, each request's are warmed, and equal ones once."""
    documents = [
        {"name": f"open_{what}", "description": f"Open the {what}."}
        for what in ("garage", "garden", "window", "fridge", "attic", "cellar")
    ]
    backend = Shown()
    agent = Agent(Toolset.from_schemas(documents), backend, select=3)
    agent.warm("open the garage", "open the garage", "open the cellar")
    assert len(backend.shown) == 2
    assert "open_garage" in backend.shown[0]
    assert "open_cellar" in backend.shown[1]


def test_no_tool_is_read_ahead_before_a_request_is_known() -> None:
    """Without a request only what every prompt begins with is read."""
    documents = [{"name": f"tool_{n}", "description": "A tool."} for n in range(6)]
    backend = Shown()
    Agent(Toolset.from_schemas(documents), backend, select=3).warm()
    assert backend.shown == [("find_tools",)]


def test_backends_that_need_no_warming() -> None:
    """Where no backend can get ready, nothing happens."""
    assert Agent(backend=ScriptedBackend(["Hi."])).warm() == ()


def test_a_configured_rung_answers_and_warms_as_its_backend_does() -> None:
    """The settings change its name and facts; it is asked, and gets ready, as before."""
    rung = Configured(Warming(), "other", window=4096)
    agent = Agent(backend=[rung], instructions="Help.")
    assert agent.warm() == (Warmed("other", 5, 0),)
    assert (rung.traits.window, agent.run("Hello").text) == (4096, "Hello.")


def test_a_backend_without_traits_is_refused_at_once() -> None:
    """Nobody would know whether text leaves for it; the error shows what to write."""

    class Mute:
        name = "mute"

    with pytest.raises(
        ConfigError, match=r"'mute' .* traits = Traits\(on_device=True\)"
    ):
        Agent(backend=cast(Any, Mute()))
