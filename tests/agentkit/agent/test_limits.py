"""Limits: a tool that hangs, sizes, numbers of calls and of sends, what errors say."""

import asyncio
import threading
from dataclasses import fields
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context, Limits, Policy, Stopped, tool
from agentkit.backends import Reply, Request, ScriptedBackend
from agentkit.errors import ConfigError, ToolError
from agentkit.messages import ToolCall
from agentkit.outcomes import Outcome
from tests.turned_clock import HOUR, TurnedClock

FREE = Policy(send="run", delete="run", provenance=False)


def agent(
    function: Any, *script: str, limits: Limits, home: Path | None = None
) -> Agent:
    """Make an agent of a script and one tool."""
    context = Context(home=home) if home else None
    backend = ScriptedBackend([*script, "Done."])
    return Agent([function], backend, limits=limits, policy=FREE, context=context)


def run(
    function: Any, *script: str, limits: Limits, home: Path | None = None
) -> Outcome:
    """Run a script over one tool."""
    return agent(function, *script, limits=limits, home=home).run("go")


def test_a_hanging_coroutine_is_cancelled() -> None:
    """It is told, and what it held is let go."""
    ended: list[str] = []
    clock = TurnedClock()

    @tool(effect="read")
    async def hang() -> str:
        """Hang."""
        clock.turn()
        try:
            await asyncio.Event().wait()
        finally:
            ended.append("let go")
        return ""

    limits = Limits(tool_seconds=HOUR)
    outcome = clock.run(agent(hang, "[hang()]", limits=limits).arun("go"))
    assert (ended, outcome.calls[0].status) == (["let go"], "error")
    assert "longer than 3600 s and was cancelled" in outcome.calls[0].value


def test_a_hanging_thread_is_left_and_not_begun_again() -> None:
    """The run goes on; the same write is not tried a second time."""
    begun: list[int] = []
    release, clock = threading.Event(), TurnedClock()

    @tool(effect="write", timeout=HOUR)
    def hang() -> str:
        """Hang."""
        begun.append(1)
        clock.turn()
        release.wait(600)
        return ""

    one = agent(hang, "[hang()]", "[hang()]", limits=Limits())
    outcome = clock.run(one.arun("go"))
    release.set()
    assert [c.status for c in outcome.calls] == ["error", "error"]
    assert len(begun) == 1
    assert "it may still finish" in outcome.calls[0].value


def test_a_tools_own_timeout_error_is_its_own() -> None:
    """A TimeoutError that a tool raises is told as any error."""

    @tool(effect="read")
    def slow() -> str:
        """Ask a server."""
        raise TimeoutError("server")

    outcome = run(slow, "[slow()]", limits=Limits())
    assert outcome.calls[0].value == "slow failed: TimeoutError: server"


@pytest.mark.parametrize(
    ("value", "most", "shown"),
    [
        ("x" * 100, 10, "x" * 10 + "... [cut: the first 10 of 100 characters]"),
        ("x" * 10, 10, "x" * 10),
        ("x" * 11, 10, "x" * 10 + "... [cut: the first 10 of 11 characters]"),
        ("x" * 100, None, "x" * 100),
        ({"a": "é"}, 10, {"a": "é"}),
        ({"a": "éx"}, 10, '{"a": "éx"... [cut: the first 10 of 11 characters]'),
        ([1, 2, 3], 4, "[1, ... [cut: the first 4 of 9 characters]"),
        (123456, 3, 123456),
        (1.25, 3, 1.25),
        (None, 1, None),
    ],
    ids=str,
)
def test_a_long_result_is_cut_for_the_model_only(
    value: object, most: int | None, shown: object
) -> None:
    """The outcome keeps the whole value; numbers are never cut, nor what just fits."""

    @tool(effect="read")
    def look() -> Any:
        """Return something."""
        return value

    outcome = run(look, "[look()]", limits=Limits(result_chars=most))
    assert outcome.calls[0].value == value
    told = next(turn.result for turn in outcome.conversation if turn.result)
    assert told.value == shown


@tool(effect="send")
def send(text: str) -> str:
    """Send a text.

    Args:
        text: what.
    """
    return text


@tool(effect="write")
def note(text: str) -> str:
    """Write a note.

    Args:
        text: what.
    """
    return text


