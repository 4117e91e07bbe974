"""A session written out: as JSON, or as Markdown to read."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from agentkit.messages import Message
from agentkit.prompting.calls import calls_text
from agentkit.prompting.results import result_text
from agentkit.sessions.forms import VERSION, to_json
from agentkit.sessions.records import Transcript

_TICKS = re.compile(r"`+")
_SPEAKERS = {
    "system": "Instructions",
    "user": "You",
    "assistant": "Assistant",
    "tool": "Result",
}


def as_json(found: Transcript) -> dict[str, Any]:
    """Return all of a session as JSON-like data; messages in their stable form."""
    messages = json.loads(to_json(list(found.conversation)))["value"]
    return {
        "version": VERSION,
        "session": found.session.as_dict(),
        "runs": [run.as_dict() for run in found.runs],
        "messages": messages,
        "damaged": list(found.damaged),
    }


def as_markdown(found: Transcript) -> str:
    """Write a session to be read; what was said is quoted, and marks nothing up."""
    session = found.session
    lines = [f"# Session {session.id}", "", f"{session.created} to {session.changed}"]
    for message in found.conversation:
        lines += ["", f"**{_SPEAKERS[message.role]}**{_about(message)}", ""]
        lines += _fenced(spoken(message))
    for run in found.runs:
        if run.state not in ("done", "open"):
            lines += ["", f"Run {run.number}: {run.state.replace('_', ' ')}."]
    for told in found.damaged:
        lines += ["", "Damaged:", "", *_fenced(told)]
    return "\n".join(lines) + "\n"


def spoken(message: Message) -> str:
    """Return what a message says: text, calls or a result."""
    parts = [message.text] if message.text else []
    if message.calls:
        parts.append(calls_text(message.calls, "pythonic", tagged=False))
    if message.result is not None:
        parts.append(f"{message.result.name}: {result_text(message, None)}")
    return "\n".join(parts)


def _about(message: Message) -> str:
    facts = list(_facts(message))
    return f" ({', '.join(facts)})" if facts else ""


def _facts(message: Message) -> Iterator[str]:
    if message.result is not None and message.result.status != "done":
        yield message.result.status
    if message.label.privacy != "public":
        yield message.label.privacy
    if message.label.trust == "untrusted":
        yield "untrusted"


def _fenced(text: str) -> list[str]:
    """Fence a text with more backticks than it holds in a row."""
    longest = max((len(run) for run in _TICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    return [f"{fence}text", *text.splitlines(), fence]
