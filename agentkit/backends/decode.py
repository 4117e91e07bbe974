"""The decode loop: the next token chosen, several in one pass where they can be guessed.

Tokens that the grammar leaves no choice about are appended without a pass of their
own. Further guesses are a draft: the next pass reads it along, and a guess stands only
when it is the token that would have been chosen at its place. So the answer is the
same as without drafts, as far as the model's numbers are: a pass over several tokens
rounds differently from passes over one, in what it scores and in what it keeps. In
`float32` that decided nothing wherever it was tried; in two bytes it may.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from agentkit.backends.chooser import Chooser, ChosenToken
from agentkit.backends.decision import Fork
from agentkit.backends.speculation import Drafter
from agentkit.backends.usage import FinishReason
from agentkit.grammar import Guide

# A small model may fall into a loop that its likeliest token never leaves: "no, no, no".
# Six rounds of sixteen tokens are no verse, and no line of a table.
LOOP, LONGEST_PERIOD = 96, 16


class ReadingStopped(Exception):
    """A long prompt was cancelled while it was read."""


class TokenReader(Protocol):
    """A model that reads tokens behind those it has read before."""

    def begin(self, prompt: Sequence[int]) -> int:
        """Keep what a prompt shares with what was read; return how many tokens."""
        ...

    def read(self, ids: Sequence[int], rows: int) -> Any:
        """Read tokens.

        Args:
            ids: the tokens that follow.
            rows: behind how many of the last ones the logits are wanted.

        Returns:
            The logits, `(rows, vocabulary)`, float32, the caller's to overwrite.

        Raises:
            ReadingStopped: it was cancelled.
        """
        ...

    def drop(self, count: int) -> None:
        """Forget the last tokens."""
        ...


@dataclass(slots=True)
class Tally:
    """What an answer cost.

    Attributes:
        read: prompt tokens that were read anew.
        cached: prompt tokens that were there from before.
        passes: forward passes, the one that reads the prompt included.
        guessed: tokens that needed no separate pass.
        ended: whether the answer came to its end; False where it was cut off.
    """

    read: int = 0
    cached: int = 0
    passes: int = 0
    guessed: int = 0
    ended: bool = True

    @property
    def finish_reason(self) -> FinishReason:
        """Why the answer ended."""
        return "stop" if self.ended else "length"


@dataclass(slots=True)
class Decoder:
    """Generates one answer.

    Attributes:
        reader: the model.
        chooser: how a token is chosen.
        stops: ids of the tokens that end an answer.
        guide: the grammar's state; None leaves the model free.
        drafters: who guesses what comes, in this order.
        stopped: asked before each token whether to end.
        certain: append what the grammar leaves no choice about without a pass.
        most: longest draft in tokens.
        tally: what it cost so far.
        fork: two grammars, of which the first token's logits choose the guide.
        worth: how many tokens of a draft pay, given how many are unread and how many
            are guessed; all when None.
    """

    reader: TokenReader
    chooser: Chooser
    stops: Sequence[int]
    guide: Guide | None = None
    drafters: Sequence[Drafter] = ()
    stopped: Callable[[], bool] = bool
    certain: bool = True
    most: int = 16
    tally: Tally = field(default_factory=Tally)
    fork: Fork | None = None
    worth: Callable[[int, int], int] | None = None
    _prompt: list[int] = field(default_factory=list[int])
    _answer: list[int] = field(default_factory=list[int])
    _unread: list[int] = field(default_factory=list[int])

    def generate(self, prompt: Sequence[int], limit: int) -> Generator[ChosenToken]:
        """Yield the answer's tokens, a stop token included.

        Args:
            prompt: what to answer to, at least one token.
            limit: longest answer in tokens.
        """
        self._prompt, self._answer = list(prompt), []
        self.tally.cached = self.reader.begin(prompt)
        self.tally.read = len(prompt) - self.tally.cached
        self._unread = self._prompt[self.tally.cached :]
        try:
            if self.fork is not None:
                yield self._begun(self.fork)
                # One token is spent on learning that it would be a text.
                if self.fork.silent and self.guide is self.fork.text:
                    return
            while not self._over(limit):
                yield from self._certain(limit)
                if self._over(limit):
                    return
                yield from self._pass(limit)
        # Nothing was chosen from what was half read; what is written so far is the
        # answer.
        except ReadingStopped:
            return
        finally:
            self.tally.ended = self.ended

    def _begun(self, fork: Fork) -> ChosenToken:
        """Read the prompt, let its logits choose what may follow, and take a token."""
        (row,) = self.reader.read(self._unread, 1)
        self.tally.passes += 1
        self.guide = fork.taken(row)
        chosen = self.chooser.choose(row, self.guide)
        self._take(chosen)
        self._unread = [chosen.token]
        return chosen

    @property
    def ended(self) -> bool:
        """Whether the answer is whole: the model ended it, or its grammar does."""
        stopped = bool(self._answer) and self._answer[-1] in self.stops
        return stopped or (self.guide is not None and self.guide.finished)

    def _over(self, limit: int) -> bool:
        full = len(self._answer) >= limit or self._repeats()
        return self.ended or full or self.stopped()

    def _repeats(self) -> bool:
        """Whether the same few tokens came for so long that nothing else will."""
        last = self._answer[-LOOP:]
        return len(last) == LOOP and any(
            last == self._answer[-LOOP - period : -period]
            for period in range(1, LONGEST_PERIOD + 1)
        )

    def _certain(self, limit: int) -> Generator[ChosenToken]:
        """Append what the grammar leaves no choice about: nothing is computed."""
        if self.guide is None or not self.certain:
            return
        for token in self.guide.certain():
            if self._over(limit):
                return
            chosen = self.chooser.certain(token)
            self._unread.append(token)
            self.tally.guessed += 1
            self._take(chosen)
            yield chosen

    def _pass(self, limit: int) -> Generator[ChosenToken]:
        """Read what is unread and a draft, and take the tokens that follow."""
        draft = self._draft(limit - len(self._answer) - 1)
        # The row before each guess judges it; the row behind the last guess gives a new
        # token.
        rows = self.reader.read([*self._unread, *draft], len(draft) + 1)
        self.tally.passes += 1
        taken: list[ChosenToken] = []
        for at, row in enumerate(rows):
            chosen = self.chooser.choose(row, self.guide)
            self._take(chosen)
            taken.append(chosen)
            # Later guesses follow from this one, so the first wrong one ends the draft.
            if draft[at : at + 1] != [chosen.token] or self._over(limit):
                break
        # The last one taken follows from the pass, and was not read by it.
        right = len(taken) - 1
        self.reader.drop(len(draft) - right)
        self.tally.guessed += right
        self._unread = [taken[-1].token]
        yield from taken

    def _take(self, chosen: ChosenToken) -> None:
        self._answer.append(chosen.token)
        if self.guide is not None:
            self.guide.accept([chosen.token])

    def _draft(self, room: int) -> list[int]:
        """Return guesses that the grammar allows, each drafter going on from the last.

        Where a stop token is guessed, the draft ends before it.
        """
        draft: list[int] = []
        written = [*self._prompt, *self._answer]
        for drafter in self.drafters:
            left = min(room, self.most) - len(draft)
            if left <= 0:
                break
            draft += self._allowed(drafter.draft(written + draft, self.guide)[:left])
        if self.guide is not None:
            # It went along to judge the guesses; what is taken moves it for good.
            self.guide.rollback(len(draft))
        paying = self.worth(len(self._unread), len(draft)) if self.worth else None
        return draft[:paying]

    def _allowed(self, guess: Sequence[int]) -> list[int]:
        """Cut a guess where the grammar ends it, and go on behind it."""
        stop = next((at for at, one in enumerate(guess) if one in self.stops), None)
        guess = guess[:stop]
        if self.guide is None:
            return list(guess)
        count = self.guide.validate(guess) if guess else 0
        self.guide.accept(guess[:count])
        return list(guess[:count])
