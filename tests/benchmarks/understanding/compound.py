"""Two requests in one sentence, and a greeting before a request, made of the sayings.

Frames hold one request each; people say two. What is asked for is either of them, and
their values keep their roles, so that a word which joins ends a value.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from tests.benchmarks.understanding.corpora import Row, Spans

JOINTS = {
    "en": (" and ", " and then ", " and also ", ", then ", " plus ", ", also "),
    "de": (" und ", " und dann ", ", dann ", " und außerdem ", ", und "),
    "fr": (" et ", " et puis ", ", puis ", " et aussi ", ", et "),
    "it": (" e ", " e poi ", ", poi ", " e anche ", ", e "),
    "pt": (" e ", " e depois ", ", depois ", " e também ", ", e "),
    "es": (" y ", " y luego ", ", luego ", " y también ", ", y "),
    "hi": (" और ", " और फिर ", ", फिर ", ", और ", " और साथ में "),
    "th": (" และ", "แล้วก็", " แล้ว", " แล้วก็", " และก็"),
}
# As many in each language: two halves teach what no frame alone does, and no more.
PAIRS, OPENINGS = 300, 60
_ENDS = " .?!।…,"


def compounds(rows: Sequence[Row], seed: int) -> list[Row]:
    """Join rows of one language by twos.

    Args:
        rows: those that may be trained on; the sayings among them are joined, but for
            those of Hindi in Latin letters, whose joining words are other ones.
        seed: the same one joins the same rows.
    """
    chance = random.Random(seed)
    said: dict[str, list[Row]] = defaultdict(list)
    greetings: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        if row.language == "hi" and row.text.isascii():
            continue
        if row.source == "sayings" and not row.foreign:
            said[row.language].append(row)
        elif row.source == "sayings" and row.wanted == ("~greeting",):
            greetings[row.language].append(row)
    return [
        row
        for language in sorted(said)
        for row in _of(said[language], greetings[language], chance)
    ]


def _of(
    said: Sequence[Row], greetings: Sequence[Row], chance: random.Random
) -> Iterator[Row]:
    joints = JOINTS[said[0].language]
    ending = [row for row in said if not _is_open(row)]
    for _ in range(PAIRS):
        first, second = chance.choice(ending), chance.choice(said)
        if first.wanted != second.wanted:
            yield _joined(first, chance.choice(joints), second)
    for _ in range(OPENINGS if greetings else 0):
        opening, request = chance.choice(greetings), chance.choice(said)
        yield replace(_joined(opening, ", ", request), wanted=request.wanted)


def _is_open(row: Row) -> bool:
    """Whether a row ends in words that may go on: "and" belongs to what is noted."""
    spans = row.spans or ()
    return any(role == "text" and end == len(row.text) for _, end, role in spans)


def _joined(first: Row, joint: str, second: Row) -> Row:
    spoken = max((end for _, end, _ in first.spans or ()), default=0)
    head = first.text[:spoken] + first.text[spoken:].rstrip(_ENDS) + joint
    moved: Spans = tuple(
        (start + len(head), end + len(head), role)
        for start, end, role in second.spans or ()
    )
    return replace(
        second,
        text=head + second.text,
        wanted=(*first.wanted, *second.wanted),
        spans=(*(first.spans or ()), *moved),
        frame=f"{first.frame} {second.frame}",
        intent="",
    )
