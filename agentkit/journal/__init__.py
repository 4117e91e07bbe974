"""The journal: every side effect once, found again after a crash, and taken back."""

from agentkit.journal.effects import Effects
from agentkit.journal.entry import Entry, Intent, State
from agentkit.journal.journal import JOURNAL_FILE, Journal
from agentkit.journal.run_locks import RunLock
from agentkit.journal.settlement import (
    Fate,
    Settled,
    decide,
    settle_interrupted,
    take_answer,
)
from agentkit.journal.undo import Undone, summary, undo_entry, undo_last

__all__ = [
    "JOURNAL_FILE",
    "Effects",
    "Entry",
    "Fate",
    "Intent",
    "Journal",
    "RunLock",
    "Settled",
    "State",
    "Undone",
    "decide",
    "settle_interrupted",
    "summary",
    "take_answer",
    "undo_entry",
    "undo_last",
]
