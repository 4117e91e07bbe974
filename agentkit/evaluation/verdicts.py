"""Judges a plan: it must have the calls, or effects, of the case and no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any

from agentkit.context import Context
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.evaluation.suite import NO_CALL, EvalCase, ExpectedCall
from agentkit.messages import ToolCall
from agentkit.outcomes import Plan
from agentkit.tools import Toolset
from agentkit.tools.schema.json_schema import is_list


@dataclass(frozen=True, slots=True)
class CaseVerdict:
    """The verdict on one case.

    Attributes:
        case: the case.
        right: whether it is as wanted.
        why: what is not, in words; empty where it is right.
        calls: what was called.
        text: what was said.
        tokens_in: prompt tokens.
        tokens_out: generated tokens.
        seconds: wall time.
        cost: in the currency of the backend's price.
        bytes_out: bytes that left the device.
    """

    case: EvalCase
    right: bool
    why: str = ""
    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0
    cost: float = 0.0
    bytes_out: int = 0


def fault_of(case: EvalCase, plan: Plan, toolset: Toolset, context: Context) -> str:
    """Return how a plan differs from what a case wants; empty where it is right.

    Args:
        case: what is wanted.
        plan: the first step of a run.
        toolset: the tools, whose slots say whether two values are one.
        context: by whose clock times are read.
    """
    names = [call.name for call in plan.calls]
    # First: what is never right stays wrong, whatever else the plan does well.
    barred = sorted(set(names) & set(case.never))
    if barred:
        return f"calls {', '.join(barred)}, which is never right here"
    if case.kind in NO_CALL:
        # A call that lacks what only the user can say is a question to them.
        acts = bool(names) and plan.needs_input is None
        return f"calls {', '.join(names)}" if acts else ""
    if not case.calls and not case.effects:
        return ""
    if not names:
        return "asks" if plan.needs_input else "calls nothing"
    if case.effects:
        # Looking something up first is no fault of a plan.
        found = sorted({toolset[n].effect for n in names if n in toolset} - {"read"})
        wanted = sorted(set(case.effects) - {"read"})
        return "" if found == wanted else f"does {found}, not {wanted}"
    return _calls_fault(case.calls, plan.calls, toolset, context)


def _calls_fault(
    wanted: Sequence[ExpectedCall],
    made: Sequence[ToolCall],
    toolset: Toolset,
    context: Context,
) -> str:
    faults = [
        [_call_fault(one, call, toolset, context) for call in made] for one in wanted
    ]
    fitting = [[at for at, fault in enumerate(row) if not fault] for row in faults]
    taken: dict[int, int] = {}
    for at, one in enumerate(wanted):
        if not _pair(at, fitting, taken, set()):
            of_name = [
                fault
                for number, fault in enumerate(faults[at])
                if number not in taken and made[number].name == one.name
            ]
            return of_name[0] if of_name else f"does not call {one.name}"
    left = [call.name for number, call in enumerate(made) if number not in taken]
    return f"also calls {', '.join(left)}" if left else ""


def _pair(
    wanted: int, fitting: list[list[int]], taken: dict[int, int], tried: set[int]
) -> bool:
    """Find a call for a wanted one; others move to another that fits them, too.

    Args:
        wanted: its number.
        fitting: of each wanted call, the numbers of the calls that fit.
        taken: which wanted call has a call; changed where one is found.
        tried: calls that were asked for on the way here.
    """
    # Kuhn's way to a largest matching: a call that several fit is no reason to fail.
    for number in fitting[wanted]:
        if number in tried:
            continue
        tried.add(number)
        if number not in taken or _pair(taken[number], fitting, taken, tried):
            taken[number] = wanted
            return True
    return False


def _call_fault(
    wanted: ExpectedCall, made: ToolCall, toolset: Toolset, context: Context
) -> str:
    if made.name != wanted.name:
        return f"calls {made.name}"
    for key, values in wanted.wanted.items():
        if key not in made.arguments:
            if not values.optional:
                return f"{made.name}: {key} is missing"
            continue
        given = made.arguments[key]
        if not any(
            _same(given, value, made, key, toolset, context) for value in values.any
        ):
            return f"{made.name}: {key} is {given!r}"
    extra = [key for key in made.arguments if key not in wanted.arguments]
    defaults = _defaults(made.name, toolset)
    # `...` equals no value: an argument without a default is always odd.
    odd = [key for key in extra if defaults.get(key, ...) != made.arguments[key]]
    return f"{made.name}: {odd[0]} is {made.arguments[odd[0]]!r}" if odd else ""


def _defaults(name: str, toolset: Toolset) -> dict[str, Any]:
    if name not in toolset:
        return {}
    listed: Mapping[str, Any] = toolset[name].parameters.get("properties", {})
    return {key: one["default"] for key, one in listed.items() if "default" in one}


def _same(
    given: Any,
    value: Any,
    call: ToolCall,
    key: str,
    toolset: Toolset,
    context: Context,
) -> bool:
    """Tell whether two values mean the same: as text, or as values of the slot."""
    if _folded(given) == _folded(value):
        return True
    if call.name not in toolset or not isinstance(value, str):
        return False
    tool = toolset[call.name]
    others = {**call.arguments, key: value}
    try:
        # Through the tool's own slot: "3pm" and "15:00" are one time, and only it
        # knows.
        made = tool.check(dict(call.arguments), context)[key]
        return bool(_meant(made) == _meant(tool.check(others, context)[key]))
    except (InputNeeded, InvalidArguments, KeyError):
        return False


# Of a slot's value: how it was said, and how exactly. "3pm" and "15:00" are one time.
_HOW = ("text", "grain")


def _meant(value: Any) -> Any:
    """Return the fields of a slot's value that carry its meaning."""
    if not is_dataclass(value):
        return value
    return [getattr(value, one.name) for one in fields(value) if one.name not in _HOW]


def _folded(value: Any) -> Any:
    if isinstance(value, str):
        return " ".join(value.casefold().split()).strip(" .,!?'\"")
    # Before numbers: True is an int, and would be the same as 1.
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return float(value)
    if is_list(value):
        return [_folded(one) for one in value]
    if isinstance(value, tuple):
        return [_folded(one) for one in value]  # pyright: ignore[reportUnknownVariableType]
    if isinstance(value, dict):
        return {key: _folded(one) for key, one in value.items()}  # pyright: ignore[reportUnknownVariableType]
    return value
