import asyncio
import threading
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

import pytest
from pydantic import BeforeValidator

from agentkit import ConfigError, Context, InputNeeded, ToolCall, Toolset, tool
from agentkit.agent.calls.approval import Approve
from agentkit.agent.calls.batch import CallBatch, unknown_tool
from agentkit.agent.calls.executor import Executor
from agentkit.errors import StoreError
from agentkit.outcomes import (
    Approval,
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallStarted,
    Event,
)

SENT: list[str] = []


@pytest.fixture(autouse=True)
def _nothing_sent() -> None:
    SENT.clear()


@tool(effect="read")
def look(at: int) -> int:
    """Look at it."""
    return at


@tool(effect="write")
def note(text: str) -> str:
    """Write it down."""
    SENT.append(text)
    return f"noted {text}"


@tool(effect="send")
def send(text: str) -> str:
    """Send it."""
    SENT.append(text)
    return f"sent {text}"


@tool(effect="read")
def fail(how: str) -> None:
    """Fail."""
    raise {"key": KeyError("x"), "silent": ValueError(), "store": StoreError("full")}[
        how
    ]


def _broken(value: Any) -> Any:
    raise LookupError("the address book is on fire")


def _ask(value: Any) -> Any:
    raise InputNeeded("who", f"Which {value}?", ("Ann A", "Ann B"))


@tool(effect="read")
def find(who: Annotated[str, BeforeValidator(_broken)]) -> None:
    """Find them."""


@tool(effect="send")
def invite(who: Annotated[str, BeforeValidator(_ask)]) -> None:
    """Invite them."""


@tool(effect="read")
def choose() -> None:
    """Let the user choose."""
    raise InputNeeded("colour", "Which colour?")


def _bad_preview(text: str) -> str:
    raise KeyError(text)


@tool(effect="send", preview=_bad_preview)
def post(text: str) -> None:
    """Post it."""
    SENT.append(text)


TOOLS = Toolset(look, note, send, fail, find, invite, choose, post)


def executor(
    approve: Approve | None = None, events: list[Event] | None = None
) -> Executor:
    emit = (events if events is not None else []).append
    return Executor(TOOLS, Context(), approve, emit)


def carry(one: Executor, *calls: ToolCall) -> CallBatch:
    return asyncio.run(one.carry_out(calls))


def settled(batch: CallBatch) -> list[tuple[str, Any]]:
    return [(result.status, result.value) for result in batch.results]


def test_a_cancelled_step_ends_behind_its_writes() -> None:
    """Beside a call that ends at once, one that changes something is waited for."""
    begun, go_on, written = threading.Event(), threading.Event(), list[str]()

    @tool(effect="read")
    async def idle() -> None:
        """Wait."""
        await asyncio.sleep(60)

    @tool(effect="write")
    def put() -> None:
        """Write it."""
        begun.set()
        go_on.wait()
        written.append("milk")

    async def cancelled() -> list[str]:
        one = Executor(Toolset(idle, put), Context(), None, lambda _: None)
        step = one.carry_out((ToolCall("idle"), ToolCall("put")))
        task = asyncio.ensure_future(step)
        await asyncio.to_thread(begun.wait)
        task.cancel()
        asyncio.get_running_loop().call_later(0.05, go_on.set)
        with pytest.raises(asyncio.CancelledError):
            await task
        return list(written)

    assert asyncio.run(cancelled()) == ["milk"]


@pytest.mark.parametrize(
    ("call", "message"),
    [
        pytest.param(
            ToolCall("lok", {"at": 1}),
            "lok: Unknown tool 'lok'. Did you mean 'look'?",
            id="unknown-tool",
        ),
        pytest.param(
            ToolCall("look", {"at": "x"}), "look: argument 'at' must be a", id="type"
        ),
        pytest.param(ToolCall("look"), "look: argument 'at' is required", id="missing"),
        pytest.param(
            ToolCall("look", {"at": 1, "on": 2}),
            "there is no argument 'on'",
            id="unknown",
        ),
        pytest.param(
            ToolCall("fail", {"how": "key"}), "fail failed: KeyError: 'x'", id="key"
        ),
        pytest.param(
            ToolCall("fail", {"how": "silent"}),
            "fail failed: ValueError",
            id="no-words",
        ),
        pytest.param(ToolCall("fail", {"how": "store"}), "fail failed: full", id="own"),
        pytest.param(
            ToolCall("find", {"who": "x"}),
            "find: LookupError: the address",
            id="validator",
        ),
        pytest.param(
            ToolCall("post", {"text": "x"}), "post: KeyError: 'x'", id="preview"
        ),
    ],
)
def test_what_goes_wrong_is_told_to_the_model(call: ToolCall, message: str) -> None:
    """Each fault becomes an error result that says what to change."""
    (result,) = carry(executor(lambda _: True), call).results
    assert (result.status, result.call) == ("error", call)
    assert message in result.value
    assert SENT == []


