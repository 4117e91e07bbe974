"""How fast the core is: `pytest tests/benchmarks --benchmark-only`."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

import pytest
from pydantic import Field

from agentkit import Agent, Toolset, parse_calls, tool
from agentkit.backends import ScriptedBackend
from agentkit.stores.database import Sync
from agentkit.stores.journal import Journal

Benchmark = Callable[..., Any]

SCRIPT = ["[add(a=1, b=2)]", "It is 3."]
NOTE_SCRIPT = ["[note(text='milk')]", "Noted."]


@tool(effect="read")
def add(a: int, b: int) -> int:
    """Add two numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


@tool(effect="write")
def note(text: str) -> str:
    """Write something down.

    Args:
        text: what to write.
    """
    return text


def book(
    title: str,
    day: Literal["today", "tomorrow"],
    guests: list[str],
    minutes: Annotated[int, Field(ge=5)] = 30,
) -> str:
    """Book a meeting.

    Args:
        title: what it is about.
        day: when it is.
        guests: who comes.
        minutes: how long it takes.
    """
    return f"{title} {day} {guests} {minutes}"


@pytest.mark.benchmark(group="run")
def test_two_step_run(benchmark: Benchmark) -> None:
    """A request, one call of a sync tool, an answer: `Agent.run`, loop included."""

    def run() -> str:
        return Agent([add], ScriptedBackend(SCRIPT)).run("What is 1 + 2?").text

    assert benchmark(run) == "It is 3."


@pytest.mark.benchmark(group="run")
@pytest.mark.parametrize("sync", ["off", "normal"])
def test_two_step_run_with_a_journal(
    benchmark: Benchmark, sync: Sync, tmp_path: Path
) -> None:
    """The same with a call that writes, journaled before and after, on the disk."""
    journal = Journal(tmp_path, sync=sync)

    def run() -> str:
        agent = Agent([note], ScriptedBackend(NOTE_SCRIPT), journal=journal)
        return agent.run("Note milk").text

    assert benchmark(run) == "Noted."


@pytest.mark.benchmark(group="parts")
def test_decoration(benchmark: Benchmark) -> None:
    """A function with four typed parameters becomes a tool."""
    assert benchmark(tool, book).name == "book"


@pytest.mark.benchmark(group="parts")
def test_parsing(benchmark: Benchmark) -> None:
    """A model's text becomes a call."""
    toolset = Toolset(add)
    assert len(benchmark(parse_calls, SCRIPT[0], toolset).calls) == 1


@pytest.mark.benchmark(group="import")
@pytest.mark.parametrize(
    "statement",
    ["pass", "import agentkit", "from agentkit import Agent, tool"],
)
def test_cold_import(benchmark: Any, statement: str) -> None:
    """A fresh interpreter runs one statement; `pass` is the interpreter alone."""
    command = [sys.executable, "-c", statement]
    benchmark.pedantic(
        subprocess.run, args=(command,), kwargs={"check": True}, rounds=10
    )
