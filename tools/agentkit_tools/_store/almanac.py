"""The calendar on the disk: events read by time or name, and changed, through an index.

Only the events that are asked for are read; a change rewrites the files that hold
them, all or none (see `together`), under the home's lock.
"""

from __future__ import annotations

import contextlib
import os
import sqlite3
import time
import weakref
from collections.abc import Callable, Iterable
from contextlib import AbstractContextManager
from datetime import datetime
from pathlib import Path
from typing import TypeAlias

from agentkit import StoreError, ToolError
from agentkit_tools._phrases import phrase
from agentkit_tools._store.blocks import WITHOUT_UID, Block, Blocks, paired
from agentkit_tools._store.catalog import ComponentPlace, open_catalog, throw_away
from agentkit_tools._store.change_sets import finish, is_unfinished, write_together
from agentkit_tools._store.changes import note_swaps
from agentkit_tools._store.contents import EMPTY, Stale, follow, plan, read_places
from agentkit_tools._store.edits import Edits, Spot, edits_of, zones_named
from agentkit_tools._store.files import locked, told
from agentkit_tools._store.folder import (
    SINGLE,
    is_subscribed,
    list_files,
    new_file,
    stamp,
    stamps_of,
)
from agentkit_tools._store.ics import HEAD, TAIL, Saved, mend
from agentkit_tools._store.octets import as_utf8
from agentkit_tools._store.scan import scan

Edit: TypeAlias = Callable[[Blocks], Blocks]
# Another program may write while the calendar is read: how often to begin anew.
_TRIES = 5
# Events without a readable time are added to every answer; so many of them at most.
_UNDATED = 20
_CROWD = (
    f"More than {_UNDATED} events have no start that can be read; not all are named."
)
# Of so many files, all are looked at once in so many seconds, their folders each time.
_MANY = 2_000
_PATIENCE = 10.0


