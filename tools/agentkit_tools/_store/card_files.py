"""Where the contacts are kept, and the content lines of a vCard (RFC 2426, RFC 6350).

The folder contacts/ and each folder in it is an address book. A new contact is a file
of its own there; without the folder it goes into contacts.vcf. Links are not followed.

Lines that are not changed stay byte for byte, whatever program wrote them.
"""

from __future__ import annotations

import os
import quopri
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path

from agentkit_tools._store.blocks import Block
from agentkit_tools._store.files import leads_out, read_bytes, told, write_atomic
from agentkit_tools._store.octets import unfolded


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
    # UIDs are free text, slashes and dots at the front included; a file system wants
    # less.
    stem = re.sub(r"[^A-Za-z0-9@._-]", "-", uid).lstrip(".-")[:80]
    if stem != uid:
        # Two UIDs that differ in other characters only must not meet in one name.
        stem = f"{stem or kind}-{blake2b(uid.encode(), digest_size=4).hexdigest()}"
    name, number = f"{folder}/{stem}{suffix}", 1
    while os.path.lexists(home / name):
        number += 1
        name = f"{folder}/{stem}-{number}{suffix}"
    return name


SINGLE = "contacts.vcf"
FOLDER = "contacts"
# In it stands the folder for new contacts: that of the server's address book.
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
                path.name for path in (home / folder).iterdir() if _fits(path, home)
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
    # A file may be edited by anybody: a name that leads elsewhere is not followed.
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
    if not top.is_dir() or leads_out(top, home):
        return
    yield FOLDER
    with told(top, "list the folder"):
        found = sorted(path for path in top.iterdir() if not path.name.startswith("."))
    for path in found:
        if path.is_dir() and not leads_out(path, home):
            yield f"{FOLDER}/{path.name}"


def links_out(home: Path) -> list[str]:
    """Name what is not read because it is a link that leads out of the home."""
    top = home / FOLDER
    if not top.is_dir():
        return []
    if leads_out(top, home):
        return [FOLDER]
    below = [path for folder in _folders(home) for path in (home / folder).iterdir()]
    links = [path for path in below if path.is_symlink() and leads_out(path, home)]
    return sorted(path.relative_to(home).as_posix() for path in links)


def _fits(path: Path, home: Path) -> bool:
    named = path.suffix.lower() == ".vcf" and not path.name.startswith(".")
    return (
        named and path.is_file() and not (path.is_symlink() and leads_out(path, home))
    )


_LOGICAL = re.compile(r"[^\r\n]*(?:(?:\r\n|\n|\r)++[ \t][^\r\n]*)*(?:\r\n|\n|\r|$)")
# vCard 2.1 breaks long values with "=" at the end of a line (quoted-printable).
_SOFT = re.compile(r"=(?:\r\n|\n|\r)")
# "item1.EMAIL": Apple groups a value with its label.
_NAME = re.compile(r"(?:[\w-]+\.)?([\w-]+)")
# Up to the first colon outside of quotes: a parameter may hold a URL.
_VALUE = re.compile(r'(?:[^":]|"[^"]*")*:')
_CHARSET = re.compile(r"CHARSET=([\w-]+)", re.I)
# Bytes of a line without its end (RFC 6350, 3.2).
_WIDTH = 75


@dataclass(frozen=True, slots=True)
class CardLine:
    """One property as it is written.

    Attributes:
        raw: all of it, folds and line end included.
        name: in upper case, without the group before it.
        head: name and parameters.
        value: still escaped.
    """

    raw: str
    name: str
    head: str
    value: str


def lines_of(block: Block) -> list[CardLine]:
    """Split a card into its properties."""
    found: list[str] = []
    for raw in filter(None, _LOGICAL.findall(block.text)):
        if found and _goes_on(found[-1]):
            found[-1] += raw
        else:
            found.append(raw)
    return [_line(raw) for raw in found]


def _goes_on(raw: str) -> bool:
    """Whether a property has a soft break at its end; base64 may end in "=" as well."""
    return _is_quoted_printable(raw) and raw.rstrip("\r\n").endswith("=")


def _is_quoted_printable(raw: str) -> bool:
    # Only as far as the colon: a picture after it may have a million letters.
    return "QUOTED-PRINTABLE" in raw[: raw.find(":")].upper()


def _line(raw: str) -> CardLine:
    whole = _SOFT.sub("", raw) if _is_quoted_printable(raw) else raw
    text = unfolded(whole).rstrip("\r\n")
    found, name = _VALUE.match(text), _NAME.match(text)
    if not found or not name:
        return CardLine(raw, "", "", "")
    head, value = text[: found.end() - 1], text[found.end() :]
    if _is_quoted_printable(raw):
        value = _quoted_printable(head, value)
    return CardLine(raw, name[1].upper(), head, value)


def _quoted_printable(head: str, value: str) -> str:
    charset = _CHARSET.search(head)
    content = quopri.decodestring(value.encode())
    # Old phones name no charset, or one that nobody knows; Latin-1 reads any bytes.
    try:
        return content.decode(charset[1] if charset else "utf-8")
    except (LookupError, ValueError):
        return content.decode("latin-1")


def unescaped(value: str) -> str:
    """Return a value's text."""
    return re.sub(r"\\(.)", lambda m: "\n" if m[1] in "nN" else m[1], value)


def escaped(text: str) -> str:
    """Write text as a value."""
    plain = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\n", "\\n").replace("\r", "\\n")


def parts_of(value: str, separator: str) -> list[str]:
    """Split a value where the separator is not escaped."""
    found = re.findall(rf"(?:[^{separator}\\]|\\.)+", value, re.S)
    return [text for part in found if (text := unescaped(part).strip())]


def written(name: str, value: str) -> str:
    """Write a property, folded at 75 bytes; the value is escaped already."""
    left, parts = f"{name}:{value}", list[str]()
    while left:
        take = len(left)
        # The blank that leads a folded line counts too.
        room = _WIDTH - bool(parts)
        # Bytes are counted, and characters cut: none is split between two lines.
        while len(left[:take].encode()) > room:
            take = min(take - 1, room)
        parts.append(left[:take])
        left = left[take:]
    return "\r\n ".join(parts) + "\r\n"


def with_line(block: Block, *new: str) -> Block:
    """Put properties at the end of a card."""
    end = block.text.upper().rindex("END:VCARD")
    return Block(block.kind, f"{block.text[:end]}{''.join(new)}{block.text[end:]}")


def changed_lines(
    block: Block, names: Iterable[str], change: Callable[[CardLine], str]
) -> Block:
    """Rewrite the properties of some names; all else stays byte for byte."""
    wanted = set(names)
    text = "".join(
        change(line) if line.name in wanted else line.raw for line in lines_of(block)
    )
    return Block(block.kind, text)
