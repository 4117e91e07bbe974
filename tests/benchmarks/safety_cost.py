"""What a safe run costs: `python -m tests.benchmarks.safety_cost [RUNS] [ROUNDS]`.

A run of two steps, one call that writes and an answer. Without anything, with each part,
and with all of them: limits, policy and provenance, journal, session. An application
keeps agent, journal and session, and this is its second run, which goes on with the
conversation of the first, in each way. `anew`: a first run, for which all are made and
closed after it, as on the command line. The disk is not waited for: the journal's `sync`
is `off`, and the folder is in memory where the system has such a one (/dev/shm).

Prints milliseconds: the median run of the fastest round, and how much more the median is
than that of the same round without anything, for the fastest round and for each one.
"""

from __future__ import annotations

import random
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from agentkit import Agent, Context, Limits, Policy, Sessions, tool
from agentkit.backends import ScriptedBackend
from agentkit.messages import Conversation
from agentkit.stores.journal import Journal
from agentkit.stores.sessions import Session

SCRIPT = ["[note(text='milk')]", "Noted."]
MEMORY = Path("/dev/shm")
OFF: dict[str, Any] = {
    "journal": False,
    "policy": Policy(provenance=False),
    "limits": Limits(**{one.name: None for one in fields(Limits)}),
}


@tool(effect="write")
def note(text: str) -> str:
    """Write something down.

    Args:
        text: what to write.
    """
    return text


def run(agent: Agent, said: Conversation = ()) -> Conversation:
    """Carry a run of two steps out, and return what was said."""
    outcome = agent.run("Note milk", conversation=said)
    if outcome.text != "Noted.":
        raise SystemExit("the run did not end as it should")
    return outcome.conversation


@dataclass
class Way:
    """One way to run.

    Attributes:
        home: its folder.
        options: what the agent is given beside what is off.
        in_session: whether what is said is kept, in a session of its own.
    """

    home: Path
    options: dict[str, Any] = field(default_factory=dict[str, Any])
    in_session: bool = False

    def milliseconds(self) -> float:
        """Carry two runs of one agent out, and time the second."""
        held = Sessions(self.home).create() if self.in_session else None
        agent = self.agent(held)
        first = run(agent)
        said = () if held else first  # a session goes on by itself
        started = time.perf_counter()
        run(agent, said)
        taken = (time.perf_counter() - started) * 1000
        if held:
            held.close()
        return taken

    def agent(self, held: Session | None) -> Agent:
        """Make an agent for two runs."""
        return Agent(
            [note],
            ScriptedBackend(SCRIPT * 2),
            context=Context(home=self.home),
            session=held,
            **{**OFF, **self.options},
        )


class MadeAnew(Way):
    """Makes the agent for the run."""

    def milliseconds(self) -> float:
        """Carry a run of two steps out; the making counts."""
        started = time.perf_counter()
        run(self.agent(None))
        return (time.perf_counter() - started) * 1000


class OpenedAnew(Way):
    """Opens the journal and makes a session for the run, and closes both."""

    def milliseconds(self) -> float:
        """Carry a run of two steps out; opening and closing count."""
        started = time.perf_counter()
        journal = Journal(self.home, sync="off")
        self.options["journal"] = journal
        with Sessions(self.home).create() as session:
            run(self.agent(session))
        journal.close()
        return (time.perf_counter() - started) * 1000


def ways(home: Path) -> dict[str, Way]:
    """Name the ways to run."""
    kept = Journal(home / "kept", sync="off")
    checks: dict[str, Any] = {"limits": Limits(), "policy": Policy()}
    return {
        "nothing": Way(home),
        "limits": Way(home, {"limits": Limits()}),
        "policy, provenance": Way(home, {"policy": Policy()}),
        "journal": Way(home, {"journal": kept}),
        "session": Way(home, in_session=True),
        "all of it": Way(home, {**checks, "journal": kept}, in_session=True),
        "nothing, anew": MadeAnew(home),
        "all of it, anew": OpenedAnew(home / "anew", checks, in_session=True),
    }


def medians(found: dict[str, Way], count: int) -> dict[str, float]:
    """Return the median milliseconds of each way; the order is another each time."""
    taken: dict[str, list[float]] = {name: [] for name in found}
    order, rng = list(found), random.Random(1)
    for _ in range(count):
        rng.shuffle(order)
        for name in order:
            taken[name].append(found[name].milliseconds())
    return {name: statistics.median(times) for name, times in taken.items()}


def main(count: int, rounds: int) -> None:
    """Measure and print."""
    kept: list[dict[str, float]] = []
    where = MEMORY if MEMORY.is_dir() else None
    for _ in range(rounds):
        with tempfile.TemporaryDirectory(dir=where) as folder:
            kept.append(medians(ways(Path(folder)), count))
    print(f"{f'median of {count} runs, ms':<26}{'fastest':>9}{'more':>8}   rounds")
    for name in kept[0]:
        base = "nothing, anew" if name.endswith("anew") else "nothing"
        more = [one[name] - one[base] for one in kept]
        listed = " ".join(f"{value:.2f}" for value in more)
        fastest = min(one[name] for one in kept)
        print(f"{name:<26}{fastest:>9.2f}{min(more):>8.2f}   {listed}")


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    main(*(given + [300, 5][len(given) :]))
