"""Measure tool selection: is the tool that a request needs among the few shown?

    python tests/benchmarks/selection.py [--bfcl SITE_PACKAGES] [--misses] [--seed N]

BFCL: each question is put to a pool of 200 tools, its own documents and others
sampled from all of BFCL's Python documents; it counts as recalled when every tool
that its answer calls is shown. Half of the questions, chosen by a hash, were looked
at while the selection was written ("tuned"); the rest ("kept back") were not.
--bfcl is the site-packages of an environment with `bfcl-eval`.

Bundled tools: `utterances_*.jsonl` rows of ../shared/data, labelled as in
`utterances.py`; a row counts when a tool that its label names is shown, and in a
second table a neighbour too, as `family` there. The tools' example sentences were written against the rows that `utterances.py` calls tuned.

`adaptive` is what `select_tools` shows with a limit of 8: fewer where that is clear.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib.util
import json
import random
import statistics
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agentkit.discovery import installed_tools
from agentkit.messages import user
from agentkit.tools import AnyTool, Toolset
from agentkit.tools.selection import ToolIndex, index_of, rank, select_tools

DATA = Path(__file__).parents[3] / "shared" / "data"
UTTERANCES = ("utterances_hwu64", "utterances_clinc150")
PLAIN = ("simple_python", "multiple", "parallel", "parallel_multiple")
LIVE = tuple(f"live_{kind}" for kind in ("simple", *PLAIN[1:]))
POOL = 200
LIMIT = 8
CUTS = (1, 2, 3, 4, 5, 6, 8, 10, 16)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request, the tools to choose from, and the tools that it needs.

    Attributes:
        needs: alternatives; each is a set of tools that must all be shown.
    """

    kind: str
    text: str
    toolset: Toolset
    needs: tuple[frozenset[str], ...]
    tuned: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """What was shown: where the last needed tool stands, and the adaptive part."""

    asked: Asked
    position: int
    adaptive: bool
    size: int
    seconds: float
    first: tuple[str, ...]


def judge(asked: Asked) -> Shown:
    """Rank and select for one request."""
    index = index_of(asked.toolset)
    started = time.perf_counter()
    order = rank(index, asked.text)
    seconds = time.perf_counter() - started
    names = [index.names[item.place] for item in order]
    place = {name: number for number, name in enumerate(names, 1)}
    position = min(max(place[name] for name in need) for need in asked.needs)
    chosen = select_tools((user(asked.text),), asked.toolset, LIMIT).toolset
    found = any(need <= set(chosen.names) for need in asked.needs)
    return Shown(asked, position, found, len(chosen), seconds, tuple(names[:4]))


def tuned(key: str) -> bool:
    """Whether a question was looked at while the selection was written."""
    return int(hashlib.sha256(key.encode()).hexdigest(), 16) % 10 < 5


def data_folder(site: str) -> Path | None:
    """Find BFCL's data; None when it is not there."""
    if site:
        sys.path.insert(0, site)
    found = importlib.util.find_spec("bfcl_eval")
    return Path(str(found.origin)).parent / "data" if found else None


def bfcl(folder: Path, seed: int) -> Iterator[Asked]:
    """Put every BFCL question to a pool of tools."""
    rows = [(kind, row) for kind in PLAIN + LIVE for row in questions(folder, kind)]
    documents: dict[str, dict[str, Any]] = {}
    for _, row in rows:
        for document in row["function"]:
            documents.setdefault(document["name"], document)
    made: dict[str, AnyTool] = {}
    for kind, row in rows:
        pool = pooled(row, documents, seed)
        tools = Toolset([one_tool(document, made) for document in pool])
        text = row["question"][0][-1]["content"]
        if row["needs"]:
            yield Asked(kind, text, tools, (row["needs"],), tuned(row["id"]))


def questions(folder: Path, kind: str) -> list[dict[str, Any]]:
    """Read the questions of a category, with the tools that the answers call."""
    name = f"BFCL_v4_{kind}.json"
    rows = load(folder / name)
    answers = {row["id"]: row for row in load(folder / "possible_answer" / name)}
    for row in rows:
        truth = answers[row["id"]]["ground_truth"]
        row["needs"] = frozenset(name for call in truth for name in call)
    return rows


def pooled(
    row: dict[str, Any], documents: dict[str, dict[str, Any]], seed: int
) -> list[dict[str, Any]]:
    """Mix a question's own documents with others, up to the size of a pool."""
    own = {document["name"]: document for document in row["function"]}
    chance = random.Random(f"{seed}{row['id']}")
    others = [name for name in documents if name not in own]
    names = chance.sample(others, POOL - len(own))
    pool = [*own.values(), *(documents[name] for name in names)]
    chance.shuffle(pool)
    return pool


