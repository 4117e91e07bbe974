"""Measures the trained understanding on rows that it was not trained on.

    python -m tests.benchmarks.understanding.measure [--set] [--errors] [--sample N]

The kept back frames are halved: with --set, the temperature and the bounds for a call
and for a question are set on one half and written to the card; the table is of the other.

Right: the tool is one of those that the row's label names and it would be called or
asked about. Foreign acted on: a call for what no tool does. Rows whose label leaves it
open whether a tool serves them count neither way. xSID's rows (German, Italian and
English) were never trained on. With --sample, so many rows of either half are drawn.
"""

from __future__ import annotations

import argparse
import hashlib
import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np

from agentkit.discovery import installed_tools
from agentkit.tools import Toolset
from agentkit.understanding import Reading, read
from agentkit.understanding.features import read_tokens
from agentkit.understanding.network import HERE, network
from tests.benchmarks.understanding.corpora import (
    LANGUAGES,
    Row,
    read_corpora,
    read_foreign,
    read_sayings,
    read_xsid,
)

CARD = HERE / "card.json"
MOST = 0.02
Pair = tuple[Row, Reading]


def kept_rows(tools: Sequence[str]) -> list[Row]:
    """Read the rows to measure on."""
    rows = [*read_corpora(tools), *read_sayings(tools, 2, seed=1), *read_foreign(8)]
    return [row for row in rows if row.kept] + read_xsid(tools)


def share(hits: Iterable[bool]) -> str:
    """Write a share in per cent."""
    found = list(hits)
    return f"{100 * sum(found) / len(found):5.1f}" if found else "    -"


def line(name: str, pairs: Sequence[Pair]) -> str:
    """Write a row of the table."""
    inside = [p for p in pairs if not any(w.startswith("~") for w in p[0].wanted)]
    foreign = [p for p in pairs if _counts_against(p[0])]
    cells = [
        share(_best_tool(reading) in row.wanted for row, reading in inside),
        share(_acted(r) and r.tool in row.wanted for row, r in inside),
        share(r.verdict == "call" and r.tool in row.wanted for row, r in inside),
        share(_acted(r) and r.tool not in row.wanted for row, r in inside),
        share(r.verdict == "call" for _, r in foreign),
        share(_acted(r) for _, r in foreign),
        share(r.language == row.language for row, r in pairs),
    ]
    counts = f"{len(inside):5} {len(foreign):5}"
    return f"| {name:18} {counts} | " + " | ".join(cells) + " |"


def _acted(reading: Reading) -> bool:
    return reading.verdict != "leave"


def roles_line(name: str, pairs: Sequence[Pair]) -> str:
    """Write how many spans are exact, and how many requests wholly so."""
    marked = [(row, r) for row, r in pairs if row.spans is not None]
    right = said = wanted = whole = 0
    for row, reading in marked:
        found = {(s.start, s.end, s.role) for s in reading.spans}
        truth = set(row.spans or ())
        right += len(found & truth)
        said += len(found)
        wanted += len(truth)
        whole += found == truth
    if not said or not wanted:
        return f"| {name:18} | no spans |"
    score = 2 * right / (said + wanted)
    return f"| {name:18} {len(marked):5} | {score:5.3f} | {100 * whole / len(marked):5.1f} |"


def calibration(pairs: Sequence[Pair]) -> str:
    """Write how often the best meaning is right, by how probable it was said to be."""
    lines: list[str] = []
    edges = (0, 0.3, 0.5, 0.7, 0.8, 0.9, 0.95, 0.99, 1.01)
    for low, high in itertools.pairwise(edges):
        some = [p for p in pairs if low <= p[1].probability < high]
        if some:
            said = np.mean([r.probability for _, r in some])
            right = share(
                (r.tool or "~") in row.wanted or (row.foreign and not r.tool)
                for row, r in some
            )
            lines.append(
                f"  {low:4.2f}-{high:4.2f}: {len(some):5} said {100 * said:5.1f} right {right}"
            )
    return "\n".join(lines)


