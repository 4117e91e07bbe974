"""Which backend serves a step, and why: a pure function from facts to a route."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Egress = Literal["never", "ask", "placeholders", "allow"]


@dataclass(frozen=True, slots=True)
class Rung:
    """One backend of the ladder, from the cheapest to the most able.

    Attributes:
        backend: its name.
        on_device: whether nothing leaves the device when it answers.
        reason: why it is on the ladder, in words.
        leave: what the policy says of sending it this conversation; None asks
            `Facts.egress`.
    """

    backend: str
    on_device: bool
    reason: str = ""
    leave: Egress | None = None


@dataclass(frozen=True, slots=True)
class Facts:
    """All that the router looks at.

    Attributes:
        ladder: the backends, in the order to try.
        passed: backends that left this step to another one, and why.
        personal: the conversation holds personal or secret text.
        egress: what the policy says of such text leaving the device.
    """

    ladder: tuple[Rung, ...]
    passed: Mapping[str, str] = field(default_factory=dict[str, str])
    personal: bool = False
    egress: Egress = "never"


@dataclass(frozen=True, slots=True)
class Route:
    """Which backend serves, and why, in words."""

    backend: str
    reason: str


NO_ROUTE = Route("", "")


@dataclass(frozen=True, slots=True)
class Unserved:
    """No backend may or can serve: by name, and in words."""

    reason: Literal["abstained", "privacy"]
    text: str


def choose(facts: Facts) -> Route | Unserved:
    """Choose the first rung that has not passed and may see the conversation."""
    kept_back = ""
    for rung in facts.ladder:
        if rung.backend in facts.passed:
            continue
        if rung.on_device or _leaves(rung, facts) != "never":
            return Route(rung.backend, _reason(rung, facts))
        kept_back = rung.backend
    if kept_back:
        return Unserved(
            "privacy",
            f"Nothing was sent: the conversation holds personal data and {kept_back!r} "
            "is not on this device. Allow egress to send it.",
        )
    told = _passed(facts) or "there is no backend"
    return Unserved("abstained", f"I am not sure what to do with this. ({told})")


def _leaves(rung: Rung, facts: Facts) -> Egress:
    if rung.leave is not None:
        return rung.leave
    return facts.egress if facts.personal else "allow"


def _reason(rung: Rung, facts: Facts) -> str:
    if facts.passed:
        return f"next on the ladder ({_passed(facts)})"
    only = len(facts.ladder) == 1
    return rung.reason or ("the only backend" if only else "first on the ladder")


def _passed(facts: Facts) -> str:
    return "; ".join(f"{name}: {why}" for name, why in facts.passed.items())
