"""Passages: a remote backend cannot connect before the gate has released its text.

While such a backend answers, connections and look-ups of names beyond this machine are
refused in its context, until what it sends was released: so one that never calls
`release` cannot send, whoever wrote it. In threads that do not know its context (all but
those of `asyncio.to_thread` before Python 3.14) they are seen, and an answer for which
nothing was released is not taken.

Not covered: connections that were open before, other processes, a proxy on this machine,
and C code that opens sockets without telling Python.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

from agentkit.errors import EgressDenied
from agentkit.privacy.sockets import keep


@dataclass(slots=True, eq=False)
class Passage:
    """The way out for one answer of one backend.

    Attributes:
        backend: whose it is.
        opened: whether something was released for it.
        refused: where it wanted to go before.
        seen: where threads went meanwhile that belong to nobody known.
    """

    backend: str
    opened: bool = False
    refused: list[str] = field(default_factory=list[str])
    seen: list[str] = field(default_factory=list[str])

    def open(self) -> None:
        """Let it connect: what it sends was released."""
        self.opened = True

    def check(self) -> None:
        """Raise if a connection was tried before anything was released.

        Raises:
            EgressDenied: a connection was.
        """
        why = "and has not asked request.release(to, content) before it connects"
        place = f"the backend {self.backend!r} is not on this device, {why}"
        if self.refused:
            raise EgressDenied(f"nothing was sent to {self.refused[0]}: {place}")
        if self.seen and not self.opened:
            raise EgressDenied(f"{self.seen[0]} was reached meanwhile: {place}")


_HERE: ContextVar[Passage | None] = ContextVar("agentkit_passage", default=None)
# Those under way, in any thread.
_UNDER_WAY: list[Passage] = []


@contextmanager
def passage(backend: str) -> Generator[Passage]:
    """Refuse a backend's connections until its passage is opened.

    Raises:
        EgressDenied: at the end, where it wanted to connect before.
    """
    keep(_refuse)
    way = Passage(backend)
    token = _HERE.set(way)
    _UNDER_WAY.append(way)
    try:
        yield way
    # The library's own error, such as "connection refused", would hide why.
    except Exception:
        way.check()
        raise
    finally:
        _UNDER_WAY.remove(way)
        _HERE.reset(token)
    way.check()


def _refuse(host: str) -> None:
    """Refuse a host that a backend's context has not asked for."""
    way = _HERE.get()
    if way is None:
        # A copy: other threads begin and end passages meanwhile.
        for one in tuple(_UNDER_WAY):
            if not one.opened:
                one.seen.append(host)
    elif not way.opened:
        way.refused.append(host)
        # The error of a socket, since libraries between let that through.
        raise ConnectionRefusedError(f"{host} was not released for {way.backend!r}")
