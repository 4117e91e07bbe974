"""One search over the index of the files and that of the messages.

By words alone, or, where the user has named an embedding model, by words and by
likeness: the two lists are merged by their ranks (reciprocal rank fusion).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from agentkit import Context, MissingPackage, StoreError
from agentkit_tools._store.database import opened
from agentkit_tools._store.embedding import Embedding, open_embedding
from agentkit_tools._store.index import open_index, refresh
from agentkit_tools._store.lexical import (
    MAIL,
    MOST,
    THINGS,
    Found,
    Hit,
    Wanted,
    filters_of,
    rank,
    span_of,
)
from agentkit_tools._store.mailbox import quoted
from agentkit_tools._store.meaning import keep_messages, keep_things, like

_FLAT = 60


@dataclass(frozen=True, slots=True)
class _Part:
    """What one index has; `late` is what has no vector yet."""

    worded: list[Hit]
    alike: list[Hit]
    damage: str = ""
    late: int = 0


_NOTHING = _Part([], [])


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a search has found, best first.

    Attributes:
        damage: what of the stores could not be read.
        fault: why the embedding model was not used.
        note: what the model does not know yet.
    """

    found: list[Found]
    damage: str = ""
    fault: str = ""
    note: str = ""


def search(context: Context, wanted: Wanted) -> Outcome:
    """Find things that hold all words, or are like them.

    Raises:
        StoreError: a store or the index cannot be used.
    """
    if not quoted(wanted.words) and not wanted.person:
        return Outcome([])
    embedding, fault = _embedding(context) if wanted.words.strip() else (None, "")
    things = _things(context, wanted, embedding)
    letters = _letters(context, wanted, embedding)
    worded = sorted((*things.worded, *letters.worded), key=lambda hit: -hit.score)
    alike = sorted((*things.alike, *letters.alike), key=lambda hit: -hit.score)
    best = _fused(worded, alike) if alike else worded
    late = things.late + letters.late
    note = f"{late} new things are found by their words only, so far." if late else ""
    damage = " ".join(filter(None, (things.damage, letters.damage)))
    return Outcome([hit.found for hit in best[:MOST]], damage, fault, note)


def _embedding(context: Context) -> tuple[Embedding | None, str]:
    """Open the model that the settings name; a fault is told, and words suffice."""
    named = context.packs.get("search", {}).get("embedding", "")
    if not named:
        return None, ""
    path = Path(str(named)).expanduser()
    try:
        return open_embedding(path if path.is_absolute() else context.home / path), ""
    except (StoreError, MissingPackage) as exc:
        return None, f"{str(exc).removesuffix('.')}. The search went by words only."


def _fused(*lists: list[Hit]) -> list[Hit]:
    """Merge ranked lists: what stands high in one, or in both, comes first."""
    points: dict[tuple[str, int], float] = {}
    hits: dict[tuple[str, int], Hit] = {}
    for ranked in lists:
        for number, hit in enumerate(ranked):
            points[hit.place] = points.get(hit.place, 0.0) + 1 / (_FLAT + number)
            hits.setdefault(hit.place, hit)
    return [hits[place] for place in sorted(points, key=lambda one: -points[one])]


def _things(context: Context, wanted: Wanted, embedding: Embedding | None) -> _Part:
    if wanted.kind == "message":
        return _NOTHING
    with open_index(context.home) as index:
        warning = refresh(index, context)
        worded = rank(index, THINGS, wanted, filters_of(wanted), context)
        if embedding is None:
            return _Part(worded, [], warning)
        late = keep_things(index, embedding)
        alike = like(index, index, embedding, THINGS, wanted)
        return _Part(worded, alike, warning, late)


def _letters(context: Context, wanted: Wanted, embedding: Embedding | None) -> _Part:
    if (
        wanted.kind not in ("", "message")
        or not (context.home / "messages.db").exists()
    ):
        return _NOTHING
    with opened(context.home, context.now) as store:
        worded = rank(store.database, MAIL, wanted, span_of(wanted), context)
        if embedding is None:
            return _Part(worded, [], store.warning)
        with open_index(context.home) as index:
            late = keep_messages(index, store.database, store.path, embedding)
            alike = like(index, store.database, embedding, MAIL, wanted)
        return _Part(worded, alike, store.warning, late)
