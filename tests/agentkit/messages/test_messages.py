import itertools
from dataclasses import FrozenInstanceError, fields
from typing import Any

import pytest

from agentkit.messages import (
    Label,
    Message,
    Privacy,
    ToolCall,
    ToolResult,
    assistant,
    close_calls,
    system,
    tool_result,
    user,
)

LEVELS: tuple[Privacy, ...] = ("public", "personal", "secret")


@pytest.mark.parametrize(("one", "two"), list(itertools.product(LEVELS, LEVELS)))
def test_join_keeps_the_stricter_privacy(one: Privacy, two: Privacy) -> None:
    """What is made from two texts is as private as the more private of them."""
    joined = Label(privacy=one).join(Label(privacy=two)).privacy
    assert LEVELS.index(joined) == max(LEVELS.index(one), LEVELS.index(two))


def test_join_keeps_the_lesser_trust() -> None:
    """Untrusted text makes untrusted text, from either side."""
    trusted, untrusted = Label(), Label(trust="untrusted")
    assert trusted.join(untrusted).trust == "untrusted"
    assert untrusted.join(trusted).trust == "untrusted"
    assert trusted.join(trusted).trust == "trusted"


def test_makers_label_the_origin() -> None:
    """Each maker of a turn says where its text came from."""
    result = ToolResult(ToolCall("f"), "done", 1)
    turns = [system("a"), user("b"), assistant("c"), tool_result(result)]
    assert [t.label.origin for t in turns] == ["application", "user", "model", "tool"]


def test_result_reads_like_a_call() -> None:
    """A result gives its call's name and arguments, and its value as `result`."""
    result = ToolResult(ToolCall("f", {"a": 1}), "done", 2)
    assert (result.name, result.arguments, result.result) == ("f", {"a": 1}, 2)


@pytest.mark.parametrize(
    "thing",
    [Label(), ToolCall("f"), ToolResult(ToolCall("f"), "done"), Message("user")],
)
def test_messages_are_frozen(thing: Any) -> None:
    """What travels inside cannot be changed on the way."""
    name = fields(thing)[0].name
    with pytest.raises(FrozenInstanceError):
        setattr(thing, name, "x")


def test_calls_do_not_share_arguments() -> None:
    """Two calls without arguments have dictionaries of their own."""
    assert ToolCall("f").arguments is not ToolCall("f").arguments


def test_close_calls_answers_what_is_open() -> None:
    """A call without a result is answered as skipped; answered ones are left alone."""
    done, waiting = ToolCall("f", {"a": 1}), ToolCall("g")
    before = (
        user("x"),
        assistant(calls=(done, waiting)),
        tool_result(ToolResult(done, "done", 1)),
    )
    after = close_calls(before)
    assert after[:3] == before
    assert [(m.result.name, m.result.status) for m in after[3:] if m.result] == [
        ("g", "skipped")
    ]


def test_close_calls_leaves_a_finished_conversation() -> None:
    """A conversation without open calls comes back as it was."""
    call = ToolCall("f")
    finished = (
        user("x"),
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "done", 1)),
        assistant("1"),
    )
    assert close_calls(finished) == finished
    assert close_calls(()) == ()
