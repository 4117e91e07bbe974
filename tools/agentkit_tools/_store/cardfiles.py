"""Where the contacts are kept: contacts.vcf, and the .vcf files below contacts/.

The folder contacts/ and each folder in it is an address book. A new contact is a file
of its own there; without the folder it goes into contacts.vcf. Links are not followed.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from agentkit_tools._store.entry_files import free_name, is_entry_file
from agentkit_tools._store.files import read_bytes, told, write_atomic

SINGLE = "contacts.vcf"
FOLDER = "contacts"
_NEW = ".new"


def card_files(home: Path) -> list[str]:
    """List the files that may hold contacts, as paths within the home, with `/`.

    Raises:
        StoreError: the folder is there and cannot be listed.
    """
    found = [SINGLE]
    for folder in _folders(home):
        with told(home / folder, "list the folder"):
            names = sorted(
                path.name for path in (home / folder).iterdir() if _fits(path)
            )
        found += [f"{folder}/{name}" for name in names]
    return found


def card_paths(home: Path) -> list[Path]:
    """Return the file and the folders whose change tells that contacts changed.

    Raises:
        StoreError: the folder is there and cannot be listed.
    """
    return [home / SINGLE, *(home / name for name in _folders(home))]


def is_card_file(name: str) -> bool:
    """Whether a path within the home may be that of a file of contacts."""
    return is_entry_file(name, SINGLE, FOLDER)


def new_card_file(home: Path, uid: str) -> str:
    """Name the file that a new contact goes into, as a path within the home.

    Raises:
        StoreError: the folder cannot be listed.
    """
    folders = list(_folders(home))
    if not folders:
        return SINGLE
    named = named_folder(home / FOLDER)
    folder = f"{FOLDER}/{named}" if named else FOLDER
    return free_name(home, folder, uid, kind="contact", suffix=".vcf")


def named_folder(top: Path) -> str | None:
    """Return which folder in a folder is named, in its file `.new`, for new entries.

    Returns:
        Its name; empty when that is the folder itself; None when nothing is named.
    """
    content = read_bytes(top / _NEW)
    if content is None:
        return None
    name = content.decode("utf-8", "replace").strip()
    inside = bool(name) and not name.startswith(".") and not {"/", "\\"} & set(name)
    return name if inside and (top / name).is_dir() else ""


def name_folder(top: Path, name: str) -> None:
    """Name the folder in a folder that takes new entries; empty for itself.

    Raises:
        StoreError: it cannot be written.
    """
    if named_folder(top) != name:
        write_atomic(top / _NEW, name.encode())


def _folders(home: Path) -> Iterator[str]:
    top = home / FOLDER
    if not top.is_dir() or top.is_symlink():
        return
    yield FOLDER
    with told(top, "list the folder"):
        found = sorted(path for path in top.iterdir() if not path.name.startswith("."))
    for path in found:
        if path.is_dir() and not path.is_symlink():
            yield f"{FOLDER}/{path.name}"


def _fits(path: Path) -> bool:
    named = path.suffix.lower() == ".vcf" and not path.name.startswith(".")
    return named and path.is_file() and not path.is_symlink()
