"""What may leave the device, what stands in for what may not, and what has left."""

from agentkit.privacy.gate import (
    Departure,
    EgressRule,
    Gate,
    Leave,
    Mode,
    PrivacyPolicy,
)
from agentkit.privacy.ledger import Entry, Ledger
from agentkit.privacy.personal_values import PersonalValue, Values
from agentkit.privacy.placeholders import Mask
from agentkit.privacy.sockets import assert_no_egress

__all__ = [
    "Departure",
    "EgressRule",
    "Entry",
    "Gate",
    "Leave",
    "Ledger",
    "Mask",
    "Mode",
    "PersonalValue",
    "PrivacyPolicy",
    "Values",
    "assert_no_egress",
]
