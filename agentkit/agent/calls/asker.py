"""Asks the user about calls, takes their edits, and remembers what they refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from agentkit.agent.calls.approval import Approver
from agentkit.agent.calls.batch import CallBatch, denied, invented_value
from agentkit.agent.calls.check import Checked, Checker, Screener
from agentkit.agent.stops import call_key
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.messages import ToolCall, ToolResult
from agentkit.outcomes import Approval
from agentkit.safety.provenance import Chosen, Evidence
from agentkit.safety.provenance.comparison import scalars
from agentkit.safety.rules import Answer, Approved, Denied

_YES = "the user, or who answers for them, said yes to this call"
# Whoever answers with arguments that do not fit is asked again, but not for ever.
_MOST_TRIES = 5


class Asker:
    """Lets the user decide about calls; what they refused is not asked about again."""

    def __init__(
        self,
        checker: Checker,
        screener: Screener,
        approver: Approver,
        evidence: Evidence,
    ) -> None:
        """Store the checker, the screener, the approver and the evidence.

        Args:
            checker: says what the policy decides.
            screener: looks at what the user changed a call into.
            approver: asks the user.
            evidence: told what the user says.
        """
        self._checker = checker
        self._screener = screener
        self._approver = approver
        self._evidence = evidence
        self._refused: list[Chosen] = []

    async def settle_on(
        self, checked: Checked, batch: CallBatch
    ) -> Checked | ToolResult | None:
        """Return the call to run, the result of one that may not, or None to wait.

        Raises:
            ConfigError: the callback returned no answer.
        """
        # Noted before the decision: the result's label needs it even where the call is
        # refused.
        if checked.verdict.tainted:
            batch.tainted.add(call_key(checked.call))
        decision = self._checker.decide(checked)
        if decision == "missing":
            return batch.ask_user(checked.call, invented_value(checked.verdict))
        if decision == "refuse" or self._was_refused(checked):
            return self._refuse(checked, batch)
        if decision == "run":
            return replace(checked, leave=self._checker.leave(checked))
        found = await self._asked(checked, batch)
        return replace(found, leave=_YES) if isinstance(found, Checked) else found

    def _was_refused(self, checked: Checked) -> bool:
        chosen = Chosen.of(checked.verdict, checked.call.name)
        return any(one.covers(chosen) for one in self._refused)

    async def _asked(
        self, checked: Checked, batch: CallBatch
    ) -> Checked | ToolResult | None:
        answer = await self._answer(checked, batch)
        if isinstance(answer, Denied):
            return self._deny(checked, answer.reason, batch)
        if answer is None or answer.arguments is None:
            return checked if answer else None
        return await self._edited(checked, answer.arguments, batch)

    async def _answer(self, checked: Checked, batch: CallBatch) -> Answer | None:
        """Ask once for each literal call."""
        approval = _approval(checked)
        key = f"{checked.turn} {call_key(checked.call)}"
        # Identical calls of one step are one effect, so one question; the turn sets
        # apart what the user wants twice.
        if key not in batch.answers:
            answer = await self._approver.ask(approval)
            batch.answers[key] = await self._mended(checked, approval, answer)
        if batch.answers[key] is None:
            batch.pending.append(approval)
        return batch.answers[key]

    async def _mended(
        self, checked: Checked, approval: Approval, answer: Answer | None
    ) -> Answer | None:
        """Ask again, with the reason, where the user's arguments do not fit.

        Who answers the same again, as a fixed answer does, is not asked any more.
        """
        for _ in range(_MOST_TRIES):
            problem = self._problem(checked, answer)
            if not problem:
                break
            again = await self._approver.ask(replace(approval, problem=problem))
            if again == answer:
                break
            answer = again
        return answer

    def _problem(self, checked: Checked, answer: Answer | None) -> str:
        """Return what is wrong with the user's edit of a call; empty if nothing is."""
        if not isinstance(answer, Approved) or answer.arguments is None:
            return ""
        try:
            self._checker.check(_changed(checked, answer.arguments))
        except InvalidArguments as exc:
            return str(exc)
        except InputNeeded as exc:
            return " ".join((exc.question, ", ".join(exc.candidates))).strip()
        return ""

    async def _edited(
        self, checked: Checked, arguments: Mapping[str, Any], batch: CallBatch
    ) -> Checked | ToolResult:
        """Check a call as the user edited it, like any other call."""
        call = _changed(checked, arguments)
        # Only what the user changed are their words. What they left as it was still
        # comes from wherever the model had it.
        kept = set(scalars(checked.call.arguments))
        for value in scalars(call.arguments):
            if value not in kept:
                self._evidence.say(value)
        found = await self._screener.screen(call, {}, batch)
        # An edited call is not asked about again, but a rule "never" also holds for
        # what a person typed.
        if isinstance(found, Checked) and self._checker.decide(found) == "refuse":
            found = self._refuse(found, batch)
        batch.edited[call_key(call)] = checked.call
        return found

    def _refuse(self, checked: Checked, batch: CallBatch) -> ToolResult:
        note = self._checker.refusal(checked)
        return batch.tell(ToolResult(checked.call, "denied", note))

    def _deny(self, checked: Checked, reason: str, batch: CallBatch) -> ToolResult:
        # Kept by its values and not by the literal call: a model that is told no
        # rewrites the title and tries again.
        self._refused.append(Chosen.of(checked.verdict, checked.call.name))
        if reason:
            self._evidence.say(reason)
        note = denied(checked.preview, reason)
        return batch.tell(ToolResult(checked.call, "denied", note))


def _changed(checked: Checked, arguments: Mapping[str, Any]) -> ToolCall:
    return ToolCall(checked.call.name, dict(arguments), checked.call.id)


def _approval(checked: Checked) -> Approval:
    return Approval(
        checked.call,
        checked.tool.effect,
        checked.preview,
        follows=checked.verdict.reason,
        traces=checked.verdict.traces,
        quotes=checked.verdict.quotes,
    )
