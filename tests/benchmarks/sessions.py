"""What sessions cost: keeping a run, opening a long one, making it fit, and kills.

`python -m tests.benchmarks.sessions [--kills N]` prints the figures. With a number of
kills, a talking process is killed that often, and what was shown is looked for.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from agentkit import Agent, Context, tool
from agentkit.backends import ScriptedBackend
from agentkit.messages import (
    Conversation,
    Label,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.stores.sessions import Compactor, Sessions, from_json, to_json
from tests.agentkit.stores.sessions.killing import kill_often

_RUNS = 50
_TURNS = 1000
_MEMORY = Path("/dev/shm")


@tool(effect="read")
def look(number: int) -> str:
    """Look.

    Args:
        number: which.
    """
    return f"seen {number}"


def _talk(turns: int) -> Conversation:
    said = [system("Be kind.")]
    for number in range(turns):
        call = ToolCall("find", {"query": f"thing {number}"}, id=f"c{number}")
        found = [
            {"event_id": f"e{number}-{n}", "title": f"Meeting {n} about the budget"}
            for n in range(8)
        ]
        said += [
            user(f"What is on my calendar in week {number}, and who comes?"),
            assistant(calls=(call,)),
            tool_result(ToolResult(call, "done", found), Label("tool", "personal")),
            assistant(f"Eight meetings, the first one at {number % 12} o'clock."),
        ]
    return (*said, user("And now?"))


def _seconds(work: Callable[[], object], times: int = 5) -> float:
    taken: list[float] = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        taken.append(time.perf_counter() - started)
    return min(taken)


def _run_cost(home: Path, *, kept: bool) -> float:
    """Return the milliseconds of a run of two steps, the faster quarter's longest."""
    context = Context(home=home)
    taken: list[float] = []
    for _ in range(_RUNS):
        backend = ScriptedBackend(["[look(number=1)]", "Seen."])
        with Sessions(home).create() as session:
            held = session if kept else None
            agent = Agent([look], backend, context=context, journal=False, session=held)
            started = time.perf_counter()
            agent.run("Look")
            taken.append(time.perf_counter() - started)
    return 1000 * sorted(taken)[_RUNS // 4]


def _keeping(home: Path, where: str) -> None:
    without, kept = _run_cost(home, kept=False), _run_cost(home, kept=True)
    print(f"a run of two steps, {where}: {without:.2f} ms, kept {kept:.2f} ms")


def _long(home: Path) -> None:
    said = _talk(_TURNS)
    with Sessions(home).create("long") as session:
        session.begin(said)
    opening = _seconds(lambda: Sessions(home).open("long").close())
    forms = _seconds(lambda: [from_json(to_json(m), type(m)) for m in said])
    print(f"{_TURNS} turns, {len(said)} messages:")
    print(
        f"  opened in {1000 * opening:.0f} ms, in JSON and back {1000 * forms:.0f} ms"
    )
    print(f"  sessions.db {(home / 'sessions.db').stat().st_size / 1e6:.1f} MB")
    for budget in (1024, 2048, 4096, 8192):
        first = _seconds(lambda b=budget: Compactor().fit(said, b))  # type: ignore[misc]
        compactor = Compactor()
        made = compactor.fit(said, budget)
        again = _seconds(lambda b=budget, c=compactor: c.fit(said, b))  # type: ignore[misc]
        print(
            f"  to {budget:>5} tokens: {made.before:,} -> {made.after:,}, "
            f"{made.summarised} turns summarised, {made.shortened} results shortened; "
            f"{1000 * first:.0f} ms, in the next step {1000 * again:.1f} ms"
        )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=0)
    kills = parser.parse_args().kills
    with tempfile.TemporaryDirectory() as folder:
        _keeping(Path(folder) / "short", "on disk")
        if _MEMORY.is_dir():
            with tempfile.TemporaryDirectory(dir=_MEMORY) as memory:
                _keeping(Path(memory), "in memory, without disk sync")
        _long(Path(folder) / "long")
        if kills:
            came = kill_often(Path(folder), kills)
            print(
                f"{kills} kills: {came.shown} lines shown, {came.lost} lost, "
                f"{came.twice} turns twice"
            )


if __name__ == "__main__":
    main()
