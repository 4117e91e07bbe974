"""The kit of a toolset: compiled once, kept as data, its patterns made when looked at."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from agentkit import language
from agentkit.backends.reflex.parameters import Param
from agentkit.backends.reflex.patterns import Kit, Pattern, Step
from agentkit.backends.reflex.templates import Apart
from agentkit.installation.derived import derived
from agentkit.tools import PerToolset, Toolset

# Fewer sentences are compiled in the time that a file takes to be read.
_WORTH_KEEPING = 100


def kit_for(toolset: Toolset) -> Kit:
    """Return the kit of a toolset, or what was made of an equal one before."""
    return _KITS.of(toolset)


def _kit(toolset: Toolset) -> Kit:
    examples = [tool.examples for tool in toolset]
    if sum(map(len, examples)) < _WORTH_KEEPING:
        return _compiled(toolset)
    data = derived(
        "reflex",
        [toolset.fingerprint, examples],
        # What is kept is made anew when code or vocabularies change.
        [Path(__file__).parent, Path(language.__file__).parent],
        lambda: data_of(_compiled(toolset)),
    )
    return kit_of(data)


def _compiled(toolset: Toolset) -> Kit:
    # Only loaded where nothing was kept.
    from agentkit.backends.reflex.compiled import compile_toolset

    return compile_toolset(toolset)


def data_of(kit: Kit) -> dict[str, Any]:
    """Return a kit as JSON data; equal steps are in it once."""
    steps: dict[str, int] = {}
    rows: list[list[Any]] = []

    def number(tool: str, step: Step) -> int:
        row = _step_row(tool, step)
        # Many patterns share their steps: each is written once.
        key = repr(row)
        if key not in steps:
            steps[key] = len(rows)
            rows.append(row)
        return steps[key]

    patterns = [
        [
            pattern.tool,
            [number(pattern.tool, step) for step in pattern.steps],
            sorted(pattern.moods),
            pattern.source,
            pattern.total,
            pattern.anchored,
            [pattern.apart.counts, pattern.apart.unit, sorted(pattern.apart.values)],
        ]
        for pattern in kit.patterns
    ]
    params = {
        tool: [asdict(param) for param in found.values()]
        for tool, found in kit.params.items()
    }
    return {
        "params": params,
        "steps": rows,
        "patterns": patterns,
        "index": kit.index,
        "loose": kit.loose,
        "vocabulary": sorted(kit.vocabulary),
    }


def kit_of(data: Mapping[str, Any]) -> Kit:
    """Make a kit from `data_of`'s data; patterns and steps are made when first used."""
    params = {
        tool: {one["name"]: _param(one) for one in found}
        for tool, found in data["params"].items()
    }
    rows, steps = data["patterns"], data["steps"]

    # Made when they are looked at: a request looks at a few of thousands.
    @cache
    def step(number: int) -> Step:
        return _step(steps[number], params)

    @cache
    def pattern(number: int) -> Pattern:
        return _pattern(rows[number], step)

    return Kit(
        params,
        len(rows),
        pattern,
        {stem: tuple(numbers) for stem, numbers in data["index"].items()},
        tuple(data["loose"]),
        frozenset(data["vocabulary"]),
    )


def _step_row(tool: str, step: Step) -> list[Any]:
    return [
        step.stems,
        sorted(step.acts),
        step.weight,
        step.miss,
        [tool, step.param.name] if step.param else None,
        step.glued,
        sorted(step.anchors),
        step.verb,
    ]


def _step(row: Sequence[Any], params: Mapping[str, Mapping[str, Param]]) -> Step:
    stems, acts, weight, miss, slot, glued, anchors, verb = row
    param = params[slot[0]][slot[1]] if slot else None
    acts, anchors = frozenset(acts), frozenset(anchors)
    return Step(stems, acts, weight, miss, param, glued, anchors, verb)


def _pattern(row: Sequence[Any], step: Callable[[int], Step]) -> Pattern:
    tool, steps, moods, source, total, anchored, (counts, unit, values) = row
    return Pattern(
        tool,
        tuple(map(step, steps)),
        frozenset(moods),
        source,
        total,
        anchored,
        Apart(counts, unit, frozenset(values)),
    )


def _param(facts: Mapping[str, Any]) -> Param:
    name, kind, required = facts["name"], facts["kind"], facts["required"]
    return Param(name, kind, required, tuple(facts["values"]), facts["description"])


_KITS = PerToolset(_kit)
