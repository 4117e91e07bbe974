"""What comes of a run: how it ends or pauses, and what it tells on the way."""

from agentkit.outcomes.outcome import (
    Approval,
    Done,
    Ending,
    NeedsApproval,
    NeedsInput,
    Outcome,
    Plan,
    Stopped,
    StopReason,
)

__all__ = [
    "Approval",
    "Done",
    "Ending",
    "NeedsApproval",
    "NeedsInput",
    "Outcome",
    "Plan",
    "StopReason",
    "Stopped",
]
