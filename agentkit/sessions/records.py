"""What is known of a session and of its runs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any, Literal

from agentkit.messages import Conversation
from agentkit.outcomes import Ending, Outcome
from agentkit.routing import Route

RunState = Literal[
    "open", "done", "needs_approval", "needs_input", "stopped", "interrupted"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRecord:
    """One run of a session.

    Attributes:
        id: names it, in the journal too.
        number: 1 for the session's first.
        state: `open` while it goes on, `interrupted` when its process ended before it
            did, else the kind of its outcome.
        started: when, ISO 8601.
        ended: when it ended or paused; empty while it goes on.
        routes: the backend of each step, and why.
        outcome: how it ended or paused, its conversation left out; None while open.
    """

    id: str
    number: int
    state: RunState
    started: str
    ended: str = ""
    routes: tuple[Route, ...] = ()
    outcome: Ending | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        told = self.outcome.as_dict() if self.outcome else {}
        return {
            "id": self.id,
            "state": self.state,
            "started": self.started,
            "ended": self.ended,
            "routes": [{"backend": r.backend, "reason": r.reason} for r in self.routes],
            **{key: told[key] for key in ("text", "pending") if key in told},
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionRecord:
    """A session, as a list shows it.

    Attributes:
        id: names it.
        title: how it began.
        assistant: who assists; empty when an application's own.
        kind: `chat`, or `run` for a single request.
        created: when, ISO 8601.
        changed: when something was last said.
        messages: how many messages it holds.
        state: that of its last run; empty when there is none.
        accepted: messages that the user agreed to export for training.
    """

    id: str
    title: str
    assistant: str
    kind: str
    created: str
    changed: str
    messages: int = 0
    state: RunState | Literal[""] = ""
    accepted: int = 0

    def facts(self) -> dict[str, str]:
        """Return what the row's value holds."""
        return {"title": self.title, "assistant": self.assistant, "kind": self.kind}

    def as_dict(self) -> dict[str, Any]:
        """Return it as JSON-like data."""
        return {
            "id": self.id,
            "title": self.title,
            "assistant": self.assistant,
            "kind": self.kind,
            "created": self.created,
            "changed": self.changed,
            "messages": self.messages,
            "state": self.state,
            "accepted": self.accepted,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Transcript:
    """All of one session.

    Attributes:
        session: what it is.
        conversation: its messages.
        runs: its runs, oldest first.
        damaged: what of it could not be read, and was kept aside.
    """

    session: SessionRecord
    conversation: Conversation
    runs: tuple[RunRecord, ...] = ()
    damaged: tuple[str, ...] = field(default=())


def without_conversation(outcome: Outcome) -> Outcome:
    """Leave the conversation out: it is kept message by message."""
    return replace(outcome, conversation=())
