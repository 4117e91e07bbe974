"""The verdict on a call by its traces: run it, ask somebody, or a value is missing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agentkit.messages import ToolCall
from agentkit.safety.provenance.comparison import addresses, plain
from agentkit.safety.provenance.evidence import Evidence
from agentkit.safety.provenance.request_words import (
    asks_for,
    changes,
    claimed,
    deletion_verbs,
    looks,
    opens,
    order_verbs,
    pays,
    sends,
)
from agentkit.safety.provenance.roles import Role, readings_of
from agentkit.safety.provenance.trace import Trace, trace_call
from agentkit.safety.provenance.unsaid_values import decides, is_wary, unsaid_value
from agentkit.safety.provenance.verb_kinds import DELEGATING_WORDS, PASSING_WORDS
from agentkit.tools import AnyTool

Finding = Literal["clear", "follows", "unrequested", "unsaid", "invented"]
# What is done about a finding is the stricter the further on it stands.
_GRAVITY: tuple[Finding, ...] = (
    "clear",
    "unsaid",
    "invented",
    "unrequested",
    "follows",
)

# Characters; a shorter text stands in a long one by chance.
_QUOTE = 6


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the traces of a call say.

    Attributes:
        finding: `clear`; `follows` when text of somebody else chose what only the
            user may; `unrequested` when it does what the user's words do not speak
            of; `unsaid` when nobody said a deciding value, but it may be meant;
            `invented` when an address, number or amount is like nothing that was said.
        traces: where every value comes from.
        reason: the finding in words; empty when clear.
        source: whose words it follows, in words; empty when nobody's.
        tainted: untrusted text had a part in it, so what it returns is untrusted.
        slot: the argument that nobody gave, when unsaid or invented.
        quotes: arguments that repeat text of somebody else, and whose.
        requested: the user's words speak of such an action.
    """

    finding: Finding
    traces: tuple[Trace, ...] = ()
    reason: str = ""
    source: str = ""
    tainted: bool = False
    slot: str = ""
    quotes: tuple[str, ...] = ()
    requested: bool = True


CLEAR = Verdict("clear")


def judge(call: ToolCall, tool: AnyTool, evidence: Evidence) -> Verdict:
    """Judge one call by where its values come from.

    The graver verdict counts of the roles that the tool declares and of what would be
    read if it declared none, so that to declare one never makes a call easier.
    """
    found = (_judge(call, tool, evidence, roles) for roles in readings_of(tool))
    return max(found, key=lambda verdict: _GRAVITY.index(verdict.finding))


def _judge(
    call: ToolCall, tool: AnyTool, evidence: Evidence, roles: Mapping[str, Role]
) -> Verdict:
    traces = trace_call(call, tool, evidence, roles)
    tainted = any(trace.ground == "text" for trace in traces)
    # What a stranger chose is the gravest finding, so it is looked for first.
    followed = _followed(tool, traces)
    if followed:
        found = _told("follows", traces, followed, tainted)
        return replace(found, requested=_is_requested(tool, evidence))
    unrequested = _unrequested(tool, traces, evidence)
    if unrequested:
        source = next((t.source for t in traces if t.ground == "text"), "")
        found = Verdict(
            "unrequested",
            traces,
            unrequested,
            source,
            tainted,
            quotes=_quotes(traces),
            requested=_is_requested(tool, evidence),
        )
        return found if found.requested else _ordered(found, tool, evidence)
    unsaid = unsaid_value(tool, traces, evidence)
    if unsaid:
        return _told(unsaid[1], traces, unsaid[0], tainted)
    return Verdict("clear", traces, tainted=tainted, quotes=_quotes(traces))


def _told(
    finding: Finding,
    traces: tuple[Trace, ...],
    trace: Trace,
    tainted: bool,
) -> Verdict:
    slot = "" if finding == "follows" else trace.argument
    return Verdict(
        finding, traces, str(trace), trace.source, tainted, slot, _quotes(traces)
    )


def _is_requested(tool: AnyTool, evidence: Evidence) -> bool:
    """Tell whether the user asks for such an action, or to do what a text says."""
    return asks_for(tool, evidence.verbs) or bool(evidence.verbs & DELEGATING_WORDS)


def _ordered(found: Verdict, tool: AnyTool, evidence: Evidence) -> Verdict:
    """See whether others' text speaks of a deletion that the user's words do not."""
    found_in = map(evidence.in_prose, sorted(deletion_verbs(tool)))
    source = next((source for source in found_in if source), None)
    if source is None:
        return found
    reason = f"{found.reason}, but somebody else's, in {source.title}"
    return replace(found, finding="follows", reason=reason, source=source.title)


def _followed(tool: AnyTool, traces: Sequence[Trace]) -> Trace | None:
    """Find a deciding value that text of somebody else chose."""
    return next(
        (t for t in traces if t.ground == "text" and decides(t, tool)),
        None,
    )


