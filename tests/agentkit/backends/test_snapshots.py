from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from agentkit.backends.prompt_cache import SnapshotFolder


def content(size: int) -> Callable[[Path], None]:
    def write(path: Path) -> None:
        path.write_bytes(b"x" * size)

    return write


@pytest.fixture
def folder(tmp_path: Path) -> SnapshotFolder:
    return SnapshotFolder(tmp_path / "snapshots", limit=100)


def test_what_is_stored_is_found(folder: SnapshotFolder) -> None:
    """A snapshot is found by its key; another key is not."""
    folder.store("aa", content(10))
    found = folder.find("aa")
    assert found is not None
    assert (found.read_bytes(), folder.find("bb")) == (b"x" * 10, None)


def test_least_recently_used_makes_room(folder: SnapshotFolder) -> None:
    """Beyond the limit the one not used for longest goes."""
    for age, key in ((30, "aa"), (20, "bb")):
        path = folder.store(key, content(40))
        assert path is not None
        os.utime(path, (1e9 - age, 1e9 - age))
    folder.find("aa")
    folder.store("cc", content(40))
    assert [key for key in ("aa", "bb", "cc") if folder.find(key)] == ["aa", "cc"]


def test_too_large_is_not_kept(folder: SnapshotFolder) -> None:
    """One that is larger than the limit leaves the others alone."""
    folder.store("aa", content(90))
    assert folder.store("bb", content(101)) is None
    assert folder.size() == 90


def test_failed_write_leaves_nothing(folder: SnapshotFolder) -> None:
    """When writing fails, no part of it lies about."""

    def fail(path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError("No space left on device")

    with pytest.raises(OSError, match="No space"):
        folder.store("aa", fail)
    assert list(folder.folder.iterdir()) == []


def test_parts_of_dead_processes_go(folder: SnapshotFolder) -> None:
    """A part that is an hour old is removed, a fresh one is not."""
    folder.store("aa", content(1))
    for name in ("old.part", "new.part"):
        (folder.folder / name).write_bytes(b"x")
    os.utime(folder.folder / "old.part", (1e9, 1e9))
    folder.store("bb", content(1))
    assert [path.name for path in folder.folder.glob("*.part")] == ["new.part"]


@pytest.mark.skipif(os.name == "nt", reason="no such file modes")
def test_only_the_user_may_read(folder: SnapshotFolder) -> None:
    """Folder and files are closed to others."""
    path = folder.store("aa", content(1))
    assert path is not None
    modes = [stat.S_IMODE(one.stat().st_mode) for one in (path, path.parent)]
    assert modes == [0o600, 0o700]
