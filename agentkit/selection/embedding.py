"""An embedding model of the application's own, beside the words."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TypeAlias

from agentkit.errors import ConfigError
from agentkit.selection.words import read_words
from agentkit.tools import AnyTool, Toolset

Embed: TypeAlias = Callable[[Sequence[str]], Sequence[Sequence[float]]]


@dataclass(frozen=True, slots=True)
class Selector:
    """How tools are selected.

    Attributes:
        limit: how many are shown at most.
        embed: texts to vectors, on this device; None for words alone. It is called
            once for the tools, and once for each request.
    """

    limit: int
    embed: Embed | None = None


class Closeness:
    """Compares a text with every tool of a toolset."""

    def __init__(self, toolset: Toolset, embed: Embed) -> None:
        """Embed the tools.

        Raises:
            ConfigError: the model does not give one vector for each text.
        """
        self._embed = embed
        self._tools = self._vectors([_document(tool) for tool in toolset])

    def score(self, text: str) -> list[float]:
        """Return the cosine with each tool, 0 to 1; what is below 0 is 0."""
        (said,) = self._vectors([text])
        return [
            max(0.0, sum(a * b for a, b in zip(said, tool, strict=True)))
            for tool in self._tools
        ]

    def _vectors(self, texts: list[str]) -> list[list[float]]:
        vectors = [_unit(vector) for vector in self._embed(texts)]
        if len(vectors) != len(texts):
            raise ConfigError(
                f"embed gave {len(vectors)} vectors for {len(texts)} texts; "
                "it must give one for each"
            )
        return vectors


@lru_cache(maxsize=16)
def closeness_of(toolset: Toolset, embed: Embed) -> Closeness:
    """Return the embedded tools of a toolset, made once."""
    return Closeness(toolset, embed)


def _document(tool: AnyTool) -> str:
    return f"{' '.join(read_words(tool.name))}: {tool.description}"


def _unit(vector: Sequence[float]) -> list[float]:
    length = math.sqrt(sum(x * x for x in vector)) or 1.0
    return [x / length for x in vector]
