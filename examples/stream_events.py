"""Watch a run: events one by one, in plain code and in async code."""

import asyncio

from agentkit import Agent, Event, tool
from agentkit.backends import ScriptedBackend
from agentkit.outcomes import (
    CallFinished,
    CallStarted,
    RunFinished,
    StepStarted,
    TextDelta,
)


@tool(effect="read")
async def temperature(city: str) -> int:
    """Measure the temperature.

    Args:
        city: where to measure.
    """
    await asyncio.sleep(0.01)
    return {"Oslo": -3, "Rome": 14}[city]


def show(event: Event) -> str:
    """Say an event in one line."""
    match event:
        case StepStarted(step, route):
            return f"step {step} on {route.backend}: {route.reason}"
        case CallStarted(call):
            return f"  {call.name}{dict(call.arguments)} ..."
        case CallFinished(result):
            return f"  {result.name}{dict(result.arguments)} = {result.value}"
        case TextDelta(text):
            return f"  says: {text}"
        case RunFinished(outcome):
            return f"{outcome.kind} after {outcome.steps} steps"
        case _:
            return type(event).__name__


def make_agent() -> Agent:
    """Make an agent whose model measures twice in one step, at the same time."""
    calls = '[temperature(city="Oslo"), temperature(city="Rome")]'
    return Agent([temperature], ScriptedBackend([calls, "Rome is 17 degrees warmer."]))


async def stop_early() -> None:
    """Leave the loop at the first call: the run is cancelled."""
    async for event in make_agent().stream("Compare Oslo and Rome"):
        print(show(event))
        if isinstance(event, CallStarted):
            break


def main() -> None:
    """Watch one run to its end, and leave another."""
    for event in make_agent().stream("Compare Oslo and Rome"):
        print(show(event))
    print("and again, left early:")
    asyncio.run(stop_early())


if __name__ == "__main__":
    main()
