"""How a run ends or pauses, and what it tells on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, TypeAlias

from agentkit.messages import Conversation, Question, ToolCall, ToolResult
from agentkit.routing import NO_ROUTE, Route
from agentkit.safety.policy import ShieldVerdict, Side
from agentkit.safety.provenance import Trace
from agentkit.tools import Effect

if TYPE_CHECKING:
    from agentkit.stores.journal import JournalEntry

StopReason = Literal[
    "repeated_call",
    "oscillation",
    "step_limit",
    "time_limit",
    "call_limit",
    "token_limit",
    "shield",
    "abstained",
    "empty_reply",
    "privacy",
    "budget",
    "backend_error",
    "tool_failed",
]


@dataclass(frozen=True, slots=True)
class Approval:
    """A call that waits for the user's yes.

    Attributes:
        call: the literal call; a yes is for these arguments only.
        effect: what it does to the world.
        preview: what will change, as a person reads it.
        follows: why it is asked about besides its effect: whose words it follows;
            empty when they are the user's own.
        traces: where every value of the call comes from.
        quotes: what of it repeats text that somebody else wrote.
        problem: why it is asked again: what is wrong with the arguments that the user
            gave; empty at first.
    """

    call: ToolCall
    effect: Effect
    preview: str
    follows: str = ""
    traces: tuple[Trace, ...] = ()
    quotes: tuple[str, ...] = ()
    problem: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            **self.call.as_dict(),
            "effect": self.effect,
            "preview": self.preview,
            **({"follows": self.follows} if self.follows else {}),
            **({"quotes": list(self.quotes)} if self.quotes else {}),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What every outcome tells.

    Attributes:
        text: the answer, or what happened, in words.
        steps: how many assistant turns the run took.
        calls: what became of each call, in order.
        route: the last step's backend, and why.
        conversation: all messages, to go on from.
        bytes_out: bytes that left the device.
        cost: what the backends cost, in the currency of their price tables.
        seconds: wall time of the run.
        run_id: names the run in the journal; a resumed run keeps it.
    """

    kind: ClassVar[str] = ""

    text: str = ""
    steps: int = 0
    calls: tuple[ToolResult, ...] = ()
    route: Route = NO_ROUTE
    conversation: Conversation = ()
    bytes_out: int = 0
    cost: float = 0.0
    seconds: float = 0.0
    run_id: str = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, the shape of `run --json`."""
        return {
            "outcome": self.kind,
            "text": self.text,
            "steps": self.steps,
            "calls": [result.as_dict() for result in self.calls],
            "route": {"backend": self.route.backend, "reason": self.route.reason},
            "bytes_out": self.bytes_out,
            **({"cost": round(self.cost, 6)} if self.cost else {}),
            "run_id": self.run_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Ending):
    """The run answered."""

    kind: ClassVar[str] = "done"


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsApproval(Ending):
    """Calls wait for a yes; `agent.resume(outcome, approve=...)` goes on."""

    kind: ClassVar[str] = "needs_approval"

    pending: tuple[Approval, ...] = ()

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, with what waits."""
        pending = [item.as_dict() for item in self.pending]
        return {**Ending.as_dict(self), "pending": pending}


@dataclass(frozen=True, slots=True, kw_only=True)
class NeedsInput(Ending):
    """The user must answer; `agent.run(answer, conversation=...)` goes on."""

    kind: ClassVar[str] = "needs_input"

    question: Question

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, with the question."""
        return {**Ending.as_dict(self), "needs_input": self.question.as_dict()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopped(Ending):
    """The run ended without an answer, for a named reason."""

    kind: ClassVar[str] = "stopped"

    reason: StopReason

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, with the reason."""
        return {**Ending.as_dict(self), "reason": self.reason}


Outcome: TypeAlias = Done | NeedsApproval | NeedsInput | Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The first step only, nothing carried out.

    Attributes:
        route: the backend that planned, and why.
        calls: what it would call.
        text: what it says.
        needs_input: what the user would be asked first.
        faults: what could not be read as a call, in words.
        stopped: why there is no plan; empty when there is one.
    """

    route: Route
    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    needs_input: Question | None = None
    faults: tuple[str, ...] = field(default=())
    stopped: StopReason | Literal[""] = ""

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, the shape of `plan --json`."""
        asked = self.needs_input.as_dict() if self.needs_input else None
        return {
            "route": {"backend": self.route.backend, "reason": self.route.reason},
            "calls": [call.as_dict() for call in self.calls],
            "text": self.text,
            "needs_input": asked,
        }


@dataclass(frozen=True, slots=True)
class StepStarted:
    """A backend was chosen for the next step.

    It comes again with the same number when another backend takes the step over, or
    when one that is unsure serves after all; the route's reason says why.
    """

    step: int
    route: Route


@dataclass(frozen=True, slots=True)
class ToolsSelected:
    """The model of this step is shown some of the tools only."""

    names: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """What the model is sent of the conversation was made shorter, to fit its window.

    The conversation itself stays whole.

    Attributes:
        before: tokens of the conversation.
        after: tokens of what is sent of it.
        shortened: how many tool results were shortened.
        summarised: how many older turns were summarised.
    """

    before: int
    after: int
    shortened: int
    summarised: int


@dataclass(frozen=True, slots=True)
class TextDelta:
    """A piece of text, as the backend generates it."""

    text: str


@dataclass(frozen=True, slots=True)
class Repaired:
    """Something in the model's output was mended to be read."""

    repair: str


@dataclass(frozen=True, slots=True)
class ApprovalAsked:
    """The user is about to be asked."""

    approval: Approval


@dataclass(frozen=True, slots=True)
class ApprovalGiven:
    """The user said yes or no."""

    approval: Approval
    approved: bool


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A checked and, where needed, approved call begins."""

    call: ToolCall
    effect: Effect


@dataclass(frozen=True, slots=True)
class CallFinished:
    """A call has its result, done or not."""

    result: ToolResult
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class EffectsSettled:
    """Side effects that an earlier run was cut off in were looked up.

    Attributes:
        done: those that had happened.
        not_done: those that had not.
        unknown: those of which only the user can say it.
    """

    done: tuple[JournalEntry, ...]
    not_done: tuple[JournalEntry, ...]
    unknown: tuple[JournalEntry, ...]


@dataclass(frozen=True, slots=True)
class ShieldChecked:
    """A shield judged what came in or what would go out.

    Attributes:
        name: the shield's.
        side: `input` for the request, `output` for the answer.
        verdict: what it said.
        seconds: how long it took.
    """

    name: str
    side: Side
    verdict: ShieldVerdict
    seconds: float


@dataclass(frozen=True, slots=True)
class RunFinished:
    """The run has an outcome; always the last event."""

    outcome: Outcome


Event: TypeAlias = (
    StepStarted
    | ToolsSelected
    | Compacted
    | TextDelta
    | Repaired
    | ApprovalAsked
    | ApprovalGiven
    | CallStarted
    | CallFinished
    | EffectsSettled
    | ShieldChecked
    | RunFinished
)
Emit: TypeAlias = Callable[[Event], None]
