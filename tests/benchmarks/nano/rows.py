"""What nano is trained and measured on: a request, and the call that answers it.

Requests are sayings of the understanding's own benchmark with other words in their
slots each time; what no tool does comes from HWU64 and CLINC150 (CC BY), Home
Assistant's sentences, small talk and requests near to the tools. A row's frame is kept
back for measuring where the understanding keeps it back too.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

from agentkit.context import Context
from agentkit.discovery import installed_tools as tools_of_packs
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.messages import ToolCall
from agentkit.pythonic import format_calls
from tests.benchmarks.nano.gold import call_of
from tests.benchmarks.nano.said_parts import Part
from tests.benchmarks.understanding import sayings as said
from tests.benchmarks.understanding.corpora import Row, read_corpora, read_foreign
from tests.benchmarks.understanding.frames import Frame, frames

_CONTEXT = Context(now=datetime(2026, 9, 24, 10, tzinfo=UTC))
# The answer to what no tool does.
NONE = "none"
LANGS = ("en", "de", "fr", "es", "it", "pt")
# What is said and asks for nothing, or for nothing that a tool does.
_IDLE = (
    "none",
    "greeting",
    "thanks",
    "bye",
    "help",
    "capabilities",
    "negated",
    "quoted",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """A request with the answer that it should get; `turns` holds what came before."""

    text: str
    answer: str
    lang: str
    frame: str
    turns: tuple[tuple[str, str], ...] = ()
    source: str = "sayings"

    @property
    def kept(self) -> bool:
        """Whether its frame is measured on, and never trained on."""
        return Row(self.text, "", (), None, self.frame, "").kept


installed_tools = cache(tools_of_packs)


def positive(lang: str, per_frame: int, seed: int) -> Iterator[Asked]:
    """Fill the frames of requests for tools."""
    tools = installed_tools()
    for frame in frames(lang):
        if frame.tool not in tools:
            continue
        chance = random.Random(f"{seed}{frame.id}")
        seen: set[str] = set()
        for _ in range(per_frame):
            row = _filled(frame, chance)
            if row is not None and row.text not in seen:
                seen.add(row.text)
                yield row


def _filled(frame: Frame, chance: random.Random) -> Asked | None:
    text, parts = filled_parts(frame, chance)
    found = call_of(frame.tool, frame.lang, text, parts)
    if found is None or not is_valid(*found):
        return None
    return Asked(text, call(*found), frame.lang, frame.id)


def is_valid(tool: str, arguments: dict[str, Any]) -> bool:
    """Whether the tool takes a call; who is meant nobody can tell without contacts."""
    given = {name: value for name, value in arguments.items() if value != ""}
    try:
        installed_tools()[tool].check(given, _CONTEXT)
    except InvalidArguments:
        return len(given) < len(arguments)
    except InputNeeded:
        return True
    return True


def filled_parts(frame: Frame, chance: random.Random) -> tuple[str, list[Part]]:
    """Fill a frame: its text, and the marked spans of it."""
    text, parts = "", list[Part]()
    for words, slot in said.drawn(frame, chance, 0.15, 0.15):
        if slot:
            parts.append(Part(slot, words, len(text), len(text) + len(words)))
        text += words
    return text, parts


def call(tool: str, arguments: dict[str, Any]) -> str:
    """Write one call, its arguments in the order of the tool's parameters."""
    order = installed_tools()[tool].parameters["properties"]
    given = {name: arguments[name] for name in order if name in arguments}
    return format_calls([ToolCall(tool, given)])


def negative(langs: Sequence[str], seed: int) -> list[Asked]:
    """Return requests that no tool does, and what is said and asks for nothing."""
    tools = installed_tools().names
    rows: list[Asked] = []
    for lang in langs:
        for frame in frames(lang):
            if frame.tool in _IDLE:
                chance = random.Random(f"{seed}{frame.id}")
                for one in said.filled(frame, 2, chance, 0.2):
                    rows.append(Asked(one.text, NONE, lang, frame.id))
    foreign = [r for r in [*read_corpora(tools), *read_foreign(4)] if r.foreign]
    rows += [Asked(r.text, NONE, r.language, r.frame, source=r.source) for r in foreign]
    return rows
