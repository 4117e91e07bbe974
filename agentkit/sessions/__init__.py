"""Sessions: conversations, runs and what waits, kept in one file and gone on with."""

from agentkit.sessions.forms import from_json, to_json
from agentkit.sessions.holding import SessionHeld
from agentkit.sessions.records import RunRecord, SessionRecord, Transcript
from agentkit.sessions.session import Session
from agentkit.sessions.store import Sessions

__all__ = [
    "RunRecord",
    "Session",
    "SessionHeld",
    "SessionRecord",
    "Sessions",
    "Transcript",
    "from_json",
    "to_json",
]
