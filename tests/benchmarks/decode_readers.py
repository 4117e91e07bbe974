"""Models and guessers that make a benchmark of decoding possible without weights."""

from __future__ import annotations

import time
from collections.abc import Sequence
from importlib import import_module
from typing import Any

from agentkit.backends.checkpoint import Checkpoint
from agentkit.backends.kv_cache import ModelReader
from agentkit.grammar import Guide
from tests.agentkit.backends.fake_reader import FakeReader

_ENDING = 5.0


class EndingReader(ModelReader):
    """A model with random weights that is inclined to end strings and lists."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        super().__init__(checkpoint.model)
        numpy: Any = import_module("numpy")
        words = checkpoint.tokenizer.get_vocab().items()
        ends = [number for word, number in words if set(word) & set("\"'])")]
        self._more: Any = numpy.zeros(checkpoint.model.config.vocab_size, numpy.float32)
        self._more[ends] = _ENDING

    def read(self, ids: Sequence[int], rows: int) -> Any:
        return super().read(ids, rows) + self._more


class DrivenReader(ModelReader):
    """A model that computes each pass, and writes what a script wants."""

    def __init__(self, checkpoint: Checkpoint, prompt: int, wanted: list[int]) -> None:
        super().__init__(checkpoint.model)
        self._script = FakeReader(prompt, wanted, checkpoint.model.config.vocab_size)
        self.seconds: list[float] = []

    def read(self, ids: Sequence[int], rows: int) -> Any:
        started = time.process_time()
        self._script.ids = list(self.ids)
        super().read(ids, rows)
        self.seconds.append(time.process_time() - started)
        return self._script.read(ids, rows)


class AllKnowing:
    """Guesses the very answer: so every token is read in a long pass."""

    def __init__(self, start: int, answer: Sequence[int]) -> None:
        self._start, self._answer = start, answer

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        return self._answer[len(written) - self._start :]
