"""Where the values of a call come from, as one would say it to the person who decides.

What is quoted here, such as the name of who wrote a mail, may be a stranger's words.
"""

from __future__ import annotations

from datetime import date

from agentkit.cli.screen import short_line
from agentkit.outcomes import Approval
from agentkit.safety.provenance import Trace

_THINGS = {"url": "page", "amount": "sum", "identifier": "one"}
# Characters of a name, and of a value: with both, one or two lines of a terminal.
_NAME, _VALUE = 60, 80


def origins(approval: Approval) -> list[str]:
    """Say whose words a call follows, what it quotes, where what decides comes from."""
    deciding = [one for one in approval.traces if one.role.decides]
    follows = approval.follows
    told: list[str] = []
    for trace in approval.traces:
        # The reason tells of one of them, in words that are meant for a model.
        if str(trace) in follows:
            told = [follows.replace(str(trace), plainly(trace))]
            deciding = [one for one in deciding if one != trace]
            follows = ""
    told += [line for line in (follows, *approval.quotes) if line]
    return list(dict.fromkeys([*told, *map(plainly, deciding)]))


def plainly(trace: Trace) -> str:
    """Say where a value comes from.

    Example:
        "You did not name this address, eve@example.org; it stands in what Tom wrote on
        Mon 2 Mar"
    """
    value, thing = short_line(trace.value, _VALUE), _thing(trace)
    place = _place(trace)
    if trace.ground == "user":
        return f"You named {value}"
    if trace.ground == "linked":
        return f"{value} stands in {place}, which you named"
    if trace.ground == "field":
        return f"{value} stands in {place}"
    if trace.ground == "text":
        return f"You did not name this {thing}, {value}; it stands in {place}"
    return f"Nobody named this {thing}, {value}"


def _thing(trace: Trace) -> str:
    """Say what kind of thing it is."""
    if trace.role.kind == "recipient":
        return "address" if "@" in trace.value else "receiver"
    return _THINGS.get(trace.role.kind, trace.argument.replace("_", " "))


def _place(trace: Trace) -> str:
    if not trace.writer:
        return trace.source
    who = short_line(trace.writer, _NAME)
    day = _day(trace.written)
    return f"what {who} wrote on {day}" if day else f"what {who} wrote"


def _day(written: str) -> str:
    try:
        return f"{date.fromisoformat(written[:10]):%a %d %b}".replace(" 0", " ")
    except ValueError:
        return ""
