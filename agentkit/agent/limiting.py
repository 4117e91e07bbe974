"""What of a step's calls and of their results is within the limits."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agentkit.limits import Limits
from agentkit.messages import Call, Result
from agentkit.outcomes import StopReason


@dataclass(frozen=True, slots=True)
class Left:
    """The calls that may be carried out, and what is said of the others."""

    calls: tuple[Call, ...]
    skipped: tuple[Result, ...] = ()


def calls_left(limits: Limits, made: Sequence[Result], calls: Sequence[Call]) -> Left:
    """Keep the calls of a step that are within the limits.

    Args:
        limits: those of the run.
        made: what was called before.
        calls: what the model asks for now.
    """
    total = len(made)
    by_tool = Counter(result.name for result in made)
    kept: list[Call] = []
    skipped: list[Result] = []
    for call in calls:
        note = _over(limits, total, call.name, by_tool[call.name])
        if note:
            skipped.append(Result(call, "skipped", note))
            continue
        kept.append(call)
        total += 1
        by_tool[call.name] += 1
    return Left(tuple(kept), tuple(skipped))


def _over(limits: Limits, total: int, name: str, of_tool: int) -> str:
    if limits.calls is not None and total >= limits.calls:
        return f"{name} was not run: a run may make {limits.calls} calls"
    if limits.calls_per_tool is not None and of_tool >= limits.calls_per_tool:
        return f"{name} was not run: a run may call it {limits.calls_per_tool} times"
    return ""


def cut(result: Result, most: int | None) -> Result:
    """Shorten what the model is shown of a result, and say so."""
    if most is None or result.value is None or isinstance(result.value, int | float):
        return result
    value = result.value
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    if len(text) <= most:
        return result
    note = f"... [cut: the first {most} of {len(text)} characters]"
    return replace(result, value=text[:most] + note)


def spent(
    limits: Limits, seconds: float, tokens: int, calls: int
) -> tuple[StopReason, str] | None:
    """Say which limit of a run is used up, by name and in words; None when none is."""
    if limits.seconds is not None and seconds >= limits.seconds:
        return "time_limit", f"Stopped after {limits.seconds:g} s."
    if limits.tokens is not None and tokens >= limits.tokens:
        return "token_limit", f"Stopped after {tokens} tokens."
    if limits.calls is not None and calls >= limits.calls:
        return "call_limit", f"Stopped after {calls} calls."
    return None
