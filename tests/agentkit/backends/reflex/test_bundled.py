import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from importlib.resources import files
from typing import Any

import pytest

from agentkit.backends.base import Reply, Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.backends.reflex.drafts import read_request
from agentkit.backends.reflex.kits import kit_for
from agentkit.context import Context
from agentkit.discovery import installed_tools
from agentkit.messages import (
    Message,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
    user,
)
from agentkit.tools import Toolset

Say = Callable[..., Reply]

MAIN = (
    "Summarize my last 10 messages, pick out the action items, and send calendar "
    "invites for the follow-up meetings."
)
FOLLOW_UPS = [
    {
        "title": "Budget review", "start": "2026-03-06T10:00:00+00:00",
        "duration": "PT30M", "attendees": ["ann@example.org"],
        "source": "Ann Lee, Tue 3 Mar 14:02", "when": "Friday", "warning": "",
    },
    {
        "title": "Site visit", "start": "2026-03-09T09:00:00+00:00", "duration": "PT1H",
        "attendees": ["bob@example.org"], "source": "Bob, Tue 3 Mar 15:40",
        "when": "Monday", "warning": "",
    },
]  # fmt: skip


@pytest.fixture(scope="module")
def bundled() -> Toolset:
    """The tools that are installed with the package."""
    return installed_tools()


@pytest.fixture
def say(bundled: Toolset) -> Say:
    """Say something to the backend, with the bundled tools."""

    def reply(text: str, after: tuple[Message, ...] = ()) -> Reply:
        request = Request(
            conversation=(user(text), *after),
            toolset=bundled,
            context=Context(now=datetime(2026, 3, 4, 9, 30, tzinfo=UTC)),
        )
        return asyncio.run(ReflexBackend().reply(request))

    return reply


def test_sections_are_tools(bundled: Toolset) -> None:
    """Every section of the sentence files is named like a tool."""
    folder = files("agentkit_tools").joinpath("sentences")
    lines = [
        line
        for file in folder.iterdir()
        for line in file.read_text("utf-8").splitlines()
    ]
    sections = {line.strip()[1:-1] for line in lines if line.startswith("[")}
    assert sections <= set(bundled.names)


def test_the_main_request(say: Say) -> None:
    """The request of the demo reads first, then invites once per follow-up."""
    first = say(MAIN)
    assert [(call.name, dict(call.arguments)) for call in first.calls] == [
        ("summarize_messages", {"count": 10}),
        ("find_action_items", {"count": 10}),
        ("find_follow_ups", {"count": 10}),
    ]
    values: dict[str, Any] = {"find_follow_ups": FOLLOW_UPS, "find_action_items": []}
    results = [
        tool_result(ToolResult(call, "done", values[call.name]))
        if call.name in values
        else tool_result(ToolResult(call, "error", "no summary today"))
        for call in first.calls
    ]
    after = (assistant(calls=first.calls), *results)
    second = say(MAIN, after)
    assert second.calls == tuple(
        ToolCall(
            "send_invite",
            {
                key: item[key]
                for key in ("title", "start", "duration", "attendees", "source")
            },
        )
        for item in FOLLOW_UPS
    )
    denied = [tool_result(ToolResult(call, "denied", "no")) for call in second.calls]
    third = say(MAIN, (*after, assistant(calls=second.calls), *denied))
    assert not third.calls
    assert "no summary today" in third.text
    assert "Budget review" in third.text


@pytest.mark.parametrize(
    ("text", "name", "arguments"),
    [
        ("Wake me up at 7am", "set_alarm", {"time": "7am"}),
        ("What alarms do I have?", "list_alarms", {}),
        ("Turn my 7am alarm off", "cancel_alarm", {"time": "7am"}),
        ("Remind me tomorrow at 3pm to call the dentist", "create_reminder",
         {"text": "call the dentist", "when": "tomorrow at 3pm"}),
        ("What are my reminders?", "list_reminders", {}),
        ("Set a timer for 10 minutes", "start_timer", {"duration": "10 minutes"}),
        ("What's on my calendar tomorrow?", "find_events", {"when": "tomorrow"}),
        ("What's on Friday?", "find_events", {"when": "Friday"}),
        ("What else is on the 13th?", "find_events", {"when": "13th"}),
        ("What's Friday?", "tell_date", {"when": "Friday"}),
        ("Set an alarm for Friday at five pm", "set_alarm",
         {"time": "Friday at five pm"}),
        ("Do I have any meetings with Ann next week?", "find_events",
         {"when": "next week", "person": "Ann"}),
        ("Put \"Dinner with Ann\" on my calendar for Friday at 7pm", "create_event",
         {"title": "Dinner with Ann", "start": "Friday at 7pm"}),
        ("Move my dentist appointment to Friday at 3pm", "move_event",
         {"title": "dentist appointment", "to": "Friday at 3pm"}),
        ("When am I free on Friday?", "free_time", {"when": "Friday"}),
        ("Text Mom that I'm on my way", "send_message",
         {"to": "Mom", "text": "I'm on my way"}),
        ("Read my unread messages", "find_messages", {"unread": True}),
        ("What's Bob's phone number?", "find_contact", {"name": "Bob"}),
        ("Add Jane Doe jane@example.com to my contacts", "add_contact",
         {"name": "Jane Doe", "email": "jane@example.com"}),
        ("Add milk, eggs and bread to my shopping list", "add_to_list",
         {"item": "milk, eggs and bread", "list_name": "shopping"}),
        ("Take eggs off the grocery list", "remove_from_list",
         {"item": "eggs", "list_name": "grocery"}),
        ("Is milk on my shopping list?", "show_list",
         {"list_name": "shopping", "item": "milk"}),
        ("What time is it in Tokyo right now?", "tell_time", {"place": "Tokyo"}),
        ("What's today's date?", "tell_date", {"when": "today"}),
        ("Note down that the wifi code is 1234", "take_note",
         {"text": "the wifi code is 1234"}),
        ("Find everything about Project Apollo", "search_everything",
         {"query": "Project Apollo"}),
    ],
)  # fmt: skip
def test_everyday_requests(
    say: Say, text: str, name: str, arguments: dict[str, Any]
) -> None:
    """Everyday requests are read as one call of the tool that is meant."""
    reply = say(text)
    assert [(call.name, dict(call.arguments)) for call in reply.calls] == [
        (name, arguments)
    ]


