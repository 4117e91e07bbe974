"""A process that is killed while it talks loses nothing that was shown."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest

from agentkit.sessions import Sessions, to_json

KILLS = 20
_TALK = '''
import sys
from itertools import count
from pathlib import Path

from agentkit import Agent, Context, tool
from agentkit.agent import EventStream
from agentkit.backends import Reply, ScriptedBackend
from agentkit.events import CallFinished, RunFinished, StepStarted
from agentkit.messages import Call
from agentkit.sessions import Sessions

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
        return Reply(calls=(Call("look", {"number": number}),))
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


@pytest.mark.slow
def test_nothing_shown_is_lost(tmp_path: Path) -> None:
    """After each of 20 kills all that was shown is there, once, and talk goes on."""
    script = tmp_path / "talk.py"
    script.write_text(_TALK, "utf-8")
    chance, home, shown = random.Random(7), tmp_path / "home", list[str]()
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, str(script), str(home)], stdout=subprocess.PIPE, text=True
        ) as process:
            assert process.stdout is not None
            shown.append(process.stdout.readline().strip())
            time.sleep(chance.random() / 4)
            process.kill()
            # The last line may be cut: it was not shown then.
            lines = process.stdout.read().split("\n")[:-1]
        shown += lines
    with Sessions(home).open("trip") as session:
        assert session.damaged == ()
    said = Sessions(home).transcript("trip").conversation
    kept = [m.text or (m.result.value if m.result else "") for m in said]
    assert len(shown) > 3 * KILLS
    assert set(shown) - {""} <= set(kept)
    texts = [m.text for m in said if m.text]
    assert len(texts) == len(set(texts)), "a turn is there twice"
    results = [to_json(m.result) for m in said if m.result]
    assert len(results) == len(set(results)), "a result is there twice"
