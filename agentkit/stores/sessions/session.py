"""A session that this process holds: messages are kept as they are said."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime
from types import TracebackType
from typing import Self

from agentkit.errors import ConfigError
from agentkit.messages import (
    Conversation,
    Label,
    Message,
    ToolCall,
    ToolResult,
    tool_result,
)
from agentkit.messages.secret_text import hide, hide_in_json, secrets_in
from agentkit.outcomes import CallFinished, Event, NeedsApproval, Outcome, StepStarted
from agentkit.routing import Route
from agentkit.stores.sessions.json_forms import to_json
from agentkit.stores.sessions.records import (
    RunRecord,
    Unfinished,
    cut_off_run,
    paused_run,
    state_of,
    without_conversation,
)
from agentkit.stores.sessions.session_rows import Kept, read_notes
from agentkit.stores.sessions.session_tables import SessionTables

Clock = Callable[[], datetime]
# A result whose turn was never finished has lost the label of its tool.
_UNKNOWN = Label("tool", "personal", "untrusted")
_TITLE = 60  # characters: a line of a list
_NOTHING_YET = to_json({"outcome": None, "routes": []})


class Session:
    """A session that this process holds; use it with `with`, or close it.

    Attributes:
        id: names it.
        damaged: what of it could not be read, and was kept aside.
    """

    def __init__(
        self, database: SessionTables, kept: Kept, clock: Clock, held: ExitStack
    ) -> None:
        """Take what there is; `Sessions.open` and `Sessions.create` do the rest."""
        self.id = kept.session.id
        self._database = database
        self._clock = clock
        self._held = held
        self._facts = kept.session
        self._messages, self._next = kept.messages, kept.next
        self._run, self.damaged = kept.run, kept.damaged
        self._routes: list[Route] = []
        self._notes: list[tuple[int, ToolResult]] = []
        self._noted = 0
        self._last: list[Message] = []
        self._finished: ToolResult | None = None
        self._secrets: set[str] = set()
        if self._run is not None and self._run.state == "open":
            # Its process died: we hold the lock, so nobody carries it on.
            self._recover(self._run)

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exc: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it."""
        self.close()

    def close(self) -> None:
        """Write what is left and let others have the session."""
        try:
            self._note_result()
            if self._last:
                with self._database.changing(durable=True):
                    self._write_last()
        finally:
            self._held.close()  # its file too, unless others use that

    @property
    def conversation(self) -> Conversation:
        """All messages."""
        return tuple(self._messages)

    @property
    def run_id(self) -> str:
        """Name of the last run; empty when there is none."""
        return self._run.id if self._run else ""

    @property
    def last_run(self) -> RunRecord | None:
        """The last run; None when there is none."""
        return self._run

    @property
    def waiting(self) -> NeedsApproval | None:
        """The run that waits for approval, to be resumed; None when none does."""
        outcome = self._run.outcome if self._run else None
        if not isinstance(outcome, NeedsApproval):
            return None
        return replace(outcome, conversation=self.conversation)

    @property
    def unfinished(self) -> Unfinished | None:
        """The run to go on with: it waits for approval or was cut off; or None."""
        if self.waiting is not None:
            return replace(paused_run(self.waiting), run_id=self.run_id)
        if self._run is None or self._run.state != "interrupted":
            return None
        return cut_off_run(self.conversation, self._run.id, self._run.routes)

    def begin(self, said: Iterable[Message], run_id: str = "") -> str:
        """Begin a run with what is said now, and return the run's id.

        Args:
            said: messages that follow those that are there.
            run_id: names the run; made up when empty.
        """
        said = tuple(said)
        number = self._run.number + 1 if self._run else 1
        request = next((m.text for m in said if m.role == "user"), "")
        self._run = RunRecord(
            id=run_id or uuid.uuid4().hex,
            number=number,
            state="open",
            started=self._now(),
        )
        self._routes = []
        with self._database.changing(durable=True):
            self._write_last()
            self._put_run()
            self._name(request)
            for message in said:
                self._add(message)
        return self.run_id

    def go_on(self) -> str:
        """Go on with the run that waits, and return its id.

        Raises:
            ConfigError: there is none.
        """
        if self._run is None:
            raise ConfigError(f"session {self.id} has no run to go on with")
        self._run = replace(self._run, state="open", outcome=None)
        self._routes = list(self._run.routes)
        with self._database.changing(durable=True):
            self._put_run()
        return self.run_id

    def say(self, message: Message) -> None:
        """Keep a message of the run that goes on; calls are on the disk before they run.

        What the assistant says last is written with the run's end, before it is seen.
        So is the result of a call that waits for the user, with the question: a run
        that is cut off before asks again, and does not go on as if it had.
        """
        if self._comes_later(message):
            self._last.append(message)
            self._messages.append(message)
            return
        # Only calls wait for the disk: an effect needs its request. The rest may be lost
        # with the power.
        with self._database.changing(durable=bool(message.calls)):
            self._write_last()
            is_new = self._keep_out(message.calls)
            self._add(message)
        if is_new:
            # What was overwritten is still in the log until that is emptied.
            self._database.empty_log()

    def _keep_out(self, calls: Iterable[ToolCall]) -> bool:
        """Hide the secrets of calls in what is kept; tell whether one is new."""
        found = {one for call in calls for one in secrets_in(call.arguments)}
        if found <= self._secrets:
            return False
        self._secrets |= found
        # Back to the request, which may have told the secret; turns before it could
        # not. A damaged row that was set aside has left a gap in the numbers.
        query = "SELECT number FROM messages WHERE session = ? ORDER BY number DESC"
        numbers = self._database.rows(query, self.id)
        for (number,), message in zip(numbers, reversed(self._messages), strict=False):
            self._database.put("messages", (self.id, number), self._json(message))
            if message.role == "user":
                break
        title = hide(self._facts.title, found)
        if title != self._facts.title:
            self._facts = replace(self._facts, title=title)
            self._database.put_facts(self.id, self._facts.facts())
        return True

    def _json(self, value: object) -> str:
        return hide_in_json(to_json(value), self._secrets)

    def _comes_later(self, message: Message) -> bool:
        if message.result is None:
            return message.role == "assistant" and not message.calls
        return bool(self._last) or message.result.status == "skipped"

    def hear(self, event: Event) -> None:
        """Keep a result or a route before the run tells it."""
        if isinstance(event, StepStarted):
            self._note_route(event.route)
        elif isinstance(event, CallFinished) and event.result.status != "skipped":
            self._finished = event.result
            if len(self._messages[-1].calls) != 1:
                self._note_result()

    def _note_result(self) -> None:
        """Keep a result before its turn: other calls of the step are still running.

        The turn of a single call follows before anything else can run, and needs none.
        """
        if self._finished is None:
            return
        self._noted += 1
        with self._database.changing(durable=False):
            key = (self.id, self._noted)
            self._database.put("notes", key, self._json(self._finished))
        self._notes.append((self._noted, self._finished))
        self._finished = None

    def _note_route(self, route: Route) -> None:
        """Keep who serves when that changes: a run that is cut off continues there."""
        before = self._routes[-1].backend if self._routes else ""
        self._routes.append(route)
        # The first route is written with the run's end, and most runs have one only.
        if before not in ("", route.backend):
            with self._database.changing(durable=False):
                self._put_run()

    def end(self, outcome: Outcome) -> None:
        """Keep how the run ended or paused, before the caller hears of it."""
        if self._run is None:
            return
        self._run = replace(
            self._run,
            state=outcome.kind,  # type: ignore[arg-type]
            ended=self._now(),
            routes=tuple(self._routes),
            outcome=without_conversation(outcome),
        )
        with self._database.changing(durable=True):
            self._write_last()
            if self._noted:
                self._database.rows("DELETE FROM notes WHERE session = ?", self.id)
                self._notes, self._noted = [], 0
            self._put_run()

    def _write_last(self) -> None:
        for message in self._last:
            self._put(message)
        self._last = []

    def _put(self, message: Message) -> None:
        self._database.put("messages", (self.id, self._next), self._json(message))
        self._next += 1

    def _add(self, message: Message) -> None:
        self._put(message)
        self._messages.append(message)
        # Its turn came right behind: no note is needed.
        if self._finished == message.result:
            self._finished = None
        noted = (note for note in self._notes if note[1] == message.result)
        said = next(noted, None) if self._notes else None
        if said is not None:
            self._notes.remove(said)
            self._database.rows(
                "DELETE FROM notes WHERE session = ? AND number = ?", self.id, said[0]
            )

    def _put_run(self) -> None:
        run = self._run
        if run is None:
            return
        known = {"outcome": run.outcome, "routes": list(self._routes)}
        self._database.put(
            "runs",
            (self.id, run.number),
            self._json(known) if run.outcome or self._routes else _NOTHING_YET,
            id=run.id,
            state=run.state,
            started=run.started,
            ended=run.ended,
        )

    def _recover(self, run: RunRecord) -> None:
        """Add the results that a run had shown before it was cut off; set its state."""
        results, damaged = read_notes(self._database, self.id)
        self.damaged = (*self.damaged, *damaged)
        self._routes = list(run.routes)
        with self._database.changing(durable=True):
            for result in results:
                self._add(tool_result(result, _UNKNOWN))
            state = state_of(self._messages)
            self._run = replace(run, state=state, ended=self._now())
            self._database.rows("DELETE FROM notes WHERE session = ?", self.id)
            self._put_run()

    def _name(self, request: str) -> None:
        """Set the session's title from its first request."""
        if self._facts.title:
            return
        line = " ".join(request.split())
        title = line if len(line) <= _TITLE else line[: _TITLE - 3] + "..."
        self._facts = replace(self._facts, title=title)
        self._database.put_facts(self.id, self._facts.facts())

    def _now(self) -> str:
        return self._clock().isoformat(timespec="seconds")
