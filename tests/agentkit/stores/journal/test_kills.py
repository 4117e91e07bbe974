"""Processes that are killed at random points: every intended effect exactly once."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

if sys.platform == "win32":
    pytest.skip("needs os.fork", allow_module_level=True)


@pytest.mark.slow
def test_every_intended_effect_is_done_exactly_once() -> None:
    """kill -9 at random points (AGENTKIT_KILLS of them, or 20), and carried on.

    Of two processes that carry the same run at once, one goes on, one is told.
    """
    done = subprocess.run(
        [sys.executable, "-m", "tests.agentkit.stores.journal.kills"],
        cwd=Path(__file__).parents[4],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout)
    assert found["wrong"] == []
    assert found["kills"] >= 20
    assert found["rivals"]["wrong"] == 0
    assert set(found["rivals"]) <= {"went on", "was told", "wrong"}
