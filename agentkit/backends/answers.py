"""An answer of a model on this device: how its tokens are chosen, and what they say."""

from __future__ import annotations

from collections.abc import Callable, Collection, Generator, Sequence
from dataclasses import dataclass, field, replace

from agentkit.backends.base import Reply
from agentkit.backends.chooser import ChosenToken
from agentkit.backends.decode import Tally

_UNFINISHED = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen.

    Attributes:
        max_new_tokens: longest answer.
        temperature: 0 takes the likeliest token, always.
        top_p: only the likeliest tokens that together have this probability.
        seed: of the random numbers; another one each time when None.
        drafts: append what is certain and read guesses along; the answer is the same.
    """

    max_new_tokens: int
    temperature: float = 0.0
    top_p: float = 1.0
    seed: int | None = None
    drafts: bool = True


@dataclass(slots=True)
class Pieces:
    """Tokens to text: a character is passed on when all of its bytes are there.

    Attributes:
        decode: token ids to text; what is half a character ends in U+FFFD.
        hidden: ids that are no text, such as those that end a turn.
        on_piece: called with each piece of text.
        text: all that was passed on.
        ends: where in the text each token ends.
        chosen: the tokens.
    """

    decode: Callable[[list[int]], str]
    hidden: Collection[int]
    on_piece: Callable[[str], None]
    text: str = ""
    ends: list[int] = field(default_factory=list[int])
    chosen: list[ChosenToken] = field(default_factory=list[ChosenToken])
    _ids: list[int] = field(default_factory=list[int])
    _shown: int = 0

    def add(self, chosen: ChosenToken) -> None:
        """Take the next token."""
        # A hidden token says nothing, but has its place in `chosen` and `ends` all the
        # same.
        if chosen.token not in self.hidden:
            self._ids.append(chosen.token)
            self._show(self.decode(self._ids))
        self.chosen.append(chosen)
        self.ends.append(len(self.text))

    def end(self) -> None:
        """Show what is left when no token follows."""
        self._piece(self.decode(self._ids)[self._shown :])
        self._ids, self._shown = [], 0

    def _show(self, text: str) -> None:
        """Show what is new, unless a character is only half there.

        The ids behind the last line's end are decoded anew at each step: bytes of
        one character may be spread over several tokens.
        """
        # A U+FFFD that the model means is late by one token; `end` shows it at the
        # latest.
        if text.endswith(_UNFINISHED):
            return
        self._piece(text[self._shown :])
        self._shown = len(text)
        # Only here, between two characters, the ids may be forgotten. Decoding all of
        # them at each token would take time with the square of the answer.
        if text.endswith("\n") or len(self._ids) >= 32:
            self._ids, self._shown = [], 0

    def _piece(self, piece: str) -> None:
        if piece:
            self.text += piece
            self.on_piece(piece)


def counted(reply: Reply, pieces: Pieces, tally: Tally, notes: Sequence[str]) -> Reply:
    """Say in a reply what it cost, and how sure the model was of its calls.

    Args:
        reply: as it was read.
        pieces: what was generated.
        tally: what that took.
        notes: for the user, on how it was made.
    """
    return replace(
        reply,
        reason="; ".join(notes),
        tokens_in=tally.read + tally.cached,
        tokens_cached=tally.cached,
        tokens_out=len(pieces.chosen),
        tokens_forced=tally.guessed,
        passes=tally.passes,
        logprobs=name_logprobs(pieces, [call.name for call in reply.calls]),
    )


def name_logprobs(pieces: Pieces, names: Sequence[str]) -> tuple[float, ...]:
    """Return how sure the model was of each call's tool name.

    Args:
        pieces: an answer.
        names: of the tools that it calls, in order.

    Returns:
        For each name the logarithm of its probability, the bracket behind it
        included; nothing when the answer does not contain a name as it is.
    """
    found: list[float] = []
    start = 0
    for name in names:
        # With the bracket: a model that writes `add` may still go on to `add_event`.
        start = pieces.text.find(name + "(", start)
        if start < 0:
            return ()
        end = start + len(name) + 1
        found.append(sum(_between(pieces, start, end)))
        start = end
    return tuple(found)


def _between(pieces: Pieces, start: int, end: int) -> Generator[float]:
    begins = [0, *pieces.ends]
    # `begins` is longer by one: where a next token would begin.
    for first, last, chosen in zip(begins, pieces.ends, pieces.chosen, strict=False):
        if first < end and last > start:
            yield chosen.logprob
