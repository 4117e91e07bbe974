"""Measure the reflex backend on utterances whose intent is known.

    python tests/benchmarks/utterances.py [FILE...] [--errors] [--sample N]
    python tests/benchmarks/utterances.py [FILE...] --arguments N [--seed N]

FILE holds one JSON object per line: `text`, `intent` and `tool`, a rough label. A
request whose label is `none` is out of scope: no call may be made for it. Requests
for the weather, the web and phone calls count neither way: no bundled tool does them.

Six tenths of the rows, chosen by a hash of the text, were looked at when the sentences
were written ("tuned"); the rest ("kept back") were not.

A question for a missing argument counts as its tool chosen. `exact` takes the tools
that LABELS names; `family` takes a neighbour too: corpora put "remind me to meet
Steve" under calendars and "cancel dinner" under a calendar's updates.

With --arguments, so many requests that were kept back and whose tool is right are
drawn, and printed with the arguments that were filled, to be judged by a person.
"""

import argparse
import asyncio
import hashlib
import json
import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentkit.backends.base import Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.context import Context
from agentkit.discovery import installed_tools
from agentkit.messages import user
from agentkit.tools import Toolset

DATA = Path(__file__).parents[3] / "shared" / "data"
DEFAULT = (DATA / "utterances_hwu64.jsonl", DATA / "utterances_clinc150.jsonl")
NOW = datetime(2026, 9, 24, 10, tzinfo=UTC)
NEITHER = frozenset({"weather.get", "search.web", "call"})

LABELS = {
    "calendar.create": "create_event send_invite",
    "calendar.search": "find_events free_time",
    "calendar.delete": "cancel_event",
    "alarm.create": "set_alarm",
    "alarm.list": "list_alarms",
    "alarm.delete": "cancel_alarm",
    "reminder.create": "create_reminder",
    "reminder.list": "list_reminders",
    "timer.start": "start_timer",
    "messages.send": "send_message",
    "messages.search": "find_messages summarize_messages",
    "contacts.search": "find_contact",
    "contacts.add": "add_contact",
    "list.add": "add_to_list create_list",
    "list.query": "show_list",
    "list.remove": "remove_from_list delete_list",
    "time.now": "tell_time tell_date",
    "time.convert": "convert_time",
}
# Intents whose rows are of several kinds, whatever their label says.
MIXED = {
    "calendar_update": "cancel_event move_event",
    "shopping_list_update": "remove_from_list delete_list",
    "todo_list_update": "remove_from_list delete_list",
}
NEIGHBOURS = {
    "calendar.create": "create_reminder move_event free_time",
    "calendar.search": "list_reminders show_list",
    "calendar.delete": "delete_reminder move_event",
    "alarm.create": "create_reminder start_timer",
    "alarm.delete": "set_alarm",
    "reminder.create": "create_event set_alarm",
    "reminder.list": "show_list find_events",
    "timer.start": "set_alarm create_reminder",
    "list.query": "list_reminders find_events",
    "list.add": "create_reminder",
    "time.convert": "tell_time",
    "contacts.add": "find_contact",
}
GROUPS = {
    "calendar": ("calendar.create", "calendar.search", "calendar.delete"),
    "reminder, alarm, timer": (
        "alarm.create", "alarm.list", "alarm.delete", "reminder.create",
        "reminder.list", "timer.start",
    ),
    "message, contact": (
        "messages.send", "messages.search", "contacts.search", "contacts.add",
    ),
    "list": ("list.add", "list.query", "list.remove"),
    "date and time": ("time.now", "time.convert"),
}  # fmt: skip


