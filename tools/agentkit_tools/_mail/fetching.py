"""New mail read from an IMAP server over TLS; nothing is changed there.

Not covered: flags that change later, and mail deleted on the server, which stays.
"""

from __future__ import annotations

import imaplib
import re
import ssl
import uuid
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from agentkit import Context, ToolError
from agentkit_tools._mail.parsing import read_mail
from agentkit_tools._mail.sending import password_of
from agentkit_tools._mail.sources import LARGEST_MAIL
from agentkit_tools._store.imports import (
    Batch,
    Incoming,
    Place,
    add_batch,
    fetched_place,
    mark_fetched,
)

_PATIENCE = 30.0
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
_ENDS = re.compile(r"[\x00-\x1f\"\\]")


@dataclass(frozen=True, slots=True)
class Fetch:
    """What came of fetching.

    Attributes:
        before: how far an earlier fetch had come, to undo this one.
        more: how many still lie on the server.
    """

    batch: str
    stored: Batch
    before: Place
    more: int
    bytes_in: int


def fetch_from(context: Context, folder: str, most: int) -> Fetch:
    """Read the mails that came after the last fetch, oldest first.

    Raises:
        ToolError: fetching is not set up, or the server cannot be used.
        StoreError: the store cannot be written.
    """
    mail = context.mail
    if not mail.imap_host or not context.user_email:
        raise ToolError(
            "Fetching mail is off. To set it up, put `email` and a table [mail] with "
            "`imap_host` into agentkit.toml."
        )
    name = f"{mail.user or context.user_email}@{mail.imap_host}/{folder}"
    with _connected(context) as server:
        before = fetched_place(context.home, name, context.now)
        validity = _select(server, folder)
        last = before.uid if before.validity == validity else 0
        uids = _new_uids(server, last)
        reader = _Reader(server, context, uuid.uuid4().hex, folder)
        stored = add_batch(context.home, reader.mails(uids[:most]), context.now)
    place = Place(name, validity, reader.last or last)
    mark_fetched(context.home, place, context.now)
    return Fetch(reader.batch, stored, before, len(uids[most:]), reader.bytes_in)


class _Reader:
    """Reads mails one at a time, and counts."""

    def __init__(
        self, server: imaplib.IMAP4, context: Context, batch: str, folder: str
    ) -> None:
        self._server = server
        self._context = context
        self._labels = () if folder.upper() == "INBOX" else (folder,)
        self.batch = batch
        self.last = 0
        self.bytes_in = 0

    def mails(self, uids: list[int]) -> Generator[Incoming, None, None]:
        for uid in uids:
            wanted = f"(FLAGS BODY.PEEK[]<0.{LARGEST_MAIL}>)"
            _, parts = self._server.uid("FETCH", str(uid), wanted)
            literals: list[tuple[bytes, bytes]] = [
                p for p in parts if isinstance(p, tuple)
            ]
            found = literals[0] if literals else None
            self.last = uid
            if found is None:  # deleted meanwhile
                continue
            flags = b" ".join(p if isinstance(p, bytes) else p[0] for p in parts if p)
            seen = _FLAGS.search(flags)
            self.bytes_in += len(found[1])
            incoming = read_mail(
                found[1],
                self._context.user_email,
                labels=self._labels,
                unread=not (seen and b"\\seen" in seen[1].lower()),
                now=self._context.now,
            )
            letter = replace(incoming.letter, batch=self.batch)
            yield replace(incoming, letter=letter)


def _select(server: imaplib.IMAP4, folder: str) -> int:
    if _ENDS.search(folder):
        raise ToolError(f"{folder!r} is no name of a mail folder.")
    status, _ = server.select(f'"{folder}"', readonly=True)
    if status != "OK":
        raise ToolError(f"The mail server has no folder {folder!r}.")
    _, found = server.response("UIDVALIDITY")
    return int(found[0]) if found and found[0] else 0


def _new_uids(server: imaplib.IMAP4, last: int) -> list[int]:
    _, found = server.uid("SEARCH", "UID", f"{last + 1}:*")
    uids = (int(word) for word in (found[0] or b"").split())
    # `*` is the newest mail even where it is older than what was asked for.
    return sorted(uid for uid in uids if uid > last)


@contextmanager
def _connected(context: Context) -> Generator[imaplib.IMAP4, None, None]:
    """Connect and log in, over TLS only.

    Raises:
        ToolError: that cannot be done, or the connection broke; what came is kept.
    """
    mail = context.mail
    user = mail.user or context.user_email
    password = password_of(user)
    try:
        with imaplib.IMAP4_SSL(
            mail.imap_host,
            mail.imap_port,
            ssl_context=ssl.create_default_context(),
            timeout=_PATIENCE,
        ) as server:
            server.login(user, password)
            yield server
    except (imaplib.IMAP4.error, OSError) as exc:
        reason = " ".join(str(exc).split())[:200]
        raise ToolError(
            f"The mail server {mail.imap_host} cannot be used: {reason}."
        ) from exc
