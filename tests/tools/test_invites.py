"""Invites of others: taken in, answered; and answers of guests (RFC 5546)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from icalendar import Calendar

from agentkit import Context, InputNeeded, ToolError
from agentkit_tools._itip_inbox import receive_invite, weigh_invite
from agentkit_tools.calendar import find_events, send_invite
from agentkit_tools.invites import answer_invite

Use = Callable[..., Any]
BOSS, KIM, ANA = "boss@other.example", "kim@berg.example", "ana@kos.example"


def message(
    method: str = "REQUEST", *, uid: str = "o@other", sequence: int = 0,
    start: str = "20261124T100000Z", more: str = "", organizer: str = BOSS,
    guest: str = f"PARTSTAT=NEEDS-ACTION;RSVP=TRUE:mailto:{KIM}",
) -> str:  # fmt: skip
    """Write what another program would send."""
    return (
        f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//O//EN\r\nMETHOD:{method}\r\n"
        f"BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20261101T000000Z\r\n"
        f"DTSTART:{start}\r\nDURATION:PT30M\r\nSUMMARY:Board {uid[0]}\r\n"
        f"ORGANIZER;CN=Boss:mailto:{organizer}\r\nATTENDEE;CN=Guest;{guest}\r\n"
        f"X-ROOM;X-FLOOR=3:blue\r\nSEQUENCE:{sequence}\r\n{more}"
        "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT5M\r\nEND:VALARM\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n"
    )


def sent(context: Context) -> Any:
    """Parse the one message that waits in the outbox."""
    [path] = context.home.glob("outbox/*.ics")
    return Calendar.from_ical(path.read_bytes())


def own(context: Context) -> Any:
    """Return the one event of the calendar, as another program reads it."""
    content = (context.home / "calendar.ics").read_bytes()
    calendar: Any = Calendar.from_ical(content)
    [event] = calendar.walk("VEVENT")
    return event


@pytest.mark.parametrize(
    ("answer", "partstat", "shown"),
    [("accept", "ACCEPTED", 1), ("tentative", "TENTATIVE", 1),
     ("decline", "DECLINED", 0)],
    ids=["accept", "tentative", "decline"],
)  # fmt: skip
def test_an_invite_is_answered(
    answer: str, partstat: str, shown: int, context: Context, use: Use
) -> None:
    """The organizer gets a REPLY; the calendar has the event unless declined."""
    receive_invite(context, message(sequence=3), BOSS)
    assert use(find_events, context, query="Board") == []
    use(answer_invite, context, answer=answer, note="See you,\nKim")
    reply = sent(context)
    [event] = reply.walk("VEVENT")
    assert reply["METHOD"] == "REPLY"
    assert (event["UID"], event["SEQUENCE"]) == ("o@other", 3)
    assert event["ATTENDEE"].params["PARTSTAT"] == partstat
    assert event["COMMENT"] == "See you, Kim"
    assert event["DTSTAMP"].dt == context.now
    assert own(context)["ATTENDEE"].params["PARTSTAT"] == partstat
    assert len(use(find_events, context, query="Board")) == shown


def test_an_answer_is_undone(context: Context, use: Use) -> None:
    """The REPLY leaves the outbox, and the invite waits again."""
    receive_invite(context, message(), BOSS)
    result = use(answer_invite, context, answer="accept")
    assert answer_invite.undo is not None
    answer_invite.undo(result, context)
    assert list(context.home.glob("outbox/*.ics")) == []
    assert not (context.home / "calendar.ics").exists()
    assert use(answer_invite, context, answer="decline")


def test_another_time_is_suggested(context: Context, use: Use) -> None:
    """The organizer gets a COUNTER with the same SEQUENCE and the new time."""
    receive_invite(context, message(sequence=3), BOSS)
    with pytest.raises(InputNeeded, match="Which time"):
        use(answer_invite, context, answer="propose")
    use(answer_invite, context, answer="propose", propose="2026-11-25T15:00")
    counter = sent(context)
    [event] = counter.walk("VEVENT")
    assert (counter["METHOD"], event["SEQUENCE"]) == ("COUNTER", 3)
    assert event["DTSTART"].dt.isoformat() == "2026-11-25T15:00:00+01:00"
    assert event["DTEND"].dt.isoformat() == "2026-11-25T15:30:00+01:00"
    assert "DURATION" not in event
    assert own(context)["DTSTART"].dt.isoformat() == "2026-11-24T10:00:00+00:00"


def test_which_invite_is_asked(context: Context, use: Use) -> None:
    """Two that wait make a question; none is an error."""
    with pytest.raises(ToolError, match="no invite"):
        use(answer_invite, context, answer="accept")
    receive_invite(context, message(uid="a@other"), BOSS)
    receive_invite(context, message(uid="b@other"), BOSS)
    with pytest.raises(InputNeeded) as caught:
        use(answer_invite, context, answer="accept")
    assert len(caught.value.candidates) == 2
    done = use(
        answer_invite, context, answer="accept", title=caught.value.candidates[1]
    )
    assert done.event.title == "Board b"


def test_an_update_replaces_an_older_version(context: Context, use: Use) -> None:
    """A higher SEQUENCE changes the event; a lower one changes nothing."""
    receive_invite(context, message(sequence=1), BOSS)
    use(answer_invite, context, answer="accept")
    receive_invite(context, message(sequence=2, start="20261126T100000Z"), BOSS)
    assert own(context)["DTSTART"].dt.day == 26
    old = receive_invite(context, message(sequence=1, start="20261127T100000Z"), BOSS)
    assert "older version" in old.did
    assert own(context)["DTSTART"].dt.day == 26
    assert own(context)["X-ROOM"] == "blue"
    assert own(context).walk("VALARM") == []


@pytest.mark.parametrize(
    ("day", "left"), [("25", ["24"]), ("24", []), ("27", ["24", "25", "26"])]
)
@pytest.mark.parametrize("accepted", [True, False])
def test_the_organizer_ends_a_series(
    context: Context, use: Use, day: str, left: list[str], accepted: bool
) -> None:
    """RANGE=THISANDFUTURE calls off a time and all after it, answered or not."""
    more = "RRULE:FREQ=DAILY;COUNT=4\r\n"
    receive_invite(context, message(more=more), BOSS)
    if accepted:
        use(answer_invite, context, answer="accept")
    key = f"RECURRENCE-ID;RANGE=THISANDFUTURE:202611{day}T100000Z\r\n"
    receive_invite(context, message("CANCEL", sequence=1, more=key), BOSS)
    if not accepted and left:
        use(answer_invite, context, answer="accept")
    found = use(find_events, context, query="Board")
    assert [event.start[8:10] for event in found] == left


def test_several_times_are_called_off_at_once(context: Context, use: Use) -> None:
    """Each component of a CANCEL is one of them."""
    receive_invite(context, message(more="RRULE:FREQ=DAILY;COUNT=4\r\n"), BOSS)
    use(answer_invite, context, answer="accept")
    one, two = (
        message("CANCEL", sequence=1, more=f"RECURRENCE-ID:202611{day}T100000Z\r\n")
        for day in ("25", "27")
    )
    block = two[two.index("BEGIN:VEVENT") : two.index("END:VCALENDAR")]
    both = one.replace("END:VCALENDAR", f"{block}END:VCALENDAR")
    receive_invite(context, both, BOSS)
    found = use(find_events, context, query="Board")
    assert [event.start[8:10] for event in found] == ["24", "26"]


def test_the_organizer_cancels(context: Context, use: Use) -> None:
    """A CANCEL of the organizer takes the event off, or one time of it."""
    more = "RRULE:FREQ=DAILY;COUNT=3\r\n"
    receive_invite(context, message(more=more), BOSS)
    use(answer_invite, context, answer="accept")
    one = message("CANCEL", sequence=1, more="RECURRENCE-ID:20261125T100000Z\r\n")
    receive_invite(context, one, BOSS)
    found = use(find_events, context, query="Board")
    assert [event.start[8:10] for event in found] == ["24", "26"]
    receive_invite(context, message("CANCEL", sequence=2), BOSS)
    assert use(find_events, context, query="Board") == []


OFF_ONCE: dict[str, tuple[str, list[str]]] = {
    "the whole event": ("", []),
    "one time": ("RECURRENCE-ID:20261125T100000Z\r\n", ["24", "26"]),
    "one time of another zone": (
        "RECURRENCE-ID;TZID=Europe/Berlin:20261125T110000\r\n",
        ["24", "26"],
    ),
    "the rest": ("RECURRENCE-ID;RANGE=THISANDFUTURE:20261125T100000Z\r\n", ["24"]),
    "what comes after the end": (
        "RECURRENCE-ID;RANGE=THISANDFUTURE:20261205T100000Z\r\n",
        ["24", "25", "26"],
    ),
}


@pytest.mark.parametrize(("more", "days"), OFF_ONCE.values(), ids=OFF_ONCE)
def test_a_cancellation_that_comes_twice_is_no_news(
    more: str, days: list[str], context: Context, use: Use
) -> None:
    """It changes nothing the second time, and nothing at all when all is off by then."""
    receive_invite(context, message(more="RRULE:FREQ=DAILY;COUNT=3\r\n"), BOSS)
    use(answer_invite, context, answer="accept")
    text = message("CANCEL", sequence=1, more=more)
    assert weigh_invite(context, text, BOSS).news is (len(days) < 3)
    receive_invite(context, text, BOSS)
    found = use(find_events, context, query="Board")
    assert [event.start[8:10] for event in found] == days
    assert not weigh_invite(context, text, BOSS).news
    assert receive_invite(context, text, BOSS).undo == ""
    again = use(find_events, context, query="Board")
    assert [event.start[8:10] for event in again] == days


@pytest.mark.parametrize(
    ("method", "organizer", "sender"),
    [
        ("CANCEL", BOSS, "eve@evil.example"),
        ("REQUEST", BOSS, "eve@evil.example"),
        ("CANCEL", "eve@evil.example", "eve@evil.example"),
        ("REQUEST", "eve@evil.example", "eve@evil.example"),
    ],
)
def test_others_cannot_change_the_organizers_event(
    method: str, organizer: str, sender: str, context: Context, use: Use
) -> None:
    """Who is not the organizer changes and cancels nothing."""
    receive_invite(context, message(), BOSS)
    use(answer_invite, context, answer="accept")
    before = (context.home / "calendar.ics").read_bytes()
    text = message(method, sequence=9, organizer=organizer)
    with pytest.raises(ToolError, match="organize"):
        receive_invite(context, text, sender)
    assert (context.home / "calendar.ics").read_bytes() == before


def test_a_guests_answer_is_noted(context: Context, use: Use) -> None:
    """A REPLY changes the answer of its sender, and of nobody else."""
    invite = use(
        send_invite, context, title="Plan", start="2026-11-24T10:00",
        attendees=[ANA, "ben@x.example"],
    )  # fmt: skip
    uid = invite.event.uid
    text = message(
        "REPLY", uid=uid, organizer=KIM, guest=f"PARTSTAT=ACCEPTED:mailto:{ANA}"
    )
    assert "accepted" in receive_invite(context, text, ANA).did
    answers = {str(g): g.params["PARTSTAT"] for g in own(context)["ATTENDEE"]}
    assert answers == {
        f"mailto:{ANA}": "ACCEPTED",
        "mailto:ben@x.example": "NEEDS-ACTION",
    }
    with pytest.raises(ToolError, match="is not invited"):
        receive_invite(context, text, "eve@evil.example")


def test_a_guests_suggestion_is_told(context: Context, use: Use) -> None:
    """A COUNTER changes nothing; its time is told."""
    invite = use(
        send_invite, context, title="Plan", start="2026-11-24T10:00", attendees=[ANA]
    )
    before = (context.home / "calendar.ics").read_bytes()
    text = message(
        "COUNTER", uid=invite.event.uid, organizer=KIM,
        guest=f"PARTSTAT=TENTATIVE:mailto:{ANA}", start="20261125T140000Z",
    )  # fmt: skip
    assert "25 Nov 2026, 14:00" in receive_invite(context, text, ANA).did
    assert (context.home / "calendar.ics").read_bytes() == before


@pytest.mark.parametrize(
    "text",
    [
        "", "hello", "BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        message().replace("METHOD:REQUEST\r\n", ""),
        message().replace("UID:o@other\r\n", ""),
        message()[:300], "x" * 2_000_000,
    ],
    ids=["empty", "words", "no event", "no method", "no uid", "cut off", "too large"],
)  # fmt: skip
def test_what_is_no_invite_is_told(text: str, context: Context) -> None:
    """Anything else is one clear error, and nothing is written."""
    with pytest.raises(ToolError):
        receive_invite(context, text, BOSS)
    assert not (context.home / "invites.ics").exists()


def test_an_organizer_may_have_somebody_send_it(context: Context, use: Use) -> None:
    """The address counts that is the value: parameters hold others (RFC 5545, 3.2.18)."""
    sent_by = 'ORGANIZER;SENT-BY="mailto:desk@other.example"'
    text = message(guest=f'DELEGATED-FROM="mailto:{ANA}":mailto:{KIM}')
    receive_invite(context, text.replace("ORGANIZER;CN=Boss", sent_by), BOSS)
    use(answer_invite, context, answer="accept")
    [event] = sent(context).walk("VEVENT")
    assert event["ORGANIZER"] == f"mailto:{BOSS}"
    assert event["ATTENDEE"].params["PARTSTAT"] == "ACCEPTED"
