"""The journal: every side effect once, found again after a crash, and taken back."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.journal.effects import Effects as Effects
    from agentkit.journal.entry import Intent as Intent
    from agentkit.journal.entry import JournalEntry as JournalEntry
    from agentkit.journal.entry import State as State
    from agentkit.journal.journal import JOURNAL_FILE as JOURNAL_FILE
    from agentkit.journal.journal import Journal as Journal
    from agentkit.journal.settlement import Fate as Fate
    from agentkit.journal.settlement import Settlement as Settlement
    from agentkit.journal.settlement import decide as decide
    from agentkit.journal.settlement import settle_interrupted as settle_interrupted
    from agentkit.journal.settlement import take_answer as take_answer
    from agentkit.journal.undo import Undone as Undone
    from agentkit.journal.undo import summary as summary
    from agentkit.journal.undo import undo_entry as undo_entry
    from agentkit.journal.undo import undo_last as undo_last

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
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