def kept_back(text: str) -> bool:
    """Whether nobody looked at it when the sentences were written."""
    return int(hashlib.sha256(text.encode()).hexdigest(), 16) % 10 >= 6


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was chosen for one utterance; empty when the backend abstained."""

    corpus: str
    text: str
    intent: str
    label: str
    chosen: tuple[str, ...]
    reason: str

    @property
    def exact(self) -> bool:
        """Whether a tool that the label names was chosen."""
        wanted = f"{LABELS[self.label]} {MIXED.get(self.intent, '')}".split()
        return bool(set(wanted) & set(self.chosen))

    @property
    def family(self) -> bool:
        """Whether it or a neighbour was."""
        near = NEIGHBOURS.get(self.label, "").split()
        return self.exact or bool(set(near) & set(self.chosen))


async def choose(text: str, backend: ReflexBackend, toolset: Toolset) -> Any:
    """Ask the backend for one utterance."""
    request = Request(
        conversation=(user(text),), toolset=toolset, context=Context(now=NOW)
    )
    return await backend.reply(request)


def rows(file: Path, sample: int) -> Iterator[dict[str, Any]]:
    """Read a file; with a sample, about so many of its out-of-scope rows."""
    read = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    foreign = [row for row in read if row["tool"] == "none"]
    every = max(1, len(foreign) // sample) if sample else 1
    yield from (row for row in read if row["tool"] != "none")
    yield from foreign[::every]


def judge(name: str, asked: Iterable[Any], toolset: Toolset) -> list[Verdict]:
    """Choose a tool for every row."""
    backend = ReflexBackend()
    found: list[Verdict] = []
    corpus = name.removeprefix("utterances_")
    for row in asked:
        reply = asyncio.run(choose(row["text"], backend, toolset))
        chosen = [call.name for call in reply.calls]
        chosen += [reply.question.tool] if reply.question else []
        found.append(
            Verdict(
                corpus,
                row["text"],
                row["intent"],
                row["tool"],
                tuple(chosen),
                reply.reason,
            )
        )
    return found


def print_arguments(
    asked: list[tuple[str, Any]], count: int, seed: int, toolset: Toolset
) -> None:
    """Print requests whose tool is right, with the arguments of their calls."""
    backend = ReflexBackend()
    late = [(n, r) for n, r in asked if kept_back(r["text"]) and r["tool"] in LABELS]
    random.Random(seed).shuffle(late)
    for name, row in late:
        reply = asyncio.run(choose(row["text"], backend, toolset))
        question = (reply.question.tool,) if reply.question else ()
        chosen = tuple(call.name for call in reply.calls) + question
        verdict = Verdict(name, row["text"], row["intent"], row["tool"], chosen, "")
        if verdict.exact:
            filled = [f"{call.name}{dict(call.arguments)}" for call in reply.calls]
            filled += [f"? {reply.question.text}"] if reply.question else []
            print(f"{row['text']}\n    {'; '.join(filled)}")
            count -= 1
        if not count:
            break


def share(hits: Iterable[bool]) -> str:
    """Write a share in per cent, with the count it is taken of."""
    found = list(hits)
    return f"{100 * sum(found) / len(found):5.1f} %" if found else "      -"


def line(name: str, verdicts: list[Verdict]) -> str:
    """Write one row of the table."""
    cells = [
        share(v.exact for v in verdicts),
        share(v.family for v in verdicts),
        share(bool(v.chosen) and not v.exact for v in verdicts),
        share(not v.chosen for v in verdicts),
    ]
    return f"| {name:24} | {len(verdicts):5} | " + " | ".join(cells) + " |"


def table(verdicts: list[Verdict]) -> str:
    """Write the table of what was in scope, by label, by group and as a whole."""
    head = "| label | rows | exact | family | other tool | abstained |"
    inside = [v for v in verdicts if v.label in LABELS]
    lines = [head, "|---|---|---|---|---|---|"]
    for label in LABELS:
        lines.append(line(label, [v for v in inside if v.label == label]))
    for group, labels in GROUPS.items():
        lines.append(line(f"**{group}**", [v for v in inside if v.label in labels]))
    lines.append(line("**all**", inside))
    return "\n".join(lines)


def foreign_table(verdicts: list[Verdict]) -> str:
    """Write how often a call was made out of scope, and for what no tool does."""
    lines = ["| out of scope | rows | call or question |", "|---|---|---|"]
    for corpus in dict.fromkeys(v.corpus for v in verdicts):
        for name, labels in (("none", {"none"}), ("no tool for it", NEITHER)):
            hits = [v for v in verdicts if v.corpus == corpus and v.label in labels]
            cells = f"{len(hits)} | {share(bool(v.chosen) for v in hits)}"
            lines.append(f"| {corpus}, {name} | {cells} |")
    return "\n".join(lines)


def print_errors(verdicts: list[Verdict]) -> None:
    """Print the tuned rows that went wrong, by intent."""
    by_intent: dict[str, list[Verdict]] = defaultdict(list)
    for verdict in verdicts:
        wrong = not verdict.exact if verdict.label in LABELS else bool(verdict.chosen)
        if wrong and not kept_back(verdict.text) and verdict.label not in NEITHER:
            by_intent[f"{verdict.label} {verdict.intent}"].append(verdict)
    for intent, found in by_intent.items():
        print(f"\n## {intent}: {len(found)} {Counter(v.chosen for v in found)}")
        for verdict in found:
            print(f"  {verdict.text} -> {verdict.chosen} | {verdict.reason}")


def report(verdicts: list[Verdict]) -> None:
    """Print the tables for the tuned rows, those kept back, and all."""
    early = [v for v in verdicts if not kept_back(v.text)]
    late = [v for v in verdicts if kept_back(v.text)]
    for name, part in (("tuned", early), ("kept back", late), ("all", verdicts)):
        print(f"\n### {name}\n\n{table(part)}\n\n{foreign_table(part)}")
    for corpus in dict.fromkeys(v.corpus for v in verdicts):
        part = [v for v in late if v.corpus == corpus and v.label in LABELS]
        print(line(f"{corpus}, kept back", part))


def main() -> None:
    """Measure, and print the tables."""
    parser = argparse.ArgumentParser(description="Measure the reflex backend.")
    parser.add_argument("files", nargs="*", type=Path, default=list(DEFAULT))
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--sample", type=int, default=0)
    parser.add_argument("--arguments", type=int, default=0)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--tuned", action="store_true", help="leave the rest alone")
    options = parser.parse_args()
    toolset = installed_tools()
    if options.arguments:
        asked = [(f.stem, row) for f in options.files for row in rows(f, 0)]
        print_arguments(asked, options.arguments, options.seed, toolset)
        return
    verdicts: list[Verdict] = []
    started = time.perf_counter()
    for file in options.files:
        if file.is_file():
            chosen = rows(file, options.sample)
            kept = (r for r in chosen if not (options.tuned and kept_back(r["text"])))
            verdicts += judge(file.stem, kept, toolset)
        else:
            print(f"{file} is not there; it was not measured.")
    if verdicts:
        report(verdicts)
        pace = 1000 * (time.perf_counter() - started) / len(verdicts)
        print(f"\n{pace:.1f} ms an utterance")
    if options.errors:
        print_errors(verdicts)


if __name__ == "__main__":
    main()
