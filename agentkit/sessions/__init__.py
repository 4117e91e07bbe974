"""Sessions: conversations, runs and what waits, kept in one file and gone on with."""

from typing import TYPE_CHECKING

from agentkit.errors import SessionHeld as SessionHeld
from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.sessions.compaction import Compaction as Compaction
    from agentkit.sessions.compaction import Compactor as Compactor
    from agentkit.sessions.json_forms import from_json as from_json
    from agentkit.sessions.json_forms import to_json as to_json
    from agentkit.sessions.records import RunRecord as RunRecord
    from agentkit.sessions.records import SessionRecord as SessionRecord
    from agentkit.sessions.records import Transcript as Transcript
    from agentkit.sessions.records import Unfinished as Unfinished
    from agentkit.sessions.records import paused_run as paused_run
    from agentkit.sessions.session import Session as Session
    from agentkit.sessions.store import Sessions as Sessions

__all__, __getattr__, __dir__ = face(  # pyright: ignore[reportUnsupportedDunderAll]
    __name__,
    {
        "compaction": ("Compaction", "Compactor"),
        "json_forms": ("from_json", "to_json"),
        "records": (
            "RunRecord",
            "SessionRecord",
            "Transcript",
            "Unfinished",
            "paused_run",
        ),
        "session": ("Session",),
        "store": ("Sessions",),
    },
)