def one_tool(document: dict[str, Any], made: dict[str, AnyTool]) -> AnyTool:
    """Make a tool of a document, once."""
    key = json.dumps(document, sort_keys=True)
    if key not in made:
        (made[key],) = Toolset.from_schemas([document])
    return made[key]


def bundled(files: Iterable[Path], family: bool) -> Iterator[Asked]:
    """Put the labelled utterances to the bundled tools; with a family, its too."""
    sys.path.insert(0, str(Path(__file__).parent))
    labels: Any = importlib.import_module("utterances")
    toolset = installed_tools()
    for file in files:
        for row in load(file):
            if row["tool"] in labels.LABELS:
                mixed = labels.MIXED.get(row["intent"], "")
                near = labels.NEIGHBOURS.get(row["tool"], "") if family else ""
                names = f"{labels.LABELS[row['tool']]} {mixed} {near}".split()
                needs = tuple(frozenset([name]) for name in names)
                seen = not labels.kept_back(row["text"])
                yield Asked(file.stem, row["text"], toolset, needs, seen)


def load(path: Path) -> list[dict[str, Any]]:
    """Read a file of one JSON object a line."""
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def line(name: str, shown: list[Shown]) -> str:
    """Write the recall at each cut, then of the adaptive part and its mean size."""
    rows = len(shown)
    cells = [sum(s.position <= cut for s in shown) / rows for cut in CUTS]
    adaptive = sum(s.adaptive for s in shown) / rows
    size = statistics.mean(s.size for s in shown)
    numbers = " ".join(f"{cell:6.4f}" for cell in cells)
    return f"{name:34} {rows:5} {numbers}   {adaptive:6.4f} at {size:4.2f}"


def report(title: str, shown: list[Shown]) -> None:
    """Print the recall by kind, for the tuned and the kept back part."""
    head = " ".join(f"{'@' + str(cut):>6}" for cut in CUTS)
    print(f"\n{title:34}  rows {head}   adaptive")
    for part, rows in (
        ("tuned", [s for s in shown if s.asked.tuned]),
        ("kept back", [s for s in shown if not s.asked.tuned]),
    ):
        for kind in dict.fromkeys(s.asked.kind for s in rows):
            print(line(f"{kind}, {part}", [s for s in rows if s.asked.kind == kind]))
        for name, live in (("not live", False), ("live", True)):
            some = [s for s in rows if s.asked.kind.startswith("live") is live]
            if some and len(some) < len(rows):
                print(line(f"all {name}, {part}", some))
        print(line(f"all, {part}", rows))


def report_cost(shown: list[Shown]) -> None:
    """Print the time of a selection and of an index."""
    times = sorted(1000 * s.seconds for s in shown)
    tools = shown[0].asked.toolset
    started = time.perf_counter()
    ToolIndex(tools)
    made = 1000 * (time.perf_counter() - started)
    print(
        f"\nper request, {len(tools)} tools: median {statistics.median(times):.2f} ms, "
        f"99 % {times[int(0.99 * len(times))]:.2f} ms; index made in {made:.0f} ms"
    )


def print_misses(shown: list[Shown]) -> None:
    """Print the tuned rows whose tool is not among the first eight."""
    for item in shown:
        if item.asked.tuned and item.position > LIMIT:
            needs = [sorted(need) for need in item.asked.needs]
            print(item.position, repr(item.asked.text[:200]), needs, item.first)


def main() -> int:
    """Print the tables for what is there."""
    options = argparse.ArgumentParser(description="Measure tool selection.")
    options.add_argument("--bfcl", default="")
    options.add_argument("--data", type=Path, default=DATA)
    options.add_argument("--misses", action="store_true")
    options.add_argument("--seed", type=int, default=0)
    given = options.parse_args()
    parts: dict[str, Iterable[Asked]] = {}
    files = [given.data / f"{name}.jsonl" for name in UTTERANCES]
    there = [file for file in files if file.is_file()]
    if there:
        parts["bundled tools"] = bundled(there, family=False)
        parts["bundled tools, neighbours too"] = bundled(there, family=True)
    else:
        print(f"no utterances in {given.data}; give their folder by --data")
    folder = data_folder(given.bfcl)
    if folder:
        parts[f"BFCL, pools of {POOL}"] = bfcl(folder, given.seed)
    else:
        print("BFCL is not there: pip install --no-deps bfcl-eval")
    for title, asked in parts.items():
        shown = [judge(one) for one in asked]
        report(title, shown)
        report_cost(shown)
        if given.misses:
            print_misses(shown)
    return 0 if parts else 2


if __name__ == "__main__":
    sys.exit(main())
