"""The same work with agentkit and with pydantic-ai, side by side, in turns.

`python -m tests.benchmarks.beside_pydantic_ai` prints the medians, their ratio, what
20 tools cost that are made for the first time, and how long an event loop that 20 users share stood still at most while sessions were kept.
Both have a model that answers at once, so what is measured is theirs alone; times are
those of the processor, which a busy machine changes least.
"""

from __future__ import annotations

import argparse
import asyncio
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic_ai import Agent as OtherAgent
from pydantic_ai.messages import ModelMessage, ModelResponse, TextPart, ToolCallPart
from pydantic_ai.models.function import AgentInfo, FunctionModel
from pydantic_ai.tools import Tool as OtherTool

from agentkit import Agent, Context, Done, Toolset, tool
from agentkit.backends import Reply, Request, ScriptedBackend
from tests.benchmarks import schema_build

_USERS, _RUNS = 20, 3


def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


def _ours() -> str:
    script = ["[add(a=1, b=2)]", "It is 3."]
    return Agent([_ADD], ScriptedBackend(script)).run("What is 1 + 2?").text


def _answer(said: list[ModelMessage], _: AgentInfo) -> ModelResponse:
    if len(said) == 1:
        return ModelResponse(parts=[ToolCallPart("add", {"a": 1, "b": 2})])
    return ModelResponse(parts=[TextPart("It is 3.")])


def _theirs() -> str:
    agent = OtherAgent(FunctionModel(_answer), tools=[_OTHER_ADD])
    return agent.run_sync("What is 1 + 2?").output


_ADD = tool(effect="read")(add)
_OTHER_ADD = OtherTool(add, takes_ctx=False)


def _our_schemas() -> int:
    made = Toolset(
        [tool(effect="read")(schema_build.named(number)) for number in range(20)]
    )
    return sum(len(str(one.parameters)) for one in made)


def _their_schemas() -> int:
    made = [OtherTool(schema_build.named(n), takes_ctx=False) for n in range(20)]
    return sum(len(str(one.function_schema.json_schema)) for one in made)


def side_by_side(
    ours: Callable[[], Any], theirs: Callable[[], Any], rounds: int
) -> tuple[float, float]:
    """Return the medians of both in milliseconds of the processor, taken in turns."""
    times: tuple[list[float], list[float]] = ([], [])
    for work in (ours, theirs):
        work()
    for _ in range(rounds):
        for work, found in zip((ours, theirs), times, strict=True):
            started = time.process_time()
            work()
            found.append((time.process_time() - started) * 1000)
    return statistics.median(times[0]), statistics.median(times[1])


@tool(effect="write")
def keep(text: str) -> str:
    """Keep a text.

    Args:
        text: what to keep.
    """
    return "kept"


class _Model(ScriptedBackend):
    """Lets others go on, as a model does that answers after a while."""

    async def reply(self, request: Request) -> Reply:
        await asyncio.sleep(0.01)
        return await super().reply(request)


def _step(request: Request) -> str:
    is_done = request.conversation[-1].role == "tool"
    return "Done." if is_done else "[keep(text='milk')]"


async def _watch(gaps: list[tuple[float, float]]) -> None:
    last = time.perf_counter(), time.thread_time()
    while True:
        await asyncio.sleep(0.001)
        now = time.perf_counter(), time.thread_time()
        gaps.append(((now[0] - last[0]) * 1000 - 1, (now[1] - last[1]) * 1000))
        last = now


async def stalls(home: Path) -> list[tuple[float, float]]:
    """Return how long the loop stood still from look to look, in ms.

    By the wall, and by the processor. A busy machine makes the first longer; the second
    is what was computed there.
    """
    agent = Agent([keep], _Model([_step], repeat=True), context=Context(home=home))
    await agent.arun("Keep 'milk'", session="first")
    gaps: list[tuple[float, float]] = []
    watching = asyncio.ensure_future(_watch(gaps))

    async def user(number: int) -> None:
        for _ in range(_RUNS):
            outcome = await agent.arun("Keep 'milk'", session=f"u{number}")
            assert isinstance(outcome, Done)

    await asyncio.gather(*map(user, range(_USERS)))
    watching.cancel()
    return gaps


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=100)
    rounds = parser.parse_args().rounds
    for what, ours, theirs, times in (
        ("two-step run, sync", _ours, _theirs, rounds),
        ("schemas of 20 tools", _our_schemas, _their_schemas, max(5, rounds // 5)),
    ):
        one, other = side_by_side(ours, theirs, times)
        print(f"{what:20} {one:8.2f} ms {other:8.2f} ms {one / other:6.2f}")
    schema_build.report(max(3, rounds // 20))
    with tempfile.TemporaryDirectory() as folder:
        gaps = asyncio.run(stalls(Path(folder)))
    for what, found in zip(("wall", "processor"), zip(*gaps, strict=True), strict=True):
        usual = statistics.quantiles(found, n=100)[-1]
        print(
            f"loop of {_USERS} users, {what:9} worst {max(found):.1f} ms, "
            f"99 % within {usual:.1f} ms"
        )


if __name__ == "__main__":
    main()
