"""What may leave the device, what stands in for what may not, and what has left."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.privacy.gate import Departure as Departure
    from agentkit.privacy.gate import EgressRule as EgressRule
    from agentkit.privacy.gate import Gate as Gate
    from agentkit.privacy.gate import Leave as Leave
    from agentkit.privacy.gate import Mode as Mode
    from agentkit.privacy.gate import PrivacyPolicy as PrivacyPolicy
    from agentkit.privacy.ledger import Ledger as Ledger
    from agentkit.privacy.ledger import LedgerEntry as LedgerEntry
    from agentkit.privacy.personal_values import PersonalValue as PersonalValue
    from agentkit.privacy.personal_values import Values as Values
    from agentkit.privacy.placeholders import Mask as Mask
    from agentkit.privacy.sockets import assert_no_egress as assert_no_egress

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "gate": (
                "Departure",
                "EgressRule",
                "Gate",
                "Leave",
                "Mode",
                "PrivacyPolicy",
            ),
            "ledger": (
                "Ledger",
                "LedgerEntry",
            ),
            "personal_values": (
                "PersonalValue",
                "Values",
            ),
            "placeholders": ("Mask",),
            "sockets": ("assert_no_egress",),
        },
    )
