"""The same intent is done once: across retry, resume, backends and processes."""

from __future__ import annotations

import asyncio
import stat
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context, NeedsApproval, NeedsInput, Policy, Toolset, tool
from agentkit.backends import ScriptedBackend
from agentkit.errors import RunBusy
from agentkit.outcomes import Approval, EffectsSettled
from agentkit.stores.journal import Journal
from tests.turned_clock import HOUR, TurnedClock

Make = Callable[..., Agent]
PUT = '[put(text="a")]'


def _yes(_: Approval) -> bool:
    return True


def cut_off(agent: Agent, world: Any) -> None:
    """Let a run end in the middle of its first effect, after it was done."""
    world.power = False
    with pytest.raises(KeyboardInterrupt):
        agent.run("go", run_id="r")
    world.power = True


def test_an_effect_is_written_before_and_after(make: Make, context: Context) -> None:
    """While it runs the intent is there; afterwards its result is."""
    seen: list[str] = []
    journal = Journal(context.home)

    @tool(effect="write")
    def spy() -> str:
        """Look into the journal."""
        [entry] = journal.entries()
        seen.append(f"{entry.state} {entry.result}")
        return "ok"

    agent = Agent(
        [spy], ScriptedBackend(["[spy()]", "done"]), context=context, journal=journal
    )
    outcome = agent.run("please spy")
    [entry] = journal.entries()
    assert seen == ["begun None"]
    assert (entry.state, entry.result, entry.intent.step) == ("done", "ok", 1)
    assert (entry.intent.run_id, entry.intent.request) == (outcome.run_id, "please spy")


def test_a_run_that_is_tried_again_repeats_nothing(make: Make, world: Any) -> None:
    """The same run id: what was done gives its earlier result."""
    first = make(PUT, "done").run("go", run_id="r")
    again = make(PUT, "done").run("go", run_id="r")
    assert world.lines == ["a"]
    assert first.calls == again.calls


def test_another_request_is_another_intent(make: Make, world: Any) -> None:
    """The same words on another day are done again."""
    for _ in range(2):
        make(PUT, "done").run("go")
    assert world.lines == ["a", "a"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param('[put(text="a", count=1)]', id="the-default-written-out"),
        pytest.param('[put(count=1, text="a")]', id="in-another-order"),
        pytest.param('[put(text="a", count="1")]', id="a-number-as-text"),
    ],
)
def test_another_spelling_is_the_same_intent(
    again: str, make: Make, world: Any
) -> None:
    """Another backend that goes on may write the call in its own way."""
    make(PUT, "done").run("go", run_id="r")
    make(again, "done").run("go", run_id="r")
    assert world.lines == ["a"]


def test_other_arguments_are_another_intent(make: Make, world: Any) -> None:
    """Only what is equal is done once."""
    make(PUT, '[put(text="b")]', "done").run("go", run_id="r")
    assert world.lines == ["a", "b"]


def test_what_was_done_is_not_asked_about_again(make: Make, world: Any) -> None:
    """An effect that an earlier try did needs no second approval."""
    ask = Policy(provenance=False, write="ask")
    make(PUT, "done", policy=ask, approve=_yes).run("go", run_id="r")
    outcome = make(PUT, "done", policy=ask).run("go", run_id="r")
    assert (outcome.text, world.lines) == ("done", ["a"])


def test_a_paused_run_that_is_resumed_twice_acts_once(make: Make, world: Any) -> None:
    """A resumed run keeps its id; the second answer finds it done."""
    ask = Policy(provenance=False, write="ask")
    paused = make(PUT, policy=ask).run("go")
    assert isinstance(paused, NeedsApproval)
    ends = [make("done", policy=ask).resume(paused, approve=True) for _ in range(2)]
    assert world.lines == ["a"]
    assert {end.run_id for end in ends} == {paused.run_id}


def test_what_was_cut_off_and_done_is_not_repeated(make: Make, world: Any) -> None:
    """The tool's settle finds it; its result is the earlier one."""
    cut_off(make(PUT, "done"), world)
    outcome = make(PUT, "done").run("go", run_id="r")
    assert (outcome.text, world.lines) == ("done", ["a"])
    assert outcome.calls[0].value == "a"


