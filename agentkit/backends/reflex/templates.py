"""Example sentences, compiled, and a clause's words split as a sentence needs them.

`...` stands for any words. `+` glues a word to the slot beside it: in
`cancel my {title}+(meeting|lunch)` the word belongs to the title. Single words that
may replace each other become one part, so that few rows cover much.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import lru_cache
from itertools import islice, pairwise, product
from typing import Literal, TypeAlias

from agentkit.backends.reflex.clause_words import with_roles
from agentkit.backends.reflex.english import PHRASES, said_as, stem_of
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.request_tokens import RequestWord, read_number, read_words
from agentkit.slots import resolve_duration

# Rows of one sentence: brackets within brackets multiply, and a toolset is compiled at
# start.
_LIMIT = 100
# Groups: 1 a slot, 2 a gap, 3 a sign, 4 a word. `lastindex` tells which one it was.
_PIECE = re.compile(r"\{(\w+)\}|(\.\.\.)|([\[\](|)+])|([^\s\[\](|)+{}]+)")

Kind = Literal["word", "slot", "gap", "glue"]


@dataclass(frozen=True, slots=True)
class TemplatePart:
    """One place of a row: words of which one is met, a slot, or a gap.

    Attributes:
        words: the words that may be here.
        slot: the slot that is filled here.
        optional: whether it may be left out.
        glued: slot whose value the words belong to.
    """

    kind: Kind
    words: tuple[RequestWord, ...] = ()
    slot: str = ""
    optional: bool = False
    glued: str = ""

    @property
    def key(self) -> tuple[object, ...]:
        """What equal parts have in common."""
        stems = frozenset(word.stem for word in self.words)
        return self.kind, stems, self.slot, self.optional, self.glued


Row: TypeAlias = tuple[TemplatePart, ...]
Piece: TypeAlias = tuple[str, int | None]

_GLUE = TemplatePart("glue")


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
    """Read parts side by side; every combination is a row."""
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
    # Lazily, since the product of many choices would fill the memory before it is cut.
    combined = (sum(row, ()) for row in product(*parts))
    return list(islice(combined, _LIMIT)), index


@lru_cache(maxsize=4096)
def _read(text: str) -> tuple[RequestWord, ...]:
    """Read a sentence's words; most sentences share the same few."""
    return read_words(text)


def _single(text: str, kind: int | None) -> TemplatePart:
    if kind == 1:
        return TemplatePart("slot", slot=text)
    return TemplatePart("gap") if kind == 2 else _GLUE


def _read_run(run: list[str], *, initial: bool) -> list[list[Row]]:
    """Read plain words as a request's words are read; articles fall away."""
    words = with_roles(_read(" ".join(run)), initial=initial)
    return [[(TemplatePart("word", (word,)),)] for word in words if not word.article]


def _grouped(rows: list[Row], *, optional: bool) -> list[Row]:
    """Join alternatives of one word; keep longer ones as separate rows."""
    singles: list[TemplatePart] = []
    longer: list[Row] = []
    for row in rows:
        if len(row) == 1 and row[0].kind == "word":
            singles.append(row[0])
        elif row:
            longer.append(row)
    optional = optional or any(not row for row in rows)
    plain = all(part.kind == "word" for row in longer for part in row)
    # "[on my list]" is one row whose words may be missing, and not two rows.
    if optional and not singles and len(longer) == 1 and (plain or len(longer[0]) == 1):
        return [tuple(replace(part, optional=True) for part in longer[0])]
    found = list(longer)
    if singles:
        words = {word.stem: word for part in singles for word in part.words}
        loose = optional or any(part.optional for part in singles)
        found.insert(0, (TemplatePart("word", tuple(words.values()), optional=loose),))
    elif optional:
        found.insert(0, ())
    return found


