"""The outbox: shown, sent once over TLS, and honest about what is not known."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from typing import Any

import pytest

from agentkit import Context, MailServer, ToolError
from agentkit_tools.mail import send_outbox, show_outbox
from agentkit_tools.messages import send_message

Use = Callable[..., Any]


def queue(context: Context, use: Use, *texts: str) -> list[str]:
    """Put messages into the outbox; return their Message-IDs."""
    return [
        use(send_message, context, to="ana@kos.example", text=text).message_id
        for text in texts
    ]


def states(context: Context, use: Use) -> list[str]:
    """Return the states of what waits."""
    return [one.state for one in use(show_outbox, context)]


def test_mail_is_sent_once_under_its_message_id(
    online: Context, postman: Any, use: Use
) -> None:
    """The server gets each mail once; the bytes that left are counted."""
    [message_id] = queue(online, use, "Grüße!")
    done = use(send_outbox, online)
    assert (len(done.sent), done.waiting, states(online, use)) == (1, [], [])
    [envelope] = postman.mails
    mail = message_from_bytes(envelope.content, EmailMessage, policy=SMTP)
    assert mail["Message-ID"] == message_id
    assert mail.get_content().strip() == "Grüße!"
    assert envelope.rcpt_tos == ["ana@kos.example"]
    assert done.bytes_out == len(envelope.original_content)
    assert use(send_outbox, online).sent == []
    assert len(postman.mails) == 1


def test_what_the_server_refuses_waits_on(
    online: Context, postman: Any, use: Use
) -> None:
    """A refusal is told and does not stop the others."""
    postman.answers = ["554 no thanks"]
    queue(online, use, "one", "two")
    done = use(send_outbox, online)
    assert len(done.sent) == 1
    assert [one.reason for one in done.waiting] == ["554 no thanks"]
    assert states(online, use) == ["queued"]


def test_a_connection_that_breaks_is_not_sent_twice_blindly(
    online: Context, postman: Any, use: Use
) -> None:
    """Whether it was taken is not known: it is sent again only when that is asked."""
    postman.cut = True
    queue(online, use, "one", "two")
    done = use(send_outbox, online)
    assert len(postman.mails) == 1
    assert sorted(one.state for one in done.waiting) == ["queued", "unsure"]
    postman.cut = False
    done = use(send_outbox, online)
    assert (len(done.sent), states(online, use)) == (1, ["unsure"])
    assert "may have been sent already" in send_outbox.word(send_outbox.dump(done))
    assert len(use(send_outbox, online, again=True).sent) == 1
    assert states(online, use) == []


def test_a_wrong_password_sends_nothing(
    online: Context, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server's reason is told, and all waits."""
    monkeypatch.setenv("AGENTKIT_MAIL_PASSWORD", "guess")
    queue(online, use, "one")
    with pytest.raises(ToolError, match="535"):
        use(send_outbox, online)
    assert states(online, use) == ["queued"]


def test_a_certificate_that_is_not_trusted_sends_nothing(
    online: Context, use: Use, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is said to a server that cannot prove its name."""
    monkeypatch.delenv("SSL_CERT_FILE")
    queue(online, use, "one")
    with pytest.raises(ToolError, match="certificate"):
        use(send_outbox, online)
    assert states(online, use) == ["queued"]


def test_a_server_that_is_not_there_sends_nothing(context: Context, use: Use) -> None:
    """One sentence tells it, and all waits."""
    context = replace(context, mail=MailServer(host="127.0.0.1", port=1))
    queue(context, use, "one")
    with pytest.raises(ToolError, match="wait in the outbox"):
        use(send_outbox, context)
    assert states(context, use) == ["queued"]


def test_sending_is_off_until_it_is_set_up(context: Context, use: Use) -> None:
    """The error tells what to write into which file."""
    queue(context, use, "one")
    with pytest.raises(ToolError, match=r"agentkit\.toml"):
        use(send_outbox, context)


def test_a_phone_number_is_no_mail_address(online: Context, use: Use) -> None:
    """A text message stays in the outbox, and why is told."""
    use(send_message, online, to="+49 30 1234567", text="x")
    [waiting] = use(send_outbox, online).waiting
    assert waiting.reason == "it goes to no e-mail address"


def test_a_comma_in_a_name_makes_no_second_writer(
    online: Context, postman: Any, use: Use
) -> None:
    """A name with signs of its own is quoted (RFC 5322, 3.2.4)."""
    named = replace(online, user_name='Berg, "K." Kim')
    queue(named, use, "Hi")
    use(send_outbox, named)
    mail = message_from_bytes(postman.mails[0].content, EmailMessage, policy=SMTP)
    [writer] = mail["From"].addresses
    assert (writer.display_name, writer.addr_spec) == (
        named.user_name,
        named.user_email,
    )
