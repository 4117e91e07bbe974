"""Whether an answer is to call a tool, decided before it is written.

A small model that may write anything writes prose even where a call is needed; one that
may only call does so even where nothing fits. So two things are weighed first: how surely
the request asks for one of the tools, as the trained understanding reads it, and how much
likelier the model would begin a call than a text.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from math import log
from typing import Any

from agentkit.backends.base import Request
from agentkit.errors import ConfigError, MissingPackage
from agentkit.grammar import Guide
from agentkit.messages import Conversation
from agentkit.tools.selection import FINDER
from agentkit.tools.selection.stems import request_clauses
from agentkit.understanding import read

# Log-odds are bounded: whatever is read, a model that is sure may still overrule it.
_SUREST = 0.999
# Behind a result, where each part of the request has had its call: an answer is due.
_ANSWERED, _UNANSWERED = -2.0, 1.0


@dataclass(frozen=True, slots=True)
class Heed:
    """What counts that a model would begin a call.

    Attributes:
        weight: of its log-odds.
        bias: added to them, for a model that begins one rarely whatever is asked.
    """

    weight: float
    bias: float = 0.0


# A model that was trained to call as the prompt asks is heeded in full. Of another one the
# beginning tells nothing beside what the request does: with SmolLM2-135M, the area under
# the curve of 189 of BFCL's questions is 0.946 with it and 0.947 without.
TRAINED, UNTRAINED = Heed(1.0), Heed(0.0)


@dataclass(slots=True)
class Fork:
    """The two things that an answer may be, and to which of them the request leans.

    Attributes:
        calls: holds the answer to calls.
        text: holds it to text.
        leaning: log-odds that the request asks for a call.
        heed: what counts that the model would begin a call.
        silent: nobody hears a text, so that none is written.
    """

    calls: Guide
    text: Guide
    leaning: float
    heed: Heed = TRAINED
    silent: bool = False

    def taken(self, row: Any) -> Guide:
        """Decide by the logits of the answer's first token.

        Args:
            row: float32 array, `(vocabulary,)`; it is left as it is.
        """
        numpy: Any = import_module("numpy")
        calls, text = _allowed(row, self.calls), _allowed(row, self.text)
        # A bracket may begin a text too, "[1] ...", and tells of a call all the same.
        # Each kind's probability is the sum over its tokens: log-sum-exp of their
        # logits.
        text[numpy.isfinite(calls)] = -numpy.inf
        model = float(numpy.logaddexp.reduce(calls) - numpy.logaddexp.reduce(text))
        heeded = self.heed.weight * model + self.heed.bias
        return self.calls if self.leaning + heeded > 0 else self.text


def _allowed(row: Any, guide: Guide) -> Any:
    """Return the logits as float64, minus infinity where a token is not allowed."""
    allowed = row.astype("float64")
    guide.apply(allowed)
    return allowed


# A tool this far below the likeliest is not meant. Of BFCL's 200 `multiple` questions all
# keep the right tool, with 1.24 of 2.79 tools left.
_PLAUSIBLE = 0.1


@dataclass(frozen=True, slots=True)
class Leaning:
    """What the understanding reads in a request.

    Attributes:
        odds: log-odds that it asks for one of the tools.
        tools: names of those that may be meant; any of them when empty.
        answers: its calls have their results, so that a call would be one too many.
        left: behind a result, the parts of the request that no call has served.
    """

    odds: float
    tools: tuple[str, ...] = ()
    answers: bool = False
    left: tuple[str, ...] = ()


def leaning(request: Request) -> Leaning | None:
    """Read whether a request asks for one of its tools, and for which.

    None where that cannot be known: in a follow-up, or without the understanding's
    weights.
    """
    turns = request.conversation
    said = [at for at, turn in enumerate(turns) if turn.role == "user"]
    if not said:
        return None
    text = turns[said[-1]].text
    made = _made(turns[said[-1] + 1 :])
    # Each clause of a request asks for one call: "set a timer and call Ann" for two.
    clauses = request_clauses(text) or [text]
    if len(made) >= len(clauses):
        return Leaning(_ANSWERED, answers=True)
    try:
        if turns[-1].role == "tool":
            left = _open(request, clauses, made)
            return Leaning(_UNANSWERED, _plausible(request, left), left=tuple(left))
        return _reading(request, text, clauses)
    except (ConfigError, MissingPackage):
        return None


def _made(turns: Conversation) -> list[str]:
    """Name the tools whose calls have results; one that failed is still to be made."""
    results = [turn.result for turn in turns if turn.result is not None]
    return [one.name for one in results if one.status != "error"]


def _open(request: Request, clauses: list[str], made: list[str]) -> list[str]:
    """List the clauses that are still to be served.

    Each call serves the first clause that may mean its tool; what was asked for may be
    done in any order.
    """
    left = list(clauses)
    for tool in made:
        may = (one for one in left if tool in _plausible(request, [one]))
        left.remove(next(may, left[0]))
    return left


def _reading(request: Request, text: str, clauses: list[str]) -> Leaning | None:
    reading = read(text, request.toolset)
    share = sum(choice.probability for choice in reading.choices)
    topic, probability = reading.topic, reading.topic_probability
    # "And tomorrow?" cannot be read without the turns before it.
    if topic.startswith("followup") and probability > share:
        return None
    # A tool that is not trained is about as likely for any words, a greeting too.
    share *= 1 - reading.friendly
    share = min(max(share, 1 - _SUREST), _SUREST)
    return Leaning(log(share / (1 - share)), _plausible(request, [text, *clauses]))


def _plausible(request: Request, texts: list[str]) -> tuple[str, ...]:
    """Name the tools that one of the texts may mean, in the toolset's order."""
    meant: set[str] = set()
    # The whole and each clause: the second thing asked for may be faint in the whole.
    for text in dict.fromkeys(texts):
        choices = read(text, request.toolset).choices
        likeliest = max((one.probability for one in choices), default=0.0)
        least = _PLAUSIBLE * likeliest
        meant |= {one.tool for one in choices if one.probability >= least}
    # A model that takes any tool takes the finder first, and the others are shown anyway.
    named = [name for name in request.toolset.names if name in meant]
    return tuple([name for name in named if name != FINDER] or named)
