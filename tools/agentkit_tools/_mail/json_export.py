"""Messages of a JSON export: an array, `{"messages": [...]}`, or one object a line.

An export of several chats has several arrays of messages, one after another.

Each message is an object. What it is called in the exports of common programs is
taken for what it means: `date`, `sent` or `timestamp`; `from` or `sender`; and so on.
"""

from __future__ import annotations

import json
import re
from collections.abc import Generator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from email.utils import parseaddr
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

from agentkit_tools._mail.letter import clean_text
from agentkit_tools._store.files import told
from agentkit_tools._store.imports import Incoming
from agentkit_tools._store.mailbox import Letter

# Characters read at a time, and the most that one message may have.
_PIECE, _LARGEST = 1_000_000, 16_000_000
_SPACE = re.compile(r"[\s,]*")
# Longer than what `_ARRAY` matches, as programs write it.
_OVERLAP = 200
_ARRAY = re.compile(r'"messages"\s*:\s*\[')
# In the order in which they are looked for: `date_unixtime` is Telegram's second date.
_NAMES = {
    "id": ("message_id", "id", "guid", "uuid"),
    "thread": ("thread", "thread_id", "chat", "chat_id", "conversation", "room"),
    "sender": ("sender", "from", "author", "sender_name", "name"),
    "address": ("address", "sender_address", "email", "from_id", "number", "phone"),
    "recipients": ("recipients", "to"),
    "sent": ("sent", "date", "timestamp", "time", "created_at", "date_unixtime"),
    "subject": ("subject", "title"),
    "text": ("text", "body", "content", "message"),
    "labels": ("labels", "tags", "folder"),
}


@dataclass(frozen=True, slots=True)
class ExportEntry:
    """One message of an export, or why it is none."""

    place: str
    incoming: Incoming | None = None
    fault: str = ""


def entries_in(
    path: Path, user: str, zone: tzinfo
) -> Generator[ExportEntry, None, None]:
    """Read an export's messages, one at a time.

    Raises:
        StoreError: it cannot be read.
    """
    with told(path, "read"), path.open(encoding="utf-8", errors="replace") as stream:
        for number, (part, found) in enumerate(_objects(stream), 1):
            place = f"{path.name}, message {number}"
            if isinstance(found, str):
                yield ExportEntry(place, fault=found)
                return
            # Each chat counts its messages by itself: their names must not meet.
            chat = path.stem if part == 1 else f"{path.stem} {part}"
            made = _incoming(found, user, zone, chat)
            yield replace(made, place=place)


def _objects(
    stream: IO[str],
) -> Generator[tuple[int, Mapping[str, Any] | str], None, None]:
    """Yield the objects of arrays or lines, and of which array; a sentence at a fault."""
    decoder = json.JSONDecoder()
    text, at, part = _begun(stream), 0, 1
    while True:
        at = _after_space(text, at)
        if text.startswith("]", at):
            following = _next_array(stream, text[at:])
            if following is None:
                return
            text, at, part = following, 0, part + 1
            continue
        try:
            value, at = decoder.raw_decode(text, at)
        except (json.JSONDecodeError, RecursionError):
            # Broken off, or no JSON: more of the file tells.
            rest = text[at:]
            more = stream.read(_PIECE)
            if not more or len(rest) > _LARGEST:
                if rest:
                    yield part, "it is no JSON from here on, or ends in the middle"
                return
            text, at = rest + more, 0
            continue
        if isinstance(value, Mapping):
            yield part, cast("Mapping[str, Any]", value)


def _next_array(stream: IO[str], text: str) -> str | None:
    """Return the text after the bracket that opens the next chat's messages."""
    while (array := _ARRAY.search(text)) is None:
        more = stream.read(_PIECE)
        if not more:
            return None
        # The end is kept: the words may be split between two pieces.
        text = text[-_OVERLAP:] + more
    return text[array.end() :]


def _after_space(text: str, at: int) -> int:
    found = _SPACE.match(text, at)
    return found.end() if found else at


def _begun(stream: IO[str]) -> str:
    """Return the text after the bracket that opens the array; of lines, all of it."""
    text = stream.read(_PIECE).lstrip("\ufeff \t\r\n")
    if text.startswith("["):
        return text[1:]
    array = _ARRAY.search(text)
    return text[array.end() :] if array else text


def _incoming(
    found: Mapping[str, Any], user: str, zone: tzinfo, chat: str
) -> ExportEntry:
    text = _text(_value(found, "text"))
    sent = _moment(_value(found, "sent"), zone)
    if sent is None:
        return ExportEntry(chat, fault="a message has no date that can be read")
    name, address = _writer(found)
    mine = bool(found.get("mine")) or (
        bool(user) and address.casefold() == user.casefold()
    )
    # Without an id: the same message has the same name at every import.
    made = sha256(f"{sent}|{name}|{address}|{text}".encode()).hexdigest()[:40]
    told_id = _text(_value(found, "id")).strip("<>")
    # Chats count their messages from 1: the file's name makes the number unique.
    local = f"{chat}:{told_id}@export.invalid" if "@" not in told_id else told_id
    message_id = f"<{local}>" if told_id else f"<{made}@no-id.invalid>"
    letter = Letter(
        message_id=message_id,
        thread=_text(_value(found, "thread")) or chat,
        sender=name or address or "unknown",
        address=address,
        recipients=tuple(_texts(_value(found, "recipients"))),
        sent=sent,
        subject=_text(_value(found, "subject"))[:2000],
        text=text[:200_000],
        unread=_is_unread(found) and not mine,
        mine=mine,
        labels=tuple(_texts(_value(found, "labels"))),
    )
    return ExportEntry(chat, Incoming(letter))


def _value(found: Mapping[str, Any], field: str) -> Any:
    values = (found[name] for name in _NAMES[field] if name in found)
    return next((value for value in values if value not in (None, "")), "")


def _text(value: Any) -> str:
    """Return text; Telegram writes it as a list of words and marked words."""
    if isinstance(value, str):
        return clean_text(value)
    if isinstance(value, Mapping):
        inner = cast("Mapping[str, Any]", value)
        return _text(inner.get("text", inner.get("name", "")))
    if isinstance(value, list):
        parts: list[Any] = value  # pyright: ignore[reportUnknownVariableType]
        return "".join(map(_text, parts))
    return "" if isinstance(value, bool) or value is None else str(value)


def _texts(value: Any) -> list[str]:
    many: list[Any] = value if type(value) is list else [value]  # pyright: ignore[reportUnknownVariableType]
    return [text for text in map(_text, many) if text][:500]


def _writer(found: Mapping[str, Any]) -> tuple[str, str]:
    name, address = _text(_value(found, "sender")), _text(_value(found, "address"))
    # "Eva Stein <eva@example.org>" in one field.
    if "@" in name and not address:
        name, address = parseaddr(name)
    return name[:200], address[:320]


def _is_unread(found: Mapping[str, Any]) -> bool:
    if "unread" in found:
        return found["unread"] is True
    return found.get("read", found.get("is_read", True)) is False


def _moment(value: Any, zone: tzinfo) -> datetime | None:
    """Read ISO 8601 or seconds (or milliseconds) since 1970."""
    try:
        if isinstance(value, str) and not value.strip().isdigit():
            moment = datetime.fromisoformat(value.strip())
            return moment if moment.tzinfo else moment.replace(tzinfo=zone)
        seconds = float(value)
        # Seconds of 1e11 would be in the year 5138: milliseconds are meant.
        return datetime.fromtimestamp(seconds / (1000 if seconds > 1e11 else 1), UTC)
    except (ValueError, TypeError, OverflowError, OSError):
        return None
