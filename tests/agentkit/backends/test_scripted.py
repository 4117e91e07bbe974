import asyncio

import pytest

from agentkit.backends import Reply, Request, ScriptedBackend
from agentkit.context import Context
from agentkit.errors import BackendUnavailable, ConfigError
from agentkit.messages import ToolCall, user
from agentkit.tools import Toolset, tool


@tool(effect="read")
def add(a: int, b: int = 0) -> int:
    """Add two numbers.

    Args:
        a: the first.
        b: the second.
    """
    return a + b


def request(heard: list[str] | None = None) -> Request:
    return Request(
        conversation=(user("what is 1 + 2?"),),
        toolset=Toolset(add),
        context=Context(),
        on_text=(heard if heard is not None else []).append,
    )


def answers(backend: ScriptedBackend, count: int) -> list[Reply]:
    async def ask() -> list[Reply]:
        return [await backend.reply(request()) for _ in range(count)]

    return asyncio.run(ask())


def test_one_text_per_step() -> None:
    """Each step takes the next text, and calls in it are read."""
    first, second = answers(ScriptedBackend(["[add(a=1, b=2)]", "It is 3."]), 2)
    assert [(c.name, c.arguments) for c in first.calls] == [("add", {"a": 1, "b": 2})]
    assert (second.text, second.calls) == ("It is 3.", ())


def test_reply_is_taken_as_it_is() -> None:
    """A `Reply` in the script is the reply, not a copy of it."""
    given = Reply(calls=(ToolCall("nonsense", {"x": 1}),), tokens_out=7)
    assert answers(ScriptedBackend([given]), 1)[0] is given


def test_function_is_given_the_request() -> None:
    """A function in the script answers from the request."""
    backend = ScriptedBackend([lambda r: f"heard: {r.conversation[-1].text}"])
    assert answers(backend, 1)[0].text == "heard: what is 1 + 2?"


def test_unknown_tool_becomes_a_fault() -> None:
    """What cannot be read as a call is told as a fault, not raised."""
    (reply,) = answers(ScriptedBackend(["[subtract_all(a=1)]"]), 1)
    assert [fault.tool for fault in reply.faults] == ["subtract_all"]


def test_keeps_the_requests() -> None:
    """The requests are kept as they were given, in order."""
    backend = ScriptedBackend(["one", "two"])
    answers(backend, 2)
    assert [r.toolset.names for r in backend.requests] == [("add",), ("add",)]


def test_text_is_streamed() -> None:
    """The text of an answer is heard by who listens."""
    heard: list[str] = []
    asyncio.run(ScriptedBackend(["Hello."]).reply(request(heard)))
    assert heard == ["Hello."]


@pytest.mark.parametrize(
    ("script", "count"),
    [
        pytest.param(["one"], "1 answer ", id="one"),
        pytest.param(["one", "two"], "2 answers", id="two"),
        pytest.param([], "0 answers", id="none"),
    ],
)
def test_running_out_names_how_many_were_given(script: list[str], count: str) -> None:
    """A script that runs out says how many answers it was given."""
    backend = ScriptedBackend(script)
    answers(backend, len(script))
    with pytest.raises(BackendUnavailable, match=f"was given {count}"):
        answers(backend, 1)


def test_repeat_gives_the_last_for_ever() -> None:
    """With `repeat`, the last answer is given again and again."""
    texts = [r.text for r in answers(ScriptedBackend(["one", "two"], repeat=True), 4)]
    assert texts == ["one", "two", "two", "two"]


def test_one_text_instead_of_a_list() -> None:
    """A bare string is refused: it would answer letter by letter."""
    with pytest.raises(ConfigError, match=r"\['hello'\]"):
        ScriptedBackend("hello")


def test_plays_a_cloud() -> None:
    """Name and place can be set, for tests of routing and privacy."""
    backend = ScriptedBackend([], name="cloud", on_device=False)
    assert (backend.name, backend.traits.on_device) == ("cloud", False)
