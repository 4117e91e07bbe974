"""Locks that processes and threads hold on files."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from agentkit.errors import StoreError
from agentkit.locking import file_lock, locked


def test_second_holder_is_told(tmp_path: Path) -> None:
    """Who waits in vain is told what the caller says, in the caller's words."""
    lock = tmp_path / "lock"
    with (
        file_lock(lock, busy="x is busy"),
        pytest.raises(StoreError, match=r"^x is busy$"),
        file_lock(lock, busy="x is busy", patience=0),
    ):
        pass


def test_lock_is_free_after_a_fault(tmp_path: Path) -> None:
    """A fault of the holder frees the lock."""
    with pytest.raises(ValueError, match="mine"), locked(tmp_path / "a"):
        raise ValueError("mine")
    with locked(tmp_path / "a", patience=0):
        pass


def test_one_thread_at_a_time(tmp_path: Path) -> None:
    """What is read and written under the lock is never mixed up."""
    counter = tmp_path / "count"
    counter.write_text("0")

    def count() -> None:
        for _ in range(20):
            with locked(counter):
                counter.write_text(str(int(counter.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.read_text() == "80"


def test_missing_folder_is_not_called_busy(tmp_path: Path) -> None:
    """A lock that cannot be made is the system's error, at once."""
    lock = tmp_path / "no" / "lock"
    with pytest.raises(FileNotFoundError), file_lock(lock, busy="x is busy"):
        pass
