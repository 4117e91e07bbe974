"""Conversations with planted personal values, and a cloud that looks for them."""

import random
import re
import unicodedata
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from agentkit import Agent, Context, Stopped, Toolset, tool
from agentkit.backends import Reply, Request, Traits
from agentkit.backends.wire import Names, chat_messages, encode, tool_documents
from agentkit.messages import (
    Conversation,
    Label,
    Message,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
    user,
)
from agentkit.privacy import EgressRule, PersonalValue, PrivacyPolicy, Values
from tests.agentkit.privacy.disguises import respelled
from tests.agentkit.privacy.oracle import leaking, verbatim

NAMES = (
    "Ana Ruiz", "Björn Åkesson", "Chloé Martín", "João Guimarães", "Giulia D'Amico",
    "Jürgen Groß", "Priya Sharma", "प्रिया शर्मा", "สมชาย ใจดี", "María José Núñez",
    "Zoë Fitzgerald-Okonkwo", "Łukasz Wiśniewski", "Renée Lefèvre", "Paulo Araújo",
)  # fmt: skip
TITLES = (
    "Chemotherapy with Dr Weiss", "Entretien avec l'avocat", "Termin beim Psychologen",
    "Cena con la abogada", "Colloquio di divorzio", "Consulta de fertilidade",
    "वकील से मुलाकात", "นัดหมอหัวใจ",
)  # fmt: skip
PLACES = ("12 Rosewood Lane", "Hauptstraße 7, 10115 Berlin", "Rua Augusta 1508")
SAYINGS = (
    "Please write to {}.", "What did {} say?", 'He said: "{}". What now?',
    "Forward it to {} & co", "¿Qué pasa con {}?", "Erinnere mich an {}!",
)  # fmt: skip


# What a conversation is made of; `words` has values only in the user's own words.
KINDS = ("results", "words", "clean")
CLEAN = (
    "What is the capital of Norway?", "Set the volume to 7.", "How far is the moon?",
    "Write a limerick about 3 otters.", "¿Cuántos días tiene febrero?", "Wie spät ist es?",
)  # fmt: skip


@dataclass
class Planted:
    """One conversation and what must not leave.

    Attributes:
        messages: the conversation before the request.
        request: the user's words.
        values: every planted value, as it is on the device.
        record: the fields of the result that the cloud plans over; empty when there
            is no result.
        written: the values as they stand in the user's words.
        told: what the tools say of themselves.
    """

    messages: Conversation
    request: str
    values: list[str]
    record: dict[str, Any]
    written: list[str] = field(default_factory=list[str])
    told: str = ""


def make(dice: random.Random, kind: str = "results") -> Planted:
    """Make one conversation."""
    planted = _with_results(dice)
    if kind == "words":
        # Earlier turns are the user's too: nothing carries a label.
        where = respelled(planted.values[2], dice)
        said = user(dice.choice(SAYINGS).format(where))
        return Planted(
            (said, assistant("Which one?")),
            planted.request,
            planted.values,
            {},
            [*planted.written, where],
            dice.choice(("", f"For {planted.values[0]}.")),
        )
    if kind == "clean":
        return Planted((), dice.choice(CLEAN), planted.values, {})
    return planted


def _with_results(dice: random.Random) -> Planted:
    name, title, place = dice.choice(NAMES), dice.choice(TITLES), dice.choice(PLACES)
    number = f"+49 30 {dice.randrange(10**6, 10**7)}"
    ascii_name = re.sub(r"\W", "", unicodedata.normalize("NFKD", name)) or "someone"
    ascii_name = (
        ascii_name if ascii_name.isascii() else f"person{dice.randrange(10**6)}"
    )
    email = f"{ascii_name.lower()}{dice.randrange(100)}@mail.example"
    start = f"2026-{dice.randrange(1, 13):02}-{dice.randrange(1, 28):02}T10:30"
    record = {
        "title": title, "start": start, "guest": name, "email": email,
        "place": place, "phone": number, "notes": f"{name} asked for {title}",
        "count": dice.randrange(10**5, 10**6),
    }  # fmt: skip
    asked, told = respelled(name, dice), respelled(name, dice)
    call = ToolCall("find_events", {"query": asked})
    label = Label("tool", "personal", "untrusted")
    shape = dice.choice(("list", "object", "nested"))
    value: Any = {"list": [record], "object": record, "nested": {"events": [record]}}[
        shape
    ]
    messages: list[Message] = [
        user(dice.choice(SAYINGS).format(told)),
        assistant(calls=(call,)),
        tool_result(ToolResult(call, "done", value), label),
    ]
    if dice.random() < 0.5:
        failed = ToolCall("find_events", {"query": title})
        told = f"find_events failed: no event {title!r} with {name} ({number})"
        messages += [
            assistant(calls=(failed,)),
            tool_result(ToolResult(failed, "error", told), label),
        ]
    if dice.random() < 0.5:
        answer = f"You meet {name} at {place}, call {number}."
        messages.append(Message("assistant", answer, label=Label("model", "personal")))
    wanted = respelled(dice.choice([name, title, email, number]), dice)
    request = dice.choice(SAYINGS).format(wanted)
    values = [name, title, place, number, email, start]
    return Planted(tuple(messages), request, values, record, [asked, told, wanted])