def _unrequested(tool: AnyTool, traces: Sequence[Trace], evidence: Evidence) -> str:
    """Say why a call is not what the user asked for, once others' text was read."""
    if looks(tool) or not is_wary(tool, evidence):
        return ""
    said = evidence.verbs - claimed(tool, evidence.toolset, evidence.user_words)
    if not asks_for(tool, said):
        given = bool(traces) and all(
            trace.ground in ("user", "linked") for trace in traces
        )
        # A plain change whose every value is the user's is theirs, in whatever words
        # they asked.
        if tool.effect != "write" or not given or opens(tool):
            return f"your words do not speak of what {tool.name} does"
    if tool.effect == "write" and _is_dictated(tool, traces):
        return f"{_theirs(traces)}, and nothing in the call from your words"
    # Who is paid or how much must be the user's word: a record of their own may hold
    # what a stranger wrote.
    if pays(tool) and _is_of_fields(traces):
        return f"{traces[0]}, and neither who is paid nor how much from your words"
    # Value by value: things that the user did not name, and texts that they did not ask
    # to pass on.
    for trace in traces:
        if trace.ground == "field" and trace.role.kind == "identifier":
            if trace.trusted and _is_picked(tool, evidence):
                continue
            return f"{trace}, and you did not name it"
        if _is_copied(tool, trace) and not evidence.verbs & PASSING_WORDS:
            return f"{trace}, and you did not ask to pass it on"
    return ""


def _is_picked(tool: AnyTool, evidence: Evidence) -> bool:
    """Tell whether the model may pick from the device's own list: "the best rated hotel".

    Where to something goes may be picked, what is changed or deleted may not; and neither
    where others' text speaks of doing the same.
    """
    return tool.effect == "send" and not evidence.speaks_of(order_verbs(tool))


def _is_of_fields(traces: Sequence[Trace]) -> bool:
    """Tell whether nothing that decides in a call is from the user's words."""
    deciding = [trace.ground for trace in traces if trace.role.decides]
    return bool(deciding) and not {"user", "linked"} & set(deciding)


def _is_dictated(tool: AnyTool, traces: Sequence[Trace]) -> bool:
    """Tell whether values come from others' text, and none from the user's words."""
    grounds = {trace.ground for trace in traces}
    if grounds & {"user", "linked", "field"}:
        return False
    # What is put in the place of something may be theirs in other words, too.
    if changes(tool):
        return bool(grounds)
    # A note of one text chooses nothing.
    return len(traces) > 1 and "text" in grounds


def _theirs(traces: Sequence[Trace]) -> Trace:
    return next((one for one in traces if one.ground == "text"), traces[0])


def _is_copied(tool: AnyTool, trace: Trace) -> bool:
    """Tell whether a text that is sent repeats a stranger's word for word."""
    return (
        sends(tool)
        and trace.role.kind == "content"
        and trace.ground == "text"
        and (" " in trace.value.strip() or bool(addresses(trace.value)))
    )


def _quotes(traces: Sequence[Trace]) -> tuple[str, ...]:
    return tuple(
        f"{trace.argument} quotes {trace.source}"
        for trace in traces
        if trace.role.kind == "content"
        and trace.ground == "text"
        and (len(plain(trace.value)) > _QUOTE)
    )


_NOTHING = frozenset[str]()


@dataclass(frozen=True, slots=True)
class Chosen:
    """The deciding values of a call that others chose, and what nobody asked to do.

    Attributes:
        places: receivers and pages; one of them is enough to know it again.
        values: all of them.
        unasked: the tool, where the user's words do not speak of what it does.
    """

    places: frozenset[str] = _NOTHING
    values: frozenset[str] = _NOTHING
    unasked: str = ""

    @classmethod
    def of(cls, verdict: Verdict, tool: str) -> Chosen:
        """Take from a verdict what the user did not choose; empty when they did.

        Args:
            verdict: where the values of a call come from.
            tool: the name of what is called.
        """
        unasked = "" if verdict.requested else tool
        if verdict.finding != "follows":
            return cls(unasked=unasked)
        theirs = [t for t in verdict.traces if t.ground == "text" and t.role.decides]
        places = (t.value for t in theirs if t.role.kind in ("recipient", "url"))
        return cls(frozenset(places), frozenset(t.value for t in theirs), unasked)

    def covers(self, other: Chosen) -> bool:
        """Tell whether a no to this is a no to another."""
        # What was refused as never asked for is refused with other values, too.
        if self.unasked and self.unasked == other.unasked:
            return True
        # A no to some values holds for a call that has more of them.
        same = bool(self.values) and self.values <= other.values
        return same or bool(self.places & other.places)
