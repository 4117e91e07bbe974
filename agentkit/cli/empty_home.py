"""Tells the user that a home is still empty, and how to fill it."""

from __future__ import annotations

from pathlib import Path

from agentkit.cli.phrasebook import told
from agentkit.cli.screen import Screen

# What a home has of its user's, whichever program wrote it; see home-folder.md.
_KEPT = (
    "calendar.ics", "calendar/**/*.ics", "contacts.vcf", "contacts/**/*.vcf",
    "messages.db", "reminders.ics", "lists.ics", "notes/*.md", "outbox/*",
)  # fmt: skip


def is_empty(home: Path) -> bool:
    """Tell whether a home holds none of its user's data."""
    # By files and not by tools: an empty answer of a tool may be a true one.
    return not any(path for kind in _KEPT for path in home.glob(kind))


def tell_if_empty(home: Path, screen: Screen) -> None:
    """Show, where a home is empty, what fills it."""
    if is_empty(home):
        empty = told(
            "The home {home} is empty: `agentkit setup` brings in your calendar, "
            "contacts and mail, `agentkit import FILE` a file of them.",
            home=home,
        )
        screen.line(empty, "yellow")
