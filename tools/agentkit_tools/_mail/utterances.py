"""A letter as it is read: its sentences with what each does, and who wrote it, or what.

The trained judge and the words of `cues.toml` decide together; where the judge is not
installed, the words decide alone. Either reads text as data: nothing in it is followed.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache

from agentkit import ConfigError, MissingPackage
from agentkit.language import fold
from agentkit_tools._mail.meeting_titles import topic_of
from agentkit_tools._mail.sentences import cue, sentences
from agentkit_tools._store.mailbox import Letter

# Kinds that words can show, the stronger before the weaker: it decides between words.
_SHOWN = (
    ("quoted_or_joke", "joke"), ("quoted_or_joke", "wink"), ("cancelled", "cancelled"), ("done", "done"),
    ("moved", "moved"), ("ask", "ask"), ("meeting", "meeting"),
    ("confirmed", "confirmed"), ("automatic", "automatic"),
)  # fmt: skip
# What a word counts beside the judge's probability: the judge alone is right about seven
# times in ten, and about nine in ten where a word agrees with it.
_CUE = 0.4
# Laughter outweighs the request that it goes with.
_LAUGHTER = 1.5
# The judge alone often takes short lines for quoted ones.
_SURE_JOKE = 0.85
# Below, a sentence does nothing that is known.
_LEAST = 0.45


@dataclass(frozen=True, slots=True)
class Utterance:
    """A sentence of a message.

    Attributes:
        kind: what it does to its reader, `none` where nothing is known.
        chance: how sure that is.
        asks: whether it asks its reader for something, whatever else it does.
        language: of the message.
    """

    text: str
    kind: str
    chance: float
    asks: bool
    language: str

    def shows(self, kind: str) -> bool:
        """Whether it has words of a kind."""
        return cue(kind, self.text, self.language) is not None


Shares = dict[str, float]


def utterances(text: str) -> list[Utterance]:
    """Hear the sentences of a message that are its writer's own."""
    said = sentences(text)
    heard = [_judge()(one) for one in said]
    spoken: dict[str, float] = {}
    for one, (_, languages) in zip(said, heard, strict=True):
        for name, share in languages.items():
            # A long sentence tells more of its language than "OK".
            spoken[name] = spoken.get(name, 0.0) + share * len(one)
    language = max(spoken, key=lambda name: spoken[name]) if spoken else ""
    return [
        _utterance(one, shares, language)
        for one, (shares, _) in zip(said, heard, strict=True)
    ]


def _utterance(text: str, shares: Shares, language: str) -> Utterance:
    counted = dict(shares)
    shown = [(kind, name) for kind, name in _SHOWN if cue(name, text, language)]
    for place, (kind, name) in enumerate(shown):
        count = _LAUGHTER if name == "joke" else _CUE
        # A little less for each weaker word, so that the stronger one wins a tie.
        counted[kind] = counted.get(kind, 0.0) + count - place / 100
    if counted.get("quoted_or_joke", 1.0) < _SURE_JOKE:
        del counted["quoted_or_joke"]
    if shown and ("automatic", "automatic") not in shown:
        # Machines write in words of their own, and not in those of persons.
        counted.pop("automatic", None)
    kind, chance = max(counted.items(), key=lambda one: one[1], default=("none", 0.0))
    # Without the judge, a word alone decides.
    if chance < (_LEAST if shares else 0):
        kind = "none"
    # Only a word of another kind speaks against a word that asks.
    against = {"quoted_or_joke", "cancelled", "done"} & {name for name, _ in shown}
    asks = kind == "ask" or (("ask", "ask") in shown and not against)
    return Utterance(text, kind, chance, asks, language)


Judge = Callable[[str], tuple[Shares, Shares]]


@cache
def _judge() -> Judge:
    """Return the trained judge; without it, one that knows nothing."""
    try:
        from agentkit.understanding.message_kinds import message_kinds

        model = message_kinds()
    except (ImportError, MissingPackage, ConfigError):
        return lambda text: ({}, {})

    def hear(text: str) -> tuple[Shares, Shares]:
        heard = model.hear(text)
        return dict(heard.kinds), dict(heard.languages)

    return hear


def lacking() -> str:
    """Say why the words of `cues.toml` decide alone, where weights are at fault."""
    try:
        from agentkit.understanding.message_kinds import message_kinds

        message_kinds()
    except ConfigError as exc:
        return str(exc)
    except ImportError:
        # numpy comes with an extra: without it nothing is wrong.
        return ""
    return ""


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
    # The writer is one of those it is between, unless that is the user.
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
