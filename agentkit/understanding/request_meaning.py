"""A request as it is understood: the likeliest tools, the spans, what became of a word."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["call", "ask", "leave"]
Became = Literal["asked for", "filled in", "courtesy", "not understood"]
# In the order of the network's tags: the weights depend on it.
ROLES = (
    "title", "text", "person", "place", "item",
    "list", "time", "duration", "number", "query",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Span:
    """Words of a request that stand for one thing.

    Attributes:
        start: of its first character.
        end: behind its last one.
        role: one of `ROLES`.
        probability: that these words and no others have this role, about.
    """

    start: int
    end: int
    role: str
    probability: float


@dataclass(frozen=True, slots=True)
class Choice:
    """One tool that may be meant.

    Attributes:
        tool: its name.
        probability: that it is meant, calibrated on requests kept back.
        reason: in words.
    """

    tool: str
    probability: float
    reason: str


@dataclass(frozen=True, slots=True)
class Word:
    """What became of one word.

    Attributes:
        start: of its first character.
        end: behind its last one.
        became: `asked for` when it speaks for the tool, `filled in` when it stands in a
            span, `courtesy` when it is said with any request, else `not understood`.
        role: of its span; empty outside of one.
    """

    start: int
    end: int
    became: Became
    role: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a request means, as far as it is understood.

    Attributes:
        choices: the likeliest tools, best first; empty when none is likely.
        verdict: `call` the first one, `ask` which is meant, or `leave` it.
        reason: of the verdict, in words.
        topic: what it is about where no tool does it, such as `weather`, `greeting`,
            `negated` or `followup_move`.
        topic_probability: that it is about that and asks for no tool.
        friendly: how probable it is that it is only said to be friendly, as a greeting
            or thanks, whatever tools there are.
        spans: words with a role.
        language: the likeliest of eight, such as `de`, or the one given.
        words: what became of each word.
    """

    choices: tuple[Choice, ...]
    verdict: Verdict
    reason: str
    topic: str
    topic_probability: float
    friendly: float
    spans: tuple[Span, ...]
    language: str
    words: tuple[Word, ...]

    @property
    def tool(self) -> str:
        """The likeliest tool; empty where it is likelier that none is meant."""
        best = self.choices[0] if self.choices else None
        return best.tool if best and self.verdict != "leave" else ""

    @property
    def probability(self) -> float:
        """How probable the first choice is; of no tool at all, where it is left."""
        # What all tools together lack to 1 is the share of "none of them".
        if self.verdict == "leave":
            return 1 - sum(choice.probability for choice in self.choices)
        return self.choices[0].probability
