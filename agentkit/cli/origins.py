"""Words for where the values of a call come from, for the user who approves.

What is quoted here, such as the name of who wrote a mail, may be a stranger's words.
"""

from __future__ import annotations

import re
from datetime import date

from agentkit.cli.phrasebook import day_in_words, told
from agentkit.cli.screen import short_line
from agentkit.outcomes import Approval
from agentkit.safety.provenance import Trace

_THINGS = {"url": "page", "amount": "sum", "identifier": "one"}
# Characters of a name, and of a value: with both, one or two lines of a terminal.
_NAME, _VALUE = 60, 80
# How the core words why it asks, which a model reads as well.
_REASONS = (
    "your words do not speak of what {tool} does",
    "{origin}, but somebody else's, in {source}",
    "{origin}, and nothing in the call from your words",
    "{origin}, and neither who is paid nor how much from your words",
    "{origin}, and you did not name it",
    "{origin}, and you did not ask to pass it on",
    "{argument} quotes {source}",
    "the result of {tool}",
)


def origins(approval: Approval) -> list[str]:
    """Return lines on whose words a call follows, quotes, and takes its values from."""
    deciding = [one for one in approval.traces if one.role.decides]
    follows = approval.follows
    lines: list[str] = []
    for trace in approval.traces:
        # The reason tells of one of them, in words that are meant for a model.
        # The core puts a trace into its sentence word for word.
        if str(trace) in follows:
            lines = [_worded(follows.replace(str(trace), plainly(trace)))]
            deciding = [one for one in deciding if one != trace]
            follows = ""
    lines += [_worded(line) for line in (follows, *approval.quotes) if line]
    return list(dict.fromkeys([*lines, *map(plainly, deciding)]))


def _worded(reason: str) -> str:
    """Translate a reason that the core words in English."""
    for english in _REASONS:
        # "{origin}, and you did not name it" as a pattern: each slot matches what
        # stands there.
        shape = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>.+)", re.escape(english))
        if found := re.fullmatch(shape, reason, re.DOTALL):
            values = {name: _worded(one) for name, one in found.groupdict().items()}
            return told(english, **values)
    return reason


def plainly(trace: Trace) -> str:
    """Return a sentence on where a value comes from.

    Example:
        "You did not name this address, eve@example.org; it stands in what Tom wrote on
        Mon 2 Mar"
    """
    value, thing = short_line(trace.value, _VALUE), _thing(trace)
    place = _place(trace)
    if trace.ground == "user":
        return told("You named {value}", value=value)
    if trace.ground == "linked":
        english = "{value} stands in {place}, which you named"
        return told(english, value=value, place=place)
    if trace.ground == "field":
        return told("{value} stands in {place}", value=value, place=place)
    if trace.ground == "text":
        english = "You did not name this {thing}, {value}; it stands in {place}"
        return told(english, thing=thing, value=value, place=place)
    return told("Nobody named this {thing}, {value}", thing=thing, value=value)


def _thing(trace: Trace) -> str:
    """Return a word for the kind of value."""
    if trace.role.kind == "recipient":
        return told("address" if "@" in trace.value else "receiver")
    thing = _THINGS.get(trace.role.kind)
    return told(thing) if thing else trace.argument.replace("_", " ")


def _place(trace: Trace) -> str:
    if not trace.writer:
        return _worded(trace.source)
    who = short_line(trace.writer, _NAME)
    day = _day(trace.written)
    if day:
        return told("what {who} wrote on {day}", who=who, day=day)
    return told("what {who} wrote", who=who)


def _day(written: str) -> str:
    try:
        return day_in_words(date.fromisoformat(written[:10]))
    except ValueError:
        return ""
