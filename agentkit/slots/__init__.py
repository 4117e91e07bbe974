"""Slot types: annotations that turn the user's words into values."""

from agentkit.slots.amount import Amount
from agentkit.slots.contact import Contact, Matches, match_contact, resolve_contact
from agentkit.slots.duration import (
    Duration,
    FoundDuration,
    find_duration,
    resolve_duration,
)
from agentkit.slots.recurrence import Recurrence, find_recurrence, resolve_recurrence
from agentkit.slots.when import FoundWhen, When, find_when, resolve_when

__all__ = [
    "Amount",
    "Contact",
    "Duration",
    "FoundDuration",
    "FoundWhen",
    "Matches",
    "Recurrence",
    "When",
    "find_duration",
    "find_recurrence",
    "find_when",
    "match_contact",
    "resolve_contact",
    "resolve_duration",
    "resolve_recurrence",
    "resolve_when",
]
