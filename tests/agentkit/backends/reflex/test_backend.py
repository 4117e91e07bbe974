import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from agentkit.backends import pick_backend
from agentkit.backends.base import Reply, Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.context import Context
from agentkit.messages import ToolResult, assistant, tool_result, user
from agentkit.tools import Toolset

Ask = Callable[..., Reply]
NOW = datetime(2026, 3, 3, 9, tzinfo=UTC)


def calls_of(reply: Reply) -> list[tuple[str, dict[str, Any]]]:
    return [(call.name, dict(call.arguments)) for call in reply.calls]


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("turn off the kitchen light", "light", {"room": "kitchen", "state": "off"}),
        ("Turn the Blue Room light on!", "light", {"room": "Blue Room", "state": "on"}),
        ("could you please turn on the hall light", "light", {"room": "hall", "state": "on"}),
        ("fax Bob that I am late", "fax", {"to": "Bob", "text": "I am late"}),
        ("fax mom I'm on my way", "fax", {"to": "mom", "text": "I'm on my way"}),
        ('fax Ann saying "No, Thanks"', "fax", {"to": "Ann", "text": "No, Thanks"}),
        ("water the roses tomorrow at 7am", "water", {"plants": "roses", "when": "tomorrow at 7am"}),
        ("tomorrow at 7am water the roses", "water", {"plants": "roses", "when": "tomorrow at 7am"}),
        ("water the roses for ten minutes", "water", {"plants": "roses", "duration": "ten minutes"}),
        ("set the heating to 21 degrees", "heat", {"degrees": 21}),
        ("set the heating to twelve degrees every day", "heat", {"degrees": 12, "repeat": "daily"}),
        (
            "put the Harvest feast with Ann and Bob in the guest book",
            "note_feast",
            {"title": "Harvest feast", "guests": ["Ann", "Bob"]},
        ),
    ],
)  # fmt: skip
def test_reads_a_tool_and_its_slots(
    ask: Ask, text: str, name: str, arguments: dict[str, Any]
) -> None:
    """A sentence's tool is called with the user's own words as arguments."""
    assert calls_of(ask(text)) == [(name, arguments)]


def test_a_tool_without_sentences(ask: Ask) -> None:
    """Name and schema are enough for a tool that declares no sentences."""
    reply = ask("Book me a taxi to the airport at 6")
    assert calls_of(reply) == [
        ("book_taxi", {"destination": "airport", "time": "at 6"})
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "   ", "tell me a joke", "what is the capital of France",
        "play some jazz", "turn off the radio", "book a flight to Paris",
        "do not fax Bob that I am late", "¿dónde está la biblioteca?", "\x00\x01",
        "fax", "light",
    ],
)  # fmt: skip
def test_leaves_what_is_unclear(ask: Ask, text: str) -> None:
    """What no sentence is like is left to another backend, with a reason."""
    reply = ask(text)
    assert not reply.calls
    assert reply.question is not None or (reply.abstained and reply.reason)


def test_answers_what_asks_for_nothing(ask: Ask) -> None:
    """A greeting is answered; nothing is called."""
    reply = ask("hello")
    assert reply.text
    assert reply.calls == ()
    assert not reply.abstained
    assert reply.question is None


@pytest.mark.parametrize(
    "text",
    ["fax Bob " * 400, "a " * 50_000, '"' * 2000, "and " * 499, "tomorrow at 3 " * 140],
    ids=["long", "100 kB", "quotes", "joints", "dates"],
)
def test_odd_lengths_end(ask: Ask, text: str) -> None:
    """Long and odd texts are answered, or left, without harm."""
    assert not ask(text).calls


def test_two_clauses_and_a_pronoun(ask: Ask) -> None:
    """Each clause is a call, and "her" is the person named before."""
    reply = ask("water the roses for Grandma tonight and fax her the details")
    names = [call.name for call in reply.calls]
    assert names == ["water", "fax"]
    assert reply.calls[1].arguments["to"] == "Grandma"


