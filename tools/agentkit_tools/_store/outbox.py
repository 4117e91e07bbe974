"""outbox/: what waits to be sent, one file each, and how far each mail has come.

A mail is `NAME.eml` while it waits, `NAME.eml.sending` from before the first byte
leaves until its fate is known, and `sent/NAME.eml` after the server took it. One
that is still `.sending` after a crash may have been sent or not: that is said, and
only the user can say that it shall be sent again. One that goes out at a later time
says so in its header `Deferred-Delivery`, which does not leave with it; one that the
user took out lies in `withdrawn/`.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, getaddresses, parsedate_to_datetime, quote
from pathlib import Path
from typing import Literal

from agentkit import StoreError, ToolError, make_folder
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import split_blocks
from agentkit_tools._store.files import (
    locked,
    move_file,
    open_home,
    read_bytes,
    told,
    write_atomic,
)
from agentkit_tools._store.mailbox import Letter

# Signs that have a meaning in addresses (RFC 5322, 3.2.3).
_SPECIAL = re.compile(r'[()<>\[\]:;@\\,."]')
# As X.400 calls it (RFC 4356).
_LATER = "Deferred-Delivery"


def queue_mail(
    home: Path,
    letter: Letter,
    sender: tuple[str, str],
    later: datetime | None = None,
) -> Path:
    """Put a message into the outbox as .eml, its Message-ID kept.

    Args:
        home: the home folder.
        letter: the message.
        sender: the user's name and address.
        later: when it shall go out; with the others when None.

    Raises:
        StoreError: it cannot be written.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = letter.message_id
    mail["Date"] = format_datetime(letter.sent.astimezone(UTC))
    mail["From"] = _writer(*sender)
    mail["To"] = ", ".join(letter.recipients)
    mail["Subject"] = _one_line(letter.subject)
    if later is not None:
        mail[_LATER] = format_datetime(later.astimezone(UTC))
    mail.set_content(letter.text)
    return _queue(
        home, letter.message_id.strip("<>"), ".eml", mail.as_string(), letter.sent
    )


def _writer(name: str, address: str) -> str:
    """Write who a mail is from; a comma in a name must not make two writers of it."""
    if not (name and address):
        return address or "me"
    return (
        f'"{quote(name)}" <{address}>'
        if _SPECIAL.search(name)
        else f"{name} <{address}>"
    )


def queued_file(home: Path, message_id: str) -> Path | None:
    """Return where a message of the outbox is, queued or sent; None where it is not."""
    ending = f"-{_safe(message_id.strip('<>'))}.eml"
    for folder in (home / "outbox", home / "outbox" / "sent"):
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name.removesuffix(".sending").endswith(ending):
                return path
    return None


@contextlib.contextmanager
def withdrawn_on_error(path: Path) -> Generator[None, None, None]:
    """Take a file out of the outbox again when what belongs to it fails."""
    try:
        yield
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def _queue(home: Path, name: str, suffix: str, text: str, now: datetime) -> Path:
    folder = open_home(home) / "outbox"
    with locked(home):
        with told(folder, "make the folder"):
            make_folder(folder)
        # The time first: files sort in the order in which they were written.
        path = folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{_safe(name)}{suffix}"
        write_atomic(path, text.encode())
    return path


def _safe(name: str) -> str:
    # A Message-ID may hold slashes; a file name is no longer than 255 bytes.
    return re.sub(r"[^A-Za-z0-9.-]", "-", name)[:80]


def _one_line(text: str) -> str:
    return " ".join(text.split())


State = Literal["queued", "unsure", "sent"]

_SENDING = ".sending"
_WITHDRAWN = "withdrawn"
# Seven bits: not all servers take more.
_POLICY = SMTP.clone(cte_type="7bit")


@dataclass(frozen=True, slots=True)
class Waiting:
    """One mail of the outbox, and its file."""

    path: Path
    mail: EmailMessage
    state: State

    @property
    def recipients(self) -> tuple[str, ...]:
        """Addresses it goes to; phone numbers are none."""
        lines = [str(self.mail[name]) for name in ("To", "Cc") if self.mail[name]]
        return tuple(a for _, a in getaddresses(lines) if "@" in a)

    @property
    def later(self) -> datetime | None:
        """When it shall go out; None where it goes with the others."""
        try:
            return parsedate_to_datetime(str(self.mail[_LATER])).astimezone(UTC)
        # There is none, or none that can be read.
        except (TypeError, ValueError):
            return None

    @property
    def content(self) -> bytes:
        """The mail as it goes over the wire."""
        if _LATER not in self.mail:
            return self.mail.as_bytes(policy=_POLICY)
        # A copy: the mail itself goes on waiting with its header.
        plain = message_from_bytes(self.mail.as_bytes(), EmailMessage, policy=SMTP)
        del plain[_LATER]
        return plain.as_bytes(policy=_POLICY)


def outbox_of(home: Path, sender: str) -> list[Waiting]:
    """Return what waits, oldest first.

    Args:
        sender: the user's address, for invites that are queued as bare calendars.

    Raises:
        StoreError: a file cannot be read.
    """
    folder = home / "outbox"
    if not folder.is_dir():
        return []
    found = (_read(path, sender) for path in sorted(folder.iterdir()))
    return [waiting for waiting in found if waiting]