@tool(effect="read", personal=True, untrusted=False)
def find_events(query: str) -> list[dict[str, Any]]:
    """Find events.

    Args:
        query: words of them.
    """
    return []


@tool(effect="read", untrusted=False)
def save(email: str, about: str, start: str, count: int) -> str:
    """Save what was planned.

    Args:
        email: whom for.
        about: what about.
        start: when.
        count: a number.
    """
    return "saved"


@dataclass
class Cloud:
    """A backend elsewhere that keeps what it is sent, and plans over placeholders."""

    sent: list[bytes] = field(default_factory=list[bytes])
    name: str = "cloud"
    traits = Traits(destination="https://cloud.example/v1")

    async def reply(self, request: Request) -> Reply:
        """Take the request as the wire has it; call over what it shows."""
        names = Names(request.toolset)
        body = {
            "messages": chat_messages(request.conversation, names, request.context.now),
            "tools": tool_documents(request.toolset, names),
        }
        content = encode(body)
        request.release(self.traits.destination, content)
        self.sent.append(content)
        results = [m.result for m in request.conversation if m.result]
        if not results or results[-1].name == "save":
            return Reply(text="Done.")
        record = _first_record(results[0].value)
        about = f"About {record['title']} with {record['guest']}"
        return Reply(
            calls=(
                ToolCall(
                    "save",
                    {
                        "email": record["email"],
                        "about": about,
                        "start": record["start"],
                        "count": record["count"],
                    },
                ),
            )
        )


def _first_record(value: Any) -> dict[str, Any]:
    if isinstance(value, list):
        return _first_record(value[0])
    return _first_record(value["events"]) if "events" in value else value


@dataclass
class Tally:
    """What came of many conversations: by kind how many were run, and served."""

    runs: Counter[str] = field(default_factory=Counter[str])
    served: Counter[str] = field(default_factory=Counter[str])
    leaks: list[str] = field(default_factory=list[str])
    bound: int = 0
    wrong: list[str] = field(default_factory=list[str])


POLICIES = {
    "private": PrivacyPolicy(),
    "placeholders": PrivacyPolicy(
        rules=(EgressRule(label="personal", answer="placeholders"),)
    ),
    "open": PrivacyPolicy(mode="open"),
}


def measure(
    policy: str,
    count: int,
    home: Path,
    *,
    seed: int = 1,
    known: bool = True,
) -> Tally:
    """Run many conversations with a cloud backend and look into what it was sent.

    Args:
        policy: one of POLICIES.
        count: how many conversations, of all kinds in turn.
        home: folder of the ledger.
        seed: of the conversations.
        known: whether the agent is told the values, as a device's stores would.
    """
    dice, tally = random.Random(seed), Tally()
    context = Context(home=home)
    for index in range(count):
        kind = KINDS[index % len(KINDS)]
        planted = make(dice, kind)
        cloud = Cloud()
        agent = Agent(
            Toolset(find_events, save, *_further(planted.told)),
            cloud,
            planted.told,
            context=context,
            egress=POLICIES[policy],
            values=[PersonalValue(text) for text in planted.values] if known else (),
        )
        outcome = agent.run(planted.request, conversation=planted.messages)
        tally.runs[kind] += 1
        tally.served[kind] += not isinstance(outcome, Stopped)
        tally.leaks += leaking(planted.values, cloud.sent)
        if kind != "clean":
            tally.leaks += verbatim(planted.written, cloud.sent)
        saved = [result.arguments for result in outcome.calls if result.name == "save"]
        if saved:
            right = saved[0] == _wanted(planted.record)
            tally.bound += right
            tally.wrong += [] if right else [f"{saved[0]} for {planted.record}"]
    return tally


def _further(told: str) -> Toolset:
    """Make a tool whose description holds a value; none where nothing is told."""
    document = {"name": "note", "description": told, "parameters": {"type": "object"}}
    return Toolset.from_schemas([document] if told else [])


def _wanted(record: dict[str, Any]) -> dict[str, Any]:
    about = f"About {record['title']} with {record['guest']}"
    return {
        "email": record["email"],
        "about": about,
        "start": record["start"],
        "count": record["count"],
    }


def values_of(planted: Planted) -> Values:
    """Make the set that a device would know."""
    return Values(PersonalValue(text) for text in planted.values)
