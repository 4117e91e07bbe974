"""A home on a disk that is full, and on one that keeps no locks."""

from __future__ import annotations

import errno
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from agentkit import Context, StoreError
from agentkit.bells.watcher import is_watched, watching
from agentkit_tools.reminders import create_reminder
from tests.agentkit.cli.conftest import NOW

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="elsewhere")


def _set(home: Path, text: str) -> None:
    context = Context(home=home)
    checked = create_reminder.check({"text": text, "when": "tomorrow at 8"}, context)
    create_reminder.invoke(checked)


CODES = {"no locks left": errno.ENOLCK, "no locks at all": errno.EOPNOTSUPP}


@pytest.mark.parametrize("code", CODES.values(), ids=list(CODES))
def test_a_network_folder_without_locks_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, code: int
) -> None:
    """Two programs would write over each other there, so nothing is written."""
    import fcntl

    _set(tmp_path, "first")
    before = (tmp_path / "reminders.ics").read_bytes()

    def refuse(descriptor: int, operation: int) -> None:
        raise OSError(code, "the system's own words")

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(StoreError, match=r"\.lock: its disk keeps no locks"):
        _set(tmp_path, "second")
    assert (tmp_path / "reminders.ics").read_bytes() == before
    with pytest.raises(StoreError, match="cannot be watched"), watching(tmp_path):
        pass
    assert not is_watched(tmp_path)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 400 kB, where the system lets one be made."""
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=400k", "tmpfs", str(disk)],
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("no disk can be mounted here")
    yield disk
    subprocess.run(["umount", str(disk)], check=True)


def _fill(file: Path) -> None:
    with suppress(OSError), file.open("wb", buffering=0) as stream:
        while True:
            stream.write(bytes(512))


def _run(home: Path, request: str) -> subprocess.CompletedProcess[str]:
    program = (sys.executable, "-m", "agentkit", "run", request)
    given = ("--home", str(home), "--now", NOW, "--backend", "reflex")
    return subprocess.run(
        [*program, *given], capture_output=True, text=True, check=False
    )


def test_a_full_disk_loses_nothing_and_goes_on_later(small_disk: Path) -> None:
    """One sentence says why; with room again the same request is carried out, once."""
    home, filling = small_disk / "home", small_disk / "filling"
    assert _run(home, "remind me to call mum tomorrow at 8").returncode == 0
    before = (home / "reminders.ics").read_bytes()
    _fill(filling)
    full = _run(home, "remind me to pay rent on friday at 9")
    assert full.returncode == 4, full.stderr
    assert full.stderr.count("Error:") == 1
    assert "space" in full.stderr or "full" in full.stderr
    assert (home / "reminders.ics").read_bytes() == before
    filling.unlink()
    assert _run(home, "remind me to pay rent on friday at 9").returncode == 0
    text = (home / "reminders.ics").read_text("utf-8")
    assert [text.count(f"SUMMARY:{what}") for what in ("call mum", "pay rent")] == [
        1,
        1,
    ]