def claim(waiting: Waiting) -> Waiting:
    """Mark a mail before it is sent.

    Raises:
        StoreError: it is gone: another program took it; or it was put off since it
            was read.
    """
    path = waiting.path
    # It is marked since the time when sending it was cut off.
    if waiting.state == "unsure":
        return waiting
    target = path.with_name(path.name + _SENDING)
    with locked(_home_of(waiting)):
        now = _read(path, "")
        if now is not None and now.later != waiting.later:
            raise StoreError(f"{path.name} goes out at another time now; it waits.")
        move_file(path, target)
    return Waiting(target, waiting.mail, "unsure")


def _home_of(waiting: Waiting) -> Path:
    return waiting.path.parent.parent


def settle(waiting: Waiting, *, sent: bool) -> Waiting:
    """Mark a mail whose fate is known: sent, or queued again.

    Raises:
        StoreError: its file cannot be moved.
    """
    name = waiting.path.name.removesuffix(_SENDING)
    folder = waiting.path.parent / "sent" if sent else waiting.path.parent
    move_file(waiting.path, folder / name)
    return Waiting(folder / name, waiting.mail, "sent" if sent else "queued")


def put_off(waiting: Waiting, later: datetime | None) -> None:
    """Let a mail that waits go out at another time, or with the others.

    Raises:
        ToolError: it does not wait any more.
        StoreError: its file cannot be written.
    """
    mail = message_from_bytes(waiting.mail.as_bytes(), EmailMessage, policy=SMTP)
    del mail[_LATER]
    if later is not None:
        mail[_LATER] = format_datetime(later.astimezone(UTC))
    with locked(_home_of(waiting)):
        # Written again under its old name, one that is being sent would go out twice.
        if waiting.state != "queued" or not waiting.path.is_file():
            raise ToolError(
                phrase("The message is not in the outbox any more: it was sent.")
            )
        write_atomic(waiting.path, mail.as_bytes())


def take_out(waiting: Waiting) -> Path:
    """Take a mail out of the outbox, and keep it aside.

    Raises:
        StoreError: its file cannot be moved: it may be gone.
    """
    target = waiting.path.parent / _WITHDRAWN / waiting.path.name
    move_file(waiting.path, target)
    return target


def put_in(home: Path, name: str) -> None:
    """Put a mail that was taken out back into the outbox.

    Raises:
        StoreError: its file cannot be moved: it may be gone.
    """
    folder = home / "outbox"
    move_file(folder / _WITHDRAWN / Path(name).name, folder / Path(name).name)


def withdrawn_mail(home: Path, name: str) -> bytes | None:
    """Return a mail that was taken out; None where it is not there.

    Raises:
        StoreError: it cannot be read.
    """
    return read_bytes(home / "outbox" / _WITHDRAWN / Path(name).name)


def withdraw(home: Path, file: str) -> bool:
    """Take a mail out of the outbox; False when it does not wait any more."""
    path = home / "outbox" / Path(file).name
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _read(path: Path, sender: str) -> Waiting | None:
    kind = Path(path.name.removesuffix(_SENDING)).suffix
    content = read_bytes(path) if kind in (".eml", ".ics") and path.is_file() else None
    if content is None:
        return None
    state: State = "unsure" if path.name.endswith(_SENDING) else "queued"
    if kind == ".ics":
        return Waiting(path, _invite_mail(content, sender), state)
    return Waiting(path, message_from_bytes(content, EmailMessage, policy=SMTP), state)


def _invite_mail(content: bytes, sender: str) -> EmailMessage:
    """Wrap a calendar into a mail (iMIP, RFC 6047)."""
    text = content.decode("utf-8", "replace")
    blocks = split_blocks(text)
    method = _after("METHOD:", text) or "REQUEST"
    event = next(iter(blocks.of("VEVENT", "VTODO")), None)
    mail = EmailMessage(policy=SMTP)
    uid = event.uid if event else ""
    sequence = (event.value("SEQUENCE") if event else "") or "0"
    domain = sender.rpartition("@")[2] or "localhost"
    safe = "".join(c for c in f"{uid}.{sequence}.{method}" if c.isalnum() or c in ".-")
    # Of what it says, so that the same invite sent again is the same mail.
    mail["Message-ID"] = f"<{safe[:120]}@{domain}>"
    mail["From"] = sender
    mail["To"] = ", ".join(_guests(event.text, sender) if event else ())
    mail["Subject"] = " ".join((event.value("SUMMARY") if event else "").split())[:200]
    # For programs that know no calendars.
    mail.set_content("This is an invite; open it in a calendar.")
    mail.add_alternative(content, "text", "calendar", params={"method": method})
    return mail


def _guests(text: str, sender: str) -> list[str]:
    plain = text.replace("\r\n ", "").replace("\n ", "")
    lines = [line for line in plain.splitlines() if line.upper().startswith("ATTENDEE")]
    # The last "mailto:": parameters such as SENT-BY hold one too.
    found = [line.lower().rpartition("mailto:")[2].strip() for line in lines]
    # The user is a guest of the own event at times, and needs no mail.
    return [one for one in dict.fromkeys(found) if "@" in one and one != sender.lower()]


def _after(name: str, text: str) -> str:
    lines = (line for line in text.splitlines() if line.upper().startswith(name))
    return "".join(c for c in next(lines, "").partition(":")[2].upper() if c.isalpha())