def test_what_was_cut_off_before_it_was_done_is_done(make: Make, world: Any) -> None:
    """The tool's settle does not find it, so it is carried out."""
    cut_off(make(PUT, "done"), world)
    world.lines.clear()
    world.ids.clear()
    make(PUT, "done").run("go", run_id="r")
    assert world.lines == ["a"]


def test_an_unknown_fate_is_asked_about(make: Make, world: Any) -> None:
    """A tool that cannot look is never run blindly: the user says whether it was."""
    cut_off(make('[shout(text="a")]', "done"), world)
    outcome = make('[shout(text="a")]', "done").run("go", run_id="r")
    assert isinstance(outcome, NeedsInput)
    assert outcome.question.candidates == ("yes", "no")
    assert "not known whether it was done" in outcome.text
    assert world.lines == ["a"]


def test_a_fate_is_looked_up_by_the_clock_of_then(make: Make, context: Context) -> None:
    """ "Tomorrow" in an argument is the day that it was when the effect began."""
    clocks: list[datetime] = []

    def found(text: str, context: Context) -> str:
        clocks.append(context.now)
        return text

    @tool(effect="send", settle=found)
    def call(text: str, context: Context) -> str:
        """Call."""
        raise KeyboardInterrupt

    for days in (0, 3):
        later = replace(context, now=context.now + timedelta(days=days))
        agent = Agent(
            [call], ScriptedBackend(['[call(text="a")]', "done"]),
            approve=lambda _: True, context=later, policy=Policy(provenance=False),
        )  # fmt: skip
        with suppress(KeyboardInterrupt):
            agent.run("go", run_id="r")
    assert clocks == [context.now]


def test_a_settle_that_fails_is_an_unknown_fate(make: Make, context: Context) -> None:
    """An exception in settle means that nobody can tell, and why is kept."""

    def broken(text: str) -> str:
        raise OSError("the store is away")

    @tool(effect="send", settle=broken)
    def call(text: str) -> str:
        """Call."""
        raise KeyboardInterrupt

    def agent() -> Agent:
        return Agent(
            [call], ScriptedBackend(['[call(text="a")]', "done"]),
            approve=lambda _: True, context=context, policy=Policy(provenance=False),
        )  # fmt: skip

    with pytest.raises(KeyboardInterrupt):
        agent().run("go", run_id="r")
    outcome = agent().run("go", run_id="r")
    assert isinstance(outcome, NeedsInput)
    assert "the store is away" in outcome.text


def test_interrupted_effects_are_found_at_the_next_start(
    make: Make, world: Any
) -> None:
    """Another run's start settles what it can, and tells of it."""
    cut_off(make(PUT, "done"), world)
    cut_off(make('[shout(text="b")]', "done"), world)
    events = [e for e in make("hello").stream("hi") if isinstance(e, EffectsSettled)]
    [event] = events
    assert [entry.intent.tool for entry in event.done] == ["put"]
    assert [entry.intent.tool for entry in event.unknown] == ["shout"]


def test_a_failed_effect_may_be_tried_again(make: Make, context: Context) -> None:
    """What a tool says it did not do is no effect yet."""
    tries: list[int] = []

    @tool(effect="write")
    def flaky() -> str:
        """Work the second time."""
        tries.append(1)
        if len(tries) == 1:
            raise OSError("busy")
        return "ok"

    script = ["[flaky()]", "[flaky()]", "done"]
    options: dict[str, Any] = {
        "context": context,
        "policy": Policy(provenance=False),
    }
    agent = Agent([flaky], ScriptedBackend(script), **options)
    outcome = agent.run("go")
    assert [call.status for call in outcome.calls] == ["error", "done"]
    [entry] = Journal(context.home).entries()
    assert entry.state == "done"


def test_two_at_once_one_goes_on_the_other_is_told(
    make: Make, context: Context
) -> None:
    """Who carries a run out is named to whoever tries the same."""
    inside, go_on = threading.Event(), threading.Event()

    @tool(effect="write")
    def wait() -> str:
        """Wait."""
        inside.set()
        go_on.wait(60)
        return "ok"

    def agent() -> Agent:
        script = ScriptedBackend(["[wait()]", "done"])
        return Agent([wait], script, context=context)

    ends: list[str] = []
    first = threading.Thread(
        target=lambda: ends.append(agent().run("go", run_id="r").text)
    )
    first.start()
    assert inside.wait(60)
    with pytest.raises(RunBusy, match=r"the run r is being carried out by process \d+"):
        agent().run("go", run_id="r")
    go_on.set()
    first.join()
    assert ends == ["done"]


