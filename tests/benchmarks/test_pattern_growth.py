"""No pattern over text of others takes longer than its text grows."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

_ROOT = Path(__file__).parents[2]


def _grown(*options: str) -> subprocess.CompletedProcess[str]:
    """Look at patterns in a program of its own, where the modules are not yet loaded."""
    command = [sys.executable, "-m", "tests.benchmarks.pattern_growth", *options]
    return subprocess.run(
        command, cwd=_ROOT, capture_output=True, text=True, check=False
    )


def test_no_pattern_grows_faster_than_its_text() -> None:
    """Four times the text takes nowhere nine times the CPU time, three times in a row."""
    done = _grown()
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_pattern_that_does_is_found() -> None:
    """A search that begins anew at every letter of a word is told, with the text."""
    done = _grown("nowhere", "--also", r"\w+\s*=")
    assert done.returncode == 1
    assert "1 of 1 patterns grow too fast" in done.stdout
