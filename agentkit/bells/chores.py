"""Does what the user put off until now, while somebody watches the home.

A package names, in the entry-point group `agentkit.chores`, a function from a `Context`
to lines that tell what it did. It is called about once a minute, does only what the user
said earlier, and is cheap where there is nothing to do.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TypeAlias, cast

from agentkit.context import Context
from agentkit.errors import AgentkitError
from agentkit.installation.distribution import registered
from agentkit.language import speaking
from agentkit.settings import make_context, read_settings
from agentkit.tools.packs import loaded

CHORES_GROUP = "agentkit.chores"
Chore: TypeAlias = Callable[[Context], Iterable[str]]
# What failed, such as for a server that is away, is tried again after so long.
_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class ChoresDone:
    """What was done, and faults that are new."""

    lines: tuple[str, ...] = ()
    faults: tuple[str, ...] = ()


class Chores:
    """Does a home's chores, again and again."""

    def __init__(self, home: Path, clock: Callable[[], datetime]) -> None:
        """Store the home and the clock."""
        self._home = home
        self._clock = clock
        self._later: dict[str, datetime] = {}
        self._told: dict[str, str] = {}

    def do(self) -> ChoresDone:
        """Call each chore once; one that fails does not hold up the others."""
        now, lines, faults = self._clock(), list[str](), list[str]()
        try:
            context = make_context(self._home, read_settings(self._home), now)
        except AgentkitError as exc:
            return ChoresDone((), tuple(self._new("settings", str(exc))))
        with speaking(context.locale.partition("-")[0]):
            for point in sorted(registered(CHORES_GROUP), key=lambda one: one.name):
                if self._later.get(point.value, now) > now:
                    continue
                try:
                    lines += cast(Chore, loaded(point))(context)
                    self._told.pop(point.value, None)
                except AgentkitError as exc:
                    faults += self._fails(point.value, str(exc), now)
                except Exception as exc:  # whatever it is, the watcher goes on
                    why = f"{point.value} failed: {type(exc).__name__}: {exc}"
                    faults += self._fails(point.value, why, now)
        return ChoresDone(tuple(lines), tuple(faults))

    def _fails(self, name: str, fault: str, now: datetime) -> list[str]:
        self._later[name] = now + _AGAIN
        return self._new(name, fault)

    def _new(self, name: str, fault: str) -> list[str]:
        if self._told.get(name) == fault:
            return []
        self._told[name] = fault
        return [fault]
