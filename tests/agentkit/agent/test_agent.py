import asyncio
from typing import Any, cast

import pytest

from agentkit import (
    Agent,
    ConfigError,
    Context,
    Done,
    InputNeeded,
    NeedsApproval,
    Stopped,
    ToolCall,
    Toolset,
    ToolsetError,
    tool,
)
from agentkit.backends import Reply, ScriptedBackend
from agentkit.outcomes import Approval

SENT: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_sent() -> None:
    SENT.clear()


@tool(effect="send")
def send(text: str) -> str:
    """Send it."""
    SENT.append(text)
    return f"sent {text}"


@tool(effect="write")
def note(text: str) -> str:
    """Write it down."""
    SENT.append(f"note {text}")
    return "noted"


@tool(effect="read")
def ask() -> None:
    """Ask."""
    raise InputNeeded("colour", "Which colour?")


@tool(effect="read")
def home(context: Context) -> str:
    """Tell the home."""
    return str(context.home)


def agent(*script: Any, **options: Any) -> Agent:
    return Agent([send, note, ask, home], ScriptedBackend(script), **options)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        pytest.param({"max_steps": 0}, "at least 1", id="no-steps"),
        pytest.param({"max_repeats": 0}, "at least 1", id="no-repeats"),
        pytest.param({"backend": []}, "empty list", id="no-backend"),
        pytest.param(
            {"backend": [ScriptedBackend([]), ScriptedBackend([])]},
            "two backends are named 'scripted'",
            id="one-name-twice",
        ),
        pytest.param({"backend": "gpt-17"}, "gpt-17", id="unknown-backend"),
    ],
)
def test_what_cannot_be_set_up(options: dict[str, Any], message: str) -> None:
    """A setting that cannot work is refused when the agent is made."""
    with pytest.raises(ConfigError, match=message):
        Agent(**options)


def test_tools_are_a_toolset() -> None:
    """Tools come as a list or a toolset; two of one name are refused."""
    assert Agent(Toolset(note), ScriptedBackend([])).toolset.names == ("note",)
    with pytest.raises(ToolsetError, match="two tools"):
        Agent([note, note], ScriptedBackend([]))


@pytest.mark.parametrize("text", ["", "  ", "\n\t"])
@pytest.mark.parametrize("verb", ["run", "plan", "stream"])
def test_empty_text(text: str, verb: str) -> None:
    """An empty request is refused in words, however it is made."""
    with pytest.raises(ConfigError, match="empty"):
        getattr(agent("hi"), verb)(text)


def test_an_agent_can_be_used_again() -> None:
    """Two runs of one agent know nothing of each other."""
    helper = agent("one", "two")
    assert [helper.run(t).text for t in ("a", "b")] == ["one", "two"]


def test_arun() -> None:
    """`arun` is awaited where a loop is running."""
    assert asyncio.run(agent("hi").arun("go")).text == "hi"


def test_many_runs_at_once() -> None:
    """Runs of one agent in one loop keep apart."""

    async def all_of_them() -> list[str]:
        async def one(number: int) -> str:
            script = [f'[note(text="{number}")]', f"done {number}"]
            return (await agent(*script).arun(str(number))).text

        return await asyncio.gather(*(one(number) for number in range(20)))

    assert asyncio.run(all_of_them()) == [f"done {number}" for number in range(20)]
    assert len(SENT) == 20


def test_tools_get_the_context(tmp_path: Any) -> None:
    """The context given to the agent is the one that tools see."""
    helper = agent("[home()]", "ok", context=Context(home=tmp_path))
    assert helper.run("go").calls[0].value == str(tmp_path)


def test_plan_carries_nothing_out() -> None:
    """A plan tells the calls and does none of them."""
    plan = agent('[send(text="x"), note(text="y")]').plan("go")
    assert [(c.name, dict(c.arguments)) for c in plan.calls] == [
        ("send", {"text": "x"}),
        ("note", {"text": "y"}),
    ]
    assert (plan.route.backend, plan.needs_input, plan.faults) == ("scripted", None, ())
    assert SENT == []


