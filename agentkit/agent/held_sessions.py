"""Holds sessions for an agent's runs, one run at a time, off the event loop."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncGenerator
from concurrent.futures import Future
from contextlib import asynccontextmanager
from contextvars import ContextVar
from pathlib import Path
from threading import Lock
from typing import Any, TypeAlias

from agentkit.context import Context
from agentkit.errors import ConfigError, SessionHeld
from agentkit.messages import Conversation, Message
from agentkit.outcomes import CallFinished, Emit, Event, Outcome, StepStarted
from agentkit.stores.own_thread import aside, later
from agentkit.stores.sessions import Session, Sessions
from agentkit.stores.sessions.session_tables import SessionTables
from agentkit.stores.sessions.tables_place import tables_of

SessionChoice: TypeAlias = Session | str | None
_Place: TypeAlias = tuple[Path | None, str]

# The sessions that runs hold which the code at hand is a part of: a tool that asks for
# one of them would wait for itself.
_holding: ContextVar[frozenset[_Place]] = ContextVar(
    "agentkit_sessions", default=frozenset()
)


class _Turns:
    """The queue of runs for each session in this process."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: dict[_Place, deque[Future[None]]] = {}

    @asynccontextmanager
    async def turn(self, place: _Place) -> AsyncGenerator[None]:
        """Wait for a turn and hold it; requests are served in the order they came.

        Raises:
            SessionHeld: the run that asks has the turn itself.
        """
        if place in _holding.get():
            raise SessionHeld(place[1], 0, "")
        mine = self._joined(place)
        try:
            await asyncio.wrap_future(mine)
        # Cancelled while waiting: the next one in line must not wait for us.
        except BaseException:
            self._left(place, mine)
            raise
        before = _holding.set(_holding.get() | {place})
        try:
            yield
        finally:
            _holding.reset(before)
            self._left(place, mine)

    def _joined(self, place: _Place) -> Future[None]:
        # A future of threads, since runs of several event loops may wait for one
        # session.
        mine: Future[None] = Future()
        with self._guard:
            line = self._waiting.setdefault(place, deque())
            line.append(mine)
            if len(line) == 1:
                _call(mine)
        return mine

    def _left(self, place: _Place, mine: Future[None]) -> None:
        with self._guard:
            line = self._waiting[place]
            was_first = line[0] is mine
            line.remove(mine)
            if not line:
                del self._waiting[place]
            elif was_first:
                _call(line[0])


def _call(waiting: Future[None]) -> None:
    """Give somebody their turn, unless they gave up waiting."""
    if waiting.set_running_or_notify_cancel():
        waiting.set_result(None)


_TURNS = _Turns()


class SessionShelf:
    """The session files that an agent's runs have open."""

    def __init__(self) -> None:
        """Begin with none open."""
        self._open: dict[Path, SessionTables] = {}

    @asynccontextmanager
    async def held(
        self, choice: SessionChoice, context: Context | None
    ) -> AsyncGenerator[KeptSession | None]:
        """Hold the session that was chosen; one given by its id is opened for this run.

        Another run of this process that works on it is waited for.

        Raises:
            ConfigError: it is named by its id, and no context says in which home.
            SessionHeld: another process works on it.
            StoreError: the file of the sessions cannot be used.
        """
        if choice is None:
            yield None
            return
        if isinstance(choice, Session):
            async with _TURNS.turn((None, f"{choice.id} {id(choice)}")):
                yield KeptSession(choice)
            return
        if context is None:
            raise ConfigError(
                f"session={choice!r} names a session of a home: give context=Context("
                "home=...), or a held Session"
            )
        # The turn is taken before the file's lock: runs of one process queue, and only
        # another process is told that the session is held.
        async with _TURNS.turn((context.home, choice)):
            session = await aside(self._opened, choice, context)
            try:
                yield KeptSession(session)
            finally:
                await aside(session.close)

    def _opened(self, choice: str, context: Context) -> Session:
        database = self._open.get(context.home)
        if database is None or database.is_closed:
            database = self._open[context.home] = tables_of(context.home)
        sessions = Sessions(context.home, clock=context.clock, database=database)
        return sessions.open(choice, create=True)


class KeptSession:
    """A session that a run writes to off the event loop, in the order of events.

    Where other requests share the loop, a result of several calls may be shown a moment
    before it is written; what was done stands in the journal by then.
    """

    def __init__(self, session: Session) -> None:
        """Take a session that this process holds."""
        self.session = session
        self._noted: list[Future[Any]] = []

    @property
    def conversation(self) -> Conversation:
        """All that was said."""
        return self.session.conversation

    async def begin(self, said: Conversation, run_id: str) -> str:
        """Begin a run with what is said now, and return the run's id."""
        return await aside(self.session.begin, said, run_id)

    async def go_on(self) -> None:
        """Go on with the run that waits."""
        await aside(self.session.go_on)

    async def say(self, message: Message) -> None:
        """Keep a message of the run; calls are on the disk before they run."""
        await aside(self.session.say, message)
        self._check()

    async def end(self, outcome: Outcome) -> None:
        """Keep how the run ended or paused, before the caller hears of it."""
        await aside(self.session.end, outcome)
        self._check()

    def telling(self, emit: Emit) -> Emit:
        """Return an `emit` that lets the session note events before passing them on."""

        def told(event: Event) -> None:
            if isinstance(event, CallFinished | StepStarted):
                self._noted.append(later(self.session.hear, event))
            emit(event)

        return told

    def _check(self) -> None:
        """Raise the error of a note that failed; all notes are written by now."""
        noted, self._noted = self._noted, []
        for one in noted:
            one.result()