def test_two_people_are_two_calls(ask: Ask) -> None:
    """A call for one person is made for each that is named."""
    got = calls_of(ask("fax Ann and Bob that dinner is ready"))
    assert [arguments["to"] for _, arguments in got] == ["Ann", "Bob"]


def test_an_unclear_clause_stops_the_whole(ask: Ask) -> None:
    """Half a request is not done when the other half is unclear."""
    reply = ask("fly me to the moon and turn off the hall light")
    assert reply.abstained
    assert "moon" in reply.reason


def test_asks_for_what_is_missing(ask: Ask) -> None:
    """A missing argument is asked for in the words of its description."""
    reply = ask("book a taxi to the harbour")
    assert reply.question is not None
    assert (reply.question.tool, reply.question.slot) == ("book_taxi", "time")
    assert "when it comes" in reply.question.text


def test_an_answer_completes_the_call(ask: Ask) -> None:
    """The user's next turn fills the slot that was asked for."""
    first = "book a taxi to the harbour"
    before = (user(first), assistant(ask(first).text))
    reply = ask("tomorrow at noon", before=before)
    assert calls_of(reply) == [
        ("book_taxi", {"destination": "harbour", "time": "tomorrow at noon"})
    ]


def test_a_question_can_be_called_off(ask: Ask) -> None:
    """ "Never mind" is no destination, no text and no time."""
    first = "fax Bob"
    reply = ask("Never mind.", before=(user(first), assistant(ask(first).text)))
    assert not reply.calls
    assert reply.text == "All right, nothing was done."
    assert "called off" in reply.reason


def test_a_pronoun_looks_back_over_turns(ask: Ask) -> None:
    """ "Him" is the person whom an earlier turn named."""
    before = (user("water the roses for Grandpa"), assistant("Done."))
    reply = ask("fax him that they are wet", before=before)
    assert calls_of(reply) == [("fax", {"to": "Grandpa", "text": "they are wet"})]


def test_a_pronoun_for_nobody_is_asked_about(ask: Ask) -> None:
    """Nobody is written to when "her" stands for nobody."""
    reply = ask("fax her that I am late")
    assert reply.question is not None
    assert reply.question.slot == "to"


def replies_to(backend: ReflexBackend, *requests: Request) -> list[Reply]:
    """Ask a backend one request after the other."""
    return [asyncio.run(backend.reply(request)) for request in requests]


def test_what_was_read_changes_no_later_answer(household: Toolset) -> None:
    """A step, a turn, other tools and another clock are answered as by a new backend."""
    now, later = NOW, NOW.replace(year=2027)
    first = (user("water the roses on Feb 29 and fax Grandpa that I am late"),)
    (asked,) = replies_to(
        ReflexBackend(), Request(conversation=first, toolset=household)
    )
    done = tuple(tool_result(ToolResult(call, "done", "ok")) for call in asked.calls)
    second = (*first, assistant(calls=asked.calls), *done)
    third = (*second, assistant("Done."), user("fax him that they are wet"))
    requests = [
        Request(conversation=conversation, toolset=tools, context=Context(now=clock))
        for clock in (now, later, now)
        for tools in (household, household.select(["fax", "light"]))
        for conversation in (first, second, third, second, first)
    ]
    anew = [replies_to(ReflexBackend(), request)[0] for request in requests]
    assert replies_to(ReflexBackend(), *requests) == anew
    assert len({repr(reply) for reply in anew}) == 4


def test_says_why(ask: Ask) -> None:
    """The reason names the words, the tool and the slots."""
    reason = ask("turn off the kitchen light").reason
    assert "light" in reason
    assert "room: 'kitchen'" in reason


def test_nothing_was_asked() -> None:
    """A conversation without a user's turn is left alone."""
    reply = asyncio.run(
        ReflexBackend().reply(Request(conversation=(), toolset=Toolset()))
    )
    assert reply.abstained


def test_is_found_by_name() -> None:
    """The backend is picked as "reflex", on the device."""
    backend, _ = pick_backend("reflex")
    assert (backend.name, backend.traits.on_device) == ("reflex", True)
