"""Runs that are killed at random points and carried on, until each is done.

`python -m tests.agentkit.stores.journal.kills [COUNT] [SEED]` kills COUNT times (AGENTKIT_KILLS,
or 20) and prints, as JSON, what was found. Every process is a fork of this one, which
has loaded everything and runs nothing itself. Not covered: a power cut, which takes
along what the disk has not written yet.
"""

from __future__ import annotations

import json
import os
import pickle
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import icalendar

from agentkit import Agent, Context, NeedsApproval, Policy, Toolset, fresh_id, tool
from agentkit.backends import ScriptedBackend
from agentkit.errors import RunBusy
from agentkit.stores.journal import Journal
from agentkit_tools import calendar, lists, messages, notes, reminders
from agentkit_tools._store.letter_search import Search, find_letters

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=ZoneInfo("Europe/Berlin"))
SCRIPT = [
    '[append(line="first"), take_note(text="Key under the mat", title="Key")]',
    '[send_message(to="ana@kos.example", text="I am late")]',
    '[create_event(title="Dinner", start="2026-12-01T19:00")]',
    '[send_invite(title="Review", start="2026-12-02T10:00", '
    'attendees=["bo@lund.example"])]',
    '[add_to_list(item="milk", list_name="shopping"), append(line="last")]',
    '[create_reminder(text="water", when="2026-12-03T09:00")]',
    "All done.",
]
REQUEST = "Do all that we spoke of."
RUN = "evening"
BUSY = 7


def _log(context: Context) -> Path:
    return context.home / "log.txt"


def _settle_append(context: Context, line: str) -> str | None:
    entry = f"{fresh_id('line')} {line}\n"
    log = _log(context)
    return line if log.exists() and entry in log.read_text() else None


@tool(effect="send", settle=_settle_append)
def append(context: Context, line: str) -> str:
    """Append a line to a log, which nobody can take back.

    Args:
        line: what to append.
    """
    with _log(context).open("a") as log:
        log.write(f"{fresh_id('line')} {line}\n")
    return line


TOOLS = Toolset(
    append,
    calendar.create_event,
    calendar.send_invite,
    lists.add_to_list,
    messages.send_message,
    notes.take_note,
    reminders.create_reminder,
)


def make_context(home: Path) -> Context:
    """Give a home of a user who can send invites."""
    return Context(home=home, now=NOW, user_name="Kim", user_email="kim@berg.example")


def make_agent(home: Path, script: list[str], *, attended: bool) -> Agent:
    """Make the agent that each process makes anew."""
    return Agent(
        TOOLS,
        ScriptedBackend(script),
        approve=(lambda _: True) if attended else None,
        context=make_context(home),
        policy=Policy(provenance=False),
    )


def carry(home: Path, *, attended: bool) -> None:
    """Carry the run on from where it is: tried again, or resumed when it waits."""
    saved = home / "paused.pickle"
    if saved.exists():
        paused = pickle.loads(saved.read_bytes())
        agent = make_agent(home, SCRIPT[paused.steps :], attended=attended)
        outcome = agent.resume(paused, approve=True)
    else:
        agent = make_agent(home, SCRIPT, attended=attended)
        outcome = agent.run(REQUEST, run_id=RUN)
    while isinstance(outcome, NeedsApproval):
        _save(saved, pickle.dumps(outcome))
        outcome = agent.resume(outcome, approve=True)
    if outcome.text != SCRIPT[-1]:
        raise SystemExit(f"the run ended in {outcome}")
    _save(home / "finished", b"")


def _save(path: Path, content: bytes) -> None:
    new = path.with_name(f"{path.name}.new")
    new.write_bytes(content)
    new.replace(path)


