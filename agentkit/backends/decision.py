"""Whether an answer is to call a tool, decided before it is written.

Small models that may write anything write prose, also where a call is asked for; held to
calls they call, also where nothing fits. So the two are weighed first: how surely the
request asks for one of the tools, as the trained understanding reads it, and how much
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
from agentkit.tools.selection.stems import request_clauses
from agentkit.understanding import read

# Log-odds are bounded: whatever is read, a model that is sure may still overrule it.
_SUREST = 0.999
# Behind a result, where each part of the request has had its call: an answer is due.
_ANSWERED, _UNANSWERED = -2.0, 1.0
# What is said and asks for nothing, whatever a tool's words have in common with it.
_IDLE, _SURELY = ("goodbye", "greeting", "smalltalk", "thanks"), 0.7


@dataclass(frozen=True, slots=True)
class Heed:
    """What counts that a model would begin a call.

    Attributes:
        weight: of its log-odds.
        bias: added to them, for a model that begins one rarely whatever is asked.
    """

    weight: float
    bias: float = 0.0


# A model that was trained to call as the prompt asks is heeded in full. The other one is
# fitted with SmolLM2-135M on 140 questions of BFCL's `multiple`, each once with the tool
# that it needs and once with another one that was offered beside it.
TRAINED, UNTRAINED = Heed(1.0), Heed(0.44, 0.8)


@dataclass(slots=True)
class Fork:
    """The two things that an answer may be, and to which of them the request leans.

    Attributes:
        calls: holds the answer to calls.
        text: holds it to text.
        leaning: log-odds that the request asks for a call.
        heed: what counts that the model would begin a call.
    """

    calls: Guide
    text: Guide
    leaning: float
    heed: Heed = TRAINED

    def taken(self, row: Any) -> Guide:
        """Decide by the logits of the answer's first token.

        Args:
            row: float32 array, `(vocabulary,)`; it is left as it is.
        """
        numpy: Any = import_module("numpy")
        calls, text = _allowed(row, self.calls), _allowed(row, self.text)
        # A bracket may begin a text too, "[1] ...", and tells of a call all the same.
        text[numpy.isfinite(calls)] = -numpy.inf
        model = float(numpy.logaddexp.reduce(calls) - numpy.logaddexp.reduce(text))
        heeded = self.heed.weight * model + self.heed.bias
        return self.calls if self.leaning + heeded > 0 else self.text


def _allowed(row: Any, guide: Guide) -> Any:
    """Return the logits as float64, minus infinity where a token is not allowed."""
    allowed = row.astype("float64")
    guide.apply(allowed)
    return allowed


def leaning(request: Request) -> float | None:
    """Return the log-odds that a request asks for one of its tools.

    None where that cannot be told: in a follow-up, or without the understanding's
    weights.
    """
    turns = request.conversation
    said = [at for at, turn in enumerate(turns) if turn.role == "user"]
    if not said:
        return None
    text, done = turns[said[-1]].text, turns[said[-1] + 1 :]
    if done:
        calls = sum(turn.role == "tool" for turn in done)
        return (
            _ANSWERED if calls >= len(request_clauses(text) or (text,)) else _UNANSWERED
        )
    try:
        reading = read(text, request.toolset)
    except (ConfigError, MissingPackage):
        return None
    if reading.topic.startswith("followup"):
        return None
    if reading.topic in _IDLE and reading.topic_probability >= _SURELY:
        return _ANSWERED
    share = sum(choice.probability for choice in reading.choices)
    share = min(max(share, 1 - _SUREST), _SUREST)
    return log(share / (1 - share))
