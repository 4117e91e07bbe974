"""What a run's conversation must come down to for a backend's window."""

from __future__ import annotations

from collections.abc import Callable

from agentkit.backends.base import Backend
from agentkit.events import Compacted, Event
from agentkit.messages import Conversation
from agentkit.prompting import prompt_parts
from agentkit.prompting.report import count_tokens
from agentkit.sessions import Compactor
from agentkit.tools import Toolset

_ANSWER = 512


class Fitting:
    """Fits a run's conversation to the window of whoever serves a step.

    A backend may offer `window`, the most tokens of prompt and answer together; what
    is sent to one that does not is left as it is.
    """

    def __init__(self, emit: Callable[[Event], None]) -> None:
        """Take whom to tell."""
        self._emit = emit
        self._compactor = Compactor()
        self._told = (0, 0)
        self._tools: dict[tuple[str, ...], int] = {}

    def fit(
        self, conversation: Conversation, backend: Backend, toolset: Toolset
    ) -> Conversation:
        """Return the conversation, made shorter where it must be; tell of it."""
        window = int(getattr(backend, "window", 0) or 0)
        if not window or _is_short(conversation, window):
            return conversation
        budget = window - min(_ANSWER, window // 4) - self._cost(toolset)
        made = self._compactor.fit(conversation, max(budget, 1))
        counts = (made.shortened, made.summarised)
        if made.after < made.before and counts != self._told:
            self._told = counts
            self._emit(Compacted(made.before, made.after, *counts))
        return made.conversation

    def _cost(self, toolset: Toolset) -> int:
        if toolset.names not in self._tools:
            self._tools[toolset.names] = count_tokens(prompt_parts("", toolset))
        return self._tools[toolset.names]


def _is_short(conversation: Conversation, window: int) -> bool:
    """Tell at once of few messages without results, as most are, that they fit."""
    letters = sum(len(m.text) for m in conversation)
    plain = all(m.result is None and not m.calls for m in conversation)
    return plain and letters + 16 * len(conversation) < window // 4
