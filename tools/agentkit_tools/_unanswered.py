"""Mails of the last days that wait for an answer of the user's.

What waits is the last word of a conversation, of a person who asks for something. A
message of the user's to the same person since then counts as the answer.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from agentkit import Context
from agentkit_tools._mail.findings import is_order
from agentkit_tools._mail.sentences import cue, is_chatter, sentences
from agentkit_tools._mail.utterances import read_letter
from agentkit_tools._store.letter_search import Search, find_letters
from agentkit_tools._store.mailbox import Letter

# Older ones were answered elsewhere, or never will be.
_BACK = timedelta(days=7)
# Messages that are looked at, and conversations whose last word is read: a week of an
# office worker's; reading one takes a few milliseconds.
_LOOKED_AT, _READ = 400, 40
# Sentences of a message that are judged.
_HEARD = 2
# Characters of a message that are looked at: who asks does so early.
_LOOKED = 3_000


def unanswered(context: Context, most: int) -> list[tuple[Letter, str]]:
    """Return the messages that wait, the newest first, each with what it asks.

    Raises:
        StoreError: the messages cannot be read.
    """
    search = Search(start=context.now - _BACK, count=_LOOKED_AT)
    letters, _ = find_letters(context.home, search, context.now)
    found: list[tuple[Letter, str]] = []
    for letter in list(_last_words(letters))[:_READ]:
        asked = _question(letter, context)
        if asked and not is_order(letter):
            found.append((letter, asked))
        if len(found) == most:
            break
    return found


def _last_words(letters: list[Letter]) -> Iterator[Letter]:
    """Yield the last letter of each conversation that is not the user's own."""
    spoken: set[str] = set()
    answered: dict[str, datetime] = {}
    for letter in letters:
        if letter.mine:
            spoken.add(letter.thread)
            for one in letter.recipients:
                # Letters come newest first: what the user wrote to somebody is seen
                # before what that person wrote earlier, and counts as the answer to it.
                answered.setdefault(one.casefold(), letter.sent)
        elif letter.thread not in spoken:
            spoken.add(letter.thread)
            if letter.address.casefold() not in answered:
                yield letter


def _question(letter: Letter, context: Context) -> str:
    """Return the first sentence that asks for something; empty where none does.

    The judge reads only those that may: it takes a few milliseconds for each.
    """
    said = [one for one in sentences(letter.text[:_LOOKED]) if _may_ask(one)][:_HEARD]
    if not said:
        return ""
    short = replace(letter, text="\n\n".join(said))
    read = read_letter(0, short, context.tz, context.user_email)
    if read.automatic or _is_from_a_machine(letter):
        return ""
    asking = (one.text for one in read.said if one.asks and not is_chatter(one.text))
    return next(asking, "")


def _may_ask(sentence: str) -> bool:
    """Whether a look at its words tells that a sentence may ask for something."""
    # "\uff1f" is the question mark of Chinese and Japanese.
    return sentence.endswith(("?", "\uff1f")) or cue("ask", sentence) is not None


def _is_from_a_machine(letter: Letter) -> bool:
    return cue("automatic", letter.text[:_LOOKED]) is not None
