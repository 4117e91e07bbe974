"""A process that is killed while it talks loses nothing that was shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.agentkit.stores.sessions.killing import kill_often

KILLS = 20


@pytest.mark.slow
def test_nothing_shown_is_lost(tmp_path: Path) -> None:
    """After each of 20 kills all that was shown is there, once, and talk goes on."""
    came = kill_often(tmp_path, KILLS)
    assert came.shown > 3 * KILLS
    assert (came.lost, came.twice, came.damaged) == (0, 0, 0)
