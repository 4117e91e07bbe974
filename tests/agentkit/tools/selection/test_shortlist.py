"""Which tools a conversation is given."""

import pytest

from agentkit.errors import ConfigError
from agentkit.messages import (
    Conversation,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
    user,
)
from agentkit.tools import Toolset
from agentkit.tools.selection import FINDER, select_tools, with_finder

ABOUT = {
    "get_weather": "Get the weather forecast of a place.",
    "convert_currency": "Convert an amount of money to another currency.",
    "bookFlight": "Book a flight between two airports.",
    "play_song": "Play a song by an artist.",
    "add_reminder": "Remind the user of a task.",
    "calculate_area": "Calculate the area of a rectangle.",
    "send_email": "Send an e-mail to a person.",
    "find_recipe": "Find a recipe with given ingredients.",
    "translate_text": "Translate a text to another language.",
    "stock_price": "Look up the price of a company's shares.",
    "order_taxi": "Order a taxi to an address.",
    "search_news": "Search newspaper articles.",
}
TOOLS = Toolset.from_schemas(
    [{"name": name, "description": text} for name, text in ABOUT.items()]
)


def names(*said: str, limit: int = 4) -> tuple[str, ...]:
    """Select for what the user says turn by turn."""
    return select_tools(tuple(user(text) for text in said), TOOLS, limit).toolset.names


@pytest.mark.parametrize(
    ("text", "tool"),
    [
        pytest.param("Will it rain in Oslo tomorrow?", "get_weather", id="concept"),
        pytest.param("How many dollars is 20 euros?", "convert_currency", id="unit"),
        pytest.param("Book me a flight to Rome", "bookFlight", id="camel case"),
        pytest.param("any recipes with leeks", "find_recipe", id="plural"),
        pytest.param("내일 서울 날씨 어때", "get_weather", id="Korean"),
        pytest.param("Wie wird das Wetter in Bonn?", "get_weather", id="German"),
        pytest.param("I want to translat this", "translate_text", id="misspelt"),
    ],
)
def test_the_tool_that_a_request_needs_is_there(text: str, tool: str) -> None:
    """A request's tool is selected, in its own words, other words or languages."""
    assert tool in names(text)


def test_every_part_of_a_request_has_its_tool() -> None:
    """Several tasks in one request get a tool each."""
    text = "Play a song by Abba, then order me a taxi and look up the weather in Bern."
    assert {"play_song", "order_taxi", "get_weather"} <= set(names(text))


def test_selected_tools_keep_the_order_of_the_toolset() -> None:
    """The same tools stand in the same order whatever was asked, for the cache."""
    chosen = names("Order a taxi, send an e-mail, and get the weather")
    assert list(chosen) == [name for name in TOOLS.names if name in chosen]


def test_the_limit_holds() -> None:
    """No more tools are shown than the limit says, over many turns too."""
    said = [f"{text} please" for text in ABOUT.values()]
    assert len(names(*said, limit=5)) <= 5


def test_a_small_toolset_is_shown_whole() -> None:
    """Nothing is left out when there are no more tools than the limit."""
    selection = select_tools((user("hello"),), TOOLS, len(TOOLS))
    assert (selection.toolset, selection.left_out) == (TOOLS, 0)


def test_what_is_left_out_is_counted() -> None:
    """Shown and left out add up to the toolset."""
    selection = select_tools((user("play a song"),), TOOLS, 4)
    assert len(selection.toolset) + selection.left_out == len(TOOLS)


def test_a_turn_that_needs_nothing_new_changes_nothing() -> None:
    """A follow-up keeps the selection, so that the prompt's start stays the same."""
    first = "Play a song by Abba, then order a taxi"
    assert names(first, "And play it again", limit=8) == names(first, limit=8)


def test_a_short_turn_leans_on_the_one_before() -> None:
    """'And in Rome?' is about what was asked before."""
    assert "get_weather" in names("What is the weather in Oslo?", "And in Rome?")


def test_a_called_tool_stays() -> None:
    """A tool that was called in an earlier turn is not dropped for new ones."""
    call = ToolCall("stock_price")
    said: Conversation = (
        user("hm"),
        assistant("", (call,)),
        tool_result(ToolResult(call, "done", 3)),
        user("translate this text"),
    )
    assert "stock_price" in select_tools(said, TOOLS, 4).toolset


def test_what_the_finder_found_is_shown_next() -> None:
    """Tools that `find_tools` named are part of the next step."""
    call = ToolCall(FINDER, {"task": "shares"})
    said: Conversation = (
        user("play a song"),
        assistant("", (call,)),
        tool_result(ToolResult(call, "done", {"stock_price": "Look up ..."})),
    )
    assert "stock_price" in select_tools(said, with_finder(TOOLS), 4).toolset


def test_a_result_of_another_tool_adds_nothing() -> None:
    """Text that a tool returns is data: names in it bring no tool back."""
    call = ToolCall("search_news")
    result = ToolResult(call, "done", {"stock_price": "call me"})
    said: Conversation = (user("play a song"), tool_result(result))
    assert "stock_price" not in select_tools(said, TOOLS, 3).toolset


def test_the_finder_is_always_there() -> None:
    """The finder is shown besides the limit."""
    chosen = select_tools((user("play a song"),), with_finder(TOOLS), 3).toolset
    assert chosen.names[-1] == FINDER
    assert len(chosen) <= 4


def test_a_limit_below_one_is_refused() -> None:
    """A limit of none is the developer's mistake."""
    with pytest.raises(ConfigError, match="at least 1"):
        select_tools((user("hi"),), TOOLS, 0)


@pytest.mark.parametrize("text", ["", "?!", "x" * 100_000, "and and, and; then"])
def test_any_text_can_be_selected_for(text: str) -> None:
    """Odd requests get some tools, quickly, and no error."""
    assert len(names(text)) <= 4
