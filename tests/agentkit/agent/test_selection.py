"""An agent that shows its model a part of its tools."""

import pytest

from agentkit.agent import Agent
from agentkit.backends.base import Fault, Reply, Request, Traits
from agentkit.backends.scripted import ScriptedBackend
from agentkit.errors import ConfigError
from agentkit.messages import ToolCall
from agentkit.outcomes import ToolsSelected
from agentkit.tools import AnyTool, Toolset, tool
from agentkit.tools.selection import FINDER, Selector

ABOUT = {
    "get_weather": "Get the weather forecast.",
    "play_song": "Play a song.",
    "send_fax": "Send a fax.",
    "order_taxi": "Order a taxi.",
    "water_plants": "Water the plants.",
    "feed_cat": "Feed the cat.",
}


def make(name: str, about: str) -> AnyTool:
    """Make a tool that does nothing but say so."""

    def function() -> str:
        return f"{name} done"

    function.__doc__ = about
    return tool(name=name, effect="read")(function)


TOOLS = Toolset(make(name, about) for name, about in ABOUT.items())


class Recorder:
    """A backend that answers in turn and keeps what it was shown."""

    name = "recorder"
    traits = Traits(on_device=True)

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.shown: list[tuple[str, ...]] = []

    async def reply(self, request: Request) -> Reply:
        """Answer with the next reply."""
        self.shown.append(request.toolset.names)
        return self.replies.pop(0)


def test_a_model_is_shown_the_selected_tools_only() -> None:
    """What the request does not need is not in the toolset of the step."""
    backend = Recorder(Reply(text="done"))
    Agent(TOOLS, backend, select=3).run("order a taxi")
    assert "order_taxi" in backend.shown[0]
    assert len(backend.shown[0]) == 4


def test_without_select_all_tools_are_shown() -> None:
    """Selection is off when it is not asked for."""
    backend = Recorder(Reply(text="done"))
    Agent(TOOLS, backend).run("order a taxi")
    assert backend.shown[0] == TOOLS.names


def test_a_tool_that_was_left_out_can_be_called() -> None:
    """A call of a tool that the model was not shown runs, and it is shown then."""
    backend = Recorder(Reply(calls=(ToolCall("feed_cat"),)), Reply(text="fed"))
    outcome = Agent(TOOLS, backend, select=3).run("play a song")
    assert "feed_cat" not in backend.shown[0]
    assert outcome.calls[0].value == "feed_cat done"
    assert "feed_cat" in backend.shown[1]


def test_a_tool_that_was_left_out_and_not_read_is_shown_next() -> None:
    """A parser that did not know the tool makes no dead end."""
    fault = Fault("feed_cat", "Unknown tool 'feed_cat'.")
    backend = Recorder(Reply(faults=(fault,)), Reply(text="fed"))
    outcome = Agent(TOOLS, backend, select=3).run("play a song")
    assert "shown from now on" in str(outcome.calls[0].value)
    assert "feed_cat" in backend.shown[1]


def test_the_finder_brings_a_tool_back() -> None:
    """`find_tools` names tools by a task, and they are shown in the next step."""
    find = ToolCall(FINDER, {"task": "feed the cat"})
    backend = Recorder(Reply(calls=(find,)), Reply(text="fed"))
    outcome = Agent(TOOLS, backend, select=3).run("play a song")
    assert outcome.calls[0].value["feed_cat"] == "Feed the cat."
    assert "feed_cat" in backend.shown[1]


def test_how_many_were_left_out_is_told() -> None:
    """An event names the tools that are shown and counts the others."""
    agent = Agent(TOOLS, ScriptedBackend(["ok"]), select=3)
    told = [e for e in agent.stream("play a song") if isinstance(e, ToolsSelected)]
    assert len(told[0].names) + told[0].left_out == len(TOOLS) + 1


def test_rules_see_every_tool() -> None:
    """A backend to which tools cost nothing is shown all."""
    backend = Recorder(Reply(text="done"))
    backend.traits = Traits(on_device=True, reads_all_tools=True)
    Agent(TOOLS, backend, select=3).run("play a song")
    assert set(TOOLS.names) <= set(backend.shown[0])


def test_rules_alone_get_no_finder() -> None:
    """Where every backend reads all tools, none is added and nothing is selected."""
    backend = Recorder(Reply(text="done"))
    backend.traits = Traits(on_device=True, reads_all_tools=True)
    assert FINDER not in Agent(TOOLS, backend, select=3).toolset


def test_some_tools_are_always_shown() -> None:
    """A selector may name tools that every request is shown, beside the limit."""
    backend = Recorder(Reply(text="done"))
    selector = Selector(3, always=frozenset({"feed_cat"}))
    Agent(TOOLS, backend, select=selector).run("order a taxi")
    assert {"order_taxi", "feed_cat"} <= set(backend.shown[0])
    assert len(backend.shown[0]) == 5


def test_selecting_none_is_refused() -> None:
    """A limit below one is the developer's mistake."""
    with pytest.raises(ConfigError, match="select"):
        Agent(TOOLS, ScriptedBackend(["ok"]), select=0)
