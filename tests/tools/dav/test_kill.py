"""An exchange killed at any moment: nothing lost, nothing doubled.

AGENTKIT_KILLS=500 pytest -s tests/tools/dav/test_kill.py
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import signal
import sqlite3
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from agentkit import Context
from agentkit_tools._dav.entries import SyncEntry, read_entry
from tests.tools.dav.conftest import Radicale, Sync, event
from tests.tools.forking import Forker

KILLS = int(os.environ.get("AGENTKIT_KILLS", "50"))

EXCHANGE = """
from datetime import datetime, UTC
from pathlib import Path
from agentkit import Context
from agentkit_tools.sync import sync_calendar
import caldav, niquests, lxml.etree

def work(home, table):
    context = Context(home=Path(home), now=datetime(2026, 11, 18, 9, tzinfo=UTC),
                      packs={"caldav": json.loads(table)})
    sync_calendar.invoke(sync_calendar.check({}, context))
"""


def exchange(forker: Forker, context: Context, seconds: float | None) -> bool:
    """Start an exchange and kill it, or let it end; whether it was killed."""
    table = json.dumps(dict(context.packs["caldav"]))
    pid = forker.start(str(context.home), table)
    if seconds is not None:
        time.sleep(seconds)
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, code = forker.ended()
    assert code in (0, -signal.SIGKILL)
    return code != 0


@dataclass
class World:
    """Changes both sides at random, and knows what has to come of it.

    Attributes:
        wanted: title and place of each event that has to be there.
        doomed: events that are never changed, only deleted.
    """

    home: Path
    server: Radicale
    chance: random.Random
    wanted: dict[str, tuple[str, str]] = field(
        default_factory=dict[str, tuple[str, str]]
    )
    doomed: set[str] = field(default_factory=set[str])
    count: int = 0

    def files(self) -> dict[str, Path]:
        """Return this device's files by UID."""
        found: dict[str, Path] = {}
        for path in self.home.glob("calendar/**/*.ics"):
            entry = read_entry("calendar", path.read_bytes().decode())
            assert isinstance(entry, SyncEntry), path
            assert entry.uid not in found, f"{path} doubles {found.get(entry.uid)}"
            found[entry.uid] = path
        return found

    def noted(self) -> dict[str, bool]:
        """Return the UIDs that this device has noted, and whether both sides agree."""
        path = self.home / "sync.db"
        if not path.exists():
            return {}
        with contextlib.closing(sqlite3.connect(path)) as database:
            rows = database.execute("SELECT href, etag != '' FROM entries")
            return {Path(str(href)).stem: bool(agreed) for href, agreed in rows}

    def change(self) -> None:
        """Change something on one side or the other."""
        self.chance.choice((self.add_here, self.add_there, self.edit, self.delete))()

    def add_here(self) -> None:
        """Write a new event on this device."""
        uid = self._new()
        path = self.home / "calendar" / f"{uid}.ics"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(event(uid, uid, LOCATION="first").encode())

    def add_there(self) -> None:
        """Write a new event on the server."""
        uid = self._new()
        self.server.put(f"Work/{uid}.ics", event(uid, uid, LOCATION="first"))

    def _new(self) -> str:
        self.count += 1
        uid = f"e{self.count}"
        self.wanted[uid] = (uid, "first")
        if self.chance.random() < 0.3:
            self.doomed.add(uid)
        return uid

    def edit(self) -> None:
        """Change titles here and places there, of the same event perhaps."""
        lasting = sorted(self.wanted.keys() - self.doomed)
        if not lasting:
            return
        uid = self.chance.choice(lasting)
        here, there = self.files(), self.server.get(f"Work/{uid}.ics")
        title, place = self.wanted[uid]
        if uid in here:
            title = self.title(uid, here[uid].read_bytes().decode())
        self.count += 1
        if uid in here:
            text = here[uid].read_bytes().decode()
            new = text.replace(f"SUMMARY:{title}\r", f"SUMMARY:t{self.count}\r")
            assert new != text
            here[uid].write_bytes(new.encode())
            title = f"t{self.count}"
        if there:
            old = f"LOCATION:{place}\r"
            assert old in there
            self.server.put(
                f"Work/{uid}.ics", there.replace(old, f"LOCATION:p{self.count}\r")
            )
            place = f"p{self.count}"
        self.wanted[uid] = (title, place)

    def title(self, uid: str, text: str) -> str:
        """Return an event's title, which is the wanted one or waits in conflicts/.

        An entry that was cut off before it was noted has no common version: changed on
        both sides before the next exchange, both versions of it are kept.
        """
        wanted = self.wanted[uid][0]
        if f"SUMMARY:{wanted}\r" in text:
            return wanted
        kept = self.home.glob(f"conflicts/calendar/*/{uid}.mine-*.ics")
        assert any(f"SUMMARY:{wanted}\r" in one.read_bytes().decode() for one in kept)
        return text.partition("SUMMARY:")[2].partition("\r")[0]

    def delete(self) -> None:
        """Delete an event that both sides have, on one side.

        On the server only one of which this device knows that it is there: what was
        cut off before it knew looks the same as what never arrived, and stays. Here
        only one that it has noted: what was cut off before that looks the same as what
        never came, and comes again.
        """
        here, noted = self.files(), self.noted()
        for uid in sorted(self.doomed & here.keys() & noted.keys()):
            if self.server.get(f"Work/{uid}.ics"):
                if not noted[uid] or self.chance.random() < 0.5:
                    here[uid].unlink()
                else:
                    self.server.delete(f"Work/{uid}.ics")
                self.doomed.discard(uid)
                del self.wanted[uid]
                return


@pytest.mark.slow
@pytest.mark.timeout(600 + 30 * KILLS)
@pytest.mark.skipif(sys.platform == "win32", reason="no SIGKILL there")
def test_an_exchange_killed_at_any_moment_loses_and_doubles_nothing(
    online: Context, server: Radicale, sync: Sync
) -> None:
    """After kill -9, further exchanges bring both sides to the same, right state."""
    world = World(online.home, server, random.Random(11))
    killed, number, whole = 0, 0, 0.0
    with Forker(EXCHANGE) as forker:
        while number < KILLS or killed < KILLS / 4:
            for _ in range(world.chance.randint(1, 4)):
                world.change()
            number += 1
            if number % 10 == 1:  # how long one takes now
                begun = time.monotonic()
                exchange(forker, online, None)
                whole = time.monotonic() - begun
                continue
            killed += exchange(forker, online, world.chance.uniform(0, whole))
    print(f"{killed} of {number} exchanges were killed, {len(world.wanted)} events")
    done = [sync(online), sync(online)]
    assert [one.problems for one in done] == [[], []]
    here = {
        uid: path.read_bytes().decode().replace("\r\n ", "")
        for uid, path in world.files().items()
    }
    assert here.keys() == world.wanted.keys()
    assert server.names("Work") == sorted(f"{uid}.ics" for uid in world.wanted)
    for uid, (_, place) in world.wanted.items():
        title = world.title(uid, here[uid])
        for text in (here[uid], server.get(f"Work/{uid}.ics")):
            assert f"SUMMARY:{title}\r" in text
            assert f"LOCATION:{place}\r" in text
