"""Where the values of a call come from, and what follows from it."""

from agentkit.safety.provenance.evidence import Evidence
from agentkit.safety.provenance.request_counts import times_wanted
from agentkit.safety.provenance.roles import (
    Content,
    Identifier,
    Plain,
    Recipient,
    Role,
    StandingRule,
    Sum,
    Url,
    roles_of,
)
from agentkit.safety.provenance.trace import Trace, gather, trace_call
from agentkit.safety.provenance.verdict import CLEAR, Chosen, Verdict, judge

__all__ = [
    "CLEAR",
    "Chosen",
    "Content",
    "Evidence",
    "Identifier",
    "Plain",
    "Recipient",
    "Role",
    "StandingRule",
    "Sum",
    "Trace",
    "Url",
    "Verdict",
    "gather",
    "judge",
    "roles_of",
    "times_wanted",
    "trace_call",
]
