"""The guides of a model's answers; a toolset's grammar is compiled once."""

from __future__ import annotations

from typing import Literal

from agentkit.errors import BackendUnavailable, ConfigError, ToolsetError
from agentkit.grammar import GrammarCache, GrammarTokenizer, Guide, Mode
from agentkit.tools import Toolset

Constrain = Mode | Literal["off"]
_CHOICES = ("auto", "calls", "text", "off")


def check_constrain(constrain: str) -> None:
    """Refuse a value that names no way of holding answers.

    Raises:
        ConfigError: it is none of the four.
    """
    if constrain not in _CHOICES:
        raise ConfigError(
            f"constrain must be one of {', '.join(_CHOICES)}, not {constrain!r}"
        )


class Guides:
    """Makes guides, and keeps the grammars of the toolsets used last.

    They are kept in memory only: a text is made sooner than it is compiled, and what
    is compiled cannot be written down.
    """

    def __init__(self, tokenizer: GrammarTokenizer, mode: Mode) -> None:
        """Take the model's tokenizer, and what its answers may be."""
        self._tokenizer = tokenizer
        self._mode: Mode = mode
        self._kept = GrammarCache()

    def held(self, toolset: Toolset) -> tuple[Guide | None, tuple[str, ...]]:
        """Make the guide of an answer, and say what it does not hold.

        Returns:
            The guide, None where there is nothing to call or no grammar; and
            sentences for the user.

        Raises:
            BackendUnavailable: only calls are allowed, and the tools make no grammar.
        """
        if not len(toolset):
            return None, ()
        try:
            guide = self._kept.guide(toolset, self._tokenizer, mode=self._mode)
        except ToolsetError as exc:
            if self._mode == "calls":
                raise BackendUnavailable(str(exc)) from exc
            return None, (f"calls are not held to the tools: {exc}",)
        return guide, self.relaxed(toolset)

    def relaxed(self, toolset: Toolset) -> tuple[str, ...]:
        """Name what the grammar does not express of the tools' schemas."""
        if not len(toolset):
            return ()
        told = self._kept.grammar(toolset, mode=self._mode).relaxed
        heads = tuple([f"{tool.name}." for tool in toolset])
        return tuple([one for one in told if one.startswith((*heads, "'"))])
