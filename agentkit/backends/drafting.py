"""Guesses of what a model writes next: right ones save passes, wrong ones cost little.

Guesses need not be right, nor split as the model splits: the pass that reads them
decides.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from agentkit.grammar import Guide

_QUOTES = "\"'"
_LONGEST = 24
_SHORTEST = 3
_REACH = 48
_CONTROL = "<|"


class Drafter(Protocol):
    """Guesses the tokens that follow."""

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        """Return a guess, which may be empty.

        Args:
            written: prompt and answer so far.
            guide: the grammar's state behind them; it is left as it is.
        """
        ...


class Codec(Protocol):
    """Text to tokens and back."""

    def encode(self, text: str) -> list[int]:
        """Encode text as text."""
        ...

    def decode(self, ids: Sequence[int]) -> str:
        """Decode tokens."""
        ...


class ForcedDrafter:
    """Guesses the bytes that the grammar forces, and the quote that opens a string.

    Of the two quotes it takes the one that this model used last.
    """

    def __init__(self) -> None:
        self._quote = _QUOTES[0]

    def learn(self, text: str) -> None:
        """Note the last opening quote of an answer."""
        at = max(text.rfind("=" + quote) for quote in _QUOTES)
        if at >= 0:
            self._quote = text[at + 1]

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        """Return the forced tokens."""
        if guide is None:
            return []
        forced = guide.forced()
        native = guide.tokenizer.native
        text: bytes = native.decode_bytes(forced)
        if not text.endswith(b"="):
            return forced
        opened: list[int] = native.tokenize_bytes(text + self._quote.encode())
        return opened if guide.validate(opened) == len(opened) else forced


class QuotingDrafter:
    """Guesses that the answer goes on quoting the prompt, where it has begun to.

    The last place in the prompt is taken where the most of the answer's end stands.
    """

    def __init__(self, prompt: str, start: int, codec: Codec) -> None:
        """Take the prompt.

        Args:
            prompt: the text that may be quoted.
            start: number of tokens before the answer.
            codec: the model's tokenizer.
        """
        self._prompt = prompt
        self._start = start
        self._codec = codec

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        """Return what follows in the prompt."""
        answer = written[max(self._start, len(written) - _LONGEST) :]
        if not answer:
            return []
        following = quoted(self._prompt, self._codec.decode(answer))
        return self._codec.encode(following) if following else []


def quoted(prompt: str, written: str) -> str:
    """Return what follows in a prompt where a text's end stands.

    Args:
        prompt: what may be quoted.
        written: what was written; its last characters are looked for.
    """
    end = written[-_LONGEST:]
    for start in range(len(end) - _SHORTEST + 1):
        at = prompt.rfind(end[start:])
        if at >= 0:
            behind = at + len(end) - start
            return prompt[behind : behind + _REACH].partition(_CONTROL)[0]
    return ""


class ModelDrafter:
    """Guesses what a smaller model would write."""

    def __init__(
        self, likeliest: Callable[[Sequence[int], Guide | None, int], list[int]]
    ) -> None:
        """Take what makes a smaller model go on.

        Args:
            likeliest: given tokens, the grammar's state and a number, it returns so
                many tokens.
        """
        self._likeliest = likeliest
        self._most = 5

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        """Return the smaller model's tokens."""
        return self._likeliest(written, guide and guide.copy(), self._most)
