"""A letter as it is read: its sentences, its language, who wrote it, and whether a machine did."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, tzinfo

from agentkit.language import fold
from agentkit_tools._mail.cues import cue
from agentkit_tools._mail.meeting_titles import topic_of
from agentkit_tools._mail.utterances import Utterance, utterances
from agentkit_tools._store.mailbox import Letter

_MACHINE = re.compile(
    r"^(?:no-?reply|do-?not-?reply|news(?:letter)?|notifications?|mailer-daemon|bounces?"
    r"|updates?|marketing|offers?|promo|alerts?|automated|noticias|ofertas|noresponder"
    r"|ne-?pas-?repondre)\b",
    re.I,
)
# A message is a machine's when so many of its sentences are, and there are some.
_SHARE, _FEWEST = 0.6, 3


@dataclass(frozen=True, slots=True)
class ReadLetter:
    """A letter with what its sentences do.

    Attributes:
        index: its place among the letters that were read.
        sent: in the user's zone.
        automatic: nobody wrote it to the user.
        others: addresses of those it is between, without the user's, in small letters.
    """

    index: int
    letter: Letter
    sent: datetime
    said: tuple[Utterance, ...]
    automatic: bool
    others: tuple[str, ...]

    @property
    def language(self) -> str:
        """The language of its sentences; empty where there are none."""
        return self.said[0].language if self.said else ""

    @property
    def topic(self) -> str:
        """Its subject, to compare with others."""
        return fold(topic_of(self.letter.subject))


def read_letter(index: int, letter: Letter, zone: tzinfo, me: str) -> ReadLetter:
    """Read one letter."""
    said = tuple(utterances(letter.text))
    reached = letter.recipients if letter.mine else (letter.address, *letter.recipients)
    folded = dict.fromkeys(one.casefold() for one in reached if one)
    others = tuple(one for one in folded if one != me.casefold())
    return ReadLetter(
        index=index,
        letter=letter,
        sent=letter.sent.astimezone(zone),
        said=said,
        automatic=not letter.mine and _is_automatic(letter, said),
        others=others,
    )


def _is_automatic(letter: Letter, said: tuple[Utterance, ...]) -> bool:
    if _MACHINE.match(letter.address) or cue("automatic", letter.text[:20_000]):
        return True
    count = sum(one.kind == "automatic" for one in said)
    return len(said) >= _FEWEST and count >= _SHARE * len(said)
