"""What is said of one call alone, requests of one session in a row, and streams let go."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from agentkit import (
    Agent,
    CallStarted,
    Context,
    Done,
    NeedsApproval,
    RunFinished,
    StepStarted,
    Toolset,
    tool,
)
from agentkit.backends import Reply, Request, ScriptedBackend
from agentkit.errors import SessionHeld
from agentkit.stores.sessions import Sessions


@tool(effect="read")
def look_up(word: str, context: Context[dict[str, str]]) -> str:
    """Look a word up.

    Args:
        word: which.
    """
    return context.deps[word]


@tool(effect="send")
def tell(text: str, context: Context[list[str]]) -> str:
    """Tell somebody.

    Args:
        text: what.
    """
    context.deps.append(text)
    return "told"


@tool(effect="write")
def note(text: str) -> str:
    """Note something.

    Args:
        text: what.
    """
    return "noted"


def said(home: Path, session: str) -> list[str]:
    return [turn.text for turn in Sessions(home).transcript(session).conversation]


def test_one_agent_serves_many_sessions(tmp_path: Path) -> None:
    """Each call names its session; what one said is not in the other."""
    backend = ScriptedBackend(["Hi Ada.", "Hi Bob.", "You are Ada."])
    agent = Agent((), backend, context=Context(home=tmp_path))
    agent.run("I am Ada.", session="ada")
    agent.run("I am Bob.", session="bob")
    agent.run("Who am I?", session="ada")
    assert said(tmp_path, "ada") == [
        "I am Ada.",
        "Hi Ada.",
        "Who am I?",
        "You are Ada.",
    ]
    assert said(tmp_path, "bob") == ["I am Bob.", "Hi Bob."]


def test_dependencies_are_given_per_call() -> None:
    """Tools get what the call brings, and the next call brings its own."""
    script = ["[look_up(word='a')]", "1", "[look_up(word='a')]", "2"]
    agent = Agent(Toolset([look_up]), ScriptedBackend(script))
    values = [
        agent.run("Look up a", deps={"a": value}).calls[0].value
        for value in ("one", "two")
    ]
    assert values == ["one", "two"]


def test_a_context_of_another_home(tmp_path: Path) -> None:
    """Session and journal follow the home of the call's context."""
    script = ["[note(text='milk')]", "Done."]
    agent = Agent(
        [note], ScriptedBackend(script), context=Context(home=tmp_path / "one")
    )
    agent.run("Note milk", session="trip", context=Context(home=tmp_path / "two"))
    assert said(tmp_path / "two", "trip")[0] == "Note milk"
    assert (tmp_path / "two" / "journal.db").exists()
    assert not (tmp_path / "one").exists()


def test_instructions_of_one_call(tmp_path: Path) -> None:
    """The call's system prompt stands instead of the agent's, for this run."""
    backend = ScriptedBackend(["1", "2", "3"])
    agent = Agent((), backend, "Be kind.", context=Context(home=tmp_path))
    agent.run("a", session="s")
    agent.run("b", session="s", instructions="Be brief.")
    agent.run("c", session="s")
    told = [request.conversation[0].text for request in backend.requests]
    assert told == ["Be kind.", "Be brief.", "Be kind."]
    assert said(tmp_path, "s") == ["Be kind.", "a", "1", "b", "2", "c", "3"]


@pytest.mark.parametrize("streamed", [False, True], ids=["resume", "stream_resume"])
def test_a_run_is_resumed_in_its_session(tmp_path: Path, *, streamed: bool) -> None:
    """By another agent, later: session and dependencies are named again."""
    context = Context(home=tmp_path)
    first = Agent([tell], ScriptedBackend(["[tell(text='hi')]"]), context=context)
    assert isinstance(first.run("Tell hi", session="s"), NeedsApproval)
    told: list[str] = []
    later = Agent([tell], ScriptedBackend(["Told."]), context=context)
    if streamed:
        stream = later.stream_resume(approve=True, session="s", deps=told)
        kinds = [type(event) for event in stream]
        outcome = stream.outcome
        assert CallStarted in kinds
        assert kinds[-1] is RunFinished
    else:
        outcome = later.resume(approve=True, session="s", deps=told)
    assert isinstance(outcome, Done)
    assert (outcome.text, told) == ("Told.", ["hi"])


class Slow(ScriptedBackend):
    """Lets others go on before it answers, and notes how many it answers at once."""

    def __init__(self) -> None:
        super().__init__([self.answer], repeat=True)
        self.now = self.most = 0

    def answer(self, request: Request) -> Reply:
        return Reply(text=f"{len(request.conversation)}")

    async def reply(self, request: Request) -> Reply:
        self.now += 1
        self.most = max(self.most, self.now)
        for _ in range(20):
            await asyncio.sleep(0)
        self.now -= 1
        return await super().reply(request)