def test_plan_tells_faults() -> None:
    """What could not be called is told, not raised."""
    plan = agent(Reply(calls=(ToolCall("sned"), ToolCall("note", {"text": 1})))).plan(
        "go"
    )
    assert len(plan.faults) == 2
    assert "Did you mean 'send'?" in plan.faults[0]


def test_plan_of_an_answer() -> None:
    """A plan may be an answer without calls."""
    plan = agent("Hello.").plan("hi")
    assert (plan.text, plan.calls) == ("Hello.", ())


def test_plan_that_nobody_can_make() -> None:
    """Where every backend abstains, the plan's route says so."""
    plan = agent(Reply(abstained=True, reason="no rule")).plan("hi")
    assert (plan.calls, "no rule" in plan.route.reason) == ((), True)
    assert plan.stopped == "abstained"


def test_approval_is_asked_for_and_given() -> None:
    """Without a callback the run pauses; a yes sends, and the run goes on."""
    helper = agent('[send(text="x"), note(text="y")]', "All done.")
    paused = helper.run("go")
    assert isinstance(paused, NeedsApproval)
    assert SENT == ["note y"]
    (waiting,) = paused.pending
    assert (waiting.call.name, waiting.effect, waiting.preview) == (
        "send",
        "send",
        "text: x",
    )
    done = helper.resume(paused, approve=True)
    assert (type(done), done.text, done.steps) == (Done, "All done.", 2)
    assert SENT == ["note y", "x"]
    assert [(r.name, r.status) for r in done.calls] == [
        ("note", "done"),
        ("send", "done"),
    ]


ANSWERED = Agent([], ScriptedBackend(["Hello."])).run("Hello")


@pytest.mark.parametrize(
    ("given", "told"),
    [
        pytest.param({"text": ANSWERED}, "The request is Done: give it", id="request"),
        pytest.param(
            {"conversation": ANSWERED}, r"Done is no list .*\.conversation", id="said"
        ),
        pytest.param({"conversation": "Hello"}, "str is no list", id="text said"),
        pytest.param({"context": "/home"}, r"give Context\(home", id="context"),
    ],
)
def test_what_a_run_is_wrongly_given_is_told(given: dict[str, Any], told: str) -> None:
    """A mistake of the program is told in words, not by where it broke something."""
    run: Any = Agent([], ScriptedBackend(["Hello."])).run
    with pytest.raises(ConfigError, match=told):
        run(**{"text": "Hello", **given})


@pytest.mark.parametrize(
    ("turn", "told"),
    [
        pytest.param(
            "All done.", "Done cannot be resumed: its run has ended", id="done"
        ),
        pytest.param(
            '[ask(question="Who?")]', r"NeedsInput .*run\(text, conversation", id="asks"
        ),
    ],
)
def test_only_what_waits_for_approval_is_resumed(turn: str, told: str) -> None:
    """Resuming another outcome is a mistake of the program: what to do is told."""

    @tool(effect="read")
    def ask(question: str) -> str:
        """Ask.

        Args:
            question: what.
        """
        raise InputNeeded("question", question)

    helper = Agent([ask], ScriptedBackend([turn]))
    with pytest.raises(ConfigError, match=told):
        helper.resume(cast(NeedsApproval, helper.run("go")))


def test_approval_refused() -> None:
    """A no is told to the model, and nothing is sent."""
    backend = ScriptedBackend(['[send(text="x")]', "I did not send it."])
    helper = Agent([send], backend)
    paused = helper.run("go")
    assert isinstance(paused, NeedsApproval)
    outcome = helper.resume(paused, approve=False)
    assert (type(outcome), SENT) == (Done, [])
    result = backend.requests[1].conversation[-1].result
    assert result
    assert (result.status, "said no" in result.value) == ("denied", True)


