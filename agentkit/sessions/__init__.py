"""Sessions: conversations, runs and what waits, kept in one file and gone on with."""

from agentkit.errors import SessionHeld
from agentkit.sessions.compaction import Compaction, Compactor
from agentkit.sessions.json_forms import from_json, to_json
from agentkit.sessions.records import (
    RunRecord,
    SessionRecord,
    Transcript,
    Unfinished,
    paused_run,
)
from agentkit.sessions.session import Session
from agentkit.sessions.store import Sessions

__all__ = [
    "Compaction",
    "Compactor",
    "RunRecord",
    "Session",
    "SessionHeld",
    "SessionRecord",
    "Sessions",
    "Transcript",
    "Unfinished",
    "from_json",
    "paused_run",
    "to_json",
]
