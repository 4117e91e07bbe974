"""What a reply used and why it ended: tokens, what they cost, the reason to finish."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

from agentkit.errors import ConfigError

FinishReason: TypeAlias = Literal["", "stop", "calls", "length", "filtered", "refused"]
"""Why a model stopped writing; empty where the backend does not say.

`stop` is an end of its own accord, `calls` an end to have calls carried out. A reply
that ended by `length` was cut off, one that was `filtered` was taken away by the
server's filter of contents, and one that is `refused` says that the model will not.
"""

# Vendors tell prices for a million tokens.
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Price:
    """What a model costs.

    Attributes:
        read: a million prompt tokens.
        written: a million generated tokens.
        cached: a million prompt tokens that the server had read before; as `read`
            when None.
        currency: of all three; only costs of one currency can be added up.
        as_of: the day that the price was looked up, as YYYY-MM-DD.
    """

    read: float
    written: float
    cached: float | None = None
    currency: str = "USD"
    as_of: str = ""

    def __post_init__(self) -> None:
        """Check the values that come from files.

        Raises:
            ConfigError: a price is below zero.
        """
        if min(self.read, self.written, self.cached or 0.0) < 0:
            raise ConfigError("a price must not be below 0")

    def cost(self, tokens_in: int, tokens_out: int, cached: int = 0) -> float:
        """Return what so many tokens cost, in the price's currency.

        Args:
            tokens_in: prompt tokens, those that were read before included.
            tokens_out: generated tokens.
            cached: prompt tokens that the server had read before.
        """
        # Vendors that do not discount what they had read before give no price for it.
        known = self.read if self.cached is None else self.cached
        read = (tokens_in - cached) * self.read + cached * known
        return (read + tokens_out * self.written) / _MILLION


@dataclass(frozen=True, slots=True, kw_only=True)
class Usage:
    """What was read and written, of one reply or of several; they can be added up.

    Attributes:
        input_tokens: tokens of the prompts, those that were read before included.
        output_tokens: generated tokens.
        cached_tokens: prompt tokens that had been read before.
        requests: how many replies these are.
        cost: what they cost, in the currency of the backend's price; 0 without one.
    """

    input_tokens: int = 0
    output_tokens: int = 0
    cached_tokens: int = 0
    requests: int = 0
    cost: float = 0.0

    def __add__(self, other: Usage) -> Usage:
        """Return what both used together."""
        return Usage(
            input_tokens=self.input_tokens + other.input_tokens,
            output_tokens=self.output_tokens + other.output_tokens,
            cached_tokens=self.cached_tokens + other.cached_tokens,
            requests=self.requests + other.requests,
            cost=self.cost + other.cost,
        )

    @staticmethod
    def of(several: Iterable[Usage]) -> Usage:
        """Return what several used together."""
        return sum(several, NO_USAGE)

    @property
    def total_tokens(self) -> int:
        """What was read and written together."""
        return self.input_tokens + self.output_tokens

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            "input_tokens": self.input_tokens,
            "output_tokens": self.output_tokens,
            "cached_tokens": self.cached_tokens,
            "requests": self.requests,
            # Sums of floats end in 0.30000000000000004; six places tell a single
            # request's cost.
            **({"cost": round(self.cost, 6)} if self.cost else {}),
        }


NO_USAGE = Usage()
