"""Measures nano on requests whose frames it was not trained on, the rules beside it.

    python -m tests.benchmarks.nano.measure [ADAPTER.gguf] [--rows N] [--rules] [--misses]

Prints for requests of the bundled tools: the right tool, and the whole call, every
argument as it was said; for what no tool does: how often nothing is called; and how
often something was changed or sent that was not asked for. With both an adapter and
`--rules` a third part tells of the two together: the rules are asked first, as `auto`
does, and nano where they leave a request. The parts named "kept" and "unseen" are of
requests that other people wrote one by one; on the latter nothing was fitted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import random
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from agentkit.backends.base import Backend, Reply, Request
from agentkit.backends.nano import NanoBackend
from agentkit.backends.reflex import ReflexBackend
from agentkit.backends.reflex.day_half import in_its_half
from agentkit.context import Context
from agentkit.messages import ToolCall, user
from agentkit.pythonic import format_calls, parse_calls
from agentkit.slots.when import resolve_when
from agentkit.tools.schema.json_schema import is_list
from tests.benchmarks.nano.rows import (
    LANGS,
    NONE,
    Asked,
    installed_tools,
    negative,
    positive,
)
from tests.benchmarks.nano.train import weights_file
from tests.benchmarks.nano.written_rows import KEPT, UNSEEN, written

Figures = dict[str, float]
COLUMNS = ("name", "whole call", "left alone", "wrong acts")
NOW = datetime(2026, 9, 24, 10, tzinfo=UTC)
# Small words before a value that mean nothing for it: "on Friday" is Friday.
_SMALL = re.compile(
    r"^(?:(?:the|a|an|my|on|at|in|for|to|by|until|der|die|das|den|dem|am|um|im|le|la|les"
    r"|l'|à|el|los|las|il|lo|gli|o|os|as|em|no|na)\s+)+"
)

_WORKED_OUT = re.compile(r"\d{4}-\d\d-\d\dt\d\d:\d\d")


@dataclass(frozen=True, slots=True)
class Trial:
    """One row and what came of it."""

    row: Asked
    calls: tuple[ToolCall, ...]
    asked: str
    abstained: bool

    @property
    def wanted(self) -> tuple[ToolCall, ...]:
        """The calls of the row; none where no tool does it."""
        return parse_calls(self.row.answer, installed_tools()).calls

    @property
    def left(self) -> bool:
        """Whether nothing was called or asked for."""
        return not self.calls and not self.asked

    @property
    def named(self) -> bool:
        """Whether the right tool was chosen; asking for a missing value counts."""
        names = [call.name for call in self.calls] or [self.asked]
        return names == [call.name for call in self.wanted]

    @property
    def whole(self) -> bool:
        """Whether every argument is right too."""
        if not self.calls:
            return self.named and any(_lacks(call) for call in self.wanted)
        pairs = zip(self.calls, self.wanted, strict=False)
        return self.named and all(is_same(*pair, self.row.lang) for pair in pairs)

    @property
    def wronged(self) -> bool:
        """Whether something was changed or sent that was not asked for."""
        return any(
            installed_tools()[one.name].effect != "read"
            and not any(is_same(one, other, self.row.lang) for other in self.wanted)
            for one in self.calls
        )


def _lacks(call: ToolCall) -> bool:
    return "" in call.arguments.values()


def is_same(found: ToolCall, wanted: ToolCall, lang: str) -> bool:
    """Whether a call says what is wanted, a time in whatever words."""
    one, other = plain(found.arguments), plain(wanted.arguments)
    return (found.name, one.keys()) == (wanted.name, other.keys()) and all(
        one[name] == other[name]
        or _is_same_time(one[name], _in_half(other[name], found.name), lang)
        for name in one
    )


def _in_half(said: Any, tool: str) -> Any:
    """Put a bare hour into the half of the day that the tool is for."""
    return in_its_half(said, tool, "", NOW) if isinstance(said, str) else said


def _is_same_time(found: Any, wanted: Any, lang: str) -> bool:
    """Whether a time that was worked out is the one that was said."""
    if not isinstance(found, str) or not _WORKED_OUT.match(found):
        return False
    try:
        said = resolve_when(wanted, NOW, locale=lang)
    except ValueError:
        return False
    return datetime.fromisoformat(found.upper()) == said.start


def plain(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """Return arguments without small words, empty ones left out."""
    return {k: _plain(v) for k, v in arguments.items() if v not in ("", [], None)}


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return _SMALL.sub("", value.lower().strip(" .,;:!?"))
    return [_plain(one) for one in value] if is_list(value) else value


def held_out(count: int, seed: int = 0) -> list[Asked]:
    """Return rows to measure on: half English, a third of each part no tool does."""
    chance = random.Random(seed)
    kept = {lang: [r for r in positive(lang, 1, 99) if r.kept] for lang in LANGS}
    foreign = [row for row in negative(LANGS, 99) if row.kept]
    rows = chance.sample(kept["en"], min(count // 2, len(kept["en"])))
    for lang in LANGS[1:]:
        rows += chance.sample(kept[lang], min(count // 12, len(kept[lang])))
    return rows + chance.sample(foreign, min(count // 2, len(foreign)))


def written_kept(file: Path) -> list[Asked]:
    """Return the requests that were written to measure on, those of one turn."""
    return [row for row in written(file) if not row.turns]


async def tried(backend: Backend, rows: Sequence[Asked]) -> list[Trial]:
    """Let a backend answer each row."""
    toolset = installed_tools()
    trials: list[Trial] = []
    for row in rows:
        turns = (user(row.text),)
        context = Context(now=NOW)
        request = Request(conversation=turns, toolset=toolset, context=context)
        reply: Reply = await backend.reply(request)
        asked = reply.question.tool if reply.question else ""
        trials.append(Trial(row, reply.calls, asked, reply.abstained))
    return trials


def together(first: Sequence[Trial], second: Sequence[Trial]) -> list[Trial]:
    """Return what two backends do of which the second is asked where the first is not
    sure.
    """
    both = zip(first, second, strict=True)
    return [two if one.abstained else one for one, two in both]


def report(name: str, trials: Sequence[Trial]) -> dict[str, Figures]:
    """Print a line for each language, and one for what no tool does."""
    groups: dict[str, list[Trial]] = defaultdict(list)
    for trial in trials:
        foreign = trial.row.answer == NONE
        groups["foreign" if foreign else trial.row.lang].append(trial)
        if not foreign:
            groups["all"].append(trial)
    found = {group: figures(some) for group, some in sorted(groups.items())}
    for group, known in found.items():
        cells = [f"{known[at]:5.1f}" if at in known else "    -" for at in COLUMNS]
        print(
            f"| {name:16} | {group:8} | {len(groups[group]):4} | {' | '.join(cells)} |"
        )
    return found


def figures(trials: Sequence[Trial]) -> Figures:
    """Return shares in per cent; what is of no meaning for what no tool does is left."""
    foreign = trials[0].row.answer == NONE
    hits: dict[str, Callable[[Trial], bool]] = {"wrong acts": lambda t: t.wronged}
    if foreign:
        hits["left alone"] = lambda t: t.left
    else:
        hits |= {"name": lambda t: t.named, "whole call": lambda t: t.whole}
    return {
        name: round(100 * sum(map(hit, trials)) / len(trials), 1)
        for name, hit in hits.items()
    }


def misses(trials: Iterable[Trial]) -> None:
    """Print what went wrong."""
    for trial in trials:
        right = trial.left if trial.row.answer == NONE else trial.whole
        if not right:
            found = format_calls(trial.calls) if trial.calls else trial.asked or NONE
            print(f"{trial.row.text}\n    {trial.row.answer}\n    {found}")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("adapter", type=Path, nargs="?")
    parser.add_argument("--rows", type=int, default=240)
    parser.add_argument("--rules", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--card", type=Path, help="write the figures into this card")
    options = parser.parse_args()
    rows = held_out(options.rows)
    backends: list[Backend] = [ReflexBackend()] if options.rules else []
    if options.adapter:
        backends.append(NanoBackend(weights_file(), options.adapter))
    print(f"| backend | rows | count | {' | '.join(COLUMNS)} |")
    results, known = list[list[Trial]](), dict[str, Any]()
    apart: dict[str, list[Trial]] = {}
    for backend in backends:
        asyncio.run(tried(backend, rows[:1]))
        began = time.process_time()
        results.append(asyncio.run(tried(backend, rows)))
        pace = (time.process_time() - began) / len(rows)
        known[backend.name] = report(backend.name, results[-1])
        known[f"CPU-seconds a request, {backend.name}"] = round(pace, 3)
        print(f"{backend.name}: {pace:.3f} CPU-seconds a request")
        for file in (KEPT, UNSEEN):
            told = f"{backend.name}, {file.stem}"
            apart[told] = asyncio.run(tried(backend, written_kept(file)))
            known[told] = report(told, apart[told])
    if len(results) > 1:
        known["together"] = report("together", together(*results))
        both = "together, unseen"
        trials = (apart[f"{one.name}, {UNSEEN.stem}"] for one in backends)
        known[both] = report(both, together(*trials))
    if options.misses and results:
        misses(results[-1])
    if options.card:
        card = json.loads(options.card.read_text("utf-8"))
        card |= {"measured on": f"{len(rows)} rows not trained on", "per cent": known}
        text = json.dumps(card, indent=1, ensure_ascii=False)
        options.card.write_text(text + "\n", "utf-8")


if __name__ == "__main__":
    main()
