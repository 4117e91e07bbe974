"""Guesses of what a model writes next: right ones save passes, wrong ones cost little.

Guesses need not be right, nor split as the model splits: the pass that reads them
decides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Protocol

from agentkit.grammar import Guide

_QUOTES = "\"'"
# Characters of what was written last that are looked for in what was read before.
_LONGEST = 24
# A shorter end stands in too many places to say what follows.
_SHORTEST = 3
# Characters behind it that are taken over as a guess.
_REACH = 48
# Control tokens of Llama and most chat templates: no answer quotes across one.
_CONTROL = "<|"
_QUOTE = re.compile(f"[{_QUOTES}]")
# Where Llama 3's first user turn begins; instructions and tools are before it.
_TURN = "<|start_header_id|>user"


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
        # The grammar allows both quotes behind `=`, so none is forced; which one is
        # guessed.
        bare = text.rstrip(_QUOTES.encode())
        if not bare.endswith(b"="):
            return forced
        opened: list[int] = native.tokenize_bytes(bare + self._quote.encode())
        # A number or a list may be what follows.
        return opened if guide.validate(opened) == len(opened) else forced


class QuotingDrafter:
    """Guesses that an answer which has begun to quote the prompt continues to do so.

    An answer that may call is guessed to begin with a call.
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
            # With a guide there is something to call, and a call begins with a bracket.
            return self._codec.encode("[") if guide is not None else []
        following = quoted(self._prompt, self._codec.decode(answer))
        return self._codec.encode(following) if following else []


def quoted(prompt: str, written: str) -> str:
    """Find the end of a text in the prompt, and return what follows there.

    Of several places the last one with the longest end counts, the turns before the
    tools. A string that has just begun is looked for at the start of a word.

    Args:
        prompt: what may be quoted.
        written: what was written; its last characters are looked for.
    """
    # What is written since the last quote: the value of an argument, mostly.
    value = _QUOTE.split(written)[-1]
    end = value[-_LONGEST:].lower()
    if value != written and 0 < len(end) < _SHORTEST:
        found = [*re.finditer(rf"\b{re.escape(end)}", prompt.lower())]
        return _following(prompt, found[-1].end()) if found else ""
    turns = max(prompt.find(_TURN), 0)
    for text in (prompt[turns:], prompt[:turns]):
        low = text.lower()
        for start in range(len(end) - _SHORTEST + 1):
            at = low.rfind(end[start:])
            if at >= 0:
                return _following(text, at + len(end) - start)
    return ""


def _following(text: str, at: int) -> str:
    return text[at : at + _REACH].partition(_CONTROL)[0]


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
        # A smaller model is right for a few tokens, and each costs a pass of its own.
        self._most = 5

    def draft(self, written: Sequence[int], guide: Guide | None) -> Sequence[int]:
        """Return the smaller model's tokens."""
        return self._likeliest(written, guide and guide.copy(), self._most)
