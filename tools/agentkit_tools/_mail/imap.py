"""New mail read from an IMAP server over TLS; nothing is changed there.

Not covered: flags that change later, and mail deleted on the server, which stays.
"""

from __future__ import annotations

import base64
import imaplib
import re
import ssl
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace

from agentkit import Context, ToolError, fresh_id, release
from agentkit_tools._mail.device_sign_in import (
    access_token,
    authorization_server,
    xoauth2,
)
from agentkit_tools._mail.letter import read_mail
from agentkit_tools._mail.smtp import password_of, patience_of
from agentkit_tools._mail.sources import LARGEST_MAIL
from agentkit_tools._phrases import phrase
from agentkit_tools._store.imports import (
    Batch,
    FetchPlace,
    Incoming,
    add_batch,
    fetched_place,
    mark_fetched,
)

# Bytes that a server may send beyond what was asked for.
_SLACK = 1_000_000
_FLAGS = re.compile(rb"FLAGS \(([^)]*)\)")
# What would end the quoted name of a folder, and begin another command.
_ENDS = re.compile(r"[\x00-\x1f\"\\]")


@dataclass(frozen=True, slots=True)
class Fetch:
    """What came of fetching.

    Attributes:
        before: how far an earlier fetch had come, to undo this one.
        more: how many still lie on the server.
        fault: why the connection ended before all was read; empty when it did not.
    """

    batch: str
    stored: Batch
    before: FetchPlace
    more: int
    bytes_in: int
    fault: str = ""


def fetch_from(context: Context, folder: str, most: int) -> Fetch:
    """Read the mails that came after the last fetch, oldest first.

    Raises:
        ToolError: fetching is not set up, or the server cannot be used.
        StoreError: the store cannot be written.
    """
    mail = context.mail
    if not mail.imap_host or not context.user_email:
        raise ToolError(
            phrase(
                "Fetching mail is off. To set it up, put `email` and a table [mail] "
                "with `imap_host` into agentkit.toml."
            )
        )
    name = f"{mail.user or context.user_email}@{mail.imap_host}/{folder}"
    with _connected(context) as server:
        before = fetched_place(context.home, name, context.now)
        validity = _select(server, folder)
        # Another UIDVALIDITY: the server counts anew (RFC 3501, 2.3.1.1), and known
        # mails are told by their Message-ID.
        last = before.uid if before.validity == validity else 0
        uids = _new_uids(server, last)
        reader = _Reader(server, context, fresh_id("batch").replace("-", ""), folder)
        stored = add_batch(context.home, reader.mails(uids[:most]), context.now)
        # Before the farewell: what is stored is known, whatever the server does then.
        place = FetchPlace(name, validity, reader.last or last)
        mark_fetched(context.home, place, context.now)
        # Nothing came at all: that is an error, and no small catch.
        if reader.fault and not reader.last:
            raise _unusable(context, reader.fault)
    more = sum(uid > place.uid for uid in uids)
    return Fetch(reader.batch, stored, before, more, reader.bytes_in, reader.fault)


class _Reader:
    """Reads mails one at a time, and counts."""

    def __init__(
        self, server: _Server, context: Context, batch: str, folder: str
    ) -> None:
        self._server = server
        self._context = context
        # Every mail lies there: that says nothing.
        self._labels = () if folder.upper() == "INBOX" else (folder,)
        self.batch = batch
        self.last = 0
        self.bytes_in = 0
        self.fault = ""

    def mails(self, uids: list[int]) -> Generator[Incoming, None, None]:
        """Read mails until the connection breaks; what came before is kept."""
        for uid in uids:
            try:
                incoming = self._mail(uid)
            except (imaplib.IMAP4.error, OSError) as exc:
                self.fault, self._server.broken = _reason(exc), True
                return
            if incoming:
                yield incoming
            self.last = uid

    def _mail(self, uid: int) -> Incoming | None:
        # PEEK leaves the mail unread on the server.
        wanted = f"(FLAGS BODY.PEEK[]<0.{LARGEST_MAIL}>)"
        status, parts = self._server.uid("FETCH", str(uid), wanted)
        if status != "OK":
            raise imaplib.IMAP4.error(f"mail {uid} cannot be read")
        literals: list[tuple[bytes, bytes]] = [p for p in parts if isinstance(p, tuple)]
        # It was deleted meanwhile.
        if not literals:
            return None
        content = literals[0][1]
        flags = b" ".join(p if isinstance(p, bytes) else p[0] for p in parts if p)
        seen = _FLAGS.search(flags)
        self.bytes_in += len(content)
        incoming = read_mail(
            content[:LARGEST_MAIL],
            self._context.user_email,
            labels=self._labels,
            unread=not (seen and b"\\seen" in seen[1].lower()),
            now=self._context.now,
        )
        letter = replace(incoming.letter, batch=self.batch)
        return replace(incoming, letter=letter)


