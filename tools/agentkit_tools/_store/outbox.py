"""outbox/: what waits to be sent, one file each."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Generator
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path

from agentkit_tools._store.files import locked, open_home, told, write_atomic
from agentkit_tools._store.mailbox import Letter


def queue_mail(home: Path, letter: Letter, sender: tuple[str, str]) -> Path:
    """Put a message into the outbox as .eml, its Message-ID kept.

    Raises:
        StoreError: it cannot be written.
    """
    mail = EmailMessage(policy=SMTP)
    mail["Message-ID"] = letter.message_id
    mail["Date"] = format_datetime(letter.sent.astimezone(UTC))
    mail["From"] = f"{sender[0]} <{sender[1]}>" if all(sender) else sender[1] or "me"
    mail["To"] = ", ".join(letter.recipients)
    mail["Subject"] = _one_line(letter.subject)
    mail.set_content(letter.text)
    return _queue(
        home, letter.message_id.strip("<>"), ".eml", mail.as_string(), letter.sent
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
            folder.mkdir(exist_ok=True)
        path = folder / f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{_safe(name)}{suffix}"
        write_atomic(path, text.encode())
    return path


def _safe(name: str) -> str:
    return re.sub(r"[^A-Za-z0-9.-]", "-", name)[:80]


def _one_line(text: str) -> str:
    return " ".join(text.split())