class Almanac:
    """The calendar of a home.

    Attributes:
        warning: what of it could not be read.
    """

    def __init__(self, home: Path, now: datetime) -> None:
        """Open the calendar, and its index up to date.

        Raises:
            StoreError: it cannot be read.
        """
        self._home = home
        self._now = now
        self._damage: list[str] = []
        # Files that cannot be read, named anew each time the folder is listed.
        self._unserved: tuple[str, ...] = ()
        self._crowd = ""
        self._open()
        self._fresh()

    @property
    def warning(self) -> str:
        """What of the calendar could not be read."""
        return " ".join((*self._damage, *self._unserved, *filter(None, [self._crowd])))

    def within(self, start: datetime, end: datetime) -> Blocks:
        """Return the events that may take place in a stretch of time.

        Those of which it is not known when they take place are among them.

        Raises:
            StoreError: the calendar cannot be read.
        """
        first, last = start.timestamp(), end.timestamp()

        def names() -> list[str]:
            undated = self._catalog.undated(_UNDATED + 1)
            self._crowd = _CROWD if len(undated) > _UNDATED else ""
            return [*self._catalog.within(first, last), *undated[:_UNDATED]]

        return self._read(names)

    def events(self, uids: Iterable[str]) -> Blocks:
        """Return events by their UIDs, with all that belongs to them.

        Raises:
            StoreError: the calendar cannot be read.
        """
        names = list(uids)
        return self._read(lambda: names)

    def invites(self) -> set[str]:
        """Return the UIDs of the events that have an organizer."""
        return self._catalog.invites()

    def digests(self) -> dict[str, tuple[str, bool]]:
        """Return the UIDs, each with what tells its text, and whether it repeats."""
        found: dict[str, tuple[str, bool]] = {}
        for name, digest, is_long in self._catalog.digests():
            text, before = found.get(name, ("", False))
            found[name] = text + digest.hex(), before or is_long
        return found

    def change(
        self,
        uids: Iterable[str],
        edit: Edit,
        queued: Iterable[str] = (),
        into: str = "",
    ) -> Saved:
        """Change events, and keep what undoes it.

        Args:
            uids: those that the edit is about; none for a new event.
            edit: makes new blocks of theirs.
            queued: names of files in the outbox that belong to the change.
            into: file for all new events, as a path within the home; each gets its
                place when empty.

        Raises:
            StoreError: the calendar cannot be read or written; nothing was changed.
        """
        names = list(uids)
        for _ in range(_TRIES):
            # Locked anew each time: whoever else writes gets a turn in between.
            with locked(self._home), contextlib.suppress(Stale):
                return self._changed(names, edit, queued, into)
        raise StoreError(
            f"The calendar in {self._home} changes all the time; nothing was written."
        )

    def _changed(
        self, names: list[str], edit: Edit, queued: Iterable[str], into: str
    ) -> Saved:
        self._fresh()
        before, spots = self._located(names)
        after = edit(before)
        # An edit that returns what it got changes nothing, and there is no undo.
        if after is before:
            return Saved("", self.warning)

        def place(uid: str, beside: str) -> str:
            return into or new_file(self._home, uid, beside)

        edits = edits_of(before, after, spots, place)
        self._check(edits)
        rewrite = plan(self._home, self._catalog, edits, after)
        # What undoes it is on the disk before the change is: a crash in between does no
        # harm.
        undo = note_swaps(self._home, rewrite.swaps, rewrite.contents, queued)
        stamps = write_together(self._home, rewrite.contents)
        # What the index misses now it takes in later.
        with contextlib.suppress(sqlite3.DatabaseError):
            follow(self._home, self._catalog, rewrite, stamps)
        return Saved(undo, self.warning)

    def _check(self, edits: Edits) -> None:
        """Refuse to change a calendar that is subscribed to.

        Raises:
            ToolError: an event of it would be changed.
        """
        for path in (*edits.swaps, *edits.fresh):
            if is_subscribed(self._home, path):
                name = path.split("/")[1]
                raise ToolError(
                    phrase(
                        "That event is on the calendar {name}, which you subscribe to: "
                        "it can only be changed where it comes from.",
                        name=name,
                    )
                )

    def _open(self) -> None:
        self._catalog, self._kept = open_catalog(self._home)
        # A connection that is left to the garbage collector warns (ResourceWarning).
        self._close = weakref.finalize(self, self._catalog.close)

    def _read(self, names: Callable[[], Iterable[str]]) -> Blocks:
        for _ in range(_TRIES):
            try:
                return self._located(names())[0]
            except Stale:
                self._fresh()
            except sqlite3.DatabaseError:
                self._again()
        raise StoreError(
            f"The calendar in {self._home} changes all the time; it cannot be read."
        )

    def _again(self) -> None:
        """Make a damaged index anew: the files are the truth."""
        self._close()
        throw_away(self._home)
        self._open()
        self._fresh()

    def _located(self, names: Iterable[str]) -> tuple[Blocks, dict[int, Spot]]:
        """Read events by their names, with their time zones, from the files."""
        wanted_names = dict.fromkeys(names)
        zones: dict[str, tuple[ComponentPlace, str]] = {}
        with self._catalog.one_state():
            places = list(self._catalog.places("VEVENT", wanted_names))
            events = read_places(self._home, self._catalog, places)
            wanted = zones_named(text for _, text in events)
            places = list(self._catalog.places("VTIMEZONE", wanted))
            for place, text in read_places(self._home, self._catalog, places):
                # Files may define a zone twice; the first definition counts.
                zones.setdefault(place.name, (place, text))
        spots: dict[int, Spot] = {}
        items: list[Block] = []
        for place, text in (*zones.values(), *events):
            block = Block(place.kind, _with_uid(place, paired(text)))
            # By identity: an edit keeps the very blocks that it does not change.
            spots[id(block)] = Spot(place.path, place.at, text)
            items.append(block)
        return Blocks((Block("", HEAD), *items, Block("", TAIL))), spots

    def _fresh(self) -> None:
        """Bring the index up to the files.

        Raises:
            StoreError: they cannot be read.
        """
        try:
            # A change that another program began is finished first, under the lock.
            if not is_unfinished(self._home) and self._is_fresh():
                return
            with self._guarded():
                finish(self._home)
                self._take_in()
        except sqlite3.DatabaseError:
            self._again()

    def _is_fresh(self) -> bool:
        """Whether the index is up to date, as far as can be told in short time."""
        known = self._catalog.folders()
        looked, files = self._catalog.sweep()
        # `abs`: a clock that was set back would keep the index fresh for hours.
        if files > _MANY and abs(time.time() - looked) < _PATIENCE:
            single = stamps_of(self._home, [SINGLE])
            mine = self._catalog.shape(SINGLE)
            same = single == ({SINGLE: mine.stamp} if mine else {})
            if same and stamps_of(self._home, known) == known:
                return True
        listing = list_files(self._home)
        self._unserved = listing.warnings
        if listing.stamps != self._catalog.stamps() or listing.folders != known:
            return False
        if files > _MANY and self._kept:
            with self._guarded(), self._catalog.changing():
                self._catalog.swept(listing.folders, len(listing.stamps))
        return True

    def _guarded(self) -> AbstractContextManager[None]:
        return locked(self._home) if self._kept else contextlib.nullcontext()

    def _take_in(self) -> None:
        listing = list_files(self._home)
        unserved = list(listing.warnings)
        with self._catalog.changing():
            known = self._catalog.stamps()
            for path in known.keys() - listing.stamps.keys():
                self._catalog.drop(path)
            for path in sorted(listing.stamps):
                if known.get(path) != listing.stamps[path]:
                    try:
                        self._take_in_file(path)
                    except StoreError as exc:
                        # Without calendar.ics nothing is sure; one bad file of a folder
                        # is only named.
                        if path == SINGLE:
                            raise
                        self._catalog.drop(path)
                        unserved.append(str(exc))
            self._catalog.swept(listing.folders, len(listing.stamps))
        self._unserved = tuple(unserved)

    def _take_in_file(self, path: str) -> None:
        # The second time after it was mended.
        for _ in range(2):
            with (
                told(self._home / path, "read"),
                (self._home / path).open("rb") as file,
            ):
                found = stamp(os.fstat(file.fileno()))
                content = as_utf8(file.read())
            scanned = scan(content) if content.strip() else EMPTY
            if scanned:
                self._catalog.put(path, found, scanned)
                return
            self._damage.append(mend(self._home / path, self._now))


def _with_uid(place: ComponentPlace, text: str) -> str:
    """Give an event without a UID one, which it keeps when it is changed."""
    if place.kind != "VEVENT" or not place.name.endswith(WITHOUT_UID):
        return text
    if Block(place.kind, text).uid:
        return text
    first, end, rest = text.partition("\n")
    return f"{first}{end}UID:{place.name}\r\n{rest}"
