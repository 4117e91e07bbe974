"""What `agentkit watch` does while it runs: mail that is due, answers, subscriptions.

Each is looked at once a minute, and is cheap where nothing is to be done. Nothing here
goes further than what the user said: a message that is due was approved when it was
scheduled, a calendar was subscribed to, and mail is fetched only where an answer is
waited for.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from agentkit import Context
from agentkit_tools._archives.subscriptions import is_old, refresh, subscriptions
from agentkit_tools._awaited import AWAITS, awaited_in
from agentkit_tools._mail.imap import fetch_from
from agentkit_tools._mail.invite_mails import offer_invites
from agentkit_tools._mail.smtp import send_queued
from agentkit_tools._open_reminders import open_todos, reminders_file
from agentkit_tools._phrases import phrase
from agentkit_tools._store.files import read_bytes, write_atomic
from agentkit_tools._store.ics import read_ics
from agentkit_tools._store.outbox import outbox_of
from agentkit_tools._store.todos import finish_todo

# Seconds between two looks at a subscribed calendar; servers ask for an hour or more.
_HOURLY = 3600.0
# Minutes between two looks for an answer, and messages that are taken in at a time.
_MAIL, _MOST = timedelta(minutes=15), 200
# When mail was fetched last to see whether an answer has come.
_LOOKED = ".answers-looked-for"


def send_due(context: Context) -> Iterator[str]:
    """Send the mail whose time has come; an entry point of `agentkit.chores`.

    Raises:
        ToolError: sending is not set up, or the server cannot be used; all waits.
        EgressDenied: nothing may leave.
        StoreError: the outbox cannot be used.
    """
    waiting = outbox_of(context.home, context.user_email)
    due = [one for one in waiting if one.later and one.later <= context.now]
    # No connection is opened where nothing is due.
    if not any(one.state == "queued" for one in due):
        return
    done = send_queued(context, again=False, only_due=True)
    for one in done.sent:
        yield phrase("Sent the message to {to}.", to=", ".join(one.recipients))
    for one, why in done.failed:
        to = ", ".join(one.recipients)
        yield phrase("The message to {to} was not sent: {why}.", to=to, why=why)


def settle_answers(context: Context) -> Iterator[str]:
    """Take reminders away whose answer has come; an entry point of `agentkit.chores`.

    Raises:
        ToolError: the mail server cannot be used.
        StoreError: a file cannot be read or written.
    """
    path = reminders_file(context)
    # Most homes wait for nothing: a look at the bytes spares reading all reminders.
    if AWAITS.encode() not in (read_bytes(path) or b""):
        return
    awaited = dict(awaited_in(read_ics(path, context.now).blocks))
    todos = [one for one in open_todos(context, "")[0] if one.uid in awaited]
    if not todos:
        return
    if context.mail.imap_host and _is_time_to_look(context):
        done = fetch_from(context, "INBOX", _MOST)
        offer_invites(context, done.batch)
    for todo in todos:
        if awaited[todo.uid].has_come(context):
            finish_todo(path, todo, context.now)
            yield phrase("An answer came: “{text}” is done.", text=todo.text)


def _is_time_to_look(context: Context) -> bool:
    """Whether mail is to be fetched now; the next time is a while later."""
    path = context.home / _LOOKED
    try:
        last = datetime.fromisoformat((read_bytes(path) or b"").decode())
    except ValueError:  # none yet, or not ours
        last = context.now - _MAIL
    if last.tzinfo is None:  # not ours either
        last = context.now - _MAIL
    # A time in the future is a clock that was set back: then mail is fetched at once.
    if timedelta() <= context.now - last < _MAIL:
        return False
    write_atomic(path, context.now.isoformat().encode())
    return True


def refresh_calendars(context: Context) -> Iterator[str]:
    """Fetch subscribed calendars anew; an entry point of `agentkit.chores`.

    Raises:
        ToolError: a calendar cannot be fetched; what is there stays.
        EgressDenied: nothing may leave.
        StoreError: the home cannot be written.
    """
    for one in subscriptions(context.home):
        if is_old(one, context.now, _HOURLY):
            refresh(context, one)
    # Nothing is said of it: this only makes the function a generator, as chores are.
    yield from ()
