"""Measures a developer's own tools on a public set of smart homes, by their states.

    python -m tests.benchmarks.understanding.smart_home FOLDER... [--show]

FOLDER is `datasets/assist-mini` or `datasets/assist` of home-assistant-datasets
(Apache-2.0), which is no part of this project. Its tasks say a sentence, and which
states of a home have to differ afterwards. The tools of `home_tools.py` are what a developer would
write for such homes, with three to five examples each; nothing was trained for them.

Right: all states that had to change did, and no other. Wrong: another one did. Tasks that
hang on which device heard the sentence are counted, although no tool is told that.
"""

from __future__ import annotations

import argparse
import asyncio
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml  # type: ignore[import-untyped]

from agentkit.backends.base import Request
from agentkit.backends.reflex import ReflexBackend
from agentkit.context import Context
from agentkit.errors import AgentkitError
from agentkit.messages import user
from tests.benchmarks.understanding.home_tools import HOME, TOOLS

NOW = datetime(2026, 9, 24, 10, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class HomeTask:
    """A sentence, the home that hears it, and which states have to differ then."""

    category: str
    sentence: str
    devices: Mapping[str, dict[str, Any]]
    before: Mapping[str, Any]
    wanted: Mapping[str, Any]


def tasks(folder: Path) -> Iterator[HomeTask]:
    """Read the tasks of a folder."""
    for place in sorted(folder.iterdir()):
        if place.is_dir():
            fixtures = yaml.safe_load((place / "_fixtures.yaml").read_text("utf-8"))
            devices = _devices(fixtures)
            for file in sorted(place.glob("[!_]*.yaml")):
                yield from _tasks(yaml.safe_load(file.read_text("utf-8")), devices)


def _devices(fixtures: Any) -> dict[str, dict[str, Any]]:
    areas = {area["id"]: area["name"] for area in fixtures["areas"]}
    return {
        one["id"]: {"name": one["name"], "area": areas.get(one.get("area", ""), "")}
        for one in fixtures["entities"]
    }


def _tasks(file: Any, devices: dict[str, dict[str, Any]]) -> Iterator[HomeTask]:
    for test in file["tests"]:
        for sentence in test["sentences"]:
            setup: dict[str, Any] = test.get("setup") or {}
            wanted: dict[str, Any] = test.get("expect_changes") or {}
            yield HomeTask(file["category"], sentence, devices, setup, wanted)


async def carry_out(task: HomeTask) -> str:
    """Say the sentence, do the calls, and judge the states."""
    HOME.devices, HOME.changed = dict(task.devices), {}
    asked = Request(
        conversation=(user(task.sentence),), toolset=TOOLS, context=Context(now=NOW)
    )
    reply = await ReflexBackend().reply(asked)
    failed = ""
    for call in reply.calls:
        try:
            one = TOOLS[call.name]
            one(**one.check(call.arguments, asked.context))
        except (AgentkitError, ValueError) as exc:
            failed = str(exc)
    said = ", ".join(f"{c.name}{dict(c.arguments)}" for c in reply.calls)
    verdict = judge(task, HOME.changed)
    return (
        f"{verdict}\t{task.sentence}\t{said} {failed or reply.text or reply.question}"
    )


def judge(task: HomeTask, changed: Mapping[str, dict[str, Any]]) -> str:
    """Compare what changed with what had to: right, wrong or nothing."""
    wanted = {d: s for d, s in task.wanted.items() if _differs(s, task.before.get(d))}
    done = {d: s for d, s in changed.items() if _differs(s, task.before.get(d))}
    if done.keys() - wanted.keys():
        return "wrong"
    if done.keys() < wanted.keys():
        return "nothing" if not done else "part"
    hits = [_reached(wanted[device], states) for device, states in done.items()]
    return "right" if all(hits) else "wrong"


def _differs(states: Mapping[str, Any], before: Mapping[str, Any] | None) -> bool:
    was = _flat(before or {})
    return any(was.get(name) != value for name, value in _flat(states).items())


def _reached(wanted: Mapping[str, Any], states: Mapping[str, Any]) -> bool:
    told = {k: v for k, v in _flat(wanted).items() if k in states}
    return bool(told) and all(states[name] == value for name, value in told.items())


def _flat(states: Mapping[str, Any]) -> dict[str, Any]:
    inner: Mapping[str, Any] = states.get("attributes") or {}
    return {k: v for k, v in {**states, **inner}.items() if k != "attributes"}


def report(name: str, lines: Sequence[str]) -> None:
    """Print how many were right and wrong."""
    count = Counter(line.split("\t")[0] for line in lines)
    shares = ", ".join(f"{k} {100 * n / len(lines):.0f} %" for k, n in count.items())
    print(f"{name}: {len(lines)} tasks: {shares}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="A developer's own tools at home.")
    parser.add_argument("folders", nargs="+", type=Path)
    parser.add_argument("--show", action="store_true")
    options = parser.parse_args()
    for folder in options.folders:
        lines = [asyncio.run(carry_out(task)) for task in tasks(folder)]
        report(folder.name, lines)
        if options.show:
            print("\n".join(line for line in lines if not line.startswith("right")))


if __name__ == "__main__":
    main()