def test_a_long_failure_is_cut() -> None:
    """A tool's failure of 100 kB does not fill the model's context."""

    @tool
    def shout() -> None:
        """Fail loudly."""
        raise ValueError("very loud " * 10_000)

    one = Executor(Toolset(shout), Context(), None, lambda _: None)
    assert len(carry(one, ToolCall("shout")).results[0].value) < 350


def test_unknown_tool_without_tools() -> None:
    """An agent without tools says that there are none."""
    assert unknown_tool("x", ()) == "Unknown tool 'x'. There are no tools."
    assert unknown_tool("x", ("look", "send")).endswith("There are: look, send.")


def test_results_keep_the_order_of_the_calls() -> None:
    """Good and bad calls of one step are answered in the order asked."""
    calls = [ToolCall("look", {"at": 1}), ToolCall("nope"), ToolCall("look", {"at": 2})]
    assert [r.call for r in carry(executor(), *calls).results] == calls


@pytest.mark.parametrize("count", [2, 8, 16])
def test_sync_calls_of_one_step_run_together(count: int) -> None:
    """All calls of a step are under way at once: each waits for all others."""
    barrier = threading.Barrier(count)

    @tool(effect="read")
    def meet(seat: int) -> int:
        """Wait for everybody."""
        barrier.wait(60)
        return seat

    one = Executor(Toolset(meet), Context(), None, lambda _: None)
    calls = [ToolCall("meet", {"seat": seat}) for seat in range(count)]
    assert [r.value for r in carry(one, *calls).results] == list(range(count))


def test_sync_and_async_calls_run_together() -> None:
    """An async call and a sync call of one step wait for each other."""
    there, back = threading.Event(), asyncio.Event()

    @tool
    async def first() -> bool:
        """Wait for the other."""
        assert await asyncio.to_thread(there.wait, 60)
        back.set()
        return True

    @tool
    def second() -> bool:
        """Wake the other."""
        there.set()
        return True

    one = Executor(Toolset(first, second), Context(), None, lambda _: None)
    assert (
        settled(carry(one, ToolCall("first"), ToolCall("second")))
        == [("done", True)] * 2
    )


def test_one_failure_leaves_the_others_alone() -> None:
    """A failing call does not cancel those beside it."""
    batch = carry(
        executor(), ToolCall("fail", {"how": "key"}), ToolCall("note", {"text": "x"})
    )
    assert [r.status for r in batch.results] == ["error", "done"]


@pytest.mark.parametrize("name", ["note", "send"])
def test_the_same_effect_twice_in_a_step_is_done_once(name: str) -> None:
    """Identical effects are one effect, and both calls get its result."""
    calls = (ToolCall(name, {"text": "x"}), ToolCall(name, {"text": "x"}))
    batch = carry(executor(lambda _: True), *calls)
    assert [r.status for r in batch.results] == ["done", "done"]
    assert SENT == ["x"]


def test_the_same_effect_in_a_later_step_is_done_once() -> None:
    """An effect asked for again in a later step gives the first result."""
    one = executor(lambda _: True)
    first, second = (carry(one, ToolCall("send", {"text": "x"})) for _ in range(2))
    assert settled(first) == settled(second) == [("done", "sent x")]
    assert SENT == ["x"]


def test_a_failed_effect_may_be_tried_again() -> None:
    """Only what was done is not done again."""
    tries: list[int] = []

    @tool(effect="write")
    def flaky() -> str:
        """Work the second time."""
        tries.append(1)
        if len(tries) == 1:
            raise StoreError("busy")
        return "ok"

    one = Executor(Toolset(flaky), Context(), None, lambda _: None)
    found = [carry(one, ToolCall("flaky")).results[0].status for _ in range(3)]
    assert (found, len(tries)) == (["error", "done", "done"], 2)


def _always_yes(_: Approval) -> bool:
    return True


