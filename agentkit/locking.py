"""Locks between processes, held on files."""

from __future__ import annotations

import errno
import os
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from agentkit.errors import StoreError

if sys.platform == "win32":
    import msvcrt

    def _lock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)

    def _unlock(descriptor: int) -> None:
        msvcrt.locking(descriptor, msvcrt.LK_UNLCK, 1)
else:
    import fcntl

    def _lock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)

    def _unlock(descriptor: int) -> None:
        fcntl.flock(descriptor, fcntl.LOCK_UN)


PATIENCE = 10.0
# Short, so that none of several waiting programs is passed over again and again.
_PAUSE = 0.002
_TAKEN = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)


@contextmanager
def file_lock(lock: Path, *, busy: str, patience: float = PATIENCE) -> Generator[None]:
    """Hold a lock on a file, which is made when it is not there; others wait.

    Args:
        lock: the file; its folder has to be there.
        busy: what is said when another holds it for too long.
        patience: seconds to wait.

    Raises:
        StoreError: another process or thread held it for longer.
        OSError: the file cannot be made, or its disk knows no locks.
    """
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(descriptor, busy, patience)
        try:
            yield
        finally:
            _unlock(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(path: Path, *, patience: float = PATIENCE) -> Generator[None]:
    """Hold the lock of a file that is written; others wait for it.

    Args:
        path: the file; the lock is `.NAME.lock` beside it.
        patience: seconds to wait.

    Raises:
        StoreError: another process held it for longer.
    """
    busy = f"{path} is in use by another program for {patience:g} s: try again"
    with file_lock(path.with_name(f".{path.name}.lock"), busy=busy, patience=patience):
        yield


def _wait(descriptor: int, busy: str, patience: float) -> None:
    until = time.monotonic() + patience
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
