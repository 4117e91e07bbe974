"""The one way out: what leaves the device is checked and recorded here first.

A backend or tool calls `Gate.release` with exactly what it is about to send, before
it opens a connection. Where that is refused, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace

from agentkit.errors import EgressDenied
from agentkit.messages import Privacy
from agentkit.privacy.ledger import Ledger
from agentkit.privacy.policy import Leave, PrivacyPolicy, host_of
from agentkit.privacy.values import Values


@dataclass(frozen=True, slots=True, kw_only=True)
class Departure:
    """What is about to leave.

    Attributes:
        to: where to, an address.
        text: exactly what would be sent.
        size: its bytes.
        label: privacy of what it was made from.
        reason: why it is asked about.
    """

    to: str
    text: str
    size: int
    label: Privacy
    reason: str


Ask = Callable[[Departure], bool]


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets text leave, or not, by policy.

    Attributes:
        policy: what may leave.
        label: privacy of what the text is made from.
        masked: personal values were replaced by placeholders.
        known: the user's personal values; none of them may be left in text that is
            called public or masked.
        hidden: further values, of this run's results.
        ledger: where departures are recorded; None records nothing.
        ask: asks the user, who sees the exact text; None when nobody is there.
        grant: under which permission text leaves, in words.
    """

    policy: PrivacyPolicy = field(default_factory=PrivacyPolicy)
    label: Privacy = "public"
    masked: bool = False
    known: Values = field(default_factory=Values)
    hidden: Values = field(default_factory=Values)
    ledger: Ledger | None = None
    ask: Ask | None = None
    grant: str = ""

    def granted(self, grant: str) -> Gate:
        """Return a gate for what the user allowed, such as a send they approved."""
        return replace(self, grant=grant)

    def release(self, to: str, content: str | bytes) -> None:
        """Check and record what is about to be sent.

        Args:
            to: address it goes to.
            content: exactly what would be sent.

        Raises:
            EgressDenied: it may not leave.
            StoreError: the ledger cannot be written, so nothing may leave.
        """
        raw = (
            content.encode("utf-8", "replace") if isinstance(content, str) else content
        )
        grant = self._grant(to, raw)
        if self.ledger is not None:
            self.ledger.add(to=to, content=raw, label=self.label, grant=grant)

    def check(self, to: str, content: str) -> None:
        """Check a text without recording it: not all that is checked is sent.

        Raises:
            EgressDenied: it may not leave.
        """
        if self.policy.answer(self.label, to) != "ask":
            self._grant(to, content.encode("utf-8", "replace"))

    def _grant(self, to: str, raw: bytes) -> str:
        """Return the permission under which it may leave."""
        if self.policy.mode == "offline":
            raise EgressDenied(
                f"nothing was sent to {host_of(to)}: the mode is offline"
            )
        if self.grant:
            return self.grant
        answer = self.policy.answer(self.label, to)
        if answer == "allow" and self.label != "public":
            return f"{self.label} text may leave for {host_of(to)}"
        left = self._left(raw)
        if left:
            return self._decide(self.policy.answer("personal", to), to, raw, left)
        if answer == "allow":
            return "it holds nothing personal"
        if answer == "placeholders" and self.masked:
            return "personal values were replaced by placeholders"
        return self._decide(answer, to, raw, f"it is made from {self.label} text")

    def _left(self, raw: bytes) -> str:
        """Say what personal value is left in the text; never the value itself."""
        text = raw.decode("utf-8", "replace")
        for values in (self.known, self.hidden):
            found = values.find(text)
            if found:
                return f"it holds a personal value ({found.kind})"
        return ""

    def _decide(self, answer: Leave, to: str, raw: bytes, reason: str) -> str:
        if answer == "allow":
            return f"personal text may leave for {host_of(to)}"
        if answer == "ask" and self.ask is not None:
            text = raw.decode("utf-8", "replace")
            departure = Departure(
                to=to, text=text, size=len(raw), label=self.label, reason=reason
            )
            if self.ask(departure):
                return "the user allowed it, having seen the text"
            raise EgressDenied(f"nothing was sent to {host_of(to)}: the user said no")
        raise EgressDenied(
            f"nothing was sent to {host_of(to)}: {reason}, and the privacy policy "
            "keeps that on this device"
        )
