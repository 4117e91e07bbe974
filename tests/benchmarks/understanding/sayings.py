"""What people say to their assistant: frames with slots, read and filled.

`sayings/LANG.txt` holds a section for each tool (`## create_event`) or other kind of
saying (`## greeting`, `## negated`, `## followup_move`), and a frame on each line:

    [please] (move|push) {title/the} to {time/bare}

`[x]` may be left out, `(a|b)` is a choice, `{role}` or `{role/kind}` is a slot, and
`{role:words}` a slot whose words are given. `## none/weather` is a kind of `none`.
`values/LANG.txt` holds the words for each slot (`## time/bare`); braces mark the span
where a value brings words of its own along: `den {Zahnarzt}`.

An event's name is always `title`, in a question too; `query` is what is searched for.
In "lunch with Anna", the title is "lunch" and the person "Anna". A list goes by its
bare name: "shopping". Addresses and numbers of people are `text/email`, `number/phone`.

    python -m tests.benchmarks.understanding.sayings [LANG ...]

prints how many frames, variants and values there are. All sentences are the project's
own, and under its licence.
"""

from __future__ import annotations

import argparse
import hashlib
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

HERE = Path(__file__).parent
LANGS = tuple(sorted(path.stem for path in (HERE / "sayings").glob("*.txt")))
ROLES = frozenset(
    [
        "title",
        "text",
        "person",
        "place",
        "item",
        "list",
        "time",
        "duration",
        "number",
        "query",
    ]
)
# What is said beside requests for a tool.
OTHERS = frozenset(
    [
        "none",
        "greeting",
        "thanks",
        "bye",
        "help",
        "capabilities",
        "negated",
        "quoted",
        "followup_move",
        "followup_change_person",
        "followup_add_person",
        "followup_add_item",
        "followup_confirm",
        "followup_deny",
        "followup_pick",
        "followup_undo",
        "followup_same_for",
        "followup_and_query",
        "followup_cancel",
        "followup_tell",
        "followup_invite",
        "followup_length",
        "followup_detail",
        "followup_ask",
        "followup_done",
        "followup_answer",
    ]
)
# Slots whose words a slip of the finger would make another address or number.
_EXACT = frozenset({"text/email", "text/path", "number/phone", "number"})
_TOKEN = re.compile(r"\{[^{}]*\}|[\[\]()|]|[^\[\](){}|]+")
_SLOT = re.compile(r"\{(?P<role>\w+)(?:/(?P<kind>\w+))?(?::(?P<given>[^{}]+))?\}")
_STOPS = re.compile(r" ?[.,;:!?।…]+(?!\d)|(?<!\d)[.,;:!?¿¡।…]+")


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


@dataclass(frozen=True, slots=True)
class Span:
    """Where the words of a role stand: from `start` up to `end`, in characters."""

    role: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Saying:
    """One sentence, the tool it asks for, and the frame it was made from."""

    text: str
    tool: str
    spans: tuple[Span, ...]
    lang: str
    frame: str


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
def frames(lang: str) -> tuple[Frame, ...]:
    """Read a language's frames."""
    lines = _sections(HERE / "sayings" / f"{lang}.txt")
    return tuple(frame_of(lang, section, line) for section, line in lines)


@cache
def values(lang: str) -> Mapping[str, tuple[str, ...]]:
    """Read the words for a language's slots, by the slot's name."""
    found: dict[str, list[str]] = {}
    for section, line in _sections(HERE / "values" / f"{lang}.txt"):
        found.setdefault(section, []).append(line)
    return {name: tuple(lines) for name, lines in found.items()}


def sayings(
    langs: Iterable[str] = LANGS,
    *,
    per_frame: int = 8,
    seed: int = 0,
    rough: float = 0.2,
) -> Iterator[Saying]:
    """Make sentences: up to `per_frame` different ones of each frame.

    Args:
        langs: names of the files; `hi_latn` holds Hindi in Latin letters.
        per_frame: how many are tried for a frame; it may have fewer.
        seed: the same seed makes the same sentences, whatever other frames there are.
        rough: the share that is written carelessly: in small letters, without
            punctuation or with a slip of the finger.
    """
    for lang in langs:
        for frame in frames(lang):
            yield from _filled(
                frame, per_frame, random.Random(f"{seed}{frame.id}"), rough
            )


