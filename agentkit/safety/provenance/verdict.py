"""The verdict on a call by its traces: run it, ask somebody, or a value is missing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from agentkit.language.tokens import MAIL, URL
from agentkit.messages import ToolCall
from agentkit.safety.provenance.comparison import (
    HANDLE,
    PATH,
    SITE,
    addresses,
    as_text,
    plain,
    words,
)
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
from agentkit.safety.provenance.roles import DELEGATING_WORDS, PASSING_WORDS
from agentkit.safety.provenance.trace import Trace, trace_call
from agentkit.tools import AnyTool

Finding = Literal["clear", "follows", "unrequested", "unsaid", "invented"]

# A shorter text stands in a long one by chance; a name or a title has few words.
_QUOTE, _NAME = 6, 5  # characters, words
_MARK = 2  # letters
_PAGES = (URL, SITE)
_THINGS = (URL, SITE, MAIL, PATH, HANDLE)


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
    """Judge one call by where its values come from."""
    traces = trace_call(call, tool, evidence)
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
    unsaid = _unsaid(tool, traces, evidence)
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
        (t for t in traces if t.ground == "text" and _decides(t, tool)),
        None,
    )


def _decides(trace: Trace, tool: AnyTool) -> bool:
    if trace.role.decides:
        return True
    if trace.role.kind != "plain":
        return False
    value = trace.value.strip()
    if (tool.effect == "delete" or sends(tool)) and trace.ground == "text":
        # A few words that a stranger wrote may name a receiver or a thing; a letter or
        # two, such as the `r` of a permission, stand in any text.
        return len(value.split()) <= _NAME and not _is_mark(value)
    # What looks like an address or a path decides, whatever its argument is called.
    shapes = _PAGES if tool.effect == "read" else _THINGS
    return any(shape.fullmatch(value) for shape in shapes)


def _is_mark(value: str) -> bool:
    return len(value) <= _MARK and value.isascii() and value.isalpha()


def _unsaid(
    tool: AnyTool, traces: Sequence[Trace], evidence: Evidence
) -> tuple[Trace, Finding] | None:
    """Find a deciding value that nobody said, and whether it is made up."""
    if tool.effect == "read" and not _is_wary(tool, evidence):
        return None
    for trace in traces:
        if trace.ground != "nowhere" or not _decides(trace, tool):
            continue
        if _is_left_to_model(trace, tool, evidence):
            continue
        alike, specific = _resembles(trace, evidence), _is_specific(trace)
        if specific or not alike:
            # Once others' text was read it may be theirs in disguise: a yes or no is
            # asked for, not a value, so that the run can go on without.
            made_up = specific and not alike and not evidence.read_others
            return trace, "invented" if made_up else "unsaid"
    return None


# An address that a model makes up is a fault, whatever was read; most others are a choice.
_NEVER_MADE_UP = ("recipient", "url")


def _is_left_to_model(trace: Trace, tool: AnyTool, evidence: Evidence) -> bool:
    """Tell whether a value that nobody said may be chosen by the model.

    The default is, and one thing where a number of things is asked for. So is what a
    plain change writes, as long as no text of others was read that could have chosen it.
    """
    schema = tool.parameters.get("properties", {}).get(trace.argument, {})
    if "default" in schema and as_text(schema["default"]) == trace.value:
        return True
    if trace.value == "1" and trace.argument.lower().endswith(_COUNTED):
        return True
    free = not (evidence.strict or evidence.read_texts or opens(tool))
    return free and tool.effect == "write" and trace.role.kind not in _NEVER_MADE_UP


# One of something is what is meant when nobody says how many.
_COUNTED = ("qty", "quantity", "count")


def _is_wary(tool: AnyTool, evidence: Evidence) -> bool:
    """Tell whether something was read that may have asked for what a tool does.

    Short values of the application's own tools ask for no change; for what leaves or is
    lost they count as others' all the same.
    """
    plain = tool.effect in ("read", "write") and not evidence.strict
    return evidence.read_texts if plain else evidence.read_others


def _resembles(trace: Trace, evidence: Evidence) -> bool:
    """Tell whether a part of the value was said: `ana@home.org` where `Ana` was."""
    if trace.role.kind in ("amount", "url"):
        return False
    said, name = evidence.user_words, trace.value.partition("@")[0]
    letters = [word in said for word in words(name) if len(word) > 2 and _letters(word)]
    # A path shares its folder with what was said, and is still another file.
    return all(letters) if trace.role.kind == "identifier" else any(letters)


def _letters(word: str) -> bool:
    return not word.isdigit()


def _is_specific(trace: Trace) -> bool:
    """Tell an address, a number, an amount from a mere name."""
    if trace.role.kind in ("amount", "url") or addresses(trace.value):
        return True
    return any(char.isdigit() for char in trace.value)


def _unrequested(tool: AnyTool, traces: Sequence[Trace], evidence: Evidence) -> str:
    """Say why a call is not what the user asked for, once others' text was read."""
    if looks(tool) or not _is_wary(tool, evidence):
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
    if pays(tool) and _is_of_fields(traces):
        return f"{traces[0]}, and neither who is paid nor how much from your words"
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
    # A note of one text chooses nothing; what it is put in the place of does.
    several = len(traces) > 1 or changes(tool)
    return several and "text" in grounds and not grounds & {"user", "linked", "field"}


def _theirs(traces: Sequence[Trace]) -> Trace:
    return next(trace for trace in traces if trace.ground == "text")


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
        if self.unasked and self.unasked == other.unasked:
            return True
        # A no to some values holds for a call that has more of them.
        same = bool(self.values) and self.values <= other.values
        return same or bool(self.places & other.places)
