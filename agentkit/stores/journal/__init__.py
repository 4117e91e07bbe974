"""The journal: every side effect once, found again after a crash, and taken back."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.stores.journal.effects import Effects as Effects
    from agentkit.stores.journal.entry import Intent as Intent
    from agentkit.stores.journal.entry import JournalEntry as JournalEntry
    from agentkit.stores.journal.entry import State as State
    from agentkit.stores.journal.journal import JOURNAL_FILE as JOURNAL_FILE
    from agentkit.stores.journal.journal import Journal as Journal
    from agentkit.stores.journal.redo import Redone as Redone
    from agentkit.stores.journal.redo import redo_entry as redo_entry
    from agentkit.stores.journal.redo import redo_last as redo_last
    from agentkit.stores.journal.settlement import Fate as Fate
    from agentkit.stores.journal.settlement import Settlement as Settlement
    from agentkit.stores.journal.settlement import decide as decide
    from agentkit.stores.journal.settlement import (
        settle_interrupted as settle_interrupted,
    )
    from agentkit.stores.journal.settlement import take_answer as take_answer
    from agentkit.stores.journal.undo import Undone as Undone
    from agentkit.stores.journal.undo import summary as summary
    from agentkit.stores.journal.undo import undo_entry as undo_entry
    from agentkit.stores.journal.undo import undo_last as undo_last

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "effects": ("Effects",),
            "entry": (
                "Intent",
                "JournalEntry",
                "State",
            ),
            "journal": (
                "JOURNAL_FILE",
                "Journal",
            ),
            "redo": (
                "Redone",
                "redo_entry",
                "redo_last",
            ),
            "settlement": (
                "Fate",
                "Settlement",
                "decide",
                "settle_interrupted",
                "take_answer",
            ),
            "undo": (
                "Undone",
                "summary",
                "undo_entry",
                "undo_last",
            ),
        },
    )
