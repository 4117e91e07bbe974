"""Routing: facts -> the backend that serves a step, and why. Pure, and fast."""

from agentkit.routing.choice import NO_ROUTE, Route, Standing, Unserved, choose, explain
from agentkit.routing.facts import Doubt, Egress, Facts, RoutePolicy, Rung, Spent, Wish
from agentkit.routing.wishes import read_wish, wish_of

__all__ = [
    "NO_ROUTE",
    "Doubt",
    "Egress",
    "Facts",
    "Route",
    "RoutePolicy",
    "Rung",
    "Spent",
    "Standing",
    "Unserved",
    "Wish",
    "choose",
    "explain",
    "read_wish",
    "wish_of",
]
