"""Chooses a token from its scores: the likeliest one, or by chance."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Protocol


class TokenMask(Protocol):
    """What bars tokens, as a grammar does."""

    def apply(self, logits: Any) -> None:
        """Put minus infinity where a token is not allowed, in place."""
        ...


@dataclass(frozen=True, slots=True)
class ChosenToken:
    """A token.

    Attributes:
        token: its id.
        logprob: natural logarithm of its probability among the allowed ones, at
            temperature 1.
    """

    token: int
    logprob: float = 0.0


class Chooser:
    """Chooses token after token; equal seeds choose alike.

    By chance, one random number is drawn for each token, whether there is a choice
    or not: so drafts change nothing in what is chosen.
    """

    def __init__(
        self, temperature: float = 0.0, top_p: float = 1.0, seed: int | None = None
    ) -> None:
        """Set how much is left to chance.

        Args:
            temperature: 0 takes the likeliest token, always.
            top_p: only the likeliest tokens that together have this probability.
            seed: of the random numbers; another one each time when None.
        """
        self._temperature = temperature
        self._top_p = top_p
        self._numpy: Any = import_module("numpy")
        self._random: Any = self._numpy.random.default_rng(seed)

    def choose(self, row: Any, mask: TokenMask | None = None) -> ChosenToken:
        """Choose from a row of logits, which is overwritten.

        Args:
            row: float32 array, `(vocabulary,)`.
            mask: what bars tokens.
        """
        if mask is not None:
            mask.apply(row)
        top = int(row.argmax())
        # Below the largest, so that `exp` cannot overflow; probabilities stay the same.
        shifted = row - row[top]
        token = top if self._temperature <= 0 else self._drawn(shifted)
        total = self._numpy.log(self._numpy.exp(shifted).sum())
        return ChosenToken(token, float(shifted[token] - total))

    def certain(self, token: int) -> ChosenToken:
        """Take the only token that is allowed."""
        # Drawn and dropped: with and without drafts equally many numbers must be used
        # up.
        if self._temperature > 0:
            self._random.random()
        return ChosenToken(token)

    def _drawn(self, shifted: Any) -> int:
        numpy = self._numpy
        weights = numpy.exp(shifted.astype(numpy.float64) / self._temperature)
        weights /= weights.sum()
        ids = numpy.flatnonzero(weights)
        if self._top_p < 1.0:
            ids = self._nucleus(weights)
        sums = weights[ids].cumsum()
        at = numpy.searchsorted(sums, self._random.random() * sums[-1], side="right")
        # Rounding can put the draw behind the last sum.
        return int(ids[min(int(at), len(ids) - 1)])

    def _nucleus(self, weights: Any) -> Any:
        """Return the fewest ids that together have the wanted probability.

        Those at or below (1 - top_p) / n each cannot be among them: all together
        they have less than what may be left out. So few are sorted.
        """
        numpy = self._numpy
        ids = numpy.flatnonzero(weights > (1 - self._top_p) / len(weights))
        ids = ids[numpy.argsort(-weights[ids], kind="stable")]
        enough = numpy.searchsorted(weights[ids].cumsum(), self._top_p) + 1
        return ids[:enough]
