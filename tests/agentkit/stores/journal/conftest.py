"""Tools with a world of their own, and an agent in a home."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context, Policy, ToolError, Toolset, fresh_id, tool
from agentkit.backends import ScriptedBackend


class World:
    """What the tools have done: a list of lines, as a post office would see them."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.ids: list[str] = []
        self.power = True

    def add(self, line: str) -> None:
        self.lines.append(line)
        self.ids.append(fresh_id("line"))
        if not self.power:
            raise KeyboardInterrupt

    def remove(self, line: str) -> None:
        if line not in self.lines:
            raise ToolError(f"{line} was changed since.")
        self.lines.remove(line)

    def tools(self) -> Toolset:
        """Make tools: one that can be settled and undone, one that can be neither."""

        def settled(text: str, count: int = 1) -> str | None:
            return text if fresh_id("line") in self.ids else None

        def undo(result: str, context: Context) -> str:
            self.remove(result)
            return f"Removed {result}."

        @tool(effect="write", settle=settled, undo=undo, wording=lambda r: f"Put {r}.")
        def put(text: str, count: int = 1) -> str:
            """Put a line."""
            self.add(text)
            return text

        @tool(effect="write")
        def shout(text: str) -> str:
            """Say something aloud, which nobody can look up."""
            self.add(text)
            return text

        @tool(effect="read")
        def look() -> list[str]:
            """Look at the lines."""
            return list(self.lines)

        return Toolset(put, shout, look)


Make = Callable[..., Agent]


@pytest.fixture
def world() -> World:
    """Give a world in which nothing was done."""
    return World()


@pytest.fixture
def context(tmp_path: Path) -> Context:
    """Give a home that is not there yet."""
    return Context(home=tmp_path / "home", now=datetime(2026, 11, 18, 9, tzinfo=UTC))


@pytest.fixture
def make(world: World, context: Context) -> Make:
    """Make an agent that follows a script, in the home."""

    def agent(*script: str, **options: Any) -> Agent:
        chosen: dict[str, Any] = {"context": context} | options
        chosen.setdefault("policy", Policy(provenance=False))
        return Agent(world.tools(), ScriptedBackend(script), **chosen)

    return agent
