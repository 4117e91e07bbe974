"""The conversations up to each answer, for clients that continue by its id."""

from __future__ import annotations

from collections import OrderedDict

from agentkit.serve.api_errors import ApiError
from agentkit.serve.client_messages import ChatMessage

# Conversations that are remembered for each user. A client that goes on sends the id of
# the last one; what is older it sends anew.
_REMEMBERED = 256


class RememberedAnswers:
    """The conversation up to each answer, by the answer's id."""

    def __init__(self, most: int = _REMEMBERED) -> None:
        """Store how many are kept for each user."""
        self._most = most
        self._kept: dict[str, OrderedDict[str, tuple[ChatMessage, ...]]] = {}

    def find(self, user: str, name: str) -> tuple[ChatMessage, ...]:
        """Return the conversation up to an answer of this process.

        Raises:
            ApiError: it is not known any more.
        """
        found = self._kept.get(user, OrderedDict()).get(name)
        if found is None:
            raise ApiError(
                404,
                "response_not_found",
                f"there is no response {name!r:.80} (any more): send the conversation",
                "previous_response_id",
            )
        return found

    def keep(self, user: str, name: str, said: tuple[ChatMessage, ...]) -> None:
        """Keep a conversation, and forget the oldest."""
        kept = self._kept.setdefault(user, OrderedDict())
        kept[name] = said
        while len(kept) > self._most:
            kept.popitem(last=False)
