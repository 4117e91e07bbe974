"""A reader without a model: it wants to write given tokens, and counts its passes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from agentkit.backends.prompt_cache import reusable


@dataclass
class FakeReader:
    """The likeliest token is the wanted one at each place, whatever was read.

    Attributes:
        prompt: length of the prompt in tokens.
        wanted: the tokens that it wants to write.
        vocabulary: number of tokens.
        passes: how many tokens were read in each pass.
    """

    prompt: int
    wanted: Sequence[int]
    vocabulary: int = 100
    ids: list[int] = field(default_factory=list[int])
    passes: list[int] = field(default_factory=list[int])

    def begin(self, prompt: Sequence[int]) -> int:
        shared = reusable(self.ids, prompt)
        del self.ids[shared:]
        return shared

    def read(self, ids: Sequence[int], rows: int) -> Any:
        numpy: Any = import_module("numpy")
        self.ids += ids
        self.passes.append(len(ids))
        made = numpy.zeros((rows, self.vocabulary), numpy.float32)
        first = len(self.ids) - rows + 1 - self.prompt
        for row in range(rows):
            made[row, self.wanted[min(first + row, len(self.wanted) - 1)]] = 9.0
        return made

    def drop(self, count: int) -> None:
        if count:
            del self.ids[-count:]
