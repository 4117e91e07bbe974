from __future__ import annotations

import pytest

from agentkit.backends import Reply, Request, Traits
from agentkit.cli.model_speed import measure
from agentkit.errors import BackendUnavailable


class Steady:
    """Reads and writes at a known pace, by a clock of its own."""

    name = "steady"
    traits = Traits(on_device=True)

    def __init__(self, tokens_in: int | None = 0, tokens_out: int | None = 20) -> None:
        self._read, self._written = tokens_in, tokens_out
        self._seconds = 0.0

    async def reply(self, request: Request) -> Reply:
        read = self._read
        if read == 0:
            read = len(request.conversation[-1].text) // 10
        self._seconds += (read or 0) * 0.0005 + (self._written or 0) * 0.002
        return Reply(text="a", tokens_in=read, tokens_out=self._written)

    def now(self) -> float:
        """Seconds of its clock."""
        return self._seconds


def test_reading_and_writing_are_told_apart() -> None:
    """What a longer prompt takes more is reading; the rest is writing."""
    steady = Steady()
    speed = measure(steady, steady.now)
    assert (speed.tokens_out, speed.tokens_in > 200) == (20, True)
    assert (round(speed.reads), round(speed.writes)) == (2000, 500)


@pytest.mark.parametrize(
    ("backend", "words"),
    [
        (Steady(tokens_in=None), "does not count its tokens"),
        (Steady(tokens_out=None), "does not count its tokens"),
        (Steady(tokens_out=3), "wrote only 3 and 3 tokens"),
        (Steady(tokens_in=50), "make no sense"),
    ],
)
def test_what_cannot_be_measured(backend: Steady, words: str) -> None:
    """A backend that does not count, hardly writes, or takes no longer for more, is told so."""
    with pytest.raises(BackendUnavailable, match=words):
        measure(backend, backend.now)
