"""Limits: a tool that hangs, sizes, numbers of calls and of sends, what errors say."""

import asyncio
import threading
from pathlib import Path
from typing import Any

import pytest

from agentkit import Agent, Context, Limits, Policy, Stopped, tool
from agentkit.backends import ScriptedBackend
from agentkit.errors import ConfigError, ToolError
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


def test_a_long_result_is_cut_for_the_model_only() -> None:
    """The outcome keeps the whole value."""

    @tool(effect="read")
    def long() -> str:
        """Return much."""
        return "x" * 100

    outcome = run(long, "[long()]", limits=Limits(result_chars=10))
    assert outcome.calls[0].value == "x" * 100
    shown = next(turn.result for turn in outcome.conversation if turn.result)
    assert shown.value == "x" * 10 + "... [cut: the first 10 of 100 characters]"


@tool(effect="send")
def send(text: str) -> str:
    """Send a text.

    Args:
        text: what.
    """
    return text


def test_calls_of_a_step_beyond_the_limit_are_not_run() -> None:
    """The model is told which."""
    calls = "[send(text='a'), send(text='b'), send(text='c')]"
    outcome = run(send, calls, limits=Limits(calls_per_tool=2))
    assert [c.status for c in outcome.calls] == ["done", "done", "skipped"]


def test_a_run_ends_when_its_calls_are_used_up() -> None:
    """A named reason says so."""
    outcome = run(send, "[send(text='a')]", "[send(text='b')]", limits=Limits(calls=1))
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "call_limit"


def test_a_run_ends_when_its_time_is_used_up() -> None:
    """A run without time does not begin a step."""
    outcome = run(send, "[send(text='a')]", limits=Limits(seconds=1e-9))
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "time_limit"


def test_sends_are_counted_over_the_runs_of_a_home(tmp_path: Path) -> None:
    """The sixth send of an hour is not made, whichever run asks for it."""
    for text in "abcde":
        done = run(send, f"[send(text='{text}')]", limits=Limits(), home=tmp_path)
        assert done.calls[0].status == "done"
    sixth = run(send, "[send(text='f')]", limits=Limits(), home=tmp_path)
    assert sixth.calls[0].status == "denied"
    assert "5 sends an hour" in sixth.calls[0].value


def test_a_limit_of_nothing_is_refused() -> None:
    """Zero would stop every run."""
    with pytest.raises(ConfigError, match="calls must be above 0"):
        Limits(calls=0)


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
