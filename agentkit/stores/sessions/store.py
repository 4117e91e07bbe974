"""The sessions of a home: listed, opened, deleted, sealed."""

from __future__ import annotations

import os
import re
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from pathlib import Path

from agentkit.errors import ConfigError
from agentkit.stores.journal import Journal
from agentkit.stores.sessions.home_seal import HomeSeal
from agentkit.stores.sessions.json_forms import to_json
from agentkit.stores.sessions.records import SessionRecord, Transcript
from agentkit.stores.sessions.session import Clock, Session
from agentkit.stores.sessions.session_rows import (
    Kept,
    read_kept,
    read_messages,
    read_runs,
    read_session,
    read_sessions,
)
from agentkit.stores.sessions.session_tables import SessionTables
from agentkit.stores.sessions.sessions_db import FILE
from agentkit.stores.sessions.tables_place import is_made, place_in_words, tables_of

# An id is the name of a lock's file, too: no dots and no slashes.
_ID = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]{0,63}")
_TABLES = ("messages", "runs", "notes")


def _local_now() -> datetime:
    return datetime.now().astimezone()


class Sessions:
    """The sessions of a home.

    Example:
        >>> with Sessions(home).create() as session:
        ...     Agent(backend=backend, session=session).run("Hello")
    """

    def __init__(
        self,
        home: Path,
        *,
        clock: Clock = _local_now,
        database: SessionTables | None = None,
    ) -> None:
        """Store the home; no file is made before something is kept.

        Args:
            home: folder of the user's stores.
            clock: tells the time that is noted.
            database: where they are kept, open, which stays so; opened for each use
                when None.
        """
        self._database = database
        self._home = home
        self._clock = clock
        self._journal = Journal(home)

    @property
    def path(self) -> Path:
        """The file, where they are kept in one."""
        return self._home / FILE

    @property
    def place(self) -> str:
        """Where they are kept, in words."""
        return place_in_words(self._home)

    def list(self) -> tuple[SessionRecord, ...]:
        """Return all sessions, the one that changed last first."""
        if not self._is_made:
            return ()
        with self._opened() as database:
            return read_sessions(database)[0]

    def find(self, name: str) -> SessionRecord:
        """Return the session of this id, or whose id begins so.

        Raises:
            ConfigError: there is none, or there are several.
        """
        known = self.list()
        found = [one for one in known if one.id == name]
        found = found or [one for one in known if name and one.id.startswith(name)]
        if len(found) == 1:
            return found[0]
        if found:
            several = ", ".join(one.id for one in found)
            raise ConfigError(f"several sessions begin with {name!r}: {several}")
        raise ConfigError(
            f"there is no session {name!r}; `agentkit sessions list` shows which are"
        )

    def create(
        self, session_id: str = "", *, assistant: str = "", kind: str = "chat"
    ) -> Session:
        """Make a session and hold it.

        Args:
            session_id: names it; made up when empty.
            assistant: who assists.
            kind: `chat`, or `run` for a single request.

        Raises:
            ConfigError: the id cannot be one, or is taken.
            SessionHeld: another process makes it at this moment.
        """
        # Eight digits: short enough to be typed, and `find` takes the first few.
        name = session_id or os.urandom(4).hex()
        _check(name)
        held, database = self._held(name)
        with held:
            if database.rows("SELECT 1 FROM sessions WHERE id = ?", name):
                raise ConfigError(f"there is a session {name!r} already")
            now = self._clock().isoformat(timespec="seconds")
            made = SessionRecord(
                id=name,
                title="",
                assistant=assistant,
                kind=kind,
                created=now,
                changed=now,
            )
            times, facts = {"created": now, "changed": now}, to_json(made.facts())
            with database.changing(durable=True):
                database.put("sessions", (name,), facts, **times)
            return Session(database, Kept(session=made), self._clock, held.pop_all())

    def open(self, session_id: str, *, create: bool = False) -> Session:
        """Hold a session and read it.

        Args:
            session_id: its whole id.
            create: make it when it is not there.

        Raises:
            ConfigError: there is none.
            SessionHeld: another process works on it; says which, and since when.
        """
        _check(session_id)
        if self._is_made:
            with ExitStack() as held:
                database = held.enter_context(self._opened())
                if database.rows("SELECT 1 FROM sessions WHERE id = ?", session_id):
                    held.enter_context(database.hold(session_id))
                    kept = read_kept(database, session_id)
                    return Session(database, kept, self._clock, held.pop_all())
        if create:
            return self.create(session_id)
        # Raises where none begins alike, or several do.
        like = self.find(session_id).id
        raise ConfigError(f"there is no session {session_id!r}; did you mean {like!r}?")

    def transcript(self, session_id: str) -> Transcript:
        """Read a session without holding it.

        Raises:
            ConfigError: there is none.
        """
        name = self.find(session_id).id
        with self._opened() as database:
            messages, _, damaged = read_messages(database, name)
            runs, more = read_runs(database, name)
            session, most = read_session(database, name)
        return Transcript(
            session=session,
            conversation=tuple(messages),
            runs=tuple(runs),
            damaged=(*damaged, *more, *most),
        )

    def requests(self, count: int) -> tuple[str, ...]:
        """Return what the user said last, in all sessions, the oldest first.

        Args:
            count: how many at most; of the sessions, those that changed last are read.
        """
        found: list[str] = []
        if not self._is_made:
            return ()
        with self._opened() as database:
            for session in read_sessions(database)[0][:count]:
                messages, _, _ = read_messages(database, session.id)
                found += [m.text for m in reversed(messages) if m.role == "user"]
                if len(found) >= count:
                    break
        return tuple(reversed(found[:count]))

    def accept(self, session_id: str, messages: int) -> None:
        """Note that the user agrees to export this many first messages for training."""
        with self._opened() as database:
            database.rows(
                "UPDATE sessions SET accepted = ? WHERE id = ?", messages, session_id
            )

    def delete(self, session_id: str) -> bool:
        """Delete a session for good, and what the journal says of its runs.

        What they did can not be taken back any more; that it was done stays known.

        Returns:
            False when another program has the file open, so that its log still holds
            what was deleted until that ends.

        Raises:
            ConfigError: there is none.
            SessionHeld: another process works on it.
        """
        name = self.find(session_id).id
        held, database = self._held(name)
        with held:
            query = "SELECT DISTINCT id FROM runs WHERE session = ?"
            runs = [row[0] for row in database.rows(query, name)]
            # The journal first: were this cut off between, the session would still name
            # its runs.
            is_gone = self._journal.forget(runs)
            with database.changing(durable=True):
                for table in _TABLES:
                    database.rows(f"DELETE FROM {table} WHERE session = ?", name)
                database.rows("DELETE FROM sessions WHERE id = ?", name)
                for table in ("sessions", *_TABLES):
                    place = f"{table} {name}"
                    # No LIKE: an underscore of an id would stand for any character.
                    database.rows(
                        "DELETE FROM damaged WHERE place = ? "
                        "OR substr(place, 1, ?) = ?",
                        *(place, len(place) + 1, f"{place} "),
                    )
            return database.wipe() and is_gone

    @property
    def sealed(self) -> bool:
        """Whether the file is encrypted."""
        if not self._is_made:
            return False
        with self._opened() as database:
            return database.sealed

    def encrypt(self) -> str:
        """Seal sessions and journal with a key, and tell where it is.

        It is the one in `AGENTKIT_SESSIONS_KEY`, which is kept nowhere else, else a new
        one, kept in the system's keyring. Files that are sealed already are sealed anew
        with it. A change of keys that was cut off is ended first: its key may be the
        only one that opens a file.

        Returns:
            Where the key is, in words.

        Raises:
            MissingPackage: the extra `encrypted` is not installed.
            StoreError: no keyring takes the key, or the one that is given is none;
                nothing was sealed.
        """
        return self._seal.encrypt()

    def decrypt(self) -> None:
        """Keep sessions and journal in the open again, and forget the key."""
        self._seal.decrypt()

    @property
    def _seal(self) -> HomeSeal:
        return HomeSeal(self._opened, self._journal)

    @property
    def _is_made(self) -> bool:
        return self._database is not None or is_made(self._home)

    @contextmanager
    def _opened(self) -> Generator[SessionTables]:
        if self._database is not None:
            yield self._database
            return
        database = tables_of(self._home)
        try:
            yield database
        finally:
            database.close()

    def _held(self, session_id: str) -> tuple[ExitStack, SessionTables]:
        held = ExitStack()
        with ExitStack() as going:
            database = going.enter_context(self._opened())
            going.enter_context(database.hold(session_id))
            # Handed on only when both succeeded: otherwise this block lets go of what
            # it has.
            held = going.pop_all()
        return held, database


def _check(session_id: str) -> None:
    if not _ID.fullmatch(session_id):
        raise ConfigError(
            f"{session_id!r} is no session id: up to 64 letters, digits, - and _"
        )
