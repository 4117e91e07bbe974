"""English names of months and weekdays."""

from __future__ import annotations

from agentkit.language.vocabularies import numbered, vocabulary

# From January on and from Monday on.
MONTH_NAMES = tuple(names[0] for names in vocabulary("en").months)
DAY_NAMES = tuple(names[0] for names in vocabulary("en").weekdays)
# Every way to write one in English: months from 1 on, weekdays from 0 on.
MONTHS = dict(numbered(vocabulary("en").months, 1))
WEEKDAYS = dict(numbered(vocabulary("en").weekdays))
