"""What is due, as installed packages tell of it: reminders, alarms, timers, events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, cast

from agentkit.context import Context
from agentkit.errors import AgentkitError
from agentkit.installation.distribution import registered
from agentkit.tools.packs import loaded

DUES_GROUP = "agentkit.dues"
# Whoever sets something for later has set something sooner before. A year of a calendar of
# 50,000 events takes half a second to read, and this is done after each run that writes.
_SOON = timedelta(days=92)


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """One thing that rings, once.

    Attributes:
        id: the same each time it is told, another one when it is moved.
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
    """What is due, in its order, and who could not say what is.

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
    """Tell whether something was set since a moment that rings in the next months."""
    now = context.current().now
    # Calendars tell whole seconds.
    since = began.replace(microsecond=0)
    ahead = dues_of(context, now, now + _SOON).items
    return any(due.made is not None and due.made >= since for due in ahead)
