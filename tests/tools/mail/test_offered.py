"""Invite mails: what waits for an answer, and what would change the calendar."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agentkit import Context, InputNeeded, ToolError
from agentkit_tools.archives import import_messages
from agentkit_tools.calendar import create_event, find_events, send_invite
from agentkit_tools.invites import answer_invite, apply_invite, find_invites

Use = Callable[..., Any]

BOSS, KIM, ANA = "boss@other.example", "kim@berg.example", "ana@kos.example"


class Post:
    """Brings invite mails into a home, each a day after the one before."""

    def __init__(self, context: Context, use: Use, folder: Path) -> None:
        self.context, self._use, self._folder = context, use, folder
        self._count = 0

    def bring(
        self, method: str = "REQUEST", *, uid: str = "o@other", sequence: int = 0,
        start: str = "20261124T100000Z", sender: str = BOSS, organizer: str = BOSS,
        guest: str = f"PARTSTAT=NEEDS-ACTION:mailto:{KIM}",
    ) -> Any:  # fmt: skip
        """Import one mail."""
        self._count += 1
        path = self._folder / f"{self._count}.eml"
        path.write_text(
            f"From: {sender}\nTo: {KIM}\nMessage-ID: <p{self._count}@x.example>\n"
            f"Date: Tue, {self._count:02} Nov 2026 10:00:00 +0100\nMIME-Version: 1.0\n"
            f"Content-Type: text/calendar; method={method}; charset=utf-8\n\n"
            f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//O//EN\nMETHOD:{method}\n"
            f"BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20261101T0000{sequence:02}Z\n"
            f"DTSTART:{start}\nDURATION:PT30M\nSUMMARY:Board\n"
            f"ORGANIZER:mailto:{organizer}\nATTENDEE;{guest}\n"
            f"SEQUENCE:{sequence}\nEND:VEVENT\nEND:VCALENDAR\n"
        )
        return self._use(import_messages, self.context, path=str(path))


@pytest.fixture
def post(context: Context, use: Use, tmp_path: Path) -> Post:
    """Give what brings mails."""
    return Post(context, use, tmp_path)


def states(post: Post, use: Use) -> list[str]:
    """Return the states of what waits."""
    return [one.state for one in use(find_invites, post.context)]


def test_a_new_invite_waits_and_is_answered(post: Post, use: Use) -> None:
    """The mail's invite is listed, is not on the calendar, and can be accepted."""
    assert post.bring().invites == ["Board"]
    [found] = use(find_invites, post.context)
    assert (found.state, found.by, found.uid) == ("waiting", BOSS, "o@other")
    assert use(find_events, post.context) == []
    use(answer_invite, post.context, answer="accept")
    assert states(post, use) == []
    assert len(use(find_events, post.context)) == 1


def test_a_duplicate_waits_once(post: Post, use: Use) -> None:
    """The same invite in a second mail brings nothing new."""
    post.bring()
    assert post.bring().invites == []
    assert states(post, use) == ["waiting"]


@pytest.mark.parametrize(
    ("mail", "state", "then"),
    [
        ({"sequence": 1, "start": "20261126T100000Z"}, "update", ["waiting"]),
        ({"method": "CANCEL", "sequence": 1}, "cancellation", []),
    ],
    ids=["update", "cancellation"],
)
def test_the_calendar_changes_only_when_the_user_says_so(
    mail: dict[str, Any], state: str, then: list[str], post: Post, use: Use
) -> None:
    """An organizer's mail is shown, applied, undone; a new time asks anew."""
    post.bring()
    use(answer_invite, post.context, answer="accept")
    before = use(find_events, post.context)
    assert post.bring(**mail).changes == 1
    assert use(find_events, post.context) == before
    assert states(post, use) == [state]
    done = use(apply_invite, post.context)
    assert use(find_events, post.context) != before
    assert states(post, use) == then
    assert apply_invite.undo is not None
    apply_invite.undo(done, post.context)
    assert use(find_events, post.context) == before
    assert states(post, use) == [state]


