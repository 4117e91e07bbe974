"""Example sentences, compiled: `{slot}`, `[optional]`, `(a|b)`, `...`, `+`.

`...` stands for any words. `+` glues a word to the slot beside it: in
`cancel my {title}+(meeting|lunch)` the word belongs to the title. Single words that
may stand in each other's place become one part, so that few rows cover much.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import Literal, TypeAlias

from agentkit.backends.reflex.words import Word, read_words, with_roles

_LIMIT = 100
_PIECE = re.compile(r"\{(\w+)\}|(\.\.\.)|([\[\](|)+])|([^\s\[\](|)+{}]+)")

Kind = Literal["word", "slot", "gap", "glue"]


@dataclass(frozen=True, slots=True)
class Part:
    """One place of a row: words of which one is met, a slot, or a gap.

    Attributes:
        words: the words that may stand here.
        slot: the slot that is filled here.
        optional: whether it may be left out.
        glued: slot whose value the words belong to.
    """

    kind: Kind
    words: tuple[Word, ...] = ()
    slot: str = ""
    optional: bool = False
    glued: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What equal parts have in common."""
        stems = frozenset(word.stem for word in self.words)
        return self.kind, stems, self.slot, self.optional, self.glued


Row: TypeAlias = tuple[Part, ...]
Piece: TypeAlias = tuple[str, int | None]

_GLUE = Part("glue")


def expand(template: str) -> list[Row]:
    """Write out a template's rows; a hundred at most."""
    pieces = [
        (m.group(m.lastindex or 0), m.lastindex) for m in _PIECE.finditer(template)
    ]
    rows, _ = _choice(pieces, 0, initial=True)
    return [_glued(phrased) for row in rows for phrased in _phrased(row)]


def _choice(pieces: list[Piece], index: int, *, initial: bool) -> tuple[list[Row], int]:
    """Read alternatives up to a closing bracket."""
    rows: list[Row] = []
    while True:
        found, index = _sequence(pieces, index, initial=initial)
        rows += found
        if index < len(pieces) and pieces[index] == ("|", 3):
            index += 1
            continue
        return rows[:_LIMIT], index


def _sequence(
    pieces: list[Piece], index: int, *, initial: bool
) -> tuple[list[Row], int]:
    """Read parts that stand side by side; every combination is a row."""
    parts: list[list[Row]] = []
    run: list[str] = []
    while index < len(pieces):
        text, kind = pieces[index]
        if kind == 3 and text in "])|":
            break
        first = initial and not parts
        if kind == 4:
            run.append(text)
        else:
            parts += _read_run(run, initial=first)
            run = []
            first = initial and not parts
            if kind == 3 and text in "([":
                rows, index = _choice(pieces, index + 1, initial=first)
                parts.append(_grouped(rows, optional=text == "["))
            else:
                parts.append([(_single(text, kind),)])
        index += 1
    parts += _read_run(run, initial=initial and not parts)
    combined = (sum(row, ()) for row in product(*parts))
    return list(islice(combined, _LIMIT)), index


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[Word, ...]:
    """Read a sentence's words; the same few stand in most sentences."""
    return read_words(text)


def _single(text: str, kind: int | None) -> Part:
    if kind == 1:
        return Part("slot", slot=text)
    return Part("gap") if kind == 2 else _GLUE


def _read_run(run: list[str], *, initial: bool) -> list[list[Row]]:
    """Read plain words as a request's words are read; articles fall away."""
    words = with_roles(_read(" ".join(run)), initial=initial)
    return [[(Part("word", (word,)),)] for word in words if not word.article]


def _grouped(rows: list[Row], *, optional: bool) -> list[Row]:
    """Join alternatives of one word; keep longer ones as rows of their own."""
    singles: list[Part] = []
    longer: list[Row] = []
    for row in rows:
        if len(row) == 1 and row[0].kind == "word":
            singles.append(row[0])
        elif row:
            longer.append(row)
    optional = optional or any(not row for row in rows)
    plain = all(part.kind == "word" for row in longer for part in row)
    if optional and not singles and len(longer) == 1 and (plain or len(longer[0]) == 1):
        return [tuple(replace(part, optional=True) for part in longer[0])]
    found = list(longer)
    if singles:
        words = {word.stem: word for part in singles for word in part.words}
        loose = optional or any(part.optional for part in singles)
        found.insert(0, (Part("word", tuple(words.values()), optional=loose),))
    elif optional:
        found.insert(0, ())
    return found


def _phrased(row: Row) -> list[Row]:
    """Join "turn" and "(on|off)" to the phrases that a request's words are read as."""
    for place, (part, following) in enumerate(pairwise(row)):
        if part.kind != "word" or following.kind != "word" or following.optional:
            continue
        pairs = [
            (word, _read(f"{first.norm} {word.norm}"))
            for first in part.words[:1]
            for word in following.words
        ]
        joined = tuple(word for _, both in pairs if len(both) == 1 for word in both)
        rest = tuple(word for word, both in pairs if len(both) > 1)
        if len(part.words) > 1 or not joined:
            continue
        head, tail = row[:place], row[place + 2 :]
        rows: list[Row] = [(*head, replace(part, words=joined), *tail)]
        if rest:
            rows.append((*head, part, replace(following, words=rest), *tail))
        return rows
    return [row]


def _glued(row: Row) -> Row:
    """Give words that a `+` joins to a slot that slot's name."""
    runs: list[list[Part]] = []
    joined = False
    for part in row:
        if part.kind == "glue":
            joined = True
            continue
        if joined and runs:
            runs[-1].append(part)
        else:
            runs.append([part])
        joined = False
    return tuple(part for run in runs for part in _named(run))


def _named(run: list[Part]) -> Iterator[Part]:
    slot = next((part.slot for part in run if part.kind == "slot"), "")
    for part in run:
        yield replace(part, glued=slot) if part.kind == "word" else part
