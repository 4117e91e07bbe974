"""Files that processes share: locked, replaced whole, set aside if damaged."""

from __future__ import annotations

import errno
import json
import os
import sys
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager, suppress
from datetime import datetime
from itertools import chain, count
from pathlib import Path
from typing import Any

from agentkit.errors import StoreError

if sys.platform == "win32":
    import msvcrt

    # Far behind the text, so that others can read who holds it.
    _PLACE = 1 << 20

    def try_lock(descriptor: int) -> None:
        """Lock a file that is open, or raise OSError where somebody else has it."""
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        os.lseek(descriptor, 0, os.SEEK_SET)

    def _unlock(descriptor: int) -> None:
        os.lseek(descriptor, _PLACE, os.SEEK_SET)
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def try_lock(descriptor: int) -> None:
        """Lock a file that is open, or raise OSError where somebody else has it."""
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


# Seconds; nobody holds a lock longer than a write takes, unless they hang.
PATIENCE = 10.0
# Short, so that none of several waiting programs is passed over again and again.
_PAUSE = 0.002
# What systems say of a lock that somebody has; anything else is a fault of the disk.
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
        is_ours = is_there(lock, descriptor)
    finally:
        if not is_ours:
            os.close(descriptor)
    return descriptor if is_ours else None


def is_there(lock: Path, descriptor: int) -> bool:
    """Tell whether an open file still has its name, which its holder may remove."""
    try:
        # By the file itself and not its name: that may be a new file by now.
        return os.path.samestat(os.stat(lock), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _wait(descriptor: int, busy: str, until: float) -> None:
    while True:
        try:
            try_lock(descriptor)
        except OSError as exc:
            if exc.errno not in _TAKEN:
                raise
            if time.monotonic() > until:
                raise StoreError(busy) from exc
            time.sleep(_PAUSE)
        else:
            return


def make_private(path: Path) -> None:
    """Make a file, and its folder, that only its owner may read; keep one that exists.

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
    """Make a folder, and its parents, that only their owner may look into.

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


def set_aside(path: Path, stamp: datetime | None = None) -> Path:
    """Move a damaged file to `NAME.corrupt-TIME`, with what SQLite keeps beside it.

    Args:
        path: the file.
        stamp: the time in its new name; the system's when None. Where that name is
            taken, a number follows it.

    Returns:
        Where it is now.

    Raises:
        OSError: it cannot be moved.
    """
    base = f"{path.name}.corrupt-{stamp or datetime.now():%Y%m%dT%H%M%S%f}"
    names = chain([base], (f"{base}-{number}" for number in count(2)))
    # A file that was set aside is never written over: it may be all that is left.
    kept = next(one for one in map(path.with_name, names) if not one.exists())
    for end in ("", "-wal", "-shm", "-journal"):
        # Another process may have moved it first.
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(kept.with_name(kept.name + end))
    return kept


def replace_text(path: Path, text: str, *, durable: bool = True) -> None:
    """Replace a file by a text in one step; only its owner can read it.

    A crash leaves the old file or the new one, and a fault leaves nothing beside it.

    Args:
        path: the file; its folder has to be there.
        text: all of it, written as UTF-8.
        durable: wait for the disk; without, a power cut may leave it empty.

    Raises:
        OSError: the folder cannot be written, or the disk is full.
        UnicodeEncodeError: the text holds half a character.
    """
    import tempfile  # takes longer to load than most commands have to write

    # In the same folder: a name can only be replaced at once on one disk.
    handle, name = tempfile.mkstemp(dir=path.parent, suffix=".part")
    part = Path(name)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            if durable:
                os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def write_json(path: Path, facts: Mapping[str, Any], *, durable: bool = True) -> None:
    """Write a small file whole or not at all; `replace_text` tells what `durable` is.

    Raises:
        StoreError: it cannot be written.
    """
    try:
        make_folder(path.parent)
        replace_text(path, json.dumps(facts, indent=2), durable=durable)
    except OSError as exc:
        raise StoreError(f"{path} cannot be written: {exc.strerror}") from exc
