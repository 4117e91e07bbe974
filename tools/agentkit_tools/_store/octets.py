"""The bytes of calendar and card files as text that turns back into the same bytes.

Bytes that are no UTF-8 travel as lone surrogates (PEP 383), so what is not changed is
written again as it was. For reading, a character that a fold has split is put together
(RFC 5545, 3.1), and a line in another charset is read in that one.
"""

from __future__ import annotations

import codecs
import contextlib
import re

# Bytes that are no UTF-8, as surrogates, and zeros, which UTF-16 and broken disks leave.
_ODD = re.compile("[\udc80-\udcff\0]")
# Line ends and a blank are no part of the text: the line goes on. Several line ends are
# what programs leave that write each one twice.
_FOLD = re.compile(r"(?<![\r\n])(?:\r\n|\n|\r)++[ \t]")
_ENDS = re.compile(r"(\r\n|\n|\r)")
_CHARSET = re.compile(rb"(?i);CHARSET=\"?([\w-]+)")
# A file of entries begins with "BEGIN", with a mark of its byte order or without.
_WIDE = (
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (b"B\0E\0", "utf-16-le"),
    (b"\0B\0E", "utf-16-be"),
)


def as_utf8(content: bytes) -> bytes:
    """Return a file in UTF-16 as UTF-8; all others are returned as they are."""
    codec = next((name for mark, name in _WIDE if content.startswith(mark)), "")
    if not codec:
        return content
    try:
        found = content.decode(codec).encode()
    except UnicodeError:
        return content
    # A mark and nothing else is left as it is.
    return found if found.strip() else content


def text_of(content: bytes) -> str:
    """Return a file as text that `bytes_of` turns into the same bytes."""
    return as_utf8(content).decode("utf-8", "surrogateescape")


def bytes_of(text: str) -> bytes:
    """Return the bytes that a text was made of."""
    return text.encode("utf-8", "surrogateescape")


def unfolded(text: str) -> str:
    """Return a text as it is read: folded lines whole, odd bytes as letters."""
    plain = _FOLD.sub("", text)
    if not _ODD.search(plain):
        return plain
    return "".join(map(_line, _ENDS.split(plain)))


def is_guessed(text: str) -> bool:
    """Whether a text has letters in a charset that had to be guessed."""
    if not _ODD.search(text):
        return False
    lines = map(bytes_of, _ENDS.split(_FOLD.sub("", text)))
    return any(not _is_utf8(line) and not _named(line) for line in lines)


def _line(text: str) -> str:
    if not _ODD.search(text):
        return text
    content = bytes_of(text).replace(b"\0", b"")
    # UTF-8 first: what is valid UTF-8 is seldom anything else.
    for codec in ("utf-8", _named(content)):
        with contextlib.suppress(UnicodeError):
            return content.decode(codec or "utf-8")
    return _ODD.sub(_letter, content.decode("utf-8", "surrogateescape"))


def _letter(odd: re.Match[str]) -> str:
    """Return what a byte most likely is: a letter of Western Europe (Windows-1252)."""
    content = bytes_of(odd[0])
    # Windows-1252 leaves five bytes open, which Latin-1 has.
    try:
        return content.decode("cp1252")
    except UnicodeError:
        return content.decode("latin-1")


def _named(line: bytes) -> str:
    """Return the charset that a property names (vCard 2.1); empty for none."""
    found = _CHARSET.search(line.partition(b":")[0])
    try:
        return codecs.lookup(found[1].decode()).name if found else ""
    except LookupError:
        return ""


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return b"\0" not in line
