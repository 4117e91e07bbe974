"""A conversation, read once for what its values may come from."""

from __future__ import annotations

from collections.abc import Iterable

from agentkit.messages import Message, Result
from agentkit.provenance.evidence import Evidence
from agentkit.provenance.forms import words
from agentkit.provenance.tracing import trace_call
from agentkit.tools import Toolset

_YES = frozenset(("yes", "yeah", "yep", "ok", "okay", "sure", "right", "correct"))
_JA = frozenset(("ja", "oui", "si", "sim", "हा", "ใช่"))
_SHORT = 4


def gather(messages: Iterable[Message], toolset: Toolset) -> Evidence:
    """Collect the sources of a conversation.

    Args:
        messages: what was said and read so far, oldest first.
        toolset: the tools that the results come from.
    """
    evidence = Evidence(toolset)
    asked = ""
    for message in messages:
        if message.role in ("user", "system"):
            # A yes to a question says what the question says.
            agreed = asked if _is_yes(message.text) else ""
            evidence.say(f"{agreed} {message.text}".strip())
        elif message.result is not None:
            chosen = chosen_by_others(message.result, evidence)
            evidence.add(message.result, message.label, chosen=chosen)
        asked = message.text if message.role == "assistant" else ""
    return evidence


def chosen_by_others(result: Result, evidence: Evidence) -> bool:
    """Tell whether text of somebody else chose an argument of the call."""
    if not result.arguments or result.name not in evidence.toolset:
        return False
    traces = trace_call(result.call, evidence.toolset[result.name], evidence)
    return any(trace.ground == "text" for trace in traces)


def _is_yes(text: str) -> bool:
    said = words(text)
    return len(said) <= _SHORT and bool((_YES | _JA) & set(said[:1]))
