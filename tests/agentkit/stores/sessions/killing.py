"""A process that talks in a session and is killed, again and again."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from agentkit.stores.sessions import Sessions, to_json

_TALK = '''
import sys
from itertools import count
from pathlib import Path

from agentkit import Agent, Context, tool
from agentkit.agent import EventStream
from agentkit.backends import Reply, ScriptedBackend
from agentkit.outcomes import CallFinished, RunFinished, StepStarted
from agentkit.messages import ToolCall
from agentkit.stores.sessions import Sessions

home = Path(sys.argv[1])


@tool(effect="read")
def look(number: int) -> str:
    """Look.

    Args:
        number: which.
    """
    return f"seen {number}"


def answer(request):
    said = request.conversation
    number = sum(m.role == "user" for m in said)
    if said[-1].role == "user":
        return Reply(calls=(ToolCall("look", {"number": number}),))
    return Reply(text=f"answer {number}")


def show(event, number):
    if isinstance(event, StepStarted):
        print(f"request {number}", flush=True)
    elif isinstance(event, CallFinished):
        print(event.result.value, flush=True)
    elif isinstance(event, RunFinished):
        print(event.outcome.text, flush=True)


class Endless(ScriptedBackend):
    async def reply(self, request):
        return answer(request)


with Sessions(home).open("trip", create=True) as session:
    agent = Agent([look], Endless([]), context=Context(home=home), session=session)
    number = sum(m.role == "user" for m in session.conversation)
    if session.unfinished:
        for event in EventStream(lambda emit, _: agent.aresume(emit=emit)):
            show(event, number)
    for number in count(number + 1):
        for event in agent.stream(f"request {number}"):
            show(event, number)
'''


@dataclass(frozen=True)
class Came:
    """What came of it.

    Attributes:
        shown: lines that were shown: requests, results and answers.
        lost: those that are not in the session.
        twice: turns and results that are in it more than once.
        damaged: what of the session cannot be read.
    """

    shown: int
    lost: int
    twice: int
    damaged: int


def kill_often(folder: Path, kills: int) -> Came:
    """Start it, kill it a moment after it said one to eight things; repeat.

    What is counted is what it says, so that a slow machine kills as often in a turn.
    """
    script = folder / "talk.py"
    script.write_text(_TALK, "utf-8")
    chance, home, shown = random.Random(7), folder / "home", list[str]()
    for _ in range(kills):
        with subprocess.Popen(
            [sys.executable, str(script), str(home)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            for _ in range(chance.randint(1, 8)):
                shown.append(process.stdout.readline().strip())
            time.sleep(chance.random() / 20)
            process.kill()
            # The last line may be cut: it was not shown then.
            shown += process.stdout.read().split("\n")[:-1]
    with Sessions(home).open("trip") as session:
        damaged, said = len(session.damaged), session.conversation
    texts = [m.text for m in said if m.text]
    results = [to_json(m.result) for m in said if m.result]
    values = [m.result.value for m in said if m.result]
    return Came(
        shown=len(shown),
        lost=len(set(shown) - set(texts) - set(values)),
        twice=len(texts) - len(set(texts)) + len(results) - len(set(results)),
        damaged=damaged,
    )
