"""Calls carried out: checked, approved where they must be, run, and told in words."""

from __future__ import annotations

import asyncio
import difflib
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from agentkit.agent.approving import Approve, Approver, Emit
from agentkit.agent.invoking import invoke
from agentkit.agent.stopping import call_key
from agentkit.approvals import Answer, Denied
from agentkit.context import Context
from agentkit.errors import (
    AgentkitError,
    ConfigError,
    InputNeeded,
    InvalidArguments,
    ToolTimeout,
)
from agentkit.events import (
    CallFinished,
    CallStarted,
)
from agentkit.intents import carrying_out
from agentkit.journal import Effects
from agentkit.limits import Limits
from agentkit.messages import Call, Label, Question, Result
from agentkit.outcomes import Approval
from agentkit.policy import Decision, Policy
from agentkit.provenance import CLEAR, Chosen, Evidence, Verdict, judge
from agentkit.provenance.forms import scalars
from agentkit.redacting import redact
from agentkit.tools import AnyTool, Effect, Toolset

ASKS: frozenset[Effect] = frozenset({"send", "delete"})
_MESSAGE_LIMIT = 300
_UNTRUSTED = Label("tool", trust="untrusted")


@dataclass(frozen=True, slots=True)
class Checked:
    """A call whose arguments are valid, ready to run.

    Attributes:
        call: the call, as the model wrote it.
        tool: what it calls.
        arguments: validated values for the function.
        preview: what will change, in words; empty when nobody need be asked.
        verdict: where its values come from, and what follows from it.
    """

    call: Call
    tool: AnyTool
    arguments: Mapping[str, Any]
    preview: str = ""
    verdict: Verdict = CLEAR


@dataclass(slots=True)
class Batch:
    """What one step's calls came to.

    Attributes:
        results: one for each call that is settled, in the order of the calls.
        pending: calls that wait for a yes, since nobody is there to ask.
        question: what the user must be asked; None when nothing.
        answers: what was said to each literal call; None while it waits.
        tainted: calls that untrusted text had a part in, by their key.
        edited: what the user changed a call into, by the key of what it became.
    """

    results: list[Result] = field(default_factory=list[Result])
    pending: list[Approval] = field(default_factory=list[Approval])
    question: Question | None = None
    answers: dict[str, Answer | None] = field(default_factory=dict[str, Answer | None])
    tainted: set[str] = field(default_factory=set[str])
    edited: dict[str, Call] = field(default_factory=dict[str, Call])

    def label(self, result: Result, label: Label) -> Label:
        """Label what came of a call: untrusted when such text had a part in it."""
        if call_key(result.call) in self.tainted:
            return label.join(_UNTRUSTED)
        return label


