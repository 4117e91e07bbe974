"""From drafts to calls: what can be called now, what waits for another's result."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, cast

from agentkit.backends.reflex.drafts import CallDraft, with_numbers
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit
from agentkit.backends.reflex.speech import ask_for
from agentkit.messages import Question, ToolCall, ToolResult
from agentkit.tools import AnyTool, Toolset


@dataclass(frozen=True, slots=True)
class CallPlan:
    """What to do next: calls, or a question; neither when all is done."""

    calls: tuple[ToolCall, ...] = ()
    question: Question | None = None
    reasons: tuple[str, ...] = ()


def plan(
    drafts: tuple[CallDraft, ...],
    results: tuple[ToolResult, ...],
    toolset: Toolset,
    kit: Kit,
) -> CallPlan:
    """Plan the next step of a request."""
    # A plan is made anew at each step; calls with a result are not made twice.
    done = {_key(result.call) for result in results}
    over = {result.name for result in results if result.status == "done"}
    calls: dict[str, ToolCall] = {}
    reasons: list[str] = []
    for draft in drafts:
        # A correction waits for its undo: made at once, both would be there.
        if draft.after and draft.after not in over:
            continue
        source = _provider(draft, toolset, kit) if draft.missing else ""
        # One question at a time; calls that lack nothing wait for it too.
        if draft.missing and not source:
            return CallPlan(question=question_for(draft), reasons=(draft.reason,))
        found = [ToolCall(draft.tool, dict(draft.arguments))]
        reasons.append(draft.reason)
        if source:
            first = _source_call(source, drafts, kit)
            reasons.append(f"{source} provides what {draft.tool} needs")
            items = _items(first, results)
            found = [first] if items is None else _per_item(draft, items, kit)
        for call in found:
            # Two clauses may need the same call: it is made once.
            if _key(call) not in done:
                calls.setdefault(_key(call), call)
    return CallPlan(tuple(calls.values()), reasons=tuple(reasons))


def question_for(draft: CallDraft) -> Question:
    """Ask for the first missing argument, in the language that is spoken."""
    param = draft.missing[0]
    name = draft.tool.rpartition(".")[2].replace("_", " ").capitalize()
    about = param.description.strip().rstrip(".") or f"which {_spoken(param)}"
    asked = ask_for(param.name, param.kind) or f"{name}: {about}?"
    return Question(draft.tool, param.name, asked, param.values)


def _spoken(param: Param) -> str:
    return param.name.replace("_", " ")


def _key(call: ToolCall) -> str:
    return (
        f"{call.name} {json.dumps(dict(call.arguments), sort_keys=True, default=str)}"
    )


def _provider(draft: CallDraft, toolset: Toolset, kit: Kit) -> str:
    """Find the read tool that the clause mentions and whose items fill the draft."""
    wanted = {param.name for param in draft.missing}
    stems = {word.stem for word in draft.words}
    many = {word.stem for word in draft.words if word.plural}
    best, name = 0.0, ""
    for tool in toolset:
        if tool.effect != "read" or not wanted <= item_fields(tool):
            continue
        needed = [p for p in kit.params[tool.name].values() if p.required]
        weight = _mentioned(tool.name, stems, many, kit)
        # A provider that needs something itself would have to be asked about in turn.
        if not needed and weight > best:
            best, name = weight, tool.name
    return name


def _mentioned(tool: str, stems: set[str], many: set[str], kit: Kit) -> float:
    """How much of a tool's subject is in a clause, with one word in the plural."""
    best = 0.0
    for pattern in kit.patterns:
        # The plural tells that several things are looked up first, and a call is made
        # for each.
        firm = [step for step in pattern.steps if step.anchors and step.miss]
        spoken = all(stems & step.anchors for step in firm)
        if pattern.tool == tool and spoken and any(many & s.anchors for s in firm):
            best = max(best, sum(step.weight for step in firm))
    return best


def item_fields(tool: AnyTool) -> frozenset[str]:
    """Name the fields of the items that a tool returns a list of."""
    schema = cast(Mapping[str, Any], tool.returns_schema)
    if schema.get("type") != "array":
        return frozenset()
    item = cast(Mapping[str, Any], schema.get("items", {}))
    # Pydantic describes the items of a list of models by reference.
    ref = str(item.get("$ref", ""))
    if ref.startswith("#/$defs/"):
        item = cast(Mapping[str, Any], schema.get("$defs", {}).get(ref[8:], {}))
    return frozenset(item.get("properties", ()))


def _source_call(name: str, drafts: Iterable[CallDraft], kit: Kit) -> ToolCall:
    given: dict[str, int] = {}
    for draft in drafts:
        if draft.tool == name:
            return ToolCall(name, dict(draft.arguments))
        for key, value in draft.arguments.items():
            if kit.params[draft.tool][key].kind == "integer":
                given.setdefault(key, value)
    return ToolCall(
        name, with_numbers(CallDraft(name, {}, (), (), ""), given, kit).arguments
    )


def _items(
    call: ToolCall, results: tuple[ToolResult, ...]
) -> list[Mapping[str, Any]] | None:
    """Return what a call brought; None when it has not been made yet."""
    for result in results:
        if _key(result.call) == _key(call):
            # A provider that failed has no items, so nothing is called for them.
            value: Any = result.typed if result.status == "done" else []
            return [
                cast(Mapping[str, Any], item)
                for item in cast(list[Any], value)
                if isinstance(item, Mapping)
            ]
    return None


def _per_item(
    draft: CallDraft, items: list[Mapping[str, Any]], kit: Kit
) -> list[ToolCall]:
    params = kit.params[draft.tool]
    wanted = {param.name for param in draft.missing}
    found: list[ToolCall] = []
    for item in items:
        given = {
            k: v for k, v in item.items() if k in params and v not in (None, "", [])
        }
        if wanted <= set(given):
            found.append(ToolCall(draft.tool, given))
    return found
