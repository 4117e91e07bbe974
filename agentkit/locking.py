"""A lock between processes, held on a file beside the one that is written."""

from __future__ import annotations

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


_PAUSE = 0.005


@contextmanager
def locked(path: Path, *, patience: float = 10.0) -> Generator[None]:
    """Hold the lock of a file; others wait for it.

    Args:
        path: the file; the lock is `.NAME.lock` beside it.
        patience: seconds to wait.

    Raises:
        StoreError: another process held it for longer.
    """
    lock = path.with_name(f".{path.name}.lock")
    descriptor = os.open(lock, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        _wait(descriptor, path, patience)
        yield
        _unlock(descriptor)
    finally:
        os.close(descriptor)


def _wait(descriptor: int, path: Path, patience: float) -> None:
    until = time.monotonic() + patience
    while True:
        try:
            _lock(descriptor)
            return
        except OSError as exc:
            if time.monotonic() > until:
                raise StoreError(
                    f"{path} is in use by another program for {patience:g} s: try again"
                ) from exc
            time.sleep(_PAUSE)
