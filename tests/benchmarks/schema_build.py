"""What tools cost when they are made for the first time: time and memory of a process.

`python -m tests.benchmarks.schema_build` makes 200 tools in processes of their own,
with agentkit and with pydantic-ai: tools that share their types, and tools each of
which has a model and bounds of its own. It prints the medians per 20 tools.
"""

from __future__ import annotations

import argparse
import gc
import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import GenericAlias
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, Field, create_model
from pydantic_ai.tools import Tool as OtherTool

from agentkit import tool

_TOOLS = 200
_PER = 20


class Guest(BaseModel):
    """Who comes."""

    name: str
    email: str = ""


def book(
    title: str,
    day: Literal["today", "tomorrow"],
    guests: list[Guest],
    minutes: int = 30,
) -> str:
    """Book a meeting.

    Args:
        title: what it is about.
        day: when it is.
        guests: who comes.
        minutes: how long it takes.
    """
    return f"{title} {day} {guests} {minutes}"


def named(number: int) -> Callable[..., str]:
    """Return a function of its own, so that nothing of another one is found again."""

    def made(
        title: str,
        day: Literal["today", "tomorrow"],
        guests: list[Guest],
        minutes: int = 30,
    ) -> str:
        return book(title, day, guests, minutes)

    made.__name__, made.__doc__ = f"book_{number}", book.__doc__
    return made


def own(number: int) -> Callable[..., str]:
    """Return a function whose types no other has."""

    def function(title: Any, day: Any, guests: Any, count: Any = 1) -> str:
        return f"{title} {day} {guests} {count}"

    guest: Any = create_model(f"Guest{number}", name=(str, ...), email=(str, ""))
    function.__annotations__ = {
        "title": Annotated[str, Field(max_length=number + 1)],
        "day": Literal["today", "tomorrow"],
        "guests": GenericAlias(list, (guest,)),
        "count": Annotated[int, Field(ge=1, le=number + 2)],
    }
    function.__name__ = f"book_{number}"
    function.__doc__ = (book.__doc__ or "").replace("minutes:", "count:")
    return function


def _resident() -> int:
    """Return the kilobytes that this process holds."""
    lines = Path("/proc/self/smaps_rollup").read_text("utf-8").splitlines()
    found = {line.split()[0]: int(line.split()[1]) for line in lines[1:]}
    return found["Private_Dirty:"]


def once(library: str, kind: str) -> dict[str, float]:
    """Make the tools here, and tell what they took per 20."""
    functions = [(named if kind == "shared" else own)(one) for one in range(_TOOLS + 1)]
    make: Callable[[Any], Any] = (
        tool(effect="read")
        if library == "agentkit"
        else lambda one: OtherTool(one, takes_ctx=False)
    )
    kept = [make(functions.pop())]
    gc.collect()
    before, started = _resident(), time.process_time()
    kept += [make(one) for one in functions]
    took = time.process_time() - started
    gc.collect()
    share = len(functions) / _PER
    return {"ms": took * 1000 / share, "kB": (_resident() - before) / share}


def _measured(library: str, kind: str) -> dict[str, float]:
    command = [sys.executable, "-m", "tests.benchmarks.schema_build"]
    told = subprocess.check_output([*command, "--once", library, kind])
    return cast(dict[str, float], json.loads(told))


def report(rounds: int) -> None:
    """Measure both in turns, and print the medians."""
    for kind in ("shared", "own"):
        turns = [
            [_measured(library, kind) for library in ("agentkit", "pydantic-ai")]
            for _ in range(rounds)
        ]
        for unit in ("ms", "kB"):
            one, other = (
                statistics.median(turn[place][unit] for turn in turns)
                for place in (0, 1)
            )
            what = f"20 tools, {kind} types"
            print(f"{what:20} {one:8.2f} {unit} {other:8.2f} {unit} {one / other:6.2f}")


def main() -> None:
    """Measure and print; or, in a process of its own, measure once."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--once", nargs=2)
    given = parser.parse_args()
    if given.once:
        print(json.dumps(once(*given.once)))
    else:
        report(given.rounds)


if __name__ == "__main__":
    main()
