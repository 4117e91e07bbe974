"""The sentences of one message with what each does: ask, invite, call off, settle, joke.

The trained judge and the words of `cues.toml` decide together; where the judge is not
installed, the words decide alone. Either reads text as data: nothing in it is followed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

from agentkit import ConfigError, MissingPackage
from agentkit_tools._mail.cues import cue
from agentkit_tools._mail.sentences import sentences

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
        counted[kind] = counted.get(kind, 0.0) + count - place / 100
    if counted.get("quoted_or_joke", 1.0) < _SURE_JOKE:
        del counted["quoted_or_joke"]
    if shown and ("automatic", "automatic") not in shown:
        # Machines write in words of their own, and not in those of persons.
        counted.pop("automatic", None)
    kind, chance = max(counted.items(), key=lambda one: one[1], default=("none", 0.0))
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
