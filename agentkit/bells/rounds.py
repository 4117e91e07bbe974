"""Decides what rings now, what was missed, and what has rung already.

Clocks go wrong in both directions. So what has rung is known by its id, and not by the
time alone: a clock that goes back rings nothing again, and what was set meanwhile for a
time that has been before rings all the same.

What is due, installed packages say: reminders, alarms, timers, events.

Not covered: what comes to the home over a day after it was due; more than `MOST` things
that rang within a day, with a clock that then goes back; and what was due more than
`LONGEST` before somebody looks.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any, TypeAlias, cast

from agentkit.context import Context
from agentkit.errors import AgentkitError, StoreError
from agentkit.installation.distribution import registered
from agentkit.stores.shared_files import set_aside, write_json
from agentkit.tools.packs import loaded

DUES_GROUP = "agentkit.dues"
# Whoever sets something for later has set something sooner before. A year of a calendar of
# 50,000 events takes half a second to read, and this is done after each run that writes.
_SOON = timedelta(days=92)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that rings, once.

    Attributes:
        id: the same each time it is listed, another one when it is moved.
        moment: when it takes place, with its time zone.
        title: what a person called it. Others may have written it.
        kind: a word for what it is: reminder, alarm, timer, event.
        lead: how long before its moment it rings.
        made: when it was set or changed last; None where that is not known.
    """

    id: str
    moment: datetime
    title: str
    kind: str
    lead: timedelta = timedelta()
    made: datetime | None = None

    @property
    def rings(self) -> datetime:
        """When it rings, in UTC: clocks that are changed in between count."""
        return self.moment.astimezone(UTC) - self.lead


TellDues: TypeAlias = Callable[[Context, datetime, datetime], Iterable[Due]]


@dataclass(frozen=True, slots=True)
class Dues:
    """What is due, in order, and the sources that could not be read.

    Attributes:
        items: what rings.
        faults: a sentence for each source that cannot be read: the others ring.
    """

    items: tuple[Due, ...] = ()
    faults: tuple[str, ...] = ()


def dues_of(context: Context, since: datetime, until: datetime) -> Dues:
    """Ask installed packages what rings after a moment and up to another one.

    A package names, in the entry-point group `agentkit.dues`, a function from a
    `Context` and two moments to `Due` values. It may tell more than was asked for.
    """
    told: dict[str, Due] = {}
    faults: list[str] = []
    for point in sorted(registered(DUES_GROUP), key=lambda one: one.name):
        try:
            for due in cast(TellDues, loaded(point))(context, since, until):
                if since < due.rings <= until:
                    told.setdefault(due.id, due)
        except AgentkitError as exc:
            faults.append(str(exc))
        except Exception as exc:  # whatever it is, it must not silence the others
            why = f"{type(exc).__name__}: {exc}"
            faults.append(f"{point.value} cannot say what is due: {why}")
    items = sorted(told.values(), key=lambda due: (due.rings, due.id))
    return Dues(tuple(items), tuple(faults))


def is_new(context: Context, began: datetime) -> bool:
    """Tell whether something due in the next months was set since a moment."""
    now = context.current().now
    # Calendars tell whole seconds.
    since = began.replace(microsecond=0)
    ahead = dues_of(context, now, now + _SOON).items
    return any(due.made is not None and due.made >= since for due in ahead)


# A machine under load or a short nap is no absence.
LATE = timedelta(minutes=1)
# What reaches the home late, from a phone or a server, still rings within a day.
GRACE = timedelta(days=1)
# Whoever was away for longer looks at the lists.
LONGEST = timedelta(days=366)
# Years of an ordinary home, in a file of about 100 KB.
MOST = 2_000
# Characters; ids of other programs can be of any length.
_LONGEST_ID = 120
_FILE = ".rung.json"


@dataclass(frozen=True, slots=True)
class RungMemory:
    """What has rung, remembered from round to round.

    Attributes:
        since: what was due up to then has rung, or will never.
        rung: when each thing was due that has rung, by its key; the last one at the end.
    """

    since: datetime
    rung: Mapping[str, datetime] = field(default_factory=dict[str, datetime])


@dataclass(frozen=True, slots=True)
class Round:
    """The result of one look: what rings now, and what was missed."""

    now: tuple[Due, ...]
    missed: tuple[Due, ...]
    memory: RungMemory


def first_memory(now: datetime) -> RungMemory:
    """Return the memory of a home that was never watched: nothing has rung yet."""
    return RungMemory(now - GRACE)


def beginning(memory: RungMemory, now: datetime) -> datetime:
    """Return the earliest moment whose dues can still ring."""
    # `min`: with a clock that went back, `since` lies ahead, and nothing would ring
    # until then.
    return max(min(memory.since, now), now - LONGEST)


def next_round(memory: RungMemory, dues: Iterable[Due], now: datetime) -> Round:
    """Return what rings now, what was missed, and the new memory.

    Args:
        memory: as the last round left it.
        dues: what is due, that of the time since `beginning` at least.
        now: the clock, wherever it has gone.
    """
    since = beginning(memory, now)
    new = [
        due
        for due in dues
        if since < due.rings <= now and key_of(due.id) not in memory.rung
    ]
    new.sort(key=lambda due: due.rings)
    rung = memory.rung
    if new:
        rung = {**rung, **{key_of(due.id): due.rings for due in new}}
    late = now - LATE
    return Round(
        tuple(due for due in new if due.rings >= late),
        tuple(due for due in new if due.rings < late),
        # A day is looked back at each round: what comes late from a server rings within
        # it.
        _bounded(max(since, now - GRACE), rung, now),
    )


def _bounded(
    since: datetime, rung: Mapping[str, datetime], now: datetime
) -> RungMemory:
    """Forget the oldest where there are too many; their time then stands for them."""
    if len(rung) <= MOST:
        return RungMemory(since, rung)
    gone = sorted(rung, key=lambda key: rung[key])[: len(rung) - MOST]
    passed = [rung[key] for key in gone if rung[key] <= now]
    kept = {key: due for key, due in rung.items() if key not in set(gone)}
    return RungMemory(max(since, *passed) if passed else since, kept)


def key_of(id: str) -> str:
    """Return the key by which a due is remembered."""
    return id if len(id) <= _LONGEST_ID else sha256(id.encode()).hexdigest()


def read_memory(home: Path, now: datetime) -> RungMemory:
    """Read what a home remembers; a damaged file is kept aside, and nothing has rung.

    Raises:
        StoreError: it is there and cannot be read.
    """
    path = home / _FILE
    try:
        told: Any = json.loads(path.read_text("utf-8"))
        return RungMemory(
            datetime.fromisoformat(told["since"]).astimezone(UTC),
            {str(key): _moment(due) for key, due in told["rung"].items()},
        )
    except FileNotFoundError:
        return first_memory(now)
    except OSError as exc:
        raise StoreError(f"{path} cannot be read: {exc.strerror}") from exc
    except (ValueError, KeyError, TypeError, AttributeError):
        set_aside(path)
        return first_memory(now)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC)


def keep_memory(home: Path, memory: RungMemory) -> None:
    """Write what a home remembers.

    Raises:
        StoreError: it cannot be written.
    """
    rung = {key: due.isoformat() for key, due in memory.rung.items()}
    write_json(home / _FILE, {"since": memory.since.isoformat(), "rung": rung})


def rung_last(home: Path, now: datetime) -> str:
    """Return the key of what rang last in a home; empty when nothing has.

    Raises:
        StoreError: that cannot be read.
    """
    return next(reversed(list(read_memory(home, now).rung)), "")
