"""A home folder full of sample data, told relative to today so that it stays fresh."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from agentkit_tools._store.files import open_home, write_atomic
from agentkit_tools._store.notebook import add_page
from agentkit_tools.sample.home_data import (
    Days,
    load,
    write_calendar,
    write_letters,
    write_lists,
    write_people,
    write_reminders,
)

NAME, EMAIL, ZONE = "Sam Rivera", "sam.rivera@example.com", "Europe/Berlin"


def make_home(folder: Path, now: datetime) -> None:
    """Fill a folder with a calendar, contacts, messages, reminders, lists and notes.

    Args:
        folder: made when it is not there; what is in it is overwritten.
        now: the clock that all days are told from, with a time zone.

    Raises:
        StoreError: it cannot be written.
    """
    home = open_home(folder)
    days = Days(now.astimezone(ZoneInfo(ZONE)))
    settings = f'name = "{NAME}"\nemail = "{EMAIL}"\ntime_zone = "{ZONE}"\n'
    write_atomic(home / "agentkit.toml", settings.encode())
    write_people(home)
    write_calendar(home, days, (NAME, EMAIL))
    write_letters(home, days, (NAME, EMAIL))
    write_reminders(home, days)
    write_lists(home, days)
    for note in load("notes"):
        add_page(home, note["title"], note["text"])