def _always_no(_: Approval) -> bool:
    return False


async def _yes(_: Approval) -> bool:
    await asyncio.sleep(0)
    return True


@pytest.mark.parametrize(
    ("approve", "sent"),
    [
        pytest.param(_always_yes, ["x"], id="yes"),
        pytest.param(_always_no, [], id="no"),
        pytest.param(_yes, ["x"], id="async-yes"),
    ],
)
def test_a_send_waits_for_a_yes(
    approve: Callable[[Approval], bool | Awaitable[bool]], sent: list[str]
) -> None:
    """A callback, sync or async, is asked before anything is sent."""
    batch = carry(executor(approve), ToolCall("send", {"text": "x"}))
    assert sent == SENT
    assert batch.results[0].status == ("done" if sent else "denied")


def test_writes_and_reads_are_not_asked_about() -> None:
    """Only `send` and `delete` are asked about."""

    def never(_: Approval) -> bool:
        raise AssertionError("asked")

    batch = carry(
        executor(never), ToolCall("note", {"text": "x"}), ToolCall("look", {"at": 1})
    )
    assert [r.status for r in batch.results] == ["done", "done"]


@pytest.mark.parametrize("answer", [None, "no", 0, 1])
def test_an_answer_that_is_no_bool_is_refused(answer: Any) -> None:
    """A callback that returns the text "no" does not approve by accident."""
    with pytest.raises(ConfigError, match="must return True or False"):
        carry(executor(lambda _: answer), ToolCall("send", {"text": "x"}))
    assert SENT == []


def test_who_said_no_is_not_asked_again() -> None:
    """The same literal call, once denied, is denied without asking."""
    asked: list[Approval] = []

    def no(approval: Approval) -> bool:
        asked.append(approval)
        return False

    one = executor(no)
    for _ in range(2):
        assert carry(one, ToolCall("send", {"text": "x"})).results[0].status == "denied"
    assert len(asked) == 1
    carry(one, ToolCall("send", {"text": "y"}))
    assert len(asked) == 2


def test_the_same_send_twice_in_a_step_is_asked_about_once() -> None:
    """One question for one literal call."""
    events: list[Event] = []
    calls = (ToolCall("send", {"text": "x"}), ToolCall("send", {"text": "x"}))
    carry(executor(lambda _: True, events), *calls)
    assert len([e for e in events if isinstance(e, ApprovalAsked)]) == 1


def test_nobody_to_ask() -> None:
    """Without a callback a send waits, and what needs no yes is done."""
    batch = carry(
        executor(), ToolCall("send", {"text": "x"}), ToolCall("note", {"text": "y"})
    )
    assert [a.call.name for a in batch.pending] == ["send"]
    assert settled(batch) == [("done", "noted y")]
    assert SENT == ["y"]


def test_an_invalid_send_is_not_asked_about() -> None:
    """Nobody is asked to approve what could not run."""
    batch = carry(executor(), ToolCall("send", {}))
    assert (batch.pending, batch.results[0].status) == ([], "error")


@pytest.mark.parametrize(
    ("call", "slot", "candidates"),
    [
        pytest.param(
            ToolCall("invite", {"who": "Ann"}),
            "who",
            ("Ann A", "Ann B"),
            id="slot-type",
        ),
        pytest.param(ToolCall("choose"), "colour", (), id="tool"),
    ],
)
def test_who_only_the_user_knows(
    call: ToolCall, slot: str, candidates: tuple[str, ...]
) -> None:
    """A question from a slot type or a tool comes out as a question."""
    batch = carry(executor(lambda _: True), call)
    assert batch.question
    assert (batch.question.tool, batch.question.slot) == (call.name, slot)
    assert batch.question.candidates == candidates
    assert batch.results[0].status == "skipped"


def test_the_first_question_is_asked() -> None:
    """With several questions in a step, the first is put to the user."""
    batch = carry(executor(), ToolCall("invite", {"who": "Ann"}), ToolCall("choose"))
    assert batch.question
    assert batch.question.slot == "who"


def test_events_of_a_send() -> None:
    """The outside hears: asked, answered, started, finished."""
    events: list[Event] = []
    carry(executor(lambda _: True, events), ToolCall("send", {"text": "x"}))
    assert [type(event) for event in events] == [
        ApprovalAsked,
        ApprovalGiven,
        CallStarted,
        CallFinished,
    ]