class Executor:
    """Carries out the calls of one run; remembers what was done and what denied."""

    def __init__(
        self,
        toolset: Toolset,
        context: Context,
        approve: Approve | None,
        emit: Emit,
        *,
        policy: Policy | None = None,
        evidence: Evidence | None = None,
        effects: Effects | None = None,
        limits: Limits | None = None,
    ) -> None:
        """Take the tools, what they are told, whom to ask and whom to tell.

        Args:
            toolset: what may be called.
            context: handed to tools.
            approve: asked where the policy says so.
            emit: told each event.
            policy: what runs, is asked about, is refused; the default one when None.
            evidence: what was said and read before; nothing when None.
            effects: the run's part of the journal; nothing is journaled when None.
            limits: what a call may take and return; the default ones when None.
        """
        self._toolset = toolset
        self._context = context
        self._approver = Approver(context, approve, emit)
        self._emit = emit
        self._policy = policy or Policy()
        self._evidence = evidence or Evidence(toolset)
        self._effects = effects
        self._limits = limits or Limits()
        self._sends = 0
        self._final: dict[str, Result] = {}
        self._refused: list[Chosen] = []

    def approve_with(self, approve: Approve | None) -> None:
        """Ask somebody else from now on."""
        self._approver.approve = approve

    def remember(self, result: Result) -> None:
        """Note an effect done or denied in this request: it does not come again."""
        if result.name not in self._toolset:
            return
        effect = self._toolset[result.name].effect
        if result.status == "denied" or (result.status == "done" and effect != "read"):
            self._final[call_key(result.call)] = result

    async def carry_out(self, calls: tuple[Call, ...]) -> Batch:
        """Check all, ask for approvals one by one, run what may run at once.

        A call that needs another's result waits for it and is checked with it.
        """
        batch = Batch()
        settled: dict[int, Result] = {}
        waiting = dict(enumerate(calls))
        while waiting:
            wave = _next_wave(waiting)
            await self._carry_out_wave(wave, settled, batch)
            waiting = {i: call for i, call in waiting.items() if i not in wave}
        batch.results = told_apart([settled[i] for i in sorted(settled)], batch.edited)
        for result in batch.results:
            self.remember(result)
        return batch

    async def _carry_out_wave(
        self, wave: Mapping[int, Call], settled: dict[int, Result], batch: Batch
    ) -> None:
        done = {r.call.id: r.value for r in settled.values() if r.status == "done"}
        ready: dict[int, Checked] = {}
        for index, call in wave.items():
            found = self._check(call, done, batch)
            if isinstance(found, Checked):
                found = await self._recalled(found, batch)
            if isinstance(found, Checked):
                found = await self._settle_on(found, batch)
            if isinstance(found, Checked):
                ready[index] = found
            elif found is not None:
                settled[index] = found
        await self._run_all(ready, settled, batch)
        for index in wave.keys() & settled.keys():
            self._take_in(settled[index], batch)

    async def _settle_on(
        self, checked: Checked, batch: Batch
    ) -> Checked | Result | None:
        """Return what may run, what came of one that may not, None for one to wait."""
        if checked.verdict.tainted:
            batch.tainted.add(call_key(checked.call))
        decision = self._decide(checked)
        if decision == "missing":
            return self._ask_user(checked.call, invented_value(checked.verdict), batch)
        chosen = Chosen.of(checked.verdict)
        if decision == "refuse" or any(one.covers(chosen) for one in self._refused):
            return self._refuse(checked)
        if decision == "run":
            return checked
        answer = await self._allowed(checked, batch)
        if isinstance(answer, Denied):
            self._refused.append(chosen)
            return self._denied(checked, answer.reason)
        if answer is None or answer.arguments is None:
            return checked if answer else None
        return await self._edited(checked, answer.arguments, batch)

    async def _edited(
        self, checked: Checked, arguments: Mapping[str, Any], batch: Batch
    ) -> Checked | Result:
        """Take what the user made of a call; it is checked as any other."""
        call = Call(checked.call.name, dict(arguments), checked.call.id)
        for value in scalars(call.arguments):
            self._evidence.say(value)
        found = self._check(call, {}, batch)
        if isinstance(found, Checked):
            found = await self._recalled(found, batch)
        if isinstance(found, Checked) and self._decide(found) == "refuse":
            found = self._refuse(found)
        if found is None:
            raise ConfigError(f"{call.name} was changed into a call that cannot be run")
        batch.edited[call_key(call)] = checked.call
        return found

    def _take_in(self, result: Result, batch: Batch) -> None:
        """Let later calls be traced to this one's result."""
        if result.name in self._toolset:
            label = batch.label(result, self._toolset[result.name].label)
            chosen = call_key(result.call) in batch.tainted
            self._evidence.add(result, label, chosen=chosen)

    def check(self, call: Call) -> Checked:
        """Validate one call.

        Raises:
            InvalidArguments: the tool is unknown or an argument does not fit.
            InputNeeded: only the user can say what is meant.
        """
        if call.name not in self._toolset:
            raise InvalidArguments(unknown_tool(call.name, self._toolset.names))
        tool = self._toolset[call.name]
        self._approver.rule(call, tool)  # rules that cannot be read end the run
        try:
            arguments = tool.check(call.arguments, self._context)
            checked = Checked(call, tool, arguments, verdict=self._judge(call, tool))
            preview = tool.describe(arguments) if self._asks(checked) else ""
        except (InvalidArguments, InputNeeded):
            raise
        except Exception as exc:
            raise InvalidArguments(_reason(exc)) from exc
        return replace(checked, preview=preview)

    def _asks(self, checked: Checked) -> bool:
        return self._decide(checked) == "ask" or checked.tool.effect in ASKS

    def _decide(self, checked: Checked) -> Decision:
        rule = self._approver.rule(checked.call, checked.tool)
        return self._policy.decide(
            checked.tool.effect,
            checked.verdict,
            rule=rule.answer if rule else None,
            pauses=self._approver.approve is None,
        )

    def _judge(self, call: Call, tool: AnyTool) -> Verdict:
        return judge(call, tool, self._evidence) if self._policy.provenance else CLEAR

    def _check(
        self, call: Call, done: Mapping[str, Any], batch: Batch
    ) -> Checked | Result | None:
        if call.needs - done.keys():
            note = f"{call.name} was not run: what it needs was not done"
            return self._tell(Result(call, "skipped", note))
        call = call.bind(done)
        final = self._final.get(call_key(call))
        if final is not None:
            return Result(call, final.status, final.value)
        try:
            return self.check(call)
        except InvalidArguments as exc:
            return self._tell(Result(call, "error", f"{call.name}: {exc}"))
        except InputNeeded as exc:
            return self._ask_user(call, exc, batch)

    async def _recalled(self, checked: Checked, batch: Batch) -> Checked | Result:
        """Return what came of the call in an earlier try of this run, if it was done."""
        call, tool = checked.call, checked.tool
        if self._effects is None or tool.effect == "read":
            return checked
        try:
            found = await self._effects.recall(call, tool, checked.arguments)
        except InputNeeded as exc:
            return self._ask_user(call, exc, batch)
        return self._tell(found) if found else checked

    async def _allowed(self, checked: Checked, batch: Batch) -> Answer | None:
        """Ask where the effect wants it, once for each literal call."""
        key = call_key(checked.call)
        approval = Approval(
            checked.call,
            checked.tool.effect,
            checked.preview,
            follows=checked.verdict.reason,
            traces=checked.verdict.traces,
            quotes=checked.verdict.quotes,
        )
        if key not in batch.answers:
            batch.answers[key] = await self._approver.ask(approval)
        if batch.answers[key] is None:
            batch.pending.append(approval)
        return batch.answers[key]

    def _refuse(self, checked: Checked) -> Result:
        rule = self._approver.rule(checked.call, checked.tool)
        reason = checked.verdict.reason or "it would have to be asked about"
        if rule and rule.answer == "never":
            reason = f"the user has set the rule '{rule}'"
        note = (
            f"{checked.call.name} was not run: {reason}, and only the user may choose "
            "that. Do not retry; go on with what the user asked for."
        )
        return self._tell(Result(checked.call, "denied", note))

    def _denied(self, checked: Checked, reason: str) -> Result:
        note = f"The user said no, do not retry: {checked.preview}"
        if reason:
            self._evidence.say(reason)
            note += f"\nThe user says why: {reason}"
        return self._tell(Result(checked.call, "denied", note))

    async def _run_all(
        self, ready: Mapping[int, Checked], settled: dict[int, Result], batch: Batch
    ) -> None:
        firsts: dict[str, int] = {}
        for index, checked in ready.items():
            firsts.setdefault(self._merge_key(checked, index), index)
        unique = list(firsts.values())
        runs = [self._run(ready[index], batch) for index in unique]
        results = [await runs[0]] if len(runs) == 1 else await asyncio.gather(*runs)
        settled.update(zip(unique, results, strict=True))
        for index, checked in ready.items():
            if index not in settled:
                first = settled[firsts[self._merge_key(checked, index)]]
                settled[index] = Result(checked.call, first.status, first.value)

    def _merge_key(self, checked: Checked, index: int) -> str:
        """Identical effects of one step are one effect; reads stay apart."""
        key = call_key(checked.call)
        return key if checked.tool.effect != "read" else f"{index} {key}"

    async def _run(self, checked: Checked, batch: Batch) -> Result:
        call, tool = checked.call, checked.tool
        self._emit(CallStarted(call, tool.effect))
        started = time.perf_counter()
        try:
            result = await self._once(checked)
        except InputNeeded as exc:
            return self._ask_user(call, exc, batch)
        return self._tell(result, time.perf_counter() - started)

    async def _once(self, checked: Checked) -> Result:
        """Run a call; an effect is journaled before and after.

        Raises:
            InputNeeded: the tool did nothing, and asks.
            StoreError: the journal cannot be written.
        """
        effects = self._effects if checked.tool.effect != "read" else None
        if checked.tool.effect == "send" and not self._may_send():
            note = (
                f"{checked.call.name} was not run: the limit is "
                f"{self._limits.sends_per_hour} sends an hour. Tell the user."
            )
            return Result(checked.call, "denied", note)
        if effects is None:
            return await self._result(checked)
        entry = effects.begin(checked.call, checked.tool, checked.arguments)
        try:
            with carrying_out(entry.intent.key):
                result = await self._result(checked)
        except InputNeeded as exc:
            asked = Result(checked.call, "skipped", exc.question)
            effects.end(entry, checked.tool, asked)
            raise
        if call_key(checked.call) in self._final:
            effects.leave(entry, str(result.value))  # it ran out of time, and may go on
            return result
        effects.end(entry, checked.tool, result)
        return result

    def _may_send(self) -> bool:
        """Count a send of this run; what other runs of the home sent counts too."""
        most = self._limits.sends_per_hour
        if most is None:
            return True
        hour = datetime.now(UTC) - timedelta(hours=1)
        sent = self._effects.sends_since(hour) if self._effects else self._sends
        self._sends += 1
        return sent < most

    async def _result(self, checked: Checked) -> Result:
        call, tool = checked.call, checked.tool
        try:
            seconds = tool.timeout or self._limits.tool_seconds
            value = tool.dump(await invoke(tool, checked.arguments, seconds))
        except InputNeeded:
            raise
        except Exception as exc:
            failed = Result(call, "error", f"{call.name} failed: {_reason(exc)}")
            if isinstance(exc, ToolTimeout) and tool.effect != "read":
                # A thread may still do it: the same is not begun a second time.
                self._final[call_key(call)] = failed
            return failed
        return Result(call, "done", value)

    def _ask_user(self, call: Call, exc: InputNeeded, batch: Batch) -> Result:
        asked = Question(call.name, exc.slot, exc.question, exc.candidates)
        batch.question = batch.question or asked
        note = f"{call.name} waits for the user's answer: {exc.question}"
        return self._tell(Result(call, "skipped", note))

    def _tell(self, result: Result, seconds: float = 0.0) -> Result:
        self._emit(CallFinished(result, seconds))
        return result


