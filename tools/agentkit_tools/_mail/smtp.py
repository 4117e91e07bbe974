"""The outbox sent through SMTP over TLS, each mail once."""

from __future__ import annotations

import smtplib
import ssl
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass, field

from agentkit import Context, StoreError, ToolError, find_secret, release
from agentkit_tools._mail.device_sign_in import (
    access_token,
    authorization_server,
    xoauth2,
)
from agentkit_tools._pack import LONGEST_PATIENCE
from agentkit_tools._phrases import phrase
from agentkit_tools._store.files import claimed
from agentkit_tools._store.outbox import Waiting, claim, outbox_of, settle

PASSWORD = "AGENTKIT_MAIL_PASSWORD"
# Seconds; the default of `packs.mail.patience`.
_PATIENCE = 30.0
# This device's own name would be looked up, and told to the server.
_GREETING = "[127.0.0.1]"
# RFC 8314, 3.3; on any other port STARTTLS is asked for.
_IMPLICIT_TLS = 465
_GRANT = "the user had the outbox sent"
# The server has said no: the mail was not taken.
_REFUSED = (
    smtplib.SMTPResponseException,
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPNotSupportedError,
)


@dataclass(slots=True)
class Delivery:
    """What came of sending the outbox.

    Attributes:
        failed: mails the server refused, and why; they wait again.
        unsure: mails whose fate is not known, and why.
        bytes_out: what left the device.
    """

    sent: list[Waiting] = field(default_factory=list[Waiting])
    failed: list[tuple[Waiting, str]] = field(default_factory=list[tuple[Waiting, str]])
    unsure: list[tuple[Waiting, str]] = field(default_factory=list[tuple[Waiting, str]])
    bytes_out: int = 0


def send_queued(context: Context, *, again: bool, only_due: bool = False) -> Delivery:
    """Send what waits in the outbox; what goes out later waits on.

    Args:
        context: names the server.
        again: also send what may have been sent already.
        only_due: send only what was to go out at a time that has come.

    Raises:
        ToolError: sending is not set up, or the server cannot be used; all waits.
        StoreError: the outbox cannot be used.
    """
    if not context.mail.host or not context.user_email:
        raise ToolError(
            phrase(
                "Sending is off. To set it up, put `email` and a table [mail] with "
                "`host` into agentkit.toml; the messages wait in the outbox."
            )
        )
    with claimed(context.home / "outbox" / ".lock") as free:
        if not free:
            raise ToolError(phrase("Another program is sending the outbox right now."))
        return _send_all(context, again=again, only_due=only_due)


def goes_out_later(waiting: Waiting, context: Context) -> bool:
    """Whether a mail is to go out at a time that has not come."""
    return waiting.later is not None and waiting.later > context.now


def _send_all(context: Context, *, again: bool, only_due: bool) -> Delivery:
    done = Delivery()
    ready: list[Waiting] = []
    for waiting in outbox_of(context.home, context.user_email):
        if goes_out_later(waiting, context) or (only_due and waiting.later is None):
            continue
        if waiting.state == "unsure" and not again:
            done.unsure.append((waiting, "sending it was cut off earlier"))
        elif not waiting.recipients:
            done.failed.append((waiting, "it goes to no e-mail address"))
        else:
            ready.append(waiting)
    if not ready:
        return done
    with _connected(context) as server:
        for index, waiting in enumerate(ready):
            # Closed by the server, or broken with the mail before.
            if server.sock is None:
                rest = ready[index:]
                done.failed += [(one, "the connection was lost before") for one in rest]
                break
            _send(server, waiting, context, done)
    return done


def _send(
    server: smtplib.SMTP, waiting: Waiting, context: Context, done: Delivery
) -> None:
    content = waiting.content
    # Before the mail is claimed: one that may not leave goes on waiting.
    release(context, _address(context), content, grant=_GRANT, label="personal")
    # Marked before the first byte leaves: after a crash it counts as unsure, and is not
    # sent twice.
    try:
        claimed_one = claim(waiting)
    except StoreError as exc:
        # Another program took it or put it off; the others go out all the same.
        done.failed.append((waiting, str(exc)))
        return
    try:
        refused = server.sendmail(context.user_email, waiting.recipients, content)
    except _REFUSED as exc:
        done.failed.append((settle(claimed_one, sent=False), _reason(exc)))
        return
    except (smtplib.SMTPException, OSError) as exc:
        done.bytes_out += len(content)
        # It may have been taken before the connection broke.
        done.unsure.append((claimed_one, f"the connection broke: {_reason(exc)}"))
        server.close()
        return
    done.bytes_out += len(content)
    sent = settle(claimed_one, sent=True)
    done.sent.append(sent)
    if refused:
        done.failed.append((sent, f"not taken for {', '.join(refused)}"))


