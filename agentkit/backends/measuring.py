"""How fast a backend reads prompts and writes answers, timed from outside."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass

from agentkit.backends.base import Backend, Request
from agentkit.context import Context
from agentkit.errors import BackendUnavailable
from agentkit.messages import user
from agentkit.tools import Toolset

_FILLER = "The quick brown fox jumps over the lazy dog near the old river bank. "
_REPEATS = 40
_LEAST_WRITTEN = 8


@dataclass(frozen=True, slots=True)
class Speed:
    """What was measured.

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


def measure(backend: Backend) -> Speed:
    """Time two requests, one with a prompt of some 600 tokens more.

    It takes from seconds to a minute. The first request loads the model and is not
    counted. What two requests take tells what a token read and one written cost.

    Raises:
        BackendUnavailable: it cannot answer, does not count its tokens, or the
            times make no sense.
    """
    return asyncio.run(_measured(backend))


async def _measured(backend: Backend) -> Speed:
    await backend.reply(_request("Hello."))
    short = await _timed(backend, "Write a long story. 1")
    long = await _timed(backend, f"2 {_FILLER * _REPEATS}Write a long story.")
    if min(short.written, long.written) < _LEAST_WRITTEN:
        raise BackendUnavailable(
            f"{backend.name} wrote only {short.written} and {long.written} tokens: too "
            "few to measure by"
        )
    # seconds = read / reads + written / writes, twice
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


async def _timed(backend: Backend, text: str) -> _Timed:
    start = time.perf_counter()
    reply = await backend.reply(_request(text))
    seconds = time.perf_counter() - start
    if reply.tokens_in is None or reply.tokens_out is None:
        raise BackendUnavailable(f"{backend.name} does not count its tokens")
    new = reply.tokens_in - (reply.tokens_cached or 0)
    return _Timed(new, reply.tokens_out, seconds)


def _request(text: str) -> Request:
    return Request(conversation=(user(text),), toolset=Toolset(), context=Context())
