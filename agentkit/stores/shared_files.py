"""Files that processes share: locked, replaced whole, set aside if damaged.

A run is carried by one process at a time: its lock ends with its holder.
"""

from __future__ import annotations

import errno
import json
import os
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from agentkit.errors import RunBusy, StoreError

if sys.platform == "win32":
    import msvcrt

    # Far behind the text, so that others can read who holds it.
    _PLACE = 1 << 20

    def _lock(descriptor: int) -> None:
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


# Seconds; nobody holds a lock longer than a write takes, unless they hang.
PATIENCE = 10.0
# Short, so that none of several waiting programs is passed over again and again.
_PAUSE = 0.002
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def file_lock(
    lock: Path, *, busy: str, patience: float = PATIENCE, passing: bool = False
) -> Generator[None]:
    """Hold a lock on a file, which is made when it is not there; others wait.

    Args:
        lock: the file; its folder has to be there.
        busy: what is said when another holds it for too long.
        patience: seconds to wait.
        passing: remove the file in the end: its name is not used for ever.

    Raises:
        StoreError: another process or thread held it for longer.
        OSError: the file cannot be made, or its disk knows no locks.
    """
    until = time.monotonic() + patience
    descriptor = _taken(lock, busy, until)
    while descriptor is None:
        descriptor = _taken(lock, busy, until)
    try:
        yield
    finally:
        if passing:
            # While it is held, so that only the file that was locked can be removed.
            with suppress(OSError):  # some systems remove no open file
                lock.unlink()
        _unlock(descriptor)
        os.close(descriptor)


@contextmanager
def locked(
    path: Path, *, patience: float = PATIENCE, passing: bool = False
) -> Generator[None]:
    """Hold the lock of a file that is written; others wait for it.

    Args:
        path: the file; the lock is `.NAME.lock` beside it.
        patience: seconds to wait.
        passing: remove the lock's file in the end.

    Raises:
        StoreError: another process held it for longer.
    """
    busy = f"{path} is in use by another program for {patience:g} s: try again"
    lock = path.with_name(f".{path.name}.lock")
    with file_lock(lock, busy=busy, patience=patience, passing=passing):
        yield


def _taken(lock: Path, busy: str, until: float) -> int | None:
    """Open and lock the file; None when its holder removed it meanwhile."""
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    is_ours = False
    try:
        _wait(descriptor, busy, until)
        is_ours = _is_there(lock, descriptor)
    finally:
        if not is_ours:
            os.close(descriptor)
    return descriptor if is_ours else None


def _is_there(lock: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.stat(lock), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _wait(descriptor: int, busy: str, until: float) -> None:
    while True:
        try:
            _lock(descriptor)
        except OSError as exc:
            if exc.errno not in _TAKEN:
                raise
            if time.monotonic() > until:
                raise StoreError(busy) from exc
            time.sleep(_PAUSE)
        else:
            return


def make_private(path: Path) -> None:
    """Make a file that only its owner may read, and its folder; one that is there stays.

    That one is not opened: when a process closes a file, it loses the locks that its
    databases hold on it, and another process could remove their log. What an older
    version let others read is taken from them.

    Raises:
        OSError: it cannot be made.
    """
    if path.exists():
        shut(path)
        return
    make_folder(path.parent)
    # Another process made it at the same moment.
    with suppress(FileExistsError):
        os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))


def make_folder(folder: Path) -> None:
    """Make a folder, and those it is in, that only their owner may look into.

    One that is there stays as it is.

    Raises:
        OSError: one cannot be made, or is a file.
    """
    if folder.is_dir():
        return
    if not folder.parent.exists():
        make_folder(folder.parent)
    try:
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if not folder.is_dir():
            raise
    else:
        folder.chmod(0o700)  # a umask may have taken away more


def shut(path: Path) -> None:
    """Let nobody but its owner read a file or look into a folder, where that can be said."""
    with suppress(OSError):
        mode = path.stat().st_mode & 0o777
        if mode & 0o077:
            path.chmod(mode & 0o700)


