"""A mutant tried: put into a copy of the tree, shown to its tests, and taken out."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tests.mutants.mutants import Mutant, around
from tests.mutants.reach import Reach

# Faults that run for ever are cut by the time they compute, which a busy machine does
# not use up; those that only wait, by a time in which nothing else would still run.
START = 15  # seconds for pytest and the imports
COMPUTE, WAIT = 4, 20  # times what the tests take without a fault
# The tests of a mutant that nothing kills take at most this long; quick ones first.
MOST = 40.0


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


class Bench:
    """A copy of the tree with a process beside it that runs tests there."""

    def __init__(self, copy: Path, reach: Reach) -> None:
        """Start the process; close the bench when done.

        Args:
            copy: the copy.
            reach: what its tests reach.
        """
        self._copy, self._reach = copy, reach
        self._process = subprocess.Popen(
            [sys.executable, "-B", "-m", "tests.mutants.trial"],
            cwd=copy,
            env=environment(copy),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def close(self) -> None:
        """End the process."""
        self._process.communicate()

    def tried(self, mutant: Mutant) -> Verdict:
        """Show a mutant to the tests that reach it."""
        target = self._copy / mutant.path
        code = target.read_text("utf-8")
        lines = around(code, mutant.first, mutant.last)
        tests, seconds = self._within(self._reach.tests(mutant.path, *lines))
        if not tests:
            return Verdict("unreached", "")
        # A compiled file of the same second and size would be taken for the mutant's.
        compiled = Path(importlib.util.cache_from_source(str(target)))
        try:
            compiled.unlink(missing_ok=True)
            target.write_text(mutant.code, "utf-8")
            return self._shown(tests, START + int(COMPUTE * seconds))
        finally:
            target.write_text(code, "utf-8")

    def _within(self, tests: list[str]) -> tuple[list[str], float]:
        """Keep the first tests that take `MOST` together; say how long they take."""
        kept: list[str] = []
        total = 0.0
        for test in tests:
            seconds = self._reach.seconds[test]
            if not kept or total + seconds <= MOST:
                kept.append(test)
                total += seconds
        return kept, total

    def _shown(self, tests: list[str], limit: int) -> Verdict:
        order = {"tests": tests, "seconds": limit, "wait": WAIT * limit}
        told = json.loads(self._asked(json.dumps(order)))
        if not told["state"]:
            raise SystemExit(f"a trial went wrong: {told['told']}")
        lived = told["state"] == "survived"
        return Verdict(told["state"], f"{len(tests)} tests" if lived else told["told"])

    def _asked(self, line: str) -> str:
        pipe, answers = self._process.stdin, self._process.stdout
        assert pipe is not None
        assert answers is not None
        pipe.write(f"{line}\n")
        pipe.flush()
        return answers.readline()
