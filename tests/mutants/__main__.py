"""Whether the tests notice faults in the code that decides: `python -m tests.mutants`.

Draws mutants with a seed, shows each to the tests that reach it, and prints how many
were killed, and those that survived. The tree is never changed: all runs in copies.
Ends with 1 when fewer were killed than `--least`, or one survived for no listed reason.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import shutil
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

from tests.mutants.mutants import Mutant, draw, files_of
from tests.mutants.reach import Reach, reach_of
from tests.mutants.trials import Bench, Verdict, environment

ROOT = Path(__file__).parents[2]
KEPT = ROOT / ".mutants"
ROOMS = Path(__file__).with_name("rooms.toml")


def main() -> int:
    """Draw, try and report."""
    options = _options()
    told = tomllib.loads(ROOMS.read_text("utf-8"))
    KEPT.mkdir(exist_ok=True)
    drawn = _drawn(told["rooms"], options)
    with tempfile.TemporaryDirectory(prefix="mutants-") as folder:
        copies = [_copied(Path(folder) / str(number)) for number in range(options.jobs)]
        files = files_of(ROOT, [one for room in told["rooms"].values() for one in room])
        folders = told["tests"]["folders"]
        reach = reach_of(copies[0], files, folders, environment(copies[0]), KEPT)
        verdicts = _all_tried(drawn, reach, copies)
    _keep(options, drawn, verdicts)
    reasons = {
        (one["was"], one["now"]): one["why"] for one in told.get("equivalent", [])
    }
    return _report(options, drawn, verdicts, reasons)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants")
    parser.add_argument("--seed", default="1", help="what draws the mutants")
    parser.add_argument("--each", type=int, default=25, help="how many of each room")
    parser.add_argument("--least", type=int, default=90, help="per cent to be killed")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--room", action="append", help="of this room only")
    parser.add_argument(
        "--again", action="store_true", help="those that lived last time"
    )
    return parser.parse_args()


def _drawn(rooms: dict[str, list[str]], options: argparse.Namespace) -> list[Mutant]:
    drawn: list[Mutant] = []
    for room in options.room or rooms:
        files = files_of(ROOT, rooms[room])
        drawn += draw(ROOT, files, options.each, f"{options.seed} {room}")
    if not options.again:
        return drawn
    lived = json.loads(_kept(options).read_text("utf-8"))
    return [
        mutant for mutant in drawn if [mutant.path, mutant.was, mutant.now] in lived
    ]


def _kept(options: argparse.Namespace) -> Path:
    return KEPT / f"lived-{options.seed}.json"


def _keep(
    options: argparse.Namespace, drawn: Sequence[Mutant], verdicts: Sequence[Verdict]
) -> None:
    pairs = zip(drawn, verdicts, strict=True)
    lived = [[one.path, one.was, one.now] for one, verdict in pairs if verdict.lived]
    _kept(options).write_text(json.dumps(lived), "utf-8")


def _copied(target: Path) -> Path:
    """Copy the tree, without what is hidden or made from it."""
    ignored = shutil.ignore_patterns(".*", "__pycache__", "build", "dist", "*.egg-info")
    return Path(shutil.copytree(ROOT, target, ignore=ignored))


def _all_tried(
    drawn: Sequence[Mutant], reach: Reach, copies: Sequence[Path]
) -> list[Verdict]:
    free: queue.SimpleQueue[Bench] = queue.SimpleQueue()
    with ExitStack() as stack, ThreadPoolExecutor(len(copies)) as pool:
        for copy in copies:
            bench = Bench(copy, reach)
            stack.callback(bench.close)
            free.put(bench)

        def one(mutant: Mutant) -> Verdict:
            bench = free.get()
            try:
                verdict = bench.tried(mutant)
            finally:
                free.put(bench)
            where = f"{mutant.path}:{mutant.first}"
            print(f"{verdict.state:9} {where} {verdict.told}", flush=True)
            return verdict

        return list(pool.map(one, drawn))


def _report(
    options: argparse.Namespace,
    drawn: Sequence[Mutant],
    verdicts: Sequence[Verdict],
    reasons: dict[tuple[str, str], str],
) -> int:
    """Print what lived and the figures, and return the exit code."""
    unlisted = 0
    for mutant, verdict in zip(drawn, verdicts, strict=True):
        if not verdict.lived:
            continue
        why = reasons.get((mutant.was, mutant.now))
        unlisted += why is None
        print(f"\n{verdict.state}: {why or 'write the test that kills it'}")
        print(mutant.diff)
    count = Counter(verdict.state for verdict in verdicts)
    killed = count["killed"] + count["timeout"]
    lived = len(drawn) - killed
    print(
        f"\nseed {options.seed}: {killed} of {len(drawn)} mutants killed"
        f" ({killed / max(1, len(drawn)):.1%}; {count['timeout']} by a timeout),"
        f" {lived} survived, {lived - unlisted} of them with a listed reason"
    )
    return int(unlisted > 0 or killed * 100 < options.least * len(drawn))


if __name__ == "__main__":
    sys.exit(main())
