"""An agent with a session: it goes on where it was, and waits over a restart."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from agentkit import (
    Agent,
    ConfigError,
    Context,
    Done,
    InputNeeded,
    NeedsApproval,
    NeedsInput,
    ToolCall,
    ToolError,
    tool,
)
from agentkit.agent import EventStream
from agentkit.backends import ScriptedBackend
from agentkit.messages import assistant, user
from agentkit.outcomes import Approval
from agentkit.stores.sessions import SessionHeld, Sessions

SENT: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_sent() -> None:
    SENT.clear()


@tool(effect="send")
def send(text: str) -> str:
    """Send it."""
    SENT.append(text)
    return f"sent {text}"


@tool(effect="read")
def look() -> str:
    """Look."""
    return "a bird"


@tool(effect="read")
def ask() -> None:
    """Ask."""
    raise InputNeeded("colour", "Which colour?", ("red", "blue"))


def agent(home: Path, *script: Any, **options: Any) -> Agent:
    given: dict[str, Any] = {"session": "trip", "context": Context(home=home)}
    return Agent([send, look, ask], ScriptedBackend(script), **given | options)


def texts(home: Path) -> list[str]:
    return [m.text for m in Sessions(home).transcript("trip").conversation]


def test_a_conversation_goes_on(tmp_path: Path) -> None:
    """A run sees what was said in the run before, in another agent."""
    agent(tmp_path, "Hi.").run("My name is Ada")
    outcome = agent(tmp_path, "Ada.").run("What is my name?")
    assert [m.text for m in outcome.conversation] == [
        *("My name is Ada", "Hi.", "What is my name?", "Ada.")
    ]
    assert texts(tmp_path) == [m.text for m in outcome.conversation]


def test_what_is_kept_is_what_was(tmp_path: Path) -> None:
    """Calls, results and labels are kept as they are in the outcome."""
    outcome = agent(tmp_path, "[look()]", "A bird.").run("Look")
    assert Sessions(tmp_path).transcript("trip").conversation == outcome.conversation


def test_approval_waits_over_a_restart(tmp_path: Path) -> None:
    """A run that waits is gone on with by an agent that knows only the session."""
    paused = agent(tmp_path, '[send(text="hi")]').run("Send hi")
    assert isinstance(paused, NeedsApproval)
    outcome = agent(tmp_path, "Sent it.").resume(approve=True)
    assert isinstance(outcome, Done)
    assert SENT == ["hi"]
    assert outcome.run_id == paused.run_id
    assert outcome.steps == 2
    assert Sessions(tmp_path).find("trip").state == "done"


def test_what_waits_is_shown_as_it_was(tmp_path: Path) -> None:
    """The approval that is kept is the one that was asked: preview, traces, quotes."""
    paused = agent(tmp_path, '[send(text="hi")]').run("Send hi")
    asked: list[Approval] = []
    with Sessions(tmp_path).open("trip") as session:
        assert session.waiting == paused

        def no(approval: Approval) -> bool:
            asked.append(approval)
            return False

        agent(tmp_path, "No then.", session=session).resume(approve=no)
    assert isinstance(paused, NeedsApproval)
    assert tuple(asked) == paused.pending
    assert SENT == []


def test_a_yes_is_used_once(tmp_path: Path) -> None:
    """What was approved does not wait any more."""
    agent(tmp_path, '[send(text="hi")]').run("Send hi")
    agent(tmp_path, "Sent it.").resume(approve=True)
    with pytest.raises(ConfigError, match="session trip has no run that waits"):
        agent(tmp_path, "Again.").resume(approve=True)
    assert SENT == ["hi"]


def test_a_question_is_kept(tmp_path: Path) -> None:
    """The answer to a question comes in the next run, after the question."""
    outcome = agent(tmp_path, "[ask()]").run("Paint it")
    assert isinstance(outcome, NeedsInput)
    assert Sessions(tmp_path).find("trip").state == "needs_input"
    after = agent(tmp_path, "Blue.").run("blue")
    assert [m.text for m in after.conversation][-3:] == [
        *("Which colour?", "blue", "Blue.")
    ]


def test_going_on_to_something_else(tmp_path: Path) -> None:
    """Calls that wait are closed when the user says something else."""
    agent(tmp_path, '[send(text="hi")]').run("Send hi")
    agent(tmp_path, "Fine.").run("Leave it")
    found = Sessions(tmp_path).transcript("trip").conversation
    assert [m.result.status for m in found if m.result] == ["skipped"]


def test_a_run_that_was_cut_off(tmp_path: Path) -> None:
    """A run whose process ended is gone on with: an effect done is not done again."""

    class Cut(Exception):
        """The process ends here."""

    def cut(approval: Approval) -> bool:
        return True

    def break_off(_: object) -> str:
        raise Cut

    first = agent(tmp_path, '[send(text="hi"), look()]', break_off, approve=cut)
    with pytest.raises(Cut):
        first.run("Send hi")
    assert SENT == ["hi"]
    outcome = agent(tmp_path, "Sent it.").resume(approve=cut)
    assert isinstance(outcome, Done)
    assert SENT == ["hi"]
    assert [r.status for r in outcome.calls] == ["done", "done"]


def test_a_plain_yes_is_none_for_what_was_not_shown(tmp_path: Path) -> None:
    """Of a run that was cut off before it asked, `approve=True` approves nothing."""
    with Sessions(tmp_path).create("trip") as session:
        session.begin((user("Send hi"),))
        session.say(assistant(calls=(ToolCall("send", {"text": "hi"}),)))
    outcome = agent(tmp_path).resume(approve=True)
    assert isinstance(outcome, NeedsApproval)
    assert SENT == []


def test_the_second_process_is_told(tmp_path: Path) -> None:
    """A session that is held refuses another run, and loses nothing."""
    with Sessions(tmp_path).create("trip"), pytest.raises(SessionHeld, match="process"):
        agent(tmp_path, "Hi.").run("Hello")
    assert texts(tmp_path) == []


def test_a_session_or_a_conversation(tmp_path: Path) -> None:
    """A conversation beside a session is refused: nobody could say which holds."""
    one = agent(tmp_path, "Hi.", "Ho.")
    outcome = one.run("Hello")
    with pytest.raises(ConfigError, match="holds its conversation"):
        one.run("Hello", conversation=outcome.conversation)


def test_an_id_needs_a_home() -> None:
    """A session by its id is in the home that the application names, or nowhere."""
    with pytest.raises(ConfigError, match="give context="):
        Agent(backend=ScriptedBackend(["Hi."]), session="trip").run("Hello")


def test_a_stream_is_kept(tmp_path: Path) -> None:
    """What is streamed is kept before it is told."""
    seen: list[int] = []
    for _ in agent(tmp_path, "[look()]", "A bird.").stream("Look"):
        seen.append(len(texts(tmp_path)))
    assert seen[-1] == 4
    assert seen == sorted(seen)


def test_resuming_can_be_watched(tmp_path: Path) -> None:
    """The events of a resumed run are told."""
    agent(tmp_path, '[send(text="hi")]').run("Send hi")
    one = agent(tmp_path, "Sent it.")
    names = [
        type(event).__name__
        for event in EventStream(lambda emit, _: one.aresume(approve=True, emit=emit))
    ]
    assert names[0] == "ApprovalAsked"
    assert names[-1] == "RunFinished"


def test_plan_keeps_nothing(tmp_path: Path) -> None:
    """A plan sees the conversation and leaves it as it is."""
    agent(tmp_path, "Hi.").run("Hello")
    plan = agent(tmp_path, "[look()]").plan("Look")
    assert plan.calls == (ToolCall("look"),)
    assert len(texts(tmp_path)) == 2


def test_in_an_event_loop(tmp_path: Path) -> None:
    """The async verbs keep the session too."""

    async def both() -> None:
        await agent(tmp_path, '[send(text="hi")]').arun("Send hi")
        await agent(tmp_path, "Sent it.").aresume(approve=True)

    asyncio.run(both())
    assert SENT == ["hi"]


def test_a_cancelled_run_can_be_gone_on_with(tmp_path: Path) -> None:
    """A run that raised is not lost: the request is there, the run interrupted."""

    def out(_: object) -> str:
        raise ToolError("power cut")

    with pytest.raises(ToolError):
        agent(tmp_path, out).run("Hello")
    assert texts(tmp_path) == ["Hello"]
    assert agent(tmp_path, "Hi.").resume(approve=False).text == "Hi."
