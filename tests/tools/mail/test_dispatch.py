"""Mail that goes out later, is taken out again, or waits for an answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from email import message_from_bytes
from typing import Any

import pytest

from agentkit import Context, ToolError
from agentkit_tools._chores import send_due, settle_answers
from agentkit_tools._rings import reminders as ringing
from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.contacts import add_contact
from agentkit_tools.dispatch import await_answer, schedule_message, withdraw_message
from agentkit_tools.mail import send_outbox, show_outbox
from agentkit_tools.messages import send_message
from agentkit_tools.reminders import list_reminders

Use = Callable[..., Any]
ANA = "ana@kos.example"


def at(context: Context, clock: str, days: int = 0) -> Context:
    day = (context.now + timedelta(days=days)).date()
    moment = datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=context.tz)
    return replace(context, now=moment)


def test_a_message_goes_out_at_its_time_once(
    online: Context,
    postman: Any,
    use: Use,
) -> None:
    """Not before, nor with the others; its time stays on this device."""
    use(schedule_message, online, when="tomorrow at 8", to=ANA, text="Grüße!")
    use(send_message, online, to="bo@lund.example", text="now")
    assert list(send_due(at(online, "09:05"))) == []
    sent = use(send_outbox, online)
    assert [one.to for one in sent.sent] == [["bo@lund.example"]]
    assert [one.later for one in sent.waiting] == ["Thu 19 Nov 08:00"]
    due = at(online, "08:00", days=1)
    assert list(send_due(due)) == [f"Sent the message to {ANA}."]
    assert list(send_due(due)) == []
    assert len(postman.mails) == 2
    mail = message_from_bytes(postman.mails[1].content)
    assert mail["Deferred-Delivery"] is None
    assert use(show_outbox, online) == []


def test_a_refused_message_waits_on(
    online: Context,
    postman: Any,
    use: Use,
) -> None:
    """It is said, and tried again at the next look."""
    postman.answers = ["451 later"]
    use(schedule_message, online, when="tomorrow at 8", to=ANA, text="Hi")
    due = at(online, "08:00", days=1)
    assert "was not sent: 451 later" in next(send_due(due))
    assert list(send_due(due)) == [f"Sent the message to {ANA}."]


def test_a_message_that_waits_is_put_off(context: Context, use: Use) -> None:
    """The newest one, or the one to somebody; taken back it goes with the others."""
    use(send_message, at(context, "08:59"), to=ANA, text="one")
    use(send_message, context, to="bo@lund.example", text="two")
    done = use(schedule_message, context, when="Friday", to=ANA)
    assert (done.text, done.when) == ("one", "Fri 20 Nov 09:00")
    assert use(schedule_message, context, when="8pm").text == "two"
    assert schedule_message.undo is not None
    schedule_message.undo(done, context)
    assert [one.later for one in use(show_outbox, context)] == ["", "Wed 18 Nov 20:00"]


def test_what_is_past_or_not_there_is_said(context: Context, use: Use) -> None:
    """Nothing is queued for a time that has gone by."""
    with pytest.raises(ToolError, match="is past"):
        use(schedule_message, context, when="8am today", to=ANA, text="Hi")
    with pytest.raises(ToolError, match="No such message waits"):
        use(schedule_message, context, when="tomorrow")


def test_a_message_is_taken_out(context: Context, use: Use) -> None:
    """By whom it goes to, name or address; it is kept aside."""
    use(add_contact, context, name="Ana Kos", email=ANA)
    use(send_message, context, to="Ana", text="one")
    use(send_message, context, to="bo@lund.example", text="two")
    done = use(withdraw_message, context, to="Ana")
    assert (context.home / done.file).exists()
    assert [one.to for one in use(show_outbox, context)] == [["bo@lund.example"]]
    with pytest.raises(ToolError, match="No such message"):
        use(withdraw_message, context, to="Ana")


def letter(context: Context, sent: datetime) -> Letter:
    return Letter(
        message_id=f"<{sent:%H%M}@kos>", thread="t", sender="Ana", address=ANA,
        sent=sent, text="Yes.",
    )  # fmt: skip


def rings(context: Context) -> list[str]:
    week = context.now + timedelta(days=7)
    return [one.title for one in ringing(context, context.now, week)]


def test_it_rings_where_no_answer_has_come(context: Context, use: Use) -> None:
    """An answer since the last words to somebody keeps it from ringing, and settles it."""
    use(send_message, at(context, "08:00"), to=ANA, text="Coming?")
    noted = use(await_answer, context, person=ANA, when="Friday")
    assert noted.reminder.when == "Fri 20 Nov 17:00"
    assert rings(context) == [f"{ANA} has not answered"]
    assert list(settle_answers(context)) == []
    add_letters(context.home, [letter(context, at(context, "07:00").now)], context.now)
    assert len(rings(context)) == 1
    add_letters(context.home, [letter(context, at(context, "08:30").now)], context.now)
    assert rings(context) == []
    assert list(settle_answers(context)) == [
        f"An answer came: “{ANA} has not answered” is done."
    ]
    assert use(list_reminders, context) == []


def test_another_answer_is_waited_for_once_one_has_come(
    context: Context, use: Use
) -> None:
    """What was answered already is not what is waited for."""
    use(send_message, at(context, "08:00"), to=ANA, text="Coming?")
    add_letters(context.home, [letter(context, at(context, "08:30").now)], context.now)
    use(await_answer, context, person=ANA, when="Friday")
    assert len(rings(context)) == 1


@pytest.mark.parametrize("looked", ["2026-11-18T08:59", "soon", ""])
def test_a_time_of_looking_that_cannot_be_compared_is_none(
    mailbox: tuple[Context, Any], use: Use, looked: str
) -> None:
    """A file that somebody else wrote keeps no answer from being looked for."""
    context, _ = mailbox
    use(send_message, at(context, "08:00"), to=ANA, text="Coming?")
    use(await_answer, context, person=ANA, when="Friday")
    (context.home / ".answers-looked-for").write_text(looked)
    assert list(settle_answers(context)) == []
    kept = (context.home / ".answers-looked-for").read_text()
    assert kept == context.now.isoformat()


def test_until_today_is_ahead_in_the_evening(context: Context, use: Use) -> None:
    """After people have gone home it is until the end of the day, and not past."""
    evening = at(context, "18:30")
    noted = use(await_answer, evening, person=ANA, when="by today")
    assert noted.reminder.when == "Wed 18 Nov 23:59"
