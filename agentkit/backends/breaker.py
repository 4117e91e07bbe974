"""A circuit breaker: when a server that keeps failing is left alone, and for how long.

A pure state machine. It is told the time and changes nothing: each step returns the
next state.
"""

from __future__ import annotations

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Breaker:
    """Closed lets requests through, open lets none, half-open lets one try.

    Attributes:
        limit: failures in a row after which it opens.
        rest: seconds that it stays open; doubled when the try fails, up to `longest`.
        longest: longest rest in seconds.
        failures: failures in a row so far.
        opened: when it opened; None while it is closed.
        resting: how long this rest is, in seconds.
        trying: since when one request tries whether the server is back.
    """

    limit: int = 5
    rest: float = 30.0
    longest: float = 600.0
    failures: int = 0
    opened: float | None = None
    resting: float = 0.0
    trying: float | None = None

    def allows(self, now: float) -> bool:
        """Tell whether a request may go; `begun` must follow if it does.

        Args:
            now: seconds of a clock that does not go back.
        """
        return self.wait(now) <= 0

    def wait(self, now: float) -> float:
        """Return the seconds until a request may go; 0 when it may."""
        if self.opened is None:
            return 0.0
        # A try that never ended, such as a cancelled one, holds nobody up for ever.
        since = self.opened if self.trying is None else self.trying
        return max(0.0, since + self.resting - now)

    def begun(self, now: float) -> Breaker:
        """Return the state after a request went: half-open if it was open."""
        return self if self.opened is None else replace(self, trying=now)

    def succeeded(self) -> Breaker:
        """Return the state after an answer: closed."""
        return replace(self, failures=0, opened=None, resting=0.0, trying=None)

    def failed(self, now: float) -> Breaker:
        """Return the state after a failure: open at the limit, or again."""
        failures = self.failures + 1
        if self.opened is not None:
            resting = min(self.resting * 2, self.longest)
        elif failures >= self.limit:
            resting = self.rest
        else:
            return replace(self, failures=failures)
        return replace(
            self, failures=failures, opened=now, resting=resting, trying=None
        )

    def told(self, now: float) -> str:
        """Say why requests are held back; empty when they are not."""
        wait = self.wait(now)
        if wait <= 0:
            return ""
        return (
            f"it failed {self.failures} times in a row and is left alone for "
            f"{wait:.0f} s more"
        )
