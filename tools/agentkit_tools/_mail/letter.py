"""A mail's bytes made into a letter; broken headers, charsets, parts and markup are borne.

Not covered: encrypted mail, whose text stays what it is, and attachments, which are
left out.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_to_datetime
from hashlib import sha256

from agentkit import text_of_html
from agentkit_tools._mail.charsets import decode
from agentkit_tools._store.imports import Incoming
from agentkit_tools._store.mailbox import Letter

# Characters that are kept; what is longer was made to be long.
_LONGEST_TEXT, _LONGEST_INVITE, _LONGEST_HEADER = 200_000, 200_000, 2_000
# A Message-ID is bounded, as references of strangers are looked up in the store.
_ID = re.compile(r"<[^<>\s]{1,500}>")
_CALENDARS = {"text/calendar", "application/ics", "application/calendar",
              "text/x-vcalendar", "application/x-ical"}  # fmt: skip
_FOLD = re.compile(rb"(?:\r\n|\n|\r)[ \t]")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
# Folders of what the user wrote, as mail programs name them.
_SENT = {"sent", "sent mail", "sent items", "sent messages", "gesendet", "\\sent"}


def read_mail(
    content: bytes,
    user: str,
    *,
    labels: tuple[str, ...] = (),
    unread: bool | None = None,
    now: datetime,
) -> Incoming:
    """Read one mail as it was sent (RFC 5322).

    Args:
        content: the mail; an mbox `From ` line before it does not matter.
        user: the user's own address, which tells what was sent from what came in.
        labels: folder or tags it lies in.
        unread: whether it was read, where that is known from outside.
        now: stands in for a date that cannot be read.
    """
    mail = message_from_bytes(content)
    labels = tuple(dict.fromkeys((*labels, *_own_labels(mail))))
    name, address = _first_address(mail, "From", "Sender", "Return-Path")
    references = _references(mail)
    message_id = _message_id(mail, content)
    mine = bool(user) and address.casefold() == user.casefold()
    mine = mine or any(label.casefold() in _SENT for label in labels)
    # mbox files keep what was read in "Status: RO".
    seen = "R" in header(mail, "Status") or mine
    text, invite = _bodies(mail)
    letter = Letter(
        message_id=message_id,
        thread=references[0] if references else message_id,
        sender=name or address or "unknown",
        address=address,
        recipients=_recipients(mail),
        sent=_date(mail) or now,
        subject=header(mail, "Subject"),
        text=text,
        unread=not seen if unread is None else unread and not mine,
        mine=mine,
        labels=labels,
        invite=invite,
    )
    return Incoming(letter, references)


def header(mail: Message, name: str) -> str:
    """Return a header's text on one line, its encoded words read."""
    wanted = name.lower()
    # `raw_items`, as reading a broken header in the usual way may raise.
    values = (value for key, value in mail.raw_items() if key.lower() == wanted)
    return " ".join(_words(str(next(values, "")))[:_LONGEST_HEADER].split())


def _words(raw: str) -> str:
    """Read encoded words (RFC 2047); eight-bit bytes are taken as UTF-8, else Latin."""
    plain = _decoded(raw.encode("utf-8", "surrogateescape"), "")
    if "=?" not in plain:
        return plain
    try:
        parts = decode_header(plain)
    except (HeaderParseError, ValueError):
        return plain
    return "".join(
        part if isinstance(part, str) else _decoded(part, charset or "")
        for part, charset in parts
    )


def _decoded(content: bytes, charset: str) -> str:
    return clean_text(decode(content, charset))


def clean_text(text: str) -> str:
    """Take out what no text holds: control characters and halves of characters."""
    return _NOT_TEXT.sub("", text)


def _message_id(mail: Message, content: bytes) -> str:
    found = _ID.search(header(mail, "Message-ID"))
    # One without an id gets the same one at every import.
    return found[0] if found else f"<{sha256(content).hexdigest()[:40]}@no-id.invalid>"


def _references(mail: Message) -> tuple[str, ...]:
    older = _ID.findall(header(mail, "References"))
    # In-Reply-To last: that is the mail which is answered directly.
    return tuple(dict.fromkeys([*older, *_ID.findall(header(mail, "In-Reply-To"))]))


def _first_address(mail: Message, *names: str) -> tuple[str, str]:
    for name in names:
        for shown, address in getaddresses([header(mail, name)]):
            if address:
                return shown[:200], address[:320]
    return "", ""


def _recipients(mail: Message) -> tuple[str, ...]:
    lines = [header(mail, name) for name in ("To", "Cc")]
    found = (address for _, address in getaddresses(lines) if "@" in address)
    return tuple(dict.fromkeys(found))[:500]


def _date(mail: Message) -> datetime | None:
    # The last hop's clock stands in for a Date that is missing or wrong.
    for line in (header(mail, "Date"), header(mail, "Received").rpartition(";")[2]):
        try:
            found = parsedate_to_datetime(line.strip())
            moment = found if found.tzinfo else found.replace(tzinfo=UTC)
            return moment.astimezone(UTC)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None


def _own_labels(mail: Message) -> list[str]:
    found: list[str] = []
    for name in ("X-Gmail-Labels", "X-Keywords", "Keywords"):
        found += [word.strip()[:100] for word in header(mail, name).split(",")]
    return [word for word in found if word][:50]


def _bodies(mail: Message) -> tuple[str, str]:
    """Return the text a person reads, and the invite; either may be empty."""
    plain, html, invite = "", "", ""
    for part in mail.walk():
        kind = part.get_content_type()
        if _is_calendar(part, kind):
            # The first of each kind: later ones are attachments or older copies.
            invite = invite or _invite(part)
        elif part.is_multipart() or part.get_content_disposition() == "attachment":
            continue
        elif kind == "text/plain":
            plain = plain or _part(part)
        elif kind == "text/html":
            html = html or _part(part)
    # Plain text is what the writer meant to be read without markup.
    text = plain.strip() or text_of_html(html).strip()
    return text.replace("\r\n", "\n")[:_LONGEST_TEXT], invite[:_LONGEST_INVITE]


def _is_calendar(part: Message, kind: str) -> bool:
    """Whether a part is a calendar, by its type or, where that says nothing, its name."""
    if part.is_multipart():
        return False
    if kind in _CALENDARS:
        return True
    named = str(part.get_filename("")).strip().lower().endswith((".ics", ".ical"))
    return named and kind.partition("/")[0] in ("application", "text")


def _invite(part: Message) -> str:
    """Return a calendar part; what it is for may stand in its header alone."""
    content, charset = _payload(part)
    # Folds may be within a character (RFC 5545, 3.1), so they go before it is decoded.
    text = _decoded(_FOLD.sub(b"", content), charset)
    method = re.fullmatch(r"[A-Za-z-]{1,20}", str(part.get_param("method", "")))
    if method and not re.search(r"(?im)^METHOD:", text):
        told = rf"\g<0>METHOD:{method[0].upper()}\r\n"
        text = re.sub(r"(?im)^BEGIN:VCALENDAR[ \t]*(?:\r\n|\n|\r)", told, text, count=1)
    return text


def _part(part: Message) -> str:
    return _decoded(*_payload(part))


def _payload(part: Message) -> tuple[bytes, str]:
    """Return a part's bytes, and the charset that it names."""
    try:
        content = part.get_payload(decode=True)
        charset = part.get_content_charset("")
    except (ValueError, LookupError, AttributeError, TypeError):
        return b"", ""
    if not isinstance(content, bytes):
        return b"", ""
    # Four bytes are the most that a character takes.
    return content[: 4 * _LONGEST_TEXT], charset
