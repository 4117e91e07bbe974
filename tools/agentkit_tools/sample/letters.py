"""The sample's messages."""

from __future__ import annotations

from email.utils import parseaddr
from pathlib import Path
from typing import Any

from agentkit_tools._store.mailbox import Letter, add_letters
from agentkit_tools.sample.days import Days, load
from agentkit_tools.sample.people import addresses


def write_letters(home: Path, days: Days, user: tuple[str, str]) -> None:
    """Write messages.db.

    Raises:
        StoreError: it cannot be written.
    """
    letters = [
        _letter(number, entry, days, user)
        for number, entry in enumerate(load("messages"), 1)
    ]
    add_letters(home, letters, days.now)


def _letter(
    number: int, entry: dict[str, Any], days: Days, user: tuple[str, str]
) -> Letter:
    mine = entry["from"] == "me"
    told, address = parseaddr(entry["from"]) if "<" in entry["from"] else ("", "")
    name = user[0] if mine else told or entry["from"]
    own = user[1] if mine else address or addresses()[entry["from"]]
    to = [addresses()[person] for person in entry.get("to", ())] if mine else [user[1]]
    return Letter(
        message_id=f"<{number}.{entry['thread']}@sample.example>",
        thread=entry["thread"],
        subject=entry["subject"],
        sender=name,
        address=own,
        recipients=tuple(to),
        sent=days.at(days.day(entry["day"]), entry["at"]),
        text=days.fill(entry["text"]),
        unread=entry.get("unread", False),
        mine=mine,
    )
