"""Results computed from installed code: made once, then read from a file.

A file is JSON in the user's cache folder, and so data that is parsed and never code
that is run. It counts only when it is a plain file of the user's that nobody else can
write, whole, and made by this format from the same sources. Any other is made anew.
Where the folder cannot be written nothing is kept: the cache saves time and no more.

Not covered: whoever can write as the user can write these files too.
"""

from __future__ import annotations

import json
import os
import stat
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

# Of the files: those of another form are made anew.
FORMAT = 1
# A few checkouts, environments and assistants side by side.
_MOST = 8
# Bytes; no file of ours comes near it.
_LARGEST = 32 << 20
_LOADED = time.time_ns()
_UNMADE = ("__pycache__", ".pyc")
_METADATA = (".dist-info", ".egg-info")


def cache_folder(
    env: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Path:
    """Return the platform's folder for caches.

    Args:
        env: the environment; `XDG_CACHE_HOME` and `LOCALAPPDATA` are honoured.
        platform: as in `sys.platform`.
    """
    home = Path(env.get("XDG_CACHE_HOME", ""))
    if home.is_absolute():
        return home / "agentkit"
    if platform == "darwin":
        return Path.home() / "Library" / "Caches" / "agentkit"
    if platform == "win32" and env.get("LOCALAPPDATA"):
        return Path(env["LOCALAPPDATA"]) / "agentkit" / "cache"
    return Path.home() / ".cache" / "agentkit"


def models_folder(
    env: Mapping[str, str] = os.environ, platform: str = sys.platform
) -> Path:
    """Return the folder of models and of what is known about them.

    Args:
        env: the environment; `AGENTKIT_MODELS` names the folder itself,
            `XDG_DATA_HOME` and `LOCALAPPDATA` where the platform keeps data.
        platform: as in `sys.platform`.
    """
    own = env.get("AGENTKIT_MODELS", "")
    if own:
        return Path(own).expanduser()
    data = Path(env.get("XDG_DATA_HOME", ""))
    # A relative path is to be ignored (XDG Base Directory Specification).
    if data.is_absolute():
        return data / "agentkit" / "models"
    if platform == "darwin":
        support = Path.home() / "Library" / "Application Support"
        return support / "agentkit" / "models"
    if platform == "win32" and env.get("LOCALAPPDATA"):
        return Path(env["LOCALAPPDATA"]) / "agentkit" / "models"
    return Path.home() / ".local" / "share" / "agentkit" / "models"


def derived(
    name: str, key: object, sources: Iterable[Path], make: Callable[[], Any]
) -> Any:
    """Return the kept result of the same sources, or make and keep it.

    Args:
        name: what kind of thing it is; names the file.
        key: what else it follows from, as JSON can hold it; the interpreter's version
            is added.
        sources: the folders and files that hold its code and data.
        make: makes it, of what JSON can hold.
    """
    states = [_state(path) for path in sources]
    # The interpreter too: what its own tables and libraries make may differ.
    sign = _digest(
        json.dumps([FORMAT, sys.version, key, [digest for digest, _ in states]])
    )
    try:
        path = cache_folder() / "derived" / f"{name}-{sign[:20]}.json"
    except RuntimeError:  # nobody knows where the user's home is
        return make()
    body = _read(path, sign)
    if body is not None:
        return json.loads(body)
    made = make()
    # What was written since this process began may not be what it has loaded.
    if all(newest < _LOADED for _, newest in states):
        _write(path, sign, json.dumps(made))
    return made


def installed() -> str:
    """Return a digest of what is installed in the folders of `sys.path`.

    It names each distribution with its version, and when what it registers changed.
    """
    rows = [row for folder in dict.fromkeys(sys.path) for row in _metadata(folder)]
    return _digest(json.dumps(rows))


def _metadata(folder: str) -> list[tuple[str, int]]:
    try:
        with os.scandir(folder or ".") as entries:
            names = [one.path for one in entries if one.name.endswith(_METADATA)]
    except OSError:  # an archive, or nothing at all
        changed = _changed(folder)
        return [(folder, changed)] if changed else []
    return [(name, _changed(f"{name}/entry_points.txt")) for name in sorted(names)]


def _changed(path: str) -> int:
    """Return when a file was changed, in nanoseconds; 0 for none."""
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return 0


# Sources do not change while a process has them loaded; a thousand files are looked
# at.
@cache
def _state(source: Path) -> tuple[str, int]:
    """Return a digest of a source's files, and when the newest was changed.

    Names, sizes and times of change tell, as they do for Python's own bytecode files.
    """
    rows = sorted(_rows(str(source)))
    return _digest(json.dumps(rows)), max(
        (changed for _, changed, _ in rows), default=0
    )


def _rows(path: str) -> Iterator[tuple[str, int, int]]:
    facts = os.stat(path)
    if not stat.S_ISDIR(facts.st_mode):
        yield path, facts.st_mtime_ns, facts.st_size
        return
    for name in os.listdir(path):
        if not name.endswith(_UNMADE):
            yield from _rows(f"{path}/{name}")


def _read(path: Path, sign: str) -> str | None:
    """Return the content of a file; None where it is missing or not trusted."""
    # Not through a link, and not waiting at a pipe that somebody put there.
    flags = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0)
    try:
        descriptor = os.open(path, os.O_RDONLY | flags)
        if not _is_ours(os.fstat(descriptor)):
            os.close(descriptor)
            return None
        with open(descriptor, encoding="utf-8") as file:
            head, body = file.readline(), file.read()
    except (OSError, UnicodeDecodeError):
        return None
    return body if head == _head(sign, body) else None


def _is_ours(facts: os.stat_result) -> bool:
    """Tell whether a file is the user's own and nobody else can write it."""
    if not stat.S_ISREG(facts.st_mode) or facts.st_size > _LARGEST:
        return False
    if sys.platform == "win32":  # its modes say nothing about others
        return True
    return facts.st_uid == os.geteuid() and not facts.st_mode & 0o022


def _write(path: Path, sign: str, body: str) -> None:
    """Keep a file that only its owner can read, in one step."""
    part = path.with_name(f"{path.stem}-{os.getpid()}-{time.monotonic_ns()}.part")
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "w", encoding="utf-8") as file:
            file.write(_head(sign, body) + body)
        part.replace(path)
        _forget_oldest(path)
    except OSError:
        # Nothing is kept, and it is made again next time.
        with suppress(OSError):
            part.unlink()


def _forget_oldest(path: Path) -> None:
    """Delete all but a few files of a kind, and what a crash left half-written."""
    files = path.parent.glob(f"{path.name.rpartition('-')[0]}-*")
    for old in sorted(files, key=lambda one: one.stat().st_mtime)[:-_MOST]:
        old.unlink(missing_ok=True)


def _head(sign: str, body: str) -> str:
    return json.dumps({"of": sign, "digest": _digest(body)}) + "\n"


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()
