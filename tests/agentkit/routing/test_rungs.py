from agentkit.backends import Price, Reply, ScriptedBackend, Traits
from agentkit.messages import ToolCall, ToolResult, tool_result, user
from agentkit.routing.rungs import (
    RequestTokens,
    count_tokens,
    doubt_of,
    likely_tools,
    rung_of,
)
from agentkit.testing.samples import SAMPLE_TOOLS
from agentkit.tools import Toolset


def test_a_rung_of_a_backend_that_says_nothing() -> None:
    """Name and place are enough; all else stays unknown."""
    rung = rung_of("local", ScriptedBackend([]), tokens=100)
    assert (rung.window, rung.seconds, rung.cost, rung.down) == (0, None, None, "")
    assert (rung.calls_tools, rung.sees_images) == (True, False)


def test_a_rung_of_a_backend_that_says_all() -> None:
    """Window, price, eyes and faults are taken over."""
    price = Price(read=1_000_000, written=0)
    traits = Traits(
        window=8192,
        price=price,
        sees_images=True,
        calls_tools=False,
        down="it failed 5 times",
    )
    cloud = ScriptedBackend([], traits=traits)
    rung = rung_of("c", cloud, leave="ask", tokens=100)
    assert (rung.backend, rung.leave, rung.window) == ("c", "ask", 8192)
    assert (rung.cost, rung.down) == (100.0, "it failed 5 times")
    assert (rung.calls_tools, rung.sees_images) == (False, True)
    assert rung.tokens > 100


def test_what_is_counted() -> None:
    """The words, the results and the tools all take room."""
    said = (user("What is 1 + 2?"),)
    result = tool_result(ToolResult(ToolCall("add", {"a": 1}), "done", "three " * 200))
    bare = count_tokens(said, Toolset())
    assert 3 < bare < 20
    assert count_tokens(said, SAMPLE_TOOLS) > bare + 20
    assert count_tokens((*said, result), Toolset()) > bare + 150


def test_tools_take_room_where_they_are_shown() -> None:
    """A backend that knows its tools by heart takes what was said, and no more."""
    said = (user("What is 1 + 2?"),)
    count = RequestTokens(said, SAMPLE_TOOLS)
    by_heart = ScriptedBackend([], traits=Traits(window=1024, reads_all_tools=True))
    assert count.for_backend(by_heart) == count_tokens(said, Toolset())
    shown = ScriptedBackend([], traits=Traits(window=1024))
    assert count.for_backend(shown) == count_tokens(said, SAMPLE_TOOLS)


def test_tools_that_are_left_out_take_no_room() -> None:
    """Of many tools those count that are shown at most, the longest of them."""
    said = (user("What is 1 + 2?"),)
    backend = ScriptedBackend([])
    whole = RequestTokens(said, SAMPLE_TOOLS).for_backend(backend)
    one = RequestTokens(said, SAMPLE_TOOLS, 1).for_backend(backend)
    assert count_tokens(said, Toolset()) < one < whole
    assert RequestTokens(said, SAMPLE_TOOLS, 99).for_backend(backend) == whole


def test_the_tool_that_is_likely_needed() -> None:
    """The request's words name the tool; without tools there is none."""
    assert likely_tools((user("Add 1 and 2"),), SAMPLE_TOOLS) == ("add",)
    assert likely_tools((user("Add 1 and 2"),), Toolset()) == ()


def test_doubt_is_about_the_values() -> None:
    """A number that nobody said makes a call more doubtful, with a reason."""
    said = (user("Add 1 and 2"),)
    right = doubt_of(
        said, SAMPLE_TOOLS, Reply(calls=(ToolCall("add", {"a": 1, "b": 2}),))
    )
    wrong = doubt_of(
        said, SAMPLE_TOOLS, Reply(calls=(ToolCall("add", {"a": 1, "b": 9}),))
    )
    assert wrong.p_wrong > right.p_wrong
    assert wrong.reasons
