"""Records of sessions and runs, and the lock of a session."""

from __future__ import annotations

import json
import os
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from agentkit.backends.usage import Usage
from agentkit.errors import SessionHeld, StoreError
from agentkit.messages import Conversation, Message, ToolCall, ToolResult, close_calls
from agentkit.outcomes import Approval, Ending, NeedsApproval, Outcome
from agentkit.routing import NO_ROUTE, Route
from agentkit.stores.shared_files import locked, make_folder, write_json

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
        """Return the fields that are kept in the row's value."""
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
    """A session with its messages and runs.

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Unfinished:
    """A run to go on with: it waits for approval, or its process ended before it.

    Attributes:
        conversation: all messages of the session.
        calls: calls that have no result yet.
        results: what became of its other calls.
        steps: assistant turns it took so far.
        bytes_out: bytes that left the device so far.
        run_id: names it, in the journal too.
        asked: whether its open calls were shown to the user, who may answer now.
        route: who served its last step, and why.
        pending: what the user was shown, where it waits for approval.
        usage_by: what each backend used so far.
    """

    conversation: Conversation
    calls: tuple[ToolCall, ...]
    results: tuple[ToolResult, ...] = ()
    steps: int = 0
    bytes_out: int = 0
    run_id: str = ""
    asked: bool = True
    route: Route = NO_ROUTE
    pending: tuple[Approval, ...] = ()
    usage_by: Mapping[str, Usage] = field(default_factory=dict[str, Usage])


def paused_run(paused: NeedsApproval) -> Unfinished:
    """Return the run to continue from a paused outcome."""
    return Unfinished(
        conversation=paused.conversation,
        calls=_open_calls(paused.pending),
        results=paused.calls,
        steps=paused.steps,
        bytes_out=paused.bytes_out,
        run_id=paused.run_id,
        route=paused.route,
        pending=paused.pending,
        usage_by=paused.usage_by or _only_cost(paused),
    )


def _open_calls(pending: tuple[Approval, ...]) -> tuple[ToolCall, ...]:
    """Return the calls that wait, each once, even if it waits for several approvals."""
    calls: list[ToolCall] = []
    for item in pending:
        if item.within is None or item.within.call not in calls:
            calls.append(item.waits_in)
    return tuple(calls)


def _only_cost(paused: NeedsApproval) -> dict[str, Usage]:
    """Return the usage of an outcome that was kept before tokens were counted."""
    return {paused.route.backend: Usage(cost=paused.cost)} if paused.cost else {}


def cut_off_run(
    conversation: Conversation, run_id: str, routes: Sequence[Route] = ()
) -> Unfinished:
    """Return the run to continue at the end of a conversation."""
    # What `close_calls` would add are exactly the calls without a result.
    closed = close_calls(conversation)[len(conversation) :]
    users = [i for i, turn in enumerate(conversation) if turn.role == "user"]
    turns = conversation[users[-1] + 1 :] if users else ()
    return Unfinished(
        conversation=conversation,
        calls=tuple(turn.result.call for turn in closed if turn.result),
        results=tuple(turn.result for turn in turns if turn.result),
        steps=sum(turn.role == "assistant" for turn in turns),
        run_id=run_id,
        asked=False,
        route=routes[-1] if routes else NO_ROUTE,
    )


def state_of(messages: Sequence[Message]) -> RunState:
    """Return the state of a run whose process ended before it noted one."""
    last = messages[-1] if messages else None
    if last is None or last.role != "assistant" or last.calls:
        return "interrupted"
    before = messages[-2].result if len(messages) > 1 else None
    # A call that was skipped, and words behind it: a question to the user.
    asks = before is not None and before.status == "skipped"
    return "needs_input" if asks else "done"


def without_conversation(outcome: Outcome) -> Outcome:
    """Return an outcome without its conversation, which is kept by message."""
    return replace(outcome, conversation=())


FOLDER = ".sessions"


@contextmanager
def hold(home: Path, session: str) -> Generator[None]:
    """Lock a session; the system unlocks it when the process ends.

    Raises:
        SessionHeld: another process holds it; says which, and since when.
    """
    folder = home / FOLDER
    path = folder / session
    try:
        if not folder.is_dir():
            make_folder(folder)
    except OSError as exc:
        raise StoreError(f"{folder} cannot be made: {exc.strerror}") from exc
    # Entered by hand: what the lock raises is worded here, and what the block raises is
    # not.
    holding = locked(path, patience=0, passing=True)
    try:
        holding.__enter__()
    except StoreError as exc:
        raise _held(path, session) from exc
    except OSError as exc:
        raise StoreError(f"{folder} cannot be used: {exc.strerror}") from exc
    try:
        # Only told to whoever finds it held; the lock itself is what counts, and neither
        # outlives a power cut.
        write_json(path, {"pid": os.getpid(), "since": _now()}, durable=False)
        yield
    finally:
        # Before the lock is let go: afterwards the file may be the next holder's.
        path.unlink(missing_ok=True)
        holding.__exit__(None, None, None)


def _held(path: Path, session: str) -> SessionHeld:
    try:
        found: Any = json.loads(path.read_text("utf-8"))
        return SessionHeld(session, int(found["pid"]), str(found["since"]))
    except (OSError, ValueError, KeyError, TypeError):
        # It is just being written, or just being let go.
        return SessionHeld(session, 0, "")


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")
