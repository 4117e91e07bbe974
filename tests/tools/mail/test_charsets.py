"""Letters and invites as the programs of the world write them."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context
from agentkit_tools.archives import import_messages
from agentkit_tools.invites import find_invites
from agentkit_tools.messages import find_messages

Use = Callable[..., Any]

# What is named, what is written, and a text that only that can be.
CHARSETS = [
    ("windows-874", "cp874", "สวัสดี"), ("tis-620", "cp874", "“กข”"),
    ("gb2312", "gbk", "朱镕基"), ("GBK", "gb18030", "㐀镕"), ("big5", "big5hkscs", "嗰啲"),
    ("iso-8859-1", "cp1252", "“€5”"), ("iso-8859-9", "cp1254", "“şğ”"),
    ("ks_c_5601-1987", "cp949", "똠방각하"), ("euc-kr", "cp949", "펲시"),
    ("shift_jis", "cp932", "①髙"), ("x-sjis", "cp932", "㈱"),
    ("windows-1251", "cp1251", "Привет"), ("x-cp1250", "cp1250", "čeština"),
    ("iso-8859-8-i", "iso-8859-8", "שלום"), ("macintosh", "mac_roman", "“café”"),
    ("us-ascii", "utf-8", "Grüße"), ("no-such", "utf-8", "Grüße"),
    ("utf8", "utf-8", "Grüße"), ('"UTF-8"', "utf-8", "Grüße"),
]  # fmt: skip
INVITE = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//O//EN\r\n{method}BEGIN:VEVENT\r\n"
    "UID:1@o\r\nDTSTAMP:20261101T000000Z\r\nDTSTART;TZID=Central Europe Standard Time:"
    "20261124T100000\r\nDURATION:PT30M\r\nSUMMARY:Größe\r\n"
    "ORGANIZER:mailto:ana@kos.example\r\n"
    "ATTENDEE;PARTSTAT=NEEDS-ACTION:mailto:kim@berg.example\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)
HEAD = (
    "From: Ana Kos <ana@kos.example>\r\nTo: kim@berg.example\r\nMessage-ID: <1@x>\r\n"
    "Date: Tue, 10 Nov 2026 10:00:00 +0100\r\nMIME-Version: 1.0\r\n"
)


def bring(context: Context, use: Use, folder: Path, content: bytes) -> None:
    """Import one mail."""
    path = folder / "one.eml"
    path.write_bytes(content)
    use(import_messages, context, path=str(path))


def base64_part(kind: str, content: bytes) -> bytes:
    """Write a part of a mail."""
    coded = base64.encodebytes(content)
    return f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n".encode() + (
        b"\r\n" + coded
    )


@pytest.mark.parametrize(
    ("named", "codec", "text"), CHARSETS, ids=[f"{n}-{c}" for n, c, _ in CHARSETS]
)
def test_charsets(
    named: str, codec: str, text: str, context: Context, use: Use, tmp_path: Path
) -> None:
    """Subject and body have the letters that were meant."""
    word = base64.b64encode(text.encode(codec)).decode()
    bare = named.strip('"')
    subject = f"Subject: =?{bare}?B?{word}?=\r\n"
    body = base64_part(f"text/plain; charset={named}", f"{text} .".encode(codec))
    bring(context, use, tmp_path, (HEAD + subject).encode() + body)
    [found] = use(find_messages, context)
    assert (found.subject, found.text) == (text, f"{text} .")


def split(text: str) -> bytes:
    """Fold within each ü and ö."""
    content = text.encode()
    for letter in ("ü", "ö"):
        one = letter.encode()
        content = content.replace(one, one[:1] + b"\r\n " + one[1:])
    return content


PARTS = {
    "text/calendar": "text/calendar; charset=utf-8; method=REQUEST",
    "application/ics": 'application/ics; name="invite.ics"',
    "octet-stream": 'application/octet-stream; name="Einladung.ICS"',
    "x-vcalendar": "text/x-vcalendar",
}


@pytest.mark.parametrize("kind", PARTS.values(), ids=PARTS)
@pytest.mark.parametrize("place", ["alone", "attached"])
def test_an_invite_in_any_dress(
    kind: str, place: str, context: Context, use: Use, tmp_path: Path
) -> None:
    """Its part is found by type or name; folds within letters are no others."""
    content = split(INVITE.format(method="METHOD:REQUEST\r\n"))
    if place == "attached":
        mark = b"Content-Disposition: attachment; filename=invite.ics\r\n"
        parts = (base64_part("text/plain", b"hi"), mark + base64_part(kind, content))
        inner = b"".join(b"--b\r\n" + part + b"\r\n" for part in parts)
        body = (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + inner + b"--b--\r\n"
        )
    else:
        body = base64_part(kind, content)
    bring(context, use, tmp_path, HEAD.encode() + body)
    [invite] = use(find_invites, context)
    assert (invite.title, invite.start[:16]) == ("Größe", "2026-11-24T10:00")


@pytest.mark.parametrize(
    ("kind", "method", "count"),
    [
        ("text/calendar; method=REQUEST", "", 1),
        ("text/calendar; method=request", "", 1),
        ("text/calendar; method=REQUEST", "METHOD:REQUEST\r\n", 1),
        ("text/calendar", "", 0),
        ("text/calendar; method=PUBLISH", "", 0),
        ('text/calendar; method="A:B\r\n X"', "", 0),
    ],
    ids=["header", "small", "both", "neither", "published", "injected"],
)
def test_what_an_invite_asks_for_may_stand_in_the_header(
    kind: str, method: str, count: int, context: Context, use: Use, tmp_path: Path
) -> None:
    """A calendar that asks for nothing is no invite."""
    content = INVITE.format(method=method).encode()
    bring(context, use, tmp_path, HEAD.encode() + base64_part(kind, content))
    assert len(use(find_invites, context)) == count
