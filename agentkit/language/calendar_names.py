"""Names of months and weekdays: of English, and of all languages together."""

from __future__ import annotations

from functools import cache

from agentkit.language.tokens import fold
from agentkit.language.vocabularies import LANGUAGES, numbered, vocabulary

# From January on and from Monday on.
MONTH_NAMES = tuple(names[0] for names in vocabulary("en").months)
DAY_NAMES = tuple(names[0] for names in vocabulary("en").weekdays)
# Every way to write one in English: months from 1 on, weekdays from 0 on.
MONTHS = dict(numbered(vocabulary("en").months, 1))
WEEKDAYS = dict(numbered(vocabulary("en").weekdays))


@cache
def every_month() -> dict[str, int]:
    """Return the names of months in all languages, folded, and their numbers."""
    rows = [row for code in LANGUAGES for row in numbered(vocabulary(code).months, 1)]
    return {fold(name): month for name, month in rows}
