"""notes/: one Markdown file per note."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from agentkit import make_folder
from agentkit.language import fold
from agentkit_tools._store.change_sets import note_page, page_kept
from agentkit_tools._store.fact_file import FACTS
from agentkit_tools._store.files import locked, read_bytes, told, write_atomic
from agentkit_tools._store.resemblance import closest

# Words of a note that make its heading where it has none of its own.
_TITLE_WORDS = 6
# Bytes of a note that are read; what is longer is no note that somebody wrote.
_LARGEST = 1_000_000


@dataclass(frozen=True, slots=True)
class Page:
    """A note: its heading, the text below it, and its file."""

    title: str
    text: str
    path: Path


def add_page(home: Path, title: str, text: str) -> Page:
    """Write a new note; no note is ever overwritten.

    Raises:
        StoreError: it cannot be written.
    """
    heading = " ".join((title or " ".join(text.split()[:_TITLE_WORDS])).split())
    with locked(home):
        folder = home / "notes"
        with told(folder, "make the folder"):
            make_folder(folder)
        path = _free_name(folder, heading)
        content = f"# {heading}\n\n{text.strip()}\n"
        # Before it is written, so that a call that is cut off can tell whether it was.
        note_page(home, path, content)
        write_atomic(path, content.encode())
    return Page(heading, text.strip(), path)


def page_made(home: Path) -> Page | None:
    """Return the note that this call wrote when it was tried before; None for none.

    Raises:
        StoreError: it cannot be read.
    """
    made = page_kept(home)
    return read_page(made) if made else None


def _free_name(folder: Path, heading: str) -> Path:
    # `fold` takes accents off: "Käse" is kase.md; a heading in Thai leaves nothing.
    slug = re.sub(r"[^a-z0-9]+", "-", fold(heading)).strip("-")[:60] or "note"
    path, number = folder / f"{slug}.md", 1
    # facts.md is read as facts, whatever is in it.
    while path.exists() or path.name == FACTS:
        number += 1
        path = folder / f"{slug}-{number}.md"
    return path


def drop_page(home: Path, file: str, title: str, text: str) -> bool:
    """Take a note out; False when it is not there, or is not what it was.

    Raises:
        StoreError: it cannot be removed.
    """
    path = home / "notes" / Path(file).name
    with locked(home):
        # Edited by hand since, it is no more what is to be taken back.
        if not path.is_file() or read_page(path) != Page(title, text, path):
            return False
        with told(path, "remove"):
            path.unlink()
    return True


def put_page(home: Path, page: Page, before: Page | None) -> bool:
    """Write a note in the place of what was there; False where that has changed since.

    Args:
        home: the home folder.
        page: the note as it shall be.
        before: what has to be there now; None for no file.

    Raises:
        StoreError: it cannot be written.
    """
    path = home / "notes" / page.path.name
    with locked(home):
        there = read_page(path) if path.is_file() else None
        if (there and (there.title, there.text)) != (
            before and (before.title, before.text)
        ):
            return False
        write_atomic(path, f"# {page.title}\n\n{page.text.strip()}\n".encode())
    return True


def find_pages(home: Path, query: str = "") -> list[Page]:
    """Return the notes that words speak of most, by file name; without words all.

    Raises:
        StoreError: a note cannot be read.
    """
    pages = (read_page(path) for path in note_files(home))
    found = closest(query, pages, lambda page: f"{page.title}\n{page.text}")
    return found.items


def note_files(home: Path) -> list[Path]:
    """List the files of the notes."""
    folder = home / "notes"
    return sorted(folder.glob("*.md")) if folder.is_dir() else []


def read_page(path: Path) -> Page:
    """Read one note; bytes that are not UTF-8 are shown as replaced.

    Raises:
        StoreError: it cannot be read.
    """
    text = (read_bytes(path) or b"")[:_LARGEST].decode("utf-8", "replace")
    first, _, rest = text.partition("\n")
    # Any depth of heading; without one the file's name is the title.
    if first.startswith("#"):
        return Page(first.lstrip("# ").strip(), rest.strip(), path)
    return Page(path.stem.replace("-", " "), text.strip(), path)
