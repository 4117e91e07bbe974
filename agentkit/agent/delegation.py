"""An agent as a tool of another agent: its run happens inside of a call."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Coroutine, Generator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeAlias
from uuid import UUID, uuid5

from agentkit.agent.stops import call_key
from agentkit.context import Context
from agentkit.errors import AgentkitError, InputNeeded, ToolError
from agentkit.messages import Label, Message, ToolCall
from agentkit.outcomes import (
    Approval,
    Delegation,
    Done,
    NeedsApproval,
    NeedsInput,
    Outcome,
)
from agentkit.safety.provenance import Evidence
from agentkit.tools import Tool, Toolset, tool

if TYPE_CHECKING:
    from agentkit.agent.calls.approval import Approver

# Made once for this project; a name below it gives the same id on every machine.
_SPACE = UUID("3d0f7a52-6a2b-5c0f-9b57-1f6d8a4be1c3")


@dataclass(frozen=True, slots=True)
class Caller:
    """The run that calls another agent.

    Attributes:
        call: which asks it.
        run_id: names the calling run.
        context: home, clock and user, for an agent that has none of its own.
        approver: asks the user, for an agent that has nobody to ask.
        evidence: what the user said to the caller, and what it read.
        label: of all that the caller was told, which its request may repeat.
        spent: told what the run inside used, which is the calling run's, too.
        waits: the run that waited inside of this call; None at first.
    """

    call: ToolCall
    run_id: str
    context: Context
    approver: Approver
    evidence: Evidence
    label: Label
    spent: Callable[[Outcome], None]
    waits: NeedsApproval | None = None

    @property
    def inner_id(self) -> str:
        """Id of the inner run, the same each time that the call is tried."""
        # A call that is tried again after a crash must find the journal of its first
        # try.
        return uuid5(_SPACE, f"{self.run_id} {call_key(self.call)}").hex

    def asking(self, request: str) -> Message:
        """Make the inner request, labelled as the model's words and not the user's."""
        return Message("user", request, label=Label("model").join(self.label))


CALLER: ContextVar[Caller | None] = ContextVar("agentkit_caller", default=None)


@contextmanager
def called_by(caller: Caller) -> Generator[None]:
    """Carry out a call while `CALLER` says who makes it."""
    token = CALLER.set(caller)
    try:
        yield
    finally:
        CALLER.reset(token)


class RunWaits(AgentkitError):
    """Raised when the run inside of a call waits for approvals.

    Attributes:
        paused: its outcome.
    """

    def __init__(self, paused: NeedsApproval) -> None:
        self.paused = paused
        super().__init__(paused.text)

    def approvals(self, call: ToolCall) -> tuple[Approval, ...]:
        """Return what the calling run asks: each approval, and in which call it waits."""
        within = Delegation(call, self.paused)
        return tuple(replace(one, within=within) for one in self.paused.pending)


@dataclass(slots=True)
class WaitingRuns:
    """The inner runs that wait, by the call that they belong to."""

    by_call: Mapping[str, NeedsApproval] = field(
        default_factory=dict[str, NeedsApproval]
    )

    def take(self, pending: tuple[Approval, ...]) -> None:
        """Take the waiting runs from the approvals of a paused run."""
        found = [one.within for one in pending if one.within is not None]
        self.by_call = {call_key(one.call): one.waits for one in found}

    def of(self, call: ToolCall) -> NeedsApproval | None:
        """Return the run that waits inside of a call."""
        return self.by_call.get(call_key(call))


Carry: TypeAlias = Callable[[str, Caller | None], Awaitable[Outcome]]


def delegate(
    name: str, description: str, carry: Carry, toolset: Toolset, seconds: float
) -> Tool[Callable[[str], Coroutine[Any, Any, Any]]]:
    """Make the tool that lets an agent carry a request.

    Args:
        name: what the calling model writes.
        description: what the agent is good for, as that model reads it.
        carry: carries a request to an outcome.
        toolset: the agent's tools, which say what its answers may hold.
        seconds: how long one request may take, answers of the user included.
    """

    async def ask(request: str) -> Any:
        return _answer(await carry(request, CALLER.get()))

    ask.__doc__ = f"{description}\n\nArgs:\n    request: what it has to do, in words."
    return tool(
        name=name,
        # What it does, its own run asks about and writes down.
        effect="read",
        personal=any(one.personal for one in toolset),
        # A tool that does not say whether its results are trusted may return what
        # others wrote, and so may the agent that uses it.
        untrusted=any(one.untrusted is not False for one in toolset) or None,
        timeout=seconds,
    )(ask)


def _answer(outcome: Outcome) -> Any:
    """Return the result for the calling model.

    Raises:
        RunWaits: for the user's yes.
        InputNeeded: only the user can say what is meant.
        ToolError: the run ended without an answer.
    """
    match outcome:
        case Done():
            return outcome.text if outcome.output is None else outcome.output
        case NeedsApproval():
            raise RunWaits(outcome)
        case NeedsInput():
            asked = outcome.question
            raise InputNeeded(asked.slot, asked.text, asked.candidates)
        case _:
            raise ToolError(f"it stopped ({outcome.reason}): {outcome.text}")
