"""May a call run, must somebody be asked, or is a value missing: from its traces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from agentkit.messages import Call
from agentkit.provenance.evidence import Evidence
from agentkit.provenance.forms import EMAIL, URL, addresses, plain, words
from agentkit.provenance.requests import asks_for
from agentkit.provenance.tracing import Trace, trace_call
from agentkit.tools import AnyTool

Finding = Literal["clear", "follows", "unrequested", "unsaid", "invented"]

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
    """

    finding: Finding
    traces: tuple[Trace, ...] = ()
    reason: str = ""
    source: str = ""
    tainted: bool = False
    slot: str = ""
    quotes: tuple[str, ...] = ()


CLEAR = Verdict("clear")


def judge(call: Call, tool: AnyTool, evidence: Evidence) -> Verdict:
    """Judge one call by where its values come from."""
    traces = trace_call(call, tool, evidence)
    tainted = any(trace.ground == "text" for trace in traces)
    followed = _followed(tool, traces)
    if followed:
        return _told("follows", traces, followed, tainted)
    unsaid = _unsaid(tool, traces, evidence)
    if unsaid:
        return _told(unsaid[1], traces, unsaid[0], tainted)
    if _unrequested(tool, traces, evidence):
        source = next((t.source for t in traces if t.ground == "text"), "")
        reason = f"your words do not speak of what {tool.name} does"
        return Verdict(
            "unrequested", traces, reason, source, tainted, quotes=_quotes(traces)
        )
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


def _followed(tool: AnyTool, traces: Sequence[Trace]) -> Trace | None:
    """Find a deciding value that text of somebody else chose."""
    return next(
        (t for t in traces if t.ground == "text" and _decides(t, tool)),
        None,
    )


def _decides(trace: Trace, tool: AnyTool) -> bool:
    if trace.role.decides:
        return True
    # A value that is an address decides, whatever its argument is called.
    return (
        trace.role.kind == "plain"
        and tool.effect != "read"
        and _is_address(trace.value)
    )


def _is_address(value: str) -> bool:
    return bool(EMAIL.fullmatch(value.strip()) or URL.fullmatch(value.strip()))


def _unsaid(
    tool: AnyTool, traces: Sequence[Trace], evidence: Evidence
) -> tuple[Trace, Finding] | None:
    """Find a deciding value that nobody said, and whether it is made up."""
    if tool.effect == "read":
        return None
    for trace in traces:
        if trace.ground != "nowhere" or not _decides(trace, tool):
            continue
        alike, specific = _resembles(trace, evidence), _is_specific(trace)
        if specific or not alike:
            return trace, "invented" if specific and not alike else "unsaid"
    return None


def _resembles(trace: Trace, evidence: Evidence) -> bool:
    """Tell whether a part of the value was said: `ana@home.org` where `Ana` was."""
    if trace.role.kind in ("amount", "url"):
        return False
    said, name = evidence.user_words, trace.value.partition("@")[0]
    letters = [word for word in words(name) if len(word) > 2]
    return any(word in said for word in letters if not word.isdigit())


def _is_specific(trace: Trace) -> bool:
    """Tell an address, a number, an amount from a mere name."""
    if trace.role.kind in ("amount", "url") or addresses(trace.value):
        return True
    return any(char.isdigit() for char in trace.value)


def _unrequested(tool: AnyTool, traces: Sequence[Trace], evidence: Evidence) -> bool:
    """Tell whether untrusted text was read and the user did not ask for such a thing."""
    if tool.effect == "read" or all(source.trusted for source in evidence.results):
        return False
    if asks_for(tool, evidence.user_words):
        return False
    if tool.effect in ("send", "delete"):
        return True
    return any(t.ground == "text" or _is_read(t) for t in traces)


def _is_read(trace: Trace) -> bool:
    """Tell whether a deciding value was read somewhere, not said by the user."""
    return trace.role.decides and trace.ground != "user"


def _quotes(traces: Sequence[Trace]) -> tuple[str, ...]:
    return tuple(
        f"{trace.argument} quotes {trace.source}"
        for trace in traces
        if trace.role.kind == "content"
        and trace.ground == "text"
        and (len(plain(trace.value)) > _QUOTE)
    )
