"""One run's part of the journal: what it did, and what it is about to do."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Any

from agentkit.context import Context
from agentkit.errors import ToolError
from agentkit.messages import ToolCall, ToolResult
from agentkit.messages.secret_text import hide, hide_in_json, secrets_in
from agentkit.stores.journal.entry import (
    Intent,
    JournalEntry,
    State,
    canonical,
    intent_key,
    intent_meaning,
)
from agentkit.stores.journal.journal import Journal
from agentkit.stores.journal.run_lock import RunLock
from agentkit.stores.own_thread import aside
from agentkit.tools import AnyTool, Toolset

# Characters: enough to know one's own request again.
_REQUEST = 200
_UNDONE = "The user took this back: do not do it again."


class Effects:
    """Writes down the side effects of a run, and finds them again.

    Attributes:
        step: the run's step, for the entries to come.
    """

    def __init__(
        self,
        journal: Journal,
        run_id: str,
        request: str,
        context: Context,
        *,
        is_new: bool = False,
    ) -> None:
        """Store the journal; it is not opened before the first effect.

        Args:
            journal: where effects are written.
            run_id: names the run; the same when it is tried again or resumed.
            request: the user's words.
            context: home and clock of the run.
            is_new: the name was made up now, so that no earlier try did anything.
        """
        self.step = 0
        self._journal = journal
        self._run_id = run_id
        self._request = " ".join(request.split())[:_REQUEST]
        self._context = context
        self._lock: RunLock | None = None
        self._is_new = is_new
        self._names: tuple[ToolCall, int, str, str] | None = None
        self._begun: set[str] = set()
        self._left: list[Future[Any]] = []
        self._took_back: set[int] = set()

    def hold(self) -> None:
        """Lock this run for this process, until `release`.

        Raises:
            RunBusy: somebody else does.
        """
        if self._lock is None:
            lock = self._journal.lock(self._run_id)
            lock.take()
            self._lock = lock

    def await_thread(self, thread: Future[Any]) -> None:
        """Keep the run locked until a thread that timed out has ended.

        What it does late is then settled with the store; before, it could be taken for
        not done, and be done again.
        """
        self._left.append(thread)

    def release(self) -> None:
        """Unlock the run, once none of its threads is at work any more."""
        if self._lock is not None:
            lock, self._lock = self._lock, None
            _when_ended(self._left, lock.leave)

    async def recall(
        self,
        call: ToolCall,
        tool: AnyTool,
        checked: Mapping[str, Any],
        *,
        turn: int = 0,
    ) -> ToolResult | None:
        """Return the result of an effect that this run began before.

        One that was cut off is settled with the tool's store.

        Returns:
            None when it is not done yet, and may be.

        Raises:
            InputNeeded: only the user can say whether it was done.
            RunBusy: another process carries this run out.
            StoreError: the journal cannot be used.
        """
        key, meaning = self._named(call, tool, checked, turn)
        # Most runs are new: their first effects cost no look into the file.
        if self._is_new and self._begun.isdisjoint((key, meaning)):
            return None
        entry = await aside(self._begun_before, key, meaning)
        if entry is None or entry.state == "failed":
            return None
        if entry.state == "done":
            return ToolResult(call, "done", entry.result)
        if entry.state != "begun":
            # `undone` or `undoing`: the user's undo outlives a run that is tried again.
            return ToolResult(call, "denied", _UNDONE)
        from agentkit.stores.journal.settlement import question_about, settle_entry

        fate = await settle_entry(entry, tool, self._context, self._journal)
        if fate.happened is None:
            raise question_about(entry, fate.reason)
        return ToolResult(call, "done", fate.result) if fate.happened else None

    def _begun_before(self, key: str, meaning: str) -> JournalEntry | None:
        """Hold the run and look its effect up; None where it never began."""
        # A look makes no file: a home gets its journal with the first effect.
        if not self._journal.exists:
            return None
        self.hold()
        return self._journal.find(key, meaning)

    def begin(
        self,
        call: ToolCall,
        tool: AnyTool,
        checked: Mapping[str, Any],
        *,
        turn: int = 0,
    ) -> JournalEntry:
        """Write an effect down before it is carried out.

        Args:
            call: what is asked for.
            tool: what it calls.
            checked: its checked arguments.
            turn: which time it is that the user wants this, 0 for the first.

        Raises:
            StoreError: it cannot be written; then it must not be carried out.
        """
        self.hold()
        key, meaning = self._named(call, tool, checked, turn)
        # Before it is written: should that fail half-way, the file is asked, not this
        # set.
        self._begun |= {key, meaning}
        return self._journal.begin(
            Intent(
                key=key,
                meaning=meaning,
                run_id=self._run_id,
                step=self.step,
                tool=tool.name,
                effect=tool.effect,
                arguments=call.arguments,
                clock=self._context.now.isoformat(),
                request=self._request,
            )
        )

    def _named(
        self, call: ToolCall, tool: AnyTool, checked: Mapping[str, Any], turn: int
    ) -> tuple[str, str]:
        """Return the key and the meaning of a call, computed once for both uses."""
        if self._names is None or self._names[:2] != (call, turn):
            # "Add milk twice" are two effects of one call: the second has a key of its
            # own.
            run = f"{self._run_id} {turn}" if turn else self._run_id
            key = intent_key(run, tool.name, call.arguments)
            meaning = intent_meaning(run, tool.name, checked, call.arguments)
            self._names = (call, turn, key, meaning)
        return self._names[2:]

    async def take_back(
        self, entry: JournalEntry, count: int, toolset: Toolset
    ) -> tuple[str, ...]:
        """Take back the last effects of earlier runs, as one effect of this one.

        Args:
            entry: the call that takes them back; it is no effect to take back itself.
            count: how many, the newest first.
            toolset: the tools that they are of.

        Returns:
            What was taken back, in words; empty when nothing was done before.

        Raises:
            ToolError: one of them stays as it is; it says why.
        """
        from agentkit.stores.journal.undo import undo_last

        self._took_back.add(entry.number)
        undone = await undo_last(
            self._journal, toolset, self._context, count, but=self._run_id
        )
        stays = [one.text for one in undone if not one.done]
        if stays:
            raise ToolError(" ".join(stays))
        return tuple(one.text for one in undone)

    async def do_again(
        self, entry: JournalEntry, count: int, toolset: Toolset
    ) -> tuple[str, ...]:
        """Do again what earlier runs took back last, as one effect of this one.

        Args:
            entry: the call that does them again; it is no effect to take back itself.
            count: how many, what was taken back last first.
            toolset: the tools that they are of.

        Returns:
            What was done again, in words; empty when nothing was taken back.

        Raises:
            ToolError: one of them stays undone; it says why.
        """
        from agentkit.stores.journal.redo import redo_last

        self._took_back.add(entry.number)
        redone = await redo_last(
            self._journal, toolset, self._context, count, but=self._run_id
        )
        stays = [one.text for one in redone if not one.done]
        if stays:
            raise ToolError(" ".join(stays))
        return tuple(one.text for one in redone)

    def sends_since(self, moment: datetime) -> int:
        """Count what was sent since a moment, by any run of the home."""
        return self._journal.sends_since(moment)

    def leave(self, entry: JournalEntry, reason: str) -> None:
        """Leave the outcome of an effect open: it timed out, and may still happen.

        It is settled at the next start, as one that was cut off.

        Raises:
            StoreError: the journal cannot be written.
        """
        self._journal.mark(entry.number, "begun", reason)

    def end(self, entry: JournalEntry, tool: AnyTool, result: ToolResult) -> None:
        """Write down the outcome of an effect.

        Raises:
            StoreError: it cannot be written; it is settled at the next start.
        """
        from agentkit.stores.journal.settlement import say

        state: State = "done" if result.status == "done" else "failed"
        said = say(tool, result.value) if state == "done" else ""
        value = result.value
        # A tool may repeat a password it was given, in its result or in its words.
        if secrets := tuple(secrets_in(entry.intent.arguments)):
            said = hide(said, secrets)
            value = json.loads(hide_in_json(canonical(value), secrets))
        self._journal.end(entry.number, state, value, said)
        if state == "done" and entry.number in self._took_back:
            # What takes back is over with: the next undo goes on before it.
            self._journal.mark(entry.number, "undone", said)


def _when_ended(threads: Sequence[Future[Any]], then: Callable[[], None]) -> None:
    """Call a function when all threads have ended; at once where none is left."""
    if not threads:
        then()
        return
    # One after the other: the callback runs at once where that thread has ended
    # already.
    threads[0].add_done_callback(lambda _: _when_ended(threads[1:], then))
