"""Locks that processes and threads hold on files."""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest

from agentkit.errors import StoreError
from agentkit.stores.shared_files import file_lock, locked


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


def test_a_passing_lock_leaves_no_file(tmp_path: Path) -> None:
    """The file is there while it is held, and not afterwards."""
    lock = tmp_path / "lock"
    with file_lock(lock, busy="x", passing=True):
        assert lock.exists()
    if sys.platform != "win32":  # which removes no open file
        assert not lock.exists()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows removes no open file")
def test_who_waited_for_a_removed_file_holds_the_new_one(tmp_path: Path) -> None:
    """Where the file was removed while one waited, nobody else gets a second one."""
    lock, holds, go = tmp_path / "lock", threading.Event(), threading.Event()

    def wait_for_it() -> None:
        with file_lock(lock, busy="x", passing=True):
            holds.set()
            go.wait(60)

    with file_lock(lock, busy="x", passing=True):
        waiting = threading.Thread(target=wait_for_it)
        waiting.start()
    assert holds.wait(60)
    with pytest.raises(StoreError), file_lock(lock, busy="x", patience=0):
        pass
    go.set()
    waiting.join()


def test_one_at_a_time_through_passing_locks(tmp_path: Path) -> None:
    """Though the file goes and comes, there are never two holders."""
    counter = tmp_path / "count"
    counter.write_text("0")

    def count() -> None:
        for _ in range(50):
            with locked(counter, passing=True):
                counter.write_text(str(int(counter.read_text()) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert counter.read_text() == "200"
