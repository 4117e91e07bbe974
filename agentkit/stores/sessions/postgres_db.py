"""Sessions in PostgreSQL: one schema for each user, shared by any number of machines.

What is written there leaves this device, unless the server runs on it: each statement is
asked of the home's privacy policy and stands in its ledger. What is not covered: the
server's own logs and backups keep what was deleted as long as whoever runs it says.

Source: PostgreSQL 15's manual, 9.27.10 "Advisory Lock Functions" and 13.2 "Transaction
Isolation".
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from agentkit.errors import MissingPackage, SessionHeld, StoreError
from agentkit.privacy.destinations import is_loopback
from agentkit.privacy.gate import Gate
from agentkit.settings import home_gate
from agentkit.stores.secrets import (
    Cipher,
    Sealed,
    Unsealed,
    check_of,
    find_cipher,
)
from agentkit.stores.sessions.postgres_schema import (
    bring_up_to_date,
    lock_key,
    read_back,
    stored,
)
from agentkit.stores.sessions.session_tables import SessionTables

_HOLD = """
INSERT INTO holders VALUES (%s, %s, %s, %s) ON CONFLICT (session) DO UPDATE
SET token = excluded.token, process = excluded.process, since = excluded.since
"""
# Seconds before each try to reach a server that was there: it may just be restarting.
_TRIES = (0.0, 0.2, 0.5, 1.0, 2.0)
_CONNECT_SECONDS = 5


def name_of(url: str, schema: str) -> str:
    """Name a database in words, without the user and the password of its address."""
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2] or "this machine"
    return f"postgresql://{host}{parts.path} (schema {schema})"


def _lines(exc: Exception | None) -> str:
    """Return what an error says; its kind where it says nothing."""
    return str(exc).strip() or type(exc).__name__


class PostgresSessions(SessionTables):
    """The sessions of one home in a PostgreSQL database, open."""

    def __init__(self, home: Path, url: str, schema: str) -> None:
        """Connect, and make the tables where they are not there.

        Raises:
            EgressDenied: the policy of the home keeps sessions on this device.
            MissingPackage: `psycopg` is not installed.
            StoreError: the server cannot be reached, a newer agentkit wrote the tables,
                or they are sealed and the key is missing.
        """
        try:
            self._driver: Any = import_module("psycopg")
        except ImportError as exc:
            raise MissingPackage(
                "psycopg", "postgres", "sessions in PostgreSQL"
            ) from exc
        self.home, self.name = home, name_of(url, schema)
        self.cipher: Cipher = Unsealed()
        self._url, self._schema = url, schema
        self._lock = threading.RLock()
        self._connection: Any = None
        self._process = os.getpid()
        self._check: object = None
        self._holding: dict[str, str] = {}
        self._is_closed = False
        self._gate, self._to = self._way_out()
        try:
            with self._told():
                self._opened()
        except BaseException:
            # Whoever made it gets no object that they could close.
            self.close()
            raise

    def _way_out(self) -> tuple[Gate | None, str]:
        """Return the gate for statements and where they go; None on this machine."""
        try:
            said: dict[str, str] = self._driver.conninfo.conninfo_to_dict(self._url)
        except self._driver.Error as exc:
            raise StoreError(
                f"the address of the sessions, {self.name}, cannot be read"
            ) from exc
        host = said.get("hostaddr") or said.get("host") or os.environ.get("PGHOST", "")
        # libpq takes several hosts, and a path is a Unix socket on this machine.
        away = [one for one in host.split(",") if one and not one.startswith("/")]
        if all(is_loopback(one) for one in away):
            return None, ""
        return home_gate(self.home), f"postgresql://{away[0]}"

    @property
    def is_closed(self) -> bool:
        """Whether it was closed for good."""
        return self._is_closed

    @property
    def sealed(self) -> bool:
        """Whether the values are sealed."""
        with self._lock, self._told():
            self._look_at_seal(self._opened())
        return isinstance(self.cipher, Sealed)

    @contextmanager
    def changing(self, *, durable: bool = False) -> Generator[Any]:
        """Open a transaction: all of it is kept, or nothing.

        Raises:
            StoreError: the server went away; nothing, or all, of it was kept.
        """
        with self._lock, self._told():
            connection = self._alive()
            with connection.transaction():
                # "off": a crash of the server loses the last moments, and damages
                # nothing.
                waits = "on" if durable else "off"
                connection.execute(f"SET LOCAL synchronous_commit = {waits}")
                self._look_at_seal(connection)
                yield connection

    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement, with `?` for each value, and return its rows."""
        with self._lock, self._told():
            connection = self._alive()
            self._released(query, values)
            told = connection.execute(
                # The statements are SQLite's, with `?`; psycopg wants `%s`, and a
                # percent sign doubled.
                query.replace("%", "%%").replace("?", "%s"),
                [stored(v) for v in values],
            )
            found: list[Any] = told.fetchall() if told.description else []
        return [tuple(read_back(value) for value in row) for row in found]

    @contextmanager
    def hold(self, session: str) -> Generator[None]:
        """Lock a session; the server unlocks it when the connection ends.

        Raises:
            SessionHeld: somebody else holds it, on this machine or another.
        """
        with self._lock, self._told():
            connection = self._alive()
            if session in self._holding or not self._locked(connection, session):
                raise self._held(connection, session)
            # The lock is the connection's. The token tells after a lost one whether
            # anybody else was in between.
            token = os.urandom(8).hex()
            since = datetime.now().astimezone().isoformat(timespec="seconds")
            connection.execute(_HOLD, (session, token, os.getpid(), since))
            self._holding[session] = token
        try:
            yield
        finally:
            with self._lock:
                self._holding.pop(session, None)
                # Behind a fork the lock and the connection are the parent's.
                if self._connection is not None and self._process == os.getpid():
                    # A connection that is gone has let go by itself.
                    with suppress(self._driver.Error):
                        self._connection.execute(
                            "SELECT pg_advisory_unlock(%s)",
                            (lock_key(self._schema, session),),
                        )

    def sealed_with(self, cipher: Cipher) -> None:
        """Note, while all values are written anew, which cipher seals them."""
        check: object = check_of(cipher)
        self.rows("UPDATE facts SET body = ? WHERE key = 'check'", check)
        self.cipher, self._check = cipher, check

    def empty_log(self) -> None:
        """Do nothing: the log is the server's."""

    def wipe(self) -> bool:
        """Return True: the server keeps deleted rows in no table."""
        return True

    def close(self) -> None:
        """Close the connection for good, which unlocks all sessions."""
        with self._lock:
            self._is_closed = True
            if self._connection is not None and self._process == os.getpid():
                self._connection.close()

    def _alive(self) -> Any:
        """Return the connection, made anew where the server has closed it."""
        connection = self._opened()
        if connection.info.transaction_status:  # in the middle of a change
            return connection
        try:
            # The driver notices a closed connection only when it is used.
            connection.execute("SELECT 1")
        except self._driver.OperationalError:
            connection.close()
            connection = self._opened()
        return connection

    def _opened(self) -> Any:
        if self._is_closed:
            raise StoreError(f"{self.name} is closed: open the session again")
        if self._process != os.getpid():
            # A connection has two ends: it is its parent's, behind a fork.
            self._connection, self._process = None, os.getpid()
            self._holding.clear()
        if self._connection is None or self._connection.closed:
            self._connection = self._connected()
            self._check = None
            bring_up_to_date(self._connection, self.home, self._schema, self.name)
            self._look_at_seal(self._connection)
            self._hold_again(self._connection)
        return self._connection

    def _connected(self) -> Any:
        self._released("connect", (self._schema,))
        last: Exception | None = None
        for pause in _TRIES:
            time.sleep(pause)
            try:
                return self._driver.connect(
                    self._url,
                    autocommit=True,
                    connect_timeout=_CONNECT_SECONDS,
                    # Values are put into the text here: that is what the gate is shown
                    # and the ledger counts.
                    cursor_factory=self._driver.ClientCursor,
                    options=f"-c search_path={self._schema}",
                )
            except self._driver.OperationalError as exc:
                last = exc
                # Trying again helps a server that is away, and not a wrong password.
                if exc.sqlstate is not None or "authentication" in str(exc):
                    break  # it answered, and refuses
        # The driver quotes the address, password included; its last line says what was
        # wrong.
        why = _lines(last).replace(self._url, self.name).splitlines()[-1]
        raise StoreError(f"{self.name} cannot be reached: {why}") from None

    def _hold_again(self, connection: Any) -> None:
        """Lock again the sessions that the lost connection held.

        Raises:
            StoreError: somebody else had one, so that more may have been said there.
        """
        query = "SELECT token FROM holders WHERE session = %s"
        for session, token in self._holding.items():
            is_ours = self._locked(connection, session)
            found = connection.execute(query, (session,)).fetchone()
            if not is_ours or found is None or found[0] != token:
                raise StoreError(
                    f"the connection to {self.name} was lost, and somebody else went on "
                    f"with session {session} since: open it again"
                )

    def _locked(self, connection: Any, session: str) -> bool:
        query = "SELECT pg_try_advisory_lock(%s)"
        return bool(
            connection.execute(query, (lock_key(self._schema, session),)).fetchone()[0]
        )

    def _held(self, connection: Any, session: str) -> SessionHeld:
        query = "SELECT process, since FROM holders WHERE session = %s"
        found = connection.execute(query, (session,)).fetchone()
        process, since = found or (0, "")
        return SessionHeld(session, int(process), str(since))

    def _look_at_seal(self, connection: Any) -> None:
        # Shared, so that nobody seals all values anew between this and a write.
        lock = "FOR SHARE" if connection.info.transaction_status else ""
        query = f"SELECT body FROM facts WHERE key = 'check' {lock}"
        check = read_back(connection.execute(query).fetchone()[0])
        if check != self._check:
            self.cipher = find_cipher(check, Path(self.name))
            self._check = check

    def _released(self, query: str, values: tuple[object, ...]) -> None:
        """Ask the gate whether a statement may leave this machine."""
        if self._gate is not None:
            gate = Gate(
                policy=self._gate.policy, ledger=self._gate.ledger, label="personal"
            )
            told = "\n".join(map(str, (query, *(stored(v) for v in values))))
            gate.release(self._to, told)

    @contextmanager
    def _told(self) -> Generator[None]:
        """Turn the driver's errors into ours, without the address's password."""
        try:
            yield
        except self._driver.OperationalError as exc:
            raise StoreError(
                f"{self.name} went away in the middle ({type(exc).__name__}): try again"
            ) from None
        except self._driver.Error as exc:
            raise StoreError(
                f"{self.name} cannot be used: {_lines(exc).splitlines()[0]}"
            ) from None