def _filled(
    frame: Frame, count: int, chance: random.Random, rough: float
) -> Iterator[Saying]:
    shuffled = chance.sample(frame.variants, len(frame.variants))
    seen: set[str] = set()
    for number in range(count):
        parts = [
            _words(p, frame.lang, chance) for p in shuffled[number % len(shuffled)]
        ]
        pieces = [piece for part in parts for piece in part]
        if frame.lang == "th":
            pieces = _spaced(pieces, chance)
        if chance.random() < rough:
            pieces = _careless(pieces, chance)
        saying = _saying(pieces, frame)
        if saying.text and saying.text not in seen:
            seen.add(saying.text)
            yield saying


# Words, and the name of the slot that they fill; empty for the frame's own words.
Piece = tuple[str, str]


def _words(part: str | Slot, lang: str, chance: random.Random) -> list[Piece]:
    if isinstance(part, str):
        return [(part, "")]
    value = part.given or chance.choice(values(lang)[part.name])
    before, brace, inner = value.partition("{")
    if not brace:
        return [(value, part.name)]
    span, _, after = inner.partition("}")
    return [(before, ""), (span, part.name), (after, "")]


def _saying(pieces: list[Piece], frame: Frame) -> Saying:
    text, spans = "", list[Span]()
    for words, name in pieces:
        if name:
            spans.append(Span(name.split("/")[0], len(text), len(text) + len(words)))
        text += words
    lang = frame.lang.partition("_")[0]
    return Saying(text, frame.tool, tuple(spans), lang, frame.id)


def _spaced(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Thai has no spaces between words, but around Latin letters, digits, some names."""
    spaced: list[Piece] = []
    for piece in pieces:
        if spaced and spaced[-1][0] and piece[0]:
            ends = spaced[-1][0][-1] + piece[0][0]
            foreign = sum(sign.isascii() and sign.isalnum() for sign in ends)
            if " " not in ends and (foreign == 1 or chance.random() < 0.25):
                spaced.append((" ", ""))
        spaced.append(piece)
    return spaced


def _careless(pieces: list[Piece], chance: random.Random) -> list[Piece]:
    """Write as one does in a hurry, or as dictation writes it down."""
    kind = chance.choice(("small", "bare", "slip"))
    if kind == "slip":
        at = chance.randrange(len(pieces))
        words, name = pieces[at]
        slipped = words if name in _EXACT else _slip(words, chance)
        return [*pieces[:at], (slipped, name), *pieces[at + 1 :]]
    bare = [(w if n in _EXACT else _STOPS.sub("", w), n) for w, n in pieces]
    return [(w.lower(), n) for w, n in bare] if kind == "small" else bare


def _slip(words: str, chance: random.Random) -> str:
    """Swap, drop or double a letter in a longer word, or drop a mark above a letter."""
    marks = [n for n, sign in enumerate(words) if unicodedata.category(sign) == "Mn"]
    if marks:
        at = chance.choice(marks)
        return words[:at] + words[at + 1 :]
    inside = [m.start() + 1 for m in re.finditer(r"(?=[^\W\d_]{4})", words)]
    if not inside:
        return words
    at = chance.choice(inside)
    one, two = words[at], words[at + 1]
    return (
        words[:at] + chance.choice((two + one, two, one + one + two)) + words[at + 2 :]
    )


def _table(langs: Iterable[str]) -> Iterator[str]:
    for lang in langs:
        read = frames(lang)
        count = Counter(frame.section for frame in read)
        variants = sum(len(frame.variants) for frame in read)
        words = sum(len(lines) for lines in values(lang).values())
        yield f"{lang}: {len(read)} frames, {variants} variants, {words} values"
        yield "  " + ", ".join(f"{name} {count[name]}" for name in sorted(count))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("langs", nargs="*", default=LANGS)
    print("\n".join(_table(parser.parse_args().langs)))