def effects_of(home: Path) -> Counter[str]:
    """Count what is in the stores, by what it is."""
    found: Counter[str] = Counter()
    log = home / "log.txt"
    found.update(f"log {line.split()[1]}" for line in log.read_text().splitlines())
    found.update(f"note {path.name}" for path in (home / "notes").glob("*.md"))
    for path in (home / "outbox").iterdir():
        # A file that was never given its name is what a kill leaves; nobody reads it.
        if path.is_file() and not path.name.startswith("."):
            found[f"outbox {path.suffix}"] += 1
    letters, _ = find_letters(home, Search(), NOW)
    found.update(f"letter {letter.text}" for letter in letters)
    for name in ("calendar", "lists", "reminders"):
        content = (home / f"{name}.ics").read_bytes()
        parsed: Any = icalendar.Calendar.from_ical(content)
        for item in parsed.walk():
            if item.name in ("VEVENT", "VTODO"):
                found[f"{name} {item['SUMMARY']}"] += 1
    return found


WANTED = Counter(
    {
        "log first": 1,
        "log last": 1,
        "note key.md": 1,
        "outbox .eml": 1,
        "outbox .ics": 1,
        "letter I am late": 1,
        "calendar Dinner": 1,
        "calendar Review": 1,
        "lists milk": 1,
        "reminders water": 1,
    }
)


def _forked(work: Callable[[], None]) -> int:
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work()
        code = 0
    except RunBusy:
        code = BUSY
    except BaseException as exc:
        print(f"{type(exc).__name__}: {exc}", file=sys.stderr, flush=True)
    finally:
        os._exit(code)


def _killed_after(child: int, seconds: float) -> bool:
    """Wait, then kill; False when it had ended by then."""
    time.sleep(seconds)
    os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status) and os.WEXITSTATUS(status):
        raise SystemExit(f"a process failed with {os.WEXITSTATUS(status)}")
    return os.WIFSIGNALED(status)


def _seconds_of_a_run() -> float:
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        child = _forked(partial(carry, Path(folder), attended=True))
        os.waitpid(child, 0)
        return time.perf_counter() - started


def kill_runs(count: int, seed: int) -> dict[str, object]:
    """Kill until `count` times; return how many runs it took, and what was wrong."""
    rng, longest = random.Random(seed), _seconds_of_a_run() * 1.1
    kills, runs, states = 0, 0, Counter[str]()
    wrong: list[dict[str, object]] = []
    while kills < count:
        with tempfile.TemporaryDirectory() as folder:
            home, attended, tries = Path(folder), bool(runs % 2), 0
            while not (home / "finished").exists():
                child = _forked(partial(carry, home, attended=attended))
                # Later tries have less to do, so they are killed sooner.
                kills += _killed_after(child, rng.uniform(0, longest / (1 + tries / 2)))
                tries += 1
                if tries > 12:
                    os.waitpid(_forked(partial(carry, home, attended=attended)), 0)
                    break
            runs += 1
            entries = Journal(home).entries()
            states.update(entry.note or entry.state for entry in entries)
            found = effects_of(home)
            if found != WANTED or {entry.state for entry in entries} != {"done"}:
                more, less = found - WANTED, WANTED - found
                wrong.append({"run": runs, "more": dict(more), "less": dict(less)})
    return {
        "kills": kills,
        "runs": runs,
        "effects": runs * WANTED.total(),
        "wrong": wrong,
        "entries": dict(states),
    }


def rival(count: int) -> dict[str, int]:
    """Let two processes carry the same run at once; return how they ended."""
    ended: Counter[str] = Counter()
    for _ in range(count):
        with tempfile.TemporaryDirectory() as folder:
            home = Path(folder)
            work = partial(carry, home, attended=True)
            children = [_forked(work), _forked(work)]
            codes = sorted(os.WEXITSTATUS(os.waitpid(c, 0)[1]) for c in children)
            names = {0: "went on", BUSY: "was told"}
            ended.update(names.get(code, f"failed with {code}") for code in codes)
            ended["wrong"] += effects_of(home) != WANTED
    return dict(ended)


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:]]
    wanted = given[0] if given else int(os.environ.get("AGENTKIT_KILLS", "20"))
    seed = given[1] if len(given) > 1 else 7
    begun = time.perf_counter()
    told = kill_runs(wanted, seed) | {"rivals": rival(max(3, wanted // 50))}
    print(json.dumps(told | {"seconds": round(time.perf_counter() - begun, 1)}))
