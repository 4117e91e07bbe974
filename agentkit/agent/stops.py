"""Stops a run: limits, time, and calls that are repeated."""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Generator, Iterable, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from agentkit.backends.base import Fault
from agentkit.context import Limits
from agentkit.language.user_language import in_words
from agentkit.messages import ToolCall, ToolResult
from agentkit.outcomes import StopReason

Standstill = Literal["repeated_call", "oscillation"]


def call_key(call: ToolCall) -> str:
    """Return a text that is the same for calls of equal name and arguments."""
    facts = dict(call.arguments)
    try:
        # Sorted: a model that writes the same arguments in another order asks for the
        # same.
        arguments = json.dumps(facts, sort_keys=True, default=str)
    except (TypeError, ValueError):  # keys of several types, or a circle
        arguments = repr(facts)
    return f"{call.name}{arguments}"


class Repetition:
    """Watches the steps of one run for calls that come again."""

    def __init__(self, limit: int) -> None:
        """Stop at the `limit`th time that a step asks for the same thing."""
        self._limit = limit
        self._counts: Counter[str] = Counter()
        self._streaks: dict[str, int] = {}
        self._stale = 0

    def observe(
        self, calls: Iterable[ToolCall], faults: Iterable[Fault] = ()
    ) -> Standstill | None:
        """Note one step, and return the standstill that it completes, if any.

        Looking again after something new was done is no oscillation: only steps
        that ask for nothing new count towards one.
        """
        keys = {call_key(call) for call in calls}
        # The same fault three times is a standstill, too: the model does not mend it.
        keys |= {f"fault {fault.tool} {fault.message}" for fault in faults}
        self._stale = self._stale + 1 if keys <= self._counts.keys() else 0
        self._counts.update(keys)
        self._streaks = {key: self._streaks.get(key, 0) + 1 for key in keys}
        # Streaks first: A, A, A is one call repeated; A, B, A, B goes in circles.
        if any(streak >= self._limit for streak in self._streaks.values()):
            return "repeated_call"
        often = any(self._counts[key] >= self._limit for key in keys)
        return "oscillation" if often and self._stale >= self._limit else None


@dataclass(frozen=True, slots=True)
class Left:
    """The calls within the limits, and a result for each of the others."""

    calls: tuple[ToolCall, ...]
    skipped: tuple[ToolResult, ...] = ()


def calls_left(
    limits: Limits, made: Sequence[ToolResult], calls: Sequence[ToolCall]
) -> Left:
    """Keep the calls of a step that are within the limits.

    Args:
        limits: those of the run.
        made: what was called before.
        calls: what the model asks for now.
    """
    ran = _counted(made)
    total = len(ran)
    by_tool = Counter(result.name for result in ran)
    kept: list[ToolCall] = []
    skipped: list[ToolResult] = []
    for call in calls:
        note = _over(limits, total, call.name, by_tool[call.name])
        if note:
            skipped.append(ToolResult(call, "skipped", note))
            continue
        kept.append(call)
        total += 1
        by_tool[call.name] += 1
    return Left(tuple(kept), tuple(skipped))


def _counted(made: Sequence[ToolResult]) -> list[ToolResult]:
    """Return the results that count as calls: of tools that ran, were denied or failed."""
    return [result for result in made if result.status != "skipped"]


def _over(limits: Limits, total: int, name: str, of_tool: int) -> str:
    if limits.calls is not None and total >= limits.calls:
        return f"{name} was not run: a run may make {limits.calls} calls"
    if limits.calls_per_tool is not None and of_tool >= limits.calls_per_tool:
        return f"{name} was not run: a run may call it {limits.calls_per_tool} times"
    return ""


def cut(result: ToolResult, most: int | None) -> ToolResult:
    """Shorten a result for the model, with a note that says so."""
    # A number is short, and one that is cut would be another number.
    if most is None or result.value is None or isinstance(result.value, int | float):
        return result
    value = result.value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) <= most:
        return result
    note = f"... [cut: the first {most} of {len(text)} characters]"
    return replace(result, value=text[:most] + note, whole=value)


def spent(
    limits: Limits, seconds: float, tokens: int, made: Sequence[ToolResult]
) -> tuple[StopReason, str] | None:
    """Return which limit is used up, by name and in words; None when none is."""
    if limits.seconds is not None and seconds >= limits.seconds:
        return "time_limit", in_words("Stopped after {said} s.", f"{limits.seconds:g}")
    if limits.tokens is not None and tokens >= limits.tokens:
        return "token_limit", in_words("Stopped after {said} tokens.", str(tokens))
    calls = len(_counted(made))
    if limits.calls is not None and calls >= limits.calls:
        return "call_limit", in_words("Stopped after {said} calls.", str(calls))
    return None


T = TypeVar("T")


class RunClock:
    """Measures a run's time, without the time that the user takes to answer."""

    def __init__(
        self,
        most: float | None = None,
        now: Callable[[], float] | None = None,
    ) -> None:
        """Start the clock.

        Args:
            most: the run's limit in seconds; None for none.
            now: seconds of a clock that does not go back; the event loop's when
                None, which time-outs run by.
        """
        self._most, self._now = most, now or _loop_time
        self._started = self._now()
        self._thought = 0.0
        self._stopped = self._started
        self._asking = 0

    @property
    def passed(self) -> float:
        """Seconds since the run began, all of them."""
        return self._now() - self._started

    @property
    def used(self) -> float:
        """Seconds that count for the limit: without the user's time to think."""
        until = self._stopped if self._asking else self._now()
        return until - self._started - self._thought

    def bounded(self, seconds: float | None = None) -> float | None:
        """Return the shorter of a time and what is left; None if both are endless."""
        if self._most is None:
            return seconds
        left = max(0.0, self._most - self.used)
        return left if seconds is None else min(seconds, left)

    @property
    def is_over(self) -> bool:
        """Whether the run's time is used up."""
        return self.bounded() == 0.0

    @contextmanager
    def stopped(self) -> Generator[None]:
        """Do not count what goes by meanwhile."""
        # Agents that are tools may ask at once: their time is left out once.
        if not self._asking:
            self._stopped = self._now()
        self._asking += 1
        try:
            yield
        finally:
            self._asking -= 1
            if not self._asking:
                self._thought += self._now() - self._stopped


def _loop_time() -> float:
    try:
        return asyncio.get_running_loop().time()
    except RuntimeError:  # no loop runs here; those of asyncio run by this clock
        return time.monotonic()


async def in_time(work: Awaitable[T], seconds: float | None) -> T | None:
    """Wait for something; None where its time ran out, and it was cancelled."""
    clock = asyncio.timeout(seconds)
    try:
        async with clock:
            return await work
    except TimeoutError:
        if not clock.expired():
            raise
        return None
