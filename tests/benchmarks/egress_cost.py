"""What the privacy gate costs: `python -m tests.benchmarks.egress_cost [--rounds N]`.

A request of 4,000 tokens, as the openai backend writes it (the bundled tools and a
conversation), is searched for 2,000 personal values, none of which is in it. Printed
are the shortest and the median time of each stage in milliseconds. The ledger waits
for the disk and is printed by itself.
"""

from __future__ import annotations

import argparse
import random
import tempfile
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from itertools import count, product
from pathlib import Path

from agentkit.backends.wire import Names, chat_messages, encode, tool_documents
from agentkit.discovery import installed_tools
from agentkit.messages import (
    Message,
    ToolCall,
    ToolResult,
    assistant,
    tool_result,
    user,
)
from agentkit.privacy import (
    EgressRule,
    Gate,
    Ledger,
    Mask,
    PersonalValue,
    PrivacyPolicy,
    Values,
)
from agentkit.privacy.encodings import decoded, unescaped
from agentkit.privacy.spellings import flat, tokens
from tests.benchmarks.timing import timed

TARGET_MS = 1.0
TOKENS, VALUES = 4000, 2000
# As Llama's tokenizer needs for JSON with English words.
BYTES_A_TOKEN = 4
FIRST = [
    "Ana",
    "Ben",
    "Chloé",
    "Dmitri",
    "Elif",
    "Fatima",
    "Gustavo",
    "Hana",
    "Ines",
    "João",
    "Kenji",
    "Liam",
    "Maya",
]
LAST = (
    "Ruiz",
    "Åkesson",
    "Müller",
    "Okafor",
    "Tanaka",
    "Silva",
    "Novak",
    "Haddad",
    "Costa",
    "Weber",
    "Chen",
)
DOINGS = (
    "Dinner",
    "Dentist",
    "Review",
    "Lunch",
    "Training",
    "Interview",
    "Birthday",
    "Rehearsal",
)
SAID = (
    "Move my appointment on Tuesday to the afternoon, if that is free.",
    "What do I have to do before the workshop? Remind me at eight, and again at nine.",
    "Which of the two mails about the budget came first? Answer in one sentence.",
)


def values(count: int) -> Iterator[PersonalValue]:
    """Make names, first names, addresses, numbers, titles and places."""
    dice = random.Random(7)
    people = list(product(FIRST, LAST))
    yield from (PersonalValue(first, "contact") for first in FIRST)
    made = len(FIRST)
    while made < count:
        first, last = dice.choice(people)
        number = dice.randrange(10**6, 10**7)
        yield PersonalValue(f"{first} {last} {made}", "contact")
        yield PersonalValue(f"{last.lower()}{made}@mail.example", "email")
        yield PersonalValue(f"+49 30 {number}", "phone")
        yield PersonalValue(f"{dice.choice(DOINGS)} with {first} {made}", "event")
        yield PersonalValue(f"{made} {last} Street", "place")
        made += 5


def request(size: int) -> bytes:
    """Write a request of about so many tokens."""
    toolset = installed_tools(frozenset({"calendar", "reminders", "clock"}))
    messages: list[Message] = []
    names, now = Names(toolset), datetime(2026, 3, 5, 9, tzinfo=UTC)
    content = b""
    while len(content) < size * BYTES_A_TOKEN:
        index = len(messages)
        call = ToolCall("find_reminders", {"query": SAID[index % 3][:20]})
        listed = [{"title": SAID[index % 3], "due": f"2026-03-0{index % 9}T10:00"}] * 3
        messages += [
            user(SAID[index % 3]),
            assistant(calls=(call,)),
            tool_result(ToolResult(call, "done", listed)),
            assistant("There are three of them.\nThe first is due at ten."),
        ]
        body = {
            "messages": chat_messages(tuple(messages), names, now),
            "tools": tool_documents(toolset, names),
        }
        content = encode(body)
    return content


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=300)
    rounds = parser.parse_args().rounds
    content = request(TOKENS)
    text = content.decode()
    known = Values(values(VALUES))
    words = tokens(flat(text))
    numbers = count()

    def anew(said: str = text) -> str:
        """Return a text that was not searched before: an answer is kept."""
        return f"{said} {next(numbers)}"

    to = "https://cloud.example/v1"
    public = Gate(known=known)
    masked = Gate(
        policy=PrivacyPolicy(
            rules=(EgressRule(label="personal", answer="placeholders"),)
        ),
        label="personal",
        mask=Mask(known),
        known=known,
    )
    print(
        f"{len(content)} bytes, {len(known)} values; "
        f"target: the gate in {TARGET_MS:g} ms"
    )
    print(f"{'stage':<34}{'shortest':>10}{'median':>10}  ms")
    with tempfile.TemporaryDirectory() as home:
        ledger = Ledger(Path(home))
        stages: dict[str, Callable[[], object]] = {
            "gate, public text": lambda: public.check(to, anew()),
            "gate, masked text": lambda: masked.check(to, anew()),
            "  spelling (case, accents)": lambda: flat(text),
            "  words": lambda: tokens(flat(text)),
            "  escapes": lambda: unescaped(text),
            "  encodings": lambda: list(decoded(text)),
            "  search in plain words": lambda: known.find(anew(" ".join(words))),
            "ledger, on the disk": lambda: ledger.add(
                to=to, content=content, label="public", grant="benchmark"
            ),
        }
        for name, work in stages.items():
            few = min(rounds, 30) if name.startswith("ledger") else rounds
            shortest, median = timed(work, few)
            missed = name.startswith("gate") and shortest > TARGET_MS
            print(f"{name:<34}{shortest:>10.3f}{median:>10.3f}{'  MISSED' * missed}")


if __name__ == "__main__":
    main()
