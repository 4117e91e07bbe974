"""A mutant tried: put into a copy of the tree, shown to its tests, and taken out."""

from __future__ import annotations

import importlib.util
import json
import os
import signal
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.mutants.mutants import Mutant, around
from tests.mutants.reach import Reach
from tests.mutants.trial import KILLED

# Faults that run for ever are cut by the time they compute, which a busy machine does
# not use up; those that only wait, by a time in which nothing else would still run.
START = 20  # seconds for Python, pytest and the imports
COMPUTE, WAIT = 4, 20  # times what the tests take without a fault
# The tests of a mutant that nothing kills take at most this long; quick ones first.
MOST = 60.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a mutant, and which test killed it, or how many did not."""

    state: Literal["killed", "timeout", "survived", "unreached"]
    told: str

    @property
    def lived(self) -> bool:
        """Tell whether no test noticed it."""
        return self.state in ("survived", "unreached")


def environment(copy: Path) -> dict[str, str]:
    """Return the environment in which Python imports from a copy of the tree."""
    roots = (copy, copy / "tools", copy / "prompts")
    return os.environ | {"PYTHONPATH": os.pathsep.join(map(str, roots))}


def tried(mutant: Mutant, reach: Reach, copy: Path) -> Verdict:
    """Show a mutant to the tests that reach it, in a copy of the tree."""
    target = copy / mutant.path
    code = target.read_text("utf-8")
    tests = reach.tests(mutant.path, *around(code, mutant.first, mutant.last))
    tests, seconds = _within(tests, reach)
    if not tests:
        return Verdict("unreached", "")
    # A compiled file of the same second and size would be taken for the mutant's.
    compiled = Path(importlib.util.cache_from_source(str(target)))
    try:
        compiled.unlink(missing_ok=True)
        target.write_text(mutant.code, "utf-8")
        return _shown(copy, tests, seconds)
    finally:
        compiled.unlink(missing_ok=True)
        target.write_text(code, "utf-8")


def _within(tests: list[str], reach: Reach) -> tuple[list[str], float]:
    """Keep the first tests that take `MOST` together, and say how long they take."""
    kept: list[str] = []
    seconds = 0.0
    for test in tests:
        if seconds + reach.seconds[test] <= MOST:
            kept.append(test)
            seconds += reach.seconds[test]
    return kept, seconds


def _shown(copy: Path, tests: list[str], seconds: float) -> Verdict:
    limit = START + int(COMPUTE * seconds)
    process = subprocess.Popen(
        [sys.executable, "-B", "-m", "tests.mutants.trial", str(limit)],
        cwd=copy,
        env=environment(copy),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
        text=True,
    )
    try:
        told, _ = process.communicate(json.dumps(tests), timeout=WAIT * limit)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()
        return Verdict("timeout", f"waits for more than {WAIT * limit} s")
    return _verdict(process.returncode, told, len(tests))


def _verdict(code: int, told: str, tests: int) -> Verdict:
    if code == 0:
        return Verdict("survived", f"{tests} tests")
    if code == KILLED:
        return Verdict("killed", told.strip().rpartition("\n")[2])
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return Verdict("timeout", "computes on and on")
    if code in (-signal.SIGSEGV, -signal.SIGABRT):
        return Verdict("killed", "the interpreter itself fails")
    raise SystemExit(f"a trial ended with {code}:\n{told}")
