"""What surrounds a run: the facts in a context, ids of an intent, what is taken back."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context
from agentkit.context import MailServer, carrying_out, in_effect, take_back
from agentkit.errors import ToolError

DEFAULTS: dict[str, Any] = {
    "locale": "en",
    "currency": "",
    "user_name": "",
    "user_email": "",
    "mail": MailServer(),
    "offline": False,
    "packs": {},
    "contacts": None,
}


def test_mail_goes_by_tls_to_nobody() -> None:
    """The ports are those that speak TLS from the start; no host is preset."""
    assert MailServer() == MailServer(
        host="", port=465, user="", imap_host="", imap_port=993
    )


@pytest.mark.parametrize("name", DEFAULTS)
def test_what_nobody_said_is_empty(name: str) -> None:
    """A context without facts holds neither a currency nor a person."""
    assert getattr(Context(), name) == DEFAULTS[name]


def test_a_context_begins_now_at_home() -> None:
    """The time has a zone; the home is a folder of the user's."""
    context = Context()
    assert context.now.tzinfo is not None
    assert context.home == Path.home() / ".agentkit"


def test_when_a_context_was_made_is_no_part_of_it() -> None:
    """Two with the same facts are equal, and nobody says when one was made."""
    now = datetime.now().astimezone()
    assert Context(now=now) == Context(now=now)
    assert "_made" not in repr(Context())
    with pytest.raises(TypeError):
        Context(_made=1.0)  # type: ignore[call-arg]  # pyright: ignore[reportCallIssue]


def test_nothing_is_taken_back_outside_of_a_run() -> None:
    """A tool that is called directly is told so."""
    assert not in_effect()
    with pytest.raises(ToolError, match="no journal is kept here"):
        asyncio.run(take_back())


def test_nothing_is_taken_back_where_no_journal_is_kept() -> None:
    """An agent without a journal runs the tool, and the tool is told so."""
    with carrying_out("key"):
        assert in_effect()
        with pytest.raises(ToolError, match="no journal is kept here"):
            asyncio.run(take_back())


def test_one_effect_is_taken_back_where_no_number_is_said() -> None:
    """The newest alone; with a number as many."""
    asked: list[int] = []

    async def back(count: int) -> tuple[str, ...]:
        asked.append(count)
        return ()

    with carrying_out("key", back):
        asyncio.run(take_back())
        asyncio.run(take_back(3))
    assert asked == [1, 3]


def test_a_live_context_goes_on() -> None:
    """What begins later sees a later time, in the zone that the user has named."""
    zone = ZoneInfo("Asia/Tokyo")
    early = Context(now=datetime(2001, 1, 1, tzinfo=zone), live=True)
    assert early.current().now > early.now
    assert early.current().tz is zone


def test_a_given_clock_stands() -> None:
    """A run sees the time that the application gave it."""
    early = Context(now=datetime(2001, 1, 1, tzinfo=ZoneInfo("UTC")))
    assert early.current() is early
