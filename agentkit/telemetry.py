"""Traces and metrics of runs by OpenTelemetry, in the words of its GenAI conventions.

Needs the extra `otel`. Content is left out: no request, argument, result or answer is in
a span, unless it is asked for. Source: OpenTelemetry semantic conventions for generative
AI, spans, agent spans and metrics.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentkit.agent.observers import add_observer
from agentkit.errors import MissingPackage
from agentkit.installation.distribution import this_installation
from agentkit.outcomes import (
    ApprovalAsked,
    ApprovalGiven,
    CallFinished,
    CallStarted,
    Event,
    NeedsApproval,
    Outcome,
    ShieldChecked,
    StepFinished,
    StepStarted,
    Stopped,
)

if TYPE_CHECKING:
    from opentelemetry.metrics import Histogram, MeterProvider
    from opentelemetry.trace import Span, Tracer, TracerProvider

# Characters of a text in a span, where content is asked for.
_CONTENT = 4_000


def instrument(
    tracer_provider: TracerProvider | None = None,
    meter_provider: MeterProvider | None = None,
    *,
    content: bool = False,
) -> Callable[[], None]:
    """Trace all runs of this process from now on.

    Args:
        tracer_provider: where spans go; OpenTelemetry's global one when None.
        meter_provider: where metrics go; OpenTelemetry's global one when None.
        content: also tell arguments, results and answers, which are the user's data.

    Returns:
        A function that ends it.

    Raises:
        MissingPackage: the extra `otel` is not installed.
    """
    try:
        # Imported here: `import agentkit` needs no OpenTelemetry.
        from opentelemetry import metrics, trace
    except ImportError as exc:
        raise MissingPackage("opentelemetry-sdk", "otel", "telemetry") from exc
    version = this_installation().version
    tracer = trace.get_tracer("agentkit", version, tracer_provider)
    meter = metrics.get_meter("agentkit", version, meter_provider)
    gauges = _Gauges(
        # Names and units of the conventions' metrics page: dashboards know them.
        tokens=meter.create_histogram("gen_ai.client.token.usage", "{token}"),
        seconds=meter.create_histogram("gen_ai.client.operation.duration", "s"),
    )
    return add_observer(
        lambda run_id: RunTracer(tracer, gauges, run_id, content=content)
    )


@dataclass(frozen=True, slots=True)
class _Gauges:
    tokens: Histogram
    seconds: Histogram


@dataclass(slots=True)
class RunTracer:
    """The spans of one run: the run itself, each step, call, approval and shield.

    Attributes:
        tracer: makes them.
        gauges: what is counted.
        run_id: names the run, in the journal too.
        content: whether texts are told.
    """

    tracer: Tracer
    gauges: _Gauges
    run_id: str
    content: bool = False
    _run: Span | None = None
    _token: Any = None
    _step: Span | None = None
    _calls: dict[int, Span] = field(default_factory=dict[int, "Span"])
    _approvals: dict[int, Span] = field(default_factory=dict[int, "Span"])

    def begin(self) -> None:
        """Open the span of the run, and let what runs inside it stand below it."""
        from opentelemetry import context, trace

        self._run = self.tracer.start_span(
            "invoke_agent agentkit",
            attributes={
                "gen_ai.operation.name": "invoke_agent",
                "gen_ai.agent.name": "agentkit",
                "agentkit.run.id": self.run_id,
            },
        )
        self._token = context.attach(trace.set_span_in_context(self._run))

    def hear(self, event: Event) -> None:
        """Open or close a span."""
        match event:
            case StepStarted():
                self._begin_step(event)
            case StepFinished():
                self._end_step(event)
            case CallStarted():
                # By identity: two equal calls of one step have a span each, and a call
                # may have no id.
                self._calls[id(event.call)] = self._begin_call(event)
            case CallFinished():
                self._end_call(event)
            case ApprovalAsked():
                name = event.approval.call.name
                # By identity, as calls: two may look the same to the user.
                self._approvals[id(event.approval)] = self.tracer.start_span(
                    f"approve {name}", attributes={"gen_ai.tool.name": name}
                )
            case ApprovalGiven():
                self._end_approval(event)
            case ShieldChecked():
                self._shield(event)
            case _:
                pass

    def end(self, outcome: Outcome | None, error: BaseException | None) -> None:
        """Close all that is open."""
        from opentelemetry import context
        from opentelemetry.trace import StatusCode

        run = self._run
        if run is None:
            return
        # Calls that wait, or that a cancelled run left: an open span would never be
        # exported.
        for span in (*self._calls.values(), *self._approvals.values()):
            span.end()
        self._close_step()
        if outcome is not None:
            run.set_attributes(_facts(outcome))
            if self.content:
                run.set_attribute("agentkit.text", outcome.text[:_CONTENT])
        if isinstance(outcome, Stopped):
            run.set_attribute("error.type", outcome.reason)
            run.set_status(StatusCode.ERROR, outcome.reason)
        if error is not None:
            run.set_attribute("error.type", type(error).__name__)
            run.set_status(StatusCode.ERROR, type(error).__name__)
        context.detach(self._token)
        run.end()

    def _begin_step(self, event: StepStarted) -> None:
        # A step whose backend was left for another one never says that it finished.
        self._close_step()
        backend = event.route.backend
        self._step = self.tracer.start_span(
            f"chat {backend}",
            attributes={
                "gen_ai.operation.name": "chat",
                "gen_ai.provider.name": backend,
                "agentkit.step": event.step,
                # A reason may quote the request.
                "agentkit.route.reason": event.route.reason if self.content else "",
            },
        )

    def _end_step(self, event: StepFinished) -> None:
        usage, step = event.usage, self._step
        if step is not None:
            if usage.total_tokens:
                step.set_attribute("gen_ai.usage.input_tokens", usage.input_tokens)
                step.set_attribute("gen_ai.usage.output_tokens", usage.output_tokens)
            if event.finish_reason:
                step.set_attribute(
                    "gen_ai.response.finish_reasons", [event.finish_reason]
                )
        named = {"gen_ai.operation.name": "chat", "gen_ai.provider.name": event.backend}
        if usage.total_tokens:
            for kind, count in (
                ("input", usage.input_tokens),
                ("output", usage.output_tokens),
            ):
                self.gauges.tokens.record(count, {**named, "gen_ai.token.type": kind})
        self._close_step()

    def _close_step(self) -> None:
        if self._step is not None:
            self._step.end()
        self._step = None

    def _begin_call(self, event: CallStarted) -> Span:
        span = self.tracer.start_span(
            f"execute_tool {event.call.name}",
            attributes={
                "gen_ai.operation.name": "execute_tool",
                "gen_ai.tool.name": event.call.name,
                "agentkit.tool.effect": event.effect,
            },
        )
        if self.content:
            told = json.dumps(event.call.as_dict()["arguments"], default=str)
            span.set_attribute("gen_ai.tool.call.arguments", told[:_CONTENT])
        return span

    def _end_call(self, event: CallFinished) -> None:
        from opentelemetry.trace import StatusCode

        result = event.result
        span = self._calls.pop(id(result.call), None)
        if span is None:  # it never began: denied, skipped or malformed
            if self._run is not None:
                facts = {"gen_ai.tool.name": result.name, "status": result.status}
                self._run.add_event("call not run", facts)
            return
        span.set_attribute("agentkit.call.status", result.status)
        if self.content:
            told = json.dumps(result.value, default=str)
            span.set_attribute("gen_ai.tool.call.result", told[:_CONTENT])
        if result.status == "error":
            span.set_attribute("error.type", "tool_error")
            span.set_status(StatusCode.ERROR)
        named = {
            "gen_ai.operation.name": "execute_tool",
            "gen_ai.tool.name": result.name,
        }
        self.gauges.seconds.record(event.seconds, named)
        span.end()

    def _end_approval(self, event: ApprovalGiven) -> None:
        span = self._approvals.pop(id(event.approval), None)
        if span is not None:
            span.set_attribute("agentkit.approved", event.approved)
            span.end()

    def _shield(self, event: ShieldChecked) -> None:
        span = self.tracer.start_span(
            f"shield {event.name}",
            attributes={
                "agentkit.shield.side": event.side,
                "agentkit.shield.safe": event.verdict.safe,
                "agentkit.shield.seconds": event.seconds,
            },
        )
        span.end()


def _facts(outcome: Outcome) -> dict[str, Any]:
    """Return an outcome's attributes: numbers and names, no text."""
    facts: dict[str, Any] = {
        "agentkit.outcome": outcome.kind,
        "agentkit.steps": outcome.steps,
        "agentkit.calls": len(outcome.calls),
        # What the gate let leave this device in this run.
        "agentkit.bytes_out": outcome.bytes_out,
        "gen_ai.usage.input_tokens": outcome.usage.input_tokens,
        "gen_ai.usage.output_tokens": outcome.usage.output_tokens,
    }
    if isinstance(outcome, NeedsApproval):
        facts["agentkit.pending"] = len(outcome.pending)
    return facts