def test_an_invite_that_waits_is_updated_and_called_off(post: Post, use: Use) -> None:
    """What is not on the calendar follows its organizer without a question."""
    post.bring()
    post.bring(sequence=1, start="20261126T100000Z")
    [found] = use(find_invites, post.context)
    assert found.start.startswith("2026-11-26")
    post.bring("CANCEL", sequence=2)
    assert states(post, use) == []


def test_a_guests_answer_is_shown_and_noted(post: Post, use: Use) -> None:
    """A REPLY changes the guest's answer once the user says so; a later one counts."""
    use(send_invite, post.context, title="Board", start="2026-11-24T10:00",
        attendees=[ANA])  # fmt: skip
    [event] = use(find_events, post.context)
    for answer in ("DECLINED", "ACCEPTED"):
        post.bring("REPLY", uid=event.uid, sender=ANA, organizer=KIM,
                   guest=f"PARTSTAT={answer}:mailto:{ANA}")  # fmt: skip
    assert states(post, use) == ["answer"]
    assert "accepted" in use(apply_invite, post.context).did
    assert states(post, use) == []


@pytest.mark.parametrize(
    "mail",
    [
        {"uid": "own", "organizer": "eve@evil.example", "sender": "eve@evil.example"},
        {"uid": "own", "organizer": BOSS, "sender": "eve@evil.example"},
        {"uid": "own", "method": "CANCEL"},
        {"method": "CANCEL", "sender": "eve@evil.example"},
        {"start": "20261024T100000Z"},
        {"guest": "PARTSTAT=NEEDS-ACTION:mailto:other@x.example"},
    ],
    ids=["own uid", "forged", "own cancelled", "cancel of none", "past", "not invited"],
)
def test_what_a_sender_may_not_say_is_not_offered(
    mail: dict[str, Any], post: Post, use: Use
) -> None:
    """A stranger who knows a UID changes nothing, and is not offered."""
    use(create_event, post.context, title="Mine", start="2026-11-24T10:00")
    path = post.context.home / "calendar.ics"
    [event] = use(find_events, post.context)
    before = path.read_bytes()
    mail = {**mail, "uid": event.uid} if "uid" in mail else mail
    done = post.bring(**mail)
    assert (done.added, done.invites, done.changes) == (1, [], 0)
    assert states(post, use) == []
    assert path.read_bytes() == before


def test_a_proposal_is_shown_and_left_to_the_user(post: Post, use: Use) -> None:
    """A COUNTER changes nothing by itself: the error says what to do."""
    use(send_invite, post.context, title="Board", start="2026-11-24T10:00",
        attendees=[ANA])  # fmt: skip
    [event] = use(find_events, post.context)
    post.bring("COUNTER", uid=event.uid, sender=ANA, organizer=KIM,
               guest=f"PARTSTAT=TENTATIVE:mailto:{ANA}")  # fmt: skip
    assert states(post, use) == ["proposal"]
    with pytest.raises(ToolError, match="move the event"):
        use(apply_invite, post.context)


def test_which_change_is_asked(post: Post, use: Use) -> None:
    """Two changes make a question; none is an error."""
    with pytest.raises(ToolError, match="No invite mail"):
        use(apply_invite, post.context)
    for uid in ("a@other", "b@other"):
        post.bring(uid=uid)
        use(answer_invite, post.context, answer="accept")
        post.bring("CANCEL", uid=uid, sequence=1)
    with pytest.raises(InputNeeded, match="Which change"):
        use(apply_invite, post.context)


def test_an_import_is_undone_with_its_invites(post: Post, use: Use) -> None:
    """What waited because of it waits no more; one that was answered stays."""
    done = post.bring()
    assert import_messages.undo is not None
    import_messages.undo(done, post.context)
    assert states(post, use) == []
    again = post.bring()
    use(answer_invite, post.context, answer="accept")
    import_messages.undo(again, post.context)
    assert len(use(find_events, post.context)) == 1
