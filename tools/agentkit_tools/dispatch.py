"""Dispatch tools: mail that goes out later, is taken out again, or waits for an answer."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from pathlib import Path

from agentkit import (
    Contact,
    Context,
    InputNeeded,
    StoreError,
    ToolError,
    When,
    tool,
)
from agentkit_tools._awaited import awaiting, last_word_to
from agentkit_tools._cut_off_calls import settled_reminder
from agentkit_tools._mail.letter import read_mail
from agentkit_tools._mail_choice import (
    mail_in_file,
    mail_meant,
    waiting_mail,
    words_of_mail,
)
from agentkit_tools._open_reminders import reminders_file
from agentkit_tools._pack import sentences, undo
from agentkit_tools._phrases import phrase, say_moment
from agentkit_tools._results.dispatch_answers import (
    Scheduled,
    Withdrawn,
    say_scheduled,
    say_withdrawn,
)
from agentkit_tools._results.reminder_answers import Noted, say_noted, shown_reminder
from agentkit_tools._store.call_records import call_noted, note_call
from agentkit_tools._store.imports import drop_letter
from agentkit_tools._store.mailbox import Letter, add_letters, thread_of, written_letter
from agentkit_tools._store.outbox import (
    Waiting,
    put_in,
    put_off,
    queue_mail,
    queued_file,
    take_out,
    withdraw,
    withdrawn_mail,
    withdrawn_on_error,
)

SETTINGS = None
_SAY = sentences("dispatch")
# "Tomorrow" without an hour: people are up, and the day is still ahead.
_MORNING = 9
# "By Friday" is until people go home.
_EVENING = 17


def _moment(when: When, context: Context, hour: int = _MORNING) -> datetime:
    """Return the moment that is meant, at an hour where a day is named alone.

    Raises:
        ToolError: it is past.
    """
    moment = when.start.replace(hour=hour) if when.all_day else when.start
    if moment <= context.now:
        raise ToolError(phrase("{when} is past.", when=say_moment(moment, context.now)))
    return moment


def _deadline(when: When, context: Context) -> datetime:
    """Return the end of "until Friday", which begins now; any other moment as it is.

    Raises:
        ToolError: it is past.
    """
    goes_on = when.end is not None and when.start <= context.now < when.end
    if not goes_on or when.end is None:
        return _moment(when, context, _EVENING)
    # An end at midnight is the end of a day, and means its evening while that is ahead.
    if when.end.time() != time():
        return when.end
    last = when.end - timedelta(minutes=1)
    evening = last.replace(hour=_EVENING, minute=0)
    return evening if evening > context.now else last


def _preview_schedule(
    context: Context, when: When, to: Contact | None, text: str, subject: str
) -> str:
    moment = say_moment(_moment(when, context), context.now)
    if to is None or not text.strip():
        waiting = waiting_mail(context, to)
        shown, words = ", ".join(waiting.recipients), words_of_mail(waiting)
    else:
        shown, words = to.shown, text
    about = phrase(", subject “{subject}”", subject=subject) if subject else ""
    return phrase(
        "Send to {to}{about} {when}: “{text}”",
        to=shown,
        about=about,
        when=moment,
        text=words,
    )


def _undo_schedule(done: Scheduled, context: Context) -> str:
    if done.message_id:
        if not withdraw(context.home, done.file):
            raise ToolError(
                phrase("The message is not in the outbox any more: it was sent.")
            )
        drop_letter(context.home, done.message_id, context.now)
        return phrase("Took the message to {to} out of the outbox.", to=done.to)
    waiting = mail_in_file(context, done.file)
    # Back to the time that it had before, if any.
    put_off(waiting, datetime.fromisoformat(done.before) if done.before else None)
    return phrase("The message to {to} waits in the outbox as before.", to=done.to)


def _settle_schedule(
    context: Context, when: When, to: Contact | None, text: str, subject: str
) -> Scheduled | None:
    if to is None or not text.strip():
        record = call_noted(context.home)
        if record is None:
            return None
        waiting = mail_in_file(context, str(record["file"]))
        done = _put_off(waiting, _moment(when, context), context)
        return replace(done, before=str(record["before"]))
    letter = written_letter(context, to.email or to.phone, text, subject)
    file = queued_file(context.home, letter.message_id)
    if file is None:
        return None
    return _queued(letter, to, file, _moment(when, context), context)


@tool(
    effect="send",
    examples=_SAY["schedule_message"],
    wording=say_scheduled,
    preview=_preview_schedule,
    undo=_undo_schedule,
    settle=_settle_schedule,
)
def schedule_message(
    context: Context,
    when: When,
    to: Contact | None = None,
    text: str = "",
    subject: str = "",
) -> Scheduled:
    """Send a message or e-mail at a later time; without a text, the one that waits.

    Args:
        when: when it shall go out.
        to: who gets it: name, relation, e-mail address or phone number.
        text: what to say; the message in the outbox when left out.
        subject: subject line of an e-mail.
    """
    moment = _moment(when, context)
    if to is None or not text.strip():
        waiting = waiting_mail(context, to)
        before = waiting.later.isoformat() if waiting.later else ""
        # Noted before the change, so that a cut-off call can be settled and undone.
        note_call(context.home, {"file": waiting.path.name, "before": before})
        return replace(_put_off(waiting, moment, context), before=before)
    if not (to.email or to.phone):
        raise InputNeeded(
            "to", phrase("What is {name}'s address or phone number?", name=to.name)
        )
    letter = written_letter(context, to.email or to.phone, text, subject)
    me = (context.user_name, context.user_email)
    file = queue_mail(context.home, letter, me, later=moment)
    # A mail that cannot be stored among the messages must not go out unseen.
    with withdrawn_on_error(file):
        return _queued(letter, to, file, moment, context)


def _queued(
    letter: Letter, to: Contact, file: Path, moment: datetime, context: Context
) -> Scheduled:
    warning = add_letters(context.home, [letter], context.now)
    return Scheduled(
        to=to.shown,
        text=letter.text,
        at=moment.isoformat(),
        when=say_moment(moment, context.now),
        # While it is being sent the file has another suffix.
        file=f"outbox/{file.name.removesuffix('.sending')}",
        message_id=letter.message_id,
        warning=warning,
    )


def _put_off(waiting: Waiting, moment: datetime, context: Context) -> Scheduled:
    put_off(waiting, moment)
    return Scheduled(
        to=", ".join(waiting.recipients) or str(waiting.mail["To"] or ""),
        text=words_of_mail(waiting),
        at=moment.isoformat(),
        when=say_moment(moment, context.now),
        file=f"outbox/{waiting.path.name}",
    )


def _preview_withdraw(context: Context, to: str) -> str:
    waiting = mail_meant(context, to)
    return phrase(
        "Do not send the message to {to}: “{text}”",
        to=", ".join(waiting.recipients),
        text=words_of_mail(waiting),
    )


def _undo_withdraw(done: Withdrawn, context: Context) -> str:
    content = withdrawn_mail(context.home, done.file)
    try:
        put_in(context.home, done.file)
    except StoreError as exc:
        raise ToolError(
            phrase("The message to {to} is not kept any more.", to=done.to)
        ) from exc
    if done.thread:
        letter = read_mail(content or b"", context.user_email, now=context.now).letter
        # A mail of the outbox has no header for its thread; the result kept it.
        mine = replace(letter, mine=True, thread=done.thread)
        add_letters(context.home, [mine], context.now)
    return phrase("The message to {to} waits in the outbox as before.", to=done.to)


def _settle_withdraw(context: Context, **_: object) -> Withdrawn | None:
    record = call_noted(context.home)
    if record is None or withdrawn_mail(context.home, str(record["file"])) is None:
        return None
    drop_letter(context.home, str(record["message_id"]), context.now)
    return Withdrawn(**record)


@tool(
    effect="delete",
    examples=_SAY["withdraw_message"],
    wording=say_withdrawn,
    preview=_preview_withdraw,
    undo=_undo_withdraw,
    settle=_settle_withdraw,
)
def withdraw_message(context: Context, to: str = "") -> Withdrawn:
    """Take a message out of the outbox before it is sent.

    Args:
        to: whom it goes to; the only one that waits when left out.
    """
    waiting = mail_meant(context, to)
    message_id = str(waiting.mail["Message-ID"] or "")
    done = Withdrawn(
        to=", ".join(waiting.recipients),
        subject=str(waiting.mail["Subject"] or ""),
        file=f"outbox/withdrawn/{waiting.path.name}",
        message_id=message_id,
        thread=thread_of(context.home, message_id, context.now),
    )
    # Noted before the letter is dropped: afterwards its thread is not known.
    record = {name: getattr(done, name) for name in done.__slots__}
    note_call(context.home, record)
    take_out(waiting)
    drop_letter(context.home, done.message_id, context.now)
    return done


def _preview_await(context: Context, person: Contact, when: When) -> str:
    return phrase(
        "Remind you {when}, unless {person} has answered.",
        when=say_moment(_deadline(when, context), context.now),
        person=person.name or person.shown,
    )


@tool(
    # A reminder only: nothing is sent to whoever is to answer.
    effect="write",
    examples=_SAY["await_answer"],
    wording=say_noted,
    preview=_preview_await,
    undo=undo,
    settle=settled_reminder("Reminder set"),
)
def await_answer(context: Context, person: Contact, when: When) -> Noted:
    """Remind the user when somebody has not answered by a time.

    Args:
        person: who is to answer.
        when: until when.
    """
    moment = _deadline(when, context)
    if not (person.email or person.phone):
        raise InputNeeded(
            "person",
            phrase("What is {name}'s address or phone number?", name=person.name),
        )
    text = phrase("{person} has not answered", person=person.name or person.shown)
    since = last_word_to(person, context)
    todo, saved = awaiting(
        reminders_file(context), person, text, moment, since, context
    )
    shown = shown_reminder(todo, context)
    return Noted(
        reminder=shown, did="Reminder set", undo=saved.undo, warning=saved.warning
    )
