"""How each rung of the ladder stands to a request, for `agentkit route why`."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit.routing.choosing import Route, choose
from agentkit.routing.facts import Facts
from agentkit.routing.objections import first_objection, leaves


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
