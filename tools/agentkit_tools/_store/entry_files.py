"""The names of files that hold one entry each: an event, a contact."""

from __future__ import annotations

import os
import re
from hashlib import blake2b
from pathlib import Path


def is_entry_file(name: str, single: str, folder: str) -> bool:
    """Whether a path within the home may be that of a file of entries.

    Args:
        name: the path, with `/`.
        single: the file that holds all of them where there is no folder.
        folder: the folder that holds them, or folders of them.
    """
    parts = name.split("/")
    inside = parts[0] == folder and 1 < len(parts) < 4
    return name == single or (inside and not {"", ".", ".."} & set(parts))


def free_name(home: Path, folder: str, uid: str, *, kind: str, suffix: str) -> str:
    """Name the file of a new entry, as a path within the home.

    Args:
        home: the home folder.
        folder: where it goes, within the home.
        uid: the entry's unique id; only its harmless characters are used.
        kind: what it is called where none of them is left.
        suffix: how the file's name ends.
    """
    stem = re.sub(r"[^A-Za-z0-9@._-]", "-", uid).lstrip(".-")[:80]
    if stem != uid:
        stem = f"{stem or kind}-{blake2b(uid.encode(), digest_size=4).hexdigest()}"
    name, number = f"{folder}/{stem}{suffix}", 1
    while os.path.lexists(home / name):
        number += 1
        name = f"{folder}/{stem}-{number}{suffix}"
    return name
