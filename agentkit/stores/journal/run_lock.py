"""A lock for a run, so that one process at a time carries it out."""

from __future__ import annotations

import os
import threading
import time
from contextlib import suppress
from hashlib import sha256
from pathlib import Path

from agentkit.errors import RunBusy, StoreError
from agentkit.stores.shared_files import is_there, make_folder, try_lock

_FOLDER = ".runs"
_held_in_memory: set[tuple[int, str]] = set()
_guard = threading.Lock()


class RunLock:
    """Held while a run is carried out; the system frees it when its holder dies."""

    def __init__(self, folder: Path | None, run_id: str, owner: int = 0) -> None:
        """Store what is locked; nothing is held yet.

        Args:
            folder: the journal's folder; None for one in memory.
            run_id: the run.
            owner: tells journals in memory apart.
        """
        # A run's id may be the application's own: any text, and no name of a file.
        name = sha256(run_id.encode("utf-8", "replace")).hexdigest()[:32]
        self._path = folder / f"{_FOLDER}/{name}.lock" if folder else None
        self._run_id = run_id
        self._name = (owner, run_id)
        self._descriptor: int | None = None

    def take(self) -> None:
        """Take the lock.

        Raises:
            RunBusy: somebody else does; the message says who, and since when.
            StoreError: the lock cannot be made.
        """
        if self._path is None:
            self._take_in_memory()
            return
        try:
            # The file is removed with the lock: who opened it just before holds a file
            # without a name, and begins anew.
            while self._descriptor is None:
                self._descriptor = self._opened(self._path)
        except BlockingIOError as exc:
            raise self._busy(_holder(self._path)) from exc
        except OSError as exc:
            raise StoreError(
                f"the run cannot be locked: {self._path}: {exc.strerror}"
            ) from exc

    def leave(self) -> None:
        """Free the lock."""
        with _guard:
            _held_in_memory.discard(self._name)
        if self._descriptor is not None and self._path is not None:
            # Removed before it is let go: afterwards it would be somebody else's lock.
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
                try_lock(descriptor)
            except OSError as exc:
                raise BlockingIOError from exc
            if not is_there(path, descriptor):
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
        # 60, the width that is written; a reader may come in the middle of it.
        return path.read_text("ascii", "replace")[:60].strip() or "another process"
    except OSError:
        return "another process"
