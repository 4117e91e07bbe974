"""Which requests speak of what a custom tool does, by the words of its name."""

import pytest

from agentkit import tool
from agentkit.safety.provenance.request_words import asks_for, verbs
from agentkit.tools import Tool


@tool(effect="send")
def give_access(person: str) -> str:
    """Let somebody read a file.

    Args:
        person: who.
    """
    return "done"


@tool(effect="write")
def plan_event(title: str) -> str:
    """Put an event into the calendar.

    Args:
        title: what it is.
    """
    return "done"


@tool(effect="delete")
def bin_file(file_id: str) -> str:
    """Put a file into the bin.

    Args:
        file_id: which one.
    """
    return "done"


@pytest.mark.parametrize(
    ("asked", "said", "expected"),
    [
        (give_access, "Share plan.md with Milo", True),
        (give_access, "Give Milo access to plan.md", True),
        (give_access, "Give me a summary of plan.md", False),
        (plan_event, "Plan the choir on Thursday", True),
        (plan_event, "What is new?", False),
        (bin_file, "Get rid of the old drafts", True),
        (bin_file, "Read the old drafts", False),
    ],
    ids=["share", "give", "give me", "plan", "look", "get rid of", "read"],
)
def test_a_request_speaks_of_a_tool(asked: Tool, said: str, expected: bool) -> None:
    """A synonym of what the tool does asks for it, other words do not."""
    assert asks_for(asked, frozenset(verbs(said))) is expected
