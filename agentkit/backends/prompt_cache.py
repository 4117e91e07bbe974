"""What of a prompt was read before: prefixes, fingerprints, and a folder of snapshots.

Snapshots hold what a model has read, so folder and files are the user's alone.
Several processes may share a folder: a file appears whole or not at all.
"""

from __future__ import annotations

import json
import os
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from hashlib import sha256
from pathlib import Path


def common_prefix(first: Sequence[int], second: Sequence[int]) -> int:
    """Count the ids that both begin with."""
    shorter = min(len(first), len(second))
    # Most prompts go on from the last one; comparing lists is far faster than a loop.
    if list(first[:shorter]) == list(second[:shorter]):
        return shorter
    pairs = zip(first, second, strict=False)
    return next(at for at, (one, other) in enumerate(pairs) if one != other)


def reusable(cached: Sequence[int], prompt: Sequence[int]) -> int:
    """Count the ids of a prompt that need not be read again.

    The last one is always read: the token that follows it is wanted.
    """
    return min(common_prefix(cached, prompt), max(len(prompt) - 1, 0))


def fingerprint(*facts: object) -> str:
    """Hash facts: strings, numbers, and lists and dicts of them.

    Equal for equal facts, in every process.
    """
    text = json.dumps(facts, sort_keys=True, separators=(",", ":"))
    return sha256(text.encode()).hexdigest()


# Seconds after which a file that is still being written was left by a crash.
_STALE = 3600.0
_GIB = 1 << 30


class SnapshotFolder:
    """Snapshots by key; the least recently used ones make room for new ones.

    Attributes:
        folder: where the files lie.
        limit: most bytes that they take together.
    """

    def __init__(
        self, folder: Path, *, suffix: str = ".safetensors", limit: int = 2 * _GIB
    ) -> None:
        """Name the folder; it is made when the first snapshot is stored."""
        self.folder = folder
        self.limit = limit
        self._suffix = suffix

    def find(self, key: str) -> Path | None:
        """Return a snapshot's file, which counts as used now."""
        path = self._path(key)
        try:
            os.utime(path)
        except OSError:
            # A folder that cannot be written to can still be read.
            return path if path.is_file() else None
        return path

    def store(self, key: str, write: Callable[[Path], None]) -> Path | None:
        """Keep a snapshot, and remove the oldest ones beyond the limit.

        Args:
            key: a fingerprint, in hexadecimal digits.
            write: writes the file that it is given the path of.

        Returns:
            The file; None when it is larger than the limit.

        Raises:
            OSError: the folder cannot be written, or the disk is full. Nothing of
                the snapshot is left then.
        """
        # The user's alone, as prompts hold personal things.
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(suffix=".part", dir=self.folder)
        os.close(handle)
        part = Path(name)
        try:
            write(part)
            if part.stat().st_size > self.limit:
                return None
            part.chmod(0o600)
            # In one step, so that no other process reads half a file.
            part.replace(self._path(key))
        finally:
            part.unlink(missing_ok=True)
        self._evict()
        return self._path(key)

    def remove(self, key: str) -> None:
        """Remove a snapshot, if it is there."""
        with suppress(OSError):
            self._path(key).unlink()

    def size(self) -> int:
        """Return how many bytes the snapshots take."""
        return sum(size for _, size, _ in self._listed())

    def _path(self, key: str) -> Path:
        return self.folder / f"{key}{self._suffix}"

    def _evict(self) -> None:
        for part in self.folder.glob("*.part"):
            with suppress(OSError):
                # A newer one is being written by another process.
                if part.stat().st_mtime < time.time() - _STALE:
                    part.unlink()
        # By time of last use, oldest first.
        listed = sorted(self._listed())
        over = sum(size for _, size, _ in listed) - self.limit
        for _, size, path in listed:
            if over <= 0:
                return
            with suppress(OSError):
                path.unlink()
                over -= size

    def _listed(self) -> list[tuple[float, int, Path]]:
        """List time of last use, size in bytes, and path."""
        found: list[tuple[float, int, Path]] = []
        for path in self.folder.glob(f"*{self._suffix}"):
            # Another process may remove it meanwhile.
            with suppress(OSError):
                facts = path.stat()
                found.append((facts.st_mtime, facts.st_size, path))
        return found