def report(pairs: Sequence[Pair]) -> None:
    """Print the tables."""
    groups: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        row = pair[0]
        groups[row.source].append(pair)
        if row.source != "clinc" and row.source != "hwu":
            groups[f"{row.source} {row.language}"].append(pair)
        if row.source == "sayings" and row.foreign:
            topic = row.wanted[0].split("_")[0]
            groups[f"sayings {topic}"].append(pair)
    head = (
        "in scope, foreign | best | right | called | other | called | acted | language"
    )
    print(f"| rows {head}")
    for name, some in groups.items():
        print(line(name, some))
    print(line("all", pairs))
    print("\n| spans: rows | F1 | whole requests")
    for name in ("hwu", *(f"sayings {language}" for language in LANGUAGES)):
        if groups[name]:
            print(roles_line(name, groups[name]))
    print(f"\ncalibration\n{calibration(pairs)}")


def set_bounds(rows: Sequence[Row]) -> None:
    """Set the temperature and the bounds by the rows given; write them to the card.

    One foreign request in fifty may be asked about, and one request in fifty may be
    called wrongly.
    """
    model = network()
    logits = np.stack([model.look(read_tokens(row.text)).labels for row in rows])
    allowed = np.array([[name in row.wanted for name in model.labels] for row in rows])
    heats = [number / 20 for number in range(14, 50)]
    temperature = min(heats, key=lambda heat: _surprise(logits / heat, allowed))
    tools = np.array([not name.startswith("~") for name in model.labels])
    shares = _softmax(logits / temperature) * tools
    away = np.array([_counts_against(row) for row in rows])
    ask_at = float(np.quantile(shares[away].sum(1), 1 - MOST))
    inside = ~allowed[:, ~tools].any(1)
    best = shares[inside].max(1)
    right = allowed[inside, shares[inside].argmax(1)]
    steps = [number / 100 for number in range(10, 100)]
    call_at = next(s for s in steps if np.mean((best >= s) & ~right) <= MOST)
    bounds = {
        "temperature": temperature,
        "ask_at": round(ask_at, 2),
        "call_at": max(call_at, round(ask_at, 2)),
    }
    text = json.dumps(model.card | bounds, indent=1, ensure_ascii=False)
    CARD.write_text(text + "\n", "utf-8")
    print(bounds)


def _counts_against(row: Row) -> bool:
    """Whether a question about a row would be wrong; a follow-up may be asked about."""
    return row.foreign and not row.wanted[0].startswith("~followup")


def _softmax(logits: Any) -> Any:
    powers = np.exp(logits - logits.max(1, keepdims=True))
    return powers / powers.sum(1, keepdims=True)


def _surprise(logits: Any, allowed: Any) -> float:
    return float(-np.log((_softmax(logits) * allowed).sum(1) + 1e-9).mean())


def _best_tool(reading: Reading) -> str:
    return reading.choices[0].tool if reading.choices else ""


def _half(row: Row) -> bool:
    return int(hashlib.sha256(f"half {row.frame}".encode()).hexdigest(), 16) % 2 == 0


def _sample(rows: list[Row], count: int) -> list[Row]:
    """Draw so many rows, always the same; all of them where the count is 0."""
    return random.Random(0).sample(rows, min(count or len(rows), len(rows)))


def judge(
    rows: Sequence[Row], toolset: Toolset, say: Callable[..., Reading]
) -> list[Pair]:
    """Read every row."""
    return [(row, say(row.text, toolset)) for row in rows]


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure the understanding.")
    parser.add_argument("--errors", action="store_true")
    parser.add_argument("--set", action="store_true")
    parser.add_argument("--sample", type=int, default=0)
    options = parser.parse_args()
    toolset = installed_tools()
    rows = kept_rows(toolset.names)
    if options.set:
        early = [row for row in rows if row.source != "xsid" and _half(row)]
        set_bounds(_sample(early, options.sample))
        return
    late = [row for row in rows if row.source == "xsid" or not _half(row)]
    rows = _sample(late, options.sample)
    read("warm up", toolset)
    started = time.process_time()
    pairs = judge(rows, toolset, read)
    pace = 1000 * (time.process_time() - started) / len(rows)
    report(pairs)
    print(f"\n{pace:.1f} ms of one core a request")
    for row, reading in pairs if options.errors else ():
        if (reading.tool or "~") not in row.wanted and not (
            row.foreign and not reading.tool
        ):
            print(row.source, row.language, row.text, row.wanted, reading.choices[:2])


if __name__ == "__main__":
    main()
