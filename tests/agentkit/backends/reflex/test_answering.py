"""What came of the calls, in words."""

from __future__ import annotations

import pytest

from agentkit.backends.reflex.speech import answer
from agentkit.discovery import installed_tools
from agentkit.messages import ToolCall, ToolResult
from agentkit.tools import Toolset

CALL = ToolCall("post", {"text": "Hi"})


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(
            "The user said no, do not retry: Post Hi",
            "Not done, as you said no: post “Hi”.",
            id="no",
        ),
        pytest.param(
            "post was not run: the limit is 5 sends an hour. Tell the user.",
            "Not done: post “Hi”; the limit is 5 sends an hour.",
            id="limit",
        ),
        pytest.param(
            "post was not run: the user has set the rule 'never post'. Do not retry.",
            "Not done: post “Hi”; the user has set the rule 'never post'.",
            id="rule",
        ),
    ],
)
def test_who_refused_is_told(value: str, said: str) -> None:
    """A limit is no word of the user's."""
    assert answer([ToolResult(CALL, "denied", value)], Toolset([])) == said


def test_an_empty_answer_says_what_was_looked_for() -> None:
    """ "Nothing" is true of the words that were looked for, and names them."""
    call = ToolCall("find_events", {"query": "wedding"})
    said = answer((ToolResult(call, "done", []),), installed_tools())
    assert said == "Nothing on the calendar: “wedding”."