def _select(server: imaplib.IMAP4, folder: str) -> int:
    if _ENDS.search(folder):
        raise ToolError(
            phrase("{folder!r} is no name of a mail folder.", folder=folder)
        )
    # Read-only: looking at a folder changes nothing in it.
    status, _ = server.select(f'"{_as_wire(folder)}"', readonly=True)
    if status != "OK":
        raise ToolError(
            phrase("The mail server has no folder {folder!r}.", folder=folder)
        )
    _, found = server.response("UIDVALIDITY")
    return int(found[0]) if found and found[0] else 0


def _as_wire(name: str) -> str:
    """Write a folder's name in modified UTF-7 (RFC 3501, 5.1.3)."""
    return re.sub(
        r"&|[^\x20-\x7e]+",
        lambda run: "&-" if run[0] == "&" else f"&{_base64(run[0])}-",
        name,
    )


def _base64(text: str) -> str:
    coded = base64.b64encode(text.encode("utf-16-be", "surrogatepass"))
    return coded.decode().rstrip("=").replace("/", ",")


def _new_uids(server: imaplib.IMAP4, last: int) -> list[int]:
    _, found = server.uid("SEARCH", "UID", f"{last + 1}:*")
    uids = (int(word) for word in (found[0] or b"").split())
    # `*` is the newest mail even where it is older than what was asked for.
    return sorted(uid for uid in uids if uid > last)


@contextmanager
def _connected(context: Context) -> Generator[_Server, None, None]:
    """Connect and log in, over TLS only.

    Raises:
        ToolError: that cannot be done, or the connection broke; what came is kept.
    """
    mail = context.mail
    user = mail.user or context.user_email
    token = access_token(context) if authorization_server(context) else ""
    password = "" if token else password_of(user)
    release(
        context,
        f"imaps://{mail.imap_host}:{mail.imap_port}",
        f"log in as {user} and read new mail",
        grant="the user named this server in agentkit.toml",
    )
    try:
        server = _Server(
            mail.imap_host,
            mail.imap_port,
            ssl_context=ssl.create_default_context(),
            timeout=patience_of(context),
        )
        try:
            if token:
                said = xoauth2(user, token).encode()
                server.authenticate("XOAUTH2", lambda _: said)
            else:
                _log_in(server, user, password)
            yield server
        finally:
            with suppress(imaplib.IMAP4.error, OSError):
                # A farewell on a broken connection would wait for its whole patience.
                if not server.broken:
                    server.logout()
            with suppress(OSError):
                server.shutdown()
    except (imaplib.IMAP4.error, OSError) as exc:
        raise _unusable(context, _reason(exc)) from exc


class _Server(imaplib.IMAP4_SSL):
    """A server that may not send much more than it was asked for.

    Attributes:
        broken: the connection is of no use any more, not even for a farewell.
    """

    broken = False

    def read(self, size: int) -> bytes:
        """Read a literal.

        Raises:
            IMAP4.abort: it is larger than any that was asked for.
        """
        if size > LARGEST_MAIL + _SLACK:
            raise self.abort(
                f"it sends {size} bytes at once, more than it was asked for"
            )
        return super().read(size)


def _log_in(server: imaplib.IMAP4, user: str, password: str) -> None:
    """Log in; LOGIN cannot carry what is not ASCII."""
    if "AUTH=PLAIN" in server.capabilities:
        secret = f"\0{user}\0{password}".encode()
        server.authenticate("PLAIN", lambda _: secret)
    elif (user + password).isascii():
        server.login(user, password)
    else:
        raise server.error("it takes no password with letters outside of ASCII")


def _unusable(context: Context, reason: str) -> ToolError:
    host = context.mail.imap_host
    return ToolError(
        phrase("The mail server {host} cannot be used: {why}.", host=host, why=reason)
    )


def _reason(exc: Exception) -> str:
    first = exc.args[0] if exc.args else ""
    text = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(exc)
    return " ".join(text.split())[:200].rstrip(".") or type(exc).__name__
