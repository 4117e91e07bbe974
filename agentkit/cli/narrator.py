"""A run told as it happens: route, call, approval, result, answer, summary."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from agentkit.agent.calls.approval import Approve
from agentkit.cli.questions import Questions
from agentkit.cli.screen import Screen, short_line
from agentkit.messages import ToolResult
from agentkit.outcomes import (
    Approval,
    ApprovalGiven,
    CallFinished,
    CallStarted,
    EffectsSettled,
    Event,
    NeedsApproval,
    NeedsInput,
    Outcome,
    Repaired,
    RunFinished,
    ShieldChecked,
    StepStarted,
    Stopped,
    TextDelta,
    ToolsSelected,
)
from agentkit.privacy.gate import Ask, Departure
from agentkit.pythonic import format_calls
from agentkit.safety.rules import Answer
from agentkit.tools.schema.json_schema import is_list

_STYLES = {"done": "green", "error": "red", "denied": "yellow", "skipped": "yellow"}
# Characters: two lines of a terminal.
_VALUE_LIMIT = 160
_MAY_LEAVE = (
    "For this once: --egress ask shows what would be sent and asks, --egress "
    "placeholders replaces personal values. For good: [privacy] in agentkit.toml."
)


class Narrator:
    """Shows the events of a run on a screen."""

    def __init__(self, screen: Screen, *, verbose: bool = False) -> None:
        """Take where to show, and whether to show reasons and values in full."""
        self._screen = screen
        self._questions = Questions(screen)
        self._verbose = verbose
        self._said = ""
        self._asked: list[Approval] = []

    @property
    def approve(self) -> Approve | None:
        """Asks at the terminal; None when nobody is there to answer."""
        return self._ask if sys.stdin.isatty() and self._screen.is_terminal else None

    @property
    def ask_egress(self) -> Ask | None:
        """Asks before text leaves the device; None when nobody is there to answer."""
        return self._ask_egress if self.approve else None

    def follow(self, events: Iterable[Event]) -> Outcome:
        """Show events as they come and return the outcome they end in."""
        outcome: Outcome | None = None
        with self._screen.working():
            for event in events:
                self.show(event)
                if isinstance(event, RunFinished):
                    outcome = event.outcome
        if outcome is None:
            raise RuntimeError("a run ended without an outcome")
        return outcome

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, TextDelta):
            self._said += event.text
            self._screen.piece(event.text)
            return
        self._end_line()
        if isinstance(event, StepStarted):
            self._step(event)
        elif isinstance(event, ToolsSelected | Repaired):
            self._aside(event)
        elif isinstance(event, ShieldChecked):
            self._shield_checked(event)
        elif isinstance(event, EffectsSettled):
            self._settled(event)
        elif isinstance(event, ApprovalGiven):
            self._approval_given(event)
        elif isinstance(event, CallStarted):
            self._screen.spin(event.call.name)
        elif isinstance(event, CallFinished):
            self._call_finished(event)
        elif isinstance(event, RunFinished):
            self._finished(event.outcome)

    def summary(self, outcome: Outcome) -> None:
        """Show what the run took."""
        steps, calls = outcome.steps, len(outcome.calls)
        self._screen.line(
            f"{_count(steps, 'step')} · {_count(calls, 'call')} · "
            f"{outcome.seconds:.2f} s · {outcome.bytes_out} bytes left the device",
            "dim",
        )

    def _end_line(self) -> None:
        """End the line that streamed text stands in, once."""
        if self._said and not self._said.endswith("\n"):
            self._said += "\n"
            self._screen.line()

    def _step(self, event: StepStarted) -> None:
        self._said = ""
        self._screen.parts(
            (f"{event.step}. ", "bold"),
            (event.route.backend, "bold cyan"),
            (f"  {event.route.reason}", "dim"),
        )
        self._screen.spin()

    def _aside(self, event: ToolsSelected | Repaired) -> None:
        if not self._verbose:
            return
        if isinstance(event, Repaired):
            self._screen.line(f"   repaired: {event.repair}", "dim")
            return
        shown = f"{len(event.names)} tools shown, {event.left_out} left out"
        self._screen.line(f"   {shown}: {', '.join(event.names)}", "dim")

    def _shield_checked(self, event: ShieldChecked) -> None:
        verdict = event.verdict
        word = "safe" if verdict.safe else "not safe"
        if not verdict.judged:
            word = "not judged, let through" if verdict.safe else "not judged"
        self._screen.parts(
            (f"   {event.name}: ", "dim"),
            ("request " if event.side == "input" else "answer ", "dim"),
            (word, "dim" if verdict.safe and verdict.judged else "yellow"),
            (f"  {event.seconds * 1000:.0f} ms", "dim"),
        )
        if verdict.reason:
            self._screen.line(f"     {short_line(verdict.reason)}", "yellow")

    def _settled(self, event: EffectsSettled) -> None:
        words = (
            (event.done, "was done all the same", "green"),
            (event.not_done, "was not done", "yellow"),
            (event.unknown, "is not known to be done: agentkit journal", "bold red"),
        )
        for entries, what, style in words:
            for entry in entries:
                line = (
                    f"   An earlier run was cut off in {entry.intent.tool}: it {what}"
                )
                self._screen.line(line, style)

    def _approval_given(self, event: ApprovalGiven) -> None:
        if event.approval in self._asked:
            return
        word = "approved" if event.approved else "refused"
        style = "green" if event.approved else "yellow"
        self._screen.parts(
            ("   ? ", "bold"),
            (short_line(event.approval.preview), ""),
            (f"  {word}", style),
        )

    def _call_finished(self, event: CallFinished) -> None:
        result = event.result
        self._screen.parts(
            ("   ", ""),
            (_shown_call(result, whole=self._verbose), ""),
            (f"  {result.status}", _STYLES[result.status]),
            (f"  {event.seconds * 1000:.0f} ms" if event.seconds else "", "dim"),
        )
        value = result.value
        if is_list(value) and not self._verbose:
            self._screen.line(f"     {_count(len(value), 'item')}", "dim")
        elif result.status != "done" or self._verbose or not isinstance(value, dict):
            self._screen.line(f"     {_shown_value(value, whole=self._verbose)}", "dim")

    def _finished(self, outcome: Outcome) -> None:
        if self._said.strip() != outcome.text.strip():
            self._screen.line()
            self._screen.line(outcome.text)
        self._said = ""
        if isinstance(outcome, NeedsInput):
            for candidate in outcome.question.candidates:
                if candidate not in outcome.text:
                    self._screen.line(f"  - {candidate}")
        elif isinstance(outcome, NeedsApproval):
            for item in outcome.pending:
                self._screen.line(f"  {item.effect}: {short_line(item.preview)}")
            self._screen.line("Run it in a terminal, or with --yes, to approve.", "dim")
        elif isinstance(outcome, Stopped):
            self._screen.line(f"(stopped: {outcome.reason})", "yellow")
            if outcome.reason == "privacy" and "offline" not in outcome.text:
                self._screen.line(_MAY_LEAVE, "dim")
        self._screen.line()

    def _ask(self, approval: Approval) -> Answer:
        self._asked.append(approval)
        return self._questions.about_call(approval)

    def _ask_egress(self, departure: Departure) -> bool:
        self._end_line()
        return self._questions.about_departure(departure)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _shown_call(result: ToolResult, *, whole: bool) -> str:
    text = format_calls([result.call])[1:-1]
    return text if whole else _cut(text)


def _shown_value(value: object, *, whole: bool) -> str:
    text = " ".join(str(value).split())
    return text if whole else _cut(text)


def _cut(text: str) -> str:
    return text if len(text) <= _VALUE_LIMIT else text[: _VALUE_LIMIT - 3] + "..."