BATCHES = {
    # limits, the calls of each step (s sends, n writes a note), and what became of them
    "one at a time": (Limits(calls=3), "s s s", "sss"),
    "all at once": (Limits(calls=3), "sss", "sss"),
    "one too many": (Limits(calls=3), "ssss", "sss-"),
    "two and two": (Limits(calls=3), "ss ss", "sss-"),
    "one, then three": (Limits(calls=3), "s sss", "sss-"),
    "of any tool": (Limits(calls=3), "sn ns", "snn-"),
    "none left for a step": (Limits(calls=3), "sss s", "sss"),
    "one": (Limits(calls=1), "sn", "s-"),
    "of a tool at once": (Limits(calls_per_tool=2), "sss", "ss-"),
    "of a tool in steps": (Limits(calls_per_tool=2), "s s s", "ss-"),
    "of a tool, and its last": (Limits(calls_per_tool=2), "s ss", "ss-"),
    "a skipped one, and others": (
        Limits(calls=4, calls_per_tool=2),
        "sss nnn",
        "ss-nn-",
    ),
    "of each tool": (Limits(calls_per_tool=2), "ssnn", "ssnn"),
    "of a tool between others": (Limits(calls_per_tool=1), "sns n", "sn--"),
    "the smaller one": (Limits(calls=3, calls_per_tool=2), "sssnn", "ssn--"),
    "none set": (Limits(calls=None), "nnn nnn", "nnnnnn"),
}


@pytest.mark.parametrize(("limits", "steps", "became"), BATCHES.values(), ids=BATCHES)
def test_a_limit_of_calls_lets_as_many_through_as_it_says(
    limits: Limits, steps: str, became: str
) -> None:
    """However calls are spread over steps; `-` is one that did not run."""
    backend = ScriptedBackend([*written(steps), "Done."])
    agent = Agent([send, note], backend, limits=limits, policy=FREE)
    outcome = agent.run("go")
    done = [call.name[0] if call.status == "done" else "-" for call in outcome.calls]
    assert "".join(done) == became
    assert {c.status for c in outcome.calls} <= {"done", "skipped"}


def written(steps: str) -> list[str]:
    """Write the calls of each step, no two alike."""
    names = {"s": "send", "n": "note"}
    number = count()
    return [
        f"[{', '.join(f'{names[one]}(text={str(next(number))!r})' for one in step)}]"
        for step in steps.split()
    ]


def test_a_call_beyond_a_limit_is_told_with_the_limit() -> None:
    """The model reads how many it may make, of all and of one tool."""
    agent = Agent(
        [send, note],
        ScriptedBackend([*written("ssnn"), "Done."]),
        limits=Limits(calls=3, calls_per_tool=1),
        policy=FREE,
    )
    told = [call.value for call in agent.run("go").calls if call.status == "skipped"]
    assert told == [
        "send was not run: a run may call it 1 times",
        "note was not run: a run may call it 1 times",
    ]
    outcome = run(send, *written("ss"), limits=Limits(calls=1))
    assert outcome.calls[1].value == "send was not run: a run may make 1 calls"


@pytest.mark.parametrize(
    ("limits", "reason", "text"),
    [
        (Limits(calls=1), "call_limit", "Stopped after 1 calls."),
        (Limits(calls=2), None, "Done."),
        (Limits(tokens=3), "token_limit", "Stopped after 3 tokens."),
        (Limits(tokens=2), "token_limit", "Stopped after 3 tokens."),
        (Limits(tokens=4), None, "Done."),
        (Limits(seconds=1e-9), "time_limit", "Stopped after 1e-09 s."),
        (Limits(seconds=3600.5), None, "Done."),
    ],
    ids=["calls", "more calls", "tokens", "fewer", "more", "no time", "time"],
)
def test_a_run_ends_by_name_when_a_limit_is_used_up(
    limits: Limits, reason: str | None, text: str
) -> None:
    """A limit that is just reached is used up; one that is not lets the run go on."""
    call = Reply(calls=(ToolCall("send", {"text": "a"}),), tokens_in=1, tokens_out=2)
    backend = ScriptedBackend([call, "Done."])
    agent = Agent([send], backend, limits=limits, policy=FREE)
    outcome = agent.run("go")
    assert outcome.text == text
    assert (outcome.reason if isinstance(outcome, Stopped) else None) == reason


