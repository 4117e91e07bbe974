"""When a run that makes no progress is stopped, by name."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from typing import Literal

from agentkit.backends.base import Fault
from agentkit.messages import Call

Standstill = Literal["repeated_call", "oscillation"]


def call_key(call: Call) -> str:
    """Return what makes two calls the same: name and arguments, in any order."""
    facts = dict(call.arguments)
    try:
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
        self, calls: Iterable[Call], faults: Iterable[Fault] = ()
    ) -> Standstill | None:
        """Note one step, and name the standstill it completes, if any.

        Looking again after something new was done is no oscillation: only steps
        that ask for nothing new count towards one.
        """
        keys = {call_key(call) for call in calls}
        keys |= {f"fault {fault.tool} {fault.message}" for fault in faults}
        self._stale = self._stale + 1 if keys <= self._counts.keys() else 0
        self._counts.update(keys)
        self._streaks = {key: self._streaks.get(key, 0) + 1 for key in keys}
        if any(streak >= self._limit for streak in self._streaks.values()):
            return "repeated_call"
        often = any(self._counts[key] >= self._limit for key in keys)
        return "oscillation" if often and self._stale >= self._limit else None