def set_aside(path: Path) -> Path:
    """Move a damaged file to `NAME.corrupt-TIME`, with what SQLite keeps beside it.

    Returns:
        Where it is now.

    Raises:
        OSError: it cannot be moved.
    """
    kept = path.with_name(f"{path.name}.corrupt-{datetime.now():%Y%m%dT%H%M%S%f}")
    for end in ("", "-wal", "-shm", "-journal"):
        # Another process may have moved it first.
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    return kept


def replace_text(path: Path, text: str) -> None:
    """Put a text in the place of a file in one step; only its owner can read it.

    A crash leaves the old file or the new one, and a fault leaves nothing beside it.

    Args:
        path: the file; its folder has to be there.
        text: all of it, written as UTF-8.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
        UnicodeEncodeError: the text holds half a character.
    """
    import tempfile  # takes longer to load than most commands have to write

    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            # Else a power cut could leave the new name with nothing in it.
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, facts: Mapping[str, Any]) -> None:
    """Write a small file whole or not at all.

    Raises:
        StoreError: it cannot be written.
    """
    try:
        make_folder(path.parent)
        replace_text(path, json.dumps(facts, indent=2))
    except OSError as exc:
        raise StoreError(f"{path} cannot be written: {exc.strerror}") from exc


_FOLDER = ".runs"
_held_in_memory: set[tuple[int, str]] = set()
_guard = threading.Lock()


class RunLock:
    """Held while a run is carried out; the system lets it go when its holder dies."""

    def __init__(self, folder: Path | None, run_id: str, owner: int = 0) -> None:
        """Take what is locked; nothing is held yet.

        Args:
            folder: the journal's folder; None for one in memory.
            run_id: the run.
            owner: tells journals in memory apart.
        """
        name = sha256(run_id.encode("utf-8", "replace")).hexdigest()[:32]
        self._path = folder / f"{_FOLDER}/{name}.lock" if folder else None
        self._run_id = run_id
        self._name = (owner, run_id)
        self._descriptor: int | None = None

    def take(self) -> None:
        """Hold it.

        Raises:
            RunBusy: somebody else does; who and since when is told.
            StoreError: the lock cannot be made.
        """
        if self._path is None:
            self._take_in_memory()
            return
        try:
            while self._descriptor is None:
                self._descriptor = self._opened(self._path)
        except BlockingIOError as exc:
            raise self._busy(_holder(self._path)) from exc
        except OSError as exc:
            raise StoreError(
                f"the run cannot be locked: {self._path}: {exc.strerror}"
            ) from exc

    def leave(self) -> None:
        """Let it go."""
        with _guard:
            _held_in_memory.discard(self._name)
        if self._descriptor is not None and self._path is not None:
            with suppress(OSError):  # some systems remove no open file
                self._path.unlink()
            os.close(self._descriptor)
        self._descriptor = None

    def _take_in_memory(self) -> None:
        with _guard:
            if self._name in _held_in_memory:
                raise self._busy("this process")
            _held_in_memory.add(self._name)

    def _busy(self, holder: str) -> RunBusy:
        return RunBusy(
            f"the run {self._run_id} is being carried out by {holder}: "
            "wait until it ends, or end that one"
        )

    def _opened(self, path: Path) -> int | None:
        """Open and lock the file; None when its holder removed it meanwhile."""
        try:
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except FileNotFoundError:
            make_folder(path.parent)
            descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                _lock(descriptor)
            except OSError as exc:
                raise BlockingIOError from exc
            if not _is_there(path, descriptor):
                os.close(descriptor)
                return None
            now = time.strftime("%Y-%m-%dT%H:%M:%S%z")
            told = f"process {os.getpid()} since {now}"
            # Of one length, over what is there: some systems wait for the disk when
            # a file is emptied and written.
            os.write(descriptor, f"{told:<60}".encode())
            return descriptor
        except BaseException:
            os.close(descriptor)
            raise


def _holder(path: Path) -> str:
    try:
        return path.read_text("ascii", "replace")[:60].strip() or "another process"
    except OSError:
        return "another process"
