"""Shows a run as it happens: calls, approvals, answer, summary.

What the assistant says and what happens may go to two screens: `agentkit run` puts the
answer alone on standard output.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from agentkit.agent.calls.approval import Approve
from agentkit.cli.ctrl_c import noticed
from agentkit.cli.phrasebook import told
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
    ReasoningDelta,
    Repaired,
    RunFinished,
    ShieldChecked,
    StepFinished,
    StepStarted,
    Stopped,
    TextDelta,
    ToolsSelected,
)
from agentkit.privacy.gate import Ask, Departure
from agentkit.pythonic import format_calls
from agentkit.safety.rules import Answer

_STYLES = {"done": "green", "error": "red", "denied": "yellow", "skipped": "yellow"}
_INDENT = "   "
# Characters of what a call that failed says: two lines of a terminal and a bit.
_VALUE_LIMIT = 200
# Characters that are left of a call or a value however narrow the terminal is.
_SHORTEST = 20
_MAY_LEAVE = (
    "For this once: --egress ask shows what would be sent and asks, --egress "
    "placeholders replaces personal values. For good: [privacy] in agentkit.toml."
)


class Narrator:
    """Shows the events of a run."""

    def __init__(
        self, screen: Screen, *, answers: Screen | None = None, verbose: bool = False
    ) -> None:
        """Store the screens.

        Args:
            screen: for what happens, and for questions.
            answers: for what the assistant says; the same when None.
            verbose: show reasons and values in full.
        """
        self._screen = screen
        self._answers = answers or screen
        self._questions = Questions(screen)
        self._verbose = verbose
        self._said = ""
        self._asked: list[Approval] = []
        self._past: list[Event] = []
        # What runs now and may change something: Ctrl-C waits until it is done.
        self._changing = ""

    @property
    def approve(self) -> Approve | None:
        """The callback that asks at the terminal; None when nobody is there."""
        # Both ends: a question that nobody sees must not wait for an answer.
        return self._ask if sys.stdin.isatty() and self._screen.is_terminal else None

    @property
    def ask_egress(self) -> Ask | None:
        """The callback that asks before text leaves; None when nobody is there."""
        return self._ask_egress if self.approve else None

    def follow(self, events: Iterable[Event]) -> Outcome:
        """Show events as they come and return the outcome they end in."""
        outcome: Outcome | None = None
        self._past = []
        self._changing = ""
        # Beside the run: its own thread may be waiting for a tool that cannot be
        # interrupted.
        with self._screen.working(), noticed(self._tell_waiting):
            for event in events:
                self._past.append(event)
                self.show(event)
                if isinstance(event, RunFinished):
                    outcome = event.outcome
        if outcome is None:
            raise RuntimeError("a run ended without an outcome")
        return outcome

    def show(self, event: Event) -> None:
        """Show one event."""
        if isinstance(event, TextDelta):
            self._say(event.text)
            return
        if isinstance(event, ReasoningDelta | StepFinished):
            return
        self._end_line(event)
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
        elif isinstance(event, CallStarted | CallFinished):
            self._call(event)
        elif isinstance(event, RunFinished):
            self._finished(event.outcome)

    def details(self) -> None:
        """Show all events of the last run except its answer."""
        past = [
            one for one in self._past if not isinstance(one, TextDelta | RunFinished)
        ]
        if not past:
            self._screen.line(told("Nothing was done yet."), "dim")
        with self._screen.working():
            # Another one: this one's state is that of the run to come.
            again = Narrator(self._screen, verbose=True)
            for event in past:
                again.show(event)

    def summary(self, outcome: Outcome) -> None:
        """Show steps, calls, time and bytes of a run."""
        steps, calls = outcome.steps, len(outcome.calls)
        left = told("{count} bytes left the device", count=outcome.bytes_out)
        self._screen.line(
            f"{_count(steps, 'step')} · {_count(calls, 'call')} · "
            f"{outcome.seconds:.2f} s · {left}",
            "dim",
        )

    def _say(self, text: str) -> None:
        """Show a piece of text on a terminal; a pipe gets the answer at the end."""
        if self._answers.is_terminal:
            self._screen.rest()
            if not self._said:
                self._gap()
            self._answers.piece(text)
        self._said += text

    def _gap(self) -> None:
        """Show an empty line, where the answer and the rest are on one screen."""
        if self._answers is self._screen or self._answers.is_terminal:
            self._screen.line()

    def _end_line(self, event: Event) -> None:
        """End the line of streamed text, once.

        Where it was not shown yet, show what was said beside a call: it is no answer.
        """
        if not self._said:
            return
        if self._answers.is_terminal:
            if not self._said.endswith("\n"):
                self._said += "\n"
                self._answers.line()
        elif isinstance(event, StepStarted | CallStarted | CallFinished):
            self._screen.line(self._said.strip(), "dim")
            self._said = ""

    def _step(self, event: StepStarted) -> None:
        self._said = ""
        if self._verbose:
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
        if verdict.safe and verdict.judged and not self._verbose:
            return
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
            (event.done, "it was done all the same", "green"),
            (event.not_done, "it was not done", "yellow"),
            (
                event.unknown,
                "it is not known to be done: agentkit journal",
                "bold red",
            ),
        )
        for entries, what, style in words:
            for entry in entries:
                english = f"An earlier run was cut off in {{tool}}: {what}"
                line = told(english, tool=entry.intent.tool)
                self._screen.line(f"{_INDENT}{line}", style)

    def _approval_given(self, event: ApprovalGiven) -> None:
        # Asked here: the person knows what they said.
        if event.approval in self._asked:
            return
        word = "approved" if event.approved else "refused"
        style = "green" if event.approved else "yellow"
        self._screen.parts(
            ("   ? ", "bold"),
            (short_line(event.approval.preview), ""),
            (f"  {told(word)}", style),
        )

    def _call(self, event: CallStarted | CallFinished) -> None:
        if isinstance(event, CallStarted):
            # Worded here: what is beside speaks no language of its own.
            told_of = told("cancelled once {tool} is done", tool=event.call.name)
            self._changing = told_of if event.effect != "read" else ""
            self._screen.spin(event.call.name)
            return
        self._changing, result = "", event.result
        took = f"  {event.seconds * 1000:.0f} ms" if event.seconds else ""
        status = f"  {told(result.status)}"
        beside = len(_INDENT + status + took)
        self._screen.parts(
            (_INDENT, ""),
            (self._fitting(_shown_call(result), beside), ""),
            (status, _STYLES[result.status]),
            (took, "dim"),
        )
        if self._verbose or result.status != "done":
            value = " ".join(str(result.value).split())
            shown = value if self._verbose else short_line(value, _VALUE_LIMIT)
            self._screen.line(f"{_INDENT}  {shown}", "dim")

    def _tell_waiting(self) -> None:
        """Show, as soon as Ctrl-C is pressed, that a change is being finished first."""
        if self._changing:
            self._screen.spin(self._changing)

    def _fitting(self, text: str, beside: int) -> str:
        """Cut a text to the room that other characters leave on its line."""
        most = max(self._screen.width - beside, _SHORTEST)
        whole = self._verbose or len(text) <= most
        return text if whole else text[: most - 3] + "..."

    def _finished(self, outcome: Outcome) -> None:
        self._screen.rest()
        # Shown while it was streamed, unless a pipe waits for the whole.
        if self._said.strip() != outcome.text.strip() or not self._answers.is_terminal:
            self._gap()
            self._answers.line(outcome.text)
        self._said = ""
        if isinstance(outcome, NeedsInput):
            for candidate in outcome.question.candidates:
                # Some questions name their candidates in the sentence already.
                if candidate not in outcome.text:
                    self._answers.line(f"  - {candidate}")
        elif isinstance(outcome, NeedsApproval):
            for item in outcome.pending:
                self._screen.line(f"  {told(item.effect)}: {short_line(item.preview)}")
            how = "Run it in a terminal, or with --yes, to approve."
            self._screen.line(told(how), "dim")
        elif isinstance(outcome, Stopped):
            stopped = told("(stopped: {reason})", reason=outcome.reason)
            self._screen.line(stopped, "yellow")
            if outcome.reason == "privacy" and "offline" not in outcome.text:
                self._screen.line(told(_MAY_LEAVE), "dim")
        self._gap()

    def _ask(self, approval: Approval) -> Answer:
        self._asked.append(approval)
        return self._questions.about_call(approval)

    def _ask_egress(self, departure: Departure) -> bool:
        return self._questions.about_departure(departure)


def _count(number: int, noun: str) -> str:
    return told(f"{{count}} {noun}{'s' * (number != 1)}", count=number)


def _shown_call(result: ToolResult) -> str:
    return format_calls([result.call])[1:-1]
