"""What a run knows of its surroundings: the home folder, the clock, the user."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from pathlib import Path


def _local_now() -> datetime:
    return datetime.now().astimezone()


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Handed to tools that have a parameter of this type, and to slot types.

    Attributes:
        home: folder of the user's stores; tools keep their files below it.
        now: the clock the run sees, with its time zone.
        locale: language tag of the user's words.
        user_name: the user's name, for organizers and greetings.
        user_email: the user's address; empty when not set.
    """

    home: Path = field(default_factory=lambda: Path.home() / ".agentkit")
    now: datetime = field(default_factory=_local_now)
    locale: str = "en"
    user_name: str = ""
    user_email: str = ""

    @property
    def tz(self) -> tzinfo:
        """Time zone of the clock."""
        zone = self.now.tzinfo
        if zone is None:
            raise ValueError("Context.now needs a time zone")
        return zone
