"""Decides whether a reply without calls is the answer of a run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, TypeAlias

from agentkit.agent.answer_form import AnswerForm, FittingAnswer
from agentkit.agent.claims import denial, reproach, unfounded
from agentkit.agent.setup import Setup
from agentkit.backends.base import Reply
from agentkit.backends.usage import FinishReason
from agentkit.language.deeds import ToldDeed
from agentkit.language.user_language import in_words
from agentkit.messages import Message
from agentkit.outcomes import StopReason

# How a reply ends that is no answer, and what is said where it says nothing itself.
_UNFINISHED: dict[FinishReason, tuple[StopReason, str]] = {
    "length": (
        "length",
        "The answer was cut off before it said anything: raise max_new_tokens.",
    ),
    "filtered": ("filtered", "The server's filter took the answer away."),
    "refused": ("refused", "The model will not answer."),
}
_MISFIT = (
    "Your answer does not fit: {why}. Give it again, as JSON that fits the schema."
)


@dataclass(frozen=True, slots=True)
class Objected:
    """An answer that the model has to give again.

    Attributes:
        why: what is wrong with it, as the model reads it.
    """

    why: str


@dataclass(frozen=True, slots=True)
class Unusable:
    """A reply that ends the run without an answer.

    Attributes:
        reason: of the stop.
        text: as the user reads it.
    """

    reason: StopReason
    text: str


Judged: TypeAlias = FittingAnswer[Any] | Objected | Unusable


@dataclass(slots=True)
class AnswerJudge:
    """Judges the answers of one run.

    Attributes:
        setup: what is the same for all runs.
        step_up: leaves the run to another backend, if there is one, and tells whether
            there was.
        misfits: answers in a row that had not the wanted type.
        has_claimed: it told of a deed that nothing did, and was told so.
    """

    setup: Setup
    step_up: Callable[[str], bool]
    misfits: int = 0
    has_claimed: bool = False

    def judge(self, reply: Reply, backend: str, said: Sequence[Message]) -> Judged:
        """Judge a reply without calls.

        Args:
            reply: what was answered.
            backend: who answered.
            said: the conversation, with the reply where that says anything.
        """
        if ended := _ended(reply):
            return ended
        if self.setup.answer is not None:
            return self._typed(self.setup.answer, reply.text)
        server = self.setup.backends.get(backend)
        # Rules say what tools say, and claim nothing themselves.
        if server is not None and not server.traits.reads_all_tools:
            claims = tuple(unfounded(reply.text, tuple(said), self.setup.toolset))
            if claims:
                return self._claimed(claims, said)
        return FittingAnswer(reply.text, reply.text)

    def _claimed(
        self, claims: Sequence[ToldDeed], said: Sequence[Message]
    ) -> Objected | Unusable:
        """Object to a false claim once; the second time, tell the user."""
        if self.has_claimed:
            asked = [turn.text for turn in said if turn.role == "user"]
            return Unusable("false_claim", denial(claims, asked[-1]))
        self.has_claimed = True
        return Objected(reproach(claims))

    def _typed(self, form: AnswerForm[Any], text: str) -> Judged:
        """Read an answer of the wanted type, or tell the model what does not fit."""
        found = form.read(text)
        if isinstance(found, FittingAnswer):
            return found
        self.misfits += 1
        if self.misfits >= form.tries:
            if not self.step_up(f"its answer does not fit: {found.why}"):
                why = f"The answer does not fit: {found.why}."
                return Unusable("unfit_answer", why)
            # The next backend starts with all its tries.
            self.misfits = 0
        return Objected(_MISFIT.format(why=found.why))


def _ended(reply: Reply) -> Unusable | None:
    """Return why a reply is no answer, whatever its text; None where it is one."""
    said = reply.text.strip()
    # Before the empty text is looked at: these three say why it is empty.
    if reply.finish_reason in _UNFINISHED:
        reason, what = _UNFINISHED[reply.finish_reason]
        return Unusable(reason, reply.text if said else what)
    if not said:
        return Unusable("empty_reply", in_words("The model said nothing.", ""))
    # Rules that report the fault of a tool: they try nothing a second time.
    return Unusable("tool_failed", reply.text) if reply.failed else None
