"""How quick the command is from cold: `python tests/benchmarks/cold_start.py`.

Each command runs in a process of its own, in turn with `python -c pass`, so that a busy
machine slows both. What counts is the ratio, of the medians: of the time that passes,
and of what the processor works. The command is the one beside the interpreter that runs
this script; `--python FILE` measures another environment's.

Bytecode may be written, as it is where somebody installs and uses a package. What is
kept between runs lies in a folder that begins empty: the first run makes it, and is
told apart.
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

COMMANDS = (("--help",), ("run", "what time is it"))


@dataclass
class Timed:
    """What runs of a command took, in milliseconds.

    Attributes:
        passed: time on the clock.
        worked: time of the processor.
    """

    passed: list[float] = field(default_factory=list[float])
    worked: list[float] = field(default_factory=list[float])

    def run(self, command: list[str], env: dict[str, str]) -> None:
        """Run a command once more."""
        before, started = _worked(), time.perf_counter()
        subprocess.run(
            command, check=True, env=env, stdout=subprocess.DEVNULL, cwd=env["HOME"]
        )
        self.passed.append((time.perf_counter() - started) * 1000)
        self.worked.append((_worked() - before) * 1000)

    def ratio(self, bare: Timed) -> tuple[float, float]:
        """Say how many times longer it takes, by the clock and by the processor."""
        return (
            statistics.median(self.passed) / statistics.median(bare.passed),
            statistics.median(self.worked) / statistics.median(bare.worked),
        )


def main() -> None:
    """Print the figures, one line each."""
    options = _options()
    python = Path(options.python)
    agentkit = str(python.with_name("agentkit"))
    with tempfile.TemporaryDirectory() as home:
        env = _environment(home)
        first = Timed()
        first.run([agentkit, *COMMANDS[-1]], env)
        print(f"{'run' + ' for the first time':32} {first.passed[0]:7.0f} ms")
        bare, timed = Timed(), {words: Timed() for words in COMMANDS}
        for _ in range(options.runs):
            bare.run([str(python), "-c", "pass"], env)
            for words, one in timed.items():
                one.run([agentkit, *words], env)
    _tell("python -c pass", bare, bare)
    for words, one in timed.items():
        _tell(f"agentkit {' '.join(words)}", one, bare)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="How quick agentkit is from cold.")
    parser.add_argument("--python", default=sys.executable, metavar="FILE")
    parser.add_argument("--runs", default=15, type=int)
    return parser.parse_args()


def _environment(home: str) -> dict[str, str]:
    """Return the environment of somebody who has used agentkit for nothing yet."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.startswith(("AGENTKIT_", "PYTHON", "XDG_", "OPENAI_"))
    }
    return {**kept, "HOME": home}


def _worked() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _tell(what: str, timed: Timed, bare: Timed) -> None:
    passed, worked = timed.ratio(bare)
    print(
        f"{what:32} {statistics.median(timed.passed):7.0f} ms {passed:6.1f} x"
        f"   processor {statistics.median(timed.worked):7.0f} ms {worked:6.1f} x"
    )


if __name__ == "__main__":
    main()
