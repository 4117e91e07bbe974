"""The rules for a period of days or longer, tried together; the longest wins."""

from agentkit.slots.date_words import fields_at
from agentkit.slots.day_fields import resolve_fields
from agentkit.slots.eras import era_at
from agentkit.slots.framed_words import framed_at
from agentkit.slots.holiday_words import holiday_at
from agentkit.slots.inner_words import inner_at
from agentkit.slots.near_days import near_days_at
from agentkit.slots.numbered_units import numbered_units_at
from agentkit.slots.reading import Hit, Reading, longest
from agentkit.slots.relative_words import relative_at
from agentkit.slots.unit_words import units_at


def spoken_period_at(reading: Reading, index: int) -> Hit | None:
    """A period told in words other than a plain date."""
    if index not in reading.memo:
        # Rules that ask for this very place again find nothing there.
        reading.memo[index] = None
        rules = (
            relative_at,
            near_days_at,
            units_at,
            numbered_units_at,
            inner_at,
            framed_at,
            era_at,
            holiday_at,
        )
        try:
            hit = longest(rules, reading, index, period_at)
        except ValueError:
            # Beyond the year 9999, or no such day: no period at all.
            hit = None
        reading.memo[index] = hit
    return reading.memo[index]


def period_at(reading: Reading, index: int) -> Hit | None:
    """Any period or moment that starts here: a spoken one or a written date."""
    spoken = spoken_period_at(reading, index)
    written = fields_at(reading.tokens, index, reading.now)
    if written is None or (spoken and spoken[1] >= written[1]):
        return spoken
    span = resolve_fields(written[0], reading.now, prefer=reading.prefer)
    return (span, written[1]) if span else spoken
