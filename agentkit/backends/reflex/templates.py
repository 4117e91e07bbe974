"""Example sentences, compiled: `{slot}`, `[optional]`, `(a|b)`, `...`, `+`.

`...` stands for any words. `+` glues a word to the slot beside it: in
`cancel my {title}+(meeting|lunch)` the word belongs to the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice, product
from typing import Literal, TypeAlias

from agentkit.backends.reflex.words import Word, read_words

_LIMIT = 400
_PIECE = re.compile(r"\{(\w+)\}|(\.\.\.)|([\[\](|)+])|([^\s\[\](|)+{}]+)")

Kind = Literal["word", "slot", "gap"]


@dataclass(frozen=True, slots=True)
class Item:
    """One place of a pattern: a word to be met, a slot to be filled, or a gap.

    Attributes:
        text: the word, or the slot's name.
        glued: slot whose value the word belongs to.
    """

    kind: Kind
    text: str = ""
    glued: str = ""


Row: TypeAlias = tuple[Item, ...]


def expand(template: str) -> list[Row]:
    """Write out every variant of a template, a few hundred at most."""
    pieces = [match.group(match.lastindex or 0) for match in _PIECE.finditer(template)]
    kinds = [match.lastindex for match in _PIECE.finditer(template)]
    rows, _ = _choice(list(zip(pieces, kinds, strict=True)), 0)
    return [_glue(row) for row in islice(rows, _LIMIT)]


Piece: TypeAlias = tuple[str, int | None]
_PLUS = Item("word", "+")


def _choice(pieces: list[Piece], index: int) -> tuple[Iterable[Row], int]:
    """Read alternatives up to a closing bracket."""
    rows: list[Row] = []
    while True:
        parts, index = _sequence(pieces, index)
        rows += islice((sum(row, ()) for row in product(*parts)), _LIMIT)
        if index < len(pieces) and pieces[index] == ("|", 3):
            index += 1
            continue
        return rows, index


def _sequence(pieces: list[Piece], index: int) -> tuple[list[list[Row]], int]:
    parts: list[list[Row]] = []
    while index < len(pieces):
        text, kind = pieces[index]
        if kind == 3 and text in "])|":
            break
        if kind == 3 and text in "([":
            rows, index = _choice(pieces, index + 1)
            parts.append([*rows, *([()] if text == "[" else [])])
        else:
            parts.append([(_item(text, kind),)])
        index += 1
    return parts, index


def _item(text: str, kind: int | None) -> Item:
    if kind == 1:
        return Item("slot", text)
    if kind == 2:
        return Item("gap")
    return Item("word", text)


def _glue(row: Row) -> Row:
    """Give words that a `+` joins to a slot that slot's name."""
    runs: list[list[Item]] = []
    joined = False
    for item in row:
        if item == _PLUS:
            joined = True
            continue
        if joined and runs:
            runs[-1].append(item)
        else:
            runs.append([item])
        joined = False
    return tuple(item for run in runs for item in _named(run))


def _named(run: list[Item]) -> Iterator[Item]:
    slot = next((item.text for item in run if item.kind == "slot"), "")
    for item in run:
        yield Item("word", item.text, slot) if item.kind == "word" else item


def canonical(row: Row) -> tuple[tuple[Item, Word | None], ...]:
    """Read a row's words as a request's words are read; articles fall away."""
    found: list[tuple[Item, Word | None]] = []
    run: list[Item] = []
    for item in (*row, Item("gap")):
        if item.kind == "word" and (not run or run[-1].glued == item.glued):
            run.append(item)
            continue
        found += _read_run(run)
        run = [item] if item.kind == "word" else []
        if item.kind != "word":
            found.append((item, None))
    return tuple(found[:-1])


def _read_run(run: list[Item]) -> Iterator[tuple[Item, Word | None]]:
    if not run:
        return
    for word in read_words(" ".join(item.text for item in run)):
        if not word.article:
            yield Item("word", word.stem, run[0].glued), word
