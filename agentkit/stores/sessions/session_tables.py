"""The tables of sessions, in any database: written, read, sealed, set aside."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

from agentkit.errors import CorruptStore
from agentkit.stores.secrets import Cipher
from agentkit.stores.sessions.json_forms import to_json

# Tables with sealed values, and what names a row.
_SEALED = {
    "sessions": ("id",),
    "messages": ("session", "number"),
    "runs": ("session", "number"),
    "notes": ("session", "number"),
}
# Rows whose columns still count when their value is damaged.
_STAY = ("sessions", "runs")


class SessionTables(ABC):
    """The tables of one home's sessions.

    Attributes:
        home: whose they are.
        name: what errors call them.
        cipher: seals their values.
    """

    home: Path
    name: str
    cipher: Cipher

    @property
    @abstractmethod
    def sealed(self) -> bool:
        """Whether the values are sealed."""

    @property
    @abstractmethod
    def is_closed(self) -> bool:
        """Whether it was closed for good."""

    @abstractmethod
    def rows(self, query: str, *values: object) -> list[tuple[Any, ...]]:
        """Run one statement, with `?` for each value, and return its rows."""

    @abstractmethod
    def changing(self, *, durable: bool = False) -> AbstractContextManager[Any]:
        """Change them, all or nothing; `durable` waits for the disk."""

    @abstractmethod
    def hold(self, session: str) -> AbstractContextManager[None]:
        """Hold a session; SessionHeld where somebody else does."""

    @abstractmethod
    def sealed_with(self, cipher: Cipher) -> None:
        """Note, while all values are written anew, which cipher seals them."""

    @abstractmethod
    def empty_log(self) -> None:
        """Remove overwritten values from the log, too."""

    @abstractmethod
    def wipe(self) -> bool:
        """Leave no trace of deleted values; False where something may be left."""

    @abstractmethod
    def close(self) -> None:
        """Close it for good."""

    def put(self, table: str, key: tuple[object, ...], text: str, **more: str) -> None:
        """Write a row, or replace it; its value is sealed where the file is."""
        body = self.cipher.seal(text, place_of(table, key))
        statement = _insertion((table, *_SEALED[table], *more))
        self.rows(statement, *key, *more.values(), body)

    def put_facts(self, session_id: str, facts: dict[str, str]) -> None:
        """Write the facts about a session, which must be there."""
        body = self.cipher.seal(to_json(facts), place_of("sessions", (session_id,)))
        self.rows("UPDATE sessions SET body = ? WHERE id = ?", body, session_id)

    def read(
        self,
        table: str,
        key: tuple[object, ...],
        body: object,
        kind: Callable[[str], Any],
    ) -> Any:
        """Open and read a row's value; a damaged row is set aside.

        Raises:
            CorruptStore: it is damaged; the message says where it is kept.
        """
        place = place_of(table, key)
        try:
            return kind(self.cipher.unseal(body, place))
        except CorruptStore as exc:
            before, why = self.cipher, exc
        with self.changing(durable=True):
            if self.cipher is not before:  # it was sealed anew meanwhile
                return kind(self.cipher.unseal(self._body(table, key), place))
            self._set_row_aside(table, key, body, str(why))
        raise CorruptStore(
            f"{place} is damaged and was kept aside in the table 'damaged' of "
            f"{self.name}: {why}"
        ) from why

    def _body(self, table: str, key: Iterable[object]) -> object:
        where = " AND ".join(f"{name} = ?" for name in _SEALED[table])
        return self.rows(f"SELECT body FROM {table} WHERE {where}", *key)[0][0]

    def reseal(self, cipher: Cipher) -> None:
        """Write every value anew with another cipher, in one transaction."""
        with self.changing(durable=True):
            for table, columns in _SEALED.items():
                names = ", ".join(columns)
                where = " AND ".join(f"{name} = ?" for name in columns)
                for *key, body in self.rows(f"SELECT {names}, body FROM {table}"):
                    place = place_of(table, key)
                    # One bad row stops it, unlike the journal's: nothing of a
                    # conversation is given up unasked.
                    new = cipher.seal(self.cipher.unseal(body, place), place)
                    self.rows(f"UPDATE {table} SET body = ? WHERE {where}", new, *key)
            self._seal_damaged(cipher)
            self.sealed_with(cipher)
        self.wipe()

    def _seal_damaged(self, cipher: Cipher) -> None:
        """Seal damaged rows that were set aside unsealed: they hold messages."""
        for row, body in self.rows("SELECT rowid, body FROM damaged"):
            if not isinstance(body, str):
                continue
            sealed = cipher.seal(body, f"damaged {row}")
            self.rows(
                "UPDATE damaged SET body = ?, why = '' WHERE rowid = ?", sealed, row
            )

    def _set_row_aside(
        self, table: str, key: Iterable[object], body: object, why: str
    ) -> None:
        columns = _SEALED[table]
        where = " AND ".join(f"{name} = ?" for name in columns)
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        self.rows(
            "INSERT INTO damaged VALUES (?, ?, ?, ?)",
            *(place_of(table, key), now, why, body),
        )
        # A session without its row would lose its messages, too: only the value is
        # emptied.
        if table in _STAY:
            empty = self.cipher.seal(to_json({}), place_of(table, key))
            self.rows(f"UPDATE {table} SET body = ? WHERE {where}", empty, *key)
        else:
            self.rows(f"DELETE FROM {table} WHERE {where}", *key)


@cache
def _insertion(names: tuple[str, ...]) -> str:
    """Return the statement that writes a row of a table, given its columns."""
    table, *columns = names
    marks = ", ".join("?" * (len(columns) + 1))
    new = ", ".join(f"{name} = excluded.{name}" for name in (*columns, "body"))
    return (
        f"INSERT INTO {table} ({', '.join(columns)}, body) VALUES ({marks}) "
        f"ON CONFLICT ({', '.join(_SEALED[table])}) DO UPDATE SET {new}"
    )


def place_of(table: str, key: Iterable[object]) -> str:
    """Return the place of a row, which its seal is bound to."""
    return " ".join([table, *map(str, key)])
