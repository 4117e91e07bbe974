"""What surrounds a run: the facts in a context, ids of an intent, what is taken back."""

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from agentkit import Context, tool
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
    "live": False,
    "deps": None,
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


def test_the_clock_goes_on_from_now() -> None:
    """What has passed since the context was made is added, and never taken away."""
    now = datetime(2026, 3, 10, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    first = Context(now=now).clock()
    assert now <= first < now + timedelta(hours=1)


def test_what_begins_in_a_live_context_begins_now() -> None:
    """A chat that stays open knows the time, in the zone that was named."""
    then = datetime(2020, 3, 10, 9, tzinfo=ZoneInfo("Asia/Tokyo"))
    still = Context(now=then)
    assert still.current() is still
    later = replace(still, live=True).current()
    assert later.now > then + timedelta(days=365)
    assert later.now.tzinfo == ZoneInfo("Asia/Tokyo")
    assert later.live


def test_a_live_context_without_a_named_zone_takes_the_machines() -> None:
    """An offset alone says nothing of the next season: the machine's zone does."""
    then = datetime(2020, 3, 10, 9, tzinfo=timezone(timedelta(hours=14)))
    later = Context(now=then, live=True).current()
    assert later.now.utcoffset() == datetime.now().astimezone().utcoffset()


def test_a_clock_without_a_zone_is_told() -> None:
    """Nothing can be said of a time that is nowhere."""
    with pytest.raises(ValueError, match="needs a time zone"):
        _ = Context(now=datetime(2026, 3, 10)).tz


def test_a_tool_is_handed_what_the_application_hands_on() -> None:
    """`Context[Deps]` is handed over as `Context` is, and `deps` is in no text of it."""

    @tool(effect="read")
    def stock(shop: Context[dict[str, int]], of: str) -> int:
        """Count."""
        return shop.deps[of]

    context = Context[dict[str, int]](deps={"secret apples": 3})
    assert list(stock.parameters["properties"]) == ["of"]
    assert stock.invoke(stock.check({"of": "secret apples"}, context)) == 3
    assert context.current().deps is context.deps
    assert "secret apples" not in f"{context!r}"
