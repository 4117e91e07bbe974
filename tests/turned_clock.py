"""A clock that a test turns on, so that nobody waits for a time-out, and none comes early.

What must not happen gets an hour, which no machine needs, however busy it is. What must
run out of time is turned past its hour by whoever hangs.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")
HOUR = 3600.0


class _Loop(asyncio.SelectorEventLoop):
    """An event loop whose clock goes as all do, and ahead when it is turned."""

    ahead = 0.0

    def time(self) -> float:
        """Seconds of its clock."""
        return super().time() + self.ahead


class TurnedClock:
    """Runs coroutines in a loop whose clock can be turned."""

    def __init__(self) -> None:
        """Make it; the loop comes with the first work."""
        self._loop: _Loop | None = None

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine to its end in a loop of its own."""
        with asyncio.Runner(loop_factory=_Loop) as runner:
            loop = runner.get_loop()
            assert isinstance(loop, _Loop)
            self._loop = loop
            try:
                return runner.run(work)
            finally:
                self._loop = None

    def turn(self, seconds: float = 2 * HOUR) -> None:
        """Let seconds go by at once, wherever the loop is; any thread may."""
        loop = self._loop

        def on() -> None:
            if loop is not None:
                loop.ahead += seconds

        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(on)
