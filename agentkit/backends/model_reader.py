"""A `transformers` model that reads tokens and keeps what it has read.

What is kept is one sequence. After a failure nothing is kept: layers may then have
read a different number of tokens.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from inspect import signature
from typing import Any

from agentkit.backends.decoding import ReadingStopped
from agentkit.backends.prompt_cache import reusable
from agentkit.grammar import Guide

# Tokens of a prompt that are read in one pass: bounds the memory that a pass takes,
# and how long a cancelled one goes on.
CHUNK = 256


def cache_argument(forward: Callable[..., Any]) -> str:
    """Return by which name a model's forward pass takes its cache.

    `transformers` 5.24 renamed the argument and warns at its old name. The signature
    tells, and not the version: a checkpoint may bring a model class of its own.
    """
    return "cache" if "cache" in signature(forward).parameters else "past_key_values"


class ModelReader:
    """Reads with a model.

    Attributes:
        model: the `transformers` model.
        ids: the tokens that it has read.
        stopped: asked between passes whether to end.
    """

    def __init__(self, model: Any, stopped: Callable[[], bool] = bool) -> None:
        """Take a model that has read nothing yet."""
        self.model = model
        self.stopped = stopped
        self.ids: list[int] = []
        self._torch: Any = import_module("torch")
        self._transformers: Any = import_module("transformers")
        self._cache_argument = cache_argument(model.forward)
        self._cache: Any = self._empty()

    def begin(self, prompt: Sequence[int]) -> int:
        """Keep what a prompt shares with what was read; return how many tokens."""
        shared = reusable(self.ids, prompt)
        self.drop(len(self.ids) - shared)
        return shared

    def read(self, ids: Sequence[int], rows: int) -> Any:
        """Read tokens, and return the logits behind the last ones.

        Raises:
            ReadingStopped: it was cancelled between two passes.
        """
        done = 0
        while len(ids) - done >= CHUNK + rows:
            if self.stopped():
                raise ReadingStopped
            self._pass(ids[done : done + CHUNK], 1)
            done += CHUNK
        return self._pass(ids[done:], rows).float().cpu().numpy()

    def drop(self, count: int) -> None:
        """Forget the last tokens."""
        if not count:
            return
        if count >= len(self.ids):
            self.forget()
            return
        self._cache.crop(-count)
        del self.ids[-count:]

    def forget(self) -> None:
        """Forget all tokens."""
        self.ids = []
        self._cache = self._empty()

    def likeliest(
        self, written: Sequence[int], guide: Guide | None, count: int
    ) -> list[int]:
        """Go on greedily behind what is written.

        Args:
            written: all tokens so far, at least one.
            guide: the grammar's state behind them; it is moved on.
            count: most tokens to return.
        """
        made: list[int] = []
        unread = list(written[self.begin(written) :])
        while len(made) < count and not (guide and guide.finished):
            (row,) = self.read(unread, 1)
            if guide is not None:
                guide.apply(row)
            unread = [int(row.argmax())]
            made += unread
            if guide is not None:
                guide.accept(unread)
        return made

    def layers(self, count: int) -> list[tuple[Any, Any]]:
        """Return keys and values of each layer for the first tokens read."""
        return [
            (layer.keys[:, :, :count], layer.values[:, :, :count])
            for layer in self._cache.layers
        ]

    def restore(self, ids: Sequence[int], layers: Sequence[tuple[Any, Any]]) -> None:
        """Have read tokens whose keys and values are given."""
        self.forget()
        for index, (keys, values) in enumerate(layers):
            device = self._device(index)
            self._cache.update(keys.to(device), values.to(device), index)
        self.ids = list(ids)

    def _pass(self, ids: Sequence[int], rows: int) -> Any:
        torch = self._torch
        try:
            with torch.inference_mode():
                made = self.model(
                    input_ids=torch.tensor([list(ids)], device=self.model.device),
                    use_cache=True,
                    logits_to_keep=rows,
                    **{self._cache_argument: self._cache},
                )
        except BaseException:
            self.forget()
            raise
        self.ids += ids
        return made.logits[0]

    def _empty(self) -> Any:
        return self._transformers.DynamicCache(config=self.model.config)

    def _device(self, layer: int) -> Any:
        return next(self.model.model.layers[layer].parameters()).device
