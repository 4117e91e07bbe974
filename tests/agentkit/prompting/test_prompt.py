import subprocess
import sys
from datetime import date, datetime

import pytest

from agentkit.errors import PromptError
from agentkit.messages import (
    Message,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.prompting import render_prompt, shared_prefix
from agentkit.tools import Toolset

TOOLS = Toolset.from_schemas(
    [
        {"name": "zeta", "description": "Last letter"},
        {"name": "alpha", "description": "First letter"},
    ]
)


def test_import_loads_no_jinja() -> None:
    """Jinja is loaded by the first prompt, not by the import."""
    code = (
        "import sys, agentkit.prompting as p; assert 'jinja2' not in sys.modules;"
        "p.render_prompt('hi', p.prompt.Toolset()); "
        "assert 'agentkit.prompting.jinja_templates' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_no_tools_and_no_instructions_give_no_system_turn() -> None:
    """Plain chat starts with the user."""
    assert "system" not in render_prompt("hi", Toolset())


def test_tools_keep_the_order_of_their_toolset() -> None:
    """The toolset's own order is the canonical one."""
    text = render_prompt("hi", TOOLS)
    assert text.index('"zeta"') < text.index('"alpha"')


def test_a_new_day_keeps_instructions_and_tools() -> None:
    """The date stands behind all that never changes."""
    one = render_prompt("hi", TOOLS, date=date(2026, 3, 5))
    two = render_prompt("hi", TOOLS, date=date(2026, 4, 5))
    assert shared_prefix(one, two) > one.index("alpha")
    assert one.index("Today Date: 05 March 2026") > one.index("alpha")


def test_facts_change_nothing_before_the_last_user_turn() -> None:
    """What was looked up for a step follows the last thing that was asked."""
    turns = (user("one"), assistant("first"), user("two"))
    plain = render_prompt(turns, TOOLS)
    with_facts = render_prompt(turns, TOOLS, facts="It rains.")
    assert shared_prefix(plain, with_facts) == plain.index("two") + len("two")
    assert "two\n\nIt rains.<|eot_id|>" in with_facts


def test_each_turn_extends_the_prompt_before_it() -> None:
    """A cache of the last step serves the next one whole."""
    call = ToolCall("alpha")
    first = (user("one"),)
    second = (
        *first,
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "done", 1)),
    )
    before = render_prompt(first, TOOLS, date="5 May 2026", tools_in="user")
    after = render_prompt(second, TOOLS, date="5 May 2026", tools_in="user")
    assert after.startswith(before)


def test_a_moment_is_shown_as_its_day() -> None:
    """The date line says the day, in English whatever the locale."""
    text = render_prompt("hi", date=datetime(2026, 12, 1, 8, 30))
    assert "Today Date: 01 December 2026<|eot_id|>" in text


def test_a_date_can_stand_with_the_last_turn() -> None:
    """Then nothing but the last turn changes with the day."""
    text = render_prompt("hi", date="1 May 2026", date_in="turn")
    assert "hi\n\nToday Date: 1 May 2026<|eot_id|>" in text


@pytest.mark.parametrize(
    ("result", "shown"),
    [
        (ToolResult(ToolCall("f"), "done", "25 C"), '"25 C"'),
        (ToolResult(ToolCall("f"), "done", {"ä": 1}), '{"ä": 1}'),
        (ToolResult(ToolCall("f"), "done"), "null"),
        (
            ToolResult(ToolCall("f"), "error", "no such room"),
            '{"error": "no such room"}',
        ),
        (ToolResult(ToolCall("f"), "denied"), '{"error": "denied"}'),
        (ToolResult(ToolCall("f"), "error", {"error": "x"}), '{"error": "x"}'),
    ],
    ids=["text", "object", "nothing", "error", "denied", "own error"],
)
def test_results_are_json_in_the_ipython_role(result: ToolResult, shown: str) -> None:
    """A result is the JSON of its value, a failure an object with its error."""
    text = render_prompt((user("hi"), tool_result(result)))
    assert f"ipython<|end_header_id|>\n\n{shown}<|eot_id|>" in text


def test_a_tool_turn_without_result_shows_its_text() -> None:
    """Text that is a result already is left alone."""
    assert "\n\n[1]<|eot_id|>" in render_prompt((user("hi"), Message("tool", "[1]")))


def test_later_system_messages_keep_their_place() -> None:
    """Only the first one is merged with tools and date."""
    text = render_prompt((system("one"), user("hi"), system("two")), TOOLS)
    assert text.index("alpha") < text.index("hi<|eot_id|>") < text.index("two<|eot")


def test_text_and_calls_of_one_turn_stand_together() -> None:
    """What was said precedes the calls."""
    turn = assistant("Let me look.", (ToolCall("alpha"),))
    assert "\n\nLet me look.[alpha()]<|eot_id|>" in render_prompt((user("hi"), turn))


def test_an_unknown_format_is_named() -> None:
    """The message lists the formats there are."""
    with pytest.raises(PromptError, match=r"no prompt format 'llama9'; known: llama32"):
        render_prompt("hi", format="llama9")  # type: ignore[arg-type]


def test_a_base_model_takes_one_text() -> None:
    """It knows no roles."""
    with pytest.raises(PromptError, match="give it one message"):
        render_prompt((user("a"), assistant("b")), format="base")
