"""How a run ends or pauses."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Generic, Literal, TypeAlias, cast

from typing_extensions import TypeVar

from agentkit.backends.usage import NO_USAGE, FinishReason, Usage
from agentkit.errors import BackendFailure
from agentkit.messages import Conversation, Question, ToolCall, ToolResult
from agentkit.routing import NO_ROUTE, Route
from agentkit.safety.provenance import Trace
from agentkit.tools import Effect

Out_co = TypeVar("Out_co", covariant=True, default=Any)

StopReason: TypeAlias = Literal[
    "length",
    "filtered",
    "refused",
    "repeated_call",
    "oscillation",
    "step_limit",
    "time_limit",
    "call_limit",
    "token_limit",
    "shield",
    "abstained",
    "empty_reply",
    "budget",
    "tool_failed",
    "unfit_answer",
    "false_claim",
    BackendFailure,
]
"""Why a run ended without an answer; `STOPS` says what each means."""

STOPS: Mapping[StopReason, str] = {
    "length": "the answer was cut off at its longest length; the text is what there is",
    "filtered": "the server's filter took the answer away; the text is what there is",
    "refused": "the model will not answer; the text says why",
    "repeated_call": "the same call in three steps one after the other (`max_repeats`)",
    "oscillation": "a call comes for the third time, and as many steps have asked for "
    "nothing new (`max_repeats`)",
    "step_limit": "twelve steps without an answer (`max_steps`)",
    "time_limit": "the run's time is used up (`Limits.seconds`)",
    "call_limit": "the run's calls are used up (`Limits.calls`)",
    "token_limit": "the run's tokens are used up (`Limits.tokens`)",
    "shield": "a shield found the request or the answer not to be safe",
    "abstained": "every backend left the step to another one",
    "empty_reply": "the model said nothing",
    "privacy": "the backends that are left are not on this device, and the "
    "conversation holds personal data",
    "budget": "every backend that is left would cost more than the limit of the run "
    "or the day",
    "tool_failed": "reflex, which tries nothing a second time, says what did not work",
    "unfit_answer": "no answer fitted the type that was asked for (`output_tries`)",
    "false_claim": "the model said twice that it had done what no call did; the text says "
    "what was not done",
    "bad_key": "the server does not take the API key",
    "quota": "what was paid for at the server is used up",
    "rate_limit": "the server takes no more requests for now",
    "context_length": "prompt and answer do not fit the model's window",
    "server_error": "the server had a fault of its own",
    "timeout": "the backend did not answer in time",
    "backend_error": "the last backend on the ladder failed in another way",
}
"""What each reason to stop means, in the words of the reference."""


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
        within: the call of another agent that it came up in; None for a call of the
            run's own.
    """

    call: ToolCall
    effect: Effect
    preview: str
    follows: str = ""
    traces: tuple[Trace, ...] = ()
    quotes: tuple[str, ...] = ()
    problem: str = ""
    within: Delegation | None = None

    @property
    def waits_in(self) -> ToolCall:
        """The call of this run that goes on when it is answered."""
        return self.within.call if self.within else self.call

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            **self.call.as_dict(),
            "effect": self.effect,
            "preview": self.preview,
            **({"follows": self.follows} if self.follows else {}),
            **({"quotes": list(self.quotes)} if self.quotes else {}),
            **({"within": self.within.call.as_dict()} if self.within else {}),
        }


@dataclass(frozen=True, slots=True)
class Delegation:
    """A run of another agent that waits inside of a call.

    Attributes:
        call: which asked that agent.
        waits: how far its run is.
    """

    call: ToolCall
    waits: NeedsApproval


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """What all outcomes have in common.

    Attributes:
        text: the answer, or what happened, in words.
        steps: how many assistant turns the run took.
        calls: what became of each call, in order.
        route: the last step's backend, and why.
        conversation: all messages, to go on from.
        bytes_out: bytes that left the device.
        finish_reason: why the model ended its last turn; empty where it is not known.
        usage: tokens read and written, and what they cost, of all backends.
        usage_by: the same of each backend, by its name.
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
    finish_reason: FinishReason = ""
    usage: Usage = NO_USAGE
    usage_by: Mapping[str, Usage] = field(default_factory=dict[str, Usage])
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
            **({"finish_reason": self.finish_reason} if self.finish_reason else {}),
            **({"usage": self.usage.as_dict()} if self.usage.total_tokens else {}),
            **({"cost": round(self.cost, 6)} if self.cost else {}),
            "run_id": self.run_id,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Done(Ending, Generic[Out_co]):
    """The run answered.

    Attributes:
        output: the answer as the type that was asked for; the text where none was. It
            is not kept in a session, which has the text.
    """

    kind: ClassVar[str] = "done"

    # A value of the application's own class: a session file could not hold it.
    output: Out_co = field(default=cast(Any, None), metadata={"kept": False})


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


Outcome: TypeAlias = Done[Out_co] | NeedsApproval | NeedsInput | Stopped


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """The first step of a run, with nothing carried out.

    Attributes:
        route: the backend that planned, and why.
        calls: what it would call.
        text: what it says.
        needs_input: what the user would be asked first.
        faults: what could not be read as a call, in words.
        stopped: why there is no plan; empty when there is one.
        usage: tokens read and written, and what they cost.
        bytes_out: bytes that left the device.
    """

    route: Route
    calls: tuple[ToolCall, ...] = ()
    text: str = ""
    needs_input: Question | None = None
    faults: tuple[str, ...] = field(default=())
    stopped: StopReason | Literal[""] = ""
    usage: Usage = NO_USAGE
    bytes_out: int = 0

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data, the shape of `plan --json`."""
        asked = self.needs_input.as_dict() if self.needs_input else None
        return {
            "route": {"backend": self.route.backend, "reason": self.route.reason},
            "calls": [call.as_dict() for call in self.calls],
            "text": self.text,
            "needs_input": asked,
        }
