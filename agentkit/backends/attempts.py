"""Attempts at one answer, where a model took the same words for two arguments."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from agentkit.backends.base import Reply, Request
from agentkit.backends.decision import UNTRAINED, Heed
from agentkit.backends.guides import Constrain, said_in
from agentkit.grammar.surplus import Taken, taken_twice


@dataclass(frozen=True, slots=True)
class Attempt:
    """An answer, and the natural logarithm of its probability under the grammar."""

    reply: Reply
    logprob: float


def twice_taken(
    reply: Reply, request: Request, heed: Heed, constrain: Constrain
) -> tuple[Taken, ...]:
    """Return the arguments for which an untrained model took the same words."""
    if heed is not UNTRAINED or constrain == "off":
        return ()
    words = said_in(request).words
    found = (taken_twice(call, words) for call in reply.calls)
    return next((one for one in found if one), ())


def likeliest(first: Attempt, others: Sequence[Attempt], request: Request) -> Reply:
    """Return the likeliest answer whose arguments have words of their own.

    Args:
        first: as the model wrote it.
        others: without the words in one argument, and in the other.
        request: what they answer.
    """
    words = said_in(request).words if others else ""
    own = [
        one
        for one in others
        if one.reply.calls and not any(taken_twice(c, words) for c in one.reply.calls)
    ]
    best = max(own, key=lambda one: one.logprob, default=first)
    # All that was written took its time.
    tokens = sum(one.reply.tokens_out or 0 for one in (first, *others))
    passes = sum(one.reply.passes or 0 for one in (first, *others))
    return replace(best.reply, tokens_out=tokens, passes=passes)
