"""Chores: done again and again, none holding up the others, a fault told once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from agentkit.bells.chores import Chores, ChoresDone

NOW = datetime(2026, 3, 3, 8, tzinfo=UTC)
MAIL = (
    "Message-ID: <1@x>\nFrom: kim@berg.example\nTo: ana@kos.example\nSubject: Hi\n"
    "Deferred-Delivery: Tue, 03 Mar 2026 07:59:00 +0000\n\nHi.\n"
)


def clock_at(minutes: list[int]) -> Callable[[], datetime]:
    return lambda: NOW + timedelta(minutes=minutes[0])


def test_a_home_without_chores_has_nothing_to_tell(tmp_path: Path) -> None:
    """And nothing is written to it."""
    assert Chores(tmp_path, clock_at([0])).do() == ChoresDone()
    assert list(tmp_path.iterdir()) == []


def test_a_fault_is_told_once_and_tried_again_later(tmp_path: Path) -> None:
    """Mail that is due waits where no server is set up; its file stays as it is."""
    (tmp_path / "outbox").mkdir()
    mail = tmp_path / "outbox" / "1.eml"
    mail.write_text(MAIL)
    minutes = [0]
    chores = Chores(tmp_path, clock_at(minutes))
    [fault] = chores.do().faults
    assert "Sending is off" in fault
    for minutes[0] in (1, 6, 20):
        assert chores.do() == ChoresDone()
    assert mail.read_text() == MAIL


def test_settings_that_cannot_be_read_end_nothing(tmp_path: Path) -> None:
    """They are told once; when they are mended, the chores go on."""
    settings = tmp_path / "agentkit.toml"
    settings.write_text("name = ")
    chores = Chores(tmp_path, clock_at([0]))
    assert len(chores.do().faults) == 1
    assert chores.do() == ChoresDone()
    settings.write_text('name = "Kim"\n')
    assert chores.do() == ChoresDone()
