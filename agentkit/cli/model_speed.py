"""Measures how fast a model reads and writes, with two requests."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from agentkit.backends.base import Backend, Request, ask_backend
from agentkit.context import Context
from agentkit.errors import BackendUnavailable
from agentkit.messages import user
from agentkit.tools import Toolset

_FILLER = "The quick brown fox jumps over the lazy dog near the old river bank. "
# Makes a prompt long enough that reading it can be timed.
_REPEATS = 40
# Fewer tokens cannot be timed.
_LEAST_WRITTEN = 8


@dataclass(frozen=True, slots=True)
class Speed:
    """The measured speed of a model.

    Attributes:
        reads: prompt tokens a second.
        writes: answer tokens a second.
        tokens_in: tokens of the longer prompt that were read.
        tokens_out: tokens that were written then.
    """

    reads: float
    writes: float
    tokens_in: int
    tokens_out: int


def measure(backend: Backend, now: Callable[[], float] = time.perf_counter) -> Speed:
    """Time two requests, one with a prompt of some 600 tokens more.

    It takes from seconds to a minute. The first request loads the model and is not
    counted. What two requests take tells what a token read and one written cost.

    Args:
        backend: what is asked.
        now: seconds of the clock that it is timed by.

    Raises:
        BackendUnavailable: it cannot answer, does not count its tokens, or the
            times make no sense.
    """
    return asyncio.run(_measured(backend, now))


async def _measured(backend: Backend, now: Callable[[], float]) -> Speed:
    # Loads the model, and compiles what is compiled at first use.
    await ask_backend(backend, _request("Hello."))
    # They begin differently: a prefix that the server keeps would not be read again.
    short = await _timed(backend, now, "Write a long story. 1")
    long = await _timed(backend, now, f"2 {_FILLER * _REPEATS}Write a long story.")
    if min(short.written, long.written) < _LEAST_WRITTEN:
        raise BackendUnavailable(
            f"{backend.name} wrote only {short.written} and {long.written} tokens: too "
            "few to measure by"
        )
    # seconds = read / reads + written / writes, twice
    # Two equations with two unknowns, by Cramer's rule; 0 where they say the same.
    both = short.read * long.written - long.read * short.written
    reading = (short.seconds * long.written - long.seconds * short.written) / (
        both or 1
    )
    writing = (short.read * long.seconds - long.read * short.seconds) / (both or 1)
    if reading <= 0 or writing <= 0:
        raise BackendUnavailable(
            "the times make no sense, perhaps because the device is busy with other "
            "work: measure again"
        )
    return Speed(1 / reading, 1 / writing, long.read, long.written)


@dataclass(frozen=True, slots=True)
class _Timed:
    """One request: tokens read anew, tokens written, seconds."""

    read: int
    written: int
    seconds: float


async def _timed(backend: Backend, now: Callable[[], float], text: str) -> _Timed:
    start = now()
    reply = await ask_backend(backend, _request(text))
    seconds = now() - start
    if reply.tokens_in is None or reply.tokens_out is None:
        raise BackendUnavailable(f"{backend.name} does not count its tokens")
    # What was kept from before costs nothing.
    new = reply.tokens_in - (reply.tokens_cached or 0)
    return _Timed(new, reply.tokens_out, seconds)


def _request(text: str) -> Request:
    return Request(conversation=(user(text),), toolset=Toolset(), context=Context())
