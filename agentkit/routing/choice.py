"""Which backend serves a step, and what speaks against each: a pure function of facts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from agentkit.routing.facts import Egress, Facts, Rung

Kind = Literal["privacy", "passed", "budget", "unable", "unwanted"]


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a rung is not taken.

    Attributes:
        kind: `unwanted` gives way where nobody else can serve; the others do not.
        text: in words, as part of a sentence.
    """

    kind: Kind
    text: str

    @property
    def hard(self) -> bool:
        """Whether it holds even where nobody else can serve."""
        return self.kind != "unwanted"


def first_objection(rung: Rung, facts: Facts) -> Objection | None:
    """Return the weightiest objection to a rung; None when it may serve."""
    return next(_objections(rung, facts), None)


def leaves(rung: Rung, facts: Facts) -> Egress:
    """Say what the policy says of sending a rung this conversation."""
    if rung.on_device:
        return "allow"
    # A policy's rule for this backend goes before the one for the conversation.
    if rung.leave is not None:
        return rung.leave
    return facts.egress if facts.personal else "allow"


def _objections(rung: Rung, facts: Facts) -> Iterator[Objection]:
    if rung.backend in facts.passed:
        yield Objection("passed", facts.passed[rung.backend])
    # In this order: the first objection is shown, and what may not be comes before what
    # cannot be, what is dear and what is not liked.
    yield from _private(rung, facts)
    yield from _able(rung, facts)
    yield from _affordable(rung, facts)
    yield from _wanted(rung, facts)


def _private(rung: Rung, facts: Facts) -> Iterator[Objection]:
    if rung.on_device:
        return
    if facts.wish == "private":
        yield Objection("privacy", "you asked to keep this private")
    elif facts.kept_images:
        yield Objection(
            "privacy",
            f"{facts.kept_images} of {facts.images} pictures may not leave this device",
        )
    elif leaves(rung, facts) == "never":
        why = "the conversation holds personal data"
        nothing = "the privacy policy lets nothing leave"
        yield Objection("privacy", why if facts.personal else nothing)


def _able(rung: Rung, facts: Facts) -> Iterator[Objection]:
    # A window of 0 is not known, and forbids nothing.
    if rung.window and rung.tokens > rung.window:
        yield Objection(
            "unable",
            f"its window of {rung.window:,} tokens is too small for {rung.tokens:,}",
        )
    if facts.tools and not rung.calls_tools:
        yield Objection("unable", f"it cannot call {facts.tools[0]}")
    if facts.images and not rung.sees_images:
        yield Objection("unable", "it cannot see images")
    if facts.files and not rung.reads_files:
        yield Objection("unable", "it cannot read files")
    higher = _kept_for_higher(rung, facts)
    if higher:
        yield Objection(
            "unable", f"{higher} is left to {facts.policy.at_least[higher]}"
        )


def _kept_for_higher(rung: Rung, facts: Facts) -> str:
    """Return the tool, if any, that only a higher rung may call."""
    names = [one.backend for one in facts.ladder]
    for tool in facts.tools:
        least = facts.policy.at_least.get(tool, "")
        if least in names and names.index(rung.backend) < names.index(least):
            return tool
    return ""


def _affordable(rung: Rung, facts: Facts) -> Iterator[Objection]:
    # Without a price nothing can be held against a budget; the device's own backends
    # are free.
    if rung.cost is None or rung.cost <= 0:
        return
    spent, policy = facts.spent, facts.policy
    if policy.per_run is not None and spent.run + rung.cost > policy.per_run:
        yield Objection(
            "budget",
            f"about {rung.cost:.4f} more would pass the limit of {policy.per_run:g} "
            "for a run",
        )
    if policy.per_day is not None and spent.today + rung.cost > policy.per_day:
        yield Objection(
            "budget",
            f"about {rung.cost:.4f} more would pass the limit of {policy.per_day:g} "
            "for a day",
        )


def _wanted(rung: Rung, facts: Facts) -> Iterator[Objection]:
    doubt, least = facts.doubts.get(rung.backend), facts.policy.act_below
    # "Unwanted", not forbidden: where nobody else may answer, the doubtful answer
    # serves.
    if doubt is not None and least is not None and doubt.p_wrong > least:
        why = f": {doubt.reasons[0]}" if doubt.reasons else ""
        yield Objection(
            "unwanted", f"its answer is wrong with probability {doubt.p_wrong:.2f}{why}"
        )
    if rung.backend in facts.left:
        yield Objection("unwanted", facts.left[rung.backend])
    if rung.down:
        yield Objection("unwanted", rung.down)
    if not facts.online and not rung.on_device:
        yield Objection("unwanted", "this device seems to be offline")
    patience = facts.policy.patience
    if patience is not None and rung.seconds is not None and rung.seconds > patience:
        yield Objection(
            "unwanted", f"its first word would take about {rung.seconds:.0f} s"
        )


