"""SQLite's errors as ours; a damaged file is set aside."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from agentkit.errors import CorruptStore, StoreError
from agentkit.stores.shared_files import set_aside

# What only damage tells; anything else, such as a full disk, leaves the file good.
_BROKEN = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB)


@contextmanager
def store_faults(
    path: Path | None, lost: str, close: Callable[[], None]
) -> Generator[None]:
    """Turn SQLite's errors into ours while the block runs.

    Args:
        path: the file; None for one in memory.
        lost: what it means for the user that a damaged file was set aside.
        close: closes the file, so that it can be moved.

    Raises:
        StoreError: the file cannot be used.
        CorruptStore: it is damaged; it was set aside.
    """
    try:
        yield
    except sqlite3.Error as exc:
        # The low byte is the main code: SQLITE_CORRUPT_VTAB and its like count as
        # corrupt.
        broken = getattr(exc, "sqlite_errorcode", 0) & 0xFF in _BROKEN
        if broken and path is not None:
            close()
            raise CorruptStore(
                f"{path} was damaged ({exc}) and is kept as {set_aside(path).name}: "
                f"{lost}"
            ) from exc
        why = "the disk is full" if _is_full(path) else exc
        raise StoreError(f"{path or 'the store'} cannot be used: {why}") from exc
    except OSError as exc:
        raise StoreError(f"{path} cannot be used: {exc.strerror}") from exc


def _is_full(path: Path | None) -> bool:
    """Tell whether a file's disk has no room; SQLite calls that an I/O error."""
    with suppress(OSError):
        return path is not None and not shutil.disk_usage(path.parent).free
    return False
