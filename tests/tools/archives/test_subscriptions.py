"""Calendars that are subscribed to: fetched, read-only, kept when the server fails."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from agentkit import BackendError, Context, ToolError
from agentkit_tools._chores import refresh_calendars
from agentkit_tools.archives import subscribe_calendar
from agentkit_tools.calendar import cancel_event, create_event, find_events
from tests.tools.archives.test_calendar_archive import calendar, event

Use = Callable[..., Any]
NAMED = calendar("X-WR-CALNAME:School\\, term\r\n", event("s", "Parents"))


class Publisher(http.server.BaseHTTPRequestHandler):
    """Gives a calendar out, with a tag that tells one state of it from another."""

    asked: list[str | None]
    body: bytes
    status: int
    leads: str

    def do_GET(self) -> None:
        self.asked.append(self.headers["If-None-Match"])
        tag = f'"{hash(self.body)}"'
        status = 304 if self.headers["If-None-Match"] == tag else self.status
        self.send_response(302 if self.leads and "old" in self.path else status)
        self.send_header("ETag", tag)
        if self.leads:
            self.send_header("Location", self.leads)
        self.end_headers()
        if status == 200:
            self.wfile.write(self.body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
def publisher() -> Iterator[tuple[str, type[Publisher]]]:
    """Give an address on loopback, and what stands behind it."""
    facts: dict[str, Any] = {
        "asked": [],
        "body": NAMED.encode(),
        "status": 200,
        "leads": "",
    }
    kind = type("Handler", (Publisher,), facts)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind) as running:
        threading.Thread(target=running.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{running.server_address[1]}", kind
        running.shutdown()


Server = tuple[str, type[Publisher]]


def test_its_events_are_on_the_calendar(
    publisher: Server, context: Context, use: Use
) -> None:
    """It is named as it calls itself, and one's own events go elsewhere."""
    done = use(subscribe_calendar, context, url=f"{publisher[0]}/a.ics")
    assert (done.new, done.feeds[0].title) == ("school-term", "School, term")
    use(create_event, context, title="Mine", start="tomorrow at 8am")
    titles = [one.title for one in use(find_events, context, when="tomorrow")]
    assert sorted(titles) == ["Mine", "Parents"]
    folder = context.home / "calendar" / "school-term"
    assert "Mine" not in (folder / "calendar.ics").read_text("utf-8")


def test_it_cannot_be_changed_here(
    publisher: Server, context: Context, use: Use
) -> None:
    """Who would cancel or move an event of it hears where that can be done."""
    use(subscribe_calendar, context, url=f"{publisher[0]}/a.ics")
    with pytest.raises(ToolError, match="school-term, which you subscribe to"):
        use(cancel_event, context, title="Parents")


def test_it_is_fetched_anew_only_where_it_changed(
    publisher: Server, context: Context, use: Use
) -> None:
    """The server is asked with the tag of what is there."""
    url, server = publisher
    use(subscribe_calendar, context, url=f"{url}/a.ics")
    [same] = use(subscribe_calendar, context).feeds
    server.body = calendar(event("s", "Concert")).encode()
    [new] = use(subscribe_calendar, context).feeds
    assert (same.changed, new.changed) == (False, True)
    assert server.asked[0] is None
    assert server.asked[1] is not None
    [found] = use(find_events, context, when="tomorrow")
    assert found.title == "Concert"


def test_a_dead_server_takes_nothing_away(
    publisher: Server, context: Context, use: Use
) -> None:
    """What was fetched stays, and the fault is one sentence."""
    url, server = publisher
    use(subscribe_calendar, context, url=f"{url}/a.ics")
    server.status, server.body = 500, b""
    [feed] = use(subscribe_calendar, context).feeds
    assert feed.fault == (
        "The calendar at 127.0.0.1 cannot be fetched: it answered with status 500."
    )
    assert len(use(find_events, context, when="tomorrow")) == 1


def test_an_address_may_lead_on(publisher: Server, context: Context, use: Use) -> None:
    """A redirect is followed, but never from this device to another in the clear."""
    url, server = publisher
    server.leads = "/new.ics"
    assert use(subscribe_calendar, context, url=f"{url}/old.ics").new
    server.leads = "http://cal.example/new.ics"
    with pytest.raises(ToolError, match="over https"):
        use(subscribe_calendar, context, url=f"{url}/old.ics?other")
    server.leads = "https://cal.example:99999/new.ics"
    with pytest.raises(ToolError, match="no address"):
        use(subscribe_calendar, context, url=f"{url}/old.ics?more")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("ftp://cal.example/a.ics", "over https"),
        ("http://cal.example/a.ics", "over https"),
        ("https://sam:secret@cal.example/a.ics", "no name or password"),
        ("cal", "no address"),
        ("webcal://", "no address"),
    ],
)
def test_what_is_no_address_is_said(
    url: str, told: str, context: Context, use: Use
) -> None:
    """A password in an address is not repeated."""
    with pytest.raises(ToolError, match=told) as fault:
        use(subscribe_calendar, context, url=url)
    assert "secret" not in str(fault.value)


def test_a_page_is_no_calendar(publisher: Server, context: Context, use: Use) -> None:
    """What is given out there is told, and nothing is kept."""
    publisher[1].body = b"<html>Log in</html>"
    with pytest.raises(ToolError, match="no calendar"):
        use(subscribe_calendar, context, url=f"{publisher[0]}/a.ics")
    assert not (context.home / "calendar").exists()


def test_nothing_is_fetched_offline(context: Context, use: Use) -> None:
    """The gate says so before a connection is opened."""
    with pytest.raises(BackendError, match="offline"):
        use(
            subscribe_calendar,
            replace(context, offline=True),
            url="https://cal.example/a.ics",
        )


def test_subscribing_is_taken_back(
    publisher: Server, context: Context, use: Use
) -> None:
    """Its folder goes; taken back twice it is said."""
    done = use(subscribe_calendar, context, url=f"{publisher[0]}/a.ics")
    assert subscribe_calendar.undo is not None
    subscribe_calendar.undo(done, context)
    assert use(find_events, context, when="tomorrow") == []
    assert use(subscribe_calendar, context).feeds == []
    with pytest.raises(ToolError, match="no subscription"):
        subscribe_calendar.undo(done, context)


def test_a_subscription_is_ended_and_taken_up_again(
    publisher: Server, context: Context, use: Use
) -> None:
    """By its name or address; nothing of it is lost until another one is ended."""
    use(subscribe_calendar, context, url=f"{publisher[0]}/a.ics")
    done = use(subscribe_calendar, context, url="School, term", stop=True)
    assert (done.ended, use(find_events, context, when="tomorrow")) == (
        "school-term",
        [],
    )
    with pytest.raises(ToolError, match="there are: none"):
        use(subscribe_calendar, context, url="school-term", stop=True)
    assert subscribe_calendar.undo is not None
    subscribe_calendar.undo(done, context)
    assert len(use(find_events, context, when="tomorrow")) == 1


def test_it_is_fetched_anew_each_hour(
    publisher: Server, context: Context, use: Use
) -> None:
    """While somebody watches, and no sooner."""
    use(subscribe_calendar, context, url=f"{publisher[0]}/a.ics")
    for minutes in (10, 59, 61, 65):
        later = replace(context, now=context.now + timedelta(minutes=minutes))
        assert list(refresh_calendars(later)) == []
    assert len(publisher[1].asked) == 2
