"""Sessions: conversations and their runs, kept in one file and continued later."""

from typing import TYPE_CHECKING

from agentkit.errors import SessionHeld as SessionHeld
from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.stores.sessions.compaction import Compaction as Compaction
    from agentkit.stores.sessions.compaction import Compactor as Compactor
    from agentkit.stores.sessions.json_forms import from_json as from_json
    from agentkit.stores.sessions.json_forms import to_json as to_json
    from agentkit.stores.sessions.records import RunRecord as RunRecord
    from agentkit.stores.sessions.records import SessionRecord as SessionRecord
    from agentkit.stores.sessions.records import Transcript as Transcript
    from agentkit.stores.sessions.records import Unfinished as Unfinished
    from agentkit.stores.sessions.records import paused_run as paused_run
    from agentkit.stores.sessions.session import Session as Session
    from agentkit.stores.sessions.store import Sessions as Sessions

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
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
