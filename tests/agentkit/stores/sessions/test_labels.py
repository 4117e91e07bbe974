"""What was personal stays so: saved, reopened, resumed, summarised, handed over."""

from pathlib import Path

import pytest

from agentkit import Agent, Context, Done, NeedsApproval, Stopped, tool
from agentkit.backends import Reply, Request, ScriptedBackend, Traits
from agentkit.messages import Conversation, Label, user
from agentkit.privacy import EgressRule, PrivacyPolicy
from agentkit.stores.sessions import Sessions

DIARY = "Saw Renée Lefèvre in Marseille."


@tool(effect="read", personal=True, untrusted=True)
def read_diary() -> dict[str, str]:
    """Read the diary."""
    return {"text": DIARY, "guest": "Renée Lefèvre"}


@tool(effect="send", untrusted=False)
def post() -> str:
    """Post a greeting."""
    return "posted"


def cloud(*script: str) -> ScriptedBackend:
    """Make a backend elsewhere, with a small window."""
    return ScriptedBackend(list(script), name="cloud", traits=Traits(window=400))


def stuck(_: Request) -> Reply:
    return Reply(abstained=True, reason="unsure")


def agent(
    home: Path, *ladder: ScriptedBackend, egress: PrivacyPolicy | None = None
) -> Agent:
    return Agent(
        [read_diary, post],
        ladder,
        context=Context(home=home),
        session="trip",
        egress=egress or PrivacyPolicy(),
    )


def saved(home: Path) -> Conversation:
    return Sessions(home).transcript("trip").conversation


def labels(said: Conversation) -> list[Label]:
    return [message.label for message in said]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A session in which the diary was read on the device."""
    local = ScriptedBackend(["[read_diary()]", "A visit."], name="local")
    assert isinstance(agent(tmp_path, local).run("Diary?"), Done)
    return tmp_path


def test_levels_and_trust_are_kept(home: Path) -> None:
    """Each message comes back with the label it had."""
    found = labels(saved(home))
    assert (found[2].privacy, found[2].trust) == ("personal", "untrusted")
    assert (found[3].privacy, found[3].trust) == ("personal", "untrusted")
    assert found[0] == Label("user")


@pytest.mark.parametrize("words", ["And now?", "What is 1 + 2?"])
def test_a_reopened_session_reaches_no_cloud(home: Path, words: str) -> None:
    """Whatever is asked next, what was read before goes with it, so nothing goes."""
    away = cloud("never asked")
    outcome = agent(home, away).run(words)
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, away.requests) == ("privacy", [])


def test_a_hand_over_after_reopening_reaches_no_cloud(home: Path) -> None:
    """A local backend that gives up leaves nothing to the next rung."""
    away = cloud("never asked")
    local = ScriptedBackend([stuck], name="local")
    outcome = agent(home, local, away).run("And now?")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, away.requests) == ("privacy", [])


def test_a_resumed_session_reaches_no_cloud(home: Path) -> None:
    """A run that waited over a restart goes on with the labels it had."""
    local = ScriptedBackend(["[post()]"], name="local")
    assert isinstance(agent(home, local).run("Post it"), NeedsApproval)
    away = cloud("never asked")
    again = agent(home, ScriptedBackend([stuck], name="local"), away)
    outcome = again.resume(approve=True)
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, away.requests) == ("privacy", [])


def test_secrets_are_kept(tmp_path: Path) -> None:
    """What was said as a secret is one after reopening, whatever the policy says."""
    sessions = Sessions(tmp_path)
    with sessions.open("trip", create=True) as session:
        session.begin((user("The code is 4711.", privacy="secret"),), "r1")
    allowing = PrivacyPolicy(rules=(EgressRule(label="personal", answer="allow"),))
    away = cloud("never asked")
    outcome = agent(tmp_path, away, egress=allowing).run("And now?")
    assert isinstance(outcome, Stopped)
    assert (outcome.reason, away.requests) == ("privacy", [])


def test_a_summary_of_a_reopened_session_is_masked(home: Path) -> None:
    """Where a small window shortens what was read, placeholders stand in all the same."""
    for number in range(8):
        local = ScriptedBackend(["[read_diary()]", f"Visit {number}."], name="local")
        agent(home, local).run(f"Diary of Renée Lefèvre, {number}? " + "word " * 40)
    rules = (EgressRule(label="personal", answer="placeholders"),)
    away = cloud("Done.")
    outcome = agent(home, away, egress=PrivacyPolicy(rules=rules)).run("And now?")
    assert isinstance(outcome, Done)
    (request,) = away.requests
    assert len(request.conversation) < len(saved(home))
    assert "Lefèvre" not in str(request.conversation)
    assert "Marseille" not in str(request.conversation)
