"""Files that are never half-written: atomic replace, one lock per home, kept asides.

Not covered: two machines that share a home over a network drive without locks.
"""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import tempfile
import threading
from collections.abc import Generator
from datetime import datetime
from pathlib import Path

from agentkit import StoreError, file_lock, make_folder, set_aside

# Seconds to wait for another program's change before the user is told.
_PATIENCE = 10.0
# By process: after a fork, a lock that a thread of the parent holds stays held.
_THREADS: dict[int, threading.RLock] = {}
_REASONS = {
    errno.ENOSPC: "the disk is full",
    errno.EDQUOT: "the disk quota is used up",
    errno.EROFS: "the disk is read-only",
    errno.EACCES: "permission is denied",
    errno.EPERM: "permission is denied",
    errno.ENOTDIR: "its folder is a file",
    errno.EISDIR: "it is a folder",
    errno.ENAMETOOLONG: "its name is too long",
    # What a network folder says whose server keeps no locks.
    errno.ENOLCK: "its disk keeps no locks, as some network folders do not",
    errno.EOPNOTSUPP: "its disk keeps no locks, as some network folders do not",
}


@contextlib.contextmanager
def told(path: Path, doing: str) -> Generator[None, None, None]:
    """Turn the system's complaints about a file into one sentence.

    Raises:
        StoreError: naming the file, what was tried, and why it failed.
    """
    try:
        yield
    except OSError as exc:
        reason = _REASONS.get(exc.errno or 0, exc.strerror or str(exc))
        raise StoreError(f"Cannot {doing} {path}: {reason}.") from exc


def open_home(home: Path) -> Path:
    """Return the home folder, made when it is not there.

    Raises:
        StoreError: it is a file, or cannot be made.
    """
    if home.exists() and not home.is_dir():
        raise StoreError(f"The home {home} is a file; it has to be a folder.")
    with told(home, "make the home folder"):
        make_folder(home)
    return home


@contextlib.contextmanager
def locked(home: Path) -> Generator[None, None, None]:
    """Hold the home's lock, across threads and processes, to change its files.

    Raises:
        StoreError: another program holds it too long, or it cannot be made.
    """
    path = open_home(home) / ".lock"
    busy = (
        f"Another program has been writing to {home} for {_PATIENCE:.0f} seconds; "
        "nothing was changed. Try again."
    )
    with (
        _THREADS.setdefault(os.getpid(), threading.RLock()),
        told(path, "lock the home with"),
        file_lock(path, busy=busy, patience=_PATIENCE),
    ):
        yield


def write_atomic(path: Path, content: bytes) -> os.stat_result:
    """Replace a file's content: after a crash it holds the old or the new, whole.

    Returns:
        What the system says of the file that was written, whatever is there now.

    Raises:
        StoreError: it cannot be written; the old content is untouched.
    """
    open_home(path.parent)
    with told(path, "write"):
        # In the same folder: a rename is atomic within one file system only.
        descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(content)
                stream.flush()
                # Before the rename: else a power cut may leave the new name with no
                # content.
                os.fsync(stream.fileno())
                if sys.platform != "win32":
                    os.replace(name, path)
                # Of the file that was written: by name it may be another program's
                # already.
                written = os.fstat(stream.fileno())
            if sys.platform == "win32":  # which moves no open file
                os.replace(name, path)
                written = path.stat()
        except BaseException:
            with contextlib.suppress(OSError):
                os.unlink(name)
            raise
        _sync_folder(path.parent)
    return written


def move_file(path: Path, target: Path) -> None:
    """Move a file within the home; after a crash it is in one place, whole.

    Raises:
        StoreError: it cannot be moved; it stays where it is.
    """
    open_home(target.parent)
    with told(path, "move"):
        os.replace(path, target)
        _sync_folder(path.parent)
        if target.parent != path.parent:
            _sync_folder(target.parent)


@contextlib.contextmanager
def claimed(path: Path) -> Generator[bool, None, None]:
    """Hold a separate lock for long work; yield False when another program has it.

    Raises:
        StoreError: the lock cannot be made.
    """
    open_home(path.parent)
    with contextlib.ExitStack() as held:
        with told(path, "lock"):
            try:
                held.enter_context(file_lock(path, busy="", patience=0))
                free = True
            except StoreError:
                free = False
        yield free


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system can."""
    if sys.platform == "win32":
        return
    # A folder is opened like a file: its entry for the new name is what has to last.
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def read_bytes(path: Path) -> bytes | None:
    """Return a file's content; None when there is no such file.

    Raises:
        StoreError: it is there and cannot be read.
    """
    if path.parent.exists() and not path.parent.is_dir():
        raise StoreError(f"The home {path.parent} is a file; it has to be a folder.")
    with told(path, "read"):
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None


def keep_aside(path: Path, stamp: datetime) -> Path:
    """Move a damaged file to NAME.corrupt-TIME, as agentkit's own stores do.

    Raises:
        StoreError: it cannot be moved; it stays where it is.
    """
    with told(path, "keep the damaged file aside:"):
        return set_aside(path, stamp)


def leads_out(path: Path, home: Path) -> bool:
    """Whether a path of a home is a link to a place outside of it, or below one."""
    return not path.resolve().is_relative_to(home.resolve())
