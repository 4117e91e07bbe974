"""One search over events, messages, contacts, reminders, lists and notes."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit import Context, tool
from agentkit_tools._phrases import bullets, counted
from agentkit_tools._sentences import sentences
from agentkit_tools._store.index import Index

_SAY = sentences("search")


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """Something that was found.

    Attributes:
        kind: event, message, contact, reminder, list item or note.
        snippet: the words around the hit.
        when: its day and time; empty when it has none.
    """

    kind: str
    title: str
    snippet: str
    when: str = ""
    warning: str = ""


def _say_hits(hits: list[Hit]) -> str:
    if not hits:
        return "Nothing was found."
    lines = [
        f"{hit.kind}: {hit.title}"
        + (f", {hit.when}" if hit.when else "")
        + (f": {hit.snippet}" if hit.snippet else "")
        for hit in hits
    ]
    return f"{counted(len(hits), 'hit')}:\n{bullets(lines)}"


@tool(
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["search_everything"],
    wording=_say_hits,
)
def search_everything(context: Context, query: str) -> list[Hit]:
    """Search everything: events, messages, contacts, reminders, lists and notes.

    Args:
        query: words to look for.
    """
    found = Index.fresh(context).find(query)
    return [
        Hit(kind=row.kind, title=row.title, snippet=row.snippet, when=row.when)
        for row in found
    ]
