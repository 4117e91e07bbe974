"""A long conversation fits a window, and nothing that counts is lost."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentkit import Agent, Done, Toolset, tool
from agentkit.backends import Reply, Request, ScriptedBackend, Traits
from agentkit.messages import (
    Conversation,
    Label,
    Message,
    ToolCall,
    ToolResult,
    assistant,
    system,
    tool_result,
    user,
)
from agentkit.outcomes import Compacted
from agentkit.stores.sessions import Compactor
from agentkit.stores.sessions.turn_summary import shorten_message

OWN = Label("tool", "personal", "trusted")
THEIRS = Label("tool", "personal", "untrusted")


def turn(number: int, *, words: int = 30, label: Label = OWN) -> Conversation:
    call = ToolCall("find", {"query": f"thing {number}"}, id=f"c{number}")
    found = [{"event_id": f"e{number}-{n}", "text": "word " * words} for n in range(9)]
    return (
        user(f"Question {number}?"),
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "done", found), label),
        assistant(f"Answer {number}."),
    )


def talk(turns: int, **options: Any) -> Conversation:
    said = [m for number in range(turns) for m in turn(number, **options)]
    return (system("Be kind."), *said, user("And now?"))


def test_a_history_without_its_beginning_is_fitted_anew() -> None:
    """Where old messages are taken away before, what was said since is sent all the same."""
    compactor, said = Compactor(), talk(60)
    compactor.fit(said, 3000)
    later = (said[0], *said[5:], *turn(99))
    made = compactor.fit(later, 3000)
    assert made.conversation[-1] == later[-1]
    assert made.after <= 3000


def test_what_fits_stays() -> None:
    """A conversation within the budget is the same object."""
    said = talk(2)
    made = Compactor().fit(said, 100_000)
    assert made.conversation is said
    assert (made.before, made.shortened, made.summarised) == (made.after, 0, 0)


def test_results_go_first() -> None:
    """Where shorter results are enough, no turn is summarised; ids and calls stay."""
    said = talk(6, words=90)
    made = Compactor().fit(said, 5000)
    assert made.after <= 5000 < made.before
    assert (made.summarised, made.shortened) == (0, 5)
    assert len(made.conversation) == len(said)
    for before, after in zip(said, made.conversation, strict=True):
        assert (after.label, after.calls) == (before.label, before.calls)
        if before.result and after.result:
            assert after.result.call == before.result.call
            assert "e0-8" in str(after.result) or "e0-8" not in str(before.result)


@pytest.mark.parametrize("budget", [600, 1500, 4000, 8000])
def test_a_thousand_turns(budget: int) -> None:
    """A thousand turns fit; system message and last turns are there word for word."""
    said = talk(1000)
    made = Compactor().fit(said, budget)
    assert made.after <= budget
    assert made.summarised + made.shortened > 900
    assert made.conversation[0] == said[0]
    assert made.conversation[-1] == said[-1]
    assert "Answer 999." in str(made.conversation)
    roles = [m.role for m in made.conversation]
    assert roles[1:3] == ["user", "assistant"]


def test_it_is_deterministic() -> None:
    """The same conversation and budget come to the same, always."""
    assert Compactor().fit(talk(200), 3000) == Compactor().fit(talk(200), 3000)


def test_labels_are_joined() -> None:
    """A summary of one untrusted personal text among many is untrusted and personal."""
    said = (*turn(0, label=THEIRS), *talk(100, label=Label("tool"))[1:])
    summary = Compactor().fit(said, 2000).conversation[1]
    assert summary.role == "assistant"
    assert summary.label == Label("model", "personal", "untrusted")


def test_no_label_is_lost() -> None:
    """The join over all messages is what it was."""
    said = (*turn(0, label=Label("tool", "secret", "untrusted")), *talk(50)[1:])

    def joined(messages: Conversation) -> Label:
        label = Label("model")
        for message in messages:
            label = label.join(message.label)
        return label

    assert joined(Compactor().fit(said, 1500).conversation) == joined(said)


def test_an_open_question_outlives_its_turn() -> None:
    """What the user was asked and never answered is in the summary, however old."""
    call = ToolCall("paint")
    asked = (
        user("Paint the door"),
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "skipped", "paint waits for the user's answer")),
        assistant("Which colour?"),
    )
    said = (*talk(3)[:-1], *asked, *talk(300)[1:])
    made = Compactor().fit(said, 2000)
    assert "asked, still open: Which colour?" in str(made.conversation)


def test_the_question_that_is_answered_is_there() -> None:
    """The turn before the last is whole: the user's "blue" has its question."""
    call = ToolCall("paint")
    asked = (
        user("Paint the door"),
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "skipped", "paint waits for the user's answer")),
        assistant("Which colour?"),
        user("blue"),
    )
    made = Compactor().fit((*talk(300)[:-1], *asked), 2000)
    assert made.conversation[-5:] == asked


