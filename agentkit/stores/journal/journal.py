"""The journal: side effects are written before they run, and after."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from agentkit.errors import ConfigError, StoreError
from agentkit.stores.database import Database, Sync
from agentkit.stores.journal.entry import (
    COLUMNS,
    WRITTEN,
    Intent,
    JournalEntry,
    State,
    canonical,
    entry_of,
    opening_values,
    sealed,
)
from agentkit.stores.journal.journal_db import (
    LAYOUT,
    forget_first,
    forget_runs,
    prune,
    reseal,
)
from agentkit.stores.journal.run_lock import RunLock
from agentkit.stores.secrets import Cipher, Sealed

JOURNAL_FILE = "journal.db"
_LARGEST = 2**63 - 1  # that SQLite can look for
# Rows: a list of years is read page by page, and never whole.
_AT_A_TIME = 50
_KEPT_DAYS = 90  # texts of what was done are personal
# An effect that failed may be tried again under its key; one that was begun or done keeps
# its row, and no number comes back: that is how a repetition is refused.
_BEGIN = (
    f"INSERT INTO effects ({WRITTEN}) VALUES ({', '.join('?' * 16)}) "
    "ON CONFLICT (key) DO UPDATE SET state = 'begun', began = excluded.began, "
    "ended = '', clock = excluded.clock, step = excluded.step, note = excluded.note, "
    "arguments = excluded.arguments, request = excluded.request, forgotten = 0 "
    "WHERE state = 'failed' RETURNING number"
)


class Journal:
    """The record of every side effect, by which they are undone.

    Example:
        >>> journal = Journal()
        >>> journal.entries()
        ()
    """

    def __init__(
        self,
        home: Path | None = None,
        *,
        sync: Sync = "full",
        keep_days: int | None = _KEPT_DAYS,
    ) -> None:
        """Keep the journal of a home; nothing is made until the first effect.

        It is sealed when the home's sessions are.

        Args:
            home: folder that gets `journal.db`; in memory only when None, where
                the last thousand are kept.
            sync: `full` waits for the disk before each effect, so that a power cut
                repeats none; `normal` stands a crash of the program only; `off` is
                for measurements.
            keep_days: after so many days the texts of what was settled are forgotten,
                so that it cannot be taken back any more; None for never.

        Raises:
            ConfigError: there is no such `sync`, or no whole day is kept.
        """
        if keep_days is not None and keep_days < 1:
            raise ConfigError(f"keep_days must be at least 1, not {keep_days}")
        self._home = home
        self._days = keep_days
        self._is_pruned = False
        self._database = Database(home / JOURNAL_FILE if home else None, LAYOUT, sync)

    @property
    def exists(self) -> bool:
        """Whether anything was ever journaled here."""
        return self._database.exists

    def close(self) -> None:
        """Close the file; the next use opens it again."""
        self._database.close()

    def lock(self, run_id: str) -> RunLock:
        """Return the lock of a run, not held yet."""
        return RunLock(self._home, run_id, id(self))

    def begin(self, intent: Intent) -> JournalEntry:
        """Write an intent down before it is carried out, or again after it failed.

        Raises:
            StoreError: it cannot be written; then it must not be carried out.
        """
        if not self._is_pruned and self._home is not None:
            self._is_pruned = True
            # With the first effect, as the file is written then anyway; reads stay
            # quick.
            prune(self._database, self._days)
        with self._database.changing(durable=True) as database:
            began = _now()
            values = opening_values(self._database.cipher, intent, began)
            row = database.execute(_BEGIN, values).fetchone()
            if row and self._home is None:
                forget_first(database, row[0])
        if row is None:
            raise StoreError(f"{intent.tool} was begun or done already: not done again")
        return JournalEntry(number=row[0], intent=intent, state="begun", began=began)

    def end(
        self, number: int, state: State, result: Any, said: str = "", note: str = ""
    ) -> None:
        """Write down the outcome of an entry.

        Raises:
            StoreError: it cannot be written.
        """
        texts = {"result": canonical(result), "said": said, "note": note}
        with self._database.changing() as database:
            values = self._sealed(database, number, **texts)
            database.execute(
                "UPDATE effects SET state = ?, ended = ?, result = ?, said = ?, "
                "note = ? WHERE number = ?",
                (state, _now(), *values, number),
            )

    def mark(self, number: int, state: State, note: str = "") -> None:
        """Change the state of an entry, with a note; the time of an undo is kept.

        Raises:
            StoreError: it cannot be written.
        """
        # What is undone is done again in this order, so the time must be that of the
        # undo.
        ended = _now() if state == "undone" else ""
        with self._database.changing(durable=True) as database:
            [kept] = self._sealed(database, number, note=note)
            database.execute(
                "UPDATE effects SET state = ?, note = ?, "
                "ended = coalesce(nullif(?, ''), ended) WHERE number = ?",
                (state, kept, ended, number),
            )

    def forget(self, run_ids: Iterable[str]) -> bool:
        """Wipe the texts of runs' entries: they can be neither looked up nor undone.

        That it was done stays known, so that it is not done again.

        Returns:
            False when another program has the file open, so that its log still holds
            what was forgotten until that ends.

        Raises:
            StoreError: it cannot be written.
        """
        if not self.exists:
            return True
        return forget_runs(self._database, run_ids)

    @property
    def sealed(self) -> bool:
        """Whether its texts are sealed.

        Raises:
            StoreError: it cannot be read, or its key is missing.
        """
        return self._database.sealed

    def reseal(self, cipher: Cipher) -> None:
        """Write every text anew with another cipher, in one transaction.

        Raises:
            StoreError: it cannot be written.
        """
        reseal(self._database, cipher)

    def find(self, key: str, meaning: str = "") -> JournalEntry | None:
        """Return the entry of an intent, by its key or else by its meaning.

        Raises:
            StoreError: it cannot be read.
        """
        found = self._read("WHERE key = ?", key)
        found = found or self._read(
            # The newest: an older one of the same meaning may have failed.
            "WHERE meaning = ? ORDER BY number DESC LIMIT 1",
            meaning,
        )
        return found[0] if found else None

    def sends_since(self, moment: datetime) -> int:
        """Count what was sent, or may have been, since a moment.

        Raises:
            StoreError: it cannot be read.
        """
        if not self.exists:
            return 0
        with self._database.reading() as database:
            row = database.execute(
                "SELECT count(*) FROM effects WHERE effect = 'send' "
                # julianday: times as text do not sort where their offsets differ.
                "AND state != 'failed' AND julianday(began) >= julianday(?)",
                (moment.isoformat(),),
            ).fetchone()
        return int(row[0])

    def entry(self, number: int) -> JournalEntry | None:
        """Return one entry; None when there is none of that number.

        Raises:
            StoreError: it cannot be read.
        """
        is_one = self.exists and number <= _LARGEST
        found = self._read("WHERE number = ?", number) if is_one else ()
        return found[0] if found else None

    def entries(
        self,
        *,
        state: State | None = None,
        since: datetime | None = None,
        run_id: str = "",
        count: int = 0,
    ) -> tuple[JournalEntry, ...]:
        """Return entries, newest first.

        Args:
            state: those in this state only.
            since: those that began then or later; with a time zone.
            run_id: those of this run only.
            count: so many at most; all when 0.

        Raises:
            StoreError: they cannot be read.
        """
        if not self.exists:
            return ()
        # A literal, since the index of what is open serves no parameter.
        is_open = "state = 'begun'" if state == "begun" else ""
        wanted = {
            "state = ?": "" if is_open else state,
            "run_id = ?": run_id,
            "julianday(began) >= julianday(?)": since.isoformat() if since else "",
        }
        given = {where: value for where, value in wanted.items() if value}
        wheres = [*filter(None, [is_open]), *given]
        where = f"WHERE {' AND '.join(wheres)} " if wheres else ""
        return self._read(
            f"{where}ORDER BY number DESC LIMIT ?", *given.values(), count or -1
        )

    def takeable(self, but: str = "") -> Iterator[JournalEntry]:
        """Yield the entries that may be undone, newest first, read page by page.

        Args:
            but: the run whose own effects are left out.

        Raises:
            StoreError: they cannot be read.
        """
        last = _LARGEST if self.exists else 0
        while last:
            found = self._read(
                "WHERE number < ? AND state IN ('done', 'begun', 'undoing') "
                "AND run_id != ? ORDER BY number DESC LIMIT ?",
                last,
                but,
                _AT_A_TIME,
            )
            yield from found
            last = found[-1].number if found else 0

    def undone(self, but: str = "") -> Iterator[JournalEntry]:
        """Yield the entries that were undone, the latest first, read page by page.

        Args:
            but: the run whose own effects are left out.

        Raises:
            StoreError: they cannot be read.
        """
        seen, more = 0, self.exists
        while more:
            # One undo takes the newest back first: of two at once the older was last.
            found = self._read(
                "WHERE state = 'undone' AND run_id != ? "
                "ORDER BY julianday(ended) DESC, number LIMIT ? OFFSET ?",
                but,
                _AT_A_TIME,
                seen,
            )
            yield from found
            seen, more = seen + len(found), bool(found)

    def _read(self, where: str, *values: object) -> tuple[JournalEntry, ...]:
        with self._database.reading() as database:
            rows = database.execute(
                f"SELECT {COLUMNS} FROM effects {where}", values
            ).fetchall()
            return tuple(entry_of(row, self._database.cipher) for row in rows)

    def _sealed(
        self, database: sqlite3.Connection, number: int, **texts: str
    ) -> tuple[str | bytes, ...]:
        """Seal texts of an entry; the key of the entry is their place."""
        # Only a sealed text is bound to its place: an open file saves the look-up.
        key = ""
        if isinstance(self._database.cipher, Sealed):
            query = "SELECT key FROM effects WHERE number = ?"
            found = database.execute(query, (number,)).fetchone()
            key = found[0] if found else ""
        return sealed(self._database.cipher, key, **texts)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="milliseconds")
