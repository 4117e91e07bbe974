"""Fetching mail from a real Dovecot over TLS."""

from __future__ import annotations

import ssl
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

import pytest
import trustme

from agentkit import Context, MailServer, ToolError
from agentkit_tools.invites import find_invites
from agentkit_tools.mail import fetch_mail, mark_read
from agentkit_tools.messages import find_messages

from .dovecot import BINARY, Dovecot, running

Use = Callable[..., Any]

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(BINARY is None, reason="dovecot is not installed"),
]


@pytest.fixture(scope="module")
def server(authority: trustme.CA) -> Iterator[Dovecot]:
    """Start the server once."""
    with running(authority, "sécret") as found:
        yield found


@pytest.fixture
def online(
    context: Context, server: Dovecot, server_tls: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
) -> Context:  # fmt: skip
    """Give a home whose mail lies on the server; the password is not ASCII."""
    monkeypatch.setenv("AGENTKIT_MAIL_PASSWORD", "sécret")
    mail = MailServer(imap_host="127.0.0.1", imap_port=server.port)
    return replace(context, mail=mail)


def mail(number: int, text: str = "Hello") -> bytes:
    """Write a small mail."""
    return (
        f"From: Ana <ana@kos.example>\r\nMessage-ID: <d{number}@x.example>\r\n"
        f"Date: Tue, 17 Nov 2026 10:{number:02}:00 +0100\r\n\r\n{text}\r\n"
    ).encode()


def test_mail_is_fetched_once_with_its_flags(
    online: Context, server: Dovecot, use: Use
) -> None:
    """UIDs and flags are the server's; the second fetch brings only what is new."""
    server.deliver("a", mail(1), folder="one", seen=True)
    server.deliver("b", mail(2), folder="one")
    assert use(fetch_mail, online, folder="one").added == 2
    assert use(fetch_mail, online, folder="one").added == 0
    server.deliver("c", mail(3), folder="one")
    assert use(fetch_mail, online, folder="one").added == 1
    found = use(find_messages, online)
    assert [one.unread for one in found] == [True, True, False]
    assert {label for one in found for label in one.labels} == {"one"}


def test_a_mail_in_two_folders_is_one_with_both_labels(
    online: Context, server: Dovecot, use: Use
) -> None:
    """A known mail gets the other folder's label, and is read where it was read."""
    server.deliver("a", mail(4), folder="left")
    server.deliver("b", mail(4), folder="right", seen=True)
    use(fetch_mail, online, folder="left")
    again = use(fetch_mail, online, folder="right")
    assert (again.added, again.known) == (0, 1)
    [found] = use(find_messages, online)
    assert (found.labels, found.unread) == (["left", "right"], False)


def test_a_folder_may_have_any_name(online: Context, server: Dovecot, use: Use) -> None:
    """Names go over the wire in modified UTF-7."""
    server.deliver("a", mail(5), folder="Entw&APw-rfe &- mehr")
    assert use(fetch_mail, online, folder="Entwürfe & mehr").added == 1


def test_of_a_huge_mail_the_beginning_is_read(
    online: Context, server: Dovecot, use: Use
) -> None:
    """A mail of 40 MB costs 16 MB, and the one after it is read as well."""
    server.deliver("a", mail(6, "word " * 8_000_000), folder="huge")
    server.deliver("b", mail(7), folder="huge")
    done = use(fetch_mail, online, folder="huge")
    assert (done.added, done.fault) == (2, "")
    assert 16_000_000 <= done.bytes_in < 17_000_000


def test_an_invite_mail_waits(online: Context, server: Dovecot, use: Use) -> None:
    """The calendar part of a fetched mail is offered."""
    server.deliver("a", INVITE, folder="asked")
    assert use(fetch_mail, online, folder="asked").invites == ["Board"]
    assert [one.state for one in use(find_invites, online)] == ["waiting"]


def test_reading_here_changes_nothing_there(
    online: Context, server: Dovecot, use: Use
) -> None:
    """A fetch and a mark leave the server's flags; an undone fetch comes again."""
    server.deliver("a", mail(8), folder="kept")
    done = use(fetch_mail, online, folder="kept")
    use(mark_read, online, sender="Ana")
    assert [one.unread for one in use(find_messages, online)] == [False]
    assert not list(server.mail.glob("kept/cur/*:2,*S*"))
    assert fetch_mail.undo is not None
    fetch_mail.undo(done, online)
    assert use(fetch_mail, online, folder="kept").added == 1


def test_a_wrong_password_is_told(
    online: Context, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's own words are in the error, and the password is not."""
    monkeypatch.setenv("AGENTKIT_MAIL_PASSWORD", "guess")
    with pytest.raises(ToolError, match="Authentication failed") as caught:
        use(fetch_mail, online)
    assert "guess" not in str(caught.value)


INVITE = b"""From: boss@other.example
Message-ID: <invite@x.example>
Date: Tue, 17 Nov 2026 11:00:00 +0100
Content-Type: text/calendar; method=REQUEST

BEGIN:VCALENDAR
VERSION:2.0
METHOD:REQUEST
BEGIN:VEVENT
UID:d@other
DTSTAMP:20261101T000000Z
DTSTART:20261124T100000Z
DURATION:PT30M
SUMMARY:Board
ORGANIZER:mailto:boss@other.example
ATTENDEE:mailto:kim@berg.example
END:VEVENT
END:VCALENDAR
"""
