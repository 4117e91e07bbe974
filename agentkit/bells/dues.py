"""What is due, as installed packages tell of it: reminders, alarms, timers, events."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TypeAlias, cast

from agentkit.context import Context
from agentkit.installation.distribution import registered
from agentkit.tools.packs import loaded

DUES_GROUP = "agentkit.dues"
_YEAR = timedelta(days=366)


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


def dues_of(context: Context, since: datetime, until: datetime) -> list[Due]:
    """Ask installed packages what rings after a moment and up to another one.

    A package names, in the entry-point group `agentkit.dues`, a function from a
    `Context` and two moments to `Due` values. It may tell more than was asked for.

    Raises:
        ToolsetError: a package cannot be loaded.
        StoreError: a file of the home cannot be read.
    """
    told: dict[str, Due] = {}
    for point in sorted(registered(DUES_GROUP), key=lambda one: one.name):
        for due in cast(TellDues, loaded(point))(context, since, until):
            if since < due.rings <= until:
                told.setdefault(due.id, due)
    return sorted(told.values(), key=lambda due: (due.rings, due.id))


def is_new(context: Context, began: datetime) -> bool:
    """Tell whether something that will ring was set since a moment.

    Raises:
        ToolsetError: a package cannot be loaded.
        StoreError: a file of the home cannot be read.
    """
    now = context.current().now
    # Calendars tell whole seconds.
    since = began.replace(microsecond=0)
    ahead = dues_of(context, now, now + _YEAR)
    return any(due.made is not None and due.made >= since for due in ahead)
