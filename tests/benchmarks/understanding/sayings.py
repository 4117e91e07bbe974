"""What people say to their assistant and in messages: frames filled with words.

    python -m tests.benchmarks.understanding.sayings [LANG ...]

prints how many frames, variants and values there are. The files' marks are told in
frames.py.
"""

from __future__ import annotations

import argparse
import random
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.benchmarks.understanding.frames import (
    HERE,
    LANGS,
    Frame,
    Slot,
    frame_of,
    frames,
    values,
)

__all__ = [
    "LANGS",
    "Frame",
    "Saying",
    "Span",
    "filled",
    "frame_of",
    "messages",
    "sayings",
]

MESSAGE_LANGS = tuple(sorted(path.stem for path in (HERE / "messages").glob("*.txt")))
# What is no request, or so short that nobody is polite with it.
_PLAIN = frozenset({
    "greeting", "thanks", "bye", "help", "capabilities", "quoted", "none/unclear",
    "none/chitchat", "followup_confirm", "followup_deny", "followup_answer",
    "followup_pick",
})  # fmt: skip
# Slots whose words a slip of the finger would make another address or number.
_EXACT = frozenset({"text/email", "text/path", "text/url", "number/phone", "number"})
_STOPS = re.compile(r" ?[.,;:!?।…]+(?!\d)|(?<!\d)[.,;:!?¿¡।…]+")


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


def sayings(
    langs: Iterable[str] = LANGS,
    *,
    per_frame: int = 8,
    seed: int = 0,
    rough: float = 0.2,
    polite: float = 0.15,
) -> Iterator[Saying]:
    """Make sentences: up to `per_frame` different ones of each frame.

    Args:
        langs: names of the files; `hi_latn` holds Hindi in Latin letters.
        per_frame: how many are tried for a frame; it may have fewer.
        seed: the same seed makes the same sentences, whatever other frames there are.
        rough: the share that is written carelessly: in small letters, without
            punctuation or with a slip of the finger.
        polite: the share of requests with words of courtesy or of hesitation around
            them, which are no part of any span.
    """
    for lang in langs:
        for frame in frames(lang):
            chance = random.Random(f"{seed}{frame.id}")
            yield from filled(frame, per_frame, chance, rough, polite)


def messages(
    langs: Iterable[str] = MESSAGE_LANGS,
    *,
    per_frame: int = 3,
    seed: int = 0,
    rough: float = 0.1,
) -> Iterator[Saying]:
    """Make sentences of messages; `tool` is what one does to its reader."""
    for lang in langs:
        for frame in frames(lang, "messages"):
            chance = random.Random(f"{seed}{frame.id}")
            yield from filled(frame, per_frame, chance, rough)


def filled(
    frame: Frame, count: int, chance: random.Random, rough: float, polite: float = 0
) -> Iterator[Saying]:
    """Make up to `count` different sentences of one frame, a share carelessly."""
    shuffled = chance.sample(frame.variants, len(frame.variants))
    seen: set[str] = set()
    for number in range(count):
        parts = [
            _words(p, frame.lang, chance) for p in shuffled[number % len(shuffled)]
        ]
        pieces = [piece for part in parts for piece in part]
        if frame.section not in _PLAIN and chance.random() < polite:
            pieces = _courteous(pieces, frame.lang, chance)
        if frame.lang == "th":
            pieces = _spaced(pieces, chance)
        if chance.random() < rough:
            pieces = _careless(pieces, chance)
        saying = _saying(pieces, frame)
        if saying.text and saying.text not in seen:
            seen.add(saying.text)
            yield saying


def drawn(
    frame: Frame, chance: random.Random, rough: float, polite: float
) -> list[Piece]:
    """Fill a frame once: its words in pieces, each with the slot that it fills."""
    variant = chance.choice(frame.variants)
    pieces = [piece for part in variant for piece in _words(part, frame.lang, chance)]
    if chance.random() < polite:
        pieces = _courteous(pieces, frame.lang, chance)
    return _careless(pieces, chance) if chance.random() < rough else pieces


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


def _courteous(pieces: list[Piece], lang: str, chance: random.Random) -> list[Piece]:
    """Put a word of courtesy or hesitation before a request, or after it."""
    where = chance.choice(("before", "after"))
    word = chance.choice(values(lang)[f"courtesy/{where}"])
    if word.strip(", ") in "".join(words for words, _ in pieces):
        return pieces
    if where == "before":
        return [(f"{word} ", ""), *pieces]
    if pieces[-1][0][-1:] in "?!.…":
        return pieces
    space = "" if word[0] == "," or lang == "th" else " "
    return [*pieces, (space + word, "")]


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
            if not set(ends) & set(' "') and (foreign == 1 or chance.random() < 0.25):
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
        if lang in MESSAGE_LANGS:
            told = Counter(frame.section for frame in frames(lang, "messages"))
            yield "  messages: " + ", ".join(f"{k} {told[k]}" for k in sorted(told))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("langs", nargs="*", default=LANGS)
    print("\n".join(_table(parser.parse_args().langs)))
