from __future__ import annotations

from typing import Any, cast

import pytest

from agentkit import Agent, Context, Toolset
from agentkit.backends import Reply, Request, ScriptedBackend, Traits
from agentkit.backends.base import Warmed
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
