"""File names for what a server names: made here, never taken from there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from hashlib import sha256

_PLAIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}")
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.I)


def file_name(uid: str, suffix: str, taken: Container[str] = ()) -> str:
    """Return a file name for an entry: its UID where that is a plain word.

    Args:
        uid: the entry's unique id.
        suffix: `.ics` or `.vcf`.
        taken: names in use, in lower case.
    """
    stem = uid.removesuffix(suffix)
    if not _PLAIN.fullmatch(stem) or _RESERVED.fullmatch(stem) or ".." in stem:
        stem = sha256(uid.encode()).hexdigest()[:32]
    return _free(stem, suffix, taken)


def folder_name(name: str, taken: Container[str] = ()) -> str:
    """Return a folder name for a collection, after the name that people see."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    stem = re.sub(r"[^a-z0-9]+", "-", plain.lower()).strip("-")[:40].strip("-")
    if not stem or _RESERVED.fullmatch(stem):
        stem = f"collection-{sha256(name.encode()).hexdigest()[:8]}"
    return _free(stem, "", taken)


def _free(stem: str, suffix: str, taken: Container[str]) -> str:
    found, number = f"{stem}{suffix}", 1
    while found.lower() in taken:
        number += 1
        found = f"{stem}-{number}{suffix}"
    return found
