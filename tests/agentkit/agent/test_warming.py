from __future__ import annotations

from agentkit import Agent, Context, Toolset
from agentkit.backends import Reply, Request, ScriptedBackend
from agentkit.backends.base import Warmed


class Warming:
    """A backend that gets ready."""

    name = "warming"
    on_device = True

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
