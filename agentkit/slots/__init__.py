"""Slot types: annotations that turn the user's words into values."""

from typing import TYPE_CHECKING

from agentkit.installation.face import face

if TYPE_CHECKING:
    from agentkit.slots.amount import Amount as Amount
    from agentkit.slots.arithmetic import WrittenSum as WrittenSum
    from agentkit.slots.arithmetic import find_sum as find_sum
    from agentkit.slots.arithmetic import say_number as say_number
    from agentkit.slots.contact import Contact as Contact
    from agentkit.slots.contact import Matches as Matches
    from agentkit.slots.contact import known_people as known_people
    from agentkit.slots.contact import match_contact as match_contact
    from agentkit.slots.contact import resolve_contact as resolve_contact
    from agentkit.slots.duration import Duration as Duration
    from agentkit.slots.duration import FoundDuration as FoundDuration
    from agentkit.slots.duration import find_duration as find_duration
    from agentkit.slots.duration import resolve_duration as resolve_duration
    from agentkit.slots.foreign import find_dates as find_dates
    from agentkit.slots.foreign import words_of_time as words_of_time
    from agentkit.slots.recurrence import Recurrence as Recurrence
    from agentkit.slots.recurrence import (
        find_foreign_recurrence as find_foreign_recurrence,
    )
    from agentkit.slots.recurrence import find_recurrence as find_recurrence
    from agentkit.slots.recurrence import resolve_recurrence as resolve_recurrence
    from agentkit.slots.units import find_units as find_units
    from agentkit.slots.units import unit_of as unit_of
    from agentkit.slots.when import FoundWhen as FoundWhen
    from agentkit.slots.when import When as When
    from agentkit.slots.when import find_when as find_when
    from agentkit.slots.when import resolve_when as resolve_when
    from agentkit.slots.when import says_half as says_half

if not TYPE_CHECKING:
    __all__, __getattr__, __dir__ = face(
        __name__,
        {
            "amount": ("Amount",),
            "arithmetic": (
                "WrittenSum",
                "find_sum",
                "say_number",
            ),
            "contact": (
                "Contact",
                "Matches",
                "known_people",
                "match_contact",
                "resolve_contact",
            ),
            "duration": (
                "Duration",
                "FoundDuration",
                "find_duration",
                "resolve_duration",
            ),
            "foreign": ("find_dates", "words_of_time"),
            "recurrence": (
                "find_foreign_recurrence",
                "Recurrence",
                "find_recurrence",
                "resolve_recurrence",
            ),
            "units": ("find_units", "unit_of"),
            "when": (
                "FoundWhen",
                "When",
                "find_when",
                "resolve_when",
                "says_half",
            ),
        },
    )