def test_requests_of_one_session_wait_for_each_other(tmp_path: Path) -> None:
    """In one process they come one after the other, as they were made."""
    backend = Slow()
    agent = Agent((), backend, context=Context(home=tmp_path))

    async def all_at_once() -> list[str]:
        runs = [agent.arun(f"{number}", session="s") for number in range(4)]
        return [outcome.text for outcome in await asyncio.gather(*runs)]

    assert asyncio.run(all_at_once()) == ["1", "3", "5", "7"]
    assert backend.most == 1


def test_requests_of_other_sessions_do_not_wait(tmp_path: Path) -> None:
    """Each session has its own line: all are answered at the same time."""
    together = asyncio.Barrier(4)

    class Meeting(ScriptedBackend):
        async def reply(self, request: Request) -> Reply:
            await together.wait()
            return Reply(text="Hi.")

    agent = Agent((), Meeting([]), context=Context(home=tmp_path))

    async def all_at_once() -> list[str]:
        runs = [agent.arun("a", session=f"s{n}") for n in range(4)]
        return [outcome.text for outcome in await asyncio.gather(*runs)]

    assert asyncio.run(all_at_once()) == ["Hi."] * 4


def test_a_request_that_is_given_up_leaves_the_line(tmp_path: Path) -> None:
    """One that was cancelled while it waited holds nobody up."""
    agent = Agent((), Slow(), context=Context(home=tmp_path))

    async def give_up() -> str:
        first = asyncio.ensure_future(agent.arun("1", session="s"))
        second = asyncio.ensure_future(agent.arun("2", session="s"))
        await asyncio.sleep(0)
        second.cancel()
        await asyncio.gather(first, second, return_exceptions=True)
        return (await agent.arun("3", session="s")).text

    assert asyncio.run(give_up()) == "3"


def test_a_tool_does_not_wait_for_its_own_run(tmp_path: Path) -> None:
    """A run that asks for the session that it works on itself is told at once."""
    context = Context(home=tmp_path)
    inner = Agent((), ScriptedBackend(["?"]), context=context)

    @tool(effect="read")
    async def ask_again() -> str:
        """Ask again."""
        await inner.arun("again", session="s")
        return "asked"

    script = ["[ask_again()]", "Done."]
    outcome = Agent([ask_again], ScriptedBackend(script), context=context).run(
        "Go", session="s"
    )
    assert outcome.calls[0].status == "error"
    assert "is in use" in str(outcome.calls[0].value)


def test_a_session_that_another_process_holds_is_told(tmp_path: Path) -> None:
    """Only runs of this process are waited for; a held session is somebody's."""
    agent = Agent((), ScriptedBackend(["1"]), context=Context(home=tmp_path))
    with Sessions(tmp_path).create("s"), pytest.raises(SessionHeld):
        agent.run("a", session="s")


def test_run_inside_an_event_loop() -> None:
    """In a notebook, where a loop runs already, `run` works as it does elsewhere."""

    async def cell() -> str:
        return Agent(backend=ScriptedBackend(["Hello."])).run("Hi").text

    assert asyncio.run(cell()) == "Hello."


def test_for_inside_an_event_loop() -> None:
    """So does a stream that is read with `for`."""

    async def cell() -> list[type[Any]]:
        stream = Agent(backend=ScriptedBackend(["Hello."])).stream("Hi")
        return [type(event) for event in stream]

    kinds = asyncio.run(cell())
    assert (kinds[0], kinds[-1]) == (StepStarted, RunFinished)


def test_a_stream_has_its_outcome() -> None:
    """It is there when the last event was told."""
    stream = Agent(backend=ScriptedBackend(["Hello."])).stream("Hi")
    assert stream.outcome is None
    assert list(stream)
    assert isinstance(stream.outcome, Done)


@pytest.mark.parametrize("closing", ["async with", "aclose"])
def test_a_stream_that_is_left_is_cancelled(closing: str) -> None:
    """The backend's request ends with the block, and not at some later time."""
    ended: list[str] = []

    class Endless(ScriptedBackend):
        async def reply(self, request: Request) -> Reply:
            try:
                request.on_text("one ")
                await asyncio.get_running_loop().create_future()
            finally:
                ended.append("cancelled")
            raise AssertionError

    async def leave() -> None:
        stream = Agent(backend=Endless([])).stream("Hi")
        if closing == "aclose":
            assert isinstance(await anext(aiter(stream)), StepStarted)
            await asyncio.sleep(0)
            await stream.aclose()
        else:
            async with stream as events:
                async for event in events:
                    if not isinstance(event, StepStarted):
                        break
        assert ended == ["cancelled"]
        assert stream.outcome is None

    asyncio.run(leave())
