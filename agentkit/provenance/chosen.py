"""What text of somebody else chose in a call, so that a no holds for its like."""

from __future__ import annotations

from dataclasses import dataclass

from agentkit.provenance.judging import Verdict


@dataclass(frozen=True, slots=True)
class Chosen:
    """The deciding values of a call that others chose.

    Attributes:
        places: receivers and pages; one of them is enough to know it again.
        values: all of them.
    """

    places: frozenset[str]
    values: frozenset[str]

    @classmethod
    def of(cls, verdict: Verdict) -> Chosen:
        """Take what others chose from a verdict; empty when the user did."""
        if verdict.finding != "follows":
            return cls(frozenset(), frozenset())
        theirs = [t for t in verdict.traces if t.ground == "text" and t.role.decides]
        places = (t.value for t in theirs if t.role.kind in ("recipient", "url"))
        return cls(frozenset(places), frozenset(t.value for t in theirs))

    def covers(self, other: Chosen) -> bool:
        """Tell whether a no to this is a no to another."""
        same = bool(self.values) and self.values <= other.values
        return same or bool(self.places & other.places)