def told_apart(results: list[Result], edited: Mapping[str, Call]) -> list[Result]:
    """Answer each call that the user changed, and put what it became at the end."""
    ours = [one for one in results if call_key(one.call) in edited]
    note = "The user changed the arguments; what they made of it follows."
    return [
        Result(edited[call_key(one.call)], "skipped", note) if one in ours else one
        for one in results
    ] + ours


def _next_wave(waiting: Mapping[int, Call]) -> dict[int, Call]:
    """Take the calls that wait for none of those still waiting."""
    open_ids = {call.id for call in waiting.values() if call.id}
    wave = {i: call for i, call in waiting.items() if not call.needs & open_ids}
    return wave or dict(waiting)


def unknown_tool(name: str, known: tuple[str, ...]) -> str:
    """Say that a tool does not exist, and which one may have been meant."""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"There are: {', '.join(known)}." if known else "There are no tools."
    if close:
        hint = f"Did you mean {close[0]!r}?"
    return f"Unknown tool {name!r}. {hint}"


def _reason(exc: Exception) -> str:
    text = " ".join(str(exc).split()) or type(exc).__name__
    if not isinstance(exc, AgentkitError):
        text = f"{type(exc).__name__}: {text}"
    text = redact(text)
    return text if len(text) <= _MESSAGE_LIMIT else text[: _MESSAGE_LIMIT - 3] + "..."


def invented_value(verdict: Verdict) -> InputNeeded:
    """Make the question for a value that comes from nobody's words."""
    value = next(t.value for t in verdict.traces if t.argument == verdict.slot)
    question = f"{verdict.slot}: nobody said {value!r}. What should it be?"
    return InputNeeded(verdict.slot, question, (value,))