def test_half_a_clause_takes_the_list_of_the_other(say: Say) -> None:
    """The list is named once and meant twice."""
    reply = say("add pears to my shopping list and remove rice")
    assert [call.arguments for call in reply.calls] == [
        {"item": "pears", "list_name": "shopping"},
        {"item": "rice", "list_name": "shopping"},
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Play some jazz", "What's my account balance?", "Tell me a joke",
        "What is the capital of Norway?", "Order a pizza", "Turn up the volume",
        "Translate good morning into Finnish",
    ],
)  # fmt: skip
def test_leaves_the_rest(say: Say, text: str) -> None:
    """What no bundled tool does is left to another backend."""
    assert say(text).abstained


@pytest.mark.parametrize(
    ("text", "name", "slot", "value"),
    [
        ("delete my 9am meeting tomorrow", "cancel_event", "when", "tomorrow 9am"),
        ("set up a 3pm call with Ben on friday", "create_event", "start", "friday 3pm"),
    ],
    ids=["hour, then day", "hour, title, day"],
)
def test_a_time_said_in_two_places_is_one(
    say: Say, text: str, name: str, slot: str, value: str
) -> None:
    """Neither half of a time that stands apart is lost."""
    (call,) = say(text).calls
    assert call.name == name
    assert call.arguments[slot] == value


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("Take a note: buy milk", "buy milk"),
        ("take a note that the code is 4711", "the code is 4711"),
    ],
    ids=["colon", "that"],
)
def test_a_notes_text_is_whole(say: Say, text: str, note: str) -> None:
    """No optional slot takes words out of the text beside it."""
    (call,) = say(text).calls
    assert (call.name, dict(call.arguments)) == ("take_note", {"text": note})


@pytest.mark.parametrize(
    ("said", "tool", "arguments"),
    [
        ("remember that my sister is called Eva", "remember_fact",
         {"text": "my sister is called Eva"}),
        ("merk dir, dass meine Schwester Eva heißt", "remember_fact",
         {"text": "meine Schwester Eva heißt"}),
        ("retiens que ma sœur s'appelle Eva", "remember_fact",
         {"text": "ma sœur s'appelle Eva"}),
        ("ricordati che mia sorella si chiama Eva", "remember_fact",
         {"text": "mia sorella si chiama Eva"}),
        ("lembra que minha irmã se chama Eva", "remember_fact",
         {"text": "minha irmã se chama Eva"}),
        ("recuerda que mi hermana se llama Eva", "remember_fact",
         {"text": "mi hermana se llama Eva"}),
        ("याद रखो कि मेरी बहन का नाम ईवा है", "remember_fact",
         {"text": "कि मेरी बहन का नाम ईवा है"}),
        ("what is my wifi password?", "recall_facts", {"query": "wifi password"}),
        ("wie ist mein WLAN-Passwort?", "recall_facts", {"query": "WLAN-Passwort"}),
        ("forget that", "forget_fact", {}),
        ("what does my day look like?", "brief", {}),
        ("wie sieht mein Tag aus?", "brief", {}),
        ("com'è la mia giornata?", "brief", {}),
        ("send it tomorrow at 8", "schedule_message", {"when": "tomorrow at 8"}),
        ("send Tom a message tomorrow at 8 saying hello", "schedule_message",
         {"when": "tomorrow at 8", "to": "Tom", "text": "hello"}),
        ("don't send the message to Tom", "withdraw_message", {"to": "Tom"}),
        ("remind me if Tom doesn't answer by Friday", "await_answer",
         {"person": "Tom", "when": "Friday"}),
    ],
)  # fmt: skip
def test_what_is_remembered_and_put_off_is_understood_by_rules(
    said: str, tool: str, arguments: dict[str, Any], bundled: Toolset
) -> None:
    """Without the trained understanding, too; a Hindi word keeps its signs."""
    context = Context(now=datetime(2026, 3, 4, 9, 30, tzinfo=UTC))
    (draft,) = read_request(said, kit_for(bundled), context).drafts
    assert (draft.tool, draft.arguments) == (tool, arguments)