def test_approval_of_each() -> None:
    """A callback may say yes to one and no to another."""
    helper = agent('[send(text="x"), send(text="y")]', "ok")
    paused = helper.run("go")
    assert isinstance(paused, NeedsApproval)
    helper.resume(paused, approve=lambda a: a.call.arguments["text"] == "y")
    assert SENT == ["y"]


def test_the_same_send_after_a_no_is_not_asked_about_again() -> None:
    """After a no, the model's second try is denied without asking."""
    helper = agent('[send(text="x")]', '[send(text="x")]', "Fine.")
    paused = helper.run("go")
    assert isinstance(paused, NeedsApproval)
    outcome = helper.resume(paused, approve=False)
    assert (type(outcome), SENT) == (Done, [])


def test_another_send_after_a_yes_is_asked_about() -> None:
    """A yes is for the literal call: another one waits again."""
    helper = agent('[send(text="x")]', '[send(text="z")]', "ok")
    first = helper.run("go")
    assert isinstance(first, NeedsApproval)
    second = helper.resume(first, approve=True)
    assert isinstance(second, NeedsApproval)
    assert (SENT, second.steps) == (["x"], 2)


def test_effects_before_a_pause_are_not_done_again() -> None:
    """What was written before the pause is not written again after it."""
    script = ['[note(text="y"), send(text="x")]', '[note(text="y")]', "ok"]
    helper = agent(*script)
    paused = helper.run("go")
    assert isinstance(paused, NeedsApproval)
    helper.resume(paused, approve=True)
    assert SENT == ["note y", "x"]


def test_an_approval_can_be_overtaken() -> None:
    """A user who says something else instead leaves no call open."""
    backend = ScriptedBackend(['[send(text="x")]', "As you like."])
    helper = Agent([send], backend)
    paused = helper.run("go")
    outcome = helper.run("never mind", conversation=paused.conversation)
    turns = backend.requests[1].conversation
    assert [message.role for message in turns] == ["user", "assistant", "tool", "user"]
    assert (outcome.text, SENT) == ("As you like.", [])


def test_resume_keeps_the_limits() -> None:
    """Steps before the pause count towards the limit."""
    script = ['[send(text="x")]', *[f'[note(text="{n}")]' for n in range(9)]]
    helper = agent(*script, max_steps=3)
    paused = helper.run("go")
    assert isinstance(paused, NeedsApproval)
    outcome = helper.resume(paused, approve=True)
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, outcome.steps) == ("step_limit", 3)


def test_approve_callback_sees_the_call() -> None:
    """The agent's own callback is asked with the literal call."""
    asked: list[Approval] = []

    def approve(approval: Approval) -> bool:
        asked.append(approval)
        return True

    outcome = agent('[send(text="x")]', "ok", approve=approve).run("go")
    assert (type(outcome), SENT) == (Done, ["x"])
    assert [a.call.arguments for a in asked] == [{"text": "x"}]


def test_an_effect_is_done_once() -> None:
    """A model that repeats its send gets the first result again."""

    def approve(_: Approval) -> bool:
        return True

    script = ['[send(text="x")]', '[send(text="x")]', "ok"]
    outcome = agent(*script, approve=approve).run("go")
    assert SENT == ["x"]
    assert [r.value for r in outcome.calls] == ["sent x", "sent x"]


def test_cancelling_an_async_tool() -> None:
    """A cancelled run cancels its async tool, which can tidy up."""
    heard: list[str] = []

    async def cancel() -> None:
        started = asyncio.Event()

        @tool
        async def wait() -> None:
            """Wait for ever."""
            started.set()
            try:
                await asyncio.Event().wait()
            finally:
                heard.append("tidied up")

        helper = Agent([wait], ScriptedBackend(["[wait()]", "never"]))
        task = asyncio.ensure_future(helper.arun("go"))
        await started.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(cancel())
    assert heard == ["tidied up"]
