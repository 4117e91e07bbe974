"""The outcome of one step's calls: results, what is remembered, and the wording."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from agentkit.agent.stops import call_key
from agentkit.errors import AgentkitError, InputNeeded
from agentkit.language.user_language import in_words
from agentkit.messages import Label, Question, ToolCall, ToolResult
from agentkit.outcomes import Approval, CallFinished, Emit, StopReason
from agentkit.privacy.redaction import ERROR_LENGTH, error_line
from agentkit.safety.provenance import Verdict, times_wanted
from agentkit.safety.rules import Answer, Rule
from agentkit.tools import Toolset

_UNTRUSTED = Label("tool", trust="untrusted")


@dataclass(slots=True)
class CallBatch:
    """The calls of one step and their results.

    Attributes:
        emit: told each result.
        results: one for each call that is settled, in the order of the calls.
        pending: calls that wait for a yes, since nobody is there to ask.
        question: what the user must be asked; None when nothing.
        answers: what was said to each literal call; None while it waits.
        tainted: calls that untrusted text had a part in, by their key.
        unread: calls that no tool was given, since they did not fit, by their key.
        edited: what the user changed a call into, by the key of what it became.
        settled: what came of the calls so far, by their place in the step.
        asked: how often each literal call was asked for so far.
    """

    emit: Emit
    results: list[ToolResult] = field(default_factory=list[ToolResult])
    pending: list[Approval] = field(default_factory=list[Approval])
    question: Question | None = None
    answers: dict[str, Answer | None] = field(default_factory=dict[str, Answer | None])
    tainted: set[str] = field(default_factory=set[str])
    unread: set[str] = field(default_factory=set[str])
    edited: dict[str, ToolCall] = field(default_factory=dict[str, ToolCall])
    settled: dict[int, ToolResult] = field(default_factory=dict[int, ToolResult])
    asked: Counter[str] = field(default_factory=Counter[str])

    def label(self, result: ToolResult, label: Label) -> Label:
        """Return the label of a result: untrusted when untrusted text shaped the call.

        What is said of a call that was not run is the application's own text.
        """
        if result.status == "error" and call_key(result.call) in self.unread:
            label = Label("application", label.privacy, label.trust)
        return label.join(_UNTRUSTED) if self.is_tainted(result.call) else label

    def is_tainted(self, call: ToolCall) -> bool:
        """Tell whether untrusted text shaped a call."""
        return bool(self.tainted) and call_key(call) in self.tainted

    @property
    def done(self) -> Mapping[str, Any]:
        """The values of the calls that were done so far, by their id."""
        settled = self.settled.values()
        return {one.call.id: one.value for one in settled if one.status == "done"}

    def tell(self, result: ToolResult, seconds: float = 0.0) -> ToolResult:
        """Announce the result of a call, and return it."""
        self.emit(CallFinished(result, seconds))
        return result

    def ask_user(self, call: ToolCall, asked: InputNeeded) -> ToolResult:
        """Leave a call for the user to answer; one question is asked in a step."""
        question = Question(call.name, asked.slot, asked.question, asked.candidates)
        # One question at a time: the answer often settles the others.
        self.question = self.question or question
        note = f"{call.name} waits for the user's answer: {asked.question}"
        return self.tell(ToolResult(call, "skipped", note))

    def close(self) -> None:
        """Put the results in order.

        Each call that the user changed is answered, and what it became is put at the
        end.
        """
        # Calls end in any order; the conversation lists them as the model wrote them.
        results = [self.settled[place] for place in sorted(self.settled)]
        if not self.edited:
            self.results = results
            return
        ours = [one for one in results if call_key(one.call) in self.edited]
        self.results = [self._changed(one) if one in ours else one for one in results]
        self.results += ours

    def _changed(self, result: ToolResult) -> ToolResult:
        note = "The user changed the arguments; what they made of it follows."
        return ToolResult(self.edited[call_key(result.call)], "skipped", note)


class Memory:
    """Calls that one run does not repeat, by name and arguments."""

    def __init__(self, toolset: Toolset, request: str = "") -> None:
        """Store the tools: reads may be repeated, effects may not.

        Args:
            toolset: the tools.
            request: the user's words, which may ask for the same more than once.
        """
        self._toolset = toolset
        self._request = request
        self._final: dict[str, ToolResult] = {}
        self._done: Counter[str] = Counter()

    def was_left(self, call: ToolCall) -> bool:
        """Tell whether a call timed out and may still be running."""
        final = self._final.get(call_key(call))
        return final is not None and final.status == "error"

    def note(self, result: ToolResult) -> None:
        """Remember an effect that was done, or a call that was denied."""
        if result.name not in self._toolset:
            return
        effect = self._toolset[result.name].effect
        # A read may be asked for again: what it reads can have changed.
        is_done = result.status == "done" and effect != "read"
        if is_done:
            self._done[call_key(result.call)] += 1
        if is_done or result.status == "denied":
            self.keep(result)

    def keep(self, result: ToolResult) -> None:
        """Remember the result of a call, whatever it is."""
        self._final[call_key(result.call)] = result

    def recall(self, call: ToolCall) -> ToolResult | None:
        """Return the earlier result of the same call; None when it may be run."""
        final = self._final.get(call_key(call)) if self._final else None
        if final is None or (final.status == "done" and self._is_wanted(call)):
            return None
        return ToolResult(call, final.status, final.value)

    def turn(self, call: ToolCall, beside: int) -> int:
        """Return how many times a call was asked for before, 0 for the first time.

        What is asked for more often than the user wants is the last time again.

        Args:
            call: what is asked for.
            beside: how many calls before it in its step are the same.
        """
        before = beside + (self._done[call_key(call)] if self._done else 0)
        if not before:
            return 0
        return min(before, times_wanted(self._request, call.arguments) - 1)

    def _is_wanted(self, call: ToolCall) -> bool:
        wanted = times_wanted(self._request, call.arguments)
        return self._done[call_key(call)] < wanted


# A verdict speaks to the user; the model reads what was refused.
_OF_THE_USER = (("your words", "the user's words"), ("you did not", "the user did not"))


def unknown_tool(name: str, known: tuple[str, ...]) -> str:
    """Say that a tool does not exist, and which one may have been meant."""
    close = difflib.get_close_matches(name, known, n=1)
    # The list is the fallback: one near name is what a small model acts on.
    hint = f"There are: {', '.join(known)}." if known else "There are no tools."
    if close:
        hint = f"Did you mean {close[0]!r}?"
    return f"Unknown tool {name!r}. {hint}"


def error_text(error: Exception) -> str:
    """Word an error in one line, without secrets, not too long."""
    kind = type(error).__name__
    if isinstance(error, AgentkitError):
        return error_line(error)
    # 2 for the ": " between the kind and the line.
    line = error_line(error, ERROR_LENGTH - len(kind) - 2)
    return line if line == kind else f"{kind}: {line}"


def invented_value(verdict: Verdict) -> InputNeeded:
    """Make the question about a value that nobody said."""
    value = next(t.value for t in verdict.traces if t.argument == verdict.slot)
    question = f"{verdict.slot}: nobody said {value!r}. What should it be?"
    return InputNeeded(verdict.slot, question, (value,))


def refused(call: ToolCall, verdict: Verdict, rule: Rule | None) -> str:
    """Say that a call may not be run, and why."""
    reason = verdict.reason or "it would have to be asked about"
    for yours, theirs in _OF_THE_USER:
        reason = reason.replace(yours, theirs)
    if rule and rule.answer == "never":
        reason = f"the user has set the rule '{rule}'"
    return (
        f"{call.name} was not run: {reason}, and only the user may choose "
        "that. Do not retry; go on with what the user asked for."
    )


def denied(preview: str, reason: str) -> str:
    """Word the user's no to a call, with their reason where they gave one."""
    note = f"The user said no, do not retry: {preview}"
    return f"{note}\nThe user says why: {reason}" if reason else note


def too_many_sends(call: ToolCall, most: int | None) -> str:
    """Say that no more may be sent in this hour."""
    return f"{call.name} was not run: the limit is {most} sends an hour. Tell the user."


def out_of_time(call: ToolCall) -> str:
    """Say that a call was not begun, since the run's time is used up."""
    return f"{call.name} was not run: the run's time is used up."


def standstill_text(reason: StopReason, calls: Iterable[ToolCall]) -> str:
    """Say that a run stopped since the model asked for the same again."""
    names = ", ".join(dict.fromkeys(call.name for call in calls)) or "a bad call"
    in_turns = reason == "oscillation"
    again = "the same calls in turns" if in_turns else "the same call"
    return f"Stopped: the model asked for {again} ({names}) again."


def waiting_text(calls: Iterable[ToolCall]) -> str:
    """Say which calls wait for the user's yes."""
    names = ", ".join(call.name for call in calls)
    return in_words("Waiting for your approval: {said}.", names)
