"""One search over events, messages, contacts, reminders, lists and notes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from agentkit import Context, CorruptStore, ToolError, When, tool
from agentkit_tools._pack import SearchTable, sentences
from agentkit_tools._phrases import bullets, counted, paragraphs, phrase, say_moment
from agentkit_tools._store.lexical import LexicalMatch, LexicalQuery
from agentkit_tools._store.query import search

SETTINGS = SearchTable
_SAY = sentences("search")

Kind = Literal["", "event", "message", "contact", "reminder", "list item", "note"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchHit:
    """Something that was found.

    Attributes:
        kind: event, message, contact, reminder, list item or note.
        snippet: the words around the hit.
        time: ISO 8601; empty when it has none.
        when: the same as a person reads it.
    """

    kind: str
    title: str
    snippet: str
    time: str = ""
    when: str = ""
    warning: str = ""


def _say_hits(hits: list[SearchHit]) -> str:
    if not hits:
        return phrase("Nothing was found.")
    lines = [
        f"{phrase(hit.kind)}: {hit.title}"
        + (f", {hit.when}" if hit.when else "")
        + (f": {hit.snippet}" if hit.snippet else "")
        for hit in hits
    ]
    head = f"{counted(len(hits), 'hit')}:\n{bullets(lines)}"
    return paragraphs(head, hits[0].warning)


@tool(
    # Events and messages hold what others wrote.
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["search_everything"],
    wording=_say_hits,
)
def search_everything(
    context: Context,
    query: str = "",
    person: str = "",
    when: When | None = None,
    kind: Kind = "",
) -> list[SearchHit]:
    """Search everything: events, messages, contacts, reminders, lists and notes.

    Args:
        query: words to look for.
        person: who wrote it or is in it.
        when: day or time span it falls into.
        kind: only things of this kind.
    """
    wanted = LexicalQuery(
        words=query,
        person=person,
        start=when.start if when else None,
        end=when.until if when else None,
        kind=kind,
    )
    outcome = search(context, wanted)
    # "Nothing was found" must not be said of a store that could not be read.
    if not outcome.found and outcome.damage:
        raise CorruptStore(outcome.damage)
    if not outcome.found and outcome.fault:
        raise ToolError(outcome.fault)
    told = (outcome.damage, outcome.fault, outcome.note)
    warning = " ".join(filter(None, told))
    return [_hit(item, context, warning) for item in outcome.found]


def _hit(item: LexicalMatch, context: Context, warning: str) -> SearchHit:
    moment = (
        datetime.fromisoformat(item.moment).astimezone(context.tz)
        if item.moment
        else None
    )
    return SearchHit(
        kind=item.kind,
        title=item.title,
        # A snippet may hold line ends; a hit is one line.
        snippet=" ".join(item.snippet.split()),
        time=moment.isoformat() if moment else "",
        when=say_moment(moment, context.now) if moment else "",
        warning=warning,
    )