def _phrased(row: Row) -> list[Row]:
    """Join "turn" and "(on|off)" to the phrases that a request's words are read as."""
    # A request's "turn on" is one word, so a sentence's must be as well.
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
        # Words that make no phrase with the first stay two: "turn up" beside "turn on".
        if rest:
            rows.append((*head, part, replace(following, words=rest), *tail))
        return rows
    return [row]


def _glued(row: Row) -> Row:
    """Give words that a `+` joins to a slot that slot's name."""
    runs: list[list[TemplatePart]] = []
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


def _named(run: list[TemplatePart]) -> Iterator[TemplatePart]:
    slot = next((part.slot for part in run if part.kind == "slot"), "")
    for part in run:
        yield replace(part, glued=slot) if part.kind == "word" else part


_LENGTH = re.compile(r"(?:(for|in|of|at|by|to)\s+)?(\S+)(?:\s+([a-z]+))?")
_UNITS = {
    "seconds": timedelta(seconds=1), "minutes": timedelta(minutes=1),
    "hours": timedelta(hours=1), "days": timedelta(days=1),
    "weeks": timedelta(weeks=1),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Apart:
    """What a pattern wants taken apart.

    Attributes:
        counts: whether "45 minutes" is a number and a word to the tool.
        unit: the unit of time that one of its numbers is named by.
        values: last words of phrases that its slots take: the "on" of "turn on".
    """

    counts: bool
    unit: str
    values: frozenset[str]

    def __bool__(self) -> bool:
        """Whether anything is to be taken apart."""
        return self.counts or bool(self.values)


def apart_for(
    slots: tuple[Param, ...], stems: set[str], params: Iterable[Param]
) -> Apart:
    """Say what a pattern wants apart, by its slots, its words and its tool."""
    kinds = {param.kind: param for param in params}
    numbers = [p for p in params if p.kind in ("integer", "number")]
    # A tool with a place for times wants them whole.
    counts = bool(numbers) and not kinds.keys() & {"when", "duration"}
    unit = next((p.name for p in numbers if p.name in _UNITS), "") if counts else ""
    ways = {
        way
        for param in slots
        if param.kind == "enum"
        for value in param.values
        for way in said_as(value)
    }
    ends = {key[-1] for key, stem in PHRASES.items() if stem not in stems}
    return Apart(counts, unit, frozenset(ways & ends))


def take_apart(words: tuple[RequestWord, ...], apart: Apart) -> tuple[RequestWord, ...]:
    """Take lengths and phrases apart as a pattern wants them."""
    found: list[RequestWord] = []
    for word in words:
        if apart.counts and word.kind in ("when", "duration"):
            found += _counted(word, apart.unit)
        elif " " in word.norm and word.norm.rpartition(" ")[2] in apart.values:
            found += _parted(word)
        else:
            found.append(word)
    return tuple(found)


def _parted(word: RequestWord) -> Iterator[RequestWord]:
    """Read "turn on" as two words."""
    start = word.start
    for norm in word.norm.split():
        stem = stem_of(norm)
        end = min(start + len(norm), word.end)
        yield replace(word, norm=norm, stem=stem, act="", start=start, end=end)
        start = end + 1


def _counted(word: RequestWord, unit: str) -> Iterator[RequestWord]:
    """Read "45 minutes" as a number and a word; a length in the unit asked for."""
    length = _length(word.norm) if unit else None
    if length is not None:
        count = f"{length / _UNITS[unit]:g}"
        yield replace(word, norm=count, stem=count, kind="number")
        yield replace(word, norm=unit, stem=stem_of(unit), kind="word")
        return
    match = _LENGTH.fullmatch(word.norm)
    if match is None or not read_number(match[2]):
        yield word
        return
    for norm in read_words(word.norm):
        start = word.start + norm.start
        yield replace(norm, start=start, end=word.start + norm.end)


def _length(said: str) -> timedelta | None:
    bare = re.sub(r"^(?:for|in|of)\s+", "", said)
    try:
        return resolve_duration(bare).delta
    except ValueError:
        return None