@dataclass(frozen=True, slots=True)
class Route:
    """Which backend serves, and why, in words."""

    backend: str
    reason: str


NO_ROUTE = Route("", "")


@dataclass(frozen=True, slots=True)
class Unserved:
    """No backend may or can serve: by name, and in words."""

    reason: Literal["abstained", "privacy", "budget"]
    text: str


def choose(facts: Facts) -> Route | Unserved:
    """Choose the rung that serves the next step.

    The ladder is tried from its first rung on, or from its last where the user asked
    for the big model. A rung without any objection serves. Where there is none, the
    first one serves that nothing forbids, such as a slow one, or one that is unsure
    when no other may be asked.

    Args:
        facts: all that is looked at; nothing else has a part in it.
    """
    # The last rung is the most able one by the ladder's own order.
    rungs = facts.ladder[::-1] if facts.wish == "big" else facts.ladder
    against: dict[str, Objection] = {}
    for rung in rungs:
        objection = first_objection(rung, facts)
        if objection is None:
            return Route(rung.backend, _reason(rung, facts, against))
        against[rung.backend] = objection
    # A slow or unsure answer is better than none; one that privacy or budget forbids is
    # not.
    for rung in rungs:
        if not against[rung.backend].hard:
            return Route(rung.backend, _nobody_else(rung, against))
    return _unserved(facts, against)


def _reason(rung: Rung, facts: Facts, against: dict[str, Objection]) -> str:
    if facts.wish == "big" and not against and len(facts.ladder) > 1:
        return "you asked for the big model"
    if facts.wish == "private" and any(not one.on_device for one in facts.ladder):
        # That a rung was left out for privacy is what the user asked for, and is not
        # said again.
        kept = {name: one for name, one in against.items() if one.kind != "privacy"}
        rest = f" ({_told(kept)})" if kept else ""
        return f"you asked to keep this private{rest}"
    if against:
        return f"next on the ladder ({_told(against)})"
    only = len(facts.ladder) == 1
    return rung.reason or ("the only backend" if only else "first on the ladder")


def _nobody_else(rung: Rung, against: dict[str, Objection]) -> str:
    others = {name: one for name, one in against.items() if name != rung.backend}
    why = against[rung.backend].text
    if not others:
        return f"the only backend, though {why}"
    return f"nobody else can serve, though {why} ({_told(others)})"


def _unserved(facts: Facts, against: dict[str, Objection]) -> Unserved:
    by_kind = {one.kind: (name, one) for name, one in against.items()}
    # Told first: it is the user's to change, and not a fault.
    if "privacy" in by_kind:
        name, objection = by_kind["privacy"]
        return Unserved(
            "privacy",
            f"Nothing was sent: {objection.text} and {name!r} "
            f"is not on this device. {_way_out(facts)}",
        )
    if "budget" in by_kind:
        name, objection = by_kind["budget"]
        return Unserved("budget", f"Nothing was sent to {name!r}: {objection.text}.")
    told = _told(against) or "there is no backend"
    if facts.images or facts.files:
        return Unserved("abstained", f"No model is here that looks at it ({told}).")
    return Unserved("abstained", f"I am not sure what to do with this. ({told})")


def _way_out(facts: Facts) -> str:
    if facts.wish == "private":
        return "Start a new conversation to ask it."
    if facts.kept_images:
        return "Image.read(path, granted=True) allows it, and so does --allow-egress."
    return "Allow egress to send it."


def _told(against: dict[str, Objection]) -> str:
    return "; ".join(f"{name}: {one.text}" for name, one in against.items())


@dataclass(frozen=True, slots=True)
class Standing:
    """How one rung stands.

    Attributes:
        backend: its name.
        serves: whether it is the one that serves.
        text: why, or why not, in words.
        leaves: what the policy says of text leaving for it; empty on the device.
    """

    backend: str
    serves: bool
    text: str
    leaves: str = ""


def explain(facts: Facts) -> tuple[Standing, ...]:
    """Say of every rung why it serves, does not, or would be next."""
    found = choose(facts)
    chosen = found if isinstance(found, Route) else Route("", "")
    standings: list[Standing] = []
    for rung in facts.ladder:
        objection = first_objection(rung, facts)
        text = objection.text if objection else "would serve if those before it pass"
        serves = rung.backend == chosen.backend
        out = "" if rung.on_device else leaves(rung, facts)
        standings.append(
            Standing(rung.backend, serves, chosen.reason if serves else text, out)
        )
    return tuple(standings)
