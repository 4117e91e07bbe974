"""Invite tools: what waits for an answer, answers, and what invite mails would change."""

from __future__ import annotations

from typing import Annotated

from agentkit import Context, Identifier, InputNeeded, ToolError, When, tool
from agentkit.language import fold
from agentkit_tools._answers import (
    DID,
    Reply,
    find_invited,
    send_answer,
    waiting_invites,
)
from agentkit_tools._cut_off_calls import settled_answer, settled_applied
from agentkit_tools._event_drafts import preview_answer
from agentkit_tools._itip_inbox import receive_invite
from agentkit_tools._mail.findings import say_invite_time
from agentkit_tools._mail.invite_mails import News, changes_offered
from agentkit_tools._pack import sentences, undo
from agentkit_tools._phrases import phrase
from agentkit_tools._results.event_answers import (
    Applied,
    EventChange,
    Pending,
    State,
    say_answered,
    say_applied,
    say_pending,
    shown_event,
    words_of,
)
from agentkit_tools._store.event_components import Occurrence

SETTINGS = None
_SAY = sentences("invites")
# What a mail that would change the calendar is, by its method.
_STATES: dict[str, State] = {
    "REQUEST": "update",
    "CANCEL": "cancellation",
    "REPLY": "answer",
    "COUNTER": "proposal",
}


@tool(
    # Titles and addresses are those of whoever sent the invite.
    effect="read",
    personal=True,
    untrusted=True,
    examples=_SAY["find_invites"],
    wording=say_pending,
)
def find_invites(context: Context) -> list[Pending]:
    """List invites that wait for an answer, and changes that invite mails ask for."""
    waiting = [_waiting(item, by, context) for item, by in waiting_invites(context)]
    return waiting + [_change(news, context) for news in changes_offered(context)]


def _waiting(item: Occurrence, by: str, context: Context) -> Pending:
    event = shown_event(item, context)
    return Pending(
        state="waiting",
        title=event.title,
        by=by,
        start=event.start,
        when=event.when,
        uid=event.uid,
        text=words_of("waiting"),
    )


def _change(news: News, context: Context) -> Pending:
    state = _STATES[news.weighed.method]
    return Pending(
        state=state,
        title=news.invite.title,
        by=news.letter.address,
        start=news.invite.start,
        when=say_invite_time(news.invite, context),
        uid=news.invite.uid,
        text=words_of(state),
    )


@tool(
    effect="send",
    examples=_SAY["answer_invite"],
    wording=say_answered,
    preview=preview_answer,
    undo=undo,
    settle=settled_answer,
)
def answer_invite(
    context: Context,
    answer: Reply,
    title: Annotated[str, Identifier()] = "",
    when: When | None = None,
    propose: When | None = None,
    note: str = "",
) -> EventChange:
    """Answer an invite of somebody else.

    Args:
        answer: whether the user comes, or suggests another time.
        title: words of the event's title; the one that waits when left out.
        when: when it takes place.
        propose: the other time that is suggested.
        note: words to go with the answer.
    """
    invited = find_invited(context, title, when)
    saved = send_answer(context, invited, answer, propose, note)
    return EventChange(
        event=shown_event(invited.item, context),
        did=DID[answer],
        told=1,
        undo=saved.undo,
        warning=saved.warning,
    )


def _pick(context: Context, title: str) -> News:
    """Return the one change that is meant.

    Raises:
        InputNeeded: several may be meant.
        ToolError: there is none, or it is a proposal that only the user can follow.
    """
    words = fold(title).split()
    offered = changes_offered(context)
    found = [
        news
        for news in offered
        # All words, in any order: "Tuesday board" finds "Board meeting, Tue 3 Nov".
        if all(word in fold(_label(news, context)) for word in words)
    ]
    if not found:
        raise ToolError(phrase("No invite mail would change the calendar like that."))
    if len(found) > 1:
        labels = tuple(_label(news, context) for news in found[:6])
        raise InputNeeded("title", phrase("Which change do you mean?"), labels)
    # A counter-proposal changes nothing by itself (RFC 5546, 3.2.7): the organizer,
    # here the user, sends a new invite where they agree.
    if found[0].weighed.method == "COUNTER":
        when = say_invite_time(found[0].invite, context)
        raise ToolError(
            phrase(
                "{who} suggests {when}: to agree, move the event there.",
                who=found[0].letter.address,
                when=when,
            )
        )
    return found[0]


def _label(news: News, context: Context) -> str:
    change = _change(news, context)
    return f"{change.title}, {change.when}: {change.text} ({change.by})"


def _preview_apply(context: Context, title: str) -> str:
    change = _label(_pick(context, title), context)
    return phrase("Change the calendar: {change}.", change=change)


@tool(
    # What is written comes from a stranger's mail, though the user approves it.
    effect="write",
    untrusted=True,
    examples=_SAY["apply_invite"],
    wording=say_applied,
    preview=_preview_apply,
    undo=undo,
    settle=settled_applied,
)
def apply_invite(context: Context, title: str = "") -> Applied:
    """Change an event as an invite mail says: a new time, a cancellation, an answer.

    Args:
        title: words of the event's title; the only one when left out.
    """
    news = _pick(context, title)
    # Weighed anew in there: the calendar may have changed since it was shown.
    done = receive_invite(context, news.letter.invite, news.letter.address)
    return Applied(title=done.title, did=done.did, undo=done.undo)
