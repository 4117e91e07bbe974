"""One exchange with an endpoint: sent, listened to, and sent again where that helps.

A request is repeated only before the first word of its answer: nothing has been done
that could be done twice. What leaves the device is released before each try.
"""

from __future__ import annotations

import asyncio
import random
import time
from collections.abc import AsyncIterator, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentkit.backends.chunks import WireAnswer, read_whole
from agentkit.backends.endpoint import Endpoint, MakeClient, client_for, told_by
from agentkit.backends.endpoint_faults import (
    connected,
    is_refusal,
    may_pass,
    retry_after,
    stopped,
)
from agentkit.backends.server_bounds import Breaker
from agentkit.backends.wire_events import error_in
from agentkit.errors import BackendProtocolError, BackendUnavailable


@dataclass(slots=True)
class Exchange:
    """One request on its way: what is sent, what has come, what left the device.

    Attributes:
        further: headers that the application's own HTTP client adds.
    """

    path: str
    content: bytes
    answer: WireAnswer
    release: Callable[[str, bytes], None]
    bytes_out: int = 0
    further: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """How long, and how often, a server is waited for.

    Attributes:
        timeout: longest silence in seconds, further tries included.
        longest: longest whole answer in seconds.
        retries: further tries when busy or broken, before the first word.
        retry_wait: seconds before the first of them; doubled each time.
    """

    timeout: float = 60.0
    longest: float = 900.0
    retries: int = 2
    retry_wait: float = 0.5


@dataclass(slots=True)
class EndpointLine:
    """The line to one endpoint, with the memory of how it did.

    Attributes:
        endpoint: where requests go.
        patience: how long it is waited for.
        breaker: whether it is left alone for now.
        make_client: makes the application's own HTTP client; None for agentkit's.
    """

    endpoint: Endpoint
    patience: Patience
    breaker: Breaker = field(default_factory=Breaker)
    make_client: MakeClient | None = None

    @property
    def down(self) -> str:
        """Why the endpoint is left alone for now; empty when it is not."""
        return self.breaker.told(time.monotonic())

    async def carry(self, exchange: Exchange) -> None:
        """Send and listen, again when that may help and nothing was heard yet.

        Raises:
            BackendUnavailable: the endpoint is left alone after many failures.
            BackendProtocolError: it answers something else.
            Exception: what the client and the network raise, for `told`.
        """
        # Before anything else: a server that keeps failing must not cost a timeout each
        # time.
        if self.down:
            raise BackendUnavailable(f"{self.endpoint.url} was not asked: {self.down}")
        self.breaker = self.breaker.begun(time.monotonic())
        try:
            await self._tries(exchange)
        except Exception as exc:
            self._note(exc)
            raise
        self.breaker = self.breaker.succeeded()

    def _note(self, exc: Exception) -> None:
        """Count a failure of the server; a refused request is not one."""
        # A server that says no is up.
        if is_refusal(exc):
            self.breaker = self.breaker.succeeded()
        else:
            self.breaker = self.breaker.failed(time.monotonic())

    async def _tries(self, exchange: Exchange) -> None:
        patience = self.patience
        own = self.make_client() if self.make_client else None
        exchange.further = told_by(own)
        async with (
            # The first bounds the whole answer, the second each silence: it is set anew
            # at each event.
            asyncio.timeout(patience.longest),
            asyncio.timeout(patience.timeout) as silence,
            client_for(self.endpoint, patience.timeout, own) as client,
        ):
            for tried in range(patience.retries + 1):
                # To take back what this try counts, should it never connect.
                sent = exchange.bytes_out
                try:
                    await self._listen(client, exchange, silence)
                    return
                except Exception as exc:
                    # Nothing left the device where no connection came about.
                    if not connected(exc):
                        exchange.bytes_out = sent
                    wait = self._wait(exc, exchange, tried, silence)
                    if wait is None:
                        raise
                await asyncio.sleep(wait)

    def _wait(
        self, exc: Exception, exchange: Exchange, tried: int, silence: asyncio.Timeout
    ) -> float | None:
        """Return the seconds before the next try; None when there is no further try.

        What the server asks for is kept to, unless it is longer than is waited for.
        """
        last = tried == self.patience.retries
        if exchange.answer.heard or last or not may_pass(exc):
            return None
        # By chance, so that many clients do not come back at the same moment.
        own = self.patience.retry_wait * 2**tried * random.uniform(0.5, 1.0)
        wait = max(own, retry_after(exc) or 0.0)
        now, end = asyncio.get_running_loop().time(), silence.when()
        # A wait beyond the timeout would end in silence; better to say now what is
        # wrong.
        return None if end is not None and now + wait >= end else wait

    async def _listen(
        self, client: Any, exchange: Exchange, silence: asyncio.Timeout
    ) -> None:
        loop = asyncio.get_running_loop()
        answer = exchange.answer
        async for event in self._events(client, exchange):
            silence.reschedule(loop.time() + self.patience.timeout)
            if error := error_in(event):
                raise stopped(error, self.endpoint)
            answer.add(event)
        if not answer.finish:
            said = "in mid-answer" if answer.heard else "without an answer"
            raise BackendProtocolError(
                f"{self.endpoint.url} ended {said}: try again, or look at its log"
            )

    async def _events(self, client: Any, exchange: Exchange) -> AsyncIterator[object]:
        import openai

        if not self.endpoint.on_device:
            endpoint = self.endpoint.with_headers(exchange.further)
            leaving = endpoint.leaving(exchange.content)
            # At each try, since each sends all of it again.
            exchange.release(self.endpoint.url + exchange.path, leaving)
            exchange.bytes_out += len(leaving)
        stream = await client.post(
            exchange.path,
            cast_to=object,
            content=exchange.content,
            options={"headers": self.endpoint.headers(openai.omit)},
            stream=True,
            stream_cls=openai.AsyncStream[object],
        )
        async with stream:
            kind = stream.response.headers.get("content-type", "")
            if "event-stream" in kind:
                async for event in stream:
                    yield event
                return
            json = "json" in kind
            whole = await read_whole(stream.response.aiter_bytes()) if json else None
            if whole is None:
                raise BackendProtocolError(
                    f"{self.endpoint.url} answered {kind or 'something nameless'}, "
                    "not an event stream: is it the right base URL?"
                )
            yield whole
