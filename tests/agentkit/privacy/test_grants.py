"""A grant in the ledger names who gave it, and is there only where somebody did."""

from __future__ import annotations

from pathlib import Path

import pytest

from agentkit import Agent, Context, Policy, release, tool
from agentkit.agent.calls.approval import Approve
from agentkit.backends import ScriptedBackend
from agentkit.privacy import Ledger
from agentkit.safety.rules import Rule, Rules


@tool(effect="send")
def post(context: Context, words: str) -> str:
    """Post words to the wall.

    Args:
        words: what to post.
    """
    release(context, "https://wall.example", words, grant="the user had it posted")
    return "posted"


def grants(home: Path, policy: Policy, approve: Approve | None) -> list[str]:
    """Let a model post, and return under which grants words left."""
    agent = Agent(
        tools=[post],
        backend=ScriptedBackend(["[post(words='good day')]", "Posted."]),
        policy=policy,
        approve=approve,
        context=Context(home=home),
    )
    agent.run("post good day")
    return [entry.grant for entry in Ledger(home).entries()]


def test_a_yes_is_the_grant(tmp_path: Path) -> None:
    """What was approved left because somebody said yes."""
    (grant,) = grants(tmp_path, Policy(), lambda _: True)
    assert "said yes" in grant


def test_without_a_yes_nothing_leaves(tmp_path: Path) -> None:
    """A no, and nobody there, let nothing leave, whatever the tool says of it."""
    assert grants(tmp_path, Policy(), lambda _: False) == []
    assert grants(tmp_path, Policy(), None) == []


def test_an_unasked_send_is_the_applications(tmp_path: Path) -> None:
    """Where the policy lets sends run, no word of the user is claimed for it."""
    (grant,) = grants(tmp_path, Policy(send="run"), None)
    assert grant == "the application's policy runs it unasked"


def test_a_rule_is_named(tmp_path: Path) -> None:
    """What a rule always lets run left by that rule."""
    Rules(tmp_path).add(Rule(tool="post", answer="always"))
    (grant,) = grants(tmp_path, Policy(), None)
    assert grant == "a rule of the user's always lets it run"


@pytest.mark.parametrize("grant", ["", "the person typed it"])
def test_outside_of_a_run_it_is_the_callers(grant: str, tmp_path: Path) -> None:
    """Who calls a tool without a run says themselves under what it leaves."""
    release(Context(home=tmp_path), "https://wall.example", "good day", grant=grant)
    (entry,) = Ledger(tmp_path).entries()
    assert entry.grant == (grant or "it holds nothing personal")
