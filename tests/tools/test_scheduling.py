"""Guests are told of changes: CANCEL and REQUEST (RFC 5546) in the outbox."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar

from agentkit import Context, ToolError
from agentkit_tools.calendar import (
    cancel_event,
    create_event,
    edit_event,
    find_events,
    move_event,
    send_invite,
)

Use = Callable[..., Any]
ANA = "ana@kos.example"


def outbox(context: Context) -> list[Any]:
    """Parse what waits to be sent, in order."""
    files = sorted(
        context.home.glob("outbox/*.ics"), key=lambda p: p.stat().st_mtime_ns
    )
    return [Calendar.from_ical(path.read_bytes()) for path in files]


@pytest.fixture
def weekly(context: Context, use: Use) -> Context:
    """Give a weekly event with a guest and an alarm of one's own."""
    use(
        create_event, context, title="Review", start="2026-11-23T09:00",
        repeat="weekly", attendees=[ANA], remind_before="10 minutes",
    )  # fmt: skip
    return context


@pytest.fixture
def single(context: Context, use: Use) -> Context:
    """Give an invite that has been sent."""
    invite = use(
        send_invite, context, title="Plan", start="2026-11-24T10:00", attendees=[ANA]
    )
    (context.home / invite.file).unlink()
    return context


def test_cancelling_tells_the_guests(single: Context, use: Use) -> None:
    """A CANCEL of the same UID with a higher SEQUENCE waits in the outbox."""
    [own] = use(find_events, single, when="2026-11-24")
    change = use(cancel_event, single, title="plan")
    [message] = outbox(single)
    [event] = message.walk("VEVENT")
    assert message["METHOD"] == "CANCEL"
    assert (event["UID"], event["SEQUENCE"], event["STATUS"]) == (
        own.uid, 1, "CANCELLED",
    )  # fmt: skip
    assert event["ATTENDEE"] == f"mailto:{ANA}"
    assert change.told == 1


def test_moving_tells_the_guests(single: Context, use: Use) -> None:
    """A REQUEST with the new time and a higher SEQUENCE waits in the outbox."""
    use(move_event, single, title="plan", to="2026-11-25T11:00")
    [message] = outbox(single)
    [event] = message.walk("VEVENT")
    assert (message["METHOD"], event["SEQUENCE"]) == ("REQUEST", 1)
    assert event["DTSTART"].dt.isoformat() == "2026-11-25T11:00:00+01:00"
    assert {zone["TZID"] for zone in message.walk("VTIMEZONE")} == {"Europe/Berlin"}


@pytest.mark.parametrize(
    ("tool", "scope", "methods"),
    [
        (cancel_event, "this", ["CANCEL"]),
        (cancel_event, "this_and_following", ["REQUEST"]),
        (cancel_event, "all", ["CANCEL"]),
        (move_event, "this", ["REQUEST"]),
        (move_event, "this_and_following", ["REQUEST", "REQUEST"]),
        (move_event, "all", ["REQUEST"]),
    ],
    ids=lambda value: getattr(value, "name", str(value)),
)
def test_each_scope_has_its_messages(
    tool: Any, scope: str, methods: list[str], weekly: Context, use: Use
) -> None:
    """What is off is cancelled, what has changed is requested again."""
    more = {"to": "10am"} if tool is move_event else {}
    when = "2026-11-30"
    use(tool, weekly, title="review", when=when, scope=scope, **more)
    messages = outbox(weekly)
    assert [str(message["METHOD"]) for message in messages] == methods
    for message in messages:
        assert len({str(event["UID"]) for event in message.walk("VEVENT")}) == 1
        assert message.walk("VALARM") == []


def test_one_time_of_a_series_is_cancelled_by_its_own_time(
    weekly: Context, use: Use
) -> None:
    """The CANCEL has a RECURRENCE-ID, no rule, and the SEQUENCE of the series."""
    use(cancel_event, weekly, title="review", when="2026-11-30")
    [event] = outbox(weekly)[0].walk("VEVENT")
    calendar: Any = Calendar.from_ical((weekly.home / "calendar.ics").read_bytes())
    [own] = calendar.walk("VEVENT")
    assert event["RECURRENCE-ID"].dt.isoformat() == "2026-11-30T09:00:00+01:00"
    assert "RRULE" not in event
    assert event["SEQUENCE"] == own["SEQUENCE"] == 1


def test_the_preview_says_who_is_told(weekly: Context) -> None:
    """Before approval it is said that a message goes out, and to whom."""
    checked = cancel_event.check({"title": "review", "when": "2026-11-30"}, weekly)
    assert cancel_event.describe(checked) == (
        "Cancel “Review”, Mon 30 Nov 09:00-10:00 (this time only); "
        "ana@kos.example will be told."
    )


