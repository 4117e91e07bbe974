"""What tokens cost: from the user's own price table, never from a guess."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit.errors import ConfigError

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
        known = self.read if self.cached is None else self.cached
        read = (tokens_in - cached) * self.read + cached * known
        return (read + tokens_out * self.written) / _MILLION