@pytest.mark.parametrize(
    ("options", "is_there"),
    [
        pytest.param({}, True, id="home-of-the-context"),
        pytest.param({"journal": True}, True, id="asked-for"),
        pytest.param({"journal": False}, False, id="not-wanted"),
    ],
)
def test_where_the_journal_is(
    options: dict[str, Any], is_there: bool, make: Make, context: Context
) -> None:
    """It lies in the home that the application names, unless it says otherwise."""
    make(PUT, "done", **options).run("go")
    assert (context.home / "journal.db").exists() is is_there


def test_reads_make_no_home(make: Make, context: Context) -> None:
    """Nothing is made on the disk before the first effect."""
    make("[look()]", "done").run("go")
    assert not context.home.exists()


def test_without_a_context_nothing_is_put_on_the_disk(
    world: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An application that names no home gets a journal in memory, and its undo."""
    monkeypatch.setenv("HOME", str(tmp_path))
    script = ScriptedBackend([PUT, "done"])
    agent = Agent(world.tools(), script, policy=Policy(provenance=False))
    agent.run("go")
    assert list(tmp_path.iterdir()) == []
    assert [one.text for one in agent.undo()] == ["Removed a."]


def test_only_the_owner_may_read_it(make: Make, context: Context) -> None:
    """The journal holds what the user did: mode 0600, its side files too."""
    agent = make(PUT, "done")
    agent.run("go")
    files = list(context.home.glob("journal.db*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o600}


def test_no_lock_is_left_behind(make: Make, context: Context) -> None:
    """A run that ended leaves no file of its lock."""
    make(PUT, "done").run("go")
    assert list((context.home / ".runs").iterdir()) == []


def test_an_effect_that_cannot_be_journaled_does_not_run(
    world: Any, context: Context
) -> None:
    """First the intent, then the effect: without the one not the other."""
    context.home.parent.mkdir(exist_ok=True)
    context.home.write_text("a file where the home should be")
    agent = Agent(
        world.tools(), ScriptedBackend([PUT, "done"]),
        context=context, policy=Policy(provenance=False),
    )  # fmt: skip
    with pytest.raises(Exception, match="cannot be"):
        agent.run("go")
    assert world.lines == []


def test_text_that_is_no_unicode_is_kept(make: Make, world: Any) -> None:
    """Half a surrogate pair in a request or argument stops nothing."""
    agent = make('[put(text="a\\ud800b")]', "done")
    agent.run("go \ud800")
    assert agent.journal is not None
    [entry] = agent.journal.entries()
    assert entry.state == "done"


def test_equal_calls_of_two_tools_are_two(context: Context) -> None:
    """The tool is part of the intent."""
    done: list[str] = []

    @tool(effect="write")
    def one() -> None:
        """Do one."""
        done.append("one")

    @tool(effect="write")
    def two() -> None:
        """Do two."""
        done.append("two")

    script = ScriptedBackend(["[one(), two()]", "done"])
    Agent(Toolset(one, two), script, context=context).run("go", run_id="r")
    assert sorted(done) == ["one", "two"]


@pytest.mark.parametrize(
    "again",
    [
        pytest.param(PUT, id="the-same-words"),
        pytest.param('[put(text="a", count=1)]', id="other-words"),
    ],
)
def test_the_next_backend_repeats_nothing(
    again: str, world: Any, context: Context
) -> None:
    """A backend that fails after an effect leaves the rest to another one."""
    ladder = [
        ScriptedBackend([PUT], name="small"),
        ScriptedBackend([again, "done"], name="large"),
    ]
    policy = Policy(provenance=False)
    agent = Agent(world.tools(), ladder, context=context, policy=policy)
    assert (agent.run("go").text, world.lines) == ("done", ["a"])


def test_what_ran_out_of_time_stays_open(context: Context) -> None:
    """A thread that is not waited for may still act: the effect is not written off."""
    ready, clock = threading.Event(), TurnedClock()

    @tool(effect="write", timeout=HOUR)
    def slow() -> str:
        """Take its time."""
        clock.turn()
        ready.wait(600)
        return "ok"

    agent = Agent(
        [slow], ScriptedBackend(["[slow()]", "[slow()]", "done"]), context=context
    )
    outcome = clock.run(agent.arun("go"))
    ready.set()
    [entry] = Journal(context.home).entries()
    assert [call.status for call in outcome.calls] == ["error", "error"]
    assert entry.state == "begun"


SHOUT = '[shout(text="a")]'


@pytest.mark.parametrize(
    ("request_", "script", "lines"),
    [
        pytest.param(
            "Shout twice", ['[shout(text="a"), shout(text="a")]'], 2, id="step"
        ),
        pytest.param("Shout two words", [SHOUT, SHOUT], 1, id="no-plural-of-it"),
        pytest.param("Put two reminders", [SHOUT, SHOUT], 2, id="two-steps"),
        pytest.param(
            "Shout twice", [SHOUT, f"[{SHOUT[1:-1]}, {SHOUT[1:-1]}]"], 2, id="more"
        ),
        pytest.param("Shout", [SHOUT, SHOUT], 1, id="once"),
    ],
)
def test_the_same_is_done_as_often_as_the_user_says(
    request_: str, script: list[str], lines: int, make: Make, world: Any
) -> None:
    """Equal effects are as many intents as the user asks for, and no more."""
    if request_ == "Shout two words":
        script = [call.replace('"a"', '"two words"') for call in script]
    for _ in range(2):  # the run is tried again
        assert make(*script, "done").run(request_, run_id="r").text == "done"
    assert len(world.lines) == lines


def test_each_of_two_equal_sends_is_asked_about(make: Make, world: Any) -> None:
    """One yes is not two; what is answered later is done as often as it was asked."""
    asked: list[Approval] = []

    def once(approval: Approval) -> bool:
        asked.append(approval)
        return len(asked) < 2

    ask = Policy(provenance=False, write="ask")
    calls = '[shout(text="a"), shout(text="a")]'
    make(calls, "done", policy=ask, approve=once).run("Shout twice")
    assert (len(asked), world.lines) == (2, ["a"])
    paused = make(calls, policy=ask).run("Shout twice")
    assert isinstance(paused, NeedsApproval)
    make("done", policy=ask).resume(paused, approve=True)
    assert world.lines == ["a", "a", "a"]


@pytest.mark.parametrize(
    ("answer", "lines", "state"),
    [
        pytest.param("Yes.", ["a"], "done", id="it-was-done"),
        pytest.param("no", ["a", "a"], "done", id="it-was-not"),
        pytest.param("Who knows?", ["a"], "begun", id="no-answer"),
    ],
)
@pytest.mark.parametrize("session", [None, "s"])
def test_the_users_answer_settles_it(
    answer: str,
    lines: list[str],
    state: str,
    session: str | None,
    make: Make,
    world: Any,
    context: Context,
) -> None:
    """A yes or no goes on with the run that asked: done once, neither lost nor repeated."""
    cut_off(make(SHOUT, "done", session=session), world)
    asked = make(SHOUT, session=session).run("go", run_id="r")
    assert isinstance(asked, NeedsInput)
    said: Any = {} if session else {"conversation": asked.conversation}
    script = ("ok",) if state == "begun" else (SHOUT, "ok")
    outcome = make(*script, session=session).run(answer, **said)
    assert (outcome.text, world.lines) == ("ok", lines)
    [entry] = Journal(context.home).entries()
    assert entry.state == state


def test_a_cancelled_run_knows_what_its_tool_did(context: Context) -> None:
    """The thread is waited for, so that what it did is written, and nobody is asked."""
    inside, go_on = threading.Event(), threading.Event()

    @tool(effect="write")
    def slow() -> str:
        """Take its time."""
        inside.set()
        go_on.wait(60)
        return "ok"

    agent = Agent([slow], ScriptedBackend(["[slow()]", "done"]), context=context)

    async def cancel() -> None:
        task = asyncio.create_task(agent.arun("go"))
        await asyncio.to_thread(inside.wait, 60)
        task.cancel()
        go_on.set()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    [entry] = Journal(context.home).entries()
    assert (entry.state, entry.result) == ("done", "ok")
