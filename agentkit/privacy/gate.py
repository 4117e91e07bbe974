"""The one way out: what may leave for which destination, checked and recorded here first.

A backend or tool calls `Gate.release` with exactly what it is about to send, before
it opens a connection. Where that is refused, nothing is sent.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Literal

from agentkit.errors import ConfigError, CorruptStore, EgressDenied
from agentkit.messages import Privacy
from agentkit.privacy.destinations import UNKNOWN, address_of

# A policy is asked of in every run, what it takes to search a text where one leaves.
if TYPE_CHECKING:
    from agentkit.privacy.ledger import Ledger
    from agentkit.privacy.passages import Passage
    from agentkit.privacy.personal_values import Values
    from agentkit.privacy.placeholders import Mask

Mode = Literal["offline", "private", "open"]
Leave = Literal["never", "ask", "placeholders", "allow"]

# From the freest to the strictest answer.
_STRICT: tuple[Leave, ...] = ("allow", "placeholders", "ask", "never")
_MODES: Mapping[Mode, Mapping[Privacy, Leave]] = {
    "offline": {"public": "never", "personal": "never", "secret": "never"},
    "private": {"public": "allow", "personal": "never", "secret": "never"},
    "open": {"public": "allow", "personal": "allow", "secret": "never"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class EgressRule:
    """What holds for one label and some destinations.

    Attributes:
        label: the privacy of the text.
        answer: `never`, `ask`, `placeholders` or `allow`.
        to: host of the destination; `*` stands for any part.
    """

    label: Privacy
    answer: Leave
    to: str = "*"


@dataclass(frozen=True, slots=True, kw_only=True)
class PrivacyPolicy:
    """What may leave this device.

    Attributes:
        mode: `offline` lets nothing leave; `private` lets no personal text leave as
            it is; `open` keeps back secrets only.
        rules: exceptions; the first that fits holds.
    """

    mode: Mode = "private"
    rules: tuple[EgressRule, ...] = ()

    def __post_init__(self) -> None:
        """Check the values that come from files.

        Raises:
            ConfigError: there is no such mode, or no such answer.
        """
        if self.mode not in _MODES:
            raise ConfigError(
                f"privacy mode {self.mode!r} is none of {', '.join(_MODES)}"
            )
        for rule in self.rules:
            if rule.answer not in _STRICT:
                known = ", ".join(_STRICT)
                raise ConfigError(f"privacy answer {rule.answer!r} is none of {known}")

    def answer(self, label: Privacy, destination: str) -> Leave:
        """Say whether text of a label may leave for a destination.

        Args:
            label: the text's privacy.
            destination: a host name; an address is cut down to it.
        """
        # Before the rules: no exception of theirs holds in this mode.
        if self.mode == "offline":
            return "never"
        host, otherwise = host_of(destination), _MODES[self.mode][label]
        for rule in self.rules:
            if rule.label == label and fnmatchcase(host, rule.to.lower()):
                # Nobody knows where such an address leads: a rule for it, be it one
                # for all, may keep back more and lets nothing out.
                is_known = host != UNKNOWN
                return rule.answer if is_known else strictest(rule.answer, otherwise)
        return otherwise

    @classmethod
    def of(cls, egress: Leave | PrivacyPolicy) -> PrivacyPolicy:
        """Make a policy of one answer for personal text."""
        if isinstance(egress, PrivacyPolicy):
            return egress
        return cls(rules=(EgressRule(label="personal", answer=egress),))


def strictest(*answers: Leave) -> Leave:
    """Return the answer that lets least leave."""
    return max(answers, key=_STRICT.index)


def host_of(destination: str) -> str:
    """Return the host of an address such as `https://host:1/v1` or `host`."""
    return address_of(destination).host


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


@dataclass(frozen=True, slots=True)
class _Judged:
    """Whether a text may leave, why, and what it turned out to be."""

    answer: Leave
    reason: str
    label: Privacy


def _none_known() -> Values:
    from agentkit.privacy.personal_values import Values

    return Values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """Lets text leave, or not, by policy.

    Attributes:
        policy: what may leave.
        label: privacy of what the text is made from.
        mask: what replaced personal values by placeholders; None when nothing did.
        known: the user's personal values, and those of this run's results; none of
            them may be left in text that is called public or masked.
        ledger: where departures are recorded; None records nothing.
        ask: asks the user, who sees the exact text; None when nobody is there.
        grant: under which permission text leaves, in words.
        passage: opened by what is released; None where nothing is shut.
    """

    policy: PrivacyPolicy = field(default_factory=PrivacyPolicy)
    label: Privacy = "public"
    mask: Mask | None = field(default=None, repr=False)
    known: Values = field(default_factory=_none_known, repr=False)
    ledger: Ledger | None = None
    ask: Ask | None = None
    grant: str = ""
    passage: Passage | None = field(default=None, repr=False, compare=False)

    def granted(self, grant: str) -> Gate:
        """Return a gate for what the user allowed, such as a send they approved.

        Secrets stay, and in the mode `offline` all does.
        """
        return replace(self, grant=grant)

    def release(self, to: str, content: str | bytes) -> None:
        """Check and record what is about to be sent.

        Args:
            to: address it goes to.
            content: exactly what would be sent.

        Raises:
            EgressDenied: it may not leave, or the ledger is not as it was written.
            StoreError: the ledger cannot be written, so nothing may leave.
        """
        raw = (
            content.encode("utf-8", "replace") if isinstance(content, str) else content
        )
        judged = self._permission(to, raw)
        if self.ledger is not None:
            label, grant = judged.label, judged.reason
            try:
                self.ledger.add(to=to, content=raw, label=label, grant=grant)
            except CorruptStore as exc:
                raise EgressDenied(f"nothing was sent to {host_of(to)}: {exc}") from exc
        # Last: what could not be recorded opens nothing.
        if self.passage is not None:
            self.passage.open()

    def check(self, to: str, content: str) -> None:
        """Check a text without asking or recording: not all that is checked is sent.

        Raises:
            EgressDenied: it may not leave, whatever the user says.
        """
        judged = self._judge(to, content)
        if judged.answer != "allow" and not (judged.answer == "ask" and self.ask):
            raise _kept(to, judged)

    def _permission(self, to: str, raw: bytes) -> _Judged:
        """Return the permission under which it may leave."""
        text = raw.decode("utf-8", "replace")
        judged = self._judge(to, text)
        if judged.answer == "allow":
            return judged
        if judged.answer != "ask" or self.ask is None:
            raise _kept(to, judged)
        # They see exactly what would be sent, not a summary of it.
        departure = Departure(
            to=to, text=text, size=len(raw), label=judged.label, reason=judged.reason
        )
        if not self.ask(departure):
            raise EgressDenied(f"nothing was sent to {host_of(to)}: the user said no")
        return replace(judged, reason="the user allowed it, having seen the text")

    def _judge(self, to: str, text: str) -> _Judged:
        """Say whether a text may leave, and why: for the ledger, or for the user."""
        answer = self.policy.answer(self.label, to)
        if self.policy.mode == "offline":
            return _Judged("never", "the mode is offline", self.label)
        # An approval covers what is personal; secrets stay all the same.
        if self.grant:
            secret = self.label == "secret" and answer != "allow"
            if secret:
                return _Judged("never", _made_from("secret"), self.label)
            return _Judged("allow", self.grant, self.label)
        if answer == "allow" and self.label != "public":
            reason = f"{self.label} text may leave for {host_of(to)}"
            return _Judged("allow", reason, self.label)
        # What is called public is searched all the same: a label may be wrong, the text
        # is what leaves.
        plain = text if self.mask is None else self.mask.without_marks(text)
        value = self.known.find(f"{_asked(to)}{plain}")
        if value:
            # The stricter of what holds for the label and for what was found.
            personal = strictest(answer, self.policy.answer("personal", to))
            return self._judged_left(personal, value.kind, host_of(to))
        masked = self.mask is not None and answer == "placeholders"
        if masked or (answer == "allow" and plain != text):
            reason = "personal values were replaced by placeholders"
            return _Judged("allow", reason, self.label)
        if answer == "allow":
            return _Judged("allow", "it holds nothing personal", self.label)
        return _Judged(answer, _made_from(self.label), self.label)

    def _judged_left(self, answer: Leave, kind: str, host: str) -> _Judged:
        """Judge text that holds a personal value; the reason names only its kind."""
        label: Privacy = "personal" if self.label == "public" else self.label
        if answer == "allow":
            return _Judged(answer, f"personal text may leave for {host}", label)
        return _Judged(answer, f"it holds a personal value ({kind})", label)


def _asked(to: str) -> str:
    """Return the user, path and query of an address, which leave as well."""
    asked = address_of(to).told
    return f"{asked} " if asked else ""


def _made_from(label: Privacy) -> str:
    return f"it is made from {label} text"


def _kept(to: str, judged: _Judged) -> EgressDenied:
    kept = f"nothing was sent to {host_of(to)}: {judged.reason}"
    if judged.answer == "ask":
        return EgressDenied(f"{kept}, and nobody is here to say yes to that")
    return EgressDenied(f"{kept}, and the privacy policy keeps that on this device")
