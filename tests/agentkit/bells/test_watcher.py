"""The watcher: all that is due rings, once each, whatever machine and clock do."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from agentkit.bells.rounds import Due, Dues
from agentkit.bells.watcher import Watcher, is_watched, watching
from agentkit.errors import StoreError

START = datetime(2026, 3, 27, 22, tzinfo=UTC)
SECOND, MINUTE, HOUR = (timedelta(seconds=n) for n in (1, 60, 3600))


class _World:
    """A home with things that are due, a clock that can be changed, and who watches."""

    def __init__(self, home: Path, seed: int = 0) -> None:
        self.home, self.random = home, random.Random(seed)
        self.clock, self.dues = START, list[Due]()
        self.rung, self.reads = Counter[str](), 0
        self.expected = set[str]()
        self.begin()

    def begin(self) -> None:
        """Start the program anew."""
        self.watcher = Watcher(self.home, self.tell, lambda: self.clock)

    def tell(self, now: datetime, since: datetime, until: datetime) -> Dues:
        """Answer as packages do."""
        self.reads += 1
        return Dues(tuple(due for due in self.dues if since < due.rings <= until))

    def set(self, after: timedelta) -> None:
        """Set something that rings in some time; a file of the home changes."""
        lead = self.random.choice((timedelta(), 10 * MINUTE, 48 * HOUR))
        name = f"{len(self.dues)}"
        moment = self.clock + after + lead
        made = Due(id=name, moment=moment, title=name, kind="event", lead=lead)
        self.dues.append(made)
        (self.home / "dues.txt").write_text("\n".join(due.id for due in self.dues))

    def look(self) -> None:
        """Look once: what has come by now has rung by now."""
        found = self.watcher.look()
        self.rung.update(due.id for due in (*found.now, *found.missed))
        self.watcher.keep()
        self.expected |= {due.id for due in self.dues if due.rings <= self.clock}
        assert set(self.rung) == self.expected

    def go_on(self, looks: int) -> None:
        """Let a program look as often as it does: once a second."""
        for _ in range(looks):
            self.look()
            self.clock += SECOND


@pytest.mark.parametrize("seed", range(2))
def test_a_thousand_things_ring_once_each(tmp_path: Path, seed: int) -> None:
    """Restarts, sleep and clocks that change in both directions lose none."""
    world = _World(tmp_path, seed)
    while len(world.dues) < 1_000:
        for _ in range(world.random.randint(1, 12)):
            world.set(world.random.uniform(0, 2) * HOUR)
        for _ in range(world.random.randint(0, 2)):
            world.random.choice(_TROUBLES)(world)
            world.look()
        world.go_on(world.random.randint(1, 30))
    for _ in range(100):
        world.clock += world.random.uniform(0, 2) * HOUR
        world.look()
    world.clock = max(world.clock, *(due.rings for due in world.dues))
    world.look()
    assert world.rung == Counter({due.id: 1 for due in world.dues})


def _sleep(world: _World) -> None:
    world.clock += world.random.uniform(0, 3) * HOUR


def _go_back(world: _World) -> None:
    world.clock -= world.random.choice((SECOND, HOUR, 72 * HOUR))


def _go_ahead(world: _World) -> None:
    world.clock += world.random.choice((SECOND, HOUR, 72 * HOUR))


_TROUBLES = (_World.begin, _sleep, _go_back, _go_ahead)


def test_idle_reads_nothing(tmp_path: Path) -> None:
    """Where nothing changes and nothing is due, the home is read twice a day."""
    world = _World(tmp_path)
    world.set(100 * HOUR)
    for _ in range(24 * 60):
        world.look()
        world.clock += MINUTE
    assert world.reads <= 3


@pytest.mark.parametrize("place", ["new.ics", "calendar/new.ics", "calendar/x/new.ics"])
def test_what_is_new_is_seen_at_once(tmp_path: Path, place: str) -> None:
    """A new file in the home or in its folders is read at the next look."""
    (tmp_path / "calendar" / "x").mkdir(parents=True)
    world = _World(tmp_path)
    world.go_on(2)
    (tmp_path / place).write_text("new")
    world.go_on(2)
    assert world.reads == 2


def test_what_is_written_in_place_is_seen_in_a_while(tmp_path: Path) -> None:
    """A file within a folder that is not replaced is read in about a minute."""
    (tmp_path / "calendar").mkdir()
    (tmp_path / "calendar" / "one.ics").write_text("old")
    world = _World(tmp_path)
    world.go_on(2)
    (tmp_path / "calendar" / "one.ics").write_text("new and longer")
    world.go_on(70)
    assert world.reads == 2


def test_what_runs_leave_behind_is_not_read_for(tmp_path: Path) -> None:
    """Nothing is due in a journal."""
    world = _World(tmp_path)
    world.go_on(2)
    (tmp_path / "journal.db").write_text("a run")
    world.go_on(2)
    assert world.reads == 1


def test_a_home_that_cannot_be_read_is_tried_again(tmp_path: Path) -> None:
    """Not each second, in a minute at the latest, and as soon as it has changed."""
    faults = 0

    def tell(now: datetime, since: datetime, until: datetime) -> Dues:
        nonlocal faults
        faults += 1
        return Dues(faults=("torn",))

    clock = START
    watcher = Watcher(tmp_path, tell, lambda: clock)
    for _ in range(30):
        watcher.look()
        clock += SECOND
    assert (faults, watcher.faults) == (1, ("torn",))
    (tmp_path / "reminders.ics").write_text("mended")
    watcher.look()
    assert faults == 2
    clock += MINUTE
    watcher.look()
    assert faults == 3


def test_one_watches(tmp_path: Path) -> None:
    """A second one is told so, until the first one ends."""
    assert not is_watched(tmp_path / "none")
    with watching(tmp_path):
        assert is_watched(tmp_path)
        with pytest.raises(StoreError, match="watched already"), watching(tmp_path):
            pass
    assert not is_watched(tmp_path)
    with watching(tmp_path):
        pass


def test_where_nothing_can_be_locked(tmp_path: Path) -> None:
    """It is said in a sentence: two watchers could ring there."""
    (tmp_path / ".watch.lock").mkdir()
    with (
        pytest.raises(StoreError, match="cannot be watched: Is a directory"),
        watching(tmp_path),
    ):
        pass
    assert not is_watched(tmp_path)


def test_a_full_disk_rings_nothing_twice(tmp_path: Path) -> None:
    """What has rung and cannot be written is remembered, and written when it can be."""
    world = _World(tmp_path)
    world.set(SECOND)
    world.go_on(1)
    kept = tmp_path / ".rung.json"
    kept.rename(tmp_path / "aside")
    kept.mkdir()
    world.clock += HOUR
    found = world.watcher.look()
    for _ in range(2):
        with pytest.raises(StoreError, match="cannot be written"):
            world.watcher.keep()
        again = world.watcher.look()
        assert len(found.missed) == 1
        assert not again.missed + again.now
    kept.rmdir()
    world.watcher.keep()
    world.begin()
    assert not world.watcher.look().missed
