"""The events of a run."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeAlias

from agentkit.backends.usage import FinishReason, Usage
from agentkit.messages import ToolCall, ToolResult
from agentkit.outcomes.endings import Approval, Outcome
from agentkit.routing import Route
from agentkit.safety.policy import ShieldVerdict, Side
from agentkit.tools import Effect

if TYPE_CHECKING:
    from agentkit.stores.journal import JournalEntry


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
    """Only some of the tools are shown to the model of this step."""

    names: tuple[str, ...]
    left_out: int


@dataclass(frozen=True, slots=True)
class Compacted:
    """The conversation was shortened for the model, to fit its window.

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
class PartialAnswer:
    """A further part of a typed answer has come.

    Attributes:
        data: what there is of it, as plain JSON; the last string may go on.
        output: the same as the wanted type, where it fits already; else None.
    """

    data: Any
    output: Any = None


@dataclass(frozen=True, slots=True)
class ReasoningDelta:
    """A piece of what the model thinks before it answers; no part of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class StepFinished:
    """A backend has served a step.

    Attributes:
        step: number of the step.
        backend: who served it.
        finish_reason: why the model ended; empty where it is not known.
        usage: what the reply used.
    """

    step: int
    backend: str
    finish_reason: FinishReason
    usage: Usage


@dataclass(frozen=True, slots=True)
class Repaired:
    """Something in the model's output had to be corrected to be read."""

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
    """Side effects of an earlier run that was cut off were looked up.

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
    | ReasoningDelta
    | PartialAnswer
    | StepFinished
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
