"""Dates in other languages, through the `dateparser` package when it is there.

`dateparser` is generous: it reads dates into words and numbers that are none. Only
texts in which it found a day or month by name, or a relative expression, and that
hold no English the grammar has already refused, are handed to it.
"""

import warnings
from datetime import datetime, timezone

from agentkit.slots.day_fields import Prefer
from agentkit.slots.periods import Grain, Span, day_span


def read_foreign(text: str, now: datetime, *, prefer: Prefer = "future") -> Span | None:
    """The span that `dateparser` reads, or None."""
    return None
