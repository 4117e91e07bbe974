"""Frames of sentences, in files: sections, choices and slots, and words for the slots.

`sayings/LANG.txt` holds a section for each tool (`## create_event`) or other kind of
saying (`## greeting`, `## negated`, `## followup_move`), and a frame on each line:

    [please] (move|push) {title/the} to {time/bare}

`[x]` may be left out, `(a|b)` is a choice, `{role}` or `{role/kind}` is a slot, and
`{role:words}` a slot whose words are given. `## none/weather` is a kind of `none`.
`messages/LANG.txt` holds sentences of mails and messages by what they do to the reader;
there brackets stand for themselves, and only slots are marked.
`values/LANG.txt` holds the words for each slot (`## time/bare`); braces mark the span
where a value brings words of its own along: `den {Zahnarzt}`.

An event's name is always `title`, in a question too; `query` is what is searched for.
In "lunch with Anna", the title is "lunch" and the person "Anna". A list goes by its
bare name: "shopping". Addresses and numbers of people are `text/email`, `number/phone`.
All sentences are the project's own, and under its licence.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

HERE = Path(__file__).parent
LANGS = tuple(sorted(path.stem for path in (HERE / "sayings").glob("*.txt")))
ROLES = frozenset({
    "title", "text", "person", "place", "item", "list", "time", "duration", "number",
    "query",
})  # fmt: skip
# What is said beside requests for a tool.
OTHERS = frozenset({
    "none", "greeting", "thanks", "bye", "help", "capabilities", "negated", "quoted",
    "followup_move", "followup_change_person", "followup_add_person",
    "followup_add_item", "followup_confirm", "followup_deny", "followup_pick",
    "followup_undo", "followup_same_for", "followup_and_query", "followup_cancel",
    "followup_tell", "followup_invite", "followup_length", "followup_detail",
    "followup_ask", "followup_done", "followup_answer",
})  # fmt: skip
# What a sentence of a message does to its reader.
LABELS = frozenset({
    "ask", "meeting", "cancelled", "moved", "confirmed", "automatic",
    "quoted_or_joke", "none",
})  # fmt: skip
_TOKEN = re.compile(r"\{[^{}]*\}|[\[\]()|]|[^\[\](){}|]+")
_PLAIN = re.compile(r"\{[^{}]*\}|[^{}]+")
_SLOT = re.compile(r"\{(?P<role>\w+)(?:/(?P<kind>\w+))?(?::(?P<given>[^{}]+))?\}")


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in a frame that words of a role go into."""

    role: str
    kind: str = ""
    given: str = ""

    @property
    def name(self) -> str:
        """The section of the values it is filled from."""
        return f"{self.role}/{self.kind}" if self.kind else self.role


Variant = tuple[str | Slot, ...]


@dataclass(frozen=True, slots=True)
class Frame:
    """A sentence with slots, in all its variants; `id` depends on its words alone."""

    lang: str
    section: str
    source: str
    variants: tuple[Variant, ...]

    @property
    def tool(self) -> str:
        """The tool, or what else is said."""
        return self.section.split("/")[0]

    @property
    def id(self) -> str:
        """A name that stays when other frames come and go."""
        digest = hashlib.sha256(self.source.encode()).hexdigest()[:8]
        return f"{self.lang}.{self.section}.{digest}"

    @property
    def slots(self) -> set[Slot]:
        """All slots of all variants."""
        return {part for one in self.variants for part in one if isinstance(part, Slot)}


def frame_of(lang: str, section: str, source: str) -> Frame:
    """Read one frame.

    Raises:
        ValueError: brackets do not close, or a slot is none.
    """
    tokens = _TOKEN.findall(source)
    if "".join(tokens) != source:
        raise ValueError(f"A brace does not close in “{source}”.")
    variants, rest = _choice(tokens)
    if rest:
        raise ValueError(f"“{rest[0]}” closes nothing in “{source}”.")
    tidy = dict.fromkeys(_tidied(one) for one in variants)
    return Frame(lang, section, source, tuple(tidy))


def message_of(lang: str, section: str, source: str) -> Frame:
    """Read one sentence of a message: brackets stand for themselves."""
    parts = tuple(
        _slot(token) if token[0] == "{" else token for token in _PLAIN.findall(source)
    )
    return Frame(lang, section, source, (parts,))


def _choice(tokens: Sequence[str]) -> tuple[list[Variant], Sequence[str]]:
    """Expand up to what closes this level; the rest begins with it."""
    done: list[Variant] = []
    current: list[Variant] = [()]
    while tokens and tokens[0] not in "])":
        head, tokens = tokens[0], tokens[1:]
        if head == "|":
            done, current = done + current, [()]
            continue
        if head in "[(":
            inner, tokens = _closed(tokens, "]" if head == "[" else ")")
            options = [*inner, ()] if head == "[" else inner
        else:
            options = [(_slot(head) if head[0] == "{" else head,)]
        current = [one + more for one in current for more in options]
    return done + current, tokens


def _closed(tokens: Sequence[str], mark: str) -> tuple[list[Variant], Sequence[str]]:
    inner, rest = _choice(tokens)
    if not rest or rest[0] != mark:
        raise ValueError(f"“{mark}” is missing.")
    return inner, rest[1:]


def _slot(words: str) -> Slot:
    found = _SLOT.fullmatch(words)
    if not found:
        raise ValueError(f"“{words}” is no slot.")
    return Slot(found["role"], found["kind"] or "", found["given"] or "")


def _tidied(parts: Variant) -> Variant:
    """Join neighbouring words, and leave no two spaces where a part was left out."""
    merged: list[str | Slot] = []
    for part in parts:
        if isinstance(part, str) and merged and isinstance(merged[-1], str):
            merged[-1] += part
        else:
            merged.append(part)
    words = [p if isinstance(p, Slot) else re.sub(" {2,}", " ", p) for p in merged]
    if words and isinstance(words[0], str):
        words[0] = words[0].lstrip()
    if words and isinstance(words[-1], str):
        words[-1] = words[-1].rstrip()
    return tuple(part for part in words if part)


def _sections(path: Path) -> Iterator[tuple[str, str]]:
    """Yield each line with its section; # alone begins a comment."""
    section = ""
    for line in path.read_text("utf-8").splitlines():
        if line.startswith("## "):
            section = line[3:].strip()
        elif line.strip() and not line.startswith("#"):
            yield section, line.strip()


@cache
def frames(
    lang: str, of: Literal["sayings", "messages"] = "sayings"
) -> tuple[Frame, ...]:
    """Read a language's frames of what is said to an assistant, or in messages."""
    read = frame_of if of == "sayings" else message_of
    lines = _sections(HERE / of / f"{lang}.txt")
    return tuple(read(lang, section, line) for section, line in lines)


@cache
def values(lang: str) -> Mapping[str, tuple[str, ...]]:
    """Read the words for a language's slots, by the slot's name."""
    found: dict[str, list[str]] = {}
    for section, line in _sections(HERE / "values" / f"{lang}.txt"):
        found.setdefault(section, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}