def test_nobody_is_told_of_an_event_of_ones_own(context: Context, use: Use) -> None:
    """Without guests there is no message."""
    use(create_event, context, title="Alone", start="2026-11-24T10:00")
    use(move_event, context, title="alone", to="11am")
    use(cancel_event, context, title="alone")
    assert outbox(context) == []


OTHERS = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//O//EN\r\nBEGIN:VEVENT\r\n"
    "UID:o@other\r\nDTSTAMP:20260101T000000Z\r\nDTSTART:20261124T100000Z\r\n"
    "SUMMARY:Board\r\nORGANIZER;CN=Boss:mailto:boss@other.example\r\n"
    "ATTENDEE;PARTSTAT=ACCEPTED;CN=Kim:mailto:Kim@berg.example\r\n"
    "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ana@kos.example\r\nSEQUENCE:2\r\n"
    "END:VEVENT\r\nEND:VCALENDAR\r\n"
)


def test_a_guest_who_cancels_declines(context: Context, use: Use) -> None:
    """The organizer gets a REPLY with the SEQUENCE of the invite."""
    context.home.mkdir()
    (context.home / "calendar.ics").write_bytes(OTHERS.encode())
    use(cancel_event, context, title="board")
    [message] = outbox(context)
    [event] = message.walk("VEVENT")
    assert (message["METHOD"], event["SEQUENCE"]) == ("REPLY", 2)
    assert event["ATTENDEE"].params["PARTSTAT"] == "DECLINED"
    assert event["ATTENDEE"] == "mailto:Kim@berg.example"
    assert event["ORGANIZER"] == "mailto:boss@other.example"


def test_a_guest_cannot_move(context: Context, use: Use) -> None:
    """An event of others is not moved behind their backs."""
    context.home.mkdir()
    (context.home / "calendar.ics").write_bytes(OTHERS.encode())
    with pytest.raises(ToolError, match="answer_invite"):
        use(move_event, context, title="board", to="noon")
    assert (context.home / "calendar.ics").read_bytes() == OTHERS.encode()


@pytest.mark.parametrize(
    ("title", "start", "who"),
    [
        ("Budget review", "2026-11-20T10:00", ["ana@kos.example"]),
        ("Review of the budget", "20 November 2026 at 10am", ["Ana@kos.example"]),
    ],
)
def test_the_same_people_are_not_invited_twice_to_a_time(
    title: str, start: str, who: list[str], tmp_path: Path, use: Callable[..., Any]
) -> None:
    """A second invite by another run, or title, is refused and names the first."""
    context = Context(home=tmp_path, user_email="kim@berg.example")
    first = {"title": "Budget review", "start": "2026-11-20T10:00"}
    use(send_invite, context, **first, attendees=["ana@kos.example"])
    with pytest.raises(ToolError, match="already as “Budget review”"):
        use(send_invite, context, title=title, start=start, attendees=who)
    use(send_invite, context, **first, attendees=["ben@kos.example"])
    assert len(list((tmp_path / "outbox").iterdir())) == 2


def test_a_message_brings_its_time_zone_along(context: Context, use: Use) -> None:
    """Also one with a name that has to be quoted, as Outlook's have."""
    own = "(UTC+05:45) Our, Own"
    parts = "TZOFFSETFROM:+0545\r\nTZOFFSETTO:+0545\r\n"
    context.home.mkdir()
    (context.home / "calendar.ics").write_text(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//O//EN\r\n"
        f"BEGIN:VTIMEZONE\r\nTZID:{own}\r\nBEGIN:STANDARD\r\n"
        f"DTSTART:19700101T000000\r\n{parts}END:STANDARD\r\nEND:VTIMEZONE\r\n"
        "BEGIN:VEVENT\r\nUID:1@o\r\nDTSTAMP:20261101T000000Z\r\nSUMMARY:Plan\r\n"
        f'DTSTART;TZID="{own}":20261124T100000\r\nDURATION:PT1H\r\n'
        f"ORGANIZER:mailto:{context.user_email}\r\nATTENDEE:mailto:{ANA}\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n",
        newline="",
    )
    use(cancel_event, context, title="plan")
    [message] = outbox(context)
    assert [one["TZID"] for one in message.walk("VTIMEZONE")] == [own]


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        (send_invite, {"attendees": [ANA]}),
        (edit_event, {"add": [ANA]}),
    ],
    ids=["invited", "added"],
)
def test_the_first_guest_of_an_event_is_invited(
    tool: Any, arguments: dict[str, Any], context: Context, use: Use
) -> None:
    """An event of the user's alone becomes one that others are asked to."""
    use(create_event, context, title="Plan", start="2026-11-24T10:00")
    use(tool, context, title="plan", **arguments)
    [message] = outbox(context)
    [event] = message.walk("VEVENT")
    assert message["METHOD"] == "REQUEST"
    assert event["ATTENDEE"] == f"mailto:{ANA}"
    assert event["ORGANIZER"] == f"mailto:{context.user_email}"
