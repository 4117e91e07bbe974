"""What was done last is taken back in the middle of a conversation."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Context
from agentkit.backends import ReflexBackend, ScriptedBackend
from agentkit.discovery import installed_tools


def ask(home: Path, text: str) -> str:
    """Ask an assistant of the home; each request is a run of its own."""
    agent = Agent(
        installed_tools(),
        ReflexBackend(),
        context=Context(home=home),
        approve=lambda _: True,
    )
    return agent.run(text).text


def test_undo_goes_back_step_by_step(tmp_path: Path) -> None:
    """Each "undo that" takes back what was done before the last one."""
    ask(tmp_path, "remind me to call mum tomorrow at 5")
    ask(tmp_path, "add milk to the shopping list")
    assert "milk" in ask(tmp_path, "undo that")
    assert "call mum" in ask(tmp_path, "undo that")
    assert ask(tmp_path, "undo that") == "There is nothing to take back."
    assert "milk" not in ask(tmp_path, "what is on my shopping list")


def test_a_failed_effect_is_passed_over(tmp_path: Path) -> None:
    """What was not done is not taken back; what was done before it is."""
    ask(tmp_path, "add milk to the shopping list")
    ask(tmp_path, "delete the list unicorns")
    assert "milk" in ask(tmp_path, "undo that")


@pytest.mark.parametrize("count", [0, -1, 21])
def test_how_many_is_bounded(tmp_path: Path, count: int) -> None:
    """No count that a model makes up empties a home."""
    ask(tmp_path, "add milk to the shopping list")
    agent = Agent(
        installed_tools(),
        ScriptedBackend([f"[undo_last(count={count})]", "Done."]),
        context=Context(home=tmp_path),
        approve=lambda _: True,
    )
    outcome = agent.run("undo it all")
    assert [call.status for call in outcome.calls] == ["error"]
    assert "milk" in ask(tmp_path, "what is on my shopping list")


def test_without_a_journal_nothing_is_taken_back(tmp_path: Path) -> None:
    """An agent that keeps no journal says so."""
    agent = Agent(
        installed_tools(),
        ReflexBackend(),
        context=Context(home=tmp_path),
        approve=lambda _: True,
        journal=False,
    )
    assert "no journal" in agent.run("undo that").text