@contextmanager
def _connected(context: Context) -> Generator[smtplib.SMTP, None, None]:
    """Connect and log in, over TLS only.

    Raises:
        ToolError: that cannot be done; nothing was sent.
    """
    mail, patience = context.mail, patience_of(context)
    user = mail.user or context.user_email
    release(context, _address(context), f"log in as {user}", grant=_GRANT)
    try:
        server = _connect(mail.host, mail.port, patience)
    except (smtplib.SMTPException, OSError) as exc:
        raise _unreachable(mail.host, exc) from exc
    try:
        try:
            log_in(server, user, context)
        except (smtplib.SMTPException, OSError) as exc:
            raise _unreachable(mail.host, exc) from exc
        yield server
    finally:
        try:
            server.quit()
        except (smtplib.SMTPException, OSError):
            server.close()


def _address(context: Context) -> str:
    return f"smtp://{context.mail.host}:{context.mail.port}"


def patience_of(context: Context) -> float:
    """Return for how many seconds a mail server may be silent.

    Raises:
        ToolError: the setting is no number of seconds.
    """
    set_to = context.packs.get("mail", {}).get("patience", _PATIENCE)
    if type(set_to) not in (int, float) or not 0 < set_to <= LONGEST_PATIENCE:
        raise ToolError(
            f"The setting packs.mail.patience is {set_to!r}; it has to be a number of "
            f"seconds up to {LONGEST_PATIENCE:.0f}."
        )
    return float(set_to)


def _connect(host: str, port: int, patience: float) -> smtplib.SMTP:
    trusted = ssl.create_default_context()
    if port == _IMPLICIT_TLS:
        return smtplib.SMTP_SSL(
            host, port, local_hostname=_GREETING, timeout=patience, context=trusted
        )
    server = smtplib.SMTP(host, port, local_hostname=_GREETING, timeout=patience)
    try:
        # Without TLS smtplib raises: a password never goes out in the clear.
        server.starttls(context=trusted)
    except BaseException:
        server.close()
        raise
    return server


def log_in(server: smtplib.SMTP, user: str, context: Context) -> None:
    """Log in where the server asks for it.

    Raises:
        ToolError: there is no password, or nobody has signed in.
    """
    server.ehlo_or_helo_if_needed()
    if not server.has_extn("auth"):
        return
    if not authorization_server(context):
        server.login(user, password_of(user))
        return
    said = xoauth2(user, access_token(context))

    def answer(challenge: bytes | None = None, /) -> str:
        # A challenge is the reason of a refusal: after an empty answer comes the no.
        return "" if challenge else said

    server.auth("XOAUTH2", answer)


def password_of(user: str) -> str:
    """Return the password, from the environment or the system's keyring.

    Raises:
        ToolError: it is in neither.
    """
    found = find_secret(PASSWORD, user)
    if not found:
        raise ToolError(
            f"The mail password is not known: set the environment variable {PASSWORD}, "
            f"or keep it in the system's keyring (service agentkit, user {user})."
        )
    return found


def _unreachable(host: str, exc: Exception) -> ToolError:
    return ToolError(
        phrase(
            "The mail server {host} cannot be used: {why}. Nothing was sent; the "
            "messages wait in the outbox.",
            host=host,
            why=_reason(exc),
        )
    )


def _reason(exc: Exception) -> str:
    if isinstance(exc, smtplib.SMTPResponseException):
        error = exc.smtp_error
        text = error.decode("utf-8", "replace") if isinstance(error, bytes) else error
        return f"{exc.smtp_code} {' '.join(str(text).split())[:200]}"
    if isinstance(exc, smtplib.SMTPRecipientsRefused):
        return f"not taken for {', '.join(exc.recipients)}"
    return " ".join(str(exc).split())[:200] or type(exc).__name__
