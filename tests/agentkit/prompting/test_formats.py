import json

from agentkit.messages import ToolCall, ToolResult, tool_result, user
from agentkit.prompting import render_prompt, truncate_result
from agentkit.prompting.formats import result_text


def test_a_long_list_keeps_whole_items() -> None:
    """As many items as fit, how many there are, and how to get the rest."""
    result = ToolResult(ToolCall("find_notes"), "done", [{"n": n} for n in range(100)])
    cut = json.loads(truncate_result(result, 60))
    assert cut["items"] == [{"n": n} for n in range(len(cut["items"]))]
    assert 0 < len(cut["items"]) < 10
    assert "of 100 items shown; call find_notes again" in cut["cut"]


def test_a_long_text_keeps_its_beginning() -> None:
    """A text says how much of it is there."""
    cut = json.loads(
        truncate_result(ToolResult(ToolCall("read"), "done", "ab" * 500), 100)
    )
    assert cut["text"] == "ab" * 50
    assert cut["cut"].startswith("100 of 1000 characters shown; call read again")


def test_a_short_result_is_not_touched() -> None:
    """Nothing is cut that fits."""
    message = tool_result(ToolResult(ToolCall("f"), "done", [1, 2]))
    assert result_text(message, 100) == "[1, 2]"


def test_the_limit_applies_to_prompts() -> None:
    """`result_chars` cuts results of the history."""
    turns = (user("hi"), tool_result(ToolResult(ToolCall("f"), "done", "x" * 5000)))
    assert len(render_prompt(turns, result_chars=200)) < 600
