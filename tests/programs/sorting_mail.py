"""A desk that sorts what comes in: answers of a type, one agent for all who ask."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Literal, assert_type

from pydantic import BaseModel, TypeAdapter

from agentkit import Agent, Context, Done, EventStream, Outcome, Stopped, Usage, extract
from agentkit.backends import ScriptedBackend


class Letter(BaseModel):
    """What a letter is about."""

    subject: str
    kind: Literal["bill", "other"]


def desk(home: Path) -> Agent[Letter]:
    """Make the agent that sorts."""
    script = ['{"subject": "power", "kind": "bill"}', '{"subject": "hello"}']
    backend = ScriptedBackend(script, repeat=True)
    return Agent((), backend, output=Letter, context=Context(home=home))


def sorted_by(outcome: Outcome[Letter]) -> str:
    """Say where a letter goes; the checker knows what an answer is."""
    if isinstance(outcome, Done):
        assert_type(outcome.output, Letter)
        return f"{outcome.output.kind}: {outcome.output.subject}"
    if isinstance(outcome, Stopped):
        return f"by hand ({outcome.reason})"
    return outcome.text


async def followed(stream: EventStream[Letter]) -> Outcome[Letter] | None:
    """Follow a run to its end."""
    async with stream as events:
        async for _ in events:
            pass
    return stream.outcome


async def main(home: Path) -> list[str]:
    """Sort two letters, and read numbers out of a third."""
    agent = desk(home)
    first = await agent.arun("Your power bill", session="ada")
    second = await followed(agent.stream("Hello!", session="ben"))
    assert second is not None
    used: Usage = first.usage + second.usage
    return [sorted_by(first), sorted_by(second), f"{used.requests} requests"]


def amounts(text: str) -> list[int]:
    """Read numbers out of a text."""
    found = extract(text, list[int], backend=ScriptedBackend(["[3, 4]"]))
    assert_type(found, list[int])
    either = Agent(output=TypeAdapter(int | None), backend=ScriptedBackend([]))
    assert_type(either, Agent[int | None])
    return found


if __name__ == "__main__":
    print("\n".join(asyncio.run(main(Path("desk")))))
