"""The protocol of shields, and what they answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

from agentkit.messages import Conversation

Side = Literal["input", "output"]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a shield says of a text.

    Attributes:
        safe: it may go on.
        categories: what it violates, such as `S2`.
        reason: why, in words; empty when it was judged safe.
        judged: whether the shield could judge it; else `safe` is what the application
            chose for such a case.
    """

    safe: bool
    categories: tuple[str, ...] = ()
    reason: str = ""
    judged: bool = True


SAFE = Verdict(True)


class Shield(Protocol):
    """Looks at what comes in and what goes out."""

    @property
    def name(self) -> str:
        """Short name, for events."""
        ...

    async def check(self, side: Side, conversation: Conversation) -> Verdict:
        """Judge the last turn of a conversation: the user's, or the assistant's.

        Raises:
            BackendError: it cannot judge; the run stops.
        """
        ...