def test_sends_are_counted_over_the_runs_of_a_home(tmp_path: Path) -> None:
    """The sixth send of an hour is not made, whichever run asks for it."""
    for text in "abcde":
        done = run(send, f"[send(text='{text}')]", limits=Limits(), home=tmp_path)
        assert done.calls[0].status == "done"
    sixth = run(send, "[send(text='f')]", limits=Limits(), home=tmp_path)
    assert sixth.calls[0].status == "denied"
    assert "5 sends an hour" in sixth.calls[0].value


def test_sends_of_requests_at_once_are_counted_too(tmp_path: Path) -> None:
    """Of eight requests that are carried out at once, five send."""

    def step(request: Request) -> str:
        last = request.conversation[-1]
        return "Done." if last.role == "tool" else f"[send(text='{last.text}')]"

    backend = ScriptedBackend([step], repeat=True)
    agent = Agent([send], backend, context=Context(home=tmp_path), policy=FREE)

    async def all_at_once() -> list[Outcome]:
        return await asyncio.gather(*[agent.arun(text) for text in "abcdefgh"])

    found = [one.calls[0].status for one in asyncio.run(all_at_once())]
    assert sorted(found) == ["denied"] * 3 + ["done"] * 5


@pytest.mark.parametrize("name", [one.name for one in fields(Limits)])
def test_a_limit_of_nothing_is_refused(name: str) -> None:
    """Zero would stop every run; the least there is does not, nor does None."""
    for wrong in (0, -1):
        with pytest.raises(ConfigError) as told:
            Limits(**{name: wrong})
        assert str(told.value) == f"the limit {name} must be above 0, not {wrong}"
    for right in (1, None):
        assert getattr(Limits(**{name: right}), name) == right


def test_limits_are_there_without_being_asked_for() -> None:
    """A run without settings is bounded where nobody would want it otherwise."""
    assert Limits() == Limits(
        seconds=None,
        tool_seconds=120.0,
        tokens=None,
        calls=200,
        calls_per_tool=None,
        sends_per_hour=5,
        result_chars=40_000,
    )


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("no file /home/ana/.ssh/id_rsa here", "no file <path> here"),
        (r"no file C:\Users\ana\key.pem", "no file <path>"),
        ("see ~/.config/x.toml", "see <path>"),
        ("at https://ana:pw@host.example/a/b", "at https://<secret>@host.example/a/b"),
        ("GET /v1?api_key=abc123&x=1", "GET /v1?api_key=<secret>&x=1"),
        ("key sk-proj-4f9a8b7c6d5e4f3a2b1c0d9e", "key <secret>"),
        ("there is no file notes/plan.md", "there is no file notes/plan.md"),
        ("the date 2026-11-22T09:00:00+01:00", "the date 2026-11-22T09:00:00+01:00"),
        ("token hunter2secret", "token <secret>"),
    ],
)
def test_errors_carry_no_path_and_no_secret(text: str, shown: str) -> None:
    """What a tool raises is told without them."""

    @tool(effect="read")
    def fail() -> str:
        """Fail."""
        raise ToolError(text)

    outcome = run(fail, "[fail()]", limits=Limits())
    assert outcome.calls[0].value == f"fail failed: {shown}"


def test_errors_carry_no_secret_of_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The value of a variable that holds a key is not told."""
    monkeypatch.setenv("MAIL_PASSWORD", "correct horse")

    @tool(effect="read")
    def fail() -> str:
        """Fail."""
        raise RuntimeError("login with correct horse refused")

    outcome = run(fail, "[fail()]", limits=Limits())
    assert "correct horse" not in outcome.calls[0].value


def test_a_long_result_is_told_by_its_tool() -> None:
    """What was cut for a model has its whole value for the tool's own words."""

    def say(found: list[int]) -> str:
        return f"{len(found)} numbers"

    @tool(effect="read", examples=("count the numbers",), wording=say)
    def count_numbers() -> list[int]:
        """Count the numbers."""
        return list(range(20_000))

    outcome = Agent([count_numbers], "reflex").run("count the numbers")
    assert outcome.text == "20000 numbers"
    told = next(turn.result for turn in outcome.conversation if turn.result)
    assert isinstance(told.value, str)
    assert told.typed == outcome.calls[0].value


def test_a_result_that_stayed_cut_is_told_as_it_is() -> None:
    """Where only the text of a long result was kept, that is what is said."""

    @tool(effect="read", wording=lambda found: f"{len(found)} numbers")
    def look() -> list[int]:
        """Return numbers."""
        return [1]

    assert look.word("[1, 2... [cut]") == "[1, 2... [cut]"
    assert look.word([1, 2]) == "2 numbers"
