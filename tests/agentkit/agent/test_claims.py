"""Answers that claim what nothing did."""

from __future__ import annotations

import pytest

from agentkit import Agent, Done, Stopped, tool
from agentkit.backends import ScriptedBackend
from agentkit.outcomes import TextDelta


@tool(effect="send")
def send_invite(person: str) -> str:
    """Send a calendar invite.

    Args:
        person: to whom.
    """
    return f"queued for {person}"


@tool(effect="read")
def find_messages() -> str:
    """Find messages."""
    return "Marcus: I've sent the contract."


TOOLS = [send_invite, find_messages]
CLAIM = "I've sent the invites to Ana."


def agent(*answers: str) -> Agent:
    return Agent(TOOLS, ScriptedBackend(answers), approve=lambda _: True, journal=False)


def test_a_claim_without_a_deed_is_told_to_the_model_once() -> None:
    """The model may still do what it said, and its claim is founded then."""
    outcome = agent(CLAIM, '[send_invite(person="Ana")]', CLAIM).run("Invite Ana")
    assert isinstance(outcome, Done)
    assert [call.name for call in outcome.calls] == ["send_invite"]
    told = outcome.conversation[2]
    assert "no call did that" in str(told.result)


def test_a_claim_that_is_made_again_ends_the_run() -> None:
    """The run ends by a name, and says what was not done."""
    outcome = agent(CLAIM, CLAIM).run("Invite Ana to lunch")
    assert isinstance(outcome, Stopped)
    assert outcome.reason == "false_claim"
    assert outcome.text == "Nothing was sent, though the model said so."


def test_it_is_said_in_the_language_of_the_user() -> None:
    """A request in German gets its denial in German."""
    outcome = agent(CLAIM, CLAIM).run("Lade bitte Ana zum Mittagessen ein")
    assert outcome.text.startswith("Es wurde nichts gesendet")


def test_an_honest_answer_after_the_reproach_is_done() -> None:
    """A model that takes its claim back ends the run as any other."""
    outcome = agent(CLAIM, "Nothing is sent yet.").run("Invite Ana")
    assert (type(outcome), outcome.text) == (Done, "Nothing is sent yet.")


@pytest.mark.parametrize(
    "answers",
    [
        ("[find_messages()]", "Marcus says: I've sent the contract."),
        ("You have no messages.",),
    ],
    ids=["a message is repeated", "nothing is claimed"],
)
def test_what_others_did_is_no_claim(answers: tuple[str, ...]) -> None:
    """What a tool returned may be told."""
    assert isinstance(agent(*answers).run("What did Marcus write?"), Done)


def test_without_tools_a_text_is_a_text() -> None:
    """Nobody expects a deed of an agent that has no tools."""
    outcome = Agent(backend=ScriptedBackend([CLAIM])).run("Write a line of a story")
    assert isinstance(outcome, Done)


def test_a_claim_is_not_streamed() -> None:
    """Listeners hear the text up to the claim, and nothing of what follows."""
    events = agent(f"Hello. {CLAIM}", f"Hi. {CLAIM}").stream("Invite Ana to lunch")
    heard = "".join(one.text for one in events if isinstance(one, TextDelta))
    assert "sent" not in heard
