"""Checks a call: whether it was settled before, is valid, and who chose its values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from agentkit.agent.calls.approval import Approver
from agentkit.agent.calls.batch import (
    CallBatch,
    Memory,
    error_text,
    refused,
    unknown_tool,
)
from agentkit.agent.stops import call_key
from agentkit.context import Context
from agentkit.errors import InputNeeded, InvalidArguments
from agentkit.messages import ToolCall, ToolResult
from agentkit.messages.secret_text import LOST, secrets_in
from agentkit.privacy.redaction import redact
from agentkit.safety.policy import Decision, Policy
from agentkit.safety.provenance import CLEAR, Evidence, Verdict, judge
from agentkit.stores.journal import Effects
from agentkit.tools import AnyTool, Effect, Toolset


def _lost(call: ToolCall) -> tuple[str, str]:
    """Return which secret the session's file did not keep, and the question for it."""
    name = next(
        name for name, value in call.arguments.items() if LOST in secrets_in(value)
    )
    return name, f"{name} is secret, and was not kept. What is it?"


# Nobody can take these back: a write has its undo.
_ASKS: frozenset[Effect] = frozenset({"send", "delete"})


@dataclass(frozen=True, slots=True)
class Checked:
    """A call whose arguments are valid, ready to run.

    Attributes:
        call: the call, as the model wrote it.
        tool: what it calls.
        arguments: validated values for the function.
        preview: what will change, in words; empty when nobody need be asked.
        verdict: where its values come from, and what follows from it.
        turn: which time it is that the user wants this, 0 for the first.
        leave: who said that it may run, in words.
    """

    call: ToolCall
    tool: AnyTool
    arguments: Mapping[str, Any]
    preview: str = ""
    verdict: Verdict = CLEAR
    turn: int = 0
    leave: str = "the application's policy runs it unasked"


@dataclass(frozen=True, slots=True)
class Checker:
    """Decides whether the calls of a run are valid, and whether they may run.

    Attributes:
        toolset: what may be called.
        context: handed to validators.
        approver: knows the user's rules, and whether anybody can be asked.
        policy: what runs, is asked about, is refused.
        evidence: what was said and read so far.
    """

    toolset: Toolset
    context: Context
    approver: Approver
    policy: Policy
    evidence: Evidence

    def check(self, call: ToolCall) -> Checked:
        """Validate one call.

        Raises:
            InvalidArguments: the tool is unknown or an argument does not fit.
            InputNeeded: only the user can say what is meant.
        """
        if call.name not in self.toolset:
            raise InvalidArguments(unknown_tool(call.name, self.toolset.names))
        tool = self.toolset[call.name]
        # Before anything can fail: errors quote arguments, and secret ones must be
        # marked by then.
        call = tool.marked(call)
        if LOST in secrets_in(call.arguments):
            raise InputNeeded(*_lost(call))
        self.approver.rule(call, tool)  # rules that cannot be read end the run
        try:
            return self._validated(call, tool)
        except (InvalidArguments, InputNeeded):
            raise
        except Exception as exc:
            # A validator is the developer's code: what it raises is a fault of the
            # call.
            raise InvalidArguments(error_text(exc)) from exc

    def decide(self, checked: Checked) -> Decision:
        """Decide what is done with a call, by the user's rules and then the policy."""
        rule = self.approver.rule(checked.call, checked.tool, checked.arguments)
        return self.policy.decide(
            checked.tool.effect,
            checked.verdict,
            rule=rule.answer if rule else None,
            pauses=self.approver.pauses,
        )

    def leave(self, checked: Checked) -> str:
        """Word why a call may run without anybody being asked."""
        rule = self.approver.rule(checked.call, checked.tool, checked.arguments)
        ruled = rule is not None and rule.answer == "always"
        return "a rule of the user's always lets it run" if ruled else checked.leave

    def refusal(self, checked: Checked) -> str:
        """Say why a call may not be run, for the model."""
        rule = self.approver.rule(checked.call, checked.tool, checked.arguments)
        return refused(checked.call, checked.verdict, rule)

    def _validated(self, call: ToolCall, tool: AnyTool) -> Checked:
        arguments = tool.check(call.arguments, self.context)
        checked = Checked(call, tool, arguments, verdict=self._judge(call, tool))
        preview = tool.describe(arguments) if self._asks(checked) else ""
        return replace(checked, preview=preview)

    def _judge(self, call: ToolCall, tool: AnyTool) -> Verdict:
        # Tracing values costs time with every call, so a policy without it skips it.
        return judge(call, tool, self.evidence) if self.policy.provenance else CLEAR

    def _asks(self, checked: Checked) -> bool:
        return self.decide(checked) == "ask" or checked.tool.effect in _ASKS


@dataclass(frozen=True, slots=True)
class Screener:
    """Settles calls that need not or cannot run: faults, questions, repetitions.

    Attributes:
        checker: validates.
        memory: what was settled in this run.
        effects: what earlier tries of this run did; None without a journal.
    """

    checker: Checker
    memory: Memory
    effects: Effects | None

    async def screen(
        self, call: ToolCall, done: Mapping[str, Any], batch: CallBatch
    ) -> Checked | ToolResult:
        """Return a call that may be run, or what came of one that may not.

        Args:
            call: what the model asks for.
            done: values of other calls, by their id, that it may need.
            batch: the step that it belongs to.
        """
        found = self._check(call, done, batch)
        if not isinstance(found, Checked):
            return found
        key = call_key(found.call)
        turn = self.memory.turn(found.call, batch.asked[key])
        batch.asked[key] += 1
        return await self._recalled(replace(found, turn=turn), batch)

    def _check(
        self, call: ToolCall, done: Mapping[str, Any], batch: CallBatch
    ) -> Checked | ToolResult:
        # Its argument would be another call's result, and there is none.
        if call.needs - done.keys():
            note = f"{call.name} was not run: what it needs was not done"
            return batch.tell(ToolResult(call, "skipped", note))
        call = call.bind(done)
        try:
            # Memory first: a call that was done may no longer be valid, such as a
            # delete whose target is gone.
            return self.memory.recall(call) or self.checker.check(call)
        except InvalidArguments as exc:
            # A validator quotes what it was given, which may be a key or a password.
            fault = f"{call.name}: {redact(str(exc))}"
            batch.unread.add(call_key(call))
            return batch.tell(ToolResult(call, "error", fault))
        except InputNeeded as exc:
            return batch.ask_user(call, exc)

    async def _recalled(
        self, checked: Checked, batch: CallBatch
    ) -> Checked | ToolResult:
        """Return the result that an earlier try of this run got for the call."""
        call, tool = checked.call, checked.tool
        if self.effects is None or tool.effect == "read":
            return checked
        try:
            found = await self.effects.recall(
                call, tool, checked.arguments, turn=checked.turn
            )
        except InputNeeded as exc:
            return batch.ask_user(call, exc)
        return batch.tell(found) if found else checked