def test_open_calls_stay() -> None:
    """Calls that wait for their results are never left out."""
    calls = (
        ToolCall("send", {"to": "Ana"}, "c1"),
        ToolCall("send", {"to": "Bo"}, "c2"),
    )
    said = (*talk(300), assistant(calls=calls))
    assert Compactor().fit(said, 1000).conversation[-1] == said[-1]


def test_what_was_left_out_stays_out() -> None:
    """The next step of a run has the same beginning, which a cache can keep."""
    said, compactor = talk(300), Compactor()
    first = compactor.fit(said, 3000).conversation
    call = ToolCall("find", {"query": "x"})
    longer = (
        *said,
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "done", "y")),
    )
    assert compactor.fit(longer, 3000).conversation[: len(first)] == first


def test_one_turn_more_keeps_the_beginning() -> None:
    """From one request to the next the beginning mostly stays the same, too."""
    starts = [
        Compactor().fit(talk(200 + more), 4000).conversation[1].text
        for more in range(8)
    ]
    assert len(set(starts)) <= 2


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.sampled_from(["turn", "untrusted", "long", "open", "system", "plain"]),
        max_size=40,
    ),
    st.integers(300, 3000),
)
def test_whatever_the_conversation(kinds: list[str], budget: int) -> None:
    """The last user turn and all system messages stay; no turn lacks its call."""
    said: list[Message] = []
    for number, kind in enumerate(kinds):
        if kind == "system":
            said.append(system(f"rule {number}"))
        elif kind == "plain":
            said += [user(f"hello {number}"), assistant("hi " * number)]
        elif kind == "open":
            said += turn(number)[:2]
        else:
            label = THEIRS if kind == "untrusted" else OWN
            said += turn(number, words=90 if kind == "long" else 5, label=label)
    said.append(user("the last"))
    made = Compactor().fit(tuple(said), budget).conversation
    assert made[-1] == said[-1]
    systems = [m for m in said if m.role == "system"]
    assert [m for m in made if m.role == "system"] == systems
    calls: list[ToolCall] = []
    for message in made:
        calls += message.calls
        assert message.result is None or message.result.call in calls


def small(*script: Any) -> ScriptedBackend:
    """Make a backend with a window."""
    return ScriptedBackend(script, traits=Traits(on_device=True, window=2000))


@tool(effect="read")
def find(query: str) -> list[str]:
    """Find.

    Args:
        query: what.
    """
    return [f"{query} {number}" for number in range(300)]


def test_a_run_fits_its_backend() -> None:
    """A backend with a window is sent what fits; the outcome has all of it."""
    seen: list[Request] = []

    def answer(request: Request) -> Reply:
        seen.append(request)
        return Reply(text="Found.")

    agent = Agent(Toolset([find]), small('[find(query="x")]', answer, "Ok."))
    first = agent.run("Find x", conversation=talk(60))
    assert isinstance(first, Done)
    compactor = Compactor()
    assert sum(map(compactor.tokens, seen[0].conversation)) < 2000
    assert first.conversation[: len(talk(60))] == talk(60)


def test_compaction_is_told() -> None:
    """The event tells tokens before and after, once for the same cut."""
    agent = Agent(backend=small("Hi.", "Ho."))
    events = list(agent.stream("Hello", conversation=talk(60)))
    found = [event for event in events if isinstance(event, Compacted)]
    assert len(found) == 1
    assert found[0].after < 2000 < found[0].before
    assert found[0].summarised > 0


def test_length_does_not_drive_it_off_the_device() -> None:
    """A long conversation is made to fit the small rung, not sent to the next one."""
    cloud = ScriptedBackend(["From the cloud."], name="cloud", on_device=False)
    agent = Agent(backend=[small("From here."), cloud], egress="allow")
    outcome = agent.run("Hello", conversation=talk(60))
    assert outcome.text == "From here."


def test_what_is_shortened_is_told_whole() -> None:
    """A tool's own words are made of the value that it gave, and not of what is left."""
    items = [{"id": f"m{at}", "text": "long " * 100} for at in range(9)]
    done = ToolResult(ToolCall("find_messages", {}, "1"), "done", items)
    short = shorten_message(tool_result(done), 20).result
    assert short is not None
    assert len(short.value) < len(items)
    assert short.typed == items
