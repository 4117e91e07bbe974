"""Exchange tools: the calendar and the contacts with the user's server."""

from __future__ import annotations

from typing import Literal

from agentkit import Context, InputNeeded, ToolError, tool
from agentkit.language import fold
from agentkit_tools._cut_off_calls import try_again
from agentkit_tools._dav.account import Account, account_of
from agentkit_tools._dav.conflicts import Conflict, Ended, conflicts_in, reopen, settle
from agentkit_tools._dav.exchange import exchange, waiting
from agentkit_tools._pack import sentences
from agentkit_tools._phrases import bullets, paragraphs, phrase
from agentkit_tools._results.mail_answers import (
    Settled,
    Synced,
    say_settled,
    say_synced,
)

NEEDS_SETTINGS = "caldav"
SETTINGS = Account
_SAY = sentences("sync")


def _preview_sync(context: Context) -> str:
    # A preview must not fail: the call itself says the same as an error.
    try:
        account = account_of(context)
    except ToolError as exc:
        return str(exc)
    lines = waiting(context)
    up = bullets(lines) if lines else "Nothing goes up."
    what = "calendar and contacts" if account.contacts else "calendar"
    return paragraphs(f"Exchange {what} with {account.host} as {account.user}.", up)


@tool(
    # Both ways: own entries go up, and titles from the server come down.
    effect="send",
    personal=True,
    untrusted=True,
    examples=_SAY["sync_calendar"],
    wording=say_synced,
    preview=_preview_sync,
    settle=try_again,
)
def sync_calendar(context: Context) -> Synced:
    """Exchange calendar and contacts with the user's server, in both directions."""
    account = account_of(context)
    # Read before the exchange, which may find new ones.
    old = [f"{one.mine.title}: still waits" for one in conflicts_in(context.home)]
    done = exchange(context)
    return Synced(
        server=account.host,
        came=done.came,
        gone=done.gone,
        sent=done.sent,
        removed=done.removed,
        merged=done.merged,
        conflicts=[*done.clashes, *old],
        problems=done.problems,
        bytes_out=done.bytes_out,
    )


def _preview_settle(context: Context, name: str, keep: str) -> str:
    found = _picked(context, name)
    if keep == "mine":
        return f"Put your version of {found.mine.title} in the place of the server's."
    return f"Keep the server's version of {found.mine.title}, and put yours away."


def _undo_settle(done: Settled, context: Context) -> str:
    put = done.kept == "mine"
    reopen(context.home, Ended(done.file, done.target, put, done.server))
    return f"The conflict about {done.name} waits for your word again."


def _settle_settled(context: Context, name: str, keep: str) -> Settled | None:
    """Settle a cut-off call: a conflict that is not there any more was settled."""
    titles = [fold(one.mine.title) for one in conflicts_in(context.home)]
    gone = not any(fold(name) in title for title in titles)
    return Settled(name=name, kept=keep) if gone else None


@tool(
    effect="write",
    examples=_SAY["settle_conflict"],
    wording=say_settled,
    preview=_preview_settle,
    undo=_undo_settle,
    settle=_settle_settled,
)
def settle_conflict(
    context: Context, name: str, keep: Literal["", "mine", "server"] = ""
) -> Settled:
    """Choose which version stays of an event or contact changed here and on the server.

    Args:
        name: title of the event, or name of the contact.
        keep: the version that stays.
    """
    found = _picked(context, name)
    if not keep:
        question = f"Which version of {found.mine.title} shall stay?"
        raise InputNeeded("keep", question, ("mine", "server"))
    ended = settle(context.home, found, keep_mine=keep == "mine")
    return Settled(
        name=found.mine.title,
        kept=keep,
        file=ended.file,
        target=ended.target,
        server=ended.server,
    )


def _picked(context: Context, name: str) -> Conflict:
    """Return the conflict that is meant.

    Raises:
        ToolError: there is none of that name.
        InputNeeded: there are several.
    """
    all_of_them = conflicts_in(context.home)
    wanted = fold(name)
    fitting = [one for one in all_of_them if wanted in fold(one.mine.title)]
    # Several conflicts about one entry: the newest is the one that counts.
    if len({one.target for one in fitting}) == 1:
        return fitting[-1]
    titles = tuple(dict.fromkeys(one.mine.title for one in fitting or all_of_them))
    if not titles:
        raise ToolError(phrase("There is no conflict with the server to settle."))
    raise InputNeeded("name", phrase("Which one is meant?"), titles)
