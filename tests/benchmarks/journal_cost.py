"""What the journal costs: `python -m tests.benchmarks.journal_cost [RUNS]`.

A run of two steps, one call that writes and an answer, with and without a journal, for
each way of waiting for the disk. Prints milliseconds: the fastest run, the median, how
much more that is than without a journal, and how much more processor time. The
journal is kept open, or opened anew for each run, as `agentkit run` does. `full` is the
disk's own time: the folder is a temporary one, or the one named by TMPDIR.
"""

from __future__ import annotations

import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from agentkit import Agent, tool
from agentkit.backends import ScriptedBackend
from agentkit.stores.database import Sync
from agentkit.stores.journal import Journal

SCRIPT = ["[note(text='milk')]", "Noted."]
SYNCS: tuple[Sync, ...] = ("off", "normal", "full")


@tool(effect="write")
def note(text: str) -> str:
    """Write something down.

    Args:
        text: what to write.
    """
    return text


def run(journal: Journal | bool) -> None:
    """Carry a run of two steps out."""
    agent = Agent([note], ScriptedBackend(SCRIPT), journal=journal)
    if agent.run("Note milk").text != "Noted.":
        raise SystemExit("the run did not end as it should")


def run_anew(home: Path, sync: Sync) -> None:
    """Open a journal for one run, and close it."""
    journal = Journal(home, sync=sync)
    run(journal)
    journal.close()


def measure(
    cases: dict[str, Callable[[], None]], count: int
) -> dict[str, tuple[list[float], list[float]]]:
    """Return wall and processor times, in milliseconds, the cases in turn."""
    found: dict[str, tuple[list[float], list[float]]] = {n: ([], []) for n in cases}
    for _ in range(count):
        for name, work in cases.items():
            started, used = time.perf_counter(), time.process_time()
            work()
            found[name][0].append((time.perf_counter() - started) * 1000)
            found[name][1].append((time.process_time() - used) * 1000)
    return found


def main(count: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder:
        cases: dict[str, Callable[[], None]] = {"no journal": lambda: run(False)}
        memory = Journal()
        cases["in memory, kept"] = lambda: run(memory)
        for sync in SYNCS:
            kept = Journal(Path(folder) / sync, sync=sync)
            home = Path(folder) / f"{sync}-new"
            cases[f"{sync}, kept"] = partial(run, kept)
            cases[f"{sync}, opened anew"] = partial(run_anew, home, sync)
        found = measure(cases, count)
        plain, used = (statistics.median(found["no journal"][i]) for i in (0, 1))
        print(f"{'':<20}{'fastest':>9}{'median':>9}{'more':>9}{'more CPU':>10}")
        for name, (wall, cpu) in found.items():
            median, busy = statistics.median(wall), statistics.median(cpu)
            print(
                f"{name:<20}{min(wall):>9.2f}{median:>9.2f}"
                f"{median - plain:>9.2f}{busy - used:>10.2f}"
            )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 300)
