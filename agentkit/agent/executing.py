"""Calls carried out: checked, approved where they must be, run, and told in words."""

from __future__ import annotations

import asyncio
import difflib
import inspect
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from agentkit.agent.stopping import call_key
from agentkit.context import Context
from agentkit.errors import AgentkitError, InputNeeded, InvalidArguments
from agentkit.events import (
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallStarted,
    Event,
)
from agentkit.messages import Call, Question, Result
from agentkit.outcomes import Approval
from agentkit.tools import AnyTool, Effect, Toolset

Approve: TypeAlias = Callable[[Approval], bool | Awaitable[bool]]
Emit: TypeAlias = Callable[[Event], None]

ASKS: frozenset[Effect] = frozenset({"send", "delete"})
_MESSAGE_LIMIT = 300


@dataclass(frozen=True, slots=True)
class Checked:
    """A call whose arguments are valid, ready to run."""

    call: Call
    tool: AnyTool
    arguments: Mapping[str, Any]


@dataclass(slots=True)
class Batch:
    """What one step's calls came to.

    Attributes:
        results: one for each call that is settled, in the order of the calls.
        pending: calls that wait for a yes, since nobody is there to ask.
        question: what the user must be asked; None when nothing.
    """

    results: list[Result] = field(default_factory=list[Result])
    pending: list[Approval] = field(default_factory=list[Approval])
    question: Question | None = None


class Executor:
    """Carries out the calls of one run; remembers the effects that were done."""

    def __init__(
        self,
        toolset: Toolset,
        context: Context,
        approve: Approve | None,
        emit: Emit,
        *,
        owns_loop: bool = False,
    ) -> None:
        """Take the tools, what they are told, whom to ask and whom to tell.

        Args:
            toolset: the tools that may be called.
            context: what tools and slot types are told.
            approve: asked before a call that sends or deletes.
            emit: told each event.
            owns_loop: nothing else runs in the event loop, so that a sync tool
                that is called alone needs no thread.
        """
        self._owns_loop = owns_loop
        self._toolset = toolset
        self._context = context
        self._approve = approve
        self._emit = emit
        self._effects: dict[str, Result] = {}

    def approve_with(self, approve: Approve | None) -> None:
        """Ask somebody else from now on."""
        self._approve = approve

    def remember(self, result: Result) -> None:
        """Note an effect done earlier in this request: it is not done again."""
        if result.name not in self._toolset or result.status != "done":
            return
        if self._toolset[result.name].effect != "read":
            self._effects[call_key(result.call)] = result

    async def carry_out(self, calls: tuple[Call, ...]) -> Batch:
        """Check all, ask for approvals one by one, run what may run at once."""
        batch = Batch()
        settled: dict[int, Result] = {}
        ready: dict[int, Checked] = {}
        for index, call in enumerate(calls):
            checked = self._check(call, batch)
            if isinstance(checked, Result):
                settled[index] = checked
            elif await self._allowed(checked, batch, settled, index):
                ready[index] = checked
        await self._run_all(ready, settled, batch)
        batch.results = [settled[index] for index in sorted(settled)]
        for result in batch.results:
            self.remember(result)
        return batch

    def check(self, call: Call) -> Checked:
        """Validate one call.

        Raises:
            InvalidArguments: the tool is unknown or an argument does not fit.
            InputNeeded: only the user can say what is meant.
        """
        if call.name not in self._toolset:
            raise InvalidArguments(unknown_tool(call.name, self._toolset.names))
        tool = self._toolset[call.name]
        return Checked(call, tool, tool.check(call.arguments, self._context))

    def _check(self, call: Call, batch: Batch) -> Checked | Result:
        done = self._effects.get(call_key(call))
        if done is not None:
            return Result(call, "done", done.value)
        try:
            return self.check(call)
        except InvalidArguments as exc:
            return self._tell(Result(call, "error", f"{call.name}: {exc}"))
        except InputNeeded as exc:
            return self._ask_user(call, exc, batch)

    async def _allowed(
        self, checked: Checked, batch: Batch, settled: dict[int, Result], index: int
    ) -> bool:
        """Ask where the effect wants it; note a no, or that nobody could be asked."""
        call, tool = checked.call, checked.tool
        if tool.effect not in ASKS:
            return True
        approval = Approval(call, tool.effect, tool.describe(checked.arguments))
        self._emit(ApprovalAsked(approval))
        if self._approve is None:
            batch.pending.append(approval)
            return False
        answer = self._approve(approval)
        approved = answer if isinstance(answer, bool) else await answer
        self._emit(ApprovalGiven(approval, approved))
        if not approved:
            settled[index] = self._tell(
                Result(
                    call, "denied", f"The user said no to {call.name}. Do not retry."
                )
            )
        return approved

    async def _run_all(
        self, ready: Mapping[int, Checked], settled: dict[int, Result], batch: Batch
    ) -> None:
        firsts: dict[str, int] = {}
        for index, checked in ready.items():
            firsts.setdefault(self._merge_key(checked, index), index)
        unique = list(firsts.values())
        inline = self._owns_loop and len(unique) == 1
        runs = [self._run(ready[index], batch, inline=inline) for index in unique]
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

    async def _run(self, checked: Checked, batch: Batch, *, inline: bool) -> Result:
        call, tool = checked.call, checked.tool
        self._emit(CallStarted(call, tool.effect))
        started = time.perf_counter()
        try:
            value = tool.dump(await _invoke(checked, inline=inline))
            result = Result(call, "done", value)
        except InputNeeded as exc:
            return self._ask_user(call, exc, batch)
        except Exception as exc:
            result = Result(call, "error", f"{call.name} failed: {_reason(exc)}")
        return self._tell(result, time.perf_counter() - started)

    def _ask_user(self, call: Call, exc: InputNeeded, batch: Batch) -> Result:
        asked = Question(call.name, exc.slot, exc.question, exc.candidates)
        batch.question = batch.question or asked
        note = f"{call.name} waits for the user's answer: {exc.question}"
        return self._tell(Result(call, "skipped", note))

    def _tell(self, result: Result, seconds: float = 0.0) -> Result:
        self._emit(CallFinished(result, seconds))
        return result


def unknown_tool(name: str, known: tuple[str, ...]) -> str:
    """Say that a tool does not exist, and which one may have been meant."""
    close = difflib.get_close_matches(name, known, n=1)
    hint = f"Did you mean {close[0]!r}?" if close else f"There are: {', '.join(known)}."
    return f"Unknown tool {name!r}. {hint}"


async def _invoke(checked: Checked, *, inline: bool) -> Any:
    """Run a tool; a sync one in a thread, waited for even when cancelled."""
    if inline or checked.tool.is_async:
        value = checked.tool.invoke(checked.arguments)
    else:
        value = await _in_thread(checked)
    return await value if inspect.isawaitable(value) else value


async def _in_thread(checked: Checked) -> Any:
    work = asyncio.ensure_future(
        asyncio.to_thread(checked.tool.invoke, checked.arguments)
    )
    try:
        return await asyncio.shield(work)
    except asyncio.CancelledError:
        # A thread cannot be stopped: leaving it would leave a write half seen.
        await asyncio.wait([work])
        raise


def _reason(exc: Exception) -> str:
    text = " ".join(str(exc).split()) or type(exc).__name__
    if not isinstance(exc, AgentkitError):
        text = f"{type(exc).__name__}: {text}"
    return text if len(text) <= _MESSAGE_LIMIT else text[: _MESSAGE_LIMIT - 3] + "..."
