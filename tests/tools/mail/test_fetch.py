"""Fetching new mail from an IMAP server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools.mail import fetch_mail
from agentkit_tools.messages import find_messages

Use = Callable[..., Any]


def mail(number: int) -> bytes:
    """Write a small mail."""
    return (
        f"From: Ana <ana@kos.example>\r\nMessage-ID: <f{number}@x.example>\r\n"
        f"Date: Tue, 17 Nov 2026 10:{number:02}:00 +0100\r\n\r\nNumber {number}\r\n"
    ).encode()


def test_only_new_mail_is_fetched(mailbox: tuple[Context, Any], use: Use) -> None:
    """UIDs tell what is new; flags tell what was read; nothing is fetched twice."""
    context, server = mailbox
    server.mails = {4: ("\\Seen", mail(4)), 9: ("", mail(9))}
    assert use(fetch_mail, context).added == 2
    assert use(fetch_mail, context).added == 0
    server.mails[12] = ("", mail(12))
    done = use(fetch_mail, context)
    assert (done.added, done.known, done.bytes_in) == (1, 0, len(mail(12)))
    found = use(find_messages, context)
    assert [one.unread for one in found] == [True, True, False]


def test_the_rest_is_fetched_later(mailbox: tuple[Context, Any], use: Use) -> None:
    """A count bounds one fetch, oldest first."""
    context, server = mailbox
    server.mails = {n: ("", mail(n)) for n in range(1, 6)}
    done = use(fetch_mail, context, count=3)
    assert (done.added, done.more) == (3, 2)
    assert use(fetch_mail, context).added == 2


def test_a_server_that_counts_anew_is_read_anew(
    mailbox: tuple[Context, Any], use: Use
) -> None:
    """After a new UIDVALIDITY all is looked at, and known mail is known."""
    context, server = mailbox
    server.mails = {5: ("", mail(1))}
    use(fetch_mail, context)
    server.validity, server.mails = 8, {1: ("", mail(1)), 2: ("", mail(2))}
    done = use(fetch_mail, context)
    assert (done.added, done.known) == (1, 1)


def until_none_comes(context: Context, use: Use) -> tuple[int, list[str]]:
    """Fetch again and again; how much came, and what was told of each fetch."""
    came, faults = 0, list[str]()
    while True:
        try:
            done = use(fetch_mail, context)
        except ToolError as exc:
            return came, [*faults, str(exc)]
        came += done.added
        faults.append(done.fault)


@pytest.mark.parametrize(
    ("fault", "told"),
    [("drop", "EOF"), ("stall", "timed out"), ("huge", "100000000 bytes")],
    ids=["drops the connection", "stalls", "sends 100 MB"],
)
def test_a_server_that_breaks_off_loses_nothing(
    fault: str, told: str, mailbox: tuple[Context, Any], use: Use
) -> None:
    """What came is kept and told; the next fetch goes on there, nothing comes twice."""
    context, server = mailbox
    server.mails = {n: ("", mail(n)) for n in range(1, 5)}
    server.faults[3] = fault
    # Only silence is to be waited for, and a busy machine may take as long.
    patience = {"patience": 0.5 if fault == "stall" else 600}
    meanwhile = replace(context, packs={"mail": patience})
    came, faults = until_none_comes(meanwhile, use)
    assert came == 2 or fault == "stall"
    assert all(told in one for one in faults)
    server.faults.clear()
    assert use(fetch_mail, context).added == 4 - came
    assert len(use(find_messages, context)) == 4


@pytest.mark.parametrize("patience", [0, -1, "long", True, 1e9], ids=str)
def test_a_patience_that_is_none_is_told(
    patience: Any, mailbox: tuple[Context, Any], use: Use
) -> None:
    """The error names the setting and what it has to be."""
    context = replace(mailbox[0], packs={"mail": {"patience": patience}})
    with pytest.raises(ToolError, match=r"packs\.mail\.patience"):
        use(fetch_mail, context)


def test_a_fetch_is_undone(mailbox: tuple[Context, Any], use: Use) -> None:
    """What was fetched is gone, and is new at the next fetch."""
    context, server = mailbox
    server.mails = {1: ("", mail(1))}
    done = use(fetch_mail, context)
    assert fetch_mail.undo is not None
    fetch_mail.undo(done, context)
    assert use(find_messages, context) == []
    assert use(fetch_mail, context).added == 1


@pytest.mark.parametrize(
    ("password", "folder", "told"),
    [("guess", "INBOX", "wrong password"), ("secret", "Nope", "no folder 'Nope'"),
     ("secret", 'x"y', "no name of a mail folder")],
    ids=["password", "folder", "quote"],
)  # fmt: skip
def test_what_the_server_refuses_is_told(
    password: str, folder: str, told: str, mailbox: tuple[Context, Any], use: Use,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    """Its own words are in the error."""
    monkeypatch.setenv("AGENTKIT_MAIL_PASSWORD", password)
    with pytest.raises(ToolError, match=told):
        use(fetch_mail, mailbox[0], folder=folder)


def test_fetching_is_off_until_it_is_set_up(context: Context, use: Use) -> None:
    """The error tells what to write into which file."""
    with pytest.raises(ToolError, match=r"agentkit\.toml"):
        use(fetch_mail, context)
